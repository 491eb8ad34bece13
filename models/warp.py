"""Dynamic time warping: from what a decoder listened to, when each token was said.

After openai/whisper, whisper/timing.py (weights of the alignment heads, normalized over
tokens, median-filtered over time, one monotonic path); here in numpy, a row at a time.
"""

import numpy as np

MEDIAN = 3  # frames; theirs is 7 frames of half the length


def follow(weights: np.ndarray) -> np.ndarray:
    """The frame at which each token begins: int, shape (tokens,), rising.

    weights: float32, (heads, tokens, frames), of each token's attention to the sound.
    """
    mean = weights.mean(axis=1, keepdims=True)
    deviation = weights.std(axis=1, keepdims=True) + 1e-6
    return _path(-_smooth(((weights - mean) / deviation).mean(axis=0)))


def _smooth(rows: np.ndarray) -> np.ndarray:
    """Median over MEDIAN frames, edges mirrored."""
    reach = MEDIAN // 2
    padded = np.pad(rows, ((0, 0), (reach, reach)), mode="reflect")
    shifted = [padded[:, i : i + rows.shape[1]] for i in range(MEDIAN)]
    return np.median(shifted, axis=0)


def _path(cost: np.ndarray) -> np.ndarray:
    """Where each row begins on the cheapest path that goes right or down at every step.

    The cheapest way to (i, j) along row i enters it at some k <= j from above and pays the
    row's costs from k to j: one running minimum gives it for all j at once.
    """
    rows, frames = cost.shape
    reached = np.empty((rows, frames))
    reached[0] = np.cumsum(cost[0])
    for i in range(1, rows):
        above = reached[i - 1]
        entered = np.minimum(above, np.concatenate(([np.inf], above[:-1])))
        paid = np.cumsum(cost[i])
        reached[i] = paid + np.minimum.accumulate(entered - (paid - cost[i]))
    starts = np.zeros(rows, int)
    i, j = rows - 1, frames - 1
    while i > 0:
        left = reached[i, j - 1] if j else np.inf
        up, diagonal = reached[i - 1, j], reached[i - 1, j - 1] if j else np.inf
        if left <= min(up, diagonal):
            j -= 1
            continue
        starts[i] = j
        i, j = i - 1, j - int(diagonal <= up and j > 0)
    return starts
