"""chat.*: what the bot says."""

from dataclasses import replace

from bot.local.workspace import messages
from bot.local.workspace.block_limits import MESSAGE, check_blocks, name_blocks
from bot.local.workspace.calls import Call, Method
from bot.local.workspace.membership import open_direct
from bot.local.workspace.payloads import message_payload, permalink
from bot.local.workspace.rate_limits import Tier
from bot.local.workspace.refusals import Refusal
from bot.local.workspace.state import Channel, Message, Payload

LONGEST_TEXT = 40_000
BLOCKS_ONLY = "This content can't be displayed."


def post(call: Call) -> Payload:
    channel = _destination(call)
    message = _draft(call, channel)
    if call.world.limits is not None:
        call.world.limits.charge_post(channel.id)
    messages.post(call.world, channel, message)
    shown = message_payload(message, call.world.state)
    if message.metadata:
        shown["metadata"] = message.metadata
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def post_ephemeral(call: Call) -> Payload:
    """Shows it to one member; in a thread only where there is a reply already, as on Slack, which does not say so."""
    channel = _destination(call)
    user = call.user()
    if user.id not in channel.members:
        raise Refusal("user_not_in_channel")
    message = replace(_draft(call, channel), seen_by=user.id)
    if message.thread_ts is None or channel.replies(message.thread_ts):
        messages.post(call.world, channel, message)
    return {"message_ts": message.ts}


def update(call: Call) -> Payload:
    """Rewrites a message of the bot's own; text alone takes the blocks away, as on Slack."""
    channel = call.channel()
    message = _own(call, channel, "cant_update_message")
    text, blocks = content(call)
    if blocks is None and "text" not in call.arguments:
        raise Refusal("no_text")
    changed = replace(message, text=text, blocks=blocks or [])
    if "metadata" in call.arguments:
        changed.metadata = _metadata(call)
    messages.edit(call.world, channel, message, changed, shows=not blocks)
    shown = message_payload(changed, call.world.state)
    return {"channel": channel.id, "ts": message.ts, "text": changed.text, "message": shown}


def delete(call: Call) -> Payload:
    channel = call.channel()
    message = _own(call, channel, "cant_delete_message")
    messages.delete(call.world, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(call: Call) -> Payload:
    channel = call.channel()
    (ts,) = call.arguments.needed("message_ts")
    message = channel.find(ts)
    if message is None:
        raise Refusal("message_not_found")
    return {"channel": channel.id, "permalink": permalink(call.world.url, channel, message)}


def content(call: Call) -> tuple[str, list[Payload] | None]:
    """The text and the blocks of a call, checked; blocks are None when none were given."""
    text = call.arguments.text("text")
    if len(text) > LONGEST_TEXT:
        raise Refusal("msg_too_long")
    blocks = call.arguments.structure("blocks")
    if blocks is None:
        return text, None
    if problems := check_blocks(blocks, MESSAGE):
        raise Refusal("invalid_blocks", problems=problems)
    return text or (BLOCKS_ONLY if blocks else ""), name_blocks(blocks)


def _destination(call: Call) -> Channel:
    """Where a post goes: a channel by id or name, or a person's DM by their id."""
    (wanted,) = call.arguments.needed("channel")
    state = call.world.state
    if wanted in state.users:
        return open_direct(call.world, [wanted, state.bot.id])[0]
    named = state.named(wanted)
    channel = named if named and (named.kind == "public" or state.bot_in(named)) else None
    if channel is None:
        raise Refusal("channel_not_found")
    if channel.archived:
        raise Refusal("is_archived")
    if not state.bot_in(channel) and "chat:write.public" not in call.world.manifest.scopes:
        raise Refusal("not_in_channel")
    return channel


def _draft(call: Call, channel: Channel) -> Message:
    text, blocks = content(call)
    if not text.strip() and not blocks:
        raise Refusal("no_text")
    root = _root(call, channel)
    broadcast = root is not None and call.arguments.flag("reply_broadcast")
    message = Message(
        ts="",
        user=call.world.state.bot.id,
        text=text,
        thread_ts=root.ts if root else None,
        bot_id=call.world.state.bot_id,
        subtype="thread_broadcast" if broadcast else None,
        broadcast=broadcast,
        blocks=blocks or [],
        metadata=_metadata(call),
    )
    if "username" in call.arguments:
        call.need("chat:write.customize")
        message.username, message.subtype = call.arguments.text("username"), "bot_message"
    message.ts = call.world.clock.stamp()
    return message


def _root(call: Call, channel: Channel) -> Message | None:
    if not call.arguments.text("thread_ts"):
        return None
    root = messages.thread_root(channel, call.arguments.text("thread_ts"))
    if root is None:
        raise Refusal("thread_not_found")
    return root


def _metadata(call: Call) -> Payload | None:
    metadata = call.arguments.structure("metadata")
    if metadata is None or metadata == {}:
        return None
    if not (
        isinstance(metadata, dict)
        and isinstance(metadata.get("event_type"), str)
        and isinstance(metadata.get("event_payload"), dict)
    ):
        raise Refusal("invalid_metadata_format", problems=["metadata needs event_type and event_payload"])
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"]}


def _own(call: Call, channel: Channel, otherwise: str) -> Message:
    (ts,) = call.arguments.needed("ts")
    message = channel.find(ts)
    if message is None or message.seen_by is not None:
        raise Refusal("message_not_found")
    if message.bot_id != call.world.state.bot_id:
        raise Refusal(otherwise)
    return message


METHODS = {
    "chat.postMessage": Method(post, Tier.SPECIAL, ("chat:write",)),
    "chat.postEphemeral": Method(post_ephemeral, Tier.FOUR, ("chat:write",)),
    "chat.update": Method(update, Tier.THREE, ("chat:write",)),
    "chat.delete": Method(delete, Tier.THREE, ("chat:write",)),
    "chat.getPermalink": Method(get_permalink, Tier.SPECIAL),
}
