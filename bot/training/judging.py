"""How well conversations are found in a labelled chat: the figures of the benchmarks' scorers, for training runs."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from bot.training.corpora import Chat, Rows
from graphs.tasks import segment
from graphs.tasks.forest import Forest
from graphs.tasks.turns import Reading


class Figures(NamedTuple):
    """Per cent."""

    one_to_one: float
    exact_match: float
    rand: float

    def __str__(self) -> str:
        return f"1-1 {self.one_to_one:.1f}  exact-match F {self.exact_match:.1f}  ARI {self.rand:.1f}"


def judged(chats: Sequence[Chat], channels: Sequence[Rows], reading: Reading, trees: Forest) -> Figures:
    """What these trees find in the labelled messages of people."""
    gold, found = [], []
    for chat, rows in zip(chats, channels, strict=True):
        given = segment.Given((), tuple(each.message for each in chat.messages), chat.names)
        placements = segment.found_by(segment.Weights(reading, trees, trees), given).placements
        for (_, conversation), row in zip(placements, rows, strict=True):
            if row["conversation_id"] is not None and not row.get("bot"):
                gold.append((row["channel"], str(row["conversation_id"])))
                found.append((row["channel"], str(conversation)))
    return figures(gold, found)


def figures(gold: Sequence[tuple[str, str]], found: Sequence[tuple[str, str]]) -> Figures:
    """Of two ways to part the same messages, each named by its channel and its conversation."""
    parts, both = (_members(gold), _members(found)), Counter(zip(gold, found, strict=True))
    whole, kept = ({each for each in of.values() if len(each) > 1} for of in parts)
    exact = 200 * len(whole & kept) / max(len(whole) + len(kept), 1)
    one, two = (_pairs(len(each) for each in of.values()) for of in parts)
    chance = one * two / _pairs([len(gold)])
    rand = (_pairs(both.values()) - chance) / ((one + two) / 2 - chance)
    rows, columns = ({name: place for place, name in enumerate(of)} for of in parts)
    shared = np.zeros((len(rows), len(columns)))
    for (true, own), many in both.items():
        shared[rows[true], columns[own]] = many
    matched = linear_sum_assignment(-shared)
    return Figures(100 * float(shared[matched].sum()) / len(gold), exact, 100 * rand)


def _members(labels: Sequence[tuple[str, str]]) -> dict[tuple[str, str], frozenset[int]]:
    found = defaultdict[tuple[str, str], list[int]](list)
    for place, label in enumerate(labels):
        found[label].append(place)
    return {label: frozenset(places) for label, places in found.items()}


def _pairs(sizes: Iterable[int]) -> float:
    return sum(size * (size - 1) / 2 for size in sizes)
