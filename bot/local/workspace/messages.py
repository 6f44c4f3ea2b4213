"""What happens to messages, whoever does it: posted, edited, deleted, reacted to."""

from dataclasses import replace

from bot.local.workspace.payloads import message_payload
from bot.local.workspace.state import Channel, Message, Payload
from bot.local.workspace.world import World

TOMBSTONE = "This message was deleted."


def post(world: World, channel: Channel, message: Message) -> Message:
    """Puts a message into its channel and tells those who watch."""
    channel.add(message)
    if message.seen_by is None:
        event = _event_of(world, channel, message)
        world.events.message(channel, event)
        _mention(world, channel, message)
    world.changes.note("message", channel=channel.id)
    return message


def edit(world: World, channel: Channel, message: Message, changed: Message, *, shows: bool = True) -> Message:
    """Replaces a message by its new version; `shows` whether Slack marks it as edited."""
    before = message_payload(message, world.state)
    ts = world.clock.stamp()
    changed.edited = {"user": changed.user, "ts": ts} if shows else message.edited
    channel.remove(message)
    channel.add(changed)
    if message.seen_by is None:
        after = message_payload(changed, world.state)
        world.events.message(channel, _hidden("message_changed", ts, message=after, previous_message=before))
        if changed.text != message.text:
            _mention(world, channel, changed, event_ts=ts)
    world.changes.note("message", channel=channel.id)
    return changed


def delete(world: World, channel: Channel, message: Message) -> None:
    """Takes a message away; a parent with replies stays as a tombstone."""
    if channel.replies(message.ts):
        grave = Message(message.ts, "USLACKBOT", TOMBSTONE, thread_ts=message.ts, subtype="tombstone")
        grave.extra = {"hidden": True}
        edit(world, channel, message, grave, shows=False)
        return
    channel.remove(message)
    if message.seen_by is None:
        before = message_payload(message, world.state)
        deleted = {"deleted_ts": message.ts, "previous_message": before}
        world.events.message(channel, _hidden("message_deleted", world.clock.stamp(), **deleted))
    world.changes.note("message", channel=channel.id)


def react(world: World, channel: Channel, message: Message, user: str, name: str) -> bool:
    """Adds a reaction; False when it is there already."""
    users = message.reactions.setdefault(name, [])
    if user in users:
        return False
    users.append(user)
    event = {"type": "reaction_added", "user": user, "reaction": name}
    _tell_reaction(world, channel, message, event)
    return True


def unreact(world: World, channel: Channel, message: Message, user: str, name: str) -> bool:
    """Takes a reaction back; False when there is none."""
    users = message.reactions.get(name, [])
    if user not in users:
        return False
    users.remove(user)
    if not users:
        del message.reactions[name]
    event = {"type": "reaction_removed", "user": user, "reaction": name}
    _tell_reaction(world, channel, message, event)
    return True


def thread_root(channel: Channel, thread_ts: str) -> Message | None:
    """The parent of the thread that a `ts` belongs to, when it is given a reply's own."""
    named = channel.find(thread_ts)
    return channel.find(named.thread_ts) if named and named.is_reply and named.thread_ts else named


def revised(message: Message, text: str) -> Message:
    return replace(message, text=text)


def note(world: World, channel: Channel, user: str, subtype: str, text: str, **extra: str) -> Message:
    """A line of Slack's own, such as "has joined the channel"."""
    return post(world, channel, Message(world.clock.stamp(), user, text, subtype=subtype, extra=extra))


def _tell_reaction(world: World, channel: Channel, message: Message, event: Payload) -> None:
    item = {"type": "message", "channel": channel.id, "ts": message.ts}
    world.events.about(channel, event | {"item": item, "item_user": message.user, "event_ts": world.clock.stamp()})
    world.changes.note("message", channel=channel.id)


def _event_of(world: World, channel: Channel, message: Message) -> Payload:
    event = message_payload(message, world.state)
    if message.is_reply:
        parent = channel.find(message.thread_ts or "")
        if parent is not None:
            event["parent_user_id"] = parent.user
            if message.broadcast:
                event["root"] = message_payload(parent, world.state)
    return event


def _mention(world: World, channel: Channel, message: Message, event_ts: str | None = None) -> None:
    bot = world.state.bot.id
    if message.user == bot or message.subtype not in (None, "thread_broadcast"):
        return
    if f"<@{bot}>" in message.text or f"<@{bot}|" in message.text:
        event = message_payload(message, world.state)
        world.events.mention(channel, event | ({"event_ts": event_ts} if event_ts else {}))


def _hidden(subtype: str, ts: str, **parts: object) -> Payload:
    return {"type": "message", "subtype": subtype, "hidden": True, "ts": ts, "event_ts": ts, **parts}
