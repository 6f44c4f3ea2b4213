"""Weigh: a question and the conversations that were found for it -> the messages that answer it, best first.

In: the question, what was found for it with the talk around it, the facts that rest on each message, and how rare the
question's words are among what may be read. Out: messages in order, each with the one that it answers where there is
one, and whether they answer the question at all. A message is weighed with its conversation: the answer to a question
that was asked there, the yes to a request, the later word. Check: every message in the order was given.
"""

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from graphs.ports import Context
from graphs.tasks.retrieve import Counted
from graphs.tasks.sought import Sought
from graphs.tasks.understand import QueryPlan
from memory.models.base import Model
from memory.models.facts import FactKind, FactStatus
from memory.models.ids import FactId, MessageId, PersonId

VERSION = "rules-1"
REACH = 10
"""Messages of a conversation before and after one that was found that are looked at, and its first."""

# Chosen on dev-lumenpay and the weeks cairn and brightwater (docs/models/answer.md).
WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "cover": 3.2,
        "own": 0.5,
        "found": 1.3,
        "asks": -0.8,
        "answers": 0.7,
        "fits": 1.35,
        "decides": 0.8,
        "states": 0.45,
        "settles": 0.65,
        "kind": 1.0,
        "late": 1.2,
        "late_cover": 0.6,
        "length": 0.5,
        "person": 1.4,
        "machine": -0.8,
        "self": -0.65,
        "ended": -1.1,
    }
)
BEFORE, FARTHER, FARTHEST, FIRST = (0.85, 0.75), 0.6, 0.45, 0.7
AFTER = (0.45, 0.3, 0.3)
LATER = 0.2
"""How much of a word in another message of the conversation counts, by its distance."""
ASKED = (1.0, 0.8, 0.6, 0.5)
"""How much it counts that a question stands so many messages before."""
CLOSE = 0.6
"""Of the best cover: messages that have so much are compared by their time."""
SURE = MappingProxyType({"best": 0.63, "own": 3.1, "focus": -0.49})
ENOUGH = 4.7
"""What the best message must have for the question to count as answered."""
DOUBT = 0.8
"""With no more than this above it, the answer is told as doubtful."""

_OF_NOW = frozenset({"late", "late_cover", "ended"})
_ASKS_LAST = re.compile(r"\?\W*\Z")
_FACTUAL: frozenset[FactKind] = frozenset({"commitment", "update", "blocker"})
_OVER: frozenset[FactStatus] = frozenset({"reversed", "dropped"})


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact that rests on a message; `settles`: the message is not what states it, but what ended it."""

    fact_id: FactId
    kind: FactKind
    status: FactStatus
    settles: bool = False
    people: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A message as it is weighed; `text` is what a reader sees."""

    message_id: MessageId
    author_id: PersonId | None
    text: str
    posted_at: datetime
    is_human: bool = True
    names_somebody: bool = False
    stated: tuple[Stated, ...] = ()


class Given(Model):
    """`talks` are parts of conversations, oldest message first; `found` what the search gave each message."""

    question: str
    asker: PersonId
    plan: QueryPlan = QueryPlan()
    names: Mapping[PersonId, str] = {}
    talks: tuple[tuple[Line, ...], ...]
    found: Mapping[MessageId, float]
    counted: Counted = Counted()


class Weighed(Model):
    """`about` is the question or request that the message answers."""

    message_id: MessageId
    about: MessageId | None = None
    score: float


class Found(Model):
    """`sure` is how far above `ENOUGH` the best of it lies; below 0 the question is not answered."""

    order: tuple[Weighed, ...] = ()
    sure: float = -ENOUGH


class UnknownMessage(ValueError):
    """The order names a message that was not given, or one twice."""


async def run(given: Given, context: Context) -> Found:  # noqa: ARG001  # as every task
    found = rules(given)
    check(given, found)
    return found


def check(given: Given, found: Found) -> None:
    """Raises `UnknownMessage` unless each message of the order was given, and stands there once."""
    known = {line.message_id for talk in given.talks for line in talk}
    order = [each.message_id for each in found.order]
    about = {each.about for each in found.order if each.about}
    if len({*order}) != len(order) or not {*order} | about <= known:
        raise UnknownMessage(f"{len(order)} messages in order, {len(known)} were given.")


def rules(given: Given) -> Found:
    sought = Sought(given.question, given.plan, given.names, given.counted)
    if not sought.words:
        return Found()
    seen = [view for talk in given.talks for view in _Talk(talk, sought, given).views()]
    if not seen:
        return Found()
    _place_in_time(seen)
    counting = _counting(given.plan)
    scored = sorted(
        ((round(_score(view, counting), 6), view) for view in seen),
        key=lambda pair: (-pair[0], pair[1].line.message_id.int),
    )
    order = tuple(
        Weighed.model_construct(message_id=view.line.message_id, about=view.about, score=score)
        for score, view in scored
        if view.traits["cover"] > 0  # what neither says a word of it nor stands near one is told of something else
    )
    return Found(order=order, sure=round(_sure([view for _, view in scored[:5]], scored[0][0], sought) - ENOUGH, 6))


