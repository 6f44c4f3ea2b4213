"""An answer: its sentences with their sources, or that nothing was found."""

from collections.abc import Mapping, Sequence

from handlers.blocks import limits, mrkdwn
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
) -> list[Block]:
    """With `lines`, each sentence has its links after it; without, all links stand below the text.

    `note` says what may be missing: it is mrkdwn already.
    """
    names = channels or {}
    if lines:
        body = [_line(line, team_url, names) for line in lines[:_MOST_LINES]]
    else:
        body = [limits.section(t) for t in limits.split(mrkdwn.escape(answer.text), limits.SECTION, most=5)]
    links = "" if lines else mrkdwn.source_links(answer.sources[:_MOST_SOURCES], team_url, names)
    engine = f"made by {answer.engine}" if answer.sources else ""
    below = " · ".join(part for part in (links, engine, note) if part)
    return [*body, limits.context(below)] if below else body


def fallback(answer: Answer) -> str:
    """The answer as text for notifications and screen readers."""
    return limits.clip(mrkdwn.escape(answer.text), limits.FALLBACK)


def _line(line: Line, team_url: str, channels: Mapping[str, str]) -> Block:
    links = mrkdwn.source_links(line.sources[:_MOST_SOURCES], team_url, channels)
    text = limits.clip(mrkdwn.line(line.text), 1000)
    return limits.section(f"{text}\n{links}" if links else text)
