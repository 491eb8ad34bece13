"""SpeechDetector on Silero VAD through onnxruntime: the default.

The sequence graph of the silero-vad wheel runs the recurrent part over many frames in one
call and gives the probabilities of the frame-by-frame graph. Importing silero_vad itself is
avoided: it pulls torch in and sets its number of threads.

Two things are done for the model that it does not do for itself (figures: docs/performance.md).
It forgets: after hold music or noise its recurrent state hears no speech for ten seconds and
more, so what is not speech is remembered for one block. And quiet recordings are raised.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from models.base import RATE, Samples, Stretch
from models.catalog import locate
from models.smoothing import stretches

GRAPH = "silero_vad_16k_sequence.onnx"
FRAME = 512  # samples: 32 ms
CONTEXT = 64  # samples of the frame before, which the graph wants in front of each frame
BLOCK = 64  # frames a call, 2 s: how far back what is not speech is remembered
SPEECH = 0.5  # a block that never reaches this probability holds no speech
LOUD = 0.1  # of full scale, -20 dBFS: what the loudest half second of a good recording has
LOUD_FRAMES = 16  # half a second: a click is shorter
MOST_GAIN = 20.0  # 26 dB; the noise of telephone codecs is not raised to the level of speech
HYSTERESIS = 0.15  # silero's own: speech goes on down to threshold - 0.15


class SileroDetector:
    """Speech where Silero's probability passes the threshold."""

    def __init__(self, threshold: float = 0.5) -> None:
        """threshold: probability, 0..1, at which speech begins."""
        self.threshold = threshold

    def detect(self, samples: Samples) -> tuple[Stretch, ...]:
        """Stretches in order, not overlapping."""
        return stretches(
            self.probabilities(samples, gain=gain(samples)),
            step_s=FRAME / RATE,
            length_s=len(samples) / RATE,
            begin=self.threshold,
            go_on=max(self.threshold - HYSTERESIS, 0.01),
        )

    def probabilities(self, samples: Samples, *, gain: float = 1.0) -> np.ndarray:
        """Speech probability of each 32 ms: float32, shape (ceil(n / 512),).

        The last frame is filled up with silence. Context goes from block to block, and so does
        the state, but after a block without speech it is what that block alone makes of it.
        """
        fresh = [np.zeros((1, 1, 128), np.float32)] * 2
        state = fresh
        context = np.zeros(CONTEXT, np.float32)
        found = [np.empty(0, np.float32)]
        for first in range(0, len(samples), BLOCK * FRAME):
            block = samples[first : first + BLOCK * FRAME].astype(np.float32) * (gain / 32768)
            sound = np.concatenate([context, block, np.zeros(-len(block) % FRAME, np.float32)])
            frames = np.lib.stride_tricks.sliding_window_view(sound, CONTEXT + FRAME)[::FRAME]
            context = sound[-CONTEXT:]
            values, *state = self._run(frames, state)
            if values.max() < SPEECH:
                _, *state = self._run(frames, fresh)
            found.append(values)
        return np.concatenate(found)

    def _run(self, frames: np.ndarray, state: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Probabilities of the frames, and the two halves of the state after them."""
        asked = {"input": frames, "h": state[0], "c": state[1]}
        found: list[np.ndarray] = self._session.run(None, asked)
        return found

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # One thread: the graph is small, and each worker process has one core to itself.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3  # the graph's unused initializers are warned of
        graph = locate("silero") / GRAPH
        return onnxruntime.InferenceSession(
            str(graph), options, providers=["CPUExecutionProvider"]
        )


def gain(samples: Samples) -> float:
    """What raises the loudest half second to LOUD: 1 for all but quiet recordings."""
    if len(samples) < LOUD_FRAMES * FRAME:
        return 1.0
    powers = []
    for first in range(0, len(samples), BLOCK * FRAME):
        block = samples[first : first + BLOCK * FRAME]
        frames = block[: len(block) // FRAME * FRAME].reshape(-1, FRAME).astype(np.float32)
        powers.append(np.einsum("ij,ij->i", frames, frames) / FRAME)
    loudest = np.sort(np.concatenate(powers))[-LOUD_FRAMES:]
    return float(np.clip(LOUD * 32768 / np.sqrt(loudest[0] + 1), 1.0, MOST_GAIN))
