"""The tensors of a CTranslate2 Whisper, read without CTranslate2, under OpenAI's names.

Used by whisper_openai.py, so that both recognizers run on the very same weights. All tensors
map one to one; only CTranslate2's fused query-key-value matrices are cut apart again, and its
key bias, which is zero because Whisper has none, is dropped.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from models.base import ModelUnavailable

VERSION = 6  # of the binary format; CTranslate2 4 writes it
DTYPES = {0: "<f4", 1: "i1", 2: "<i2", 3: "<i4", 4: "<f2"}

# CTranslate2's name of a part -> OpenAI's; an asterisk stands for a layer's number.
ENCODER_LAYER = {
    "self_attention/layer_norm": "attn_ln",
    "self_attention/linear_0": "attn.query attn.key attn.value",
    "self_attention/linear_1": "attn.out",
    "ffn/layer_norm": "mlp_ln",
    "ffn/linear_0": "mlp.0",
    "ffn/linear_1": "mlp.2",
}
DECODER_LAYER = ENCODER_LAYER | {
    "attention/layer_norm": "cross_attn_ln",
    "attention/linear_0": "cross_attn.query",
    "attention/linear_1": "cross_attn.key cross_attn.value",
    "attention/linear_2": "cross_attn.out",
}
OUTSIDE_LAYERS = {
    "encoder/conv1": "encoder.conv1",
    "encoder/conv2": "encoder.conv2",
    "encoder/layer_norm": "encoder.ln_post",
    "decoder/layer_norm": "decoder.ln",
    "decoder/embeddings": "decoder.token_embedding",
}
LEAVES = {"weight": "weight", "bias": "bias", "gamma": "weight", "beta": "bias"}


def read_tensors(path: Path) -> dict[str, np.ndarray]:
    """Every variable of a model.bin by name, mapped from the file and not copied.

    Raises ModelUnavailable when the file is no CTranslate2 Whisper of format VERSION.
    """
    data = np.memmap(path, dtype=np.uint8, mode="c")  # torch takes what it could write to
    try:
        return dict(_variables(data))
    except (struct.error, ValueError, KeyError) as error:
        raise ModelUnavailable(
            f"{path} 不是可读的 CTranslate2 Whisper 权重：{error}"
        ) from error


def _variables(data: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    at = 0

    def number(code: str) -> int:
        nonlocal at
        size = struct.calcsize("<" + code)
        (value,) = struct.unpack("<" + code, data[at : at + size].tobytes())
        at += size
        return value

    def string() -> str:
        nonlocal at
        size = number("H")
        value = data[at : at + size].tobytes()
        at += size
        return value.rstrip(b"\0").decode()

    version, spec = number("I"), string()
    if version != VERSION or spec != "WhisperSpec":
        raise ValueError(f"format {version} {spec}, expected {VERSION} WhisperSpec")
    number("I")  # the specification's revision
    for _ in range(number("I")):
        name, rank = string(), number("B")
        shape = tuple(number("I") for _ in range(rank))
        dtype, size = DTYPES[number("B")], number("I")
        yield name, data[at : at + size].view(dtype).reshape(shape)
        at += size


def state_dict(tensors: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """OpenAI Whisper's parameters, float32, from what read_tensors gives.

    Raises ModelUnavailable for quantized weights: they are not the reference's any more.
    """
    found: dict[str, np.ndarray] = {}
    for name, tensor in tensors.items():
        if tensor.dtype == np.int8 and tensor.ndim:
            raise ModelUnavailable("这是量化过的 CTranslate2 权重：openai-whisper 需要 float16")
        found.update(_renamed(name, tensor))
    for side in ("encoder", "decoder"):
        positions = tensors[f"{side}/position_encodings/encodings"]
        found[f"{side}.positional_embedding"] = positions.astype(np.float32)
    return found


def _renamed(name: str, tensor: np.ndarray) -> dict[str, np.ndarray]:
    """The one to three parameters of a variable; none for settings such as num_heads."""
    part, _, leaf = name.rpartition("/")
    if leaf not in LEAVES:
        return {}
    side, _, rest = part.partition("/")
    if part in OUTSIDE_LAYERS:
        targets = [OUTSIDE_LAYERS[part]]
    elif rest.startswith("layer_") and "/" in rest:
        layer, _, inside = rest.partition("/")
        names = ENCODER_LAYER if side == "encoder" else DECODER_LAYER
        block = f"{side}.blocks.{layer.removeprefix('layer_')}"
        targets = [f"{block}.{target}" for target in names[inside].split()]
    else:
        return {}
    pieces = np.split(tensor.astype(np.float32), len(targets))
    return {
        f"{target}.{LEAVES[leaf]}": piece
        for target, piece in zip(targets, pieces, strict=True)
        if not (leaf == "bias" and target.endswith(".key"))
    }


def dimensions(tensors: dict[str, np.ndarray]) -> dict[str, int]:
    """The fields of openai-whisper's ModelDimensions, read off the shapes."""

    def layers(side: str) -> int:
        return len(
            {name.split("/")[1] for name in tensors if name.startswith(f"{side}/layer_")}
        )

    state, n_mels, _ = tensors["encoder/conv1/weight"].shape
    vocabulary, text_state = tensors["decoder/embeddings/weight"].shape
    return {
        "n_mels": n_mels,
        "n_audio_ctx": len(tensors["encoder/position_encodings/encodings"]),
        "n_audio_state": state,
        "n_audio_head": int(tensors["encoder/num_heads"]),
        "n_audio_layer": layers("encoder") - 1,  # layer_norm counts as one
        "n_vocab": vocabulary,
        "n_text_ctx": len(tensors["decoder/position_encodings/encodings"]),
        "n_text_state": text_state,
        "n_text_head": int(tensors["decoder/num_heads"]),
        "n_text_layer": layers("decoder") - 1,
    }
