"""Generated teams with mixed audiences, and what happens there in two days and a morning. A seed makes one of them.

Guests, partners from another workspace, private channels and group DMs; people come and go, messages are edited,
deleted and shared from one place into another, and Daybook is asked in channels and in private. Every sentence carries
a word that says where it was written, so that a leak can be read off whatever is shown.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tests.integration.test_audience import Somebody, Somewhere, World, opens, readable
from tests.promises.worlds import CHOICES, MATTERS, MORNING_AFTER, SAYINGS, SECOND_DAY, Onlooker

DAYBOOK = "DAYBOOK"
PARTNERS = frozenset({"PIA"})
"""Whose home is another workspace."""
NAMES = {"CA": "amber", "CB": "basalt", "CC": "cobalt", "CD": "dune", "CE": "ember"}
"""What channels are called: words that nobody says."""
OVERNIGHT = MORNING_AFTER - 60.0
"""After all that was said, before anybody asks."""
ASKED = (
    "what did we decide about the {matter}?",
    "what about the {matter} and {choice}?",
    "who is blocked on the {matter}?",
    "what was promised about the {matter}?",
    "who knows about the {matter}?",
    "what is new on the {matter}?",
)
FOLLOWED = ("who said that?", "since when?", "and the {matter}?", "anything else?", "why?", "is it done?")
_MARK = re.compile(r"\b(c[a-e])x\d{3}z\b")


@dataclass(frozen=True)
class Say:
    """Somebody writes; `shares` names a message of another place, or whose latest private answer of Daybook's."""

    at: float
    place: str
    author: str
    text: str
    thread: float | None = None
    shares: tuple[str, float] | str | None = None


@dataclass(frozen=True)
class Edit:
    at: float
    of: Say
    text: str


@dataclass(frozen=True)
class Delete:
    at: float
    of: Say


@dataclass(frozen=True)
class Move:
    at: float
    place: str
    person: str
    joined: bool


@dataclass(frozen=True)
class Turn:
    """A place is made private, or Daybook is taken out of it."""

    at: float
    place: str
    to: Literal["private", "without Daybook"]


@dataclass(frozen=True)
class Look:
    """Everybody opens the Home tab, and enters the slash command."""

    at: float


@dataclass(frozen=True)
class Pause:
    """Nobody writes for so long that all is worked out."""

    at: float


Act = Say | Edit | Delete | Move | Turn | Look | Pause


@dataclass(frozen=True)
class Story:
    """A world at its beginning, and what happens then, in order."""

    seed: int
    world: World
    acts: tuple[Act, ...]

    def worlds(self) -> list[World]:
        """Who is where at each moment."""
        found = [self.world]
        for act in self.acts:
            found.append(after(found[-1], act))
        return found

    def blind_to(self, place: str) -> list[Onlooker]:
        """Who may at no moment read a place: people, and channels but itself."""
        moments = self.worlds()
        looking = [Onlooker("person", each.name) for each in self.world.people]
        looking += [Onlooker("channel", each.name) for each in self.world.places if each.name != place]
        return [each for each in looking if all(place not in readable(made, each.kind, each.name) for made in moments)]

    def otherwise(self, place: str) -> "Story":
        """The same, but that other things are said in a place: from the beginning, or changed there overnight."""
        chance = random.Random(f"{self.seed} otherwise")
        lines = [act for act in self.acts if isinstance(act, Say) and act.place == place and act.at < OVERNIGHT]
        people = [each.name for each in self.world.people]
        if self.seed % 4 == 0:
            others = {line: replace(line, text=_sentence(chance, place, people, 900)) for line in lines}
            dropped = chance.choice(lines)
            acts = tuple(_of_others(act, others) for act in self.acts if act != dropped)
            return replace(self, acts=acts)
        changed: list[Act] = [Edit(OVERNIGHT, each, _sentence(chance, place, people, 910)) for each in lines[:2]]
        changed += [Delete(OVERNIGHT + 0.1, each) for each in lines[2:3]]
        for number, template in enumerate(
            ("We decided to go with {choice} for the {matter}.", "I'll send the {matter}.")
        ):
            text = _sentence(chance, place, people, 920 + number, template)
            changed.append(Say(OVERNIGHT + 0.2 + number / 10, place, lines[0].author, text))
        return replace(self, acts=tuple(sorted((*self.acts, *changed), key=lambda act: act.at)))


