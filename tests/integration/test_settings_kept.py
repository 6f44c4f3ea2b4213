"""Settings are events: kept once, seen by nobody else, rebuilt from the log, and gone with their person."""

from datetime import date, time

import pytest

from handlers.arrivals import SettingsSubmitted
from handlers.choosing import BOTH, NOT_READ, Choosing
from handlers.surfaces import Surfaces
from memory import briefings, forgotten, people, replay, settings
from memory.database import Database
from memory.models.audience import Viewer
from memory.models.ids import briefing_id, week_id
from memory.models.settings import Settings
from tests.conftest import TestDatabase
from tests.integration.chat import (
    TEAM,
    at,
    canaries,
    container,
    introduce,
    members,
    open_containers,
    person,
    rows,
    where,
    who,
)

CHOSEN = Settings(
    brief_at=time(7, 15),
    workdays=(0, 1, 2, 3),
    quiet_days=(date(2026, 12, 24),),
    away_from=date(2026, 11, 16),
    away_until=date(2026, 11, 23),
    on_activity=False,
    weekly_review=True,
    place="dm",
    length="short",
    followed=(where("C1"),),
    muted=(where("C2"),),
    people=(who("BOB"),),
    manager_id=who("CYD"),
    report_ids=(who("BOB"),),
    projects=("Marigold", "Quince & Co."),
)


@pytest.fixture
async def place(house: Database) -> Database:
    await introduce(house, person("ANA"), person("BOB"), person("CYD"))
    await open_containers(house, container("C1"), container("C2"), container("P1", "private"))
    await members(house, "P1", "BOB")
    return house


async def choose(house: Database, name: str, chosen: Settings, key: str, minutes: float = 1) -> bool:
    async with house.viewing(Viewer.person(who(name))) as connection:
        return await settings.change(connection, TEAM, who(name), chosen, key, at(minutes))


async def read(house: Database, name: str, *, looked_at_by: str | None = None) -> Settings:
    async with house.viewing(Viewer.person(who(looked_at_by or name))) as connection:
        return await settings.read(connection, who(name))


async def same(database: TestDatabase) -> bool:
    return (await replay.replay(database.admin_dsn, mend=False)).same


async def test_what_was_chosen_is_kept_once_and_rebuilt(place: Database, database: TestDatabase) -> None:
    """The last choice counts, the same submission counts once, and a replay arrives at the same."""
    assert await read(place, "ANA") == Settings()
    assert await choose(place, "ANA", CHOSEN, "first")
    assert await read(place, "ANA") == CHOSEN
    assert await same(database)
    later = CHOSEN.model_copy(update={"length": "full", "projects": ()})
    assert await choose(place, "ANA", later, "second", 2)
    assert not await choose(place, "ANA", CHOSEN, "first", 3)
    assert await read(place, "ANA") == later
    assert await same(database)
    assert canaries(database.admin_dsn, "Marigold") == []


async def test_names_of_projects_stand_in_contents_alone(place: Database, database: TestDatabase) -> None:
    """No event and no projection holds a word."""
    await choose(place, "ANA", CHOSEN, "first")
    assert canaries(database.admin_dsn, "Quince & Co.") == ["contents"]


async def test_nobody_else_sees_what_somebody_chose(place: Database) -> None:
    """Another person sees no taste and no project; what the schedule needs stands with the person."""
    await choose(place, "ANA", CHOSEN, "first")
    seen = await read(place, "ANA", looked_at_by="BOB")
    assert (seen.length, seen.followed, seen.people, seen.projects) == ("usual", (), (), ())
    async with place.house() as connection:
        assert await rows(connection, "select * from settings") == []
        await people.start_reading(connection, TEAM, who("ANA"), at(2))
        (reader,) = await people.readers(connection, TEAM)
        assert (reader.brief_at, reader.workdays, reader.weekly_review) == (time(7, 15), (0, 1, 2, 3), True)
        assert await settings.place_of(connection, who("ANA")) == "dm"
    async with place.viewing(Viewer.person(who("BOB"))) as connection:
        assert await rows(connection, "delete from settings returning 1") == []


