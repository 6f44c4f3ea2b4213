"""reactions.*: what people and the bot think of a message."""

import re

from bot.local.workspace import messages
from bot.local.workspace.calls import Call, Method
from bot.local.workspace.payloads import history_payload, permalink
from bot.local.workspace.rate_limits import Tier
from bot.local.workspace.refusals import Refusal
from bot.local.workspace.state import Channel, Message, Payload


def add(call: Call) -> Payload:
    channel, message = _target(call)
    if not messages.react(call.world, channel, message, call.world.state.bot.id, _name(call)):
        raise Refusal("already_reacted")
    return {}


def remove(call: Call) -> Payload:
    channel, message = _target(call)
    if not messages.unreact(call.world, channel, message, call.world.state.bot.id, _name(call)):
        raise Refusal("no_reaction")
    return {}


def get(call: Call) -> Payload:
    channel, message = _target(call)
    shape = history_payload(message, channel, call.world.state)
    shape["permalink"] = permalink(call.world.url, channel, message)
    return {"type": "message", "channel": channel.id, "message": shape}


def _target(call: Call) -> tuple[Channel, Message]:
    (ts,) = call.arguments.needed("timestamp")
    channel = call.channel()
    message = channel.find(ts)
    if message is None or message.seen_by is not None:
        raise Refusal("message_not_found")
    return channel, message


def _name(call: Call) -> str:
    name = call.arguments.text("name").strip(":")
    if not re.fullmatch(r"[\w+'-]+(::skin-tone-[2-6])?", name):
        raise Refusal("invalid_name")
    return name


METHODS = {
    "reactions.add": Method(add, Tier.THREE, ("reactions:write",)),
    "reactions.remove": Method(remove, Tier.TWO, ("reactions:write",)),
    "reactions.get": Method(get, Tier.THREE, ("reactions:read",)),
}
