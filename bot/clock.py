"""What time it is: the machine's, or in a demo or test that of the local workspace."""

import logging
from datetime import UTC, datetime, timedelta

import aiohttp

log = logging.getLogger(__name__)


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """Stands still, to look at a past morning."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


class MovedClock(FixedClock):
    """Stands still until it is moved on: a week is lived through in seconds."""

    def move(self, at: datetime) -> None:
        self._at = at


class FollowedClock:
    """Follows another clock over HTTP (`GET` answers `{"now": ISO 8601}`): a workspace whose time can be moved."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    async def follow(self) -> None:
        """Reads the other clock once; where it does not answer, what was last known goes on."""
        try:
            timeout = aiohttp.ClientTimeout(total=2)
            async with aiohttp.ClientSession(timeout=timeout) as session, session.get(self._url) as reply:
                there = datetime.fromisoformat((await reply.json())["now"])
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.debug("clock_not_read", extra={"error": type(error).__name__})
            return
        self._ahead = there - datetime.now(UTC)
