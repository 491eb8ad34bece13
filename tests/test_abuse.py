"""Insults, threats and whose words they are; sentences invented for these tests."""

import pytest

from pipeline.stages.abuse import squeeze

SEVERE = [
    "你就是个傻逼",
    "你这个傻 逼",
    "你们都是煞笔吧",
    "草泥马的热线",
    "曹尼玛，接电话啊",
    "你们这帮王八蛋",
    "完八蛋，说话！",
    "滚，换个人来跟我说",
    "给我滚一边去",
    "你他妈会不会办事",
    "你们全家不得好死",
    "去死吧你",
    "你个狗东西",
    "扑街仔，你讲什么",
    "日你先人板板",
    "你个圪泡，甚也不管",
    "操你大爷的",
    "简直不是人，你们这些人渣",
    "接线员你个贱人",
    "你妈的，敷衍谁呢",
    "物业那帮人就是一群王八蛋",
    "放他娘的屁，我亲眼看见的",
    "修他妈什么修",
    "等他奶奶个腿",
    "村里那个挨千刀的又来倒垃圾",
    "他家绝子绝孙",
    "丢那老母，又停电",
    "接线员就是个憨逼",
]
MILD = [
    "他妈的，水又停了",
    "妈的，等了半个钟头",
    "一天到晚就是一帮吃闲饭的",
    "你们都是干什么吃的",
    "你有病吧",
    "你神经病啊",
    "你们有屁用",
    "卧槽，还要等十天",
    "你聋了吗，我说的是三楼",
    "你们真不要脸",
    "什么狗屁规定，放屁",
    "你给我闭嘴",
    "隔壁装修的他真是个混蛋",
    "真他妈倒霉，这破路",
    "养你们这群废物有什么用",
    "你是猪吗，说了三遍了",
    "你脑子进水了吧",
    "你们是不是脑残啊",
    "碰上一群疯子",
    "那个憨货又把水管挖断了",
    "窗口那个二百五让我再来一趟",
    "眼睛长头顶上了吧",
    "跟条疯狗似的乱咬人",
    "心都让狗吃了",
    "缺德玩意儿，半夜倒垃圾",
    "哪个孙子把我的单子结了",
    "没一个是好东西",
]
VIOLENCE = [
    "再拖下去我砍死你们",
    "信不信我今晚就弄死你",
    "我明天带刀去你们大厅",
    "不解决我就一把火烧了你们单位",
    "小心我找人收拾你",
    "我要把你们那栋楼给炸了",
    "惹急了我跟你们同归于尽",
    "我迟早杀了他",
    "你等着，老子拿着菜刀来找你",
    "逼急了我就要杀人",
    "我跟物业拼命",
    "我扛着锄头上他们办公室找他",
    "再让我逮着他，我剁他两根指头",
    "叫他横着出去",
    "他闺女在二中念书，我都清楚，让他当心",
    "我叫十几个弟兄去收拾他",
    "来一个我砍一个",
    "大不了坐牢",
    "出了人命你们别怪我",
    "我铁锹都放门口了",
    "我真想把他杀了",
    "给他备好棺材",
    "打架就打架",
    "知道你家在哪，你等着，找人弄你",
]
SELF_HARM = [
    "我不想活了",
    "我真的活不下去了",
    "钱全没了，我现在就想从这楼上跳下去",
    "我站在天台上，谁也别劝",
    "我买了一瓶农药，今天就喝农药",
    "活着真没意思",
    "还不如死了算了",
    "安眠药我都准备好了",
    "再没人管，我就死在你们门口",
    "我想死的心都有了",
    "我割腕了，流了好多血",
    "他骗光了我的钱，我想自杀",
    "没有孩子我也不想活了",
    "我熬不下去了",
    "我就吊死在单位门口，上吊给他们看",
    "这日子我过够了，想一死了之",
    "这是我最后一个电话了，遗书写好了",
    "老公打我，我不想活了",
    "我不像活了，不想活了",
    "我也不活了",
    "我刚吞了一大把安眠药",
    "昨晚我拿刀片划了手腕",
    "抱着他从这儿跳下去算了",
    "不如带着女儿一起走",
    "把煤气一拧，谁也不遭罪",
    "我打算走了，免得拖累孩子",
    "死了一了百了",
    "绳子我都拴好了",
    "我怕自己做傻事",
]
CLEAN = [
    "我妈的医保怎么转",
    "他妈的退休金三个月没发了",
    "孩子他妈的身份证丢了",
    "大厅的滚动屏坏了",
    "开水滚烫，烫伤了孩子",
    "楼下猪肉摊太臭",
    "旁边的养猪场天天排污",
    "山上有一群猪跑下来拱菜地",
    "草坪没人修",
    "学校操场放喇叭",
    "网上操作不了",
    "我为这事操碎了心，我操心啊",
    "小区流浪狗咬人",
    "废物回收站在哪里",
    "河边全是建筑废物",
    "神经病医院怎么挂号",
    "我要去看精神科",
    "邻居家养王八的池子臭",
    "鱼塘的鱼全死了",
    "气死我了，一直没人接",
    "热死人了，空调还没修",
    "累死了，跑了三趟",
    "商场挂跳楼价的横幅扰民",
    "想死你了，闺女",
    "楼顶有个人要跳楼，你们快来",
    "我儿子说不想活了，怎么办",
    "我女儿抑郁，整天说想死",
    "你们到底管不管，太欺负人了！",
    "凭什么不给我办，我要投诉你！",
    "你这是什么态度！",
    "我真是个傻瓜，信了他的话",
    "你们别把老百姓当傻子",
    "刚才我骂你废物，是我不对，跟你道歉",
    "我没有骂人，我讲的是事实",
    "你别骂人行不行",
    "我孩子是智障，能办残疾证吗",
    "三八妇女节的活动在哪报名",
    "小儿麻痹后遗症有补助吗",
    "你们是垃圾分类办公室吗",
    "门口的垃圾三天没清了",
    "我的店撑不下去了，房租能减免吗",
    "工资不发，我们一家人都活不下去了",
    "安眠药医保能报吗",
    "开发商就是个骗子",
    "老板说没钱，爱告就告去",
    "这啥比例啊，才报三成",
    "你等着，我要找记者曝光",
    "我拿着材料去你们大厅问过",
    "有人在田里放火烧秸秆",
    "我爸妈的房子漏水",
    "家里老人耳朵聋，听不见",
    "我看是你们没有登记",
    "这么大事你们不处理吗",
    "他骂的很难听",
    "烟囱天天浓烟滚滚",
    "星沙必须再建一所学校",
    "臭得人想跳楼",
    "晚上路灯想开就开，想不开就不开",
    "减轻生产负担",
    "村民到处放养，一大堆猪",
    "里面全是生活垃圾",
    "有学生在厕所自残，学校瞒着",
    "经治疗无效离开人世",
    "我要是说一句假话就天打雷劈",
    "老板叫我滚蛋，工资不给",
    "那堵墙快撑不住了",
    "路口有个死角，能不能装镜子",
    "绳子打了个死结",
    "校门口有条疯狗",
    "隔壁村天天炸山",
    "养王八的塘子没水了",
    "打死那条蛇要不要紧",
    "树上全是吊死鬼虫",
    "吊车往上吊砖，我们怕砸到人",
    "哪里有草泥马看，就是羊驼",
    "一百加一百五，二百五",
    "小区外号叫傻子的那个老人走丢了",
    "我姓毕，闭嘴的闭去掉门，哈哈",
    "关我屁事，又不是我弄的",
    "回个电话有屁用，我要的是热水",
    "就说那个答复是放屁",
    "说是他妈给孙子攒的鸡蛋",
    "累得跟狗一样",
    "别把我们像猪一样赶",
    "我去给他送的花圈",
    "我儿子班上有个学生带刀去学校",
    "老师扇他耳光",
    "医生说活不过今晚",
    "我爸是喝农药走的",
    "我吃安眠药才能睡着",
    "我不会做傻事，你放心",
    "带着孩子一起跳舞",
    "你说谁脑子有问题",
    "你说缺德不缺德",
    "我脑子进水了才信他",
    "有人拿炸药炸鱼",
]
RUDE = [
    "这事你问我干嘛",
    "自己不会上网查啊",
    "你爱投诉就投诉去",
    "我就这态度，怎么了",
    "你喊什么喊",
    "我哪知道",
    "关我什么事",
    "你烦不烦啊",
    "谁让你不看合同",
]
CONTEMPT = [
    "那不就是活该吗",
    "你才有病",
    "跟你这种人讲不通",
    "别出来丢人现眼",
    "没文化就别打电话",
    "你听不懂人话吗",
    "自己没带眼睛",
]
POLITE = [
    "您好，贵港12345热线，请问有什么可以帮您",
    "您别着急，慢慢说",
    "您可以自己上网查询进度",
    "请问公司叫什么",
    "没关系，您请讲",
    "这个不在我们受理范围，建议您联系法院",
    "您没听清的话我再说一遍",
    "您先别想不开，千万不要自杀",
    "麻烦您说快一点，电话有杂音",
    "您爱人的姓名和电话",
]


