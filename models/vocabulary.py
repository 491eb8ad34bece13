"""Whisper's tokens: which of them a call in Chinese needs, and how they read.

Whisper's decoder scores 51,865 tokens at every step, most of them of languages that no call
is in; that product is more than half of its work. The rows of the tokens that Chinese needs
are kept unchanged, so what they say is what the whole model says with the rest ruled out.
Used by whisper_torch.py (`Vocabulary`) and whisper_ct2.py (`cut`); nothing is written to disk.
"""

import json
import re
import struct
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from models.base import ModelUnavailable
from models.simplified import simplified

REMEDY = '可在 [hear] 里写 vocabulary = "full"'
# Tokens learnt early are the common ones: enough to spell English, so that a call in English
# is still seen to be one.
LATIN_BELOW = 8_000
MARKS = "，。？！；：、…《》“”‘’（）·"
KEPT = re.compile(
    rf"\s*(?:[\u4e00-\u9fff]+|\d+|[A-Za-z]{{1,3}}|[{MARKS}]+|[!-/:-@\[-`{{-~]+|)\s*"
)
COMMON = re.compile(r"\s*[A-Za-z]+")
# Half a character: bytes that begin or continue a character of the Chinese blocks.
LEADS = (*range(0xE3, 0xEA), 0xEF)
CONTINUES = range(0x80, 0xC0)
DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")
NEGATED = re.compile("[不没无未非别莫勿]")
GUARDED = re.compile(f"[零一二三四五六七八九十百千万亿两幺]|{NEGATED.pattern}")
SPECIAL = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nocaptions|>",
    "<|nospeech|>",
    "<|notimestamps|>",
)


# GPT-2's characters for bytes: those that print stand for themselves, the rest follow 255. To
# what translates into itself a number is given that is no byte.
PRINTING = (*range(33, 127), *range(161, 173), *range(174, 256))
HIDDEN = [byte for byte in range(256) if byte not in PRINTING]
ALPHABET = {256 + i: byte for i, byte in enumerate(HIDDEN)} | dict.fromkeys(HIDDEN, 0xFFFF)


@dataclass(frozen=True)
class Cut:
    """A model in memory with fewer tokens. `kept[new]` is the token's old number."""

    files: dict[str, bytes]
    kept: tuple[int, ...]


def cut(folder: Path, language: str) -> Cut:
    """Cut the vocabulary of a CTranslate2 Whisper folder down to what `language` needs.

    Raises ModelUnavailable when the folder is not of the layout that is known.
    """
    name, tokens = _vocabulary(folder)
    kept = _kept(tokens, language)
    new = {old: i for i, old in enumerate(kept)}
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    for key in ("suppress_ids", "suppress_ids_begin", "lang_ids"):
        config[key] = [new[old] for old in config.get(key, ()) if old in new]
    chosen = [tokens[i] for i in kept]
    text = json.dumps(chosen) if name.endswith(".json") else "\n".join(chosen) + "\n"
    files = {
        "model.bin": _rows(folder / "model.bin", len(tokens), kept),
        "config.json": json.dumps(config).encode(),
        name: text.encode(),
    }
    return Cut(files, kept)


