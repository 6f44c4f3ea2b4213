"""What tasks answered: the same version of a task with the same input is never run twice."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from memory import contents, statements
from memory.contents import Text
from memory.database import Connection, as_json
from memory.models.base import Model
from memory.models.ids import ContainerId, ContentId, TeamId, content_id, derive

SQL = statements.load("results")


class Result(Model):
    """A task's answer as JSON, under the hash of what it was given, with the audience of that."""

    input_hash: str
    body: str
    container_id: ContainerId | None = None
    viewer_id: UUID | None = None
    rests_on: tuple[ContentId, ...] = ()


async def find(connection: Connection, team: TeamId, task: str, version: str, hashes: Iterable[str]) -> dict[str, str]:
    """The kept answers by input hash; of what was deleted since there is none."""
    given = {"team_id": team, "task": task, "version": version, "hashes": list(hashes)}
    rows = await (await connection.execute(SQL["find_results"], given)).fetchall()
    return {row["input_hash"]: row["body"] for row in rows}


async def keep(connection: Connection, team: TeamId, task: str, version: str, results: Sequence[Result]) -> None:
    texts, rows = [], []
    for result in results:
        content = content_id("result", derive(team, task, version), result.input_hash)
        texts.append(
            Text(
                content_id=content,
                kind="result",
                body=result.body,
                container_id=result.container_id,
                viewer_id=result.viewer_id,
                rests_on=result.rests_on,
            )
        )
        audience = result.model_dump(include={"container_id", "viewer_id"})
        rows.append({"input_hash": result.input_hash, "content_id": content, **audience})
    await contents.keep(connection, team, texts)
    given = {"team_id": team, "task": task, "version": version, "rows": as_json(rows)}
    await connection.execute(SQL["keep_results"], given)


async def forget(connection: Connection, container: ContainerId) -> None:
    """Drops what was kept for a container: its tasks run anew, whatever they are given.

    What models answered stays: they are not paid twice for the same prompt, and another prompt is another version.
    """
    rows = await (await connection.execute(SQL["find_results_of_container"], {"container_id": container})).fetchall()
    await contents.erase(connection, [row["content_id"] for row in rows])
