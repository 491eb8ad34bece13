"""Whisper's network on torch: an encoder, and a decoder that steps many windows at once.

Used by whisper_torch.py and beam.py. Made for telephone calls on a CPU:
- a window is encoded at its own length, alone, and never padded to 30 s;
- neighbouring frames of what was heard are averaged two by two before the decoder reads
  them: its attention is bound by memory, and 40 ms are still finer than any character
  (character error rate of 24 calls .1293 with and without);
- each window keeps its own sound, so a batch may hold any lengths and nothing is copied;
- all hypotheses of a window share one memory of what was written, each sees its own past;
- products run in bfloat16 or in integers, as the processor likes (products.py); sums, norms
  and logits are float32.
Weights and names are those of a CTranslate2 Whisper (ct2_weights.py).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from models.products import ROWS, Kinds, Product

MERGED = 2  # frames of the encoder averaged for the decoder
FRAME_S = 0.02 * MERGED
# Layers that read the sound: the encoder's, and what the decoder's attention makes of it.
HEARD = re.compile(r"encoder/|decoder/layer_\d+/attention/linear_1$")
ROOM = 64  # columns that the decoder's memory has at first


@dataclass
class Sound:
    """What the encoder made of one window, as the decoder's layers read it."""

    keys: list[Tensor]  # a layer: (1, heads, frames, width)
    values: list[Tensor]


class Memory:
    """Keys and values of what was written, in columns that the rows of a window share."""

    def __init__(self, windows: int, network: "Network") -> None:
        shape = (windows, network.heads, ROOM, network.width)
        self.keys = [torch.empty(shape, dtype=network.dtype) for _ in range(network.layers)]
        self.values = [torch.empty_like(k) for k in self.keys]
        self.length = 0

    def make_room(self, columns: int) -> None:
        """Provide for so many more columns."""
        if self.length + columns > self.keys[0].shape[2]:
            more = (0, 0, 0, columns + self.length)
            self._replace(lambda held: F.pad(held, more))

    def keep(self, windows: Sequence[int]) -> None:
        """Forget all other windows."""
        rows = torch.tensor(windows)
        self._replace(lambda held: held[rows])

    def _replace(self, change: Callable[[Tensor], Tensor]) -> None:
        """A layer at a time: the old ones and the new ones together are 150 MB."""
        for layers in (self.keys, self.values):
            for i, held in enumerate(layers):
                layers[i] = change(held)


