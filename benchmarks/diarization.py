"""Who spoke, when: diarization error rate, roles and turn boundaries on labelled recordings.

    python benchmarks/diarization.py DATA

Prints one JSON line. DATA holds calls/ (labels.jsonl), audio/diar_ami and audio/calls
(manifest.jsonl, RTTM or segments). The calls go through HEAR as it is. The others are English:
their words mean nothing to our profile, so the voices are told apart over the detector's
speech alone, as two, even where more people speak. DER counts overlapped speech; `collar` is
seconds before and after each edge that are not judged. Seconds are of the stage alone.
"""

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from pipeline.config import load_config
from pipeline.domain.profile import load_profile
from pipeline.hearing.edges import levels, loud, trimmed
from pipeline.hearing.voices import by_voice
from pipeline.plan import HEAR
from pipeline.records import Call, CallResult, Recording, Span
from pipeline.stage import process
from pipeline.tools import Tools
from pipeline.training.diarization import Errors, Spoken, errors
from pipeline.training.metrics import hearing
from pipeline.training.score import Mark, Share, Size

COLLARS = (0.0, 0.25)
PEOPLE = ("agent", "caller")


@dataclass
class Tally:
    """What is summed over the recordings of one kind."""

    files: int = 0
    audio_s: float = 0.0
    work_s: float = 0.0
    errors: dict[float, Errors] = field(default_factory=lambda: {c: Errors() for c in COLLARS})
    marks: list[Mark] = field(default_factory=list)
    overlaps: list[int] = field(default_factory=lambda: [0, 0, 0])  # wanted, found, right

    def add(
        self, wanted: Sequence[Spoken], got: Sequence[Spoken], audio: float, work: float
    ) -> None:
        """Count one recording."""
        self.files += 1
        self.audio_s += audio
        self.work_s += work
        for collar in COLLARS:
            self.errors[collar] += errors(wanted, got, collar)

    def line(self) -> dict[str, Any]:
        """The figures of the kind."""
        found: dict[str, Any] = {"files": self.files, "minutes": round(self.audio_s / 60, 1)}
        found |= {f"der_collar_{c:g}": _parts(e) for c, e in self.errors.items()}
        found["seconds_per_minute"] = round(60 * self.work_s / self.audio_s, 3)
        for metric in ("role_recall", "role_accuracy"):
            own = [m for m in self.marks if isinstance(m, Share) and m.metric == metric]
            if own:
                found[metric] = round(sum(m.hits for m in own) / sum(m.of for m in own), 4)
        sizes = [m.value for m in self.marks if isinstance(m, Size)]
        if sizes:
            found["boundary_median_s"] = round(median(sizes), 3)
            found["overlaps"] = dict(
                zip(("labelled", "marked", "right"), self.overlaps, strict=True)
            )
        return found


def calls(folder: Path, tools: Tools) -> dict[str, Any]:
    """The labelled calls through HEAR, by layout."""
    kinds = {"mono": Tally(), "stereo": Tally()}
    by_call: dict[str, float] = {}
    for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        path = str(folder / label["file"])
        result = process(Call(Recording(path, path)), HEAR, tools)
        tally = kinds["stereo" if result.call.sound.layout == "stereo" else "mono"]
        got = [
            _turn(turn.start, turn.end, turn.speaker, turn.text) for turn in result.call.turns
        ]
        wanted, answer = _spoken(label["turns"]), _spoken(got)
        tally.add(wanted, answer, result.call.recording.seconds, _seconds(result))
        tally.marks += [m for m in hearing(label["turns"], got) if m.metric != "cer"]
        for i, count in enumerate(_overlaps(label["turns"], result.call)):
            tally.overlaps[i] += count
        by_call[label["call_id"]] = round(errors(wanted, answer).rate, 3)
    return {name: tally.line() for name, tally in kinds.items()} | {"by_call": by_call}


def voices(folder: Path, tools: Tools) -> dict[str, Any]:
    """The recordings of a manifest that have labels, by voice alone."""
    tally = Tally()
    by_file: dict[str, float] = {}
    for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if not entry.get("labels"):
            continue
        path = str(folder / entry["file"])
        samples = tools.mixed(Recording(path, path))
        speech = [Span(found.start, found.end) for found in tools.detector.detect(samples)]
        begun = time.perf_counter()
        segments = by_voice(samples, speech, (), tools.embedder)
        segments = trimmed(segments, loud(levels(samples)))
        work = time.perf_counter() - begun
        wanted = list(_labels(folder / entry["labels"]))
        got = [(s.start, s.end, str(s.speaker)) for s in segments]
        tally.add(wanted, got, entry["duration_s"], work)
        who = len({name for _, _, name in wanted})
        by_file[f"{entry['file']} ({who})"] = round(errors(wanted, got).rate, 3)
    return tally.line() | {"by_file (speakers)": by_file}


def _labels(path: Path) -> Iterator[Spoken]:
    """RTTM, or Picovoice's segments."""
    if path.suffix == ".rttm":
        for line in path.read_text(encoding="utf-8").splitlines():
            parts = line.split()
            yield float(parts[3]), float(parts[3]) + float(parts[4]), parts[7]
    else:
        for test in json.loads(path.read_text())["tests"]["diarization_tests"]:
            for one in test["segments"]:
                yield one["start_sec"], one["end_sec"], str(one["speaker_tag"])


def _spoken(turns: Sequence[dict[str, Any]]) -> list[Spoken]:
    people = (turn for turn in turns if turn["speaker"] in PEOPLE)
    return [(turn["start_s"], turn["end_s"], turn["speaker"]) for turn in people]


def _turn(start: float, end: float, speaker: str, text: str) -> dict[str, Any]:
    return {"start_s": start, "end_s": end, "speaker": speaker, "text": text}


def _overlaps(wanted: Sequence[dict[str, Any]], call: Call) -> tuple[int, int, int]:
    """Turns marked as overlapping: in the label, in ours, and ours that are within 0.5 s."""
    marked = [turn for turn in call.turns if turn.overlap]
    theirs = [t for t in wanted if t.get("overlap")]
    right = [t for t in theirs if any(abs(m.start - t["start_s"]) <= 0.5 for m in marked)]
    return len(theirs), len(marked), len(right)


def _seconds(result: CallResult) -> float:
    return dict(result.stage_seconds).get("speakers", 0.0)


def _parts(found: Errors) -> dict[str, float]:
    names = ("missed", "false_alarm", "confused")
    shares = {name: getattr(found, name) / max(found.speech, 1e-9) for name in names}
    return {name: round(share, 4) for name, share in {"der": found.rate, **shares}.items()}


def main() -> None:
    """Measure the three sets and print the line."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("data", type=Path)
    data = options.parse_args().data
    tools = Tools(load_config(), load_profile())
    tools.embedder.embed([tools.mixed(_any(data))[:16_000]])  # loading is not counted
    report = {
        "calls": calls(data / "calls", tools),
        "diar_ami": voices(data / "audio" / "diar_ami", tools),
        "audio_calls": voices(data / "audio" / "calls", tools),
    }
    print(json.dumps({"benchmark": "diarization", **report}, ensure_ascii=False))


def _any(data: Path) -> Recording:
    path = str(next((data / "audio" / "diar_ami").glob("*.flac")))
    return Recording(path, path)


if __name__ == "__main__":
    main()
