from datetime import date, datetime
from typing import Literal

from memory.models.base import Model
from memory.models.ids import ContainerId, ContentId, ConversationId, EventId, FactId, MessageId, PersonId

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
ENDED: frozenset[FactStatus] = frozenset({"done", "dropped", "answered", "cleared", "reversed"})
"""Statuses after which a fact no longer holds."""
SURE = 4.0
"""Log-odds above which more cues add nothing: they are not independent."""
GIVEN_WORD = 6.0
"""Log-odds of what a person said of a fact: above all that is inferred."""


class Evidence(Model):
    """The span of a message that a fact rests on: characters `start` to `end` (exclusive) of its text."""

    message_id: MessageId
    start: int
    end: int
    role: Literal["states", "changes", "settles", "disputes"] = "states"


class Resting(Model):
    """That a fact rests on a message, and in which role the message stands to it."""

    message_id: MessageId
    fact_id: FactId
    kind: FactKind
    status: FactStatus
    role: Literal["states", "changes", "settles", "disputes"]
    actor_id: PersonId | None
    counterparty_id: PersonId | None = None


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
    dismissed: bool = False
    """A person said that this is no fact; only the work on its container ever sees it so."""
    disputed: bool = False
    """Somebody else said otherwise, as far as the viewer may read that; their words are evidence that `disputes` it."""


class Version(Model):
    """A fact as one event told it, from `recorded_at` until `superseded_at`."""

    fact: Fact
    statement_id: ContentId
    event_id: EventId
    event: str
    ordinal: int
    """Counts the versions of one fact, from 1."""
    by_id: PersonId | None = None
    words: str | None = None
    """What the person who corrected it said; None where nobody did, or the words are gone."""
    recorded_at: datetime
    superseded_at: datetime | None = None
    retired: bool = False