@pytest.mark.parametrize("text", SEVERE)
def test_an_insult_to_a_person_is_severe(judged, text):
    assert (judged(f"caller: {text}").level, judged(f"caller: {text}").who) == (
        "severe",
        ("caller",),
    )


@pytest.mark.parametrize("text", MILD)
def test_rude_words_curses_and_insults_of_absent_people_are_mild(judged, text):
    assert judged(f"caller: {text}").level == "mild"


@pytest.mark.parametrize("text", VIOLENCE)
def test_a_threat_of_violence_is_a_threat(judged, text):
    got = judged(f"caller: {text}")
    assert (got.level, got.threat_kind) == ("threat", "violence")


@pytest.mark.parametrize("text", SELF_HARM)
@pytest.mark.parametrize("speaker", ["caller", "unknown"])
def test_talk_of_ending_ones_own_life_is_never_missed(judged, speaker, text):
    got = judged(f"{speaker}: {text}")
    assert (got.level, got.threat_kind) == ("threat", "self_harm")


@pytest.mark.parametrize("text", CLEAN)
def test_near_misses_and_plain_anger_are_not_abuse(judged, text):
    got = judged(f"caller: {text}")
    assert (got.level, [f.quote for f in got.findings]) == ("none", [])


@pytest.mark.parametrize("text", RUDE)
def test_one_impatient_word_of_an_agent_is_bad_manners_not_abuse(judged, text):
    got = judged(f"agent: {text}")
    assert (got.level, got.who, bool(got.rude)) == ("none", (), True)


