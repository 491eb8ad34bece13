"""What is known of a trained classifier, and its model card in both languages."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.training.dataset import Recipe


@dataclass(frozen=True, slots=True)
class Figures:
    """What the model does on texts it never saw, beside a plain baseline."""

    texts: int
    accuracy: float
    accuracy_interval: tuple[float, float]
    macro_f1: float
    macro_f1_interval: tuple[float, float]  # bootstrap over texts
    top3: float
    calibration_error: float  # mean gap between probability and accuracy, ten bins
    baseline_accuracy: float
    baseline_macro_f1: float
    f1: dict[str, float]  # by label


@dataclass(frozen=True, slots=True)
class Trained:
    """The model's file and what is known of it."""

    path: Path
    labels: dict[str, int]  # texts a label
    features: int
    data_sha256: str
    figures: Figures


def write_card(path: Path, task: str, trained: Trained, recipe: Recipe) -> None:
    """Write README.md; the same training gives the same card."""
    scores = {label: f"{value:.3f}" for label, value in trained.figures.f1.items()}
    rows = [
        f"| {label} | {count} | {scores.get(label, '–')} |"
        for label, count in trained.labels.items()
    ]
    lines = [
        f"# {task}",
        "",
        "## 中文",
        *_chinese(task, trained, recipe),
        "",
        "## English",
        *_english(task, trained, recipe),
        "",
        "| 标签 label | 训练条数 texts | F1 |",
        "|---|---:|---:|",
        *rows,
        "",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")


def _chinese(task: str, trained: Trained, recipe: Recipe) -> list[str]:
    f, total = trained.figures, sum(trained.labels.values())
    low, high = f.accuracy_interval
    f_low, f_high = f.macro_f1_interval
    return [
        f"- 用途：为市民诉求文字给出“{task}”标签及概率；只作为人工和规则之外的一个依据。",
        f"- 数据：{recipe.source}。训练 {total} 条，{len(trained.labels)} 类；"
        f"数据文件 SHA-256 `{trained.data_sha256}`。原始文本不在本仓库。",
        f"- 数据许可：{recipe.licence}。",
        f"- 特征：{trained.features} 个汉字 1–4 元组，每个至少出现在 5 条文本中；"
        "不含数字、字母、车牌；“姓＋先生/女士”及脱敏姓名不作特征。",
        f"- 指标（{f.texts} 条未参与训练的文本）：准确率 {f.accuracy:.3f}"
        f"（95% 区间 {low:.3f}–{high:.3f}），宏平均 F1 {f.macro_f1:.3f}"
        f"（{f_low:.3f}–{f_high:.3f}），前三命中 {f.top3:.3f}，"
        f"校准误差 {f.calibration_error:.3f}。",
        f"- 对照（字 1–4 元组 TF-IDF + LinearSVC）：准确率 {f.baseline_accuracy:.3f}，"
        f"宏平均 F1 {f.baseline_macro_f1:.3f}。",
        *(f"- 局限：{limit}" for limit in recipe.limits),
    ]


def _english(task: str, trained: Trained, recipe: Recipe) -> list[str]:
    f, total = trained.figures, sum(trained.labels.values())
    low, high = f.accuracy_interval
    f_low, f_high = f.macro_f1_interval
    return [
        f"- Use: labels and probabilities for the task `{task}` of a citizen's appeal;"
        " one piece of evidence beside rules and people.",
        f"- Data: {recipe.source_en}. {total} texts, {len(trained.labels)} labels."
        f" SHA-256 of the file `{trained.data_sha256}`. The texts are not in this repository.",
        f"- Licence of the data: {recipe.licence_en}.",
        f"- Features: {trained.features} n-grams of 1 to 4 Han characters that at least five"
        " texts share; no digits, Latin letters or plates; surname with 先生/女士 and masked"
        " names hidden.",
        f"- On {f.texts} unseen texts: accuracy {f.accuracy:.3f} (95 %: {low:.3f} to"
        f" {high:.3f}), macro F1 {f.macro_f1:.3f} ({f_low:.3f} to {f_high:.3f}), top 3"
        f" {f.top3:.3f}, calibration error {f.calibration_error:.3f}.",
        f"- Baseline (char 1-4-gram TF-IDF + LinearSVC): accuracy {f.baseline_accuracy:.3f},"
        f" macro F1 {f.baseline_macro_f1:.3f}.",
        *(f"- Limit: {limit}" for limit in recipe.limits_en),
    ]
