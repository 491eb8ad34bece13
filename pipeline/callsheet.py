"""One call in full, as `lingsu show` prints it: each decision with the words it rests on.

Reads the exported object, so that a screen and a file never differ. Numbers are masked
unless asked: a screen is seen by those who pass behind it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.decisions import WHOLE
from pipeline.domain.profile import Profile
from pipeline.export.dialogue import clock
from pipeline.export.rows import Row, row
from pipeline.grids import Table, listed, pairs, table
from pipeline.labels import graded, word
from pipeline.link.sheet import linked
from pipeline.records import CallResult
from pipeline.redact import hiding
from pipeline.reviewsheet import told
from pipeline.scorecard.sheet import card_table
from pipeline.store.appeals import Appeal
from pipeline.store.reviews import Review
from pipeline.ticketsheet import answers, orders


def show(
    result: CallResult,
    profile: Profile,
    *,
    names: Sequence[str] = (),
    relations: Row | None = None,
    reviewed: Iterable[Review] = (),
    appealed: Iterable[Appeal] = (),
    lang: str = "zh",
    unmasked: bool = False,
) -> list[Table]:
    """One call in full: facts, dialogue, decisions with evidence, ticket, QA, links, keys.

    relations: the calls that it is linked with. reviewed: what people decided; each stands
    under what the machine said. appealed: the last steps of appeals, under their items.
    """
    people: dict[str, Any] = {"reviewed": reviewed, "appealed": appealed}
    plain = row(result, profile, relations=relations, unmasked=unmasked, **people)
    shown_names = [*map(hiding(result.call, unmasked=unmasked), names)]
    tables = [_overview(plain, shown_names, lang), _pace(plain, lang), _dialogue(plain, lang)]
    if plain["review"]:
        tables.append(_review(plain, profile, lang))
    tables += [_decisions(plain, profile, lang), card_table(plain, profile, lang)]
    tables += [*orders(plain, lang), answers(plain, lang)]
    tables.append(linked(plain["relations"], lang))
    tables.append(_keys(plain, result, lang))
    return [one for one in tables if one.rows]


def _overview(plain: Row, names: Sequence[str], lang: str) -> Table:
    failure, audio = plain["failure"], plain["audio"]
    snr, level = audio["snr_db"], audio["level_dbfs"]
    layout = f"{word(audio['layout'] or '', lang)} · {audio['format'] or ''}"
    values = {
        "call": plain["call_id"],
        "file": plain["file"],
        "names": "\n".join(names) if len(names) > 1 else None,
        "sha256": plain["sha256"],
        "status": word(plain["status"], lang),
        "reviewed": _confirmed(plain, lang),
        "failure": failure and f"{failure['stage']}: {failure['code']} {failure['message']}",
        "no_speech": word(plain["no_speech"] or "", lang),
        "started_at": plain["started_at"],
        "shift": plain["shift"],
        "agent_id": plain["agent_id"],
        "caller_number": plain["caller_number"],
        "duration": clock(plain["duration_s"]),
        "layout": layout,
        "grade": _graded(audio, lang),
        "level": None if level is None else f"{level:.0f} dBFS",
        "snr": None if snr is None else f"{snr:.0f} dB",
        "clipped": f"{audio['clipped']:.2%}" if audio["clipped"] else None,
        "dropouts": f"{audio['dropouts']} · {audio['lost']:.1%}" if audio["lost"] else None,
    }
    return pairs("overview", values, lang)


def _graded(audio: Row, lang: str) -> str | None:
    grade = audio["grade"]
    return grade and graded(grade, audio["reasons"], audio["remarks"], lang=lang)


def _confirmed(plain: Row, lang: str) -> str | None:
    """Who confirmed the call as a whole, and when."""
    for one in plain["reviewed"]:
        if one["item"] == WHOLE:
            return f"{word('verb.accept', lang)} · {one['who']} · {one['at']}"
    return None


def _pace(plain: Row, lang: str) -> Table:
    """Who spoke how much and how fast; then gaps and overlaps, the longest first."""
    talk = plain["talk"] or {"gaps": (), "overlaps": ()}
    lines = [_voice(role, talk[role], lang) for role in ("agent", "caller") if role in talk]
    met = [(one, ("gap", f"gap.{one['kind']}")) for one in talk["gaps"]]
    met += [(one, ("overlap", one["who"])) for one in talk["overlaps"]]
    for one, what in sorted(met, key=lambda pair: pair[0]["start_s"] - pair[0]["end_s"]):
        length = f"{one['end_s'] - one['start_s']:.1f} s"
        lines.append((*(word(key, lang) for key in what), length, clock(one["start_s"])))
    return listed("talk", ("item", "value", "duration", "time"), lines, lang)


def _voice(role: str, voice: Row, lang: str) -> tuple[str, ...]:
    share, rate = voice["share"], voice["chars_per_minute"]
    said = [] if share is None else [f"{share:.0%}"]
    if rate is not None:
        said.append(word("a_minute", lang).format(round(rate)))
    return (word(role, lang), " · ".join(said), f"{voice['seconds']:.1f} s", "")


def _dialogue(plain: Row, lang: str) -> Table:
    lines = [
        (
            str(turn["i"]),
            clock(turn["start_s"]),
            word(turn["speaker"], lang),
            turn["text"] + (f"  ⚠ {word(turn['abuse'], lang)}" if turn["abuse"] else ""),
        )
        for turn in plain["turns"]
    ]
    return table("dialogue", ("turn", "time", "speaker", "words"), lines, lang)


def _review(plain: Row, profile: Profile, lang: str) -> Table:
    labels = {item.id: item.label for item in profile.qa} if lang == "zh" else {}
    lines = [
        (
            word(flag["severity"], lang),
            "" if flag["start_s"] is None else clock(flag["start_s"]),
            labels.get(flag["item"]) or word(flag["item"], lang),
            flag["reason"],
        )
        for flag in plain["review"]
    ]
    return table("asks", ("severity", "time", "item", "reason"), lines, lang)


def _decisions(plain: Row, profile: Profile, lang: str) -> Table:
    """Each decision on a line, under it what a person made of it and the words it rests on."""
    by_claim: dict[str, list[Row]] = {}
    for one in plain["evidence"]:
        by_claim.setdefault(one["claim"].partition(":")[0], []).append(one)
    scope, abuse = plain["scope"], plain["abusive"]
    said = {
        "request_type": plain["request_type"],
        "urgency": plain["urgency"],
        "region": plain["region"],
        "district": plain["district"],
        "domain": plain["domain"],
        "department": "、".join(plain["department"]),
        "scope": " ".join(filter(None, (scope["outcome"], scope["code"], scope["reason"]))),
        "basis": scope["basis"],
        "referral": scope["referral"],
        "script": scope["script"],
        "disposition": plain["disposition"],
        "emotion.start": plain["emotion"]["start"],
        "emotion.end": plain["emotion"]["end"],
        "abuse": " ".join((abuse["level"], *abuse["who"], abuse["threat_kind"] or "")),
    }
    sure = plain["confidence"]
    lines: list[tuple[str, ...]] = []
    for key, value in said.items():
        item = key.replace(".", "_")
        people = [one for one in plain["reviewed"] if one["item"] == item]
        if not value and not people:
            continue
        percent = sure.get(item)
        trust = "" if percent is None else f"{percent:.0%}"
        spoken = " ".join(word(part, lang) for part in (value or "–").split(" "))
        lines.append((word(key, lang), f"{spoken} {trust}".strip(), "", "", ""))
        lines += [_by_person(one, profile, lang) for one in people]
        lines += [_evidence(one, lang) for one in by_claim.get(key, ())]
    heads = ("decision", "value", "time", "quote", "rule")
    return table("decisions", heads, lines, lang)


def _evidence(one: Row, lang: str) -> tuple[str, ...]:
    turn = "" if one["turn"] is None else f"#{one['turn']} "
    value = word(one["claim"].partition(":")[2], lang)
    return ("", f"· {value}", f"{turn}{clock(one['start_s'])}", one["quote"], one["rule"])


def _by_person(one: Row, profile: Profile, lang: str) -> tuple[str, ...]:
    """What somebody decided, when, why, and who."""
    value = told(one, profile, lang)
    return (f"  {word('reviewed', lang)}", value, one["at"], one["reason"] or "", one["who"])


def _keys(plain: Row, result: CallResult, lang: str) -> Table:
    times = " ".join(f"{name}={seconds:.3f}s" for name, seconds in result.stage_seconds)
    made_with = dict(result.made_with)
    values: Mapping[str, str | None] = {**plain["keys"], "stages": times, **made_with}
    return pairs("keys", values, lang)
