"""A person's morning: gather -> consolidate -> contextualise -> rank -> compose -> verify -> deliver.

The review of a week goes the same way, with `weekly` in the place of `rank`. One run makes one briefing. Each node
leaves ids and plain values; the words it works on are read anew by the next one, under the rights of that moment.
"""

from datetime import datetime
from typing import Any, Literal, TypedDict
from uuid import UUID

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from graphs import absence, days, engines, lessons, opening, preferences, stretch
from graphs.absence import Absence
from graphs.desk import Desk, read_desk
from graphs.entries import Entry
from graphs.ports import Context
from graphs.preferences import Preferences
from graphs.tasks import compose, consolidate, contextualise, rank, verify, weekly
from graphs.tasks.contextualise import ReaderContext
from memory import briefings, conversations, facts, feedback, messages, outbox, settings
from memory.briefings import Explained, Slot
from memory.database import Connection
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
    derive,
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
    topics: list[dict[str, Any]]
    reader: dict[str, Any]
    entries: list[dict[str, Any]]
    items: int
    kept: str


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
        gone = await _absence(connection, slot)
        since = await stretch.since(connection, slot, now, context)
        days_long = 5 if slot.kind == "week" else min(1 + gone.missed, 5)
        talks = await conversations.between(connection, viewer, since, now, MOST_CONVERSATIONS * days_long)
        known = await facts.current_for(connection, viewer, since, now, MOST_FACTS * days_long)
        planned = [] if slot.kind == "week" else await stretch.meetings_today(connection, slot, now, context)
        told = await briefings.told(connection, slot.person_id, slot.local_date)
        said = await feedback.said(connection, slot.person_id, now)
        due = set() if slot.kind == "week" else lessons.due(said, told, slot.local_date)
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


async def consolidate_topics(state: State, runtime: Runtime[Context]) -> State:
    """The same matter in several channels becomes one topic."""
    desk = await _desk(state, runtime.context)
    given = consolidate.Given(
        conversations=desk.conversations,
        facts=desk.facts,
        said=desk.said(),
        viewer=Viewer.person(_person(state)),
        contents=desk.contents() if runtime.context.model else {},
    )
    found = await consolidate.run(given, runtime.context)
    # A title is words, and words do not go into a checkpoint.
    return {"topics": [topic.model_dump(mode="json", exclude={"title"}) for topic in found.topics]}


async def contextualise_reader(state: State, runtime: Runtime[Context]) -> State:
    """Who the reader is to the others, what they owe and are owed, and what they were told before."""
    desk = await _desk(state, runtime.context)
    person = desk.people[_person(state)]
    today = days.local_day(_now(state), person.tz)
    async with runtime.context.viewing(Viewer.person(person.person_id)) as connection:
        told = await briefings.told(connection, person.person_id, today)
        chosen = await settings.read(connection, person.person_id)
        said = await feedback.said(connection, person.person_id, _now(state))
    given = contextualise.Given(
        person=person,
        people=tuple(desk.people.values()),
        facts=desk.facts,
        told=tuple(told),
        settings=chosen,
        missed=state.get("missed", 0),
        said=tuple(said),
        due=tuple(lessons.due(said, told, today)),
    )
    found = await contextualise.run(given, runtime.context)
    # What projects are called is words too.
    return {"reader": found.model_dump(mode="json", exclude={"person", "projects"})}


async def rank_entries(state: State, runtime: Runtime[Context]) -> State:
    """What to tell, in which order, and why."""
    found = await rank.run(_to_rank(state, await _desk(state, runtime.context)), runtime.context)
    return {"entries": [entry.model_dump(mode="json") for entry in found.entries]}


async def review_week(state: State, runtime: Runtime[Context]) -> State:
    """What was decided, delivered and slipped this week, and what is still open."""
    found = weekly.rules(_to_rank(state, await _desk(state, runtime.context)))
    return {"entries": [entry.model_dump(mode="json") for entry in found.entries]}


async def compose_items(state: State, runtime: Runtime[Context]) -> State:
    """The ranked entries become sentences, each with its sources; they are kept, and not shown yet."""
    context = runtime.context
    desk = await _desk(state, context)
    found = await _composed(state, context, desk)
    await _keep(state, context, desk, found, found.items)
    return {"items": len(found.items), "kept": _print(desk, found, found.items)}


async def verify_items(state: State, runtime: Runtime[Context]) -> State:
    """Sentences that their sources do not carry are taken out."""
    context = runtime.context
    desk = await _desk(state, context)
    found = await _composed(state, context, desk)
    names = {key: person.name for key, person in desk.people.items()}
    given = verify.ItemsGiven(
        items=found.items, evidence=desk.readable(names), known=found.known, names=tuple(names.values())
    )
    kept = verify.items(given).items
    if _print(desk, found, kept) != state.get("kept"):
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


