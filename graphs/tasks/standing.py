"""Who has the standing to settle a course: whoever somebody reports to, or whose title says so."""

import re
from collections.abc import Mapping

from memory.models.ids import PersonId

_LEADS = re.compile(
    r"\b(?:manager|director|head|chief|c[teop]o|ceo|vp|president|founder|owner|lead|em|principal|boss)\b", re.IGNORECASE
)


def leads(people: Mapping[PersonId, tuple[str, PersonId | None]]) -> frozenset[PersonId]:
    """Those of `people`, who have a title and perhaps a manager each, that lead others."""
    managers = {manager for _, manager in people.values() if manager is not None}
    return frozenset(person for person, (title, _) in people.items() if person in managers or _LEADS.search(title))
