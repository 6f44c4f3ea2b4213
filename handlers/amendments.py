"""Briefings as they are shown: with what people corrected since they were made, by the rights of this moment."""

from graphs.amending import amended
from graphs.calling import called
from graphs.sentences import Voice
from memory import corrections, facts, people
from memory.database import Connection
from memory.models.briefings import Briefing
from memory.models.ids import TeamId


async def as_it_is(connection: Connection, team: TeamId, briefing: Briefing) -> Briefing:
    """The briefing with the items worded anew whose facts a person corrected since. Call it as its reader."""
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
