"""Which unit takes an appeal: invented appeals across all units, near misses and errors."""

from dataclasses import replace

import pytest

from models.base import Label
from pipeline.config import load_config
from pipeline.records import Call, Scope
from pipeline.stages.department import department
from pipeline.tools import Tools

# what a caller says -> units of which the lead must be one (one matter often has two homes)
APPEALS = [
    ("我们这条巷子的路灯灭了快一个礼拜，晚上出门什么都看不见", "城管"),
    ("楼下烧烤店把桌子摆到人行道上，一直闹到凌晨", "城管 公安"),
    ("小区后面的空地有人把装修垃圾一车一车往那倒", "城管"),
    ("旁边盖楼的，夜里两点还在浇混凝土，机器轰隆轰隆", "城管 生态环境"),
    ("楼上那户在天台自己搭了个铁皮房", "城管"),
    ("路边停了半小时，管理员张口要四十，也没有发票", "城管 市场监管"),
    ("饭馆的烟道正对着我家窗户，一到饭点满屋子油烟", "城管 生态环境"),
    ("公共厕所臭得进不去人，水龙头也是坏的", "城管"),
    ("物业半年没扫过楼道，物业费倒是一天不落地催", "住建"),
    ("房子说好去年六月交，现在工地上都没人了，首付交了四十万", "住建"),
    ("卫生间顶上滴水，才交房两年的楼", "住建"),
    ("想申请一套公租房，不知道收入要求是多少", "住建"),
    ("我们院子里的下水道往上冒脏水，臭气熏天", "住建 水务"),
    ("六层的老楼，想几家凑钱加装一部电梯", "住建"),
    ("等二十三路车等了五十分钟，来了还不停站", "交通运输"),
    ("昨天打的，师傅不打表，开口就要五十", "交通运输"),
    ("驾校教练收了钱不安排练车", "交通运输"),
    ("省道上好大一个坑，昨天我车胎都磕破了", "交通运输 住建"),
    ("学校门口那个路口能不能装个红绿灯，车开得飞快", "公安交警"),
    ("两边停满了车，消防车都进不来，天天有人违停", "公安交警 城管"),
    ("夜里摩托车在大街上飙车炸街，吵得没法睡", "公安交警"),
    ("我的违章显示扣了六分，可那天车根本没开", "公安交警"),
    ("身份证丢了人在外省，要怎么补办", "公安"),
    ("隔壁屋几个人通宵赌钱，进进出出好多人", "公安"),
    ("我妈被人在网上骗走两万块，说是刷单返利", "公安"),
    ("对面砖厂一到晚上就冒黑烟，窗台上全是灰", "生态环境"),
    ("河里的水变成黑色的了，死鱼漂了一片，上游有个造纸厂", "生态环境 水务"),
    ("美发店充了三千块会员卡，店关门了钱也不退", "市场监管"),
    ("超市里买的面包都长毛了，日期还是新的", "市场监管"),
    ("菜市场那个卖鱼的秤不准，少了我三两", "市场监管"),
    ("我们楼的电梯老是往下掉，维保贴的单子都是去年的", "市场监管"),
    ("开个小吃店，营业执照去哪里办", "市场监管 政务服务"),
    ("给包工头干了两个月活，工钱一分没见着", "人社"),
    ("公司不给签劳动合同，还让我们天天加班", "人社"),
    ("养老保险断了三年，现在还能补吗", "人社"),
    ("我在厂里压伤了手，工伤怎么认定", "人社"),
    ("卫生院的大夫中午都不在，发烧的孩子干等", "卫健"),
    ("宝宝该打第二针疫苗了，周末接种门诊开不开", "卫健"),
    ("住院花了一万多，新农合只给报三千，是怎么算的", "医保"),
    ("我妈高血压想办慢性病门诊，需要什么手续", "医保"),
    ("班主任让学生去他老婆开的托管班补课，一个月八百", "教育"),
    ("孩子转学过来，学籍一直没转成", "教育"),
    ("幼儿园突然说不开了，交的一学期的钱怎么办", "教育"),
    ("我爷爷今年八十二了，高龄补贴怎么领", "民政"),
    ("路边有个流浪的老人，看着好几天没吃饭了", "民政"),
    ("养老院给老人吃剩饭，护理员还凶老人", "民政"),
    ("今年的种粮补贴到现在还没打到折子上", "农业农村"),
    ("村里那个养猪场离我家就一百米，苍蝇多得开不了窗", "农业农村 生态环境"),
    ("早上起来水龙头就没水，打自来水公司电话没人接", "水务"),
    ("我们村的机井坏了，地里的玉米没法浇", "水务 农业农村"),
    ("河堤让雨水冲开一个口子，再下雨就危险了", "水务 应急"),
    ("家里征了两亩地，补偿款到现在没影", "自然资源 区县政府"),
    ("房本办了一年还没下来", "自然资源 住建"),
    ("门口大槐树的枝子都伸到三楼窗户里了，该修剪了", "林业园林 城管"),
    ("有人在山上偷砍树，一车一车往外拉", "林业园林 公安"),
    ("报了个旅行团，到地方导游逼着我们买玉", "文旅 市场监管"),
    ("小区广场的健身器材断了，小孩差点被砸", "文旅 住建"),
    ("我儿子退伍回来，安置费什么时候发", "退役军人"),
    ("楼道里堆的都是纸箱子，灭火器也是空的", "消防 住建"),
    ("有人在居民楼地下室囤了好多汽油桶", "应急 消防"),
    ("办事大厅就开一个窗口，排了一上午队也没轮到", "政务服务"),
    ("打官司请不起律师，想问法律援助怎么申请", "司法"),
    ("吃完饭要发票，老板说没有", "税务"),
    ("买房想提公积金，要准备什么", "公积金"),
    ("我们村一刮风就停电，冰箱里的肉都坏了", "供电"),
    ("天然气表走得飞快，一个月三百多，肯定有问题", "燃气"),
    ("交了取暖费，屋里还是穿着羽绒服，室温才十四度", "供热"),
    ("宽带断了四天，报修了没人来", "通信"),
    ("快递显示签收了，我根本没拿到，驿站说不知道", "邮政"),
    ("腿脚不方便，残疾证的等级想重新评一下", "残联 卫健"),
    ("拆迁的过渡费停发一年了，镇里说没钱", "区县政府"),
    # as a recognizer hears them
    ("我要反应小区的露灯坏了好几天", "城管"),
    ("我们村停说三天了，自来税公司也不管", "水务"),
    ("老板拖欠公资不给，一共八个人", "人社"),
    ("家里的暖器不热，只有十四度", "供热"),
    ("想问一下宜保报销比例，我爸住院了", "医保"),
]


