"""The control API: not Slack's. Lets a test or the page act as a person, move the clock and inject faults."""

import json
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.local.workspace import people, requests
from bot.local.workspace.actor import Actor
from bot.local.workspace.faults import Fault
from bot.local.workspace.refusals import Denied, Refusal
from bot.local.workspace.sidebar import messages_of, side_bar
from bot.local.workspace.state import User
from bot.local.workspace.world import World

Model = TypeVar("Model", bound=BaseModel)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
OK = {"ok": True}


class Control:
    def __init__(self, world: World) -> None:
        self._world = world

    def add_to(self, app: web.Application) -> None:
        gets: dict[str, Handler] = {
            "state": self.state,
            "messages": self.messages,
            "home": self.home,
            "modals": self.modals,
            "clock": self.clock,
            "calls": self.calls,
            "changes": self.changes,
        }
        for name, handler in gets.items():
            app.router.add_get(f"/control/{name}", _answering(handler))
        for name, handler in self._posts().items():
            app.router.add_post(f"/control/{name}", _answering(handler))
        app.router.add_delete("/control/faults", _answering(self.clear_faults))

    def _posts(self) -> dict[str, Handler]:
        return {
            "post": self.post,
            "edit": self.edit,
            "delete": self.delete,
            "react": self.react,
            "press": self.press,
            "shortcut_at": self.shortcut_at,
            "command": self.command,
            "shortcut": self.shortcut,
            "open_dm": self.open_dm,
            "open_home": self.open_home,
            "submit": self.submit,
            "close": self.close,
            "member": self.member,
            "channel": self.channel,
            "convert": self.convert,
            "user": self.user,
            "clock": self.move_clock,
            "faults": self.lay_fault,
            "redeliver": self.redeliver,
            "socket": self.socket,
            "envelope": self.envelope,
        }

    async def state(self, request: web.Request) -> web.StreamResponse:
        viewer = self._actor(request.query["as"]).id if "as" in request.query else None
        return web.json_response(side_bar(self._world, viewer))

    async def messages(self, request: web.Request) -> web.StreamResponse:
        channel = _asked(request, "channel")
        thread_ts = request.query.get("thread_ts")
        return web.json_response({"messages": messages_of(self._world, self._asker(request), channel, thread_ts)})

    async def home(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"view": self._asker(request).home()})

    async def modals(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"views": self._asker(request).modals()})

    async def post(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request, requests.Post)
        actor = self._actor(asked.actor)
        ts = await actor.post(asked.channel, asked.text, asked.thread_ts, broadcast=asked.broadcast)
        return web.json_response({"ts": ts})

    async def edit(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request, requests.Edit)
        await self._actor(asked.actor).edit(asked.channel, asked.ts, asked.text)
        return web.json_response(OK)

    async def delete(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request, requests.Delete)
        await self._actor(asked.actor).delete(asked.channel, asked.ts)
        return web.json_response(OK)

    async def react(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request, requests.React)
        await self._actor(asked.actor).react(asked.channel, asked.ts, asked.name, remove=asked.remove)
        return web.json_response(OK)

    async def press(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request, requests.Press)
        await self._actor(asked.actor).press(asked.model_dump(exclude={"actor"}, exclude_none=True))
        return web.json_response(OK)

    async def shortcut_at(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request, requests.ShortcutAt)
        await self._actor(asked.actor).shortcut_at(asked.channel, asked.ts, asked.callback_id)
        return web.json_response(OK)

    async def command(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request, requests.Command)
        await self._actor(asked.actor).command(asked.channel, asked.command, asked.text)
        return web.json_response(OK)

    async def shortcut(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request, requests.Shortcut)
        await self._actor(asked.actor).shortcut(asked.callback_id)
        return web.json_response(OK)

    async def open_dm(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request, requests.OpenDm)
        return web.json_response({"channel": await self._actor(asked.actor).open_dm(asked.user)})

    async def open_home(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request, requests.As)
        await self._actor(asked.actor).open_home()
        return web.json_response(OK)

    async def submit(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request, requests.Submit)
        errors = await self._actor(asked.actor).submit(asked.view_id, asked.state)
        return web.json_response({"ok": False, "errors": errors} if errors else OK)

    async def close(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request, requests.Close)
        await self._actor(asked.actor).close(asked.view_id)
        return web.json_response(OK)

    async def member(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request, requests.Member)
        actor = self._actor(asked.user)
        await (actor.join(asked.channel) if asked.change == "join" else actor.leave(asked.channel))
        return web.json_response(OK)

    async def channel(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request, requests.NewChannel)
        creator = self._actor(asked.members[0])
        created = await creator.create_channel(asked.name, asked.kind, asked.members, asked.purpose)
        return web.json_response({"channel": created})

    async def convert(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request, requests.Convert)
        room = self._world.state.named(asked.channel)
        if room is None or not room.members:
            raise Denied(f"There is no channel {asked.channel} with anybody in it.", missing=True)
        await self._actor(asked.actor or room.members[0]).convert(room.id, asked.kind)
        return web.json_response(OK)

    async def user(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request, requests.Person)
        known = self._world.state.users.get(asked.id)
        if known is not None:
            people.change(self._world, known, **asked.model_dump(exclude_unset=True))
        else:
            people.join_team(self._world, User(**{"name": asked.id.lower(), "real_name": asked.id, **asked.given()}))
        return web.json_response(OK)

    async def clock(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response({"now": self._world.clock.now().isoformat().replace("+00:00", "Z")})

    async def move_clock(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request, requests.MoveClock)
        if asked.advance is not None:
            self._world.clock.advance(asked.advance)
        elif asked.now is not None:
            self._world.clock.set(asked.now)
        else:
            raise Denied("Say where to move the clock: now, or advance in seconds.")
        return await self.clock(request)

    async def lay_fault(self, request: web.Request) -> web.StreamResponse:
        self._world.faults.lay(await _body(request, Fault))
        return web.json_response(OK)

    async def clear_faults(self, _request: web.Request) -> web.StreamResponse:
        self._world.faults.clear()
        return web.json_response(OK)

    async def redeliver(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request, requests.Redeliver)
        room = self._world.state.named(asked.channel)
        channel = room.id if room else asked.channel
        sent = self._world.events.again(channel, asked.ts, times=asked.times, fresh_event_id=asked.fresh_event_id)
        if not sent:
            raise Denied(f"No event was ever sent about {asked.ts} in {asked.channel}.", missing=True)
        return web.json_response({"sent": sent})

    async def socket(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request, requests.Socket)
        socket = self._world.socket
        match asked.do:
            case "refresh":
                await socket.refresh()
            case "warn":
                await socket.refresh("warning")
            case "cut":
                socket.cut()
            case _:
                socket.mute(muted=asked.do == "mute")
        return web.json_response({"connections": socket.connected})

    async def envelope(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request, requests.Envelope)
        await self._world.socket.raw(asked.type, asked.payload)
        return web.json_response(OK)

    async def calls(self, request: web.Request) -> web.StreamResponse:
        method = request.query.get("method")
        return web.json_response([call for call in self._world.calls if method in (None, call["method"])])

    async def changes(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events until the reader goes away."""
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        watcher = self._world.changes.watch()
        try:
            await stream.prepare(request)
            await stream.write(b": watching\n\n")
            while (change := await watcher.get()) is not None:
                await stream.write(f"data: {json.dumps(change)}\n\n".encode())
        except ConnectionError:
            pass  # the reader went away, which is how this ends
        finally:
            self._world.changes.leave(watcher)
        return stream

    def _asker(self, request: web.Request) -> Actor:
        return self._actor(_asked(request, "as"))

    def _actor(self, user: str) -> Actor:
        return Actor(self._world, user)


def _asked(request: web.Request, name: str) -> str:
    if not request.query.get(name):
        raise Denied(f"Say {name} in the query.")
    return request.query[name]


async def _body(request: web.Request, model: type[Model]) -> Model:
    try:
        return model.model_validate_json(await request.read() or b"{}")
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "body"
        raise Denied(f"{place}: {first['msg']}.") from error


def _answering(handler: Handler) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Denied as denied:
            return web.json_response({"error": str(denied)}, status=denied.status)
        except Refusal as refusal:
            return web.json_response({"error": f"Slack would refuse this: {refusal.code}."}, status=400)

    return answer
