"""Which stretches are believed to be a place in other characters, and which are not."""

import pytest

from pipeline.domain.misheard import misheard
from pipeline.domain.schema import District, Region

REGION = Region(
    name="石城市",
    hotline=("石城",),
    area_code="0999",
    shifts=(),
    districts=(
        District(
            name="青岚区", places=("柳叶镇", "凤鸣街道", "望江路街道", "白沙乡", "中沙镇")
        ),
        District(name="河东县", aliases=("九原",), places=("红沙镇", "平川镇")),
    ),
)


def names(text: str) -> list[str]:
    return [met.name for met in misheard(text, (REGION,))]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("我在清蓝区这边", ["青岚区"]),
        ("我家在金岚区", ["青岚区"]),  # one syllable is another
        ("您在哪个区？\n听兰区，望海小区", ["青岚区"]),  # asked for
        ("送到河东现的窗口", ["河东县"]),  # the word for its kind misheard
        ("住在奉明街道", ["凤鸣街道"]),
        ("我在旧原上班", ["河东县"]),  # a short name
        ("就在忘江路", ["望江路"]),  # the road that names a sub-district
        ("在哪个镇呢平\n船镇的桥头", ["平川镇"]),  # cut in two by a change of speakers
    ],
)
def test_a_misheard_place_is_found(text, wanted):
    assert names(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "我在青岚区",  # written as it is: not misheard
        "我们小区的路灯",
        "到校区去上课",
        "青蓝色的墙",
        "很多平常镇上没人",  # not where a name may begin
        "去请来，区里的人",
        "那个荷东先生说的",  # 先生
        "各乡镇都有",
        "在北岭区住",  # nothing is left of the name
        "大白沙乡那边",  # the end of a longer name
        "走忘川路",
        "从5元涨到9元",
    ],
)
def test_a_stretch_that_says_something_else_is_left_alone(text):
    assert names(text) == []


def test_between_two_names_as_near_none_is_chosen():
    assert names("我在东沙镇") == []  # 中沙镇 and 红沙镇 are of two districts
    assert names("我在中杀镇") == ["中沙镇"]


def test_the_share_falls_with_the_distance_and_the_way_is_told():
    same, near = (misheard(text, (REGION,))[0] for text in ("在清蓝区", "在金岚区"))
    assert (same.how, near.how) == ("sound", "near")
    assert same.share > near.share >= 0.5
