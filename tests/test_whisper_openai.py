"""Reading CTranslate2 weights, and with the real ones: both recognizers side by side."""

import struct
import wave
from pathlib import Path

import numpy as np
import pytest

from models.base import RATE, ModelUnavailable
from models.ct2_weights import dimensions, read_tensors, state_dict

SAMPLE = Path(__file__).parent.parent / "audio_samples/20260714_081533_1007_13907750123_in.wav"
CODES = {"float32": 0, "int8": 1, "int16": 2, "float16": 4}


def written(path: Path, tensors: dict[str, np.ndarray], version: int = 6) -> Path:
    """A model.bin as CTranslate2 writes it."""

    def string(text: str) -> bytes:
        return struct.pack("<H", len(text) + 1) + text.encode() + b"\0"

    out = struct.pack("<I", version) + string("WhisperSpec")
    out += struct.pack("<II", 3, len(tensors))
    for name, tensor in tensors.items():
        out += string(name) + struct.pack("<B", tensor.ndim)
        out += struct.pack(f"<{tensor.ndim}I", *tensor.shape)
        out += struct.pack("<BI", CODES[tensor.dtype.name], tensor.nbytes) + tensor.tobytes()
    path.write_bytes(out + struct.pack("<I", 0))
    return path


def miniature(layers: int = 2, width: int = 4) -> dict[str, np.ndarray]:
    """The variables of a Whisper of `width` channels, each filled with its own numbers."""
    random = np.random.default_rng(7)

    def matrix(*shape: int) -> np.ndarray:
        return random.normal(size=shape).astype(np.float16)

    tensors = {
        "encoder/conv1/weight": matrix(width, 80, 3),
        "encoder/conv1/bias": matrix(width),
    }
    tensors["decoder/embeddings/weight"] = matrix(11, width)
    for side, length in (("encoder", 6), ("decoder", 5)):
        tensors[f"{side}/num_heads"] = np.array(2, np.int16)
        tensors[f"{side}/pre_norm"] = np.array(1, np.int8)
        tensors[f"{side}/layer_norm/gamma"] = matrix(width)
        tensors[f"{side}/position_encodings/encodings"] = matrix(length, width)
        for i in range(layers):
            start = f"{side}/layer_{i}/self_attention"
            tensors[f"{start}/linear_0/weight"] = matrix(3 * width, width)
            tensors[f"{start}/linear_0/bias"] = matrix(3 * width)
    attention = "decoder/layer_1/attention"
    tensors[f"{attention}/linear_1/weight"] = matrix(2 * width, width)
    tensors[f"{attention}/linear_1/bias"] = matrix(2 * width)
    return tensors


def test_what_is_written_is_read_back(tmp_path):
    tensors = miniature()
    found = read_tensors(written(tmp_path / "model.bin", tensors))
    assert found.keys() == tensors.keys()
    assert all(np.array_equal(found[name], tensors[name]) for name in tensors)


def test_the_fused_attention_matrix_is_cut_into_query_key_and_value():
    tensors = miniature()
    fused = tensors["encoder/layer_0/self_attention/linear_0/weight"].astype(np.float32)
    found = state_dict(tensors)
    parts = [found[f"encoder.blocks.0.attn.{n}.weight"] for n in ("query", "key", "value")]
    assert np.array_equal(np.concatenate(parts), fused)


def test_a_key_has_no_bias_and_the_value_keeps_its_own():
    tensors = miniature()
    found = state_dict(tensors)
    bias = tensors["decoder/layer_1/attention/linear_1/bias"].astype(np.float32)
    assert not [name for name in found if name.endswith("key.bias")]
    assert np.array_equal(found["decoder.blocks.1.cross_attn.value.bias"], bias[4:])


def test_settings_are_not_taken_for_parameters():
    found = state_dict(miniature())
    assert not [name for name in found if "num_heads" in name or "pre_norm" in name]
    assert all(value.dtype == np.float32 for value in found.values())


