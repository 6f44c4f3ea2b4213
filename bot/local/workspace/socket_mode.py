"""Slack's Socket Mode: connections, envelopes, acknowledgements and redelivery."""

import asyncio
import json
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

from bot.local.workspace.state import Payload

MOST_CONNECTIONS = 10
REDELIVERIES = 3
PING_EVERY = 10.0
LINGER = 10.0
"""Seconds a connection that was asked to reconnect is still served."""

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Connection:
    socket: web.WebSocketResponse
    request: web.Request
    muted: bool = False
    leaving: bool = False

    async def say(self, frame: Payload) -> None:
        if not self.muted and not self.socket.closed:
            await self.socket.send_json(frame)

    def cut(self) -> None:
        if self.request.transport is not None:
            self.request.transport.abort()


class SocketMode:
    """Hands each envelope to exactly one connection; keeps nothing for when there is none."""

    def __init__(self, app_id: str, ack_timeout: float) -> None:
        self._app_id = app_id
        self._ack_timeout = ack_timeout
        self._tickets: set[str] = set()
        self._connections: list[Connection] = []
        self._acks: dict[str, asyncio.Future[Payload]] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._deliveries: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> int:
        return len(self._connections)

    @property
    def staying(self) -> int:
        """Connections that were not asked to be replaced."""
        return sum(not each.leaving for each in self._connections)

    @property
    def unacknowledged(self) -> int:
        """Envelopes that were sent and neither acknowledged nor given up yet."""
        return len(self._acks)

    def ticket(self) -> str:
        """A word that opens one connection, once."""
        ticket = uuid4().hex
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection from handshake to end; pings are answered by hand, since a mute one must not answer."""
        if request.query.get("ticket") not in self._tickets:
            return web.Response(status=401, text="Ask apps.connections.open for an address first.")
        self._tickets.remove(request.query["ticket"])
        socket = web.WebSocketResponse(autoping=False, timeout=1.0)
        await socket.prepare(request)
        connection = Connection(socket, request)
        if len(self._connections) >= MOST_CONNECTIONS:
            await connection.say({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self._connections.append(connection)
        pinging = self._start(self._ping(connection))
        try:
            await connection.say(self._hello())
            await self._listen(connection)
        finally:
            pinging.cancel()
            self._connections.remove(connection)
        return socket

    def tell(self, payload: Payload, attempt: int = 0) -> None:
        """Delivers an event in the background, again and again until it is acknowledged."""
        delivery = self._start(self._deliver(payload, attempt))
        self._deliveries.add(delivery)
        delivery.add_done_callback(self._deliveries.discard)

    async def settle(self, most: int = 0) -> None:
        """Waits until no more than so many events are still unacknowledged and not given up."""
        while len(self._deliveries) > most:
            await asyncio.wait(self._deliveries, return_when=asyncio.FIRST_COMPLETED)

    async def ask(self, kind: str, payload: Payload, *, accepts_reply: bool = True) -> Payload | None:
        """Delivers an interaction once; answers what its acknowledgement carries, None when there was none."""
        frame = {"type": kind, "payload": payload, "accepts_response_payload": accepts_reply}
        return await self._send(frame)

    async def raw(self, kind: str, payload: Any) -> None:
        self._start(self._forget(self._send({"type": kind, "payload": payload, "accepts_response_payload": False})))

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Asks every connection to be replaced, and closes it a while later if the client does not."""
        for connection in list(self._connections):
            connection.leaving = True
            await connection.say({"type": "disconnect", "reason": reason, "debug_info": {"host": "local"}})
            self._start(self._see_off(connection))

    def cut(self) -> None:
        for connection in list(self._connections):
            connection.cut()

    def mute(self, *, muted: bool) -> None:
        """Silences the connections open now, pongs included; later ones speak."""
        for connection in self._connections:
            connection.muted = muted

    async def stop(self) -> None:
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await asyncio.gather(*(connection.socket.close() for connection in self._connections))

    def _hello(self) -> Payload:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": {"host": "local", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._app_id},
        }

    async def _listen(self, connection: Connection) -> None:
        async for frame in connection.socket:
            if frame.type is WSMsgType.PING and not connection.muted:
                await connection.socket.pong(frame.data)
            elif frame.type is WSMsgType.TEXT:
                self._acknowledge(frame.data)

    async def _ping(self, connection: Connection) -> None:
        while not connection.socket.closed:
            await asyncio.sleep(PING_EVERY)
            if not connection.muted:
                await connection.socket.ping(b"Ping from local")

    def _acknowledge(self, text: str) -> None:
        try:
            frame = json.loads(text)
        except ValueError:
            log.warning("A client sent a frame that is no JSON: %.80r", text)
            return
        waiting = self._acks.get(frame.get("envelope_id", "")) if isinstance(frame, dict) else None
        if waiting is not None and not waiting.done():
            waiting.set_result(frame.get("payload") or {})

    async def _deliver(self, payload: Payload, attempt: int) -> None:
        if not self._connections:
            log.info("No connection: event %s is lost, as on Slack", payload.get("event_id"))
            return
        for retry in range(attempt, attempt + REDELIVERIES + 1):
            frame = {"type": "events_api", "payload": payload, "accepts_response_payload": False}
            reason = "timeout" if retry else ""
            if await self._send(frame | {"retry_attempt": retry, "retry_reason": reason}) is not None:
                return

    async def _send(self, frame: Payload) -> Payload | None:
        connection = self._next_connection()
        if connection is None:
            await asyncio.sleep(self._ack_timeout)
            return None
        envelope = str(uuid4())
        self._acks[envelope] = asyncio.get_running_loop().create_future()
        try:
            await connection.say(frame | {"envelope_id": envelope})
            return await asyncio.wait_for(self._acks[envelope], self._ack_timeout)
        except (TimeoutError, ConnectionError):
            return None
        finally:
            del self._acks[envelope]

    def _next_connection(self) -> Connection | None:
        """The next in turn; one that is leaving only when there is no other."""
        staying = [one for one in self._connections if not one.leaving] or self._connections
        if not staying:
            return None
        chosen = staying[0]
        self._connections.remove(chosen)
        self._connections.append(chosen)
        return chosen

    async def _see_off(self, connection: Connection) -> None:
        await asyncio.sleep(LINGER)
        await connection.socket.close()

    async def _forget(self, sending: Coroutine[Any, Any, Payload | None]) -> None:
        await sending

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("A delivery failed", exc_info=error)
