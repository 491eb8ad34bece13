"""The colour of sound: a mean spectrum, which tells one telephone line and voice from another.

Speaker vectors are made to ignore the line; on one channel, where each party has a line of
its own, the line is half of the evidence. Two voices that the vectors find alike (cosine .97)
differ here as a headset differs from a mobile phone.
"""

from collections.abc import Sequence

import numpy as np

from models.base import RATE, Samples
from models.mel import HOP, mel_power
from pipeline.sides import Part

BANDS = 40
PER_S = RATE // HOP  # frames
BLOCK = 30 * RATE  # samples: the memory that a long stretch takes at a time
FLOOR = 1e-8  # power of a band, of full scale: under the noise of 16 bits
SHRINKAGE = 0.4  # a call has a hundred pieces: too few for 40 x 40 numbers
STEADY = 0.01  # variance (log power) that the steadiest sound has


def spectra(samples: Samples, pieces: Sequence[tuple[float, float, int]]) -> np.ndarray:
    """Mean log spectrum of each piece without its level: float, (pieces, BANDS).

    pieces: start, end (s), index of the stretch; the
    pieces of a stretch follow each other.
    """
    found = np.zeros((len(pieces), BANDS))
    stretch = np.array([index for _, _, index in pieces])
    for index in np.unique(stretch):
        mine = np.flatnonzero(stretch == index).tolist()
        start, end = pieces[mine[0]][0], max(pieces[i][1] for i in mine)
        sums = _running(Part(samples, int(start * RATE), int(end * RATE)))
        for i in mine:
            last = len(sums) - 1
            a = min(int((pieces[i][0] - start) * PER_S), last - 1)
            b = min(max(int((pieces[i][1] - start) * PER_S), a + 1), last)
            found[i] = (sums[b] - sums[a]) / (b - a)
    return found


def whitened(rows: np.ndarray, stretch: np.ndarray) -> np.ndarray:
    """Rows in which all directions vary alike within a stretch: what differs from word to
    word counts little, what differs from speaker to speaker much.

    rows: (pieces, d); stretch: (pieces,), which stretch each comes from.
    """
    rows = rows - rows.mean(axis=0)
    _, own, count = np.unique(stretch, return_inverse=True, return_counts=True)
    means = np.zeros((len(count), rows.shape[1]))
    np.add.at(means, own, rows)
    within = rows - (means / count[:, None])[own]
    free = len(rows) - len(count)  # 0: no stretch has two pieces
    scatter = within.T @ within / free if free else rows.T @ rows / len(rows)
    size = len(scatter)
    scatter += (SHRINKAGE * np.trace(scatter) / size + STEADY) * np.eye(size)
    return rows @ np.linalg.cholesky(np.linalg.inv(scatter))


def _running(samples: Samples) -> np.ndarray:
    """Sums of the log spectrum from the start up to each frame: float, (frames + 1, BANDS)."""
    parts = [
        np.log(mel_power(samples[i : i + BLOCK].astype(np.float32) / 32768, BANDS) + FLOOR)
        for i in range(0, max(1, len(samples)), BLOCK)
    ]
    logs = np.concatenate(parts, axis=1)
    logs -= logs.mean(axis=0)
    return np.concatenate([np.zeros((1, BANDS)), np.cumsum(logs.T, axis=0, dtype=float)])
