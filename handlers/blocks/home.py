"""The App Home: whether briefings are on, when they come, the buttons to change that, and what was learnt."""

from datetime import date, time

from graphs import days
from handlers.blocks import learnt as learnt_blocks
from handlers.blocks import limits, mrkdwn
from handlers.blocks.limits import Block
from memory.models.base import Model


class Home(Model):
    """What a person sees of their own settings."""

    briefings_on: bool
    brief_at: time
    tz: str
    last_briefing: date | None = None
    learnt: tuple[learnt_blocks.Line, ...] = ()


def view(home: Home) -> Block:
    return {"type": "home", "blocks": blocks(home)}


def blocks(home: Home) -> list[Block]:
    """Brief me now is there for readers only: others are not messaged."""
    start = limits.button("Start", "start", style="primary")
    running = [limits.button("Brief me now", "brief_me", style="primary"), limits.button("Stop", "stop")]
    return [
        limits.header("Daybook"),
        limits.section(_state(home)),
        limits.actions(running if home.briefings_on else [start], "home"),
        limits.context(_last(home)),
        *learnt_blocks.blocks(home.learnt),
    ]


def _state(home: Home) -> str:
    if not home.briefings_on:
        return "*Your briefings are off.* Press Start to get one each workday morning."
    zone = limits.clip(mrkdwn.line(home.tz.replace("_", " ")), 100)
    when = f"workdays at {home.brief_at:%H:%M} ({zone})"
    return f"*Your briefings are on:* {when}, or when you are first active after 06:00."


def _last(home: Home) -> str:
    if home.last_briefing is None:
        return "No briefing yet."
    return f"Last briefing: {days.calendar_day(home.last_briefing, home.last_briefing)} {home.last_briefing.year}"
