"""How fast messages are found, and how many of those that an exact search finds, by readers of little, some and all.

Everything is stored, embedded and indexed as the product does it, except that the vectors' index is built once all are
there: one by one takes several times as long. The exact search of the same questions in the same
run stands beside the usual one: on a busy machine the ratio says more than the milliseconds.
"""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import psycopg
from psycopg import sql

from bot import databases
from bot.databases import Databases
from bot.embedder import embedder_of
from bot.settings import read_settings
from graphs import indexing
from graphs.ports import Embedder
from memory import containers, messages, people, retrieval, teams
from memory.database import Database, open_pool
from memory.migrations import migrate
from memory.models.audience import Viewer
from memory.models.containers import Container, Membership
from memory.models.ids import PersonId
from memory.models.messages import Message
from memory.models.people import Person
from memory.models.retrieval import Effort, Hit, Query
from memory.teams import Team
from tests.bench.machine import share
from tests.bench.vocabulary import TEAM, Vocabulary, place, somebody
from tests.integration.chat import START

PLACES = 50
READERS = {"1 %": 1, "20 %": 10, "100 %": PLACES}
"""How many of the channels each reads: the first holds 1 % of all messages, the first ten hold 20 %."""
QUESTIONS = 200
MOST = 300
WARM = 10
"""Questions asked first and not counted: they fill caches and compile functions."""


@dataclass
class Timing:
    wall: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)
    """Milliseconds that Postgres computed, whatever else the machine did."""

    def told(self) -> str:
        return (
            f"p50 {share(self.wall, 0.5):6.1f} p95 {share(self.wall, 0.95):6.1f} ms"
            f" (of the server's CPU: {share(self.server, 0.5):5.1f}, {share(self.server, 0.95):5.1f})"
        )


def measure(many: str) -> None:
    settings = read_settings()
    with databases.throwaway(settings) as here:
        asyncio.run(_measured(here, int(many), embedder_of(settings)))


async def _measured(here: Databases, many: int, embedder: Embedder) -> None:
    await migrate(here.admin_dsn)
    pool = open_pool(here.app_dsn, most=4)
    await pool.open()
    try:
        database, vocabulary = Database(pool), Vocabulary(seed=7)
        said = [list(vocabulary.talk(place(n), size, _authors())) for n, size in enumerate(_sizes(many))]
        await _open(database, embedder)
        with psycopg.connect(here.admin_dsn, autocommit=True) as owner:
            built = take_down(owner)
            await _fill(database, said, embedder)
            began = perf_counter()
            for definition in built:
                owner.execute(definition.encode())
            print(f"The vectors' index was built in {perf_counter() - began:.0f} s.")
            owner.execute("vacuum analyze")
        busy = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        print(f"{QUESTIONS} questions a reader, {MOST} hits each; {busy}.")
        for reader, places in READERS.items():
            readable = [message for talk in said[:places] for message in talk]
            await _compare(database, reader, readable, vocabulary, embedder)
    finally:
        await pool.close()


async def _fill(database: Database, said: list[list[Message]], embedder: Embedder) -> None:
    spent = {"stored": 0.0, "indexed": 0.0, "embedded": 0.0}
    for talk in said:
        here = talk[0].container_id
        began = perf_counter()
        for start in range(0, len(talk), 500):
            async with database.scribing(here) as connection:
                await messages.store(connection, TEAM, talk[start : start + 500])
        stored = perf_counter()
        await indexing.index_words(database, here)
        indexed = perf_counter()
        await indexing.index(database, here, embedder)
        spent["stored"] += stored - began
        spent["indexed"] += indexed - stored
        spent["embedded"] += perf_counter() - indexed
    many = sum(map(len, said))
    paces = ", ".join(f"{what} in {seconds:.0f} s ({many / seconds:.0f}/s)" for what, seconds in spent.items())
    print(f"{many} messages in {len(said)} channels: {paces}; {embedder.name}, {embedder.dimension} dimensions.")


