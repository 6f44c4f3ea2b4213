"""What is done at once, besides the stored delivery: views open within three seconds of a press, forms are answered.

Slack takes neither later: a trigger dies after three seconds, and a form is closed by the ack.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers import feedback, forms, presses
from handlers.arrivals import Pressed
from handlers.blocks.snooze import TOO_EARLY
from handlers.choosing import Choosing
from handlers.errors import Undecodable
from handlers.surfaces import Surfaces
from memory.models.ids import TeamId

log = logging.getLogger(__name__)
ACTIONS = ("item_why", "item_menu", "settings", "holdings")
SHORTCUTS = ("brief_me",)
_IN_MENU = ("why:", "date:")


def is_asked(body: Mapping[str, Any]) -> bool:
    """Whether something was pressed that opens a view."""
    if body.get("type") == "shortcut":
        return body.get("callback_id") in SHORTCUTS
    actions = body.get("actions")
    pressed = actions if isinstance(actions, list) else []
    return any(isinstance(action, Mapping) and _opens(action) for action in pressed)


async def open_view(body: dict[str, Any], client: AsyncWebClient, surfaces: Surfaces, team: TeamId) -> None:
    """Opens what was asked for: on top of the modal in which it was pressed, if it was in one."""
    try:
        read = presses.called if body.get("type") == "shortcut" else presses.pressed
        for pressed in read(body, team):
            shown = await _view(pressed, surfaces)
            if shown:
                show = client.views_push if pressed.view_id else client.views_open
                await show(trigger_id=pressed.trigger_id, view=shown)
    except (SlackApiError, Undecodable, ValueError) as error:
        log.warning("view_not_opened", extra={"reason": type(error).__name__})


async def errors_in(body: Mapping[str, Any], surfaces: Surfaces, team: TeamId, now: datetime) -> dict[str, str]:
    """What is wrong with a form that was filled in, by its blocks; nothing for any other delivery."""
    if body.get("type") != "view_submission":
        return {}
    try:
        filled = presses.submitted(body, team)
        chosen = forms.submitted(body, team, presses.SLACK)
    except Undecodable:
        return {}  # it is stored, and set aside for somebody to look at
    wrong: dict[str, str] = {}
    for asked in chosen:
        wrong |= await Choosing(team, surfaces.database).problems(asked, now)
    if wrong:
        return wrong
    early = [each for each in filled if each.day <= await surfaces.today(each.person_id, now)]
    return {presses.DAY_BLOCK: TOO_EARLY} if early else {}


async def _view(pressed: Pressed, surfaces: Surfaces) -> dict[str, Any] | None:
    if pressed.action_id == "settings":
        return await surfaces.settings(pressed.person_id, pressed.at)
    if pressed.action_id == "holdings":
        return await surfaces.holdings(pressed.person_id, pressed.at)
    if pressed.action_id == "brief_me":
        return await surfaces.briefing_asked(pressed.person_id, pressed.at)
    verb, item = feedback.target(pressed)
    if verb == "why":
        return await surfaces.why(pressed.person_id, item)
    return await surfaces.snoozing(pressed.person_id, item, pressed.at) if verb == "date" else None


def _opens(action: Mapping[str, Any]) -> bool:
    chosen = action.get("selected_option")
    value = chosen.get("value") if isinstance(chosen, Mapping) else None
    in_menu = action.get("action_id") == "item_menu" and isinstance(value, str) and value.startswith(_IN_MENU)
    return action.get("action_id") in {"item_why", "settings", "holdings"} or in_menu
