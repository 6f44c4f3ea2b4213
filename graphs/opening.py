"""How a briefing begins: the one sentence at its top."""

from collections.abc import Sequence

from graphs import absence, morning
from graphs.tasks import weekly
from memory.models.briefings import Coverage, Item, Kind


def headline(kind: Kind, items: Sequence[Item], coverage: Coverage, tz: str) -> str:
    """What these items come to, of a morning, of one after an absence, or of a week."""
    if kind == "week":
        return weekly.headline(items)
    return absence.headline(morning.headline(items), coverage, tz)
