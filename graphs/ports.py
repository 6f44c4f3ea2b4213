"""What the graphs need from the floors above them: Protocols, and the frozen Context that a run is given."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel

from graphs.prompts import Prompt, Size
from memory import leases
from memory.database import Connection, Database
from memory.leases import Lease
from memory.models.audience import Viewer
from memory.models.ids import ContainerId, OutboxId, PersonId, TeamId, person_id

Reply = TypeVar("Reply", bound=BaseModel)


class Clock(Protocol):
    """Tells the time in UTC; tests and the local workspace move it."""

    def now(self) -> datetime: ...


@dataclass(frozen=True)
class Usage:
    """Tokens of a call: sent, of those known to the endpoint already, and received."""

    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0


@dataclass(frozen=True)
class Replied(Generic[Reply]):
    """A reply as it was asked for, from which model, and what it took."""

    value: Reply
    model: str
    usage: Usage


class Model(Protocol):
    """A language model, asked for one typed reply on behalf of the run that holds it."""

    def names(self, size: Size) -> tuple[str, ...]:
        """The models that may answer, the usual one first."""

    async def reply(self, task: str, prompt: Prompt, schema: type[Reply]) -> Replied[Reply]:
        """Raises ModelUnavailable, BudgetSpent or InvalidReply, and nothing else that is the model's fault."""


class Embedder(Protocol):
    """Turns texts into vectors, whose cosine says how alike the texts are.

    Vectors of another name or dimension cannot be compared with its own.
    """

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector for each text, in their order; any text has one, the empty one too."""


class Outgoing(Protocol):
    """Sees to it that what the outbox intends is sent."""

    async def send(self, connection: Connection, outbox: OutboxId) -> None:
        """In the caller's transaction: it is sent if, and only if, that commits."""


@dataclass(frozen=True)
class Context:
    """What a run works with. Every write goes through a fence: a run that lost its lease changes nothing.

    `own_id` is Daybook's own user id in the workspace.
    """

    team_id: TeamId
    own_id: str
    database: Database
    clock: Clock
    lease: Lease
    outgoing: Outgoing
    model: Model | None = None
    embedder: Embedder | None = None
    kept: dict[object, Any] = field(default_factory=dict)
    """What a node of this run read or worked out, for the nodes after it: good only while nothing of it has changed."""

    @asynccontextmanager
    async def viewing(self, viewer: Viewer) -> AsyncIterator[Connection]:
        """A transaction that reads what the viewer may read, and writes what is theirs alone."""
        async with leases.viewing(self.database, viewer, self.lease) as connection:
            yield connection

    @property
    def daybook(self) -> PersonId:
        """Daybook itself, as the workspace knows it."""
        return person_id(self.team_id, "slack", self.own_id)

    @asynccontextmanager
    async def scribing(self, *containers: ContainerId) -> AsyncIterator[Connection]:
        """A transaction that reads and writes these containers, and no other."""
        async with self.database.scribing(*containers) as connection:
            await leases.check(connection, self.lease)
            yield connection
