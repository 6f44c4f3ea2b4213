"""Indexing as work: who is due for it, and that it is asked for once."""

from collections.abc import AsyncIterator

import pytest

from bot.clock import FixedClock
from bot.offline import Offline, offline
from memory import retrieval, teams
from memory.models.audience import Viewer
from memory.models.retrieval import Query
from memory.teams import Team
from tests.conftest import TestDatabase
from tests.embedding import Hashing
from tests.integration.chat import (
    TEAM,
    at,
    bury,
    container,
    introduce,
    members,
    open_containers,
    person,
    rows,
    said,
    say,
    where,
    who,
)

ANA = Viewer.person(who("ANA"))


@pytest.fixture
async def room(database: TestDatabase) -> AsyncIterator[Offline]:
    """The engine room, and a private channel with Ana in it in which something was said."""
    async with offline(database.app_dsn, TEAM, FixedClock(at(600)), Hashing()) as here:
        async with here.database.house() as connection:
            await teams.see(connection, Team(team_id=TEAM, url="https://acme.example/"))
        await introduce(here.database, person("ANA"))
        await open_containers(here.database, container("C1", "private"))
        await members(here.database, "C1", "ANA")
        await say(here.database, said("C1", 1, "the pelican is out"), said("C1", 2, "since friday"))
        yield here


async def jobs(here: Offline) -> list[object]:
    async with here.database.house() as connection:
        found = await rows(connection, "select args from procrastinate_jobs where task_name = 'index'")
    return [row["args"] for row in found]


async def test_an_unfinished_container_gets_one_job(room: Offline) -> None:
    """However often it is found unfinished; the job holds its id and nothing else. Once indexed, it is left alone."""
    assert [await room.rooms.index_unfinished(), await room.rooms.index_unfinished()] == [1, 1]
    assert await jobs(room) == [{"container_id": str(where("C1"))}]
    await room.rooms.index(where("C1"))
    assert await room.rooms.index_unfinished() == 0


async def test_what_goes_and_what_comes_is_work_again(room: Offline) -> None:
    """A deleted message and a new one each make the container unfinished."""
    await room.rooms.index(where("C1"))
    await bury(room.database, said("C1", 2, ""))
    assert await room.rooms.index_unfinished() == 1
    await room.rooms.index(where("C1"))
    await say(room.database, said("C1", 3, "another"))
    assert await room.rooms.index_unfinished() == 1


async def test_another_embedder_is_work_for_every_container(database: TestDatabase, room: Offline) -> None:
    """A Daybook with another embedder finds everything unfinished, embeds it, and can be asked all the while."""
    await room.rooms.index(where("C1"))
    async with offline(database.app_dsn, TEAM, FixedClock(at(600)), Hashing("hashing-2", 32)) as other:
        assert await other.rooms.index_unfinished() == 1
        async with other.database.viewing(ANA) as connection:
            assert len(await retrieval.search(connection, ANA, Query(words=("pelican",)), 5)) == 2
        await other.rooms.index(where("C1"))
        assert await other.rooms.index_unfinished() == 0
        async with other.database.viewing(ANA) as connection:
            kept = await rows(connection, "select embedder, dimension from passage_vectors")
        assert kept == [{"embedder": "hashing-2", "dimension": 32}] * 2
