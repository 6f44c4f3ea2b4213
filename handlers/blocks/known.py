"""Facts as lines: what somebody owes and is owed, and what is known of them, each with its age and its sources."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from graphs import days
from handlers.blocks import limits, mrkdwn
from handlers.blocks import promises as promises_blocks
from handlers.blocks.limits import Block
from memory.models.base import Model
from memory.models.briefings import Source
from memory.models.facts import FactKind
from memory.models.ids import FactId

MOST_PROMISES = 10
_TEXT = 400
KINDS: dict[FactKind, tuple[str, str]] = {
    "commitment": ("promise", "promises"),
    "decision": ("decision", "decisions"),
    "question": ("question", "questions"),
    "blocker": ("blocker", "blockers"),
    "update": ("update", "updates"),
}


class Line(Model):
    """One fact as its reader may see it now."""

    fact_id: FactId
    kind: FactKind
    text: str
    since: date
    sources: tuple[Source, ...]
    confirmed: bool = False
    """A person gave their word on it."""


class Promises(Model):
    """What somebody has open: what they owe, and what they are owed."""

    owed: tuple[Line, ...] = ()
    due_to_me: tuple[Line, ...] = ()


class Show(Model):
    """What lines need beside themselves to be shown."""

    team_url: str
    today: date
    channels: Mapping[str, str] = {}


def line(fact: Line, show: Show) -> str:
    """The sentence, and below it how old it is and where it comes from."""
    said = limits.clip(mrkdwn.line(fact.text), _TEXT)
    links = mrkdwn.source_links(fact.sources[:3], show.team_url, show.channels)
    age = days.ago(fact.since, show.today) or "today"
    notes = [*([] if _tells(fact.text, age) else [age]), *(["confirmed"] if fact.confirmed else [])]
    below = "  ".join(part for part in (mrkdwn.italic(" · ".join(notes)), links) if part)
    return f"{said}\n{below}" if below else said


def _tells(text: str, age: str) -> bool:
    """Whether the sentence says already how old it is, in its own words and not in somebody's that it quotes."""
    return re.search(rf"\b{re.escape(age)}\b", text.partition("“")[0]) is not None


def mine(promises: Promises, show: Show) -> list[Block]:
    """What one owes, each with what one can say of it."""
    return _side("You promised", promises.owed, "You have promised nothing that is open.", show, own=True)


def theirs(promises: Promises, show: Show) -> list[Block]:
    """What one is owed."""
    return _side("Promised to you", promises.due_to_me, "Nobody owes you anything that is open.", show)


def counted(facts: Sequence[Line]) -> str:
    """`three promises, one decision`; empty without any."""
    many = {kind: sum(each.kind == kind for each in facts) for kind in KINDS}
    return ", ".join(days.plural(number, *KINDS[kind]) for kind, number in many.items() if number)


def _side(title: str, lines: Sequence[Line], none: str, show: Show, *, own: bool = False) -> list[Block]:
    if not lines:
        return [limits.context(none)]
    more = len(lines) - MOST_PROMISES
    return [
        limits.section(f"*{title}* · {len(lines)}"),
        *(block for each in lines[:MOST_PROMISES] for block in _promise(each, show, own=own)),
        *(
            [limits.context(f"…and {days.counted(more)} more: ask me “What do I owe?” in a direct message.")]
            if more > 0
            else []
        ),
    ]


def _promise(promise: Line, show: Show, *, own: bool) -> list[Block]:
    said = limits.section(line(promise, show))
    return [said, promises_blocks.row(promise.fact_id, confirmed=promise.confirmed)] if own else [said]
