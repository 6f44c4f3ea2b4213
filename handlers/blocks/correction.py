"""Corrections: the form that asks what is wrong, what it would change, and what was changed."""

from collections.abc import Mapping, Sequence

from graphs.proposing import UNTRUE
from handlers.blocks import limits, mrkdwn
from handlers.blocks.limits import Block
from memory.models.base import Model
from memory.models.facts import FactKind
from memory.models.ids import EventId, FactId

FORM, CONFIRMATION = "fact_wrong", "fact_change"
"""The callback ids of the two views."""
FACT, HOW, OWNER, DAY = "fact", "how", "owner", "day"
"""The blocks of the form; each has one element of the same name."""
UNDO = "correction_undo"
CHANGE_IT, LEAVE_IT = "Change it", "Leave it"
_MOST = 20
_SENTENCE = 600

HOWS: Mapping[FactKind, Mapping[str, str]] = {
    "commitment": {
        "owner": "Somebody else owns it",
        "day": "It is due on another day",
        "done": "It is done already",
        "dropped": "It was dropped",
    },
    "decision": {
        "owner": "Somebody else decided it",
        "decided": "It is decided",
        "proposed": "It was only proposed",
        "reversed": "It was reversed since",
    },
    "question": {"owner": "Somebody else asked it", "answered": "It is answered"},
    "blocker": {"owner": "Somebody else is blocked", "cleared": "It is blocked no more"},
    "update": {"owner": "Somebody else reported it"},
}
_TRACKED, _TRACKED_NO_MORE = "I keep track of this", "Taken back, I do not track this"
_CONFIRMED = "Confirmed, it is as I have it"
_UNTRUE = "It is not true at all"
NOTHING = "Nothing: it is not true."
"""What is then, of what is not so at all."""


class Told(Model):
    """A fact as its reader is told it."""

    fact_id: FactId
    kind: FactKind
    status: str
    sentence: str


class Change(Model):
    """What somebody's word makes of a fact: its sentence before and after; empty where it is none."""

    before: str
    after: str
    place: str
    """The name of the channel in which it stands; empty where that has none."""


def form(known: Sequence[Told]) -> Block:
    """What is wrong? Of one fact, or of one to be chosen first."""
    if not known:
        return _nothing()
    first = known[0]
    if len(known) == 1:
        about = [limits.section(_told(first.sentence))]
        hows = {how: label for how, label in HOWS[first.kind].items() if how != first.status}
    else:
        options = [_option(str(each.fact_id), each.sentence) for each in known[:_MOST]]
        chosen = {"type": "static_select", "action_id": FACT, "options": options, "initial_option": options[0]}
        about = [_input(FACT, "What is it about?", chosen)]
        kinds = dict.fromkeys(each.kind for each in known[:_MOST])
        hows = {"owner": "Somebody else owns it"}
        hows |= {how: label for kind in kinds for how, label in HOWS[kind].items() if how != "owner"}
    radio = {"type": "radio_buttons", "action_id": HOW, "options": [*map(_option, *_columns(hows))]}
    owner = {"type": "users_select", "action_id": OWNER}
    day = {"type": "datepicker", "action_id": DAY}
    fields = [_input(HOW, "What is wrong with it?", radio), _input(OWNER, "Who is it, if somebody else?", owner, True)]
    if "day" in hows:
        fields.append(_input(DAY, "When is it due, if on another day?", day, True))
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": str(first.fact_id) if len(known) == 1 else "",
        "title": limits.plain("What is wrong?", limits.VIEW_TITLE),
        "submit": limits.plain("Go on", limits.VIEW_TITLE),
        "close": limits.plain("Cancel", limits.VIEW_TITLE),
        "blocks": [*about, *fields],
    }


def confirmation(change: Change, said: str) -> Block:
    """What will change, and for whom; `said` is what was filled in, as ids, which the submission brings back."""
    lines = [limits.section(f"*Now*\n{_told(change.before)}")]
    lines.append(limits.section(f"*Then*\n{_told(change.after) if change.after else NOTHING}"))
    return {
        "type": "modal",
        "callback_id": CONFIRMATION,
        "private_metadata": said,
        "title": limits.plain("Change it?", limits.VIEW_TITLE),
        "submit": limits.plain(CHANGE_IT, limits.VIEW_TITLE),
        "close": limits.plain(LEAVE_IT, limits.VIEW_TITLE),
        "blocks": [*lines, limits.context(audience(change))],
    }


def audience(change: Change) -> str:
    """Who is told so from then on."""
    where = f"who may read #{limits.clip(mrkdwn.line(change.place), 80)}" if change.place else "who may read it"
    return f"Everybody {where} is told so from now on. What I told before is changed, and my history keeps both."


def reply(change: Change, event: EventId, *, undone: bool, latest: bool) -> list[Block]:
    """What was changed, with *Undo* while nobody said otherwise since."""
    text = _reply(change, undone=undone)
    if undone or not latest:
        again = [] if undone else [limits.context("Somebody has said something else of it since.")]
        return [limits.section(text), *again]
    return [limits.section(text), limits.actions([limits.button("Undo", UNDO, str(event))], f"correction-{event}")]


def fallback(change: Change, *, undone: bool) -> str:
    if not change.before:
        return mrkdwn.escape(f"{_TRACKED_NO_MORE if undone else _TRACKED}: {change.after}")
    if undone:
        return mrkdwn.escape(f"Taken back, it stands as before: {change.before}")
    if change.after == change.before:
        return mrkdwn.escape(f"{_CONFIRMED}: {change.after}")
    return mrkdwn.escape(f"Noted: {change.after}" if change.after else f"Noted, it is not so: {change.before}")


def _reply(change: Change, *, undone: bool) -> str:
    if not change.before:
        after = _told(change.after)
        return f"{_TRACKED_NO_MORE}.\n{mrkdwn.struck(after)}" if undone else f"{_TRACKED}.\n{after}"
    before = _told(change.before)
    if undone:
        return f"Taken back. It stands as before:\n{before}"
    if change.after == change.before:
        return f"{_CONFIRMED}:\n{before}"
    if not change.after:
        return f"Noted: that is not so.\n{mrkdwn.struck(before)}"
    return f"Noted.\n{_told(change.after)}\n{mrkdwn.struck(before)}"


def _nothing() -> Block:
    """There is nothing to correct."""
    text = "I know nothing of this that you could correct, or you may not read it any more."
    return {
        "type": "modal",
        "title": limits.plain("What is wrong?", limits.VIEW_TITLE),
        "close": limits.plain("Close", limits.VIEW_TITLE),
        "blocks": [limits.section(text)],
    }


def _told(sentence: str) -> str:
    return limits.clip(mrkdwn.line(sentence), _SENTENCE)


def _columns(hows: Mapping[str, str]) -> tuple[list[str], list[str]]:
    every = {**hows, UNTRUE: _UNTRUE}
    return [*every], [*every.values()]


def _option(value: str, label: str) -> Block:
    return {"text": limits.plain(mrkdwn.clean(label), limits.OPTION), "value": value}


def _input(name: str, label: str, element: Block, optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": limits.plain(label, limits.LABEL),
        "element": element,
        "optional": optional,
    }
