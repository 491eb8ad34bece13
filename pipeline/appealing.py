"""Appeals of agents against QA items: which steps may follow each other, checked and kept.

An appeal that is upheld is a person's decision on the item, kept with it as a review: the
machine's verdict stays what it was, the human score changes. `lingsu appeal` and the web pages
call these; nothing here prints.
"""

from collections.abc import Sequence

from pipeline.decisions import QA, item_of, said, value_of
from pipeline.domain.profile import Profile
from pipeline.errors import InputInvalid
from pipeline.records import CallResult
from pipeline.store import appeals, reviews
from pipeline.store.appeals import ANSWERS, OPEN, Appeal
from pipeline.store.reviews import Review
from pipeline.store.store import Store


def file(
    store: Store, result: CallResult, item: str, *, reason: str, who: str, profile: Profile
) -> Appeal:
    """An agent's appeal against a verdict that an item failed in one of the calls.

    item: its id or its name. Raises InputInvalid: no such item, it did not fail, an appeal is
    open or was rejected, no reason.
    """
    key = _item(item, profile)
    sha = result.call.recording.sha256
    verdict = standing(store, result, key, profile)
    before = _last(appeals.of(store, sha), key)
    if verdict != "fail":
        raise InputInvalid(f"{item}：没有判为不通过，无须申诉")
    if before and before.state == OPEN:
        raise InputInvalid(f"{item}：{before.who} 已提出申诉，还没有答复")
    if before and before.state == "rejected":
        raise InputInvalid(f"{item}：申诉已被 {before.who} 驳回，不能再提")
    return _keep(store, Appeal(sha, key, who, OPEN, verdict, _words(reason)), before)


def answer(
    store: Store,
    result: CallResult,
    item: str,
    *,
    state: str,
    reason: str,
    who: str,
    profile: Profile,
    to: str = "pass",
) -> Appeal:
    """Somebody else upholds an open appeal or rejects it; upheld, the item becomes `to`.

    Raises InputInvalid: nothing open, answered by who filed it, no reason.
    """
    key = _item(item, profile)
    filed = _open(store, result, key, item)
    if state not in ANSWERS:
        raise InputInvalid(f"答复只能是 {'、'.join(ANSWERS)}，收到 {state!r}")
    if filed.who == who:
        raise InputInvalid("申诉要由别人答复，不能由申诉人自己答复；要收回请用 withdraw")
    step = Appeal(filed.sha256, key, who, state, filed.against, _words(reason))
    new = value_of(QA + key, to, profile)
    if new == filed.against:
        raise InputInvalid(f"{item}：申诉成立就要改判，不能仍是 {to}")
    machine = said(result, profile).get(QA + key)
    change = Review(filed.sha256, who, "change", QA + key, machine, new, step.reason)
    return _keep(store, step, filed, change if state == "upheld" else None)


def withdraw(
    store: Store, result: CallResult, item: str, *, who: str, profile: Profile
) -> Appeal:
    """Who filed an appeal takes it back. Raises InputInvalid: not open, or not his."""
    key = _item(item, profile)
    filed = _open(store, result, key, item)
    if filed.who != who:
        raise InputInvalid(f"这件申诉是 {filed.who} 提出的，只能由本人收回")
    return _keep(store, Appeal(filed.sha256, key, who, "withdrawn", filed.against), filed)


def standing(store: Store, result: CallResult, key: str, profile: Profile) -> str | None:
    """The verdict that counts of a QA item: a person's, else the machine's."""
    sha = result.call.recording.sha256
    decided = reviews.counting(store, sha).get(sha, {}).get(QA + key)
    if decided is None:
        return said(result, profile).get(QA + key)
    return decided.new


def _item(typed: str, profile: Profile) -> str:
    known = {one.id for one in profile.qa}
    key = typed if typed in known else item_of(typed, profile).removeprefix(QA)
    if key not in known:
        raise InputInvalid(f"{typed}：不是质检项，不能申诉；受理、部门等请用 lingsu review")
    return key


def _open(store: Store, result: CallResult, key: str, typed: str) -> Appeal:
    last = _last(appeals.of(store, result.call.recording.sha256), key)
    if last is None or last.state != OPEN:
        raise InputInvalid(f"{typed}：这通没有等待答复的申诉")
    return last


def _last(steps: Sequence[Appeal], key: str) -> Appeal | None:
    return next((one for one in reversed(steps) if one.item == key), None)


def _words(reason: str) -> str:
    if not reason.strip():
        raise InputInvalid("请写明理由")
    return reason.strip()


def _keep(
    store: Store, step: Appeal, before: Appeal | None, review: Review | None = None
) -> Appeal:
    appeals.add(store, step, follows=before.state if before else None, review=review)
    return step
