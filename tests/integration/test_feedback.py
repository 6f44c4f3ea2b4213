"""What readers say of items: noted once, theirs alone, taken back, replayed, and erased with them."""

from datetime import date

import pytest

from memory import briefings, containers, feedback, forgotten, replay
from memory.database import Database
from memory.feedback import Said
from memory.models.audience import Viewer
from memory.models.happenings.telling import FeedbackUndone, ItemDeclined, ItemDone, ItemSnoozed
from memory.models.ids import BriefingId, ItemId, briefing_id, fact_id, item_id
from tests.conftest import TestDatabase
from tests.integration.chat import (
    TEAM,
    at,
    container,
    introduce,
    members,
    move,
    open_containers,
    person,
    rows,
    said,
    say,
    where,
    who,
)
from tests.integration.test_erasure import CANARY, tell

MESSAGE = said("C1", 0, "we go with it")
FACT = fact_id(where("C1"), "decision", MESSAGE.message_id, 0)
MORNING = briefing_id(who("ANA"), date(2026, 11, 17))
ITEM = item_id(MORNING, FACT)
FRIDAY = date(2026, 11, 20)
Saying = ItemDone | ItemSnoozed | ItemDeclined | FeedbackUndone


@pytest.fixture
async def place(house: Database) -> Database:
    """Ana was told of a decision, and put it off until the 19th."""
    await introduce(house, person("ANA"), person("BOB"))
    await open_containers(house, container("C1", "private"), container("D1", "dm"))
    await members(house, "C1", "ANA", "BOB")
    await say(house, MESSAGE)
    await tell(house, MESSAGE)
    return house


async def press(house: Database, told: Saying, minutes: float, name: str = "ANA") -> BriefingId | None:
    async with house.viewing(Viewer.person(who(name))) as connection:
        return await feedback.say(connection, TEAM, who(name), told, at(minutes))


async def standing(house: Database, name: str = "ANA") -> list[Said]:
    async with house.viewing(Viewer.person(who(name))) as connection:
        return await feedback.said(connection, who(name), at(600))


async def shown(house: Database) -> tuple[bool, date | None, bool]:
    """What the briefing shows of the item: whether it is done, until when it is put off, whether it is declined."""
    async with house.viewing(Viewer.person(who("ANA"))) as connection:
        found = await briefings.read(connection, MORNING)
    assert found is not None
    (item,) = found.items
    return item.done, item.snoozed_until, item.declined


async def test_it_is_kept_with_what_the_item_was_like(place: Database) -> None:
    """What a reader says can be learnt from later, also when the fact is gone."""
    (found,) = await standing(place)
    assert (found.anchor_id, found.kind, found.until, found.fingerprint) == (FACT, "snoozed", date(2026, 11, 19), "f")
    assert (found.grounds.kind, found.grounds.container_id, found.at, found.taught) == (
        "decision",
        where("C1"),
        at(6),
        True,
    )


async def test_each_press_takes_the_place_of_the_last_and_can_be_undone(place: Database) -> None:
    """The briefing shows the last word, and after *Undo* none; every change says where it is to be shown."""
    steps: list[tuple[Saying, tuple[bool, date | None, bool]]] = [
        (ItemDone(item_id=ITEM), (True, None, False)),
        (ItemSnoozed(item_id=ITEM, until=FRIDAY), (False, FRIDAY, False)),
        (ItemDeclined(item_id=ITEM), (False, None, True)),
        (FeedbackUndone(item_id=ITEM), (False, None, False)),
        (ItemDone(item_id=ITEM), (True, None, False)),
        (FeedbackUndone(item_id=ITEM), (False, None, False)),
    ]
    for minute, (told, after) in enumerate(steps, start=10):
        assert await press(place, told, minute) == MORNING
        assert await shown(place) == after
    assert await standing(place) == []


async def test_a_repeat_changes_nothing(place: Database) -> None:
    """Pressed twice, redelivered, or delivered after something newer was said: nothing more happens."""
    assert await press(place, ItemDone(item_id=ITEM), 10) == MORNING
    assert await press(place, ItemDone(item_id=ITEM), 10) is None
    assert await press(place, ItemDone(item_id=ITEM), 11) is None
    assert await press(place, FeedbackUndone(item_id=ITEM), 12) == MORNING
    assert await press(place, FeedbackUndone(item_id=ITEM), 13) is None
    assert await press(place, ItemDone(item_id=ITEM), 10) is None
    assert await press(place, ItemDeclined(item_id=ITEM), 6) is None
    assert await shown(place) == (False, None, False)


