"""How fast and how faithfully HEAR works beside its peers, on the same weights in one run.

    python benchmarks/hear_speed.py CALLS [--labels labels.jsonl] [--minutes 30] [--rounds 3]

Prints one JSON line: seconds of audio per second of work (median over rounds, engines in
turn), character error rate where labels are given, and what the machine was. The peers are
faster-whisper (`pip install faster-whisper==1.2.1`), batched and sequential, each as one
process with two threads and as two processes with one, and openai-whisper on fewer calls,
because it is slow. Loading models is not counted for anyone.
"""

import argparse
import json
import multiprocessing
import os
import platform
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ENDINGS = {".wav", ".mp3", ".m4a", ".ogg", ".flac", ".amr"}
Hear = Callable[[list[str]], list[tuple[str, float]]]  # paths -> text, seconds of audio of each
_hear: Hear


def lingsu(threads: int) -> Hear:
    """Our whole way under the default configuration: decoding, HEAR and JUDGE."""
    from pipeline.config import load_config
    from pipeline.records import Call, Recording
    from pipeline.worker import Spec, Task, Worker

    worker = Worker(Spec(load_config(run={"workers": os.cpu_count()})))

    def hear(paths: list[str]) -> list[tuple[str, float]]:
        tasks = [Task(Call(Recording(f"{i}", path))) for i, path in enumerate(paths)]
        found = {}
        for result in worker.several(tasks):
            text = "".join(turn.heard for turn in result.call.turns)
            found[result.call.recording.sha256] = text, result.call.recording.seconds
        return [found[f"{i}"] for i in range(len(paths))]

    return hear


def faster_whisper(threads: int, *, batched: bool) -> Hear:
    """faster-whisper in its best documented configuration for a CPU: int8, beam 5, VAD."""
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    from models.catalog import locate

    model: Any = WhisperModel(str(locate("base")), compute_type="int8", cpu_threads=threads)
    options: dict[str, Any] = {"language": "zh", "beam_size": 5, "vad_filter": True}
    if batched:
        model, options = BatchedInferencePipeline(model), options | {"batch_size": 8}

    def hear(paths: list[str]) -> list[tuple[str, float]]:
        found = []
        for path in paths:
            segments, info = model.transcribe(path, **options)
            found.append(("".join(segment.text for segment in segments), info.duration))
        return found

    return hear


def openai_whisper(threads: int) -> Hear:
    """openai-whisper's transcribe() at beam 5, from the same weights."""
    import whisper

    from models.catalog import locate
    from models.whisper_openai import OpenaiTranscriber
    from pipeline.audio import decode

    model = OpenaiTranscriber(locate("base"), threads=threads)._model

    def hear(paths: list[str]) -> list[tuple[str, float]]:
        found = []
        for path in paths:
            samples = decode(path, max_hours=6).astype("float32").mean(axis=0) / 32768
            answer = whisper.transcribe(model, samples, language="zh", beam_size=5, fp16=False)
            found.append((answer["text"], len(samples) / 16_000))
        return found

    return hear


ENGINES: dict[str, tuple[Callable[..., Hear], dict[str, Any], int, int]] = {
    # name: factory, its options, processes, threads in each
    "lingsu": (lingsu, {}, 2, 1),
    "faster-whisper batched 1x2": (faster_whisper, {"batched": True}, 1, 2),
    "faster-whisper batched 2x1": (faster_whisper, {"batched": True}, 2, 1),
    "faster-whisper sequential 1x2": (faster_whisper, {"batched": False}, 1, 2),
    "faster-whisper sequential 2x1": (faster_whisper, {"batched": False}, 2, 1),
    "openai-whisper 1x2": (openai_whisper, {}, 1, 2),
}
SLOW = ("openai-whisper 1x2",)
SOME = 6  # calls for those; and together for a worker of ours, an even share of 24


def _load(
    factory: Callable[..., Hear], options: dict[str, Any], threads: int, warm: str
) -> None:
    global _hear
    os.environ["OMP_NUM_THREADS"] = str(threads)
    _hear = factory(threads, **options)
    _hear([warm])


def _work(paths: list[str]) -> tuple[list[tuple[str, float]], int]:
    return _hear(paths), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def measure(name: str, paths: list[str]) -> tuple[float, dict[str, str], float]:
    """One round of one engine: times real time, text a call, peak MB over its processes."""
    factory, options, processes, threads = ENGINES[name]
    os.environ["OMP_NUM_THREADS"] = str(threads)  # read by the libraries when they are loaded
    context = multiprocessing.get_context("spawn")
    warm = min(paths, key=os.path.getsize)
    shares = [paths[i : i + SOME] for i in range(0, len(paths), SOME)]
    if name != "lingsu":
        shares = [[path] for path in paths]
    with context.Pool(processes, _load, (factory, options, threads, warm)) as pool:
        pool.map(_work, [[warm]] * processes, chunksize=1)  # every process has loaded
        begun = time.perf_counter()
        done = list(pool.imap(_work, shares, chunksize=1))
        elapsed = time.perf_counter() - begun
    heard = [one for answers, _ in done for one in answers]
    texts = dict(zip(paths, (text for text, _ in heard), strict=True))
    return sum(s for _, s in heard) / elapsed, texts, max(peak for _, peak in done) / 1024


def error_rate(texts: dict[str, str], labels: Path) -> float:
    """Micro character error rate over the labelled calls among the texts."""
    from pipeline.training.textscore import edits

    by_name = {Path(path).name: text for path, text in texts.items()}
    pairs = [
        edits("".join(turn["text"] for turn in label["turns"]), by_name[name])
        for label in map(json.loads, labels.read_text(encoding="utf-8").splitlines())
        if (name := Path(label["file"]).name) in by_name
    ]
    return sum(wrong for wrong, _ in pairs) / sum(total for _, total in pairs)


def _calls(folder: Path, minutes: float) -> Iterator[str]:
    """The folder's recordings, again and again until they last long enough."""
    from pipeline.audio import probe

    found = sorted(str(p) for p in folder.rglob("*") if p.suffix in ENDINGS)
    seconds = 0.0
    while seconds < minutes * 60:
        for path in found:
            yield path
            seconds += probe(path).seconds


def main() -> None:
    """Measure every engine in turn and print the line."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("calls", type=Path)
    options.add_argument("--labels", type=Path)
    options.add_argument("--minutes", type=float, default=30.0)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--engines", nargs="+", default=list(ENGINES), choices=list(ENGINES))
    asked = options.parse_args()
    paths = list(_calls(asked.calls, asked.minutes))
    speeds: dict[str, list[float]] = {name: [] for name in asked.engines}
    report: dict[str, dict[str, float]] = {name: {} for name in asked.engines}
    for _ in range(asked.rounds):
        for name in asked.engines:
            if name in SLOW and speeds[name]:
                continue
            some = paths[:SOME] if name in SLOW else paths
            speed, texts, megabytes = measure(name, some)
            speeds[name].append(speed)
            report[name]["peak_mb_per_process"] = round(megabytes)
            if asked.labels:
                report[name]["cer"] = round(error_rate(texts, asked.labels), 4)
    for name in asked.engines:
        report[name]["times_real_time"] = round(statistics.median(speeds[name]), 2)
    machine = {"cpu": platform.processor() or platform.machine(), "cores": os.cpu_count()}
    print(json.dumps({"benchmark": "hear_speed", "machine": machine, "engines": report}))


if __name__ == "__main__":
    main()
