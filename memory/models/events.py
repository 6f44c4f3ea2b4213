"""Semantic events: what happened, in the past tense, with ids and plain values only. Words stand in `contents`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from memory.models.base import Model
from memory.models.ids import ContainerId, PersonId, TeamId


class Event(Model):
    """One thing that happened. `key` makes it unique: appending it again changes nothing."""

    team_id: TeamId
    kind: str
    key: str
    occurred_at: datetime
    container_id: ContainerId | None = None
    person_id: PersonId | None = None
    cause: UUID | None = None
    schema_version: int = 1
    payload: dict[str, Any] = Field(default_factory=dict)
