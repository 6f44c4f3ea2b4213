"""What whoever promised something can press on it: that it is done, that they did promise it, that it is no promise."""

from handlers.blocks import limits
from handlers.blocks.limits import Block
from memory.models.ids import FactId, ItemId

DONE, CONFIRM, UNTRUE = "promise_done", "promise_confirmed", "promise_untrue"
ACTIONS = (DONE, CONFIRM, UNTRUE)
_KEPT, _CONFIRM, _UNTRUE = "Promise done", "Yes, I promised", "Not a promise"


def row(promise: FactId, *, confirmed: bool) -> Block:
    """All of it, in a row of its own."""
    return limits.actions(
        [limits.button("Done", DONE, str(promise)), *said(promise, confirmed=confirmed)], f"promise-{promise}"
    )


def done(promise: FactId, item: ItemId) -> Block:
    """That a promise is done, in the row of an item whose own *Done* is about something else."""
    return limits.button(_KEPT, DONE, f"{promise}:{item}")


def said(promise: FactId, item: ItemId | None = None, *, confirmed: bool) -> list[Block]:
    """Whether it was promised, in an item's row: what is confirmed needs no more than that it can be denied."""
    value = f"{promise}:{item}" if item else str(promise)
    denied = limits.button(_UNTRUE, UNTRUE, value)
    return [denied] if confirmed else [limits.button(_CONFIRM, CONFIRM, value), denied]
