"""SpeechDetector on Silero VAD through onnxruntime: the default.

The sequence graph of the silero-vad wheel runs the recurrent part over many frames in one
call and gives the probabilities of the frame-by-frame graph. Importing silero_vad itself is
avoided: it pulls torch in and sets its number of threads.
"""

from functools import cached_property
from typing import Any

import numpy as np

from models.base import RATE, Stretch
from models.catalog import locate
from models.smoothing import stretches

GRAPH = "silero_vad_16k_sequence.onnx"
FRAME = 512  # samples: 32 ms
CONTEXT = 64  # samples of the frame before, which the graph wants in front of each frame
BLOCK = 1024  # frames a call, 33 s: a 3-hour file needs the memory of one block
HYSTERESIS = 0.15  # silero's own: speech goes on down to threshold - 0.15


class SileroDetector:
    """Speech where Silero's probability passes the threshold."""

    def __init__(self, threshold: float = 0.5) -> None:
        """threshold: probability, 0..1, at which speech begins."""
        self.threshold = threshold

    def detect(self, samples: np.ndarray) -> tuple[Stretch, ...]:
        """samples: int16, shape (n,), at RATE. Returns stretches in order, not overlapping."""
        return stretches(
            self.probabilities(samples),
            step_s=FRAME / RATE,
            length_s=len(samples) / RATE,
            begin=self.threshold,
            go_on=max(self.threshold - HYSTERESIS, 0.01),
        )

    def probabilities(self, samples: np.ndarray) -> np.ndarray:
        """Speech probability of each 32 ms: float32, shape (ceil(n / 512),).

        The last frame is filled up with silence. State and context go from block to block.
        """
        state = {name: np.zeros((1, 1, 128), np.float32) for name in ("h", "c")}
        context = np.zeros(CONTEXT, np.float32)
        found = [np.empty(0, np.float32)]
        for first in range(0, len(samples), BLOCK * FRAME):
            block = samples[first : first + BLOCK * FRAME].astype(np.float32) / 32768
            sound = np.concatenate([context, block, np.zeros(-len(block) % FRAME, np.float32)])
            frames = np.lib.stride_tricks.sliding_window_view(sound, CONTEXT + FRAME)[::FRAME]
            context = sound[-CONTEXT:]
            values, state["h"], state["c"] = self._session.run(None, {"input": frames, **state})
            found.append(values)
        return np.concatenate(found)

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
