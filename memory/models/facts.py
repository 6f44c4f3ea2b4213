from datetime import date, datetime
from typing import Literal

from memory.models.base import Model
from memory.models.ids import ContainerId, ConversationId, FactId, MessageId, PersonId

FactKind = Literal["decision", "commitment", "question", "blocker", "update"]
FactStatus = Literal[
    "proposed", "decided", "reversed", "open", "done", "dropped", "answered", "raised", "cleared", "reported"
]
EngineName = Literal["rules", "model", "person"]

LIFE: dict[FactKind, tuple[FactStatus, ...]] = {
    "decision": ("proposed", "decided", "reversed"),
    "commitment": ("open", "done", "dropped"),
    "question": ("open", "answered"),
    "blocker": ("raised", "cleared"),
    "update": ("reported",),
}
SETTLED: frozenset[FactStatus] = frozenset(
    {"decided", "reversed", "done", "dropped", "answered", "cleared", "reported"}
)


class Evidence(Model):
    """The span of a message that a fact rests on: characters `start` to `end` (exclusive) of its text."""

    message_id: MessageId
    start: int
    end: int
    role: Literal["states", "changes", "settles"] = "states"


class Fact(Model):
    """A typed statement derived from a conversation, with the time it held and the words it rests on."""

    fact_id: FactId
    container_id: ContainerId
    conversation_id: ConversationId
    kind: FactKind
    actor_id: PersonId | None
    counterparty_id: PersonId | None = None
    statement: str
    due: date | None = None
    status: FactStatus
    log_odds: float = 0.0
    """Confidence; 0 is even odds, 2.2 is nine to one."""
    valid_from: datetime
    valid_to: datetime | None = None
    engine: EngineName = "rules"
    engine_version: str = ""
    evidence: tuple[Evidence, ...]
