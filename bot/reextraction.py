"""The engines run anew over what was said: what they conclude now is appended, or only shown."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

import psycopg
from langgraph.checkpoint.memory import InMemorySaver

from bot.clock import SystemClock
from bot.databases import Databases
from bot.engine_room import EngineRoom, compiled_graphs
from bot.errors import BadInput
from bot.jobs import Jobs
from bot.language.asking import Language
from bot.language.chosen import language_of
from bot.runs import Runs
from bot.settings import Settings
from graphs.ports import Embedder
from graphs.tasks import segment
from memory import containers, conversations, facts, messages, people, results, teams
from memory.database import Database, Rehearsal, open_pool
from memory.models.base import Model
from memory.models.containers import Container
from memory.models.facts import Fact, FactKind, FactStatus
from memory.models.ids import ContainerId, FactId, TeamId

Progress = Callable[[str, int, int], None]
Sign = Literal["+", "~", "-"]


class Changed(Model):
    """A fact that is new (+), reads otherwise (~), or is borne out no more (-)."""

    sign: Sign
    fact_id: FactId
    container: str
    kind: FactKind
    standing: FactStatus
    statement: str


@dataclass(frozen=True)
class Place:
    team: TeamId
    own_id: str
    container: Container


async def conclude_anew(
    here: Databases,
    named: str,
    embedder: Embedder,
    *,
    rehearse: bool,
    progress: Progress,
    models: Settings | None = None,
) -> AsyncIterator[Changed]:
    """Works out every container anew, or the named one, and tells which facts that changed.

    With `rehearse` each container's work is undone when it was told; others can write again after each. `models`:
    settings that name language models to ask; without them rules do everything.

    Raises:
        BadInput: no container is called so, or several are.
    """
    pool = open_pool(here.app_dsn, most=4)
    await pool.open()
    jobs = Jobs(here.app_dsn, extraction_delay=0)
    try:
        async with jobs.app.open_async():
            database = Database(pool)
            places = _chosen(await _places(database), named)
            for done, place in enumerate(places, start=1):
                language = language_of(models, place.team, database, SystemClock()) if models else None
                async with _stage(database, rehearse=rehearse) as stage:
                    found = await _anew(stage, place, jobs, embedder, language)
                for changed in found:
                    yield changed
                progress("rereading", done, len(places))
    finally:
        await pool.close()


@asynccontextmanager
async def _stage(database: Database, *, rehearse: bool) -> AsyncIterator[Database]:
    if not rehearse:
        yield database
        return
    async with database.house() as connection:
        yield Rehearsal(connection)
        raise psycopg.Rollback


async def _anew(
    database: Database, place: Place, jobs: Jobs, embedder: Embedder, language: Language | None
) -> list[Changed]:
    """One container: its conversations, and everything that is concluded from them."""
    where, saver, clock = place.container.container_id, InMemorySaver(), SystemClock()
    runs = Runs(
        place.team,
        place.own_id,
        database,
        saver,
        compiled_graphs(saver),
        clock,
        jobs,
        "reextraction",
        embedder,
        language=language,
    )
    rooms = EngineRoom(place.team, database, runs, jobs, clock, embedder)
    before = await _standing(database, where)
    async with database.scribing(where) as connection:
        await results.forget(connection, where)
        placed = await messages.placed_in(connection, where)
        was = {each.message.message_id: each.conversation_id for each in placed}
        names = {key: person.name for key, person in (await people.roster(connection, place.team)).items()}
        found = segment.rules(segment.Given((), tuple(each.message for each in placed), names))
        moved = [(message, into) for message, into in found.placements if was[message] != into]
        if moved:
            left = {left for message, _ in moved if (left := was[message])}
            await conversations.place(
                connection, place.team, where, moved, at=clock.now(), version=segment.VERSION, left=left
            )
        await conversations.reopen(connection, where)
    await rooms.extract(where)
    return list(_differences(place.container.name, before, await _standing(database, where)))


async def _standing(database: Database, container: ContainerId) -> Mapping[FactId, Fact]:
    async with database.scribing(container) as connection:
        return {fact.fact_id: fact for fact in await facts.all_in(connection, container)}


def _differences(container: str, before: Mapping[FactId, Fact], after: Mapping[FactId, Fact]) -> Iterator[Changed]:
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        fact = new or old
        if fact is not None:
            sign: Sign = "+" if old is None else "-" if new is None else "~"
            yield Changed(
                sign=sign,
                fact_id=name,
                container=container or str(fact.container_id),
                kind=fact.kind,
                standing=fact.status,
                statement=fact.statement,
            )


async def _places(database: Database) -> list[Place]:
    found: list[Place] = []
    async with database.house() as connection:
        for team in await teams.all_of_them(connection):
            everybody = await people.roster(connection, team.team_id)
            us = everybody.get(team.bot_person_id) if team.bot_person_id else None
            own_id = us.external_id if us else ""
            here = await containers.read_by_daybook(connection, team.team_id)
            found += [Place(team.team_id, own_id, container) for container in here]
    return found


def _chosen(places: list[Place], named: str) -> list[Place]:
    wanted = named.strip().removeprefix("#").casefold()
    if not wanted:
        return places
    found = [each for each in places if wanted in _calls(each.container)]
    if not found:
        raise BadInput(f"No channel that Daybook reads is called {named}: give its name or its id.")
    if len(found) > 1:
        ids = ", ".join(sorted(each.container.external_id for each in found))
        raise BadInput(f"Several channels are called {named}: say which of {ids}.")
    return found


def _calls(container: Container) -> set[str]:
    return {container.name.casefold(), container.external_id.casefold()}
