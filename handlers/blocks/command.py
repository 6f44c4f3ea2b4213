"""What `/daybook` answers, to whoever entered it alone."""

from handlers.blocks import holdings, known, limits
from handlers.blocks import today as today_blocks
from handlers.blocks.holdings import Holdings
from handlers.blocks.known import Promises, Show
from handlers.blocks.limits import Block
from handlers.blocks.today import Today

HELP = (
    "*What you can enter*",
    "`/daybook brief` – makes today’s briefing now, or opens the one you had",
    "`/daybook owe` – lists what you promised and have not done yet",
    "`/daybook promises` – lists that, and what others promised you",
    "`/daybook privacy` – shows what I hold about you, how to have it forgotten, and how not to be tracked",
    "`/daybook quiet` – has me answer in this channel only when I am called; `/daybook talk` undoes it",
    "Ask me anything else in a direct message, or mention me in a channel.",
)
UNKNOWN = "I do not know that one: `/daybook help` lists what I do, or ask me in a direct message."
LATER = "I cannot look that up at this moment: try again in a minute."


def helping() -> list[Block]:
    return [limits.section("\n".join(HELP))]


def briefing(today: Today, team_url: str) -> list[Block]:
    return [limits.section(today_blocks.asked(today, team_url))]


def owing(promises: Promises, show: Show) -> list[Block]:
    return known.mine(promises, show)


def promised(promises: Promises, show: Show) -> list[Block]:
    return [*known.mine(promises, show), *known.theirs(promises, show)]


def privacy(held: Holdings) -> list[Block]:
    return holdings.summary(held)
