"""Boosted trees, read from JSON and added up in plain Python.

Each leaf is a bit. For a value of a column, the bits that it rules out are known beforehand, so a row costs one look-up
and one AND per column however many trees there are; the lowest bit left of each tree is the leaf reached. (QuickScorer,
Lucchese et al., SIGIR 2015, on Python's long integers.)
"""

import json
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from operator import getitem

Node = float | Sequence["Node"]
"""A leaf's value, or `[column, threshold, at most the threshold, above it]`."""

LEAVES = 8
"""Most leaves of a tree: its bits fill one byte."""


class UnfitWeights(ValueError):
    """These weights are not for this version of the code: train them anew, see docs/models."""


@dataclass(frozen=True, slots=True)
class Forest:
    """The sum of many small trees over rows that share their first columns."""

    everything: int
    shared: tuple[tuple[int, list[float], list[int]], ...]
    own: tuple[tuple[int, list[float], list[int]], ...]
    """Of each column that is asked about: its place in its part, the thresholds, and the bits left between them."""
    leaves: tuple[tuple[float, ...], ...]
    """Of each tree, the value of the leaf reached for each of the 256 sets of leaves left."""

    def scores(self, about: Sequence[float], rows: Sequence[Sequence[float]]) -> list[float]:
        """One score for each of `rows`, whose first columns are `about`."""
        left = self.everything
        for column, thresholds, masks in self.shared:
            left &= masks[bisect_left(thresholds, about[column])]
        scores, own, leaves, size = [], self.own, self.leaves, len(self.leaves)
        for row in rows:
            reached = left
            for column, thresholds, masks in own:
                reached &= masks[bisect_left(thresholds, row[column])]
            scores.append(sum(map(getitem, leaves, reached.to_bytes(size, "little"))))
        return scores


def planted(trees: Sequence[Node], shared: int) -> Forest:
    """A forest of `trees` over rows whose first `shared` columns are shared."""
    ruled_out: dict[int, dict[float, int]] = {}
    leaves = []
    for place, tree in enumerate(trees):
        values: list[float] = []
        for column, threshold, begin, end in _splits(tree, values):
            bits = ((1 << end) - (1 << begin)) << (8 * place)
            of_column = ruled_out.setdefault(column, {})
            of_column[threshold] = of_column.get(threshold, 0) | bits
        if len(values) > LEAVES:
            raise UnfitWeights(f"Tree {place} has {len(values)} leaves, at most {LEAVES} fit: train with fewer.")
        leaves.append(_reached(values))
    everything = (1 << (8 * len(trees))) - 1
    columns = {column: _masks(ruled_out[column], everything) for column in sorted(ruled_out)}
    return Forest(
        everything,
        tuple((column, *masks) for column, masks in columns.items() if column < shared),
        tuple((column - shared, *masks) for column, masks in columns.items() if column >= shared),
        tuple(leaves),
    )


def read(name: str, columns: Sequence[str], shared: int) -> Forest:
    """The forest `weights/<name>.json`; its columns must be `columns`."""
    body = json.loads(files("graphs.tasks").joinpath("weights", f"{name}.json").read_text("utf-8"))
    if body["columns"] != list(columns):
        raise UnfitWeights(f"{name}.json was trained on other columns: run `python -m bot.training.segment`.")
    return planted(body["trees"], shared)


def _splits(node: Node, values: list[float]) -> Iterator[tuple[int, float, int, int]]:
    """Each split with the range of leaves on its left; appends the leaves' values, left to right."""
    if isinstance(node, int | float):
        values.append(float(node))
        return
    column, threshold, left, right = node
    if not isinstance(column, int) or not isinstance(threshold, int | float):
        raise UnfitWeights
    begin = len(values)
    yield from _splits(left, values)
    yield column, float(threshold), begin, len(values)
    yield from _splits(right, values)


def _reached(values: Sequence[float]) -> tuple[float, ...]:
    lowest = [(left & -left).bit_length() - 1 for left in range(256)]
    return tuple(values[leaf] if 0 <= leaf < len(values) else 0.0 for leaf in lowest)


def _masks(ruled_out: dict[float, int], everything: int) -> tuple[list[float], list[int]]:
    """What is left of `everything` below the first threshold, between the first and the second, and so on."""
    thresholds, left = sorted(ruled_out), everything
    masks = [left]
    for threshold in thresholds:
        left &= ~ruled_out[threshold]
        masks.append(left)
    return thresholds, masks
