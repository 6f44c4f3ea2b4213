"""Fits: a fact and a query plan -> how well the fact is what was asked for."""

from datetime import datetime

from graphs.tasks.understand import QueryPlan
from memory.models.facts import Fact, FactKind, FactStatus

OPEN: frozenset[FactStatus] = frozenset({"open", "raised", "proposed"})
ORDER: tuple[FactKind, ...] = ("decision", "commitment", "update", "blocker", "question")
"""What matters first to somebody who was away."""
_STANDING: frozenset[FactStatus] = frozenset({"open", "raised", "decided", "proposed"})


def well(fact: Fact, plan: QueryPlan) -> float:
    """How well a fact fits the plan; 0 when it is not what was asked for."""
    if plan.kinds and fact.kind not in plan.kinds:
        return 0
    if not is_due(fact, plan) or not _in_span(fact.valid_from, plan) or not _of_people(fact, plan):
        return 0
    if plan.form == "prepare" and fact.status not in OPEN:
        return 0
    if not plan.kinds and not plan.span and plan.form == "answer":
        return 0
    still = 0.2 if fact.status in _STANDING else 0.0
    first = 0.1 * (len(ORDER) - ORDER.index(fact.kind)) if plan.form == "catch_up" else 0.0
    return 1 + still + first + min(max(fact.log_odds, -2), 2) / 20


def was_open(fact: Fact, asked_at: datetime | None) -> bool:
    """Whether it was when that was asked: an answer that is made anew says what became of it since."""
    since = bool(asked_at and fact.valid_to and fact.valid_to > asked_at)
    return since or fact.status in OPEN or fact.kind == "update"


def is_due(fact: Fact, plan: QueryPlan) -> bool:
    """Whether it is a promise that is due when the plan says, if it says so."""
    return plan.due is None or (fact.kind == "commitment" and plan.due.takes(fact.due))


def _of_people(fact: Fact, plan: QueryPlan) -> bool:
    if not plan.person_ids:
        return True
    meant = {*plan.person_ids}
    if plan.direction == "by":
        return fact.actor_id in meant
    if plan.direction == "to":
        return fact.counterparty_id in meant and (len(meant) == 1 or fact.actor_id in meant)
    if plan.form == "needed":
        ends = (fact.actor_id, fact.counterparty_id)
        of, by = ends if fact.kind == "commitment" else reversed(ends)
        whose = {plan.owner} if plan.owner else meant
        return of in whose and (by in meant - whose or meant <= whose)
    involved = {fact.actor_id, fact.counterparty_id}
    if plan.form == "prepare":
        return bool(meant & involved)
    return meant <= involved if fact.kind == "commitment" else bool(meant & involved)


def _in_span(at: datetime, plan: QueryPlan) -> bool:
    return not (plan.since and at < plan.since) and not (plan.until and at >= plan.until)
