"""Finding: a question and its plan -> the messages that may hold the answer, best first, as its viewer may read them.

The store finds candidates by words and by vectors; `retrieve` puts them in order by what stands in and around them.
"""

from collections.abc import Mapping
from datetime import datetime

from graphs.indexing import space_of
from graphs.ports import Context
from graphs.tasks import retrieve
from graphs.tasks.asked import without_names
from graphs.tasks.understand import QueryPlan
from memory import retrieval
from memory.models.audience import Viewer
from memory.models.base import Model
from memory.models.ids import PersonId
from memory.models.retrieval import Hit, Query, Surrounded, Words

CANDIDATES = 300
"""How many messages are looked at closely."""


class Asked(Model):
    """`names` are those of all who may be meant, by the people's ids."""

    question: str
    plan: QueryPlan
    asker: PersonId
    asked_at: datetime
    names: Mapping[PersonId, str]


async def find(asked: Asked, viewer: Viewer, context: Context) -> retrieve.Found:
    """Every candidate among the messages that the viewer may read at this moment, best first."""
    query = await _query(asked, context)
    counted = retrieve.words_to_count(asked.question, asked.plan, asked.names)
    async with context.viewing(viewer) as connection:
        hits = await retrieval.search(connection, viewer, query, CANDIDATES)
        frequencies = await retrieval.frequencies(connection, viewer, counted)
        found = await retrieval.surrounded(connection, [hit.message_id for hit in hits], retrieve.NEIGHBOURS)
    said = {each.message_id: each for each in found}
    given = retrieve.Given(
        question=asked.question,
        asker=asked.asker,
        asked_at=asked.asked_at,
        plan=asked.plan,
        names=asked.names,
        candidates=tuple(_candidate(hit, said[hit.message_id]) for hit in hits if hit.message_id in said),
        counted=retrieve.Counted(messages=frequencies.messages, holding=frequencies.holding),
    )
    return await retrieve.run(given, context)


async def _query(asked: Asked, context: Context) -> Query:
    """People are no words: they are those whose messages are preferred. What happened may be told a little later."""
    words = retrieve.words_to_seek(asked.question, asked.plan, asked.names)
    others = tuple(person for person in asked.plan.person_ids if person != asked.asker)
    until = asked.plan.until + retrieve.GRACE if asked.plan.until else None
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