def after_gather(state: State) -> Literal["consolidate", "compose"]:
    """A morning with nothing to tell is a quiet one, and needs no thought."""
    found = state["conversation_ids"] or state["fact_ids"] or state["meeting_ids"]
    return "consolidate" if found else "compose"


def after_contextualise(state: State) -> Literal["rank", "weekly"]:
    return "weekly" if state.get("kind") == "week" else "rank"


def build() -> StateGraph[State, Context, State, State]:
    graph = StateGraph(State, context_schema=Context)
    graph.add_node(gather)
    graph.add_node("consolidate", consolidate_topics)
    graph.add_node("contextualise", contextualise_reader)
    graph.add_node("rank", rank_entries)
    graph.add_node("weekly", review_week)
    graph.add_node("compose", compose_items)
    graph.add_node("verify", verify_items)
    graph.add_node(deliver)
    graph.add_edge(START, "gather")
    graph.add_conditional_edges("gather", after_gather)
    graph.add_edge("consolidate", "contextualise")
    graph.add_conditional_edges("contextualise", after_contextualise)
    graph.add_edge("rank", "compose")
    graph.add_edge("weekly", "compose")
    graph.add_edge("compose", "verify")
    graph.add_edge("verify", "deliver")
    graph.add_edge("deliver", END)
    return graph


async def _absence(connection: Connection, slot: Slot) -> Absence:
    """For how long the reader was told nothing. A review of a week tells the same after any absence."""
    if slot.kind == "week":
        return Absence()
    told = await briefings.told_last(connection, slot.person_id, slot.local_date)
    return absence.since(told, slot.local_date, await settings.read(connection, slot.person_id))


def _to_rank(state: State, desk: Desk) -> rank.Given:
    person = desk.people[_person(state)]
    return rank.Given(
        topics=tuple(consolidate.Topic.model_validate({**topic, "title": ""}) for topic in state["topics"]),
        context=ReaderContext.model_validate({**state["reader"], "person": person, "projects": person.projects}),
        facts=desk.facts,
        conversations=desk.conversations,
        messages=desk.light(),
        containers=desk.containers,
        meetings=desk.meetings,
        now=_now(state),
        since=datetime.fromisoformat(state["since"]),
    )


async def _desk(state: State, context: Context) -> Desk:
    return await read_desk(
        context,
        Viewer.person(_person(state)),
        [ConversationId(UUID(each)) for each in state["conversation_ids"]],
        [FactId(UUID(each)) for each in state["fact_ids"]],
        [ContainerId(UUID(each)) for each in state.get("meeting_ids", [])],
    )


async def _composed(state: State, context: Context, desk: Desk) -> compose.Found:
    """What `compose` makes of it; made once while nothing that it is made of changes."""
    before: tuple[Desk, compose.Found] | None = context.kept.get("composed")
    if before and desk.is_like(before[0]):
        return before[1]
    found = await compose.run(_to_compose(state, desk), context)
    context.kept["composed"] = desk, found
    return found


def _to_compose(state: State, desk: Desk) -> compose.Given:
    chosen = Preferences.model_validate(state.get("reader", {}).get("preferences", {}))
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
        people=tuple(desk.people.values()),
        most=preferences.characters(chosen) if state.get("kind") != "week" else preferences.MOST_CHARACTERS,
    )


async def _keep(state: State, context: Context, desk: Desk, found: compose.Found, items: tuple[Item, ...]) -> None:
    now, zone = _now(state), desk.people[_person(state)].tz
    viewer = Viewer.person(_person(state))
    kind: Kind = "week" if state.get("kind") == "week" else "day"
    wordings = {message.message_id: text_of(message) for message in desk.messages}
    origins = {item.item_id: [wordings[key] for key in found.behind[item.item_id]] for item in items}
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


def _print(desk: Desk, found: compose.Found, items: tuple[Item, ...]) -> str:
    """What tells whether the same was kept before: no word of it can be read from that."""
    worded = [(item.model_dump_json(), found.engines.get(item.item_id)) for item in items]
    return str(derive(desk.stamp, worded, sorted(found.fingerprints.items()), sorted(found.behind.items())))


def _explained(state: State, desk: Desk) -> dict[ItemId, Explained]:
    briefing = BriefingId(UUID(state["briefing_id"]))
    known = {fact.fact_id: fact for fact in desk.facts}
    places = {talk.conversation_id: talk.container_id for talk in desk.conversations}
    names = {key: person.name for key, person in desk.people.items()}
    entries = [Entry.model_validate(entry) for entry in state.get("entries", [])]
    return {item_id(briefing, each.anchor_id): lessons.explained(each, known, places, names) for each in entries}


def _person(state: State) -> PersonId:
    return PersonId(UUID(state["person_id"]))


def _now(state: State) -> datetime:
    return datetime.fromisoformat(state["now"])
