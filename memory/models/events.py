"""Semantic events: what happened, in the past tense, with ids and plain values only. Words stand in `contents`.

`Told` is the union of everything that can be told. An event's kind is the name of its class; what it changes in the
projections stands in `memory/projections.py`.
"""

from datetime import datetime
from typing import get_args

from memory.models.base import Model
from memory.models.facts import FactKind, FactStatus
from memory.models.happenings.choosing import (
    FollowUpsResumed,
    FollowUpsStopped,
    SettingsChanged,
    SettingsErased,
)
from memory.models.happenings.conclusions import (
    BlockerCleared,
    BlockerRaised,
    CommitmentDone,
    CommitmentDropped,
    CommitmentMade,
    ConclusionsErased,
    ConversationDescribed,
    CorrectionUndone,
    DecisionMade,
    DecisionProposed,
    DecisionReversed,
    FactChanged,
    FactConfirmed,
    FactCorrected,
    FactDismissed,
    FactRetired,
    FactsLinked,
    FactsUnlinked,
    MessagesPlaced,
    QuestionAnswered,
    QuestionRaised,
    UpdateReported,
)
from memory.models.happenings.directory import (
    ContainerArchived,
    ContainerConverted,
    ContainerForgotten,
    ContainerHeardOf,
    ContainerLeft,
    ContainerMadePersonal,
    ContainerReadAgain,
    ContainerSeen,
    ContainerUnarchived,
    HoldPlaced,
    HoldReleased,
    MemberJoined,
    MemberLeft,
    MembersListed,
    PersonForgotten,
    PersonHeardOf,
    PersonReadAgain,
    PersonSeen,
    PersonTrackedAgain,
    PersonUntracked,
    ReaderStarted,
    ReaderStopped,
    RetentionSet,
)
from memory.models.happenings.happening import Happening
from memory.models.happenings.talk import (
    MeetingCancelled,
    MeetingScheduled,
    MessageDeleted,
    MessageEdited,
    MessageErased,
    MessagePosted,
    ReactionAdded,
    ReactionRemoved,
    ReactionsErased,
)
from memory.models.happenings.telling import (
    BriefingClaimed,
    BriefingComposed,
    BriefingDelivered,
    BriefingMoved,
    DaybookAnswered,
    DaybookAsked,
    FeedbackErased,
    FeedbackUndone,
    ItemDeclined,
    ItemDone,
    ItemSnoozed,
    LessonForgotten,
    MessageSent,
)
from memory.models.ids import ContainerId, EventId, PersonId, TeamId

Told = (
    MessagePosted
    | MessageEdited
    | MessageDeleted
    | MessageErased
    | MeetingScheduled
    | MeetingCancelled
    | ReactionAdded
    | ReactionRemoved
    | ReactionsErased
    | MessagesPlaced
    | ConversationDescribed
    | DecisionProposed
    | DecisionMade
    | DecisionReversed
    | CommitmentMade
    | CommitmentDone
    | CommitmentDropped
    | QuestionRaised
    | QuestionAnswered
    | BlockerRaised
    | BlockerCleared
    | UpdateReported
    | FactConfirmed
    | FactChanged
    | FactCorrected
    | CorrectionUndone
    | FactRetired
    | ConclusionsErased
    | FactDismissed
    | FactsLinked
    | FactsUnlinked
    | PersonSeen
    | PersonHeardOf
    | PersonForgotten
    | PersonReadAgain
    | PersonUntracked
    | PersonTrackedAgain
    | ReaderStarted
    | ReaderStopped
    | SettingsChanged
    | SettingsErased
    | FollowUpsStopped
    | FollowUpsResumed
    | ContainerSeen
    | ContainerHeardOf
    | ContainerLeft
    | ContainerArchived
    | ContainerUnarchived
    | ContainerConverted
    | ContainerMadePersonal
    | ContainerForgotten
    | ContainerReadAgain
    | RetentionSet
    | HoldPlaced
    | HoldReleased
    | MembersListed
    | MemberJoined
    | MemberLeft
    | BriefingClaimed
    | BriefingMoved
    | BriefingComposed
    | BriefingDelivered
    | MessageSent
    | ItemDone
    | ItemSnoozed
    | ItemDeclined
    | FeedbackUndone
    | LessonForgotten
    | FeedbackErased
    | DaybookAsked
    | DaybookAnswered
)
KINDS: dict[str, type[Happening]] = {each.__name__: each for each in get_args(Told)}

CAME_TO_STAND: dict[tuple[FactKind, FactStatus], str] = {
    ("decision", "proposed"): "DecisionProposed",
    ("decision", "decided"): "DecisionMade",
    ("decision", "reversed"): "DecisionReversed",
    ("commitment", "open"): "CommitmentMade",
    ("commitment", "done"): "CommitmentDone",
    ("commitment", "dropped"): "CommitmentDropped",
    ("question", "open"): "QuestionRaised",
    ("question", "answered"): "QuestionAnswered",
    ("blocker", "raised"): "BlockerRaised",
    ("blocker", "cleared"): "BlockerCleared",
    ("update", "reported"): "UpdateReported",
}
"""The kind of event by which a fact comes to stand so."""


class Event(Model):
    """One thing that happened. `key` makes it unique: appending it again changes nothing.

    `occurred_at` is a time in the world; when it was recorded here, the log says.
    """

    team_id: TeamId
    key: str
    occurred_at: datetime
    container_id: ContainerId | None = None
    person_id: PersonId | None = None
    cause: EventId | None = None
    told: Told

    @property
    def kind(self) -> str:
        return type(self.told).__name__


class Recorded(Model):
    """An event as it stands in the log."""

    event_id: EventId
    position: int
    recorded_at: datetime
    event: Event
