"""Companies and shops that are named: a name of its own before a word for the kind.

`organizations` finds them in one normalized turn. Whoever supplies the water, and what is
called only by its kind (物业公司, 快递公司), has no name here: 被反映对象 needs one. `bodies`
finds public bodies, whose kind is their name.
"""

import re
from collections.abc import Iterable, Iterator

from pipeline.domain.sound import are_alike

ALIKE = 0.9  # of two names, from which one is the other's misspelling
_MADE = (
    "砖|水泥|修理|塑料|洗选|洗煤|化工|化肥|农药|食品|纺织|针织|造纸|电子|玻璃|饲料|砖瓦|制药|印刷|机械|羽绒|制品|制衣|服装|鞋业|家具|木材|板材|石灰"
    "|混凝土|沥青"
)
_COMPANY = (
    "有限公司|责任公司|公司|集团|合作社|事务所|物业|热力|银行|健身(?:房|馆|中心)?"
    "|驾校|培训(?:学校|机构|中心)"
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
    f"[\u4e00-\u9fff]){{2,10}}?(?:{_COMPANY})"
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
    f"|{_MADE}|旧|老|制品)+(?:{_COMPANY})"
)
ORG_LEAD = re.compile(
    "(?:以(?:打|把|向|凭|买|反映|关注|直接打)?|者|紧?急件?(?:工单)?[转派]|由|对|向|因|被|称呼为|称为|叫做|加入|参加|跟|投诉|举报|反映|拖欠"
    "|要求|联系|打给|转|名叫|名为|一家|[有这哪]?间|[有这哪]家"
    "|那家|处罚|督促|约谈|加急转?|开的?|上班|工资|万元|月底|先生|女士|对面|旁边|求|楼|元|块钱)+"
)
# A body that a caller has dealt with is named by what it is: 村委, 县残联, 桂平法院.
PUBLIC = re.compile(
    "(?:[市区县旗镇乡]|(?<![一-龥])[一-龥]{2}(?=法院))?"
    "(?:村委会?|居委会|(?<=[镇乡])政府|残联|妇联|仲裁委|武装部|(?<![的是])城管(?!局|员|证)|法院|检察院|纪委|妇幼(?:保健院|院)?|登记处"
    "|项目部|消协)"
)
# Misheard: wages are no company, and whoever supplies it has no name in any spelling.
WAGES = re.compile("(?:拿|发|领|欠|付|讨|结|扣|打)公司$")
SUPPLIERS = tuple(f"供{what}公司" for what in ("热", "电", "水", "气")) + (
    "物业公司",
    "公交公司",
)


def organizations(text: str, places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans of names, from left to right. places: spans that are no part of one."""
    sited = list(places)
    for match in ORG.finditer(text):
        start, end = match.span()
        start = max([start, *(to for begun, to in sited if start < to < end)])
        lead = ORG_LEAD.match(text, start, end)
        start = lead.end() if lead else start
        name = text[start:end]
        if re.fullmatch(f"(?:{NO_NAME.pattern})|(?:{_COMPANY})", name) or WAGES.search(name):
            continue
        if not any(are_alike(name, supplier, ALIKE) for supplier in SUPPLIERS):
            yield start, end


def bodies(text: str) -> Iterator[tuple[int, int]]:
    """Spans of public bodies, with the place that they are of."""
    for match in PUBLIC.finditer(text):
        yield match.span()
