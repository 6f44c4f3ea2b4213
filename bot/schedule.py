"""Who is due for a briefing, in their own time zone."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from graphs.days import AN_HOUR, LATEST, zone
from memory.models.base import Model
from memory.models.briefings import Kind
from memory.models.ids import PersonId
from memory.people import Reader

EARLIEST = time(6, 0)
"""Whoever is active from this hour on gets their briefing then, without waiting for its time."""
REVIEW_AT, REVIEW_UNTIL = time(16, 0), time(20, 0)
"""When the review of a week is due on its last workday, and until when it is still sent."""
FRIDAY, SUNDAY = 4, 6


class Due(Model):
    person_id: PersonId
    local_date: date
    due_at: datetime
    kind: Kind = "day"


def due(readers: Iterable[Reader], now: datetime) -> Iterator[Due]:
    """Readers whose time has come today, on their workdays, until noon."""
    for reader in readers:
        found = _at(reader, now, reader.brief_at)
        if found and now >= found.due_at:
            yield found


def coming(readers: Iterable[Reader], now: datetime, within: timedelta) -> list[Due]:
    """Those who will be due within so long, as `due` is going to say then, by their time: tomorrow's dates too."""
    found = []
    for reader in readers:
        for at in _mornings(reader, now):
            if now < at <= now + within:
                found += [each for each in due([reader], at) if each.due_at == at]
    return sorted(found, key=lambda each: (each.due_at, each.person_id))


def looked_at_again(reader: Reader, now: datetime, claimed: date | None, within: timedelta) -> datetime:
    """When `due` and `coming` are next worth asking about a reader, whose briefing of one date may be `claimed`."""
    here = zone(reader.tz)
    if claimed is not None:
        return _instant(claimed + timedelta(days=1), time(), here) - within
    today, tomorrow = _mornings(reader, now)
    over = now > _instant(now.astimezone(here).date(), max(LATEST, reader.brief_at), here) + AN_HOUR
    return today - within if now < today else tomorrow - within if over else now


def due_on_activity(reader: Reader, now: datetime) -> Due | None:
    """The reader was active just now: their briefing is due from six on, unless they want it at its time only."""
    found = _at(reader, now, min(EARLIEST, reader.brief_at) if reader.on_activity else reader.brief_at)
    return found if found and now >= found.due_at else None


def reviews_due(readers: Iterable[Reader], now: datetime) -> Iterator[Due]:
    """Readers who want a review of the week, and whose last day of work in it comes to its end."""
    for reader in readers:
        here = zone(reader.tz)
        day = now.astimezone(here).date()
        at, until = (_instant(day, moment, here) for moment in (REVIEW_AT, REVIEW_UNTIL))
        if reader.weekly_review and at <= now <= until and _is_last_of_week(reader, day):
            yield Due(person_id=reader.person_id, local_date=day, due_at=at, kind="week")


def _is_last_of_week(reader: Reader, day: date) -> bool:
    rest = [day + timedelta(days=ahead) for ahead in range(1, SUNDAY - day.weekday() + 1)]
    return reader.is_told_on(day) and not any(reader.is_told_on(each) for each in rest)


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
    if not reader.is_told_on(local.date()) or now > _instant(local.date(), latest, here) + _grace(latest):
        return None
    return Due(person_id=reader.person_id, local_date=local.date(), due_at=_instant(local.date(), at, here))


def _mornings(reader: Reader, now: datetime) -> tuple[datetime, datetime]:
    """Their briefing time today and tomorrow."""
    here = zone(reader.tz)
    today = now.astimezone(here).date()
    return _instant(today, reader.brief_at, here), _instant(today + timedelta(days=1), reader.brief_at, here)


def _grace(latest: time) -> timedelta:
    """Who wants their briefing after noon gets it within the hour, or not that day."""
    return AN_HOUR if latest > LATEST else timedelta()


def _instant(day: date, at: time, here: ZoneInfo) -> datetime:
    """A local time as an instant; one that a clock change skips is the moment of the change."""
    return datetime.combine(day, at, here).astimezone(UTC)
