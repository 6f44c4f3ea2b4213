"""conversations.*: what reads them."""

from bot.local.workspace import paging
from bot.local.workspace.calls import Call, Method
from bot.local.workspace.clock import moment_of
from bot.local.workspace.payloads import channel_payload, history_payload
from bot.local.workspace.rate_limits import Tier
from bot.local.workspace.refusals import Refusal
from bot.local.workspace.state import Message, Payload
from bot.local.workspace.web_api.users import listing


def conversation_list(call: Call) -> Payload:
    return listing(call)


def conversation_info(call: Call) -> Payload:
    channel = call.channel()
    payload = channel_payload(channel, call.world.state)
    if call.arguments.flag("include_num_members"):
        payload["num_members"] = len(channel.members)
    return {"channel": payload}


def conversation_members(call: Call) -> Payload:
    members, cursor = paging.page(list(call.channel().members), call.arguments)
    return {"members": members} | paging.metadata(cursor)


def history(call: Call) -> Payload:
    """Top-level messages, newest first; the cursor names a message, so that new ones do not shift the pages."""
    channel = call.channel(member=True)
    found = [one for one in reversed(channel.messages) if one.is_top_level and one.seen_by is None]
    found = [one for one in found if _within(call, one)]
    start = paging.read("next_ts", call.arguments.text("cursor"))
    if start:
        found = [one for one in found if one.ts <= start]
    size = call.arguments.number("limit", 100, 999)
    cursor = paging.write("next_ts", found[size].ts) if len(found) > size else ""
    metadata = call.arguments.flag("include_all_metadata")
    shown = [history_payload(one, channel, call.world.state, metadata=metadata) for one in found[:size]]
    return {"messages": shown, "has_more": bool(cursor), "pin_count": 0} | (paging.metadata(cursor) if cursor else {})


def replies(call: Call) -> Payload:
    """A thread with its parent first, oldest first."""
    channel = call.channel(member=True)
    (ts,) = call.arguments.needed("ts")
    parent = channel.find(ts)
    if parent is None or parent.seen_by is not None:
        raise Refusal("thread_not_found")
    answers = [] if parent.is_reply else [one for one in channel.replies(ts) if _within(call, one)]
    thread, cursor = paging.page([parent, *answers], call.arguments, default=1000)
    metadata = call.arguments.flag("include_all_metadata")
    shown = [history_payload(one, channel, call.world.state, metadata=metadata) for one in thread]
    return {"messages": shown, "has_more": bool(cursor)} | (paging.metadata(cursor) if cursor else {})


def mark(call: Call) -> Payload:
    channel = call.channel(member=True)
    (ts,) = call.arguments.needed("ts")
    channel.read_to[call.world.state.bot.id] = ts
    return {}


def _within(call: Call, message: Message) -> bool:
    """Whether a message lies between `oldest` and `latest`, both exclusive unless `inclusive`."""
    inclusive = call.arguments.flag("inclusive")
    at = moment_of(message.ts)
    oldest, latest = call.arguments.text("oldest"), call.arguments.text("latest")
    try:
        after = not oldest or at > moment_of(oldest) or (inclusive and at == moment_of(oldest))
    except ValueError:
        raise Refusal("invalid_ts_oldest") from None
    try:
        before = not latest or at < moment_of(latest) or (inclusive and at == moment_of(latest))
    except ValueError:
        raise Refusal("invalid_ts_latest") from None
    return after and before


METHODS = {
    "conversations.list": Method(conversation_list, Tier.TWO),
    "conversations.info": Method(conversation_info, Tier.THREE, family="read"),
    "conversations.members": Method(conversation_members, Tier.FOUR, family="read"),
    "conversations.history": Method(history, Tier.THREE, family="history"),
    "conversations.replies": Method(replies, Tier.THREE, family="history"),
    "conversations.mark": Method(mark, Tier.THREE, family="write"),
}
