"""What Daybook has learnt from a reader's feedback: a line each, with *Undo*."""

from collections.abc import Sequence
from typing import Literal

from graphs import days
from handlers.blocks import limits, mrkdwn
from handlers.blocks.limits import Block
from memory.models.base import Model
from memory.models.facts import FactKind

MOST = 10
_KINDS: dict[FactKind | None, str] = {
    "decision": "Decisions",
    "commitment": "Promises",
    "question": "Questions",
    "blocker": "Blockers",
    "update": "Updates",
    None: "Conversations",
}


class Line(Model):
    """A lesson as it is shown: of what, where and, if it is always the same one, by whom."""

    key: str
    kind: FactKind | None
    channel: str
    """Its name; empty where it has none."""
    person: str = ""
    direction: Literal["less", "more"]
    presses: int


def blocks(lines: Sequence[Line]) -> list[Block]:
    """Nothing while nothing was learnt; at most ten lines, and how many more there are."""
    if not lines:
        return []
    shown = [
        limits.section(
            _text(line), block_id=f"lesson-{line.key}", accessory=limits.button("Undo", "lesson_undo", line.key)
        )
        for line in lines[:MOST]
    ]
    more = [limits.context(f"…and {days.counted(len(lines) - MOST)} more.")] if len(lines) > MOST else []
    return [limits.section(mrkdwn.bold("What I have learnt from you")), *shown, *more]


def _text(line: Line) -> str:
    where = f"in #{mrkdwn.line(line.channel)}" if line.channel.strip() else "in direct messages"
    by = f" by {mrkdwn.line(line.person)}" if line.person.strip() else ""
    what = limits.clip(f"{_KINDS[line.kind]}{by} {where}", 300)
    if line.direction == "less":
        return f"{what}: shown less, you said {mrkdwn.italic('Not for me')} {_times(line.presses)}."
    return f"{what}: shown a little more, you marked {days.counted(line.presses)} as {mrkdwn.italic('Done')}."


def _times(presses: int) -> str:
    return {1: "once", 2: "twice"}.get(presses, f"{days.counted(presses)} times")
