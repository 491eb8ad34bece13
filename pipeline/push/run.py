"""Sends orders one after another and keeps what became of each, so that none goes twice.

A version that was taken, or refused as such, is not sent again; what was never answered is.
A call of which nothing is left to be sent is not read again until something happens to it.
The letters of what is left are written at the end, whatever the end is.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline.domain.profile import Profile
from pipeline.errors import InputInvalid
from pipeline.link.relations import Relations
from pipeline.provenance import JUDGE_VERSION, key
from pipeline.push import letters
from pipeline.push.letters import Letter
from pipeline.push.orders import Order, orders, waits
from pipeline.push.post import Answer, Sender
from pipeline.store import dispatches, pushes, queries, reviews
from pipeline.store.connection import now
from pipeline.store.pushes import Past, Push
from pipeline.store.store import Store

SILENT = 3  # orders in a row that nobody answered: the other system is down

Report = Callable[[int, int], None]  # done, of how many


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders are sent."""

    shas: Sequence[str]
    waiting_too: bool = False  # also those for which a person should look
    changed_too: bool = False  # also new versions of what was taken
    unmasked: bool = False
    due: Collection[tuple[str, int]] | None = None  # these orders alone, in any version

    def terms(self, profile: Profile) -> str:
        """What decides, beside a call, what of it is sent."""
        asked = (self.waiting_too, self.changed_too, self.unmasked)
        return key("push", JUDGE_VERSION, profile.digest, asked)


@dataclass(frozen=True, slots=True)
class Ready:
    """The orders of a call."""

    orders: tuple[Order, ...]
    held: bool  # they wait for a person, and were not asked for


@dataclass(slots=True)
class Pushed:
    """What came of a push, for the command line."""

    accepted: list[tuple[str, str]] = field(default_factory=list)  # order_id, receipt
    before: int = 0  # were taken earlier
    changed: int = 0  # were taken earlier, as another version
    waiting: int = 0  # calls left out: they wait for a person
    elsewhere: int = 0  # another process is sending them
    unsent: int = 0  # calls, or letters, that were not tried: the other side is not there
    stopped: str = ""  # the reason why
    left: list[Letter] = field(default_factory=list)  # refused or undelivered
    refused: list[Letter] = field(default_factory=list)  # earlier, and not changed since

    @property
    def all_there(self) -> bool:
        """Whether everything that was to be sent has arrived; what was refused earlier waits
        for a person and was not to be sent."""
        return not self.left and not self.unsent

    @property
    def settled(self) -> int:
        """How many orders the other system has."""
        return len(self.accepted) + self.before + self.changed


def ready(store: Store, wanted: Wanted, profile: Profile) -> Iterator[Ready]:
    """The orders of each call as they would be sent; none of a call erased meanwhile."""
    reviewed = reviews.counting(store, wanted.shas)
    relations = Relations(store, profile.links.hot_spot_calls)
    for sha in wanted.shas:
        try:
            result = queries.result(store, sha)
        except InputInvalid:
            yield Ready((), False)
            continue
        people = reviewed.get(sha, {})
        states = {step.part: step.state for step in dispatches.of(store, sha)}
        more: dict[str, Any] = {
            "relations": relations.of(sha),
            "reviewed": people,
            "states": states,
        }
        found = tuple(orders(result, profile, **more, unmasked=wanted.unmasked))
        if wanted.due is not None:
            found = tuple(one for one in found if (sha, one.number) in wanted.due)
        free = wanted.waiting_too or dispatches.SENT in states.values()
        held = bool(found) and not free and waits(result, people)
        yield Ready(() if held else found, held)


def push_calls(
    store: Store,
    sender: Sender,
    wanted: Wanted,
    profile: Profile,
    *,
    out: Path,
    report: Report = lambda done, of: None,
) -> Pushed:
    """Send the orders of the calls; those that nobody took stand in `out` afterwards.

    Raises InputInvalid where `out` holds something else, StoreUnusable.
    """
    old = letters.read(out) if out.exists() else []
    run = _Push(store, sender)
    stamps = run.left_to_read(wanted, profile)
    with run.letters_kept(old, out):
        calls = ready(store, replace(wanted, shas=list(stamps)), profile)
        for done, (sha, call) in enumerate(zip(stamps, calls, strict=True), 1):
            run.push(sha, call, wanted, stamps[sha])
            report(done, len(stamps))
            if run.told.stopped:
                run.told.unsent = len(stamps) - done
                break
    return run.told


