"""A bar chart as SVG: one row a line of figures, the plain method as a stroke across it, the spread as a whisker.

It brings its own background and turns dark where the reader's screen is, so that it can be read on any page.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from bot.evaluation.quality import Line

WIDTH, ROW, HEADING, EDGE = 760, 19, 34, 16
LEFT, RIGHT = 372, 724
"""Where 0 and 100 stand."""
TOP, FOOT = 62, 40
STYLE = """
svg{--page:#fff;--ink:#1f2328;--soft:#59636e;--grid:#d8dee4;--up:#1a7f37;--par:#57606a;--down:#bc4c00;--none:#0969da}
@media (prefers-color-scheme:dark){svg{--page:#0d1117;--ink:#e6edf3;--soft:#9198a1;--grid:#30363d;--up:#3fb950;
--par:#8b949e;--down:#f0883e;--none:#58a6ff}}
text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif;fill:var(--ink)}
.soft{fill:var(--soft)}.title{font-size:17px;font-weight:600}.head{font-weight:600}.end{text-anchor:end}
.mid{text-anchor:middle}.page{fill:var(--page)}.grid{stroke:var(--grid)}.stroke{stroke:var(--ink);stroke-width:2.5}
.whisker{stroke:var(--ink);opacity:.55}.up{fill:var(--up)}.par{fill:var(--par)}.down{fill:var(--down)}
.none{fill:var(--none)}
""".strip().replace("\n", "")
LEGEND = (
    ("up", "above the plain method"),
    ("par", "within its spread"),
    ("down", "below it"),
    ("none", "no plain method known"),
)


def draw(lines: Sequence[Line], title: str) -> str:
    """The chart of all lines that are percentages; the rows stand in the order given."""
    rows = [line for line in lines if line.spread is not None]
    body, end = _rows(rows)
    height = end + FOOT
    grid = "".join(_grid(value, end) for value in range(0, 101, 20))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
        f' role="img" aria-label="{escape(title)}"><style>{STYLE}</style>'
        f'<rect class="page" width="{WIDTH}" height="{height}" rx="8"/>'
        f'<text class="title" x="{EDGE}" y="32">{escape(title)}</text>'
        f"{grid}{''.join(body)}{''.join(_legend(end + 24))}</svg>\n"
    )


def standing(line: Line) -> str:
    """How a line stands to the plain method: above, at par within the spread, below, or none is known."""
    if line.baseline is None or line.spread is None:
        return "none"
    ahead = line.value - line.baseline.value
    return "par" if abs(ahead) <= line.spread else "up" if ahead > 0 else "down"


def _rows(rows: Sequence[Line]) -> tuple[list[str], int]:
    drawn: list[str] = []
    y = TOP
    for (heading, name), group in groupby(rows, key=lambda line: (line.heading, line.set_named)):
        of = f'<tspan class="soft">{escape(name)}</tspan>'
        drawn.append(f'<text class="head" x="{EDGE}" y="{y + 22}">{escape(heading)} {of}</text>')
        y += HEADING
        for line in group:
            drawn += _row(line, y)
            y += ROW
    return drawn, y + 8


def _row(line: Line, y: int) -> Iterator[str]:
    spread = line.spread or 0
    low, high = max(0.0, line.value - spread), min(100.0, line.value + spread)
    middle = y + 7
    yield f'<text x="{EDGE + 10}" y="{y + 12}">{escape(line.words)}</text>'
    yield f'<text class="end" x="{LEFT - 10}" y="{y + 12}">{line.value:.1f}</text>'
    long = f"{_x(line.value) - LEFT:.1f}"
    yield f'<rect class="{standing(line)}" x="{LEFT}" y="{y + 1}" width="{long}" height="12" rx="2"/>'
    yield f'<path class="whisker" d="M{_x(low):.1f} {middle}H{_x(high):.1f}"/>'
    if line.baseline:
        at = f"{_x(line.baseline.value):.1f}"
        yield f'<path class="stroke" d="M{at} {y - 2}V{y + 16}"><title>{escape(line.baseline.method)}</title></path>'


def _grid(value: int, end: int) -> str:
    x = f"{_x(value):.1f}"
    return f'<path class="grid" d="M{x} {TOP - 6}V{end}"/><text class="soft mid" x="{x}" y="{TOP - 12}">{value}</text>'


def _legend(y: int) -> Iterator[str]:
    x = EDGE
    for name, words in LEGEND:
        yield f'<rect class="{name}" x="{x}" y="{y - 10}" width="12" height="12" rx="2"/>'
        yield f'<text class="soft" x="{x + 18}" y="{y}">{escape(words)}</text>'
        x += 36 + round(6.2 * len(words))
    yield f'<path class="stroke" d="M{x + 4} {y - 13}V{y + 4}"/>'
    yield f'<text class="soft" x="{x + 14}" y="{y}">plain method</text>'


def _x(value: float) -> float:
    return LEFT + (RIGHT - LEFT) * value / 100
