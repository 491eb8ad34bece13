"""How faithfully HEAR writes down what is said: the ladder of our settings beside the peers.

    python benchmarks/hear_cer.py CALLS [--audio AUDIO]

CALLS: a folder with labels.jsonl (calls). AUDIO: a folder of sets, each with manifest.jsonl
whose lines have `file` and `transcript` (read speech). Prints one JSON line: for each engine
the micro character error rate, substitutions, insertions and deletions over the calls, the
rate by codec and by mono or stereo, and the rate of each read set. The peers read the same
weights; `pip install faster-whisper==1.2.1`.
"""

import argparse
import json
import multiprocessing
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SETS = ("zh_aishell1", "zh_aishell3", "zh_misc")
AT_ONCE = 8  # calls that our worker takes together
ENGINES: dict[str, dict[str, Any]] = {
    "faster-whisper, sequential with VAD": {"peer": "sequential"},
    "faster-whisper, batched": {"peer": "batched"},
    "lingsu on CTranslate2, 28 s, beam 5": {
        "recognizer": "ctranslate2",
        "window_s": 28.0,
        "beam_size": 5,
        "batch_size": 8,
    },
    "lingsu, no language model": {"language_weight": 0.0},
    "lingsu": {},
}


@dataclass(frozen=True)
class Spoken:
    """A recording, what was said in it, and the groups it counts in."""

    path: str
    reference: str
    groups: tuple[str, ...]


def written(engine: str, recordings: Sequence[Spoken]) -> list[str]:
    """What an engine makes of the recordings."""
    settings = dict(ENGINES[engine])
    peer = settings.pop("peer", None)
    paths = [one.path for one in recordings]
    return _peer(paths, batched=peer == "batched") if peer else _ours(paths, settings)


def _ours(paths: Sequence[str], settings: dict[str, Any]) -> list[str]:
    from pipeline.config import load_config
    from pipeline.records import Call, Recording
    from pipeline.worker import Spec, Task, Worker

    worker = Worker(Spec(load_config(hear=settings, run={"workers": os.cpu_count()})))
    found: dict[str, str] = {}
    for first in range(0, len(paths), AT_ONCE):
        some = paths[first : first + AT_ONCE]
        for result in worker.several([Task(Call(Recording(path, path))) for path in some]):
            turns = result.call.turns
            found[result.call.recording.path] = "".join(turn.heard for turn in turns)
    return [found[path] for path in paths]


def _peer(paths: Sequence[str], *, batched: bool) -> list[str]:
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    from models.catalog import locate

    model: Any = WhisperModel(str(locate("base")), compute_type="int8", cpu_threads=1)
    options: dict[str, Any] = {"language": "zh", "beam_size": 5, "vad_filter": True}
    if batched:
        model, options = BatchedInferencePipeline(model), options | {"batch_size": 8}
    return ["".join(s.text for s in model.transcribe(path, **options)[0]) for path in paths]


def _calls(folder: Path) -> Iterator[Spoken]:
    for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        sides = "stereo" if label["audio"]["channels"] == 2 else "mono"
        groups = ("calls", f"calls {label['audio']['format']}", f"calls {sides}")
        said = "".join(turn["text"] for turn in label["turns"])
        yield Spoken(str(folder / label["file"]), said, groups)


def _read(folder: Path) -> Iterator[Spoken]:
    for name in SETS:
        for line in (folder / name / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            if entry.get("transcript") and not entry["file"].endswith(".pcm"):
                path = str(folder / name / entry["file"])
                yield Spoken(path, entry["transcript"], (name,))


def _measure(job: tuple[str, list[Spoken]]) -> tuple[str, dict[str, Any]]:
    """One engine over all recordings: error rate of each group, and the kinds for calls."""
    from rapidfuzz.distance import Levenshtein

    from pipeline.training.textscore import for_cer

    engine, recordings = job
    wrong: dict[str, Counter[str]] = defaultdict(Counter)
    total: Counter[str] = Counter()
    for one, text in zip(recordings, written(engine, recordings), strict=True):
        said = for_cer(one.reference)
        kinds = Counter(step.tag for step in Levenshtein.editops(said, for_cer(text)))
        for group in one.groups:
            wrong[group] += kinds
            total[group] += len(said)
    rates: dict[str, Any] = {g: round(wrong[g].total() / total[g], 4) for g in total}
    return engine, rates | {"kinds of the calls": dict(wrong["calls"])}


def main() -> None:
    """Measure the engines, one a process, and print the line."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("calls", type=Path)
    options.add_argument("--audio", type=Path)
    options.add_argument("--engines", nargs="+", default=list(ENGINES), choices=list(ENGINES))
    asked = options.parse_args()
    recordings = [*_calls(asked.calls), *(_read(asked.audio) if asked.audio else ())]
    os.environ["OMP_NUM_THREADS"] = "1"
    context = multiprocessing.get_context("spawn")
    with context.Pool(os.cpu_count(), maxtasksperchild=1) as pool:
        jobs = [(engine, recordings) for engine in asked.engines]
        report = dict(pool.imap_unordered(_measure, jobs, chunksize=1))
    ordered = {engine: report[engine] for engine in asked.engines}
    print(json.dumps({"benchmark": "hear_cer", "engines": ordered}, ensure_ascii=False))


if __name__ == "__main__":
    main()
