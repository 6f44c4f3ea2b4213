import asyncio

import pytest

from memory import leases
from memory.database import Database
from memory.leases import Lease, LeaseHeld, LeaseLost
from tests.integration.chat import TEAM, rows

KEY = "briefing:1"


async def expire(house: Database) -> None:
    """As if the holder had died and its lease run out."""
    async with house.house() as connection:
        await connection.execute("update leases set expires_at = now() - interval '1 second'")


async def test_one_of_twenty_gets_the_run(house: Database) -> None:
    """Of twenty that want one run at once a single one gets it, every time; the others are told at once."""
    inside: list[int] = []
    refused = 0

    async def take(owner: int) -> None:
        nonlocal refused
        try:
            async with leases.holding(house, TEAM, KEY, str(owner)):
                inside.append(owner)
                assert len(inside) == 1
                await asyncio.sleep(0.05)
                inside.remove(owner)
        except LeaseHeld:
            refused += 1

    for _ in range(3):
        await asyncio.gather(*(take(owner) for owner in range(20)))
    assert inside == []
    assert refused > 19


async def test_fences_only_grow(house: Database) -> None:
    """Each holder of a run key gets a higher fence than all before it, also after a clean end."""
    fences = []
    for owner in "abcd":
        async with leases.holding(house, TEAM, KEY, owner) as lease:
            fences.append(lease.fence)
    assert fences == [1, 2, 3, 4]


async def test_run_keys_do_not_hinder_each_other(house: Database) -> None:
    """Different runs may be held at once."""
    async with leases.holding(house, TEAM, "a", "x"), leases.holding(house, TEAM, "b", "x") as second:
        assert second == Lease("b", 1)


async def test_an_expired_lease_is_taken_over(house: Database) -> None:
    """When a holder stops renewing, the next one gets the run, and the old one can write no more."""
    async with leases.holding(house, TEAM, KEY, "old") as old:
        await expire(house)
        async with leases.holding(house, TEAM, KEY, "new") as new:
            assert new.fence == old.fence + 1
            with pytest.raises(LeaseLost):
                async with house.house() as connection:
                    await leases.check(connection, old)
            async with house.house() as connection:
                await leases.check(connection, new)
    async with leases.holding(house, TEAM, KEY, "next") as last:
        assert last.fence == 3


async def test_the_old_holder_does_not_end_the_new_lease(house: Database) -> None:
    """A holder that comes back after it was replaced leaves its successor alone."""
    async with leases.holding(house, TEAM, KEY, "old"):
        await expire(house)
        taken = leases.holding(house, TEAM, KEY, "new")
        await taken.__aenter__()
    with pytest.raises(LeaseHeld):
        async with leases.holding(house, TEAM, KEY, "third"):
            pass
    await taken.__aexit__(None, None, None)


async def test_a_takeover_waits_for_a_write(house: Database) -> None:
    """Once a transaction has checked its fence, nobody takes the run over until that transaction ends."""
    order: list[str] = []

    async def take_over() -> None:
        async with leases.holding(house, TEAM, KEY, "new"):
            order.append("taken")

    async with leases.holding(house, TEAM, KEY, "old") as old:
        await expire(house)
        async with house.house() as connection:
            await leases.check(connection, old)
            successor = asyncio.create_task(take_over())
            await asyncio.sleep(0.2)
            order.append("written")
        await successor
    assert order == ["written", "taken"]


async def test_a_heartbeat_keeps_the_lease(house: Database) -> None:
    """A run that takes longer than a lease lasts keeps it."""
    async with leases.holding(house, TEAM, KEY, "slow", seconds=1.5):
        await asyncio.sleep(3)
        with pytest.raises(LeaseHeld):
            async with leases.holding(house, TEAM, KEY, "other"):
                pass


async def test_a_lost_lease_is_not_renewed(house: Database) -> None:
    """The heartbeat of a holder that was replaced ends, and does not touch its successor's lease."""
    async with leases.holding(house, TEAM, KEY, "old", seconds=0.3):
        async with house.house() as connection:
            await connection.execute("update leases set fence = fence + 1, owner = 'new', expires_at = 'infinity'")
        await asyncio.sleep(0.4)
        async with house.house() as connection:
            (found,) = await rows(connection, "select owner, expires_at = 'infinity' as untouched from leases")
    assert found == {"owner": "new", "untouched": True}
