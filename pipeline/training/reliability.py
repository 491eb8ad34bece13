"""The reliability plot as SVG: what probabilities promised, and what came true.

Drawn by hand, without a plotting library, so that the same figures give the same bytes.
`frame` and `words` serve curve.py as well, which writes both plots.
"""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from pipeline.training.figures import Bin, Figures

SIDE = 320  # pixels of the square in which both axes run from 0 to 1
LEFT, TOP, BOTTOM = 56, 44, 64  # room for the axes' words
BARS = 60  # height of the bars that count texts, below the square
WIDTH, HEIGHT = LEFT + SIDE + 24, TOP + SIDE + BARS + BOTTOM
BLUE, GREY, LINE = "#1f6fb2", "#8a8a8a", "#d9d9d9"


def reliability_svg(task: str, figures: Figures) -> str:
    """One dot a bin of probabilities with its 95 % interval, and bars of how many texts."""
    error = f"ECE {figures.calibration_error.value:.3f}, n = {figures.texts}"
    most = max((one.texts for one in figures.bins), default=0)
    middle = TOP + SIDE / 2
    parts = [
        *_axes(),
        *(part for one in figures.bins for part in _dot(one)),
        *(_bar(one, most) for one in figures.bins),
        words(LEFT + SIDE / 2, HEIGHT - 10, "概率 probability　（柱：条数 bars: texts）"),
        f'<g transform="translate(16 {middle}) rotate(-90)">'
        f"{words(0, 0, '准确率 accuracy')}</g>",
    ]
    return frame(f"校准图 reliability: {task} ({error})", parts)


def frame(title: str, parts: Sequence[str], *, width: int = WIDTH) -> str:
    """A whole drawing, HEIGHT high, under its title (any text)."""
    title = escape(title)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" '
        f'width="{width}" height="{HEIGHT}" font-family="sans-serif" font-size="12">',
        f"<title>{title}</title>",
        f'<rect width="{width}" height="{HEIGHT}" fill="#ffffff"/>',
        words(LEFT, 24, title, anchor="start"),
        *parts,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def words(x: float, y: float, text: str, *, anchor: str = "middle", size: int = 12) -> str:
    """Text at a place; it stands in the drawing as it is: escape it before."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{text}</text>'
    )


def _axes() -> list[str]:
    """Grid, numbers and the diagonal of a perfect promise."""
    parts = []
    for step in range(0, 11, 2):
        x, y = _x(step / 10), _y(step / 10)
        parts += [
            f'<path d="M{x:.1f} {TOP}V{TOP + SIDE}M{LEFT} {y:.1f}H{LEFT + SIDE}" '
            f'stroke="{LINE}"/>',
            words(x, TOP + SIDE + BARS + 22, f"{step / 10:.1f}"),
            words(LEFT - 8, y + 4, f"{step / 10:.1f}", anchor="end"),
        ]
    parts.append(
        f'<path d="M{LEFT} {TOP + SIDE}L{LEFT + SIDE} {TOP}" stroke="{GREY}" '
        'stroke-dasharray="4 4"/>'
    )
    return parts


def _dot(one: Bin) -> list[str]:
    x, fit = _x(one.probability), one.accuracy
    told = f"{one.low:.1f}–{one.high:.1f}: {one.texts}, {one.probability:.3f} / {fit.value:.3f}"
    return [
        f'<path d="M{x:.1f} {_y(fit.low):.1f}V{_y(fit.high):.1f}" stroke="{BLUE}" '
        'stroke-width="1.5"/>',
        f'<circle cx="{x:.1f}" cy="{_y(fit.value):.1f}" r="4" fill="{BLUE}">'
        f"<title>{told}</title></circle>",
    ]


def _bar(one: Bin, most: int) -> str:
    """How many texts lie in the bin; the fullest one is as high as there is room."""
    tall = one.texts / most * (BARS - 14)
    x, wide = _x(one.low) + 2, (one.high - one.low) * SIDE - 4
    bottom = TOP + SIDE + BARS
    return (
        f'<rect x="{x:.1f}" y="{bottom - tall:.1f}" width="{wide:.1f}" height="{tall:.1f}" '
        f'fill="{GREY}"/>{words(x + wide / 2, bottom - tall - 2, str(one.texts), size=9)}'
    )


def _x(value: float) -> float:
    return LEFT + value * SIDE


def _y(value: float) -> float:
    return TOP + (1 - value) * SIDE
