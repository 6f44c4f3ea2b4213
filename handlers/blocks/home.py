"""The App Home: today's briefing, what is promised, the settings, what is read, what is known and what was learnt."""

from datetime import UTC, date, datetime

from graphs import days
from handlers.blocks import coverage as coverage_blocks
from handlers.blocks import holdings as holdings_blocks
from handlers.blocks import known, limits, mrkdwn
from handlers.blocks import learnt as learnt_blocks
from handlers.blocks import settings as settings_blocks
from handlers.blocks import today as today_blocks
from handlers.blocks.coverage import Coverage
from handlers.blocks.holdings import Holdings
from handlers.blocks.known import Promises, Show
from handlers.blocks.limits import Block
from handlers.blocks.today import Today
from memory.models.base import Model
from memory.models.settings import Settings


class Home(Model):
    """What a person sees of today, of what they owe and are owed, and of their own settings."""

    briefings_on: bool
    settings: Settings = Settings()
    tz: str
    today: date
    now: datetime = datetime.min.replace(tzinfo=UTC)
    last_briefing: date | None = None
    morning: Today
    promises: Promises = Promises()
    show: Show
    coverage: Coverage = Coverage()
    holdings: Holdings = Holdings()
    learnt: tuple[learnt_blocks.Line, ...] = ()


def view(home: Home) -> Block:
    return {"type": "home", "blocks": blocks(home)}


def blocks(home: Home) -> list[Block]:
    """Brief me now is there for readers only: others are not messaged."""
    start = limits.button("Start", "start", style="primary")
    running = [limits.button("Brief me now", "brief_me", style="primary"), limits.button("Stop", "stop")]
    divider: Block = {"type": "divider"}
    return [
        limits.header("Daybook"),
        *_today(home),
        limits.actions(running if home.briefings_on else [start], "home"),
        divider,
        *known.mine(home.promises, home.show),
        *known.theirs(home.promises, home.show),
        divider,
        limits.section(_state(home)),
        settings_blocks.summary(home.settings, home.today),
        limits.context(_last(home)),
        divider,
        *coverage_blocks.blocks(home.coverage, home.now, home.tz),
        *holdings_blocks.summary(home.holdings),
        *learnt_blocks.blocks(home.learnt),
    ]


def _today(home: Home) -> list[Block]:
    if home.morning.state == "off":
        return []  # the state of the briefings says so, with what to do
    return [limits.section(f"*Today*\n{today_blocks.text(home.morning, home.show.team_url)}")]


def _state(home: Home) -> str:
    if not home.briefings_on:
        return "*Your briefings are off.* Press Start to get one each workday morning."
    zone = limits.clip(mrkdwn.line(home.tz.replace("_", " ")), 100)
    when = f"{settings_blocks.when(home.settings)} ({zone})"
    early = ", or when you are first active after 06:00" if home.settings.on_activity else ""
    return f"*Your briefings are on:* {when}{early}."


def _last(home: Home) -> str:
    if home.last_briefing is None:
        return "No briefing yet."
    return f"Last briefing: {days.calendar_day(home.last_briefing, home.last_briefing)} {home.last_briefing.year}"
