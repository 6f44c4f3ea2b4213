from typing import Protocol
from uuid import UUID

from memory.database import Connection
from memory.models.ids import AnswerId, BriefingId, ContainerId, ItemId, OutboxId, PersonId, TeamId


class Dispatch(Protocol):
    """Starts work in the caller's transaction: the work is there if, and only if, the transaction commits."""

    async def handle(self, connection: Connection, team: TeamId, place: str) -> None:
        """Handle the deliveries of a place, in the order in which they came."""

    async def read_container(self, connection: Connection, team: TeamId, external_id: str) -> None:
        """Look up what a container is, who is in it, and what was said there."""

    async def extract(self, connection: Connection, team: TeamId, container: ContainerId) -> None:
        """Work out a container's conversations and facts, a little later: more messages may follow."""

    async def index(self, connection: Connection, team: TeamId, container: ContainerId) -> None:
        """Bring the index of a container's messages up to date, a little later: more may follow."""

    async def notice_activity(self, connection: Connection, team: TeamId, person: PersonId) -> None:
        """The person is up: their briefing may be due."""

    async def brief_now(self, connection: Connection, team: TeamId, person: PersonId) -> None:
        """Make today's briefing at once, if it was not made yet."""

    async def brief(self, connection: Connection, team: TeamId, briefing: BriefingId) -> None: ...

    async def answer(self, connection: Connection, team: TeamId, answer: AnswerId, viewer: str) -> None: ...

    async def answer_anew(
        self, connection: Connection, team: TeamId, answer: AnswerId, viewer: str, cause: UUID
    ) -> None:
        """Answer a question again and change what was posted: an event, the cause, made the answer wrong."""

    async def mark(self, connection: Connection, answer: AnswerId, viewer: str, *, done: bool = False) -> None:
        """Show at a question that it is being answered, or that it was: that it is `done` may wait a little."""

    async def send(self, connection: Connection, outbox: OutboxId) -> None: ...

    async def offer(self, connection: Connection, answer: AnswerId, channel: ContainerId) -> None:
        """Look whether there is more in private for whoever asked; an answer that is waited for comes first."""

    async def show_why(self, connection: Connection, person: PersonId, item: ItemId, view_id: str) -> None:
        """Draw the view behind an item's *Why?* anew: something was pressed in it."""

    async def suggest(self, connection: Connection, person: PersonId, channel: str) -> None:
        """Offer questions in the person's direct message with Daybook."""

    async def show_holdings(self, connection: Connection, person: PersonId, view_id: str) -> None:
        """Draw the list of what is known of somebody anew: something in it was forgotten."""

    async def follow_tracking(self, connection: Connection, team: TeamId, person: PersonId) -> None:
        """Take back what somebody's messages bear out, or work it out again: they chose not to be tracked, or to be."""

    async def show_home(self, connection: Connection, team: TeamId, external_id: str) -> None: ...
