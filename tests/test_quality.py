"""The thirteen items and the alerts; dialogues invented for these tests."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from pipeline.config import load_config
from pipeline.qa.measures import said_back
from pipeline.records import (
    Abuse,
    Call,
    Decision,
    Finding,
    Flag,
    Recording,
    Scope,
    Sound,
    Span,
    Ticket,
    TicketField,
    Turn,
)
from pipeline.stages.abuse import abuse
from pipeline.stages.quality import quality

# a complaint that was taken: every good item is due
UPSET = {
    "request_type": Decision("投诉"),
    "scope": Scope("accept_dispatch"),
    "emotion_start": Decision("不满"),
}


@pytest.fixture(scope="module")
def tools(profile):
    asks_nobody = {"classifier": lambda task: None}
    return SimpleNamespace(profile=profile, config=load_config(), **asks_nobody)


@pytest.fixture
def flags(call_saying, tools):
    """The flags by item of a call of these lines."""

    def judged(*lines, **fields):
        call = abuse(call_saying(*lines), tools)
        fields = UPSET | fields
        return {flag.item: flag for flag in quality(replace(call, **fields), tools).flags}

    return judged


def timed(*turns, spans=()):
    """A Call of (speaker, start, end, text)."""
    made = tuple(Turn(start, end, who, text) for who, start, end, text in turns)
    return Call(Recording("0" * 64, "made-up.wav", made[-1].end), turns=made, spans=spans)


GOOD = [
    ("greeting", "您好，12345热线，请问有什么可以帮您", "喂，说"),
    ("greeting", "下午好，工号2031，请讲", "嗯，哪里"),
    ("greeting", "您好，12345", "您好，是哪个路口呢？"),
    ("self_id", "您好，57号，请讲", "您好，5号楼怎么了"),
    ("asks_location", "您说的是哪所幼儿园？", "您要找哪个部门？"),
    ("asks_location", "地址快说", "地址我记下了"),
    ("asks_contact", "电话就是打来的这个吗？", "请您留意接听电话"),
    ("asks_contact", "方便留一个称呼吗", "承办单位看不到您的姓名电话"),
    ("empathy", "跑了这么多趟，太折腾人了", "师傅们也挺不容易的"),
    ("empathy", "请您节哀", "您慢慢说"),
    ("closing", "谢谢您替大家想着这件事", "庆祝活动周五开始"),
    ("self_id", "您好，市民服务热线为您服务", "您好，请讲"),
    ("self_id", "您好，工号三零二二，请讲", "您好，您说"),
    ("asks_location", "请问是在哪个路口呢？", "请问您贵姓？"),
    ("asks_location", "麻烦说一下具体地址", "您的户口在哪里？"),
    ("asks_location", "这家店叫什么名字，在什么位置？", "什么时候开始的？"),
    ("asks_location", "您家是几号楼几单元？", "您说的是哪一件工单？"),
    ("asks_contact", "请问您怎么称呼？", "商家叫什么名字？"),
    ("asks_contact", "方便留一个您的联系方式吗？", "您可以打物业电话问问"),
    ("asks_contact", "回访打这个号码可以吗？", "好的，都登记了"),
    ("empathy", "碰上这种事确实让人着急", "好的，请讲"),
    ("empathy", "您先消消气，我来查", "感谢您的理解"),
    ("empathy", "给您添麻烦了，非常抱歉", "您的意思我明白"),
    ("closing", "感谢您的来电，祝您生活愉快", "那就这样"),
]
BAD = [
    ("forbidden_phrase", "这事不归我们管", "这个不在受理范围，建议您找社区"),
    ("forbidden_phrase", "我不知道，你问别人去", "您如果不清楚，我再说一遍"),
    ("forbidden_phrase", "有意见你去告啊", "您有意见可以提出来"),
    ("wrong_promise", "您放心，三天之内肯定给您修好", "我们会尽快转给维修单位"),
    ("wrong_promise", "我保证明天就解决", "具体时间我这边不能保证"),
    ("forbidden_phrase", "跟我说也没用", "这个我不清楚，您可以问社区"),
    ("wrong_promise", "我跟您打包票，下周就通", "这个我真不敢给您打包票"),
    ("wrong_promise", "绝对能退给您，包在我身上", "您的保证金以合同为准"),
    ("rude_agent", "你自己不会查啊", "您可以在网上自己查询"),
    ("rude_agent", "这点事也打12345？", "您拨打12345就可以"),
    ("rude_agent", "那你就自己查去", "您可以自己查一下进度"),
    ("rude_agent", "你喊什么喊，爱告就告去", "您别着急，慢慢说"),
]


@pytest.mark.parametrize(("item", "there", "absent"), GOOD)
def test_a_good_item_passes_where_it_is_said_and_fails_where_not(flags, item, there, absent):
    assert flags(f"agent: {there}", "caller: 嗯")[item].verdict == "pass"
    assert flags(f"agent: {absent}", "caller: 嗯")[item].verdict == "fail"


@pytest.mark.parametrize(("item", "there", "absent"), BAD)
def test_a_bad_item_fails_and_asks_a_person_where_it_is_said(flags, item, there, absent):
    said, unsaid = flags(f"agent: {there}")[item], flags(f"agent: {absent}")[item]
    assert (said.verdict, said.severity, unsaid.verdict) == ("fail", "review", "pass")
    assert said.findings[0].quote in there


def test_a_greeting_counts_only_at_the_start(flags):
    late = [
        "agent: 说",
        "caller: 路灯不亮",
        "agent: 哪条路",
        "caller: 新民路",
        "agent: 您好，12345热线",
    ]
    assert flags(*late)["greeting"].verdict == "fail"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("您是说建设路口的红绿灯坏了，对吧？", "pass"),
        ("电话是13800000000，没错吧？", "pass"),
        ("红绿灯是今天早上不亮的，是吧？", "pass"),
        ("建设路口的红绿灯坏了是吧，我马上转给交警", "pass"),
        ("建设路口红绿灯坏了，对妈？", "pass"),  # as a recognizer may write it
        ("您是想问赔偿是吧，您稍等，我查一下", "fail"),
        ("这样可以吗？", "fail"),
        ("对吧？", "fail"),
    ],
)
def test_verifying_repeats_a_detail_and_asks(flags, text, verdict):
    told = "caller: 建设路口的红绿灯坏了，我电话13800000000"
    assert flags(told, f"agent: {text}")["verifies"].verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("好的，新民路和平巷口下水道堵了三天，污水漫到店门口，我给您转排水部门", "pass"),
        ("我给您登记一下，新民路的污水外溢，影响店铺经营，希望尽快疏通管道", "pass"),
        ("跟您核对一遍：新民路污水外溢，影响店铺，要求疏通管道，您看对吗？", "pass"),
        ("我给您登记，请排水部门的同志去现场看一下是什么原因，您贵姓？", "fail"),
        ("这类问题一般由排水管理部门处理，他们会在两个工作日之内联系您并答复", "fail"),
    ],
)
def test_reading_back_tells_the_callers_matter_in_a_long_turn(flags, text, verdict):
    told = "caller: 新民路和平巷口的下水道堵了三天了，污水都漫到店门口"
    assert flags(told, f"agent: {text}")["reads_back"].verdict == verdict


@pytest.mark.parametrize(
    ("last", "verdict"), [("转了，等电话", "fail"), ("好的，已经转了，请等电话", "pass")]
)
def test_an_agent_without_one_polite_word_is_curt(flags, last, verdict):
    asked = ("哪个村？", "什么垃圾？", "看到人没有？", "没车牌不好查", last)
    lines = [line for text in asked for line in (f"agent: {text}", "caller: 嗯")]
    flag = flags("agent: 你好，12345", "caller: 有人倒垃圾", *lines)["rude_agent"]
    assert (flag.verdict, bool(flag.findings)) == (verdict, verdict == "fail")
    assert flag.severity == "info"  # it costs points, it is not fatal and asks nobody


@pytest.mark.parametrize(
    ("begins", "text", "verdict"),
    [
        (9.0, "请问是哪条路？", "fail"),
        (9.8, "请问是哪条路？", "pass"),
        (8.0, "嗯，好", "pass"),
        (10.5, "请问是哪条路？", "pass"),
    ],
)
def test_an_agent_who_begins_half_a_second_early_interrupts(tools, begins, text, verdict):
    call = timed(
        ("caller", 2.0, 10.0, "我们这里的路灯坏了好几盏。"), ("agent", begins, 12.0, text)
    )
    assert {f.item: f for f in quality(call, tools).flags}[
        "interrupts_caller"
    ].verdict == verdict


@pytest.mark.parametrize(("begins", "verdict"), [(9.65, "fail"), (9.8, "pass")])
def test_a_sentence_left_open_is_cut_with_little_overlap(tools, begins, verdict):
    """0.2 s is what two speech detectors add at the ends of two turns that follow."""
    call = timed(
        ("caller", 2.0, 10.0, "那个材料我还没有，"), ("agent", begins, 12.0, "没有就别来")
    )
    flags = {f.item: f for f in quality(call, tools).flags}
    assert flags["interrupts_caller"].verdict == verdict


@pytest.mark.parametrize(
    ("resumes", "spans", "verdict"),
    [
        (40.0, (), "fail"),
        (20.0, (), "pass"),
        (20.0, (Span(20.5, 33.0, "music"), Span(33.0, 42.0, "silence")), "fail"),
    ],
)
def test_twenty_seconds_without_a_word_are_a_long_wait(tools, resumes, spans, verdict):
    call = timed(
        ("ivr", 0.0, 25.0, "请稍候"),
        ("agent", 26.0 - 25, 5.0, "请稍等"),
        ("caller", 5.0, 8.0, "好"),
        ("agent", resumes, resumes + 2, "让您久等了"),
        spans=spans,
    )
    assert {f.item: f for f in quality(call, tools).flags}["long_wait"].verdict == verdict


def test_ringing_before_the_answer_is_no_wait(tools):
    spans = (Span(0.0, 30.0, "tone"), Span(30.0, 33.0, "speech"))
    call = timed(("agent", 30.0, 33.0, "您好，12345"), spans=spans)
    assert {f.item: f for f in quality(call, tools).flags}["long_wait"].verdict == "pass"


def test_without_known_roles_nothing_is_guessed(flags):
    got = flags("unknown: 您好，12345热线", "unknown: 路灯坏了")
    assert got["greeting"].verdict == "insufficient_evidence"
    assert got["uncertain_roles"].severity == "review"


def test_without_an_agent_the_items_do_not_apply(flags):
    assert flags("caller: 喂，有人吗")["greeting"].verdict == "not_applicable"


def test_an_appeal_in_writing_has_no_scorecard(tools):
    turn = Turn(0.0, 0.0, "caller", "小区门口路灯不亮", source="text")
    call = Call(Recording("0" * 64, "row 1"), turns=(turn,))
    assert quality(call, tools).flags == ()


@pytest.mark.parametrize(
    ("text", "item", "severity"),
    [
        ("妈的，又停水", "abuse", "review"),
        ("你这个白痴", "abuse", "review"),
        ("你个王八蛋", "abuse", "alert"),
        ("我不想活了", "self_harm", "alert"),
        ("我弄死你", "violence", "alert"),
    ],
)
def test_abuse_and_threats_raise_alerts_by_level(flags, text, item, severity):
    assert flags("agent: 您好", f"caller: {text}")[item].severity == severity


@pytest.mark.parametrize(
    ("answer", "raised"), [("请马上拨打119，到室外去", False), ("好的，我登记一下", True)]
)
def test_an_emergency_that_nobody_hands_on_is_an_alert(flags, answer, raised):
    got = flags("caller: 屋里全是煤气味", f"agent: {answer}", urgency=Decision("特急"))
    assert got["emergency"].severity == "alert"
    assert ("emergency_not_transferred" in got) is raised


def test_a_complaint_recorded_as_an_inquiry_is_for_review(flags):
    lines = ("agent: 您好", "caller: 我要举报这家加油站")
    assert flags(*lines, request_type=Decision("咨询"))["nature_altered"].severity == "review"
    assert "nature_altered" not in flags(*lines, request_type=Decision("举报"))


def test_an_accepted_appeal_without_a_department_is_for_review(flags):
    scope = Scope(outcome="accept_dispatch")
    assert "no_department" in flags("caller: 有个事", scope=scope)
    found = (Decision("教育局"),)
    assert "no_department" not in flags("caller: 有个事", scope=scope, departments=found)


@pytest.mark.parametrize(
    ("sound", "told"),
    [
        (Sound(grade="poor", reasons=("noisy", "dropouts")), "音质：差（噪声大、丢包）"),
        (Sound(grade="good", remarks=("narrowband",)), None),
    ],
)
def test_a_shaky_transcript_is_told_with_what_is_wrong_with_its_sound(flags, sound, told):
    turns = tuple(Turn(i, i + 1, "agent", "您好", confidence=0.3) for i in range(2))
    got = flags("agent: 您好", turns=turns, sound=sound)
    assert [f.reason for f in got.values() if f.item == "audio"] == ([told] if told else [])
    why = f"（平均0.30，{told}）" if told else "（平均0.30）"
    assert got["low_confidence"].severity == "review" and why in got["low_confidence"].reason


@pytest.mark.parametrize(
    ("text", "raised", "verdict"),
    [
        ("按照规定要备案", (), "pass"),
        ("要备案的", (), "insufficient_evidence"),
        ("要备案的", (Flag("answer_contradicts", "fail", "review"),), "fail"),
        ("按照规定要备案", (Flag("answer_contradicts", "fail", "review"),), "fail"),
    ],
)
def test_an_answer_fails_where_a_stage_before_saw_it_contradict_what_is_known(
    flags, text, raised, verdict
):
    scope = Scope("answer_now")
    got = flags("caller: 要备案吗", f"agent: {text}", scope=scope, flags=raised)
    assert got["answer_grounded"].verdict == verdict
    assert ("answer_contradicts" in got) == bool(raised)


def test_a_rude_agent_is_not_charged_with_the_callers_words(tools, call_saying):
    call = call_saying("agent: 您好", "caller: 白痴")
    words = Finding("abuse", "insult_severe", 1, "白痴", 5.0, 6.0, "severe")
    call = replace(call, abuse=Abuse("severe", ("caller",), None, (words,)))
    assert {f.item: f for f in quality(call, tools).flags}["rude_agent"].verdict == "pass"


def test_only_pieces_of_three_characters_count_as_said_back():
    assert said_back("新民路口", "在新民路口那边") == 4
    assert said_back("民生", "民生银行") == 0
    assert said_back("民生", "民生银行", piece=2) == 2


def test_what_is_said_back_in_other_characters_counts():
    assert said_back("心民路口", "在新民路口那边") == 4


@pytest.mark.parametrize(
    ("line", "foreign"),
    [
        ("caller: Hello, can you hear me? The water is off again", True),
        ("caller: Алло, здравствуйте, у нас нет воды", True),
        ("caller: 我用那个APP交费，wifi断了，OK吗，再发VIP短信", False),
        ("caller: OK bye", False),  # too little to tell
    ],
)
def test_a_call_in_another_language_is_for_a_person(flags, line, foreign):
    got = flags("agent: 您好，请问有什么可以帮您", line)
    assert ("foreign_language" in got) == foreign


@pytest.mark.parametrize(
    ("spoken", "raised"),
    [
        (((0, 10), (10, 16)), True),
        (((0, 10), (10, 12)), False),  # a murmur
        (((0, 60), (60, 66)), False),  # little of a long call
    ],
)
def test_voices_that_gave_no_words_are_for_a_person(tools, spoken, raised):
    (start, end), _ = spoken
    spans = tuple(Span(*span) for span in spoken)
    call = timed(("caller", start, end, "路灯坏了"), spans=spans)
    got = {flag.item for flag in quality(call, tools).flags}
    assert ("unheard" in got) == raised


def test_a_call_of_voices_and_no_words_at_all_is_for_a_person(tools):
    call = Call(Recording("0" * 64, "made-up.wav", 9.0), spans=(Span(0, 6),))
    call = replace(call, no_speech="no_words")
    assert [flag.item for flag in quality(call, tools).review] == ["unheard"]


@pytest.mark.parametrize(("heard", "asks"), [(0.4, True), (0.9, False)])
def test_an_order_made_of_words_hardly_heard_asks_for_a_person(tools, heard, asks):
    said = Finding("ticket", "ticket.words", 1, "路灯不亮", 5.0, 8.0)
    lines = (
        TicketField("title", "标题", "路灯不亮", findings=(said,), confidence=heard),
        TicketField("urgency", "紧急程度", "一般", confidence=0.3),  # a decision, not hearing
    )
    call = timed(("agent", 0.0, 4.0, "您好，12345"), ("caller", 5.0, 8.0, "路灯不亮"))
    call = replace(call, ticket=Ticket("路灯不亮", "路灯不亮。", lines))
    flags = {f.item: f for f in quality(call, tools).flags}
    assert ("unclear_order" in flags) is asks
    if asks:
        assert flags["unclear_order"].severity == "review"
        assert flags["unclear_order"].findings == (said,)
        assert "0.40" in flags["unclear_order"].reason
