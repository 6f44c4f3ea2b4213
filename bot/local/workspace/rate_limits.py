"""Slack's published rate limits, kept on the workspace's clock."""

import math
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime
from enum import Enum

from bot.local.workspace.clock import Clock
from bot.local.workspace.refusals import RateLimited

BURST = 1.5
"""Slack lets short bursts over a tier pass; how far is not published."""
POSTS_A_MINUTE = 300
POSTS_AT_ONCE = 3


class Tier(Enum):
    """Calls per minute of one method."""

    ONE = 1
    TWO = 20
    THREE = 50
    FOUR = 100
    SPECIAL = 600


class Window:
    """At most so many in any stretch of so many seconds."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._times: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Seconds until one more fits; 0 when it fits now. A clock set back forgets what is now in the future."""
        while self._times and not now - self._seconds < self._times[0] <= now:
            self._times.popleft()
        return self._times[0] + self._seconds - now if len(self._times) >= self._most else 0.0

    def take(self, now: float) -> None:
        self._times.append(now)


class Bucket:
    """So many at once, refilled by one a second."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._level = float(size)
        self._at = -math.inf

    def wait(self, now: float) -> float:
        if now < self._at:
            self._level = self._size
        elif self._at > -math.inf:
            self._level = min(self._size, self._level + now - self._at)
        self._at = now
        return max(0.0, 1.0 - self._level)

    def take(self, _now: float) -> None:
        self._level -= 1.0


class RateLimits:
    """Counts calls that pass; a refused one costs nothing."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._methods: dict[str, Window] = {}
        self._posts = Window(POSTS_A_MINUTE, 60)
        self._channels: defaultdict[str, Bucket] = defaultdict(lambda: Bucket(POSTS_AT_ONCE))

    @classmethod
    def of(cls, clock: Clock) -> "RateLimits":
        return cls(clock.now)

    def charge(self, method: str, tier: Tier) -> None:
        window = self._methods.setdefault(method, Window(math.ceil(tier.value * BURST), 60))
        self._pass(window)

    def charge_post(self, channel: str) -> None:
        """One post into a channel: a second apart but for short bursts, and a few hundred a minute in all."""
        self._pass(self._posts, self._channels[channel])

    def _pass(self, *limits: Window | Bucket) -> None:
        now = self._now().timestamp()
        wait = max(limit.wait(now) for limit in limits)
        if wait > 0:
            raise RateLimited(max(1, math.ceil(wait)))
        for limit in limits:
            limit.take(now)
