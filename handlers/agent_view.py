"""What Slack shows beside a talk with an agent: that Daybook is at work, what the talk is called, what might be asked.

All of it is convenience: where Slack refuses it, for want of a scope or a method, answers come all the same. Nothing of
it holds words of messages, since what Slack shows there goes with none of them, but for the title of somebody's own
talk: that is what they asked, and it is given another one when those words are gone.
"""

import calendar
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from graphs.wording import clause
from handlers.errors import reason_of
from memory.models.briefings import Item, Section

log = logging.getLogger(__name__)
WORKING = "is looking through what can be read here …"
LONGEST_TITLE = 60
UNTITLED = "A question"
MOST = 4
_AFTER_THE_WEEKEND = frozenset({calendar.SUNDAY, calendar.MONDAY})
USUAL = ("What do I owe?", "What was decided this week?", "What is blocked?")
DECIDED = "What was decided yesterday?"
DECIDED_BEFORE_THE_WEEKEND = "What was decided since Friday?"
BY_SECTION: dict[Section, str] = {
    "promises": "What do I owe?",
    "blocked": "What is blocked?",
    "decisions": DECIDED,
    "needs_you": "Who waits for me?",
}


@dataclass(frozen=True)
class AgentView:
    client: AsyncWebClient

    async def working(self, channel: str, thread_ts: str) -> bool:
        """Shows under a message that an answer is under way; False where Slack does not show it.

        Any message may be named, also one that no thread hangs under. Slack takes the status away when something is
        posted in that thread, or after two minutes; `done` takes it away in all other cases.
        """
        return await self._status(channel, thread_ts, WORKING)

    async def done(self, channel: str, thread_ts: str) -> bool:
        """Shows that nothing is under way any more; False where Slack does not show such things."""
        return await self._status(channel, thread_ts, "")

    async def call(self, channel: str, thread_ts: str, question: str | None) -> None:
        """Calls a thread by the question that began it, shortened; by none where its words are gone."""
        title = clause(question, LONGEST_TITLE) if question else UNTITLED
        try:
            await self.client.assistant_threads_setTitle(channel_id=channel, thread_ts=thread_ts, title=title)
        except (SlackApiError, aiohttp.ClientError, OSError, TimeoutError) as error:
            _untold("title_not_shown", error)

    async def _status(self, channel: str, thread_ts: str, status: str) -> bool:
        try:
            await self.client.assistant_threads_setStatus(channel_id=channel, thread_ts=thread_ts, status=status)
        except (SlackApiError, aiohttp.ClientError, OSError, TimeoutError) as error:
            _untold("status_not_shown", error)
            return False
        return True

    async def suggest(self, channel: str, prompts: Sequence[str]) -> None:
        """Offers questions in a direct message. An agent's prompts name no thread."""
        offered = [{"title": each, "message": each} for each in prompts[:MOST]]
        try:
            await self.client.assistant_threads_setSuggestedPrompts(channel_id=channel, prompts=offered)
        except (SlackApiError, aiohttp.ClientError, OSError, TimeoutError) as error:
            _untold("prompts_not_shown", error)


def prompts(items: Sequence[Item], today: date) -> tuple[str, ...]:
    """What to ask after a morning with these items: about what stands in it first, then what is always worth asking.

    `today` is the reader's: on a Monday, nobody decided anything yesterday.
    """
    sections = dict.fromkeys(item.section for item in items if not item.answered)
    found = [BY_SECTION[each] for each in sections if each in BY_SECTION]
    if today.weekday() in _AFTER_THE_WEEKEND:
        found = [DECIDED_BEFORE_THE_WEEKEND if each == DECIDED else each for each in found]
    return tuple(dict.fromkeys((*found, *USUAL)))[:MOST]


def _untold(event: str, error: Exception) -> None:
    reason = reason_of(error) if isinstance(error, SlackApiError) else type(error).__name__
    log.info(event, extra={"reason": reason})
