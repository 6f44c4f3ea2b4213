"""What of a container's messages is still to be placed, or to be placed again."""

from datetime import datetime

from memory.models.base import Model
from memory.models.ids import ConversationId, MessageId
from memory.models.messages import MessageKind, PlacedMessage


class Disturbance(Model):
    """A message that is not as it was when it was placed; `gone`: it is no more.

    `reach`: how many after it may be placed again because of it, where that is less than usual.
    """

    message_id: MessageId
    external_ts: str
    posted_at: datetime
    conversation_id: ConversationId | None
    gone: bool
    reach: int | None
    revision: int

    @property
    def place(self) -> tuple[datetime, MessageId]:
        return (self.posted_at, self.message_id)


class Stretch(Model):
    """A container's messages from the first that is new or disturbed, oldest first.

    `cut_short`: there are more.
    """

    said: tuple[PlacedMessage, ...]
    disturbances: tuple[Disturbance, ...]
    cut_short: bool


class Follower(Model):
    """A placed message, without its words."""

    message_id: MessageId
    external_ts: str
    thread_ts: str | None
    kind: MessageKind
    conversation_id: ConversationId

    @property
    def is_reply(self) -> bool:
        """Whether it stands in the thread of another."""
        return self.thread_ts is not None and self.thread_ts != self.external_ts
