"""Products with a network's weights, by what the processor multiplies fastest.

Used by whisper_net.py. A row has the same result whatever rows stand beside it: a library
chooses its kernel, and with it the order of sums, by the number of rows, so while several
windows are written that number is a multiple of `rows`. Figures: docs/performance.md.
"""

import os
from typing import NamedTuple, Protocol

import torch
from torch import Tensor
from torch.nn import functional as F

# MKL reads this when it multiplies first. Without it two threads of one process may choose
# different kernels, and a text depends on which of them wrote it (seen on AMD's AVX2).
os.environ.setdefault("MKL_CBWR", "AUTO")

ROWS = 32  # rows of a product while writing


class Product(Protocol):
    """A layer's weights and bias, ready to be multiplied."""

    dtype: torch.dtype  # of what is kept and attended to
    rows: int  # of a piece at most, where rows of several windows are multiplied together
    grain: int  # a piece may have any multiple of so many: a row has the same result

    def __init__(self, weight: Tensor, bias: Tensor | None) -> None:
        """weight: (out, in); bias: (out,); of any floating type."""

    def __call__(self, x: Tensor) -> Tensor:
        """x: (n, in) or (pieces, rows, in); returns the same with `out` columns."""


class Float32:
    """As the weights are."""

    dtype, rows, grain = torch.float32, ROWS, ROWS

    def __init__(self, weight: Tensor, bias: Tensor | None) -> None:
        self._weight = weight.to(self.dtype, copy=True)  # out of the file
        self._bias = None if bias is None else bias.to(self.dtype)

    def __call__(self, x: Tensor) -> Tensor:
        if x.dim() == 3:
            return torch.stack([self(piece) for piece in x])
        return F.linear(x, self._weight, self._bias)


class Bfloat16:
    """In bfloat16, for processors that multiply it (AMX, AVX-512)."""

    dtype, rows = torch.bfloat16, ROWS
    # AVX-512 sums 2 to 32 rows alike (all weights of a decoder, 16,512 products, to the bit),
    # and 4 in a third of the time of 32. AMX takes any of them in the same time.
    grain = ROWS if torch.cpu.get_capabilities().get("amx_bf16") else 4

    def __init__(self, weight: Tensor, bias: Tensor | None) -> None:
        # Laid out once as the processor's units read it: half the time of a small product.
        self._weight = torch.ops.mkldnn._reorder_linear_weight(weight.to(self.dtype), ROWS)
        self._bias = None if bias is None else bias.to(self.dtype)

    def __call__(self, x: Tensor) -> Tensor:
        if x.dim() == 3:
            return torch.stack([self(piece) for piece in x])
        x = x.to(self.dtype)
        return torch.ops.mkldnn._linear_pointwise(x, self._weight, self._bias, "none", [], "")


class Float16:
    """Weights in half the bytes, multiplied in float32: exact, since Whisper's are float16.

    On AVX2 a kernel takes six rows, so any multiple of six is multiplied at once.
    """

    dtype, rows, grain = torch.float32, 6, 6

    def __init__(self, weight: Tensor, bias: Tensor | None) -> None:
        bias = None if bias is None else bias.float()
        self._weight = torch.ops.quantized.linear_prepack_fp16(weight.float(), bias)

    def __call__(self, x: Tensor) -> Tensor:
        return torch.ops.quantized.linear_dynamic_fp16(x, self._weight)


class Kinds(NamedTuple):
    """Of the products of a network's halves, which keep their results in one dtype."""

    encoder: type[Product]
    decoder: type[Product]


def fastest() -> Kinds:
    """What this processor multiplies fastest without costing words.

    The decoder, a few rows at a time, waits for its weights; the encoder does not.
    """
    able = torch.cpu.get_capabilities()
    if able.get("amx_bf16") or able.get("avx512_bf16"):
        return Kinds(Bfloat16, Bfloat16)
    avx2 = torch.backends.cpu.get_cpu_capability() == "AVX2"
    return Kinds(Float32, Float16 if avx2 else Float32)
