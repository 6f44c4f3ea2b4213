"""conversations.*: what reads them."""

from bot.local.workspace import paging
from bot.local.workspace.calls import Call, Method
from bot.local.workspace.clock import moment_of, ts_of
from bot.local.workspace.payloads import channel_payload, history_payload
from bot.local.workspace.rate_limits import Tier
from bot.local.workspace.refusals import Refusal
from bot.local.workspace.state import Message, Payload
from bot.local.workspace.web_api.users import listing

DIGITS = 20


def conversation_list(call: Call) -> Payload:
    return listing(call)


def describe_conversation(call: Call) -> Payload:
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
    found = _between(call, found)
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
    answers = [] if parent.is_reply else _between(call, channel.replies(ts))
    thread, cursor = paging.page([parent, *answers], call.arguments, default=1000)
    metadata = call.arguments.flag("include_all_metadata")
    shown = [history_payload(one, channel, call.world.state, metadata=metadata) for one in thread]
    return {"messages": shown, "has_more": bool(cursor)} | (paging.metadata(cursor) if cursor else {})


def mark(call: Call) -> Payload:
    channel = call.channel(member=True)
    (ts,) = call.arguments.needed("ts")
    channel.read_to[call.world.state.bot.id] = ts
    return {}


def _between(call: Call, messages: list[Message]) -> list[Message]:
    """The messages between `oldest` and `latest`, both exclusive unless `inclusive`."""
    inclusive = call.arguments.flag("inclusive")
    oldest, latest = _bound(call, "oldest"), _bound(call, "latest")
    return [
        one
        for one in messages
        if (not oldest or one.ts.zfill(DIGITS) > oldest or (inclusive and one.ts.zfill(DIGITS) == oldest))
        and (not latest or one.ts.zfill(DIGITS) < latest or (inclusive and one.ts.zfill(DIGITS) == latest))
    ]


def _bound(call: Call, name: str) -> str:
    """A bound written so that it compares with a message's `ts` as text."""
    given = call.arguments.text(name)
    try:
        return ts_of(moment_of(given)).zfill(DIGITS) if given else ""
    except ValueError:
        raise Refusal(f"invalid_ts_{name}") from None


METHODS = {
    "conversations.list": Method(conversation_list, Tier.TWO),
    "conversations.info": Method(describe_conversation, Tier.THREE, family="read"),
    "conversations.members": Method(conversation_members, Tier.FOUR, family="read"),
    "conversations.history": Method(history, Tier.THREE, family="history"),
    "conversations.replies": Method(replies, Tier.THREE, family="history"),
    "conversations.mark": Method(mark, Tier.THREE, family="write"),
}
