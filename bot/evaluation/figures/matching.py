"""Pairs of what is wanted and what was found: the greatest overlap in all, or the largest overlaps first."""

import heapq
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

Wanted = TypeVar("Wanted")
Found = TypeVar("Found")


def largest_first(
    wanted: Sequence[Wanted], found: Sequence[Found], overlap: Callable[[Wanted, Found], int]
) -> list[tuple[Wanted, Found]]:
    """One to one, the largest overlap first; ties in the order given."""
    near = sorted(
        (-size, i, j) for i, one in enumerate(wanted) for j, two in enumerate(found) if (size := overlap(one, two)) > 0
    )
    taken: set[int] = set()
    given: dict[int, int] = {}
    for _, i, j in near:
        if i not in given and j not in taken:
            given[i] = j
            taken.add(j)
    return [(wanted[i], found[j]) for i, j in given.items()]


def best_overlap(weights: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """How much each of the first kind overlaps its partner, in the one-to-one pairing that overlaps the most in all.

    Shortest augmenting paths over the ties there are: each is paired in turn, at the least cost to the others.
    """
    pairing = _Pairing(weights)
    for one in pairing.ties:
        pairing.add(one)
    return {one: -pairing.ties[one][two] for one, two in pairing.partner.items()}


class _Pairing:
    """Costs are negative overlaps; each of the first kind may also stay alone, with a partner that costs nothing.

    No tie costs less than its two prices together, and those of the pairing cost exactly that.
    """

    def __init__(self, weights: Mapping[tuple[str, str], int]) -> None:
        self.ties: dict[str, dict[str, int]] = {}
        for (one, two), weight in weights.items():
            self.ties.setdefault(one, {f"-{one}": 0})[f"+{two}"] = -weight
        self.partner: dict[str, str] = {}
        self._holder: dict[str, str] = {}
        self._price = {one: min(costs.values()) for one, costs in self.ties.items()}
        self._discount = {two: 0 for costs in self.ties.values() for two in costs}

    def add(self, start: str) -> None:
        settled, came_from, end, least = self._search(start)
        self._price[start] += least
        for two, distance in settled.items():
            self._discount[two] += distance - least
            self._price[self._holder[two]] += least - distance
        left: str | None = end
        while left is not None:  # along the path, each takes the one it came by and leaves its own to the one before
            one, taken = came_from[left], left
            left = self.partner.get(one)
            self.partner[one], self._holder[taken] = taken, one

    def _search(self, start: str) -> tuple[dict[str, int], dict[str, str], str, int]:
        """The nearest of the second kind that nobody holds, and those on the way: by costs beyond the prices."""
        distances: dict[str, int] = {}
        came_from: dict[str, str] = {}
        settled: dict[str, int] = {}
        waiting: list[tuple[int, str]] = []
        one, so_far = start, 0
        while True:
            for two, cost in self.ties[one].items():
                distance = so_far + cost - self._price[one] - self._discount[two]
                if two not in distances or distance < distances[two]:
                    distances[two], came_from[two] = distance, one
                    heapq.heappush(waiting, (distance, two))
            so_far, nearest = heapq.heappop(waiting)
            while nearest in settled:
                so_far, nearest = heapq.heappop(waiting)
            if nearest not in self._holder:
                return settled, came_from, nearest, so_far
            settled[nearest], one = so_far, self._holder[nearest]
