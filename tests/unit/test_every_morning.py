"""One briefing per person and local date: every zone, every clock change of 2026 and 2027, clocks that jump, moves.

A reader is followed through the days around a change as a worker follows them: looked at, claimed (ahead of time too),
and posted. What is expected is worked out apart from `schedule`: minute by minute, from the zone alone.

Of a zone Daybook sees nothing but what the clocks show there, and most names share their clocks with others: one of
each kind is followed here, and every name where DAYBOOK_ZONES is `all`, as in `make promises`.
"""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot import schedule
from bot.ahead import LONGEST, Forecast, Watch
from graphs import days
from memory.models.ids import PersonId, derive
from memory.people import Reader

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
USUAL = time(8, 30)
NOON = time(12)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SOMEBODY = PersonId(derive("somebody"))
FAR_APART = ("Pacific/Kiritimati", "Pacific/Auckland", "UTC", "America/Los_Angeles", "Pacific/Niue")
"""Across the date line, and the world."""


@cache
def changes(tz: str) -> tuple[datetime, ...]:
    """The instants in these two years at which the zone's offset changes, to the second."""
    return tuple(at for at, _ in clocks(tz)[1:])


@cache
def clocks(tz: str) -> tuple[tuple[datetime, timedelta | None], ...]:
    """The zone's offset at the beginning of these two years, and each other one with the instant from which it holds.

    All that the clocks show there: zones with the same are the same.
    """
    here = ZoneInfo(tz)

    def offset(at: datetime) -> timedelta | None:
        return at.astimezone(here).utcoffset()

    day, now = BEGIN, offset(BEGIN)
    found = [(BEGIN, now)]
    while day < END:
        low, high = day, day + DAY
        if (then := offset(high)) != now:
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                low, high = (low, middle) if offset(middle) != offset(low) else (middle, high)
            found.append((high.replace(microsecond=0), then))
            now = then
        day += DAY
    return tuple(found)


@cache
def followed() -> list[str]:
    """The zones to follow."""
    return ZONES if os.environ.get("DAYBOOK_ZONES") == "all" else sorted({clocks(tz): tz for tz in ZONES}.values())


def all_changes() -> list[tuple[str, datetime]]:
    return [(tz, at) for tz in followed() for at in changes(tz)]


@dataclass
class Morning:
    """A claimed briefing, until it is posted."""

    local_date: date
    due_at: datetime
    tz: str


@dataclass
class Worker:
    """Claims and posts as Daybook does, with the database's rule: one slot per person and local date."""

    eager: bool
    """Whether all is begun as early as may be, as with thousands, or only when it is due."""
    watch: Watch = field(default_factory=Watch)
    slots: dict[date, Morning] = field(default_factory=dict)
    posted: list[tuple[date, datetime]] = field(default_factory=list)

    def look(self, reader: Reader, now: datetime) -> None:
        readers = self.watch.awake([reader], now)
        coming = schedule.coming(readers, now, LONGEST)
        found = [*schedule.due(readers, now), *(coming if self.eager else Forecast().ripe(coming, now))]
        for each in found:
            self.slots.setdefault(each.local_date, Morning(each.local_date, each.due_at, reader.tz))
        self.watch.settle(readers, {each.person_id: each.local_date for each in found}, coming)
        done = {day for day, _ in self.posted}
        for slot in self.slots.values():
            if slot.local_date in done or now < slot.due_at:
                continue
            if now <= days.lapses_at(slot.local_date, reader.tz, slot.due_at):
                self.posted.append((slot.local_date, now))


def reader(tz: str, at: time = USUAL) -> Reader:
    return Reader(person_id=SOMEBODY, tz=tz, reader_since=BEGIN, brief_at=at)


def in_time(tz: str, at: time, first: datetime, last: datetime) -> dict[date, tuple[datetime, datetime]]:
    """By local workday: from when until when its briefing may come there, as far as that lies in this stretch."""
    here = ZoneInfo(tz)
    found: dict[date, tuple[datetime, datetime]] = {}
    day = first.astimezone(here).date() - DAY
    while day <= last.astimezone(here).date() + DAY:
        begins = datetime.combine(day, at, here).astimezone(UTC)
        until = max(datetime.combine(day, NOON, here).astimezone(UTC), begins)
        begins, until = max(begins, first), min(until, last)
        if begins <= until and begins.astimezone(here).date() == day and day.weekday() < 5:
            found[day] = begins, until
        day += DAY
    return found


def moments(instants: Iterable[datetime], first: datetime, last: datetime) -> list[datetime]:
    """A worker's rounds where something may happen: around some instants, and each half hour."""
    around = {at + step for at in instants for step in (-LONGEST, -MINUTE, timedelta(), MINUTE, HOUR)}
    regular = {first + timedelta(minutes=30 * step) for step in range(int((last - first) / timedelta(minutes=30)) + 1)}
    return sorted(at for at in around | regular if first <= at <= last)


def follow(worker: Worker, rounds: Sequence[tuple[datetime, Reader]]) -> None:
    for now, someone in rounds:
        worker.look(someone, now)


def check(worker: Worker, expected: Iterable[date]) -> None:
    times = Counter(day for day, _ in worker.posted)
    assert set(times.values()) <= {1}
    assert set(expected) <= times.keys()
    assert all(day.weekday() < 5 for day in times)
    for day, now in worker.posted:
        assert now >= worker.slots[day].due_at, "never before its time"


