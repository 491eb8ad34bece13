"""Names as they come: late in an answer, familiar, of others; and words that are no names."""

import pytest

from pipeline.people import asks_name, people


def named(text, *, answering=False, reply=""):
    return [text[p.start : p.end] for p in people(text, answering=answering, reply=reply)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("覃塘区黄练镇大榄屯，韦世昌，打这个。", ["韦世昌"]),
        ("云秀兰，对，就来电这个。", ["云秀兰"]),
        ("那木拉，那是那个的那，木头的木。", ["那木拉"]),
        ("我叫乌日娜。", ["乌日娜"]),
        ("青岚区柳叶镇，桂花小区，打这个。", []),
        ("双口吕，打这个。", []),
        ("陈小兰陈旧的陈，打这个。", ["陈小兰"]),  # in one breath
        ("我婆婆乔四妹，四是数字那个四。我叫郝玉。", ["乔四妹", "郝玉"]),
        ("婆婆高血压，在家。", []),
        ("车祸，一天没的，房产税，安家费，全日制，查监控。", []),
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
        ("好的佟先生，上周登记的", ["佟先生"]),
        ("领工的叫刘振生。", ["刘振生"]),
        ("带工的是马全福，跑了", ["马全福"]),
        ("老板是安徽人，开工了", []),
        ("我们平常跟刘振生说话", ["刘振生"]),
        ("我去找安全员要，又跟房管局说", []),
        ("我堂弟，阿强，他砌过来了", ["阿强"]),
        ("亚金家起新屋，亚洲家用电器", ["亚金"]),
        ("你好，我叫格日勒，当过兵", ["格日勒"]),
        ("你好，我叫了三次，没人来", []),
        ("感谢郎大哥，陈科长来过", ["郎大哥", "陈科长"]),
        ("项目经理和司机师傅，车间主任，值班律师，调解主任，银行经理都来了", []),
        ("城管中队长，门卫大爷，旁边大哥，那边医生，招生老师，施工方主任", []),
        ("我是单身，我是韩国人，农业户口", []),
    ],
)
def test_whom_the_talk_is_of(text, names):
    assert named(text) == names


def test_the_ways_to_ask_for_a_name():
    assert asks_name("您的全名和电话我登记一下") and asks_name("方便留个姓吗")


def test_whom_the_agent_calls_by_the_answer_is_called_so():
    assert named("那顺。不要说是我。", answering=True, reply="那顺大哥，还有吗") == ["那顺"]
    assert named("保密。不要说是我。", answering=True, reply="好的大哥，还有吗") == []
