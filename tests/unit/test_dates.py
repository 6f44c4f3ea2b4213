"""Which day words mean."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.tasks.dates import due

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("by Thursday", date(2026, 3, 5)),
        ("next Tue", date(2026, 3, 10)),
        ("monday works", date(2026, 3, 9)),
        ("before friday", date(2026, 3, 5)),
        ("EOD", date(2026, 3, 2)),
        ("tomorrow EOD", date(2026, 3, 3)),
        ("this afternoon", date(2026, 3, 2)),
        ("3/14", date(2026, 3, 14)),
        ("by 3/4", date(2026, 3, 4)),
        ("by 25/3", date(2026, 3, 25)),
        ("the 21st", date(2026, 3, 21)),
        ("by the 1st", date(2026, 4, 1)),
        ("friday the 13th", date(2026, 3, 13)),
        ("31 march", date(2026, 3, 31)),
        ("March 4th", date(2026, 3, 4)),
        ("2026-04-01", date(2026, 4, 1)),
        ("in two days", date(2026, 3, 4)),
        ("in 3 weeks", date(2026, 3, 23)),
        ("in 20 min", date(2026, 3, 2)),
        ("end of the week", date(2026, 3, 6)),
        ("next week", date(2026, 3, 13)),
        ("end of month", date(2026, 3, 31)),
        ("by standup", date(2026, 3, 3)),
        ("before standup tomorrow", date(2026, 3, 3)),
        ("before standup on Thursday", date(2026, 3, 5)),
        ("by EOD Friday", date(2026, 3, 6)),
        ("by noon on the 21st", date(2026, 3, 21)),
        ("by 5pm, Thursday", date(2026, 3, 5)),
        ("31 june", None),
        ("since friday", None),
        ("last monday", None),
        ("1 march", None),
        ("may I ask", None),
        ("24/7", None),
        ("5/8 done", None),
        ("in 5 places", None),
        ("monetary", None),
    ],
)
def test_a_day_is_understood(text: str, expected: date | None) -> None:
    """The words people use for a day resolve to it; what only looks like one does not."""
    assert due(text, MONDAY, "America/New_York") == expected


def test_the_speakers_zone_decides() -> None:
    """Late in the evening in New York it is tomorrow in Berlin already."""
    late = datetime(2026, 3, 3, 3, 30, tzinfo=UTC)
    assert due("tomorrow", late, "America/New_York") == date(2026, 3, 3)
    assert due("tomorrow", late, "Europe/Berlin") == date(2026, 3, 4)
    assert due("tomorrow", late, "Not/AZone") == date(2026, 3, 4)


@given(
    st.text(alphabet="by nextmon tue 0123456789/-thsrd.the ", max_size=60),
    st.datetimes(),
    st.sampled_from(["UTC", "Asia/Tokyo"]),
)
def test_a_due_date_is_never_over(text: str, said_at: datetime, zone: str) -> None:
    """Whatever is written, a due date does not lie before the day on which it was said."""
    moment = said_at.replace(year=min(max(said_at.year, 1970), 2200), tzinfo=UTC) if said_at.month != 2 else MONDAY
    found = due(text, moment, zone)
    assert found is None or found >= due("today", moment, zone)  # type: ignore[operator]
