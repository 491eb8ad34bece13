"""How much speech each detector loses and how much noise it takes for speech, set by set.

    OMP_NUM_THREADS=1 python benchmarks/vad.py DATA_FOLDER [--only silero energy]

DATA_FOLDER holds audio/vad_ten, audio/vad_misc, audio/nonspeech and calls. Prints one JSON
line. Precision, recall and F1 are of stretches, in frames of 10 ms; ROC-AUC is of the scores
before smoothing. The labelled sets are heard as they are (16 kHz), at telephone quality
(300-3400 Hz, 8 kHz, mu-law), the same 20 dB quieter, and after 20 s of hold music, of which
only the frames after the music count. In the calls speech is what lies inside a turn. The
peers are the four grades of webrtcvad, the silero-vad package under its published defaults,
and a naive threshold on the level. Seconds of work are CPU seconds of one thread.
"""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from scipy.signal import butter, resample_poly, sosfiltfilt
from sklearn.metrics import roc_auc_score

from models import silero as silero_ours
from models import webrtc as webrtc_ours
from models.base import RATE, Stretch
from models.smoothing import stretches
from pipeline.audio import decode

GRID = RATE // 100  # samples a labelled frame: 10 ms
MUSIC = "moh_manolo_camp-morning_coffee.wav"
BAND = butter(4, (300, 3400), "bandpass", fs=8000, output="sos")
MU = 255


@dataclass(frozen=True)
class Clip:
    """A recording with its labels; frames before `lead` are heard and not counted."""

    samples: np.ndarray  # int16, (n,), at RATE
    speech: np.ndarray  # bool, one each 10 ms
    lead: int = 0


@dataclass(frozen=True)
class Detector:
    """Scores before smoothing, one each `step_s`, and the stretches of speech after it."""

    step_s: float
    scores: Callable[[np.ndarray], np.ndarray]
    detect: Callable[[np.ndarray], Sequence[Stretch]]


def silero() -> Detector:
    """Ours."""
    ours = silero_ours.SileroDetector()

    def scores(sound: np.ndarray) -> np.ndarray:
        return ours.probabilities(sound, gain=silero_ours.gain(sound))

    return Detector(silero_ours.FRAME / RATE, scores, ours.detect)


def silero_package() -> Detector:
    """The package's own model, frame by frame, and its own smoothing, nothing changed."""
    import silero_vad
    import torch

    model = silero_vad.load_silero_vad(onnx=True)

    def scores(sound: np.ndarray) -> np.ndarray:
        return model.audio_forward(torch.from_numpy(sound / np.float32(32768)), RATE)[0].numpy()

    def detect(sound: np.ndarray) -> list[Stretch]:
        values = scores(sound).tolist()
        smooth = silero_vad.get_speech_timestamps_from_probs
        found = smooth(values, audio_length_samples=len(sound))
        return [Stretch(one["start"] / RATE, one["end"] / RATE) for one in found]

    return Detector(silero_ours.FRAME / RATE, scores, detect)


def webrtc(aggressiveness: int) -> Detector:
    """Ours, at one of webrtcvad's grades."""
    ours = webrtc_ours.WebrtcDetector(aggressiveness)
    return Detector(webrtc_ours.FRAME / RATE, ours.shares, ours.detect)


def energy() -> Detector:
    """Speech where the level is at most 25 dB under the loudest: what silence removal does."""
    size, step_s = 480, 0.03

    def scores(sound: np.ndarray) -> np.ndarray:
        frames = np.pad(sound.astype(np.float32), (0, -len(sound) % size)).reshape(-1, size)
        levels = 10 * np.log10((frames**2).mean(axis=1) / 32768**2 + 1e-10)
        return levels - max(levels.max(), -50)  # so that digital silence is not "the loudest"

    smooth = partial(stretches, step_s=step_s, begin=-25, go_on=-30)
    return Detector(step_s, scores, lambda s: smooth(scores(s), length_s=len(s) / RATE))


DETECTORS: dict[str, Callable[[], Detector]] = {
    "silero": silero,
    "silero-vad package": silero_package,
    **{f"webrtc {grade}": partial(webrtc, grade) for grade in range(4)},
    "energy": energy,
}


def telephone(samples: np.ndarray, decibels: float = 0.0) -> np.ndarray:
    """The same as it would come out of a telephone line, at 16 kHz again."""
    narrow = sosfiltfilt(BAND, resample_poly(samples / 32768 * 10 ** (decibels / 20), 1, 2))
    pressed = np.sign(narrow) * np.log1p(MU * np.abs(np.clip(narrow, -1, 1))) / np.log1p(MU)
    coded = np.round((pressed + 1) / 2 * MU) / MU * 2 - 1
    sound = np.sign(coded) * np.expm1(np.abs(coded) * np.log1p(MU)) / MU
    wide = resample_poly(sound, 2, 1)[: len(samples)] * 32768
    return np.clip(np.round(wide), -32768, 32767).astype(np.int16)


