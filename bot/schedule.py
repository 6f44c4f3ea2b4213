"""Who is due for a briefing, in their own time zone."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from graphs.days import zone
from memory.models.base import Model
from memory.models.ids import PersonId
from memory.people import Reader

EARLIEST = time(6, 0)
"""Whoever is active from this hour on gets their briefing then, without waiting for its time."""
LATEST = time(12, 0)
"""After an outage briefings are still sent until noon."""
FRIDAY = 4


class Due(Model):
    person_id: PersonId
    local_date: date
    due_at: datetime


def due(readers: Iterable[Reader], now: datetime) -> Iterator[Due]:
    """Readers whose time has come today, on workdays, until noon."""
    for reader in readers:
        found = _at(reader, now, reader.brief_at)
        if found and now >= found.due_at:
            yield found


def due_on_activity(reader: Reader, now: datetime) -> Due | None:
    """The reader was active just now: their briefing is due from six on."""
    found = _at(reader, now, min(EARLIEST, reader.brief_at))
    return found if found and now >= found.due_at else None


def next_morning(after: datetime, tz: str, at: time) -> datetime:
    """The first workday's briefing time that comes after a moment."""
    here = zone(tz)
    day = after.astimezone(here).date()
    while True:
        instant = _instant(day, at, here)
        if day.weekday() <= FRIDAY and instant > after:
            return instant
        day += timedelta(days=1)


def _at(reader: Reader, now: datetime, at: time) -> Due | None:
    here = zone(reader.tz)
    local = now.astimezone(here)
    latest = max(LATEST, at)
    if local.weekday() > FRIDAY or now > _instant(local.date(), latest, here) + _grace(latest):
        return None
    return Due(person_id=reader.person_id, local_date=local.date(), due_at=_instant(local.date(), at, here))


def _grace(latest: time) -> timedelta:
    """Who wants their briefing after noon gets it within the hour, or not that day."""
    return timedelta(hours=1) if latest > LATEST else timedelta()


def _instant(day: date, at: time, here: ZoneInfo) -> datetime:
    """A local time as an instant; one that a clock change skips is the moment of the change."""
    return datetime.combine(day, at, here).astimezone(UTC)
