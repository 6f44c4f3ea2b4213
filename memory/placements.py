"""What of a container's messages is to be placed: what is new, and what may belong elsewhere now."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from memory import statements
from memory.database import Connection, as_json
from memory.models.ids import ContainerId, ConversationId, MessageId
from memory.models.messages import Message, PlacedMessage
from memory.models.placements import Disturbance, Follower, Stretch

SQL = statements.load("placements")


async def disturb(connection: Connection, messages: Sequence[MessageId]) -> None:
    """Has these messages, where they were placed already, and what depends on them placed again."""
    await connection.execute(SQL["mark_disturbed"], {"message_ids": list(messages)})


async def stretch(connection: Connection, container: ContainerId, most: int) -> Stretch:
    """The messages from the first on that is new or disturbed."""
    first = await _rows(connection, "find_first_disturbed", container_id=container)
    if not first:
        return Stretch(said=(), disturbances=(), cut_short=False)
    at, name = first[0]["posted_at"], first[0]["message_id"]
    said = await _rows(connection, "read_stretch", container_id=container, at=at, message_id=name, most=most)
    cut_short = len(said) == most
    until = said[-1] if cut_short else {"posted_at": None, "message_id": None}
    disturbances = await _rows(
        connection,
        "read_disturbances",
        container_id=container,
        at=until["posted_at"],
        message_id=until["message_id"],
    )
    return Stretch(
        said=tuple(placed_of(row) for row in said),
        disturbances=tuple(Disturbance.model_validate(row) for row in disturbances),
        cut_short=cut_short,
    )


async def window(
    connection: Connection, first: Message, *, turns: int, replies: int, threads: Iterable[str]
) -> list[PlacedMessage]:
    """What a message may continue: the latest placed ones before it, and the parents of the named threads."""
    here = {"container_id": first.container_id, "at": first.posted_at, "message_id": first.message_id}
    recent = await _rows(connection, "read_window", **here, turns=turns, replies=replies)
    roots = await _rows(connection, "read_thread_roots", **here, thread_ts=list(threads))
    unique = {row["message_id"]: row for row in [*roots, *recent]}
    return [placed_of(row) for row in sorted(unique.values(), key=lambda row: (row["posted_at"], row["message_id"]))]


async def followers(
    connection: Connection, conversations: Iterable[ConversationId], after: Message | Disturbance
) -> list[Follower]:
    """The messages of these conversations from behind a place on, oldest first."""
    given = {"conversation_ids": list(conversations), "at": after.posted_at, "message_id": after.message_id}
    return [Follower.model_validate(row) for row in await _rows(connection, "read_followers", **given)]


async def heard(
    connection: Connection, replies: Mapping[MessageId, Iterable[ConversationId]], turns: int
) -> list[MessageId]:
    """Those of the replies that have one of their conversations among the latest messages outside of threads."""
    rows = as_json([{"message_id": each, "conversation_ids": list(of)} for each, of in replies.items()])
    return (
        [row["message_id"] for row in await _rows(connection, "find_heard", rows=rows, turns=turns)] if replies else []
    )


async def settle(connection: Connection, disturbances: Sequence[Disturbance]) -> None:
    """What these disturbed is placed again."""
    rows = as_json([{"message_id": each.message_id, "revision": each.revision} for each in disturbances])
    await connection.execute(SQL["settle_disturbances"], {"rows": rows})


async def go_on_after(connection: Connection, container: ContainerId, last: Message | Disturbance, reach: int) -> None:
    """Has what comes after a message placed again: so many messages at most."""
    if reach:
        given = {"container_id": container, "at": last.posted_at, "message_id": last.message_id, "reach": reach}
        await connection.execute(SQL["mark_next"], given)


def placed_of(row: dict[str, Any]) -> PlacedMessage:
    message = Message.model_validate({name: row[name] for name in Message.model_fields})
    return PlacedMessage(message=message, conversation_id=row["conversation_id"])


async def _rows(connection: Connection, statement: str, **given: object) -> list[dict[str, Any]]:
    return await (await connection.execute(SQL[statement], given)).fetchall()