def after(music: np.ndarray, clip: Clip) -> Clip:
    """The clip at telephone quality after hold music and half a second of silence."""
    samples = np.concatenate([music, np.zeros(RATE // 2, np.int16), telephone(clip.samples)])
    lead = (len(samples) - len(clip.samples)) // GRID
    return Clip(samples, np.concatenate([np.zeros(lead, bool), clip.speech]), lead)


def conditions(music: np.ndarray) -> dict[str, Callable[[Clip], Clip]]:
    """The ways in which a labelled set is heard."""
    return {
        "16 kHz": lambda clip: clip,
        "telephone": lambda clip: replace(clip, samples=telephone(clip.samples)),
        "telephone -20 dB": lambda clip: replace(clip, samples=telephone(clip.samples, -20)),
        "telephone after music": lambda clip: after(music, clip),
    }


def marked(intervals: Sequence[tuple[float, float]], length: int) -> np.ndarray:
    """Which of the 10 ms frames lie (by their middle) inside one of the intervals."""
    middles = (np.arange(length) + 0.5) * GRID / RATE
    inside = np.zeros(length, bool)
    for start, end in intervals:
        inside |= (middles >= start) & (middles < end)
    return inside


def vad_ten(folder: Path) -> Iterator[Clip]:
    """Each .scv is one line: name, then start, end, flag again and again."""
    for path in sorted(folder.glob("*.scv")):
        fields = path.read_text().strip().rstrip(",").split(",")[1:]
        rows = list(zip(fields[::3], fields[1::3], fields[2::3], strict=True))
        samples = decode(str(path.with_suffix(".wav")), max_hours=1)[0]
        length = round(min(len(samples), float(rows[-1][1]) * RATE)) // GRID
        speech = [(float(start), float(end)) for start, end, flag in rows if flag == "1"]
        yield Clip(samples, marked(speech, length))


def vad_misc(folder: Path) -> Iterator[Clip]:
    """One file has labels: seconds inside chunks of two seconds; what follows has none."""
    chunks = json.loads((folder / "sb_VAD_train.json").read_text()).values()
    speech = []
    for chunk in chunks:
        offset = chunk["wav"]["start"] / RATE
        times = [offset + float(second) for second in chunk["speech"].split()]
        speech += list(zip(times[::2], times[1::2], strict=True))
    length = max(chunk["wav"]["stop"] for chunk in chunks) // GRID
    samples = decode(str(folder / "sb_vad_train.wav"), max_hours=1)[0]
    yield Clip(samples, marked(speech, length))


def calls(folder: Path) -> Iterator[Clip]:
    """Both sides mixed, as the stage `speech` hears them."""
    for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        samples = decode(str(folder / label["file"]), max_hours=1)
        mixed = (samples // len(samples)).sum(axis=0, dtype=np.int16)
        turns = [(turn["start_s"], turn["end_s"]) for turn in label["turns"]]
        yield Clip(mixed, marked(turns, len(mixed) // GRID))


def nonspeech(folder: Path) -> Iterator[Clip]:
    """Tones, music, noise and silence; a few of the clips hold voices or singing."""
    for path in sorted(folder.iterdir()):
        if path.suffix not in (".md", ".jsonl"):
            samples = decode(str(path), max_hours=1)[0]
            yield Clip(samples, np.zeros(len(samples) // GRID, bool))


def figures(found: np.ndarray, speech: np.ndarray, scores: np.ndarray) -> dict[str, float]:
    """What the frames of a set come to; without any speech only what was taken for it."""
    both = float((found & speech).sum())
    counted = {"lost_s": (speech.sum() - both) / 100, "extra_s": (found.sum() - both) / 100}
    if speech.any():
        counted |= {
            "precision": both / max(found.sum(), 1),
            "recall": both / speech.sum(),
            "f1": 2 * both / (found.sum() + speech.sum()),
            "auc": roc_auc_score(speech, scores),
        }
    return {name: round(float(value), 4) for name, value in counted.items()}


def measure(detector: Detector, sets: dict[str, list[Clip]]) -> dict[str, object]:
    """Every set under one detector, and its CPU seconds a minute of sound."""
    detector.detect(np.zeros(RATE, np.int16))  # loads the model
    report: dict[str, object] = {}
    work = minutes = 0.0
    for name, clips in sets.items():
        rows = []
        for clip in clips:
            begun = time.process_time()
            heard = detector.detect(clip.samples)
            work += time.process_time() - begun
            minutes += len(clip.samples) / RATE / 60
            length, scores = len(clip.speech), detector.scores(clip.samples)
            at = ((np.arange(length) + 0.5) * GRID / RATE / detector.step_s).astype(int)
            found = marked([(one.start, one.end) for one in heard], length)
            row = (found, clip.speech, scores[np.minimum(at, len(scores) - 1)])
            rows.append([values[clip.lead :] for values in row])
        report[name] = figures(*map(np.concatenate, zip(*rows, strict=True)))
    return report | {"cpu_s_per_minute": round(work / minutes, 4)}


def main() -> None:
    """Measure every detector and print the line."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("data", type=Path)
    options.add_argument("--only", nargs="+", default=list(DETECTORS), choices=list(DETECTORS))
    asked = options.parse_args()
    audio = asked.data / "audio"
    music = decode(str(audio / "nonspeech" / MUSIC), max_hours=1)[0][10 * RATE : 30 * RATE]
    sets = {
        f"{read.__name__}, {condition}": [heard(clip) for clip in read(audio / read.__name__)]
        for read in (vad_ten, vad_misc)
        for condition, heard in conditions(music).items()
    }
    silent = list(nonspeech(audio / "nonspeech"))
    sets["calls"] = list(calls(asked.data / "calls"))
    sets["nonspeech, as it is"] = silent
    sets["nonspeech, telephone"] = [Clip(telephone(c.samples), c.speech) for c in silent]
    report = {name: measure(DETECTORS[name](), sets) for name in asked.only}
    machine = {"cpu": platform.machine(), "cores": os.cpu_count()}
    print(json.dumps({"benchmark": "vad", "machine": machine, "detectors": report}))


if __name__ == "__main__":
    main()
