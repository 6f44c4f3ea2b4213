"""What a reader can press on an item: the same in the briefing and in the view behind *Why?*."""

from handlers.blocks import limits
from handlers.blocks.limits import Block
from memory.models.briefings import Item
from memory.models.ids import ItemId

WRONG = "That is wrong…"
WHY = "Why?"
_SNOOZING = {"tomorrow": "Snooze until tomorrow", "next_week": "Snooze until next week", "date": "Snooze until…"}


def why(item: ItemId) -> Block:
    return limits.button(WHY, "item_why", str(item))


def choices(item: Item, *more: Block) -> list[Block]:
    """*Done*, *Not for me*, what else is given, and a menu: snoozing, and that it is wrong.

    Once one of them is pressed, *Undo* in their place.
    """
    key = str(item.item_id)
    if item.answered:
        return [limits.button("Undo", "item_undo", key), *more]
    return [
        limits.button("Done", "item_done", key),
        limits.button("Not for me", "item_declined", key),
        *more,
        limits.menu("item_menu", {f"{verb}:{key}": label for verb, label in (_SNOOZING | _wrong(item)).items()}),
    ]


def undo_or_why(item: Item) -> Block:
    """The same two in little room, for an item that was answered."""
    return limits.menu("item_menu", {f"undo:{item.item_id}": "Undo", f"why:{item.item_id}": WHY})


def _wrong(item: Item) -> dict[str, str]:
    """What tells of no fact cannot be corrected."""
    return {"wrong": WRONG} if item.fact_ids else {}
