"""Whether the hotline takes the appeal: every reason, its near misses, and the known traps."""

from dataclasses import replace

import pytest

from pipeline.config import load_config
from pipeline.records import Abuse, Call, Finding
from pipeline.stages.intent import intent
from pipeline.stages.scope import scope
from pipeline.tools import Tools

TAKES = "agent: 好的，我给您登记，转给相关部门尽快处理"
REFUSES = "agent: 不好意思，这个不属于热线的受理范围，没办法给您派单"

# words -> reason (None: taken)
ALONE = [
    ("我家对门挂了个照妖镜，害得我天天做噩梦，你们让他摘了", "封建迷信"),
    ("新修的桥冲了我们村的龙脉，接连出事，赶紧拆了", "封建迷信"),
    ("老婆跑回娘家半个月了，你们打电话劝她回来吧", "情感家庭私事"),
    ("儿子三十五了还不结婚，政府给介绍个对象行不行", "情感家庭私事"),
    ("闺女整天玩手机，说她还顶嘴，我管不了了", "情感家庭私事"),
    ("婆婆偏心，只给小叔子带孩子，你们来评评理", "情感家庭私事"),
    ("帮我查查我老公在外面的开房记录", "国家秘密商业秘密个人隐私"),
    ("我前夫换了手机号，你们能查到他现在的住址吧", "国家秘密商业秘密个人隐私"),
    ("法院判了我赔三万，我不服，你们给改改", "诉讼仲裁"),
    ("仲裁裁决书下来了，公司就是不认", "诉讼仲裁"),
    ("我们村支书收了承包人的红包，贪污修路的钱", "纪检监察"),
    ("镇里那个主任吃回扣，我有证据", "纪检监察"),
    ("我去年就申请了行政复议，到现在没有结果", "行政复议"),
    ("我交的政府信息公开申请，规划局一直不答复", "政府信息公开"),
    ("我这个事信访局已经受理了，复查意见我不认", "信访渠道"),
    ("打麻将输给他五万，你们帮我要回来", "公序良俗"),
    ("孩子今年没考好，能不能单独给他再组织一次中考", "法律已有明确规定"),
    ("酒驾驾照吊销了，我靠开车吃饭，通融一下不要禁驾", "法律已有明确规定"),
    ("六楼太高我爬不动，政府把我这套房收购了换个一楼的", "法律已有明确规定"),
    ("出租车多绕了两公里，必须赔我五百倍车费", "与事实不符或无理索赔"),
    ("你好是美团客服吗，我的订单怎么还不到", "非政府职能误拨"),
    ("帮我订两桶桶装水送到家里", "非政府职能误拨"),
    ("同学借了我八千块钱一直不还，人也躲着我", "民间纠纷"),
    # near misses: the same words, an appeal within the remit
    ("我在风水文化公司上班，公司三个月没发工资", None),
    ("有人在街上摆摊算命骗老人的钱，我要举报", None),
    ("离婚登记要带什么材料", None),
    ("复合肥是假的，地里的苗全黄了", None),
    ("中介把我的手机号和住址泄露了，天天有人打骚扰电话", None),
    ("想问一下劳动仲裁要怎么申请", None),
    ("我想了解一下信访要走什么流程", None),
    ("村主任一直不来修路，路烂得没法走", None),
    ("邻居把垃圾堆在楼道里，消防门都打不开", None),
    ("高考准考证丢了怎么补办", None),
    ("驾驶证被吊销以后多久可以重新考", None),
    ("买到过期饼干，商家不肯按十倍赔偿", None),
    ("移动公司乱扣我话费，客服不理人", None),
    ("法院旁边那条路的路灯不亮", None),
    ("我家老人去世了，骨灰安放在公墓要多少钱", None),
    ("儿子在学校被老师打了，家里人都很生气", None),
    ("我老公在工地干活，老板欠他两个月工资", None),
]


@pytest.fixture
def tools(profile):
    return Tools(load_config(), profile, classifier=lambda task: None)


def judged(call: Call, tools: Tools) -> Call:
    return scope(intent(call, tools), tools)


@pytest.mark.parametrize(("said", "reason"), ALONE)
def test_the_callers_words_alone_give_the_reason(call_saying, tools, said, reason):
    decided = judged(call_saying("agent: 您好，请讲", f"caller: {said}"), tools).scope
    assert decided.reason == reason
    assert decided.in_scope is (reason is None)


@pytest.mark.parametrize(("said", "reason"), [row for row in ALONE if row[1]])
def test_a_reason_comes_with_clause_referral_script_and_evidence(
    call_saying, tools, said, reason
):
    decided = judged(call_saying(f"caller: {said}"), tools).scope
    assert decided.basis and decided.referral and decided.script and decided.code
    assert all(finding.quote in said for finding in decided.findings)


def test_an_agents_refusal_confirms_a_weak_sign(call_saying, tools):
    said = (
        "caller: 邻居天天跟我吵架",
        "agent: 这是邻里纠纷，不在我们职责范围，建议找调解委员会",
    )
    assert judged(call_saying(*said), tools).scope.reason == "民间纠纷"


def test_what_the_agent_takes_down_is_taken(call_saying, tools):
    said = "caller: 我信访都去过了，这次是新的事，围墙又裂了", TAKES, "agent: 给您登记上了"
    assert judged(call_saying(*said), tools).scope.outcome == "accept_dispatch"


