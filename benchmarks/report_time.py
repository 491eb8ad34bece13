"""How long `lingsu report` takes for a shift, with seven earlier ones to compare it with.

    python benchmarks/report_time.py --calls 1000 --db /tmp/many.db --out /tmp/report

Prints one JSON line. The calls are the labelled samples, judged once and stored many times
under other hashes, times and agents through the store's own API; one in fifty failed and one
in fifty is silent. Clips are off: cutting them depends on the recordings. --db keeps the made
store for the next time.
"""

import argparse
import hashlib
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipeline.config import load_config
from pipeline.domain.profile import load_profile
from pipeline.errors import AudioUnreadable
from pipeline.plan import JUDGE
from pipeline.records import Call, CallResult, Failure, Metadata, Recording
from pipeline.shiftreport.period import period
from pipeline.shiftreport.write import write_report
from pipeline.stage import process
from pipeline.stages.normalize import normalize
from pipeline.store.store import Store
from pipeline.tools import Tools
from pipeline.training.reference import reference_calls

LABELS = Path(__file__).resolve().parent.parent / "audio_samples" / "labels.jsonl"
SHIFT, FIRST, HOURS = "行政班", datetime(2026, 7, 6, 8), 9.5
SHIFTS = 8
AGENTS = 19  # on a shift, as the seeds tell of 贵港


def judged() -> list[CallResult]:
    """The labelled samples with all that judging finds."""
    tools = Tools(load_config(), load_profile())
    return [process(call, (normalize, *JUDGE), tools) for call in reference_calls(LABELS)]


def made(samples: list[CallResult], calls: int, chance: random.Random) -> Iterator[CallResult]:
    """Calls for all shifts, at random times."""
    for day in range(SHIFTS):
        for n in range(calls):
            sample = samples[n % len(samples)]
            started = FIRST + timedelta(days=day, seconds=chance.randrange(int(HOURS * 3600)))
            name = f"{day}-{n}"
            said = Metadata(
                call_id=name,
                started_at=started.isoformat(),
                agent_id=f"10{chance.randrange(AGENTS):02d}",
                caller_number=f"139{chance.randrange(10**8):08d}",
                direction="in",
                region="贵港市",
                shift=SHIFT,
            )
            sha = hashlib.sha256(name.encode()).hexdigest()
            recording = replace(
                sample.call.recording, sha256=sha, path=f"/audio/{name}.wav", metadata=said
            )
            yield result(sample, recording, n)


def result(sample: CallResult, recording: Recording, n: int) -> CallResult:
    """The sample's result for another recording; now and then a failed or silent one."""
    call = replace(sample.call, recording=recording)
    if n % 50 == 7:
        failure = Failure("load", AudioUnreadable.code, recording.name)
        return CallResult(Call(recording), "failed", failure, "hear", "judge")
    if n % 50 == 8:
        call = replace(Call(recording), no_speech="silence")
        return CallResult(call, "no_speech", None, "hear", "judge")
    return CallResult(call, "ok", None, "hear", "judge")


def fill(path: Path, calls: int) -> None:
    """Store all of them."""
    with Store.open(path) as store:
        store.db.execute("PRAGMA synchronous = OFF")  # a benchmark's store may be lost
        results = list(made(judged(), calls, random.Random(0)))
        store.remember((one.call.recording, ()) for one in results)
        for one in results:
            store.save(one, heard=one.status != "failed")


def main() -> None:
    """Fill a store, write a report, print the line."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--calls", type=int, default=1000, help="a shift")
    options.add_argument("--db", type=Path)
    options.add_argument("--out", type=Path)
    options.add_argument("--repeat", type=int, default=3)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        db = asked.db or Path(folder) / "many.db"
        if not db.exists():
            fill(db, asked.calls)
        out = asked.out or Path(folder) / "report"
        day = (FIRST + timedelta(days=SHIFTS - 1)).date().isoformat()
        times, work = [], []
        for _ in range(asked.repeat):
            begun, busy = time.perf_counter(), time.process_time()
            with Store.open(db, readonly=True) as store:
                about = period(store, load_profile(), f"{day}-{SHIFT}", None, None)
                told = write_report(store, about, out, with_clips=False)
            times.append(time.perf_counter() - begun)
            work.append(time.process_time() - busy)
    peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    line = {"benchmark": "report_time", "calls": told.calls, "shifts": SHIFTS}
    spent = {"seconds": round(min(times), 2), "cpu_s": round(min(work), 2)}
    print(json.dumps({**line, **spent, "peak_mb": peak}))


if __name__ == "__main__":
    main()
