"""Raw payloads -> models. The only reader of raw dicts; what it cannot read raises Undecodable."""

import re
from collections.abc import Callable, Mapping
from zoneinfo import available_timezones

from handlers import forms, presses, sayings
from handlers.arrivals import (
    Arrival,
    ContainerChanged,
    HomeOpened,
    MembershipChanged,
    MessageArrived,
    MessageGone,
    PersonChanged,
    Reacted,
)
from handlers.errors import Undecodable
from handlers.raw import Raw, external_id, moment, part, refusing, text
from memory.models.containers import Container, ContainerKind, Membership
from memory.models.ids import ContainerId, TeamId, container_id, message_id, person_id
from memory.models.messages import Deletion, Message, MessageKind, Reaction
from memory.models.people import Person

SLACK = presses.SLACK
_MENTION = re.compile(r"<@([A-Z0-9]{2,20})(?:\|[^>]{0,80})?>")
_ZONES = frozenset(available_timezones())
_CHANNEL_KINDS: dict[str, ContainerKind] = {
    "channel": "public",
    "group": "private",
    "im": "dm",
    "mpim": "group_dm",
    "app_home": "dm",
}
_SPOKEN = frozenset({"file_share", "me_message", "thread_broadcast", "bot_message"})
"""Subtypes that are somebody's words; every other one is a line that the platform wrote."""
_QUOTED = ("is_share", "is_msg_unfurl")
"""Of an attachment: it is another message, shared or linked to."""


def body(payload: Raw, own_id: str) -> list[Arrival]:
    """What a Slack envelope's payload tells; nothing for events and views that Daybook does not need."""
    try:
        team = TeamId(
            external_id(payload, "team_id") if "team_id" in payload else external_id(part(payload, "team"), "id")
        )
        match payload.get("type"):
            case "event_callback":
                return event(part(payload, "event"), team, own_id)
            case "block_actions":
                return list(presses.pressed(payload, team))
            case "shortcut":
                return list(presses.called(payload, team))
            case None if "command" in payload:
                return list(presses.commanded(payload, team))
            case "view_submission":
                return [
                    *presses.submitted(payload, team),
                    *forms.submitted(payload, team, SLACK),
                    *sayings.confirmed(payload, team, SLACK),
                    *sayings.tracked(payload, team, SLACK),
                ]
            case "view_closed" | "message_action":
                return []  # a shortcut at a message opens a view, which was done at once
    except (AttributeError, TypeError, KeyError, ValueError) as error:
        # Not chained: what the error says may quote somebody's words.
        raise Undecodable(f"A payload is malformed ({type(error).__name__}).") from None
    raise Undecodable("A payload of a kind that we do not know.")


def event(raw: Raw, team: TeamId, own_id: str) -> list[Arrival]:
    """What one event tells. `own_id` is Daybook's own user id in this workspace."""
    read = EVENTS.get(str(raw.get("type")))
    return read(raw, team, own_id) if read else []


@refusing
def message(raw: Raw, team: TeamId, container: ContainerId) -> Message:
    """One message, live or from an export."""
    ts = external_id(raw, "ts")
    posted_at = moment(ts)
    author = next((external_id(raw, name) for name in ("user", "bot_id") if raw.get(name)), None)
    edited = raw.get("edited")
    edited_at = moment(edited["ts"]) if isinstance(edited, Mapping) and "ts" in edited else None
    words = _words(raw)
    thread = external_id(raw, "thread_ts") if raw.get("thread_ts") else None
    return Message(
        message_id=message_id(container, ts),
        team_id=team,
        container_id=container,
        external_ts=ts,
        thread_ts=thread if thread != ts else None,
        author_id=person_id(team, SLACK, author) if author else None,
        kind=_message_kind(raw),
        posted_at=posted_at,
        text=words,
        mentions=tuple(dict.fromkeys(person_id(team, SLACK, found) for found in _MENTION.findall(words))),
        edited_at=edited_at if edited_at and edited_at > posted_at else None,
        client_msg_id=text(raw.get("client_msg_id")) or None,
    )


@refusing
def reactions(raw: Raw, message_of: Message) -> list[Reaction]:
    """The reactions that an export or a history lists on a message."""
    return [
        Reaction(
            message_id=message_of.message_id,
            container_id=message_of.container_id,
            person_id=person_id(message_of.team_id, SLACK, str(user)),
            name=text(each.get("name")),
            added=True,
            at=message_of.posted_at,
        )
        for each in raw.get("reactions") or ()
        for user in each.get("users") or ()
    ]


