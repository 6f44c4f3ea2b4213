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
