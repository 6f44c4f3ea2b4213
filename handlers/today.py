"""How it stands with somebody's briefing of today: told, on its way, still to come, or none."""

from datetime import date, datetime, timedelta

from graphs import days, opening
from handlers.blocks.today import Today
from memory import briefings, forgotten, outbox, people, settings
from memory.database import Connection
from memory.models.briefings import Briefing
from memory.models.ids import PersonId, TeamId, briefing_id
from memory.models.settings import Settings

AHEAD = 30
"""Days for which the next briefing is looked for."""


async def read(connection: Connection, team: TeamId, person: PersonId, now: datetime) -> Today:
    """Call it as that person."""
    zone = await people.zone_of(connection, team, person)
    day = days.local_day(now, zone)
    chosen = await settings.read(connection, person)
    slot = await briefings.slot(connection, briefing_id(person, day))
    shown = Today(
        state="off", day=day, at=chosen.brief_at, place=chosen.place, on=await people.reads(connection, person)
    )
    if await forgotten.among(connection, (person,)):
        return shown.model_copy(update={"state": "forgotten"})
    if slot and slot.delivered_at:
        made = await briefings.read(connection, slot.briefing_id)
        posted = [each for each in await outbox.postings_of(connection, slot.briefing_id) if each.state == "sent"]
        where = (posted[-1].sent_channel or "", posted[-1].sent_ts or "") if posted else None
        return shown.model_copy(update={"state": "told", "where": where, "headline": _headline(made, zone)})
    if slot and slot.due_at <= now <= days.lapses_at(day, zone, slot.due_at, slot.kind):
        return shown.model_copy(update={"state": "making"})
    if not shown.on:
        return shown
    return shown.model_copy(update=_ahead(chosen, day, now, zone))


def _headline(made: Briefing | None, zone: str) -> str:
    """As it stands in the briefing: worded anew from what is left, where words that it rested on are gone."""
    if made is None or made.headline or not made.items:
        return made.headline if made else ""
    return opening.headline(made.kind, made.items, made.coverage, zone)


def _ahead(chosen: Settings, day: date, now: datetime, zone: str) -> dict[str, object]:
    """Today still, or the next day on which one is due."""
    due = datetime.combine(day, chosen.brief_at, days.zone(zone))
    if chosen.is_told_on(day) and now < due:
        return {"state": "coming", "next_day": day}
    if chosen.is_told_on(day) and now <= days.lapses_at(day, zone, due):
        return {"state": "making"}
    later = (day + timedelta(days=ahead) for ahead in range(1, AHEAD))
    coming = next((each for each in later if chosen.is_told_on(each)), None)
    return {"state": "missed" if chosen.is_told_on(day) else "quiet", "next_day": coming}
