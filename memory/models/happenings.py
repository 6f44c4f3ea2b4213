"""What can happen: the typed payloads of semantic events, in the past tense. Ids and plain values only, never words."""

from datetime import date, datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from memory.models.base import Model
from memory.models.containers import ContainerKind
from memory.models.conversations import Participant
from memory.models.facts import EngineName, Evidence, FactKind, FactStatus
from memory.models.ids import (
    AnswerId,
    BriefingId,
    ContentId,
    ConversationId,
    FactId,
    ItemId,
    LinkId,
    MessageId,
    PersonId,
)
from memory.models.links import Link
from memory.models.messages import MessageKind
from memory.models.people import Role


class Happening(Model):
    """What an event tells. Names are never reused with another meaning: a change of shape raises `VERSION`."""

    VERSION: ClassVar[int] = 2


# Messages -------------------------------------------------------------------------------------------------------------


class Worded(Happening):
    """One wording of a message, as one delivery told it. `length` counts its characters."""

    message_id: MessageId
    external_ts: str
    thread_ts: str | None
    author_id: PersonId | None
    kind: MessageKind
    posted_at: datetime
    mentions: tuple[PersonId, ...]
    edited_at: datetime | None
    client_msg_id: str | None
    content_id: ContentId
    length: int


class MessagePosted(Worded): ...


class MessageEdited(Worded): ...


class MessageDeleted(Happening):
    message_id: MessageId
    external_ts: str
    posted_at: datetime


class MessageErased(MessageDeleted):
    """Its words were erased here, whatever stands in its source: somebody asked for that, or its time was over."""

    reason: Literal["forgotten", "expired"]


class ReactionAdded(Happening):
    message_id: MessageId
    name: str


class ReactionRemoved(Happening):
    message_id: MessageId
    name: str


class ReactionsErased(Happening):
    """All reactions of one person in one container."""


# Conversations and facts: what the engines, and people, concluded -----------------------------------------------------


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


# Who and where --------------------------------------------------------------------------------------------------------


class PersonSeen(Happening):
    """A person as their source describes them, without the words: those are the directory's."""

    source: str
    external_id: str
    tz: str
    role: Role
    manager_id: PersonId | None
    deactivated: bool


class PersonHeardOf(Happening):
    source: str
    external_id: str


class ReaderStarted(Happening): ...


class ReaderStopped(Happening): ...


class PersonForgotten(Happening):
    """Nothing of this person is kept any more, and nothing new is: of them an id is left."""


class PersonReadAgain(Happening):
    """What this person writes from here on is read again."""


class ContainerSeen(Happening):
    """A container as its source describes it, without its name: that is the directory's."""

    source: str
    external_id: str
    kind: ContainerKind
    archived: bool
    read_by_daybook: bool


class ContainerHeardOf(Happening):
    source: str
    external_id: str
    kind: ContainerKind


class ContainerLeft(Happening):
    """Daybook is no longer in it."""


class ContainerArchived(Happening): ...


class ContainerUnarchived(Happening): ...


class ContainerConverted(Happening):
    to: ContainerKind


class ContainerMadePersonal(Happening):
    """It was opened for one person alone."""


class ContainerForgotten(Happening):
    """Nothing of it is kept any more, and it is not read, though Daybook may be in it."""


class ContainerReadAgain(Happening):
    """What is said there from here on is read again."""


class RetentionSet(Happening):
    """What is said there is kept for so many days; None: for as long as it stands in its source."""

    days: int | None


class HoldPlaced(Happening):
    """A legal hold: until it is released, nothing of it is erased but what is deleted in its source."""


class HoldReleased(Happening): ...


class MembersListed(Happening):
    """From here on it is known in full who is in it."""


class MemberJoined(Happening): ...


class MemberLeft(Happening): ...


# What was told --------------------------------------------------------------------------------------------------------


class BriefingClaimed(Happening):
    briefing_id: BriefingId
    local_date: date
    due_at: datetime


class ItemTold(Model):
    item_id: ItemId
    ordinal: int
    section: str
    anchor_id: UUID
    fact_ids: tuple[FactId, ...]
    message_ids: tuple[MessageId, ...]
    text_id: ContentId
    why_id: ContentId
    tag: str
    fingerprint: str


class BriefingComposed(Happening):
    briefing_id: BriefingId
    composed_at: datetime
    headline_id: ContentId
    coverage: dict[str, Any]
    engine: EngineName
    items: tuple[ItemTold, ...]


class Sent(Happening):
    subject_id: UUID
    surface: str
    channel: str
    ts: str


class BriefingDelivered(Sent): ...


class MessageSent(Sent): ...


class ItemDone(Happening):
    item_id: ItemId


class DaybookAsked(Happening):
    """A question was put to Daybook, for one viewer to be answered."""

    answer_id: AnswerId
    question_message_id: MessageId
    thread_ts: str | None
    viewer_kind: str
    viewer_id: UUID
    question_id: ContentId


class DaybookAnswered(Happening):
    answer_id: AnswerId
    text_id: ContentId
    message_ids: tuple[MessageId, ...]
    engine: EngineName
