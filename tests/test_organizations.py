"""Who is complained of: firms and shops by their names, public bodies by their kind."""

import pytest

from pipeline.domain.schema import District, Region
from pipeline.organizations import bodies, organizations
from pipeline.places import places

REGION = Region(
    name="石城市",
    hotline=("石城",),
    area_code="0999",
    shifts=(),
    districts=(District(name="青岚区", places=("柳叶镇",)),),
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("叫远帆装饰公司，打给物业公司也没人管，供电公司来过", ["远帆装饰公司"]),
        ("我在宏图建材公司上班", ["宏图建材公司"]),
        ("每月领公司三千块", []),  # wages, misheard
        ("问过共电公司了", []),  # whoever supplies the power
        ("住在柳叶镇好景物业没人管", ["好景物业"]),  # the place before it is not its name
        ("一共3万元宏图建材公司没给", ["宏图建材公司"]),
        ("一共46000人远帆装饰公司拖欠", ["远帆装饰公司"]),  # 元 misheard
        ("江先生先生建筑劳务公司", []),
        ("飞燕快递，把我东西搞丢了", ["飞燕快递"]),
        ("有间恒美再生塑料厂夜里排水", ["恒美再生塑料厂"]),
        ("去村委问过，县残联也问了", ["村委", "县残联"]),
        ("快递公司和物流园都不管，厂里停工", []),
        ("农贸市场斜对面，丰兴农资店。", ["丰兴农资店"]),
        ("有个百惠便利，路口那个胖哥生蚝，半夜还开", ["百惠便利", "胖哥生蚝"]),
        ("店名叫康缘健康生活馆，公司写的朔能风电", ["康缘健康生活馆", "朔能风电"]),
        ("我开粉店的，隔壁烧烤店，送修理店，看见我的店，螺蛳粉店", []),
        ("打供水公司没人接，昨天物业来过，住建局约谈物业", []),
        ("名下冒出来一家公司，航空公司不退，帮人家办银行卡", []),
        ("请他们核实顺达通物流公司", ["顺达通物流公司"]),
        ("案子在青岚区法院，我去法院问过", ["青岚区法院", "法院"]),
        ("是交警二中队的人", ["交警二中队"]),
    ],
)
def test_organizations_have_a_name_of_their_own(text, names):
    sited = [(p.start, p.end) for p in places(text, (REGION,))]
    spans = sorted({*organizations(text, sited), *bodies(text, sited)})
    assert [text[start:end] for start, end in spans] == names
