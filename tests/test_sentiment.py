"""The caller's mood from words alone; sentences invented for these tests."""

from types import SimpleNamespace

import pytest

from models.base import Label
from pipeline.stages.sentiment import sentiment


@pytest.fixture(scope="module")
def tools(profile):
    return SimpleNamespace(profile=profile, classifier=lambda task: None)


@pytest.fixture
def moods(call_saying, tools):
    """(start, end) of a call of these lines."""

    def judged(*lines):
        call = sentiment(call_saying(*lines), tools)
        return call.emotion_start.value, call.emotion_end.value

    return judged


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("我想咨询一下生育津贴怎么申请", "平静"),
        ("请问不动产登记中心周六上班吗", "平静"),
        ("我反映一下人行道的地砖松了一块", "平静"),
        ("你们快点派人来啊，水都淹到床底下了", "焦急"),
        ("老板跑了，工资要不回来，这可怎么办啊", "焦急"),
        ("孩子困在电梯里半个小时了", "焦急"),
        ("我要投诉楼下的棋牌室，天天半夜吵得睡不着", "不满"),
        ("打了好几次电话都没人处理", "不满"),
        ("公交车又不按时来，太不方便了", "不满"),
        ("你们到底管不管！凭什么一拖再拖！", "愤怒"),
        ("你们这帮废物", "愤怒"),
        ("太欺负人了，我要找记者曝光", "愤怒"),
        ("老伴走了，我一个人心里特别难受", "悲伤"),
        ("我真的不想活了", "悲伤"),
        ("太感谢你了，帮了大忙", "感谢"),
        ("你解释得很耐心，谢谢你", "感谢"),
        ("他妈的低保停了，想问问怎么恢复", "平静"),
    ],
)
def test_a_turn_has_the_mood_of_its_words(call_saying, tools, text, mood):
    call = sentiment(call_saying(f"caller: {text}"), tools)
    assert [f.value for f in call.emotions] == [mood]


def test_each_turn_of_the_caller_has_one_emotion_with_its_words(call_saying, tools):
    call = sentiment(
        call_saying("agent: 您好，请讲", "caller: 楼上天天漏水，太烦了", "caller: 三单元的"),
        tools,
    )
    assert [(f.turn, f.value) for f in call.emotions] == [(1, "不满"), (2, "平静")]
    assert call.emotions[0].quote in call.turns[1].text


@pytest.mark.parametrize(
    ("last", "mood"),
    [
        ("好，谢谢，再见", "平静"),
        ("嗯，知道了", "平静"),
        ("你讲得真清楚，太谢谢你了", "感谢"),
        ("行吧，那我再等等看", "不满"),
        ("你这什么态度，我现在就要投诉你！", "愤怒"),
    ],
)
def test_the_end_is_what_the_last_words_say(moods, last, mood):
    lines = ("caller: 我要投诉门口的烧烤摊，天天冒烟", "agent: 好的", f"caller: {last}")
    assert moods(*lines) == ("不满", mood)


def test_fear_lasts_until_it_is_resolved(moods):
    told = ("caller: 喂喂，快来人啊，楼下着火了", "agent: 别慌", "caller: 我们在五楼")
    assert moods(*told, "agent: 打119", "caller: 好好好") == ("焦急", "焦急")


def test_grief_outlasts_a_polite_goodbye(moods):
    told = (
        "caller: 我老公去世了，我天天哭，活着没意思",
        "agent: 您别难过",
        "caller: 嗯，我先这样吧",
    )
    assert moods(*told) == ("悲伤", "悲伤")


def test_thanks_before_the_matter_are_only_manners(moods):
    assert moods("caller: 谢谢你接我电话，我想问一下落户")[0] == "平静"


def test_a_call_without_words_is_calm_without_evidence(call_saying, tools):
    call = sentiment(call_saying("agent: 您好，听得到吗"), tools)
    assert (call.emotion_start.value, call.emotion_end.value) == ("平静", "平静")
    assert call.emotions == ()


def test_when_no_role_is_known_every_voice_is_read(moods):
    assert moods("unknown: 凭什么扣我钱，太过分了")[0] == "愤怒"


class Sure:
    """A classifier that hears anger in everything."""

    def classify(self, texts):
        return tuple((Label("愤怒", 0.95), Label("平静", 0.05)) for _ in texts)


def test_a_trained_classifier_is_one_more_voice(call_saying, profile):
    tools = SimpleNamespace(profile=profile, classifier=lambda task: Sure())
    call = sentiment(call_saying("caller: 就这么回事"), tools)
    assert call.emotions[0].value == "平静"  # one voice of less than 1 decides nothing
    call = sentiment(call_saying("caller: 凭什么收我的钱"), tools)
    assert "classifier.emotion" in {f.rule for f in call.emotion_start.findings}


def test_a_turn_that_the_classifier_refuses_is_left_to_the_rules(call_saying, profile):
    class Refusing:
        def classify(self, texts):
            return tuple(() for _ in texts)

    tools = SimpleNamespace(profile=profile, classifier=lambda task: Refusing())
    call = sentiment(call_saying("caller: 凭什么收我的钱"), tools)
    assert "classifier.emotion" not in {f.rule for f in call.emotion_start.findings}
    assert call.emotions[0].value == "愤怒"
