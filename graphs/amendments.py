"""Briefings as they are shown: with what people corrected since they were made, by the rights of this moment."""

from collections.abc import Mapping

from graphs.amending import amended, offering
from graphs.sentences import Voice
from memory import corrections, facts, people
from memory.database import Connection
from memory.models.briefings import Briefing, Item
from memory.models.ids import FactId, TeamId


async def as_it_is(connection: Connection, team: TeamId, briefing: Briefing) -> Briefing:
    """The briefing with the items worded anew whose facts a person corrected since. Call it as its reader.

    An item about an open promise of the reader's says so.
    """
    told = {key for item in briefing.items for key in item.fact_ids}
    mine = await corrections.promised_by(connection, briefing.person_id, told)
    items = tuple(_with_promise(item, mine) for item in briefing.items)
    several = {key for item in items for key in _several(item, mine)}
    changed = {each.fact_id: each for each in await corrections.since(connection, told, briefing.composed_at)}
    if changed or several:
        known = {fact.fact_id: fact for fact in await facts.read(connection, told if changed else several)}
        roster = await people.roster(connection, team)
        voice = Voice.of(team, roster, briefing.person_id, briefing.local_date, familiar=True)
        items = tuple(offering(item, _several(item, mine), known, voice) for item in items)
        items = tuple(amended(item, changed, known, voice) for item in items)
    return briefing.model_copy(update={"items": items})


def _with_promise(item: Item, mine: Mapping[FactId, bool]) -> Item:
    """With the promise that it is about, else with the only one that it tells of."""
    told = [key for key in item.fact_ids if key in mine]
    about = [key for key in told if key == item.anchor_id] or (told if len(told) == 1 else [])
    return item.model_copy(update={"promise_id": about[0], "confirmed": mine[about[0]]}) if about else item


def _several(item: Item, mine: Mapping[FactId, bool]) -> list[FactId]:
    """The promises that it tells of, where it is about none of them and they are more than one."""
    return [] if item.promise_id else [key for key in item.fact_ids if key in mine]
