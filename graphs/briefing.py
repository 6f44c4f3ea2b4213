"""A person's morning: gather -> rank -> compose -> deliver.

`rank` consolidates, contextualises and ranks what it reads at one moment, `compose` words and verifies what it reads at
another. The review of a week goes the same way, with `weekly` in the place of `rank`. One run makes one briefing. Each
node leaves ids and plain values; the words it works on are read anew by the next one, under the rights of that moment.
What a model was asked is kept by itself, so that a node that is done again asks nothing twice.
"""

from datetime import datetime
from typing import Any, Literal, TypedDict
from uuid import UUID

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from graphs import absence, days, engines, lessons, opening, preferences, stretch
from graphs.absence import Absence
from graphs.desk import Desk, desk_on, settings_of
from graphs.entries import Entry
from graphs.ports import Context
from graphs.tasks import compose, consolidate, contextualise, rank, verify, weekly
from memory import briefings, conversations, facts, feedback, messages, outbox, people
from memory.briefings import Explained, Slot
from memory.database import Connection
from memory.feedback import Said
from memory.messages import text_of
from memory.models.audience import Viewer
from memory.models.briefings import Briefing, Item, Kind
from memory.models.ids import (
    BriefingId,
    ContainerId,
    ConversationId,
    FactId,
    ItemId,
    PersonId,
    item_id,
)

MOST_CONVERSATIONS = 400
MOST_FACTS = 600


class State(TypedDict, total=False):
    briefing_id: str
    person_id: str
    kind: str
    now: str
    since: str
    missed: int
    away: bool
    conversation_ids: list[str]
    fact_ids: list[str]
    meeting_ids: list[str]
    most: int
    entries: list[dict[str, Any]]
    items: int


async def gather(state: State, runtime: Runtime[Context]) -> State:
    """What went on since the reader was last told, and what is still open, as far as they may read it."""
    context = runtime.context
    briefing = BriefingId(UUID(state["briefing_id"]))
    async with context.database.house() as connection:
        slot = await briefings.slot(connection, briefing)
    if slot is None:
        raise ValueError(f"There is no briefing {briefing}: claim its slot before running it.")
    viewer, now = Viewer.person(slot.person_id), context.clock.now()
    async with context.viewing(viewer) as connection:
        reader = await people.known(connection, context.team_id, slot.person_id)
        zone = reader.tz if reader else "UTC"
        gone = await _absence(connection, context, slot)
        since = await stretch.since(connection, slot, now, zone)
        days_long = 5 if slot.kind == "week" else min(1 + gone.missed, 5)
        talks = await conversations.between(connection, viewer, since, now, MOST_CONVERSATIONS * days_long)
        known = await facts.current_for(connection, viewer, since, now, MOST_FACTS * days_long)
        planned = [] if slot.kind == "week" else await stretch.meetings_today(connection, slot, now, zone)
        due = set() if slot.kind == "week" else await _put_off(connection, context, slot, now)
    # Of what was put off nobody says here which it is: what is not one is not found as one.
    talks += [ConversationId(each) for each in sorted(due) if each not in talks]
    known += [FactId(each) for each in sorted(due) if each not in known]
    return {
        "person_id": str(slot.person_id),
        "kind": slot.kind,
        "now": now.isoformat(),
        "since": since.isoformat(),
        "missed": gone.missed,
        "away": gone.away,
        "conversation_ids": [str(each) for each in talks],
        "fact_ids": [str(each) for each in known],
        "meeting_ids": [str(each) for each in planned],
    }


async def rank_entries(state: State, runtime: Runtime[Context]) -> State:
    """What to tell, in which order, and why: the same matter in several channels once, as it is to this reader."""
    given = await _to_rank(state, runtime.context)
    found = await rank.run(given, runtime.context)
    return _ranked(found, preferences.characters(given.context.preferences))


async def review_week(state: State, runtime: Runtime[Context]) -> State:
    """What was decided, delivered and slipped this week, and what is still open."""
    return _ranked(weekly.rules(await _to_rank(state, runtime.context)), preferences.MOST_CHARACTERS)


