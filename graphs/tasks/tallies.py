"""How much of what a question wants stands in a text, and what else the text's surface tells."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphs.tasks.asked import Wanted
from graphs.tasks.stems import telling, words_of

_FIRST_PERSON = frozenset("i im ive we my our me us mine".split())
_TIMES = frozenset(
    "yesterday today tonight tomorrow last next ago recently just weekend since until monday tuesday wednesday "
    "thursday friday saturday sunday january february march april june july august september october november december "
    "year years month months week weeks day days morning evening summer winter spring autumn".split()
)
_NUMBERS = frozenset(
    "one two three four five six seven eight nine ten once twice few couple several first second third another again "
    "times dozen half".split()
)
_DIGIT = re.compile(r"\d")
_ASKS = re.compile(r"\?[^?]{0,40}\Z")


@dataclass(frozen=True, slots=True)
class Tally:
    """`found`: how often each wanted stands there, by its place; `length` in words that say something."""

    found: Mapping[int, float]
    length: int
    asks: bool
    first_person: bool
    times: bool
    numbers: bool


class Tallies:
    """Tallies of texts for one question; a text that stands beside several candidates is looked at once."""

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        self._places: dict[str, list[int]] = {}
        for place, each in enumerate(wanted):
            for stem in each.stems:
                self._places.setdefault(stem, []).append(place)
        self._sought = self._places.keys()
        self._known: dict[str, Tally] = {}

    def of(self, text: str) -> Tally:
        tally = self._known.get(text)
        if tally is None:
            tally = self._known[text] = self._taken(text)
        return tally

    def _taken(self, text: str) -> Tally:
        words = words_of(text)
        stems = [stem for stem in map(telling, words) if stem]
        found: dict[int, float] = {}
        for stem in self._sought & set(stems):
            many = stems.count(stem)
            for place in self._places[stem]:
                found[place] = found.get(place, 0.0) + many
        said = {*words}
        digits = bool(_DIGIT.search(text))
        return Tally(
            found=found,
            length=len(stems),
            asks=bool(_ASKS.search(text)),
            first_person=not said.isdisjoint(_FIRST_PERSON),
            times=digits or not said.isdisjoint(_TIMES),
            numbers=digits or not said.isdisjoint(_NUMBERS),
        )