def take_down(owner: psycopg.Connection) -> list[str]:
    """Drops the indexes of vectors, and says how to build them."""
    found = owner.execute("select indexname, indexdef from pg_indexes where indexdef like '%hnsw%'").fetchall()
    for name, _ in found:
        owner.execute(sql.SQL("drop index {}").format(sql.Identifier(name)))
    return [definition for _, definition in found]


async def _open(database: Database, embedder: Embedder) -> None:
    async with database.house() as connection:
        await retrieval.open_space(connection, indexing.space_of(embedder))
        await teams.see(connection, Team(team_id=TEAM, url="https://bench.example/"))
        readers = [Person(person_id=somebody(name), team_id=TEAM, external_id=name, real_name=name) for name in READERS]
        await people.see(connection, TEAM, readers, START)
        channels = [
            Container(
                container_id=place(n),
                team_id=TEAM,
                external_id=f"C{n}",
                kind="private",
                name=f"c{n}",
                read_by_daybook=True,
            )
            for n in range(PLACES)
        ]
        await containers.see(connection, TEAM, channels, START)
        joined = [
            Membership(container_id=place(n), person_id=somebody(name), joined=True, at=START)
            for name, places in READERS.items()
            for n in range(places)
        ]
        await containers.change_members(connection, TEAM, joined)


async def _compare(
    database: Database, reader: str, readable: list[Message], vocabulary: Vocabulary, embedder: Embedder
) -> None:
    viewer = Viewer.person(somebody(reader))
    usual, exact = Timing(), Timing()
    kept = {10: 0.0, 100: 0.0}
    for turn in range(WARM + QUESTIONS):
        message = readable[turn * 7919 % len(readable)]
        query = await _query(vocabulary.question(message.text), embedder)
        found = await _timed(database, viewer, query, retrieval.USUAL, usual)
        wanted = await _timed(database, viewer, query, retrieval.EXACT, exact)
        for depth in kept:
            first = {hit.message_id for hit in wanted[:depth]}
            kept[depth] += len(first & {hit.message_id for hit in found[:depth]}) / max(len(first), 1)
    asked = WARM + QUESTIONS
    ratio = share(usual.wall[WARM:], 0.95) / share(exact.wall[WARM:], 0.95)
    for timing in (usual, exact):
        timing.wall, timing.server = timing.wall[WARM:], timing.server[WARM:]
    way = "vectors exact" if len(readable) <= retrieval.USUAL.few else "vectors by HNSW"
    print(f"{reader:>5} readable ({len(readable)} messages, {way}): {usual.told()}")
    print(f"      exact search of the same questions:      {exact.told()}; ratio of p95 {ratio:.2f}")
    print(f"      of the exact search's first 10: {kept[10] / asked:.3f}; of its first 100: {kept[100] / asked:.3f}")


async def _query(words: list[str], embedder: Embedder) -> Query:
    (vector,) = await embedder.embed([" ".join(words)])
    return Query(words=tuple(words), space=indexing.space_of(embedder), vector=tuple(vector))


async def _timed(database: Database, viewer: Viewer, query: Query, effort: Effort, timing: Timing) -> list[Hit]:
    async with database.viewing(viewer) as connection:
        server = connection.info.backend_pid
        before, began = _computed(server), perf_counter()
        found = await retrieval.search(connection, viewer, query, MOST, effort)
        timing.wall.append((perf_counter() - began) * 1000)
        timing.server.append(_computed(server) - before)
    return found


def _computed(process: int) -> float:
    """Milliseconds that a process of this machine has computed; 0 where that cannot be told."""
    told = Path(f"/proc/{process}/schedstat")
    return int(told.read_text().split()[0]) / 1e6 if told.exists() else 0.0


def _sizes(many: int) -> Iterator[int]:
    yield many // 100
    yield from [many * 19 // 900] * 9
    yield from [many * 8 // 400] * (PLACES - 10)


def _authors() -> list[PersonId]:
    return [somebody(f"U{n}") for n in range(100)]
