"""Mornings on time: made ahead and posted when they are due, at Slack's pace, and what an outage makes late."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import Daybook
from bot.local.workspace.clock import moment_of
from memory import containers, people
from memory.models.ids import PersonId, TeamId, container_id, person_id
from tests.conftest import TestDatabase
from tests.scenarios import crowd
from tests.scenarios.house import House, is_briefing, opened, until, words
from tests.scenarios.team import ADA, BOT, GENERAL, MORNINGS

DUE = crowd.EIGHT + timedelta(minutes=30)
MANY = 60
LATE, UP, STOPPED, *OTHERS = crowd.leaders(MANY)
"""One whose channel is joined by somebody, one who is up before half past eight, one who wants no more briefings."""
ELEVEN, NOON = timedelta(hours=2, minutes=30), timedelta(hours=3, minutes=30)
"""After half past eight."""


@pytest.fixture
async def company(database: TestDatabase, tmp_path: Path) -> AsyncIterator[tuple[House, Daybook]]:
    """Sixty leaders with channels of their own, on Friday at half past seven: all that was said is worked out."""
    async with opened(database, tmp_path, crowd.seed(MANY), crowd.EVENING) as house:
        house.workspace.world.limits, enforced = None, house.workspace.world.limits
        async with house.daybook(leaders=tuple(crowd.leaders(MANY)), arrive=True, workers=8) as daybook:
            for key in crowd.leaders(MANY):
                place = container_id(TeamId("T1"), "slack", crowd.personal(key))
                async with daybook.database.house() as connection:
                    await containers.make_personal(connection, TeamId("T1"), place, _person(key), crowd.EVENING)
            await house.quiet(within=120)
            house.at(DUE, hours=-1)
            house.workspace.world.limits = enforced
            yield house, daybook


@pytest.mark.timeout(400)
async def test_sixty_mornings_are_made_ahead_and_posted_when_they_are_due(company: tuple[House, Daybook]) -> None:
    """Everything is ready before half past eight, and nothing is posted; then all is, once, evenly, without a refusal.

    Who is up gets theirs at once; who has stopped gets none; and a channel that somebody came into after it had been
    looked at gets nothing: the briefing goes by DM.
    """
    house, daybook = company
    house.at(DUE, seconds=-35)
    await until(lambda: _counts(house, "select count(*) from briefings", MANY), "all begun", 60)
    house.at(DUE, minutes=-20)
    made = "select count(*) from briefings where composed_at is not null"
    seen = "select count(*) from assurances where alone"
    await until(lambda: _counts(house, made, MANY), "all made", 200)
    await until(lambda: _counts(house, seen, MANY), "all looked at", 200)
    house.at(DUE, seconds=-30)
    assert await house.posts() == []
    looks = len(await house.calls("conversations.members"))
    listening = await house.value("select since from listeners")

    async with daybook.database.house() as connection:
        await daybook.jobs.notice_activity(connection, TeamId("T1"), _person(UP))
    (at,) = await until(lambda: _posts(house, UP), "the briefing of who is up", 20)
    assert at < DUE
    async with daybook.database.house() as connection:
        await people.stop_reading(connection, TeamId("T1"), _person(STOPPED), house.workspace.clock.now())
    await house.act("member", channel=crowd.personal(LATE), user=UP, change="join")
    await house.taken_in()
    assert len(await house.posts()) == 1

    house.at(DUE)
    told = "select count(*) from briefings where delivered_at is not null"
    await until(lambda: _counts(house, told, MANY - 1), "all posted", 120)
    times = sorted([at for key in OTHERS for at in await _posts(house, key)])
    assert len(times) == len(OTHERS)
    assert times[0] >= DUE
    assert times[-1] - times[0] > timedelta(seconds=(len(OTHERS) - 6) * 60 / 300), "no faster than Slack allows"
    assert [call for call in await house.get("calls") if call["error"] == "ratelimited"] == []
    assert await _posts(house, STOPPED) == []
    assert await _posts(house, LATE) == []
    (direct,) = [message for place, message in await house.briefings(LATE) if place["kind"] == "im"]
    assert "somebody else" in words(direct)
    if listening == await house.value("select since from listeners"):  # else each had to be looked at again
        assert len(await house.calls("conversations.members")) <= looks + 3, "Slack is not asked for each post"


async def test_a_briefing_that_slack_did_not_take_comes_until_noon(house: House) -> None:
    """Slack refuses posts from half past eight on: at eleven it takes them again, and the briefing comes."""
    async with house.after_the_day(leaders=(ADA,)):
        await _out(house)
        house.at(MORNINGS[ADA] + ELEVEN)
        await house.clear_faults()
        await house.briefing(ADA, 60)
        assert len(await house.briefings(ADA)) == 1


async def test_what_is_late_at_noon_is_told_by_the_next(house: House) -> None:
    """After noon it is not sent any more; Monday's tells it, as new, and says from when on it tells."""
    async with house.after_the_day(leaders=(ADA,)):
        await _out(house)
        house.at(MORNINGS[ADA] + NOON, minutes=1)
        await house.clear_faults()
        dropped = "select count(*) from outbox where state = 'dropped' and failure = 'too_late'"
        await until(lambda: house.value(dropped), "given up", 60)
        assert await house.briefings(ADA) == []
        house.at(MORNINGS[ADA], days=3, seconds=1)
        _, monday = await house.briefing(ADA, 60)
        assert "rounding" in words(monday) or "ledger Quince" in words(monday)
        assert "still open" not in words(monday)
        assert "Thu 19 Nov" in words(monday)
        assert len(await house.briefings(ADA)) == 1


async def test_who_asks_in_the_afternoon_gets_what_was_too_late(house: House) -> None:
    """*Brief me now* after an outage that lasted past noon brings the day's briefing, once."""
    async with house.after_the_day(leaders=(ADA,)) as daybook:
        await _out(house)
        house.at(MORNINGS[ADA] + NOON, minutes=1)
        await house.clear_faults()
        dropped = "select count(*) from outbox where state = 'dropped' and failure = 'too_late'"
        await until(lambda: house.value(dropped), "given up", 60)
        for _ in range(2):
            async with daybook.database.house() as connection:
                await daybook.jobs.brief_now(connection, TeamId("T1"), _person(ADA))
            await house.briefing(ADA, 60)
        await house.several_rounds()
        assert len(await house.briefings(ADA)) == 1


async def _out(house: House) -> None:
    """From half past eight on nothing can be posted; what was made waits."""
    await house.post(ADA, GENERAL, "good evening")
    await house.quiet()
    await house.fault("chat.postMessage", "http_500", times=1000)
    house.at(MORNINGS[ADA], seconds=1)
    await until(lambda: house.calls("chat.postMessage"), "a try", 60)


async def _counts(house: House, statement: str, many: int) -> bool:
    return int(await house.value(statement)) >= many


async def _posts(house: House, key: str) -> list[datetime]:
    """When Daybook posted in somebody's own channel."""
    found: list[dict[str, Any]] = await house.messages(key, crowd.personal(key))
    return [moment_of(each["ts"]) for each in found if each["user"] == BOT and is_briefing(each)]


def _person(key: str) -> PersonId:
    return person_id(TeamId("T1"), "slack", key)
