"""What a stage may ask for: settings, the profile, the models and the sound of a call.

Models are loaded when first asked for and kept; one worker process holds one Tools. What
cannot be loaded raises models.base.ModelUnavailable, which stage.py makes a failure of that
call. Tests pass fakes by name. Samples never leave the process: those of the recordings in
work are held.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from models import classifiers
from models.base import (
    PunctuationModel,
    Samples,
    SpeakerEmbedder,
    SpeechDetector,
    TextClassifier,
    Transcriber,
)
from models.calls import CallClassifier
from models.echoes import Echoes
from models.gathering import Gathering
from models.language import CharacterModel
from models.respelling import Respelling
from models.written import Rewriter
from pipeline import audio
from pipeline.collecting import lasting
from pipeline.config import Config
from pipeline.domain.profile import Profile
from pipeline.records import Recording
from pipeline.sides import Mixed

LANGUAGE = classifiers.SHIPPED / "language"
SPELLING = classifiers.SHIPPED / "spelling"
PUNCTUATION = classifiers.SHIPPED / "punctuation"


class Tools:
    """The models and the knowledge that the stages of one worker share."""

    def __init__(self, config: Config, profile: Profile, **fakes: Any) -> None:
        self.config = config
        self.profile = profile
        self._held: dict[str, Sequence[Samples]] = {}
        self._classifiers: dict[str, TextClassifier | None] = {}
        for name, fake in fakes.items():
            setattr(self, name, fake)

    def samples(self, recording: Recording) -> Sequence[Samples]:
        """The sound of each channel, equally long. Raises AudioUnreadable and its like."""
        if recording.sha256 not in self._held:
            limit = self.config.run.max_hours
            self._held[recording.sha256] = audio.read(recording.path, max_hours=limit)
        return self._held[recording.sha256]

    def probe(self, recording: Recording) -> audio.Probe:
        """What the file's header says of it. Raises AudioUnreadable and its like."""
        return audio.probe(recording.path)

    def mixed(self, recording: Recording) -> Samples:
        """The channels' mean: what a listener on one ear hears."""
        sides = self.samples(recording)
        return sides[0] if len(sides) == 1 else Mixed(sides)

    def forget_samples(self, recording: Recording) -> None:
        """Let go of the sound: it would fill memory, or the disk, until the next one."""
        self._held.pop(recording.sha256, None)

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
    def transcriber(self) -> Gathering:
        """The recognizer that [hear] names, for as many calls at once as there are."""
        return Gathering(self._recognizer)

    @lasting()
    def _recognizer(self) -> Transcriber:
        hear, threads = self.config.hear, self.config.run.threads
        from models.catalog import locate

        if hear.recognizer == "torch":
            from models.whisper_torch import TorchTranscriber

            return TorchTranscriber(
                locate(hear.whisper),
                vocabulary=hear.vocabulary,
                beam_size=hear.beam_size,
                batch_size=hear.batch_size,
                floor_s=hear.floor_s,
                words=self.language,
                weight=hear.language_weight,
                threads=threads,
            )

        if hear.recognizer == "openai-whisper":
            from models.whisper_openai import OpenaiTranscriber

            return OpenaiTranscriber(
                locate(hear.whisper), beam_size=hear.beam_size, threads=threads
            )
        from models.whisper_ct2 import Ct2Transcriber

        return Ct2Transcriber(
            locate(hear.whisper),
            compute_type=hear.compute_type,
            vocabulary=hear.vocabulary,
            beam_size=hear.beam_size,
            batch_size=hear.batch_size,
            floor_s=hear.floor_s,
            threads=threads,
        )

    @cached_property
    def language(self) -> CharacterModel | None:
        """How likely characters are after others; None where [hear] gives it no weight."""
        if not self.config.hear.language_weight:
            return None
        return CharacterModel(LANGUAGE, names=self.profile.glossary)

    @cached_property
    def rewriters(self) -> Sequence[Rewriter]:
        """Write doubtful characters anew, and alike what is said twice; () without a language
        model."""
        if not self.language:
            return ()
        from models.spelling import Spelling

        anew = Respelling(self.language, self.language.characters, Spelling(SPELLING))
        return anew, Echoes(self.language)

    @cached_property
    def punctuation(self) -> PunctuationModel | None:
        """Finds where marks are missing; None where [hear] leaves them out."""
        if not self.config.hear.punctuation:
            return None
        from models.punctuation import Punctuation

        return Punctuation(PUNCTUATION)

    @cached_property
    def embedder(self) -> SpeakerEmbedder:
        """Speaker vectors, for recordings whose two voices share one channel."""
        from models.catalog import locate
        from models.speakers import VoiceEmbedder

        return VoiceEmbedder(locate("resemblyzer"))

    @cached_property
    def calls(self) -> CallClassifier | None:
        """The classifier of whole calls, the city's own before ours; None without one.

        Raises ModelUnavailable for weights that cannot be read.
        """
        folder = classifier_folders(self.profile).get("calls")
        return CallClassifier.load(folder) if folder else None

    def classifier(self, task: str) -> TextClassifier | None:
        """The trained classifier of a task, the city's own before ours; None without one.

        Raises ModelUnavailable for weights that cannot be read.
        """
        if task not in self._classifiers:
            folder = classifier_folders(self.profile).get(task)
            self._classifiers[task] = classifiers.load(folder) if folder else None
        return self._classifiers[task]


def classifier_folders(profile: Profile) -> dict[str, Path]:
    """Task -> folder of the weights that `classifier` loads; provenance.py hashes them."""
    return classifiers.find(profile.folder / "weights", classifiers.SHIPPED)
