"""Each fence is tried board by board with the other one down: whatever is taken out, the suite notices."""

import time
from collections.abc import Mapping
from contextlib import AsyncExitStack

import psycopg
import pytest

from tests.conftest import TestDatabase
from tests.promises import mutants
from tests.promises.checks import POLICIES, PREDICATES, Check, Fence, furnish, look, upset
from tests.promises.mutants import Mutant
from tests.promises.rehearsal import AppRehearsal, rehearsing
from tests.promises.stage import Stage, open_stage

FAILED = "nothing can be read"
NONE = Mutant("nothing taken out", "select")
_ONE_OF_THEM = "whoever is asked for first is asked for again among all the others"
SAVES_WORK = {
    "readable_containers: 18, without p.role = 'member'": "guests are asked for by themselves, too",
    "readable_containers: 27, without p.role = 'member'": "whoever else stands for a team opens no more",
    "readable_containers: 28, without not p.deactivated": "whoever else stands for a team opens no more",
    **{
        f"readable_containers: {ordinal}, without {condition}": _ONE_OF_THEM
        for ordinal, condition in (
            (37, "(c.kind = 'public' and outsiders = '{}' or exists (select from members"),
            (38, "c.kind = 'public'"),
            (39, "outsiders = '{}'"),
            (40, "exists (select from memberships m where m.container_id = c.container_i"),
            (41, "m.container_id = c.container_id"),
            (42, "m.person_id = somebody"),
            (43, "m.joined"),
        )
    },
}
"""Conditions without which the same containers come out."""


async def red(stage: Stage, checks: Mapping[str, Check]) -> str | None:
    """The first check that notices, and what."""
    for name, check in checks.items():
        try:
            async with stage.database.scene():
                found = await check(stage)
        except psycopg.Error as error:
            return f"{name}: {type(error).__name__}"
        if found:
            return f"{name}: {found[0]}"
    return None


async def seen(stage: Stage, fence: Fence) -> dict[str, bytes]:
    """What every onlooker sees; of a mutant with which nothing can be read any more, that: who reads notices."""
    try:
        return await look(stage, fence)
    except psycopg.Error as error:
        return {FAILED: type(error).__name__.encode()}


async def hunt(rehearsal: AppRehearsal, found: list[Mutant], fence: Fence) -> dict[str, str | None]:
    """By mutant, what noticed it. The first one is none, and must not be noticed."""
    stage, mutated = await open_stage(rehearsal), [NONE, *found]
    killed: dict[str, str | None] = {}
    before, after = {}, {}
    async with rehearsal.scene():
        await furnish(stage)
        for each in mutated:
            async with each.at_work(rehearsal):
                before[each.name] = await seen(stage, fence)
                killed[each.name] = FAILED if FAILED in before[each.name] else await red(stage, fence.furnished)
        await upset(stage)
        for each in mutated:
            async with each.at_work(rehearsal):
                after[each.name] = await seen(stage, fence)
    for name in killed:
        changed = [each for each in before[name] if before[name][each] != after[name][each]]
        if changed:
            killed[name] = f"the hidden does not show: {changed[0]}"
    for each in mutated:
        if killed[each.name] is None:
            async with each.at_work(rehearsal):
                killed[each.name] = await red(stage, fence.bare)
    assert killed.pop(NONE.name) is None, "with nothing taken out all is well"
    return killed


async def first_fence(database: TestDatabase, every: int) -> dict[str, str | None]:
    async with rehearsing(database.admin_dsn) as rehearsal:
        await mutants.take_down_second_fence(rehearsal)
        async with rehearsal.as_owner() as connection:
            await mutants.open_every_container(connection)
            found = [*mutants.of_statements(), *await mutants.of_functions(connection)]
        return await hunt(rehearsal, found[::every], PREDICATES)


async def second_fence(database: TestDatabase, every: int) -> dict[str, str | None]:
    async with rehearsing(database.admin_dsn) as rehearsal, AsyncExitStack() as stack:
        async with rehearsal.as_owner() as connection:
            await mutants.open_every_container(connection)
            found = await mutants.of_policies(connection)
        for each in await mutants.let_all_through(rehearsal):
            await stack.enter_async_context(each.at_work(rehearsal))
        return await hunt(rehearsal, found[::every], POLICIES)


def told(killed: Mapping[str, str | None], began: float, capsys: pytest.CaptureFixture[str]) -> list[str]:
    alive = [name for name, check in killed.items() if check is None and name not in SAVES_WORK]
    with capsys.disabled():
        print(f"\n{len(killed)} mutants, {len(alive)} not noticed, {time.monotonic() - began:.0f} s")  # noqa: T201
        for name, check in killed.items():
            print(f"  {name} -> {check or SAVES_WORK.get(name, 'NOT NOTICED')}")  # noqa: T201
    return alive


@pytest.mark.parametrize(
    "every", [17, pytest.param(1, marks=[pytest.mark.promises, pytest.mark.timeout(3600)])], ids=["sample", "all"]
)
async def test_each_predicate_is_missed(database: TestDatabase, every: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Without row-level security, a predicate less is noticed, whichever it is."""
    began = time.monotonic()
    killed = await first_fence(database, every)
    assert told(killed, began, capsys) == []
    assert every > 1 or SAVES_WORK.keys() <= killed.keys()


@pytest.mark.parametrize(
    "every", [9, pytest.param(1, marks=[pytest.mark.promises, pytest.mark.timeout(3600)])], ids=["sample", "all"]
)
async def test_each_policy_is_missed(database: TestDatabase, every: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Without predicates, a policy less is noticed, whichever it is."""
    began = time.monotonic()
    assert told(await second_fence(database, every), began, capsys) == []


async def test_every_function_for_a_viewer_asks_for_the_audience(database: TestDatabase) -> None:
    """A function that reads past row-level security on a viewer's behalf has a predicate to take out."""
    async with rehearsing(database.admin_dsn) as rehearsal, rehearsal.as_owner() as connection:
        assert await mutants.unguarded(connection) == []


def test_conditions_are_found_at_every_depth() -> None:
    """What stands between `and` and `or` is a condition, in groups and subqueries too."""
    text = """
        select f(a and b) from t join u on u.x = t.x and u.y where p = 1 and (q or not (r and s))
           and exists (select from v where w = 'and' and z) order by 1"""
    found = [text[start:end].strip() for start, end in mutants.conditions(text)]
    assert found == [
        *("u.x = t.x", "u.y", "p = 1", "(q or not (r and s))", "q", "not (r and s)", "r", "s"),
        *("exists (select from v where w = 'and' and z)", "w = 'and'", "z"),
    ]
