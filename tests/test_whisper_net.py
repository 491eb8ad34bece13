"""The network on small random weights: shapes, sizes of either half, and no neighbours."""

import numpy as np
import pytest
import torch

from models.products import Bfloat16, Float16, Float32, Kinds
from models.whisper_net import MERGED, Memory, Network

WIDTH, HEADS, MELS, TOKENS = 32, 2, 8, 40
EXACT = Kinds(Float32, Float32)
FLOAT16 = pytest.param(
    Kinds(Float32, Float16),
    marks=pytest.mark.skipif(
        torch.backends.cpu.get_cpu_capability() != "AVX2",
        reason="this processor would not multiply float16 by six rows",
    ),
)
BFLOAT16 = pytest.param(
    Kinds(Bfloat16, Bfloat16),
    marks=pytest.mark.skipif(
        not torch.ops.mkldnn._is_mkldnn_bf16_supported(),
        reason="this processor does not multiply bfloat16",
    ),
)


def weights(*, encoder: int = 2, decoder: int = 2) -> dict[str, np.ndarray]:
    """Tensors of a Whisper with so many layers on each side, named as CTranslate2 does."""
    chance = np.random.default_rng(7)
    made: dict[str, np.ndarray] = {"decoder/num_heads": np.array(HEADS)}

    def add(name: str, *shape: int) -> None:
        made[name] = chance.normal(0, 0.2, shape).astype(np.float16)

    def norm(name: str) -> None:
        made[f"{name}/layer_norm/gamma"] = np.ones(WIDTH, np.float16)
        made[f"{name}/layer_norm/beta"] = np.zeros(WIDTH, np.float16)

    def attention(name: str, *sizes: int) -> None:
        norm(name)
        for i, size in enumerate(sizes):
            add(f"{name}/linear_{i}/weight", size * WIDTH, WIDTH)
            add(f"{name}/linear_{i}/bias", size * WIDTH)

    add("encoder/conv1/weight", WIDTH, MELS, 3)
    add("encoder/conv2/weight", WIDTH, WIDTH, 3)
    for side, layers in (("encoder", encoder), ("decoder", decoder)):
        add(f"{side}/position_encodings/encodings", 64, WIDTH)
        norm(side)
        for i in range(layers):
            layer = f"{side}/layer_{i}"
            attention(f"{layer}/self_attention", 3, 1)
            if side == "decoder":
                attention(f"{layer}/attention", 1, 2, 1)
            norm(f"{layer}/ffn")
            add(f"{layer}/ffn/linear_0/weight", 4 * WIDTH, WIDTH)
            add(f"{layer}/ffn/linear_1/weight", WIDTH, 4 * WIDTH)
            for linear, size in ((0, 4), (1, 1)):
                add(f"{layer}/ffn/linear_{linear}/bias", size * WIDTH)
    for conv in ("conv1", "conv2"):
        add(f"encoder/{conv}/bias", WIDTH)
    add("decoder/embeddings/weight", TOKENS + 10, WIDTH)
    return made


@pytest.fixture(params=[EXACT, FLOAT16, BFLOAT16])
def network(request):
    with torch.inference_mode():
        yield Network(weights(), range(TOKENS), request.param)


def sound(network, seed: int, frames: int = 48):
    return network.encode(
        np.random.default_rng(seed).normal(size=(MELS, frames)).astype(np.float32)
    )


def written(network, sounds, tokens):
    """Logits of the last of some tokens, each row seeing its own past."""
    memory = Memory(len(sounds), network)
    for position, row in enumerate(tokens):
        rows = torch.tensor(row).expand(len(sounds), -1)
        sees = torch.zeros(len(sounds), len(row), memory.length + len(row), dtype=torch.bool)
        for i in range(len(row)):
            sees[:, i, i :: len(row)] = True
        logits = network.step(rows, position, memory, sounds, sees)
    return logits


def test_two_frames_of_the_encoder_are_one_for_the_decoder(network):
    heard = sound(network, 1)
    assert heard.keys[0].shape == (1, HEADS, 48 // 2 // MERGED, WIDTH // HEADS)


def test_only_the_kept_tokens_are_scored(network):
    assert written(network, [sound(network, 1)], [[3, 5]]).shape == (1, 2, TOKENS)


def test_a_window_is_written_alike_alone_and_beside_others(network):
    lengths = (48, 48, 32, 64, 16)
    sounds = [sound(network, seed, frames) for seed, frames in enumerate(lengths)]
    tokens = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    alone = [written(network, [one], tokens)[0] for one in sounds]
    for i, own in enumerate(written(network, sounds, tokens)):
        assert torch.equal(own, alone[i])


def test_a_row_does_not_see_what_another_row_wrote(network):
    one = [sound(network, 1)]
    same = written(network, one, [[1, 2], [4, 5]])[0, 0]
    other = written(network, one, [[1, 9], [4, 30]])[0, 0]
    changed = written(network, one, [[2, 2], [4, 5]])[0, 0]
    assert torch.equal(same, other) and not torch.equal(same, changed)


def test_the_halves_may_have_different_numbers_of_layers():
    turbo = Network(weights(encoder=4, decoder=1), range(TOKENS), EXACT)
    with torch.inference_mode():
        heard = sound(turbo, 1)
        assert len(heard.keys) == 1
        deeper = Network(weights(encoder=3, decoder=1), range(TOKENS), EXACT)
        assert not torch.equal(heard.keys[0], sound(deeper, 1).keys[0])


def test_each_token_listens_to_the_whole_window(network):
    heads = [(0, 1), (1, 0)]
    listened = network.listens(torch.tensor([1, 2, 3]), sound(network, 1), heads)
    assert listened.shape == (2, 3, 12)
    assert torch.allclose(listened.sum(-1), torch.ones(2, 3), atol=1e-3)


def test_how_a_token_listens_does_not_depend_on_how_many_follow(network):
    heads, heard = [(0, 1), (1, 0)], sound(network, 1)
    few = network.listens(torch.tensor([1, 2, 3]), heard, heads)
    many = network.listens(torch.arange(1, 40), heard, heads)
    assert many.shape == (2, 39, 12)
    assert torch.allclose(few, many[:, :3], atol=1e-2)
