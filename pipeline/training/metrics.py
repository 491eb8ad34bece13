"""One call beside its label: every comparison that `lingsu eval` makes.

`compare` yields marks that score.py sums. Both sides have the names and value sets of the
exported objects (docs/schema.md). What a label leaves open (null) is not judged; what an
answer leaves open is judged as not given.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from pipeline.draft import FRAMES
from pipeline.records import UNSAID
from pipeline.redact import mask
from pipeline.supported import unsupported
from pipeline.training.score import Found, Mark, Share, Size
from pipeline.training.textscore import edits, marks, rouge_l, same_person, same_thing, says

QA = {
    "greeting": "问候",
    "self_id": "自报身份",
    "asks_location": "询问地点",
    "asks_contact": "询问联系方式",
    "verifies": "核实",
    "empathy": "安抚",
    "interrupts_caller": "抢话",
    "long_wait": "久等",
    "forbidden_phrase": "服务忌语",
    "wrong_promise": "违规承诺",
    "closing": "结束语",
    "reads_back": "复述",
    "rude_agent": "态度恶劣",
}
ENTITIES = {
    "place": "地点",
    "phone": "电话",
    "person": "人名",
    "org": "单位",
    "date": "日期",
    "amount": "数量",
}
STEP = 0.01  # seconds: the grid on which speech time is counted

NAMED: dict[str, tuple[str, str]] = {  # metric -> label, what it is a share of
    "no_speech": ("无语音判断", "按标注有无人声"),
    "cer": ("字错率", "越低越好；n=参考字数，含IVR，数字与标点已统一"),
    "marks": ("标点", "两边都有的字后面，有没有标点"),
    "role_recall": ("角色时长召回", "参考语音中角色正确的时长占比；n=10毫秒格"),
    "role_accuracy": ("角色时长准确", "已覆盖语音中角色正确的时长占比；n=10毫秒格"),
    "boundary_s": ("话轮边界误差(秒)", "中位数，越低越好；同一人连续话轮先合并"),
    "request_type": ("诉求类型", ""),
    "scope": ("受理判断", "内/外/无内容三类"),
    "out_of_scope": ("不受理", ""),
    "scope_reason": ("不受理原因", "只看标注为不受理的通话，可接受原因算对"),
    "disposition": ("办理方式", ""),
    "department_top1": ("主办单位", "可接受单位算对；不看无需派单的通话"),
    "department_none": ("无需派单", "标注无单位的通话；答空或可接受单位算对"),
    "department_set": ("单位集合", "可接受单位可替代，多答不扣"),
    "region": ("城市", ""),
    "district": ("区县", "标注为空时答空算对"),
    "abuse": ("辱骂", "整通有无"),
    "abuse_level": ("辱骂程度", ""),
    "abuse_who": ("辱骂者", "只看标注有辱骂的通话"),
    "threat_kind": ("威胁类型", "只看标注有威胁的通话"),
    "escalate": ("需上报", ""),
    "emotion_start": ("开始情绪", ""),
    "emotion_end": ("结束情绪", ""),
    "urgency": ("紧急程度", ""),
    "emergency": ("特急", ""),
    **{f"qa.{item}": (f"质检 {label}", "") for item, label in QA.items()},
    **{f"entity.{kind}": (f"实体 {label}", "") for kind, label in ENTITIES.items()},
    "same_caller": ("同一来电人", "两通一对，从两边各计一次"),
    "duplicates": ("不同人反映同一事", "同上"),
    "hot_spot": ("热点", "按通话与同一热点的其他通话"),
    "ticket_fields": ("工单必填项填写率", "未提及算空；n=必填项数"),
    "ticket_facts": ("工单要素覆盖", "标注实体出现在工单里的占比"),
    "ticket_title": ("工单标题 ROUGE-L", ""),
    "ticket_summary": ("工单内容 ROUGE-L", ""),
    "ticket_unsupported": ("工单无依据字", "标题和内容里通话没说过的字；越低越好；n=字数"),
}


def compare(label: dict[str, Any], got: dict[str, Any]) -> Iterator[Mark]:
    """Every mark of one call."""
    yield from hearing(label.get("turns") or [], got.get("turns") or [])
    spoken = any(t["speaker"] != "ivr" for t in label.get("turns") or [])
    yield Share.same("no_speech", not spoken, got.get("status") == "no_speech")
    yield from decisions(label, got)
    yield from departments(label, got)
    yield from abuse(label.get("abusive"), got.get("abusive") or {})
    yield from quality(label.get("qa") or {}, got.get("qa") or {})
    yield from entities(label.get("entities") or {}, got.get("entities") or {})
    yield from ticket(label, got)


def hearing(wanted: list[dict], got: list[dict]) -> Iterator[Mark]:
    """Characters over all turns in order (IVR too), roles over time, turn boundaries."""
    texts = ["".join(t["text"] for t in side) for side in (wanted, got)]
    yield Share("cer", *edits(*texts))
    asked, set_, both = marks(*texts)
    yield Found("marks", asked, both, set_, both)
    people = [t for t in wanted if t["speaker"] in ("agent", "caller")]
    if not people:
        return
    size = int(max(t["end_s"] for t in people) / STEP) + 2
    covered = _time(got, size)
    for role in ("agent", "caller"):
        speech = _time([t for t in people if t["speaker"] == role], size)
        right = speech & _time([t for t in got if t["speaker"] == role], size)
        yield Share("role_recall", int(right.sum()), int(speech.sum()))
        yield Share("role_accuracy", int(right.sum()), int((speech & covered).sum()))
    heard = _merged([t for t in got if t["speaker"] != "ivr"])
    for turn in _merged(people) if heard else ():
        for edge in ("start_s", "end_s"):
            yield Size("boundary_s", min(abs(turn[edge] - other[edge]) for other in heard))


def decisions(label: dict[str, Any], got: dict[str, Any]) -> Iterator[Mark]:
    """The labels of which a call has one each."""
    for key in ("request_type", "disposition", "urgency", "region"):
        if label.get(key) is not None:
            yield Share.same(key, label[key], got.get(key))
    if "district" in label:
        yield Share.same("district", label["district"], got.get("district") or None)
    if label.get("urgency") is not None:
        emergency = (label["urgency"] == "特急", got.get("urgency") == "特急")
        yield Found.of("emergency", *emergency)
    for when in ("start", "end"):
        wanted = (label.get("emotion") or {}).get(when)
        if wanted is not None:
            answer = (got.get("emotion") or {}).get(when)
            yield Share.same(f"emotion_{when}", wanted, answer)
    if "scope" not in label:
        return
    wanted, answer = label["scope"], got.get("scope") or {}
    verdicts = (wanted["in_scope"], answer.get("in_scope"))
    yield Share.same("scope", *verdicts)
    yield Found.of("out_of_scope", *(verdict is False for verdict in verdicts))
    if wanted["in_scope"] is False and wanted.get("reason"):
        fine = {wanted["reason"], *wanted.get("reason_acceptable", ())}
        reason = answer.get("reason")
        yield Share("scope_reason", float(reason in fine), 1.0, wanted["reason"], reason)


def departments(label: dict[str, Any], got: dict[str, Any]) -> Iterator[Mark]:
    """The lead unit, and the set; an acceptable unit may stand for a wanted one."""
    if label.get("department") is None:
        return
    wanted, fine = label["department"], set(label.get("department_acceptable", ()))
    answer = list(dict.fromkeys(got.get("department") or []))
    if not wanted:
        yield Share("department_none", float(fine.issuperset(answer)), 1.0, wanted, answer)
    else:
        right = bool(answer) and (answer[0] in wanted or answer[0] in fine)
        yield Share("department_top1", float(right), 1.0, wanted, answer)
    hits = [d for d in answer if d in wanted]
    stand_ins = [d for d in answer if d in fine and d not in wanted]
    matched = min(len(wanted), len(hits) + len(stand_ins))
    wrong = len(answer) - len(hits) - len(stand_ins)
    yield Found("department_set", len(wanted), matched, matched + wrong, matched)


def abuse(wanted: dict[str, Any] | None, got: dict[str, Any]) -> Iterator[Mark]:
    """Whether there is any in the call, how bad, from whom, threatening what."""
    if not wanted:
        return
    levels = (wanted["level"], got.get("level") or "none")
    yield Found.of("abuse", *(level != "none" for level in levels))
    yield Share.same("abuse_level", *levels)
    if levels[0] != "none":
        yield Share.same("abuse_who", sorted(wanted["who"]), sorted(got.get("who") or []))
    if wanted.get("threat_kind"):
        yield Share.same("threat_kind", wanted["threat_kind"], got.get("threat_kind"))
    if "escalate" in wanted:
        yield Share.same("escalate", wanted["escalate"], bool(got.get("escalate")))


def quality(wanted: dict[str, bool | None], got: dict[str, bool | None]) -> Iterator[Mark]:
    """Each item that the label decides; an undecided answer counts as "not seen"."""
    for item in QA:
        if wanted.get(item) is not None:
            yield Found.of(f"qa.{item}", bool(wanted[item]), bool(got.get(item)))


def entities(wanted: dict[str, list[str]], got: dict[str, list[str]]) -> Iterator[Mark]:
    """Each kind; one answer may cover two wanted ones (区 and 路 in one address)."""
    for kind in ENTITIES:
        if kind not in wanted:
            continue
        sought, given = wanted[kind], list(dict.fromkeys(got.get(kind) or []))
        same = same_person if kind == "person" else same_thing
        missing = tuple(w for w in sought if not any(same(w, g) for g in given))
        extra = tuple(g for g in given if not any(same(w, g) for w in sought))
        counts = (len(sought), len(sought) - len(missing), len(given), len(given) - len(extra))
        yield Found(f"entity.{kind}", *counts, missing, extra)


def ticket(label: dict[str, Any], got: dict[str, Any]) -> Iterator[Mark]:
    """Filled fields, the label's entities in the drafts, and closeness to its wording.

    The label tells all appeals of a call in one; so are the drafts read.
    """
    wanted = label.get("ticket")
    if not wanted:
        return
    orders = [got.get("ticket") or {}, *(got.get("more_tickets") or ())]
    fields = [f for order in orders for f in order.get("fields") or []]
    required = [f for f in fields if f.get("required")]
    if required:
        filled = [f for f in required if f.get("value") not in (None, "", UNSAID)]
        empty = [f.get("label") for f in required if f not in filled]
        yield Share("ticket_fields", len(filled), len(required), [], empty)
    words = {p: "；".join(o[p] for o in orders if o.get(p)) for p in ("title", "summary")}
    draft = "；".join([*words.values(), *(str(f["value"]) for f in fields if f.get("value"))])
    facts = [e for kind in (label.get("entities") or {}).values() for e in kind]
    absent = [e for e in facts if not says(draft, e) and mask(e, [e]) not in draft]
    yield Share("ticket_facts", len(facts) - len(absent), len(facts), [], absent)
    for part, told in words.items():
        yield Share(f"ticket_{part}", rouge_l(wanted[part], told), 1.0, wanted[part], told)
    written = "；".join(words.values())
    turns = [turn["text"] for turn in got.get("turns") or ()]
    known = [name for names in (got.get("entities") or {}).values() for name in names]
    lost = unsupported(written, turns, (*known, *FRAMES))
    if turns:
        yield Share("ticket_unsupported", len("".join(lost)), len(written), [], list(lost))


def _time(turns: list[dict], size: int) -> np.ndarray:
    """Which steps of the grid the turns cover: bool, shape (size,)."""
    grid = np.zeros(size, dtype=bool)
    for turn in turns:
        grid[round(turn["start_s"] / STEP) : round(turn["end_s"] / STEP)] = True
    return grid


def _merged(turns: list[dict]) -> list[dict]:
    """Turns in order, those of one speaker with nobody between them made one."""
    merged: list[dict] = []
    for turn in sorted(turns, key=lambda t: t["start_s"]):
        if merged and merged[-1]["speaker"] == turn["speaker"]:
            end = max(merged[-1]["end_s"], turn["end_s"])
            merged[-1] = {**merged[-1], "end_s": end}
        else:
            merged.append(turn)
    return merged
