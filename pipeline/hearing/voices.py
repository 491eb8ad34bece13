"""Who spoke when, where two voices share one channel (diarization).

Short overlapping pieces of the speech become speaker vectors, each with the spectrum of its
line beside it; two centres are found by alternating: a Viterbi pass deals the pieces to the
nearer centre (changing voice is cheap at a pause and dear within a stretch), then the centres
move. What is said helps: an agent's or a caller's words make their stretch lean that way.
Where voices differ the sound outweighs the words by far; where they are much alike the words
decide. Several starts, the best one wins.
"""

from collections.abc import Sequence

import numpy as np

from models.base import RATE, Samples, SpeakerEmbedder
from pipeline.hearing import timbre
from pipeline.hearing.timeline import Hint, Segment
from pipeline.records import Span
from pipeline.sides import Part

PIECE_S, HOP_S = 1.2, 0.6  # the encoder was trained on 1.6 s; answers are shorter
ROUNDS = 12
DIRECTIONS = 3
VOICE, LINE = 60.0, 1.2  # precision of a piece's vector and of its whitened spectrum
WITHIN, ACROSS = 4.0, 0.5  # cost of changing voice inside a stretch and between two
ASKED = 2.0  # after a question the other voice is likely: taken off that cost
PAUSE, USUAL_S = 4.0, 0.3  # a second of pause beyond the usual is taken off as well
HINT_WEIGHT = 2.0  # of the words beside the sound
OPENING = 2.0  # the agent answers the telephone: as good as a hint of this weight
TWO = 50.0  # what a second voice must explain: one cut in two 9 to 48 (19 of 22), two alike 70
Piece = tuple[float, float, int]  # start, end (s), index of its stretch


def by_voice(
    samples: Samples,
    speech: Sequence[Span],
    hints: Sequence[Hint],
    embedder: SpeakerEmbedder,
    *,
    asked: Sequence[bool] = (),
) -> tuple[Segment, ...]:
    """Segments in order, not overlapping: speaker 0 is the voice that sounds like the agent.

    speech: stretches; the voice may change between any
    two. asked: whether each ends in a question. One voice only: speaker 0 or 1 throughout,
    as the hints say.
    """
    pieces = [piece for i, span in enumerate(speech) for piece in _pieces(i, span)]
    if not pieces:
        return ()
    stretch = np.array([i for _, _, i in pieces])
    vectors = embedder.embed(
        [Part(samples, int(a * RATE), int(b * RATE)) for a, b, _ in pieces]
    )
    spectra = timbre.whitened(timbre.spectra(samples, pieces), stretch)
    rows = np.hstack([np.sqrt(VOICE) * vectors, np.sqrt(LINE) * spectra])
    words = _spread(pieces, hints)
    cost = _cost(speech, asked)[stretch]
    cost[1:][stretch[1:] == stretch[:-1]] = WITHIN
    starts = _starts(rows, words)
    _, voices = max((_settle(rows, cost, words, s) for s in starts), key=lambda s: s[0])
    if _explained(rows, words, voices) < TWO:
        voices = np.full(len(pieces), int(words.sum() < 0))
    return _segments(pieces, voices)


def _cost(speech: Sequence[Span], asked: Sequence[bool]) -> np.ndarray:
    """What it costs to change voice at the beginning of each stretch."""
    cost = np.full(len(speech), ACROSS)
    for i in range(1, len(speech)):
        pause = min(1.0, speech[i].start - speech[i - 1].end)
        cost[i] -= PAUSE * max(0.0, pause - USUAL_S)
        if asked and asked[i - 1]:
            cost[i] -= ASKED
    return cost


