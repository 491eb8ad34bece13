"""这个号码: where the talk of a call points at the number that the caller has called from.

`pointed` finds it in one normalized turn; what the agent said just before tells whether the
talk is of reaching the caller. 你们这个电话 is the hotline's, and somebody's 这个号码 may be
anybody's: it counts where it is said how to reach the caller.
"""

import re
from collections.abc import Iterator

_NUMBER = (
    "(?:手机|电话)?(?:号码|号(?![称楼线])|电话"
    "|手机(?=[，。？！]|$|可以|就|打|能|行|吧|联系|方便)|机(?=就|打|[，。]))"
)
_THIS = "(?:(?:现在|目前|来电|打来|打进来)的?)?(?:这个|这)"
_ANY = rf"(?:{_THIS}|现在的?|打来的|来电的?|本机)的?{_NUMBER}|本机|来电(?=吗|就|显示)"
# 就打这个, 是打来的这个: sure by themselves
_SURE = re.compile(
    rf"(?:就|还是|用)(?:是|用|打|拨)?(?:我|[您你]们?那?边?)?的?(?:{_ANY})"
    rf"|(?:就|还是)?[用打拨](?:我|您)?的?{_THIS}(?=[，。！？]|$|可以|行|能|就|吧|咯|嘛)"
    "|现在(?:的|这个)(?=行不|可以吗|行吗|能打通)"
    rf"|(?<![我才来想敢该不你们么意会也去])打(?:我|您)?的?(?:{_ANY})"
    "|(?:电话|号码)(?:还|就)*是(?:打来的)?这个(?=[，。！？]|$|吗|吧)|(?:电话|号码)[^，。]{0,4}(?:有|能)显示"
)
_POINTS = re.compile(
    rf"(?<!你)(?<!你们)(?<![我才来想敢该不意会也去您]打)(?:{_ANY})(?!牌)(?![是为的]?\d)(?!是(?:给|用来|为|政府|热线))"
)
# After a question how to reach the caller: 这个就行, 打这个
_BARE = re.compile(
    rf"(?:^|[，。！打是用对话码])(?:就|还)?是?(?:我|对)?{_THIS}(?:就|也|都)?(?:行|可以|能|好|得|成|吧|咯|嘛|没问题|打得通)?"
    "(?=[，。！？]|$)"
)
_REACHING = re.compile(
    "联系|回复|答复|回访|通知|回[电您你]|找[到得]?[我您你]|打(?:给|到|通)?[我您你]|(?:您|你|的|留)[^，。？]{0,5}(?:电话|号码?|手机)"
    "|手机号|保持畅通|电话.{0,2}就|电话(?:是|呢|留|[，。？]|和|吗|还?就?打)|号码(?:是|呢|[，。？])|怎么找|接(?:听|通|电话)|(?:方便"
    "|能打|打得)通|能(?:联系|接|打)"
)
_OTHERS = re.compile("骚扰|诈骗|打(?:过|了)来|给我打|老打|推销|陌生")


def reaching(text: str) -> bool:
    """Whether the words are about how to reach the caller."""
    return _REACHING.search(text) is not None


def pointed(text: str, *, asked: bool) -> Iterator[tuple[int, int]]:
    """Where the caller's own number is pointed at. asked: the turn before asked for it."""
    found = [*_SURE.finditer(text)]
    if not _OTHERS.search(text) and (asked or reaching(text)):
        found += _POINTS.finditer(text)
    if asked:
        found += _BARE.finditer(text)
    end = 0
    for match in sorted(found, key=lambda m: (m.start(), -m.end())):
        said = match.group()
        if match.start() >= end:
            start = match.start() + len(said) - len(said.lstrip("，。！"))
            end = match.end()
            yield start, end
