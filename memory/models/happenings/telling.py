"""What Daybook was asked, and what it told."""

from datetime import date, datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from memory.models.base import Model
from memory.models.briefings import Grounds, Kind, Maker
from memory.models.happenings.happening import Happening
from memory.models.ids import (
    AnswerId,
    BriefingId,
    ContentId,
    FactId,
    ItemId,
    MessageId,
    OfferId,
)


class BriefingClaimed(Happening):
    briefing_id: BriefingId
    local_date: date
    due_at: datetime
    kind: Kind = "day"


class BriefingMoved(Happening):
    """It is due at another time than it was claimed for: sooner, its reader being up; or anew, since they ask."""

    briefing_id: BriefingId
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
    reasons_id: ContentId | None
    """The wording of all reasons; what was told before there was one has none."""
    tag: str
    fingerprint: str
    grounds: Grounds


class BriefingComposed(Happening):
    VERSION: ClassVar[int] = 3

    briefing_id: BriefingId
    composed_at: datetime
    headline_id: ContentId
    coverage: dict[str, Any]
    engine: Maker
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


class ItemSnoozed(Happening):
    """Its reader wants to see it again on that day, and not before."""

    item_id: ItemId
    until: date


class ItemDeclined(Happening):
    """Not for me."""

    item_id: ItemId


class FeedbackUndone(Happening):
    """What its reader last said of an item is taken back, with all that was learnt from it."""

    item_id: ItemId


class LessonForgotten(Happening):
    """What was said of an item stays, and teaches nothing any more."""

    item_id: ItemId


class FeedbackErased(Happening):
    """All that a person ever said of items and answers is gone."""


class DaybookAsked(Happening):
    """A question was put to Daybook, for one viewer to be answered."""

    answer_id: AnswerId
    question_message_id: MessageId
    thread_ts: str | None
    viewer_kind: str
    viewer_id: UUID
    question_id: ContentId


class DaybookAnswered(Happening):
    """`lines`: for each line of the text which of the messages it rests on, by their places; none where not told."""

    answer_id: AnswerId
    text_id: ContentId
    message_ids: tuple[MessageId, ...]
    engine: Maker
    lines: tuple[tuple[int, ...], ...] = ()


class PrivatelyOffered(Happening):
    """Beside an answer in a channel, its asker was offered what they may read and the channel may not."""

    offer_id: OfferId
    answer_id: AnswerId
    message_ids: tuple[MessageId, ...]


class AnswerRated(Happening):
    """A reader said whether an answer helped."""

    answer_id: AnswerId
    verdict: Literal["up", "down"]


class RatingUndone(Happening):
    """A reader took back what they said of an answer."""

    answer_id: AnswerId
