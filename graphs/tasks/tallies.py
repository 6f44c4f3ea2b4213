"""How much of what a question wants stands in a text, and what else the text's surface tells."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphs.tasks.asked import Wanted
from graphs.tasks.stems import MOST, stems_of, words_of

_FIRST_PERSON = re.compile(r"\b(?:i|im|ive|we|my|our|me|us|mine)\b", re.IGNORECASE)
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


@dataclass(frozen=True, slots=True)
class Tally:
    """`found`: how often each wanted stands there, by its place; `length` in words that say something."""

    found: Mapping[int, float]
    length: int


class Tallies:
    """Tallies of texts for one question; a text that stands beside several candidates is looked at once."""

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        self._places: dict[str, list[int]] = {}
        for place, each in enumerate(wanted):
            for stem in each.stems:
                self._places.setdefault(stem, []).append(place)
        self._known: dict[str, Tally] = {}

    def of(self, text: str) -> Tally:
        tally = self._known.get(text)
        if tally is None:
            tally = self._known[text] = self._taken(text)
        return tally

    def _taken(self, text: str) -> Tally:
        stems = stems_of(text)
        found: dict[int, float] = {}
        for stem in self._places.keys() & stems:
            many = stems.count(stem)
            for place in self._places[stem]:
                found[place] = found.get(place, 0.0) + many
        return Tally(found, len(stems))


def asks(text: str) -> bool:
    """Whether it ends in a question, or nearly so."""
    return "?" in text[-40:]


def tells_of_self(text: str) -> bool:
    return bool(_FIRST_PERSON.search(text, 0, MOST))


def names_time(text: str) -> bool:
    return bool(_DIGIT.search(text, 0, MOST)) or not _TIMES.isdisjoint(words_of(text))


def names_number(text: str) -> bool:
    return bool(_DIGIT.search(text, 0, MOST)) or not _NUMBERS.isdisjoint(words_of(text))