@pytest.fixture
def tools(profile):
    return Tools(load_config(), profile, classifier=lambda task: None)


def taken(call: Call) -> Call:
    return replace(call, scope=Scope("accept_dispatch"))


def units(call: Call) -> list[str | None]:
    return [unit.value for unit in call.departments]


@pytest.mark.parametrize(("said", "right"), APPEALS)
def test_the_lead_unit_follows_from_what_the_caller_says(call_saying, tools, said, right):
    call = department(taken(call_saying(f"caller: {said}")), tools)
    assert units(call)[:1] and units(call)[0] in right.split()


def test_the_unit_the_agent_hands_over_to_leads(call_saying, tools):
    said = "caller: 门口那条沟老是有积水", "agent: 好的，我给您转到水务局去处理"
    assert units(department(taken(call_saying(*said)), tools))[0] == "水务"


def test_a_unit_that_is_only_asked_about_does_not_lead(call_saying, tools):
    said = (
        "agent: 您联系过交警吗",
        "caller: 没有，就是路灯不亮",
        "agent: 好的，给您登记路灯的事",
    )
    assert units(department(taken(call_saying(*said)), tools)) == ["城管"]


def test_two_announced_appeals_name_two_units(call_saying, tools):
    said = (
        "caller: 我有两个事，一个是楼下路灯不亮，另一个是医保卡刷不了",
        "agent: 好的，给您分成两张工单",
    )
    assert set(units(department(taken(call_saying(*said)), tools))) == {"城管", "医保"}


def test_one_appeal_that_touches_two_matters_names_one_unit(call_saying, tools):
    call = call_saying("caller: 物业不修路灯，楼下黑漆漆的")
    assert len(units(department(taken(call), tools))) == 1


def test_an_appeal_that_is_not_taken_has_no_unit_but_a_domain(call_saying, tools):
    call = replace(call_saying("caller: 路灯破坏了我家风水"), scope=Scope("decline_explain"))
    judged = department(call, tools)
    assert judged.departments == () and judged.domain.value == "城市管理"


def test_nothing_said_names_no_unit(call_saying, tools):
    assert department(taken(call_saying("caller: 喂，喂，你好")), tools).departments == ()


def test_each_unit_quotes_the_words_and_seconds_it_rests_on(call_saying, tools):
    call = department(taken(call_saying("agent: 您好", "caller: 我家停电了")), tools)
    finding = call.departments[0].findings[0]
    assert finding.turn == 1 and finding.quote in "我家停电了" and finding.start >= 5.0


def test_the_domain_tells_its_second_level(call_saying, tools):
    call = department(taken(call_saying("caller: 路灯坏了")), tools)
    assert (call.domain.value, call.domain.findings[0].normal) == ("城市管理", "市政照明")


class Sure:
    """A classifier that always says the same."""

    def __init__(self, name: str) -> None:
        self.name = name

    def classify(self, texts):
        return tuple((Label(self.name, 0.9),) for _ in texts)


def test_a_classifier_names_the_unit_where_no_rule_does(call_saying, profile):
    tools = Tools(load_config(), profile, classifier=lambda task: Sure("民政"))
    call = department(taken(call_saying("caller: 这个事情不知道该找谁呀")), tools)
    assert units(call) == ["民政"]


def test_a_text_that_the_classifier_refuses_is_left_to_the_rules(call_saying, profile):
    class Refusing:
        def classify(self, texts):
            return tuple(() for _ in texts)

    tools = Tools(load_config(), profile, classifier=lambda task: Refusing())
    assert units(department(taken(call_saying("caller: 这个事情不知道该找谁呀")), tools)) == []
    assert units(department(taken(call_saying("caller: 家里停电")), tools)) == ["供电"]


def test_a_classifier_does_not_outvote_clear_words(call_saying, profile):
    tools = Tools(load_config(), profile, classifier=lambda task: Sure("民政"))
    call = department(taken(call_saying("caller: 公交车不停站，司机还骂人")), tools)
    assert units(call)[0] == "交通运输"


def test_a_classifier_naming_an_unknown_unit_is_ignored(call_saying, profile):
    tools = Tools(load_config(), profile, classifier=lambda task: Sure("月球办"))
    assert units(department(taken(call_saying("caller: 家里停电")), tools)) == ["供电"]
