"""A question as ranking looks at it: stems to find, what means the same or is of their kind, and what it is after.

People's names are no words to find: the plan says who is meant. Days are read as a time to prefer too.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from graphs import days
from graphs.tasks import dates, forms, kinds
from graphs.tasks.stems import telling, words_of
from graphs.tasks.understand import QueryPlan
from memory.models.ids import PersonId

MOST_WORDS = 24
"""Words of a question that are looked for; a longer one repeats itself."""

_WHEN = re.compile(r"\A\s*(?:and |so |but )?when\b|\bhow long\b|\bwhat (?:day|date|time|month|year)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\bhow (?:many|much|long|often|old)\b", re.IGNORECASE)
_NAME = re.compile(r"@?\b([^\W_]+)(?:['’]s\b)?")
_FRAME = frozenset(
    "kind kinds type types sort sorts many much long often ever mention mentions mentioned likely considered consider "
    "both different some any also according name names describe described discuss discussed said say says tell told "
    "regarding related happen happened thing things way ways particular specific during after before between together "
    "currently recently usually used use other else prefer potentially possibly probably main date day week month year "
    "time times".split()
)
"""Words that frame a question more often than they stand in its answer."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A stem of the question (`exact`), or what may stand for it."""

    words: tuple[str, ...]
    stems: frozenset[str]
    role: Literal["word", "frame", "alike", "kind"]


@dataclass(frozen=True, slots=True)
class Asked:
    wanted: tuple[Wanted, ...]
    people: frozenset[PersonId]
    when: bool
    number: bool
    since: datetime | None
    until: datetime | None

    def in_span(self, at: datetime, grace: timedelta) -> bool:
        """Whether the question names a time, and this lies in it or so shortly after."""
        if self.since is None and self.until is None:
            return False
        return not (self.since and at < self.since) and not (
            self.until and at >= self.until and at - self.until >= grace
        )


def read(question: str, plan: QueryPlan, names: Mapping[PersonId, str], asked_at: datetime) -> Asked:
    since, until = plan.since, plan.until
    if since is None and until is None and plan.due is None and (dated := _dated(question, plan, asked_at)):
        since, until = dated
    return Asked(
        wanted=wanted_in(question, plan, names),
        people=frozenset(plan.person_ids),
        when=bool(_WHEN.search(question)),
        number=bool(_NUMBER.search(question)),
        since=since,
        until=until,
    )


def wanted_in(question: str, plan: QueryPlan, names: Mapping[PersonId, str]) -> tuple[Wanted, ...]:
    """The question's own words first, then what may stand for them, in its order.

    Words for days and other bounds that the plan has made a limit of are left out: what was said then or there need not
    name them.
    """
    called = _called(plan, names)
    rest = question
    for span in filter(None, (*plan.bounds, plan.span, plan.due.words if plan.due else "")):
        rest = re.sub(re.escape(span), " ", rest, count=1, flags=re.IGNORECASE)
    rest = forms.without_form(rest)
    words = {stem: word for word in words_of(rest) if word not in called and (stem := telling(word))}
    kept = dict(list(words.items())[:MOST_WORDS])
    own = [Wanted((w,), frozenset({s}), "frame" if w in _FRAME else "word") for s, w in kept.items()]
    more: list[Wanted] = []
    for stem, word in kept.items():
        if word not in _FRAME:
            more += _others(kinds.alike(stem), "alike", kept)
        more += _others(kinds.named_by(stem), "kind", kept)
    return (*own, *more)


def without_names(question: str, plan: QueryPlan, names: Mapping[PersonId, str]) -> str:
    """The question without the names of those it means, which would swamp its vector; unchanged if nothing is left."""
    called = _called(plan, names)
    rest = _NAME.sub(lambda match: "" if match[1].lower() in called else match[0], question)
    return " ".join(rest.split()) if words_of(rest) else question


def _called(plan: QueryPlan, names: Mapping[PersonId, str]) -> set[str]:
    return {*plan.called, *(word for person in plan.person_ids for word in words_of(names.get(person, "")))}


def _others(words: tuple[str, ...], role: Literal["alike", "kind"], own: Mapping[str, str]) -> list[Wanted]:
    others = {stem: word for word in words if (stem := telling(word)) and stem not in own}
    return [Wanted(tuple(others.values()), frozenset(others), role)] if others else []


def _dated(question: str, plan: QueryPlan, asked_at: datetime) -> tuple[datetime, datetime] | None:
    """The first day or month that the question names, where the asker lives; without a year, the latest one."""
    named = next(dates.past(question, days.local_day(asked_at, plan.tz)), None)
    return (days.midnight(named.first, plan.tz), days.midnight(named.after, plan.tz)) if named else None
