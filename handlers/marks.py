"""A question's mark: eyes while it is worked on, a tick once it is answered. Setting it again changes nothing."""

import logging
from dataclasses import dataclass

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.errors import is_passing, reason_of
from memory import answers, outbox
from memory.database import Database
from memory.models.audience import Viewer
from memory.models.ids import AnswerId

log = logging.getLogger(__name__)
WORKING, ANSWERED = "eyes", "white_check_mark"
_AS_WANTED = frozenset({"already_reacted", "no_reaction"})


@dataclass(frozen=True)
class Marks:
    """Marks what was asked in a channel; in a direct message the answer itself is quick enough to see."""

    client: AsyncWebClient
    database: Database

    async def show(self, answer: AnswerId, viewer: Viewer) -> None:
        """Brings the mark of a question to what is so at this moment.

        A mark that may not be set, for want of a scope or because the message is gone, is done without; what Slack
        refuses in passing is raised, to be repeated.
        """
        if viewer.kind != "channel":
            return
        async with self.database.viewing(viewer) as connection:
            place = await answers.place_of(connection, answer)
            became = await outbox.outcome_of(connection, answer)
        if place is None:
            return
        channel, ts = place
        if became == "sent":
            await self._set(channel, ts, ANSWERED, stands=True)
        await self._set(channel, ts, WORKING, stands=became is None)

    async def _set(self, channel: str, ts: str, name: str, *, stands: bool) -> None:
        react = self.client.reactions_add if stands else self.client.reactions_remove
        try:
            await react(channel=channel, timestamp=ts, name=name)
        except SlackApiError as error:
            if is_passing(error):
                raise
            if (reason := reason_of(error)) not in _AS_WANTED:
                log.info("mark_not_shown", extra={"reason": reason})
