"""Retrieval on a set: every conversation is stored, indexed and searched as the product does it.

Each is a private channel of its own with one reader, who may read that channel and no other.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.clock import SystemClock
from bot.evaluation.sets import Line, Question, RetrievalSet
from bot.offline import Offline, Progress, offline
from graphs import finding
from graphs.ports import Context, Embedder
from graphs.tasks import understand
from memory import containers, leases, messages, people, teams
from memory.models.audience import Viewer
from memory.models.containers import Container, Membership
from memory.models.ids import (
    ContainerId,
    MessageId,
    PersonId,
    TeamId,
    container_id,
    message_id,
    person_id,
)
from memory.models.messages import Message
from memory.models.people import Person
from memory.teams import Team

TEAM = TeamId("evaluation")
BATCH = 500
_SOURCE = "file"


async def rank(dsn: str, given: RetrievalSet, embedder: Embedder, progress: Progress) -> dict[str, list[str]]:
    """The messages of each question's own conversation, best first, by the question's id."""
    ranked: dict[str, list[str]] = {}
    async with offline(dsn, TEAM, SystemClock(), embedder) as here:
        async with here.database.house() as connection:
            await teams.see(connection, Team(team_id=TEAM, name=str(TEAM), url=""))
        for done, (conv, said) in enumerate(given.conversations.items(), start=1):
            await _take_in(here, conv, said)
            progress("indexing", done, len(given.conversations))
        async with leases.holding(here.database, TEAM, "evaluation", "evaluation") as lease:
            context = Context(
                team_id=TEAM,
                own_id="",
                database=here.database,
                clock=SystemClock(),
                lease=lease,
                outgoing=here.rooms.runs.outgoing,
                embedder=embedder,
            )
            for done, question in enumerate(given.questions, start=1):
                said = given.conversations[question.conv]
                ranked[question.qid] = await _answer(context, question, said)
                progress("searching", done, len(given.questions))
    return ranked


async def _take_in(here: Offline, conv: str, said: Sequence[Line]) -> None:
    place = _place(conv)
    container = Container(
        container_id=place, team_id=TEAM, external_id=conv, kind="private", name=conv, read_by_daybook=True
    )
    reader = Membership(container_id=place, person_id=_reader(conv), joined=True, at=datetime.fromtimestamp(0, UTC))
    async with here.database.house() as connection:
        await people.see(
            connection, TEAM, [*_speakers(conv, said), _person(_reader(conv), f"{conv}:reader", "")], reader.at
        )
        await containers.see(connection, TEAM, [container], reader.at)
        await containers.change_members(connection, TEAM, [reader])
    told = _messages(conv, said)
    for start in range(0, len(told), BATCH):
        async with here.database.scribing(place) as connection:
            await messages.store(connection, TEAM, told[start : start + BATCH])
    await here.rooms.index(place)


async def _answer(context: Context, question: Question, said: Sequence[Line]) -> list[str]:
    """Asked a minute after the last message, by somebody who takes no part in the conversation."""
    speakers = _speakers(question.conv, said)
    reader = _person(_reader(question.conv), f"{question.conv}:reader", "")
    asked_at = _messages(question.conv, said)[-1].posted_at + timedelta(minutes=1)
    viewer = Viewer.person(reader.person_id)
    given = understand.Given(text=question.question, asker=reader, people=tuple(speakers), asked_at=asked_at)
    plan = await understand.run(given, context, viewer)
    asked = finding.Asked(
        question=question.question,
        plan=plan,
        asker=reader.person_id,
        asked_at=asked_at,
        names={person.person_id: person.real_name for person in speakers},
    )
    found = await finding.find(asked, viewer, context)
    names: dict[MessageId, str] = {message_id(_place(line.conv), line.dia_id): line.dia_id for line in said}
    return [names[each.message_id] for each in found.ranked]


def _messages(conv: str, said: Sequence[Line]) -> list[Message]:
    """In the order of the file: of two at one time, the second is a moment later."""
    told: list[Message] = []
    for line in said:
        at = datetime.fromtimestamp(line.ts, UTC)
        if told:
            at = max(at, told[-1].posted_at + timedelta(milliseconds=1))
        told.append(
            Message(
                message_id=message_id(_place(conv), line.dia_id),
                team_id=TEAM,
                container_id=_place(conv),
                external_ts=line.dia_id,
                author_id=person_id(TEAM, _SOURCE, f"{conv}:{line.speaker}"),
                posted_at=at,
                text=_text(line),
            )
        )
    return told


def _text(line: Line) -> str:
    """With what a shared picture shows, as a reader would see it."""
    return f"{line.text} [shares {line.image_caption}]" if line.image_caption else line.text


def _place(conv: str) -> ContainerId:
    return container_id(TEAM, _SOURCE, conv)


def _reader(conv: str) -> PersonId:
    return person_id(TEAM, _SOURCE, f"{conv}:reader")


def _speakers(conv: str, said: Sequence[Line]) -> list[Person]:
    names = dict.fromkeys(line.speaker for line in said)
    return [_person(person_id(TEAM, _SOURCE, f"{conv}:{name}"), f"{conv}:{name}", name) for name in names]


def _person(key: PersonId, external: str, name: str) -> Person:
    return Person(person_id=key, team_id=TEAM, external_id=external, source=_SOURCE, real_name=name)
