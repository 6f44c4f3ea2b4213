"""Secrets are taken out of texts before anything is stored. What was there is said in a marker: `[redacted: jwt]`."""

from collections.abc import Iterator
from dataclasses import dataclass

from handlers import detectors
from handlers.disguises import Reading, readings
from handlers.errors import RedactionFailed

SHORTEST = 8
"""Characters: in fewer there is no room for a secret and what tells that it is one."""


@dataclass(frozen=True)
class Span:
    """A secret in a text. `rank`: the place of its detector in the list, by which overlapping ones are named."""

    start: int
    end: int
    rank: int


def redact(text: str) -> str:
    """The text without its secrets; the same text again where there are none, or none any more.

    Raises:
        RedactionFailed: it cannot be told. Not even then is the text to be stored.
    """
    found = spans(text) if len(text) >= SHORTEST else []
    if not found:
        return text
    parts: list[str] = []
    done = 0
    for span in found:
        parts += [text[done : span.start], marker(span)]
        done = span.end
    return "".join([*parts, text[done:]])


def marker(span: Span) -> str:
    return f"[redacted: {detectors.DETECTORS[span.rank].kind}]"


def spans(text: str) -> list[Span]:
    """Where the secrets of a text stand, in order; what overlaps is one."""
    try:
        found = sorted((span for reading in readings(text) for span in _found(reading)), key=lambda s: (s.start, s.end))
    except Exception as error:  # noqa: BLE001 - a detector's bug, whatever it is
        # Not chained: what the error says may quote the text.
        raise RedactionFailed(f"Redaction failed ({type(error).__name__}).") from None
    merged: list[Span] = []
    for span in found:
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            merged[-1] = Span(last.start, max(last.end, span.end), min(last.rank, span.rank))
        else:
            merged.append(span)
    return merged


def _found(reading: Reading) -> Iterator[Span]:
    folded = reading.text.lower()
    token_like = detectors.TOKEN_LIKE.search(reading.text) is not None
    for rank, detector in enumerate(detectors.DETECTORS):
        sought = detector.bare if reading.bare else detector
        if sought and (token_like or not sought.prefixed):
            for start, end in sought.secrets(reading.text, folded):
                yield Span(*reading.origin(start, end), rank)
