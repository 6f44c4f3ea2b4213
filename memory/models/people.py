from typing import Literal

from memory.models.base import Model
from memory.models.ids import PersonId, TeamId, person_id

Role = Literal["member", "guest", "bot"]
"""A member may open every public channel; a guest (or a partner from elsewhere) only what they are in."""


class Person(Model):
    person_id: PersonId
    team_id: TeamId
    source: str = "slack"
    external_id: str
    handle: str = ""
    real_name: str = ""
    title: str = ""
    email: str = ""
    tz: str = "UTC"
    role: Role = "member"
    manager_external_id: str | None = None
    projects: tuple[str, ...] = ()
    deactivated: bool = False

    @property
    def name(self) -> str:
        """What to call them in a sentence."""
        return self.real_name or self.handle or self.external_id

    @property
    def reports_to(self) -> PersonId | None:
        """Whom they report to, as far as the source says."""
        return person_id(self.team_id, self.source, self.manager_external_id) if self.manager_external_id else None
