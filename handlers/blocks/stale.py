"""Channels that could not be read back for a while: what may be missing in what is shown."""

from collections.abc import Sequence
from datetime import date, datetime

from graphs import days
from handlers.blocks import limits, mrkdwn
from memory.models.base import Model

_MOST = 3


class Stale(Model):
    """A channel by name, and when it was read back last; None: never."""

    name: str
    read_at: datetime | None = None


def told(channels: Sequence[Stale], today: date, tz: str) -> str:
    """`#ops was last read on Tue 17 Nov, 09:10`, of the few that were not read for longest."""
    parts = [_told(each, today, tz) for each in channels[:_MOST]]
    more = len(channels) - len(parts)
    return "; ".join(parts) + (f"; and {days.counted(more)} more could not be read lately" if more else "")


def _told(channel: Stale, today: date, tz: str) -> str:
    name = f"#{limits.clip(mrkdwn.line(channel.name), 80)}"
    if channel.read_at is None:
        return f"{name} could not be read yet"
    local = channel.read_at.astimezone(days.zone(tz))
    return f"{name} was last read {days.on(local.date(), today)}, {local:%H:%M}"
