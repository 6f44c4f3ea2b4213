"""Posts the briefings that are due, at the pace that Slack allows; and looks ahead of time where they will go.

Any number of programs may do so: one at a time posts, and one looks, so that all keep one pace and one order.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp
import psycopg
from psycopg_pool import PoolTimeout
from slack_sdk.errors import SlackApiError

from bot import telemetry
from bot.ahead import LONGEST
from graphs.ports import Clock
from handlers.destinations import Destinations
from handlers.errors import LIMITED, TryAgain, reason_of
from handlers.messenger import Messenger
from memory import assurances, leases, outbox
from memory.database import Database
from memory.leases import LeaseHeld
from memory.models.ids import OutboxId, PersonId, TeamId

AT_ONCE = 6
"""Posts under way at a time: when one is answered late, the others do not wait for it."""
BATCH = 30
_SOON, _LONGEST_REST = 2.0, 120.0
"""Seconds after which something that went wrong is tried again: the first time, and at most."""
_PASSING = (psycopg.Error, PoolTimeout, SlackApiError, aiohttp.ClientError, OSError, TimeoutError, LeaseHeld)


@dataclass
class Aside:
    """What is set aside for a while, for longer the more often that happened."""

    _until: dict[OutboxId | PersonId, float] = field(default_factory=dict)
    _times: dict[OutboxId | PersonId, int] = field(default_factory=dict)

    def put(self, key: OutboxId | PersonId, seconds: float | None = None) -> None:
        self._times[key] = times = self._times.get(key, 0) + 1
        rest = min(_SOON * 2 ** (times - 1), _LONGEST_REST) if seconds is None else seconds
        self._until[key] = asyncio.get_running_loop().time() + rest

    def forget(self, key: OutboxId | PersonId) -> None:
        self._until.pop(key, None)
        self._times.pop(key, None)

    def still(self) -> list[OutboxId | PersonId]:
        """Those whose time is not over."""
        now = asyncio.get_running_loop().time()
        return [key for key, until in self._until.items() if until > now]


@dataclass(frozen=True)
class Mornings:
    """Two duties to be called over and over: each does what there is to do, and returns."""

    team: TeamId
    database: Database
    messenger: Messenger
    destinations: Destinations
    clock: Clock
    owner: str
    lease_seconds: float = leases.LENGTH
    _unposted: Aside = field(default_factory=Aside)
    _unseen: Aside = field(default_factory=Aside)

    async def post_due(self) -> None:
        """Posts every briefing whose time has come, in order of their time."""
        if await self._due():
            await self._alone("posting", self._post_some)

    async def look_ahead(self) -> None:
        """Looks into the channels of those who will be briefed soon; whose time comes first, first."""
        if await self._unassured():
            await self._alone("looking", self._look_at_some)

    async def _alone(self, duty: str, some: Callable[[], Awaitable[bool]]) -> None:
        """Does `some` of it until nothing is left, while nobody else does it."""
        run_key = f"{duty}:{self.team}"
        try:
            async with leases.holding(self.database, self.team, run_key, self.owner, self.lease_seconds) as lease:
                while await some():
                    async with self.database.house() as connection:
                        await leases.check(connection, lease)
        except LeaseHeld:
            return

    async def _due(self) -> list[tuple[OutboxId, PersonId]]:
        but = [OutboxId(key) for key in self._unposted.still()]
        async with self.database.at_once() as connection:
            return await outbox.due(connection, self.team, self.clock.now(), BATCH, but)

    async def _post_some(self) -> bool:
        due = await self._due()
        turns = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for outbox_id, person in due:
                group.create_task(self._post(outbox_id, person, turns))
        return bool(due)

    async def _post(self, outbox_id: OutboxId, person: PersonId, turns: asyncio.Semaphore) -> None:
        async with turns:
            try:
                if not await self.destinations.is_ready(person):
                    self._unposted.put(outbox_id)
                    return
                await self.messenger.send(outbox_id)
            except LeaseHeld:  # by a worker that died over it, or writes an update
                self._unposted.put(outbox_id, 1.0)
            except TryAgain as told:
                if isinstance(told.__cause__, SlackApiError) and reason_of(told.__cause__) in LIMITED:
                    self.messenger.posts.hold(told.seconds)
                    self._unposted.put(outbox_id, told.seconds)
                else:
                    self._unposted.put(outbox_id)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others are to be posted
                telemetry.failed("briefing_not_posted", error, passing=isinstance(error, _PASSING))
                self._unposted.put(outbox_id)
            else:
                self._unposted.forget(outbox_id)

    async def _unassured(self) -> list[PersonId]:
        now = self.clock.now()
        aside = set(self._unseen.still())
        async with self.database.house() as connection:
            most = BATCH + len(aside)
            found = await assurances.missing(connection, self.team, now, now + LONGEST, most)
        return [person for person in found if person not in aside]

    async def _look_at_some(self) -> bool:
        people = await self._unassured()
        for person in people:
            try:
                await self.destinations.prepare(person)
            except Exception as error:  # noqa: BLE001 - as above: it is looked at again when the briefing is posted
                telemetry.failed("channel_not_looked_at", error, passing=isinstance(error, _PASSING))
                self._unseen.put(person)
            else:
                self._unseen.put(person, _LONGEST_REST)
        return bool(people)
