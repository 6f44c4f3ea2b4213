"""All words stand in one place, each with the words it rests on: deleting those deletes it."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from memory import statements
from memory.database import Connection, as_json
from memory.models.base import Model
from memory.models.ids import ContainerId, ContentId, TeamId

SQL = statements.load("contents")


class Text(Model):
    """A text with its audience: that of a container, or the one viewer for whom it was written."""

    content_id: ContentId
    kind: str
    body: str
    container_id: ContainerId | None = None
    viewer_id: UUID | None = None
    rests_on: tuple[ContentId, ...] = ()


async def keep(connection: Connection, team: TeamId, texts: Sequence[Text]) -> None:
    """Keeps the texts; one with the same id is replaced."""
    if texts:
        rows = as_json([text.model_dump() for text in texts])
        await connection.execute(SQL["keep_contents"], {"team_id": team, "rows": rows})


async def erase(connection: Connection, contents: Iterable[ContentId]) -> None:
    """Deletes the texts, and all that was derived from them, at any depth and for every viewer."""
    await connection.execute(SQL["erase_contents"], {"content_ids": list(contents)})
