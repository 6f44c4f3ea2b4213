"""Messages: stored in whatever order they arrive, read by whoever may read them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from memory import contents, events, retrieval, statements
from memory.database import Connection, as_json
from memory.models.audience import Viewer
from memory.models.briefings import Coverage
from memory.models.events import Event
from memory.models.ids import (
    ContainerId,
    ContentId,
    ConversationId,
    MessageId,
    TeamId,
    answer_id,
    content_id,
    derive,
)
from memory.models.messages import Deletion, Message, PlacedMessage, Reaction

SQL = statements.load("messages")


async def store(connection: Connection, team: TeamId, messages: Sequence[Message]) -> list[MessageId]:
    """Stores messages and their edits, and returns those that this changed: repeats and stale wordings do not."""
    messages = [_plain(message) for message in messages]
    if not messages:
        return []
    given = {"team_id": team, "rows": as_json(_heads(messages)), "wordings": as_json(_wordings(messages))}
    outworded = await (await connection.execute(SQL["find_outworded"], given)).fetchall()
    await contents.erase(connection, [row["content_id"] for row in outworded])
    stored = await (await connection.execute(SQL["store_messages"], given)).fetchall()
    if stored:
        await retrieval.mark_stale(connection, team, {message.container_id for message in messages})
    await events.append(connection, team, [_arrival(message) for message in messages])
    return [row["message_id"] for row in stored]


async def bury(connection: Connection, deletion: Deletion) -> None:
    """Deletes a message: its words and all that was derived from them go, its place stays as a tombstone.

    If it asked Daybook something, question and answer go too.
    """
    row = await (await connection.execute(SQL["bury_message"], deletion.model_dump())).fetchone()
    asked = content_id("question", answer_id(deletion.message_id))
    await contents.erase(connection, [asked, *(row["contents"] if row else [])])
    happened = Event(
        team_id=deletion.team_id,
        kind="MessageDeleted",
        key=f"deleted:{deletion.message_id}:{deletion.at.isoformat()}",
        occurred_at=deletion.at,
        container_id=deletion.container_id,
        payload={"message_id": str(deletion.message_id), "external_ts": deletion.external_ts},
    )
    await events.append(connection, deletion.team_id, [happened])


async def is_buried(connection: Connection, message: MessageId) -> bool:
    """Whether a message is known to be deleted."""
    rows = await _rows(connection, "is_buried", message_id=message)
    return bool(rows[0]["buried"])


async def react(connection: Connection, team: TeamId, reactions: Sequence[Reaction]) -> None:
    """Stores reactions added and removed; of one person's with one name, the latest word counts."""
    if reactions:
        given = {"team_id": team, "rows": as_json([reaction.model_dump() for reaction in reactions])}
        await connection.execute(SQL["store_reactions"], given)


async def unplaced(connection: Connection, container: ContainerId, most: int) -> list[Message]:
    """The oldest messages that are in no conversation yet."""
    return [_message(row) for row in await _rows(connection, "read_unplaced", container_id=container, most=most)]


async def has_work(connection: Connection, container: ContainerId) -> bool:
    """Whether something in the container is not worked out yet."""
    rows = await _rows(connection, "has_work", container_id=container)
    return bool(rows[0]["has_work"])


async def placed_before(
    connection: Connection, container: ContainerId, before: datetime, most: int, threads: Iterable[str]
) -> list[PlacedMessage]:
    """The messages that new ones may continue: the latest placed ones, and the parents of the named threads."""
    recent = await _rows(connection, "read_placed_before", container_id=container, before=before, most=most)
    roots = await _rows(connection, "read_thread_roots", container_id=container, thread_ts=list(threads))
    unique = {row["message_id"]: row for row in [*roots, *recent]}
    ordered = sorted(unique.values(), key=lambda row: (row["posted_at"], row["message_id"]))
    return [PlacedMessage(message=_message(row), conversation_id=row["conversation_id"]) for row in ordered]


