"""Everything Slack sends: stored together with the job that handles it, and only then acked."""

import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers import decode
from handlers.dispatch import Dispatch
from handlers.errors import Undecodable
from handlers.surfaces import Surfaces
from memory import inbox
from memory.database import Database
from memory.inbox import Delivery, delivery_id
from memory.models.ids import ItemId, TeamId, derive

log = logging.getLogger(__name__)
_ID = re.compile(r"[A-Z0-9]{2,40}")


@dataclass(frozen=True)
class Intake:
    """The one door for deliveries. What it acks is durable; what it cannot store it does not ack."""

    team: TeamId
    database: Database
    dispatch: Dispatch

    async def take(self, body: Mapping[str, Any]) -> bool:
        """Stores a delivery with its job, in one transaction; says whether it is new. Raises when it is not stored."""
        delivery = Delivery(
            inbox_id=delivery_id(self.team, _key(body)),
            team_id=self.team,
            kind=decode.kind_of(body),
            payload=json.dumps(body),
        )
        async with self.database.house() as connection:
            new = await inbox.receive(connection, delivery)
            if new:
                await self.dispatch.handle(connection, delivery.inbox_id, _place(body))
        return new


def register(app: AsyncApp, intake: Intake, surfaces: Surfaces) -> None:
    """Puts the door in front of Bolt's own handling, which acks as soon as the middleware is through."""

    @app.middleware
    async def store(body: dict[str, Any], next: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse:  # noqa: A002
        new = await intake.take(body)
        # A modal must open within three seconds of the press: that alone is done at once, besides the stored delivery.
        if new and any(action.get("action_id") == "item_why" for action in body.get("actions") or ()):
            await next()
        return BoltResponse(status=200)

    @app.action("item_why")
    async def open_why(ack: Callable[[], Awaitable[None]], body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await _open_why(body, client, surfaces, intake.team)


async def _open_why(body: dict[str, Any], client: AsyncWebClient, surfaces: Surfaces, team: TeamId) -> None:
    try:
        for pressed in decode.pressed(body, team):
            shown = await surfaces.why(pressed.person_id, ItemId(UUID(pressed.value)))
            if shown:
                await client.views_open(trigger_id=pressed.trigger_id, view=shown)
    except (SlackApiError, Undecodable, ValueError) as error:
        log.warning("why_not_opened", extra={"reason": type(error).__name__})


def _key(body: Mapping[str, Any]) -> str:
    """What makes a delivery this one and no other, in whatever envelope it comes again."""
    if body.get("event_id"):
        return f"event:{body['event_id']}"
    if body.get("trigger_id"):
        return f"trigger:{body['trigger_id']}"
    return f"body:{derive(json.dumps(body, sort_keys=True))}"


def _place(body: Mapping[str, Any]) -> str:
    """What is handled in order: the deliveries of one channel, or else of one person. An id, never words."""
    event = body.get("event")
    event = event if isinstance(event, Mapping) else {}
    item = event.get("item")
    found = event.get("channel") or (item.get("channel") if isinstance(item, Mapping) else None)
    for place in (found, body.get("channel"), event.get("user"), body.get("user")):
        external = place.get("id") if isinstance(place, Mapping) else place
        if isinstance(external, str) and _ID.fullmatch(external):
            return external
    return "workspace"
