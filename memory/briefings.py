"""Briefings: one per person and local date, what is in them, and what was told before."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from memory import contents, events, forgotten, statements
from memory.contents import Text
from memory.database import Connection
from memory.models.base import Model
from memory.models.briefings import Briefing, Grounds, Item, Kind
from memory.models.events import Event
from memory.models.happenings.telling import BriefingClaimed, BriefingComposed, BriefingMoved, ItemTold
from memory.models.ids import (
    BriefingId,
    ContentId,
    FactId,
    ItemId,
    PersonId,
    TeamId,
    briefing_id,
    content_id,
    derive,
    week_id,
)

SQL = statements.load("briefings")


class Slot(Model):
    """A person's morning: the briefing that is due then, whether or not it was made yet."""

    briefing_id: BriefingId
    team_id: TeamId
    person_id: PersonId
    local_date: date
    due_at: datetime
    kind: Kind = "day"
    composed_at: datetime | None = None
    delivered_at: datetime | None = None


class Told(Model):
    """Something that an earlier briefing said; `fact_ids` are all that it told of, in one line."""

    anchor_id: UUID
    fact_ids: tuple[FactId, ...] = ()
    at: datetime | None = None
    """When that was composed."""
    fingerprint: str
    local_date: date
    done: bool = False


class Explained(Model):
    """All that put an item where it stands: by codes, and one by one in words, heaviest first."""

    grounds: Grounds = Grounds()
    wordings: tuple[str, ...] = ()


async def claim(
    connection: Connection, team: TeamId, person: PersonId, local_date: date, due_at: datetime, kind: Kind = "day"
) -> BriefingId | None:
    """Takes the slot of this person and date, in the caller's transaction; None when it is taken."""
    claimed = await claim_all(connection, team, [(person, local_date, due_at, kind)])
    return claimed[0] if claimed else None


async def claim_all(
    connection: Connection, team: TeamId, wanted: Sequence[tuple[PersonId, date, datetime, Kind]]
) -> list[BriefingId]:
    """Takes slots, each of a person, a date, a time and a kind, in the caller's transaction; says which were free."""
    claims = {
        name: Event(
            team_id=team,
            key=_claimed(name),
            occurred_at=due_at,
            person_id=person,
            told=BriefingClaimed(briefing_id=name, local_date=local_date, due_at=due_at, kind=kind),
        )
        for person, local_date, due_at, kind in wanted
        for name in [briefing_id(person, local_date) if kind == "day" else week_id(person, local_date)]
    }
    fresh = {event.key for event in (await events.append(connection, team, list(claims.values()))).fresh}
    return [name for name in claims if _claimed(name) in fresh]


def _claimed(briefing: BriefingId) -> str:
    return f"claimed:{briefing}"


async def move(connection: Connection, slot: Slot, due_at: datetime) -> None:
    """Makes a claimed briefing due at another time; it stays the one of its date."""
    moved = Event(
        team_id=slot.team_id,
        key=f"moved:{slot.briefing_id}:{due_at.isoformat()}",
        occurred_at=due_at,
        person_id=slot.person_id,
        told=BriefingMoved(briefing_id=slot.briefing_id, due_at=due_at),
    )
    await events.append(connection, slot.team_id, [moved])


async def slot(connection: Connection, briefing: BriefingId) -> Slot | None:
    row = await (await connection.execute(SQL["read_slot"], {"briefing_id": briefing})).fetchone()
    return Slot.model_validate(row) if row else None


async def waited(connection: Connection, slot: Slot) -> float:
    """Seconds since the slot was claimed, by the clock of the database."""
    given = {"team_id": slot.team_id, "key": _claimed(slot.briefing_id)}
    row = await (await connection.execute(SQL["read_waited"], given)).fetchone()
    return float(row["seconds"]) if row else math.inf


async def unmade(connection: Connection, team: TeamId, before: datetime) -> list[BriefingId]:
    """Briefings that should have been made by then and were not."""
    rows = await (await connection.execute(SQL["find_unmade"], {"team_id": team, "before": before})).fetchall()
    return [row["briefing_id"] for row in rows]


async def latest(connection: Connection, person: PersonId) -> Slot | None:
    """The last briefing that was made for this person."""
    row = await (await connection.execute(SQL["find_latest_slot"], {"person_id": person})).fetchone()
    return Slot.model_validate(row) if row else None


async def composed_before(connection: Connection, person: PersonId, local_date: date) -> datetime | None:
    """When the last briefing that reached the person before this date was made: the next one begins there.

    One that was made and never delivered told nothing.
    """
    given = {"person_id": person, "local_date": local_date}
    row = await (await connection.execute(SQL["find_composed_before"], given)).fetchone()
    return row["composed_at"] if row else None


