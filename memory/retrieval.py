"""Retrieval: messages indexed with their neighbours, as words and vectors, and found among what a viewer may read.

The index is no truth: it is made from messages, dies with their words, and can be made anew at any time. Ids are found
by a definer function that asks who reads; what they stand for is read under row-level security.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from memory import statements
from memory.database import Connection, as_json
from memory.models.audience import Viewer
from memory.models.ids import ContainerId, MessageId, TeamId
from memory.models.retrieval import Effort, Frequencies, Hit, Query, Space, Surrounded, Unembedded

SQL = statements.load("retrieval")
USUAL = Effort(few=25_000, budget=3_500)
EXACT = Effort(few=2**31 - 1, budget=2**31 - 1)
"""Everything compared with everything: what approximate searches are measured by."""


async def mark_stale(connection: Connection, team: TeamId, containers: Iterable[ContainerId]) -> None:
    """Notes that messages came, changed or went there; to be called in the transaction in which they did."""
    await connection.execute(SQL["mark_stale"], {"team_id": team, "container_ids": list(containers)})


async def index(connection: Connection, container: ContainerId, most: int) -> bool:
    """Indexes the words of up to `most` messages that are new or changed, and of their neighbours; False: none is left.

    As the container's scribe.
    """
    given: dict[str, Any] = {"container_id": container, "most": most}
    stale = await (await connection.execute(SQL["find_stale"], given)).fetchall()
    if not stale:
        await connection.execute(SQL["mark_fresh"], given)
        return False
    given["message_ids"] = [row["message_id"] for row in stale]
    await connection.execute(SQL["drop_outdated"], given)
    await connection.execute(SQL["make_passages"], given)
    return True


async def index_newest(connection: Connection, container: ContainerId, most: int) -> bool:
    """Indexes the words of up to `most` messages that were said last; False: none is left.

    That costs the same however long a container's history is. What was edited, or came late, waits for `index`, and so
    does the passage of the message before. As the container's scribe.
    """
    given: dict[str, Any] = {"container_id": container, "most": most}
    newest = await (await connection.execute(SQL["find_newest"], given)).fetchall()
    if newest:
        await connection.execute(SQL["make_passages"], given | {"message_ids": [row["message_id"] for row in newest]})
    return len(newest) == most


async def open_space(connection: Connection, space: Space) -> None:
    """Makes room for an embedder's vectors; room that is there stays as it is."""
    await connection.execute(SQL["open_space"], space.model_dump())


async def unembedded(connection: Connection, container: ContainerId, space: Space, most: int) -> list[Unembedded]:
    """Passages that have no vector in this space, the newest first. As the container's scribe.

    Where all had one before, only those made since are looked at: what that costs does not grow with a channel.
    """
    given = {"container_id": container, "most": most, **space.model_dump()}
    embedded = await (await connection.execute(SQL["is_embedded"], given)).fetchone()
    found = "find_listed" if embedded else "find_unembedded"
    rows = await (await connection.execute(SQL[found], given)).fetchall()
    return [Unembedded.model_validate(row) for row in rows]


async def keep_vectors(
    connection: Connection, container: ContainerId, space: Space, found: Iterable[tuple[Unembedded, Sequence[float]]]
) -> None:
    """Keeps the vectors of passages that are still what they were. As the container's scribe."""
    rows = [
        {
            "message_id": passage.message_id,
            "rests_on": [str(key) if key else None for key in passage.rests_on],
            "embedding": _written(vector),
        }
        for passage, vector in found
    ]
    given = {"container_id": container, "rows": as_json(rows), **space.model_dump()}
    await connection.execute(SQL["keep_vectors"], given)


async def settle_vectors(connection: Connection, container: ContainerId, space: Space) -> None:
    """Notes that all of a container's passages have a vector in this space, and drops those in any other.

    In the transaction that found none without.
    """
    await connection.execute(SQL["settle_vectors"], {"container_id": container, **space.model_dump()})


async def to_index(connection: Connection, team: TeamId, space: Space) -> list[ContainerId]:
    """The containers that have messages which are not indexed, or have no vector in this space."""
    given = {"team_id": team, **space.model_dump()}
    rows = await (await connection.execute(SQL["find_containers_to_index"], given)).fetchall()
    return [row["container_id"] for row in rows]


async def behind_for(connection: Connection, viewer: Viewer) -> list[ContainerId]:
    """The containers that the viewer may read and whose newest messages cannot be found yet."""
    return [row["container_id"] for row in await _rows(connection, "find_behind", viewer)]


async def search(connection: Connection, viewer: Viewer, query: Query, most: int, effort: Effort = USUAL) -> list[Hit]:
    """The messages that share most with the query in words or in meaning, best first, among what the viewer may read.

    What the viewer may not read changes nothing, except where vectors are approximate (see `Effort`).
    """
    given = {
        "words": " ".join(query.words).replace("\x00", " "),
        "people": list(query.people),
        "since": query.since,
        "until": query.until,
        "embedder": query.space.embedder if query.space else None,
        "embedding": _written(query.vector) if query.vector else None,
        "most": most,
        **effort.model_dump(),
    }
    return [Hit.model_validate(row) for row in await _rows(connection, "search_passages", viewer, **given)]


async def frequencies(connection: Connection, viewer: Viewer, words: Iterable[str]) -> Frequencies:
    """How common these words are among what the viewer may read."""
    (counted,) = await _rows(connection, "count_passages", viewer)
    rows = await _rows(connection, "count_words", viewer, words=list(words))
    return Frequencies(messages=counted["passages"], holding={row["word"]: row["passages"] for row in rows})


async def surrounded(connection: Connection, message_ids: Iterable[MessageId], reach: int) -> list[Surrounded]:
    """Those of the messages that the viewer may read, each with up to `reach` before and after it; in no order."""
    given = {"message_ids": list(message_ids), "reach": reach}
    rows = await (await connection.execute(SQL["read_surroundings"], given)).fetchall()
    return [Surrounded.model_validate(row) for row in rows]


def _written(vector: Sequence[float]) -> str:
    return "[" + ",".join(f"{value:.6g}" for value in vector) + "]"


async def _rows(connection: Connection, statement: str, viewer: Viewer, **given: object) -> list[dict[str, Any]]:
    everything = {"viewer_kind": viewer.kind, "viewer_id": viewer.viewer_id, **given}
    return await (await connection.execute(SQL[statement], everything)).fetchall()
