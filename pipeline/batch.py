"""The driver of a run: asks the store what is new, has it heard and judged, keeps the answers.

Only the driver writes. Whatever ends it (kill -9, Ctrl-C, a full disk), what was stored stays
and the next run goes on from there; two runs at once share the work through claims.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import groupby

from pipeline import executors, provenance, summary
from pipeline.domain.profile import load_profile
from pipeline.errors import LingsuError, StoreUnusable, WorkerDied
from pipeline.ingest import Item, Skipped
from pipeline.pbx import Defect
from pipeline.records import Call, CallResult, Failure, Recording
from pipeline.shifts import Selection
from pipeline.store import figures, queries
from pipeline.store.queries import Standing
from pipeline.store.store import Store
from pipeline.summary import Progress, Summary
from pipeline.worker import Spec, Task

Report = Callable[[Progress], None]
SLACK_S = 900.0  # beyond two tries at a call: loading models, a slow start


def run_batch(
    store: Store,
    items: Sequence[Item],
    spec: Spec,
    *,
    retry: bool = False,
    report: Report = lambda progress: None,
    skipped: Sequence[Skipped] = (),
    defects: Sequence[Defect] = (),
) -> Summary:
    """Process the recordings that the store has no result of under today's keys.

    retry: also those whose failure will not go away by itself, and those erased on request.
    skipped, defects: what ingest left out; only passed on to the summary.
    Raises ModelMissing, ProfileInvalid before anything is done; StoreUnusable when a result
    cannot be kept, with all before it stored.
    """
    profile = load_profile(spec.profile)
    hear_key = provenance.hear_key(spec.config, profile)
    judge_key = provenance.judge_key(spec.config, profile)
    gone = set() if retry else queries.forgotten(store, [i.recording.sha256 for i in items])
    here = [item for item in items if item.recording.sha256 not in gone]
    remembered = store.remember((item.recording, item.names) for item in here)
    recordings = {recording.sha256: recording for recording in remembered}
    shas = list(recordings)
    stands = queries.standing(store, shas, hear_key, judge_key)
    jobs = [
        _Job(recording, hear_key, stands[sha].heard)
        for sha, recording in recordings.items()
        if _is_work(stands[sha], retry)
    ]
    known = set(shas) - {job.recording.sha256 for job in jobs}
    store.choose(known, hear_key, judge_key)
    drive = _Drive(store, spec, judge_key, report, retry)
    drive.run(jobs, hear_key)
    told = drive.summary(shas, len(known))
    return replace(told, forgotten=len(gone), skipped=tuple(skipped), defects=tuple(defects))


def judge_again(
    store: Store,
    spec: Spec,
    *,
    selection: Selection = queries.ALL,
    retry: bool = False,
    report: Report = lambda progress: None,
) -> Summary:
    """Judge the newest transcript of each chosen recording under today's profile.

    Nothing is heard: neither the recordings nor the recognizer's weights have to be here.
    """
    profile = load_profile(spec.profile)
    judge_key = provenance.judge_key(spec.config, profile)
    heard = queries.transcripts(store, selection, profile.places)
    heard.sort(key=lambda pair: pair[1])
    jobs, known = [], 0
    for hear_key, pairs in groupby(heard, key=lambda pair: pair[1]):
        shas = [sha for sha, _ in pairs]
        stands = queries.standing(store, shas, hear_key, judge_key)
        work = [sha for sha in shas if _is_work(stands[sha], retry)]
        store.choose(set(shas) - set(work), hear_key, judge_key)
        known += len(shas) - len(work)
        jobs += [_Job(Recording(sha, ""), hear_key, True) for sha in work]
    drive = _Drive(store, spec, judge_key, report, retry)
    drive.run(jobs, "judge")
    return drive.summary([sha for sha, _ in heard], known)


def _is_work(stand: Standing, retry: bool) -> bool:
    if stand.forgotten:  # erased while we were on our way to it
        return False
    if stand.status is None:
        return True
    return stand.status == "failed" and (stand.retryable or retry)


@dataclass(frozen=True, slots=True)
class _Job:
    recording: Recording
    hear_key: str
    heard: bool


@dataclass
class _Drive:
    """One run from its first claim to its last row."""

    store: Store
    spec: Spec
    judge_key: str
    report: Report
    retry: bool
    begun: float = field(default_factory=time.monotonic)
    out: dict[str, tuple[_Job, Call]] = field(default_factory=dict)  # handed out, unanswered
    total: int = 0
    new: int = 0
    judged: int = 0
    failed: int = 0
    overtaken: int = 0  # another run was faster
    elsewhere: int = 0
    seconds: float = 0.0
    interrupted: bool = False

    def run(self, jobs: Sequence[_Job], hear_key: str) -> None:
        """Do the jobs and note the run; nothing to do leaves no row."""
        if not jobs:
            return
        self.total = len(jobs)
        number = self.store.begin_run(hear_key, self.judge_key, len(jobs))
        ended = "interrupted"
        self._tell()
        try:
            with _interruptible() as stopped:
                self._work(jobs, number, stopped)
            self.interrupted = stopped()
            ended = "interrupted" if self.interrupted else "done"
        except LingsuError as error:
            ended = error.code
            raise
        finally:
            with suppress(StoreUnusable):  # the cause of the end is already on its way up
                self.store.end_run(number, ended, self.new, self.failed)

    def summary(self, shas: Sequence[str], known: int) -> Summary:
        """What came of the run, over all recordings that were selected."""
        counted = figures.tally(self.store, shas)
        return Summary(
            calls=len(shas),
            seconds=queries.seconds(self.store, shas),
            known=known + self.overtaken,
            new=self.new,
            judged=self.judged,
            failed=self.failed,
            elsewhere=self.elsewhere,
            forgotten=0,
            interrupted=self.interrupted,
            elapsed=time.monotonic() - self.begun,
            done_seconds=self.seconds,
            statuses=counted["status"],
            outcomes=counted["outcome"],
            abuse=counted["abuse"],
            review=counted["review"]["1"],
            failures=summary.problems(self.store, shas),
        )

    def _work(self, jobs: Sequence[_Job], run: int, stopped: Callable[[], bool]) -> None:
        wanted = min(self.spec.workers, len(jobs))  # a single call gets all the cores
        settings = self.spec.config.run.model_copy(update={"workers": wanted})
        config = self.spec.config.model_copy(update={"run": settings})
        work = executors.executor(settings)
        tasks = self._tasks(jobs, run, stopped)
        for result in work(tasks, replace(self.spec, config=config), stopped):
            self._keep(result, run)
        if stopped():
            return
        for _, call in list(self.out.values()):
            message = "处理进程两次异常退出"
            failure = Failure("worker", WorkerDied.code, message, WorkerDied.retryable)
            self._keep(CallResult(call, "failed", failure), run)

    def _tasks(
        self, jobs: Sequence[_Job], run: int, stopped: Callable[[], bool]
    ) -> Iterator[Task]:
        """Claim one job after another, as the executor asks for them."""
        for job in jobs:
            if stopped():
                return
            sha = job.recording.sha256
            patience = 2 * self.spec.limit(Task(Call(job.recording))) + SLACK_S
            if not self.store.claim(sha, run, limit_s=patience):
                self._pass_over("elsewhere")
                continue
            stand = queries.standing(self.store, [sha], job.hear_key, self.judge_key)[sha]
            if not _is_work(stand, self.retry):
                self._pass_over("overtaken")
                continue
            if stand.heard:
                task = Task(queries.heard_call(self.store, sha, job.hear_key), heard=True)
            else:
                task = Task(Call(job.recording))
            self.out[sha] = (replace(job, heard=stand.heard), task.call)
            yield task

    def _pass_over(self, why: str) -> None:
        setattr(self, why, getattr(self, why) + 1)
        self.total -= 1

    def _keep(self, result: CallResult, run: int) -> None:
        job, _ = self.out[result.call.recording.sha256]
        result = replace(
            result,
            hear_key=job.hear_key,
            judge_key=self.judge_key,
            made_with=provenance.made_with(),
        )
        heard = job.heard or self.spec.was_heard(result)
        self.store.save(result, heard=heard, run=run)
        del self.out[result.call.recording.sha256]
        self.new += 1
        self.judged += job.heard
        self.failed += result.status == "failed"
        self.seconds += result.call.recording.seconds
        self._tell()

    def _tell(self) -> None:
        elapsed = time.monotonic() - self.begun
        self.report(Progress(self.new, self.total, self.seconds, self.failed, elapsed))


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Ctrl-C or SIGTERM asks the run to stop; a second one stops it at once."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set  # only the main thread may listen to signals
        return

    def ask(*_: object) -> None:
        asked.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = {one: signal.signal(one, ask) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked.is_set
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
