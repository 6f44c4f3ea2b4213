"""Reconcile: what a container's conversations say now, against the facts known of it -> changes.

Contract: nothing is settled or retired without evidence newer than the fact; a person's correction stays as it is; and
a second run on its own result changes nothing. Matching is deterministic: by the message a fact rests on, else by kind,
actor, wording and time. Of the pairs that this leaves undecided a model may say whether they are one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from graphs import engines
from graphs.pieces import Share
from graphs.ports import Context
from graphs.tasks import judging, lexicon
from graphs.tasks.changes import Add, Changed, Retire, Settle, applied
from graphs.tasks.extract import Candidate, Closing
from graphs.tasks.judging import Pair
from graphs.tasks.matching import Book, Doubt, anchor
from memory.models.facts import Fact
from memory.models.ids import ContainerId, ContentId, ConversationId, MessageId

VERSION = "rules-3"
_ROUNDS = 8
_DECIDES_WITHIN = timedelta(days=7)
MOST_DOUBTS = 8
"""Pairs that a model is asked about at once."""


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
    contents: Mapping[MessageId, ContentId] = field(default_factory=dict)
    """The texts of the messages that all these rest on, as far as they are there still."""
    verdicts: Mapping[Doubt, bool] = field(default_factory=dict)
    """What a model said of pairs that the rules leave undecided."""


@dataclass(frozen=True, slots=True)
class Found:
    changes: tuple[Changed, ...]


class UnfoundedChange(ValueError):
    """A fact is settled or retired by nothing newer than itself: leave it as it is."""


async def run(given: Given, context: Context) -> Found:
    """Reconciles one container."""
    if context.model is not None:
        given = replace(given, verdicts=await _verdicts(given, context))
    found = rules(given)
    check(given, found)
    return found


def doubts(given: Given) -> dict[Doubt, Share[Pair]]:
    """What the rules leave undecided, the nearest to a yes first, as a model is asked about it; nobody is asked about
    what rests on words that are gone.
    """
    found = _book(given).doubts
    rests = {fact.fact_id: fact.evidence for fact in given.current}
    sides = {(anchor(each.evidence), each.statement): each.evidence for each in given.candidates}
    asked: dict[Doubt, Share[Pair]] = {}
    for doubt in sorted(found, key=lambda each: (-found[each], str(each.message_id), str(each.fact_id)))[:MOST_DOUBTS]:
        spans = (*rests.get(doubt.fact_id, ()), *sides.get((doubt.message_id, doubt.words), ()))
        messages = dict.fromkeys([*(span.message_id for span in spans), doubt.message_id])
        if doubt.fact_id in rests and all(each in given.contents for each in messages):
            pair = Pair(doubt.asks, doubt.statement, doubt.words)
            asked[doubt] = Share(pair, tuple(given.contents[each] for each in messages))
    return asked


async def _verdicts(given: Given, context: Context) -> dict[Doubt, bool]:
    asked = doubts(given)
    order = list(asked)
    made = await engines.ask(judging.FACTS, list(asked.values()), context, given.container_id)
    return {order[place]: verdict for place, verdict in made.by_model.items()}


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
    return _book(given).changes


def _book(given: Given) -> Book:
    """Each candidate finds its fact or becomes one; what lost its ground is retired; closings settle what is left."""
    quoted = {span.message_id for each in given.candidates for span in each.evidence}
    quoted |= {each.evidence.message_id for each in given.closings}
    reread = frozenset(message for each in given.extracted for message in each.message_ids)
    book = Book(given.container_id, given.current, frozenset(quoted), reread, given.texts, given.verdicts)
    candidates = sorted(given.candidates, key=lambda each: each.at)
    rest = [each for each in candidates if not book.take_exact(each)]
    for candidate in rest:
        book.take(candidate)
    book.retire({message: each.until for each in given.extracted for message in each.message_ids})
    book.close(given.closings)
    _settle_by_deciding(book, candidates)
    return book


def _settle_by_deciding(book: Book, candidates: Sequence[Candidate]) -> None:
    """Who promised to decide has done so with their next decision there."""
    for decided in candidates:
        if decided.kind != "decision" or decided.status != "decided" or decided.actor_id is None:
            continue
        spans = tuple(span.model_copy(update={"role": "settles"}) for span in decided.evidence if span.role == "states")
        for name in list(book.by_actor.get(("commitment", decided.actor_id), ())):
            fact = book.facts.get(name)
            if fact is None:
                continue  # retired a moment ago
            is_open = fact.status == "open" and fact.engine != "person"
            later = fact.valid_from < decided.at <= fact.valid_from + _DECIDES_WITHIN
            if is_open and later and lexicon.WILL_SETTLE.search(fact.statement.lower()):
                book.note(Settle(name, "done", spans, decided.at))


def check(given: Given, found: Found) -> None:
    """Raises `UnfoundedChange` when something is settled or retired that is not older than the reason given."""
    since = {fact.fact_id: fact.valid_from for fact in given.current}
    since.update({each.fact.fact_id: each.fact.valid_from for each in found.changes if isinstance(each, Add)})
    for each in found.changes:
        if isinstance(each, Settle | Retire) and not each.at > since[each.fact_id]:
            raise UnfoundedChange(f"Fact {each.fact_id} would end by what is no newer than it.")
