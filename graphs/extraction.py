"""A container's messages: collect -> segment -> describe -> extract -> reconcile -> record -> link.

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

from graphs import linking, placing
from graphs.ports import Context
from graphs.tasks import changes, describe, extract, minutes, reconcile, segment, standing
from memory import answers, conversations, facts, messages, people, placements, results, tracking
from memory.database import Connection
from memory.messages import text_of
from memory.models.conversations import Conversation
from memory.models.facts import ENDED, Fact
from memory.models.ids import ContainerId, ContentId, ConversationId, MessageId, derive
from memory.models.messages import Message, PlacedMessage
from memory.models.placements import Stretch
from memory.results import Result

BATCH = 500
"""Messages a run places, new or again; what is left is for the next run."""
REPLIES = 1000
"""The latest replies in threads that are read again beside `segment.WINDOW` messages outside of threads."""
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
    """The oldest messages that are in no conversation yet, or in one that they may not belong to any more."""
    container = _container(state)
    async with runtime.context.scribing(container) as connection:
        found = await placements.stretch(connection, container, BATCH)
    return {"message_ids": [str(each.message.message_id) for each in found.said], "more": found.cut_short}


async def segment_messages(state: State, runtime: Runtime[Context]) -> State:
    """Puts each new message into a conversation, and those after it that this moves."""
    context, container = runtime.context, _container(state)
    async with context.scribing(container) as connection:
        stretch = await placements.stretch(connection, container, BATCH)
        before = await _before(connection, stretch)
        names = {key: person.name for key, person in (await people.roster(connection, context.team_id)).items()}
    found = await placing.place(stretch, before, names, context)
    async with context.scribing(container) as connection:
        if last := found.last:
            placing.follow(found, await placements.followers(connection, placing.origins(found), last))
            await placements.settle(connection, found.settled_by)
            await placements.go_on_after(connection, container, last, found.reach)
        if found.placements:
            now, left = context.clock.now(), found.left
            await conversations.place(
                connection, context.team_id, container, found.placements, at=now, version=segment.VERSION, left=left
            )
            await placements.disturb(connection, await _changed_since(connection, stretch))
        await placements.disturb(connection, await placements.heard(connection, found.shaken, found.look_back))
        touched = await conversations.stale(connection, container, TOUCHED)
    done = dict.fromkeys([*(message for message, _ in found.placements), *(d.message_id for d in found.settled_by)])
    return {
        "message_ids": [str(each) for each in done],
        "revisions": {str(key): revision for key, revision in touched.items()},
        "more": state["more"] or len(touched) == TOUCHED,
    }


async def describe_conversations(state: State, runtime: Runtime[Context]) -> State:
    """Topic, gist and participants of each conversation that changed."""
    context, container = runtime.context, _container(state)
    async with context.scribing(container) as connection:
        said = await messages.by_conversation(connection, _touched(state))
        roster = await people.roster(connection, context.team_id)
        asked = await _heard(connection, said, context)
    taken = await minutes.take(asked, roster, container, context)
    names = {key: person.name for key, person in roster.items()}
    found = {
        key: describe.made(describe.Given(tuple(each), names), taken[key][0].wording if key in taken else None)
        for key, each in said.items()
    }
    described = [_described(key, said[key], each) for key, each in found.items()]
    engines = {key: each.engine for key, each in found.items()}
    async with context.scribing(container) as connection:
        wordings = {key: _wordings(each) for key, each in said.items()}
        revisions = {_key(each): revision for each, revision in state["revisions"].items()}
        now = context.clock.now()
        await conversations.describe(connection, context.team_id, described, wordings, revisions, now, engines)
    return {}


async def extract_candidates(state: State, runtime: Runtime[Context]) -> State:
    """What each conversation decides, promises, asks, blocks and reports; worked out once per wording."""
    context, container = runtime.context, _container(state)
    async with context.scribing(container) as connection:
        found = await messages.by_conversation(connection, _touched(state))
        said = await _heard(connection, found, context)
        roster = await people.roster(connection, context.team_id)
    taken = await minutes.take(said, roster, container, context)
    by = {key: minutes.VERSION if key in taken else "" for key in said}
    hashes = {key: str(derive("extract", key, by[key], *_wordings(each))) for key, each in said.items()}
    async with context.scribing(container) as connection:
        known = await results.find(connection, context.team_id, "extract", extract.VERSION, hashes.values())
    names = {key: person.name for key, person in roster.items()}
    zones = {key: person.tz for key, person in roster.items()}
    leads = standing.leads({key: (person.title, person.reports_to) for key, person in roster.items()})
    fresh: list[Result] = []
    for key, each in said.items():
        if hashes[key] not in known:
            given = extract.Given(key, tuple(each), names, zones, leads)
            body = _candidates.dump_json(extract.made(given, taken.get(key, ()))).decode()
            origins = tuple(_wordings(each))
            fresh.append(Result(input_hash=hashes[key], body=body, container_id=container, rests_on=origins))
    async with context.scribing(container) as connection:
        await results.keep(connection, context.team_id, "extract", extract.VERSION, fresh)
    return {"extracted": {str(key): kept for key, kept in hashes.items()}}


async def reconcile_facts(state: State, runtime: Runtime[Context]) -> State:
    """What the candidates change in what is known of this container."""
    context, container = runtime.context, _container(state)
    async with context.scribing(container) as connection:
        kept = await results.find(connection, context.team_id, "extract", extract.VERSION, state["extracted"].values())
        extents = await conversations.extents(connection, _touched(state))
        current = await _current(connection, state, context)
        read = [_candidates.validate_json(kept[each]) for each in state["extracted"].values() if each in kept]
        candidates = tuple(candidate for found in read for candidate in found.candidates)
        closings = tuple(closing for found in read for closing in found.closings)
        texts = await _texts(connection, (*current, *candidates))
        contents = await _contents(connection, (*current, *candidates), closings) if context.model else {}
    given = reconcile.Given(
        container_id=container,
        candidates=candidates,
        closings=closings,
        current=tuple(current),
        extracted=tuple(reconcile.Extracted(**dict(extent)) for extent in extents),
        texts=texts,
        contents=contents,
    )
    found = await reconcile.run(given, context)
    # A change repeats the statement of a fact that other messages made, and so rests on those as well.
    names = {each.fact_id for each in found.changes if not isinstance(each, changes.Add)}
    rested = [fact.evidence for fact in current if fact.fact_id in names]
    said = {span.message_id for spans in (*rested, *(each.evidence for each in given.candidates)) for span in spans}
    key = str(derive("reconcile", *sorted(state["extracted"].values()), *sorted(state["revisions"].items())))
    async with context.scribing(container) as connection:
        origins = tuple(text_of(message) for message in await messages.read(connection, said))
        body = _changes.dump_json(found).decode()
        result = Result(input_hash=key, body=body, container_id=container, rests_on=origins)
        await results.keep(connection, context.team_id, "reconcile", reconcile.VERSION, [result])
    return {"reconciled": key}


async def record(state: State, runtime: Runtime[Context]) -> State:
    """Writes the changes, all or none, and with them that these conversations are worked out."""
    context, container = runtime.context, _container(state)
    now = context.clock.now()
    async with context.scribing(container) as connection:
        key = state["reconciled"]
        kept = await results.find(connection, context.team_id, "reconcile", reconcile.VERSION, [key])
        current = {fact.fact_id: fact for fact in await _current(connection, state, context)}
        if key in kept:  # else a message was deleted meanwhile: its conversation is stale again
            found = _changes.validate_json(kept[key])
            after = {fact.fact_id: fact for fact in changes.applied(tuple(current.values()), found.changes)}
            altered = [fact for fact in after.values() if current.get(fact.fact_id) != fact]
            new = {fact.fact_id for fact in altered}  # of what was recorded already, its steps were too
            cited = {span.message_id for fact in altered for span in fact.evidence}
            wordings = {message.message_id: text_of(message) for message in await messages.read(connection, cited)}
            gone = [fact for name, fact in current.items() if name not in after]
            await conversations.settle(connection, {_key(k): revision for k, revision in state["revisions"].items()})
            for then in changes.before_moves(tuple(current.values()), found.changes):
                steps = [fact for fact in then if fact.fact_id in new]
                await facts.record(connection, context.team_id, steps, wordings, now)
            await facts.record(connection, context.team_id, altered, wordings, now, retired=gone)
    return {}


async def link_facts(state: State, runtime: Runtime[Context]) -> State:
    """What these conversations say of facts in other containers, and what is said of theirs elsewhere."""
    context, container = runtime.context, _container(state)
    async with context.scribing(container) as connection:
        kept = await results.find(connection, context.team_id, "extract", extract.VERSION, state["extracted"].values())
        read = [_candidates.validate_json(kept[each]) for each in state["extracted"].values() if each in kept]
        extents = await conversations.extents(connection, _touched(state))
        found = await linking.read_here(
            connection,
            container,
            await _current(connection, state, context),
            _touched(state),
            frozenset(message for extent in extents for message in extent.message_ids),
            [closing for each in read for closing in each.closings],
        )
    await linking.link_up(context, found)
    return {}


def after_segment(state: State) -> Literal["describe", "__end__"]:
    """Nothing changed: nothing to work out."""
    return "describe" if state["revisions"] else "__end__"


def build() -> StateGraph[State, Context, State, State]:
    graph = StateGraph(State, context_schema=Context)
    graph.add_node(collect)
    graph.add_node("segment", segment_messages)
    graph.add_node("describe", describe_conversations)
    graph.add_node("extract", extract_candidates)
    graph.add_node("reconcile", reconcile_facts)
    graph.add_node(record)
    graph.add_node("link", link_facts)
    graph.add_edge(START, "collect")
    graph.add_edge("collect", "segment")
    graph.add_conditional_edges("segment", after_segment)
    graph.add_edge("describe", "extract")
    graph.add_edge("extract", "reconcile")
    graph.add_edge("reconcile", "record")
    graph.add_edge("record", "link")
    graph.add_edge("link", END)
    return graph


async def _before(connection: Connection, stretch: Stretch) -> list[PlacedMessage]:
    if not stretch.said:
        return []
    threads = {each.message.thread_ts for each in stretch.said if each.message.thread_ts}
    first = stretch.said[0].message
    return await placements.window(connection, first, turns=segment.WINDOW, replies=REPLIES, threads=threads)


async def _changed_since(connection: Connection, stretch: Stretch) -> list[MessageId]:
    """What changed before it was placed, but after it was read for that."""
    read = {each.message.message_id: each.message for each in stretch.said if each.conversation_id is None}
    now = {message.message_id: message for message in await messages.read(connection, read)}
    return [name for name, message in read.items() if now.get(name) != message]


def _described(key: ConversationId, said: Sequence[Message], found: describe.Found) -> Conversation:
    return Conversation(
        conversation_id=key,
        container_id=said[0].container_id,
        message_ids=tuple(message.message_id for message in said),
        started_at=said[0].posted_at,
        ended_at=said[-1].posted_at,
        topic=found.topic,
        gist=found.gist,
        participants=found.participants,
    )


async def _current(connection: Connection, state: State, context: Context) -> list[Fact]:
    touched = _touched(state)
    extents = await conversations.extents(connection, touched)
    since = min((extent.until for extent in extents), default=context.clock.now()) - MEMORY
    return await facts.current_in(connection, _container(state), since, touched)


def _wordings(said: Sequence[Message]) -> list[ContentId]:
    return [text_of(message) for message in said]


async def _heard(
    connection: Connection, said: Mapping[ConversationId, Sequence[Message]], context: Context
) -> dict[ConversationId, list[Message]]:
    """What people told each other: a question put to Daybook asks nobody, and a correction of it settles nothing.

    Nor does it count what somebody said who does not want to be tracked.
    """
    untracked = await tracking.untracked(connection, context.team_id)
    put = await answers.put_to_daybook(connection, [each.message_id for talk in said.values() for each in talk])
    return {
        key: [
            each
            for each in talk
            if context.daybook not in each.mentions and each.message_id not in put and each.author_id not in untracked
        ]
        for key, talk in said.items()
    }


def _container(state: State) -> ContainerId:
    return ContainerId(UUID(state["container_id"]))


def _key(external: str) -> ConversationId:
    return ConversationId(UUID(external))


def _touched(state: State) -> list[ConversationId]:
    return [_key(each) for each in state["revisions"]]


async def _texts(connection: Connection, known: Sequence[Fact | extract.Candidate]) -> dict[MessageId, str]:
    """What the facts rest on that something said elsewhere may still end."""
    open_still = [each for each in known if each.status not in ENDED and each.kind != "update"]
    cited = {span.message_id for each in open_still for span in each.evidence if span.role == "states"}
    return {message.message_id: message.text for message in await messages.read(connection, cited)}


async def _contents(
    connection: Connection, known: Sequence[Fact | extract.Candidate], closings: Sequence[extract.Closing]
) -> dict[MessageId, ContentId]:
    """The texts of all the messages that these rest on."""
    cited = {span.message_id for each in known for span in each.evidence}
    cited |= {each.evidence.message_id for each in closings}
    return {message.message_id: text_of(message) for message in await messages.read(connection, cited)}