async def test_clocks_may_differ_a_little(place: Database) -> None:
    """A form is noted by our clock, a press by Slack's: what comes later counts, though its clock is behind."""
    assert await press(place, ItemSnoozed(item_id=ITEM, until=FRIDAY), 10) == MORNING
    assert await press(place, FeedbackUndone(item_id=ITEM), 9.5) == MORNING
    assert await press(place, ItemDone(item_id=ITEM), 9) == MORNING
    assert await shown(place) == (True, None, False)


async def test_somebody_elses_press_changes_nothing(place: Database) -> None:
    """Bob cannot answer for Ana, nor see what she said; nor does a press on nothing do anything."""
    assert await press(place, ItemDeclined(item_id=ITEM), 10, "BOB") is None
    assert await press(place, FeedbackUndone(item_id=ITEM), 10, "BOB") is None
    assert await press(place, ItemDone(item_id=ItemId(FACT)), 10) is None
    async with place.viewing(Viewer.person(who("BOB"))) as connection:
        assert await rows(connection, "select from feedback") == []
        assert await feedback.said(connection, who("ANA"), at(600)) == []
    assert [each.kind for each in await standing(place)] == ["snoozed"]


async def test_a_lesson_is_forgotten_and_the_rest_stays(place: Database) -> None:
    """What is done stays done, and teaches nothing; said anew, it teaches again."""
    await press(place, ItemDone(item_id=ITEM), 10)
    async with place.viewing(Viewer.person(who("ANA"))) as connection:
        await feedback.forget_lessons(connection, TEAM, who("ANA"), [ITEM], at(11))
    assert [(each.kind, each.taught) for each in await standing(place)] == [("done", False)]
    assert await shown(place) == (True, None, False)
    await press(place, ItemDeclined(item_id=ITEM), 12)
    assert [(each.kind, each.taught) for each in await standing(place)] == [("declined", True)]


async def test_nothing_is_learnt_of_a_place_that_was_left(place: Database) -> None:
    """What was said of something that its reader may no longer read counts for nothing until they may."""
    await move(place, "C1", "ANA", joined=False, minutes=20)
    assert await standing(place) == []
    await move(place, "C1", "ANA", joined=True, minutes=21)
    assert len(await standing(place)) == 1


async def test_all_reasons_are_kept_in_words_and_go_with_the_message(place: Database) -> None:
    """They are read by the reader alone, and rest on what the item rests on."""
    async with place.viewing(Viewer.person(who("ANA"))) as connection:
        assert await briefings.reasons(connection, ITEM) == [(f"reason {CANARY}", 3.0)]
    async with place.viewing(Viewer.person(who("BOB"))) as connection:
        assert await briefings.reasons(connection, ITEM) == []


async def test_any_order_of_presses_is_rebuilt(place: Database, database: TestDatabase) -> None:
    """What stands after presses, undoing, forgotten lessons and erasure follows from the log."""
    minute = 10
    sayings: tuple[Saying, ...] = (
        ItemDeclined(item_id=ITEM),
        FeedbackUndone(item_id=ITEM),
        ItemDone(item_id=ITEM),
    )
    for told in sayings:
        minute += 1
        await press(place, told, minute)
        assert await differing(database) == []
    async with place.viewing(Viewer.person(who("ANA"))) as connection:
        await feedback.forget_lessons(connection, TEAM, who("ANA"), [ITEM], at(20))
    assert await differing(database) == []
    async with place.viewing(Viewer.person(who("ANA"))) as connection:
        assert await feedback.erase(connection, TEAM, who("ANA"), at(21)) == 1
        assert await feedback.erase(connection, TEAM, who("ANA"), at(22)) == 0
    assert await standing(place) == []
    assert await differing(database) == []


async def test_of_who_is_forgotten_nothing_is_kept(place: Database, database: TestDatabase) -> None:
    """A press that comes after that is lost."""
    async with place.house() as connection:
        await forgotten.forget_person(connection, TEAM, who("ANA"), at(10))
    async with place.viewing(Viewer.person(who("ANA"))) as connection:
        await feedback.erase(connection, TEAM, who("ANA"), at(11))
    await press(place, ItemDone(item_id=ITEM), 12)
    assert await standing(place) == []
    assert await differing(database) == []


async def test_an_archived_place_teaches_still(place: Database) -> None:
    """As long as its reader may read it."""
    async with place.house() as connection:
        await containers.archive(connection, TEAM, where("C1"), archived=True, at=at(10))
    assert len(await standing(place)) == 1


async def differing(database: TestDatabase) -> list[str]:
    report = await replay.replay(database.admin_dsn, mend=False)
    return [table.table for table in report.tables if not table.same]
