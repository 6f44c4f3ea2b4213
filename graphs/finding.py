"""Finding: a question and its plan -> the messages that may hold the answer, best first, as its viewer may read them.

The store finds candidates by words and by vectors; `retrieve` puts them in order by what stands in and around them;
`weigh` looks at the conversations of the best, and says which messages answer.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from graphs.indexing import space_of
from graphs.ports import Context
from graphs.tasks import retrieve, weigh
from graphs.tasks.asked import without_names
from graphs.tasks.understand import QueryPlan
from graphs.wording import readable
from memory import facts, messages, retrieval
from memory.models.audience import Viewer
from memory.models.base import Model
from memory.models.facts import Resting
from memory.models.ids import MessageId, PersonId
from memory.models.messages import Message
from memory.models.retrieval import Hit, Query, Surrounded, Words

CANDIDATES = 300
"""How many messages are looked at closely."""
ANSWERING = 100
"""How many of them where only the best matter."""
MOST_IN_ALL = 1000
"""How many are found of which those in one channel are looked at."""
WEIGHED = 40
"""Of how many of the best the conversations are looked at."""


class Asked(Model):
    """`names` are those of all who may be meant, by the people's ids."""

    question: str
    plan: QueryPlan
    asker: PersonId
    asked_at: datetime
    names: Mapping[PersonId, str]


async def find(asked: Asked, viewer: Viewer, context: Context) -> retrieve.Found:
    """Every candidate among the messages that the viewer may read at this moment, best first."""
    return (await _find(asked, viewer, context, CANDIDATES))[0]


async def pick(
    asked: Asked, viewer: Viewer, context: Context, *, but: MessageId
) -> tuple[weigh.Found, Mapping[MessageId, Sequence[Resting]]]:
    """The messages that answer the question, best first, and the facts that rest on those that were looked at.

    All as the viewer may read it at this moment. `but` is the question itself, and so is everything else that was put
    to Daybook: none of it answers.
    """
    ranked, counted = await _find(asked, viewer, context, MOST_IN_ALL if asked.plan.place else ANSWERING)
    found = {each.message_id: each.score for each in ranked.ranked if each.message_id != but}
    best = dict(list(found.items())[:WEIGHED])
    async with context.viewing(viewer) as connection:
        placed = await messages.talks(connection, best, weigh.REACH)
        known = {message.message_id for talk in placed for message in talk}
        alone = await messages.read(connection, best.keys() - known)
        shown = [*known, *(message.message_id for message in alone)]
        resting = await facts.resting_on(connection, shown)
    talks = [
        [each for each in talk if not _put_to(each, but, context)] for talk in (*placed, *([one] for one in alone))
    ]
    given = weigh.Given(
        question=asked.question,
        asker=asked.asker,
        plan=asked.plan,
        names=asked.names,
        talks=tuple(tuple(_line(each, asked, resting, context) for each in talk) for talk in talks if talk),
        found=best,
        counted=counted,
    )
    return await weigh.run(given, context), resting


async def _find(asked: Asked, viewer: Viewer, context: Context, most: int) -> tuple[retrieve.Found, retrieve.Counted]:
    query = await _query(asked, context)
    wanted = retrieve.words_to_count(asked.question, asked.plan, asked.names)
    async with context.viewing(viewer) as connection:
        hits = await retrieval.search(connection, viewer, query, most)
        if asked.plan.place is not None:
            said = await messages.read(connection, [hit.message_id for hit in hits])
            inside = {each.message_id for each in said if each.container_id == asked.plan.place.container_id}
            hits = [hit for hit in hits if hit.message_id in inside]
        frequencies = await retrieval.frequencies(connection, viewer, wanted)
        found = await retrieval.surrounded(connection, [hit.message_id for hit in hits], retrieve.NEIGHBOURS)
    around = {each.message_id: each for each in found}
    counted = retrieve.Counted(messages=frequencies.messages, holding=frequencies.holding)
    given = retrieve.Given(
        question=asked.question,
        asker=asked.asker,
        asked_at=asked.asked_at,
        plan=asked.plan,
        names=asked.names,
        candidates=tuple(_candidate(hit, around[hit.message_id]) for hit in hits if hit.message_id in around),
        counted=counted,
    )
    return await retrieve.run(given, context), counted


def _put_to(message: Message, question: MessageId, context: Context) -> bool:
    return message.message_id == question or context.daybook in {message.author_id, *message.mentions}


def _line(
    message: Message, asked: Asked, resting: Mapping[MessageId, Sequence[Resting]], context: Context
) -> weigh.Line:
    return weigh.Line(
        message_id=message.message_id,
        author_id=message.author_id,
        text=readable(message.text, asked.names, context.team_id),
        posted_at=message.posted_at,
        is_human=message.kind == "human",
        names_somebody=bool(message.mentions),
        stated=tuple(map(_stated, resting.get(message.message_id, ()))),
    )


def _stated(resting: Resting) -> weigh.Stated:
    people = (resting.actor_id, resting.counterparty_id)
    return weigh.Stated(
        fact_id=resting.fact_id,
        kind=resting.kind,
        status=resting.status,
        settles=resting.role == "settles",
        people=tuple(person for person in people if person),
    )


async def _query(asked: Asked, context: Context) -> Query:
    """People are no words: they are those whose messages are preferred. What happened may be told a little later, but
    what was so as of a day was told by then.
    """
    words = retrieve.words_to_seek(asked.question, asked.plan, asked.names)
    others = tuple(person for person in asked.plan.person_ids if person != asked.asker)
    until = asked.plan.until
    if until and asked.plan.since:
        until += retrieve.GRACE
    query = Query(words=words, people=others, since=asked.plan.since, until=until)
    if context.embedder is None:
        return query
    (vector,) = await context.embedder.embed([without_names(asked.question, asked.plan, asked.names)])
    return query.model_copy(update={"space": space_of(context.embedder), "vector": tuple(vector)})


def _candidate(hit: Hit, found: Surrounded) -> retrieve.Candidate:
    return retrieve.Candidate(
        message_id=hit.message_id,
        author_id=found.author_id,
        text=found.text,
        posted_at=found.posted_at,
        before=_said(found.before),
        after=_said(found.after),
        lexical=hit.lexical,
        similarity=hit.similarity,
    )


def _said(words: tuple[Words, ...]) -> tuple[retrieve.Said, ...]:
    return tuple(retrieve.Said(each.author_id, each.text) for each in words)
