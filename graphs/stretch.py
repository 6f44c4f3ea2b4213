"""Which stretch of time a briefing tells of: what happened since, and whom its reader meets today."""

from datetime import datetime, timedelta

from graphs import absence, days
from memory import briefings, meetings
from memory.briefings import Slot
from memory.database import Connection
from memory.models.audience import Viewer
from memory.models.ids import ContainerId


async def since(connection: Connection, slot: Slot, now: datetime, zone: str) -> datetime:
    """The last briefing that was delivered; for a first one, or the first that was to be one, the last working day; for
    a review the beginning of the week.
    """
    if slot.kind == "week":
        monday = slot.local_date - timedelta(days=slot.local_date.weekday())
        return days.midnight(monday, zone)
    told = await briefings.composed_before(connection, slot.person_id, slot.local_date)
    if told and now - told <= timedelta(days=absence.LONGEST):
        return told
    first = await briefings.owed_since(connection, slot.person_id, slot.local_date) or now
    weekday = days.local_day(first, zone).weekday()
    return first - timedelta(days=3 if weekday == 0 else 2 if weekday == 6 else 1)


async def meetings_today(connection: Connection, slot: Slot, now: datetime, zone: str) -> list[ContainerId]:
    """Those of the reader's day that are not over yet."""
    day = days.local_day(now, zone)
    begin, end = (days.midnight(each, zone) for each in (day, day + timedelta(days=1)))
    today = await meetings.between(connection, Viewer.person(slot.person_id), begin, end)
    met = await meetings.read(connection, today) if today else []
    return [each.container_id for each in met if each.ends_at > now]
