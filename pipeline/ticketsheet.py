"""The draft work orders of a call and what the knowledge base answers, as `show` prints them.

Used by callsheet.py.
"""

from collections.abc import Iterator

from pipeline.export.rows import Row
from pipeline.grids import Table, table
from pipeline.labels import word


def orders(plain: Row, lang: str) -> Iterator[Table]:
    """A table an order: each line, its turns, how sure it is; then what is missing."""
    first = [plain["ticket"]] if plain["ticket"] else []
    for order in (*first, *plain["more_tickets"]):
        yield table("ticket", ("field", "value", "turn", "review"), _lines(order, lang), lang)


def answers(plain: Row, lang: str) -> Table:
    """What the knowledge base answers, the best entry first."""
    lines = []
    for one in plain["answers"]:
        end = word("expired", lang).format(one["valid_until"]) if one["expired"] else ""
        doubt = "" if one["checked"] else word("unchecked", lang)
        source = "，".join(filter(None, (one["source"], doubt, end)))
        turns = " ".join(f"#{turn}" for turn in one["turns"])
        lines.append((one["question"], one["answer"], source, f"{one['score']:.2f}", turns))
    heads = ("question", "answer", "source", "likeness", "turn")
    return table("knowledge", heads, lines, lang)


def _lines(order: Row, lang: str) -> list[tuple[str, ...]]:
    head = [(word("title", lang), order["title"]), (word("content", lang), order["summary"])]
    in_form = {line["value"] for line in order["fields"]}
    lines: list[tuple[str, ...]]
    lines = [(label, value, "", "") for label, value in head if value not in in_form]
    for line in order["fields"]:
        turns = " ".join(f"#{turn}" for turn in line["turns"])
        lines.append((line["label"], line["value"], turns, _state(line, lang)))
    missing = "、".join(order["missing"]) or word("none", lang)
    lines.append((word("missing", lang), missing, "", ""))
    lines += [(word("call_back", lang), ask, "", "") for ask in order["asks"]]
    return lines


def _state(line: Row, lang: str) -> str:
    chance = "" if line["confidence"] is None else f"{line['confidence']:.0%}"
    if not line["review"]:
        return chance and word("state.heard", lang).format(chance)
    return " ".join(filter(None, (chance, word(f"state.{line['review']}", lang))))
