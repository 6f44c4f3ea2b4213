"""What Daybook says of how it behaves in a channel: to all who are there, and to whoever wants it otherwise."""

from handlers.blocks import limits, mrkdwn
from handlers.blocks.limits import Block

TALK_AGAIN = "talk_again"
"""The button in the Home tab."""
GREETING = (
    "Hello, I am Daybook: I read along here, and answer when I am mentioned, from what everybody here may read."
    " `/daybook privacy` shows what I hold about you, and `/daybook quiet` has me answer only when I am called."
)
ALONE = "Here I always answer, since nobody else is with us: enter that in the channel that you mean."
NOT_HERE = "I am not in this channel: invite me first, with `/invite @Daybook`."
NO_MEMBER = "How I behave in a channel is for its members to say: join it first, or try again in a minute."
QUIET_ALREADY = "I am quiet here already: I answer only when I am mentioned or called by name."
_FOLLOWING = "whoever asked me something in a thread can go on without mentioning me."
TALKS_ALREADY = f"I follow up here already: {_FOLLOWING}"
WILL_BE_QUIET = "From here on I answer in this channel only when I am mentioned or called by name."
WILL_TALK = f"From here on I follow up here: {_FOLLOWING}"


def changed(who: str, *, follows_up: bool) -> str:
    """What all in a channel are told, and how they have it otherwise."""
    name = limits.clip(mrkdwn.line(who), 80) or "Somebody"
    if follows_up:
        return f"{name} asked me to follow up here again: {_FOLLOWING} `/daybook quiet` undoes it."
    return (
        f"{name} asked me to be quiet here: I answer only when I am mentioned or called by name."
        " `/daybook talk` undoes it."
    )


def blocks(text: str) -> list[Block]:
    return [limits.section(text)]