def _sure(best: Sequence["View"], score: float, sought: Sought) -> float:
    """How likely the best messages answer the question."""
    own = max(view.traits["own"] for view in best)
    missing = 0.0
    if sought.focus is not None:
        missing = 1.0 - max(view.levels[sought.focus] for view in best)
    return SURE["best"] * score + SURE["own"] * own + SURE["focus"] * missing


def _counting(plan: QueryPlan) -> list[tuple[str, float]]:
    """The traits that count, and for how much: what holds now, except where it is asked how that came about."""
    passed_over = _OF_NOW if plan.form == "history" else frozenset()
    return [(name, weight) for name, weight in WEIGHTS.items() if name not in passed_over]


def _score(view: "View", counting: Iterable[tuple[str, float]]) -> float:
    traits = view.traits
    return math.fsum([weight * traits[name] for name, weight in counting])


def _place_in_time(seen: Sequence["View"]) -> None:
    """Of messages that say about as much, the later one holds."""
    most = max(view.traits["cover"] for view in seen)
    times = sorted(view.line.posted_at for view in seen if view.traits["cover"] >= CLOSE * most)
    for view in seen:
        late = bisect_right(times, view.line.posted_at) / len(times)
        view.traits |= {"late": late, "late_cover": late * view.traits["cover"]}


@dataclass(slots=True)
class View:
    """A message with what speaks for it and against it, by the names of `WEIGHTS`."""

    line: Line
    levels: tuple[float, ...]
    traits: dict[str, float]
    about: MessageId | None = None


class _Talk:
    """Part of a conversation, held against a question."""

    def __init__(self, lines: Sequence[Line], sought: Sought, given: Given) -> None:
        self._lines, self._sought, self._given = lines, sought, given
        self._levels = [sought.levels(line.text) for line in lines]
        self._own = [sought.cover(levels) for levels in self._levels]
        self._asks = [_is_question(line) for line in lines]
        self._others = frozenset(given.plan.person_ids) - {given.asker}
        self._most = max(given.found.values(), default=0.0) or 1.0
        self._facts: dict[FactId, tuple[float, ...]] = {}
        for line, levels in zip(lines, self._levels, strict=True):
            for each in line.stated:
                before = self._facts.get(each.fact_id, levels)
                self._facts[each.fact_id] = tuple(map(max, before, levels))

    def views(self) -> list[View]:
        return [self._view(place, line) for place, line in enumerate(self._lines)]

    def _view(self, place: int, line: Line) -> View:
        sought, given = self._sought, self._given
        about, answers = self._answered(place, line)
        stating = {each.kind for each in line.stated if not each.settles}
        told_of = {person for each in line.stated for person in each.people}
        settled = [sought.cover(self._facts[e.fact_id]) for e in line.stated if e.settles and e.kind == "question"]
        traits = {
            "cover": sought.cover(self._around(place)),
            "own": self._own[place],
            "found": given.found.get(line.message_id, 0.0) / self._most,
            "asks": float("?" in line.text),
            "answers": answers,
            "fits": sought.fits(line.text, names_somebody=line.names_somebody),
            "decides": float("decision" in stating),
            "states": float(not stating.isdisjoint(_FACTUAL)),
            "settles": max(settled, default=0.0),
            "kind": float(not stating.isdisjoint(given.plan.kinds)),
            "length": min(math.log1p(len(line.text.split())), 4.0) / 4,
            "person": 1.0 if line.author_id in self._others else 0.7 if told_of & self._others else 0.0,
            "machine": float(not line.is_human),
            "self": float(line.author_id == given.asker),
            "ended": float(any(not e.settles and e.status in _OVER for e in line.stated)),
        }
        return View(line, self._levels[place], traits, about)

    def _around(self, place: int) -> tuple[float, ...]:
        """How much of each word stands in the message, or near it in its conversation."""
        found = list(self._levels[place])
        for other, levels in enumerate(self._levels):
            if other != place and any(levels):
                share = _share(place - other, first=other == 0)
                found = [max(level, share * beside) for level, beside in zip(found, levels, strict=True)]
        return tuple(found)

    def _answered(self, place: int, line: Line) -> tuple[MessageId | None, float]:
        """The question of somebody else that this message follows, and how much of ours stands in it."""
        about, most = None, 0.0
        if self._asks[place]:
            return about, most
        for distance, share in enumerate(ASKED, start=1):
            other = place - distance
            if other < 0:
                break
            asked = self._lines[other]
            if "?" in asked.text and asked.author_id != line.author_id and share * self._own[other] > most:
                about, most = asked.message_id, share * self._own[other]
        return about, most


def _share(distance: int, *, first: bool) -> float:
    if distance < 0:
        return AFTER[-distance - 1] if -distance <= len(AFTER) else LATER
    share = BEFORE[distance - 1] if distance <= len(BEFORE) else FARTHER if distance <= 5 else FARTHEST
    return max(share, FIRST) if first else share


def _is_question(line: Line) -> bool:
    return bool(_ASKS_LAST.search(line.text)) or any(
        each.kind == "question" and not each.settles for each in line.stated
    )
