"""Trains how likely wordings open a conversation: the first part of `python -m bot.training.segment`.

What a source's own messages are told about their wording comes from the other sources (`for_each`): so the model that
reads it learns how far to trust it where nothing was learnt from.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import numpy as np

from bot.training.corpora import Rows
from graphs.tasks.openings import grams

Openings = dict[str, float]
AT_LEAST = 4
"""Messages that must hold a gram, in two sources at least."""
PENALTY = 4.0
COUNTS = {"irc": 0.03, "gitter": 0.05}
MOST = 15_000
"""Messages of a source that are learnt from."""


def told(channels: Iterable[Rows]) -> list[tuple[list[str], bool]]:
    """The grams of each labelled top-level message of a person, and whether it opened a conversation."""
    found = []
    for rows in channels:
        seen = set[str]()
        for row in rows:
            conversation = row["conversation_id"]
            if conversation is None or row["system"] or row.get("bot"):
                continue
            if row.get("thread") in {None, row["id"]}:
                found.append((sorted(grams(row["text"])), conversation not in seen))
            seen.add(conversation)
    return found[:MOST]


def trained(sources: Mapping[str, Sequence[tuple[list[str], bool]]]) -> Openings:
    """The weights of a logistic model with a quadratic penalty, by Newton's method with conjugate gradients."""
    held = Counter[str]()
    within = Counter[str]()
    for lines in sources.values():
        own = Counter(gram for found, _ in lines for gram in found)
        held.update(own)
        within.update(own.keys())
    kept = [gram for gram in sorted(held) if held[gram] >= AT_LEAST and within[gram] > 1]
    places = {gram: place for place, gram in enumerate(kept)}
    columns, rows = list[int](), list[int]()
    opened, counts = list[float](), list[float]()
    for name, lines in sources.items():
        for found, opens in lines:
            known = [places[gram] for gram in found if gram in places]
            columns += known
            rows += [len(opened)] * len(known)
            opened.append(float(opens))
            counts.append(COUNTS.get(name, 1.0))
    weights = fitted(np.array(rows), np.array(columns), np.array(opened), np.array(counts), len(places))
    steps = {gram: round(float(weights[place]), 3) for gram, place in places.items()}
    return {"": round(float(weights[-1]), 3), **{gram: step for gram, step in steps.items() if abs(step) >= 0.01}}


def fitted(rows: np.ndarray, columns: np.ndarray, opened: np.ndarray, counts: np.ndarray, many: int) -> np.ndarray:
    """One weight for each column, and the offset."""
    size, weights = len(opened), np.zeros(many + 1)
    penalty = np.append(np.full(many, PENALTY), 1e-3)

    def forth(of: np.ndarray) -> np.ndarray:
        return np.bincount(rows, of[columns], size) + of[-1]

    def back(of: np.ndarray) -> np.ndarray:
        return np.append(np.bincount(columns, of[rows], many), of.sum())

    def bent(bend: np.ndarray, of: np.ndarray) -> np.ndarray:
        return back(bend * forth(of)) + penalty * of

    for _ in range(12):
        chance = 1 / (1 + np.exp(-forth(weights)))
        slope = back(counts * (opened - chance)) - penalty * weights
        weights += solved(partial(bent, counts * chance * (1 - chance)), slope)
    return weights


def solved(apply: Callable[[np.ndarray], np.ndarray], wanted: np.ndarray) -> np.ndarray:
    """What `apply` turns into `wanted`, by conjugate gradients."""
    found, left = np.zeros_like(wanted), wanted.copy()
    way, size = left.copy(), left @ left
    for _ in range(60):
        if size < 1e-10:
            break
        along = apply(way)
        step = size / (way @ along)
        found, left = found + step * way, left - step * along
        after = left @ left
        way, size = left + after / size * way, after
    return found


def for_each(sources: Mapping[str, Sequence[tuple[list[str], bool]]]) -> dict[str, Openings]:
    """For each source, what the others teach; and under "" what all do."""
    found = {name: trained({other: sources[other] for other in sources if other != name}) for name in sources}
    return {**found, "": trained(sources)}
