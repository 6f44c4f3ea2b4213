"""What was counted, unit by unit: figures follow from the sums, and their spread from drawing the units again."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import mul
from statistics import stdev

DRAWS = 400
SEED = 20_261_128
"""Fixed: the same counts have the same spread, whoever asks."""
Counts = Mapping[str, float]
Reading = Callable[[Counts], float | None]
"""A figure, from sums; None where there is nothing to take a share of."""


@dataclass(frozen=True)
class Sheet:
    """`units` are what a sample is made of (conversations, briefings, questions), each with its counts.

    `counted` names counts that are shown as they are: they have no spread.
    """

    units: Sequence[Counts]
    counted: Sequence[str]
    readings: Mapping[str, Reading]

    @classmethod
    def together(cls, sheets: Sequence["Sheet"]) -> "Sheet":
        """The units of several sheets of one kind, as those of one."""
        units = [unit for sheet in sheets for unit in sheet.units]
        return cls(units, sheets[0].counted, sheets[0].readings)

    def figures(self) -> dict[str, float | None]:
        """Each count, and each figure over all units to a tenth."""
        sums = self._sums([1] * len(self.units))
        counts: dict[str, float | None] = {name: round(sums.get(name, 0)) for name in self.counted}
        return counts | {name: _rounded(reading(sums)) for name, reading in self.readings.items()}

    def count(self, name: str) -> int:
        """A count over all units."""
        return round(sum(self._columns.get(name, ())))

    def spread(self) -> dict[str, float]:
        """The standard deviation of each figure over samples of as many units, drawn with replacement."""
        chance, places = random.Random(SEED), range(len(self.units))  # noqa: S311  # a sample, no secret
        seen: dict[str, list[float]] = {name: [] for name in self.readings}
        for _ in range(DRAWS if self.units else 0):
            weights = [0] * len(self.units)
            for place in chance.choices(places, k=len(self.units)):
                weights[place] += 1
            sums = self._sums(weights)
            for name, reading in self.readings.items():
                if (value := reading(sums)) is not None:
                    seen[name].append(value)
        return {name: round(stdev(values), 1) for name, values in seen.items() if len(values) > 1}

    def _sums(self, weights: Sequence[int]) -> Counts:
        return {name: sum(map(mul, weights, column)) for name, column in self._columns.items()}

    @cached_property
    def _columns(self) -> Mapping[str, Sequence[float]]:
        names = dict.fromkeys(name for unit in self.units for name in unit)
        return {name: [unit.get(name, 0) for unit in self.units] for name in names}


def share(part: str, whole: str) -> Reading:
    """The one count as a percentage of the other."""
    return lambda sums: 100 * sums.get(part, 0) / sums[whole] if sums.get(whole) else None


def harmonic(hits: str, found: str, wanted: str) -> Reading:
    """F: the harmonic mean of precision and recall, 0 where nothing hits."""

    def reading(sums: Counts) -> float | None:
        both = sums.get(found, 0) + sums.get(wanted, 0)
        return 200 * sums.get(hits, 0) / both if both else None

    return reading


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
