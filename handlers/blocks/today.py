"""Today's briefing in a sentence: where it stands, that it is on its way, or when the next one comes."""

from datetime import date, time
from typing import Literal

from graphs import days
from handlers.blocks import limits, mrkdwn
from handlers.blocks.limits import Block
from memory.models.base import Model
from memory.models.settings import Place

_HEADLINE = 600


class Today(Model):
    """How it stands with a reader's briefing of a day."""

    state: Literal["told", "making", "coming", "quiet", "missed", "off", "forgotten"]
    day: date
    on: bool
    """Whether the person wants briefings."""
    at: time
    place: Place = "channel"
    headline: str = ""
    where: tuple[str, str] | None = None
    """Channel and `ts` of the briefing that was told."""
    next_day: date | None = None


def text(today: Today, team_url: str) -> str:
    """What is so, and what can be done about it."""
    if today.state == "told":
        return _told(today, team_url)
    return {
        "making": f"Your briefing is being made: it comes {_place(today)} in a moment.",
        "coming": f"Your briefing comes today at {today.at:%H:%M}, {_place(today)}.",
        "quiet": f"No briefing is due today{_next(today)}.",
        "missed": f"No briefing reached you today{_next(today)}. *Brief me now* brings today’s.",
        "off": "Your briefings are off: press *Start* to get one each workday morning.",
        "forgotten": "I was asked to forget you, and brief you no more: ask whoever runs me to read you again.",
    }[today.state]


def asked(today: Today, team_url: str) -> str:
    """The same, to somebody who has just asked to be briefed now."""
    if today.state == "forgotten":
        return text(today, team_url)
    if today.state == "told":
        return f"You have had today’s briefing. {text(today, team_url)}"
    return f"I am making your briefing: it comes {_place(today)} in a moment."


def view(today: Today, team_url: str) -> Block:
    """The modal that answers the shortcut."""
    return {
        "type": "modal",
        "callback_id": "brief_me",
        "title": limits.plain("Brief me", limits.VIEW_TITLE),
        "close": limits.plain("Close", limits.VIEW_TITLE),
        "blocks": [limits.section(asked(today, team_url))],
    }


def _told(today: Today, team_url: str) -> str:
    link = mrkdwn.link(mrkdwn.address(team_url, *today.where), "Open it") if today.where else ""
    told = limits.clip(mrkdwn.line(today.headline), _HEADLINE) if today.headline.strip() else "It has come."
    return f"{told} {link}".strip()


def _place(today: Today) -> str:
    return "in your own channel" if today.place == "channel" else "in a direct message"


def _next(today: Today) -> str:
    if today.next_day is None:
        return ""
    return f"; the next comes {days.on(today.next_day, today.day)} at {today.at:%H:%M}"
