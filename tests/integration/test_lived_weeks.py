"""A labelled week is taken in as it happens: at any moment what had happened by then is known, and nothing later."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import MovedClock
from bot.embedder import HashedWords
from bot.evaluation import week as weeks
from bot.evaluation.intake import Intake, Names, before_all
from bot.evaluation.week import Wanted
from bot.evaluation.world import Week, read
from bot.offline import Offline, no_progress, offline
from memory import containers, messages, people
from memory.migrations import migrate
from memory.models.audience import Viewer
from memory.models.ids import TeamId
from tests.conftest import TestDatabase
from tests.unit.week import messages as lines
from tests.unit.week import workspace

PIER = Path(__file__).parents[1] / "weeks" / "pier.week"


@pytest.fixture
async def here(database: TestDatabase) -> AsyncIterator[Offline]:
    week = read(PIER)[0]
    async with offline(database.app_dsn, TeamId(week.team_id), MovedClock(before_all(week)), HashedWords()) as opened:
        yield opened


async def known(here: Offline, names: Names, *places: str) -> dict[str, str]:
    """What is known of these places, by the week's ids."""
    async with here.database.scribing(*map(names.place, places)) as connection:
        found = await messages.read(connection, names.messages)
    return {names.messages[each.message_id]: each.text for each in found}


def at(time: str, day: int = 4) -> datetime:
    return datetime.fromisoformat(f"2026-05-{day:02}T{time}").replace(tzinfo=UTC)


async def test_words_are_known_as_they_stood_then(here: Offline) -> None:
    """A message at its time, its edit at the edit's, and nothing of it after its deletion."""
    week, _ = read(PIER)
    names, intake = Names.of(week), Intake(here, week)
    await intake.open()
    await intake.until(at("09:03:40"))
    assert {*await known(here, names, "C01")} == {"b1"}
    assert await intake.until(at("09:03:59")) == [names.place("C01")]
    assert (await known(here, names, "C01"))["b2"] == "on it"
    assert await intake.until(at("09:03:59")) == []
    await intake.until(at("15:10:30"))
    told = await known(here, names, "C01")
    assert told["b2"] == "on it, you'll have them tonight"
    assert told["b6"] == "my password is [redacted: password], oops"
    await intake.until(at("15:12"))
    assert "b6" not in await known(here, names, "C01")
    await intake.until(at("23:00", day=8))
    assert len(await known(here, names, "C01", "C02", "G03", "D04")) == 15


async def test_people_are_who_the_week_says(here: Offline) -> None:
    """Guests, bots, managers and projects; a direct message is a private channel that its two read."""
    week, _ = read(PIER)
    names, intake = Names.of(week), Intake(here, week)
    await intake.open()
    async with here.database.house() as connection:
        everybody = {names.people[key]: each for key, each in (await people.roster(connection, names.team)).items()}
        places = await containers.read(connection, names.places)
    assert [everybody[f"U0{n}"].role for n in range(1, 6)] == ["member", "member", "member", "guest", "bot"]
    assert everybody["U02"].manager_external_id == "U01"
    assert everybody["U01"].projects == ("billing",)
    assert places[names.place("D04")].kind == "private"
    readable: dict[str, set[str]] = {}
    for user in ("U02", "U03", "U04"):
        viewer = Viewer.person(names.person(user))
        async with here.database.viewing(viewer) as connection:
            readable[user] = {names.places[each] for each in await containers.readable(connection, viewer)}
    assert readable == {"U02": {"C01", "C02", "D04"}, "U03": {"C01", "C02", "G03"}, "U04": {"C02"}}


async def test_people_come_and_go_at_their_time(database: TestDatabase) -> None:
    """Who joined reads from then on, and who left no longer."""
    week = Week.model_validate(workspace(messages=lines()))
    async with offline(database.app_dsn, TeamId("T1"), MovedClock(before_all(week)), HashedWords()) as here:
        names, intake = Names.of(week), Intake(here, week)
        await intake.open()

        async def readers() -> set[str]:
            found = set()
            for user in ("U1", "U2"):
                viewer = Viewer.person(names.person(user))
                async with here.database.viewing(viewer) as connection:
                    if names.place("G1") in await containers.readable(connection, viewer):
                        found.add(user)
            return found

        seen = [await readers()]
        for seconds in (1_772_500_000.0, 1_772_500_001.0, 1_772_600_001.0):
            await intake.until(datetime.fromtimestamp(seconds, UTC))
            seen.append(await readers())
    assert seen == [{"U2"}, {"U2"}, {"U1", "U2"}, {"U1"}]


async def test_a_week_lived_through_ends_as_one_worked_out_in_one_go(
    database: TestDatabase, empty_database: TestDatabase
) -> None:
    """Conversations and facts are the same, whenever they were worked out."""
    week, _ = read(PIER)
    mornings = frozenset(("U01", at("00:00", day).date()) for day in (5, 7))
    lived = await weeks.live(week, Wanted(mornings, ()), HashedWords(), database.app_dsn, no_progress)
    await migrate(empty_database.admin_dsn)
    at_once = await weeks.work_out(week, HashedWords(), empty_database.app_dsn, no_progress)
    assert lived.conversations == at_once.conversations
    assert lived.facts == at_once.facts
    assert lived.briefings is not None
    assert {(each.user, each.date.day) for each in lived.briefings} == {("U01", 5), ("U01", 7)}
