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

from handlers import decode, payloads
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
    redact: Callable[[Mapping[str, Any]], Mapping[str, Any]] = payloads.redacted

    async def take(self, body: Mapping[str, Any]) -> bool:
        """Stores a delivery with its job, in one transaction; says whether it is new. Raises when it is not stored."""
        payload, failure = self._without_secrets(body)
        delivery = Delivery(
            inbox_id=delivery_id(self.team, _key(body)),
            team_id=self.team,
            kind=decode.kind_of(body),
            payload=payload,
            failure=failure,
        )
        async with self.database.house() as connection:
            new = await inbox.receive(connection, delivery)
            if new and not failure:
                await self.dispatch.handle(connection, delivery.inbox_id, _place(body))
        return new

    def _without_secrets(self, body: Mapping[str, Any]) -> tuple[str, str | None]:
        """The payload to be stored. Where redaction fails, only its bones, and why, if words are missing in them."""
        try:
            return json.dumps(self.redact(body)), None
        except Exception as error:  # noqa: BLE001 - whatever is wrong there, secrets are not stored and Slack gets its ack
            kind = decode.kind_of(body)
            log.error("redaction_failed", extra={"kind": kind, "reason": type(error).__name__})  # noqa: TRY400 - a traceback may quote
            return json.dumps(decode.bones(body)), inbox.REDACTION_FAILED if decode.has_words(body) else None


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
    for kind in ("event", "trigger"):
        if body.get(f"{kind}_id"):
            return f"{kind}:{body[f'{kind}_id']}".encode("ascii", "backslashreplace").decode()
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
