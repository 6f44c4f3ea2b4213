"""How fast, and how early: turns for what Slack limits, and when a morning is begun."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from time import monotonic

import pytest

from bot import ahead
from bot.ahead import LONGEST, Forecast, Watch
from bot.schedule import Due
from handlers.pace import LOOKS_A_MINUTE, POSTS_A_MINUTE, Pace
from memory.models.ids import PersonId, derive
from memory.people import Reader

DUE = datetime(2026, 11, 19, 8, 30, tzinfo=UTC)
FAST = 6000
"""Turns a minute: one in ten milliseconds."""


def due(many: int, at: datetime = DUE) -> list[Due]:
    return [Due(person_id=PersonId(derive(at, n)), local_date=at.date(), due_at=at) for n in range(many)]


def reader(name: str) -> Reader:
    return Reader(person_id=PersonId(derive(name)), tz="UTC", reader_since=DUE, brief_at=time(8, 30))


async def test_turns_are_evenly_spaced_but_for_a_few_at_once() -> None:
    """Of fifty asked for together five come at once, and the others one after another; in the order of asking."""
    pace, began, order = Pace(FAST, at_once=5), monotonic(), []

    async def take(number: int) -> float:
        await pace.turn()
        order.append(number)
        return monotonic() - began

    times = await asyncio.gather(*(take(number) for number in range(50)))
    assert order == list(range(50))
    assert times[-1] >= 0.44
    assert all(at >= (number - 4) * 0.01 - 0.002 for number, at in enumerate(times))


async def test_no_minute_holds_more_turns_than_slack_takes() -> None:
    """Evenly spaced and with those that may come at once: below 300 posts, and below 100 looks."""
    assert POSTS_A_MINUTE + 5 < 300
    assert LOOKS_A_MINUTE + 5 < 100


async def test_who_is_urgent_does_not_wait_and_the_others_do_for_it() -> None:
    pace = Pace(600, at_once=1)
    await pace.turn()
    began = monotonic()
    await pace.turn(urgent=True)
    assert monotonic() - began < 0.05
    assert pace.waits
    await pace.turn()
    assert monotonic() - began >= 0.18


async def test_nobody_has_a_turn_while_slack_asks_to_be_left_alone() -> None:
    pace, began = Pace(FAST), monotonic()
    pace.hold(0.2)
    await pace.turn()
    assert monotonic() - began >= 0.19


def test_how_early_depends_on_how_many_there_are_and_how_long_each_takes() -> None:
    """A few not at all, sixty within a minute, two thousand some twenty minutes, never more than thirty."""
    forecast = Forecast()
    assert forecast.lead(3) == timedelta()
    assert timedelta(seconds=30) < forecast.lead(60) < timedelta(minutes=1)
    assert timedelta(minutes=20) < forecast.lead(2000) < timedelta(minutes=25)
    assert forecast.lead(100_000) == LONGEST


def test_a_slow_machine_begins_earlier(monkeypatch: pytest.MonkeyPatch) -> None:
    """What each took counts, and where several are made at once how they followed on each other."""
    now = 0.0
    monkeypatch.setattr(ahead, "monotonic", lambda: now)
    slow, side_by_side = Forecast(), Forecast()
    for _ in range(60):
        now += 8.0
        slow.made(8.0)
    for _ in range(60):
        now += 1.0
        side_by_side.made(8.0)
    assert timedelta(minutes=7) < slow.lead(60) < timedelta(minutes=9)
    assert timedelta(seconds=50) < side_by_side.lead(60) < timedelta(seconds=70)


def test_who_is_due_earlier_is_counted_with_those_who_are_later() -> None:
    """A hundred at eight and two hundred a quarter of an hour later: the later ones are begun with time for all."""
    forecast = Forecast()
    coming = [*due(100, DUE - timedelta(minutes=15)), *due(200)]
    begun = forecast.ripe(coming, DUE - timedelta(seconds=190))
    assert {each.due_at for each in begun} == {DUE - timedelta(minutes=15), DUE}
    assert [each.due_at for each in forecast.ripe(due(200), DUE - timedelta(seconds=190))] == []


def test_readers_of_whom_nothing_can_be_due_are_left_alone() -> None:
    """Looked at once, then again half an hour before their time, then until it is claimed; after that the next day."""
    watch, ana = Watch(), reader("ana")

    def look(at: datetime, *, begun: bool = False, coming: bool = False) -> bool:
        awake = watch.awake([ana], at)
        done = {ana.person_id: at.date()} if begun else {}
        soon = [Due(person_id=ana.person_id, local_date=at.date(), due_at=DUE)] if coming else []
        watch.settle(awake, done, soon)
        return bool(awake)

    hours = timedelta(hours=1)
    assert look(DUE - 5 * hours)
    assert not look(DUE - hours)
    assert watch.is_quiet(DUE - hours + timedelta(seconds=2))
    assert not watch.is_quiet(DUE - hours + timedelta(seconds=4)), "somebody may have started"
    assert not watch.is_quiet(DUE - 2 * hours), "the clock was set back"
    assert look(DUE - timedelta(minutes=29), coming=True)
    assert not look(DUE - timedelta(minutes=29) + timedelta(seconds=5))
    assert look(DUE - timedelta(seconds=2), coming=True)
    assert look(DUE, begun=True)
    assert not look(DUE + hours)
    assert not look(DUE + 14 * hours)
    assert look(DUE + 15 * hours)


def test_who_has_changed_and_a_clock_set_back_are_looked_at_anew() -> None:
    watch, ana = Watch(), reader("ana")
    watch.settle(watch.awake([ana], DUE), {ana.person_id: DUE.date()}, [])
    assert watch.awake([ana], DUE + timedelta(seconds=1)) == []
    elsewhere = ana.model_copy(update={"tz": "Asia/Tokyo"})
    assert watch.awake([elsewhere], DUE + timedelta(seconds=2)) == [elsewhere]
    assert watch.awake([ana], DUE - timedelta(hours=1)) == [ana]