def test_a_hazard_inside_a_superstition_is_taken(call_saying, tools):
    said = "caller: 这根电线杆破坏我家风水，而且杆子已经歪了，电线都垂到屋顶上", TAKES
    decided = judged(call_saying(*said), tools).scope
    assert (decided.outcome, decided.reason) == ("accept_dispatch", None)


def test_a_hazard_the_agent_only_asks_about_is_none(call_saying, tools):
    said = (
        "caller: 电线杆正对大门，坏了我家风水",
        "agent: 杆子有没有歪，电线有没有垂下来",
        "caller: 那倒没有，就是不吉利",
        REFUSES,
    )
    assert judged(call_saying(*said), tools).scope.reason == "封建迷信"


def test_an_opinion_on_policy_is_recorded_however_odd_it_sounds(call_saying, tools):
    said = "caller: 我提个建议，能不能取消老年卡的政策", "agent: 那当作一条建议报上去"
    assert judged(call_saying(*said), tools).scope.outcome == "record_suggestion"


def test_a_question_the_agent_answers_is_closed_at_once(call_saying, tools):
    said = (
        "caller: 想咨询居住证怎么办理",
        "agent: 准备好照片和租房合同，可以到派出所窗口办理，不收费",
        "caller: 好的谢谢",
    )
    assert judged(call_saying(*said), tools).scope.outcome == "answer_now"


def test_a_question_nobody_answers_is_dispatched(call_saying, tools):
    said = "caller: 想咨询居住证怎么办理", "agent: 这个我不清楚，你去问别人"
    assert judged(call_saying(*said), tools).scope.outcome == "accept_dispatch"


@pytest.mark.parametrize(
    "said",
    [
        "我们楼道里天然气漏了，味道特别大",
        "隔壁楼着火了，浓烟滚滚",
        "我儿子放学以后就不见了，到处找都没有",
        "有人晕倒在站台上，叫不醒",
        "他拿着刀在楼下追人",
        "我现在困在电梯里，按铃没人应",
        "我想聊聊天，其实我活不下去了",
    ],
)
def test_danger_to_life_is_transferred(call_saying, tools, said):
    decided = judged(call_saying(f"caller: {said}"), tools).scope
    assert decided.outcome == "emergency_transfer" and decided.in_scope is False


@pytest.mark.parametrize(
    "said",
    [
        "线路老化成这样，我怕哪天着火了",
        "上个月电梯把人困了半个小时，到现在没修好",
        "这个路口经常撞到人，要装红绿灯",
        "楼前的消防车道被堵，上次救护车都进不来",
        "商场打着跳楼价的牌子卖次品",
        "燃气公司一直不来给我们通气",
        "停车的把坡道占了，轮椅出不来",
    ],
)
def test_danger_feared_or_past_is_an_appeal(call_saying, tools, said):
    assert judged(call_saying(f"caller: {said}"), tools).scope.outcome == "accept_dispatch"


def test_a_threat_to_oneself_found_by_the_abuse_stage_is_transferred(call_saying, tools):
    hurt = Finding("abuse", "x", 0, "药", 0.0, 1.0, value="threat")
    call = call_saying("caller: 男朋友跟我分手，我把药都准备好了")
    call = replace(call, abuse=Abuse("threat", ("caller",), "self_harm", (hurt,)))
    decided = judged(call, tools).scope
    assert (decided.outcome, decided.reason) == ("emergency_transfer", "情感家庭私事")


def test_an_appeal_in_hand_with_nothing_new_is_a_repetition(call_saying, tools):
    said = (
        "caller: 我前天打过电话反映下水道的事，现在什么进度了",
        "agent: 您的工单正在办理中，我们就不再重复派单了，请您耐心等待",
    )
    assert judged(call_saying(*said), tools).scope.reason == "重复诉求"


def test_a_closed_order_that_solved_nothing_is_taken_again(call_saying, tools):
    said = "caller: 上次报的垃圾根本没清，你们就给我办结了", TAKES
    assert judged(call_saying(*said), tools).scope.outcome == "accept_dispatch"


def test_another_citys_matter_goes_to_its_hotline(call_saying, tools):
    said = (
        "caller: 我人在南宁，这边小区物业乱收费",
        "agent: 那您要拨打当地的12345，加上区号就可以",
    )
    assert judged(call_saying(*said), tools).scope.reason == "异地事项"


@pytest.mark.parametrize(
    "lines",
    [
        ("agent: 您好，贵港12345热线，请问有什么可以帮您",),
        ("agent: 您好，请讲", "agent: 喂，听得到吗，这边没有声音，先挂断了"),
        ("agent: 您好，请讲", "caller: 啊，打错了打错了"),
        (
            "caller: 您好，贵港12345热线，请问有什么可以帮您",
            "caller: 线路里一直没有声音，就挂机了",
        ),
    ],
)
def test_a_call_without_an_appeal_is_no_request(call_saying, tools, lines):
    decided = judged(call_saying(*lines), tools).scope
    assert decided.outcome == "no_request" and decided.in_scope is None


def test_a_real_appeal_shouted_at_the_agent_stays_one(call_saying, tools):
    said = "caller: 你们一群废物，我家门口的垃圾堆了一个月没人收", TAKES
    assert judged(call_saying(*said), tools).scope.outcome == "accept_dispatch"
