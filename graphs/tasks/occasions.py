"""Occasions: an occasion that a question names, and what was said of such -> when it was, and which message tells so.

In: messages that may tell of it, as the question's viewer may read them, and the meetings that the viewer may know of.
Out: the latest one before the question, with its message; for “before the freeze” also one that is still to come.
What happened is told as it happens (“checkout returns 502”), or with the day that was set for it (“we freeze from the
21st”); talk about it later does not date it, unless nothing else tells of an incident. Same input, same choice.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from graphs import days
from graphs.tasks import dates
from graphs.tasks.bounds import NOUNS, Kind, Occasion
from graphs.tasks.stems import stem_of, words_of
from memory.models.base import Model
from memory.models.ids import MessageId, PersonId

SEEK: dict[Kind, tuple[str, ...]] = {
    "incident": ("incident", "outage", "down", "502", "503", "500", "unavailable", "crash"),
    "rollback": ("rollback", "rolled", "reverted", "revert"),
    "release": ("release", "shipped", "ship", "launch", "live", "deploy", "production", "rollout"),
    "freeze": ("freeze", "frozen"),
    "decision": ("decided", "agreed", "decision"),
    "meeting": (),
}
"""Words by which the store finds what may tell of one."""
TOGETHER = timedelta(hours=6)
"""What is told of an incident with no longer silence in between, tells of the same one."""
TALKED_OF = timedelta(days=3)

_HAPPENING: dict[Kind, re.Pattern[str]] = {
    "incident": re.compile(
        r"\b(?:is|are|was|were|went|goes|gone) (?:\w+ly )?"
        r"(?:down(?! (?:by|from|to|\d))|unreachable|unavailable|offline)\b"
        r"|\b(?:return(?:s|ed|ing)?|throw(?:s|ing)?|serv(?:es|ing)|see(?:s|ing)?|get(?:s|ting)?|got|http|status)"
        r" (?:\w+ ){0,2}(?:50\d|5xx)s?\b|\b(?:50\d|5xx)s? (?:errors?|responses?)\b"
        r"|\b(?:outage|incident) (?:has )?(?:started|began|opened|declared|in progress|is ongoing)\b"
        r"|\b(?:declar\w+|opened|opening) an? (?:\w+ ){0,2}(?:incident|outage)\b"
        r"|^\W*(?:incident|outage|sev-?[0-3]|p[01])\b|\b(?:crash(?:es|ed|ing)|stopped working|timing out|times out)\b",
        re.IGNORECASE,
    ),
    "rollback": re.compile(r"\broll(?:ed|ing) (?:it |that |\w+ )?back\b|\brevert(?:ed|ing)\b", re.IGNORECASE),
    "release": re.compile(
        r"\b(?:shipped|released|launched|deployed|rolled out|cut over|migrated|upgraded|went live|(?:is|are) (?:now )?"
        r"(?:live|out|in production))\b|→ production\b",
        re.IGNORECASE,
    ),
    "freeze": re.compile(
        r"\b(?:is|are|was|were|now) frozen\b|\bfreeze (?:is on|starts now|begins now)\b", re.IGNORECASE
    ),
    "decision": re.compile(r"\b(?:decided|agreed)\b|\bdecision\s*[:–-]", re.IGNORECASE),
}
_NOT_YET = re.compile(
    r"\b(?:will|would|can|could|should|shall|must|may|might|to|not|never|when|once|before|until|if|after|don['’]t|"
    r"doesn['’]t|didn['’]t|isn['’]t|hasn['’]t|wasn['’]t|gets?|be|being)\s+(?:\w+\s+){0,2}\Z",
    re.IGNORECASE,
)
"""What stands before words of what has not happened."""
_COMING: dict[Kind, re.Pattern[str]] = {
    "release": re.compile(
        r"\b(?:ship|release|launch|deploy|roll out|go live|goes live|cut[ -]?over|migrat\w+|upgrade)", re.IGNORECASE
    ),
    "freeze": re.compile(r"\b(?:freez\w+|frozen)\b", re.IGNORECASE),
    "meeting": re.compile(NOUNS["meeting"], re.IGNORECASE),
}


class Told(Model):
    """A message that may tell of an occasion. `around` is what was said beside it, and what its place is called."""

    message_id: MessageId
    place: str
    text: str
    around: str = ""
    posted_at: datetime
    tz: str = "UTC"
    """Of whoever wrote it: days are theirs."""


class Met(Model):
    """A meeting that the viewer may know of."""

    message_id: MessageId
    title: str
    starts_at: datetime
    attendees: tuple[PersonId, ...] = ()


class Dated(Model):
    at: datetime
    message_id: MessageId
    day_only: bool = False


def met(occasion: Occasion, meetings: Iterable[Met], asked_at: datetime) -> Dated | None:
    """The last meeting of that name, or with those people, that had begun; before one to come, the next of them."""
    fitting = [
        each
        for each in meetings
        if {*occasion.person_ids} <= {*each.attendees} and _has(occasion, each.title) and _is_such(occasion, each.title)
    ]
    fitting.sort(key=lambda each: (each.starts_at, each.message_id))
    over = [each for each in fitting if each.starts_at <= asked_at]
    if over:
        return Dated(at=over[-1].starts_at, message_id=over[-1].message_id)
    if occasion.bound == "before" and fitting:
        return Dated(at=fitting[0].starts_at, message_id=fitting[0].message_id)
    return None


def told(occasion: Occasion, said: Sequence[Told], asked_at: datetime, tz: str) -> Dated | None:
    """When it was, by what was said of it before the question; `tz` is the asker's zone."""
    fitting = sorted(
        (each for each in said if each.posted_at <= asked_at and _has(occasion, each.text, each.around)),
        key=lambda each: (each.posted_at, str(each.message_id)),
    )
    happened = _last_begun(occasion.kind, [each for each in fitting if _happens(occasion.kind, each.text)])
    planned, coming = _planned(occasion.kind, fitting, asked_at, tz)
    found = [each for each in (happened, planned) if each is not None]
    if found:
        return max(found, key=lambda each: each.at)
    if occasion.bound == "before" and coming:
        return coming
    return _talked_of(occasion.kind, fitting)


