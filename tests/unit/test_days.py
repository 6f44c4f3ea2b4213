"""Days as people say them."""

from datetime import date

import pytest

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
    "text",
    [
        "who is on call on Saturday?",
        "what is due today?",
        "is the release planned for Friday?",
        "do we meet this week?",
    ],
)
def test_a_day_to_come_limits_nothing(text: str) -> None:
    """What is said of a day that comes is said before it."""
    assert days.span_in(text, TODAY) is None
