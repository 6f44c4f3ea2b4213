"""Slack's limits for Block Kit, and how any text is made to fit them."""

from collections.abc import Mapping, Sequence
from typing import Any

Block = dict[str, Any]
"""One Block Kit element, as Slack takes it."""

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
SECTION = 3000
HEADER = 150
CONTEXT_ELEMENTS = 10
BUTTON_LABEL = 75
BUTTON_VALUE = 2000
VIEW_TITLE = 24
LABEL = 2000
OPTION, OPTION_VALUE = 75, 150
PLACEHOLDER = 150
MENU_OPTIONS = 5
SELECT_OPTIONS = 100
FALLBACK = 3500
"""Below the 4,000 characters from which Slack advises against a message's text."""

_EMPTY = "–"
_LINKS = ("<http://", "<https://")
"""How a link of ours begins; what people wrote is escaped by then, or is no markup."""


def size(text: str) -> int:
    """The length as Slack's clients count it: an emoji outside the basic plane counts twice."""
    return len(text) + sum(ord(c) > 0xFFFF for c in text)


def clip(text: str, limit: int) -> str:
    """At most `limit` characters, never empty, with an ellipsis where it was cut; no entity or link is cut."""
    text = text.strip()
    if not text:
        return _EMPTY
    if size(text) <= limit:
        return text
    return _whole(text, _fitting(text, limit - 1)).rstrip() + "…"


def split(text: str, limit: int, most: int) -> list[str]:
    """The text in pieces of at most `limit`, cut at line ends or spaces; what does not fit in `most` is left off."""
    pieces: list[str] = []
    rest = text.strip()
    while rest and len(pieces) < most - 1 and size(rest) > limit:
        piece = _fitting(rest, limit)
        at = max(piece.rfind("\n"), piece.rfind(" "))
        piece = piece[:at] if at > limit // 2 else piece
        piece = _whole(rest, piece) or piece
        pieces.append(piece.strip() or _EMPTY)
        rest = rest[len(piece) :].strip()
    return [*pieces, clip(rest, limit)] if rest or not pieces else pieces


def _fitting(text: str, limit: int) -> str:
    cut = text[:limit]
    while size(cut) > limit:
        cut = cut[: -max(1, (size(cut) - limit) // 2)]
    return cut


def _whole(text: str, cut: str) -> str:
    """The beginning `cut` of a text, up to before a link or an entity of which it holds a part only."""
    start = cut.rfind("<")
    if start >= 0 and ">" not in cut[start:] and text.startswith(_LINKS, start):
        cut = cut[:start]
    start = cut.rfind("&", max(len(cut) - 5, 0))
    return cut[:start] if start >= 0 and ";" not in cut[start:] else cut


def plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": clip(text, limit), "emoji": True}


def mrkdwn(text: str, limit: int = SECTION) -> Block:
    """Text that is already escaped. `verbatim`: Slack must not make links or mentions of what people wrote."""
    return {"type": "mrkdwn", "text": clip(text, limit), "verbatim": True}


def section(text: str, *, block_id: str | None = None, accessory: Block | None = None) -> Block:
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if block_id:
        block["block_id"] = clip(block_id, 255)
    if accessory:
        block["accessory"] = accessory
    return block


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, HEADER)}


def context(*texts: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text) for text in texts[:CONTEXT_ELEMENTS]]}


def actions(buttons: Sequence[Block], block_id: str) -> Block:
    return {"type": "actions", "block_id": clip(block_id, 255), "elements": list(buttons[:25])}


def menu(action_id: str, options: Mapping[str, str]) -> Block:
    """The menu behind three dots: labels by their values. It keeps nothing: the same can be chosen again."""
    offered = [{"text": plain(label, OPTION), "value": value} for value, label in options.items()]
    return {"type": "overflow", "action_id": action_id, "options": offered[:MENU_OPTIONS]}


def select(placeholder: str, action_id: str, options: Mapping[str, str]) -> Block:
    """One of several, of which none is chosen yet: labels by their values."""
    offered = [{"text": plain(label, OPTION), "value": value} for value, label in options.items()]
    return {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain(placeholder, PLACEHOLDER),
        "options": offered[:SELECT_OPTIONS],
    }


def button(label: str, action_id: str, value: str = "", *, style: str | None = None) -> Block:
    block: Block = {"type": "button", "action_id": action_id, "text": plain(label, BUTTON_LABEL)}
    if value:
        block["value"] = clip(value, BUTTON_VALUE)
    if style:
        block["style"] = style
    return block
