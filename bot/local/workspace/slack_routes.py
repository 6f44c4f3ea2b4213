"""The addresses that Slack's clients speak to: Web API, Socket Mode, response URLs, permalinks."""

import asyncio
import json
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.local.workspace import messages
from bot.local.workspace.block_limits import MESSAGE, check_blocks, name_blocks
from bot.local.workspace.calls import Arguments, run
from bot.local.workspace.faults import Fault
from bot.local.workspace.refusals import RateLimited, Refusal
from bot.local.workspace.response_urls import ResponseUrl
from bot.local.workspace.state import Channel, Message, Payload
from bot.local.workspace.web_api import METHODS
from bot.local.workspace.world import World

PAGE = Path(__file__).parent / "page"


async def page(_request: web.Request) -> web.StreamResponse:
    """The page; it reads from its own address what to show."""
    index = PAGE / "index.html"
    if not index.exists():
        return web.Response(text="The local workspace is running; its page is not installed.")
    return web.FileResponse(index, headers={"Cache-Control": "no-store"})


class SlackRoutes:
    def __init__(self, world: World) -> None:
        self._world = world

    def add_to(self, app: web.Application) -> None:
        app.router.add_route("*", "/api/{method}", self.call)
        app.router.add_get("/socket", self._world.socket.serve)
        app.router.add_post("/actions/{team}/{word}", self.respond)
        app.router.add_get("/archives/{channel}/{place}", self.permalink)

    async def call(self, request: web.Request) -> web.Response:
        """One Web API call, with the faults laid in its way, and a line in the log of calls."""
        name = request.match_info["method"]
        try:
            token, raw = await _read(request)
        except Refusal as refusal:
            self._note(name, {}, refusal.code)
            return web.json_response({"ok": False, "error": refusal.code})
        fault = self._world.faults.strike(name)
        if fault is not None and fault.kind not in ("lost_reply", "error", "ratelimited"):
            self._note(name, raw, fault.kind)
            return await _struck(request, fault)
        body, status, headers = self._answer(name, raw, token, fault)
        self._note(name, raw, body.get("error"))
        if fault is not None and fault.kind == "lost_reply":
            return _dropped(request)
        return web.json_response(body, status=status, headers=headers)

    async def respond(self, request: web.Request) -> web.Response:
        """An answer to an interaction by its `response_url`; plain `ok`, as Slack says."""
        raw: Payload = {}
        try:
            _, raw = await _read(request)
            _refuse(self._world.faults.strike("response_url"))
            issued = self._world.response_urls.redeem(request.match_info["word"], self._world.clock.now())
            self._say(issued, Arguments(raw))
        except Refusal as refusal:
            self._note("response_url", raw, refusal.code)
            status = HTTPStatus.NOT_FOUND if refusal.code.endswith("_url") else HTTPStatus.BAD_REQUEST
            return web.json_response({"ok": False, "error": refusal.code, **refusal.extra}, status=status)
        self._note("response_url", raw, None)
        return web.Response(text="ok")

    async def permalink(self, request: web.Request) -> web.StreamResponse:
        """Opens the page at a message; 404 when there is none."""
        channel = self._world.state.channels.get(request.match_info["channel"])
        digits = request.match_info["place"].removeprefix("p")
        message = channel.find(f"{digits[:-6]}.{digits[-6:]}") if channel else None
        if message is None:
            return web.Response(status=404, text="There is no such message in this workspace.")
        return await page(request)

    def _answer(self, name: str, raw: Payload, token: str, fault: Fault | None) -> tuple[Payload, int, dict[str, str]]:
        granted = ",".join(self._world.manifest.scopes)
        method = METHODS.get(name)
        headers = {"x-oauth-scopes": granted, "x-accepted-oauth-scopes": ",".join(method.scopes) if method else ""}
        try:
            _refuse(fault)
            return run(self._world, name, method, Arguments(raw), token), HTTPStatus.OK, headers
        except RateLimited as refusal:
            body = {"ok": False, "error": refusal.code}
            return body, HTTPStatus.TOO_MANY_REQUESTS, headers | {"Retry-After": str(refusal.retry_after)}
        except Refusal as refusal:
            return {"ok": False, "error": refusal.code, **refusal.extra}, HTTPStatus.OK, headers

    def _note(self, method: str, arguments: Payload, error: str | None) -> None:
        at = self._world.clock.now().isoformat()
        self._world.calls.append(
            {"method": method, "arguments": arguments, "at": at, "ok": error is None, "error": error}
        )

    def _say(self, issued: ResponseUrl, arguments: Arguments) -> None:
        channel = self._world.state.channels[issued.channel]
        original = channel.find(issued.ts) if issued.ts else None
        if arguments.flag("delete_original"):
            if original is not None:
                messages.delete(self._world, channel, original)
            return
        message = self._response(issued, arguments, channel, original)
        if original is not None and arguments.flag("replace_original"):
            changed = replace(original, text=message.text, blocks=message.blocks)
            messages.edit(self._world, channel, original, changed, shows=False)
        else:
            messages.post(self._world, channel, message)

    def _response(
        self, issued: ResponseUrl, arguments: Arguments, channel: Channel, original: Message | None
    ) -> Message:
        text, blocks = arguments.text("text"), arguments.structure("blocks")
        if not text and not blocks:
            raise Refusal("no_text")
        if blocks is not None and (problems := check_blocks(blocks, MESSAGE)):
            raise Refusal("invalid_blocks", problems=problems)
        shared = arguments.text("response_type") == "in_channel"
        root = messages.thread_root(channel, arguments.text("thread_ts"))
        if root is None and original is not None and original.is_reply:
            root = channel.find(original.thread_ts or "")
        return Message(
            ts=self._world.clock.stamp(),
            user=self._world.state.bot.id,
            text=text,
            thread_ts=root.ts if root else None,
            bot_id=self._world.state.bot_id,
            blocks=name_blocks(blocks or []),
            seen_by=None if shared else issued.user,
        )


async def _read(request: web.Request) -> tuple[str, Payload]:
    """The token and the arguments, wherever the client put them."""
    arguments: dict[str, Any] = dict(request.query)
    if request.method != "GET" and request.can_read_body:
        if request.content_type == "application/json":
            arguments |= _parsed(await request.text())
        else:
            arguments |= dict(await request.post())
    given = arguments.pop("token", "")
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    return (bearer.strip() if scheme.lower() == "bearer" else str(given)), arguments


def _parsed(text: str) -> Payload:
    try:
        body = json.loads(text)
    except ValueError:
        raise Refusal("invalid_json") from None
    if not isinstance(body, dict):
        raise Refusal("json_not_object")
    return body


def _refuse(fault: Fault | None) -> None:
    if fault is not None and fault.kind == "error":
        raise Refusal(fault.error)
    if fault is not None and fault.kind == "ratelimited":
        raise RateLimited(fault.retry_after)


async def _struck(request: web.Request, fault: Fault) -> web.Response:
    if fault.kind == "http_500":
        return web.Response(status=500, text="Internal Server Error")
    if fault.kind == "hang":
        await asyncio.sleep(fault.seconds)
    return _dropped(request)


def _dropped(request: web.Request) -> web.Response:
    """Tears the connection down; the answer that follows reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
