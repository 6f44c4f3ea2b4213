from typing import Literal
from uuid import UUID

from memory.models.base import Model
from memory.models.ids import ContainerId, PersonId


class Viewer(Model):
    """The person, or the channel, for whom something is written."""

    kind: Literal["person", "channel"]
    viewer_id: UUID

    @classmethod
    def person(cls, person: PersonId) -> "Viewer":
        return cls(kind="person", viewer_id=person)

    @classmethod
    def channel(cls, container: ContainerId) -> "Viewer":
        """Everybody who could open the channel, at once: what one of them may not read does not count."""
        return cls(kind="channel", viewer_id=container)
