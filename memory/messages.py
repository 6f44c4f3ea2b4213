"""Messages: stored in whatever order they arrive, read by whoever may read them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from memory import contents, conversations, events, forgotten, placements, retrieval, statements
from memory.database import Connection, as_json
from memory.models.audience import Viewer
from memory.models.briefings import Coverage
from memory.models.events import Event
from memory.models.happenings.talk import MessageDeleted, MessageEdited, MessagePosted, ReactionAdded, ReactionRemoved
from memory.models.ids import (
    ContainerId,
    ContentId,
    ConversationId,
    MessageId,
    PersonId,
    TeamId,
    answer_id,
    content_id,
    derive,
)
from memory.models.messages import Deletion, Message, PlacedMessage, Reaction

SQL = statements.load("messages")


async def store(connection: Connection, team: TeamId, messages: Sequence[Message]) -> list[MessageId]:
    """Stores messages and their edits, and returns those that this changed: repeats and stale wordings do not.

    Of whom and what is forgotten nothing is stored.
    """
    unread = await forgotten.among(
        connection, {name for each in messages for name in (each.author_id, each.container_id)}
    )
    messages = [_plain(each) for each in messages if not unread & {each.author_id, each.container_id}]
    if not messages:
        return []
    given = {"team_id": team, "wordings": as_json(_wordings(messages))}
    outworded = await (await connection.execute(SQL["find_outworded"], given)).fetchall()
    await contents.erase(connection, [row["content_id"] for row in outworded])
    await connection.execute(SQL["keep_wordings"], given)
    return await _happened(connection, team, [_arrival(message) for message in messages])


async def bury(connection: Connection, deletion: Deletion) -> None:
    """Deletes a message: its words and all that was derived from them go, its place stays as a tombstone.

    If it asked Daybook something, question and answer go too.
    """
    wordings = await _rows(connection, "find_wordings", message_id=deletion.message_id)
    asked = content_id("question", answer_id(deletion.message_id))
    await contents.erase(connection, [asked, *(row["content_id"] for row in wordings)])
    gone = Event(
        team_id=deletion.team_id,
        key=f"deleted:{deletion.message_id}:{deletion.at.isoformat()}",
        occurred_at=deletion.at,
        container_id=deletion.container_id,
        told=MessageDeleted(
            message_id=deletion.message_id, external_ts=deletion.external_ts, posted_at=deletion.posted_at
        ),
    )
    await _happened(connection, deletion.team_id, [gone])


async def is_buried(connection: Connection, message: MessageId) -> bool:
    """Whether a message is known to be deleted."""
    rows = await _rows(connection, "is_buried", message_id=message)
    return bool(rows[0]["buried"])


async def react(connection: Connection, team: TeamId, reactions: Sequence[Reaction]) -> None:
    """Stores reactions added and removed; of one person's with one name, the latest word counts."""
    unread = await forgotten.among(
        connection, {name for each in reactions for name in (each.person_id, each.container_id)}
    )
    kept = [each for each in reactions if not unread & {each.person_id, each.container_id}]
    await events.append(connection, team, [_reacted(team, reaction) for reaction in kept])


async def has_work(connection: Connection, container: ContainerId) -> bool:
    """Whether something in the container is not worked out yet."""
    rows = await _rows(connection, "has_work", container_id=container)
    return bool(rows[0]["has_work"])


async def placed_in(connection: Connection, container: ContainerId) -> list[PlacedMessage]:
    """All placed messages of a container, oldest first."""
    return [placements.placed_of(row) for row in await _rows(connection, "read_placed", container_id=container)]


async def by_conversation(
    connection: Connection, conversations: Iterable[ConversationId]
) -> dict[ConversationId, list[Message]]:
    """The messages of each conversation, oldest first."""
    found: dict[ConversationId, list[Message]] = {}
    rows = await _rows(connection, "read_conversation_messages", conversation_ids=list(conversations))
    for row in rows:
        found.setdefault(row["conversation_id"], []).append(_message(row))
    return found


