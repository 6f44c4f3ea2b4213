"""How somebody wants to be briefed, as they chose it in the App Home."""

from datetime import date, time
from typing import Literal

from memory.models.base import Model
from memory.models.ids import ContainerId, PersonId

USUAL_TIME = time(8, 30)
"""When a briefing is due, in local time, unless its reader chose another time."""
USUAL_WORKDAYS = (0, 1, 2, 3, 4)
"""Monday to Friday, as `date.weekday` counts."""
Length = Literal["short", "usual", "full"]
Place = Literal["channel", "dm"]


class Hours(Model):
    """When somebody is to be briefed: what the schedule goes by.

    `away_from` is the first day of an absence and `away_until` the first day after it.
    """

    brief_at: time = USUAL_TIME
    workdays: tuple[int, ...] = USUAL_WORKDAYS
    quiet_days: tuple[date, ...] = ()
    away_from: date | None = None
    away_until: date | None = None
    on_activity: bool = True
    weekly_review: bool = False

    def is_quiet(self, day: date) -> bool:
        """Whether the reader wants nothing on a day, though it may be one on which they work."""
        away = self.away_until is not None and (self.away_from or day) <= day < self.away_until
        return away or day in self.quiet_days

    def is_told_on(self, day: date) -> bool:
        """Whether a briefing is due on a day."""
        return day.weekday() in self.workdays and not self.is_quiet(day)


class Taste(Model):
    """What a briefing is to hold: nobody but the person themselves can see it."""

    length: Length = "usual"
    followed: tuple[ContainerId, ...] = ()
    muted: tuple[ContainerId, ...] = ()
    people: tuple[PersonId, ...] = ()
    manager_id: PersonId | None = None
    report_ids: tuple[PersonId, ...] = ()


class Settings(Hours, Taste):
    """All that somebody chose. `projects` are words."""

    place: Place = "channel"
    projects: tuple[str, ...] = ()
