"""*Why?*: the view that explains an item: what put it there, and the words it rests on."""

from collections.abc import Mapping, Sequence
from datetime import date

from graphs import days
from handlers.blocks import limits, mrkdwn
from handlers.blocks.limits import Block
from memory.models.base import Model
from memory.models.briefings import Item, Source

_MOST_QUOTES = 10
_QUOTE = 1200


class Quote(Model):
    """A message that the reader may read at this moment, in the words of its author."""

    author: str
    text: str
    day: date
    source: Source


def view(
    item: Item,
    quotes: Sequence[Quote],
    team_url: str,
    *,
    reasons: Sequence[str] = (),
    channels: Mapping[str, str] | None = None,
) -> Block:
    """The modal; `reasons` are those beyond the one that the item shows."""
    said = limits.section(mrkdwn.struck(mrkdwn.line(item.text)) if item.done else mrkdwn.line(item.text))
    body = [said, _reasons(item, reasons), limits.section(mrkdwn.bold("What it rests on"))]
    body += [_quote(q, team_url, channels or {}) for q in quotes[:_MOST_QUOTES]] or [
        limits.section("Nothing that you may read at this moment.")
    ]
    if len(quotes) > _MOST_QUOTES:
        body.append(limits.context(f"…and {len(quotes) - _MOST_QUOTES} more."))
    if not item.done:
        body.append(limits.actions([limits.button("Done", "item_done", str(item.item_id))], f"act-{item.item_id}"))
    return {
        "type": "modal",
        "callback_id": "item_why",
        "private_metadata": str(item.item_id),
        "title": limits.plain("Why this?", limits.VIEW_TITLE),
        "close": limits.plain("Close", limits.VIEW_TITLE),
        "blocks": body,
    }


def _reasons(item: Item, reasons: Sequence[str]) -> Block:
    told = dict.fromkeys(mrkdwn.line(r).rstrip(".") for r in (item.why, *reasons) if r.strip())
    lines = [f"• {limits.clip(one[:1].upper() + one[1:], 250)}" for one in list(told)[:10]]
    return limits.section("\n".join(["*Why it is here for you*", *lines]))


def _quote(quote: Quote, team_url: str, channels: Mapping[str, str]) -> Block:
    label = f"{mrkdwn.place(quote.source, channels)} · {days.calendar_day(quote.day, quote.day)}"
    where = mrkdwn.link(mrkdwn.permalink(team_url, quote.source), label)
    lines = limits.clip(mrkdwn.escape(quote.text), _QUOTE).splitlines() or [""]
    said = "\n".join(f"> {line}" for line in lines[:12])
    author = limits.clip(mrkdwn.line(quote.author), 100)
    return limits.section(f"{mrkdwn.bold(author)} in {where}\n{said}")
