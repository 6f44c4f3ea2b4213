"""What a raw payload holds, as text, as a time, or as a part of it; what is not there raises Undecodable."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from handlers.errors import Undecodable

Raw = Mapping[str, Any]
LONGEST_TEXT = 40_000
_EARLIEST = Decimal(946_684_800)  # the year 2000: what is older is no message
_LATEST = Decimal(4_102_444_800)  # the year 2100


def text(value: object) -> str:
    """Any text as text: without NUL, with lone surrogates replaced, at most 40,000 characters."""
    if not isinstance(value, str):
        return ""
    clean = value.replace("\x00", "")
    return clean.encode("utf-8", "replace").decode("utf-8")[:LONGEST_TEXT]


def moment(ts: object) -> datetime:
    """A Slack timestamp as a time in UTC, to the microsecond."""
    try:
        seconds = Decimal(str(ts))
    except InvalidOperation as error:
        raise Undecodable("A timestamp is not a number.") from error
    if not seconds.is_finite() or not _EARLIEST <= seconds <= _LATEST:
        raise Undecodable("A timestamp lies outside the years 2000 to 2100.")
    whole = int(seconds)
    return datetime.fromtimestamp(whole, UTC).replace(microsecond=int((seconds - whole) * 1_000_000))


def part(raw: Raw, name: str) -> Raw:
    found = raw.get(name)
    if not isinstance(found, Mapping):
        raise Undecodable(f"A payload has no {name}.")
    return found


def needed(raw: Raw, name: str) -> Any:
    found = raw.get(name)
    if found is None or found == "":
        raise Undecodable(f"A payload has no {name}.")
    return found