async def talks(connection: Connection, message_ids: Iterable[MessageId], reach: int) -> list[list[Message]]:
    """The conversations of these messages that the viewer may read, each oldest first: its first message, and up to
    `reach` before and after each of those that are meant.
    """
    found: dict[ConversationId, list[Message]] = {}
    for row in await _rows(connection, "read_talks", message_ids=list(message_ids), reach=reach):
        found.setdefault(row["conversation_id"], []).append(_message(row))
    return list(found.values())


async def read(connection: Connection, message_ids: Iterable[MessageId]) -> list[Message]:
    """The messages among these that the viewer may read and that still have words, oldest first."""
    rows = await _rows(connection, "read_messages", message_ids=list(message_ids))
    return [Message.model_validate(row) for row in rows]


async def waiting(
    connection: Connection,
    viewer: Viewer,
    people: Iterable[PersonId],
    since: datetime,
    until: datetime,
    most: int,
    *,
    authors: Iterable[PersonId] = (),
) -> list[Message]:
    """What others, or these authors, wrote to these people by name and they have not answered, the newest first."""
    rows = await _rows(
        connection,
        "find_waiting",
        viewer_kind=viewer.kind,
        viewer_id=viewer.viewer_id,
        people=list(people),
        authors=list(authors) or None,
        since=since,
        until=until,
        most=most,
    )
    return [Message.model_validate(row) for row in rows]


async def reaction_counts(connection: Connection, message_ids: Iterable[MessageId]) -> dict[MessageId, int]:
    counts: dict[MessageId, int] = {}
    for row in await _rows(connection, "read_reactions", message_ids=list(message_ids)):
        counts[row["message_id"]] = counts.get(row["message_id"], 0) + 1
    return counts


async def last_read(connection: Connection, person: PersonId) -> datetime | None:
    """When the newest message was written that is read for a person. Call it as that person."""
    (row,) = await _rows(connection, "find_last_read", person_id=person)
    return row["posted_at"] or None


async def count_by(connection: Connection, person: PersonId) -> int:
    """How many messages a person wrote in what they may read. Call it as that person."""
    (row,) = await _rows(connection, "count_by_author", person_id=person)
    return int(row["messages"])


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


async def _happened(connection: Connection, team: TeamId, happened: Sequence[Event]) -> list[MessageId]:
    """Appends what happened to messages; their conversations, where that changed something, are to be worked out."""
    appended = await events.append(connection, team, happened)
    changed = [MessageId(each) for each in sorted(appended.messages)]
    if changed:
        await conversations.touch(connection, changed)
        await placements.disturb(connection, changed)
        await retrieval.mark_stale(connection, team, {each.container_id for each in happened if each.container_id})
    return changed


def _wordings(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """Each wording once; of two texts that claim to be the same one the longer counts."""
    kept = {text_of(each): each for each in sorted(messages, key=lambda each: (len(each.text), each.text))}
    return [
        {
            "message_id": message.message_id,
            "container_id": message.container_id,
            "content_id": content,
            "text": message.text,
        }
        for content, message in kept.items()
    ]


def _arrival(message: Message) -> Event:
    """Deliveries of one wording that tell different things of it are events of their own."""
    kind = MessageEdited if message.edited_at else MessagePosted
    told = kind(
        **message.model_dump(exclude={"text", "team_id", "container_id"}),
        content_id=text_of(message),
        length=len(message.text),
    )
    return Event(
        team_id=message.team_id,
        key=f"message:{message.message_id}:{derive(told.model_dump_json())}",
        occurred_at=_version(message),
        container_id=message.container_id,
        person_id=message.author_id,
        told=told,
    )


def _reacted(team: TeamId, reaction: Reaction) -> Event:
    kind = ReactionAdded if reaction.added else ReactionRemoved
    about = f"{reaction.message_id}:{reaction.person_id}:{reaction.name}"
    return Event(
        team_id=team,
        key=f"{kind.__name__}:{about}:{reaction.at.isoformat()}",
        occurred_at=reaction.at,
        container_id=reaction.container_id,
        person_id=reaction.person_id,
        told=kind(message_id=reaction.message_id, name=reaction.name),
    )


async def _rows(connection: Connection, statement: str, **given: object) -> list[dict[str, Any]]:
    return await (await connection.execute(SQL[statement], given)).fetchall()


def _message(row: dict[str, Any]) -> Message:
    return Message.model_validate({name: row[name] for name in Message.model_fields})
