"""How the cost of one call grows with its length: seconds, and the memory of its worker.

    python benchmarks/hear_growth.py CALLS [--minutes 1 5 20 60 180]

CALLS: a folder of recordings, joined (8 kHz, one channel) until they last so long. Each
length is heard and judged by a worker of its own with one thread. Prints one JSON line: for
each length the seconds from the worker's start to the answer, the seconds of the work alone,
times real time, and the peak of its memory.
"""

import argparse
import json
import multiprocessing
import os
import resource
import tempfile
import time
import wave
from pathlib import Path

ENDINGS = {".wav", ".mp3", ".m4a", ".ogg", ".flac", ".amr"}
NARROW = 8_000  # samples a second, as a telephone's recorder keeps them


def join(folder: Path, minutes: float, out: Path) -> None:
    """Write a recording of so many minutes."""
    from pipeline.audio import decode

    found = sorted(str(path) for path in folder.rglob("*") if path.suffix in ENDINGS)
    with wave.open(str(out), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(NARROW)
        wanted, number = int(minutes * 60 * NARROW), 0
        while wanted > 0:
            sound = decode(found[number % len(found)], max_hours=6)
            narrow = (sound.astype("int32").sum(axis=0) // len(sound))[::2][:wanted]
            file.writeframes(narrow.astype("<i2").tobytes())
            wanted, number = wanted - len(narrow), number + 1


def hear(path: str) -> dict[str, float]:
    """Work on the recording in this process."""
    begun = time.perf_counter()
    from pipeline.config import load_config
    from pipeline.records import Call, Recording
    from pipeline.worker import Spec, Task, Worker

    worker = Worker(Spec(load_config(run={"workers": os.cpu_count()})))
    result = worker(Task(Call(Recording(path, path))))
    if result.failure is not None:
        raise SystemExit(f"{path}: {result.failure.message}")
    whole = time.perf_counter() - begun
    work = sum(seconds for _, seconds in result.stage_seconds)
    seconds = result.call.recording.seconds
    return {
        "from_start_s": round(whole, 2),
        "work_s": round(work, 2),
        "times_real_time": round(seconds / work, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> None:
    """Measure each length and print the line."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("calls", type=Path)
    options.add_argument("--minutes", type=float, nargs="+", default=[1, 5, 20, 60])
    asked = options.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    context = multiprocessing.get_context("spawn")
    report = {}
    with tempfile.TemporaryDirectory() as folder:
        for minutes in asked.minutes:
            path = Path(folder) / f"{minutes:g}.wav"
            join(asked.calls, minutes, path)
            with context.Pool(1) as pool:
                report[f"{minutes:g} min"] = pool.apply(hear, (str(path),))
            path.unlink()
    print(json.dumps({"benchmark": "hear_growth", "lengths": report}))


if __name__ == "__main__":
    main()
