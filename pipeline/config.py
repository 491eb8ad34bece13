"""How a run behaves: one TOML, checked once, frozen, grouped by what a change costs.

[hear] changes mean transcribing again, [judge] changes mean judging again, the others cost
nothing: provenance.py hashes the first two into the keys of the store.
"""

import os
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import ConfigInvalid

if hasattr(os, "sched_getaffinity"):  # Linux: what a container or taskset leaves us
    CORES = len(os.sched_getaffinity(0))
else:
    CORES = os.cpu_count() or 1
DEFAULTS = Path(__file__).with_name("default.toml")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HearConfig(_Section):
    """How sound becomes turns. A change here means transcribing again."""

    detector: Literal["silero", "webrtc"]
    detector_threshold: float = Field(gt=0, lt=1)  # speech probability (silero)
    detector_aggressiveness: int = Field(ge=0, le=3)  # webrtcvad's own scale
    recognizer: Literal["torch", "ctranslate2", "openai-whisper"]
    whisper: str  # a name in the model catalogue
    compute_type: Literal["int8", "int8_float32", "float32"]  # ctranslate2 only
    vocabulary: Literal["chinese", "full"]  # tokens that may be written
    language_weight: float = Field(ge=0, le=1)  # of the language model; 0: none
    punctuation: bool  # whether marks that the recognizer left out are set
    beam_size: int = Field(ge=1, le=10)
    window_s: float = Field(ge=5, le=30)  # longest window given to the recognizer
    floor_s: float = Field(ge=0, le=30)  # shorter windows are padded to this with silence
    keep_silence_s: float = Field(ge=0, le=10)  # pauses up to this stay inside a window
    batch_size: int = Field(ge=1, le=64)
    min_log_probability: float = Field(le=0)  # below: the window is not believed
    max_compression: float = Field(gt=1)  # above: the window repeats itself, not believed
    min_speech_s: float = Field(ge=0)  # less speech than this in a call: no_speech
    turn_pause_s: float = Field(gt=0)  # a longer pause ends the turn


class JudgeConfig(_Section):
    """How turns become findings. A change here means judging again, in milliseconds a call."""

    low_confidence: float = Field(ge=0, le=1)  # mean turn confidence below which a person reads


class RunConfig(_Section):
    """How work is done. Nothing here changes a result."""

    workers: int = Field(ge=0)  # 0: one for each core
    executor: Literal["processes", "inline", "ray"]
    limit_s: float = Field(gt=0)  # a call may take this long ...
    limit_realtime: float = Field(ge=0)  # ... plus this times its own length
    settle_s: float = Field(ge=0)  # a file younger than this is watched for growth
    max_hours: float = Field(gt=0)  # longer recordings are refused

    @property
    def at_once(self) -> int:
        """How many calls are worked on at the same time."""
        return self.workers or CORES

    @property
    def threads(self) -> int:
        """Cores that one call may use; the text is the same with any number of them."""
        return max(1, CORES // self.at_once)


class WebConfig(_Section):
    """How the review workbench behaves (lingsu web)."""

    idle_minutes: int = Field(ge=5, le=1440)  # without use a session ends
    session_hours: int = Field(ge=1, le=168)  # then everybody signs in again
    sound_mb: int = Field(ge=0)  # of what is made of recordings for listening; 0: no limit


class RetentionConfig(_Section):
    """How many days each class of data is kept; 0: until somebody erases it."""

    audio_days: int = Field(ge=0)  # what was made of the sound: clips, peaks
    transcript_days: int = Field(ge=0)  # words, and all that was found in them
    ticket_days: int = Field(ge=0)  # drafts of work orders
    audit_days: int = Field(ge=0)


class PushConfig(_Section):
    """Where `lingsu push` sends work orders, and how patiently. No result depends on it."""

    url: str  # used where the command names none
    receipt: str  # where the answer has its receipt number: data.id; "": any answer will do
    ca_file: str  # certificates of an authority of one's own, PEM; "": those of the system
    timeout_s: float = Field(gt=0)  # for connecting, and for each silence of the other side
    attempts: int = Field(ge=1, le=20)  # to send one order
    backoff_s: float = Field(ge=0)  # pause before the second attempt, doubled each time ...
    longest_wait_s: float = Field(gt=0)  # ... up to this; who is told to wait longer gives up

    @property
    def patience_s(self) -> float:
        """More than sending one order can take: connecting, answering, pausing each time."""
        return self.attempts * (4 * self.timeout_s + self.longest_wait_s)


class Config(_Section):
    """The whole file."""

    hear: HearConfig
    judge: JudgeConfig
    run: RunConfig
    web: WebConfig
    retention: RetentionConfig
    push: PushConfig


def load_config(path: Path | None = None, **overrides: dict[str, Any]) -> Config:
    """Read the defaults, then `path` over them, then `overrides` by section.

    Raises ConfigInvalid naming the key, what is allowed and what came.
    """
    merged = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))
    layers: list[dict[str, Any]] = [overrides]
    if path is not None:
        try:
            layers.insert(0, tomllib.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise ConfigInvalid(f"{path}: {error}") from error
    for layer in layers:
        for section, values in layer.items():
            if not isinstance(values, dict) or section not in merged:
                raise ConfigInvalid(f"{section}：没有这一节，只有 {'、'.join(merged)}")
            merged[section].update(values)
    try:
        return Config.model_validate(merged)
    except ValidationError as error:
        first = error.errors()[0]
        section, name = map(str, first["loc"][:2])
        key = f"{section}.{name}"
        if first["type"] == "extra_forbidden":
            known = "、".join(other for other in merged[section] if other != name)
            raise ConfigInvalid(f"{key}：没有这个设置，[{section}] 里有：{known}") from error
        raise ConfigInvalid(f"{key}：{first['msg']}（写的是 {first['input']!r}）") from error
