"""How many errors each share of answers costs, as SVG, and both plots of a measurement.

Down the line a classifier may answer more and errs more; the dots are the thresholds that its
weights bring, or where the decisions of calls stand. Drawn like reliability.py, which this
stands beside.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.errors import InputInvalid
from pipeline.export.files import whole_file
from pipeline.labels import decision
from pipeline.training.calibration import Calibration
from pipeline.training.coverage import Coverage, Point
from pipeline.training.figures import Figures
from pipeline.training.reliability import (
    BLUE,
    GREY,
    HEIGHT,
    LEFT,
    LINE,
    SIDE,
    TOP,
    WIDTH,
    frame,
    reliability_svg,
    words,
)

TALL = SIDE + 60  # pixels of the axis of errors
STEPS = 5  # lines of the grid
ROUND = 0.05  # the axis of errors ends at a multiple of it
LEGEND, ENTRY = 210, 40  # pixels: how wide it is, from one entry to the next
COLOURS = (BLUE, "#d55e00", "#009e73", "#cc79a7", "#000000", "#e69f00")  # of Okabe and Ito


def curve_svg(task: str, figures: Figures) -> str:
    """Share of wrong answers over share of answers, with a dot a threshold of the weights."""
    kept = [one for one in figures.rates.values() if one.threshold is not None]
    top = _top([one.error for one in figures.curve] + [one.error.value for one in kept])
    parts = [
        *_axes(top),
        _line(figures.curve, top),
        *(
            _dot(one, top, f"≤ {rate:.0%}")
            for rate, one in figures.rates.items()
            if one.threshold is not None
        ),
    ]
    return frame(f"可答与错误率 coverage and error: {task} (n = {figures.texts})", parts)


def curves_svg(found: Mapping[str, Calibration]) -> str:
    """The same of every decision of calls, with a dot where it stands: doubted or answered."""
    rates = sorted({one.wanted_error for one in found.values()})
    kept = [one.answered for one in found.values() if one.answered.threshold is not None]
    errors = [point.error for one in found.values() for point in one.curve]
    top = _top([*errors, *(one.error.value for one in kept), *rates])
    parts = [
        *_axes(top),
        *(part for rate in rates for part in _allowed(rate, top)),
    ]
    for i, (task, one) in enumerate(found.items()):
        colour = COLOURS[i % len(COLOURS)]
        parts += [_line(one.curve, top, colour), *_entry(i, task, one, colour)]
        if one.answered.threshold is not None:
            parts.append(_dot(one.answered, top, colour=colour))
    told = "圆点：拿得准的 dots: what is sure"
    parts.append(words(WIDTH, TOP + 12 + ENTRY * len(found), told, anchor="start", size=10))
    title = "各项研判的可答与错误率 coverage and error of the decisions"
    return frame(title, parts, width=WIDTH + LEGEND)


def write_curves(path: Path, found: Mapping[str, Calibration]) -> Path:
    """Write the curves of all decisions and say where.

    Raises InputInvalid where none has a confidence, or the file cannot be written.
    """
    if not any(one.curve for one in found.values()):
        raise InputInvalid(f"{path}：没有一项研判带概率，画不出曲线")
    with whole_file(path) as file:
        file.write(curves_svg(found).encode())
    return path


def write_plots(path: Path, task: str, figures: Figures) -> tuple[Path, Path]:
    """Write the reliability plot there and the curve beside it, and say where both are.

    Raises InputInvalid where they cannot be written.
    """
    curve = curve_path(path)
    for where, drawn in ((path, reliability_svg), (curve, curve_svg)):
        with whole_file(where) as file:
            file.write(drawn(task, figures).encode())
    return path, curve


def curve_path(path: Path) -> Path:
    """Where the curve stands beside a reliability plot."""
    return path.with_name(f"{path.stem}-coverage.svg")


def _top(errors: Sequence[float]) -> float:
    """Where the axis of errors ends: above them all."""
    return min(1.0, ROUND * (int(max(errors, default=0.0) / ROUND) + 1))


def _axes(top: float) -> list[str]:
    """Grid, numbers and what they count."""
    middle = TOP + TALL / 2
    parts = [
        words(LEFT + SIDE / 2, HEIGHT - 10, "可答 answered"),
        f'<g transform="translate(12 {middle}) rotate(-90)">'
        f"{words(0, 0, '其中答错 wrong among these')}</g>",
    ]
    for step in range(STEPS + 1):
        share = step / STEPS
        x, y = _x(share), _y(share * top, top)
        parts += [
            f'<path d="M{x:.1f} {TOP}V{TOP + TALL}M{LEFT} {y:.1f}H{LEFT + SIDE}" '
            f'stroke="{LINE}"/>',
            words(x, TOP + TALL + 22, f"{share:.0%}"),
            words(LEFT - 8, y + 4, f"{share * top:.0%}", anchor="end"),
        ]
    return parts


def _line(points: Sequence[Point], top: float, colour: str = BLUE) -> str:
    """Nothing where nothing was answered."""
    if not points:
        return ""
    line = "L".join(f"{_x(p.share):.1f} {_y(p.error, top):.1f}" for p in points)
    return f'<path d="M{line}" fill="none" stroke="{colour}" stroke-width="1.5"/>'


def _dot(one: Coverage, top: float, promised: str = "", colour: str = BLUE) -> str:
    """promised: it stands beside what came of it; without it the interval is coloured too."""
    x, y = _x(one.share.value), _y(one.error.value, top)
    numbers = f"{one.threshold:.3f}, {one.share.value:.3f} / {one.error.value:.3f}"
    told = f"{promised}: {numbers}" if promised else numbers
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}">'
        f"<title>{told}</title></circle>"
        f'<path d="M{x:.1f} {_y(one.error.low, top):.1f}V'
        f'{_y(min(one.error.high, top), top):.1f}" stroke="{GREY if promised else colour}"/>'
        + (words(x - 6, y - 6, promised, anchor="end", size=10) if promised else "")
    )


def _allowed(rate: float, top: float) -> tuple[str, str]:
    """A line across: decisions that put up with so many errors should stay below it."""
    y = _y(rate, top)
    return (
        f'<path d="M{LEFT} {y:.1f}H{LEFT + SIDE}" stroke="{GREY}" stroke-dasharray="4 4"/>',
        words(LEFT + 4, y - 4, f"≤ {rate:.0%}", anchor="start", size=10),
    )


def _entry(place: int, task: str, one: Calibration, colour: str) -> list[str]:
    """Of the legend: the decision in both languages, and how well it is calibrated."""
    y = TOP + 12 + ENTRY * place
    gap = one.calibration_error
    ece = "–" if gap is None else f"{gap.value:.3f}"
    named = f"{decision(task)} {decision(task, 'en')}"
    told = f"ECE {ece}, n = {one.calls}, ≤ {one.wanted_error:.0%}"
    return [
        f'<path d="M{WIDTH} {y - 4}h20" stroke="{colour}" stroke-width="3"/>',
        words(WIDTH + 28, y, named, anchor="start"),
        words(WIDTH + 28, y + 15, told, anchor="start", size=10),
    ]


def _x(share: float) -> float:
    return LEFT + share * SIDE


def _y(error: float, top: float) -> float:
    return TOP + (1 - error / top) * TALL
