"""A container's messages: collect -> segment -> describe -> extract -> reconcile -> record.

Shared by all readers: a run works out a batch of one container, and costs the same however long its history is.
Words stay in the tables; the state carries ids.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Literal, TypedDict
from uuid import UUID

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from pydantic import TypeAdapter

from graphs.ports import Context
from graphs.tasks import describe, extract, reconcile, segment
from memory import conversations, events, facts, messages, people, results
from memory.database import Connection
from memory.messages import text_of
from memory.models.conversations import Conversation
from memory.models.events import Event
from memory.models.ids import ContainerId, ContentId, ConversationId, MessageId, derive
from memory.models.messages import Message
from memory.results import Result

BATCH = 500
"""Messages a run places; what is left is for the next run."""
LOOK_BACK = 200
"""Placed messages that new ones may continue."""
TOUCHED = 600
"""Changed conversations a run works out."""
MEMORY = timedelta(days=14)
"""How long a settled fact may still be confirmed or reversed by what is said later."""

_candidates = TypeAdapter(extract.Found)
_changes = TypeAdapter(reconcile.Found)


class State(TypedDict, total=False):
    container_id: str
    message_ids: list[str]
    revisions: dict[str, int]
    extracted: dict[str, str]
    reconciled: str
    more: bool


async def collect(state: State, runtime: Runtime[Context]) -> State:
    """The oldest messages that are in no conversation yet."""
    container = _container(state)
    async with runtime.context.scribing(container) as connection:
        new = await messages.unplaced(connection, container, BATCH)
    return {"message_ids": [str(message.message_id) for message in new], "more": len(new) == BATCH}


async def segment_messages(state: State, runtime: Runtime[Context]) -> State:
    """Puts each new message into a conversation."""
    context, container = runtime.context, _container(state)
    async with context.scribing(container) as connection:
        new = await messages.read(connection, [MessageId(UUID(each)) for each in state["message_ids"]])
        before = await _before(connection, container, new)
    found = await segment.run(segment.Given(before=tuple(before), new=tuple(new)), context)
    async with context.scribing(container) as connection:
        if found.placements:
            await conversations.place(connection, found.placements)
            await events.append(connection, context.team_id, [_placed(container, found, context)])
        touched = await conversations.stale(connection, container, TOUCHED)
    return {
        "revisions": {str(key): revision for key, revision in touched.items()},
        "more": state["more"] or len(touched) == TOUCHED,
    }


async def describe_conversations(state: State, runtime: Runtime[Context]) -> State:
    """Topic, gist and participants of each conversation that changed."""
    context, container = runtime.context, _container(state)
    async with context.scribing(container) as connection:
        said = await messages.by_conversation(connection, _touched(state))
        names = {key: person.name for key, person in (await people.roster(connection, context.team_id)).items()}
    described = [await _described(key, each, names, context) for key, each in said.items()]
    async with context.scribing(container) as connection:
        await conversations.describe(connection, context.team_id, described, {k: _wordings(m) for k, m in said.items()})
    return {}


async def extract_candidates(state: State, runtime: Runtime[Context]) -> State:
    """What each conversation decides, promises, asks, blocks and reports; worked out once per wording."""
    context, container = runtime.context, _container(state)
    async with context.scribing(container) as connection:
        said = await messages.by_conversation(connection, _touched(state))
        roster = await people.roster(connection, context.team_id)
        hashes = {key: str(derive("extract", *_wordings(each))) for key, each in said.items()}
        known = await results.find(connection, context.team_id, "extract", extract.VERSION, hashes.values())
    names = {key: person.name for key, person in roster.items()}
    zones = {key: person.tz for key, person in roster.items()}
    fresh: list[Result] = []
    for key, each in said.items():
        if hashes[key] not in known:
            given = extract.Given(conversation_id=key, messages=tuple(each), names=names, timezones=zones)
            body = _candidates.dump_json(await extract.run(given, context)).decode()
            origins = tuple(_wordings(each))
            fresh.append(Result(input_hash=hashes[key], body=body, container_id=container, rests_on=origins))
    async with context.scribing(container) as connection:
        await results.keep(connection, context.team_id, "extract", extract.VERSION, fresh)
    return {"extracted": {str(key): kept for key, kept in hashes.items()}}