def after(made: World, act: Act) -> World:
    """The world once something has happened."""
    if isinstance(act, Move):
        change = frozenset.union if act.joined else frozenset.difference
        return _with(made, act.place, lambda here: replace(here, members=change(here.members, {act.person})))
    if isinstance(act, Turn):
        kind = {"kind": "private"} if act.to == "private" else {"read": False}
        return _with(made, act.place, lambda here: replace(here, **kind))
    return made


def told_in(shown: str) -> set[str]:
    """The places of which words or links stand in what is shown."""
    return {found.upper() for found in _MARK.findall(shown)} | {*re.findall(r"/archives/(\w+)/p", shown)} & NAMES.keys()


def named_in(shown: str) -> set[str]:
    """The places that are called by their names in what is shown."""
    return {key for key, name in NAMES.items() if re.search(rf"\b{name}\b", shown)}


def openable(made: World, onlooker: Onlooker) -> set[str]:
    """The places that all of somebody's audience could open, whether Daybook is there or not."""
    everywhere = World(made.people, tuple(replace(each, read=True) for each in made.places))
    return readable(everywhere, onlooker.kind, onlooker.name)


def story(seed: int) -> Story:
    """The story of a seed: always with a place that some people or channels may never read."""
    chance = random.Random(seed)
    while True:
        made = _Writer(chance, seed).write()
        if any(made.blind_to(place.name) for place in made.world.places if _spoken(made, place.name)):
            return made


def hidden_place(made: Story) -> str:
    """A place with words in it that is closed to as many as possible."""
    places = [each.name for each in made.world.places if _spoken(made, each.name)]
    return max(places, key=lambda name: (len(made.blind_to(name)), name))


def _spoken(made: Story, place: str) -> bool:
    return sum(isinstance(act, Say) and act.place == place and act.at < OVERNIGHT for act in made.acts) > 0


def _with(made: World, place: str, change: Callable[[Somewhere], Somewhere]) -> World:
    return World(made.people, tuple(change(each) if each.name == place else each for each in made.places))


def _of_others(act: Act, others: dict[Say, Say]) -> Act:
    if isinstance(act, Say):
        return others.get(act, act)
    if isinstance(act, Edit | Delete) and act.of in others:
        return replace(act, of=others[act.of])
    return act


def _sentence(chance: random.Random, place: str, people: Sequence[str], number: int, template: str = "") -> str:
    given = {"choice": chance.choice(CHOICES), "matter": chance.choice(MATTERS), "whom": chance.choice(people)}
    said = (template or chance.choice(SAYINGS)).format(**given)
    return f"{said[:-1]} {place.lower()}x{number:03d}z{said[-1]}"