async def by_conversation(
    connection: Connection, conversations: Iterable[ConversationId]
) -> dict[ConversationId, list[Message]]:
    """The messages of each conversation, oldest first."""
    found: dict[ConversationId, list[Message]] = {}
    rows = await _rows(connection, "read_conversation_messages", conversation_ids=list(conversations))
    for row in rows:
        found.setdefault(row["conversation_id"], []).append(_message(row))
    return found


async def read(connection: Connection, message_ids: Iterable[MessageId]) -> list[Message]:
    """The messages among these that the viewer may read and that still have words, oldest first."""
    return [_message(row) for row in await _rows(connection, "read_messages", message_ids=list(message_ids))]


async def reaction_counts(connection: Connection, message_ids: Iterable[MessageId]) -> dict[MessageId, int]:
    counts: dict[MessageId, int] = {}
    for row in await _rows(connection, "read_reactions", message_ids=list(message_ids)):
        counts[row["message_id"]] = counts.get(row["message_id"], 0) + 1
    return counts


async def coverage(connection: Connection, viewer: Viewer, since: datetime, until: datetime) -> Coverage:
    """How much there was to read for this viewer between two times."""
    rows = await _rows(
        connection, "count_messages", viewer_kind=viewer.kind, viewer_id=viewer.viewer_id, since=since, until=until
    )
    return Coverage.model_validate(rows[0])


def text_of(message: Message) -> ContentId:
    """The id of a message's words, in this wording."""
    return content_id("message", message.message_id, _version(message).isoformat())


def _plain(message: Message) -> Message:
    """An edit from before the message was posted is none: one wording has one time."""
    edited = message.edited_at is not None and message.edited_at > message.posted_at
    return message if edited else message.model_copy(update={"edited_at": None})


def _version(message: Message) -> datetime:
    return message.edited_at or message.posted_at


def _newest(message: Message) -> tuple[datetime, int, str]:
    """Orders wordings by time; of two that claim the same time the longer one counts."""
    return _version(message), len(message.text), message.text


def _wordings(messages: Sequence[Message]) -> list[dict[str, Any]]:
    kept = {(message.message_id, _version(message)): message for message in sorted(messages, key=_newest)}
    return [
        {
            "message_id": message.message_id,
            "content_id": text_of(message),
            "version": _version(message),
            "text": message.text,
        }
        for message in kept.values()
    ]


def _heads(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """One row for each message: its newest wording, and what any of its wordings tells of it."""
    together: dict[MessageId, list[Message]] = {}
    for message in messages:
        together.setdefault(message.message_id, []).append(message)
    rows = []
    for versions in together.values():
        newest = max(versions, key=_newest)
        filled = {
            "author_id": max((each.author_id for each in versions if each.author_id), default=None),
            "thread_ts": max((each.thread_ts for each in versions if each.thread_ts), default=None),
            "client_msg_id": max((each.client_msg_id for each in versions if each.client_msg_id), default=None),
            "kind": min(each.kind for each in versions),
        }
        rows.append({**newest.model_dump(exclude={"text"}), **filled, "content_id": text_of(newest)})
    return rows


def _arrival(message: Message) -> Event:
    """Deliveries of one wording that tell different things of it are events of their own."""
    told = {**message.model_dump(mode="json", exclude={"text", "team_id"}), "content_id": str(text_of(message))}
    return Event(
        team_id=message.team_id,
        kind="MessageEdited" if message.edited_at else "MessagePosted",
        key=f"message:{message.message_id}:{derive(as_json([told]))}",
        occurred_at=_version(message),
        container_id=message.container_id,
        person_id=message.author_id,
        payload=told,
    )


async def _rows(connection: Connection, statement: str, **given: object) -> list[dict[str, Any]]:
    return await (await connection.execute(SQL[statement], given)).fetchall()


def _message(row: dict[str, Any]) -> Message:
    return Message.model_validate({name: row[name] for name in Message.model_fields})
