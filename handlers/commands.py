"""The slash command: answered with the ack, to whoever entered it; what it sets going, the stored delivery does."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import psycopg

from handlers import presses
from handlers.blocks import command
from handlers.errors import Undecodable
from handlers.surfaces import Rendered, Surfaces
from memory.models.ids import TeamId

log = logging.getLogger(__name__)


async def answer(body: Mapping[str, Any], surfaces: Surfaces, team: TeamId, now: datetime) -> dict[str, Any]:
    """What the ack of a delivery says; nothing for any other delivery than a slash command."""
    if "command" not in body or "type" in body:
        return {}
    try:
        (entered,) = presses.commanded(body, team)
        told = await surfaces.command(entered.person_id, entered.word, now, entered.channel)
    except Undecodable:
        return {}  # it is stored, and set aside for somebody to look at
    except psycopg.Error as error:
        log.warning("command_not_answered", extra={"reason": type(error).__name__})
        told = Rendered(command.LATER)
    return {"response_type": "ephemeral", "text": told.text} | ({"blocks": told.blocks} if told.blocks else {})
