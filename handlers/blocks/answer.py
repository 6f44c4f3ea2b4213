"""An answer: its sentences with their sources, or that nothing was found."""

from collections.abc import Mapping, Sequence

from handlers.blocks import limits, mrkdwn, rating
from handlers.blocks.limits import Block
from memory.models.base import Model
from memory.models.briefings import Answer, Source

_MOST_SOURCES = 5
_MOST_LINES = 10


class Line(Model):
    """One sentence and what it rests on."""

    text: str
    sources: tuple[Source, ...]


def blocks(
    answer: Answer,
    team_url: str,
    *,
    lines: Sequence[Line] = (),
    channels: Mapping[str, str] | None = None,
    note: str = "",
    promises: Sequence[Block] = (),
    rated: bool = True,
) -> list[Block]:
    """With `lines`, each sentence has its links after it; without, all links stand below the text.

    `note` says what may be missing: it is mrkdwn already. Below that stands what can be pressed of the reader's
    `promises`, and last they say whether it helped, if it is to be `rated`.
    """
    names = channels or {}
    if lines:
        body = [_line(line, team_url, names) for line in lines[:_MOST_LINES]]
    else:
        body = [limits.section(part) for part in parts(mrkdwn.escape(answer.text))]
    links = "" if lines else mrkdwn.source_links(answer.sources[:_MOST_SOURCES], team_url, names)
    engine = f"made by {answer.engine}" if answer.sources else ""
    below = " · ".join(part for part in (links, engine, note) if part)
    thumbs = [rating.thumbs(answer.answer_id)] if rated else []
    return [*body, *([limits.context(below)] if below else []), *promises, *thumbs]


def lines(answer: Answer) -> list[Line]:
    """Its lines with their sources; none where it is not known which rests on what."""
    told = answer.text.splitlines()
    if len(told) != len(answer.lines) or not any(answer.lines):
        return []
    places = zip(told, answer.lines, strict=True)
    return [Line(text=text, sources=tuple(answer.sources[n] for n in found)) for text, found in places if text.strip()]


def fallback(answer: Answer) -> str:
    """The answer as text for notifications and screen readers."""
    return limits.clip(mrkdwn.escape(answer.text), limits.FALLBACK)


def parts(text: str) -> list[str]:
    """A block a line, so that its sentences stand apart; what is longer than that is only cut."""
    lines = [line for line in text.splitlines() if line.strip()]
    if 0 < len(lines) <= _MOST_LINES and all(limits.size(line) <= limits.SECTION for line in lines):
        return lines
    return limits.split(text, limits.SECTION, most=5)


def _line(line: Line, team_url: str, channels: Mapping[str, str]) -> Block:
    links = mrkdwn.source_links(line.sources[:_MOST_SOURCES], team_url, channels)
    text = limits.clip(mrkdwn.line(line.text), 1000)
    return limits.section(f"{text}\n{links}" if links else text)
