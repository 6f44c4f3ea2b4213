"""Days as people say them: a date in words for a reader, and the days that a question means."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import zip_longest
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from graphs.tasks import dates
from memory.models.briefings import Kind

LATEST = time(12, 0)
"""After an outage briefings are still sent until noon."""
AN_HOUR, AN_EVENING = timedelta(hours=1), timedelta(hours=4)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Not strftime: what a reader sees must not depend on the locale of the machine.
_DAY = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_COUNT = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_OFFICE = (time(9), time(17))
_SATURDAY = 5
_MOST_DAYS = 60
"""Of a longer stretch the rest is not counted: it is long, and that is all that matters."""
_ISO = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_SPAN = re.compile(
    r"\b(?:(day before yesterday|yesterday|today|this morning)"
    r"|(this|last|past|previous) (week|month)"
    r"|(?:last|past) (\d{1,3}|" + "|".join(_COUNT[2:]) + r") (days?|weeks?)"
    r"|(?:(?:on|last|this) )?(" + "|".join(WEEKDAYS) + r"))\b",
    re.IGNORECASE,
)

_MAY_COME = re.compile(
    r"today|this morning|this (?:week|month)|(?:(?:on|this) )?(?:" + "|".join(WEEKDAYS) + r")", re.IGNORECASE
)
"""Days that may be over or still to come."""
_PAST = re.compile(
    r"\b(?:did|was|were|had|been|happen(?:ed|s)?|(?:has|have)\s+(?:\w+\s+){0,3}\w+(?:ed|en)|(?!planned|scheduled|expected|supposed|needed|allowed)\w{3,}ed|went|came|broke|said|wrote|"
    r"told|new|news|changes?|catch|missed)\b",
    re.IGNORECASE,
)
"""What a question about days that are over is worded with."""
_AHEAD = re.compile(r"\b(?:owes?|due|will|needs?|must|should|have to|prepare|going to)\b", re.IGNORECASE)
"""What a question about days to come is worded with."""
_TOLD = re.compile(
    r"\b(?:decid|decision|agree|settle|conclu|promis|commit|ask|question|answer|sa(?:id|ys?)\b|tell|told|wr[io]t|post|"
    r"mention|discuss|talk|announc|report|ship|releas|chang|happen|news?\b|updat|block|miss|catch|do\b|doing|done|work)",
    re.IGNORECASE,
)
"""What was told on the day itself. Of another matter a date is rather part: “how many came on 2 March?”."""
_BOUND = re.compile(
    r"\b(?:(?P<lead>since|after|before|as of|until|till|up to|between|from)|(?P<due>by|due(?:\s+(?:on|by))?))\s+"
    r"(?:(?:the\s+)?(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\s+(?:and|to|until|till|through)\s+)?(?:the\s+)?(?:last\s+)?\Z",
    re.IGNORECASE,
)
_IN = re.compile(r"\bin\s+\Z", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|to|until|till|through)\s+(?:the\s+)?", re.IGNORECASE)
_UNTIL_NOW = re.compile(r"\s+(?:and|to|until|till|up to)\s+(?:now|right now)\b", re.IGNORECASE)
_ONWARDS = re.compile(r"\s+on(?:wards?)?(?=\s*(?:[?.!,]|\Z))", re.IGNORECASE)
_OWNED = re.compile(r"['’]s\b")
_DISTANCE = re.compile(r"\b(?:days?|nights?|weeks?|weekends?|months?)\s+\Z", re.IGNORECASE)
_LED = re.compile(r"(?:(?:ever )?since|as of|before|after|until|till|up to|between|from|on|in)\b")
_HALF_A_YEAR = timedelta(days=182)


class Named(NamedTuple):
    """Days that stand in a text from `start` to `end`, and whether they are over, still to come, or either."""

    start: int
    end: int
    first: date
    after: date
    tense: Literal["over", "either", "ahead"]
    of_calendar: bool = False


def zone(name: str) -> ZoneInfo:
    """The zone of that name, or UTC: a profile with an unknown zone must not stop a briefing."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def local_day(at: datetime, tz: str) -> date:
    return at.astimezone(zone(tz)).date()


def lapses_at(day: date, tz: str, due_at: datetime, kind: Kind = "day") -> datetime:
    """Until when the briefing of a local date is sent: until noon there, and for an hour in any case; for a review of
    the week, all evening.
    """
    if kind == "week":
        return due_at + AN_EVENING
    return max(datetime.combine(day, LATEST, zone(tz)).astimezone(UTC), due_at + AN_HOUR)


