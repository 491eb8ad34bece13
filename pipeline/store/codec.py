"""How records become columns and come back equal.

HEAR's half of a call is kept once, with the transcript; a result holds only JUDGE's half, so
that judging a month again does not copy a month of transcripts. The recording is a row of its
own: its metadata may be completed later, its path may change.
"""

import hashlib
import json
import zlib
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from pipeline.records import Call, CallResult, Flag, Metadata, Recording

HEARD = frozenset("language sound spans words corrections dropped turns talk no_speech".split())
_RESULT = TypeAdapter(CallResult)
_CALL = TypeAdapter(Call)
_METADATA = TypeAdapter(Metadata)
_FLAGS = TypeAdapter(tuple[Flag, ...])
# A file name may hold bytes that are no UTF-8; Python carries them as U+DC80..U+DCFF, which
# neither SQLite nor JSON takes: they are kept as private characters and given back as before.
_TO_PRIVATE = {0xDC00 + byte: 0xEF00 + byte for byte in range(0x80, 0x100)}
_FROM_PRIVATE = {private: raw for raw, private in _TO_PRIVATE.items()}


def storable(name: str) -> str:
    """The name with the bytes that are no UTF-8 as private characters."""
    return name.translate(_TO_PRIVATE)


def restored(name: str) -> str:
    """The name as the file system knows it."""
    return name.translate(_FROM_PRIVATE)


def metadata_text(metadata: Metadata) -> str:
    """JSON of the metadata; equal metadata, equal text."""
    return storable(json.dumps(asdict(metadata), ensure_ascii=False, sort_keys=True))


def digest(metadata: Metadata) -> str:
    """Tells whether a result was judged with this metadata."""
    return hashlib.sha256(metadata_text(metadata).encode()).hexdigest()[:16]


def read_metadata(text: str) -> Metadata:
    """The reverse of metadata_text."""
    return _METADATA.validate_json(text)


def read_recording(row: Any) -> Recording:
    """A Recording from a row of its table."""
    return Recording(
        sha256=row["sha256"],
        path=restored(row["path"]),
        seconds=row["seconds"],
        channels=row["channels"],
        sample_rate=row["sample_rate"],
        codec=row["codec"],
        metadata=read_metadata(row["metadata"]),
    )


def pack_transcript(call: Call) -> bytes:
    """HEAR's half of the call; deflated: the times of characters are long and alike."""
    return zlib.compress(_CALL.dump_json(call, include=set(HEARD)))


def read_call(recording: Recording, packed: bytes) -> Call:
    """A heard call, ready to be judged."""
    half = json.loads(zlib.decompress(packed))
    return _CALL.validate_python({**half, "recording": recording})


def result_text(result: CallResult, *, heard: bool) -> str:
    """JSON of the result without its recording and, when heard, without the transcript."""
    apart = {"recording"} | (HEARD if heard else set())
    # Not dump_json: it raises where a message or a ticket names a file whose name is no UTF-8.
    fields = _RESULT.dump_python(result, exclude={"call": apart})
    return storable(json.dumps(fields, ensure_ascii=False, separators=(",", ":")))


def read_flags(text: str | None) -> tuple[Flag, ...]:
    """The flags of a result, from their part of its JSON."""
    return _FLAGS.validate_json(text or "[]")


def read_result(recording: Recording, text: str, packed: bytes | None) -> CallResult:
    """A result put together again from its three rows."""
    found = json.loads(text)
    if "turns" not in found["call"] and packed is not None:
        found["call"].update(json.loads(zlib.decompress(packed)))
    found["call"]["recording"] = recording
    return _RESULT.validate_python(found)
