"""What people are called in passing: by a part of their name."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from memory.models.ids import PersonId

_LEAST = 3


def by_name(names: Mapping[PersonId, str]) -> Mapping[str, tuple[PersonId, ...]]:
    """Each part of people's names in lower case, with those who have it."""
    return _by_name(tuple(names.items()))


def owner(word: str, names: Mapping[PersonId, str], present: Iterable[PersonId | None]) -> PersonId | None:
    """Whom the word names: one of those present who has it as a name, else the only one anywhere who has."""
    having = by_name(names).get(word, ())
    here = set(present)
    near = [person for person in having if person in here]
    return near[0] if len(near) == 1 else having[0] if len(having) == 1 else None


@lru_cache(4)
def _by_name(names: tuple[tuple[PersonId, str], ...]) -> Mapping[str, tuple[PersonId, ...]]:
    found: dict[str, dict[PersonId, None]] = {}
    for person, name in names:
        for part in name.lower().replace("-", " ").split():
            if len(part) >= _LEAST:
                found.setdefault(part, {})[person] = None
    return {part: tuple(people) for part, people in found.items()}
