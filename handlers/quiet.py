"""Days as people type them into a form, and how they are shown there again."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

MOST = 120
_DATE = r"(\d{4})-(\d{1,2})-(\d{1,2})"
_ONE = re.compile(_DATE)
_SPAN = re.compile(rf"{_DATE}\s*(?:to|until|-|–|—)\s*{_DATE}")
_BETWEEN = re.compile(r"[,;\n]+")


class UnreadableDays(ValueError):
    """What was typed are no days; the message says what to do."""


def read(text: str) -> tuple[date, ...]:
    """Every day that is named, alone or within a span. Raises UnreadableDays."""
    found: set[date] = set()
    for part in filter(None, (each.strip() for each in _BETWEEN.split(text))):
        found |= {*_days(part)}
        if len(found) > MOST:
            raise UnreadableDays(f"That is more than {MOST} days: use “Away until” for a long absence.")
    return tuple(sorted(found))


def written(days: Iterable[date]) -> str:
    """The days as one could type them, neighbours as a span."""
    spans: list[list[date]] = []
    for day in sorted(days):
        if spans and day - spans[-1][-1] == timedelta(days=1):
            spans[-1].append(day)
        else:
            spans.append([day])
    return ", ".join(each[0].isoformat() if len(each) == 1 else f"{each[0]} to {each[-1]}" for each in spans)


def _days(part: str) -> Sequence[date]:
    written = _SPAN.fullmatch(part) or _ONE.fullmatch(part)
    if written is None:
        raise UnreadableDays("Write dates like 2026-12-24, or 2026-12-28 to 2026-12-31, with commas between.")
    numbers = [int(each) for each in written.groups()]
    try:
        first, last = date(*numbers[:3]), date(*numbers[-3:])
    except (ValueError, OverflowError):
        raise UnreadableDays("One of these days is in no calendar.") from None
    if last < first:
        raise UnreadableDays("A span begins with its first day, as in 2026-12-28 to 2026-12-31.")
    return [first + timedelta(days=ahead) for ahead in range(min((last - first).days, MOST) + 1)]
