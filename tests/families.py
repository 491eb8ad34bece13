"""Invented calls in families: who calls, and what is said of which matter at which place.

Calls of one family are about one thing in different words; a family beside it is about the
same matter at a neighbouring place, or about another matter at the same place. Nothing here
was used to choose a rule or a threshold: tests/test_link_families.py only measures.
"""

from itertools import combinations

# family -> (caller, words) in the order of time
FAMILIES: dict[str, list[tuple[str, str]]] = {
    # one matter, neighbouring roads
    "water-jianshe": [
        ("01", "我家在建设中路，水龙头拧开一滴水都没有，从早上停到现在了"),
        ("02", "建设中路这边又停水了，做饭都做不成，什么时候能来水"),
        ("03", "你好，我反映一下，建设中路好几栋楼没有自来水，也没贴停水通知"),
    ],
    "water-hexin": [
        ("04", "和欣路停水一整天了，老人小孩都没水喝"),
        ("05", "我们和欣路这里自来水断了，打供水公司电话没人接"),
    ],
    # the same road, other matters
    "lamps-jianshe": [
        ("06", "建设中路的路灯全灭了，晚上走路黑漆漆的，差点摔跤"),
        ("07", "建设中路那一排路灯好几天不亮，麻烦派人修一下"),
    ],
    "stalls-jianshe": [
        ("08", "建设中路上全是流动摊贩，占道经营，车都过不去"),
        ("09", "建设中路天天有人摆摊占道，油烟也大，城管管不管"),
    ],
    # noise at night, neighbouring estates
    "noise-yulan": [
        ("10", "玉兰花园小区旁边工地半夜还在施工，吵得睡不着"),
        ("11", "玉兰花园对面的工地凌晨两点还在打桩，噪音太大了"),
        ("12", "投诉夜间施工，玉兰花园这边的工地每天晚上搞到一两点"),
    ],
    "noise-guihua": [
        ("13", "桂花苑小区门口工地夜里施工，轰隆隆的，孩子要高考了"),
        ("14", "我住桂花苑，工地晚上不停工，噪声扰民"),
    ],
    "property-yulan": [
        ("15", "玉兰花园的物业乱收费，电梯坏了半个月都不修"),
        ("16", "玉兰花园小区物业不作为，物业费涨了，电梯还是坏的"),
    ],
    # wages, two building sites
    "wages-binjiang": [
        ("17", "我在滨江路的工地干活，老板欠了我们三个月工资不给"),
        ("18", "滨江路那个项目拖欠农民工工资，二十几个人都没拿到钱"),
    ],
    "wages-chaoyang": [
        ("19", "朝阳路工地的包工头跑了，工资一分钱没发"),
        ("20", "我们在朝阳路做工，被欠薪两个月，要求把工资结清"),
    ],
    "holes-chaoyang": [
        ("21", "朝阳路路面坑坑洼洼，前天有人骑车摔了"),
        ("22", "朝阳路上有个大坑，井盖也塌下去了，很危险"),
    ],
    # one and the same caller: again on his matter, and on other ones
    "rubbish-wenhua": [
        ("23", "文化路垃圾桶满了没人清，臭得要命"),
        ("23", "我昨天打过电话，文化路的垃圾还是没有清运，苍蝇到处都是"),
        ("24", "文化路路口垃圾堆成山了，请环卫来清理"),
    ],
    "bus-question": [("23", "我想问一下，老年人免费乘车卡在哪里办")],
    "dogs-wenhua": [("24", "文化路有人遛狗不拴绳，大狗追着小孩跑")],
}
APART_H = 5  # hours from one call to the next


def calls() -> list[tuple[str, str, str]]:
    """(family, caller, words), families by turns, so that time tells nothing."""
    longest = max(map(len, FAMILIES.values()))
    return [
        (name, *told[i])
        for i in range(longest)
        for name, told in FAMILIES.items()
        if i < len(told)
    ]


def pairs(*, same_caller: bool) -> set[tuple[int, int]]:
    """Pairs of calls of one family, of one caller or of two."""
    made = enumerate(calls())
    return {
        (i, j)
        for (i, one), (j, other) in combinations(made, 2)
        if one[0] == other[0] and (one[1] == other[1]) == same_caller
    }
