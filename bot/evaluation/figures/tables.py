"""Figures for a terminal: a line for each group, the figures below each other."""

from collections.abc import Iterator, Mapping

from bot.evaluation.figures.sheet import Sheet


def lines(given: Mapping[str, Sheet]) -> Iterator[str]:
    """`1-1 90.1 ±1.8`: a figure and its spread. A dotted name (`decision.F`) has a line for what stands before it."""
    rows = [row for part, sheet in given.items() for row in _rows(part, sheet)]
    widest = max((len(name) for name, _ in rows), default=0)
    columns: dict[str, int] = {}
    for _, cells in rows:
        for figure, said in cells.items():
            columns[figure] = max(columns.get(figure, 0), len(said))
    for name, cells in rows:
        yield f"{name:{widest}}  " + "  ".join(f"{figure} {said:<{columns[figure]}}" for figure, said in cells.items())


def _rows(part: str, sheet: Sheet) -> Iterator[tuple[str, Mapping[str, str]]]:
    spread = sheet.spread()
    groups: dict[str, dict[str, str]] = {}
    for name, value in sheet.figures().items():
        group, _, figure = name.rpartition(".")
        groups.setdefault(group, {})[figure] = said(value, spread.get(name))
    for group, cells in groups.items():
        yield f"{part} {group}".rstrip(), cells


def said(value: float | None, spread: float | None) -> str:
    """A count as it is, a figure with its spread, and a dash for what cannot be said."""
    if value is None:
        return "–"
    return f"{value:.1f} ±{spread:.1f}" if spread is not None else f"{value:g}"
