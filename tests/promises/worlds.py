"""Generated teams: who is there, who is where, and what was said in two days. The same seed makes the same world."""

import random
from dataclasses import dataclass, replace
from typing import Literal

from memory.models.audience import Viewer
from memory.models.messages import Message
from memory.models.people import Role
from tests.integration.chat import said, ts, where, who
from tests.integration.test_audience import Somebody, Somewhere, World, opens, readable

FIRST_DAY, SECOND_DAY, MORNING_AFTER = 0, 24 * 60, 48 * 60
"""Minutes after `chat.START`, a Monday at nine."""
ROLES: tuple[Role, ...] = ("member", "member", "guest", "guest", "bot")
MATTERS = ("ledger", "gateway", "rollout", "invoice", "search index")
CHOICES = ("Postgres", "Kafka", "blue-green", "the vendor", "feature flags")
SAYINGS = (
    "We decided to go with {choice} for the {matter}.",
    "Let's go with {choice} for the {matter}, it's settled.",
    "Changing my mind: no more {choice} for the {matter}, we drop it.",
    "I'll send the {matter} numbers by Friday.",
    "The {matter} numbers are sent, done.",
    "<@{whom}> can you review the {matter} today?",
    "<@{whom}> please take the {matter} plan by tomorrow.",
    "Yes, reviewed the {matter}, looks good.",
    "We are blocked on the {matter}: {choice} is down.",
    "The {matter} is unblocked, {choice} is back up.",
    "Who knows why the {matter} fails with {choice}?",
    "It fails because the {matter} needs {choice} 2.1.",
    "Deployed the {matter} to production.",
    "Maybe we should try {choice} for the {matter}?",
    "On it.",
    "thanks!",
)
QUESTIONS = (
    "What did we decide about the {matter} and {choice}?",
    "What is blocked, and what do I owe?",
    "Who waits for me?",
)


@dataclass(frozen=True)
class Line:
    """Something that somebody said somewhere, so many minutes after the start."""

    place: str
    minutes: float
    author: str
    text: str
    thread: float | None = None

    def message(self, **more: object) -> Message:
        named = tuple(who(name) for name in self.text.replace("<@", " <@ ").replace(">", " ").split() if name.isupper())
        return said(
            self.place,
            self.minutes,
            self.text,
            self.author,
            mentions=named if "<@" in self.text else (),
            thread_ts=None if self.thread is None else ts(self.thread),
            **more,
        )


@dataclass(frozen=True)
class Wordy:
    """A world with words in it."""

    seed: int
    world: World
    lines: tuple[Line, ...]

    def hidden_from(self, viewer: "Onlooker") -> list[str]:
        """The places that a viewer may not read, by the oracle, which knows nothing of SQL.

        A channel is not hidden from itself, though it may not be read: who is in it is what its rights are made of.
        """
        seen = readable(self.world, viewer.kind, viewer.name)
        own = {viewer.name} if viewer.kind == "channel" else set()
        return [place.name for place in self.world.places if place.name not in seen | own]

    def onlookers(self) -> list["Onlooker"]:
        """Every viewer from whom something is hidden: the people who read anything at all, and the channels."""
        people = [Onlooker("person", each.name) for each in self.world.people if _could_look(each)]
        places = [Onlooker("channel", each.name) for each in self.world.places if each.kind != "dm"]
        return [each for each in (*people, *places) if self.hidden_from(each)]

    def without(self, line: Line) -> "Wordy":
        return replace(self, lines=tuple(each for each in self.lines if each != line))


@dataclass(frozen=True)
class Onlooker:
    """A viewer by name."""

    kind: Literal["person", "channel"]
    name: str

    @property
    def viewer(self) -> Viewer:
        return Viewer.person(who(self.name)) if self.kind == "person" else Viewer.channel(where(self.name))

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


def world(seed: int) -> Wordy:
    """The world of a seed: always with a person from whom something is hidden, and always with words there."""
    chance = random.Random(seed)
    while True:
        made = _drawn(seed, chance)
        if any(each.kind == "person" for each in made.onlookers()):
            return made


def saying(chance: random.Random, people: list[str]) -> str:
    given = {"choice": chance.choice(CHOICES), "matter": chance.choice(MATTERS), "whom": chance.choice(people)}
    return chance.choice(SAYINGS).format(**given)


def question(chance: random.Random) -> str:
    return chance.choice(QUESTIONS).format(choice=chance.choice(CHOICES), matter=chance.choice(MATTERS))


def _could_look(each: Somebody) -> bool:
    return each.known and not each.deactivated and each.role != "bot"


def _drawn(seed: int, chance: random.Random) -> Wordy:
    people = [Somebody("ANA"), Somebody("BOB")]
    for name in ("CYD", "DEE", "EVE", "FAY")[: chance.randint(1, 4)]:
        role = chance.choice(ROLES)
        known = chance.random() > 0.15
        people.append(Somebody(name, role if known else "guest", known and chance.random() < 0.15, known))
    names = [each.name for each in people]
    places = [
        Somewhere(
            name,
            chance.choice(("public", "public", "private", "private", "group_dm", "dm")),
            chance.random() > 0.12,
            chance.random() < 0.1,
            frozenset(chance.sample(names, chance.randint(0, len(names)))),
            chance.random() > 0.15,
        )
        for name in ("CA", "CB", "CC", "CD", "CE")[: chance.randint(2, 5)]
    ]
    made = World(tuple(people), tuple(places))
    lines = [line for place in places for line in _said_in(chance, place, made)]
    return Wordy(seed, made, tuple(lines))


def _said_in(chance: random.Random, place: Somewhere, made: World) -> list[Line]:
    """A talk or two each day, by those who could be there."""
    there = [each.name for each in made.people if opens(each, place)] or ["ANA"]
    everybody = [each.name for each in made.people]
    lines: list[Line] = []
    for day in (FIRST_DAY, SECOND_DAY):
        minute = day + chance.randint(0, 300) + 0.0
        for _ in range(chance.randint(1, 4)):
            minute += chance.choice((1, 2, 3, 90)) + chance.randint(0, 50) / 60
            parent = chance.choice(lines).minutes if lines and chance.random() < 0.25 else None
            lines.append(Line(place.name, minute, chance.choice(there), saying(chance, everybody), parent))
    return lines
