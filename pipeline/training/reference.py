"""The labels' own turns, judged as if every word had been heard: `lingsu eval --reference`.

What this table and the one of a real run differ by is what hearing costs. Texts go through
the normalizing stage like heard ones; silences and music come from the labels' events.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.domain.profile import Profile
from pipeline.export.rows import row
from pipeline.hearing.talk import talk_of
from pipeline.link.relations import Relations
from pipeline.link.run import link_calls
from pipeline.plan import JUDGE
from pipeline.records import Call, Metadata, Recording, Sound, Span, Turn
from pipeline.stage import process
from pipeline.stages.normalize import normalize
from pipeline.store import queries
from pipeline.store.store import Store
from pipeline.tools import Tools
from pipeline.training.evaluate import base_name, read_labels

KINDS = {"hold_music": "music", "ring": "tone", "busy": "tone", "beep": "tone", "dtmf": "tone"}


def judge_reference(labels_path: Path, tools: Tools) -> list[dict[str, Any]]:
    """The exported objects, unmasked, of the labels' turns. Raises InputInvalid."""
    calls = reference_calls(labels_path)
    with TemporaryDirectory() as folder, Store.open(Path(folder) / "reference.db") as store:
        for call in calls:
            result = process(call, (normalize, *JUDGE), tools)
            store.remember([(call.recording, ())])
            store.save(result, heard=True)
        link_calls(store, tools.profile)
        return list(stored_rows(store, tools.profile))


def stored_rows(store: Store, profile: Profile) -> Iterator[dict[str, Any]]:
    """The exported objects of all calls in a store, unmasked, with their relations."""
    relations = Relations(store, profile.links.hot_spot_calls)
    for result in queries.results(store):
        related = relations.of(result.call.recording.sha256)
        yield row(result, profile, relations=related, unmasked=True)


def reference_calls(labels_path: Path) -> tuple[Call, ...]:
    """One Call a label, as HEAR would leave it had it heard everything rightly."""
    return tuple(_call(label) for label in read_labels(labels_path))


def _call(label: dict[str, Any]) -> Call:
    name, layout = base_name(label["file"]), (label.get("audio") or {}).get("layout", "")
    started = label.get("started_at")
    metadata = Metadata(
        call_id=label.get("pbx_call_id") or label.get("call_id"),
        started_at=started and started.replace(" ", "T"),
        agent_id=label.get("agent_id"),
        caller_number=label.get("caller_number"),
        direction=label.get("direction"),
        region=label.get("region"),
    )
    seconds = float(label.get("duration_s") or 0.0)
    channels = 2 if layout.startswith("agent_") else 1
    key = hashlib.sha256(name.encode()).hexdigest()  # stands for the hash of the bytes
    side = {"agent_left": 0, "agent_right": 1}.get(layout)
    turns = tuple(_turn(turn, side) for turn in label.get("turns") or ())
    spans = _spans(label, seconds)
    return Call(
        Recording(key, name, seconds, channels, metadata=metadata),
        sound=Sound("mono" if side is None else "stereo", side),
        spans=spans,
        turns=turns,
        talk=talk_of(turns, spans) if turns else None,
        no_speech=None if any(t.speaker != "ivr" for t in turns) else "silence",
    )


def _turn(turn: dict[str, Any], agent_side: int | None) -> Turn:
    start, end, text = float(turn["start_s"]), float(turn["end_s"]), turn["text"]
    channel = agent_side if agent_side is None or turn["speaker"] == "agent" else 1 - agent_side
    return Turn(
        start,
        end,
        turn["speaker"],
        text,
        heard=text,
        channel=channel,
        confidence=1.0,
        times=tuple(start + (end - start) * i / len(text) for i in range(len(text))),
        overlap=bool(turn.get("overlap")),
        source="ivr" if turn["speaker"] == "ivr" else "speech",
    )


def _spans(label: dict[str, Any], seconds: float) -> tuple[Span, ...]:
    """Speech and events in order, with silence in the gaps between them."""
    said = [(t["start_s"], t["end_s"], "speech") for t in label.get("turns") or ()]
    events = [
        (e["start_s"], e["end_s"], KINDS[e["type"]])
        for e in label.get("events") or ()
        if e["type"] in KINDS
    ]
    spans, clock = [], 0.0
    for start, end, kind in sorted([*said, *events, (seconds, seconds, "")]):
        if start > clock:
            spans.append(Span(clock, start, "silence"))
        if end > start:
            spans.append(Span(start, end, kind))
        clock = max(clock, end)
    return tuple(spans)
