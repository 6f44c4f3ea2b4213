"""Interpreting: how a model reads a question for `understand`: what is asked for, of whom, and of which days.

Words to search for are the question's own, people those that it can mean, days only those that it names: a plan holds
nothing that the asker did not write.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from graphs import days
from graphs.pieces import ModelEngine, Unfit
from graphs.wording import clause
from memory.models.base import Model
from memory.models.facts import FactKind
from memory.models.ids import PersonId

VERSION = "prompt-1"
SHOWN = 1200
"""Characters of a question that a model is shown."""
_FIRST_YEAR = 2000

INSTRUCTIONS = """\
You turn questions about a team's chat into a plan for searching it. Each piece is one question of the asker, on the day
that it is asked. What is kept of the chat: messages, and facts of five kinds: decision, commitment (a promise or task
that somebody took on), question (still open or answered), blocker, update.

"words": what to search for, at most 8 words, copied from the question in lower case, one each: the things it is about.
Leave out words that only ask ("what", "status", "latest"), people's names, days, and words for a kind of fact.
"kinds": the kinds of fact that would answer it; empty when any message might.
"people": ids of those whom it is about. "I", "me" and "my" are the asker; "we" and "you" are nobody.
"direction": "by", if the people are those who promised, decided, asked or are blocked; "to", if they are those to whom
something was promised, or who were asked; else "any".
"since", "until": first and last day meant, as YYYY-MM-DD, null where the question names none. A week begins on Monday.
"span": the words of the question that name those days, copied; "" if there are none."""
EXAMPLES = """\
Examples (asker u1, today Fri 2026-11-20)
what am I on the hook for this week? -> {"words":[],"kinds":["commitment"],"people":["u1"],"direction":"by",
"since":"2026-11-16","until":"2026-11-20","span":"this week"}
is Tom (u2) still waiting for anything from me? -> {"words":[],"kinds":["commitment","question"],"people":["u2","u1"],
"direction":"to","since":null,"until":null,"span":""}
did we ever land on a vendor for the load balancer? -> {"words":["vendor","load","balancer"],"kinds":["decision"],
"people":[],"direction":"any","since":null,"until":null,"span":""}
why did the nightly export fail on Tuesday -> {"words":["nightly","export","fail"],"kinds":[],"people":[],
"direction":"any","since":"2026-11-17","until":"2026-11-17","span":"on Tuesday"}
what's holding Ida (u3) up? -> {"words":[],"kinds":["blocker"],"people":["u3"],"direction":"by","since":null,
"until":null,"span":""}"""


class Plan(Model):
    words: tuple[str, ...]
    kinds: tuple[FactKind, ...]
    people: tuple[str, ...]
    direction: Literal["by", "to", "any"]
    since: str | None
    until: str | None
    span: str


@dataclass(frozen=True)
class Question:
    """`words` may be searched for; `people` may be meant, by the model's names for them, the asker first."""

    text: str
    words: frozenset[str]
    people: Mapping[str, tuple[PersonId, str]]
    today: date


@dataclass(frozen=True)
class Interpreted:
    """`since` and `until` are days, both of them meant."""

    words: tuple[str, ...]
    kinds: tuple[FactKind, ...]
    people: tuple[PersonId, ...]
    direction: Literal["by", "to"] | None
    since: date | None
    until: date | None
    span: str


def _shown(question: Question, room: int) -> object:
    return {
        "question": clause(question.text, min(SHOWN, room * 2)),
        "asker": next(iter(question.people)),
        "today": f"{days.calendar_day(question.today, question.today)[:3]} {question.today.isoformat()}",
        "people": {key: name for key, (_, name) in question.people.items()},
    }


def _read(question: Question, answer: Plan) -> Interpreted:
    words = tuple(word for word in dict.fromkeys(map(str.lower, answer.words)) if word in question.words)
    if answer.words and not words:
        raise Unfit("none of its words stands in the question")
    if not {*answer.people} <= question.people.keys():
        raise Unfit("it names people that were not given")
    since, until, span = _days(question, answer)
    people = tuple(question.people[key][0] for key in dict.fromkeys(answer.people))
    if not (words or answer.kinds or people or span):
        raise Unfit("it leaves nothing to look for")
    direction = answer.direction if answer.direction != "any" and people else None
    return Interpreted(words, tuple(dict.fromkeys(answer.kinds)), people, direction, since, until, span)


def _days(question: Question, answer: Plan) -> tuple[date | None, date | None, str]:
    """The days, if they are in order, and the question names any."""
    try:
        since = date.fromisoformat(answer.since) if answer.since else None
        until = date.fromisoformat(answer.until) if answer.until else None
    except ValueError:
        raise Unfit("its days are not written as YYYY-MM-DD") from None
    if since is None and until is None:
        return None, None, ""
    if any(each is not None and not _FIRST_YEAR <= each.year <= question.today.year + 1 for each in (since, until)):
        raise Unfit("its days are too far off")
    if since and until and since > until:
        raise Unfit("its days end before they begin")
    span = " ".join(answer.span.split()).lower()
    said = re.sub(r"\s+", " ", question.text).lower()
    return (since, until, span) if span and span in said else (None, None, "")


ENGINE = ModelEngine(
    task="understand",
    version=VERSION,
    size="small",
    instructions=INSTRUCTIONS,
    examples=EXAMPLES,
    answer=Plan,
    show=_shown,
    read=_read,
    most=150,
)
