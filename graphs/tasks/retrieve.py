"""Retrieve: a question and candidate messages -> the messages that hold evidence, best first.

In: the question and its plan, what the store found with each message's neighbours, and how rare the question's words
are among what may be read. Out: message ids in order with scores; ties go by lexical rank, then by id, so the same
input gives the same order. How the candidates were found does not matter here, and no message is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from graphs.ports import Context
from graphs.tasks.understand import QueryPlan
from memory.models.base import Model
from memory.models.ids import MessageId, PersonId

VERSION = "rules-1"
NEIGHBOURS = 3
"""How many messages of the same container before and after a candidate are looked at; fewer are fine, as are none."""


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


def words_to_count(question: str, names: Mapping[PersonId, str]) -> tuple[str, ...]:
    """The lower-case words whose frequency among readable messages the store is to count, most telling first."""
    raise NotImplementedError


def rules(given: Given) -> Found:
    raise NotImplementedError


def check(given: Given, found: Found) -> None:
    """Raises `LostCandidate` unless every candidate has exactly one place, by its score."""
    order = [each.message_id for each in found.ranked]
    scores = [each.score for each in found.ranked]
    if sorted(order) != sorted({each.message_id for each in given.candidates}) or scores != sorted(
        scores, reverse=True
    ):
        raise LostCandidate(f"{len(order)} places for {len(given.candidates)} candidates.")
