from datetime import datetime
from typing import Literal

from memory.models.base import Model
from memory.models.ids import ContainerId, ConversationId, MessageId, PersonId

ParticipantRole = Literal["asked", "answered", "decided", "promised", "informed"]


class Participant(Model):
    person_id: PersonId
    roles: tuple[ParticipantRole, ...] = ()


class Conversation(Model):
    """Messages that belong together, oldest first. Not a thread: a channel interleaves several."""

    conversation_id: ConversationId
    container_id: ContainerId
    message_ids: tuple[MessageId, ...]
    started_at: datetime
    ended_at: datetime
    topic: str = ""
    gist: str = ""
    participants: tuple[Participant, ...] = ()
