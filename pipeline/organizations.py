"""Companies and shops that are named: a name of its own before a word for the kind.

`organizations` finds them in one normalized turn. Whoever supplies the water, and what is
called only by its kind (物业公司, 快递公司), has no name here: 被反映对象 needs one. `bodies`
finds public bodies, whose kind is their name.
"""

import re
from collections.abc import Iterable, Iterator

from pipeline.domain.beginnings import ahead
from pipeline.domain.match import Patterns
from pipeline.domain.sound import are_alike

ALIKE = 0.9  # of two names, from which one is the other's misspelling
_MADE = (
    "砖|水泥|修理|塑料|洗选|洗煤|化工|化肥|农药|食品|纺织|针织|造纸|电子|玻璃|饲料|砖瓦|制药|印刷|机械|羽绒|制品|制衣|服装|鞋业|家具|木材|板材|石灰"
    "|混凝土|沥青"
)
_COMPANY = (
    "有限公司|责任公司|公司|集团|合作社|事务所|物业|热力|银行|健身(?:房|馆|中心)?"
    "|驾校|培训(?:学校|机构|中心)|置业|风电(?!机|场|的)|生活馆|养生馆|采石场"
    "|大?药房|中介|美容院|旅行社|房产|地产|俱乐部|KTV|网吧|民宿|客栈|石场|砂场|养殖场|屠宰场|搅拌站"
    "|物流(?!园|中心|点|信息|单|费|公司|有限|服务|签)|快递(?!公司|有限|末端|地址|员|柜|点|站|费|单|小哥|盒|箱|业|企业|服务|丢|架|车|面|代收"
    "|费|件)"
    "|劳务(?!公司|有限|服务|的|费|派|市|纠|分|所|合|报|输|中|关|班|人)|燃气(?!公司|费|表|管|灶|热|泄|味|改|用|安|站|的|抢|部|报|具|开|通"
    "|设|事|漏|中|爆|阀|客|集|是|不|有|和|没|就)"
    f"|(?:{_MADE})厂(?![子房长里区门家商矿妹前后址外边内宿务规])"
)
ORG = re.compile(
    "(?:(?![的了在是到从去我你您他她们这那就吗呢吧啊哦也都还又没不叫问说么怎请"
    "哪给被让跟找个条要和过带讲之按或属]|有(?!限)|可以|经营)"
    f"[\u4e00-\u9fff]){{2,10}}?{ahead(_COMPANY)}(?:{_COMPANY})"
)
# 供电公司 is whoever supplies it; a name of its own is needed.
NO_NAME = re.compile(
    "(?:通知|同步|供热|供电|供水|供气|自来水|公交|燃气|煤气|天然气|热力|电力|物业"
    "|电梯|维保|保险|快递|通信|电信|移动|联通"
    "|房地产|开发|建筑|劳务|装修|搬家|客运|出租|外地|小区|我们|业主|联系|投诉"
    "|要求|因为|反映|老板|一家|那家|分|总"
    "|单位|现在|原来|以前|新|老|对|由|向|找|归|管|收|交|欠|服务|中介|培训|健身"
    "|责任|有限|国有|私营|民营|上班|手机|网络|接受|直接|标准|第[一二三]张"
    "|处罚|商贸|贸易|科技|人民|一类|二类|物流|货运|加急|派|催|查|停|用|开|寄|发|送|取|采|碎|选|工|大|小|别|同|本|门|网|商|饭|酒|书|鞋|花|茶"
    "|药|饼|面"
    "|烧烤|快餐|理发|早餐|水果|服装|宠物|火锅|小吃|奶茶|便利|五金|建材|汽修|修车|修理|加工|水泥|加盟|连锁|专卖|实体|美发|洗车|电器|家具|眼镜|烟酒|粮油"
    "|分销|零售|批发"
    "|航空|设计|广告|婚庆|停车|管理|游戏|水务|小额|贷款|网贷|[配供送]餐|评估|直播|百货|烟草|清[洗扫]|消毒|法务|汽车|校外|保[洁安]"
    "|家政|传媒|实业|市政|运营|轨道|打井|开?锁|测绘|监理|审计|律师|会计师|代[账办]|农业|商业|地方|农商|建设|水电|暖气|挂靠"
    "|如果|后来|[今昨]天|时候|小时内|工作日内|另外|反正|希望|前期|后期|名下|[几两三四五]家|核实|登记|督促|约谈|更换|普通|外面|某"
    "|村[口后里边]|啥子?|什么|中国|二手|司机|产权|户籍|自己|别人家?|人家|冻结|上回|一下|一[张位]|可它|也?能|那个|关于|作为|改成"
    "|想|回|把|再|进|付|报|比|上|得|它|信|方|查无此|该|万一|法院告|部门|住建局?|能够"
    f"|{_MADE}|旧|老|制品)+(?:{_COMPANY})"
)
# A shop is named where it is called so, or where a clause is nothing but its name.
_SHOP = (
    "(?:[一-龥]{1,2}(?<![的壁利])店|便利店?|[饭面粉茶餐]馆|健康馆|体验馆|会所|足浴|托管(?:班|中心)?|早教|农资|养殖|光伏|餐饮"
    "|烧烤|生蚝|鱼庄|装饰|家政|汽修|车行|琴行|画室|口腔|公寓|快递超市)"
)
_CALLED = re.compile(
    "(?:^|[，。！？：]|叫做?|名字?叫|写的是?|[有那]个|[有开那这]家|[有那这]间)"
    "(?P<name>(?:(?![的了在是到从去我你您他她们这那就吗呢吧啊哦也都还又没不叫问说么怎请哪给被让跟找个条要和过带讲个开买卖"
    f"上下里外边头面口家])[一-龥]){{2,5}}?{_SHOP})(?=[，。！？]|$)"
)
_ANY_SHOP = re.compile(
    "(?:网|电子|螺蛳|牌子|官方|修理|维修|实体|连锁|加盟|夜宵|社区|镇|街|村|学校|小区|大学|附近|隔壁|对面|楼|门|路|新|老|小|大|农村|无证|占道|露天|长租|人才|青年"
    "|水产|生猪|畜禽|家庭|规模|装修|物业|商务|高端|分布式|屋顶|全屋|专业|课后|校外|学生|午间|快餐|早餐|水果|服装|理发|修车|宠物)+"
    f"{_SHOP}|.*(?:商|书|酒|饭|药|分|总|工作|旧|花|鞋|[到开]|前|后)店"
)
ORG_LEAD = re.compile(
    "(?:以(?:打|把|向|凭|买|反映|关注|直接打)?|者|紧?急件?(?:工单)?[转派]|由|对|向|因|被|称呼为|称为|叫做|加入|参加|跟|投诉|举报|反映|拖欠"
    "|要求|联系|打给|转|反映下|号反映|核实|检查|登记|督促|约谈|更换|协调|关于|希望|作为|改成|后来|[今昨]天|另外|反正|名下|我?们?小区|名叫|名为|一家|[有这哪]?间|[有这哪]家"
    "|那家|处罚|督促|约谈|加急转?|开的?|上班|工资|万元|月底|先生|女士|对面|旁边|求|楼|元|块钱)+"
)
# A body that a caller has dealt with is named by what it is: 村委, 县残联, 桂平法院.
PUBLIC = re.compile(
    "(?:[市区县旗镇乡]|(?<![一-龥])(?:(?![我你他去要到又那连跑在住给呀还这找上])[一-龥]){2}(?=法院))?"
    "(?:村委会?|居委会|(?<=[镇乡])政府|残联|妇联|仲裁委|武装部|(?<![的是])城管(?!局|员|证)|法院|检察院|纪委|妇幼(?:保健院|院)?|登记处"
    "|项目部|消协|(?:交警|城管|执法|消防)?[一二三四五六七八九]中队)"
)
_GENERIC = re.compile(f"(?:{NO_NAME.pattern})|(?:{_COMPANY})")
SHORTEST = 4  # characters: a name of two, and the kind
# Misheard: wages are no company, and whoever supplies it has no name in any spelling.
WAGES = re.compile("(?:拿|发|领|欠|付|讨|结|扣|打)公司$")
SUPPLIERS = tuple(f"供{what}公司" for what in ("热", "电", "水", "气")) + (
    "物业公司",
    "公交公司",
)


