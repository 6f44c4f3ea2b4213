"""What somebody's sentence would change: asked, with *Change it* and *Leave it*; and what became of it."""

from collections.abc import Sequence

from graphs import contesting
from graphs.tasks.amend import MOST
from handlers.blocks import limits, mrkdwn
from handlers.blocks.correction import CHANGE_IT, LEAVE_IT, NOTHING, Change, audience
from handlers.blocks.limits import Block
from memory.models.ids import AnswerId

CHANGE, LEAVE, FORM = "proposal_change", "proposal_leave", "proposal_form"
PICKS = tuple(f"proposal_pick_{place}" for place in range(1, MOST + 1))
ACTIONS = (CHANGE, LEAVE, FORM, *PICKS)
_SENTENCE = 600
LEFT = "Left as it is."


def asking(change: Change, answer: AnswerId, *, more: bool) -> list[Block]:
    """What it is now and would be, for whom, and whether to change it."""
    then = told(change.after) if change.after else NOTHING
    lines = [contesting.ASK, f"*Now*\n{told(change.before)}", f"*Then*\n{then}"]
    buttons = [
        limits.button(CHANGE_IT, CHANGE, str(answer), style="primary"),
        limits.button(LEAVE_IT, LEAVE, str(answer)),
    ]
    notes = [audience(change), *([contesting.ONE_BY_ONE] if more else [])]
    return [*map(limits.section, lines), limits.actions(buttons, f"proposal-{answer}"), limits.context(*notes)]


def choosing(changes: Sequence[tuple[int, Change]], answer: AnswerId) -> list[Block]:
    """Which of several is meant: each by its number, which opens what it would change."""
    lines = [f"*{place}.* {told(each.before)}\n→ {told(each.after or NOTHING)}" for place, each in changes]
    buttons = [limits.button(f"{place}", PICKS[place - 1], f"{answer}:{place}") for place, _ in changes]
    row = limits.actions([*buttons, _form(answer)], f"proposal-{answer}")
    return [limits.section(contesting.WHICH), *map(limits.section, lines), row]


def plainly(text: str, answer: AnswerId, *, form: bool) -> list[Block]:
    """What has to be known first, with the form in which it can be said."""
    row = [limits.actions([_form(answer)], f"proposal-{answer}")] if form else []
    return [limits.section(text), *row]


def settled(change: Change, *, undone: bool) -> list[Block]:
    """What was changed, or was and is again."""
    if undone:
        return [limits.section(f"Taken back. It stands as before:\n{told(change.before)}")]
    after = told(change.after) if change.after else "It is not so:"
    return [limits.section(f"Changed.\n{after}\n{mrkdwn.struck(told(change.before))}")]


def settled_fallback(change: Change, *, undone: bool) -> str:
    if undone:
        return fallback(f"Taken back, it stands as before: {change.before}")
    return fallback(f"Changed: {change.after}" if change.after else f"Changed, it is not so: {change.before}")


def fallback(text: str) -> str:
    return limits.clip(mrkdwn.escape(text), limits.FALLBACK)


def left() -> list[Block]:
    return [limits.section(LEFT)]


def not_yours(asker: str) -> Block:
    """For whoever presses what somebody else was asked."""
    who = limits.clip(mrkdwn.line(asker) or "whoever wrote it", 80)
    text = (
        f"I asked {who} this, so it is theirs to say. If you know better, tell me yourself: mention me with what is "
        "wrong, or choose *Wrong* at the message."
    )
    return {
        "type": "modal",
        "title": limits.plain("Not yours to press", limits.VIEW_TITLE),
        "close": limits.plain("Close", limits.VIEW_TITLE),
        "blocks": [limits.section(text)],
    }


def told(sentence: str) -> str:
    return limits.clip(mrkdwn.line(sentence), _SENTENCE)


def _form(answer: AnswerId) -> Block:
    return limits.button("Say what is wrong…", FORM, str(answer))
