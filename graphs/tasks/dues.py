"""Dues: a question -> the days within which what it asks for is due: “what do I owe by Friday?”, “what is overdue?”.

Only what asks for what is owed or due names such days. Of “is the report due on Friday?” the day is rather part of what
is asked, and “what did I promise before Friday?” asks of what was said by then (`days.span_in`).
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import zip_longest

from graphs import days
from graphs.tasks import dates
from graphs.tasks.dates import Ahead
from memory.models.base import Model

_THINGS = r"promises?|commitments?|to-?dos?|action items?|tasks?|things?|items?|deadlines?"
_DUE = re.compile(
    rf"\b(?:what|which|who|anything|everything|something|nothing|all|that|have|has|had|got|{_THINGS})(?:['’]?s)?\s+"
    rf"(?:(?:is|are|was|were|will|be|of|my|mine|our|the|still|else|already|open|and|do|does|did|have|has|had|i|we"
    rf"|{_THINGS})\s+)*"
    rf"(?:due|(?P<over>overdue|past\s+due))\b"
    rf"|\b(?P<before>overdue)\s+(?:{_THINGS})\b|\b(?:am i|are we)\s+(?P<we>overdue)\b|\bdeadlines\b"
    rf"|\A\W*(?:(?:and|or|what about|how about)\s+)?due\b(?!\s+(?:to|diligence)\b)",
    re.IGNORECASE,
)
_OVERDUE = re.compile(r"\W*(?:(?:and|or|what about|how about) )?(overdue|past\s+due)\W*", re.IGNORECASE)
_OWED = re.compile(
    rf"\b(?:owes?|owed|owing|promis\w+|commit(?:ted|ments?)?|deliver(?:s|y|ies|ing|ables?)?|{_THINGS})\b", re.IGNORECASE
)
_OWE = re.compile(r"\b(?:owes?|owing)\b", re.IGNORECASE)
_COUNT = {name: number for number, name in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_LATE = frozenset({"overdue", "past due"})
_HALF_A_YEAR = timedelta(days=182)
_FROM_NOW = re.compile(
    r"\b(?:within|(?:in|over|for)(?:\s+the)?(?:\s+(?:next|coming))?|the\s+(?:next|coming))\s+"
    r"(?P<count>\d{1,2}|an?|one|two|three|four|five|six|seven|eight|nine|ten)\s+(?P<unit>days?|weeks?)\b",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"\b(?:(?:(?P<lead>by|before|until|till|in|for|on)\s+)?(?:(?P<end>the\s+end\s+of|end\s+of)\s+)?"
    r"(?P<which>this|next)\s+month)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"\b(?P<lead>by|before|until|till|til|between|from|after|since|on|in|for|due|within|no later than)\s+(?:the\s+)?\Z",
    re.IGNORECASE,
)
_AND = re.compile(r"\s+(?:and|to|through)\s+(?:the\s+)?", re.IGNORECASE)
_WEEKDAY = re.compile("|".join(days.WEEKDAYS), re.IGNORECASE)
_WAS = re.compile(r"\b(?:was|were|had|did)\b", re.IGNORECASE)
_IS = re.compile(r"\b(?:is|are|will)\b|['’]s\b", re.IGNORECASE)
_AFTER_DUE = re.compile(r"\bdue\s+\Z", re.IGNORECASE)


class Due(Model):
    """The days within which it is due, in the asker's zone: `before` is the day after the last.

    `words` are those of the question that name them. What was never set a day is due in none.
    """

    since: date | None = None
    before: date | None = None
    words: str

    @property
    def shown(self) -> str:
        """`due by Friday`, `overdue`."""
        return self.words if self.words.lower() in _LATE else f"due {self.words}"

    def takes(self, day: date | None) -> bool:
        return day is not None and not (self.since and day < self.since) and not (self.before and day >= self.before)


def read(text: str, today: date) -> Due | None:
    """The days by which what is asked for is due; None where it asks for something else, or names none."""
    if alone := _OVERDUE.fullmatch(text):
        return Due(before=today, words=" ".join(alone[1].split()))
    asked = _DUE.search(text)
    if asked and (late := asked["over"] or asked["before"] or asked["we"]):
        return Due(before=today, words=" ".join(late.split()))
    if asked is None and not _OWED.search(text):
        return None
    is_past = days.asks_of_the_past(text) and not (asked and _IS.search(asked[0]) and not _WAS.search(asked[0]))
    named = list(_named(text, today, is_past=is_past and asked is not None))
    meant = [
        (each, following)
        for each, following in zip_longest(named, named[1:])
        if _is_meant(each, text, today, is_due=asked is not None, is_past=is_past)
    ]
    behind = [pair for pair in meant if asked and pair[0].start >= asked.end()]
    return _bounded(*(behind or meant)[0], text) if meant else None


def also(text: str, before: Due | None, today: date, *, still_open: bool) -> Due | None:
    """The days of what follows on a question of promises: “and by Friday?”; after one of what is due, any."""
    if before:
        is_over = before.before is not None and before.before <= today and before.words.lower() not in _LATE
        asked = "what was due" if is_over else "what is due"
    else:
        asked = "what do I owe" if still_open else "what was promised"
    return read(text, today) if _OVERDUE.fullmatch(text) else read(f"{asked} {text}", today)


def asks_what_is_due(text: str) -> bool:
    """Whether it asks for what is due or owed, and not for one promise among others."""
    return bool(_DUE.search(text) or _OWE.search(text))


def _named(text: str, today: date, *, is_past: bool) -> Iterator[Ahead]:
    """The days that the text names, in its order: those to come, unless it asks of what was due."""
    found = [*_from_now(text, today), *_months(text, today, is_past=is_past)]
    for over in days.named(text, today):
        is_week = text[over.start : over.end].lower() == "this week"
        if (over.tense == "over" and not over.of_calendar) or (is_past and not is_week):
            found.append(Ahead(over.start, over.end, "", over.first, over.after))
    found += dates.ahead(text, today)
    taken: list[Ahead] = []
    for each in found:
        if not any(other.start < each.end and each.start < other.end for other in taken):
            taken.append(_led(each, text))
    return iter(sorted(taken))


def _from_now(text: str, today: date) -> Iterator[Ahead]:
    """`in the next two weeks`: from today on."""
    for match in _FROM_NOW.finditer(text):
        count = match["count"].lower()
        number = int(count) if count.isdigit() else _COUNT.get(count, 1)
        last = today + timedelta(days=number * (7 if match["unit"].lower().startswith("week") else 1))
        yield Ahead(*match.span(), "within", today, last + timedelta(days=1))


def _months(text: str, today: date, *, is_past: bool) -> Iterator[Ahead]:
    """Whole months: `next month`, `December`; one without a year is that of the half year around."""
    for match in _MONTH.finditer(text):
        first = today.replace(day=1)
        if match["which"].lower() == "next":
            first = _month_after(first)
        after = _month_after(first)
        first = after - timedelta(days=1) if match["end"] else first
        yield Ahead(*match.span(), (match["lead"] or "").lower(), first, after)
    for each in dates.past(text, today):
        if each.is_day:
            continue
        first, after = each.first, each.after
        if not (each.has_year or is_past) and today - after > _HALF_A_YEAR:
            first, after = first.replace(year=first.year + 1), after.replace(year=after.year + 1)
        yield Ahead(each.start, each.end, "", first, after)


def _month_after(first: date) -> date:
    return first + timedelta(days=monthrange(first.year, first.month)[1])


def _led(named: Ahead, text: str) -> Ahead:
    """With the word that leads to it, where that is another than `due`."""
    if named.lead == "due":
        return named._replace(start=named.start + len("due "), lead="")
    if not named.lead and (match := _LEAD.search(text, 0, named.start)) and match["lead"].lower() != "due":
        return named._replace(start=match.start(), lead=" ".join(match["lead"].lower().split()))
    return named


def _is_meant(named: Ahead, text: str, today: date, *, is_due: bool, is_past: bool) -> bool:
    """Whether something is due by it, rather than said, owed or asked since, or by then."""
    if named.lead == "since":
        return False
    if named.lead in {"by", "within", "no later than"} or _AFTER_DUE.search(text, 0, named.start):
        return True
    if named.lead in {"between", "from", "after"}:
        return is_due
    if named.lead in {"before", "until", "till", "til"}:
        return not is_past and named.after > today
    return is_due or (_OWE.search(text) is not None and not is_past and named.after > today + timedelta(days=1))


def _bounded(named: Ahead, following: Ahead | None, text: str) -> Due:
    words = text[named.start : named.end]
    match named.lead:
        case "by" | "until" | "till" | "til" | "no later than":
            return Due(before=named.after, words=words)
        case "before":
            return Due(before=named.first, words=words)
        case "after":
            return Due(since=named.after, words=words)
        case "from" | "between" if following and _AND.fullmatch(text, named.end, following.start):
            after = following.after
            if after <= named.first and _WEEKDAY.match(text, following.start):
                after += timedelta(days=-(-(named.first - after).days // 7) * 7 or 7)
            if named.first < after:
                return Due(since=named.first, before=after, words=text[named.start : following.end])
        case "from":
            return Due(since=named.first, words=words)
    return Due(since=named.first, before=named.after, words=words)
