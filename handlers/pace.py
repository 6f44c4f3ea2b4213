"""How fast Slack lets us go: turns so many a minute, taken in the order in which they were asked for."""

import asyncio

POSTS_A_MINUTE = 294
"""Slack takes some hundreds a minute in a workspace, and 300 at least; the rest is room for what lags on its way."""
LOOKS_A_MINUTE = 90
"""Of who is in a channel: 100 a minute and more."""


class Pace:
    """Turns for one kind of call, evenly spaced but for a few at once. All workers of a program share it.

    Several programs each have their own; what is too much then Slack refuses, and it is tried again when it says.
    """

    def __init__(self, a_minute: float, at_once: int = 5) -> None:
        self._every = 60 / a_minute
        self._slack = (at_once - 1) * self._every
        self._next = 0.0

    async def turn(self, *, urgent: bool = False) -> None:
        """Waits for a turn. Who is `urgent` does not wait, but all after them do for it."""
        now = asyncio.get_running_loop().time()
        mine = self._next = max(self._next, now - self._slack)
        self._next += self._every
        if mine > now and not urgent:
            await asyncio.sleep(mine - now)

    @property
    def waits(self) -> bool:
        """Whether somebody who asked now would have to wait."""
        return self._next > asyncio.get_running_loop().time()

    def hold(self, seconds: float) -> None:
        """Slack asks to be left alone: nobody's turn comes before."""
        self._next = max(self._next, asyncio.get_running_loop().time() + seconds)