@refusing
def person(raw: Raw, team: TeamId) -> Person:
    """A user as `users.info`, `users.list`, `user_change` and exports describe one."""
    profile = raw.get("profile") or {}
    guest = any(raw.get(flag) for flag in ("is_restricted", "is_ultra_restricted", "is_stranger"))
    guest = guest or _from_elsewhere(raw, team)
    external = external_id(raw, "id")
    zone = text(raw.get("tz"))
    return Person(
        person_id=person_id(team, SLACK, external),
        team_id=team,
        external_id=external,
        handle=text(profile.get("display_name")) or text(raw.get("name")),
        real_name=text(profile.get("real_name")) or text(raw.get("real_name")),
        title=text(profile.get("title")),
        email=text(profile.get("email")),
        tz=zone if zone in _ZONES else "UTC",
        role="bot" if raw.get("is_bot") or external == "USLACKBOT" else "guest" if guest else "member",
        deactivated=bool(raw.get("deleted")),
    )


def _from_elsewhere(raw: Raw, team: TeamId) -> bool:
    """Whether a user's home is another workspace: Slack flags no partner who shares a channel with us."""
    homes = (raw.get("enterprise_user") or {}).get("teams") or [raw.get("team_id") or team]
    return team not in homes


@refusing
def container(raw: Raw, team: TeamId) -> Container:
    """A channel as `conversations.list`, `conversations.info` and exports describe one."""
    external = external_id(raw, "id")
    kind: ContainerKind = "public"
    if raw.get("is_im"):
        kind = "dm"
    elif raw.get("is_mpim"):
        kind = "group_dm"
    elif raw.get("is_private") or raw.get("is_group"):
        kind = "private"
    return Container(
        container_id=container_id(team, SLACK, external),
        team_id=team,
        external_id=external,
        kind=kind,
        name=text(raw.get("name")),
        archived=bool(raw.get("is_archived")),
        read_by_daybook=bool(raw.get("is_member", True)),
    )


def arrived(raw: Raw, team: TeamId, where: Container, own_id: str) -> MessageArrived:
    """A message as it stands in Slack, and whether it is addressed to Daybook."""
    found = message(raw, team, where.container_id)
    own = raw.get("user") == own_id
    asks = found.kind == "human" and not own
    mentioned = person_id(team, SLACK, own_id) in found.mentions
    return MessageArrived(
        message=found,
        container=where,
        asks_daybook=asks and (mentioned or where.kind == "dm"),
        own=own,
    )


def _message_event(raw: Raw, team: TeamId, own_id: str) -> list[Arrival]:
    where = _place(raw, team)
    at = raw.get("event_ts") or raw.get("ts")
    match raw.get("subtype"):
        case "message_deleted":
            ts = external_id(raw, "deleted_ts")
            return [MessageGone(deletion=_deletion(team, where.container_id, ts, at))]
        case "message_changed":
            changed = part(raw, "message")
            if changed.get("subtype") == "tombstone":
                ts = external_id(changed, "ts")
                return [MessageGone(deletion=_deletion(team, where.container_id, ts, at))]
            return [arrived(changed, team, where, own_id)]
        case "channel_convert_to_private" | "channel_convert_to_public":
            kind: ContainerKind = "private" if str(raw["subtype"]).endswith("private") else "public"
            return [
                ContainerChanged(
                    container_id=where.container_id, team_id=team, external_id=where.external_id, kind=kind
                )
            ]
        case "channel_name" | "group_name" | "channel_archive" | "channel_unarchive" | "message_replied":
            return []  # told by events of their own
    return [arrived(raw, team, where, own_id)]


def _mention_event(raw: Raw, team: TeamId, own_id: str) -> list[Arrival]:
    """The same message also arrives as `message`, unless that event is missed: either one asks, and only once."""
    return [arrived(raw, team, _place(raw, team), own_id)]


def _deletion(team: TeamId, where: ContainerId, ts: str, at: object) -> Deletion:
    return Deletion(
        team_id=team,
        container_id=where,
        message_id=message_id(where, ts),
        external_ts=ts,
        posted_at=moment(ts),
        at=moment(at or ts),
    )


def _reaction_event(raw: Raw, team: TeamId, own_id: str) -> list[Arrival]:
    item = part(raw, "item")
    if item.get("type") != "message" or raw.get("user") == own_id:
        return []
    where = container_id(team, SLACK, external_id(item, "channel"))
    found = Reaction(
        message_id=message_id(where, external_id(item, "ts")),
        container_id=where,
        person_id=person_id(team, SLACK, external_id(raw, "user")),
        name=text(raw.get("reaction")),
        added=raw.get("type") == "reaction_added",
        at=moment(raw.get("event_ts") or item["ts"]),
    )
    return [Reacted(reaction=found)]


