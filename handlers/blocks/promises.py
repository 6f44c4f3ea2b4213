"""What whoever promised something can press on it: that it is done, that they did promise it, that it is no promise."""

from handlers.blocks import limits
from handlers.blocks.limits import Block
from memory.models.ids import FactId, ItemId

DONE, CONFIRM, UNTRUE = "promise_done", "promise_confirmed", "promise_untrue"
ACTIONS = (DONE, CONFIRM, UNTRUE)
NOT_A_PROMISE = "Not a promise"


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
    return limits.button("Promise done", DONE, f"{promise}:{item}")