def test_every_zone_is_known_by_its_name_and_followed_by_its_clocks() -> None:
    """No name falls back to UTC, and none has clocks that are not followed."""
    assert len(ZONES) > 550
    assert sum(len(changes(tz)) for tz in ZONES) > 500
    assert [tz for tz in ZONES if days.zone(tz) != ZoneInfo(tz)] == []
    assert {clocks(tz) for tz in followed()} == {clocks(tz) for tz in ZONES}
    assert len(followed()) > 50


@pytest.mark.parametrize("eager", [False, True], ids=["when due", "ahead"])
@pytest.mark.parametrize("at", [USUAL, time(2, 30), time(0, 15), time(23, 50)], ids=str)
def test_every_zone_and_every_change(at: time, eager: bool) -> None:
    """Around each change of each zone each local workday has one briefing, at its time, and no other day has any.

    Half past two is skipped or repeated by many changes, a quarter past midnight by some that move the date.
    """
    for tz, change in all_changes():
        first, last = change - 2 * DAY, change + 2 * DAY
        worker, wanted = Worker(eager), in_time(tz, at, first, last)
        rounds = moments([change, *(begins for begins, _ in wanted.values())], first, last)
        follow(worker, [(now, reader(tz, at)) for now in rounds])
        whole = {day: begins for day, (begins, _) in wanted.items() if begins > first + LONGEST}
        check(worker, whole)
        for day, now in worker.posted:
            assert day not in whole or now == whole[day], f"{tz} {day}: at {now}, not {whole[day]}"
            assert day in wanted or not first + DAY < now < last - DAY


def test_a_week_where_nothing_changes() -> None:
    """In each zone whose clocks are left alone five workdays have five briefings, six where the week begins late."""
    still = [tz for tz in followed() if not changes(tz)]
    assert len(still) > 30
    first = datetime(2026, 6, 1, tzinfo=UTC)
    last = first + 7 * DAY
    for tz in still:
        worker, wanted = Worker(eager=True), in_time(tz, USUAL, first, last)
        follow(worker, [(now, reader(tz)) for now in moments([at for at, _ in wanted.values()], first, last)])
        check(worker, wanted)
        assert len(worker.posted) in {5, 6}, tz


@pytest.mark.parametrize("eager", [False, True], ids=["when due", "ahead"])
@pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["forward", "back"])
def test_a_clock_that_jumps_by_an_hour(jump: timedelta, eager: bool) -> None:
    """The machine's clock jumps in the hour before, at, and after the briefing's time, on the day of each change.

    However often a time comes, its briefing comes once; and it comes though the clock jumped over its time.
    """
    for tz, change in all_changes():
        (day, (begins, until)), *_ = sorted(in_time(tz, USUAL, change - DAY, change + 4 * DAY).items())
        if until - begins < 3 * HOUR:
            continue  # the day had begun
        for jumps_at in (begins - 20 * MINUTE, begins, begins + 20 * MINUTE, begins + HOUR):
            before = [at for at in moments([begins], begins - HOUR, until) if at <= jumps_at]
            after = [at for at in moments([begins], begins - 2 * HOUR, until) if at > jumps_at + jump]
            worker = Worker(eager)
            follow(worker, [(now, reader(tz)) for now in (*before, *after)])
            check(worker, [day])


@pytest.mark.parametrize("eager", [False, True], ids=["when due", "ahead"])
def test_who_moves_at_noon(eager: bool) -> None:
    """From every zone, on the day of each change, to the ends of the world: each date that comes has one briefing.

    A date that is there again after a flight has no second one. One of which the reader saw no briefing time, before
    the flight or after, has none.
    """
    for number, (tz, change) in enumerate(all_changes()):
        there = FAR_APART[number % len(FAR_APART)]
        noon = datetime.combine(change.astimezone(ZoneInfo(tz)).date(), NOON, ZoneInfo(tz)).astimezone(UTC)
        first, last = noon - 3 * DAY, noon + 4 * DAY
        here, away = in_time(tz, USUAL, first, noon), in_time(there, USUAL, noon, last)
        instants = [noon, *(at for at, _ in here.values()), *(at for at, _ in away.values())]
        worker = Worker(eager)
        follow(worker, [(now, reader(tz if now < noon else there)) for now in moments(instants, first, last)])
        check(worker, {*here, *away} - {day for day, (begins, until) in {**here, **away}.items() if begins >= until})
        assert {day for day, _ in worker.posted} <= {*here, *away}


def test_moves_across_the_date_line() -> None:
    """Auckland to Los Angeles: no second Thursday. Niue to Kiritimati: at once Friday afternoon, and Monday is next."""

    def dates(tz: str, there: str) -> list[int]:
        noon = datetime.combine(date(2026, 11, 19), NOON, ZoneInfo(tz)).astimezone(UTC)
        worker = Worker(eager=True)
        rounds = moments([noon], noon - DAY - HOUR * 6, noon + 3 * DAY)
        follow(worker, [(now, reader(tz if now < noon else there)) for now in rounds])
        return [day.day for day, _ in worker.posted]

    assert dates("Pacific/Auckland", "America/Los_Angeles") == [18, 19, 20]
    assert dates("Pacific/Niue", "Pacific/Kiritimati") == [18, 19, 23]