def test_an_agent_rude_in_three_turns_despises_the_caller(judged):
    lines = [f"agent: {text}" for text in RUDE[:3]]
    assert (judged(*lines).level, judged(*lines[:2]).level) == ("mild", "none")
    assert judged(*lines).rude == ()


@pytest.mark.parametrize("text", CONTEMPT)
def test_contempt_in_an_agents_mouth_is_abuse_at_once(judged, text):
    got = judged(f"agent: {text}")
    assert (got.level, got.who) == ("mild", ("agent",))


@pytest.mark.parametrize("text", POLITE)
def test_what_agents_properly_say_is_not_rude(judged, text):
    assert judged(f"agent: {text}").findings == ()


@pytest.mark.parametrize(
    "lines",
    [
        ["caller: 那个保安骂我是傻逼，我就报警了"],
        ["caller: 他说，滚你妈的，你个臭要饭的。我录了音"],
        ["caller: 司机一边下车一边喊，老子弄死你"],
        [
            "caller: 他当着孩子的面骂我，骂得很难听",
            "agent: 嗯",
            "caller: 王八蛋，狗东西，什么都骂",
        ],
        ["caller: 他侮辱我", "agent: 他是怎么骂您的？", "caller: 贱人，不要脸"],
        ["caller: 他出言不逊，你们一家都是狗东西，我有录音"],
        ["caller: 不交钱就给我滚，这是他的原话"],
        ["caller: 邻居威胁我说要砍死你们全家"],
        ["caller: 我去退货，老板抄起秤砣指着我说，再不滚就砸烂你的头"],
        ["caller: 老师当着全班叫他蠢货，孩子哭了一晚上"],
        ["caller: 他们在我家门上喷红漆，写着欠债还钱，全家死光"],
        ["caller: 群里有人发语音，你听听，“你们全家都不得好死”"],
        ["caller: 快递员甩过来一句，神经病"],
        ["caller: 她张口就是贱货，街坊都听见了"],
        ["caller: 我当时就回了他一句，你就是条看门狗，他就动手了"],
        ["caller: 她说，我不想活了，你们快去看看她"],
        ["agent: 他态度不好，不过你骂他看门狗也不合适"],
    ],
)
def test_a_third_partys_words_are_quoted_not_the_speakers(judged, lines):
    got = judged(*lines)
    assert (got.level, got.who) == ("none", ())
    assert got.quoted


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("他骂我，你们这帮废物管不管", "这帮废物"),
        ("他骂我穷鬼，你们这帮废物到底管不管", "这帮废物"),
        ("他说滚出去。你们都是废物！", "都是废物"),
        ("他骂我神经病，我不想活了", "不想活了"),
        ("他还说是水分，呸，臭不要脸的", "臭不要脸"),
        ("狗主人说是孩子先惹的，这个狗日的", "狗日的"),
    ],
)
def test_back_in_the_first_person_the_words_are_the_callers_again(judged, text, own):
    got = judged(f"caller: {text}")
    assert any(own in f.quote or f.quote in own for f in got.findings)


def test_a_quote_does_not_reach_over_to_the_other_speaker(judged):
    got = judged("caller: 他骂我，骂得很脏。", "agent: 你才有病")
    assert got.who == ("agent",)


def test_the_worst_level_counts_and_each_finding_names_its_words(judged):
    got = judged("caller: 妈的，又停电", "agent: 请讲", "caller: 你就是个王八蛋")
    assert [(f.turn, f.value) for f in got.findings] == [(0, "mild"), (2, "severe")]
    assert got.level == "severe"
    assert got.findings[0].start < got.findings[0].end < got.findings[1].start


def test_a_life_comes_before_a_threat_to_others(judged):
    assert judged("caller: 我要砍死他，我也不想活了").threat_kind == "self_harm"


def test_the_exchanges_prompts_are_nobodys_abuse(judged):
    assert judged("ivr: 滚！").level == "none"


def test_squeezing_keeps_the_place_of_each_character():
    text, places = squeeze("你 傻 逼 abc d")
    assert text == "你傻逼 abc d"
    assert places[:3] == [0, 2, 4]
