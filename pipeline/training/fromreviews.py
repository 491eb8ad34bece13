"""`lingsu train --from-reviews`: what people decided teaches the classifier of whole calls.

Reviewed calls are learnt beside the shipped dialogues, a third of them is held out, and the new
model is written only where it beats the one in use there. All heads share one vocabulary, so a
model is taken or left as a whole: taken when one decision got better by more than chance and
none got worse (duel.py).
"""

from pathlib import Path

from models import classifiers
from models.base import ModelUnavailable
from models.calls import CallClassifier
from models.linear import FILE
from pipeline import provenance
from pipeline.config import load_config
from pipeline.domain.profile import Profile
from pipeline.errors import InputInvalid, ModelMissing
from pipeline.export.files import whole_file
from pipeline.labels import word
from pipeline.stages.settle import TASKS
from pipeline.store.store import Store
from pipeline.tools import Tools
from pipeline.training import blend
from pipeline.training.calls import fit, origin
from pipeline.training.card import CARD
from pipeline.training.dialogues import Example, read_dialogues
from pipeline.training.duel import FEW, duels, taken
from pipeline.training.resume import Report, Steps
from pipeline.training.reviewcard import Learnt, card
from pipeline.training.reviewed import Found, reviewed_calls

VERSION = 1  # of what a step makes: raised by hand, so that no older step is gone on with
STEPS = 3 + len(TASKS) * (blend.FOLDS + 1)  # read, rules, folds and whole of each, measure
SHIPPED = classifiers.SHIPPED.with_name("dialogues")


def train_from_reviews(
    store: Store,
    out: Path,
    *,
    profile: Profile,
    dialogues: Path = SHIPPED,
    seed: int = 0,
    report: Report = lambda done, total, name: None,
) -> Learnt:
    """Learn from the reviews of a store; write the folder `out` if the new model is better.

    Stopped and started again, it goes on with the steps that are done. Raises InputInvalid
    where no decision has enough reviews, ModelMissing for weights or dialogues that cannot be
    read.
    """
    steps = Steps(out, STEPS, report)
    steps.tell("read")
    found = reviewed_calls(store, profile)
    _refuse_few(found)
    old, written = _known(profile, dialogues)
    own = [one.example for one in found.calls if not one.held_out and one.example.labels]
    held_out = [one for one in found.calls if one.held_out]
    examples = [*written, *own]
    steps.resume(_key(examples, profile, seed))
    model = fit(examples, Tools(load_config(), profile, calls=None), steps, seed=seed).model
    if lacking := set(TASKS) - set(model.heads):
        told = "、".join(map(_named, sorted(lacking)))
        raise InputInvalid(f"{told}：至少要有两种答案各 8 通，学不成")
    steps.tell("measure")
    measured = duels(held_out, found.counts, old=old, new=model, profile=profile)
    learnt = Learnt(
        path=out / FILE if taken(measured) else None,
        dialogues=len(written),
        reviewed=len(own),
        held_out=len(held_out),
        reviewers=len({one.who for one in found.calls}),
        left_out=dict(found.left_out),
        features=len(model.reader),
        duels=measured,
        data_sha256=model.origin,
        old=old.origin if old else None,
        seed=seed,
        resumed=steps.resumed,
    )
    if learnt.path:
        _write(out, model, learnt)
    steps.clear()
    return learnt


def _known(profile: Profile, dialogues: Path) -> tuple[CallClassifier | None, list[Example]]:
    """The classifier that judges today, if any, and the dialogues that come with us."""
    try:
        return Tools(load_config(), profile).calls, read_dialogues(dialogues)
    except ModelUnavailable as error:
        raise ModelMissing(str(error)) from error


def _refuse_few(found: Found) -> None:
    counts = found.counts
    if max(counts.values()) < FEW:
        have = "、".join(f"{_named(task)} {number}" for task, number in counts.items())
        raise InputInvalid(f"至少要有一项复核过 {FEW} 通，现有：{have}")


def _named(task: str) -> str:
    return word(task.replace("emotion_", "emotion."))


def _key(examples: list[Example], profile: Profile, seed: int) -> str:
    """Of everything that the kept steps depend on."""
    import sklearn

    how = (VERSION, sklearn.__version__, provenance.JUDGE_VERSION, profile.digest, seed)
    return provenance.key(*how, origin(examples), [example.group for example in examples])


def _write(out: Path, model: CallClassifier, learnt: Learnt) -> None:
    """The weights first: a card may lag behind them, never run ahead."""
    with whole_file(out / FILE) as file:
        model.write(file)
    with whole_file(out / CARD) as file:
        file.write(card(learnt).encode())
