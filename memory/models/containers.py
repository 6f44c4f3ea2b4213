from datetime import datetime
from typing import Literal

from memory.models.base import Model
from memory.models.ids import ContainerId, PersonId, TeamId

ContainerKind = Literal["public", "private", "dm", "group_dm"]


class Container(Model):
    """The smallest place with one audience."""

    container_id: ContainerId
    team_id: TeamId
    source: str = "slack"
    external_id: str
    kind: ContainerKind
    name: str = ""
    archived: bool = False
    read_by_daybook: bool = True
    """Whether Daybook is in it. What it has left is no longer read, nor told."""


class Membership(Model):
    container_id: ContainerId
    person_id: PersonId
    joined: bool
    at: datetime
