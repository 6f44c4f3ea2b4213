"""All words stand in one place, each with the words it rests on: deleting those deletes it."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from psycopg.errors import ForeignKeyViolation

from memory import statements
from memory.database import Connection, as_json
from memory.errors import MemoryFailure
from memory.models.base import Model
from memory.models.ids import ContainerId, ContentId, TeamId

SQL = statements.load("contents")


class WordsGone(MemoryFailure):
    """What this text rests on was deleted meanwhile: work it out anew from what is left."""


class Text(Model):
    """A text with its audience: that of a container, or the one viewer for whom it was written."""

    content_id: ContentId
    kind: str
    body: str
    container_id: ContainerId | None = None
    viewer_id: UUID | None = None
    rests_on: tuple[ContentId, ...] = ()


async def keep(connection: Connection, team: TeamId, texts: Sequence[Text]) -> None:
    """Keeps the texts; one with the same id is replaced.

    Raises:
        WordsGone: one rests on words that are no longer there; the transaction is lost.
    """
    if not texts:
        return
    rows = as_json([text.model_dump() for text in texts])
    try:
        await connection.execute(SQL["keep_contents"], {"team_id": team, "rows": rows})
    except ForeignKeyViolation as error:
        raise WordsGone("Words that a text rests on were deleted while it was written.") from error


async def erase(connection: Connection, contents: Iterable[ContentId]) -> None:
    """Deletes the texts, and all that was derived from them, at any depth and for every viewer."""
    if gone := list(contents):
        await connection.execute(SQL["erase_contents"], {"content_ids": gone})
