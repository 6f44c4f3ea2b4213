"""The Home tab of one person: read under their rights of this moment."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from graphs import days, lessons
from graphs.lessons import Lesson
from handlers import holding, scopes, today
from handlers.blocks import learnt
from handlers.blocks.home import Home
from handlers.holding import Known
from memory import briefings, containers, feedback, people, settings
from memory.database import Connection
from memory.models.ids import ContainerId, PersonId, TeamId
from memory.models.people import Person


async def read(
    connection: Connection, team: TeamId, person: PersonId, now: datetime, missing: Collection[str] = ()
) -> Home:
    """Everything that the tab shows; `missing` are scopes that Daybook lacks. Call it as that person."""
    roster = await people.roster(connection, team)
    last = await briefings.latest(connection, person)
    zone = roster[person].tz if person in roster else "UTC"
    lessons_of = lessons.learnt(await feedback.said(connection, person, now), days.local_day(now, zone), zone)
    names = await _names(connection, [each.container_id for each in lessons_of])
    known = await Known.read(connection, team, person, now)
    reads = await people.reads(connection, person)
    covered = await holding.coverage(connection, team, person, now)
    return Home(
        briefings_on=reads,
        settings=await settings.read(connection, person),
        tz=zone,
        today=days.local_day(now, zone),
        now=now,
        last_briefing=last.local_date if last else None,
        morning=await today.read(connection, team, person, now),
        promises=known.promises(),
        show=known.show,
        coverage=covered.model_copy(update={"lack": scopes.for_person(missing, reads=reads)}),
        holdings=await known.holdings(connection, team),
        learnt=tuple(_line(each, names, roster) for each in lessons_of),
    )


async def _names(connection: Connection, of: Iterable[ContainerId]) -> dict[ContainerId, str]:
    """What channels are called; what has no name of its own has none here."""
    places = await containers.read(connection, of)
    return {key: place.name for key, place in places.items() if place.kind in {"public", "private"}}


def _line(lesson: Lesson, names: Mapping[ContainerId, str], roster: Mapping[PersonId, Person]) -> learnt.Line:
    actor = roster.get(lesson.actor_id) if lesson.actor_id else None
    return learnt.Line(
        key=lesson.key,
        kind=lesson.kind,
        channel=names.get(lesson.container_id, ""),
        person=actor.name if actor else "",
        direction=lesson.direction,
        presses=lesson.presses,
    )
