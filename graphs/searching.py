"""Searching: a question as it was read -> the messages that answer it and the facts; and all an answer is written from.

Everything as the question's viewer may read it at this moment. What is asked of something is answered by the messages
that were weighed as answers, and by the facts that rest on them; what is asked of the state of things (what do I owe?)
by the facts of its time.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from graphs import bounds, finding, grounds, talking
from graphs.desk import Desk
from graphs.ports import Context
from graphs.relevance import Light
from graphs.tasks import answer, weigh
from graphs.tasks.understand import QueryPlan
from graphs.tasks.weigh import Weighed
from memory import facts, messages
from memory.answers import Question
from memory.database import Connection
from memory.models.base import Model
from memory.models.facts import Resting
from memory.models.ids import FactId, MessageId, PersonId

MOST_MESSAGES = 12
MOST_FACTS = 300
_MOST_WAITING = 20
"""Messages to somebody that are looked at for requests."""
FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC)
MISSED = timedelta(days=7)
"""How far back somebody is caught up who names no day."""


class Sought(Model):
    """`sure`: by how much what was found is enough; None for a question of the state of things.

    `waiting` are the messages that ask those who are meant for something.
    """

    found: tuple[Weighed, ...]
    sure: float | None
    fact_ids: tuple[FactId, ...]
    waiting: tuple[MessageId, ...] = ()


async def search(
    asked: Question,
    plan: QueryPlan,
    names: Mapping[PersonId, str],
    context: Context,
    *,
    besides: Iterable[str] | None = None,
) -> Sought:
    """What answers the question; where more is asked for, that which is none of `besides`."""
    if bounds.is_closed(plan):
        return Sought(found=(), sure=None, fact_ids=())
    weighed = weigh.Found()
    resting: Mapping[MessageId, Sequence[Resting]] = {}
    if is_weighed(plan) or context.model is not None:  # of the state of things, messages tell a model alone
        wanted = finding.Asked(
            question=asked.question, plan=plan, asker=asked.asker_id, asked_at=asked.asked_at, names=names
        )
        weighed, resting = await finding.pick(wanted, asked.viewer, context, but=asked.question_message_id)
    if besides is not None:
        weighed = talking.further(weighed, besides)
    order = weighed.order[:MOST_MESSAGES]
    if is_weighed(plan):
        known = list(dict.fromkeys(fact.fact_id for each in order for fact in resting.get(each.message_id, ())))
        return Sought(found=order, sure=weighed.sure, fact_ids=tuple(known))
    async with context.viewing(asked.viewer) as connection:
        known = await _state_of_things(connection, asked, plan)
        waiting = await _waiting(connection, asked, plan)
    old = {*(besides or ())}
    waiting = tuple(each for each in waiting if str(each) not in old)
    return Sought(found=order, sure=None, fact_ids=tuple(known), waiting=waiting)


async def gather(
    connection: Connection, asked: Question, plan: QueryPlan, sought: Sought, context: Context, *, here: bool
) -> tuple[Desk, answer.Given]:
    """What an answer is written from, and what its sentences are held against; `here`: of the place asked of alone.

    Call it as the question's viewer.
    """
    ranks = {each.message_id: each.score for each in sought.found}
    about = {each.message_id: each.about for each in sought.found if each.about}
    waiting = sought.waiting
    dating = bounds.anchor(plan) if here else ()
    shown = {*ranks, *about.values(), *dating, *waiting}
    desk = await grounds.read(connection, context, sought.fact_ids, shown)
    if here:
        desk = grounds.here(desk, asked, plan)
        inside = {each.message_id for each in desk.messages if grounds.is_here(each, asked, plan)}
        ranks = {key: score for key, score in ranks.items() if key in inside}
        waiting = tuple(key for key in waiting if key in inside)
    given = grounds.to_answer(context.team_id, asked, plan, desk, ranks)
    return desk, given.model_copy(update={"about": about, "sure": sought.sure, "waiting": waiting})


def is_weighed(plan: QueryPlan) -> bool:
    """Whether it is asked of something; else it is asked of the state of things, which facts tell."""
    return bool(plan.terms) and plan.form != "prepare"


async def _state_of_things(connection: Connection, asked: Question, plan: QueryPlan) -> list[FactId]:
    """The latest facts that may fit the plan, whatever else was said since."""
    first = asked.asked_at - MISSED if plan.form == "catch_up" else FIRST_DAY
    if plan.due and plan.still_open:
        first = asked.asked_at
    current = await facts.current_for(
        connection,
        asked.viewer,
        plan.since or first,
        plan.until or asked.asked_at,
        MOST_FACTS,
        kinds=plan.kinds,
        people=plan.person_ids,
        place=asked.container_id if plan.here else None,
        due=(plan.due.since, plan.due.before) if plan.due else None,
    )
    return talking.meant(await facts.read(connection, current), plan, asked.asker_id)


async def _waiting(connection: Connection, asked: Question, plan: QueryPlan) -> tuple[MessageId, ...]:
    """The requests to those who have something to do, or before a meeting to who asks, that got no answer from them."""
    people = {*plan.person_ids}
    whose = {"needed": {plan.owner} if plan.owner else people, "prepare": {asked.asker_id}}.get(plan.form)
    if not whose or plan.due:
        return ()
    since, until = plan.since or asked.asked_at - MISSED, plan.until or asked.asked_at
    found = await messages.waiting(
        connection, asked.viewer, whose, since, until, _MOST_WAITING, authors=people - {*whose}
    )
    return tuple(each.message_id for each in map(Light.of, found) if each.asks and not each.is_idle)
