"""What one person sees: the side bar with its channels, and the messages of one of them."""

from bot.local.workspace import commands
from bot.local.workspace.actor import Actor
from bot.local.workspace.payloads import color_of, permalink
from bot.local.workspace.state import Channel, Message, Payload, User
from bot.local.workspace.world import World


def side_bar(world: World, viewer: str | None) -> Payload:
    """The team, its people and the channels a person may open; without a viewer, all of them."""
    state = world.state
    channels = state.visible_to(viewer) if viewer else list(state.channels.values())
    team = {"id": state.team.id, "name": state.team.name, "url": world.url, "bot_user_id": state.bot.id}
    return {
        "team": team,
        "now": world.clock.now().isoformat().replace("+00:00", "Z"),
        "message_shortcuts": [
            {"callback_id": callback, "name": name} for callback, name in world.manifest.message_shortcuts
        ],
        **commands.offered(world.manifest),
        "users": [_person(user) for user in state.users.values()],
        "channels": [_room(world, channel, viewer) for channel in channels],
    }


def messages_of(world: World, viewer: Actor, channel: str, thread_ts: str | None) -> list[Payload]:
    """A channel's top level, or a thread with its parent first, oldest first; reading it marks it as read."""
    room = viewer.room(channel)
    seen = [one for one in room.messages if one.seen_by in (None, viewer.id)]
    if thread_ts:
        seen = [one for one in seen if thread_ts in (one.ts, one.thread_ts)]
    else:
        seen = [one for one in seen if one.is_top_level]
        if seen:
            room.read_to[viewer.id] = seen[-1].ts
    return [_line(world, room, message) for message in seen]


def _person(user: User) -> Payload:
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "title": user.title,
        "tz": user.tz,
        "is_bot": user.is_bot,
        "is_guest": user.is_guest,
        "avatar_color": f"#{color_of(user)}",
    }


def _room(world: World, channel: Channel, viewer: str | None) -> Payload:
    top = [one for one in channel.messages if one.is_top_level and one.seen_by in (None, viewer)]
    member = viewer or world.state.bot.id
    read_to = channel.read_to.get(member, "")
    return {
        "id": channel.id,
        "name": _name(world, channel, viewer),
        "kind": "im" if channel.is_direct else channel.kind,
        "members": list(channel.members),
        "is_member": member in channel.members,
        "is_archived": channel.archived,
        "purpose": channel.purpose,
        "last_ts": top[-1].ts if top else None,
        "unread": sum(one.ts > read_to and one.user != viewer for one in top) if viewer in channel.members else 0,
    }


def _name(world: World, channel: Channel, viewer: str | None) -> str:
    if not channel.is_direct:
        return channel.name
    others = [one for one in channel.members if one != viewer] or channel.members
    return ", ".join(world.state.users[one].name for one in others)


def _line(world: World, channel: Channel, message: Message) -> Payload:
    replies = [] if message.is_reply else channel.replies(message.ts)
    return {
        "ts": message.ts,
        "thread_ts": message.thread_ts,
        "user": message.user,
        "bot_name": (message.username or world.state.bot.real_name) if message.bot_id else None,
        "subtype": message.subtype,
        "text": message.text,
        "blocks": message.blocks,
        "metadata": message.metadata,
        "edited": message.edited is not None,
        "reactions": [{"name": name, "users": users} for name, users in message.reactions.items()],
        "reply_count": len(replies),
        "reply_users": list(dict.fromkeys(reply.user for reply in replies)),
        "ephemeral": message.seen_by is not None,
        "permalink": permalink(world.url, channel, message),
    }
