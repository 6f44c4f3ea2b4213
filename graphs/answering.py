"""A question: understand -> retrieve -> answer -> reply; an answer is verified sentence by sentence before it is kept.

What is asked of something is answered by the messages that `retrieve` weighed as answers, and by the facts that rest on
them; what is asked of the state of things (what do I owe?) by the facts of its time.

The answer is written for the question's viewer: in a channel for everybody who could open it, in private for the asker.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal, TypedDict
from uuid import UUID

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from graphs import days, finding, sentences
from graphs.desk import Desk, read_desk
from graphs.ports import Context
from graphs.sentences import Voice
from graphs.tasks import answer, understand, verify
from graphs.tasks.understand import QueryPlan
from graphs.wording import readable
from memory import answers, containers, facts, messages, outbox, people, results
from memory.answers import Question
from memory.database import Connection
from memory.messages import text_of
from memory.models.audience import Viewer
from memory.models.briefings import Answer
from memory.models.ids import AnswerId, FactId, MessageId, TeamId
from memory.models.people import Person
from memory.results import Result

MOST_MESSAGES = 12
MOST_FACTS = 300
FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC)
MISSED = timedelta(days=7)
"""How far back somebody is caught up who names no day."""


class State(TypedDict, total=False):
    answer_id: str
    viewer_kind: Literal["person", "channel"]
    viewer_id: str
    understood: bool
    found: list[tuple[str, str | None, float]]
    sure: float | None
    fact_ids: list[str]
    sources: int
    outbox_id: str | None


async def understand_question(state: State, runtime: Runtime[Context]) -> State:
    """What to look for: words, kinds of fact, people and days."""
    context = runtime.context
    asked = await _question(state, context)
    async with context.viewing(asked.viewer) as connection:
        everybody = await people.roster(connection, context.team_id)
    given = understand.Given(
        text=asked.question,
        asker=everybody.get(asked.asker_id) or _stranger(asked, context),
        people=tuple(everybody.values()),
        asked_at=asked.asked_at,
        bot_id=context.own_id,
    )
    plan = await understand.run(given, context, asked.viewer, (answers.words_of(asked.answer_id),))
    # Words do not go into a checkpoint: the plan is kept as its viewer's own text.
    kept = Result(
        input_hash=str(asked.answer_id),
        body=plan.model_dump_json(),
        viewer_id=asked.viewer_id,
        rests_on=(answers.words_of(asked.answer_id),),
    )
    async with context.viewing(asked.viewer) as connection:
        await results.keep(connection, context.team_id, "understand", understand.VERSION, [kept])
    return {"understood": True}


async def retrieve(state: State, runtime: Runtime[Context]) -> State:
    """The messages that answer, each with the one it answers, and facts; as far as the viewer may read them."""
    context = runtime.context
    asked = await _question(state, context)
    async with context.viewing(asked.viewer) as connection:
        plan = await _plan(connection, asked, context)
        names = {key: person.name for key, person in (await people.roster(connection, context.team_id)).items()}
    wanted = finding.Asked(
        question=asked.question, plan=plan, asker=asked.asker_id, asked_at=asked.asked_at, names=names
    )
    weighed = await finding.pick(wanted, asked.viewer, context, but=asked.question_message_id)
    found = [(str(e.message_id), str(e.about) if e.about else None, e.score) for e in weighed.order[:MOST_MESSAGES]]
    async with context.viewing(asked.viewer) as connection:
        if _is_weighed(plan):
            resting = await facts.resting_on(connection, [each.message_id for each in weighed.order[:MOST_MESSAGES]])
            known = list(dict.fromkeys(fact.fact_id for each in resting.values() for fact in each))
        else:
            first = asked.asked_at - MISSED if plan.form == "catch_up" else FIRST_DAY
            since, until = plan.since or first, plan.until or asked.asked_at
            known = await facts.current_for(connection, asked.viewer, since, until, MOST_FACTS)
    return {
        "found": found,
        "sure": weighed.sure if _is_weighed(plan) else None,
        "fact_ids": [str(each) for each in known],
    }


async def write_answer(state: State, runtime: Runtime[Context]) -> State:
    """Short sentences with their sources, without what those do not carry; or that nothing was found."""
    context = runtime.context
    asked = await _question(state, context)
    ranks = {MessageId(UUID(key)): rank for key, _, rank in state["found"]}
    about = {MessageId(UUID(key)): MessageId(UUID(other)) for key, other, _ in state["found"] if other}
    desk = await read_desk(context, asked.viewer, [], [FactId(UUID(each)) for each in state["fact_ids"]])
    async with context.viewing(asked.viewer) as connection:
        plan = await _plan(connection, asked, context)
        hits = await messages.read(connection, {*ranks, *about.values()})
        places = await containers.read(connection, {message.container_id for message in hits})
    desk = _here(desk.with_messages(hits, places), asked, plan)
    given = _to_answer(context.team_id, asked, plan, desk, ranks).model_copy(
        update={"about": about, "sure": state["sure"]}
    )
    texts = {message.message_id: text_of(message) for message in desk.messages}
    found = await answer.run(given, context, asked.viewer, texts, answers.words_of(asked.answer_id))
    told = [sentence for each in found.sentences if (sentence := await _verified(each, given, desk, context))]
    sources = {key: source for each in told for key in each.message_ids if (source := desk.source(key))}
    written = Answer(
        answer_id=asked.answer_id,
        text="\n".join(each.text for each in told) or answer.nothing(plan, given.names),
        sources=tuple(sources.values()),
        engine=found.engine if told else "rules",
    )
    wordings = desk.behind([*sources, *found.seen])
    async with context.viewing(asked.viewer) as connection:
        await answers.keep(connection, context.team_id, asked, written, wordings, context.clock.now())
    return {"sources": len(sources)}


async def reply(state: State, runtime: Runtime[Context]) -> State:
    """Intends the reply, where the question was asked."""
    context = runtime.context
    asked = await _question(state, context)
    async with context.viewing(asked.viewer) as connection:
        intended = await outbox.intend(
            connection,
            context.team_id,
            f"answer:{asked.answer_id}",
            "answer",
            asked.answer_id,
            at=context.clock.now(),
            person=asked.asker_id if asked.viewer_kind == "person" else None,
            channel=asked.channel,
            thread_ts=asked.thread_ts,
        )
        if intended:
            await context.outgoing.send(connection, intended)
    return {"outbox_id": str(intended) if intended else None}


def build() -> StateGraph[State, Context, State, State]:
    graph = StateGraph(State, context_schema=Context)
    graph.add_node("understand", understand_question)
    graph.add_node(retrieve)
    graph.add_node("answer", write_answer)
    graph.add_node(reply)
    graph.add_edge(START, "understand")
    graph.add_edge("understand", "retrieve")
    graph.add_edge("retrieve", "answer")
    graph.add_edge("answer", "reply")
    graph.add_edge("reply", END)
    return graph


async def _question(state: State, context: Context) -> Question:
    key = AnswerId(UUID(state["answer_id"]))
    viewer = Viewer(kind=state["viewer_kind"], viewer_id=UUID(state["viewer_id"]))
    async with context.viewing(viewer) as connection:
        asked = await answers.question(connection, key)
    if asked is None:
        raise ValueError(f"There is no question {key} for this viewer, or its words were erased.")
    return asked


async def _plan(connection: Connection, asked: Question, context: Context) -> QueryPlan:
    key = str(asked.answer_id)
    kept = await results.find(connection, context.team_id, "understand", understand.VERSION, [key])
    return QueryPlan.model_validate_json(kept[key])


def _is_weighed(plan: QueryPlan) -> bool:
    """Whether it is asked of something; else it is asked of the state of things, which facts tell."""
    return bool(plan.terms) and plan.form != "prepare"


def _here(desk: Desk, asked: Question, plan: QueryPlan) -> Desk:
    """Where it is asked of this channel or thread, the facts of that alone."""
    if plan.here is None:
        return desk
    inside = {
        message.message_id
        for message in desk.messages
        if message.container_id == asked.container_id
        and (plan.here == "channel" or asked.thread_ts in {message.thread_ts, message.external_ts})
    }
    return replace(desk, facts=tuple(f for f in desk.facts if {each.message_id for each in f.evidence} <= inside))


def _stranger(asked: Question, context: Context) -> Person:
    """Somebody who asks before we heard of them."""
    return Person(person_id=asked.asker_id, team_id=context.team_id, external_id="")


def _to_answer(
    team: TeamId, asked: Question, plan: QueryPlan, desk: Desk, ranks: Mapping[MessageId, float]
) -> answer.Given:
    places = {place.container_id: place.name for place in desk.containers}
    asker = desk.people.get(asked.asker_id)
    zone = asker.tz if asker else "UTC"
    hits = [
        answer.Hit(
            message_id=message.message_id,
            text=message.text,
            author_id=message.author_id,
            container=places.get(message.container_id, ""),
            posted_at=message.posted_at,
            rank=ranks.get(message.message_id, 0.0),
        )
        for message in desk.messages
    ]
    return answer.Given(
        question=asked.question,
        plan=plan,
        found=tuple(hit for hit in hits if hit.message_id in ranks),
        cited=tuple(hit for hit in hits if hit.message_id not in ranks),
        facts=desk.facts,
        names={key: person.name for key, person in desk.people.items()},
        team=team,
        tz=zone,
        today=days.local_day(asked.asked_at, zone),
        asker=asked.asker_id if asked.viewer_kind == "person" else None,
    )


async def _verified(
    sentence: answer.Sentence, given: answer.Given, desk: Desk, context: Context
) -> answer.Sentence | None:
    """The sentence, if its sources carry it."""
    cited = [message for message in desk.messages if message.message_id in sentence.message_ids]
    told = [fact for fact in desk.facts if {each.message_id for each in fact.evidence} & {*sentence.message_ids}]
    voice = Voice(team=given.team, names=given.names, today=given.today, tz=given.tz, reader=given.asker)
    people_of = [each for fact in told for each in (fact.actor_id, fact.counterparty_id)]
    people_of += [each for message in cited for each in (message.author_id, *message.mentions)]
    known = [given.names[each] for each in people_of if each and each in given.names]
    known += [place.name for place in desk.containers if place.container_id in {m.container_id for m in cited}]
    known += [day for fact in told for day in sentences.dates_in(fact, voice)]
    known += [days.on(days.local_day(message.posted_at, given.tz), given.today) for message in cited]
    found = await verify.run(
        verify.Given(
            text=sentence.text,
            evidence=tuple(readable(message.text, given.names, given.team) for message in cited),
            known=tuple(known),
            names=tuple(given.names.values()),
        ),
        context,
    )
    return sentence.model_copy(update={"text": found.text}) if found.text else None
