"""What people are called in a text: by their names, and by first names where those are enough."""

from collections import Counter
from collections.abc import Mapping

from memory.models.ids import PersonId
from memory.models.people import Person

Names = Mapping[PersonId, str]
_named: list[tuple[tuple[Person, ...], Names, Names]] = []
"""Who was called what, for the people given last: of thousands, the same for one reader after the other."""


def called(people: tuple[Person, ...]) -> tuple[Names, Names]:
    """Everybody's name, and the first name of those who share it with nobody."""
    for known, names, short in _named:
        if known is people:
            return names, short
    names = {p.person_id: p.name for p in people}
    firsts = Counter(name.split(maxsplit=1)[0] for name in names.values() if name.strip())
    short = {
        key: first for key, name in names.items() if name.strip() and firsts[first := name.split(maxsplit=1)[0]] == 1
    }
    _named[:] = [(people, names, short), *_named[:1]]
    return names, short
