"""A company with a long history: a hundred people, sixty channels, and what was said in them over two hundred days.

All is stored, indexed and told of as the product does it. Two things are shorter: which messages belong together is
known and not worked out, and only talk that decides, promises, asks or blocks is read for facts; the rest is words
without a meaning, as common and as rare as those of real talk.
"""

import asyncio
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import islice
from time import perf_counter
from typing import Any

import psycopg

from bot.local.workspace import Seed
from bot.local.workspace.clock import ts_of
from graphs import indexing
from graphs.ports import Embedder
from graphs.tasks import extract, reconcile
from graphs.tasks.changes import applied
from memory import answers, containers, conversations, facts, messages, outbox, people, retrieval, teams
from memory.answers import Question
from memory.database import Database
from memory.messages import text_of
from memory.models.briefings import Answer
from memory.models.containers import Container
from memory.models.facts import Fact
from memory.models.ids import (
    ContainerId,
    PersonId,
    TeamId,
    answer_id,
    container_id,
    conversation_id,
    message_id,
    person_id,
)
from memory.models.messages import Message
from memory.models.people import Person
from memory.teams import Team
from tests.bench.company import BOT, EXAMPLES, TEAM
from tests.bench.search import take_down
from tests.bench.vocabulary import Vocabulary

MANY, ROOMS, OPEN = 100, 60, 12
"""People, channels, and how many of those are public."""
INSIDE = 25
"""Members of a private one."""
DAYS = 200
ASKED = 1800
"""Questions put to Daybook in that time."""
TELLING = 0.4
"""Which share of the talks is of something."""
AT_ONCE = 3
"""Channels that are filled side by side."""
TEAM_ID = TeamId(TEAM)
OWN = person_id(TEAM_ID, "slack", BOT)
Talk = list[Message]


@dataclass(frozen=True)
class Company:
    """Who is where, and what is talked of there. The same numbers make the same company."""

    messages: int
    now: datetime

    @cached_property
    def words(self) -> Vocabulary:
        return Vocabulary(seed=7)

    @cached_property
    def people(self) -> dict[str, str]:
        """Names by external id: a first name from the vocabulary, which everybody shares with nobody."""
        return {f"U{n:03d}": f"{self.words.words[900 + n]} {self.words.words[2900 + n]}".title() for n in range(MANY)}

    @cached_property
    def rooms(self) -> dict[str, list[str]]:
        """Members by channel; everybody is in the public ones."""
        chance, everybody = random.Random(11), [*self.people]
        return {f"C{n:03d}": everybody if n < OPEN else sorted(chance.sample(everybody, INSIDE)) for n in range(ROOMS)}

    @cached_property
    def matters(self) -> dict[str, list[str]]:
        """What each channel talks of: names of things, each some hundred times rarer than the words around it."""
        chance = random.Random(13)
        return {room: [chance.choice(self.words.words[300:20_000]) for _ in range(40)] for room in self.rooms}

    def seed(self) -> Seed:
        """The workspace, without a word in it: what was said is in Daybook already."""
        users = [{"id": key, "name": key.lower(), "real_name": name} for key, name in self.people.items()]
        channels = [
            {"id": room, "name": room.lower(), "kind": self.kind(room), "members": members, "bot_is_member": True}
            for room, members in self.rooms.items()
        ]
        team = {"id": TEAM, "name": "Company", "domain": "company", "bot_user_id": BOT}
        return Seed.model_validate({"team": team, "users": users, "channels": channels})

    def kind(self, room: str) -> Any:
        return "public" if int(room[1:]) < OPEN else "private"

    def talks(self, room: str) -> Iterator[Talk]:
        """What was said in a channel, talk by talk, evenly over the days."""
        chance, many, said = random.Random(room), self.messages // ROOMS, 0
        members, where = self.rooms[room], container_id(TEAM_ID, "slack", room)
        at = self.now - timedelta(days=DAYS)
        pause = timedelta(days=DAYS) / many
        while said < many:
            telling = chance.random() < TELLING
            lines = list(self._of_something(room, chance) if telling else self._of_nothing(chance))[: many - said]
            at += pause * len(lines)
            yield list(_said(where, at, lines, chance.sample(members, 2), chance))
            said += len(lines)

    def _of_something(self, room: str, chance: random.Random) -> Iterator[str]:
        thing, other = chance.choice(self.matters[room]), chance.choice(self.rooms[room])
        for line in chance.choice(EXAMPLES):
            yield line.format(other=f"<@{other}>", thing=thing)

    def _of_nothing(self, chance: random.Random) -> Iterator[str]:
        topic = self.words.topic()
        for _ in range(chance.randrange(4, 14)):
            yield self.words.sentence(topic)


async def build(database: Database, owner_dsn: str, company: Company, embedder: Embedder) -> int:
    """Fills an empty database with the company; says how many facts are in it."""
    began = perf_counter()
    await _open(database, company, embedder)
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        indexes = take_down(owner)
        turns = asyncio.Semaphore(AT_ONCE)

        async def fill(room: str) -> int:
            async with turns:
                return await _fill(database, company, room, embedder)

        found = sum(await asyncio.gather(*map(fill, company.rooms)))
        await _ask_before(database, company)
        owner.execute("set maintenance_work_mem = '1GB'")
        for definition in indexes:
            owner.execute(definition.encode())
        owner.execute("vacuum analyze")
    print(f"{company.messages} messages and {found} facts in {ROOMS} channels: {perf_counter() - began:.0f} s.")
    return found


