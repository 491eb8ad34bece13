"""What is known of a trained classifier, and its model card in both languages."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.labels import word
from pipeline.training.curve import curve_path
from pipeline.training.dataset import Examples, LeftOut, Recipe
from pipeline.training.figures import Figure, Figures
from pipeline.training.tasks import FELT

CARD, PLOT = "README.md", "reliability.svg"  # beside model.npz
FEW = 20  # measured texts of a label below which its F1 says little


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of the texts trained or measured on: counts, never a text."""

    labels: dict[str, int]  # texts a label
    columns: tuple[str, str]  # headers of text and label
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Baseline:
    """A char 1-4-gram TF-IDF + LinearSVC on the same texts."""

    accuracy: float
    macro_f1: float


@dataclass(frozen=True, slots=True)
class Beside:
    """A fine-tuned encoder beside the n-grams."""

    name: str
    licence: str
    divisor: float  # of its scores


@dataclass(frozen=True, slots=True)
class Encoded:
    """The fine-tuned encoders, and the n-grams that they join."""

    encoders: tuple[Beside, ...]
    divisor: float  # of the n-grams' scores
    alone: Baseline  # the n-grams without them


@dataclass(frozen=True, slots=True)
class Trained:
    """The model's file and what is known of it."""

    task: str
    path: Path
    features: int
    data_sha256: str
    training: Part
    measured: Part
    figures: Figures
    baseline: Baseline
    seed: int
    resumed: int  # steps that an earlier, interrupted run had done
    encoded: Encoded | None = None


def described(examples: Examples) -> Part:
    """The examples without their texts."""
    return Part(examples.counts, examples.columns, examples.left_out)


def card(trained: Trained, recipe: Recipe) -> str:
    """The text of README.md; the same training gives the same card."""
    lines = [
        f"# {trained.task}",
        "",
        "## 中文",
        *_chinese(trained, recipe),
        "",
        "## English",
        *_english(trained, recipe),
        "",
        f"![校准图 reliability]({PLOT})",
        f"![可答与错误率 coverage and error]({curve_path(Path(PLOT)).name})",
        "",
        *_certainty(trained.figures),
        "| 标签 label | 训练条数 texts | 测量条数 measured | F1 | 95 % |",
        "|---|---:|---:|---:|---:|",
        *_rows(trained),
        "",
    ]
    return "\n".join(lines)


def _certainty(f: Figures) -> list[str]:
    """What is kept with the weights, and what it gave on the measured texts."""
    lines = [
        "| 允许错误率 errors allowed | 概率不低于 from | 可答 answered | 其中答错 wrong |",
        "|---:|---:|---:|---:|",
    ]
    for rate, one in f.rates.items():
        if one.threshold is None:
            lines.append(f"| {rate:.0%} | – | – | – |")
            continue
        told = f"{one.share.value:.3f}{_span(one.share, 'en')}"
        wrong = f"{one.error.value:.3f}{_span(one.error, 'en')}"
        lines.append(f"| {rate:.0%} | {one.threshold:.3f} | {told} | {wrong} |")
    lines += [
        "",
        "| 候选覆盖 sets that promise | 含正确标签 held it | 平均个数 labels | 只有一个 one |",
        "|---:|---:|---:|---:|",
    ]
    for rate, found in f.sets.items():
        held = f"{found.held.value:.3f}{_span(found.held, 'en')}"
        lines.append(f"| {rate:.0%} | {held} | {found.labels:.2f} | {found.alone.value:.3f} |")
    return [*lines, ""]


def _rows(trained: Trained) -> list[str]:
    lines = []
    for label, count in trained.training.labels.items():
        if found := trained.figures.labels.get(label):
            f1 = found.f1
            own = f"{found.texts} | {f1.value:.3f} | {f1.low:.3f}–{f1.high:.3f}"
        else:
            own = "0 | – | –"
        lines.append(f"| {label} | {count} | {own} |")
    return lines


def _chinese(trained: Trained, recipe: Recipe) -> list[str]:
    f, total = trained.figures, sum(trained.training.labels.values())
    top3 = f"，前三命中 {f.top3.value:.3f}{_span(f.top3, 'zh')}" if f.top3 else ""
    return [
        f"- 用途：为市民诉求文字给出“{trained.task}”标签及概率；"
        "只作为人工和规则之外的一个依据。",
        f"- 数据：{recipe.source}。训练 {total} 条，{len(trained.training.labels)} 类；"
        f"数据文件 SHA-256 `{trained.data_sha256}`，随机种子 {trained.seed}。"
        "原始文本不在本仓库。",
        f"- 数据许可：{recipe.licence}。",
        f"- 没有用来训练的行：{_lost(trained.training.left_out, 'zh')}。"
        f"没有用来测量的行：{_lost(trained.measured.left_out, 'zh')}。",
        f"- 特征：{trained.features} 个汉字 1–4 元组，每个至少出现在 5 条文本中；"
        "不含数字、字母、车牌；“姓＋先生/女士”及脱敏姓名不作特征。"
        + (word("card.marks", "zh") if trained.task in FELT else ""),
        f"- 指标（{f.texts} 条未参与训练的文本；括号内为 95% 区间）："
        f"准确率 {f.accuracy.value:.3f}{_span(f.accuracy, 'zh')}，"
        f"宏平均 F1 {f.macro_f1.value:.3f}{_span(f.macro_f1, 'zh')}{top3}，"
        f"校准误差 {f.calibration_error.value:.3f}{_span(f.calibration_error, 'zh')}。",
        f"- 拒答：{f.refused.value:.3f}{_span(f.refused, 'zh')}（认得的字词太少的文本没有标签，"
        f"计为答错）。阈值和候选由{_unseen(trained, 'zh')}定出，存于权重，见下表。",
        *_encoders(trained.encoded, "zh"),
        f"- 对照（字 1–4 元组 TF-IDF + LinearSVC）：准确率 {trained.baseline.accuracy:.3f}，"
        f"宏平均 F1 {trained.baseline.macro_f1:.3f}。",
        *(f"- 局限：{limit}" for limit in (*recipe.limits, *_limits(trained, "zh"))),
    ]


