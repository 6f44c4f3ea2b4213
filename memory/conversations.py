"""Conversations: which messages belong together, and in a sentence what was said."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from memory import contents, events, statements
from memory.contents import Text
from memory.database import Connection, as_json
from memory.models.audience import Viewer
from memory.models.base import Model
from memory.models.conversations import Conversation
from memory.models.events import Event
from memory.models.facts import EngineName
from memory.models.happenings.conclusions import ConversationDescribed, MessagesPlaced
from memory.models.ids import ContainerId, ContentId, ConversationId, FactId, MessageId, TeamId, content_id, derive

SQL = statements.load("conversations")


async def place(
    connection: Connection,
    team: TeamId,
    container: ContainerId,
    placements: Sequence[tuple[MessageId, ConversationId]],
    *,
    at: datetime,
    version: str,
    left: Collection[ConversationId] = (),
) -> None:
    """Puts messages into conversations, opening those that are new; those that this changes are to be worked out.

    `version` is of the engine that found them; `left` are the conversations that some of them were in before.
    """
    found = MessagesPlaced(placements=tuple(placements), left=tuple(sorted(left)), engine="rules", version=version)
    placed = Event(
        team_id=team,
        # Moved to and fro, a message comes back by an event of its own.
        key=f"placed:{derive(found.model_dump_json())}" + (f":{at.isoformat()}" if left else ""),
        occurred_at=at,
        container_id=container,
        told=found,
    )
    if (await events.append(connection, team, [placed])).fresh:
        changed = sorted({*left, *(conversation for _, conversation in placements)})
        await connection.execute(SQL["open_work"], {"conversation_ids": changed})


async def reopen(connection: Connection, container: ContainerId) -> None:
    """Has everything in a container worked out again."""
    await connection.execute(SQL["reopen_work"], {"container_id": container})


async def touch(connection: Connection, messages: Sequence[MessageId]) -> None:
    """Has the conversations of these messages worked out again."""
    if messages:
        await connection.execute(SQL["touch_conversations"], {"message_ids": list(messages)})


async def stale(connection: Connection, container: ContainerId, most: int) -> dict[ConversationId, int]:
    """The conversations that changed since their facts were worked out, oldest first, each with its revision."""
    given = {"container_id": container, "most": most}
    rows = await (await connection.execute(SQL["find_stale"], given)).fetchall()
    return {row["conversation_id"]: row["revision"] for row in rows}


async def describe(
    connection: Connection,
    team: TeamId,
    described: Sequence[Conversation],
    rests_on: Mapping[ConversationId, Sequence[ContentId]],
    revisions: Mapping[ConversationId, int],
    at: datetime,
    engines: Mapping[ConversationId, EngineName] | None = None,
) -> None:
    """Keeps topic, gist and participants of each; the words rest on all messages of the conversation.

    `revisions` are those that they were read at: a conversation is described once in each. `engines`: who worded it.
    """
    texts, told = [], []
    for each in described:
        ids = {kind: content_id(kind, each.conversation_id) for kind in ("topic", "gist")}
        texts += [
            Text(
                content_id=ids[kind],
                kind=kind,
                body=body,
                container_id=each.container_id,
                rests_on=tuple(rests_on[each.conversation_id]),
            )
            for kind, body in (("topic", each.topic), ("gist", each.gist))
        ]
        told.append(
            Event(
                team_id=team,
                key=f"described:{each.conversation_id}:{revisions[each.conversation_id]}",
                occurred_at=at,
                container_id=each.container_id,
                told=ConversationDescribed(
                    conversation_id=each.conversation_id,
                    topic_id=ids["topic"],
                    gist_id=ids["gist"],
                    participants=each.participants,
                    engine=(engines or {}).get(each.conversation_id, "rules"),
                ),
            )
        )
    await contents.keep(connection, team, texts)
    await events.append(connection, team, told)


async def settle(connection: Connection, worked_out: Mapping[ConversationId, int]) -> None:
    """Marks conversations as worked out, each at the revision that was read."""
    rows = as_json([{"conversation_id": key, "revision": revision} for key, revision in worked_out.items()])
    await connection.execute(SQL["settle_conversations"], {"rows": rows})


async def read(connection: Connection, conversations: Iterable[ConversationId]) -> list[Conversation]:
    """Those among them that the viewer may read, oldest first; what was deleted is not in them."""
    given = {"conversation_ids": list(conversations)}
    rows = await (await connection.execute(SQL["read_conversations"], given)).fetchall()
    return [Conversation.model_validate(row) for row in rows]


async def stamp(
    connection: Connection,
    viewer: Viewer,
    conversations: Iterable[ConversationId],
    facts: Iterable[FactId],
    messages: Iterable[MessageId] = (),
) -> str:
    """What of these, and of all they rest on, the viewer may read at this moment, and in which form.

    The same stamp means the same rows: a right that is gone changes it as an edit, a deletion or a correction does.
    """
    given = {
        "viewer_kind": viewer.kind,
        "viewer_id": viewer.viewer_id,
        "conversation_ids": list(conversations),
        "fact_ids": list(facts),
        "message_ids": list(messages),
    }
    (row,) = await (await connection.execute(SQL["stamp"], given)).fetchall()
    return str(row["stamp"])


class Extent(Model):
    """All messages that a conversation ever had, deleted ones included, and when it last changed."""

    conversation_id: ConversationId
    message_ids: frozenset[MessageId]
    until: datetime


async def extents(connection: Connection, conversations: Iterable[ConversationId]) -> list[Extent]:
    given = {"conversation_ids": list(conversations)}
    rows = await (await connection.execute(SQL["read_extents"], given)).fetchall()
    return [Extent.model_validate(row) for row in rows]


async def between(
    connection: Connection, viewer: Viewer, since: datetime, until: datetime, most: int
) -> list[ConversationId]:
    """Conversations that went on in this time and that the viewer may read, latest first."""
    given = {
        "viewer_kind": viewer.kind,
        "viewer_id": viewer.viewer_id,
        "since": since,
        "until": until,
        "most": most,
    }
    rows = await (await connection.execute(SQL["find_conversations_between"], given)).fetchall()
    return [row["conversation_id"] for row in rows]
