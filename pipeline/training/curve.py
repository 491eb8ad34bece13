"""How many errors each share of answers costs, as SVG, and both plots of a measurement.

Down the line a classifier may answer more and errs more; the dots are the thresholds that its
weights bring. Drawn like reliability.py, which this stands beside.
"""

from pathlib import Path

from pipeline.export.files import whole_file
from pipeline.training.coverage import Coverage
from pipeline.training.figures import Figures
from pipeline.training.reliability import (
    BLUE,
    GREY,
    HEIGHT,
    LEFT,
    LINE,
    SIDE,
    TOP,
    frame,
    reliability_svg,
    words,
)

TALL = SIDE + 60  # pixels of the axis of errors
STEPS = 5  # lines of the grid
ROUND = 0.05  # the axis of errors ends at a multiple of it


def curve_svg(task: str, figures: Figures) -> str:
    """Share of wrong answers over share of answers, with a dot a threshold of the weights."""
    kept = [one for one in figures.rates.values() if one.threshold is not None]
    most = max([one.error for one in figures.curve] + [one.error.value for one in kept] + [0.0])
    top = ROUND * (int(most / ROUND) + 1)
    line = "L".join(f"{_x(p.share):.1f} {_y(p.error, top):.1f}" for p in figures.curve)
    middle = TOP + TALL / 2
    parts = [
        *_axes(top),
        f'<path d="M{line}" fill="none" stroke="{BLUE}" stroke-width="1.5"/>' if line else "",
        *(
            _dot(rate, one, top)
            for rate, one in figures.rates.items()
            if one.threshold is not None
        ),
        words(LEFT + SIDE / 2, HEIGHT - 10, "可答 answered"),
        f'<g transform="translate(12 {middle}) rotate(-90)">'
        f"{words(0, 0, '其中答错 wrong among these')}</g>",
    ]
    title = f"可答与错误率 coverage and error: {task} (n = {figures.texts})"
    return frame(title, [part for part in parts if part])


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


def _axes(top: float) -> list[str]:
    parts = []
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


def _dot(rate: float, one: Coverage, top: float) -> str:
    """rate: what was promised; it stands beside what came of it."""
    x, y = _x(one.share.value), _y(one.error.value, top)
    told = f"{rate:.0%}: {one.threshold:.3f}, {one.share.value:.3f} / {one.error.value:.3f}"
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{BLUE}"><title>{told}</title></circle>'
        f'<path d="M{x:.1f} {_y(one.error.low, top):.1f}V'
        f'{_y(min(one.error.high, top), top):.1f}" stroke="{GREY}"/>'
        f"{words(x - 6, y - 6, f'≤ {rate:.0%}', anchor='end', size=10)}"
    )


def _x(share: float) -> float:
    return LEFT + share * SIDE


def _y(error: float, top: float) -> float:
    return TOP + (1 - error / top) * TALL
