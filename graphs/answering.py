"""A question: understand -> retrieve or recall -> answer; each sentence is verified, then kept and intended at once.

A sentence that corrects what was told goes from understand to propose: it is answered with what it would change. What
asks below a briefing why something stands in it goes to explain; what is wished of Daybook itself, to guide.

One run per thread: its checkpoint carries the turns of the talk from question to question, by their ids. What follows
on an earlier turn is read in full first; what asks of something told (who said that?) recalls that; all else retrieves.

The answer is written for the question's viewer: in a channel for everybody who could open it, in private for the asker.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict
from uuid import UUID

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from graphs import bounds, briefed, contesting, grounds, searching, talking
from graphs.desk import Desk
from graphs.ports import Context
from graphs.searching import Sought
from graphs.talking import Kept, Turn, Written
from graphs.tasks import answer, understand, unfound, wishes
from graphs.tasks.follow import READ_ALOUD, SEARCHED
from graphs.tasks.followups import Kind
from graphs.tasks.weigh import Weighed
from memory import answers, people
from memory.answers import Question
from memory.database import Connection
from memory.messages import text_of
from memory.models.audience import Viewer
from memory.models.briefings import Answer
from memory.models.ids import AnswerId, ContentId, FactId, MessageId
from memory.models.people import Person
from memory.people import Roster


class State(TypedDict, total=False):
    answer_id: str
    viewer_kind: Literal["person", "channel"]
    viewer_id: str
    reading: Kind
    amends: bool
    wish: wishes.Wish | None
    of: str | None
    told: list[str]
    told_facts: list[str]
    found: list[tuple[str, str | None, float]]
    sure: float | None
    fact_ids: list[str]
    waiting: list[str]
    sources: int
    turns: list[Turn]


@dataclass(frozen=True)
class Read:
    """A question as it was put and as it was read, and whom the team has."""

    asked: Question
    reading: Kept
    everybody: Roster


async def understand_question(state: State, runtime: Runtime[Context]) -> State:
    """What is asked, given what was talked of in this thread; and what of that is meant, or is not to be told again."""
    context, turns = runtime.context, state.get("turns", [])
    async with context.viewing(_viewer(state)) as connection:
        asked = await _question(connection, state)
        everybody = await people.roster(connection, context.team_id)
        known = await talking.known(connection, asked, turns, context)
    if wish := wishes.read(talking.without_daybook(asked.question, context)):
        return {"amends": False, "wish": wish}
    if await contesting.read(asked, known, everybody, context):
        return {"amends": True, "wish": None}
    kept = known.own or await _understood(asked, known, everybody, context)
    context.kept[Read] = Read(asked, kept, everybody)
    told, told_facts = talking.told_in(turns, kept)
    return {
        "amends": False,
        "wish": None,
        "reading": kept.kind,
        "of": str(kept.of) if kept.of else None,
        "told": [str(each) for each in told],
        "told_facts": [str(each) for each in told_facts],
    }


def after_understand(state: State) -> Literal["retrieve", "recall", "propose", "explain", "guide"]:
    if state.get("wish"):
        return "guide"
    if state["amends"]:
        return "propose"
    if state["reading"] == "briefed":
        return "explain"
    return "retrieve" if state["reading"] in SEARCHED else "recall"


async def retrieve(state: State, runtime: Runtime[Context]) -> State:
    """The messages that answer, each with the one it answers, and facts; as far as the viewer may read them."""
    context = runtime.context
    read = await _read(state, context)
    asked = read.asked.model_copy(update={"question": read.reading.question})
    more = state["reading"] == "more"
    besides = state["told"] if more else None
    sought = await searching.search(asked, read.reading.plan, read.everybody.names, context, besides=besides)
    old = {*state["told_facts"]} if more else set()
    return {
        "found": [(str(e.message_id), str(e.about) if e.about else None, e.score) for e in sought.found],
        "sure": sought.sure,
        "fact_ids": [str(each) for each in sought.fact_ids if str(each) not in old],
        "waiting": [str(each) for each in sought.waiting],
    }


async def recall_told(state: State, runtime: Runtime[Context]) -> State:  # noqa: ARG001 - a node of this graph
    """What was told before, of which something is asked: it is read anew by the rights of this moment."""
    return {
        "found": [(each, None, 0.0) for each in state["told"]],
        "sure": None,
        "fact_ids": state["told_facts"],
        "waiting": [],
    }


async def propose(state: State, runtime: Runtime[Context]) -> State:
    """What would be otherwise by the asker's word, or what has to be asked back: nothing is changed yet."""
    context = runtime.context
    async with context.viewing(_viewer(state)) as connection:
        asked = await _question(connection, state)
        found = await contesting.find(connection, context.team_id, asked.answer_id)
    if found is None:
        raise ValueError(f"How {asked.answer_id} was read is gone.")
    return await _told_of(state, asked, await contesting.write(asked, found, context), context)