_NAMED, _SHOPS, _BODIES = Patterns(ORG), Patterns(_CALLED), Patterns(PUBLIC)

# Within what stands before the kind: the name begins behind it.
_CUT = re.compile(
    "由|把|办|付|打|帮|送|填|欠下?|第[一二三]件|登记|表扬|联系|转(?!角)|重新派|约谈|督促|协调|稽核|核实|介绍|应该|改成|房地产(?!开)|负责|举报|反映|投诉|公开"
    r"|(?<=\d)[万千百]?(?:元|块钱?|人|户|名|号|平|天|年)|先生|女士|小姐"
    "|名下|以后|冒出来|照着|知道|对抗|一[家位张]|我的|地址|位置|销售|拎着|进"
)


def _begin(text: str, start: int, end: int, sited: Iterable[tuple[int, int]]) -> int:
    """Where the name that ends at `end` begins: behind places, verbs and other leads."""
    start = max([start, *(to for begun, to in sited if start < to < end)])
    start = max([start, *(cut.end() for cut in _CUT.finditer(text, start, end))])
    lead = ORG_LEAD.match(text, start, end)
    return lead.end() if lead else start


def organizations(text: str, places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans of names, from left to right. places: spans that are no part of one."""
    sited = list(places)
    for match in _NAMED.finditer(text):
        start, end = _begin(text, *match.span(), sited), match.end()
        name = text[start:end]
        if _GENERIC.fullmatch(name) or WAGES.search(name) or end - start < SHORTEST:
            continue
        if not any(are_alike(name, supplier, ALIKE) for supplier in SUPPLIERS):
            yield start, end
    for match in _SHOPS.finditer(text):
        start, end = _begin(text, *match.span("name"), sited), match.end("name")
        name = text[start:end]
        if end - start >= SHORTEST and not _ANY_SHOP.fullmatch(name) and not ORG.search(name):
            yield start, end


def bodies(text: str, places: Iterable[tuple[int, int]] = ()) -> Iterator[tuple[int, int]]:
    """Spans of public bodies, with the place that they are of. places: spans of places."""
    sited = list(places)
    for match in _BODIES.finditer(text):
        start, end = match.span()
        yield min([start, *(begun for begun, to in sited if begun < start <= to < end)]), end
