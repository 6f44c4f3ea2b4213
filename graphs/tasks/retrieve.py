"""Retrieve: a question and candidate messages -> the messages that hold evidence, best first.

In: the question and its plan, what the store found with each message's neighbours, and how rare the question's words
are among what may be read. Out: message ids in order with scores; ties go by lexical rank, then by id, so the same
input gives the same order. How the candidates were found does not matter here, and no message is left out.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from graphs.ports import Context
from graphs.tasks import asked
from graphs.tasks.asked import Asked, Wanted
from graphs.tasks.tallies import Tallies, Tally, asks, names_number, names_time, tells_of_self
from graphs.tasks.understand import QueryPlan
from memory.models.base import Model
from memory.models.ids import MessageId, PersonId

VERSION = "rules-1"
NEIGHBOURS = 2
"""How many messages of the same container before and after a candidate are looked at; fewer are fine, as are none."""
MOST_COUNTED = 200

# Chosen on the two retrieval sets' dev parts (docs/models/retrieve.md).
BEFORE = (0.5, 0.3)
AFTER = (0.5, 0.25)
"""How much of a word in a neighbour counts, the nearest first."""
QUESTION = 0.3
"""How much more of it counts where the message just before asks something: what follows is the answer."""
ROLES = {"word": 1.0, "frame": 0.5, "alike": 0.2, "kind": 0.5}
SATURATION, LENGTH = 1.2, 0.35
"""BM25's k1 and b."""
SIMILARITY = 0.3
PERSON = 0.7
SPAN = 0.5
OWN_STORY = 0.3
"""Who says "I" tells of themselves: that is where evidence stands."""
LONG = 0.1
WHEN, NUMBER = 0.15, 0.3
GRACE = timedelta(days=3)
"""What happened is often told a few days later."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message beside a candidate."""

    author_id: PersonId | None
    text: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message that may hold evidence; a dataclass, since there are hundreds for each question.

    `text` is what a reader sees, titles of shared files included. `before` has the nearest last, `after` the nearest
    first. `lexical` is the store's full-text rank (0 when found otherwise), `similarity` the cosine, or None.
    """

    message_id: MessageId
    author_id: PersonId | None
    text: str
    posted_at: datetime
    before: tuple[Said, ...] = ()
    after: tuple[Said, ...] = ()
    lexical: float = 0.0
    similarity: float | None = None


class Counted(Model):
    """How many messages the viewer may read, and how many of them hold each of `words_to_count` in any form.

    A word that was not counted gets its weight from the candidates and from a shipped list.
    """

    messages: int = 0
    holding: Mapping[str, int] = {}


class Given(Model):
    """`names` are those of all who may be meant: a name chooses whose messages count, and is no word to search for."""

    question: str
    asker: PersonId
    asked_at: datetime
    plan: QueryPlan = QueryPlan()
    names: Mapping[PersonId, str] = {}
    candidates: tuple[Candidate, ...]
    counted: Counted = Counted()


class Ranked(Model):
    message_id: MessageId
    score: float


class Found(Model):
    ranked: tuple[Ranked, ...]


class LostCandidate(ValueError):
    """A candidate is missing from the order, stands in it twice, or the order is not that of the scores."""


async def run(given: Given, context: Context) -> Found:  # noqa: ARG001  # the model engine will need the context
    found = rules(given)
    check(given, found)
    return found


def words_to_seek(question: str, plan: QueryPlan, names: Mapping[PersonId, str]) -> tuple[str, ...]:
    """The lower-case words by which the store is to find candidates: the question's own, without names."""
    wanted = asked.wanted_in(question, plan, names)
    return tuple(each.words[0] for each in wanted if each.role in {"word", "frame"})


def words_to_count(question: str, plan: QueryPlan, names: Mapping[PersonId, str]) -> tuple[str, ...]:
    """The lower-case words whose frequency among readable messages the store is to count, the question's own first."""
    wanted = asked.wanted_in(question, plan, names)
    return tuple(dict.fromkeys(word for each in wanted for word in each.words))[:MOST_COUNTED]


