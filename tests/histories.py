"""A city's history that the tests make up: three units, nine matters, ten places."""

import json
from pathlib import Path

WHERE = ("东门", "西门", "南桥", "北桥", "老街", "新街", "河边", "山脚", "湖边", "车站")
MATTERS = {
    "水务": ("停水了没人修", "水管爆裂漏水", "自来水发黄有味"),
    "城管": ("路灯不亮太黑", "烧烤摊占道经营", "垃圾没人清运"),
    "教育": ("学校乱收补课费", "孩子入学报名材料", "老师体罚学生"),
}
ROWS = [
    {"text": f"{where}{matter}{i}号", "label": label}
    for label, matters in MATTERS.items()
    for matter in matters
    for i, where in enumerate(WHERE)
]
# other places, the same matters: none of these texts is among ROWS
OTHERS = [{**row, "text": f"今天{row['text']}楼"} for row in ROWS]


def write(path: Path, rows: list[dict]) -> Path:
    """The rows as JSONL."""
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), "utf-8")
    return path