class Vocabulary:
    """The tokens that may be written, numbered from 0, and what they mean."""

    def __init__(self, folder: Path, language: str, *, whole: bool = False) -> None:
        """folder: a CTranslate2 Whisper; whole: keep the tokens of all languages."""
        _, tokens = _vocabulary(folder)
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.kept = tuple(range(len(tokens))) if whole else _kept(tokens, language)
        number = {tokens[old]: new for new, old in enumerate(self.kept)}
        marks = ("startoftranscript", language, "transcribe", "notimestamps")
        self.start = [number[f"<|{mark}|>"] for mark in marks]
        self.end = number["<|endoftext|>"]
        self.raw = [b"" if tokens[i].startswith("<|") else _raw(tokens[i]) for i in self.kept]
        silent = {i for i, raw in enumerate(self.raw) if not raw and i != self.end}
        new = {old: i for i, old in enumerate(self.kept)}
        self.suppressed = silent | {new[i] for i in config["suppress_ids"] if i in new}
        self.suppressed_first = {new[i] for i in config["suppress_ids_begin"] if i in new}
        self.listeners = [(layer, head) for layer, head in config["alignment_heads"]]

    def __len__(self) -> int:
        return len(self.raw)

    def read(self, rest: bytes, token: int) -> tuple[str, bytes]:
        """What a token says after `rest`, simplified and with digits as spoken, and the bytes
        of a character that is not whole yet."""
        if not rest and (known := self._texts[token]) is not None:
            return known, b""
        text = characters(raw := rest + self.raw[token])
        return ("", raw) if text is None else (self._plain(text), b"")

    @cached_property
    def guarded(self) -> list[bool]:
        """Which tokens hold a number or a negation."""
        return [text is not None and GUARDED.search(text) is not None for text in self._texts]

    @cached_property
    def negated(self) -> list[bool]:
        """Which tokens hold a negation."""
        return [text is not None and NEGATED.search(text) is not None for text in self._texts]

    @cached_property
    def _texts(self) -> list[str | None]:
        """Each token's text; None where its bytes are not whole characters."""
        texts = map(characters, self.raw)
        return [None if text is None else self._plain(text) for text in texts]

    def _plain(self, text: str) -> str:
        return simplified(text).translate(DIGITS)


def characters(raw: bytes) -> str | None:
    """The text of the bytes; None where the last character is not whole yet.

    Bytes that no further one can make a character are left out: all that comes behind them
    would be unreadable with them.
    """
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        return None if error.reason == "unexpected end of data" else raw.decode(errors="ignore")


def _kept(tokens: list[str], language: str) -> tuple[int, ...]:
    return tuple([i for i, token in enumerate(tokens) if _wanted(i, token, language)])


def _vocabulary(folder: Path) -> tuple[str, list[str]]:
    for name in ("vocabulary.json", "vocabulary.txt"):
        if (folder / name).is_file():
            text = (folder / name).read_text(encoding="utf-8")
            return name, json.loads(text) if name.endswith(".json") else text.split("\n")[:-1]
    raise ModelUnavailable(f"{folder} 里没有词表；{REMEDY}")


def _wanted(number: int, token: str, language: str) -> bool:
    if token.startswith("<|"):
        return token in SPECIAL or token == f"<|{language}|>"
    try:
        raw = _raw(token)
    except UnicodeEncodeError:
        return False
    if len(raw) == 1:
        return True
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        first = raw.lstrip(b" ")[0]
        return first in LEADS or first in CONTINUES
    if number < LATIN_BELOW and COMMON.fullmatch(text):
        return True
    return bool(text) and KEPT.fullmatch(text) is not None


def _raw(token: str) -> bytes:
    """The bytes of a token. Raises UnicodeEncodeError for one that is written otherwise."""
    return token.translate(ALPHABET).encode("latin-1")


def _rows(path: Path, size: int, kept: tuple[int, ...]) -> bytes:
    """model.bin with only the kept rows of every tensor that has a row for each token."""
    data = memoryview(path.read_bytes())
    at, out = 0, bytearray()

    def take(count: int) -> memoryview:
        nonlocal at
        at += count
        return data[at - count : at]

    def number(code: str) -> int:
        raw = take(struct.calcsize("<" + code))
        out.extend(raw)
        return int(struct.unpack("<" + code, raw)[0])

    number("I")  # version of the format
    out.extend(take(number("H")))  # name of the specification
    number("I")  # its revision
    found = 0
    for _ in range(number("I")):
        out.extend(take(number("H")))
        rank = take(1)[0]
        shape = list(struct.unpack(f"<{rank}I", take(4 * rank)))
        kind, length = take(1), struct.unpack("<I", take(4))[0]
        values = take(length)
        if shape and shape[0] == size:
            row, shape[0], found = length // size, len(kept), found + 1
            values = memoryview(b"".join(values[i * row : (i + 1) * row] for i in kept))
        out.extend(struct.pack(f"<B{rank}I", rank, *shape))
        out.extend(bytes(kind) + struct.pack("<I", len(values)))
        out.extend(values)
    out.extend(data[at:])  # aliases: the projection shares the embedding's rows
    if not found:
        raise ModelUnavailable(f"{path} 里没有 {size} 行的张量；{REMEDY}")
    return bytes(out)