def test_the_size_of_the_model_is_read_off_its_shapes():
    found = dimensions(miniature(layers=3))
    assert found["n_mels"] == 80 and found["n_vocab"] == 11
    assert (found["n_audio_layer"], found["n_text_layer"]) == (3, 3)
    assert (found["n_audio_ctx"], found["n_text_ctx"]) == (6, 5)


def test_quantized_weights_are_refused():
    tensors = miniature()
    name = "encoder/layer_0/self_attention/linear_0/weight"
    with pytest.raises(ModelUnavailable, match="量化"):
        state_dict(tensors | {name: np.zeros((12, 4), np.int8)})


def test_another_version_of_the_format_is_refused(tmp_path):
    with pytest.raises(ModelUnavailable, match="format 5"):
        read_tensors(written(tmp_path / "model.bin", {}, version=5))


@pytest.mark.parametrize("keep", [1, 30, 400])
def test_a_file_cut_short_is_refused(tmp_path, keep):
    path = written(tmp_path / "model.bin", miniature())
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ModelUnavailable, match="不是可读的"):
        read_tensors(path)


# --- with the real weights -----------------------------------------------------------------


@pytest.fixture(scope="module")
def window():
    """Ten seconds of a shipped call, both sides mixed: int16 at RATE."""
    with wave.open(str(SAMPLE)) as file:
        sides = np.frombuffer(file.readframes(10 * 8000), "<i2").reshape(-1, 2)
    mixed = sides.sum(axis=1, dtype=np.int32).clip(-32768, 32767)
    at = np.arange(2 * len(mixed)) / 2
    return np.interp(at, np.arange(len(mixed)), mixed).astype(np.int16)


@pytest.fixture(scope="module")
def reference():
    """openai-whisper on the catalogue's base."""
    from models.catalog import locate
    from models.whisper_openai import OpenaiTranscriber

    return OpenaiTranscriber(locate("base"), beam_size=2)


def edits(a: str, b: str) -> int:
    """Insertions, deletions and substitutions from a to b."""
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (left != right))
    return row[-1]


# openai-whisper opens its vocabulary and leaves the file to the garbage collector.
unclosed = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.mark.model
@unclosed
def test_both_recognizers_hear_about_the_same(window, reference):
    from models.catalog import locate
    from models.whisper_ct2 import Ct2Transcriber

    (slow,) = reference.transcribe([window])
    (fast,) = Ct2Transcriber(locate("base"), beam_size=2).transcribe([window])
    assert len(slow.text) > 10
    assert edits(slow.text, fast.text) < 0.35 * len(slow.text)
    assert abs(slow.log_probability - fast.log_probability) < 0.3


@pytest.mark.model
@unclosed
def test_token_times_are_in_order_and_inside_the_window(window, reference):
    (heard,) = reference.transcribe([window])
    times = [time for token in heard.tokens for time in (token.start, token.end)]
    assert times == sorted(times)
    assert 0 <= times[0] and times[-1] <= len(window) / RATE
    assert all(0 <= token.probability <= 1 for token in heard.tokens)


@pytest.mark.model
@unclosed
def test_an_openai_file_of_the_same_weights_gives_the_same_text(window, reference, tmp_path):
    import torch

    from models.whisper_openai import OpenaiTranscriber

    model = reference._model
    saved = {"dims": vars(model.dims), "model_state_dict": model.state_dict()}
    torch.save(saved, tmp_path / "base.pt")
    (expected,) = reference.transcribe([window])
    (found,) = OpenaiTranscriber(tmp_path, beam_size=2).transcribe([window])
    assert found.text == expected.text


@pytest.mark.model
@unclosed
def test_a_folder_without_weights_is_refused(tmp_path):
    from models.whisper_openai import OpenaiTranscriber

    with pytest.raises(ModelUnavailable, match=r"model\.bin"):
        OpenaiTranscriber(tmp_path)


@pytest.mark.model
def test_the_real_base_weights_are_the_ones_the_catalogue_names():
    from models.catalog import digest

    assert digest("base").startswith("d01c3014881c9c6f")