def _spread(pieces: Sequence[Piece], hints: Sequence[Hint]) -> np.ndarray:
    """What the words say of each piece: a hint is shared out among the pieces it lies in."""
    starts = np.array([start for start, _, _ in pieces])
    ends = np.array([end for _, end, _ in pieces])
    words = np.zeros(len(pieces))
    words[0] = OPENING
    for hint in hints:
        over = np.clip(np.minimum(ends, hint.end) - np.maximum(starts, hint.start), 0, None)
        if over.any():
            words += HINT_WEIGHT * hint.weight * over / over.sum()
    return words


def _settle(
    rows: np.ndarray, cost: np.ndarray, words: np.ndarray, voices: np.ndarray
) -> tuple[float, np.ndarray]:
    """Alternate between centres and voices: the score reached, and the voices."""
    score = -np.inf
    for _ in range(ROUNDS):
        gain = _gain(rows, [_centre(rows, voices == voice) for voice in (0, 1)])
        gain[:, 0] += words / 2
        gain[:, 1] -= words / 2
        score, dealt = _viterbi(gain, cost)
        if (dealt == voices).all():
            break
        voices = dealt
    return score, voices


def _gain(rows: np.ndarray, centres: Sequence[np.ndarray]) -> np.ndarray:
    """Log-probability of each row under each centre, but for a constant of the row."""
    both = np.stack(centres)
    return rows @ both.T - (both**2).sum(axis=1) / 2


def _explained(rows: np.ndarray, words: np.ndarray, voices: np.ndarray) -> float:
    """How much better two voices explain the sound and the words than one does."""
    gain = _gain(rows, [_centre(rows, voices == 0), _centre(rows, voices == 1)])
    sound = gain[np.arange(len(rows)), voices] - _gain(rows, [rows.mean(axis=0)])[:, 0]
    said = words @ (1 - 2 * voices) - abs(words.sum())
    return float(sound.sum() + said / 2)


def _starts(rows: np.ndarray, words: np.ndarray) -> list[np.ndarray]:
    """Where to begin: what the words say, and both sides of the main directions of sound."""
    centred = rows - rows.mean(axis=0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    sides = [(centred @ direction > 0).astype(int) for direction in directions[:DIRECTIONS]]
    return [(words < 0).astype(int), *sides, *(1 - side for side in sides)]


def _pieces(stretch: int, span: Span) -> list[Piece]:
    length = span.end - span.start
    steps = max(1, round((length - PIECE_S) / HOP_S) + 1)
    starts = span.start + np.linspace(0, max(0.0, length - PIECE_S), steps)
    return [(float(a), float(min(a + PIECE_S, span.end)), stretch) for a in starts]


def _centre(rows: np.ndarray, mine: np.ndarray) -> np.ndarray:
    return (rows[mine] if mine.any() else rows).mean(axis=0)


def _viterbi(gain: np.ndarray, cost: np.ndarray) -> tuple[float, np.ndarray]:
    """The best sequence of voices, int of shape (pieces,), and its score.

    gain: (pieces, 2); cost: (pieces,), of changing voice before each piece.
    """
    came = np.zeros(gain.shape, dtype=int)
    best = gain[0]
    for i in range(1, len(gain)):
        changed = best[::-1] - cost[i]
        came[i] = np.where(best >= changed, (0, 1), (1, 0))
        best = np.maximum(best, changed) + gain[i]
    voices = np.empty(len(gain), dtype=int)
    voices[-1] = int(best[1] > best[0])
    for i in range(len(gain) - 1, 0, -1):
        voices[i - 1] = came[i, voices[i]]
    return float(best.max()), voices


def _segments(pieces: Sequence[Piece], voices: np.ndarray) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    previous = -1
    for (start, end, stretch), voice in zip(pieces, voices.tolist(), strict=True):
        last = segments[-1] if segments else None
        if last and stretch == previous:
            if last.speaker == voice:
                segments[-1] = Segment(last.start, end, voice)
                continue
            start = (start + last.end) / 2  # a change within a stretch: between the pieces
            segments[-1] = Segment(last.start, start, last.speaker)
        segments.append(Segment(start, end, voice))
        previous = stretch
    return tuple(segments)
