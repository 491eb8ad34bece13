"""Abuse said plainly in many ways, and ordinary words that look or sound like it.

Sentences invented for these tests. test_abuse.py has whose words they are.
"""

import pytest

from pipeline.domain.match import believed, find

SCOLDS = [
    "你脑子里灌的是浆糊吗",
    "没长脑袋的东西",
    "那个懒骨头又没来扫地",
    "你个瓜皮",
    "完蛋玩意儿，屁用没有",
    "猪都比你聪明",
    "你配当公务员吗",
    "你说的是人话吗",
    "拿着纳税人的钱不干人事",
    "你们就是一窝子骗子，",
    "你们这些东西！",
    "站在那儿看着，冷血！",
    "养你们还不如养条狗",
    "你也是个没用的摆设",
    "跟你说话就是对牛弹琴",
    "那个二流子天天在楼下闹",
    "你们会遭报应的",
    "登记你个头",
    "奶奶的，又堵车",
    "呸，什么东西",
]
CURSES = [
    "他妈个逼的又停电",
    "问候你祖宗",
    "你奶奶个熊",
    "怎么不让车撞死",
    "你们是不是都死了？",
]
DESPISED = [  # by the agent
    "大字不识几个还来挑毛病",
    "这么大岁数还瞎跑什么",
    "你脑子怎么转不过弯呢",
    "穷讲究",
    "怎么这么笨啊",
]
VIOLENCE = [
    "我一锄头敲死他",
    "我非砍了他不可",
    "非卸他一条膀子不可",
    "腿给他卸了",
    "我拎桶汽油上你们大厅",
    "不给我过户我就打火",
    "谁上来我就点了",
    "我开挖机把你们项目部推平了",
    "谁拦我就撞谁",
    "再不还钱我绑了他儿子",
    "我身上绑着炸药，你们看着办",
    "煤气罐我搬到你们门口了",
    "我把他扔水库里",
    "我揣着刀等他下班",
    "明天我就去把他家给砸了",
    "你信不信我拿砖头开了他的瓢",
    "我现在就想杀人",
    "别逼我动刀子",
    "我不砍他我就不是人",
]
SELF_HARM = [
    "我要跳了",
    "谁来我都跳",
    "你们再不来人我就跳",
    "我坐在楼顶边上，今天不给我就下去",
    "我在江边，等会就下去",
    "跳下去就什么都不用还了",
    "药我已经吃了，半瓶多",
    "大不了一根绳子吊他们门口",
    "我就往身上浇油",
    "我抱着孩子跳下去",
    "我唔想活了",
    "我吃了老鼠药",
    "我准备好绳子了",
    "我活得一点意思都没有",
    "活起没得意思",
    "你说活着还有什么意思",
    "你们不管就跳下去了",
    "你们把人逼得不想活了",
]
ORDINARY = [
    "反正是你们的人签的字",
    "证是你们自己办的",
    "整栋大厦比别处都高",
    "去网吧但是没带身份证",
    "他总打断他说话",
    "别打断他的话",
    "小票上写着，二百五，一分没少",
    "孩子在沙坑里滚",
    "大屏上就滚，滚我的名字",
    "奶奶的子女都在外地",
    "公园里跟狗展一样",
    "孩子睡得跟猪一样",
    "羊杂碎都凉了",
    "王八蛋一斤多少钱",
    "树上吊死过一只羊",
    "插座就吊在树上",
    "没要你亲自杀鸡",
    "我老汉喝农药了，快来人",
    "我前夫在门口拿刀砍门",
    "我以为谁家放炮",
    "你把我当神经病",
    "你们有没有良心",
    "你们供水公司是干什么吃的",
    "谁吃饱了没事干打你们电话",
    "点心给狗吃了",
    "拖欠干部工资",
    "楼上一漏水全家遭殃",
    "不晓得哪个砍脑壳的倒的垃圾",
    "我开车撞进沟里了",
    "机器砸断了他的手",
    "被他一刀捅死的那个人",
    "加油站不卖我散装汽油",
    "我在天台上，修好了就下去",
    "不涨工资我就跳槽",
    "音乐一响我就跳",
    "药我都吃了两瓶，不见好",
    "前阵子都不想活了，多亏你们",
    "热得想死",
    "网上说的那个割腕的视频",
    "非要弄出人命来你们才管",
    "你们是不是要我去死",
    "你们钥匙不配了吗",
    "咱老百姓算老几",
    "他跳得跟个小丑一样",
    "真想把音响给他砸了",
    "信不信我投诉你",
    "邻居家的狗吃了老鼠药",
    "从车上跳下去崴了脚",
]
NOT_DESPAIR = ["你活着浪费空气", "你从楼上跳下去吧", "你怎么不去跳楼", "你们活着就是浪费粮食"]
SEXUAL = [
    "你今天穿的什么颜色的内衣",
    "给哥叫两声听听",
    "你多少钱一晚",
    "你以前是坐台的吧",
    "你胸大不大",
    "陪我睡一晚",
    "我给你讲个荤段子",
]
PESTERING = ["做我女朋友吧", "加个微信呗，咱俩聊聊", "给哥笑一个嘛", "你个小妖精", "我看上你了"]
DECENT = [
    "你声音真好听，服务也好，我要表扬你",
    "能加个微信吗，我把照片发给你",
    "我买的内衣掉色，你们管不管",
    "楼上叫床声太大，睡不着",
    "酒店一晚多少钱，也太贵了",
    "我举报有人约炮诈骗",
    "孩子吓得要跟我睡觉",
    "网上认识的，说做我女朋友，骗了两万",
    "老板让我陪客户喝酒",
    "姑娘，你结婚没有，结了婚你就懂我的难处",
]


