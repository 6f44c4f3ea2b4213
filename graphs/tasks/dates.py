"""Words for a day, like "by Thursday", "tomorrow EOD", "the 21st", "3/14": which date they mean where they are said."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import zip_longest
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "a couple of": 2, "couple": 2}
_WHEN = re.compile(
    rf"""(?<![\w/.-])(?P<denied>not\s+)?(?:(?P<lead>by|before|until|till|til|on|due|for|since|last|past|from|after|at|within)\s+)?(?:the\s+)?(?:
    (?P<iso>20\d\d-[01]\d-[0-3]\d)
    | (?P<weekof>week\s+of\s+(?:the\s+)?[0-3]?\d(?:st|nd|rd|th))
    | (?:{_DAY}\.?,?\s+)?(?:the\s+)?(?P<dm>[0-3]?\d(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH})
    | (?P<md>{_MONTH}\s+[0-3]?\d(?:st|nd|rd|th)?)
    | (?P<slash>[0-3]?\d/[0-3]?\d)(?![/\d])
    | (?:{_DAY}\.?,?\s+)?(?:the\s+)?(?P<ordinal>[0-3]?\d(?:st|nd|rd|th))
    | (?P<dated>{_DAY}\s+[0-3]?\d(?!\s?(?:[:.]\d|am\b|pm\b|h\b|k\b|%|min|hour|utc\b|people|of\b)))
    | (?P<later>{_DAY}\s+week)
    | (?P<weekday>(?:(?P<which>next|this|coming)\s+)?{_DAY})
    | (?P<span>in\s+(?P<count>\d{{1,2}}|a\s+couple\s+of|an?|one|two|three|four|five)\s+(?P<unit>days?|weeks?))
    | (?P<tomorrow>tomorrow|tmrw|tmr|tmw|2moro|2morrow)
    | (?P<weekend>weekend)
    | (?P<week>end\s+of\s+(?:the\s+|this\s+)?week|eow|this\s+week|end\s+of\s+next\s+week|next\s+week)
    | (?P<month>end\s+of\s+(?:the\s+|this\s+)?month|eom)
    | (?P<standup>(?:next\s+)?stand-?up)
    | (?P<soon>today|tonight|this\s+night|same\s+day|eod|cob|end\s+of\s+(?:the\s+|my\s+)?day
        |noon|midday|lunch|dinner|coffee|breakfast
        |this\s+(?:morning|afternoon|evening)|hour
        |in\s+(?:\d{{1,3}}|an?|ten|five|twenty|half\s+an)\s?(?:min(?:ute)?s?|h(?:ou)?rs?|hour|h)(?!\s?\w)
        |(?:up\s+)?in\s+(?:\d{{1,3}}|an?|ten|five|twenty|half\s+an)(?!\s?\w)
        |\d{{1,2}}\s+min(?:ute)?s?|an\s+hour(?!\s+ago)|[012]?\d(?::[0-5]\d|\s?(?:am|pm|utc)\b)|give\s+me\s+\w{{1,6}}\s(?:min(?:ute)?s?|hours?|h)
        |(?P<clock>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[1-9]|1[0-9]|2[0-3])(?=\s{{0,3}}(?:[.,;:!)?]|\Z)))
    )(?![\w/])(?P<owned>['’]s\b)?""",
    re.IGNORECASE | re.VERBOSE,
)
_BACKWARD = frozenset({"since", "last", "past", "from", "after"})
_FIRM = frozenset({"by", "before", "until", "till", "til", "due"})
_AT = _FIRM | {"at"}
_MEALS = frozenset("lunch dinner coffee breakfast noon midday standup stand-up".split())
"""What today still holds: "after lunch" is today."""

_CALENDAR = re.compile(
    rf"""(?<![\w/.-])(?:{_DAY}\.?,?\s+)?(?:the\s+)?(?:(?P<before>[0-3]?\d)(?:st|nd|rd|th)?(?:\s+of)?,?\s+)?
    (?P<month>{_MONTH})\b\.?(?:\s+(?P<after>[0-3]?\d)(?:st|nd|rd|th)?(?![\w%]|[:.]\d))?
    (?:,?\s+(?P<year>(?:19|20)\d\d)\b)?""",
    re.IGNORECASE | re.VERBOSE,
)
_VERBS = re.compile(r"may|march|mar")
_LEAP = 8
"""Within how many years there is a 29 February."""


class Past(NamedTuple):
    """A day or a month of a calendar as a question of what is over names it: `10 November`, `Nov 10th, 2025`, `May`.

    It begins with `first` and ends before `after`; `start` and `end` are where the text names it.
    """

    start: int
    end: int
    first: date
    after: date
    is_day: bool
    has_year: bool


class Ahead(NamedTuple):
    """Days as a text names them that speaks of what is to come, with the word that leads to them: `by Friday`."""

    start: int
    end: int
    lead: str
    first: date
    after: date


_PART_OF_DAY = re.compile(r"\s+(?:morning|afternoon|evening|night|noon|eod|end of (?:the )?day)$", re.IGNORECASE)
_YEAR = re.compile(r",?\s+(20\d\d)\b")
_TODAY = re.compile(r"(?:today|tonight|same\s+day|eod|cob|end\s+of)", re.IGNORECASE)


def due(text: str, said_at: datetime, zone: str) -> date | None:
    """The day that the text sets, in the speaker's zone; None if it sets none, or one that is over.

    A "next Tuesday" is that of next week; "before Friday" ends the day before. "By Wednesday" beats a Thursday beside
    it, a named day beats "EOD", and the day that something belongs to ("thursday's retro") counts least.
    """
    today = local_day(said_at, zone)
    found: list[tuple[int, int, date]] = []
    matches = list(_WHEN.finditer(text))
    for match, after in zip_longest(matches, matches[1:]):
        if after is not None and _is_hour_of(match, after):
            continue
        lead = (match["lead"] or "").lower()
        meant = _meant(match, today, lead)
        if meant is not None and meant >= today and (rank := _rank(match, lead)):
            found.append((-rank, len(found), meant))
    return min(found)[2] if found else None


def alone(text: str, said_at: datetime, zone: str) -> date | None:
    """The day, where the text names one and says nothing else; None for a time of the day, or a day that is over."""
    match = _WHEN.fullmatch(_PART_OF_DAY.sub("", text.strip(" .!")))
    if match is None or (match["soon"] is not None and not _TODAY.search(match["soon"])):
        return None
    meant = _meant(match, local_day(said_at, zone), (match["lead"] or "").lower())
    return meant if meant is not None and meant >= local_day(said_at, zone) else None


def ahead(text: str, today: date) -> Iterator[Ahead]:
    """The days that the text names, in its order; a time of the day is today where something is due by it."""
    for match in _WHEN.finditer(text):
        lead = (match["lead"] or "").lower()
        hour = match["standup"] or (match["soon"] and not _TODAY.match(match["soon"]))
        if match["denied"] or lead in {"since", "last", "past"} or (hour and lead not in _FIRM):
            continue
        meant = _meant(match, today, "by" if lead == "before" else lead)
        if meant is None:
            continue
        end, dated = match.end(), match["dm"] or match["md"]
        with suppress(ValueError):  # 29 February
            if dated and (year := _YEAR.match(text, end)):
                meant, end = meant.replace(year=int(year[1])), year.end()
        with suppress(OverflowError):
            yield Ahead(match.start(), end, lead, *_extent(match, meant, today))


def past(text: str, today: date) -> Iterator[Past]:
    """The days and months that the text names; without a year, the latest such one that has begun."""
    for match in _CALENDAR.finditer(text):
        day, month = int(match["before"] or match["after"] or 0), match["month"]
        if _VERBS.fullmatch(month) and not (day or match["year"]):
            continue  # they may march
        number = _MONTHS.index(month[:3].lower()) + 1
        for year in [int(match["year"])] if match["year"] else range(today.year, today.year - _LEAP - 1, -1):
            try:
                first = date(year, number, day or 1)
            except ValueError:
                continue  # 31 June
            if match["year"] or first <= today:
                after = first + timedelta(days=1 if day else monthrange(year, number)[1])
                yield Past(match.start(), match.end(), first, after, bool(day), bool(match["year"]))
                break


def _extent(match: re.Match[str], meant: date, today: date) -> tuple[date, date]:
    """The first day and the one after the last: all of a week or a weekend, not its last day alone."""
    if match["weekend"] is not None:
        return meant - timedelta(days=1), meant + timedelta(days=1)
    if match["week"] is not None:
        named = match["week"].lower()
        if named.startswith("e"):
            return meant, meant + timedelta(days=3)
        inside = meant if named.startswith("next") else today
        monday = inside - timedelta(days=inside.weekday())
        return monday, monday + timedelta(days=7)
    return meant, meant + timedelta(days=1)


def _is_hour_of(match: re.Match[str], after: re.Match[str]) -> bool:
    """Whether it is a time of the day that follows: "EOD Friday", "before standup tomorrow"."""
    hour = match["soon"] is not None or match["standup"] is not None
    return hour and after["soon"] is None and not after.string[match.end() : after.start()].strip(" ,")


def _rank(match: re.Match[str], lead: str) -> int:
    """How firmly the words set a day: 0, if they do not."""
    said = match[0].lower().split()[-1]
    if lead in _BACKWARD:
        return 1 if lead == "after" and said in _MEALS else 0
    if match["soon"] is not None:
        return int(_sets_today(match, lead, said))
    if match["weekend"] is not None and lead in {"", "for"}:
        return 0 if not re.search(r"(?i)\b(?:over|this)\s+(?:the\s+)?$", match.string[: match.start()]) else 2
    if match["denied"] is not None and lead != "before":
        return 0
    if match["owned"] is not None:
        return 2
    return 4 if lead in _FIRM else 3


def _sets_today(match: re.Match[str], lead: str, said: str) -> bool:
    """Whether a time of the day is when something is due: not so "lunch", or "an hour" that something takes."""
    if match["clock"] is not None:
        return lead in _AT
    if said == "hour" and lead != "within":
        return bool(match["soon"].lower() != "hour")
    return said not in {"dinner", "coffee", "breakfast", "lunch"} or lead in _AT


def speaks_of_days(text: str) -> bool:
    """Whether any word in it may name a day or a time of one, whichever that is."""
    return _WHEN.search(text) is not None


def local_day(moment: datetime, zone: str) -> date:
    """The date on the wall of somebody in this zone; an unknown zone counts as UTC."""
    return moment.astimezone(_zone(zone)).date()


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _meant(match: re.Match[str], today: date, lead: str) -> date | None:
    try:
        for name, reader in _READERS.items():
            if (said := match[name]) is not None:
                meant = reader(match, said.lower(), today)
                if name == "slash" and not lead and int(said.partition("/")[2]) <= 12:
                    return None  # "24/7", "4/5 done": a bare fraction is no date, but 3/14 is
                if lead == "before" and name in _NAMED and meant is not None and match["denied"] is None:
                    return meant - timedelta(days=1)
                return meant
    except (ValueError, OverflowError):
        return None  # 31 June
    return None


def _iso(_: re.Match[str], said: str, __: date) -> date:
    return date.fromisoformat(said)


def _day_and_month(_: re.Match[str], said: str, today: date) -> date:
    number = int(re.findall(r"\d+", said)[0])
    month = next(k for k, name in enumerate(_MONTHS, 1) if re.search(rf"(?<![a-z]){name}", said))
    return _this_year_or_next(today, month, number)


def _slash(_: re.Match[str], said: str, today: date) -> date:
    first, second = map(int, said.split("/"))
    month, day = (second, first) if first > 12 else (first, second)
    return _this_year_or_next(today, month, day)


def _this_year_or_next(today: date, month: int, day: int) -> date:
    meant = date(today.year, month, day)
    return date(today.year + 1, month, day) if (today - meant).days > 180 else meant


def _ordinal(_: re.Match[str], said: str, today: date) -> date | None:
    day = int(re.findall(r"\d+", said)[0])
    year, month = today.year, today.month
    for _attempt in range(4):
        if day <= monthrange(year, month)[1] and date(year, month, day) >= today:
            return date(year, month, day)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return None


def _weekday(match: re.Match[str], said: str, today: date) -> date:
    wanted = _DAYS.index(said.rsplit(maxsplit=1)[-1][:3])
    if (match["which"] or "").lower() == "next":
        return today - timedelta(days=today.weekday()) + timedelta(days=7 + wanted)
    ahead = (wanted - today.weekday()) % 7
    return today + timedelta(days=ahead or 7)


def _span(match: re.Match[str], _: str, today: date) -> date:
    count = re.sub(r"\s+", " ", match["count"].lower())
    days = int(count) if count.isdigit() else _NUMBERS.get(count, 1)
    return today + timedelta(days=days * (7 if match["unit"].lower().startswith("week") else 1))


def _week_of(match: re.Match[str], said: str, today: date) -> date | None:
    """The Friday of that week."""
    day = _ordinal(match, said, today)
    return day + timedelta(days=4 - day.weekday()) if day and day.weekday() <= 4 else day


def _dated(match: re.Match[str], said: str, today: date) -> date | None:
    """A weekday with its number, if they fit; else the number is something else."""
    name, number = said.split()
    wanted, day = _DAYS.index(name[:3]), _ordinal(match, number, today)
    if day is not None and day.weekday() == wanted:
        return day
    return _weekday(match, name, today)


def _later(match: re.Match[str], said: str, today: date) -> date:
    return _weekday(match, said.split(maxsplit=1)[0], today) + timedelta(days=7)


def _weekend(_: re.Match[str], __: str, today: date) -> date:
    return today + timedelta(days=6 - today.weekday())


def _tomorrow(_: re.Match[str], __: str, today: date) -> date:
    return today + timedelta(days=1)


def _week(_: re.Match[str], said: str, today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    friday = monday + timedelta(days=4)
    if "next" in said or today > friday:
        friday += timedelta(days=7)
    return friday


def _month(_: re.Match[str], __: str, today: date) -> date:
    return today.replace(day=monthrange(today.year, today.month)[1])


def _standup(match: re.Match[str], __: str, today: date) -> date:
    if (match["lead"] or "").lower() == "after":
        return today
    ahead = {4: 3, 5: 2}.get(today.weekday(), 1)
    return today + timedelta(days=ahead)


def _today(_: re.Match[str], __: str, today: date) -> date:
    return today


_READERS: dict[str, Callable[[re.Match[str], str, date], date | None]] = {
    "iso": _iso,
    "weekof": _week_of,
    "dm": _day_and_month,
    "md": _day_and_month,
    "slash": _slash,
    "ordinal": _ordinal,
    "dated": _dated,
    "later": _later,
    "weekday": _weekday,
    "span": _span,
    "tomorrow": _tomorrow,
    "weekend": _weekend,
    "week": _week,
    "month": _month,
    "standup": _standup,
    "soon": _today,
}
_NAMED = frozenset({"weekday", "dated", "ordinal", "dm", "md", "slash", "iso"})
