"""Which facts a message states, by trained models over what can be told of it where it stands (`traits`).

A linear model and boosted trees vote, and their mean counts. docs/models/extract.md: what they learnt from, how well
they do.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from operator import mul
from typing import Any

from graphs.tasks import forest
from graphs.tasks.traits import COLUMNS

FAR = 6.0
"""Standard deviations beyond which a column says no more."""


@dataclass(frozen=True, slots=True)
class Noticer:
    """What notices one kind; `enough` are the log-odds from which it does."""

    bias: float
    weights: tuple[float, ...]
    trees: forest.Forest
    base: float
    enough: float


@dataclass(frozen=True, slots=True)
class Noticers:
    means: tuple[float, ...]
    spreads: tuple[float, ...]
    by_kind: Mapping[str, Noticer]

    def scores(self, rows: Sequence[Sequence[float]]) -> list[Mapping[str, float]]:
        """For each row the log-odds of each kind, above what is enough."""
        found: list[dict[str, float]] = [{} for _ in rows]
        scaled = [self._scaled(row) for row in rows]
        for kind, each in self.by_kind.items():
            grown = each.trees.scores((), rows)
            for at, row in enumerate(scaled):
                linear = each.bias + sum(map(mul, each.weights, row))
                found[at][kind] = (linear + each.base + grown[at]) / 2 - each.enough
        return list(found)

    def _scaled(self, row: Sequence[float]) -> list[float]:
        return [
            min(max((value - mean) / spread, -FAR), FAR)
            for value, mean, spread in zip(row, self.means, self.spreads, strict=True)
        ]


@cache
def trained() -> Noticers:
    """The weights that ship with the package; read once."""
    return noticers(json.loads(files("graphs.tasks").joinpath("weights", "noticing.json").read_text("utf-8")))


def noticers(body: Mapping[str, Any]) -> Noticers:
    """Weights as training wrote them."""
    if body["columns"] != list(COLUMNS):
        raise forest.UnfitWeights("noticing.json was trained on other columns: run `python -m bot.training.extract`.")
    kinds = {
        kind: Noticer(
            each["bias"], tuple(each["weights"]), forest.planted(each["trees"], 0), each["base"], each["enough"]
        )
        for kind, each in body["kinds"].items()
    }
    return Noticers(tuple(body["means"]), tuple(body["spreads"]), kinds)
