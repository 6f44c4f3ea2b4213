"""`docs/quality.md`: the figures as a table and a picture, between two marks; what people write around them stays."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from bot.errors import BadInput
from bot.evaluation import quality
from bot.evaluation.picture import draw, standing
from bot.evaluation.quality import Line, Quality

PAGE, FIGURES, PICTURE = Path("quality.md"), Path("quality.json"), Path("pictures/quality.svg")
BEGIN, END = "<!-- figures: made by `make eval`, do not edit -->", "<!-- end of figures -->"
TITLE = "How well Daybook reads"
BLANK = f"""# {TITLE}

{BEGIN}
{END}

## Where it errs

"""
EXPLAINED = """
One row a figure, in percent unless it counts; *sd*: the standard deviation over 400 samples of as many conversations,
briefings or questions, drawn with replacement. *Plain* is what a plain method reaches on the same part: from the README
that the sets come with, in the last column by name. Weeks are synthetic: invented for Daybook, and labelled by whoever
wrote them. What was learnt from or tuned on what stands in the [cards](models/); [evaluation](evaluation.md) says what
each figure means and where the sets are got. `make eval GATE=1` fails when a line has lost more than its spread.
"""


def check(docs: Path) -> None:
    """Raises BadInput when the page could not be written later."""
    if not docs.is_dir():
        raise BadInput(f"There is no folder {docs}: say with --out where quality.md is to stand.")
    page = docs / PAGE
    if page.exists():
        _parts(page.read_text(encoding="utf-8"), page)


def write(found: Quality, docs: Path) -> None:
    """The page, the picture, and the figures for programs."""
    page = docs / PAGE
    before, after = _parts(page.read_text(encoding="utf-8") if page.exists() else BLANK, page)
    (docs / PICTURE).parent.mkdir(exist_ok=True)
    (docs / PICTURE).write_text(draw(found.lines, f"{TITLE}, in percent"), encoding="utf-8")
    quality.write(found, docs / FIGURES)
    page.write_text(f"{before}{BEGIN}\n{figures(found.lines)}{END}{after}", encoding="utf-8")


def figures(lines: Sequence[Line]) -> str:
    """What stands between the marks."""
    return "\n".join([f"![{_alternative(lines)}]({PICTURE.as_posix()})", EXPLAINED, *_tables(lines), ""])


def _tables(lines: Sequence[Line]) -> Iterator[str]:
    for heading, group in groupby(lines, key=lambda line: line.heading):
        yield f"## {heading}\n"
        yield "| set | figure | | sd | plain | n | engine | on | plain method |"
        yield "|---|---|--:|--:|--:|--:|---|---|---|"
        for line in group:
            yield _row(line)
        yield ""


def _row(line: Line) -> str:
    value = f"{line.value:g}" if line.spread is None else f"**{line.value:.1f}**"
    spread = "" if line.spread is None else f"{line.spread:.1f}"
    plain, method = (f"{line.baseline.value:.1f}", line.baseline.method) if line.baseline else ("", "")
    cells = (
        line.set_named,
        line.words,
        value,
        spread,
        plain,
        f"{line.n} {line.of}",
        line.engine,
        line.on.isoformat(),
        method,
    )
    return f"| {' | '.join(cells)} |"


def _alternative(lines: Sequence[Line]) -> str:
    """The picture in a sentence."""
    known = [standing(line) for line in lines if line.baseline]
    above, below = known.count("up"), known.count("down")
    return f"Of {len(known)} figures with a plain method beside them, {above} stand above it and {below} below"


def _parts(text: str, page: Path) -> tuple[str, str]:
    """What stands before and after the figures."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise BadInput(f"{page} has lost the marks between which figures are written: put back {BEGIN} and {END}.")
    return before, after
