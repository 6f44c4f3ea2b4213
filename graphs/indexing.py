"""Indexing: a container's messages -> passages with the words around them, and their vectors.

Any number may do so at once, and whenever they like: what is indexed already stays, what is missing is added. No
connection is held while texts are turned into vectors.
"""

from graphs.ports import Embedder
from memory import retrieval
from memory.database import Database
from memory.models.ids import ContainerId
from memory.models.retrieval import Space, Unembedded

BATCH = 500
"""Messages indexed in one transaction."""
VECTORS = 200
"""Texts embedded in one go."""


def space_of(embedder: Embedder) -> Space:
    return Space(embedder=embedder.name, dimension=embedder.dimension)


async def index(database: Database, container: ContainerId, embedder: Embedder) -> None:
    """Brings the index of a container up to date; vectors of another embedder go once all are there."""
    await index_words(database, container)
    space = space_of(embedder)
    while waiting := await _waiting(database, container, space):
        vectors = await embedder.embed([text_of(passage) for passage in waiting])
        async with database.scribing(container) as connection:
            await retrieval.keep_vectors(connection, container, space, list(zip(waiting, vectors, strict=True)))


async def index_words(database: Database, container: ContainerId) -> None:
    """The words alone, which is quick: from then on a message can be found."""
    more = True
    while more:
        async with database.scribing(container) as connection:
            more = await retrieval.index(connection, container, BATCH)


def text_of(passage: Unembedded) -> str:
    """What is embedded of a message: its own words first, then those around it."""
    return "\n".join(part for part in (passage.text, passage.before, passage.after) if part)


async def index_newest(database: Database, container: ContainerId) -> None:
    """What was said a moment ago alone: so quick that a question can wait for it."""
    more = True
    while more:
        async with database.scribing(container) as connection:
            more = await retrieval.index_newest(connection, container, BATCH)


async def _waiting(database: Database, container: ContainerId, space: Space) -> list[Unembedded]:
    async with database.scribing(container) as connection:
        waiting = await retrieval.unembedded(connection, container, space, VECTORS)
        if not waiting:
            await retrieval.settle_vectors(connection, container, space)
    return waiting