def _english(trained: Trained, recipe: Recipe) -> list[str]:
    f, total = trained.figures, sum(trained.training.labels.values())
    top3 = f", top 3 {f.top3.value:.3f}{_span(f.top3, 'en')}" if f.top3 else ""
    return [
        f"- Use: labels and probabilities for the task `{trained.task}` of a citizen's appeal;"
        " one piece of evidence beside rules and people.",
        f"- Data: {recipe.source_en}. {total} texts, {len(trained.training.labels)} labels."
        f" SHA-256 of the file `{trained.data_sha256}`, seed {trained.seed}."
        " The texts are not in this repository.",
        f"- Licence of the data: {recipe.licence_en}.",
        f"- Rows not trained on: {_lost(trained.training.left_out, 'en')}."
        f" Rows not measured on: {_lost(trained.measured.left_out, 'en')}.",
        f"- Features: {trained.features} n-grams of 1 to 4 Han characters that at least five"
        " texts share; no digits, Latin letters or plates; surname with 先生/女士 and masked"
        " names hidden."
        f"{_marks(trained, 'en')}",
        f"- On {f.texts} unseen texts, with 95 % intervals:"
        f" accuracy {f.accuracy.value:.3f}{_span(f.accuracy, 'en')},"
        f" macro F1 {f.macro_f1.value:.3f}{_span(f.macro_f1, 'en')}{top3},"
        f" calibration error {f.calibration_error.value:.3f}"
        f"{_span(f.calibration_error, 'en')}.",
        f"- Refused: {f.refused.value:.3f}{_span(f.refused, 'en')}: texts of which too little"
        " is known get no label and count as wrong. Thresholds and sets were set by"
        f" {_unseen(trained, 'en')} and are kept in the weights: table below.",
        *_encoders(trained.encoded, "en"),
        f"- Baseline (char 1-4-gram TF-IDF + LinearSVC): accuracy"
        f" {trained.baseline.accuracy:.3f}, macro F1 {trained.baseline.macro_f1:.3f}.",
        *(f"- Limit: {limit}" for limit in (*recipe.limits_en, *_limits(trained, "en"))),
    ]


def _unseen(trained: Trained, lang: str) -> str:
    """By which texts thresholds and sets were set."""
    return word("card.tenth" if trained.encoded else "card.folds", lang)


def _encoders(found: Encoded | None, lang: str) -> list[str]:
    """Which encoders join the n-grams, under which licence, and what they bring."""
    if found is None:
        return []
    lines = [
        word("card.encoder", lang).format(
            name=one.name, licence=one.licence, own=found.divisor, theirs=one.divisor
        )
        for one in found.encoders
    ]
    alone = word("card.alone", lang).format(
        accuracy=found.alone.accuracy, f1=found.alone.macro_f1
    )
    return [f"- {line}" for line in [*lines, alone]]


def _span(figure: Figure, lang: str) -> str:
    left, right = {"zh": "（）", "en": (" (", ")")}[lang]
    return f"{left}{figure.low:.3f}–{figure.high:.3f}{right}"


def _lost(left_out: tuple[LeftOut, ...], lang: str) -> str:
    """Reasons with their rows, and the labels where those are the reason."""
    comma = {"zh": "，", "en": ", "}[lang]
    told = []
    for one in left_out:
        of = " ".join(f"{label} {count}" for label, count in one.labels.items())
        named = ({"zh": "（{}）", "en": " ({})"}[lang]).format(of) if of else ""
        told.append(f"{word(f'out.{one.code}', lang)} {one.rows}{named}")
    return comma.join(told) or word("none", lang).lower()


def _marks(trained: Trained, lang: str) -> str:
    """What else is looked at where feelings are to be told."""
    return word("card.marks", lang) if trained.task in FELT else ""


def _limits(trained: Trained, lang: str) -> list[str]:
    """What the figures themselves do not say."""
    measured = trained.figures.labels
    few = [
        name
        for name in trained.training.labels
        if name not in measured or measured[name].texts < FEW
    ]
    told = []
    if few:
        listed = "、".join(few) if lang == "zh" else ", ".join(few)
        told.append(word("limit.few", lang).format(number=FEW, labels=listed))
    return told
