"""SpeechDetector on the WebRTC detector: no weights, very fast, less sure than silero.

It says yes or no to each 30 ms and flickers; the share of yes in a window of frames is what
becomes stretches.
"""

import numpy as np

from models.base import RATE, Samples, Stretch
from models.smoothing import stretches

FRAME = 480  # samples: 30 ms, the longest frame webrtcvad takes
BLOCK = 1_000 * FRAME  # samples read at a time: 30 s
WINDOW = 9  # frames, 270 ms: a syllable, so that one click or one dropped frame is outvoted
BEGIN = 0.6  # share of speech frames in the window at which speech begins
GO_ON = 0.3  # and down to which it goes on


class WebrtcDetector:
    """Speech where most frames around say so."""

    def __init__(self, aggressiveness: int = 2) -> None:
        """aggressiveness: webrtcvad's own scale, 0 (keeps most) to 3 (drops most)."""
        self.aggressiveness = aggressiveness

    def detect(self, samples: Samples) -> tuple[Stretch, ...]:
        """Stretches in order, not overlapping."""
        return stretches(
            self.shares(samples),
            step_s=FRAME / RATE,
            length_s=len(samples) / RATE,
            begin=BEGIN,
            go_on=GO_ON,
        )

    def shares(self, samples: Samples) -> np.ndarray:
        """Share of speech frames around each 30 ms: float64, 0..1, shape (ceil(n / 480),)."""
        import webrtcvad

        vad = webrtcvad.Vad(self.aggressiveness)  # a new one a call: it adapts to what it hears
        said: list[bool] = []
        size = FRAME * 2
        for begin in range(0, len(samples), BLOCK):
            sound = samples[begin : begin + BLOCK].astype("<i2").tobytes()
            frames = (sound[first : first + size] for first in range(0, len(sound), size))
            said += [vad.is_speech(frame.ljust(size, b"\0"), RATE) for frame in frames]
        if not said:
            return np.empty(0)
        votes = np.convolve(said, np.ones(WINDOW))
        # At the edges there are fewer frames to vote, so the share is of those there are.
        voters = np.convolve(np.ones(len(said)), np.ones(WINDOW))
        half = WINDOW // 2
        return (votes / voters)[half : half + len(said)]