async def test_a_forgotten_person_has_no_settings(place: Database, database: TestDatabase) -> None:
    """Forgetting takes them along, nothing chosen later is kept, a replay brings nothing back, and read again it is
    as at the beginning.
    """
    await choose(place, "ANA", CHOSEN, "first")
    async with place.house() as connection:
        await forgotten.forget_person(connection, TEAM, who("ANA"), at(5))
    async with place.viewing(Viewer.person(who("ANA"))) as connection:
        assert await settings.erase(connection, TEAM, who("ANA"), at(5))
        assert not await settings.erase(connection, TEAM, who("ANA"), at(6))
    assert not await choose(place, "ANA", CHOSEN, "second", 7)
    assert await same(database)
    async with place.house() as connection:
        await forgotten.read_person_again(connection, TEAM, who("ANA"), at(8))
    assert await read(place, "ANA") == Settings()
    assert await same(database)


async def test_a_form_is_judged_by_what_its_person_may_read(place: Database) -> None:
    """A private channel of others is refused as one that does not exist."""
    choosing = Choosing(TEAM, place)

    def asked(key: str, **fields: object) -> SettingsSubmitted:
        usual = {
            "team_id": TEAM,
            "person_id": who("ANA"),
            "external_id": "ANA",
            "key": key,
            "brief_at": "07:00",
            "workdays": ("0",),
            "on_activity": True,
            "away_until": "",
            "quiet_days": "",
            "length": "full",
            "followed": (),
            "muted": (),
            "people": (),
            "projects": "",
            "manager": "",
            "reports": (),
            "place": "channel",
            "weekly_review": False,
        }
        return SettingsSubmitted.model_validate({**usual, **fields})

    assert await choosing.problems(asked("1", followed=("P1",)), at(10)) == {"followed": NOT_READ}
    assert await choosing.problems(asked("1", followed=("NONE",)), at(10)) == {"followed": NOT_READ}
    assert await choosing.problems(asked("1", followed=("C1",), muted=("C1",)), at(10)) == {"muted": BOTH}
    assert await choosing.problems(asked("1", followed=("C1",), muted=("C2",)), at(10)) == {}
    assert await choosing.keep(asked("1", followed=("C1",), muted=("C2",)), at(10))
    assert not await choosing.keep(asked("1", followed=("C2",)), at(10))
    # What has become impossible meanwhile stays as it was; the rest is kept.
    await members(place, "P1", "ANA", "BOB", minutes=11)
    assert await choosing.keep(asked("2", followed=("P1",)), at(10))
    await members(place, "P1", "BOB", minutes=12)
    assert await choosing.keep(asked("3", followed=("P1", "C1"), length="short"), at(10))
    assert (await read(place, "ANA")).followed == (where("P1"),)
    assert (await read(place, "ANA")).length == "short"


async def test_the_form_shows_nobody_who_is_gone_and_no_channel_that_is_closed(place: Database) -> None:
    """What Slack would not show in it either; saved as it stands, it no longer names them."""
    await introduce(place, person("EVE"))
    await members(place, "P1", "ANA", "BOB", minutes=1)
    chosen = Settings(followed=(where("C1"), where("P1")), people=(who("BOB"), who("EVE")), manager_id=who("CYD"))
    await choose(place, "ANA", chosen, "first")
    await introduce(place, person("EVE", deactivated=True))
    await members(place, "P1", "BOB", minutes=2)
    view = await Surfaces(TEAM, place).settings(who("ANA"), at(10))
    shown = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert shown["followed"]["initial_conversations"] == ["C1"]
    assert shown["people"]["initial_users"] == ["BOB"]
    assert shown["manager"]["initial_user"] == "CYD"


async def test_a_day_and_its_week_have_a_slot_each(place: Database, database: TestDatabase) -> None:
    """Each is claimed once, and the week's is no morning: nothing begins after it."""
    day = date(2026, 11, 20)
    async with place.house() as connection:
        found = [
            await briefings.claim(connection, TEAM, who("ANA"), day, at(minutes), kind)
            for minutes in (1, 2)
            for kind in ("day", "week")
        ]
    assert found == [briefing_id(who("ANA"), day), week_id(who("ANA"), day), None, None]
    assert await same(database)
    async with place.house() as connection:
        slot = await briefings.slot(connection, week_id(who("ANA"), day))
        assert slot is not None
        assert slot.kind == "week"
        assert await briefings.told_last(connection, who("ANA"), date(2026, 11, 23)) is None
