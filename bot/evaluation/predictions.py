"""What Daybook made of a week, in the names of that week: what `daybook eval week` writes."""

import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from bot.evaluation.intake import Names
from graphs.wording import readable
from memory import answers, briefings, conversations, facts, messages, people
from memory.database import Database
from memory.models.audience import Viewer
from memory.models.base import Model
from memory.models.briefings import Section, Source
from memory.models.facts import Fact, FactKind
from memory.models.ids import AnswerId, BriefingId, ContainerId, PersonId

STATED: frozenset[str] = frozenset({"states", "changes"})
"""What a fact rests on; the words that ended it, or dispute it, are evidence of that and not of the fact."""


class Conversation(Model):
    container: str
    messages: tuple[str, ...]


class FoundFact(Model):
    """`status` is as everybody in its container sees it; None for an update, which has none."""

    kind: FactKind
    actor: str | None
    counterparty: str | None
    due: date | None
    status: str | None
    evidence: tuple[str, ...]
    confidence: float
    text: str


class Item(Model):
    section: Section
    sources: tuple[str, ...]
    text: str
    why: str = ""


class Briefing(Model):
    user: str
    date: date
    items: tuple[Item, ...]


class Answer(Model):
    id: str
    text: str
    sources: tuple[str, ...]
    refused: bool


class Predictions(Model):
    """None: not asked for."""

    conversations: tuple[Conversation, ...] | None = None
    facts: tuple[FoundFact, ...] | None = None
    briefings: tuple[Briefing, ...] | None = None
    answers: tuple[Answer, ...] | None = None
    engine: Literal["rules", "model"] = "rules"


async def talks_in(database: Database, place: ContainerId, names: Names) -> list[Conversation]:
    """The conversations of a container; what was deleted stands where it stood."""
    async with database.scribing(place) as connection:
        placed = await messages.placed_in(connection, place)
        keys = dict.fromkeys(each.conversation_id for each in placed if each.conversation_id)
        extents = {each.conversation_id: each for each in await conversations.extents(connection, keys)}
    order = {name: number for number, name in enumerate(names.messages.values())}
    return [
        Conversation(
            container=names.places[place],
            messages=tuple(sorted((names.messages[each] for each in extents[key].message_ids), key=order.__getitem__)),
        )
        for key in keys
    ]


async def facts_in(database: Database, place: ContainerId, names: Names) -> list[FoundFact]:
    """The facts of a container, as they stand for everybody who may read it."""
    async with database.scribing(place) as connection:
        known = [fact.fact_id for fact in await facts.all_in(connection, place)]
        roster = await people.roster(connection, names.team)
    async with database.viewing(Viewer.channel(place)) as connection:
        found = await facts.read(connection, known)
    called = {key: person.name for key, person in roster.items()}
    return [_fact(fact, names, readable(fact.statement, called, names.team)) for fact in found]


async def items_of(database: Database, key: BriefingId, reader: PersonId, names: Names) -> tuple[Item, ...]:
    async with database.viewing(Viewer.person(reader)) as connection:
        told = await briefings.read(connection, key)
    if told is None:
        raise LookupError(f"The briefing {key} was not made.")
    return tuple(
        Item(section=item.section, sources=sources_of(item.sources, names), text=item.text, why=item.why)
        for item in told.items
    )


async def answer_of(database: Database, key: AnswerId, viewer: Viewer, asked: str, names: Names) -> Answer:
    async with database.viewing(viewer) as connection:
        told = await answers.read(connection, key)
    if told is None:
        raise LookupError(f"The question {asked} was not answered.")
    return Answer(id=asked, text=told.text, sources=sources_of(told.sources, names), refused=not told.sources)


def sources_of(sources: Iterable[Source], names: Names) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names.messages[each.message_id] for each in sources))


def in_order(predicted: Sequence[FoundFact], names: Names) -> tuple[FoundFact, ...]:
    """By what they rest on, so that the same facts are written alike."""
    order = {name: number for number, name in enumerate(names.messages.values())}
    return tuple(sorted(predicted, key=lambda each: ([order[name] for name in each.evidence], each.kind, each.text)))


def _fact(fact: Fact, names: Names, text: str) -> FoundFact:
    rests_on = dict.fromkeys(span.message_id for span in fact.evidence if span.role in STATED)
    return FoundFact(
        kind=fact.kind,
        actor=names.people.get(fact.actor_id) if fact.actor_id else None,
        counterparty=names.people.get(fact.counterparty_id) if fact.counterparty_id else None,
        due=fact.due,
        status=None if fact.kind == "update" else fact.status,
        evidence=tuple(names.messages[each] for each in rests_on),
        confidence=round(1 / (1 + math.exp(-fact.log_odds)), 3),
        text=text,
    )
