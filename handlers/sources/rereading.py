"""What was taken in without its words, since redaction failed, read again from Slack through the same redaction."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError

from handlers import decode, payloads
from handlers.arrivals import Arrival
from handlers.errors import RedactionFailed, Undecodable
from handlers.routes import Router
from handlers.sources.history import History
from memory import inbox
from memory.inbox import Delivery

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rereading:
    """Makes good what intake had to leave out."""

    history: History
    router: Router

    async def take_up(self) -> int:
        """Reads again what lies without its words, and says how much of it is handled now. What fails, stays."""
        async with self.router.database.house() as connection:
            lying = await inbox.without_words(connection, self.router.team)
        return sum([await self._handled(delivery) for delivery in lying])

    async def _handled(self, delivery: Delivery) -> bool:
        bones = json.loads(delivery.payload)
        try:
            for arrival in await self._told(bones):
                await self.router.route(arrival)
        except (Undecodable, SlackApiError) as error:
            reason, stays = type(error).__name__, isinstance(error, RedactionFailed | SlackApiError)
            if stays:
                log.warning("words_still_missing", extra={"inbox_id": str(delivery.inbox_id), "reason": reason})
            async with self.router.database.house() as connection:
                if not stays:
                    await inbox.failed(connection, delivery.inbox_id, reason, delivery.payload)
                if isinstance(error, Undecodable):
                    await self.router.tell_unread(connection, bones)
            return False
        async with self.router.database.house() as connection:
            await inbox.handled(connection, delivery.inbox_id)
        return True

    async def _told(self, bones: Mapping[str, Any]) -> list[Arrival]:
        """What the delivery tells when its words are put back; nothing if they are gone by now."""
        event = bones["event"]
        changed = event.get("subtype") == "message_changed"
        match event.get("type"):
            case "message" | "app_mention":
                named = event.get("message") if changed else event
                found = await self.history.find(event.get("channel"), named or {})
                if found is None:
                    return []
                told = {**event, "message": found} if changed else {**found, **event}
            case "user_change" | "team_join":
                user = event.get("user")
                found = await self.history.describe((user.get("id") if isinstance(user, Mapping) else user) or "")
                told = {**event, "user": found}
            case str(kind) if kind.endswith("_rename"):
                channel = event.get("channel")
                await self.history.read_container(str(channel.get("id") if isinstance(channel, Mapping) else channel))
                return []
            case _:
                told = event
        return decode.body(payloads.redacted({**bones, "event": told}), self.router.own_id)
