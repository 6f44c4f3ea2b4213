"""What a reader can press on an item: the same in the briefing and in the view behind *Why?*."""

from collections.abc import Mapping, Sequence

from handlers.blocks import limits, promises
from handlers.blocks.limits import Block
from memory.models.briefings import Item
from memory.models.ids import ItemId

_NOT_FOR_ME = "Not for me"
WRONG = "That is wrong…"
WHY = "Why?"
_SNOOZING = {"tomorrow": "Snooze until tomorrow", "next_week": "Snooze until next week", "date": "Snooze until…"}


def why(item: ItemId) -> Block:
    return limits.button(WHY, "item_why", str(item))


def choices(item: Item, *more: Block) -> list[Block]:
    """*Done*, *Not for me*, what else is given, and a menu: snoozing, and that it is wrong.

    Once one of them is pressed, *Undo* in their place. Of what is not so at all nothing more can be said.
    """
    key = str(item.item_id)
    if item.answered:
        return [limits.button("Undo", "item_undo", key), *more]
    if item.taken_back:
        return list(more)
    if item.promise_id or item.promises:
        return _of_promises(item, more)
    return [
        limits.button("Done", "item_done", key),
        limits.button(_NOT_FOR_ME, "item_declined", key),
        *more,
        _menu(key, {**_SNOOZING, **_wrong(item)}),
    ]


def _of_promises(item: Item, more: Sequence[Block]) -> list[Block]:
    """That it is theirs, in place of *Not for me*; that it is none, in the menu: so a phone shows it in one row.

    Where it tells of something else first, that the promise is done, or which of several; the rest can be said of them
    on the Home tab.
    A menu has five places. *Snooze until…* begins with tomorrow, which needs none of its own.
    """
    key = str(item.item_id)
    if item.promise_id is None:
        said = [promises.one_done(item.promises, item.item_id)]
    elif item.promise_id != item.anchor_id:
        said = [promises.done(item.promise_id, item.item_id)]
    else:
        said = [] if item.confirmed else [promises.confirm(item.promise_id, item.item_id)]
    denied = {"untrue": promises.NOT_A_PROMISE} if item.promise_id else {}
    verbs = {**denied, "declined": _NOT_FOR_ME, **_SNOOZING, **_wrong(item)}
    return [
        limits.button("Done", "item_done", key),
        *said,
        *more,
        _menu(key, {verb: label for verb, label in verbs.items() if verb != "tomorrow"}),
    ]


def undo_or_why(item: Item) -> Block:
    """The same two in little room, for an item that was answered."""
    return limits.menu("item_menu", {f"undo:{item.item_id}": "Undo", f"why:{item.item_id}": WHY})


def _menu(key: str, verbs: Mapping[str, str]) -> Block:
    return limits.menu("item_menu", {f"{verb}:{key}": label for verb, label in verbs.items()})


def _wrong(item: Item) -> dict[str, str]:
    """What tells of no fact cannot be corrected."""
    return {"wrong": WRONG} if item.fact_ids else {}
