"""What readers say of answers: theirs alone, toggled by its button, replayed, and erased with them."""

import random

from memory import feedback, ratings, replay
from memory.database import Database
from memory.models.audience import Viewer
from memory.models.ids import AnswerId, derive
from memory.ratings import Rating, Verdict
from tests.conftest import TestDatabase
from tests.integration.chat import TEAM, at, introduce, person, rows, who

ANSWER = AnswerId(derive("an answer"))


async def press(house: Database, verdict: Verdict, minutes: float, name: str = "ANA") -> bool:
    """As the buttons do: the same one again takes back what it said."""
    async with house.viewing(Viewer.person(who(name))) as connection:
        before = await ratings.of(connection, ANSWER, who(name))
        said = None if before and before.is_undone_by(verdict, at(minutes)) else verdict
        return await ratings.rate(connection, TEAM, ANSWER, who(name), said, at(minutes))


async def standing(house: Database, name: str = "ANA", reader: str = "") -> Verdict | None:
    async with house.viewing(Viewer.person(who(reader or name))) as connection:
        found = await ratings.of(connection, ANSWER, who(name))
    return found.verdict if found and found.undone_at is None else None


async def test_any_presses_end_where_counting_them_ends(house: Database, database: TestDatabase) -> None:
    """Thirty random series, each press delivered once or more, late ones too; a replay comes to the same rows."""
    chance, start = random.Random(31), 0
    for _ in range(30):
        expected = await standing(house)
        for minute in range(start, start + chance.randint(1, 6)):
            verdict: Verdict = chance.choice(("up", "down"))
            expected = None if expected == verdict else verdict
            for late in range(chance.randint(1, 3)):
                assert await press(house, verdict, minute) == (late == 0)
            start = minute + 1
        if start > 2:
            assert not await press(house, chance.choice(("up", "down")), start - 2.5), "it was said before"
        assert await standing(house) == expected
    assert (await replay.replay(database.admin_dsn, mend=False)).same


async def test_each_reader_has_a_rating_and_sees_no_other(house: Database) -> None:
    """Row-level security keeps them apart."""
    await introduce(house, person("ANA"), person("BOB"))
    await press(house, "up", 1)
    await press(house, "down", 2, "BOB")
    assert (await standing(house), await standing(house, "BOB")) == ("up", "down")
    assert await standing(house, "BOB", reader="ANA") is None


async def test_what_was_said_is_erased_with_who_said_it(house: Database) -> None:
    """Also where they never said anything of a briefing."""
    await press(house, "up", 1)
    await press(house, "down", 2, "BOB")
    async with house.viewing(Viewer.person(who("ANA"))) as connection:
        assert await feedback.erase(connection, TEAM, who("ANA"), at(3)) == 1
    assert (await standing(house), await standing(house, "BOB")) == (None, "down")
    async with house.house() as connection:
        kinds = await rows(connection, "select kind from events where kind = 'FeedbackErased'")
    assert len(kinds) == 1


def test_a_press_that_was_noted_already_takes_nothing_back() -> None:
    """A view that opens while the press is noted beside it comes to the same, before and after."""
    noted = Rating(verdict="down", at=at(1))
    assert not noted.is_undone_by("down", at(1))
    assert noted.is_undone_by("down", at(2))
    assert Rating(verdict="down", at=at(1), undone_at=at(2)).is_undone_by("down", at(2))
    assert not Rating(verdict="down", at=at(1), undone_at=at(2)).is_undone_by("down", at(3))
    assert not noted.is_undone_by("up", at(2))