def counted(number: int) -> str:
    """Small numbers as words."""
    return _COUNT[number] if 0 <= number < len(_COUNT) else str(number)


def plural(number: int, one: str, many: str | None = None) -> str:
    return f"{counted(number)} {one if number == 1 else many or one + 's'}"


def calendar_day(day: date, today: date) -> str:
    """`Thu 12 Nov`, with the year where it is another one."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{_DAY[day.weekday()]} {day.day} {_MONTH[day.month - 1]}{year}"


def spoken(day: date, today: date) -> str:
    """`today`, `yesterday`, `tomorrow`, or the calendar day."""
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return near.get((day - today).days) or calendar_day(day, today)


def on(day: date, today: date) -> str:
    """`yesterday`, `on Thu 12 Nov`."""
    word = spoken(day, today)
    return word if word[0].islower() else f"on {word}"


def ago(day: date, today: date) -> str:
    """`two days ago`, `yesterday`, `three weeks ago`; empty for a day that has not passed."""
    days = (today - day).days
    if days <= 0:
        return ""
    if days == 1:
        return "yesterday"
    return f"{plural(days, 'day')} ago" if days < 21 else f"{plural(days // 7, 'week')} ago"


def by(due: date, today: date) -> str:
    """`by today`, `by Thu 12 Nov`, and how long ago that was: `by Thu 12 Nov – two days ago`."""
    if due >= today:
        return f"by {spoken(due, today)}"
    return f"by {calendar_day(due, today)} – {ago(due, today)}"


def workdays(after: date, until: date) -> int:
    """Workdays that come after one day, up to another."""
    between = (after + timedelta(days=number) for number in range(1, min((until - after).days, _MOST_DAYS) + 1))
    return sum(day.weekday() < _SATURDAY for day in between)


def working_hours(since: datetime, until: datetime, tz: str) -> float:
    """Hours between two moments that lie within workdays, 09:00 to 17:00 local time."""
    here = zone(tz)
    begin, end = since.astimezone(here), until.astimezone(here)
    total = timedelta()
    day = begin.date()
    for _ in range(_MOST_DAYS):
        if day > end.date():
            break
        if day.weekday() < _SATURDAY:
            opens, closes = (datetime.combine(day, at, here) for at in _OFFICE)
            total += max(min(end, closes) - max(begin, opens), timedelta())
        day += timedelta(days=1)
    return total / timedelta(hours=1)


def midnight(day: date, tz: str) -> datetime:
    """When that local day begins, in UTC."""
    return datetime.combine(day, time(), zone(tz)).astimezone(UTC)


def span_in(text: str, today: date) -> tuple[date | None, date | None, str] | None:
    """The first stretch of days in which the text means something to have been said: its first day, the day after its
    last, and the words for it. None stands for no limit: `since Monday` has no end, and `as of Tuesday` no beginning.

    A day that is still to come (“who is on call on Saturday?”) limits nothing: it is talked about beforehand. Nor does
    one by which something is due.
    """
    found = named(text, today)
    for each, following in zip_longest(found, found[1:]):
        bound = _BOUND.search(text, 0, each.start)
        if _is_meant(each, bound, text):
            return _bounded(text, each, following, bound)
    return None


def led(span: str) -> str:
    """The days of a question as they go on a sentence: `from last week`, `since monday`."""
    return span if _LED.match(span) else f"from {span}"


def asks_of_the_past(text: str) -> bool:
    """Whether it is worded as a question of what is over."""
    return _PAST.search(text) is not None


def named(text: str, today: date) -> list[Named]:
    """The days that the text names, in its order; a weekday that goes with a date is none of its own.

    Months, too, where a word bounds by them: “since October”, not “the October numbers”.
    """
    found = list[Named]()
    for each in dates.past(text, today):
        if each.is_day or _is_bound(each.start, found, text):
            found.append(_dated(each, today))
    for iso in _ISO.finditer(text):
        with suppress(ValueError):
            day = date.fromisoformat(iso[0])
            found.append(Named(*iso.span(), day, _after(day, 1), _tense(day, today)))
    for match in _SPAN.finditer(text):
        if not any(each.start < match.end() and match.start() < each.end for each in found):
            tense: Literal["over", "either"] = "either" if _MAY_COME.fullmatch(match[0]) else "over"
            found.append(Named(*match.span(), *_days_of(match, today), tense))
    return sorted(found)


def _dated(named: dates.Past, today: date) -> Named:
    """A day without a year that is long ago rather means the one to come."""
    far = not named.has_year and today - named.first > _HALF_A_YEAR
    near = today if named.first <= today < named.after else named.first
    tense = "ahead" if far else _tense(near, today)
    return Named(named.start, named.end, named.first, named.after, tense, of_calendar=True)


def _is_bound(start: int, before: list[Named], text: str) -> bool:
    """Whether a month that begins there is one by which a word bounds, or ends what another began."""
    if text[start:].lower().startswith("the "):
        return False
    if before and _AND.fullmatch(text, before[-1].end, start):
        return _lead(_BOUND.search(text, 0, before[-1].start)) in {"between", "from"}
    return bool(_BOUND.search(text, 0, start) or _IN.search(text, 0, start))


def _tense(day: date, today: date) -> Literal["over", "either", "ahead"]:
    if day == today:
        return "either"
    return "over" if day < today else "ahead"


def _is_meant(named: Named, bound: re.Match[str] | None, text: str) -> bool:
    """Whether something is asked of that was said by then, on it, or since."""
    lead = _lead(bound) or ("in" if named.of_calendar and _IN.search(text, 0, named.start) else "")
    if lead == "due" or (named.of_calendar and lead in {"", "in"} and not _TOLD.search(text)):
        return False
    if named.tense == "over" or lead in {"since", "as of"}:
        return True
    if lead == "before" and named.tense == "either" and not _AHEAD.search(text):
        return True
    return asks_of_the_past(text) and (named.tense == "either" or lead != "")


def _lead(bound: re.Match[str] | None) -> str:
    """“Two weeks before the 3rd” is reckoned from a day that is no bound."""
    if bound is None:
        return ""
    if (
        bound["lead"]
        and bound["lead"].lower() in {"before", "after"}
        and _DISTANCE.search(bound.string, 0, bound.start())
    ):
        return "due"
    return "due" if bound["due"] else bound["lead"].lower()


def _bounded(
    text: str, named: Named, following: Named | None, bound: re.Match[str] | None
) -> tuple[date | None, date | None, str]:
    first, after, end = named.first, named.after, named.end
    if bound is None:
        inside = named.of_calendar and _IN.search(text, 0, named.start)
        start = inside.start() if inside else named.start
        return first, after, text[start:end]
    words = text[bound.start() : end]
    owned = _OWNED.match(text, end) is not None  # the day of “Wednesday's call” is before it and after it
    match _lead(bound):
        case "since":
            return first, None, words
        case "after":
            return first if owned else after, None, words
        case "before":
            return None, after if owned else first, words
        case "as of" | "until" | "till" | "up to":
            return None, after, words
    return _between(text, named, following, bound)


def _between(
    text: str, named: Named, following: Named | None, bound: re.Match[str]
) -> tuple[date | None, date | None, str]:
    """`between Monday and Wednesday`, `from 3 to 5 November`, `from Monday on`; `from Monday` alone is that day."""
    if following and _AND.fullmatch(text, named.end, following.start) and named.first < following.after:
        return named.first, following.after, text[bound.start() : following.end]
    if bound["day"] and 0 < int(bound["day"]) < named.first.day:
        return named.first.replace(day=int(bound["day"])), named.after, text[bound.start() : named.end]
    if onwards := _UNTIL_NOW.match(text, named.end) or _ONWARDS.match(text, named.end):
        return named.first, None, text[bound.start() : onwards.end()]
    return named.first, named.after, text[bound.start() : named.end]


def _days_of(match: re.Match[str], today: date) -> tuple[date, date]:
    near, which, unit, number, units, weekday = (group and group.lower() for group in match.groups())
    tomorrow = today + timedelta(days=1)
    if near:
        first = today - timedelta(days={"yesterday": 1, "day before yesterday": 2}.get(near, 0))
        return first, first + timedelta(days=1)
    if weekday:
        back = (today.weekday() - WEEKDAYS.index(weekday)) % 7 or 7 * (not match[0].lower().startswith("this"))
        first = today - timedelta(days=back)
        return first, first + timedelta(days=1)
    if number:
        count = _COUNT.index(number) if number in _COUNT else int(number)
        return today - timedelta(days=count * (7 if (units or "").startswith("week") else 1)), tomorrow
    first = today - timedelta(days=today.weekday()) if unit == "week" else today.replace(day=1)
    if which == "this":
        return first, tomorrow
    earlier = first - timedelta(days=7) if unit == "week" else (first - timedelta(days=1)).replace(day=1)
    return earlier, first


def _after(day: date, days: int) -> date:
    return day + timedelta(days=days) if day < date.max else day