async def told_last(connection: Connection, person: PersonId, before: date) -> date | None:
    """The day of the last briefing before this date that reached the person."""
    given = {"person_id": person, "local_date": before}
    row = await (await connection.execute(SQL["find_told_last"], given)).fetchone()
    return row["local_date"] if row else None


async def owed_since(connection: Connection, person: PersonId, local_date: date) -> datetime | None:
    """When the first of the last week's briefings was due, of which none before this date reached the person."""
    given = {"person_id": person, "local_date": local_date}
    row = await (await connection.execute(SQL["find_owed_since"], given)).fetchone()
    return row["due_at"] if row else None


async def keep(
    connection: Connection,
    team: TeamId,
    briefing: Briefing,
    fingerprints: Mapping[ItemId, str],
    origins: Mapping[ItemId, Sequence[ContentId]],
    explained: Mapping[ItemId, Explained],
) -> None:
    """Keeps a composed briefing in place of an earlier try. Its words are its reader's alone.

    `origins`: what an item is made of, be it cited or not; the item goes with any of it. `explained`: all that put it
    there.

    Of one whose reader is forgotten no words are kept.
    """
    texts, told = [], []
    for ordinal, item in enumerate(briefing.items):
        rests_on = tuple(origins[item.item_id])
        words = {"item": item.text, "why": item.why, "reasons": "\n".join(explained[item.item_id].wordings)}
        ids = {kind: content_id(kind, item.item_id) for kind in words}
        texts += [
            Text(content_id=ids[kind], kind=kind, body=body, viewer_id=briefing.person_id, rests_on=rests_on)
            for kind, body in words.items()
        ]
        told.append(_told(item, ordinal, ids, fingerprints[item.item_id], explained[item.item_id].grounds))
    headline = content_id("headline", briefing.briefing_id)
    everything = tuple({origin for text in texts for origin in text.rests_on})
    texts.append(
        Text(
            content_id=headline,
            kind="headline",
            body=briefing.headline,
            viewer_id=briefing.person_id,
            rests_on=everything,
        )
    )
    await contents.keep(connection, team, texts)
    composed = BriefingComposed(
        briefing_id=briefing.briefing_id,
        composed_at=briefing.composed_at,
        headline_id=headline,
        coverage=briefing.coverage.model_dump(mode="json"),
        engine=briefing.engine,
        items=tuple(told),
    )
    happened = Event(
        team_id=team,
        key=f"composed:{briefing.briefing_id}:{derive(composed.model_dump_json())}",
        occurred_at=briefing.composed_at,
        person_id=briefing.person_id,
        told=composed,
    )
    await events.append(connection, team, [happened])
    if await forgotten.among(connection, (briefing.person_id,)):
        await contents.erase(connection, [text.content_id for text in texts])


async def read(connection: Connection, briefing: BriefingId) -> Briefing | None:
    """The briefing as its reader may see it now: items without a readable source are left out."""
    given = {"briefing_id": briefing}
    row = await (await connection.execute(SQL["read_briefing"], given)).fetchone()
    if row is None:
        return None
    items = await (await connection.execute(SQL["read_items"], given)).fetchall()
    shown = tuple(Item.model_validate(item) for item in items if item["sources"])
    return Briefing.model_validate({**row, "items": shown})


async def briefing_of(connection: Connection, item: ItemId) -> BriefingId | None:
    """The briefing that an item of the viewer's stands in."""
    row = await (await connection.execute(SQL["find_item"], {"item_id": item})).fetchone()
    return row["briefing_id"] if row else None


async def reasons(connection: Connection, item: ItemId) -> list[tuple[str, float]]:
    """All that put an item of the viewer's where it stands, in words and by weight, heaviest first."""
    row = await (await connection.execute(SQL["read_reasons"], {"item_id": item})).fetchone()
    if row is None:
        return []
    weights = [each.weight for each in Grounds.model_validate(row["grounds"]).reasons]
    return [*zip(row["body"].splitlines(), weights, strict=True)]


async def told(connection: Connection, person: PersonId, before: date) -> list[Told]:
    """What the person's delivered briefings of the last month said, oldest first."""
    given = {"person_id": person, "local_date": before}
    rows = await (await connection.execute(SQL["read_told"], given)).fetchall()
    return [Told.model_validate(row) for row in rows]


def _told(item: Item, ordinal: int, ids: Mapping[str, ContentId], fingerprint: str, grounds: Grounds) -> ItemTold:
    return ItemTold(
        item_id=item.item_id,
        ordinal=ordinal,
        section=item.section,
        anchor_id=item.anchor_id,
        fact_ids=item.fact_ids,
        message_ids=tuple(source.message_id for source in item.sources),
        text_id=ids["item"],
        why_id=ids["why"],
        reasons_id=ids["reasons"],
        tag=item.tag,
        fingerprint=fingerprint,
        grounds=grounds,
    )