def _member_event(raw: Raw, team: TeamId, own_id: str) -> list[Arrival]:
    where = _place(raw, team)
    user = external_id(raw, "user")
    change = Membership(
        container_id=where.container_id,
        person_id=person_id(team, SLACK, user),
        joined=raw.get("type") == "member_joined_channel",
        at=moment(raw.get("event_ts")),
    )
    return [MembershipChanged(membership=change, container=where, own=user == own_id)]


def _left_event(raw: Raw, team: TeamId, own_id: str) -> list[Arrival]:
    """Daybook was taken out: Slack tells it so, and nothing more of that channel."""
    where = _place(raw, team)
    at = moment(raw.get("event_ts"))
    own = person_id(team, SLACK, own_id)
    change = Membership(container_id=where.container_id, person_id=own, joined=False, at=at)
    return [MembershipChanged(membership=change, container=where, own=True)]


def _channel_event(raw: Raw, team: TeamId, own_id: str) -> list[Arrival]:  # noqa: ARG001 - one signature for all events
    """`channel` is an id, or for some kinds an object with a name."""
    channel = raw.get("channel")
    external = external_id(channel if isinstance(channel, Mapping) else {"id": channel}, "id")
    kind = str(raw.get("type"))
    change = ContainerChanged(
        container_id=container_id(team, SLACK, external),
        team_id=team,
        external_id=external,
        name=text(channel.get("name")) if isinstance(channel, Mapping) and kind.endswith("_rename") else None,
        archived=kind.endswith(("_archive", "_deleted")) if kind.endswith(("archive", "_deleted")) else None,
    )
    return [change]


def _person_event(raw: Raw, team: TeamId, own_id: str) -> list[Arrival]:  # noqa: ARG001
    return [PersonChanged(person=person(part(raw, "user"), team))]


def _home_event(raw: Raw, team: TeamId, own_id: str) -> list[Arrival]:  # noqa: ARG001
    user = external_id(raw, "user")
    at = moment(raw.get("event_ts"))
    tab = "messages" if raw.get("tab") == "messages" else "home"
    channel = external_id(raw, "channel") if raw.get("channel") else ""
    person_of = person_id(team, SLACK, user)
    return [HomeOpened(team_id=team, person_id=person_of, external_id=user, at=at, tab=tab, channel=channel)]


EVENTS: dict[str, Callable[[Raw, TeamId, str], list[Arrival]]] = {
    "message": _message_event,
    "app_mention": _mention_event,
    "reaction_added": _reaction_event,
    "reaction_removed": _reaction_event,
    "member_joined_channel": _member_event,
    "member_left_channel": _member_event,
    "channel_left": _left_event,
    "group_left": _left_event,
    "user_change": _person_event,
    "team_join": _person_event,
    "app_home_opened": _home_event,
    **dict.fromkeys(
        (
            "channel_rename",
            "group_rename",
            "channel_archive",
            "group_archive",
            "channel_unarchive",
            "group_unarchive",
            "channel_deleted",
            "group_deleted",
        ),
        _channel_event,
    ),
}


def _message_kind(raw: Raw) -> MessageKind:
    subtype = raw.get("subtype")
    if subtype and subtype not in _SPOKEN:
        return "notice"
    return "bot" if raw.get("bot_id") or subtype == "bot_message" else "human"


def _words(raw: Raw) -> str:
    """What a message says: its text, or where an app left that empty, what its attachments say.

    A message that is shared is quoted in one. It stands where it was said, for those who may read it there: here it is
    nobody's words, or a private channel's would be told to all who may read this one.
    """
    words = text(raw.get("text"))
    if words:
        return words
    own = (each for each in raw.get("attachments") or () if not any(each.get(flag) for flag in _QUOTED))
    attached = (each.get("fallback") or each.get("text") for each in own)
    named = (each.get("title") or each.get("name") for each in raw.get("files") or ())
    return text("\n".join(part for part in (*attached, *named) if isinstance(part, str) and part))


def _place(raw: Raw, team: TeamId) -> Container:
    external = external_id(raw, "channel")
    letter: ContainerKind = "dm" if external.startswith("D") else "private"
    kind = _CHANNEL_KINDS.get(str(raw.get("channel_type")), letter)
    return Container(container_id=container_id(team, SLACK, external), team_id=team, external_id=external, kind=kind)
