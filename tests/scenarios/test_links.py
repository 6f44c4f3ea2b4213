"""Two channels and what they have to do with each other, from an export to the briefing."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from bot import offline, printing
from bot.clock import FixedClock
from bot.offline import Offline, Report
from handlers.sources.export import Export
from memory import facts, messages
from memory.models.audience import Viewer
from memory.models.facts import Fact
from memory.models.ids import TeamId, container_id, message_id, person_id
from memory.models.messages import Deletion
from memory.models.people import Person
from tests.conftest import TestDatabase
from tests.embedding import Hashing
from tests.integration.chat import canaries
from tests.scenarios.exports import TEAM, USERS, Raw, channel, said, write_export

ANA, BO, CY = (person_id(TeamId(TEAM), "slack", f"U{number}") for number in (1, 2, 3))
OPEN, SHUT = (container_id(TeamId(TEAM), "slack", name) for name in ("C1", "G1"))
MORNING = datetime.fromisoformat("2026-11-20T08:30:00+01:00")
PROMISE = said("2026-11-18T09:00:00+01:00", "U1", "I'll rotate the payment keys by Friday")
REPORT = said("2026-11-19T09:00:00+01:00", "U1", "flamingo: payment keys rotated, all done")
OTHER = said("2026-11-18T09:30:00+01:00", "U2", "We decided to ship the importer on Monday.")


def export(path: Path, *private: Raw) -> Path:
    """Ana and Cy are in #dev and the private #keys, Bo is in #dev alone."""
    return write_export(
        path,
        users=USERS,
        channels=[channel("C1", "dev", "U1", "U2", "U3")],
        groups=[channel("G1", "keys", "U1", "U3", is_private=True)],
        days={"dev/2026-11-18": [PROMISE, OTHER], "keys/2026-11-19": list(private)},
    )


@asynccontextmanager
async def worked_out(
    dsn: str, path: Path, order: Sequence[str] = ("C1", "G1")
) -> AsyncIterator[tuple[Offline, list[Person]]]:
    """Daybook after an export, its channels worked out in this order."""
    async with offline.offline(dsn, TeamId(TEAM), FixedClock(MORNING), Hashing()) as here:
        with Export(path) as opened:
            await offline.take_in(here, opened, "https://acme.example/", offline.no_progress)
            places = [container_id(TeamId(TEAM), "slack", name) for name in order]
            await offline.work_out(here, places, Report(), offline.no_progress)
            yield here, opened.people()


async def promise(here: Offline, viewer: Viewer) -> Fact:
    async with here.database.viewing(viewer) as connection:
        known = await facts.current_for(connection, viewer, datetime.fromisoformat("2026-11-10T00:00:00Z"), MORNING, 99)
        (found,) = [each for each in await facts.read(connection, known) if each.kind == "commitment"]
        return found


async def morning(here: Offline, people: list[Person], external_id: str) -> str:
    person = next(each for each in people if each.external_id == external_id)
    told = await offline.brief_from(here, person, MORNING)
    assert told is not None
    return printing.as_json(told, person, "https://acme.example/")


@pytest.mark.parametrize("order", [("C1", "G1"), ("G1", "C1")], ids=["promise first", "report first"])
async def test_a_promise_is_done_for_who_reads_that_it_is(
    database: TestDatabase, tmp_path: Path, order: Sequence[str]
) -> None:
    """Made in an open channel, reported done in a private one: done, with both as evidence, for who reads both.

    For everybody else it is open, in whatever order the channels are worked out.
    """
    async with worked_out(database.app_dsn, export(tmp_path / "team.zip", REPORT), order) as (here, _):
        both = await promise(here, Viewer.person(CY))
        assert (both.status, len(both.evidence)) == ("done", 2)
        assert both.evidence[-1].message_id == message_id(SHUT, REPORT["ts"])
        for viewer in (Viewer.person(BO), Viewer.channel(OPEN)):
            alone = await promise(here, viewer)
            assert (alone.status, alone.valid_to, len(alone.evidence)) == ("open", None, 1)


async def test_who_reads_one_channel_is_told_as_if_there_were_no_other(
    database: TestDatabase, shared_database: TestDatabase, tmp_path: Path
) -> None:
    """Bo's facts and briefing are the same, byte for byte, with the report in the private channel and without."""
    told = []
    hush = said("2026-11-19T09:00:00+01:00", "U1", "lunch?")
    for dsn, private in ((database.app_dsn, REPORT), (shared_database.app_dsn, hush)):
        async with worked_out(dsn, export(tmp_path / "team.zip", private)) as (here, people):
            fact = await promise(here, Viewer.person(BO))
            told.append((fact.model_dump_json(), await morning(here, people, "U2")))
    assert told[0] == told[1]


async def test_no_words_leave_their_channel(database: TestDatabase, tmp_path: Path) -> None:
    """A link is ids alone: what the private channel says stands in its own contents, and nowhere else."""
    async with worked_out(database.app_dsn, export(tmp_path / "team.zip", REPORT)):
        assert {"events", "fact_links", "fact_versions"}.isdisjoint(canaries(database.admin_dsn, "flamingo"))
        with psycopg.connect(database.admin_dsn) as owner:
            places = owner.execute("select distinct container_id from contents where body like '%flamingo%'").fetchall()
            linked = owner.execute("select count(*) from fact_links where retired_at is null").fetchone()
    assert (places, linked) == ([(SHUT,)], (1,))


async def test_a_link_goes_with_the_words_it_rests_on(database: TestDatabase, tmp_path: Path) -> None:
    """The report deleted, the promise is open at once; the link is taken back when its channel is worked out anew."""
    async with worked_out(database.app_dsn, export(tmp_path / "team.zip", REPORT)) as (here, _):
        gone = Deletion(
            team_id=TeamId(TEAM),
            container_id=SHUT,
            message_id=message_id(SHUT, REPORT["ts"]),
            external_ts=REPORT["ts"],
            posted_at=datetime.fromisoformat("2026-11-19T09:00:00+01:00"),
            at=MORNING,
        )
        async with here.database.scribing(SHUT) as connection:
            await messages.bury(connection, gone)
        assert (await promise(here, Viewer.person(CY))).status == "open"
        await offline.work_out(here, [SHUT], Report(), offline.no_progress)
        with psycopg.connect(database.admin_dsn) as owner:
            assert owner.execute("select retired_at from fact_links").fetchall() == [(MORNING,)]


async def test_working_out_anew_links_nothing_twice(database: TestDatabase, tmp_path: Path) -> None:
    """What is found again is no event."""
    async with worked_out(database.app_dsn, export(tmp_path / "team.zip", REPORT)) as (here, _):
        for place in (OPEN, SHUT, OPEN):
            async with here.database.scribing(place) as connection:
                await connection.execute(b"update conversation_work set revision = revision + 1")
            await offline.work_out(here, [place], Report(), offline.no_progress)
    with psycopg.connect(database.admin_dsn) as owner:
        told = owner.execute("select kind from events where kind like 'Facts%'").fetchall()
        retold = owner.execute("select count(*) from fact_versions where ordinal > 1").fetchone()
    assert (told, retold) == ([("FactsLinked",)], (0,))
