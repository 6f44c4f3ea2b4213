"""A day of a workspace, to count what it would take: drawn from an export, or the sample team's week.

What was said is laid over one day, at its times of day.
"""

import json
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.local.sample import SAMPLE
from graphs.tasks import segment
from graphs.wording import MENTION
from handlers.sources.export import Export
from memory.models.containers import Container, ContainerKind
from memory.models.ids import (
    ContainerId,
    ConversationId,
    MessageId,
    PersonId,
    TeamId,
    container_id,
    message_id,
    person_id,
)
from memory.models.messages import Message
from memory.models.people import Person

TEAM = TeamId("T0")
DAY = datetime(2026, 11, 12, tzinfo=UTC)
"""The day on which everything is said; on the next morning it is told."""
MORNING = timedelta(hours=8, minutes=30)
READERS = 24
"""People whose briefings are counted, where they are drawn."""


@dataclass(frozen=True)
class Reader:
    """Who has a briefing, and of what."""

    person: Person
    containers: frozenset[ContainerId]


@dataclass(frozen=True)
class Day:
    """What is said in a day, by container; its conversations are told apart as they were when it was said."""

    people: tuple[Person, ...]
    containers: tuple[Container, ...]
    said: Mapping[ContainerId, tuple[Message, ...]]
    conversation: Mapping[MessageId, ConversationId]
    leaders: tuple[Reader, ...] = ()
    """Those who are known to have briefings; otherwise readers are drawn."""

    @cached_property
    def names(self) -> dict[PersonId, str]:
        return {each.person_id: each.name for each in self.people}

    @cached_property
    def zones(self) -> dict[PersonId, str]:
        return {each.person_id: each.tz for each in self.people}

    @property
    def many(self) -> int:
        return sum(map(len, self.said.values()))

    def talks(self, place: ContainerId, until: datetime) -> dict[ConversationId, tuple[Message, ...]]:
        """The conversations of a container as far as they had come."""
        found: dict[ConversationId, list[Message]] = defaultdict(list)
        for message in self.said[place]:
            if message.posted_at <= until:
                found[self.conversation[message.message_id]].append(message)
        return {key: tuple(each) for key, each in found.items()}

    def readers(self, messages: int) -> tuple[Reader, ...]:
        """Leaders, or people who wrote that day, each with some containers that they wrote in and others besides, until
        they may read so many messages.
        """
        if self.leaders:
            return self.leaders
        chance = random.Random(messages)  # noqa: S311  # drawn alike each time
        wrote: dict[PersonId, set[ContainerId]] = defaultdict(set)
        for place, said in self.said.items():
            for each in said:
                if each.author_id is not None and each.kind == "human":
                    wrote[each.author_id].add(place)
        people = [each for each in self.people if each.person_id in wrote]
        chosen = chance.sample(people, min(READERS, len(people)))
        return tuple(Reader(each, self._readable(wrote[each.person_id], messages, chance)) for each in chosen)

    def _readable(self, own: set[ContainerId], messages: int, chance: random.Random) -> frozenset[ContainerId]:
        others = sorted(self.said.keys() - own)
        first = sorted(own)
        chance.shuffle(first)
        chance.shuffle(others)
        found: list[ContainerId] = []
        many = 0
        for place in (*first, *others):
            if found and many + len(self.said[place]) > messages:
                continue
            found.append(place)
            many += len(self.said[place])
        return frozenset(found)


def drawn_day(path: Path, messages: int) -> Day:
    """About so many messages of an export, or all: each day of a channel, drawn by chance, is a container of its own.

    Raises:
        BadExport: the file is missing, damaged, or no Slack export.
        BadInput: nobody of its people says anything in it.
    """
    with Export(path) as export:
        people = tuple(export.people())
        days = [(each.container, each.messages) for each in export.days() if each.messages]
    random.Random(1).shuffle(days)  # noqa: S311
    said: dict[ContainerId, list[Message]] = {}
    places: list[Container] = []
    many = 0
    for number, (container, told) in enumerate(days):
        if many >= messages:
            break
        key = container_id(TEAM, "drawn", str(number))
        places.append(container.model_copy(update={"container_id": key, "external_id": f"C{number}"}))
        said[key] = [message.model_copy(update={"container_id": key}) for message in told]
        many += len(told)
    known = {each.person_id for each in people}
    if not any(each.kind == "human" and each.author_id in known for told in said.values() for each in told):
        raise BadInput(f"In {path} nobody says anything: name an export with messages of people.")
    return _laid_out(people, places, said)


def sample_day() -> Day:
    """The sample team's week."""
    body = json.loads(SAMPLE.read_text(encoding="utf-8"))
    people = tuple(_person(each) for each in body["users"])
    read = [each for each in body["channels"] if each["bot_is_member"]]
    places = [_container(each) for each in read]
    said: dict[ContainerId, list[Message]] = {each.container_id: [] for each in places}
    for each in body["messages"]:
        if (place := container_id(TEAM, "slack", each["channel"])) in said:
            said[place].append(_message(place, each))
    leaders = tuple(
        Reader(each, frozenset(container_id(TEAM, "slack", c["id"]) for c in read if each.external_id in c["members"]))
        for each in people
        if each.handle in body["leaders"]
    )
    return _laid_out(people, places, said, leaders)


def _laid_out(
    people: tuple[Person, ...],
    places: Sequence[Container],
    said: Mapping[ContainerId, Sequence[Message]],
    leaders: tuple[Reader, ...] = (),
) -> Day:
    names = {each.person_id: each.name for each in people}
    conversation: dict[MessageId, ConversationId] = {}
    for messages in said.values():
        ordered = sorted(messages, key=lambda each: each.posted_at)
        placed = dict(segment.rules(segment.Given(before=(), new=tuple(ordered), names=names)).placements)
        conversation |= {each.message_id: placed[each.message_id] for each in messages}
    on_the_day = {place: sorted(map(_on_the_day, each), key=lambda m: m.posted_at) for place, each in said.items()}
    return Day(people, tuple(places), {place: tuple(each) for place, each in on_the_day.items()}, conversation, leaders)


def _person(told: Mapping[str, Any]) -> Person:
    return Person(
        person_id=person_id(TEAM, "slack", told["id"]),
        team_id=TEAM,
        external_id=told["id"],
        handle=told["name"],
        real_name=told["real_name"],
        title=told["title"],
        tz=told["tz"],
        manager_external_id=told["manager"],
        projects=tuple(told["projects"]),
    )


def _container(told: Mapping[str, Any]) -> Container:
    kind: ContainerKind = "private" if told["kind"] == "private" else "public"
    key = container_id(TEAM, "slack", told["id"])
    return Container(container_id=key, team_id=TEAM, external_id=told["id"], kind=kind, name=told["name"])


def _message(place: ContainerId, told: Mapping[str, Any]) -> Message:
    mentioned = dict.fromkeys(match[1] for match in MENTION.finditer(told["text"]))
    return Message(
        message_id=message_id(place, told["ts"]),
        team_id=TEAM,
        container_id=place,
        external_ts=told["ts"],
        thread_ts=told["thread_ts"],
        author_id=person_id(TEAM, "slack", told["user"]),
        posted_at=datetime.fromtimestamp(float(told["ts"]), UTC),
        text=told["text"],
        mentions=tuple(person_id(TEAM, "slack", each) for each in mentioned),
    )


def _on_the_day(message: Message) -> Message:
    at = datetime.combine(DAY.date(), message.posted_at.time(), UTC)
    return message.model_copy(update={"posted_at": at})
