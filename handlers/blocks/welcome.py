"""The welcome DM: what Daybook does, and the one button that starts it."""

from datetime import time

from handlers.blocks import limits, mrkdwn
from handlers.blocks.limits import Block

_START = "start"


def blocks(name: str, brief_at: time) -> list[Block]:
    """Nobody is briefed who has not pressed *Start*."""
    hello = f"Good to meet you, {limits.clip(mrkdwn.line(name), 100)}." if name.strip() else "Good to meet you."
    return [
        limits.section(
            f"{hello} I am Daybook: each workday at {brief_at:%H:%M} I tell you what needs you, what was decided, "
            "promised and blocked, each with its source."
        ),
        limits.section("I read only the channels I am invited to, and tell you only what you may read there yourself."),
        limits.actions([limits.button("Start", _START, style="primary")], "welcome"),
        limits.context("Nothing is sent to you until you press Start. You can stop any time in my Home tab."),
    ]


def fallback() -> str:
    return "I am Daybook. Press Start, and each workday I brief you on what needs you, with the sources."
