from datetime import datetime
from typing import Literal

from memory.models.base import Model
from memory.models.ids import ContainerId, ConversationId, MessageId, PersonId, TeamId

MessageKind = Literal["human", "bot", "notice", "meeting", "change", "review_request", "review", "merge"]
"""`notice`: a line that the platform wrote (joined, renamed, …); `meeting`: an invitation; the last four: of a pull
request, that it was opened, that somebody is asked to review it, that they did, and that it was merged or closed."""


class Message(Model):
    """One utterance of one person in one container.

    `text` is as the source gives it, with mentions as `<@U…>`: evidence spans count in it.
    """

    message_id: MessageId
    team_id: TeamId
    container_id: ContainerId
    external_ts: str
    thread_ts: str | None = None
    author_id: PersonId | None = None
    kind: MessageKind = "human"
    posted_at: datetime
    text: str
    mentions: tuple[PersonId, ...] = ()
    edited_at: datetime | None = None
    client_msg_id: str | None = None

    @property
    def is_reply(self) -> bool:
        """Whether it stands in the thread of another."""
        return self.thread_ts is not None and self.thread_ts != self.external_ts


class Deletion(Model):
    """A message is gone: its words go, its place stays, whatever arrives later."""

    team_id: TeamId
    container_id: ContainerId
    message_id: MessageId
    external_ts: str
    posted_at: datetime
    at: datetime


class Reaction(Model):
    message_id: MessageId
    container_id: ContainerId
    person_id: PersonId
    name: str
    added: bool
    at: datetime


class PlacedMessage(Model):
    """A message and the conversation it is in, where that is known."""

    message: Message
    conversation_id: ConversationId | None = None
