"""What a draft says must have been said."""

import pytest

from pipeline.supported import unsupported

SAID = ("我们长青路上的井盖丢了3个，晚上太危险了。", "尽快补上，电话1234。", "我问你管不管。")


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("长青路上的井盖丢了3个，尽快补上", ()),
        ("其长青路井盖丢了", ()),  # 其 is grammar; what is left out is not added
        ("长青路的窨井盖丢了", ("窨",)),
        ("问其管不管", ()),  # 问你, told by somebody else
        ("井盖丢了4个", ("4个",)),
        ("电话123", ("123",)),  # only a part of a number was said
        ("要求赔偿损失", ("求赔偿损失",)),
        ("上井", ("井",)),  # 上 is grammar; the characters do not meet in the call
    ],
)
def test_words_that_nobody_said_are_found(text, missing):
    assert unsupported(text, SAID) == missing


def test_normal_forms_and_the_drafts_own_phrases_are_known():
    assert unsupported("来电人反映：石拐区井盖丢了", SAID, ("石拐区", "来电人", "反映")) == ()
    assert unsupported("来电人反映：石拐区井盖丢了", SAID, ("来电人", "反映")) == ("石拐区",)


def test_pieces_do_not_reach_over_a_mark():
    assert unsupported("危险了尽快", ("太危险了。尽快补上",)) == ()
    assert unsupported("险了尽", ("太危险了。尽快补上",)) == ("尽",)
