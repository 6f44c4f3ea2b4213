"""A bar chart as SVG, from 0 to 100: the plain method is a stroke across a bar, the spread a whisker at its end.

It brings its own background and turns dark where the reader's screen is, so that it can be read on any page.
"""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from bot.evaluation.quality import SEARCH, SENTENCES, Line

WIDTH, EDGE, TOP, FOOT = 960, 20, 52, 44
ROW, HEADING, GAP = 18, 24, 14
"""Heights: of a row, of what stands above a block of rows, and between blocks."""
COLUMN, LEFT, RIGHT = 470, 244, 440
"""A column's width; and where 0 and 100 stand in it."""
STYLE = """
svg{--page:#fff;--ink:#1f2328;--soft:#59636e;--grid:#d8dee4;--up:#1a7f37;--par:#57606a;--down:#bc4c00;--none:#0969da}
@media (prefers-color-scheme:dark){svg{--page:#0d1117;--ink:#e6edf3;--soft:#9198a1;--grid:#30363d;--up:#3fb950;
--par:#8b949e;--down:#f0883e;--none:#58a6ff}}
text{font:12.5px system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif;fill:var(--ink)}
.soft{fill:var(--soft)}
.title{font-size:17px;font-weight:600}.head{font-weight:600}.end{text-anchor:end}
.page{fill:var(--page)}.grid{stroke:var(--grid)}.stroke{stroke:var(--ink);stroke-width:2.5}
.whisker{stroke:var(--ink);opacity:.55}.up{fill:var(--up)}.par{fill:var(--par)}.down{fill:var(--down)}
.none{fill:var(--none)}
""".strip().replace("\n", "")
LEGEND = (
    ("up", "above the plain method"),
    ("par", "as good, within the spread"),
    ("down", "below the plain method"),
    ("none", "none known"),
)


def draw(lines: Sequence[Line], title: str) -> str:
    """The chart of the lines that are drawn, in two columns."""
    blocks = list(_blocks(lines).items())
    first, second = _columns(blocks)
    height = TOP + max(_height(first), _height(second)) + FOOT
    body = [*_column(first, EDGE), *_column(second, EDGE + COLUMN), *_legend(height - 18)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
        f' role="img" aria-label="{escape(title)}"><style>{STYLE}</style>'
        f'<rect class="page" width="{WIDTH}" height="{height}" rx="8"/>'
        f'<text class="title" x="{EDGE}" y="32">{escape(title)}</text>{"".join(body)}</svg>\n'
    )


def standing(line: Line) -> str:
    """How a line stands to the plain method: above, at par within the spread, below, or none is known."""
    if line.baseline is None or line.spread is None:
        return "none"
    ahead = line.value - line.baseline.value
    return "par" if abs(ahead) <= line.spread else "up" if ahead > 0 else "down"


def _blocks(lines: Sequence[Line]) -> Mapping[str, list[tuple[str, Line]]]:
    """By set, each row with its name; sets of which there is one figure stand together."""
    blocks: dict[str, list[tuple[str, Line]]] = {}
    for line in lines:
        if not line.drawn or line.spread is None:
            continue
        alone = line.heading in {SEARCH, SENTENCES}
        name = f"{line.set_named}: {line.drawn}" if alone else line.drawn
        blocks.setdefault(line.heading if alone else line.set_named, []).append((name, line))
    return blocks


Block = tuple[str, list[tuple[str, Line]]]


def _columns(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """In their order, cut where the taller of the two is shortest."""
    cuts = range(len(blocks) + 1)
    cut = min(cuts, key=lambda cut: max(_height(blocks[:cut]), _height(blocks[cut:])), default=0)
    return [*blocks[:cut]], [*blocks[cut:]]


def _height(blocks: Sequence[Block]) -> int:
    return sum(HEADING + ROW * len(rows) + GAP for _, rows in blocks)


def _column(blocks: Sequence[Block], x: int) -> Iterator[str]:
    y = TOP
    for name, rows in blocks:
        yield f'<text class="head" x="{x}" y="{y + 16}">{escape(name)}</text>'
        y += HEADING
        for value in range(0, 101, 25):
            yield f'<path class="grid" d="M{_x(value, x)} {y - 1}V{y + ROW * len(rows) - 3}"/>'
        for label, line in rows:
            yield from _row(label, line, x, y)
            y += ROW
        y += GAP


def _row(label: str, line: Line, x: int, y: int) -> Iterator[str]:
    spread = line.spread or 0
    low, high = max(0.0, line.value - spread), min(100.0, line.value + spread)
    yield f'<text x="{x + 8}" y="{y + 11}">{escape(label)}</text>'
    yield f'<text class="end" x="{x + LEFT - 8}" y="{y + 11}">{line.value:.1f}</text>'
    width = f"{(RIGHT - LEFT) * line.value / 100:.1f}"
    yield f'<rect class="{standing(line)}" x="{x + LEFT}" y="{y + 1}" width="{width}" height="12" rx="2"/>'
    yield f'<path class="whisker" d="M{_x(low, x)} {y + 7}H{_x(high, x)}"/>'
    if line.baseline:
        at = _x(line.baseline.value, x)
        yield f'<path class="stroke" d="M{at} {y - 1}V{y + 15}"><title>{escape(line.baseline.method)}</title></path>'


def _legend(y: int) -> Iterator[str]:
    x = EDGE
    for name, words in LEGEND:
        yield f'<rect class="{name}" x="{x}" y="{y - 10}" width="12" height="12" rx="2"/>'
        yield f'<text class="soft" x="{x + 18}" y="{y}">{escape(words)}</text>'
        x += 40 + round(6.8 * len(words))
    yield f'<path class="stroke" d="M{x + 4} {y - 13}V{y + 4}"/>'
    yield f'<text class="soft" x="{x + 14}" y="{y}">plain method</text>'


def _x(value: float, column: int) -> str:
    return f"{column + LEFT + (RIGHT - LEFT) * value / 100:.1f}"
