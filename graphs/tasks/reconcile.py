"""Reconcile: what a container's conversations say now, against the facts known of it -> changes.

Contract: nothing is settled or retired without evidence newer than the fact; a person's correction stays as it is; and
a second run on its own result changes nothing. Matching is deterministic: by the message a fact rests on, else by kind,
actor, wording and time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from graphs.ports import Context
from graphs.tasks.changes import Add, Changed, Retire, Settle, applied
from graphs.tasks.extract import Candidate, Closing
from graphs.tasks.matching import Book
from memory.models.facts import Fact
from memory.models.ids import ContainerId, ConversationId, MessageId

VERSION = "rules-2"
_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Extracted:
    """A conversation that was extracted anew: its messages, and when it last changed (a post, an edit, a deletion)."""

    conversation_id: ConversationId
    message_ids: frozenset[MessageId]
    until: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """What was extracted from some conversations of a container, and its facts that are not retired."""

    container_id: ContainerId
    candidates: tuple[Candidate, ...]
    current: tuple[Fact, ...]
    extracted: tuple[Extracted, ...] = ()
    closings: tuple[Closing, ...] = ()
    texts: Mapping[MessageId, str] = field(default_factory=dict)
    """The words that open facts rest on, as far as they are at hand: what is said elsewhere may speak of them."""


@dataclass(frozen=True, slots=True)
class Found:
    changes: tuple[Changed, ...]


class UnfoundedChange(ValueError):
    """A fact is settled or retired by nothing newer than itself: leave it as it is."""


async def run(given: Given, context: Context) -> Found:  # noqa: ARG001  # the model engine will need the context
    """Reconciles one container."""
    found = rules(given)
    check(given, found)
    return found


def rules(given: Given) -> Found:
    """Matches and changes until nothing moves: a candidate may find its fact only in what another has become."""
    changes: list[Changed] = []
    for _ in range(_ROUNDS):
        found = _once(given)
        if not found:
            break
        changes += found
        given = replace(given, current=applied(given.current, found))
    return Found(tuple(changes))


def _once(given: Given) -> list[Changed]:
    """Each candidate finds its fact or becomes one; what lost its ground is retired; closings settle what is left."""
    quoted = {span.message_id for each in given.candidates for span in each.evidence}
    quoted |= {each.evidence.message_id for each in given.closings}
    reread = frozenset(message for each in given.extracted for message in each.message_ids)
    book = Book(given.container_id, given.current, frozenset(quoted), reread, given.texts)
    candidates = sorted(given.candidates, key=lambda each: each.at)
    rest = [each for each in candidates if not book.take_exact(each)]
    for candidate in rest:
        book.take(candidate)
    book.retire({message: each.until for each in given.extracted for message in each.message_ids})
    book.close(given.closings)
    return book.changes


def check(given: Given, found: Found) -> None:
    """Raises `UnfoundedChange` when something is settled or retired that is not older than the reason given."""
    since = {fact.fact_id: fact.valid_from for fact in given.current}
    since.update({each.fact.fact_id: each.fact.valid_from for each in found.changes if isinstance(each, Add)})
    for each in found.changes:
        if isinstance(each, Settle | Retire) and not each.at > since[each.fact_id]:
            raise UnfoundedChange(f"Fact {each.fact_id} would end by what is no newer than it.")
