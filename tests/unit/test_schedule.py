"""When a briefing is due: a property of every zone and every clock change, not of one's own."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot import schedule
from memory.models.ids import PersonId
from memory.people import Reader

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
USUAL = time(8, 30)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def reader(tz: str, brief_at: time = USUAL) -> Reader:
    return Reader(person_id=PersonId(uuid4()), tz=tz, reader_since=datetime(2025, 1, 1, tzinfo=UTC), brief_at=brief_at)


def changes(tz: str) -> list[datetime]:
    """The instants in these two years at which the zone's offset changes, to the hour."""
    here, found = ZoneInfo(tz), []
    day = datetime(FIRST.year, 1, 1, tzinfo=UTC)
    while day.date() <= LAST:
        after = day + timedelta(days=1)
        if day.astimezone(here).utcoffset() != after.astimezone(here).utcoffset():
            found += [day + timedelta(hours=hour) for hour in range(24)]
        day = after
    return found


CHANGES = {tz: found for tz in ZONES if (found := changes(tz))}
zones = st.sampled_from(ZONES)
instants = st.integers(0, 2 * 365 * 24 * 60).map(lambda minute: BEGIN + timedelta(minutes=minute))
near_changes = st.sampled_from(sorted(CHANGES)).flatmap(
    lambda tz: st.tuples(st.just(tz), st.sampled_from(CHANGES[tz]), st.integers(-2880, 2880)).map(
        lambda drawn: (drawn[0], drawn[1] + timedelta(minutes=drawn[2]))
    )
)
moments = st.one_of(st.tuples(zones, instants), near_changes)
times = st.one_of(st.just(USUAL), st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0)))


@given(moments)
@example(("Europe/Berlin", datetime(2026, 3, 30, 6, 30, tzinfo=UTC)))
def test_a_briefing_is_due_on_workdays_from_its_time_until_noon(drawn: tuple[str, datetime]) -> None:
    """Whatever the zone and its clock changes: on workdays from 08:30 to noon there, and never else."""
    tz, now = drawn
    local = now.astimezone(ZoneInfo(tz))
    found = list(schedule.due([reader(tz)], now))
    expected = local.weekday() < 5 and USUAL <= local.time() <= time(12)
    assert bool(found) == expected
    if found:
        assert found[0].local_date == local.date()
        assert found[0].due_at <= now


@given(moments)
def test_activity_brings_it_forward_to_six_at_the_earliest(drawn: tuple[str, datetime]) -> None:
    """Somebody active is briefed from 06:00 local on, on workdays, until noon, and for the date that it is there."""
    tz, now = drawn
    local = now.astimezone(ZoneInfo(tz))
    found = schedule.due_on_activity(reader(tz), now)
    assert (found is not None) == (local.weekday() < 5 and time(6) <= local.time() <= time(12))
    if found:
        assert found.local_date == local.date()


@given(moments, times)
def test_the_next_morning_is_a_workday_at_that_time(drawn: tuple[str, datetime], at: time) -> None:
    """It comes after the moment, on a workday, within four days, at that local time or when a clock change skips it."""
    tz, after = drawn
    here = ZoneInfo(tz)
    found = schedule.next_morning(after, tz, at)
    local = found.astimezone(here)
    assert found > after
    assert local.weekday() < 5
    assert found - after <= timedelta(days=5)
    if local.time() != at:
        asked = datetime.combine(local.date(), at, here)
        assert asked.astimezone(UTC).astimezone(here).time() != at, "no clock change skips it"


@pytest.mark.parametrize("tz", [tz for tz in ZONES if tz in CHANGES])
def test_each_workday_has_exactly_one_morning(tz: str) -> None:
    """Walking through a clock change minute by minute, each local workday is due under one date only, and each is."""
    here, someone = ZoneInfo(tz), reader(tz)
    days = sorted({instant.date() for instant in CHANGES[tz]})
    for day in days:
        start = datetime.combine(day, time(), UTC) - timedelta(days=3)
        steps = [start + timedelta(minutes=15 * step) for step in range(7 * 96)]
        dates = {found.local_date for now in steps for found in schedule.due([someone], now)}
        mornings = {now.astimezone(here).date() for now in steps if now.astimezone(here).time() == time(9)}
        assert dates >= {each for each in mornings if each.weekday() < 5}
        assert all(each.weekday() < 5 for each in dates)


def test_a_late_riser_is_not_briefed_the_day_after() -> None:
    """Who wants it at 15:00 gets it within the hour, and else not that day."""
    someone = reader("Europe/Berlin", time(15, 0))
    assert [
        bool(list(schedule.due([someone], datetime(2026, 11, 20, hour, 30, tzinfo=UTC)))) for hour in (13, 14, 15)
    ] == [
        False,
        True,
        False,
    ]


def test_an_unknown_zone_is_utc() -> None:
    """A profile with a zone that nobody knows is briefed by UTC."""
    found = list(schedule.due([reader("Mars/Olympus")], datetime(2026, 11, 20, 8, 30, tzinfo=UTC)))
    assert found[0].local_date == date(2026, 11, 20)
