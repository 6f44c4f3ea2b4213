"""Beside an answer in a channel: look -> offer; what its asker alone may read is offered to them in private.

One run per question, once its answer is posted: nothing of it can reach that. The question is searched a second time,
as its asker may read, and answered by rules; what of that answer stands in places that the channel may not read is
counted. Of what the asker may not read there is nothing in it, since it is theirs to read from its first query on.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Literal, TypedDict
from uuid import UUID

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from graphs import grounds, searching, talking
from graphs.ports import Context
from graphs.tasks import answer
from memory import answers, containers, messages, offers, people
from memory.answers import Question
from memory.models.audience import Viewer
from memory.models.ids import AnswerId, ContainerId, MessageId, PersonId

FRESH = timedelta(hours=1)
"""What was asked longer ago is offered no more."""
_ASKED_IN_FULL = frozenset({"new", "changed"})
"""The others ask of what was told in the channel's own talk."""


class State(TypedDict, total=False):
    answer_id: str
    channel_id: str
    asker_id: str
    message_ids: list[str]


async def look(state: State, runtime: Runtime[Context]) -> State:
    """The messages that would answer the asker, and that the channel may not read."""
    context = replace(runtime.context, model=None)  # a model is asked once they want to read it
    channel = Viewer.channel(ContainerId(UUID(state["channel_id"])))
    async with context.viewing(channel) as connection:
        asked = await answers.question(connection, AnswerId(UUID(state["answer_id"])))
        kept = await talking.reading_of(connection, asked.answer_id, context.team_id) if asked else None
        open_to_all = await containers.readable(connection, channel)
    if asked is None or kept is None or kept.kind not in _ASKED_IN_FULL or kept.plan.here is not None:
        return {"message_ids": []}
    own = asked.model_copy(update={"viewer_kind": "person", "viewer_id": asked.asker_id, "question": kept.question})
    async with context.viewing(own.viewer) as connection:
        readable = await containers.readable(connection, own.viewer)
    late = context.clock.now() - asked.asked_at > FRESH
    if late or channel.viewer_id not in readable or readable <= open_to_all:
        return {"message_ids": []}
    cited = await _cited(own, kept, context)
    async with context.viewing(own.viewer) as connection:
        said = await messages.read(connection, cited)
    found = [str(each.message_id) for each in said if each.container_id not in open_to_all]
    return {"asker_id": str(asked.asker_id), "message_ids": found}


def after_look(state: State) -> Literal["offer", "__end__"]:
    return "offer" if state["message_ids"] else "__end__"


async def offer(state: State, runtime: Runtime[Context]) -> State:
    """Notes what is offered, and intends to say so, to the asker alone, where they asked."""
    context, key = runtime.context, AnswerId(UUID(state["answer_id"]))
    channel, asker = ContainerId(UUID(state["channel_id"])), PersonId(UUID(state["asker_id"]))
    async with context.viewing(Viewer.channel(channel)) as connection:
        asked = await answers.question(connection, key)
    if asked is None:
        return {}
    found = [MessageId(UUID(each)) for each in state["message_ids"]]
    now = context.clock.now()
    async with context.viewing(Viewer.person(asker)) as connection:
        name = await offers.make(connection, context.team_id, key, asker, channel, found, now)
        intended = await answers.intend(
            connection, context.team_id, asked, f"offer:{name}", "offer", name, at=now, operation="ephemeral"
        )
        if intended:
            await context.outgoing.send(connection, intended)
    return {}


def build() -> StateGraph[State, Context, State, State]:
    graph = StateGraph(State, context_schema=Context)
    graph.add_node(look)
    graph.add_node(offer)
    graph.add_edge(START, "look")
    graph.add_conditional_edges("look", after_look)
    graph.add_edge("offer", END)
    return graph


async def _cited(asked: Question, kept: talking.Kept, context: Context) -> list[MessageId]:
    """What the answer to this would cite, by rules."""
    async with context.viewing(asked.viewer) as connection:
        names = {key: person.name for key, person in (await people.roster(connection, context.team_id)).items()}
    sought = await searching.search(asked, kept.plan, names, context)
    async with context.viewing(asked.viewer) as connection:
        desk, given = await searching.gather(connection, asked, kept.plan, sought, context, here=True)
    found = answer.rules(given)
    answer.check(given, found)
    told = [one for each in found.sentences if (one := await grounds.verified(each, given, desk, context))]
    return list(dict.fromkeys(key for each in told for key in each.message_ids))
