"""The welcome DM: what Daybook does, and the one button that starts it, unless it is started."""

from datetime import time

from handlers.blocks import limits, mrkdwn
from handlers.blocks.limits import Block

_START = "start"


def blocks(name: str, brief_at: time, *, briefings_on: bool = False) -> list[Block]:
    """Nobody is briefed who has not pressed *Start*, or was named in the settings."""
    hello = f"Good to meet you, {limits.clip(mrkdwn.line(name), 100)}." if name.strip() else "Good to meet you."
    return [
        limits.section(
            f"{hello} I am Daybook: each workday at {brief_at:%H:%M} I tell you what needs you, what was decided, "
            "promised and blocked, each with its source."
        ),
        limits.section("I read only the channels I am invited to, and tell you only what you may read there yourself."),
        *(_running() if briefings_on else _waiting()),
    ]


def _running() -> list[Block]:
    return [limits.context("Your briefings are on. You can stop any time in my Home tab.")]


def _waiting() -> list[Block]:
    return [
        limits.actions([limits.button("Start", _START, style="primary")], "welcome"),
        limits.context("Nothing is sent to you until you press Start. You can stop any time in my Home tab."),
    ]


def fallback(*, briefings_on: bool = False) -> str:
    if briefings_on:
        return "I am Daybook. Each workday I brief you on what needs you, with the sources."
    return "I am Daybook. Press Start, and each workday I brief you on what needs you, with the sources."
