"""The morning briefing: sections of items with their sources and buttons, and the same as plain text.

What one can act on (needs you, promises, blocked) has a row of buttons; the rest carries *Why?* beside it, and the
buttons stand in the view that it opens. In a long briefing only what needs the reader has a row.
So the fullest one stays within 50 blocks, with few buttons. What its
reader has answered says so in its line, and can be undone there.
"""

from collections.abc import Mapping
from datetime import datetime

from graphs import days
from handlers.blocks import buttons, limits, mrkdwn
from handlers.blocks.limits import Block
from memory.models.briefings import SECTIONS, Briefing, Coverage, Item, Section, Tag

TITLES: dict[Section, str] = {
    "needs_you": "Needs you",
    "decisions": "Decisions",
    "promises": "Promises",
    "blocked": "Blocked",
    "today": "Today",
    "also": "Also",
}
_TAGS: dict[Tag, str] = {"new": "", "changed": "changed", "still_open": "still open", "resolved": ""}
_WITH_ROW: frozenset[Section] = frozenset({"needs_you", "promises", "blocked"})
_TEXT, _WHY = 500, 200
DOT = "\u00a0· "
"""Between the parts of a footer: where the line breaks, it ends with the dot."""


def blocks(
    briefing: Briefing, team_url: str, *, channels: Mapping[str, str] | None = None, tz: str = "UTC"
) -> list[Block]:
    """The whole message; `channels` names containers by external id, times are shown in `tz`."""
    day = days.calendar_day(briefing.local_date, briefing.local_date)
    top = [limits.header(f"Your briefing · {day}"), limits.section(mrkdwn.escape(briefing.headline))]
    footer = limits.context(_footer(briefing, tz))
    room = limits.MESSAGE_BLOCKS - len(top) - 2  # the footer, and the line that says how many more
    body, too_many = _body(briefing.items, team_url, channels or {}, room)
    left_out = too_many + briefing.coverage.left_out
    more = [limits.context(_more(left_out))] if left_out else []
    return [*top, *body, *more, footer]


def fallback(briefing: Briefing) -> str:
    """The briefing as text for notifications and screen readers: no links, no marks, whole sentences."""
    parts = [briefing.headline]
    for key in SECTIONS:
        items = [i for i in briefing.items if i.section == key]
        if items:
            parts.append(f"{TITLES[key]}. " + " ".join(_aloud(i) for i in items))
    return limits.clip(mrkdwn.escape("\n".join(parts)), limits.FALLBACK)


def coverage_text(coverage: Coverage, tz: str) -> str:
    """What the briefing was made from, in one line."""
    channels = f"{coverage.containers} channel{'' if coverage.containers == 1 else 's'}"
    messages = f"{coverage.messages} message{'' if coverage.messages == 1 else 's'}"
    parts = [f"{channels}, {messages}"]
    if coverage.since and coverage.until:
        parts.append(_span(coverage.since, coverage.until, tz))
    if coverage.pending:
        parts.append(f"{coverage.pending} newer not worked out yet")
    return DOT.join(parts)


def _body(items: tuple[Item, ...], team_url: str, channels: Mapping[str, str], room: int) -> tuple[list[Block], int]:
    """As many items as fit, section by section, and how many did not."""
    ordered = [i for key in SECTIONS for i in items if i.section == key]
    body: list[Block] = []
    shown: set[Section] = set()
    titles = len({i.section for i in ordered})
    rows = sum(i.section in _WITH_ROW for i in ordered)  # done or not: what is pressed moves nothing else
    with_row = _WITH_ROW if titles + len(ordered) + rows <= room else frozenset[Section]({"needs_you"})
    for number, item in enumerate(ordered):
        title = [] if item.section in shown else [limits.section(mrkdwn.bold(TITLES[item.section]))]
        group = [*title, *_item(item, team_url, channels, with_row)]
        if len(body) + len(group) > room:
            return body, len(ordered) - number
        body += group
        shown.add(item.section)
    return body, 0


def _item(item: Item, team_url: str, channels: Mapping[str, str], with_row: frozenset[Section]) -> list[Block]:
    text, key, why = _text(item, team_url, channels), f"item-{item.item_id}", buttons.why(item.item_id)
    if item.section in with_row:
        row = limits.actions(buttons.choices(item, why), f"act-{item.item_id}")
        return [limits.section(text, block_id=key), row]
    return [limits.section(text, block_id=key, accessory=buttons.undo_or_why(item) if item.answered else why)]


def _text(item: Item, team_url: str, channels: Mapping[str, str]) -> str:
    said = limits.clip(mrkdwn.line(item.text), _TEXT)
    notes = [note for note in (answered(item) or (not item.correction and _tag(item)), item.correction) if note]
    note = " · ".join(mrkdwn.bold(mrkdwn.line(each)) for each in notes)
    first = mrkdwn.struck(said) if item.done or item.taken_back else said
    if note and not item.done:
        first = f"{first.removesuffix('.')} · {note}"
    told = "" if item.answered or item.taken_back else mrkdwn.line(item.why)
    why = mrkdwn.italic(limits.clip(told, _WHY)) if told else ""
    links = mrkdwn.source_links(item.sources[:3], team_url, channels)
    return "\n".join(part for part in (first, why, links) if part)


def answered(item: Item) -> str:
    """What its reader has said of it, other than that it is done."""
    if item.confirmed and not item.answered:
        return "confirmed by you"
    if item.declined:
        return "you will see less like this"
    return f"snoozed until {days.calendar_day(item.snoozed_until, item.snoozed_until)}" if item.snoozed_until else ""


def _tag(item: Item) -> str:
    """What is new needs no word, of what is resolved the sentence tells; what is open says for how many mornings."""
    day = f", day {item.day}" if item.tag == "still_open" and item.day > 1 else ""
    return f"{_TAGS[item.tag]}{day}"


def _aloud(item: Item) -> str:
    text = " ".join(item.text.split())
    ended = text if text.rstrip("”").endswith((".", "?", "!", "…")) or text.endswith("”.") else f"{text}."
    note = "done" if item.done else answered(item) or item.correction
    return f"{note[0].upper()}{note[1:]}: {ended}" if note else ended


def _footer(briefing: Briefing, tz: str) -> str:
    return f"{coverage_text(briefing.coverage, tz)}{DOT}made by {briefing.engine}"


def _span(since: datetime, until: datetime, tz: str) -> str:
    """Of a single day that day is named once."""
    first, last = _moment(since, tz), _moment(until, tz)
    day = first[:-5]
    return f"{first} – {last.removeprefix(day)}"


def _moment(at: datetime, tz: str) -> str:
    local = at.astimezone(days.zone(tz))
    return f"{days.calendar_day(local.date(), local.date())} {local:%H:%M}"


def _more(count: int) -> str:
    return f"…and {days.counted(count)} more that did not fit. Ask me in a direct message about anything you miss."
