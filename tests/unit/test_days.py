"""Days as people say them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs import days

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (date(2026, 11, 20), "by today"),
        (date(2026, 11, 21), "by tomorrow"),
        (date(2026, 11, 27), "by Fri 27 Nov"),
        (date(2026, 11, 19), "by Thu 19 Nov – yesterday"),
        (date(2026, 11, 12), "by Thu 12 Nov – eight days ago"),
        (date(2026, 10, 20), "by Tue 20 Oct – four weeks ago"),
        (date(2027, 1, 4), "by Mon 4 Jan 2027"),
    ],
)
def test_a_due_day_is_said_with_its_distance(due: date, said: str) -> None:
    """A day is named, and how long ago it was when it has passed."""
    assert days.by(due, TODAY) == said


def test_an_unknown_zone_counts_as_utc() -> None:
    """A profile with a zone nobody knows does not stop a briefing."""
    assert str(days.zone("Mars/Olympus")) == "UTC"
    assert str(days.zone("../etc")) == "UTC"


def test_the_weekday_of_today_means_a_week_ago() -> None:
    """Asked on a Friday, "on Friday" is the last one."""
    span = days.span_in("what did we say on Friday?", TODAY)
    assert span is not None
    assert span[0] == date(2026, 11, 13)


def test_a_date_that_does_not_exist_is_no_span() -> None:
    """The thirtieth of February is no day to search."""
    assert days.span_in("on 2026-02-30", TODAY) is None


@pytest.mark.parametrize(
    ("text", "since", "until", "words"),
    [
        ("what was decided since Monday?", date(2026, 11, 16), None, "since Monday"),
        ("what did we know as of Tuesday?", None, date(2026, 11, 18), "as of Tuesday"),
        ("what was agreed before Wednesday?", None, date(2026, 11, 18), "before Wednesday"),
        ("what happened today?", TODAY, date(2026, 11, 21), "today"),
        ("what has been shipped on Monday?", date(2026, 11, 16), date(2026, 11, 17), "on Monday"),
        ("what changed since last week", date(2026, 11, 9), None, "since last week"),
        ("what changed as of 2026-11-10", None, date(2026, 11, 11), "as of 2026-11-10"),
    ],
)
def test_days_with_one_end(text: str, since: date | None, until: date | None, words: str) -> None:
    """Since a day there is no last one, as of a day no first."""
    assert days.span_in(text, TODAY) == (since, until, words)


@pytest.mark.parametrize(
    ("text", "since", "until", "words"),
    [
        ("catch me up since 10 November", date(2026, 11, 10), None, "since 10 November"),
        ("what changed since the 10th of November?", date(2026, 11, 10), None, "since the 10th of November"),
        ("any decisions since Nov 10?", date(2026, 11, 10), None, "since Nov 10"),
        ("since Tuesday, November 10th", date(2026, 11, 10), None, "since Tuesday, November 10th"),
        ("what was decided since 10 November 2025?", date(2025, 11, 10), None, "since 10 November 2025"),
        ("what was decided on 12 December?", None, None, ""),
        ("what was decided as of 12 December?", None, date(2025, 12, 13), "as of 12 December"),
        ("what was decided about it before 3 November?", None, date(2026, 11, 3), "before 3 November"),
        ("what was decided on November 3rd?", date(2026, 11, 3), date(2026, 11, 4), "November 3rd"),
        ("what was decided on 20 November?", TODAY, date(2026, 11, 21), "20 November"),
        ("what was decided since 29 February?", date(2024, 2, 29), None, "since 29 February"),
        ("what was decided until 3 November?", None, date(2026, 11, 4), "until 3 November"),
        ("what was decided after 3 November?", date(2026, 11, 4), None, "after 3 November"),
    ],
)
def test_a_calendar_day_is_the_latest_such_one(text: str, since: date | None, until: date | None, words: str) -> None:
    """A question asks of the past; a day that is rather still to come limits only as a bound of it."""
    assert days.span_in(text, TODAY) == ((since, until, words) if words else None)


@pytest.mark.parametrize(
    ("text", "since", "until", "words"),
    [
        ("what was decided after Wednesday?", date(2026, 11, 19), None, "after Wednesday"),
        ("what was decided after 2026-11-10?", date(2026, 11, 11), None, "after 2026-11-10"),
        ("what was decided until Thursday?", None, date(2026, 11, 20), "until Thursday"),
        ("what was decided up to yesterday?", None, date(2026, 11, 20), "up to yesterday"),
        ("what was agreed after Wednesday’s call?", date(2026, 11, 18), None, "after Wednesday"),
        ("what was agreed before Wednesday's call?", None, date(2026, 11, 19), "before Wednesday"),
        (
            "what was said between Monday and Tuesday?",
            date(2026, 11, 16),
            date(2026, 11, 18),
            "between Monday and Tuesday",
        ),
        ("what was said from 3 to 5 November?", date(2026, 11, 3), date(2026, 11, 6), "from 3 to 5 November"),
        ("what was said from Monday on?", date(2026, 11, 16), None, "from Monday on"),
        ("what was said from Monday?", date(2026, 11, 16), date(2026, 11, 17), "from Monday"),
        ("any decisions before Wednesday?", None, date(2026, 11, 18), "before Wednesday"),
    ],
)
def test_a_bound_takes_in_its_day_or_leaves_it_out(
    text: str, since: date | None, until: date | None, words: str
) -> None:
    """After a day begins with the next one; until a day ends with it, and before it, with the one before."""
    assert days.span_in(text, TODAY) == (since, until, words)


@pytest.mark.parametrize(
    "text",
    [
        "who is on call on Saturday?",
        "who is on call on 3 December?",
        "who is on call on 2026-12-03?",
        "what was decided about the freeze on 21 December?",
        "what do I owe before Friday?",
        "who is on call after Friday?",
        "what did I promise by 10 November?",
        "what is due on 20 November?",
        "what may 10 people want?",
        "what happened on 31 June?",
        "where were we two weeks before 11 November?",
        "how many duplicates did they receive on 2 November?",
        "what is due today?",
        "is the release planned for Friday?",
        "do we meet this week?",
    ],
)
def test_a_day_to_come_limits_nothing(text: str) -> None:
    """What is said of a day that comes is said before it."""
    assert days.span_in(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "since", "until", "words"),
    [
        ("catch me up since October", date(2026, 10, 1), None, "since October"),
        ("what changed since last month?", date(2026, 10, 1), None, "since last month"),
        ("what was decided since Dec?", date(2025, 12, 1), None, "since Dec"),
        ("what was decided in October?", date(2026, 10, 1), date(2026, 11, 1), "in October"),
        ("what happened in October 2025?", date(2025, 10, 1), date(2025, 11, 1), "in October 2025"),
        ("what was decided in November?", date(2026, 11, 1), date(2026, 12, 1), "in November"),
        ("what was decided in May?", date(2026, 5, 1), date(2026, 6, 1), "in May"),
        ("what was decided before November?", None, date(2026, 11, 1), "before November"),
        ("what was decided until October?", None, date(2026, 11, 1), "until October"),
        ("what was decided after October?", date(2026, 11, 1), None, "after October"),
        ("any decisions from October?", date(2026, 10, 1), date(2026, 11, 1), "from October"),
        ("what was promised from October on?", date(2026, 10, 1), None, "from October on"),
        ("what was said between October and now?", date(2026, 10, 1), None, "between October and now"),
        ("what was said between Monday and now?", date(2026, 11, 16), None, "between Monday and now"),
        (
            "what was said between September and October?",
            date(2026, 9, 1),
            date(2026, 11, 1),
            "between September and October",
        ),
    ],
)
def test_a_month_bounds_as_a_day_does(text: str, since: date | None, until: date | None, words: str) -> None:
    """All of it: since October begins with its first day, until October ends with its last."""
    assert days.span_in(text, TODAY) == (since, until, words)


@pytest.mark.parametrize(
    "text",
    [
        "what did the October numbers say?",
        "what changed since the October numbers?",
        "what happened in the October release?",
        "what was decided about October?",
        "how many people came in October?",
        "what was decided since we may march?",
        "do we ship in December?",
        "who is on call in December?",
        "what was promised by October?",
    ],
)
def test_a_month_that_no_word_bounds_by_limits_nothing(text: str) -> None:
    """It is part of what is asked; nor does one that is to come, and may is a verb."""
    assert days.span_in(text, TODAY) is None


_MONTHS = "January February March April May June July August September October November December".split()


@given(
    today=st.dates(date(2000, 2, 1), date(2200, 1, 1)),
    month=st.integers(1, 12),
    year=st.none() | st.integers(1990, 2099),
)
def test_bounds_by_one_month_are_of_the_same_month(today: date, month: int, year: int | None) -> None:
    """The latest that has begun, or that of the year: since it, before it and in it share its first and last days."""
    name = f"{_MONTHS[month - 1]} {year}" if year else _MONTHS[month - 1]
    leads = ("since", "before", "in", "until", "after")
    found = [days.span_in(f"what was decided {lead} {name}?", today) for lead in leads]
    since, before, inside, until, after = (span[:2] if span else (None, None) for span in found)
    first, behind = inside
    assert first is not None
    assert behind is not None
    assert (first.month, first.day, (behind - timedelta(days=1)).month, behind.day) == (month, 1, month, 1)
    assert (since, before, until, after) == ((first, None), (None, first), (None, behind), (behind, None))
    assert first.year == year if year else first <= today < first.replace(year=first.year + 1)
