"""Names as they come: late in an answer, familiar, of others; and words that are no names."""

import pytest

from pipeline.people import asks_name, people


def named(text, *, answering=False):
    return [text[p.start : p.end] for p in people(text, answering=answering)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("覃塘区黄练镇大榄屯，韦世昌，打这个。", ["韦世昌"]),
        ("云秀兰，对，就来电这个。", ["云秀兰"]),
        ("那木拉，那是那个的那，木头的木。", ["那木拉"]),
        ("我叫乌日娜。", ["乌日娜"]),
        ("青岚区柳叶镇，桂花小区，打这个。", []),
        ("双口吕，打这个。", []),
    ],
)
def test_an_answer_to_the_question_for_a_name_may_give_it_late(text, names):
    assert named(text, answering=True) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("我姓丁，叫我小丁就行", ["小丁", "姓丁"]),
        ("吴伯，我记的是司机骂人", ["吴伯"]),
        ("合同在李教练手上", ["李教练"]),
        ("我爸叫覃世忠，住在老屋", ["覃世忠"]),
        ("是4单元502的王桂莲反映的", ["王桂莲"]),
        ("就是那个陆建欠我的货款", ["陆建"]),
        ("我仔阿聪，今年中考", ["阿聪"]),
        ("我们包工头跑了，班组长也找不到", []),
        ("这不等于让老板白拿钱", []),
        ("祝大爷早日康复", []),
        ("您可以找免费律师", []),
        ("喂，阿妹啊，我想问下", []),
    ],
)
def test_whom_the_talk_is_of(text, names):
    assert named(text) == names


def test_the_ways_to_ask_for_a_name():
    assert asks_name("您的全名和电话我登记一下") and asks_name("方便留个姓吗")
