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

_OFF = "Your briefings are off"
_START = limits.button("Start", "start", style="primary")


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
    """A block keeps its id from one drawing to the next, so that what somebody presses meanwhile is found."""
    named = [{"block_id": f"home-{place}", **block} for place, block in enumerate(blocks(home))]
    return {"type": "home", "blocks": named}


def blocks(home: Home) -> list[Block]:
    divider: Block = {"type": "divider"}
    return [
        *_today(home),
        divider,
        *known.mine(home.promises, home.show),
        *known.theirs(home.promises, home.show),
        divider,
        *_state(home),
        settings_blocks.summary(home.settings, home.today),
        *_last(home),
        divider,
        *coverage_blocks.blocks(home.coverage, home.now, home.tz),
        *holdings_blocks.summary(home.holdings),
        *learnt_blocks.blocks(home.learnt),
    ]


def _today(home: Home) -> list[Block]:
    """Brief me now is there for readers only: others are not messaged."""
    if home.morning.state == "off":
        start = limits.actions([_START], "home")
        return [limits.header(_OFF), limits.section("Press *Start* to get one each workday morning."), start]
    told = limits.section(today_blocks.text(home.morning, home.show.team_url))
    now = limits.actions([limits.button("Brief me now", "brief_me", style="primary")], "home")
    return [limits.header("Today"), told, *([now] if home.briefings_on else [])]


def _state(home: Home) -> list[Block]:
    """Whether briefings come, with what turns them off or on; nothing where the first lines say so."""
    if home.morning.state == "off":
        return []
    if not home.briefings_on:
        return [limits.section(f"*{_OFF}.*", block_id="briefings", accessory=_START)]
    stop = limits.button("Stop", "stop")
    return [limits.section(f"*Your briefings are on:* {_when(home)}", block_id="briefings", accessory=stop)]


def _when(home: Home) -> str:
    zone = limits.clip(mrkdwn.line(home.tz.replace("_", " ")), 100)
    when = f"{settings_blocks.when(home.settings)} ({zone})"
    early = ", or when you are first active after 06:00" if home.settings.on_activity else ""
    return f"{when}{early}."


def _last(home: Home) -> list[Block]:
    """When the last one came, unless that was today: of that the first lines tell."""
    if home.last_briefing == home.today:
        return []
    if home.last_briefing is None:
        return [limits.context("No briefing yet.")]
    return [limits.context(f"Last briefing: {days.calendar_day(home.last_briefing, home.today)}")]
