"""Slack's cursors: opaque words that name the place where the next page begins."""

import base64
import binascii
from typing import TypeVar

from bot.local.workspace.calls import Arguments
from bot.local.workspace.refusals import Refusal
from bot.local.workspace.state import Payload

T = TypeVar("T")


def page(items: list[T], arguments: Arguments, *, default: int = 100, most: int = 1000) -> tuple[list[T], str]:
    """One page of a list, and the cursor of the next, empty at the end."""
    try:
        start = int(read("next", arguments.text("cursor")) or 0)
    except ValueError:
        raise Refusal("invalid_cursor") from None
    end = start + arguments.number("limit", default, most)
    return items[start:end], write("next", str(end)) if end < len(items) else ""


def metadata(cursor: str) -> Payload:
    return {"response_metadata": {"next_cursor": cursor}}


def write(word: str, place: str) -> str:
    return base64.b64encode(f"{word}:{place}".encode()).decode()


def read(word: str, cursor: str) -> str:
    """The place a cursor names, empty for no cursor; refuses what was not written under that word."""
    if not cursor:
        return ""
    try:
        found, _, place = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Refusal("invalid_cursor") from None
    if found != word:
        raise Refusal("invalid_cursor")
    return place
