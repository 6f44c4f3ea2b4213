"""How a question looks while it is worked on, and after: a status under it, eyes that become a tick, its talk's title.

Once it is said that it failed, nothing says that it is worked on, though it is tried again.

Setting any of it again changes nothing.
"""

import logging
from dataclasses import dataclass, field

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from graphs.wording import readable
from handlers.agent_view import AgentView
from handlers.errors import is_passing, reason_of
from memory import answers, outbox, people
from memory.answers import Question
from memory.database import Connection, Database
from memory.models.audience import Viewer
from memory.models.ids import AnswerId, TeamId, outbox_id

log = logging.getLogger(__name__)
WORKING, ANSWERED = "eyes", "white_check_mark"
_AS_WANTED = frozenset({"already_reacted", "no_reaction"})


@dataclass(frozen=True)
class Marks:
    """Marks what was asked. In a channel that is a status and eyes, then a tick; in a direct message a status.

    Where Slack shows no status in a direct message, it is eyes there too, which are taken away again.
    """

    team: TeamId
    client: AsyncWebClient
    database: Database
    view: AgentView
    _eyed: set[AnswerId] = field(default_factory=set)
    """Questions in direct messages that this program gave eyes …"""
    _shown: set[AnswerId] = field(default_factory=set)
    """… and those in threads there that it gave a status. Those in neither may wear eyes of a program that ended."""

    async def show(self, answer: AnswerId, viewer: Viewer) -> None:
        """Brings the marks of a question to what is so at this moment.

        A mark that may not be set, for want of a scope or because the message is gone, is done without; what Slack
        refuses in passing is raised, to be repeated.
        """
        async with self.database.viewing(viewer) as connection:
            asked = await answers.question(connection, answer)
            place = await answers.place_of(connection, answer)
            became = await outbox.outcome_of(connection, answer)
            failed = became is None and await self._has_failed(connection, answer)
        shown, settled = False, failed or became is not None
        if asked and not settled:
            shown = await self.view.working(asked.channel, asked.root)
        if viewer.kind == "person":
            await self._privately(answer, viewer, asked, shown=shown, settled=settled)
        elif place:
            if became == "sent":
                await self._set(*place, ANSWERED, stands=True)
            await self._set(*place, WORKING, stands=not settled)
        if shown and asked and await self._is_settled(answer):
            await self.view.done(asked.channel, asked.root)  # the answer was quicker, and did not take it away

    async def _privately(
        self, answer: AnswerId, viewer: Viewer, asked: Question | None, *, shown: bool, settled: bool
    ) -> None:
        if settled:
            shows = answer in self._shown
            if asked and asked.thread_ts is None:
                shows = await self.view.done(asked.channel, asked.root)  # the answer stands beside it
            await self._title(answer, viewer)
            if asked and (answer in self._eyed or not shows):
                await self._set(asked.channel, asked.ts, WORKING, stands=False)
            self._eyed.discard(answer)
            self._shown.discard(answer)
        elif asked and shown and asked.thread_ts:
            self._shown.add(answer)
        elif asked and not shown:
            self._eyed.add(answer)
            await self._set(asked.channel, asked.ts, WORKING, stands=True)

    async def _has_failed(self, connection: Connection, answer: AnswerId) -> bool:
        """Whether it was said that it could not be answered; it may be even so, later."""
        said = await outbox.read(connection, outbox_id(self.team, answers.failure_of(answer)))
        return said is not None and said.state == "sent"

    async def _title(self, answer: AnswerId, viewer: Viewer) -> None:
        async with self.database.viewing(viewer) as connection:
            titled = await answers.titled_by(connection, answer)
            everybody = await people.roster(connection, self.team) if titled else {}
        if titled:
            names = {key: person.name for key, person in everybody.items()}
            words = readable(titled.question, names, self.team) if titled.question else None
            await self.view.call(titled.channel, titled.root, words)

    async def _is_settled(self, answer: AnswerId) -> bool:
        async with self.database.at_once() as connection:
            return await outbox.outcome_of(connection, answer) is not None

    async def _set(self, channel: str, ts: str, name: str, *, stands: bool) -> None:
        react = self.client.reactions_add if stands else self.client.reactions_remove
        try:
            await react(channel=channel, timestamp=ts, name=name)
        except SlackApiError as error:
            if is_passing(error):
                raise
            if (reason := reason_of(error)) not in _AS_WANTED:
                log.info("mark_not_shown", extra={"reason": reason})
