"""What is to be posted: the intent first, under a unique key, so that nothing is posted twice or forgotten."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal
from uuid import UUID

from memory import statements
from memory.database import Connection
from memory.models.base import Model
from memory.models.ids import OutboxId, PersonId, TeamId, outbox_id

SQL = statements.load("outbox")
Surface = Literal[
    "briefing",
    "answer",
    "welcome",
    "correction",
    "offer",
    "continued",
    "unhelpful",
    "failure",
    "greeting",
    "manners",
]
Operation = Literal["post", "update", "ephemeral"]


class Intent(Model):
    """Something to post, named by ids only: its words are read, by the rights of that moment, when it is sent.

    `failure` says why the last try failed, or why it was dropped.
    """

    outbox_id: OutboxId
    team_id: TeamId
    key: str
    surface: Surface
    subject_id: UUID
    operation: Operation = "post"
    person_id: PersonId | None = None
    channel: str | None = None
    thread_ts: str | None = None
    state: Literal["intended", "sending", "sent", "dropped"] = "intended"
    sent_channel: str | None = None
    sent_ts: str | None = None
    intended_at: datetime
    sending_since: datetime | None = None
    failure: str | None = None


async def intend(
    connection: Connection,
    team: TeamId,
    key: str,
    surface: Surface,
    subject: UUID,
    *,
    at: datetime,
    operation: Operation = "post",
    person: PersonId | None = None,
    channel: str | None = None,
    thread_ts: str | None = None,
) -> OutboxId | None:
    """Notes the intent in the caller's transaction; None when the key was used before."""
    intent = Intent(
        outbox_id=outbox_id(team, key),
        team_id=team,
        key=key,
        surface=surface,
        subject_id=subject,
        operation=operation,
        person_id=person,
        channel=channel,
        thread_ts=thread_ts,
        intended_at=at,
    )
    row = await (await connection.execute(SQL["intend"], intent.model_dump())).fetchone()
    return row["outbox_id"] if row else None


async def read(connection: Connection, outbox: OutboxId) -> Intent | None:
    row = await (await connection.execute(SQL["read_intent"], {"outbox_id": outbox})).fetchone()
    return Intent.model_validate(row) if row else None


async def sending(connection: Connection, outbox: OutboxId, channel: str, at: datetime) -> bool:
    """Notes that the call is about to be made: from here on its outcome is uncertain until `sent` or `refused`."""
    given = {"outbox_id": outbox, "channel": channel, "at": at}
    return await (await connection.execute(SQL["mark_sending"], given)).fetchone() is not None


async def sent(connection: Connection, outbox: OutboxId, channel: str, ts: str, at: datetime) -> None:
    given = {"outbox_id": outbox, "channel": channel, "ts": ts, "at": at}
    await connection.execute(SQL["mark_sent"], given)


async def refused(connection: Connection, outbox: OutboxId, failure: str) -> None:
    """The call was refused with certainty; it may be tried again."""
    await connection.execute(SQL["mark_unsent"], {"outbox_id": outbox, "failure": failure})


async def drop(connection: Connection, outbox: OutboxId, failure: str) -> None:
    """It will never be posted, and why."""
    await connection.execute(SQL["drop_intent"], {"outbox_id": outbox, "failure": failure})


async def postings_of(connection: Connection, subject: UUID) -> list[Intent]:
    """Where this subject was posted, or is to be, oldest first."""
    rows = await (await connection.execute(SQL["find_postings"], {"subject_id": subject})).fetchall()
    return [Intent.model_validate(row) for row in rows]


async def outcome_of(connection: Connection, subject: UUID) -> Literal["sent", "dropped"] | None:
    """What became of posting this subject; None while that is not settled."""
    row = await (await connection.execute(SQL["find_outcome"], {"subject_id": subject})).fetchone()
    return row["state"] if row else None


async def updates_of(connection: Connection, subject: UUID) -> list[OutboxId]:
    """Updates of this subject that were not made yet: one that is made from now on makes all of them."""
    rows = await (await connection.execute(SQL["find_updates"], {"subject_id": subject})).fetchall()
    return [row["outbox_id"] for row in rows]


async def waiting(connection: Connection, team: TeamId, before: datetime) -> list[OutboxId]:
    """Intents that should have been sent by now; briefings aside, which `due` tells."""
    rows = await (await connection.execute(SQL["find_waiting"], {"team_id": team, "before": before})).fetchall()
    return [row["outbox_id"] for row in rows]


async def due(
    connection: Connection, team: TeamId, now: datetime, most: int, but: Collection[OutboxId] = ()
) -> list[tuple[OutboxId, PersonId]]:
    """Briefings to be posted whose time has come, in order of it, and whose they are; none of those named in `but`."""
    given = {"team_id": team, "now": now, "most": most, "but": list(but)}
    rows = await (await connection.execute(SQL["find_due_briefings"], given)).fetchall()
    return [(row["outbox_id"], row["person_id"]) for row in rows]


async def revive(connection: Connection, subject: UUID, failure: str) -> None:
    """Has posted after all what was dropped for this reason."""
    await connection.execute(SQL["revive_intent"], {"subject_id": subject, "failure": failure})


async def posted_at(connection: Connection, team: TeamId, channel: str, ts: str) -> tuple[Surface, UUID] | None:
    """What of ours stands there."""
    given = {"team_id": team, "channel": channel, "ts": ts}
    row = await (await connection.execute(SQL["find_posted"], given)).fetchone()
    return (row["surface"], row["subject_id"]) if row else None