class Network:
    """The two halves of Whisper. All tensors on the CPU; call it under inference_mode."""

    def __init__(
        self, tensors: dict[str, np.ndarray], kept: Sequence[int], kinds: Kinds
    ) -> None:
        """kept: the tokens that may be written, as rows of the embedding."""
        self.dtype = kinds.decoder.dtype
        self._rows, self._grain = kinds.decoder.rows, kinds.decoder.grain
        self.heads = int(tensors["decoder/num_heads"])
        self.layers, self._encoder_layers = (
            _layers(tensors, "decoder"),
            _layers(tensors, "encoder"),
        )
        rows = tensors["decoder/embeddings/weight"][list(kept)]
        self._embedding = torch.from_numpy(rows.astype(np.float32))
        self.width = self._embedding.shape[1] // self.heads
        self.n_mels = tensors["encoder/conv1/weight"].shape[1]
        self._positions = {
            side: torch.from_numpy(
                tensors[f"{side}/position_encodings/encodings"].astype(np.float32)
            )
            for side in ("encoder", "decoder")
        }
        self._norms: dict[str, Tensor] = {}
        self._convolutions: dict[str, tuple[Tensor, Tensor]] = {}
        self._products: dict[str, Product] = {
            "projection": kinds.decoder(self._embedding, None)
        }
        for name, tensor in tensors.items():  # one at a time: all at once are gigabytes
            layer, _, part = name.rpartition("/")
            if part in ("gamma", "beta"):
                self._norms[name] = torch.from_numpy(tensor.astype(np.float32))
            elif part == "weight" and not layer.endswith("embeddings"):
                weight = torch.from_numpy(tensor)
                bias = torch.from_numpy(tensors[f"{layer}/bias"])
                if weight.ndim == 2:
                    kind = kinds.encoder if HEARD.match(layer) else kinds.decoder
                    self._products[layer] = kind(weight, bias)
                else:
                    self._convolutions[layer] = weight.to(self.dtype), bias.to(self.dtype)

    def encode(self, mel: np.ndarray) -> Sound:
        """One window. mel: float32, (n_mels, frames), frames a multiple of 2 * MERGED."""
        x = torch.from_numpy(mel)[None].to(self.dtype)
        for name, stride in (("encoder/conv1", 1), ("encoder/conv2", 2)):
            x = F.gelu(F.conv1d(x, *self._convolutions[name], stride=stride, padding=1))
        x = x[0].T.float().contiguous() + self._positions["encoder"][: x.shape[2]]
        for i in range(self._encoder_layers):
            name = f"encoder/layer_{i}"
            q, k, v = self._apart(self._asked(x, f"{name}/self_attention")[None], 3)
            mixed = F.scaled_dot_product_attention(q, k, v)
            x += self._back(mixed, f"{name}/self_attention/linear_1")
            x += self._feed_forward(x, f"{name}/ffn")
        x = self._norm(x, "encoder").view(-1, MERGED, x.shape[1]).mean(1)
        heard = [
            self._apart(self._products[f"decoder/layer_{i}/attention/linear_1"](x)[None], 2)
            for i in range(self.layers)
        ]
        return Sound([k for k, _ in heard], [v for _, v in heard])

    def step(
        self,
        tokens: Tensor,
        position: int,
        memory: Memory,
        sounds: Sequence[Sound],
        sees: Tensor,
    ) -> Tensor:
        """Write one token in each row of each window and score the next.

        tokens: int64 (windows, rows); position: how many were written before them.
        sees: bool (windows, rows, memory.length + rows), the columns in each row's past.
        Returns float32 logits, (windows, rows, len(kept)).
        """
        windows, rows = tokens.shape
        memory.make_room(rows)
        begin, end = memory.length, memory.length + rows
        x = self._embedding[tokens.flatten()] + self._positions["decoder"][position]
        x = self._in_pieces(x)
        for i in range(self.layers):
            name = f"decoder/layer_{i}"
            own = self._asked(x, f"{name}/self_attention").flatten(0, 1)[: windows * rows]
            q, k, v = self._apart(own.view(windows, rows, -1), 3)
            memory.keys[i][:, :, begin:end], memory.values[i][:, :, begin:end] = k, v
            past = memory.keys[i][:, :, :end], memory.values[i][:, :, :end]
            mixed = F.scaled_dot_product_attention(q, *past, attn_mask=sees[:, None])
            x += self._back(mixed, f"{name}/self_attention/linear_1", pieces=True)
            own = self._asked(x, f"{name}/attention").flatten(0, 1)[: windows * rows]
            (q,) = self._apart(own.view(windows, rows, -1), 1)
            mixed = torch.cat(
                [
                    F.scaled_dot_product_attention(asked[None], sound.keys[i], sound.values[i])
                    for asked, sound in zip(q, sounds, strict=True)
                ]
            )
            x += self._back(mixed, f"{name}/attention/linear_2", pieces=True)
            x += self._feed_forward(x, f"{name}/ffn")
        memory.length = end
        logits = self._products["projection"](self._norm(x, "decoder")).flatten(0, 1)
        return logits[: windows * rows].float().view(windows, rows, -1)

    def listens(self, tokens: Tensor, sound: Sound, heads: Sequence[tuple[int, int]]) -> Tensor:
        """Where each token of a text was heard.

        tokens: int64 (n,); heads: (layer, head) of the attention that follows the sound.
        Returns float32, (len(heads), n, frames), rows summing to 1.
        """
        # In one of a few lengths: for each a library keeps kernels of its own, megabytes.
        padded = F.pad(tokens, (0, -len(tokens) % ROWS))
        x = self._embedding[padded] + self._positions["decoder"][: len(padded)]
        found = []
        last = max(layer for layer, _ in heads)
        for i in range(last + 1):
            name = f"decoder/layer_{i}"
            q, k, v = self._apart(self._asked(x, f"{name}/self_attention")[None], 3)
            mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            x += self._back(mixed, f"{name}/self_attention/linear_1")
            (q,) = self._apart(self._asked(x, f"{name}/attention")[None], 1)
            own = [head for layer, head in heads if layer == i]
            scores = q[0, own] @ sound.keys[i][0, own].transpose(1, 2)
            found.append((scores.float() * self.width**-0.5).softmax(-1))
            if i == last:
                break  # what the token then becomes is not asked for
            mixed = F.scaled_dot_product_attention(q, sound.keys[i], sound.values[i])
            x += self._back(mixed, f"{name}/attention/linear_2")
            x += self._feed_forward(x, f"{name}/ffn")
        return torch.cat(found)[:, : len(tokens)]

    def _asked(self, x: Tensor, name: str) -> Tensor:
        """What an attention asks of x: (n, d) normed and projected, for _apart."""
        return self._products[f"{name}/linear_0"](self._norm(x, name))

    def _apart(self, fused: Tensor, parts: int) -> tuple[Tensor, ...]:
        """(windows, n, parts * d) as `parts` tensors of (windows, heads, n, width)."""
        shape = (*fused.shape[:2], parts, self.heads, self.width)
        return tuple(fused.view(shape).permute(2, 0, 3, 1, 4).contiguous())

    def _back(self, mixed: Tensor, name: str, *, pieces: bool = False) -> Tensor:
        """The heads of (windows, heads, n, width) joined and projected: float32, (rows, d)."""
        joined = mixed.transpose(1, 2).flatten(2).flatten(0, 1)
        return self._products[name](self._in_pieces(joined) if pieces else joined).float()

    def _feed_forward(self, x: Tensor, name: str) -> Tensor:
        inner = F.gelu(self._products[f"{name}/linear_0"](self._norm(x, name)))
        return self._products[f"{name}/linear_1"](inner).float()

    def _in_pieces(self, x: Tensor) -> Tensor:
        """(n, d) filled up and cut: (pieces, rows, d), as the products take it."""
        rows = min(self._rows, len(x) + -len(x) % self._grain)
        return F.pad(x, (0, 0, 0, -len(x) % rows)).unflatten(0, (-1, rows))

    def _norm(self, x: Tensor, name: str) -> Tensor:
        gamma = self._norms[f"{name}/layer_norm/gamma"]
        return F.layer_norm(x, gamma.shape, gamma, self._norms[f"{name}/layer_norm/beta"])


def _layers(tensors: dict[str, np.ndarray], side: str) -> int:
    """How many layers the encoder or the decoder has; layer_norm looks like one more."""
    found = {name.split("/")[1] for name in tensors if name.startswith(f"{side}/layer_")}
    return len(found - {"layer_norm"})
