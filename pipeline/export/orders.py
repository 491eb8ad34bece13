"""Draft work orders and answers of the knowledge base as the plain objects of docs/schema.md.

Used by rows.py. What the links know (关联工单) and what people decided is filled in here: a
stage knows neither.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.export.evidence import turns_of
from pipeline.records import KnownAnswer, Ticket, TicketField
from pipeline.store.reviews import Review

RELATED = "related"  # the line whose value is not the call's own


def ticket(
    order: Ticket, reviewed: Iterable[Review], relations: Mapping[str, Any]
) -> dict[str, Any]:
    """The order with the state of review of each line."""
    told = {review.item: review.what for review in reviewed}
    others = related(relations)
    return {
        "title": order.title,
        "summary": order.summary,
        "fields": [_line(line, told, others) for line in order.fields],
        "missing": list(order.missing),
        "asks": list(order.asks),
    }


def known(one: KnownAnswer) -> dict[str, Any]:
    """An entry of the knowledge base with the turn that asked for it."""
    return {
        "id": one.id,
        "question": one.question,
        "answer": one.answer,
        "source": one.source,
        "valid_until": one.valid_until,
        "expired": one.expired,
        "checked": one.checked,
        "score": one.score,
        "turns": turns_of(one.findings),
    }


def related(relations: Mapping[str, Any]) -> list[str]:
    """The calls whose work order this one may be merged with."""
    return list(dict.fromkeys([*relations["repeat_of"], *relations["duplicates_of"]]))


def _line(line: TicketField, told: Mapping[str, str], others: list[str]) -> dict[str, Any]:
    value = "、".join(others) if line.key == RELATED and others else line.value
    return {
        "key": line.key,
        "label": line.label,
        "value": value,
        "required": line.required,
        "turns": turns_of(line.findings) if line.findings else [],
        "confidence": line.confidence,
        "review": _state(line, told) if line.decision else None,
    }


def _state(line: TicketField, told: Mapping[str, str]) -> str:
    """What a person decided; else whether one should: sure, unsure, unmeasured."""
    if line.decision in told:
        return told[line.decision]
    return {True: "sure", False: "unsure", None: "unmeasured"}[line.sure]