async def compose_items(state: State, runtime: Runtime[Context]) -> State:
    """The ranked entries become sentences, each with its sources; what these do not carry is taken out.

    They are kept, and not shown yet.
    """
    context = runtime.context
    async with context.viewing(Viewer.person(_person(state))) as connection:
        desk = await _desk(state, context, connection)
    found = await compose.run(_to_compose(state, desk), context)
    kept = _verified(found, desk)
    await _keep(state, context, desk, found, kept)
    return {"items": len(kept)}


async def deliver(state: State, runtime: Runtime[Context]) -> State:
    """Intends the briefing: it is posted when it is due, and not before."""
    context, person = runtime.context, _person(state)
    briefing = BriefingId(UUID(state["briefing_id"]))
    async with context.viewing(Viewer.person(person)) as connection:
        await outbox.intend(
            connection,
            context.team_id,
            f"briefing:{briefing}",
            "briefing",
            briefing,
            at=context.clock.now(),
            person=person,
        )
    return {}


def after_gather(state: State) -> Literal["rank", "weekly", "compose"]:
    """A morning with nothing to tell is a quiet one, and needs no thought."""
    if not (state["conversation_ids"] or state["fact_ids"] or state["meeting_ids"]):
        return "compose"
    return "weekly" if state.get("kind") == "week" else "rank"


def build() -> StateGraph[State, Context, State, State]:
    graph = StateGraph(State, context_schema=Context)
    graph.add_node(gather)
    graph.add_node("rank", rank_entries)
    graph.add_node("weekly", review_week)
    graph.add_node("compose", compose_items)
    graph.add_node(deliver)
    graph.add_edge(START, "gather")
    graph.add_conditional_edges("gather", after_gather)
    graph.add_edge("rank", "compose")
    graph.add_edge("weekly", "compose")
    graph.add_edge("compose", "deliver")
    graph.add_edge("deliver", END)
    return graph


async def _absence(connection: Connection, context: Context, slot: Slot) -> Absence:
    """For how long the reader was told nothing. A review of a week tells the same after any absence."""
    if slot.kind == "week":
        return Absence()
    told = await briefings.told_last(connection, slot.person_id, slot.local_date)
    return absence.since(told, slot.local_date, await settings_of(connection, context, slot.person_id))


async def _said(connection: Connection, context: Context, person: PersonId, now: datetime) -> list[Said]:
    """What the reader said of earlier lines, as it was when this run first asked for it."""
    key = ("said", person)
    if key not in context.kept:
        context.kept[key] = await feedback.said(connection, person, now)
    told: list[Said] = context.kept[key]
    return told


async def _put_off(connection: Connection, context: Context, slot: Slot, now: datetime) -> frozenset[UUID]:
    """What the reader asked to see again by today."""
    said = await _said(connection, context, slot.person_id, now)
    if not any(each.until for each in said):
        return frozenset()
    return lessons.due(said, await briefings.told(connection, slot.person_id, slot.local_date), slot.local_date)


async def _to_rank(state: State, context: Context) -> rank.Given:
    """All of it as it is at this moment: what the reader may read, by topics, and who they are to the others."""
    async with context.viewing(Viewer.person(_person(state))) as connection:
        desk = await _desk(state, context, connection)
        given = await _reader(state, connection, context, desk)
    return rank.Given(
        topics=await _topics(state, context, desk),
        context=await contextualise.run(given, context),
        facts=desk.facts,
        conversations=desk.conversations,
        messages=desk.light(),
        containers=desk.containers,
        meetings=desk.meetings,
        now=_now(state),
        since=datetime.fromisoformat(state["since"]),
    )


async def _topics(state: State, context: Context, desk: Desk) -> tuple[consolidate.Topic, ...]:
    """The same matter in several channels becomes one topic."""
    given = consolidate.Given(
        conversations=desk.conversations,
        facts=desk.facts,
        said=desk.said(),
        viewer=Viewer.person(_person(state)),
        contents=desk.contents() if context.model else {},
    )
    return (await consolidate.run(given, context)).topics


