"""A day of an invented department: what the sample team wrote in a week, laid over one day, at its times of day."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from bot.local.sample import SAMPLE
from graphs.tasks import segment
from graphs.wording import MENTION
from memory.models.containers import Container, ContainerKind
from memory.models.ids import ContainerId, ConversationId, PersonId, TeamId, container_id, message_id, person_id
from memory.models.messages import Message
from memory.models.people import Person

TEAM = TeamId("T0")
DAY = datetime(2026, 11, 12, tzinfo=UTC)
"""The day on which everything is said; on the next morning it is told."""


@dataclass(frozen=True)
class Day:
    """What the team says in a day, by container; its conversations are told apart as they were in its week."""

    people: tuple[Person, ...]
    containers: tuple[Container, ...]
    members: Mapping[ContainerId, frozenset[str]]
    said: Mapping[ContainerId, tuple[Message, ...]]
    conversation: Mapping[str, ConversationId]
    leaders: tuple[Person, ...]

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
                found[self.conversation[message.external_ts]].append(message)
        return {key: tuple(each) for key, each in found.items()}


def sample_day() -> Day:
    """The sample team's week, laid over one day."""
    body = json.loads(SAMPLE.read_text(encoding="utf-8"))
    people = tuple(_person(each) for each in body["users"])
    read = [each for each in body["channels"] if each["bot_is_member"]]
    places = tuple(_container(each) for each in read)
    said: dict[ContainerId, list[Message]] = {each.container_id: [] for each in places}
    for each in body["messages"]:
        if (place := container_id(TEAM, "slack", each["channel"])) in said:
            said[place].append(_message(place, each))
    names = {each.person_id: each.name for each in people}
    conversation: dict[str, ConversationId] = {}
    for messages in said.values():
        placed = dict(segment.rules(segment.Given(before=(), new=tuple(messages), names=names)).placements)
        conversation |= {each.external_ts: placed[each.message_id] for each in messages}
    return Day(
        people,
        places,
        {container_id(TEAM, "slack", each["id"]): frozenset(each["members"]) for each in read},
        {place: tuple(sorted(map(_on_the_day, each), key=lambda said: said.posted_at)) for place, each in said.items()},
        conversation,
        tuple(each for each in people if each.handle in body["leaders"]),
    )


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
