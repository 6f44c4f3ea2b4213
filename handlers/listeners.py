"""Everything Slack sends: stored together with the job that handles it, and only then acked."""

import asyncio
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from graphs.ports import Clock
from handlers import commands, opening, payloads, raw, withdrawing
from handlers.blocks import offer
from handlers.dispatch import Dispatch
from handlers.surfaces import Surfaces
from memory import inbox
from memory.database import Database
from memory.inbox import Delivery, delivery_id
from memory.models.ids import TeamId, derive

log = logging.getLogger(__name__)
_ID = re.compile(r"[A-Z0-9]{2,40}")
_OURS = ("message", "reaction_added", "reaction_removed")


@dataclass(frozen=True)
class Intake:
    """The one door for deliveries. What it acks is durable; what it cannot store it does not ack."""

    team: TeamId
    own_id: str
    database: Database
    dispatch: Dispatch
    redact: Callable[[Mapping[str, Any]], Mapping[str, Any]] = payloads.redacted

    async def take(self, body: Mapping[str, Any]) -> bool:
        """Stores a delivery with its job, in one transaction; says whether it is new. Raises when it is not stored."""
        if self._is_our_own(body):
            return False
        place = _place(body)
        payload, failure = self._without_secrets(body)
        delivery = Delivery(
            inbox_id=delivery_id(self.team, _key(body)),
            team_id=self.team,
            place=place,
            kind=raw.kind_of(body),
            payload=payload,
            failure=failure,
        )
        async with self.database.house() as connection:
            new = await inbox.receive(connection, delivery)
            if new and not failure:
                await self.dispatch.handle(connection, self.team, place)
        return new

    async def set_aside(self, frame: Mapping[str, Any], failure: str) -> None:
        """Keeps for a person to look at, without its words, what does not even have the shape of a delivery."""
        delivery = Delivery(
            inbox_id=delivery_id(self.team, f"frame:{derive(json.dumps(frame, sort_keys=True))}"),
            team_id=self.team,
            place="nowhere",
            kind=_plain(frame.get("type"))[:80] or "unknown",
            payload=json.dumps(raw.bones(frame)),
            failure=failure,
        )
        async with self.database.house() as connection:
            await inbox.receive(connection, delivery)
        log.warning("delivery_set_aside", extra={"inbox_id": str(delivery.inbox_id), "reason": failure})

    def _without_secrets(self, body: Mapping[str, Any]) -> tuple[str, str | None]:
        """The payload to be stored. Where redaction fails, only its bones, and why, if words are missing in them."""
        try:
            return json.dumps(self.redact(body)), None
        except Exception as error:  # noqa: BLE001 - whatever is wrong there, secrets are not stored and Slack gets its ack
            kind, reason = raw.kind_of(body), type(error).__name__
            log.error("redaction_failed", extra={"kind": kind, "reason": reason})  # noqa: TRY400 - a traceback may quote
            return json.dumps(raw.bones(body)), inbox.REDACTION_FAILED if raw.has_words(body) else None

    def _is_our_own(self, body: Mapping[str, Any]) -> bool:
        """Our own messages and reactions come back to us, and are never a source."""
        event = body.get("event")
        return isinstance(event, Mapping) and event.get("type") in _OURS and event.get("user") == self.own_id


