"""A store of made-up calls, and dialogues like them, for the tests of learning from reviews."""

from pathlib import Path

from faking import answer

from pipeline.store import reviews
from pipeline.store.store import Store

DIALOGUE = """\
# {{"type":"{type}","outcome":"{outcome}","code":null,"dept":["{dept}"],"also":[],\
"urgency":"{urgency}","start":"{start}","end":"{end}"}}
A:您好，请问有什么可以帮您？
C:{words}，{more}
A:好的，给您登记。
"""
LAMP = {
    **{"type": "投诉", "outcome": "accept_dispatch", "dept": "城管", "urgency": "一般"},
    **{"start": "不满", "end": "不满", "words": "路灯不亮太黑了"},
}
THANKS = {
    **{"type": "表扬", "outcome": "answer_now", "dept": "供电", "urgency": "紧急"},
    **{"start": "感谢", "end": "感谢", "words": "来电表扬师傅修得快"},
}
HUM = "铁皮柜子嗡嗡响得睡不着"  # what no dialogue says and reviewers send to 供电


def more(number: int) -> str:
    return f"从第{'一二三四五六七八九十百千'[number % 12]}天起"


def write_dialogues(folder: Path) -> Path:
    """Three writers, six calls of two kinds each."""
    folder.mkdir(exist_ok=True)
    for name in ("one", "two", "three"):
        blocks = [
            DIALOGUE.format(**kind, more=more(i)) for i in range(6) for kind in (LAMP, THANKS)
        ]
        (folder / f"{name}.txt").write_text("\n".join(blocks), encoding="utf-8")
    return folder


def reviewed(store: Store, count: int, *, item="department", new="供电", what="change") -> None:
    """So many calls about HUM, each reviewed alike by one of two people."""
    for number in range(1, count + 1):
        lines = ("agent: 您好，请问有什么可以帮您？", f"caller: {HUM}，{more(number)}")
        made = answer(number, *lines, "agent: 好的，给您登记。")
        sha = made.call.recording.sha256
        store.save(made, heard=True)
        who = ("张三", "李四")[number % 2]
        right = None if what == "reject" else new
        reviews.add(store, reviews.Review(sha, who, what, item, "城管", right, "听过"))
