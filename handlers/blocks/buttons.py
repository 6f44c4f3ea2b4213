"""What a reader can press on an item: the same in the briefing and in the view behind *Why?*."""

from collections.abc import Mapping

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

    Where it tells of a promise of the reader's, that it is theirs, or none, stands beside it; and where it tells of
    something else first, that the promise is done. Once one of them is pressed, *Undo* in their place.
    """
    key = str(item.item_id)
    if item.answered:
        return [limits.button("Undo", "item_undo", key), *more]
    if item.promise_id:
        return [
            limits.button("Done", "item_done", key),
            *([] if item.promise_id == item.anchor_id else [promises.done(item.promise_id, item.item_id)]),
            *promises.said(item.promise_id, item.item_id, confirmed=item.confirmed),
            *more,
            _menu(key, {"declined": _NOT_FOR_ME, **_SNOOZING, **_wrong(item)}),
        ]
    return [
        limits.button("Done", "item_done", key),
        limits.button(_NOT_FOR_ME, "item_declined", key),
        *more,
        _menu(key, {**_SNOOZING, **_wrong(item)}),
    ]


def undo_or_why(item: Item) -> Block:
    """The same two in little room, for an item that was answered."""
    return limits.menu("item_menu", {f"undo:{item.item_id}": "Undo", f"why:{item.item_id}": WHY})


def _menu(key: str, verbs: Mapping[str, str]) -> Block:
    return limits.menu("item_menu", {f"{verb}:{key}": label for verb, label in verbs.items()})


def _wrong(item: Item) -> dict[str, str]:
    """What tells of no fact cannot be corrected."""
    return {"wrong": WRONG} if item.fact_ids else {}