async def explain(state: State, runtime: Runtime[Context]) -> State:
    """What put entries of the briefing above into it, as its reader may read them at this moment."""
    context = runtime.context
    read = await _read(state, context)
    return await _told_of(state, read.asked, await briefed.write(read.asked, read.reading, context), context)


async def guide(state: State, runtime: Runtime[Context]) -> State:
    """Where somebody finds, or has changed, what Daybook holds about them, and what else it does."""
    context, wish = runtime.context, state["wish"]
    async with context.viewing(_viewer(state)) as connection:
        asked = await _question(connection, state)
    return await _told_of(state, asked, Written(text=wishes.TOLD[wish] if wish else ""), context)


async def write_answer(state: State, runtime: Runtime[Context]) -> State:
    """Short sentences with their sources, without what those do not carry; or that nothing was found."""
    context = runtime.context
    read = await _read(state, context)
    reading = read.reading
    asked = read.asked.model_copy(update={"question": reading.question})
    async with context.viewing(asked.viewer) as connection:
        desk, given = await searching.gather(
            connection, asked, reading.plan, _sought(state), context, here=reading.kind in SEARCHED
        )
    if reading.kind == "changed":
        given = given.model_copy(update={"found": talking.narrowed(given.found, reading.plan, asked.asker_id, desk)})
    behind = talking.words_behind(reading) if state["reading"] in SEARCHED | READ_ALOUD else ()
    found, otherwise = await _answered(state, given, desk, behind, asked, context)
    told = [sentence for each in found.sentences if (sentence := await grounds.verified(each, given, desk, context))]
    shown, text = told, "\n".join(filter(None, [found.lead, *(each.text for each in told)])) if told else otherwise
    if reading.kind in SEARCHED:
        shown, text = bounds.framed(told, otherwise, asked, given, desk)
    sources = {key: source for each in shown for key in each.message_ids if (source := desk.source(key))}
    written = Answer(
        answer_id=asked.answer_id,
        text=text,
        sources=tuple(sources.values()),
        engine=found.engine if told else "rules",
        lines=grounds.by_line(text, shown, [*sources]),
    )
    await _keep(asked, written, (*behind, *desk.behind([*sources, *found.seen])), context)
    turn = Turn(
        answer_id=str(asked.answer_id),
        of=state["of"],
        asked_at=asked.asked_at.isoformat(),
        message_ids=[str(key) for key in dict.fromkeys(key for each in told for key in each.message_ids)],
        fact_ids=[str(each) for each in talking.facts_told(told, desk, given.voice)],
    )
    return {"sources": len(sources), "turns": talking.with_turn(state.get("turns", []), turn)}


def build() -> StateGraph[State, Context, State, State]:
    graph = StateGraph(State, context_schema=Context)
    graph.add_node("understand", understand_question)
    graph.add_node(retrieve)
    graph.add_node("recall", recall_told)
    graph.add_node(propose)
    graph.add_node(explain)
    graph.add_node(guide)
    graph.add_node("answer", write_answer)
    graph.add_edge(START, "understand")
    graph.add_conditional_edges("understand", after_understand)
    graph.add_edge("retrieve", "answer")
    graph.add_edge("recall", "answer")
    graph.add_edge("answer", END)
    graph.add_edge("propose", END)
    graph.add_edge("explain", END)
    graph.add_edge("guide", END)
    return graph


def _viewer(state: State) -> Viewer:
    return Viewer(kind=state["viewer_kind"], viewer_id=UUID(state["viewer_id"]))


