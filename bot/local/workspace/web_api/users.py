"""users.*: who is in the team, and which conversations somebody is in."""

from bot.local.workspace import paging
from bot.local.workspace.calls import FAMILY_PREFIX, Call, Method
from bot.local.workspace.payloads import channel_payload, profile_payload, user_payload
from bot.local.workspace.rate_limits import Tier
from bot.local.workspace.refusals import Refusal
from bot.local.workspace.state import Payload, User

KIND_OF_TYPE = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


def describe_user(call: Call) -> Payload:
    return {"user": _shape(call, call.user())}


def user_list(call: Call) -> Payload:
    people, cursor = paging.page(list(call.world.state.users.values()), call.arguments, most=1000)
    members = [_shape(call, user) for user in people]
    return {"members": members, "cache_ts": int(call.world.clock.now().timestamp())} | paging.metadata(cursor)


def user_profile(call: Call) -> Payload:
    user = call.user() if "user" in call.arguments else call.world.state.bot
    return {"profile": profile_payload(user, call.world.state.team.id, with_email=_with_email(call))}


def user_conversations(call: Call) -> Payload:
    """The conversations of a person that the bot may know of, by default its own."""
    user = call.user() if "user" in call.arguments else call.world.state.bot
    return listing(call, of=user)


def listing(call: Call, of: User | None = None) -> Payload:
    """A page of conversations of the types asked for; each type needs its own scope."""
    kinds = _kinds(call)
    state = call.world.state
    found = [
        channel
        for channel in state.channels.values()
        if channel.kind in kinds
        and (channel.kind == "public" or state.bot_in(channel))
        and (of is None or of.id in channel.members)
        and not (channel.archived and call.arguments.flag("exclude_archived"))
    ]
    found, cursor = paging.page(found, call.arguments)
    return {"channels": [channel_payload(channel, state) for channel in found]} | paging.metadata(cursor)


def _kinds(call: Call) -> set[str]:
    types = call.arguments.listing("types") or ["public_channel"]
    if not set(types) <= set(KIND_OF_TYPE):
        raise Refusal("invalid_types")
    kinds = {KIND_OF_TYPE[one] for one in types}
    call.need(*sorted(f"{FAMILY_PREFIX[kind]}:read" for kind in kinds))
    return kinds


def _with_email(call: Call) -> bool:
    return "users:read.email" in call.world.manifest.scopes


def _shape(call: Call, user: User) -> Payload:
    now = call.world.clock.now()
    return user_payload(user, call.world.state.team.id, now, with_email=_with_email(call))


METHODS = {
    "users.info": Method(describe_user, Tier.FOUR, ("users:read",)),
    "users.list": Method(user_list, Tier.TWO, ("users:read",)),
    "users.profile.get": Method(user_profile, Tier.FOUR, ("users.profile:read",)),
    "users.conversations": Method(user_conversations, Tier.THREE),
}
