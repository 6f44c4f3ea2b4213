"""Conversations and facts: what the engines, and people, concluded."""

from datetime import date, datetime

from memory.models.conversations import Participant
from memory.models.facts import EngineName, Evidence, FactKind, FactStatus
from memory.models.happenings.happening import Happening
from memory.models.ids import (
    ContentId,
    ConversationId,
    FactId,
    LinkId,
    MessageId,
    PersonId,
)
from memory.models.links import Link


class MessagesPlaced(Happening):
    """Messages were found to belong to conversations. `left` are those that some of them were in before."""

    placements: tuple[tuple[MessageId, ConversationId], ...]
    left: tuple[ConversationId, ...] = ()
    engine: EngineName
    version: str


class ConversationDescribed(Happening):
    conversation_id: ConversationId
    topic_id: ContentId
    gist_id: ContentId
    participants: tuple[Participant, ...]
    engine: EngineName = "rules"
    """Who worded topic and gist."""


class FactTold(Happening):
    """A fact as it stands after what happened, all of it: whoever reads this event needs no earlier one."""

    fact_id: FactId
    conversation_id: ConversationId
    kind: FactKind
    actor_id: PersonId | None
    counterparty_id: PersonId | None
    statement_id: ContentId
    due: date | None
    status: FactStatus
    log_odds: float
    valid_from: datetime
    valid_to: datetime | None
    engine: EngineName
    engine_version: str
    evidence: tuple[Evidence, ...]
    recorded_at: datetime


class DecisionProposed(FactTold): ...


class DecisionMade(FactTold): ...


class DecisionReversed(FactTold): ...


class CommitmentMade(FactTold): ...


class CommitmentDone(FactTold): ...


class CommitmentDropped(FactTold): ...


class QuestionRaised(FactTold): ...


class QuestionAnswered(FactTold): ...


class BlockerRaised(FactTold): ...


class BlockerCleared(FactTold): ...


class UpdateReported(FactTold): ...


class FactConfirmed(FactTold):
    """More words bear it out, or fewer: its evidence or confidence moved, and nothing else."""


class FactChanged(FactTold):
    """It reads differently: another wording, date, owner or conversation, in the same status."""


class FactCorrected(FactTold):
    """A person said how it is. Later inferences do not undo that."""

    by_id: PersonId | None = None
    words_id: ContentId | None = None


class CorrectionUndone(FactTold):
    """It stands again as before a person's last correction."""

    by_id: PersonId | None = None


class FactRetired(Happening):
    """Nothing bears it out any more."""

    fact_id: FactId
    retired_at: datetime


class ConclusionsErased(Happening):
    """Of these conversations no message is left, and so nothing that was concluded from them."""

    conversation_ids: tuple[ConversationId, ...]
    fact_ids: tuple[FactId, ...]


class FactDismissed(Happening):
    """A person said that it is no fact. Later inferences do not bring it back."""

    fact_id: FactId
    by_id: PersonId
    words_id: ContentId
    retired_at: datetime


class FactsLinked(Happening):
    """Facts of two places, or of one, have to do with each other."""

    link: Link
    recorded_at: datetime


class FactsUnlinked(Happening):
    """Nothing bears the link out any more."""

    link_id: LinkId
    retired_at: datetime
