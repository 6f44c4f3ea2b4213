"""The local workspace: a server on loopback that real Slack clients take for Slack."""

import errno
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.local.workspace.actor import Actor
from bot.local.workspace.changes import Changes
from bot.local.workspace.clock import Clock
from bot.local.workspace.control import Control
from bot.local.workspace.events import Events
from bot.local.workspace.guard import guard
from bot.local.workspace.manifest import Manifest
from bot.local.workspace.rate_limits import RateLimits
from bot.local.workspace.refusals import PortTaken
from bot.local.workspace.replay import replay
from bot.local.workspace.response_urls import ResponseUrls
from bot.local.workspace.seed import Seed, SeedMessage, build_state
from bot.local.workspace.slack_routes import PAGE, SlackRoutes, page
from bot.local.workspace.socket_mode import SocketMode
from bot.local.workspace.views import Views
from bot.local.workspace.world import World

HOST = "127.0.0.1"
LARGEST_REQUEST = 8 * 1024 * 1024


class LocalWorkspace:
    """Starts from a seed and an app's manifest; everything it holds is gone when it stops."""

    def __init__(
        self,
        seed: Seed,
        manifest: Mapping[str, Any],
        now: datetime | None = None,
        port: int = 0,
        *,
        enforce_rate_limits: bool = True,
        ack_timeout: float = 3.0,
    ) -> None:
        self.clock = Clock(now)
        self._port = port
        self._runner: web.AppRunner | None = None
        granted = Manifest.read(manifest)
        state = build_state(seed, granted, self.clock)
        socket = SocketMode(state.app_id, ack_timeout)
        changes = Changes()
        self.clock.on_move.append(lambda: changes.note("clock"))
        self.world = World(
            state=state,
            manifest=granted,
            clock=self.clock,
            socket=socket,
            events=Events(state, granted, self.clock, socket.tell),
            changes=changes,
            limits=RateLimits.of(self.clock) if enforce_rate_limits else None,
            app_token=f"xapp-1-{state.app_id}-{secrets.token_hex(8)}",
            bot_token=f"xoxb-local-{secrets.token_hex(12)}",
            views=Views(state),
            response_urls=ResponseUrls(),
        )

    @property
    def url(self) -> str:
        return self.world.url

    @property
    def api_url(self) -> str:
        return f"{self.world.url}/api/"

    @property
    def app_token(self) -> str:
        return self.world.app_token

    @property
    def bot_token(self) -> str:
        return self.world.bot_token

    def actor(self, user_id: str) -> Actor:
        """The hands of one person; raises Denied when nobody has that id."""
        return Actor(self.world, user_id)

    async def start(self) -> None:
        """Listens on loopback; raises PortTaken when somebody else does already."""
        app = web.Application(middlewares=[guard], client_max_size=LARGEST_REQUEST)
        SlackRoutes(self.world).add_to(app)
        Control(self.world).add_to(app)
        app.router.add_get("/", page)
        if PAGE.is_dir():
            app.router.add_static("/static/", PAGE)
        app.on_response_prepare.append(_ask_again)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, HOST, self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(self._port) from error
            raise
        self.world.url = f"http://{HOST}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self.world.socket.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    async def replay(self, later: Iterable[SeedMessage]) -> None:
        """Posts and edits messages as live events, each at its own time; the clock goes along.

        Texts are taken as they are, in Slack's markup.
        """
        await replay(self.world, later)

    async def settle(self) -> None:
        """Waits until every event sent so far is acknowledged or given up."""
        await self.world.socket.settle()


async def _ask_again(_request: web.Request, response: web.StreamResponse) -> None:
    """After an update, a browser's old modules must not meet the new page."""
    response.headers.setdefault("Cache-Control", "no-cache")
