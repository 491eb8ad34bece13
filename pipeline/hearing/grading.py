"""How good the sound is: noise, lost packets, and a grade with its reasons.

The stage `speech` completes the description that `load` began, since noise and losses can
only be told once it is known where somebody speaks. A grade says how far the words may be
trusted: the stage `speakers` multiplies the confidence of each turn by `trust`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.base import RATE, Samples
from pipeline.hearing.dropouts import dropouts
from pipeline.hearing.levels import FRAME, SILENT_DBFS, frame_levels, loudest_word, speech_level
from pipeline.records import Sound, Span

MARGIN_S = 0.1  # a voice fades into a pause, and detectors cut in the middle of that
PAUSE_FRAMES = 25  # half a second of pauses tells the noise
SOFTEST = 5  # percentile of the speech that stands for the pauses where there are fewer
GATED_DBFS = SILENT_DBFS + 5  # a line that sends nothing: that silence is not its noise
SWING_DB = 6.0  # a side whose loudest word is not this far above its noise holds no voice
LEAST_DB = -10.0  # stands for speech that cannot be told from the noise

# From which value on a defect makes the sound (fair, poor); the errors that the recognizer then
# makes stand in docs/operations.md.
SNR_DB = (15.0, 10.0)
LOST = (0.01, 0.05)  # of the speech, as seen: about half of what was lost
CLIPPED = 0.03  # of the samples: poor; fair where load noted it
LOW_DBFS = -55.0  # of the speech: poor; fair where load noted it
GRADES = ("poor", "fair", "good")
# What is right, by what the recognizer is sure of, falls to this beside clear sound: .97 in
# steady noise at 15 dB, .81 at 10 dB, .98 with 12 % of the packets lost.
TRUST = {"fair": 0.95, "poor": 0.8}


@dataclass(frozen=True, slots=True)
class _Side:
    """One channel on which somebody may speak."""

    snr_db: float | None  # None: all that is no speech is digital silence
    voiced: bool
    missing: tuple[Span, ...]


def graded(sound: Sound, samples: Sequence[Samples], spans: Sequence[Span]) -> Sound:
    """The sound with noise, losses and grade; as it was where nobody speaks.

    samples: of each channel; spans: of the whole recording.
    """
    speech = [span for span in spans if span.kind == "speech"]
    if not speech:
        return sound
    sides = [_side(side, speech, spans) for side in _live(sound, samples)]
    sides = [side for side in sides if side.voiced] or sides
    ratios = [side.snr_db for side in sides if side.snr_db is not None]
    missing = [hole for side in sides for hole in side.missing]
    lost = sum(hole.end - hole.start for hole in missing)
    spoken = sum(span.end - span.start for span in speech)
    sound = replace(
        sound,
        snr_db=round(min(ratios), 1) if ratios else None,
        dropouts=len(missing),
        lost=round(min(1.0, lost / spoken), 5),  # two sides may lose at once
    )
    found = sorted(_defects(sound), key=lambda one: GRADES.index(one[1]))
    return replace(
        sound,
        grade=found[0][1] if found else "good",
        reasons=tuple(code for code, _ in found),
        remarks=tuple(_remarks(sound)),
    )


def trust(sound: Sound) -> float:
    """How far a recognizer's own confidence holds on this sound: 1.0 where it is good."""
    return TRUST.get(sound.grade or "good", 1.0)


def _live(sound: Sound, samples: Sequence[Samples]) -> Sequence[Samples]:
    """The channels that count: not the dead one, and only one of two that are alike."""
    if sound.layout == "one_sided":
        return samples[1:2] if "dead_left" in sound.notes else samples[:1]
    return samples[:1] if sound.layout == "dual_mono" else samples


def _side(side: Samples, speech: list[Span], spans: Sequence[Span]) -> _Side:
    levels = frame_levels(side)
    spoken = levels[_frames(speech, len(levels))]
    if not spoken.size:
        spoken = levels  # a span shorter than a frame
    level = speech_level(spoken)
    missing = tuple(dropouts(side, speech, level))
    noise = _noise(levels, spoken, spans)
    if noise is None:
        return _Side(None, True, missing)
    # The level of the speech has the noise in it.
    ratio = 10 ** ((level - noise) / 10) - 1
    snr_db = 10 * float(np.log10(max(ratio, 10 ** (LEAST_DB / 10))))
    return _Side(snr_db, loudest_word(spoken) - noise >= SWING_DB, missing)


def _noise(levels: np.ndarray, spoken: np.ndarray, spans: Sequence[Span]) -> float | None:
    """Level of what is heard while nobody speaks, in dBFS; hold music and tones are not it."""
    pauses = [
        Span(span.start + MARGIN_S, span.end - MARGIN_S)
        for span in spans
        if span.kind in ("silence", "noise")
    ]
    heard = levels[_frames(pauses, len(levels))]
    heard = heard[heard > GATED_DBFS]
    if heard.size >= PAUSE_FRAMES:
        return float(np.median(heard))  # a breath or a click is not the noise
    sounding = spoken[spoken > GATED_DBFS]
    return float(np.percentile(sounding, SOFTEST)) if sounding.size else None


def _frames(spans: Sequence[Span], count: int) -> np.ndarray:
    """Which of `count` frames lie in the spans: bool."""
    inside = np.zeros(count, bool)
    for span in spans:
        first, last = (int(np.ceil(second * RATE / FRAME)) for second in (span.start, span.end))
        inside[max(0, first) : max(0, last - 1)] = True
    return inside


def _defects(sound: Sound) -> Iterator[tuple[str, str]]:
    """Each defect's code with the grade that it alone would give."""
    if sound.snr_db is not None and sound.snr_db < SNR_DB[0]:
        yield "noisy", "poor" if sound.snr_db < SNR_DB[1] else "fair"
    if sound.lost >= LOST[0]:
        yield "dropouts", "poor" if sound.lost >= LOST[1] else "fair"
    if "clipped" in sound.notes:
        yield "clipped", "poor" if sound.clipped >= CLIPPED else "fair"
    if "low_level" in sound.notes:
        yield "low_level", "poor" if (sound.level_dbfs or 0.0) < LOW_DBFS else "fair"
    if "dead_channel" in sound.notes:
        yield "dead_channel", "fair"  # half of the call may be missing, the other half is clear


def _remarks(sound: Sound) -> Iterator[str]:
    """What explains some mistakes and is no defect of a telephone call."""
    if sound.layout == "dual_mono":
        yield "dual_mono"  # voices are told apart as on one channel
    if "narrowband" in sound.notes:
        yield "narrowband"
