"""Why Daybook said so: how a question was understood, and what its answer rests on, for one of its readers."""

from datetime import datetime
from typing import Any

from graphs import days, sentences, talking, understood
from graphs.sentences import Voice
from graphs.wording import readable
from handlers import decode
from handlers.blocks import why as why_blocks
from handlers.blocks import why_answer as blocks
from memory import answers, containers, corrections, facts, messages, outbox, people, teams
from memory.database import Database
from memory.models.audience import Viewer
from memory.models.briefings import Answer, Source
from memory.models.facts import Fact
from memory.models.ids import AnswerId, FactId, PersonId, TeamId, container_id
from memory.models.messages import Message
from memory.outbox import Intent


async def posted(database: Database, answer: AnswerId) -> Intent | None:
    """Where an answer stands."""
    async with database.house() as connection:
        found = await outbox.postings_of(connection, answer)
    return next((each for each in found if each.surface == "answer"), None)


async def audience(database: Database, team: TeamId, person: PersonId, answer: AnswerId) -> Viewer | None:
    """By whose rights an answer was written: the reader's own, or its channel's. None: it is not theirs to read."""
    where = await posted(database, answer)
    if where is None:
        return None
    if where.person_id:
        return Viewer.person(person) if where.person_id == person else None
    channel = container_id(team, decode.SLACK, where.channel or "")
    async with database.viewing(Viewer.person(person)) as connection:
        reads_there = channel in await containers.readable(connection, Viewer.person(person))
    return Viewer.channel(channel) if reads_there else None


async def view(
    database: Database, team: TeamId, person: PersonId, answer: AnswerId, now: datetime
) -> dict[str, Any] | None:
    """The view behind an answer's *Why?*. None: it is not theirs, or gone."""
    written_for = await audience(database, team, person, answer)
    if written_for is None:
        return None
    async with database.viewing(written_for) as connection:
        told = await answers.read(connection, answer)
        asked = await answers.question(connection, answer)
        kept = await talking.reading_of(connection, answer, team)
    if told is None or asked is None:
        return None
    async with database.viewing(Viewer.person(person)) as connection:
        roster = await people.roster(connection, team)
        voice = Voice.of(team, roster, person, now)
        cited = [source.message_id for source in told.sources]
        said = await messages.read(connection, cited)
        places = await containers.read(connection, {each.container_id for each in said})
        known = await facts.read(connection, await corrections.resting_on(connection, cited))
        site = await teams.read(connection, team)
    you = person if asked.viewer_kind == "person" else None  # in a channel nobody is called "you"
    then = Voice.of(team, roster, person, asked.asked_at, alone=you is not None)
    # Other facts may rest on the same words; those are what there is to see where a model chose its own.
    known = [fact for fact in known if sentences.of_fact(fact, then) in told.text] or known
    return blocks.view(
        told,
        understood.in_words(kept.kind, kept.plan, voice.names, you) if kept else "",
        [_quote(each, told, voice) for each in said],
        site.url if site else "",
        known=[_known(fact, voice) for fact in known],
        channels={place.external_id: place.name for place in places.values()},
        today=voice.today,
    )


async def facts_behind(database: Database, team: TeamId, person: PersonId, answer: AnswerId) -> list[FactId]:
    """The facts that rest on what an answer cites, as far as this person may read both."""
    written_for = await audience(database, team, person, answer)
    if written_for is None:
        return []
    async with database.viewing(written_for) as connection:
        told = await answers.read(connection, answer)
    async with database.viewing(Viewer.person(person)) as connection:
        return await corrections.resting_on(connection, [each.message_id for each in told.sources]) if told else []


def _known(fact: Fact, voice: Voice) -> why_blocks.Known:
    return why_blocks.Known(
        kind=fact.kind,
        status=fact.status,
        due=fact.due,
        text=sentences.of_fact(fact, voice),
        log_odds=fact.log_odds,
        engine=fact.engine,
    )


def _quote(message: Message, told: Answer, voice: Voice) -> why_blocks.Quote:
    source: Source = next(each for each in told.sources if each.message_id == message.message_id)
    return why_blocks.Quote(
        author=voice.names.get(message.author_id, "Somebody") if message.author_id else "Somebody",
        text=readable(message.text, voice.names, voice.team),
        day=days.local_day(message.posted_at, voice.tz),
        source=source,
    )
