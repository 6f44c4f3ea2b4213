from datetime import datetime
from typing import Literal

from memory.models.base import Model
from memory.models.facts import EngineName, Evidence, FactStatus
from memory.models.ids import ContainerId, FactId, LinkId, MessageId

Relation = Literal["same", "resolves", "reverses", "contradicts"]


class Link(Model):
    """What the words of one place say of a fact in another: ids and plain values, with evidence at both ends.

    `same` and `contradicts` hold both ways; by the other two `to_fact` comes to be `status` at `at`.
    """

    link_id: LinkId
    relation: Relation
    from_container: ContainerId
    from_fact: FactId | None
    """None where a bare remark speaks, that is no fact of its own."""
    to_container: ContainerId
    to_fact: FactId
    from_evidence: tuple[Evidence, ...]
    to_evidence: tuple[Evidence, ...]
    status: FactStatus | None = None
    at: datetime
    independent: bool = False
    """Whether different people speak at its ends."""
    log_odds: float
    engine: EngineName = "rules"
    engine_version: str = ""

    @property
    def message_ids(self) -> tuple[MessageId, ...]:
        spans = (*self.from_evidence, *self.to_evidence)
        return tuple(dict.fromkeys(span.message_id for span in spans))