async def _reader(state: State, connection: Connection, context: Context, desk: Desk) -> contextualise.Given:
    """Who the reader is to the others, what they owe and are owed, and what they were told before."""
    person = desk.people[_person(state)]
    today = days.local_day(_now(state), person.tz)
    told = await briefings.told(connection, person.person_id, today)
    chosen = await settings_of(connection, context, person.person_id)
    said = await _said(connection, context, person.person_id, _now(state))
    return contextualise.Given(
        person=person,
        people=desk.people.everybody,
        facts=desk.facts,
        told=tuple(told),
        settings=chosen,
        missed=state.get("missed", 0),
        said=tuple(said),
        due=tuple(lessons.due(said, told, today)),
    )


def _ranked(found: rank.Found, most: int) -> State:
    return {"entries": [entry.model_dump(mode="json") for entry in found.entries], "most": most}


async def _desk(state: State, context: Context, connection: Connection) -> Desk:
    return await desk_on(
        connection,
        context,
        Viewer.person(_person(state)),
        [ConversationId(UUID(each)) for each in state["conversation_ids"]],
        [FactId(UUID(each)) for each in state["fact_ids"]],
        [ContainerId(UUID(each)) for each in state.get("meeting_ids", [])],
    )


def _to_compose(state: State, desk: Desk) -> compose.Given:
    return compose.Given(
        briefing_id=BriefingId(UUID(state["briefing_id"])),
        person=desk.people[_person(state)],
        now=_now(state),
        entries=tuple(Entry.model_validate(entry) for entry in state.get("entries", [])),
        facts=desk.facts,
        conversations=desk.conversations,
        messages=desk.messages,
        containers=desk.containers,
        meetings=desk.meetings,
        people=desk.people.everybody,
        most=state.get("most", preferences.CHARACTERS),
    )


def _verified(found: compose.Found, desk: Desk) -> tuple[Item, ...]:
    """The items without the sentences that their sources do not carry."""
    names = desk.people.names
    cited = {source.message_id for item in found.items for source in item.sources}
    given = verify.ItemsGiven(
        items=found.items, evidence=desk.readable(names, cited), known=found.known, names=tuple(names.values())
    )
    return verify.items(given).items


async def _keep(state: State, context: Context, desk: Desk, found: compose.Found, items: tuple[Item, ...]) -> None:
    now, zone = _now(state), desk.people[_person(state)].tz
    viewer = Viewer.person(_person(state))
    kind: Kind = "week" if state.get("kind") == "week" else "day"
    read = {message.message_id: message for message in desk.messages}
    origins = {item.item_id: [text_of(read[key]) for key in found.behind[item.item_id]] for item in items}
    explained = _explained(state, desk)
    async with context.viewing(viewer) as connection:
        counted = await messages.coverage(connection, viewer, datetime.fromisoformat(state["since"]), now)
        coverage = counted.model_copy(update={"missed": state.get("missed", 0), "away": state.get("away", False)})
        briefing = Briefing(
            briefing_id=BriefingId(UUID(state["briefing_id"])),
            person_id=_person(state),
            local_date=days.local_day(now, zone),
            kind=kind,
            composed_at=now,
            headline=opening.headline(kind, items, coverage, zone),
            items=items,
            coverage=coverage.model_copy(update={"left_out": found.left_out}),
            engine=engines.made_by([found.engines.get(item.item_id) for item in items]),
        )
        await briefings.keep(
            connection,
            context.team_id,
            briefing,
            found.fingerprints,
            origins,
            explained,
        )


def _explained(state: State, desk: Desk) -> dict[ItemId, Explained]:
    briefing = BriefingId(UUID(state["briefing_id"]))
    known = {fact.fact_id: fact for fact in desk.facts}
    places = {talk.conversation_id: talk.container_id for talk in desk.conversations}
    names = desk.people.names
    entries = [Entry.model_validate(entry) for entry in state.get("entries", [])]
    return {item_id(briefing, each.anchor_id): lessons.explained(each, known, places, names) for each in entries}


def _person(state: State) -> PersonId:
    return PersonId(UUID(state["person_id"]))


def _now(state: State) -> datetime:
    return datetime.fromisoformat(state["now"])
