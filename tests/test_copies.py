"""pipeline/copies.py: the same copies as those of dataclasses."""

import dataclasses

import pytest

from pipeline.copies import replace
from pipeline.domain.weigh import Passage
from pipeline.records import Call, Decision, Finding, Recording

CALL = Call(Recording("0" * 64, "made-up.wav"), urgency=Decision("一般"))
FINDING = Finding("scope", "rule", 0, "words", 0.0, 1.5)
PASSAGE = Passage((), (0,), "")


@pytest.mark.parametrize(
    ("record", "changes"),
    [
        (CALL, {"urgency": Decision("特急"), "signs": (("a", 1.0),)}),
        (FINDING, {"score": 2.0}),
        (PASSAGE, {"text": "words"}),
        (CALL, {}),
    ],
)
def test_a_copy_is_that_of_dataclasses_and_the_record_stays(record, changes):
    before = dataclasses.asdict(record)
    copy = replace(record, **changes)
    assert copy == dataclasses.replace(record, **changes)
    assert copy is not record and dataclasses.asdict(record) == before


@pytest.mark.parametrize("record", [CALL, PASSAGE])
def test_a_field_that_there_is_not_is_refused(record):
    with pytest.raises(TypeError, match="findigns"):
        replace(record, findigns=())


def test_a_copy_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        replace(FINDING, score=2.0).score = 1.0
