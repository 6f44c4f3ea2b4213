"""How users, channels, messages and views look on the wire, in Slack's shapes."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.local.workspace.state import Channel, Message, Payload, State, User

CHANNEL_TYPE = {"public": "channel", "private": "group", "im": "im", "mpim": "mpim"}
COLORS = ("9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "e0a729", "684b6c", "5b89d5", "2b6836")


def color_of(user: User) -> str:
    return COLORS[sum(user.id.encode()) % len(COLORS)]


def user_payload(user: User, team_id: str, at: datetime, *, with_email: bool) -> Payload:
    """A user as `users.info` has it; the address only for apps that hold `users:read.email`."""
    offset = at.astimezone(ZoneInfo(user.tz)).utcoffset()
    names = {"real_name": user.real_name, "real_name_normalized": user.real_name}
    payload: Payload = {
        "id": user.id,
        "team_id": team_id,
        "name": user.name,
        "deleted": user.deleted,
        "color": color_of(user),
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": at.astimezone(ZoneInfo(user.tz)).tzname(),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile_payload(user, team_id, with_email=with_email) | names,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": user.updated,
    }
    ranks = ("is_admin", "is_owner", "is_primary_owner", "is_ultra_restricted")
    return payload | dict.fromkeys(ranks, False) | {"is_restricted": user.is_guest}


def profile_payload(user: User, team_id: str, *, with_email: bool) -> Payload:
    payload: Payload = {
        "title": user.title,
        "phone": "",
        "skype": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "fields": None,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": "",
        "team": team_id,
        **user.profile,
    }
    return payload | {"email": user.email} if with_email and user.email else payload


def channel_payload(channel: Channel, state: State) -> Payload:
    """A conversation as `conversations.info` has it for the bot."""
    shared: Payload = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.archived,
        "is_org_shared": False,
        "context_team_id": state.team.id,
        "updated": channel.created * 1000,
    }
    if channel.kind == "im":
        other = next((one for one in channel.members if one != state.bot.id), state.bot.id)
        return shared | {"is_im": True, "user": other, "is_user_deleted": state.users[other].deleted, "priority": 0}
    return shared | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_im": False,
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "public",
        "is_general": channel.name == "general",
        "unlinked": 0,
        "is_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "parent_conversation": None,
        "creator": channel.creator,
        "is_ext_shared": False,
        "shared_team_ids": [state.team.id],
        "pending_connected_team_ids": [],
        "is_member": state.bot_in(channel),
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
        "previous_names": [],
    }


def bot_profile(state: State) -> Payload:
    return {
        "id": state.bot_id,
        "deleted": False,
        "name": state.bot.name,
        "updated": state.bot.updated,
        "app_id": state.app_id,
        "icons": {},
        "team_id": state.team.id,
    }


def message_payload(message: Message, state: State) -> Payload:
    """A message by itself: what events carry, and what history adds its counts to."""
    payload: Payload = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    optional = {
        "subtype": message.subtype,
        "username": message.username,
        "thread_ts": message.thread_ts,
        "client_msg_id": message.client_msg_id,
        "edited": message.edited,
        "blocks": message.blocks or None,
    }
    payload |= {key: value for key, value in optional.items() if value is not None}
    if message.bot_id:
        payload |= {"bot_id": message.bot_id, "app_id": state.app_id, "bot_profile": bot_profile(state)}
    return payload | {"team": state.team.id} | message.extra


def history_payload(message: Message, channel: Channel, state: State, *, metadata: bool = False) -> Payload:
    """A message as history shows it: with its reactions, and the counts of its thread."""
    payload = message_payload(message, state)
    if message.reactions:
        payload["reactions"] = reactions_payload(message)
    if metadata and message.metadata:
        payload["metadata"] = message.metadata
    if message.is_reply:
        parent = channel.find(message.thread_ts or "")
        return payload | ({"parent_user_id": parent.user} if parent else {})
    replies = channel.replies(message.ts)
    return payload | thread_payload(message, replies) if replies else payload


def thread_payload(parent: Message, replies: list[Message]) -> Payload:
    people = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": parent.ts,
        "reply_count": len(replies),
        "reply_users_count": len(people),
        "reply_users": people[:5],
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


def reactions_payload(message: Message) -> list[Payload]:
    return [
        {"name": name, "users": list(users), "count": len(users)} for name, users in message.reactions.items() if users
    ]


def permalink(base_url: str, channel: Channel, message: Message) -> str:
    """The address of a message; a reply's names its thread, as Slack's do."""
    link = f"{base_url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    return f"{link}?thread_ts={message.thread_ts}&cid={channel.id}" if message.is_reply else link
