"""What happens to channels: who is in them, what they are called, who may find them."""

from bot.local.workspace import messages
from bot.local.workspace.state import Channel, Kind, Payload
from bot.local.workspace.world import World

CONVERTED = {
    "private": "made this channel *private*. Now, it can only be viewed or joined by invitation.",
    "public": "made this channel *public*. Any member in this workspace can see and join it.",
}


def create(world: World, name: str, kind: Kind, creator: str, purpose: str = "") -> Channel:
    """A new channel with its creator in it."""
    prefix = "D" if kind == "im" else "C"
    created = int(world.clock.now().timestamp())
    channel = Channel(world.state.fresh_id(prefix), name, kind, [creator], creator, created, purpose)
    world.state.channels[channel.id] = channel
    if kind == "public":
        summary = {"id": channel.id, "name": name, "created": created, "creator": creator}
        world.events.tell({"type": "channel_created", "channel": summary})
    world.changes.note("channel", channel=channel.id)
    return channel


def join(world: World, channel: Channel, user: str, inviter: str | None = None) -> None:
    """Takes a person in; the app is told when it is in the channel, even by this very act."""
    channel.members.append(user)
    invited = {"inviter": inviter} if inviter else {}
    line = messages.note(world, channel, user, "channel_join", f"<@{user}> has joined the channel", **invited)
    world.events.about(channel, _member_event(world, "member_joined_channel", channel, user) | invited)
    channel.read_to.setdefault(user, line.ts)
    world.changes.note("channel", channel=channel.id)


def leave(world: World, channel: Channel, user: str) -> None:
    """Lets a person go; when it is the bot, it hears `channel_left` or `group_left` and nothing more."""
    channel.members.remove(user)
    messages.note(world, channel, user, "channel_leave", f"<@{user}> has left the channel")
    world.events.about(channel, _member_event(world, "member_left_channel", channel, user))
    if user == world.state.bot.id:
        kind = "channel_left" if channel.kind == "public" else "group_left"
        world.events.tell({"type": kind, "channel": channel.id, "actor_id": user})
    world.changes.note("channel", channel=channel.id)


def convert(world: World, channel: Channel, kind: Kind, user: str) -> None:
    """Makes a channel private or public; it keeps its id, as on Slack."""
    channel.kind = kind
    messages.note(world, channel, user, f"channel_convert_to_{kind}", CONVERTED[kind])
    world.changes.note("channel", channel=channel.id)


def rename(world: World, channel: Channel, name: str, user: str) -> None:
    old, channel.name = channel.name, name
    summary = {"id": channel.id, "name": name, "name_normalized": name, "created": channel.created}
    _tell(world, channel, {"type": _named(channel, "rename"), "channel": summary})
    text = f'has renamed the channel from "{old}" to "{name}"'
    messages.note(world, channel, user, "channel_name", text, old_name=old, name=name)
    world.changes.note("channel", channel=channel.id)


def archive(world: World, channel: Channel, user: str, *, archived: bool = True) -> None:
    channel.archived = archived
    act = "archive" if archived else "unarchive"
    _tell(world, channel, {"type": _named(channel, act), "channel": channel.id, "user": user})
    world.changes.note("channel", channel=channel.id)


def describe(
    world: World, channel: Channel, user: str, *, topic: str | None = None, purpose: str | None = None
) -> None:
    """Sets the topic, the purpose, or both."""
    if topic is not None:
        channel.topic = topic
        messages.note(world, channel, user, "channel_topic", f"set the channel topic: {topic}")
    if purpose is not None:
        channel.purpose = purpose
        messages.note(world, channel, user, "channel_purpose", f"set the channel description: {purpose}")
    world.changes.note("channel", channel=channel.id)


def open_direct(world: World, members: list[str]) -> tuple[Channel, bool]:
    """The conversation of exactly these people, and whether it was there before."""
    found = world.state.direct(set(members))
    if found is not None:
        return found, True
    kind: Kind = "im" if len(members) == 2 else "mpim"
    name = "" if kind == "im" else "mpdm-" + "--".join(world.state.users[one].name for one in members) + "-1"
    channel = create(world, name, kind, members[0])
    channel.members = list(members)
    if kind == "im" and world.state.bot_in(channel):
        world.events.tell({"type": "im_created", "user": members[0], "channel": {"id": channel.id}})
    return channel, False


def _member_event(world: World, kind: str, channel: Channel, user: str) -> Payload:
    letter = "C" if channel.kind == "public" else "G"
    return {
        "type": kind,
        "user": user,
        "channel": channel.id,
        "channel_type": letter,
        "team": world.state.team.id,
        "event_ts": world.clock.stamp(),
    }


def _named(channel: Channel, act: str) -> str:
    return f"channel_{act}" if channel.kind == "public" else f"group_{act}"


def _tell(world: World, channel: Channel, event: Payload) -> None:
    """A public channel's changes reach every app that asked; a private one's only its members."""
    if channel.kind == "public":
        world.events.tell(event)
    else:
        world.events.about(channel, event)
