from datetime import date, datetime
from typing import Literal, Self
from uuid import UUID

from memory.models.base import Model
from memory.models.containers import Container
from memory.models.facts import FactKind
from memory.models.ids import AnswerId, BriefingId, ContainerId, FactId, ItemId, MessageId, PersonId
from memory.models.messages import Message

Kind = Literal["day", "week"]
"""A morning's briefing, or the review of a week."""
Section = Literal[
    "needs_you", "decisions", "promises", "blocked", "today", "also", "decided", "delivered", "slipped", "open"
]
"""Those of a morning, and after them those of a week."""
SECTIONS: tuple[Section, ...] = ("needs_you", "decisions", "promises", "blocked", "today", "also")
WEEK_SECTIONS: tuple[Section, ...] = ("decided", "delivered", "slipped", "open")
Tag = Literal["new", "changed", "still_open", "resolved"]
Maker = Literal["rules", "model", "model and rules"]
"""Who worded something of several sentences, as readers are told."""


class Source(Model):
    """Where a sentence comes from; the renderer makes its link."""

    message_id: MessageId
    channel: str
    """The container's external id."""
    ts: str
    thread_ts: str | None = None
    source: str = "slack"
    """Which system the container is of: how it is linked depends on that."""

    @classmethod
    def of(cls, message: Message, place: Container) -> Self:
        return cls(
            message_id=message.message_id,
            channel=place.external_id,
            ts=message.external_ts,
            thread_ts=message.thread_ts,
            source=place.source,
        )


class Promised(Model):
    """An open promise of a reader's, in the sentence that tells it."""

    fact_id: FactId
    text: str


class Item(Model):
    """One entry of a briefing: a sentence, why it is here for this reader, and where it comes from."""

    item_id: ItemId
    section: Section
    text: str
    why: str
    sources: tuple[Source, ...]
    anchor_id: UUID
    """The fact or conversation it tells of."""
    fact_ids: tuple[FactId, ...] = ()
    tag: Tag = "new"
    day: int = 1
    """On how many mornings it was told, this one among them."""
    done: bool = False
    snoozed_until: date | None = None
    declined: bool = False
    correction: str = ""
    """What somebody said of it since it was told, in a few words."""
    taken_back: bool = False
    """Somebody said that it is not so at all."""
    promise_id: FactId | None = None
    """It tells of this open promise of its reader's, be it first or besides …"""
    confirmed: bool = False
    """… and they said that they made it."""
    promises: tuple[Promised, ...] = ()
    """Those among which to choose, where it tells of several and of none first."""

    @property
    def answered(self) -> bool:
        """Its reader has said what is to become of it."""
        return self.done or self.declined or self.snoozed_until is not None


class Ground(Model):
    """A reason of ranking's by its code, without words: those stand with the item's texts."""

    code: str
    weight: float
    person_id: PersonId | None = None


class Grounds(Model):
    """What put an item where it stands, and what it is like: its kind of fact, its place, and who acts in it."""

    kind: FactKind | None = None
    """None: it tells of a conversation."""
    container_id: ContainerId | None = None
    actor_id: PersonId | None = None
    reasons: tuple[Ground, ...] = ()


class Coverage(Model):
    """What a briefing was made from."""

    containers: int = 0
    messages: int = 0
    since: datetime | None = None
    until: datetime | None = None
    pending: int = 0
    """Messages that had arrived but were not worked out yet."""
    missed: int = 0
    """The reader's workdays between the last briefing and this one, on which there was none …"""
    away: bool = False
    """… because they wanted none then."""
    left_out: int = 0
    """What was worth a line, and did not fit."""


class Briefing(Model):
    briefing_id: BriefingId
    person_id: PersonId
    local_date: date
    kind: Kind = "day"
    composed_at: datetime
    headline: str
    items: tuple[Item, ...]
    coverage: Coverage
    engine: Maker = "rules"


class Answer(Model):
    """A reply to a question, for one viewer; without sources it says that nothing was found.

    `lines`: for each line of the text which of the sources it rests on, by their places; none where that is not known.
    """

    answer_id: AnswerId
    text: str
    sources: tuple[Source, ...]
    engine: Maker = "rules"
    lines: tuple[tuple[int, ...], ...] = ()
