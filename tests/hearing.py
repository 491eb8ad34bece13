"""Stand-ins for the models that hear, and calls made of tones: each voice has its own pitch."""

from collections.abc import Callable, Sequence

import numpy as np
from sounds import RATE, tone

from models.base import Heard, Samples, Stretch, Token
from pipeline.config import Config, load_config
from pipeline.records import Call, Recording, Sound, Span, Word
from pipeline.tools import Tools

AGENT_HZ, CALLER_HZ = 200.0, 320.0
STEP = RATE // 20  # 50 ms
Line = tuple[float, float, str]  # start, end (s), words


class LevelDetector:
    """SpeechDetector: speech is whatever is louder than `floor` dBFS."""

    def __init__(self, floor: float = -60.0) -> None:
        self.floor = floor

    def detect(self, samples: Samples) -> tuple[Stretch, ...]:
        steps = samples[: len(samples) // STEP * STEP].reshape(-1, STEP).astype(float)
        levels = 20 * np.log10(np.sqrt((steps**2).mean(axis=1)) / 32_768 + 1e-9)
        edges = np.flatnonzero(np.diff([0, *(levels > self.floor).astype(int), 0]))
        return tuple(Stretch(float(a) / 20, float(b) / 20) for a, b in edges.reshape(-1, 2))


class Deaf:
    """SpeechDetector that finds no speech in anything."""

    def detect(self, samples: Samples) -> tuple[Stretch, ...]:
        return ()


class PitchEmbedder:
    """SpeakerEmbedder: two clouds, by the share of a piece's energy at the caller's pitch.

    likeness: cosine of the two clouds' centres; 1 is one and the same voice.
    """

    def __init__(self, likeness: float = 0.6, spread: float = 0.1) -> None:
        self.likeness, self.spread = likeness, spread

    def embed(self, pieces: Sequence[Samples]) -> np.ndarray:
        agent = np.zeros(32)
        agent[0] = 1.0
        caller = np.zeros(32)
        caller[:2] = self.likeness, np.sqrt(1 - self.likeness**2)
        rows = []
        for piece in (one[:] for one in pieces):
            share = _share(piece)
            own = np.random.default_rng(int(np.abs(piece.astype(np.int64)).sum()) % 10_007)
            row = (1 - share) * agent + share * caller
            row += self.spread * own.standard_normal(32) / np.sqrt(32)
            rows.append(row / np.linalg.norm(row))
        return np.array(rows, np.float32)


def _share(piece: np.ndarray) -> float:
    power = np.abs(np.fft.rfft(piece.astype(float))) ** 2 + 1e-6
    hertz = np.fft.rfftfreq(len(piece), 1 / RATE)
    split = (AGENT_HZ + CALLER_HZ) / 2
    return float(power[hertz > split].sum() / power.sum())


class Recognizer:
    """Transcriber of `clock` sound: `answer(start, end)` in seconds says what is heard.

    `asked` collects the windows of each call, rounded to a hundredth.
    """

    def __init__(self, answer: Callable[[float, float], Heard]) -> None:
        self.answer = answer
        self.asked: list[list[tuple[float, float]]] = []

    def transcribe(self, windows: Sequence[Samples]) -> tuple[Heard, ...]:
        begins = [int(window[:1][0]) / 100 for window in windows]
        spans = [
            (begin, round(begin + len(window) / RATE, 2))
            for begin, window in zip(begins, windows, strict=True)
        ]
        self.asked.append(spans)
        return tuple(self.answer(start, end) for start, end in spans)


def clock(seconds: float) -> np.ndarray:
    """Sound that tells its own time: each sample is the hundredth of a second it lies in."""
    return (np.arange(int(seconds * RATE)) // (RATE // 100)).astype(np.int16)


def heard(
    seconds: float,
    text: str = "好",
    *,
    begin: float = 0.0,
    log_probability: float = -0.3,
    compression: float = 1.0,
) -> Heard:
    """A text said evenly from `begin` to `seconds`."""
    step = (seconds - begin) / max(1, len(text))
    tokens = tuple(
        Token(begin + i * step, begin + (i + 1) * step, one, 0.9) for i, one in enumerate(text)
    )
    return Heard(tokens, log_probability, compression)


def words(*lines: Line) -> tuple[Word, ...]:
    """One word a character, evenly over each line; a mark takes no time."""
    made: list[Word] = []
    for start, end, text in lines:
        sounding = [one for one in text if one not in "，。？！"]
        step, at = (end - start) / max(1, len(sounding)), start
        for one in text:
            long = step if one in sounding else 0.0
            made.append(Word(round(at, 3), round(at + long, 3), one, 0.9))
            at += long
    return tuple(made)


def voice(hertz: float, seconds: float, *lines: Line, amplitude: float = 4_000) -> np.ndarray:
    """A tone where the lines are said, silence elsewhere: int16, (n,)."""
    samples = np.zeros(int(seconds * RATE), np.int16)
    for start, end, _ in lines:
        sound = tone(hertz, end - start, amplitude=amplitude)
        samples[int(start * RATE) : int(start * RATE) + len(sound)] = sound
    return samples


def speech(*pairs: tuple[float, float]) -> tuple[Span, ...]:
    """Spans of speech."""
    return tuple(Span(start, end) for start, end in pairs)


def call_of(samples: np.ndarray, *, layout: str = "mono", **fields) -> Call:
    """A call whose sound is this, as the load stage leaves it."""
    rows = np.atleast_2d(samples)
    recording = Recording("0" * 64, "made-up.wav", rows.shape[1] / RATE, len(rows), RATE)
    return Call(recording, sound=Sound(layout), **fields)


def tools_for(samples: np.ndarray, profile=None, *, hear: dict | None = None, **fakes) -> Tools:
    """Tools that hold this sound and these stand-ins."""
    config: Config = load_config(hear=hear or {})
    rows = np.atleast_2d(samples)
    fakes.setdefault("rewriters", ())
    return Tools(config, profile, samples=lambda recording: rows, **fakes)
