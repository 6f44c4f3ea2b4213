"""What is done at once, besides the stored delivery: views open within three seconds of a press, forms are answered.

Slack takes neither later: a trigger dies after three seconds, and a form is closed by the ack.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers import correcting, feedback, forms, presses, rating, sayings, tracking
from handlers.arrivals import Pressed
from handlers.blocks import proposal
from handlers.blocks import rating as rating_blocks
from handlers.blocks.snooze import TOO_EARLY
from handlers.choosing import Choosing
from handlers.errors import Undecodable
from handlers.surfaces import Surfaces
from memory.models.ids import TeamId

log = logging.getLogger(__name__)
_OF_ANSWERS = (rating_blocks.RATE, rating_blocks.WHY, rating_blocks.WRONG)
ACTIONS = ("item_why", "item_menu", "settings", "holdings", *_OF_ANSWERS, *proposal.ACTIONS)
SHORTCUTS = ("brief_me",)
SHORTCUTS_AT = ("wrong", "track")
"""Shortcuts at messages."""
_IN_MENU = ("why:", "date:", "wrong:")


def is_asked(body: Mapping[str, Any]) -> bool:
    """Whether something was pressed that opens a view."""
    if body.get("type") == "message_action":
        return body.get("callback_id") in SHORTCUTS_AT
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


async def open_at_message(body: dict[str, Any], client: AsyncWebClient, surfaces: Surfaces, team: TeamId) -> None:
    """Opens the view that a shortcut at a message asks for."""
    try:
        asked = sayings.pointed(body, team, presses.SLACK)
        if asked.shortcut == "track":
            shown = await surfaces.tracking(asked.person_id, asked.channel, asked.ts)
        else:
            shown = await surfaces.wrong_at(asked.person_id, asked.channel, asked.ts, asked.at)
        await client.views_open(trigger_id=asked.trigger_id, view=shown)
    except (SlackApiError, Undecodable, ValueError) as error:
        log.warning("view_not_opened", extra={"reason": type(error).__name__})


async def answer_to(body: Mapping[str, Any], surfaces: Surfaces, team: TeamId, now: datetime) -> dict[str, Any]:
    """What a form is answered with, where it does not just close: what is wrong with it, or the view that follows."""
    if body.get("type") != "view_submission":
        return {}
    try:
        said = sayings.filled(body, team, presses.SLACK)
        wrong, then = await correcting.answer_to(surfaces.database, team, said, now) if said else ({}, None)
    except Undecodable:
        return {}  # it is stored, and set aside for somebody to look at
    if then:
        return {"response_action": "update", "view": then}
    wrong = wrong or await _errors_in(body, surfaces, team, now)
    return {"response_action": "errors", "errors": wrong} if wrong else {}


async def _errors_in(body: Mapping[str, Any], surfaces: Surfaces, team: TeamId, now: datetime) -> dict[str, str]:
    """What is wrong with a form that was filled in, by its blocks."""
    try:
        filled = presses.submitted(body, team)
        chosen = forms.submitted(body, team, presses.SLACK)
    except Undecodable:
        return {}  # it is stored, and set aside for somebody to look at
    wrong: dict[str, str] = {}
    for wanted in sayings.tracked(body, team, presses.SLACK):
        wrong |= await tracking.problems(surfaces.database, wanted)
    for asked in chosen:
        wrong |= await Choosing(team, surfaces.database).problems(asked, now)
    if wrong:
        return wrong
    early = [each for each in filled if each.day <= await surfaces.today(each.person_id, now)]
    return {presses.DAY_BLOCK: TOO_EARLY} if early else {}


async def _view(pressed: Pressed, surfaces: Surfaces) -> dict[str, Any] | None:
    whole = {"settings": surfaces.settings, "holdings": surfaces.holdings, "brief_me": surfaces.briefing_asked}
    if show := whole.get(pressed.action_id):
        return await show(pressed.person_id, pressed.at)
    if pressed.action_id in _OF_ANSWERS:
        return await _of_answer(pressed, surfaces)
    if pressed.action_id in proposal.ACTIONS:
        return await surfaces.proposal(pressed)
    return await _of_item(pressed, surfaces)


async def _of_item(pressed: Pressed, surfaces: Surfaces) -> dict[str, Any] | None:
    verb, item = feedback.target(pressed)
    if verb == "why":
        return await surfaces.why(pressed.person_id, item)
    if verb == "wrong":
        return await surfaces.wrong(pressed.person_id, item, pressed.at)
    return await surfaces.snoozing(pressed.person_id, item, pressed.at) if verb == "date" else None


async def _of_answer(pressed: Pressed, surfaces: Surfaces) -> dict[str, Any] | None:
    if pressed.action_id == rating_blocks.WRONG:
        return await surfaces.wrong_in_answer(pressed.person_id, rating.named(pressed.value), pressed.at)
    if pressed.action_id == rating_blocks.WHY:
        return await surfaces.why_answer(pressed.person_id, rating.named(pressed.value), pressed.at)
    verdict, answer = rating.target(pressed.value)
    if verdict == "up" or await surfaces.takes_back(pressed.person_id, answer, verdict, pressed.at):
        return None
    return await surfaces.why_answer(pressed.person_id, answer, pressed.at)


def _opens(action: Mapping[str, Any]) -> bool:
    chosen = action.get("selected_option")
    value = chosen.get("value") if isinstance(chosen, Mapping) else None
    in_menu = action.get("action_id") == "item_menu" and isinstance(value, str) and value.startswith(_IN_MENU)
    turned_down = action.get("action_id") == rating_blocks.RATE and str(action.get("value")).startswith(
        f"{rating_blocks.DOWN}:"
    )
    always = {"item_why", "settings", "holdings", rating_blocks.WHY, rating_blocks.WRONG, *proposal.ACTIONS}
    return action.get("action_id") in always or in_menu or turned_down
