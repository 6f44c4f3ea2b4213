"""One run key is worked on by one worker at a time; a worker that lost its lease can no longer write."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import psycopg
from psycopg_pool import PoolTimeout

from memory import statements
from memory.database import VIEWER, VIEWER_KIND, Connection, Database
from memory.errors import MemoryFailure
from memory.models.audience import Viewer
from memory.models.ids import TeamId

log = logging.getLogger(__name__)
SQL = statements.load("leases")
LENGTH = 15.0
"""Seconds a lease lasts without a heartbeat: how long a killed worker's run stays untouched, unless told otherwise."""


class LeaseHeld(MemoryFailure):
    """Another worker is on this run: come back later."""


class LeaseLost(MemoryFailure):
    """This run was taken over by another worker: stop, and write nothing more."""


@dataclass(frozen=True)
class Lease:
    run_key: str
    fence: int


@asynccontextmanager
async def holding(
    database: Database, team: TeamId, run_key: str, owner: str, seconds: float = LENGTH
) -> AsyncIterator[Lease]:
    """Holds the run key, with a heartbeat, until the block ends; raises LeaseHeld at once when somebody else does."""
    async with database.at_once() as connection:
        given = {"run_key": run_key, "team_id": team, "owner": owner, "seconds": seconds}
        row = await (await connection.execute(SQL["take_lease"], given)).fetchone()
    if row is None:
        raise LeaseHeld(f"Another worker is on {run_key}.")
    lease = Lease(run_key, row["fence"])
    heartbeat = asyncio.create_task(_renew(database, lease, seconds))
    try:
        yield lease
    finally:
        heartbeat.cancel()
        await asyncio.gather(heartbeat, return_exceptions=True)
        async with database.at_once() as connection:
            await connection.execute(SQL["end_lease"], {"run_key": run_key, "fence": lease.fence})


async def check(connection: Connection, lease: Lease) -> None:
    """Raises LeaseLost unless the lease is still ours, and keeps it so until the transaction ends."""
    given = {"run_key": lease.run_key, "fence": lease.fence}
    if await (await connection.execute(SQL["hold_lease"], given)).fetchone() is None:
        raise LeaseLost(f"Another worker took over {lease.run_key}.")


@asynccontextmanager
async def viewing(database: Database, viewer: Viewer, lease: Lease) -> AsyncIterator[Connection]:
    """As the database's own `viewing`, for a run that holds the lease; raises LeaseLost when it does not any more."""
    who = {"kind_is": VIEWER_KIND, "kind": viewer.kind, "viewer_is": VIEWER, "viewer": str(viewer.viewer_id)}
    given = {**who, "run_key": lease.run_key, "fence": lease.fence}
    async with database.house() as connection:
        row = await (await connection.execute(SQL["view_under_lease"], given)).fetchone()
        if row is None or row["fence"] is None:
            raise LeaseLost(f"Another worker took over {lease.run_key}.")
        yield connection


async def prune(connection: Connection, days: int) -> None:
    """Forgets the leases that ended so long ago that no worker can remember having held one."""
    await connection.execute(SQL["prune_leases"], {"days": days})


async def _renew(database: Database, lease: Lease, seconds: float) -> None:
    """Ends when the lease is lost: the next write of the run then fails its check."""
    given = {"run_key": lease.run_key, "fence": lease.fence, "seconds": seconds}
    renewed = True
    while renewed:
        await asyncio.sleep(seconds / 3)
        try:
            async with database.at_once() as connection:
                renewed = await (await connection.execute(SQL["renew_lease"], given)).fetchone() is not None
        except (psycopg.Error, PoolTimeout):
            log.warning("lease_not_renewed", extra={"run_key": lease.run_key})  # tried again; two misses fit in a lease
