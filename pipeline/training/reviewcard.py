"""What came of learning from reviews: its figures as tables, and as the model card."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.grids import Table, pairs, table
from pipeline.labels import word
from pipeline.training.duel import BETTER, FEW, WORSE, Duel


@dataclass(frozen=True, slots=True)
class Learnt:
    """The new model and how it stood against the old one; counts, never a word of a call."""

    path: Path | None  # of the weights; None: the old ones stay
    dialogues: int  # shipped ones that were learnt
    reviewed: int  # calls that were learnt
    held_out: int  # reviewed calls that it was measured on
    reviewers: int
    left_out: Mapping[str, int]
    features: int
    duels: tuple[Duel, ...]
    data_sha256: str
    old: str | None  # data hash of the model before; None: the rules alone
    seed: int
    resumed: int  # steps that an earlier, interrupted run had done


def learnt_tables(learnt: Learnt, lang: str = "zh") -> list[Table]:
    """What was learnt from, and each decision old and new."""
    facts = {
        "weights": str(learnt.path or word("old_stay", lang)),
        "dialogues": str(learnt.dialogues),
        "reviewed_calls": str(learnt.reviewed),
        "held_out": str(learnt.held_out),
        "reviewers": str(learnt.reviewers),
        **{f"unused.{why}": str(count) for why, count in learnt.left_out.items()},
    }
    lines = [
        (
            word(one.task.replace("emotion_", "emotion."), lang),
            str(one.reviewed),
            str(one.held_out),
            *_told(one),
            f"+{one.gained} −{one.lost}",
            word(f"duel.{one.verdict}", lang).format(FEW),
        )
        for one in learnt.duels
    ]
    heads = ("decision", "reviewed_calls", "held_out", "old", "new", "differ", "verdict")
    return [pairs("trained", facts, lang), table("duels", heads, lines, lang)]


def plain(learnt: Learnt) -> dict[str, Any]:
    """Values for --json."""
    path = learnt.path and str(learnt.path)
    return {**asdict(learnt), "path": path, "taken": path is not None}


def card(learnt: Learnt) -> str:
    """The text of README.md; the same training gives the same card."""
    rows = [
        f"| {one.task} | {one.reviewed} | {one.held_out} | {' | '.join(_told(one))}"
        f" | +{one.gained} −{one.lost} | {one.verdict} |"
        for one in learnt.duels
    ]
    old = f"`{learnt.old}`" if learnt.old else "–"
    lines = [
        "# calls",
        "",
        "## 中文",
        *_chinese(learnt, old),
        "",
        "## English",
        *_english(learnt, old),
        "",
        "| 项目 decision | 复核 reviewed | 留出 held out | 旧 old (95 %) | 新 new (95 %)"
        " | 只有新对、只有旧对 | 结果 |",
        "|---|---:|---:|---|---|---|---|",
        *rows,
        "",
    ]
    return "\n".join(lines)


def _chinese(learnt: Learnt, old: str) -> list[str]:
    return [
        "- 用途：给出一通电话的诉求类型、受理判断、承办单位、紧急程度和情绪，各带概率；"
        "拿不准的请人定。",
        f"- 数据：自带的对话 {learnt.dialogues} 段，本市复核过的通话 {learnt.reviewed} 通"
        f"（{learnt.reviewers} 人复核）；另留出 {learnt.held_out} 通只用来测量，从不训练。"
        f"训练数据 SHA-256 `{learnt.data_sha256}`，之前的模型 {old}，随机种子 {learnt.seed}。"
        "权重里没有一条原文。",
        f"- 特征：{learnt.features} 个，每个至少出现在 5 通里。",
        "- 启用的规则：下表连同规则一起研判留出的通话，比较新旧各对多少；"
        f"只有一方对的通话作符号检验，p < {BETTER} 除以够 {FEW} 通的项数为变好，"
        f"反方向 p < {WORSE} 为变差；至少一项变好、没有一项变差才启用。",
        f"- 局限：复核不足 {FEW} 通的项没有证明变好，只看了没有变差；"
        "留出的通话是被人复核的，多半是机器拿不准的，准确率低于全部通话；"
        "“不对”而没有给出正确答案的，只算答这个值的一方错；阈值由包括自编对话在内的"
        "交叉验证定出；复核的人可能一起看错。",
    ]


def _english(learnt: Learnt, old: str) -> list[str]:
    return [
        "- Use: request type, scope, department, urgency and moods of a call, each with a"
        " probability; what is not sure goes to a person.",
        f"- Data: {learnt.dialogues} dialogues that come with Lingsu, {learnt.reviewed} calls"
        f" reviewed here by {learnt.reviewers} people; {learnt.held_out} more are only measured"
        f" on, in this training and every other. SHA-256 of the data `{learnt.data_sha256}`,"
        f" the model before {old}, seed {learnt.seed}. No text is in the weights.",
        f"- Features: {learnt.features}, each in five calls at least.",
        "- Rule: both models judged the held-out calls, rules and all. On the calls that one of"
        f" them alone has right a sign test: better where p < {BETTER} over the number of"
        f" decisions with {FEW} reviews, worse where p < {WORSE} the other way round. Taken"
        " because one decision got better and none got worse.",
        f"- Limits: decisions with fewer than {FEW} reviews were only found not worse, as far"
        " as there were any; calls that people review are mostly those the machine was not"
        " sure of, so shares are lower than over all calls; of a rejected value only itself is"
        " known to be wrong; thresholds come from cross-validation in which made-up dialogues"
        " take part; reviewers may err together.",
    ]


def _told(one: Duel) -> tuple[str, str]:
    """Shares of old and new with their intervals."""
    if not one.held_out:
        return "–", "–"
    old, new = (f"{f.value:.3f} ({f.low:.3f}–{f.high:.3f})" for f in (one.old, one.new))
    return old, new
