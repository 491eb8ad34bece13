"""Who is meant: names and forms of address in the words of a call.

`people` finds them in one normalized turn; what the agent has just asked tells whether a
bare name is an answer. A name begins with a surname of the list, which has the common ones
of the country and those of Guangxi.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.domain.match import Patterns

_COMPOUND = (
    "欧阳|上官|司马|诸葛|司徒|皇甫|东方|夏侯|令狐|公孙|慕容|尉迟|长孙|呼延|端木|钟离|宇文"
)
_SINGLE = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢"
    "蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟"
    "龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂"
    "丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫"
    "查屈鲍覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜农蒙蓝岑玉磨闭班侬零粟银"
    "仇苟古凤池双娄裘刁褚全闫燕桑冼区麦招练巫符云卓应郎乌佟敖巩晏戚奚荆阚郁"
)
SURNAME = f"(?:{_COMPOUND}|[{_SINGLE}])"
_TITLE = (
    "先生|女士|小姐|大姐|大哥|大嫂|阿姨|大爷|大妈|大娘|大叔|大伯|奶奶|爷爷|师傅|老师|同志|经理|老板|主任"
    "|医生|护士|律师|教练|工头|大夫|书记|局长|站长|队长|班长|校长|园长|院长|厂长|店长|组长"
    "|科长|处长|所长|支书|会计|阿公|阿婆"
)
_SHORT_TITLE = "[叔伯婶嫂姨总工]"  # 吴伯, where nothing follows
_NOT_NAMED = (
    "个的了在是我你您他她们这那就吗呢吧啊不没有也都说叫问电话什么怎好对让请找等"
    "给把被讲该跟哪谁嘛着过换写看"
)
_GIVEN = f"(?:(?![{_NOT_NAMED}]|{_TITLE})[\u4e00-\u9fff])"
_ASKED = re.compile(
    "贵姓|怎么称呼|姓名|全名|大名|留.{0,3}姓|名字(?:[和、，]|是|说|报)|(?:叫|什么)名字"
    "|姓什么|您叫什么|称呼您"
)

_ADDRESSED = re.compile(
    "(?<![\u4e00-\u9fff]里)(?<![块元万欠没等对关属位由免不])"
    "(?<![旁两路河街身左右东西南北上下前后外一那这](?=边))"
    "(?<!值(?=班)|调(?=解)|公(?=司)|城(?=管)|门(?=卫)|感(?=谢)|工(?=方|车)|核(?=查)|红(?=包)|拍(?=张)|[社小校景片](?=区))"
    f"({SURNAME})({_GIVEN}{{0,2}}?)({_TITLE})"
)
_ELDER = re.compile(
    f"(?:^|[，。！？]|好的?|嗯|叫我?|谢谢)({SURNAME})()({_SHORT_TITLE})(?=[，。！？：]|$)"
)
# 叫我小丁就行
_FAMILIAR = re.compile(
    f"(?<=叫)(?:我)?([小老]{SURNAME})(?=就|吧|好了|也行|[，。！？]|$)(?<!小时)(?<!小区)(?<!小路)"
)
# 好的顺女士: what stands where a surname must stand, though it is none.
_NO_SURNAME = "位老小这那的好是对嗯行请和跟同等问给让叫男各该此本吗呢啊，。"
_MISHEARD = re.compile(
    f"(?:^|[，。！？]|好的?|[是系]的|再见|谢谢)((?![{_SINGLE}{_NO_SURNAME}])[\u4e00-\u9fff])"
    "(先生|女士)"
)
SAME = 0.9  # how alike two writings of one name sound
COMMON = 100  # surnames that a misheard one may be
_SURNAMED = re.compile(
    f"(?:免贵|我|您|他|她|^|，)(?:是)?姓(?!名)({SURNAME})(?![一-龥]{{0,2}}氏)"
)
# 带工的是刘栓柱, 领工的叫刘振奎: who did it, by what he is
_ROLE = "(?:[带领包]工|带班|管事|负责|牵头)的?人?|老板|经理|司机|房东|店长|法人|中介"
_CALLED = re.compile(
    "(?:(?:我|名字?|他|她|爸|妈|哥|弟|姐|妹|公|婆|老婆|爱人|儿子?|女儿|孩子|娃|老人|人|师傅|媳妇|伴儿?"
    f"|{_ROLE})的?(?:名字)?叫|名字是?|本人|我是|(?:{_ROLE})就?是)({SURNAME}{_GIVEN}{{1,2}}(?<!人)"
    f"|[小阿]{_GIVEN}|(?![叔爸妈爷奶哥姐弟妹宝])({_GIVEN})\\2)(?=[，。！？]|$)"
)
# 跟刘栓柱说话: three characters, and the last none by which units are called
_DEALT_WITH = re.compile(
    f"(?:跟|找|问|给)({SURNAME}{_GIVEN}{{2}}(?<![员方局所队部科处厅院校店厂司户人头会站组长师委行去来]))(?=说|讲|谈|要|打电话|签|借)"
)
# 隔壁的王桂莲反映的, 那个陆建欠我的货款: whom somebody tells about
_TOLD_OF = re.compile(
    f"(?:[0-9室户]的|那个)({SURNAME}{_GIVEN}{{1,2}}?)(?=(?:也)?(?:反映|举报|投诉|[说报]的|欠|骗|承包|打我|打人))"
)
_UNKIN = "(?![姨婆公伯叔爷妈爸姐妹哥弟嫂嬷])"
# 我仔阿聪, 我堂弟，阿强，他, 亚满家起新屋: how the south calls its own
_KIN = re.compile(
    f"(?:仔|女|儿子|媳妇|妹|弟|哥|姐|老公|老婆|孙子?|侄|姑娘)，?(阿{_UNKIN}{_GIVEN})"
    f"(?=[，。！？]|$|今|就|过)|(?:^|[，。！？])(阿{_UNKIN}{_GIVEN})啊"
    f"|(?:^|[，。！？跟和同])([阿亚]{_UNKIN}(?![洲军热克訇]){_GIVEN})(?=家(?:[起盖建住的在也]|，)|[是他]老)"
)
_SPELLED = re.compile(
    f"(?:^|[，。叫是])({SURNAME}{_GIVEN}{{1,2}})，(?:[一-龥]{{1,4}}[的是]|双|木子"
    f"|弓长|耳东|口天|古月|草头|[一-龥]字旁)"
)
# 甘志明甘蔗的甘, in one breath
_SPELLED_AT_ONCE = re.compile(
    f"(?:^|[，。叫是])((?={SURNAME})(?P<sign>[\u4e00-\u9fff]){_GIVEN}{{1,2}}?)"
    "(?=(?P=sign)[一-龥]{1,2}的(?P=sign))"
)
_ANSWERED = re.compile(
    f"^(?:[嗯啊哦呃好的]*，)?(?:我?叫|我是)?({SURNAME}{_GIVEN}{{1,2}}|小{_GIVEN})(?=[，。]|$)"
    "(?<![区县市镇乡村屯路街巷号楼栋厂店司])"
)
# 大榄屯，韦世昌，打这个; a name without a surname of the list is spelled or called one
_ANSWERED_LATER = re.compile(
    f"[，。！](?:我?叫|我是)?({SURNAME}{_GIVEN}{{1,2}})(?=[，。]|$)(?<![区县镇乡村屯路街巷号楼栋苑园府院店厂司家])"
)
_ANSWERED_RARE = re.compile(
    f"^((?P<first>[\u4e00-\u9fff]){_GIVEN}{{1,3}})(?=，(?P=first)是)"
    f"|^我叫({_GIVEN}{{2,4}})(?=[，。]|$)"
)
# 那顺, whom the agent then calls 那顺大哥
_ANSWERED_ANY = re.compile("^([一-龥]{2,4})(?=[，。]|$)")
_INTRODUCED = re.compile(f"[你您]好[啊，]*我叫({_GIVEN}{{2,4}})(?=[，。])")
# 婆婆乔三女，三是数字, of the question 老人叫什么
_ANSWERED_KIN = re.compile(
    "(?:^|[，。])(?:我|他|她)?(?:婆婆|公公|老公|老婆|丈夫|爱人|儿子|女儿|父亲|母亲|爸爸?|妈妈?|爷爷|奶奶|哥|弟|姐|妹|老伴)"
    f"是?({SURNAME}{_GIVEN}{{2}})(?=[，。])"
)
_BESIDE_PHONE = re.compile(
    f"(?:^|，)({SURNAME}{_GIVEN}{{1,2}})，(?:电话|联系电话|手机)?号?码?是?1[3-9]\\d{{9}}"
    f"|1[3-9]\\d{{9}}，({SURNAME}{_GIVEN}{{1,2}})(?=[，。])"
)
_BY_OTHERS = (_FAMILIAR, _TOLD_OF, _KIN, _DEALT_WITH, _INTRODUCED)
_TOLD = (
    _CALLED,
    _SPELLED,
    _SPELLED_AT_ONCE,
    _BESIDE_PHONE,
    _ADDRESSED,
    _ELDER,
    *_BY_OTHERS,
    _SURNAMED,
)
_PATTERNS = {
    "misheard": (_MISHEARD,),
    "told": _TOLD,
    "answering": (_ANSWERED, _ANSWERED_RARE, _ANSWERED_KIN, *_TOLD, _ANSWERED_LATER),
}
_NOBODY = re.compile(
    "班主任|好的|没有|谢谢|对对|方便|可以|知道|明白|安全|时候|应该|成都|全部|高兴|马上"
    "|关于|任何|常常|许多|何时|易燃|华为|包头|安排|强大|位置|文化|路灯|车位|金额"
    "|时间|高空|石头|田地|农民|路边|白天|黄色|钱款|温度|云南|江西|江苏|广西|宁夏"
    "|双方|单位|管理|解决|解释|向您|成功|华润|万科|经常|常年|任意|通知|包工头|[一-龥]?班[组班]?长|时找|高中|房东|周末|[车童时]工|古月|双[口姓]"
    "|项目|奚落|施工|高[血考中]|银行|司[机换]|公司|全日制|农[历业户商]|[安包]装|[黄蓝]牌|单[身亲独]|房[产租]|招[生牌工]|区[里内当]|申[诉请]|卫[生讲]|文[件书]"
    "|车[行牌库祸队站次]|戴[眼帽口]|查[监过一]|费[劲用]|石[家棉]|钱[能嘛款财]|贷[一-龥]|管[中道]|向[值着]|包[给子工]|柳树|杨树"
    "|蒙古|零零|[一-龥]姓|祝.{2,3}(?:早日|身体|健康|生活|一切|平安)"
)


_FULL = re.compile(
    f"(?:{_COMPOUND}|(?!{_COMPOUND})[{_SINGLE}]|[小阿])({_GIVEN}{{1,2}})(?:{_TITLE})?"
)


@dataclass(frozen=True, slots=True)
class Person:
    """A name in a text: `text[start:end]`, and the form that a ticket uses."""

    start: int
    end: int
    surname: str
    given: str  # "" where only the surname was said
    title: str  # 先生, 女士, ...; "" where none was said
    misheard: bool = False  # the surname is the one that sounds so, or "" where none does


@lru_cache(maxsize=1024)  # a call's names are asked for with every string of it
def given_name(name: str) -> str:
    """晓明 of 张晓明 and of 张晓明先生; "" where none was said, as in 张先生, or where it is a
    word: 车间, 孙女."""
    from pypinyin.constants import PHRASES_DICT  # redact.py is read with --help

    match = _FULL.fullmatch(name)
    return match[1] if match and name not in PHRASES_DICT else ""


def spellings(names: Iterable[str], texts: Iterable[str]) -> Iterator[str]:
    """What in the texts is said like one of the full names, and written otherwise."""
    from pipeline.domain.sound import are_alike

    full = [name for name in names if given_name(name)]
    for text in texts if full else ():
        for one in people(text, answering=True):
            written = one.surname + one.given
            if one.given and any(are_alike(written, name, SAME) for name in full):
                yield written


def asks_name(text: str) -> bool:
    """Whether the agent asks who is calling."""
    return _ASKED.search(text) is not None


def people(
    text: str, *, answering: bool, surnames: str = "", reply: str = ""
) -> Iterator[Person]:
    """The persons named in the text; `answering`: the turn before asked for a name.

    surnames: those of the city, most common first: they decide between 魏 and 韦 by sound.
    reply: what the agent says afterwards; whom he addresses by the answer is called so.
    """
    for match in _screened()["misheard"].finditer(text):
        surname = _sounding(match[1], surnames)
        yield Person(match.start(1), match.end(), surname, "", match[2], misheard=True)
    taken: set[int] = set()
    answer = _ANSWERED_ANY.match(text) if answering else None
    if answer and re.search(f"{answer[1]}(?:{_TITLE})", reply):
        taken.add(0)
        yield Person(0, answer.end(1), *_split(answer[1]), "")
    for pattern in _screened()["answering" if answering else "told"].likely(text):
        for match in pattern.finditer(text):
            if pattern is _ANSWERED_LATER and taken:
                break
            group = 1 if match[1] is not None else match.lastindex or 0
            start = match.start(group)
            if start in taken or _NOBODY.match(text, start) or _is_word(text, match, group):
                continue
            taken.add(start)
            if pattern in (_ADDRESSED, _ELDER):
                yield Person(start, match.end(), match[1], match[2], match[3])
            else:
                surname, given = _split(match[group])
                if pattern is _FAMILIAR:  # 小丁: the surname behind its form
                    yield Person(start, match.end(group), match[group][1:], "", match[group][0])
                    continue
                start -= pattern is _SURNAMED  # 姓陈 says more than 陈
                yield Person(start, match.end(group), surname, given, "")


_PLAIN = (
    _ANSWERED,
    _ANSWERED_KIN,
    _ANSWERED_LATER,
    _DEALT_WITH,
)  # where nothing says that it is a name


def _is_word(text: str, match: re.Match[str], group: int) -> bool:
    """Whether what looks like a name is a word: 车间主任, 我是单身, and 孙女 for an answer."""
    from pypinyin.constants import PHRASES_DICT  # redact.py is read with --help

    if match.re is _ADDRESSED:
        return bool(match[2]) and match[1] + match[2] in PHRASES_DICT
    start, end = match.span(group)
    plain = match.re in _PLAIN or (match.re is _CALLED and text[start - 1 : start] == "是")
    return plain and text[start:end] in PHRASES_DICT


@cache
def _screened() -> Mapping[str, "Patterns"]:
    from pipeline.domain.match import Patterns  # pypinyin: redact.py is read with --help

    made = {which: Patterns(*patterns) for which, patterns in _PATTERNS.items()}
    for one in made.values():
        one.likely("")  # read now: it takes longer than a call
    return made


@cache
def _sounding(character: str, surnames: str) -> str:
    """The most common surname of this sound, "" where there is none."""
    from pipeline.domain.sound import alike  # numpy: redact.py is read with --help

    known = surnames + _SINGLE[:COMMON]
    return next((s for s in known if alike(character, s) == 1.0), "")


def _split(name: str) -> tuple[str, str]:
    surname = re.match(SURNAME, name)
    cut = surname.end() if surname else 0
    return name[:cut], name[cut:]