class Door(AsyncSocketModeHandler):
    """Bolt's Socket Mode, which takes in also what Bolt or the client library cannot read."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        intake: Intake,
        *,
        ping_interval: float,
        on_gap: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(app, app_token, ping_interval=ping_interval)
        self._intake, self._on_gap = intake, on_gap
        self._greetings = 0
        self._underway: set[asyncio.Task[Any]] = set()
        self.client.message_listeners += [self._keep_track, self._notice_gap, self._take_odd_frame]

    async def leave(self, patience: float = 10.0) -> None:
        """Takes nothing more in, and sees through what is at hand: the database is there until this returns."""
        await self.client.close()
        if self._underway:
            await asyncio.wait(self._underway, timeout=patience)

    async def stands(self) -> tuple[int, float] | None:
        """Which connection it is, and how many seconds ago it was proven to stand; None when there is none.

        What Slack sent on it before then has arrived.
        """
        proven = self.client.last_ping_pong_time
        if not self._greetings or proven is None or not await self.client.is_connected():
            return None
        return self._greetings, max(0.0, time.time() - proven)

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        try:
            await super().handle(client, req)
        except ConnectionError as error:  # stored it is, and what is not acked comes again and is known
            log.info("ack_not_sent", extra={"reason": type(error).__name__})
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            frame = {"type": req.type, "payload": req.payload}
            await self._intake.set_aside(frame, type(error).__name__)
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))

    async def _keep_track(self, _client: AsyncBaseSocketModeClient, _frame: Any, _raw: str | None) -> None:
        """The client takes each frame in a task of its own, and forgets it."""
        task = asyncio.current_task()
        if task is not None:
            self._underway.add(task)
            task.add_done_callback(self._underway.discard)

    async def _notice_gap(self, _client: AsyncBaseSocketModeClient, frame: Any, _raw: str | None) -> None:
        """Each connection begins with a hello. Before any but the first there was a gap, and Slack keeps nothing."""
        if frame.get("type") == "hello":
            self._greetings += 1
            if self._greetings > 1:
                log.info("socket_reconnected")
                await self._on_gap()

    async def _take_odd_frame(self, client: AsyncBaseSocketModeClient, frame: Any, _raw: str | None) -> None:
        """An envelope whose payload is no object never becomes a request, and would be sent again and again."""
        envelope = frame.get("envelope_id")
        if not isinstance(envelope, str) or isinstance(frame.get("payload"), dict | str):
            return
        await self._intake.set_aside({"type": frame.get("type"), "payload": frame.get("payload")}, "NoPayload")
        await client.send_socket_mode_response(SocketModeResponse(envelope_id=envelope))


def make_app(client: AsyncWebClient, intake: Intake, surfaces: Surfaces, clock: Clock) -> AsyncApp:
    """Bolt with our door in front of its own handling, which acks as soon as the middleware is through.

    In front of its authorization too: that acks, unread, what comes while Slack does not answer `auth.test`.
    """

    async def store(body: dict[str, Any], next: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse:  # noqa: A002
        # A form is answered at once or never: what cannot be, or comes next, is said in it, and not stored.
        if answered := await opening.answer_to(body, surfaces, intake.team, clock.now()):
            return BoltResponse(status=200, body=answered)
        new = await intake.take(body)
        if new and (told := await commands.answer(body, surfaces, intake.team, clock.now())):
            return BoltResponse(status=200, body=told)
        # A modal must open within three seconds of the press, and the address to answer a press at is not stored: that
        # alone is done at once, besides the stored delivery.
        if new and (opening.is_asked(body) or withdrawing.is_asked(body)):
            await next()
        return BoltResponse(status=200)

    async def open_view(ack: Callable[[], Awaitable[None]], body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await opening.open_view(body, client, surfaces, intake.team)

    async def open_at_message(ack: Callable[[], Awaitable[None]], body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await opening.open_at_message(body, client, surfaces, intake.team)

    async def withdraw(ack: Callable[[], Awaitable[None]], body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await withdrawing.withdraw(body, client)

    app = AsyncApp(
        client=client,
        before_authorize=store,
        request_verification_enabled=False,
        raise_error_for_unhandled_request=False,
    )
    for listen, names, act in (
        (app.action, opening.ACTIONS, open_view),
        (app.action, (offer.TAKE,), withdraw),
        (app.shortcut, opening.SHORTCUTS_AT, open_at_message),
        (app.shortcut, opening.SHORTCUTS, open_view),
    ):
        for name in names:
            listen(name)(act)
    return app


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
    for place in (found, body.get("channel"), event.get("user"), body.get("user"), body.get("user_id")):
        external = place.get("id") if isinstance(place, Mapping) else place
        if isinstance(external, str) and _ID.fullmatch(external):
            return external
    return "workspace"


def _plain(value: object) -> str:
    """A name as a database takes it."""
    return raw.text(value).strip()
