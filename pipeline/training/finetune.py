"""Fine-tunes an encoder on texts with labels: AdamW, all weights, a rate that rises and falls
and is lower the further a layer is from the head.

Batches of texts of like length, in bfloat16 where the processor multiplies it in hardware.
Each epoch is a step that an interrupted training need not do again; seeds are per epoch, so
that it ends as if it had not been interrupted. Used by combine.py.
"""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.training.resume import Steps

if TYPE_CHECKING:
    from torch import Tensor

    from models.encoder import Encoder

BATCH = 16  # texts; of 32 the encoder learns less in so few epochs
BUCKET = 20  # batches among whose texts lengths are sorted
RATE, HEAD_RATE = 3e-4, 1e-3  # of learning: of the last layer, of the head
LEFT = 0.24  # of the rate, below the first layer: .7 a layer of four, .89 a layer of twelve
# (ELECTRA has .8: Clark et al., ICLR 2020)
WARM = 0.06  # of all batches: while the rate rises
SMOOTHING = 0.05  # of the labels
DECAY = 0.01  # of matrices
MOMENTS = ("exp_avg", "exp_avg_sq")
_LAYER = re.compile(r"\.(\d+)\.")  # its place in the name of a weight


def tune(
    encoder: "Encoder",
    texts: Sequence[str],
    wanted: np.ndarray,
    steps: Steps,
    names: Sequence[str],
    *,
    seed: int,
) -> None:
    """Teach the encoder the labels of these texts. wanted: (texts,), indices of labels.

    names: of the steps, an epoch each.
    """
    rows = [encoder.tokens(text) for text in texts]
    tuner = Tuner(encoder, rows, wanted, len(names), seed)

    def one(number: int, held: np.ndarray | None) -> np.ndarray:
        if held is not None:
            tuner.restore(held, number)
        tuner.epoch(number, lambda share: steps.within(f"{names[number]} · {share:.0%}"))
        return tuner.state()

    tuner.restore(steps.chain(names, one), len(names))


def groups(encoder: "Encoder") -> list[dict[str, Any]]:
    """The weights to teach, each with its rate and decay; those of no layer, the embeddings,
    are below the first. Each layer's rate is the same share of that of the layer above it."""
    named = [(n, w) for n, w in encoder.body.named_parameters() if w.requires_grad]
    places = [int(found[1]) + 1 if (found := _LAYER.search(n)) else 0 for n, _ in named]
    top = max(places)
    return [
        *(
            {
                "params": [weights],
                "lr": RATE * LEFT ** (1 - place / top),
                "weight_decay": DECAY if weights.ndim > 1 else 0.0,
            }
            for place, (_, weights) in zip(places, named, strict=True)
        ),
        {"params": list(encoder.head.parameters()), "lr": HEAD_RATE, "weight_decay": 0.0},
    ]


class Tuner:
    """The encoder, what it learns from, and what its optimizer remembers."""

    def __init__(
        self,
        encoder: "Encoder",
        rows: Sequence[Sequence[int]],
        wanted: np.ndarray,
        epochs: int,
        seed: int,
    ) -> None:
        """rows: tokens of each text."""
        import torch

        self._torch, self._encoder, self._rows, self._seed = torch, encoder, rows, seed
        self._wanted = torch.from_numpy(np.asarray(wanted, dtype=np.int64))
        self._batches = -(-len(rows) // BATCH)  # an epoch
        self._total = self._batches * epochs
        self._weights = [w for w in encoder.parameters() if w.requires_grad]
        self._optimizer = torch.optim.AdamW(groups(encoder), fused=True)
        self._rates = [group["lr"] for group in self._optimizer.param_groups]

    def epoch(self, number: int, report: Callable[[float], None]) -> None:
        """All texts once. number: from 0. report: hears which share is done."""
        self._torch.manual_seed(self._seed * 1000 + number)
        self._encoder.train()
        for done, batch in enumerate(self._shuffled(number)):
            report(done / self._batches)
            at = (number * self._batches + done + 1) / self._total
            for group, rate in zip(self._optimizer.param_groups, self._rates, strict=True):
                group["lr"] = rate * min(at / WARM, (1 - at) / (1 - WARM))
            self._loss(batch).backward()
            self._torch.nn.utils.clip_grad_norm_(self._weights, 1.0)
            self._optimizer.step()
            self._optimizer.zero_grad()
        self._encoder.eval()

    def state(self) -> np.ndarray:
        """Weights and both moments in a row each, float32, (3, weights)."""
        remembered = self._optimizer.state
        rows: list[list[Any]] = [[w.detach() for w in self._weights]]
        for name in MOMENTS:
            rows.append(
                [remembered[w].get(name, self._torch.zeros_like(w)) for w in self._weights]
            )
        return np.stack([self._torch.cat([w.flatten() for w in r]).numpy() for r in rows])

    def restore(self, state: np.ndarray, epochs: int) -> None:
        """Be as after so many epochs. state: as `state` gave it."""
        torch, start = self._torch, 0
        count = torch.tensor(float(epochs * self._batches))
        with torch.no_grad():
            for weights in self._weights:
                end = start + weights.numel()
                own, *moments = [torch.from_numpy(r[start:end].copy()) for r in state]
                weights.copy_(own.view_as(weights))
                named = zip(MOMENTS, moments, strict=True)
                self._optimizer.state[weights] = {
                    "step": count.clone(),
                    **{name: one.view_as(weights) for name, one in named},
                }
                start = end

    def _loss(self, batch: list[int]) -> "Tensor":
        torch = self._torch
        able = torch.cpu.get_capabilities()
        fast = able.get("amx_bf16") or able.get("avx512_bf16")
        with torch.autocast("cpu", torch.bfloat16, enabled=bool(fast)):
            scores = self._encoder([self._rows[i] for i in batch])
        return torch.nn.functional.cross_entropy(
            scores.float(), self._wanted[batch], label_smoothing=SMOOTHING
        )

    def _shuffled(self, number: int) -> list[list[int]]:
        """Batches of texts of like length, in an order of the epoch's own."""
        dice = np.random.default_rng([self._seed, number])
        order = dice.permutation(len(self._rows)).tolist()
        size, batches = BATCH * BUCKET, []
        for start in range(0, len(order), size):
            near = sorted(order[start : start + size], key=lambda i: len(self._rows[i]))
            batches += [near[i : i + BATCH] for i in range(0, len(near), BATCH)]
        return [batches[i] for i in dice.permutation(len(batches))]
