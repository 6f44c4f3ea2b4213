"""What is offered in private beside an answer in a channel: how much, and nothing of it."""

from handlers.blocks import limits, mrkdwn
from handlers.blocks.limits import Block
from memory.models.ids import OfferId

TAKE = "offer_taken"
_GONE = "The question that you asked there is gone: ask me again here."


def line(many: int) -> str:
    return f"I have {many} more {'source' if many == 1 else 'sources'} for you in private."


def blocks(many: int, offer: OfferId) -> list[Block]:
    taken = limits.button("Show me in private", TAKE, str(offer))
    return [limits.section(line(many)), limits.actions([taken], f"offer-{offer}")]


def heading(channel: str) -> str:
    """`channel`: its name, where the reader may read it still."""
    return f"About your question in {f'#{channel}' if channel else 'a channel'}, for you alone:"


def headed(channel: str, link: str) -> list[Block]:
    """What begins the talk in private; `link`: where the question was answered."""
    where = f" {mrkdwn.link(link, f'#{channel}')}" if channel and link else " a channel"
    return [limits.section(f"About your question in{where}, for you alone:")]


def gone() -> tuple[str, list[Block]]:
    return _GONE, [limits.section(_GONE)]
