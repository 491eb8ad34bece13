"""Finds lost packets: holes of digital silence and packets played twice, inside speech.

What telephone codecs leave once it is decoded. A hole begins and ends in the middle of a
loud sound, from one sample to the next; before the pause of a recorder, the silence of a line
that sends nothing between sentences, or the closure of a t, the voice dies away first, and
the first two last longer. Concealment that fades or blends what it repeats is not seen, nor
a hole that a lossy codec (mp3, opus, amr) has smeared since: the count is a lower bound.
"""

from collections.abc import Iterator

import numpy as np

from models.base import RATE, Samples
from pipeline.audio import FULL_SCALE
from pipeline.records import Span

SHORTEST = RATE * 6 // 1000  # samples: a 10 ms packet less what resampling rings into it
LONGEST = RATE // 5  # 200 ms; longer holes may be a pause of the recorder or a mute key
IDLE = 8  # the smallest code of A-law; mu-law and linear PCM have 0
SOFTEST_DBFS = -38.0  # of the speech; below, where a voice fades it is no louder than that code
PIECE = 300 * RATE  # samples looked at in one go
EDGE = RATE * 5 // 1000  # samples on each side that must be speech
# Below the level of the speech. In 73 min of speech of all kinds no still stretch had both
# edges within 25 dB, and the loudest repeat lay 24 dB under it.
LOUD_DB = 20.0
PACKETS = (RATE // 100, RATE // 50, RATE * 3 // 100)  # samples: 10, 20 and 30 ms
WHOLE = 0.6  # of a packet that is equal to the one before it, resampling takes the edges
PERIODIC = 0.98  # correlation of half packets, from which it is a tone and no voice


def dropouts(side: Samples, speech: list[Span], level_dbfs: float) -> list[Span]:
    """Where packets are missing, in order, not overlapping; kind "dropout".

    speech: where it is looked for; level_dbfs: of that speech.
    """
    found: list[tuple[int, int]] = []
    loud = level_dbfs - LOUD_DB
    for first, last in _pieces(speech) if level_dbfs > SOFTEST_DBFS else ():
        piece = side[first:last]
        both = [*_holes(piece, loud), *_repeats(piece, loud)]
        for start, end in sorted((first + a, first + b) for a, b in both):
            if not found or start >= found[-1][1]:  # else seen under two lengths of packet
                found.append((start, end))
    return [Span(a / RATE, b / RATE, "dropout") for a, b in found]


def _pieces(speech: list[Span]) -> Iterator[tuple[int, int]]:
    """Samples of each span, of a long one in pieces; what lies across a seam is not seen."""
    for span in speech:
        end = int(span.end * RATE)
        for first in range(int(span.start * RATE), end, PIECE):
            yield first, min(first + PIECE, end)


def _holes(piece: np.ndarray, loud: float) -> Iterator[tuple[int, int]]:
    """Runs of digital silence with loud sound right before and right behind."""
    for start, end in _runs((piece >= -IDLE) & (piece <= IDLE)):
        edges = piece[max(0, start - EDGE) : start], piece[end : end + EDGE]
        if all(len(edge) == EDGE and _level(edge) > loud for edge in edges):
            yield start, end


def _repeats(piece: np.ndarray, loud: float) -> Iterator[tuple[int, int]]:
    """Stretches that repeat the packet before them, sample by sample."""
    for packet in PACKETS:
        change = piece[packet:] - piece[:-packet]  # wraps around, which does no harm
        for start, end in _runs((change >= -1) & (change <= 1)):
            again = piece[packet + start : packet + end]
            if (
                end - start >= WHOLE * packet
                and _level(again) > loud
                and not _tone(again, packet // 2)
            ):
                yield packet + start, packet + end


def _runs(mask: np.ndarray) -> list[tuple[int, int]]:
    """Start and end of each run of True that is as long as lost packets are."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False]))))
    pairs = edges.reshape(-1, 2)
    lengths = pairs[:, 1] - pairs[:, 0]
    fit = pairs[(lengths >= SHORTEST) & (lengths <= LONGEST)]
    return [(int(a), int(b)) for a, b in fit]


def _tone(part: np.ndarray, half: int) -> bool:
    """Whether half a packet repeats too, or is turned upside down: a beep, which repeats any
    packet that holds its periods. half: samples."""
    first, second = part[:-half].astype(float), part[half:].astype(float)
    return bool(abs(first @ second) > PERIODIC * np.linalg.norm(first) * np.linalg.norm(second))


def _level(part: np.ndarray) -> float:
    power = float(np.mean(part.astype(np.float32) ** 2))
    return 10 * float(np.log10(power / FULL_SCALE**2 + 1e-12))