def levels(judged, speaker, texts):
    return [(judged(f"{speaker}: {text}").level, text) for text in texts]


def kinds(judged, texts):
    return [(judged(f"caller: {text}").threat_kind, text) for text in texts]


def test_scolding_is_mild_and_cursing_severe(judged):
    assert levels(judged, "caller", SCOLDS) == [("mild", text) for text in SCOLDS]
    assert levels(judged, "caller", CURSES) == [("severe", text) for text in CURSES]


def test_an_agents_contempt_is_found_at_once(judged):
    assert levels(judged, "agent", DESPISED) == [("mild", text) for text in DESPISED]


def test_threats_said_plainly_are_found(judged):
    assert kinds(judged, VIOLENCE) == [("violence", text) for text in VIOLENCE]
    assert kinds(judged, SELF_HARM) == [("self_harm", text) for text in SELF_HARM]


def test_ordinary_words_of_the_same_sound_or_look_are_not_abuse(judged):
    assert levels(judged, "caller", ORDINARY) == [("none", text) for text in ORDINARY]


def test_what_is_wished_on_the_listener_is_no_despair(judged):
    assert kinds(judged, NOT_DESPAIR) == [(None, text) for text in NOT_DESPAIR]


def test_sexual_words_to_the_agent_are_severe_and_pestering_mild(judged):
    assert levels(judged, "caller", SEXUAL) == [("severe", text) for text in SEXUAL]
    assert levels(judged, "caller", PESTERING) == [("mild", text) for text in PESTERING]
    assert levels(judged, "caller", DECENT) == [("none", text) for text in DECENT]


def test_one_compliment_is_no_harassment_but_going_on_is(judged):
    lines = ("caller: 你声音真甜", "agent: 请问您反映什么", "caller: 你有男朋友没有")
    assert (judged(lines[0]).level, judged(*lines).level) == ("none", "mild")


@pytest.mark.parametrize(
    ("rule", "text", "abusive"),
    [
        ("insult_vulgar", "完八蛋，说话", True),  # nobody writes this for anything else
        ("threat_kill", "我挣死你", True),
        ("curse_mother", "曹尼玛", True),
        ("threat_kill", "反正是你们", False),  # 反正 is a phrase
        ("threat_kill", "证是你们签的", False),  # 是 is among the commonest characters
        ("insult_vulgar", "大厦比我家高", False),
    ],
)
def test_a_match_by_sound_is_believed_only_where_no_ordinary_words_stand(
    profile, rule, text, abusive
):
    (one,) = (one for one in profile.abuse if one.id == rule)
    matches = [match for match in find(one, text) if match.by_sound]
    assert matches and any(believed(match, text) for match in matches) is abusive


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("我跟村主任说了，那个软蛋，屁都不敢放", False),
        ("她把窗户一拉，说滚一边去", True),
        ("支书拍桌子讲，你算老几", True),
        ("孩子骂同学白痴，被罚站了", True),
    ],
)
def test_who_tells_and_who_is_told(judged, text, quoted):
    got = judged(f"caller: {text}")
    assert (got.level == "none", bool(got.quoted)) == (quoted, quoted)


def test_two_families_who_swore_at_each_other_announce_no_quotation(judged):
    got = judged("caller: 两家婆娘都骂起来了。", "agent: 您看调解行吗", "caller: 饭桶！")
    assert got.level == "mild"


def test_a_callers_compliment_is_nobodys_bad_manners(judged):
    assert judged("caller: 你声音真好听，谢谢你").rude == ()
