"""What Daybook reads for somebody, and what it does not, each with what to do about it."""

from collections.abc import Sequence
from datetime import datetime

from graphs import days
from handlers.blocks import limits, manners, mrkdwn, stale
from handlers.blocks.limits import Block
from handlers.blocks.stale import Stale
from handlers.scopes import Lack
from memory.models.base import Model

_MOST_NAMES, _MOST_BUTTONS = 8, 5
INVITE = "invite me there with `/invite @Daybook`"


class Coverage(Model):
    """As far as its reader may know: names of channels, and counts."""

    channels: tuple[str, ...] = ()
    others: int = 0
    """Other places that are read: group DMs, calendars, pull requests."""
    last_read: datetime | None = None
    unread: tuple[str, ...] = ()
    """Channels of which the history is not read yet."""
    behind: tuple[str, ...] = ()
    """Channels with messages that are not worked out yet."""
    failed: int = 0
    """Deliveries of the last days that could not be read."""
    left: tuple[str, ...] = ()
    """Channels that the reader is in and Daybook is not any more."""
    unreadable: tuple[Stale, ...] = ()
    """Channels that could not be read back for a while."""
    quiet: tuple[tuple[str, str], ...] = ()
    """Ids and names of channels in which Daybook answers only when it is called."""
    lack: Lack = Lack()


def blocks(coverage: Coverage, now: datetime, tz: str) -> list[Block]:
    lines = [_read(coverage, now, tz)]
    if coverage.unread:
        lines.append(f"I am still reading what was said in {_names(coverage.unread)}.")
    if coverage.behind:
        lines.append(f"Newer messages in {_names(coverage.behind)} are not worked out yet: look again in a minute.")
    if coverage.unreadable:
        lines.append(f"{stale.told(coverage.unreadable, days.local_day(now, tz), tz)}.")
    if coverage.left:
        lines.append(f"I am no longer in {_names(coverage.left)}: {INVITE}.")
    if coverage.failed:
        what = days.plural(coverage.failed, "message")
        lines.append(f"{what.capitalize()} could not be read: ask whoever runs me to look at my log.")
    if coverage.lack.scopes:
        lines.append(_lack(coverage.lack))
    return [limits.section("*What I read for you*\n" + "\n".join(lines)), *_quiet(coverage.quiet)]


def _lack(lack: Lack) -> str:
    scopes = f"scope{'s' if len(lack.scopes) > 1 else ''} {', '.join(f'`{each}`' for each in lack.scopes)}"
    return (
        f"I lack the {scopes}, so {'; '.join(lack.stands_still)}: ask whoever runs me to paste manifest.yaml anew and"
        " reinstall the app."
    )


def _quiet(channels: Sequence[tuple[str, str]]) -> list[Block]:
    """Where it is quiet, each with a button by which a member has it otherwise."""
    if not channels:
        return []
    names = [name for _, name in channels]
    said = f"In {_names(names)} I answer only when I am mentioned or called by name."
    buttons = [limits.button(f"Talk in #{name} again", manners.TALK_AGAIN, external) for external, name in channels]
    return [limits.section(said), limits.actions(buttons[:_MOST_BUTTONS], "quiet")]


def _read(coverage: Coverage, now: datetime, tz: str) -> str:
    if not coverage.channels and not coverage.others:
        return f"I read no channel that you are in: {INVITE}, in each that matters to you."
    parts = [
        f"{days.plural(len(coverage.channels), 'channel')}"
        + (f": {_names(coverage.channels)}" if coverage.channels else "")
    ]
    if coverage.others:
        parts.append(days.plural(coverage.others, "other place"))
    read = " and ".join(parts)
    sentence = f"{read[0].upper()}{read[1:]}."
    if coverage.last_read is None:
        return f"{sentence} Nothing was written there yet."
    local, today = coverage.last_read.astimezone(days.zone(tz)), days.local_day(now, tz)
    return f"{sentence} The last message I read is of {days.spoken(local.date(), today)}, {local:%H:%M}."


def _names(names: Sequence[str]) -> str:
    shown = [f"#{limits.clip(mrkdwn.line(each), 80)}" for each in names[:_MOST_NAMES]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {days.counted(more)} more" if more else "")