class _Writer:
    """Writes one story, act by act, in a world that changes with them."""

    def __init__(self, chance: random.Random, seed: int) -> None:
        self._chance, self._seed = chance, seed
        people = [Somebody("ANA"), Somebody("BOB"), Somebody("GUS", "guest")]
        people += [Somebody("CYD")] if chance.random() < 0.6 else []
        people += [Somebody("PIA", "guest")] if chance.random() < 0.6 else []
        self._names = [each.name for each in people]
        self._begin = World(tuple(people), tuple(self._places()))
        self._now = self._begin
        self._acts: list[Act] = []
        self._said: list[Say] = []

    def _places(self) -> Iterator[Somewhere]:
        kinds: list[Literal["public", "private", "group_dm"]] = ["public", "private", "private"]
        kinds += self._chance.sample(["public", "private", "group_dm"], self._chance.randint(0, 1))
        for name, kind in zip(NAMES, kinds, strict=False):
            yield Somewhere(name, kind, members=frozenset(self._chance.sample(self._names, self._chance.randint(2, 3))))

    def write(self) -> Story:
        for day in (0.0, float(SECOND_DAY)):
            for place in self._begin.places:
                self._talk(place.name, day)
        # Worked out at once, or in two parts, the second of which meets what is known from the first.
        self._acts += [Pause(OVERNIGHT - 1), *([Pause(SECOND_DAY - 60)] if self._seed % 3 == 0 else [])]
        self._acts.sort(key=lambda act: act.at)
        self._now = Story(self._seed, self._begin, tuple(self._acts)).worlds()[-1]
        self._morning()
        return Story(self._seed, self._begin, tuple(self._acts))

    def _do(self, act: Act) -> None:
        self._acts.append(act)
        self._now = after(self._now, act)
        if isinstance(act, Say):
            self._said.append(act)

    def _there(self, place: str) -> list[str]:
        here = next(each for each in self._now.places if each.name == place)
        return [each.name for each in self._now.people if opens(each, here)] or ["ANA"]

    def _talk(self, place: str, day: float) -> None:
        """What is said there in a day, now and then with an edit, a deletion, a share, and who comes or goes."""
        chance, minute = self._chance, day + self._chance.randint(0, 300)
        begun: list[Say] = []
        for _ in range(chance.randint(1, 4)):
            minute += chance.choice((1, 2, 3, 90)) + chance.randint(1, 5000) / 6000
            thread = chance.choice(begun).at if begun and chance.random() < 0.3 else None
            text = _sentence(chance, place, self._names, len(self._said))
            line = Say(minute, place, chance.choice(self._there(place)), text, thread)
            self._do(line)
            begun += [line] if thread is None else []
            match chance.random():
                case few if few < 0.1:
                    self._do(Edit(minute + 0.4, line, _sentence(chance, place, self._names, 300 + len(self._said))))
                case few if few < 0.15:
                    self._do(Delete(minute + 0.4, line))
                case few if few < 0.35:
                    self._share(minute + 0.3, place)
        if chance.random() < 0.3:
            self._move(minute + 0.5, place)

    def _share(self, at: float, place: str) -> None:
        """Somebody who may read another place shares what was said there, with a word of their own or none."""
        author = self._chance.choice(self._there(place))
        open_to = readable(self._now, "person", author) - {place}
        if elsewhere := [line for line in self._said if line.place in open_to and line.at < at and line.shares is None]:
            shared = self._chance.choice(elsewhere)
            self._do(Say(at, place, author, self._chance.choice(("", "fyi")), None, (shared.place, shared.at)))

    def _move(self, at: float, place: str) -> None:
        here = next(each for each in self._now.places if each.name == place)
        outside = [name for name in self._names if name not in here.members]
        strangers = [name for name in outside if name in {"GUS", *PARTNERS}]
        if outside and (self._chance.random() < 0.6 or len(here.members) < 2):
            self._do(Move(at, place, self._chance.choice(strangers or outside), joined=True))
        elif here.members:
            self._do(Move(at, place, self._chance.choice(sorted(here.members)), joined=False))

    # The morning on which everybody asks ------------------------------------------------------------------------------

    def _morning(self) -> None:
        chance, at = self._chance, float(MORNING_AFTER)
        self._do(Pause(at))
        places = [each.name for each in self._now.places if each.kind != "group_dm" or chance.random() < 0.5]
        first, second = chance.sample(places, 2)
        asked = self._ask(at + 1, first)
        self._follow(at + 2, asked)
        private = self._ask(at + 3, f"D{chance.choice(self._there(second))}")
        self._follow(at + 4, private)
        sharing = chance.choice(self._there(first))
        self._do(Say(at + 5, first, sharing, chance.choice(("", "see this")), None, private.author))
        self._move(at + 6, first)
        self._follow(at + 7, asked, mention=True)
        again = self._question(self._chance.choice(ASKED), mention=True)
        self._do(Edit(at + 8, asked, again))
        other = self._ask(at + 9, second)
        self._share(at + 10, second)
        self._turn(at + 11, first)
        self._follow(at + 12, other, mention=chance.random() < 0.5)
        if self._seed % 4 == 1:
            self._do(Pause(at + 13))
        self._follow(at + 14, private)
        self._do(Look(at + 15))

    def _ask(self, at: float, place: str) -> Say:
        private = place.startswith("D")
        author = place[1:] if private else self._chance.choice(self._there(place))
        asked = Say(at, place, author, self._question(self._chance.choice(ASKED), mention=not private))
        self._do(asked)
        return asked

    def _follow(self, at: float, asked: Say, *, mention: bool = False) -> None:
        """By whoever asked, or in a channel with a mention by somebody else who is there."""
        private = asked.place.startswith("D")
        there = [asked.author] if private else self._there(asked.place)
        author = asked.author if asked.author in there and not mention else self._chance.choice(there)
        text = self._question(self._chance.choice(FOLLOWED), mention=mention and not private)
        self._do(Say(at, asked.place, author, text, asked.at))

    def _question(self, template: str, *, mention: bool) -> str:
        text = template.format(matter=self._chance.choice(MATTERS), choice=self._chance.choice(CHOICES))
        return f"<@{DAYBOOK}> {text}" if mention else text

    def _turn(self, at: float, but: str) -> None:
        others = [each for each in self._now.places if each.name != but]
        chosen = self._chance.choice(others)
        if chosen.kind == "public" and self._chance.random() < 0.5:
            self._do(Turn(at, chosen.name, "private"))
        elif self._chance.random() < 0.2:
            self._do(Turn(at, chosen.name, "without Daybook"))