def rules(given: Given) -> Found:
    question = asked.read(given.question, given.plan, given.names, given.asked_at)
    tallies = Tallies(question.wanted)
    views = [_view(candidate, tallies) for candidate in given.candidates]
    matched = _scaled(_matched(views, _weights(question.wanted, views, given.counted)))
    alike = _spread([candidate.similarity for candidate in given.candidates])
    scores = [
        round((words + SIMILARITY * near) * _likelihood(candidate, view.own, question), 6)
        for candidate, view, words, near in zip(given.candidates, views, matched, alike, strict=True)
    ]
    places = sorted(
        zip(given.candidates, scores, strict=True), key=lambda p: (-p[1], -p[0].lexical, p[0].message_id.int)
    )
    return Found(ranked=tuple(Ranked.model_construct(message_id=c.message_id, score=score) for c, score in places))


def check(given: Given, found: Found) -> None:
    """Raises `LostCandidate` unless every candidate has exactly one place, by its score."""
    order = [each.message_id for each in found.ranked]
    scores = [each.score for each in found.ranked]
    if sorted(order) != sorted({each.message_id for each in given.candidates}) or scores != sorted(
        scores, reverse=True
    ):
        raise LostCandidate(f"{len(order)} places for {len(given.candidates)} candidates.")


@dataclass(frozen=True, slots=True)
class View:
    """A candidate's tally alone, and with its neighbours': how much of each wanted is there, and the length."""

    own: Tally
    around: Mapping[int, float]
    length: float


def _view(candidate: Candidate, tallies: Tallies) -> View:
    own = tallies.of(candidate.text)
    around, length = dict[int, float](own.found), float(own.length)
    for shares, beside in ((BEFORE, reversed(candidate.before)), (AFTER, iter(candidate.after))):
        for place, (share, said) in enumerate(zip(shares, beside, strict=False)):
            tally = tallies.of(said.text)
            length += share * tally.length
            if tally.found:
                full = share + QUESTION if shares is BEFORE and place == 0 and asks(said.text) else share
                for wanted, count in tally.found.items():
                    around[wanted] = around.get(wanted, 0.0) + full * count
    return View(own, around, length)


def _weights(wanted: Sequence[Wanted], views: Sequence[View], counted: Counted) -> list[float]:
    """How telling each wanted is: the rarer, the more; what was not counted is counted among the candidates."""
    weights = []
    for place, each in enumerate(wanted):
        held = [counted.holding[word] for word in each.words if word in counted.holding]
        many = counted.messages if held and counted.messages else len(views)
        holding = min(sum(held), many) if held and counted.messages else sum(place in v.own.found for v in views)
        weights.append(ROLES[each.role] * math.log(1 + (many - holding + 0.5) / (holding + 0.5)))
    return weights


def _matched(views: Sequence[View], weights: Sequence[float]) -> list[float]:
    """BM25 over each candidate with its neighbours."""
    usual = math.fsum(view.length for view in views) / max(len(views), 1) or 1.0
    scores = []
    for view in views:
        room = SATURATION * (1 - LENGTH + LENGTH * view.length / usual)
        scores.append(
            sum(weights[n] * found * (SATURATION + 1) / (found + room) for n, found in sorted(view.around.items()))
        )
    return scores


def _scaled(scores: Sequence[float]) -> list[float]:
    most = max(scores, default=0.0)
    return [score / most if most else 0.0 for score in scores]


def _spread(similarities: Sequence[float | None]) -> list[float]:
    """From 0 for the least alike of the candidates to 1 for the most: embedders differ in what a cosine means."""
    known = [each for each in similarities if each is not None and math.isfinite(each)]
    least, most = min(known, default=0.0), max(known, default=0.0)
    reach = (most - least) or 1.0
    return [(each - least) / reach if each is not None and math.isfinite(each) else 0.0 for each in similarities]


def _likelihood(candidate: Candidate, own: Tally, question: Asked) -> float:
    """How much likelier than others this message is to hold evidence, whatever its words."""
    text = candidate.text
    shape = 1 + LONG * min(math.log1p(own.length), 4) + (OWN_STORY if tells_of_self(text) else 0)
    shape += (WHEN if question.when and names_time(text) else 0) + (
        NUMBER if question.number and names_number(text) else 0
    )
    person = 1 + PERSON if candidate.author_id in question.people else 1
    span = 1 + SPAN if question.in_span(candidate.posted_at, GRACE) else 1
    return shape * person * span
