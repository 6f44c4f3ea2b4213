"""Raw payloads without their secrets: every string in them, and what several strings only say together.

Knows how payloads nest, and of their meaning no more than which strings are shown side by side.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from handlers import redaction
from handlers.errors import RedactionFailed

DEEPEST = 100
LARGEST = 1_000_000
"""Characters: more is no message, and would take longer than Slack waits for an ack."""
_BY_NAME = frozenset({"token", "bot_access_token", "access_token", "refresh_token", "response_url"})
"""What these hold is a secret whatever it looks like."""
_LONGEST_NAME = 20
"""Characters that Slack's own names have at most, and ours; what is longer may be anything."""
_LAID_OUT = frozenset({"blocks", "attachments", "elements", "files"})
_SHOWN = ("pretext", "title", "text", "value", "fallback", "plain_text", "preview", "footer")
_INLINE = frozenset({"text", "link", "user", "usergroup", "channel", "emoji", "broadcast", "date", "color"})
"""Kinds of elements that are set in one line, with nothing between them."""


@dataclass(frozen=True)
class _Piece:
    """A string as it is shown, and where it is kept; or what the layout puts between two of them."""

    text: str
    holder: dict[str, Any] | None = None
    name: str = ""


def redacted(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload without secrets, else as it came.

    Raises:
        RedactionFailed: it cannot be told what is secret in it: too deep, too large, or a detector failed.
    """
    if _size(payload, DEEPEST) > LARGEST:
        raise RedactionFailed("A payload is too large.")
    # Together first: half a secret that looks like a whole one would hide where the other half belongs.
    joined = _copy(payload)
    for part in _layouts(joined):
        _redact_together(list(_pieces(part)))
    clean: dict[str, Any] = _redacted(joined)
    return clean


def _size(value: object, deeper: int) -> int:
    if deeper < 0:
        raise RedactionFailed("A payload is nested too deeply.")
    if isinstance(value, Mapping):
        return sum(_size(name, deeper) + _size(part, deeper - 1) for name, part in value.items())
    if isinstance(value, list):
        return sum(_size(part, deeper - 1) for part in value)
    return len(value) if isinstance(value, str) else 1


def _copy(value: Any) -> Any:
    if isinstance(value, list):
        return [_copy(part) for part in value]
    if isinstance(value, Mapping):
        return {str(name): _copy(part) for name, part in value.items()}
    return value


def _redacted(value: Any) -> Any:
    if isinstance(value, str):
        return redaction.redact(value)
    if isinstance(value, list):
        return [_redacted(part) for part in value]
    if isinstance(value, dict):
        return {
            (redaction.redact(name) if len(name) > _LONGEST_NAME else name): f"[redacted: {name}]"
            if name in _BY_NAME and isinstance(part, str) and part
            else _redacted(part)
            for name, part in value.items()
        }
    return value


def _layouts(value: object) -> Iterator[list[Any]]:
    """The outermost lists of what is shown."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            if name in _LAID_OUT and isinstance(part, list):
                yield part
            else:
                yield from _layouts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _layouts(part)


def _pieces(node: object) -> Iterator[_Piece]:
    """What is shown, in its order."""
    if isinstance(node, list):
        for part in node:
            yield from _pieces(part)
            if not _is_inline(part):
                yield _Piece("\n")
    elif isinstance(node, dict):
        shown = [name for name in _SHOWN if isinstance(node.get(name), str)]
        if not shown and _is_inline(node):
            yield _Piece(node["url"], node, "url") if isinstance(node.get("url"), str) else _Piece(" ")
        for name in shown:
            yield _Piece(node[name], node, name)
            if len(shown) > 1:
                yield _Piece(": " if name == "title" else "\n")
        for part in node.values():
            if isinstance(part, list | dict):
                yield from _pieces(part)


def _is_inline(node: object) -> bool:
    kind = node.get("type") if isinstance(node, dict) else None
    return isinstance(kind, str) and kind in _INLINE


def _redact_together(pieces: list[_Piece]) -> None:
    """Takes out of each piece its part of a secret; where the secret began stands the marker."""
    for span in reversed(redaction.spans("".join(piece.text for piece in pieces))):
        begins, said = 0, False
        for place, piece in enumerate(pieces):
            start, end = max(span.start - begins, 0), min(span.end - begins, len(piece.text))
            begins += len(piece.text)
            if start < end and piece.holder is not None:
                marker = "" if said else redaction.marker(span)
                text = piece.text[:start] + marker + piece.text[end:]
                piece.holder[piece.name] = text
                pieces[place] = _Piece(text, piece.holder, piece.name)
                said = True