async def _open(database: Database, company: Company, embedder: Embedder) -> None:
    began = company.now - timedelta(days=DAYS + 1)
    async with database.house() as connection:
        await retrieval.open_space(connection, indexing.space_of(embedder))
        await teams.see(connection, Team(team_id=TEAM_ID, url="https://bench.example/", bot_person_id=OWN))
        known = [
            Person(person_id=_who(key), team_id=TEAM_ID, external_id=key, real_name=name)
            for key, name in company.people.items()
        ]
        bot = Person(person_id=OWN, team_id=TEAM_ID, external_id=BOT, real_name="Daybook", role="bot")
        await people.see(connection, TEAM_ID, [*known, bot], began)
        rooms = [
            Container(
                container_id=container_id(TEAM_ID, "slack", room),
                team_id=TEAM_ID,
                external_id=room,
                kind=company.kind(room),
                name=room.lower(),
                read_by_daybook=True,
            )
            for room in company.rooms
        ]
        await containers.see(connection, TEAM_ID, rooms, began)
        for room, members in company.rooms.items():
            inside = [*map(_who, members), OWN]
            await containers.set_members(connection, TEAM_ID, container_id(TEAM_ID, "slack", room), inside, began)


async def _fill(database: Database, company: Company, room: str, embedder: Embedder) -> int:
    here = container_id(TEAM_ID, "slack", room)
    names = {_who(key): name for key, name in company.people.items()}
    found = 0
    coming = company.talks(room)
    while talks := list(islice(coming, 60)):
        said = [message for talk in talks for message in talk]
        async with database.scribing(here) as connection:
            await messages.store(connection, TEAM_ID, said)
            placed = [(message.message_id, conversation_id(talk[0].message_id)) for talk in talks for message in talk]
            await conversations.place(connection, TEAM_ID, here, placed, at=company.now, version="bench")
            await conversations.settle(connection, dict.fromkeys((key for _, key in placed), 1))
        found += await _conclude(database, here, [talk for talk in talks if _tells(talk)], names, company.now)
    await indexing.index(database, here, embedder)
    return found


async def _ask_before(database: Database, company: Company) -> None:
    """What was asked on earlier days, each in a thread of its own, and answered."""
    for room in company.rooms:
        here = container_id(TEAM_ID, "slack", room)
        said = [talk[0] for talk in company.talks(room) if not _tells(talk)]
        for message in said[:: max(1, len(said) * ROOMS // ASKED)]:
            key = answer_id(message.message_id)
            question = Question(
                answer_id=key,
                asker_id=message.author_id or OWN,
                container_id=here,
                question_message_id=message.message_id,
                channel=room,
                thread_ts=message.external_ts,
                viewer_kind="channel",
                viewer_id=here,
                question=message.text,
                asked_at=message.posted_at,
            )
            async with database.viewing(question.viewer) as connection:
                await answers.ask(connection, TEAM_ID, question)
                answer = Answer(answer_id=key, text="Nothing.", sources=())
                await answers.keep(connection, TEAM_ID, question, answer, (), company.now)
                intent = await outbox.intend(
                    connection,
                    TEAM_ID,
                    f"answer:{key}",
                    "answer",
                    key,
                    at=message.posted_at,
                    channel=room,
                    thread_ts=message.external_ts,
                )
                if intent:
                    await outbox.sending(connection, intent, room, message.posted_at)
                    await outbox.sent(connection, intent, room, f"{message.external_ts[:-1]}9", message.posted_at)


async def _conclude(
    database: Database, here: ContainerId, talks: list[Talk], names: Mapping[PersonId, str], now: datetime
) -> int:
    known: list[Fact] = []
    for talk in talks:
        read = extract.rules(extract.Given(conversation_id(talk[0].message_id), tuple(talk), names))
        given = reconcile.Given(here, read.candidates, (), closings=read.closings)
        known += applied((), reconcile.rules(given).changes)
    wordings = {message.message_id: text_of(message) for talk in talks for message in talk}
    async with database.scribing(here) as connection:
        await facts.record(connection, TEAM_ID, known, wordings, now)
    return len(known)


def _said(
    where: ContainerId, at: datetime, lines: list[str], speakers: list[str], chance: random.Random
) -> Iterator[Message]:
    for turn, line in enumerate(lines):
        at += timedelta(seconds=chance.randrange(5, 90))
        yield _message(where, at, speakers[turn % 2], line)


def _tells(talk: Talk) -> bool:
    """Whether it is one of those that are of something: those are written with capitals."""
    return talk[0].text[0] == "<" or talk[0].text[0].isupper()


def _message(where: ContainerId, at: datetime, author: str, text: str) -> Message:
    ts = ts_of(at)
    return Message(
        message_id=message_id(where, ts),
        team_id=TEAM_ID,
        container_id=where,
        external_ts=ts,
        author_id=_who(author),
        posted_at=at,
        text=text,
        mentions=tuple(_who(key) for key in _mentioned(text)),
    )


def _mentioned(text: str) -> Iterator[str]:
    for part in text.split("<@")[1:]:
        yield part.partition(">")[0]


def _who(key: str) -> PersonId:
    return person_id(TEAM_ID, "slack", key)


def utc_now() -> datetime:
    return datetime.now(UTC)