def push_letters(
    store: Store, sender: Sender, file: Path, *, report: Report = lambda done, of: None
) -> Pushed:
    """Send the letters of a file again; those that still nobody takes stay in it.

    Raises InputInvalid where the file is none of ours, StoreUnusable.
    """
    found = letters.read(file)
    run = _Push(store, sender)
    with run.letters_kept(found, file):
        there = pushes.known(store, {one.order.sha256 for one in found})
        for done, letter in enumerate(found, 1):
            if run.told.stopped:
                run.told.unsent += 1
                run.told.left.append(letter)
            elif letter.order.sha256 in there:
                run.send(letter.order)
            report(done, len(found))
    return run.told


class _Push:
    """One push into one target."""

    def __init__(self, store: Store, sender: Sender) -> None:
        self._store, self._sender, self._target = store, sender, sender.target.url
        self._silent = 0
        self.told = Pushed()

    def left_to_read(self, wanted: Wanted, profile: Profile) -> dict[str, str]:
        """The calls that have to be read, each with its stamp; the others are counted.

        Single orders (`due`) say nothing of their calls: no stamp, all are read.
        """
        if wanted.due is not None:
            return dict.fromkeys(wanted.shas, "")
        terms = wanted.terms(profile)
        past, todo = pushes.gone_through(self._store, self._target, terms, wanted.shas)
        self.told.before += sum(one.taken for one in past)
        self.told.changed += sum(one.changed for one in past)
        self.told.waiting += sum(one.waiting for one in past)
        return dict(todo)

    def push(self, sha256: str, call: Ready, wanted: Wanted, stamp: str) -> None:
        """Send what is to be sent of a call; note it where nothing is left of it."""
        settled, changed = self.told.settled, self.told.changed
        self.told.waiting += call.held
        for order in call.orders:
            if not self.told.stopped and self.wants(order, wanted):
                self.send(order)
        settled, changed = self.told.settled - settled, self.told.changed - changed
        if stamp and settled == len(call.orders):
            past = Past(sha256, stamp, settled - changed, changed, int(call.held))
            pushes.go_through(self._store, self._target, past)

    @contextmanager
    def letters_kept(self, old: Sequence[Letter], out: Path) -> Iterator[None]:
        """At the end, whatever it is, `out` holds what nobody took: new letters, and old
        ones that were not taken meanwhile and whose call was not erased."""
        try:
            yield
        finally:
            both = letters.joined(old, [*self.told.refused, *self.told.left])
            there = pushes.known(self._store, {one.order.sha256 for one in both})
            taken = pushes.accepted(self._store, {one.order.key for one in both})
            kept = [one for one in both if one.order.sha256 in there]
            letters.write(out, [one for one in kept if one.order.key not in taken])

    def wants(self, order: Order, wanted: Wanted) -> bool:
        """Whether the order is to be sent; what is known of it is counted."""
        known = [
            one
            for one in pushes.of(self._store, order.sha256, self._target)
            if one.number == order.number
        ]
        mine = next((one for one in known if one.key == order.key), None)
        again = wanted.changed_too or wanted.due is not None
        if mine and mine.state == "accepted":
            self.told.before += 1
            if wanted.due is not None:
                pushes.confirm(self._store, mine)
        elif not again and any(one.state == "accepted" for one in known):
            self.told.changed += 1
        elif mine and mine.state == "refused":
            self.told.refused.append(self._letter(order, _answer(mine)))
        else:
            return True
        return False

    def send(self, order: Order) -> None:
        """Send it, unless it was taken or another process is at it; keep what came of it."""
        push = (order.sha256, order.number, self._target, order.key)
        limit_s = self._sender.target.settings.patience_s
        standing = pushes.begin(self._store, *push, limit_s=limit_s)
        if standing != "mine":
            self.told.before += standing == "accepted"
            self.told.elsewhere += standing == "elsewhere"
            return
        answer = self._sender.send(order.data, order.key)
        pushes.end(
            self._store,
            push,
            state=answer.state,
            attempts=answer.attempts,
            status=answer.status,
            reason=answer.reason,
            said=answer.said,
            receipt=answer.receipt,
        )
        self._silent = self._silent + 1 if answer.state == "undelivered" else 0
        if answer.stop or self._silent == SILENT:
            self.told.stopped = answer.reason
        if answer.state == "accepted":
            self.told.accepted.append((order.order_id, answer.receipt or ""))
        else:
            self.told.left.append(self._letter(order, answer))

    def _letter(self, order: Order, answer: Answer) -> Letter:
        told = (answer.reason, answer.status, answer.said)
        return Letter(order, self._target, *told, attempts=answer.attempts, at=now())


def _answer(known: Push) -> Answer:
    told = (known.reason, known.status, known.receipt, known.said)
    return Answer(known.state, *told, attempts=known.attempts)
