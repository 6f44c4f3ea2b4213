from datetime import datetime

from memory.models.base import Model
from memory.models.ids import ContainerId, MessageId, PersonId


class Meeting(Model):
    """When people meet. Its container's audience are those invited; `message_id` is what the invitation says."""

    container_id: ContainerId
    message_id: MessageId
    starts_at: datetime
    ends_at: datetime
    cancelled: bool = False
    attendees: tuple[PersonId, ...] = ()
