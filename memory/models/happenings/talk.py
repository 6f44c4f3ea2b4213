"""Messages, and what people did to them."""

from datetime import datetime
from typing import Literal

from memory.models.happenings.happening import Happening
from memory.models.ids import (
    ContentId,
    MessageId,
    PersonId,
)
from memory.models.messages import MessageKind


class Worded(Happening):
    """One wording of a message, as one delivery told it. `length` counts its characters."""

    message_id: MessageId
    external_ts: str
    thread_ts: str | None
    author_id: PersonId | None
    kind: MessageKind
    posted_at: datetime
    mentions: tuple[PersonId, ...]
    edited_at: datetime | None
    client_msg_id: str | None
    content_id: ContentId
    length: int


class MessagePosted(Worded): ...


class MessageEdited(Worded): ...


class MessageDeleted(Happening):
    message_id: MessageId
    external_ts: str
    posted_at: datetime


class MessageErased(MessageDeleted):
    """Its words were erased here, whatever stands in its source: somebody asked for that, or its time was over."""

    reason: Literal["forgotten", "expired"]


class Planned(Happening):
    """When a meeting takes place; what it is about says its message."""

    message_id: MessageId
    starts_at: datetime
    ends_at: datetime


class MeetingScheduled(Planned): ...


class MeetingCancelled(Planned): ...


class ReactionAdded(Happening):
    message_id: MessageId
    name: str


class ReactionRemoved(Happening):
    message_id: MessageId
    name: str


class ReactionsErased(Happening):
    """All reactions of one person in one container."""
