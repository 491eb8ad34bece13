"""What a stage may ask for: settings, the profile, the models and the sound of a call.

Models are loaded when first asked for and kept; one worker process holds one Tools. Tests
pass fakes by name. Samples never leave the process: only the last recording's are held.
"""

from functools import cached_property
from typing import Any

import numpy as np

from models.base import SpeakerEmbedder, SpeechDetector, TextClassifier, Transcriber
from pipeline import audio
from pipeline.config import Config
from pipeline.domain.profile import Profile
from pipeline.records import Recording


class Tools:
    """The models and the knowledge that the stages of one worker share."""

    def __init__(self, config: Config, profile: Profile, **fakes: Any) -> None:
        self.config = config
        self.profile = profile
        self._held: tuple[str, np.ndarray] | None = None
        for name, fake in fakes.items():
            setattr(self, name, fake)

    def samples(self, recording: Recording) -> np.ndarray:
        """int16 samples at 16 kHz, shape (channels, n). Raises AudioUnreadable and its like."""
        if self._held is None or self._held[0] != recording.sha256:
            limit = self.config.run.max_hours
            self._held = (recording.sha256, audio.decode(recording.path, max_hours=limit))
        return self._held[1]

    def forget_samples(self) -> None:
        """Let go of the sound: a long call would fill memory until the next one."""
        self._held = None

    @cached_property
    def detector(self) -> SpeechDetector:
        """The speech detector that [hear] names."""
        hear = self.config.hear
        if hear.detector == "webrtc":
            from models.webrtc import WebrtcDetector

            return WebrtcDetector(hear.detector_aggressiveness)
        from models.silero import SileroDetector

        return SileroDetector(hear.detector_threshold)

    @cached_property
    def transcriber(self) -> Transcriber:
        """The recognizer that [hear] names, on the weights that [hear] names."""
        hear = self.config.hear
        from models.catalog import locate

        if hear.recognizer == "openai-whisper":
            from models.whisper_openai import OpenaiTranscriber

            return OpenaiTranscriber(locate(hear.whisper), beam_size=hear.beam_size)
        from models.whisper_ct2 import Ct2Transcriber

        return Ct2Transcriber(
            locate(hear.whisper),
            compute_type=hear.compute_type,
            beam_size=hear.beam_size,
            batch_size=hear.batch_size,
            floor_s=hear.floor_s,
        )

    @cached_property
    def embedder(self) -> SpeakerEmbedder:
        """Speaker vectors, for recordings whose two voices share one channel."""
        from models.speakers import VoiceEmbedder

        return VoiceEmbedder()

    @cached_property
    def classifiers(self) -> dict[str, TextClassifier]:
        """The profile's trained classifiers by task; empty where it has none."""
        return self.profile.classifiers()
