"""One Web API call: its arguments, its token, its scopes, and the envelope it is answered with."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.local.workspace.rate_limits import Tier
from bot.local.workspace.refusals import Refusal
from bot.local.workspace.state import Channel, Payload, User
from bot.local.workspace.world import World

TRUE = {"true", "1", True}


class Arguments:
    """Arguments as clients send them: typed in JSON, or everything a string in a form or query."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = {key: value for key, value in raw.items() if value is not None}

    def __contains__(self, name: str) -> bool:
        return name in self.raw

    def text(self, name: str, default: str = "") -> str:
        value = self.raw.get(name, default)
        return value if isinstance(value, str) else json.dumps(value)

    def needed(self, *names: str) -> tuple[str, ...]:
        missing = [name for name in names if not self.text(name)]
        if missing:
            raise Refusal("invalid_arguments", problems=[f"missing required field: {name}" for name in missing])
        return tuple(self.text(name) for name in names)

    def flag(self, name: str, *, default: bool = False) -> bool:
        return self.raw.get(name, default) in TRUE

    def number(self, name: str, default: int, most: int) -> int:
        try:
            value = int(self.raw.get(name, default))
        except (TypeError, ValueError):
            raise Refusal("invalid_limit") from None
        if value < 0:
            raise Refusal("invalid_limit")
        return min(value or default, most)

    def structure(self, name: str) -> Any:
        """A nested value: as it is from JSON, parsed from a string otherwise; None when absent or empty."""
        value = self.raw.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value.strip() else None
        except ValueError:
            code = {"blocks": "invalid_blocks_format", "metadata": "invalid_metadata_format"}
            raise Refusal(code.get(name, "invalid_arguments"), problems=[f"{name} is no JSON"]) from None

    def listing(self, name: str) -> list[str]:
        value = self.raw.get(name) or ""
        parts = value if isinstance(value, list) else str(value).split(",")
        return [str(part).strip() for part in parts if str(part).strip()]


@dataclass(frozen=True)
class Method:
    """A row of the table: who answers, what it needs, how often it may be called.

    `scopes` are all needed. A `family` such as `history` needs the scope of the channel's type, and is checked once
    the channel is known.
    """

    answer: Callable[["Call"], Payload]
    tier: Tier = Tier.THREE
    scopes: tuple[str, ...] = ()
    family: str = ""
    app_token: bool = False
    anybody: bool = False


@dataclass
class Call:
    world: World
    method: Method
    arguments: Arguments

    def need(self, *scopes: str, any_of: bool = False) -> None:
        """Refuses with `missing_scope` when the manifest does not grant them."""
        granted = self.world.manifest.scopes
        missing = [scope for scope in scopes if scope not in granted]
        if missing and not (any_of and len(missing) < len(scopes)):
            raise Refusal("missing_scope", needed=",".join(missing), provided=",".join(granted))

    def channel(self, name: str = "channel", *, member: bool = False) -> Channel:
        """The channel an argument names, if the bot may know of it."""
        (wanted,) = self.arguments.needed(name)
        channel = self.world.state.channels.get(wanted)
        if channel is None or (channel.kind != "public" and not self.world.state.bot_in(channel)):
            self._need_family(tuple(FAMILY_PREFIX))
            raise Refusal("channel_not_found")
        self._need_family((channel.kind,))
        if member and not self.world.state.bot_in(channel):
            raise Refusal("not_in_channel")
        return channel

    def user(self, name: str = "user") -> User:
        (wanted,) = self.arguments.needed(name)
        return find_user(self.world, wanted)

    def _need_family(self, kinds: tuple[str, ...]) -> None:
        if self.method.family:
            wanted = [scope for kind in kinds for scope in family_scopes(self.method.family, kind)]
            self.need(*wanted, any_of=True)


FAMILY_PREFIX = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}


def family_scopes(family: str, kind: str) -> tuple[str, ...]:
    """The scopes, any of which lets an app do that to a channel of that kind."""
    prefix = FAMILY_PREFIX[kind]
    if family not in ("write", "invites", "topic"):
        return (f"{prefix}:{family}",)
    widest = "channels:manage" if kind == "public" else f"{prefix}:write"
    narrow = {"invites": f"{prefix}:write.invites", "topic": f"{prefix}:write.topic"}
    return (widest, narrow[family]) if family in narrow else (widest,)


def find_user(world: World, user_id: str) -> User:
    user = world.state.users.get(user_id)
    if user is None:
        raise Refusal("user_not_found")
    return user


def check_token(world: World, method: Method, token: str) -> None:
    if method.anybody:
        return
    if not token:
        raise Refusal("not_authed")
    if token not in (world.bot_token, world.app_token):
        raise Refusal("invalid_auth")
    if (token == world.app_token) is not method.app_token:
        raise Refusal("not_allowed_token_type")


def run(world: World, name: str, method: Method | None, arguments: Arguments, token: str) -> Payload:
    """Answers one call; every refusal is raised."""
    if method is None:
        raise Refusal("unknown_method", req_method=name)
    check_token(world, method, token)
    if world.limits is not None:
        world.limits.charge(name, method.tier)
    call = Call(world, method, arguments)
    call.need(*method.scopes)
    return {"ok": True} | method.answer(call)