def _has(occasion: Occasion, *texts: str) -> bool:
    stems = {stem_of(word) for text in texts for word in words_of(text)}
    return {stem_of(word) for word in occasion.words} <= stems


def _is_such(occasion: Occasion, title: str) -> bool:
    """Whether a meeting may be called so: a retro is not any meeting, but any may be “the meeting”."""
    noun = re.search(NOUNS["meeting"], occasion.name, re.IGNORECASE)
    if noun is None or re.fullmatch(r"meetings?|calls?|syncs?", noun[0], re.IGNORECASE):
        return True
    plain, wanted = (re.sub(r"\W", "", each.lower()).rstrip("s") for each in (title, noun[0]))
    return wanted in plain


def _happens(kind: Kind, text: str) -> bool:
    pattern = _HAPPENING.get(kind)
    found = pattern.finditer(text) if pattern else ()
    return any(not _NOT_YET.search(text, 0, match.start()) for match in found)


def _last_begun(kind: Kind, happened: Sequence[Told]) -> Dated | None:
    """The last of those that happened, by the message that told of it first."""
    if not happened:
        return None
    first = happened[-1]
    for each in reversed(happened[:-1]):
        if kind == "incident" and each.place == first.place and first.posted_at - each.posted_at <= TOGETHER:
            first = each
    return Dated(at=first.posted_at, message_id=first.message_id)


def _planned(kind: Kind, said: Sequence[Told], asked_at: datetime, tz: str) -> tuple[Dated | None, Dated | None]:
    """The day that was set for it last: as one that has come, or as one that is still to come."""
    pattern = _COMING.get(kind)
    for each in reversed(said if pattern else ()):
        if pattern is not None and pattern.search(each.text) and (day := _day(each)):
            set_for = Dated(at=days.midnight(day, tz), message_id=each.message_id, day_only=True)
            return (set_for, None) if set_for.at <= asked_at else (None, set_for)
    return None, None


def _day(said: Told) -> date | None:
    """The day that a text sets, whether it says by, on or from when."""
    return dates.due(re.sub(r"\bfrom (?=the\b|\d|\w+day\b|tomorrow\b)", "on ", said.text), said.posted_at, said.tz)


def _talked_of(kind: Kind, said: Sequence[Told]) -> Dated | None:
    """Of an incident that nobody told of as it happened, when people first spoke of it."""
    noun = re.compile(rf"\b(?:{NOUNS[kind]})\b", re.IGNORECASE)
    about = [each for each in said if kind == "incident" and noun.search(each.text)]
    if not about:
        return None
    first = about[-1]
    for each in reversed(about[:-1]):
        if first.posted_at - each.posted_at <= TALKED_OF:
            first = each
    return Dated(at=first.posted_at, message_id=first.message_id)
