"""Briefings as they are shown: with what people corrected since they were made, by the rights of this moment."""

from collections.abc import Mapping

from graphs.amending import amended
from graphs.calling import called
from graphs.sentences import Voice
from memory import corrections, facts, people
from memory.database import Connection
from memory.models.briefings import Briefing, Item
from memory.models.ids import FactId, TeamId


async def as_it_is(connection: Connection, team: TeamId, briefing: Briefing) -> Briefing:
    """The briefing with the items worded anew whose facts a person corrected since. Call it as its reader.

    An item about an open promise of the reader's says so.
    """
    briefing = await _with_promises(connection, briefing)
    told = {key for item in briefing.items for key in item.fact_ids}
    changed = {each.fact_id: each for each in await corrections.since(connection, told, briefing.composed_at)}
    if not changed:
        return briefing
    known = {fact.fact_id: fact for fact in await facts.read(connection, told)}
    roster = await people.roster(connection, team)
    reader = roster.get(briefing.person_id)
    names, short = called(tuple(roster.values()))
    voice = Voice(
        team=team,
        names=names,
        short=short,
        today=briefing.local_date,
        tz=reader.tz if reader else "UTC",
        reader=briefing.person_id,
    )
    items = tuple(amended(item, changed, known, voice) for item in briefing.items)
    return briefing.model_copy(update={"items": items})


async def _with_promises(connection: Connection, briefing: Briefing) -> Briefing:
    told = {key for item in briefing.items for key in item.fact_ids}
    mine = await corrections.promised_by(connection, briefing.person_id, told)
    if not mine:
        return briefing
    return briefing.model_copy(update={"items": tuple(_with_promise(item, mine) for item in briefing.items)})


def _with_promise(item: Item, mine: Mapping[FactId, bool]) -> Item:
    """With the promise that it is about, else with the only one that it tells of."""
    told = [key for key in item.fact_ids if key in mine]
    about = [key for key in told if key == item.anchor_id] or (told if len(told) == 1 else [])
    return item.model_copy(update={"promise_id": about[0], "confirmed": mine[about[0]]}) if about else item
