"""The review of a week: at most ten lines, each with its sources, and the same as plain text."""

from collections.abc import Mapping

from graphs import days
from handlers.blocks import limits, mrkdwn
from handlers.blocks.briefing import DOT, coverage_text
from handlers.blocks.limits import Block
from memory.models.briefings import WEEK_SECTIONS, Briefing, Item, Section

TITLES: dict[Section, str] = {
    "decided": "Decided",
    "delivered": "Delivered",
    "slipped": "Slipped",
    "open": "Still open",
}
_TEXT = 240


def blocks(
    review: Briefing, team_url: str, *, channels: Mapping[str, str] | None = None, tz: str = "UTC"
) -> list[Block]:
    """The whole message: one line an item, kind by kind."""
    day = days.calendar_day(review.local_date, review.local_date)
    footer = f"{coverage_text(review.coverage, tz)}{DOT}made by {review.engine}"
    return [
        limits.header(f"Your week · until {day}"),
        limits.section(mrkdwn.escape(review.headline)),
        *(block for key, items in _sections(review) for block in _lines(key, items, team_url, channels or {})),
        limits.context(footer),
    ]


def fallback(review: Briefing) -> str:
    """The review as text for notifications and screen readers."""
    parts = [review.headline]
    parts += [f"{TITLES[key]}. " + " ".join(map(_aloud, items)) for key, items in _sections(review)]
    return limits.clip(mrkdwn.escape("\n".join(parts)), limits.FALLBACK)


def _aloud(item: Item) -> str:
    return f"{item.correction[0].upper()}{item.correction[1:]}: {item.text}" if item.correction else item.text


def _sections(review: Briefing) -> list[tuple[Section, list[Item]]]:
    found = [(key, [each for each in review.items if each.section == key]) for key in WEEK_SECTIONS]
    return [(key, items) for key, items in found if items]


def _lines(key: Section, items: list[Item], team_url: str, channels: Mapping[str, str]) -> list[Block]:
    """A block a line, so that none is cut; the first one says what they are."""
    lines = [f"• {_line(item, team_url, channels)}" for item in items]
    lines[0] = f"{mrkdwn.bold(TITLES[key])}\n{lines[0]}"
    return [limits.section(line, block_id=f"item-{item.item_id}") for line, item in zip(lines, items, strict=True)]


def _line(item: Item, team_url: str, channels: Mapping[str, str]) -> str:
    said = limits.clip(mrkdwn.line(item.text), _TEXT)
    said = mrkdwn.struck(said) if item.taken_back else said
    if item.correction:
        said = f"{said.removesuffix('.')} · {mrkdwn.bold(mrkdwn.line(item.correction))}"
    return f"{said}  {mrkdwn.source_links(item.sources[:2], team_url, channels)}"
