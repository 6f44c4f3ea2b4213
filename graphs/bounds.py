"""The bounds of a question, looked up: when an occasion was and which channel is meant, as its viewer may read it.

What the viewer may not read dates nothing and names no channel: an incident told of in a private channel is none for
the channel that asks, and a channel of which nothing may be told there looks like one that Daybook is not in.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from graphs import days
from graphs.desk import Desk
from graphs.ports import Context
from graphs.tasks import occasions
from graphs.tasks.answer import MOST, Given, Sentence
from graphs.tasks.bounds import Occasion, Place
from graphs.tasks.occasions import Dated, Met, Told
from graphs.tasks.understand import QueryPlan
from graphs.wording import readable
from memory import containers, meetings, messages, retrieval
from memory.answers import Question
from memory.database import Connection
from memory.models.audience import Viewer
from memory.models.ids import MessageId, PersonId
from memory.models.people import Person
from memory.models.retrieval import Hit, Query, Surrounded

WINDOWS = (timedelta(days=14), timedelta(days=90), None)
"""How far back an occasion is looked for: the last one, so a little first."""
MEETINGS_BACK, MEETINGS_AHEAD = timedelta(days=120), timedelta(days=31)
LOOKED_AT = 100
AROUND = 2


async def settle(plan: QueryPlan, asked: Question, everybody: Mapping[PersonId, Person], context: Context) -> QueryPlan:
    """The plan with its place and its occasion looked up, and with the days that the occasion sets."""
    called = "-".join(plan.terms) if plan.form == "catch_up" else ""
    if not (plan.place or plan.occasion or called):
        return plan
    async with context.viewing(asked.viewer) as connection:
        place = await _place(connection, plan.place, asked.viewer) if plan.place else None
        if place is None and called:
            # “Catch me up on payments”: on the channel, where there is one of that name.
            place = await _place(connection, Place(name=called), asked.viewer)
            place = place if place.container_id else None
            plan = plan.model_copy(update={"terms": () if place else plan.terms})
        occasion = await _occasion(connection, plan.occasion, asked, everybody) if plan.occasion else None
    found: dict[str, object] = {"place": place, "occasion": occasion}
    if occasion is not None and occasion.at is not None:
        since = occasion.bound == "since"
        found |= {"since": occasion.at if since else None, "until": None if since else occasion.at}
    elif occasion is not None and plan.span in {span.lower() for span in plan.bounds}:
        found |= {"span": ""}  # it limits nothing
    return plan.model_copy(update=found)


def is_closed(plan: QueryPlan) -> bool:
    """Whether it asks of a channel of which nothing may be told there."""
    return plan.place is not None and plan.place.container_id is None


def closed(plan: QueryPlan, asked: Question) -> str:
    """What is said of a channel that is not read, or not for whoever will see the answer: the same of either."""
    name = plan.place.shown if plan.place else "that channel"
    if asked.viewer_kind == "person":
        return f"I am not in {name} together with you: invite me there with `/invite @Daybook`, then ask me again."
    return (
        f"I am not in {name}, or may not tell of it here: invite me there with `/invite @Daybook`, or ask me in a"
        " direct message."
    )


def unfound(plan: QueryPlan, given: Given) -> str:
    """That an occasion is not known, and what was searched instead; empty where it is, or none was named."""
    occasion = plan.occasion
    if occasion is None or occasion.at is not None:
        return ""
    instead = "the last seven days" if plan.form == "catch_up" and not plan.terms else "all days"
    return f"I know of no “{_called(occasion, given)}” from what may be read here, so I looked at {instead}."


def anchor(plan: QueryPlan) -> tuple[MessageId, ...]:
    """The message by which the occasion is dated."""
    return (plan.occasion.message_id,) if plan.occasion and plan.occasion.message_id else ()


def framed(
    told: Sequence[Sentence], otherwise: str, asked: Question, given: Given, desk: Desk
) -> tuple[list[Sentence], str]:
    """The sentences with the one that says by what they are dated, of five sources in all; and the whole text.

    `otherwise` is what is said where there are none.
    """
    if is_closed(given.plan):
        return [], closed(given.plan, asked)
    first = _lead(given, desk)
    kept = [first] if first else []
    used = {*first.message_ids} if first else set[MessageId]()
    for each in told:
        if len(used | {*each.message_ids}) <= MOST:
            kept.append(each)
            used |= {*each.message_ids}
    lines = (unfound(given.plan, given), *(each.text for each in kept), "" if told else otherwise)
    return kept, "\n".join(filter(None, lines))


def _lead(given: Given, desk: Desk) -> Sentence | None:
    """Which occasion was taken, and when that was, with the message that tells so as its source."""
    occasion = given.plan.occasion
    said = next((each for each in desk.messages if each.message_id in anchor(given.plan)), None)
    if occasion is None or occasion.at is None or said is None:
        return None
    local = occasion.at.astimezone(days.zone(given.tz))
    when = days.spoken(local.date(), given.today) + ("" if occasion.day_only else f" {local:%H:%M}")
    place = next((each for each in desk.containers if each.container_id == said.container_id), None)
    where = f", #{place.name}" if place and place.name and place.kind in {"public", "private"} else ""
    called = _called(occasion, given)
    called = called if occasion.is_clause else f"the {called}"
    return Sentence(text=f"{occasion.bound.capitalize()} {called} ({when}{where}):", message_ids=(said.message_id,))


async def _place(connection: Connection, named: Place, viewer: Viewer) -> Place:
    """The channel of that id or name, if the viewer may read it."""
    readable_here = await containers.read(connection, await containers.readable(connection, viewer))
    for each in sorted(readable_here.values(), key=lambda place: (place.archived, place.external_id)):
        if each.source != "slack" or each.kind not in {"public", "private"}:
            continue
        if each.external_id == named.external_id or (not named.external_id and each.name == named.name):
            return named.model_copy(update={"container_id": each.container_id, "name": each.name or named.name})
    return named


async def _occasion(
    connection: Connection, occasion: Occasion, asked: Question, everybody: Mapping[PersonId, Person]
) -> Occasion:
    asker = everybody.get(asked.asker_id)
    found = await _met(connection, occasion, asked) if occasion.kind == "meeting" else None
    if found is None and not occasion.person_ids:
        found = await _told(connection, occasion, asked, asker.tz if asker else "UTC", everybody)
    if found is None:
        return occasion
    return occasion.model_copy(update=found.model_dump())


async def _met(connection: Connection, occasion: Occasion, asked: Question) -> Dated | None:
    since, until = asked.asked_at - MEETINGS_BACK, asked.asked_at + MEETINGS_AHEAD
    planned = await meetings.read(connection, await meetings.between(connection, asked.viewer, since, until))
    said = {each.message_id: each for each in await messages.read(connection, [each.message_id for each in planned])}
    known = [
        Met(
            message_id=each.message_id,
            title=said[each.message_id].text.partition("\n")[0],
            starts_at=each.starts_at,
            attendees=each.attendees,
        )
        for each in planned
        if each.message_id in said
    ]
    return occasions.met(occasion, known, asked.asked_at)


async def _told(
    connection: Connection, occasion: Occasion, asked: Question, tz: str, everybody: Mapping[PersonId, Person]
) -> Dated | None:
    """By what was said, of the last two weeks if that tells, and else of more."""
    for window in WINDOWS:
        since = asked.asked_at - window if window else None
        said = await _said(connection, occasion, asked, since, everybody)
        if found := occasions.told(occasion, said, asked.asked_at, tz):
            return found
    return None


async def _said(
    connection: Connection,
    occasion: Occasion,
    asked: Question,
    since: datetime | None,
    everybody: Mapping[PersonId, Person],
) -> list[Told]:
    hits: dict[MessageId, Hit] = {}
    for words in ((*occasion.words, *occasions.SEEK[occasion.kind]), occasion.words):
        query = Query(words=words, since=since, until=asked.asked_at)
        found = await retrieval.search(connection, asked.viewer, query, LOOKED_AT) if words else []
        hits |= {each.message_id: each for each in found if each.message_id != asked.question_message_id}
    near = {each.message_id: each for each in await retrieval.surrounded(connection, list(hits), AROUND)}
    said = [each for each in await messages.read(connection, list(hits)) if each.kind != "meeting"]
    places = await containers.read(connection, {each.container_id for each in said})
    names = {key: person.name for key, person in everybody.items()}
    told = []
    for each in said:
        author = everybody.get(each.author_id) if each.author_id else None
        told.append(
            Told(
                message_id=each.message_id,
                place=str(each.container_id),
                text=readable(each.text, names, each.team_id),
                around=f"{places[each.container_id].name} {_beside(near.get(each.message_id))}",
                posted_at=each.posted_at,
                tz=author.tz if author else "UTC",
            )
        )
    return told


def _beside(found: Surrounded | None) -> str:
    return " ".join(each.text for each in (*found.before, *found.after)) if found else ""


def _called(occasion: Occasion, given: Given) -> str:
    """As it was asked for, with people by name."""
    return readable(occasion.name, given.names, given.team)
