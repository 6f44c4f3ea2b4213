"""A small team, and a real Bolt app and a control client to put on stage with it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.local.workspace import LocalWorkspace

Payload = dict[str, Any]

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TEAM: Payload = {
    "team": {"id": "T1", "name": "Harbour", "domain": "harbour", "bot_user_id": "UBOT"},
    "users": [
        {"id": "U1", "name": "ana", "real_name": "Ana Lima", "title": "Engineering Manager", "tz": "Europe/Lisbon"},
        {"id": "U2", "name": "bo", "real_name": "Bo Lind", "tz": "Europe/Berlin", "email": "bo@example.com"},
        {"id": "U3", "name": "guest", "real_name": "Gus T.", "is_guest": True},
    ],
    "channels": [
        {"id": "C1", "name": "general", "members": ["U1", "U2"], "bot_is_member": True},
        {"id": "C2", "name": "elsewhere", "members": ["U1", "U2"]},
        {"id": "C3", "name": "leads", "kind": "private", "members": ["U1"], "bot_is_member": True},
        {"id": "C4", "name": "secret", "kind": "private", "members": ["U2"]},
    ],
    "messages": [{"channel": "C1", "ts": f"1795000000.{n:06d}", "user": "U1", "text": f"old {n}"} for n in range(5)],
}
SCOPES = (
    *("app_mentions:read", "chat:write", "users:read", "team:read", "reactions:write", "reactions:read"),
    *("channels:read", "channels:history", "channels:join", "channels:manage"),
    *("groups:read", "groups:history", "groups:write", "im:read", "im:history", "im:write"),
)
EVENTS = (
    *("app_mention", "app_home_opened", "message.channels", "message.groups", "message.im", "channel_created"),
    *("member_joined_channel", "member_left_channel", "reaction_added", "reaction_removed", "user_change"),
)


def manifest(scopes: tuple[str, ...] = SCOPES, events: tuple[str, ...] = EVENTS) -> Payload:
    return {
        "display_information": {"name": "Daybook"},
        "features": {"bot_user": {"display_name": "Daybook"}, "app_home": {"home_tab_enabled": True}},
        "oauth_config": {"scopes": {"bot": list(scopes)}},
        "settings": {
            "interactivity": {"is_enabled": True},
            "event_subscriptions": {"bot_events": list(events)},
            "socket_mode_enabled": True,
        },
    }


async def eventually(check: Callable[[], object], within: float = 20.0) -> None:
    """Waits until something is true, and fails when it does not become so."""
    deadline = asyncio.get_running_loop().time() + within
    while not check():
        assert asyncio.get_running_loop().time() < deadline, "it did not happen in time"
        await asyncio.sleep(0.01)


@dataclass
class Bot:
    """A Bolt app that keeps every body it is sent."""

    app: AsyncApp
    client: AsyncWebClient
    bodies: list[Payload] = field(default_factory=list)
    deaf_to: int = 0
    """How many further deliveries it leaves unacknowledged."""

    def events(self, kind: str) -> list[Payload]:
        """Each once: what a busy machine acknowledges too late comes again."""
        once = {body["event_id"]: body["event"] for body in self.bodies if "event" in body}
        return [event for event in once.values() if event.get("type") == kind]

    def interactions(self, kind: str) -> list[Payload]:
        return [body for body in self.bodies if body.get("type") == kind]


def make_bot(workspace: LocalWorkspace) -> Bot:
    client = AsyncWebClient(token=workspace.bot_token, base_url=workspace.api_url)
    app = AsyncApp(client=client, ignoring_self_events_enabled=False)
    bot = Bot(app, client)

    @app.middleware
    async def keep(body: Payload, next_: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse | None:
        bot.bodies.append(body)
        if bot.deaf_to:
            bot.deaf_to -= 1
            raise RuntimeError("the inbox is out of order")
        if "event" in body:
            return BoltResponse(status=200)
        return await next_()

    return bot


@asynccontextmanager
async def connected(workspace: LocalWorkspace, bot: Bot) -> AsyncIterator[Bot]:
    """The bot, one more connection of the workspace's for as long as it lasts."""
    before = workspace.world.socket.connected
    handler = AsyncSocketModeHandler(bot.app, workspace.app_token, ping_interval=0.2)
    await handler.connect_async()
    await eventually(lambda: workspace.world.socket.connected > before)
    try:
        yield bot
    finally:
        await handler.close_async()


@dataclass
class Control:
    """The control API as a test calls it."""

    http: aiohttp.ClientSession
    url: str

    async def get(self, call: str, **query: str) -> Any:
        async with self.http.get(f"{self.url}/control/{call}", params=query) as answer:
            return await answer.json()

    async def post(self, call: str, **body: Any) -> Any:
        if "as_" in body:
            body["as"] = body.pop("as_")
        async with self.http.post(f"{self.url}/control/{call}", json=body) as answer:
            return await answer.json()
