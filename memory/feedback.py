"""Feedback: what readers say of the items they were told, and what can be learnt from that; all of it can be undone."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from memory import events, statements
from memory.database import Connection
from memory.models.base import Model
from memory.models.briefings import Grounds
from memory.models.events import Event
from memory.models.happenings.telling import (
    FeedbackErased,
    FeedbackUndone,
    ItemDeclined,
    ItemDone,
    ItemSnoozed,
    LessonForgotten,
)
from memory.models.ids import BriefingId, FactId, ItemId, PersonId, TeamId

SQL = statements.load("feedback")
Kind = Literal["done", "snoozed", "declined"]
_REMEMBERED = timedelta(days=180)
"""What was said longer ago is of no use: by then nothing comes back that it was said of."""
_DRIFT = timedelta(minutes=5)
"""A press has the source's time, a form ours: within so much, what arrives later was said later."""
_KINDS: dict[type[ItemDone | ItemSnoozed | ItemDeclined], Kind] = {
    ItemDone: "done",
    ItemSnoozed: "snoozed",
    ItemDeclined: "declined",
}


class Said(Model):
    """What a reader said of an item and did not take back, and what the item was like: ids and plain values."""

    item_id: ItemId
    anchor_id: UUID
    """The fact or conversation that the item told of."""
    fact_ids: tuple[FactId, ...] = ()
    """All facts that it told of at once."""
    fingerprint: str = ""
    kind: Kind
    until: date | None = None
    at: datetime
    taught: bool = True
    """Whether it teaches anything about other items."""
    grounds: Grounds = Grounds()


async def say(
    connection: Connection,
    team: TeamId,
    person: PersonId,
    told: ItemDone | ItemSnoozed | ItemDeclined | FeedbackUndone,
    at: datetime,
) -> BriefingId | None:
    """Notes what its reader says of an item; returns the briefing that it stands in.

    None when nothing changes: it is somebody else's, they have said so already, or said otherwise since.
    Call it as that person.
    """
    given = {"item_id": told.item_id, "person_id": person}
    row = await (await connection.execute(SQL["find_standing"], given)).fetchone()
    if row is None or (row["at"] and at + _DRIFT < row["at"]):
        return None
    standing = None if row["undone_at"] else row["kind"]
    wanted = None if isinstance(told, FeedbackUndone) else _KINDS[type(told)]
    until = told.until if isinstance(told, ItemSnoozed) else None
    if standing == wanted and (wanted is None or row["until"] == until):
        return None
    happened = Event(
        team_id=team,
        key=f"{type(told).__name__}:{told.item_id}:{at.isoformat()}",
        occurred_at=at,
        person_id=person,
        told=told,
    )
    return row["briefing_id"] if (await events.append(connection, team, [happened])).fresh else None


async def said(connection: Connection, person: PersonId, now: datetime) -> list[Said]:
    """What a reader said and did not take back, oldest first, as far as they may still read what it was said of."""
    given = {"person_id": person, "since": now - _REMEMBERED}
    rows = await (await connection.execute(SQL["read_said"], given)).fetchall()
    return [Said.model_validate(row) for row in rows]


async def forget_lessons(
    connection: Connection, team: TeamId, person: PersonId, items: Iterable[ItemId], at: datetime
) -> None:
    """Has these items teach nothing any more; what was said of them stays."""
    forgotten = [
        Event(
            team_id=team,
            key=f"lesson_forgotten:{item}:{at.isoformat()}",
            occurred_at=at,
            person_id=person,
            told=LessonForgotten(item_id=item),
        )
        for item in items
    ]
    await events.append(connection, team, forgotten)


async def erase(connection: Connection, team: TeamId, person: PersonId, at: datetime) -> int:
    """Erases all that a person said of items and answers; says how much that was. Call it as that person."""
    row = await (await connection.execute(SQL["count_said"], {"person_id": person})).fetchone()
    many = int(row["said"]) if row else 0
    if many:
        gone = Event(
            team_id=team,
            key=f"feedback_erased:{person}:{at.isoformat()}",
            occurred_at=at,
            person_id=person,
            told=FeedbackErased(),
        )
        await events.append(connection, team, [gone])
    return many
