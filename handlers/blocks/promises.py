"""What whoever promised something can press on it: that it is done, that they did promise it, that it is no promise."""

from collections.abc import Sequence

from handlers.blocks import limits, mrkdwn
from handlers.blocks.limits import Block
from memory.models.briefings import Promised
from memory.models.ids import FactId, ItemId

DONE, CONFIRM, UNTRUE = "promise_done", "promise_confirmed", "promise_untrue"
ACTIONS = (DONE, CONFIRM, UNTRUE)
NOT_A_PROMISE = "Not a promise"
_PROMISE_DONE = "Promise done"


def row(promise: FactId, *, confirmed: bool) -> Block:
    """All of it, in a row of its own; what is confirmed needs no more than that it can be denied."""
    yes = [] if confirmed else [confirm(promise)]
    denied = limits.button(NOT_A_PROMISE, UNTRUE, str(promise))
    return limits.actions([limits.button("Done", DONE, str(promise)), *yes, denied], f"promise-{promise}")


def confirm(promise: FactId, item: ItemId | None = None) -> Block:
    """That it was promised; `item`: where its reader is told so."""
    return limits.button("Yes, I promised", CONFIRM, f"{promise}:{item}" if item else str(promise))


def done(promise: FactId, item: ItemId) -> Block:
    """That a promise is done, in the row of an item whose own *Done* is about something else."""
    return limits.button(_PROMISE_DONE, DONE, f"{promise}:{item}")


def one_done(among: Sequence[Promised], item: ItemId) -> Block:
    """The same of several: which of them is done is chosen by what it says."""
    options = {f"{each.fact_id}:{item}": mrkdwn.clean(each.text) for each in among}
    return limits.select(f"{_PROMISE_DONE}…", DONE, options)
