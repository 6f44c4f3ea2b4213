"""What a raw payload holds, as text, as a time, or as a part of it; what is not there raises Undecodable."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from handlers.errors import Undecodable
from handlers.redaction import redact

Raw = Mapping[str, Any]
Given = ParamSpec("Given")
Read = TypeVar("Read")
LONGEST_TEXT = 40_000
LONGEST_ID = 100
_TS = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")
_BONES = frozenset(
    "team_id event_id event_time event event_ts ts thread_ts deleted_ts channel user bot_id"
    " id envelope_id payload item message previous_message edited actions action_ts".split()
)
_KINDS = ("type", "subtype", "channel_type", "action_id", "reaction", "tab")
_BONE = re.compile(r"(?:Ev)?[A-Z0-9]{1,20}|[0-9.]{1,24}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_KIND = re.compile(r"[a-z_]{1,40}")
_DEEPEST = 5
_WORDED = frozenset({"message", "app_mention", "user_change", "team_join"})
_EARLIEST = Decimal(946_684_800)  # the year 2000: what is older is no message
_LATEST = Decimal(4_102_444_800)  # the year 2100


def refusing(read: Callable[Given, Read]) -> Callable[Given, Read]:
    """The same decoder, which says Undecodable of whatever it stumbles over.

    Not chained: what the error says may quote somebody's words.
    """

    @wraps(read)
    def attempt(*given: Given.args, **named: Given.kwargs) -> Read:
        try:
            return read(*given, **named)
        except (AttributeError, TypeError, KeyError, ValueError) as error:
            raise Undecodable(f"A payload is malformed ({type(error).__name__}).") from None

    return attempt


def text(value: object) -> str:
    """Any text as text: without secrets and NUL, with lone surrogates replaced, at most 40,000 characters."""
    if not isinstance(value, str):
        return ""
    # Secrets first: what is cut off or left out could hide one.
    clean = redact(value).replace("\x00", "")
    return clean.encode("utf-8", "replace").decode("utf-8")[:LONGEST_TEXT]


def moment(ts: object) -> datetime:
    """A Slack timestamp as a time in UTC, to the microsecond."""
    if not _TS.fullmatch(str(ts)):
        raise Undecodable("A timestamp is not a number.")
    seconds = Decimal(str(ts))
    if not _EARLIEST <= seconds <= _LATEST:
        raise Undecodable("A timestamp lies outside the years 2000 to 2100.")
    whole = int(seconds)
    return datetime.fromtimestamp(whole, UTC).replace(microsecond=int((seconds - whole) * 1_000_000))


def kind_of(payload: Raw) -> str:
    """What kind of delivery this says it is; of any delivery, however it looks."""
    event = payload.get("event")
    named = (event if isinstance(event, Mapping) else payload).get("type")
    if named is None and "command" in payload:
        return "slash_command"  # the one kind that does not say so itself
    return named if isinstance(named, str) and _KIND.fullmatch(named) else "unknown"


def bones(payload: object, depth: int = 0) -> object:
    """What remains of a payload without anybody's words: its shape, its kinds, its ids and times."""
    if depth > _DEEPEST:
        return None
    if isinstance(payload, Mapping):
        kinds = {n: held for n in _KINDS if isinstance(held := payload.get(n), str) and _KIND.fullmatch(held)}
        return {name: bones(held, depth + 1) for name, held in payload.items() if name in _BONES} | kinds
    if isinstance(payload, list):
        return [bones(held, depth + 1) for held in payload[:20]]
    if isinstance(payload, str):
        return payload if _BONE.fullmatch(payload) else None
    return payload if isinstance(payload, bool | int | float) else None


def has_words(payload: Raw) -> bool:
    """Whether a delivery tells something that its bones do not."""
    told = payload.get("event")
    event = told if isinstance(told, Mapping) else {}
    kind = str(event.get("type"))
    return (kind in _WORDED and event.get("subtype") != "message_deleted") or kind.endswith("_rename")


def part(raw: Raw, name: str) -> Raw:
    found = raw.get(name)
    if not isinstance(found, Mapping):
        raise Undecodable(f"A payload has no {name}.")
    return found


def external_id(raw: Raw, name: str) -> str:
    """An id or a timestamp of the source's: short, and nothing but visible characters."""
    found = raw.get(name)
    if found is None or found == "":
        raise Undecodable(f"A payload has no {name}.")
    written = str(found)
    if not isinstance(found, str | int | float) or len(written) > LONGEST_ID or not written.isprintable():
        raise Undecodable(f"A payload's {name} is no id.")
    return written
