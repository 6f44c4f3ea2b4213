"""Ids are derived from what they name, never drawn from a sequence: the same input gets the same id after a replay."""

from typing import NewType
from uuid import UUID, uuid5

TeamId = NewType("TeamId", str)
PersonId = NewType("PersonId", UUID)
ContainerId = NewType("ContainerId", UUID)
MessageId = NewType("MessageId", UUID)
ContentId = NewType("ContentId", UUID)
ConversationId = NewType("ConversationId", UUID)
FactId = NewType("FactId", UUID)
LinkId = NewType("LinkId", UUID)
BriefingId = NewType("BriefingId", UUID)
ItemId = NewType("ItemId", UUID)
AnswerId = NewType("AnswerId", UUID)
EventId = NewType("EventId", UUID)
OutboxId = NewType("OutboxId", UUID)
OfferId = NewType("OfferId", UUID)

_DAYBOOK = UUID("6f0f2c9a-3f62-5d0e-9a53-0f6d61796b62")
_SEPARATOR = "\x1f"  # cannot occur in an external id, so that ("a", "bc") and ("ab", "c") differ


def derive(*parts: object) -> UUID:
    """The same parts give the same id, everywhere and forever."""
    joined = _SEPARATOR.join(str(part) for part in parts)
    return uuid5(_DAYBOOK, joined.encode("utf-8", "backslashreplace").decode())  # any text, lone surrogates too


def person_id(team: TeamId, source: str, external_id: str) -> PersonId:
    return PersonId(derive(team, "person", source, external_id))


def container_id(team: TeamId, source: str, external_id: str) -> ContainerId:
    return ContainerId(derive(team, "container", source, external_id))


def message_id(container: ContainerId, external_ts: str) -> MessageId:
    return MessageId(derive(container, "message", external_ts))


def content_id(kind: str, subject: UUID, ordinal: object = 0) -> ContentId:
    """The id of a text: what kind it is, what it belongs to, and which of its versions."""
    return ContentId(derive(subject, "content", kind, ordinal))


def conversation_id(anchor: MessageId) -> ConversationId:
    """A conversation is named by its first message, which stands in one container."""
    return ConversationId(derive(anchor, "conversation"))


def fact_id(container: ContainerId, kind: str, anchor: MessageId, ordinal: int) -> FactId:
    """`ordinal` counts the facts of one kind that rest first on the same message."""
    return FactId(derive(container, "fact", kind, anchor, ordinal))


def link_id(source: UUID, target: FactId, relation: str) -> LinkId:
    """`source` is the fact, or the message of a bare remark, that is linked to the fact."""
    return LinkId(derive(source, "link", target, relation))


def briefing_id(person: PersonId, local_date: object) -> BriefingId:
    return BriefingId(derive(person, "briefing", local_date))


def week_id(person: PersonId, local_date: object) -> BriefingId:
    """The review of the week that ends on this day."""
    return BriefingId(derive(person, "review", local_date))


def item_id(briefing: BriefingId, anchor: UUID) -> ItemId:
    """`anchor` is the fact or conversation that the item tells of."""
    return ItemId(derive(briefing, "item", anchor))


def answer_id(question: MessageId) -> AnswerId:
    """One message gets one answer, however often and in whatever form its event arrives."""
    return AnswerId(derive(question, "answer"))


def offer_id(answer: AnswerId) -> OfferId:
    """What is offered in private beside an answer in a channel."""
    return OfferId(derive(answer, "offer"))


def offered_answer_id(offer: OfferId) -> AnswerId:
    """The answer in private to the question of an offer: one, however often it is taken up."""
    return AnswerId(derive(offer, "answer"))


def outbox_id(team: TeamId, key: str) -> OutboxId:
    return OutboxId(derive(team, "outbox", key))
