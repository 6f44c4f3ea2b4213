"""conversations.*: what changes them."""

import re

from bot.local.workspace import membership
from bot.local.workspace.calls import Call, Method, family_scopes, find_user
from bot.local.workspace.payloads import channel_payload
from bot.local.workspace.rate_limits import Tier
from bot.local.workspace.refusals import Refusal
from bot.local.workspace.state import Channel, Payload

LONGEST_NAME = 80


def create(call: Call) -> Payload:
    kind = "private" if call.arguments.flag("is_private") else "public"
    call.need(*family_scopes("write", kind))
    name = _free_name(call)
    channel = membership.create(call.world, name, "private" if kind == "private" else "public", _bot(call))
    return _answer(call, channel)


def open_direct(call: Call) -> Payload:
    """Opens a DM with one person, or a group DM with several."""
    if "channel" in call.arguments:
        return _opened(call, call.channel(), already=True)
    wanted = call.arguments.listing("users")
    call.need("mpim:write" if len(wanted) > 1 else "im:write")
    if not wanted:
        raise Refusal("users_list_not_supplied")
    if len(wanted) > 8:
        raise Refusal("too_many_users")
    people = [find_user(call.world, user) for user in wanted]
    if any(person.is_bot for person in people):
        raise Refusal("cannot_dm_bot")
    if any(person.deleted for person in people):
        raise Refusal("user_disabled")
    channel, already = membership.open_direct(call.world, [*(one.id for one in people), _bot(call)])
    return _opened(call, channel, already=already)


def invite(call: Call) -> Payload:
    channel = _living(call)
    users = call.arguments.listing("users")
    if not users:
        raise Refusal("no_user")
    for user in users:
        find_user(call.world, user)
        if user == _bot(call):
            raise Refusal("cant_invite_self")
        if user in channel.members:
            raise Refusal("already_in_channel")
    for user in users:
        membership.join(call.world, channel, user, inviter=_bot(call))
    return _answer(call, channel)


def join(call: Call) -> Payload:
    channel = call.channel()
    if channel.kind != "public":
        raise Refusal("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refusal("is_archived")
    if call.world.state.bot_in(channel):
        return _answer(call, channel) | {"warning": "already_in_channel"}
    membership.join(call.world, channel, _bot(call))
    return _answer(call, channel)


def kick(call: Call) -> Payload:
    channel = _living(call)
    user = call.user()
    if user.id == _bot(call):
        raise Refusal("cant_kick_self")
    if user.id not in channel.members:
        raise Refusal("not_in_channel")
    membership.leave(call.world, channel, user.id)
    return {}


def leave(call: Call) -> Payload:
    channel = call.channel()
    if channel.is_direct:
        raise Refusal("method_not_supported_for_channel_type")
    if not call.world.state.bot_in(channel):
        return {"not_in_channel": True}
    membership.leave(call.world, channel, _bot(call))
    return {}


def set_topic(call: Call) -> Payload:
    channel = _living(call)
    topic = _described(call, "topic")
    membership.describe(call.world, channel, _bot(call), topic=topic)
    return _answer(call, channel)


def set_purpose(call: Call) -> Payload:
    channel = _living(call)
    purpose = _described(call, "purpose")
    membership.describe(call.world, channel, _bot(call), purpose=purpose)
    return _answer(call, channel) | {"purpose": purpose}


def rename(call: Call) -> Payload:
    channel = _living(call)
    membership.rename(call.world, channel, _free_name(call), _bot(call))
    return _answer(call, channel)


def archive(call: Call) -> Payload:
    channel = call.channel(member=True)
    if channel.archived:
        raise Refusal("already_archived")
    if channel.name == "general":
        raise Refusal("cant_archive_general")
    membership.archive(call.world, channel, _bot(call))
    return {}


def _living(call: Call) -> Channel:
    channel = call.channel(member=True)
    if channel.is_direct:
        raise Refusal("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refusal("is_archived")
    return channel


def _free_name(call: Call) -> str:
    """A name by Slack's rules that no other channel bears."""
    name = call.arguments.text("name").removeprefix("#")
    if not name:
        raise Refusal("invalid_name_required")
    if len(name) > LONGEST_NAME:
        raise Refusal("invalid_name_maxlength")
    if re.search(r"[^\w-]", name) or name != name.lower():
        raise Refusal("invalid_name_specials")
    if not re.search(r"[^\W_]", name):
        raise Refusal("invalid_name_punctuation")
    if any(one.name == name for one in call.world.state.channels.values()):
        raise Refusal("name_taken")
    return name


def _described(call: Call, name: str) -> str:
    text = call.arguments.text(name)
    if len(text) > 250:
        raise Refusal("too_long")
    return text


def _bot(call: Call) -> str:
    return call.world.state.bot.id


def _answer(call: Call, channel: Channel) -> Payload:
    return {"channel": channel_payload(channel, call.world.state)}


def _opened(call: Call, channel: Channel, *, already: bool) -> Payload:
    full = call.arguments.flag("return_im")
    shape = channel_payload(channel, call.world.state) if full else {"id": channel.id}
    return {"channel": shape} | ({"no_op": True, "already_open": True} if already else {})


METHODS = {
    "conversations.open": Method(open_direct, Tier.THREE),
    "conversations.create": Method(create, Tier.TWO),
    "conversations.invite": Method(invite, Tier.THREE, family="invites"),
    "conversations.join": Method(join, Tier.THREE, ("channels:join",)),
    "conversations.kick": Method(kick, Tier.THREE, family="write"),
    "conversations.leave": Method(leave, Tier.THREE, family="write"),
    "conversations.setTopic": Method(set_topic, Tier.TWO, family="topic"),
    "conversations.setPurpose": Method(set_purpose, Tier.TWO, family="topic"),
    "conversations.rename": Method(rename, Tier.TWO, family="write"),
    "conversations.archive": Method(archive, Tier.TWO, family="write"),
}