async def _question(connection: Connection, state: State) -> Question:
    key = AnswerId(UUID(state["answer_id"]))
    asked = await answers.question(connection, key)
    if asked is None:
        raise ValueError(f"There is no question {key} for this viewer, or its words were erased.")
    return asked


async def _read(state: State, context: Context) -> Read:
    """The question as this run read it; one that goes on where another stopped looks it up.

    Where its words are erased meanwhile, what is made of them can no longer be kept.
    """
    found: Read | None = context.kept.get(Read)
    if found is None:
        async with context.viewing(_viewer(state)) as connection:
            asked = await _question(connection, state)
            reading = await talking.reading(connection, asked, context)
            found = Read(asked, reading, await people.roster(connection, context.team_id))
        context.kept[Read] = found
    return found


async def _understood(asked: Question, known: talking.Known, everybody: Roster, context: Context) -> Kept:
    """What to look for, words, kinds of fact, people and days; after what was asked before it. Kept for later turns."""
    given = understand.Given(
        text=wishes.question_in(asked.question),
        asker=everybody.get(asked.asker_id) or _stranger(asked, context),
        people=everybody.everybody,
        asked_at=asked.asked_at,
        bot_id=context.own_id,
    )
    plan = await understand.run(given, context, asked.viewer, (answers.words_of(asked.answer_id),))
    plan = await bounds.settle(plan, asked, everybody, context)
    found = await briefed.read(asked, plan, known, everybody, context)
    return found or await talking.read(asked, plan, known, everybody, context)


async def _answered(
    state: State, given: answer.Given, desk: Desk, behind: tuple[ContentId, ...], asked: Question, context: Context
) -> tuple[answer.Found, str]:
    """The sentences, and what to say when none of them is left."""
    if state["reading"] in SEARCHED:
        texts = {message.message_id: text_of(message) for message in desk.messages}
        origins = (answers.words_of(asked.answer_id), *behind)
        found = await answer.run(given, context, asked.viewer, texts, *origins)
        more = unfound.no_more if state["reading"] == "more" and state["told"] else unfound.nothing
        return found, more(given.plan, given.names, given.asker)
    told, told_facts = ([*map(UUID, state["told"])], [*map(UUID, state["told_facts"])])
    return talking.recalled(state["reading"], told, told_facts, given, given.voice)


async def _told_of(state: State, asked: Question, made: Written, context: Context) -> State:
    """Keeps what was written, and the talk with this turn."""
    written = Answer(answer_id=asked.answer_id, text=made.text, sources=made.sources)
    await _keep(asked, written, made.rests_on, context)
    turn = Turn(
        answer_id=str(asked.answer_id),
        of=None,
        asked_at=asked.asked_at.isoformat(),
        message_ids=[str(each.message_id) for each in made.sources],
        fact_ids=[str(each) for each in made.fact_ids],
    )
    return {"sources": len(made.sources), "turns": talking.with_turn(state.get("turns", []), turn)}


async def _keep(asked: Question, written: Answer, rests_on: Sequence[ContentId], context: Context) -> None:
    """Keeps the answer, and intends it, once, as the reply where the question was asked."""
    key, now = f"answer:{asked.answer_id}", context.clock.now()
    async with context.viewing(asked.viewer) as connection:
        intended = await answers.intend(connection, context.team_id, asked, key, "answer", asked.answer_id, at=now)
        if intended:  # nobody else enqueues this: it may be done before the team's log waits for this transaction
            await context.outgoing.send(connection, intended)
        await answers.keep(connection, context.team_id, asked, written, rests_on, now)


def _sought(state: State) -> Sought:
    return Sought(
        found=tuple(
            Weighed(message_id=MessageId(UUID(key)), about=MessageId(UUID(other)) if other else None, score=rank)
            for key, other, rank in state["found"]
        ),
        sure=state["sure"],
        fact_ids=tuple(FactId(UUID(each)) for each in state["fact_ids"]),
        waiting=tuple(MessageId(UUID(each)) for each in state.get("waiting", [])),
    )


def _stranger(asked: Question, context: Context) -> Person:
    """Somebody who asks before we heard of them."""
    return Person(person_id=asked.asker_id, team_id=context.team_id, external_id="")
