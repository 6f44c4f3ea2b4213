"""The form that asks for the day on which an item is to come back."""

from datetime import date

from handlers.blocks import limits, mrkdwn
from handlers.blocks.limits import Block
from handlers.presses import DAY_BLOCK, DAY_FIELD, SNOOZE_FORM
from memory.models.briefings import Item

TOO_EARLY = "Choose a day after today."


def view(item: Item, tomorrow: date) -> Block:
    picker = {"type": "datepicker", "action_id": DAY_FIELD, "initial_date": tomorrow.isoformat()}
    field = {
        "type": "input",
        "block_id": DAY_BLOCK,
        "label": limits.plain("Show it again on", limits.LABEL),
        "element": picker,
    }
    return {
        "type": "modal",
        "callback_id": SNOOZE_FORM,
        "private_metadata": str(item.item_id),
        "title": limits.plain("Snooze", limits.VIEW_TITLE),
        "submit": limits.plain("Snooze", limits.VIEW_TITLE),
        "close": limits.plain("Cancel", limits.VIEW_TITLE),
        "blocks": [limits.section(limits.clip(mrkdwn.line(item.text), 500)), field],
    }
