"""What can happen to a fact, and what it looks like afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from memory.models.facts import ENDED, EngineName, Evidence, Fact, FactStatus
from memory.models.ids import ConversationId, FactId, PersonId


@dataclass(frozen=True, slots=True)
class Add:
    fact: Fact


@dataclass(frozen=True, slots=True)
class Confirm:
    """The fact has more evidence; `log_odds` is what its confidence is now."""

    fact_id: FactId
    evidence: tuple[Evidence, ...]
    log_odds: float


@dataclass(frozen=True, slots=True)
class Settle:
    fact_id: FactId
    status: FactStatus
    evidence: tuple[Evidence, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """The fact reads differently now; every field is the new value, `evidence` is what is new or moved in it.

    `engine` is set where another one concludes it now.
    """

    fact_id: FactId
    statement: str
    due: date | None
    status: FactStatus
    actor_id: PersonId | None
    counterparty_id: PersonId | None
    conversation_id: ConversationId
    evidence: tuple[Evidence, ...]
    engine: EngineName | None = None
    engine_version: str = ""

    def differs(self, fact: Fact) -> bool:
        return self.engine is not None or (
            self.statement,
            self.due,
            self.status,
            self.actor_id,
            self.counterparty_id,
            self.conversation_id,
        ) != (
            fact.statement,
            fact.due,
            fact.status,
            fact.actor_id,
            fact.counterparty_id,
            fact.conversation_id,
        )


@dataclass(frozen=True, slots=True)
class Retire:
    fact_id: FactId
    at: datetime


Changed = Add | Confirm | Settle | Change | Retire


def applied(current: Sequence[Fact], changes: Sequence[Changed]) -> tuple[Fact, ...]:
    """The facts as they stand after the changes, retired ones left out: what is to be recorded."""
    facts = {fact.fact_id: fact for fact in current}
    for each in changes:
        apply(facts, each)
    return tuple(facts.values())


def before_moves(current: Sequence[Fact], changes: Sequence[Changed]) -> tuple[tuple[Fact, ...], ...]:
    """The facts as they stood before each change of a date: recorded first, so that the earlier date is not forgotten.

    One round after the other; in each, a fact stands at most once.
    """
    known = {fact.fact_id: fact for fact in current}
    facts, rounds = dict(known), list[dict[FactId, Fact]]()
    for each in changes:
        if isinstance(each, Change) and each.fact_id in facts and any(span.role == "changes" for span in each.evidence):
            before = facts[each.fact_id]
            if before != known.get(each.fact_id):
                place = sum(each.fact_id in earlier for earlier in rounds)
                rounds += [{}] if place == len(rounds) else []
                rounds[place][each.fact_id] = before
        apply(facts, each)
    return tuple(tuple(fact for name, fact in each.items() if name in facts) for each in rounds)


def apply(facts: dict[FactId, Fact], change: Changed) -> None:
    """Brings one change to the facts; what happens to a fact that is not there happens to nobody."""
    if isinstance(change, Add):
        facts[change.fact.fact_id] = change.fact
    elif isinstance(change, Retire):
        facts.pop(change.fact_id, None)
    elif change.fact_id in facts:
        facts[change.fact_id] = _after(facts[change.fact_id], change)


def _after(fact: Fact, change: Confirm | Settle | Change) -> Fact:
    evidence = _with(fact.evidence, change.evidence)
    if isinstance(change, Confirm):
        return fact.model_copy(update={"evidence": evidence, "log_odds": change.log_odds})
    if isinstance(change, Settle):
        ended = change.at if change.status in ENDED else None
        return fact.model_copy(update={"evidence": evidence, "status": change.status, "valid_to": ended})
    if fact.status != change.status and change.status not in ENDED:
        evidence = tuple(span for span in evidence if span.role != "settles")
    return fact.model_copy(
        update={
            "evidence": evidence,
            "statement": change.statement,
            "due": change.due,
            "status": change.status,
            "actor_id": change.actor_id,
            "counterparty_id": change.counterparty_id,
            "conversation_id": change.conversation_id,
            "valid_to": fact.valid_to if change.status in ENDED else None,
            "engine": change.engine or fact.engine,
            "engine_version": change.engine_version if change.engine else fact.engine_version,
        }
    )


def _with(evidence: tuple[Evidence, ...], new: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """One span for each message and role: a new one takes the place of the old."""
    spans = {(span.message_id, span.role): span for span in evidence}
    spans.update({(span.message_id, span.role): span for span in new})
    return tuple(spans.values())
