"""What each kind of event changes in the tables. The one way in which a projection changes, today and in a replay."""

import json
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import get_args
from uuid import UUID

from memory import statements
from memory.database import Connection
from memory.models.events import Event, Told
from memory.models.happenings import choosing, conclusions, directory, talk, telling
from memory.models.happenings.conclusions import FactTold
from memory.models.happenings.happening import Happening
from memory.models.ids import EventId

SQL = statements.load("projections")
MOST = 2000
"""Events that one statement takes."""


@dataclass(frozen=True)
class Projection:
    """A table that follows from the log. `ignored` are its columns that do not: no event tells of them."""

    table: str
    key: tuple[str, ...]
    ignored: tuple[str, ...] = ()


TABLES: tuple[Projection, ...] = (
    Projection("people", ("person_id",), ignored=("real_name", "handle", "title", "email", "projects")),
    Projection("settings", ("person_id",)),
    Projection("identities", ("team_id", "source", "external_id")),
    Projection("containers", ("container_id",), ignored=("name", "history_read_until", "reading_failed_at")),
    Projection("memberships", ("container_id", "person_id")),
    Projection("messages", ("message_id",)),
    Projection("message_revisions", ("message_id", "at")),
    Projection("reactions", ("message_id", "person_id", "name")),
    Projection("meetings", ("container_id",)),
    Projection("conversations", ("conversation_id",)),
    Projection("facts", ("fact_id",)),
    Projection("evidence", ("fact_id", "message_id", "role", "span_start")),
    Projection("fact_versions", ("event_id",)),
    Projection("fact_links", ("link_id",)),
    Projection("briefings", ("briefing_id",)),
    Projection("items", ("item_id",)),
    Projection("feedback", ("item_id",)),
    Projection("answers", ("answer_id",)),
)
"""Those that others refer to come before them."""


@dataclass(frozen=True)
class Fold:
    """The statements that bring events of some kinds into the tables.

    `touches` names what an event changes or depends on: two that share nothing may change places. `many`: the
    statements take several events about one thing at once, in any order.
    """

    statements: tuple[str, ...] = ()
    touches: Callable[[Event], Iterable[Hashable]] = lambda _: ()
    many: bool = False


@dataclass
class Batch:
    fold: Fold
    rows: list[str] = field(default_factory=list)
    """Each as JSON."""


def _subject(name: str) -> Callable[[Event], Iterable[Hashable]]:
    return lambda event: (getattr(event.told, name),)


def _placed(event: Event) -> Iterable[Hashable]:
    if not isinstance(event.told, conclusions.MessagesPlaced):
        return ()
    return {*event.told.left, *(name for pair in event.told.placements for name in pair)}


def _composed(event: Event) -> Iterable[Hashable]:
    items = event.told.items if isinstance(event.told, telling.BriefingComposed) else ()
    return {*_subject("briefing_id")(event), *(item.item_id for item in items)}


def _linked(event: Event) -> Iterable[Hashable]:
    if not isinstance(event.told, conclusions.FactsLinked):
        return ()
    link = event.told.link
    return {each for each in (link.link_id, link.from_fact, link.to_fact) if each}


def _person(event: Event) -> Iterable[Hashable]:
    return (event.person_id,)


def _container(event: Event) -> Iterable[Hashable]:
    return (event.container_id,)


def _membership(event: Event) -> Iterable[Hashable]:
    return (("member", event.container_id, event.person_id),)


def _of_item(event: Event) -> Iterable[Hashable]:
    return (*_subject("item_id")(event), event.person_id)


def _reacted(event: Event) -> Iterable[Hashable]:
    return (*_subject("message_id")(event), *_reactor(event))


def _reactor(event: Event) -> Iterable[Hashable]:
    return (("reactor", event.container_id, event.person_id),)


def _concluded(event: Event) -> Iterable[Hashable]:
    gone = event.told if isinstance(event.told, conclusions.ConclusionsErased) else None
    return (*gone.conversation_ids, *gone.fact_ids) if gone else ()


_WORDS = Fold(("word_messages",), _subject("message_id"))
_BURY = Fold(("bury_messages",), _subject("message_id"))
_REACT = Fold(("change_reactions",), _reacted, many=True)
_PLAN = Fold(("plan_meetings",), _container)
_HOLD = Fold(("hold_containers",), _container)
_HUSH = Fold(("hush_containers",), _container)
_RECORD = Fold(
    ("record_facts", "remove_evidence", "record_evidence", "supersede_versions", "keep_versions"), _subject("fact_id")
)
_RETIRE = Fold(("retire_facts", "supersede_versions", "keep_retired_versions"), _subject("fact_id"))
_ERASE = Fold(("erase_conclusions", "erase_links", "erase_versions", "erase_facts", "erase_evidence"), _concluded)
_TRACK = Fold(("track_people",), _person)
_ARCHIVE = Fold(("archive_containers",), _container)
_SAY = Fold(("keep_feedback",), _of_item)
_MEMBERS = Fold(("change_memberships",), _membership, many=True)

FOLDS: dict[type[Happening], Fold] = {
    talk.MessagePosted: _WORDS,
    talk.MessageEdited: _WORDS,
    talk.MessageDeleted: _BURY,
    talk.MessageErased: _BURY,
    talk.MeetingScheduled: _PLAN,
    talk.MeetingCancelled: _PLAN,
    talk.ReactionAdded: _REACT,
    talk.ReactionRemoved: _REACT,
    talk.ReactionsErased: Fold(("erase_reactions",), _reactor),
    conclusions.MessagesPlaced: Fold(("place_messages", "stretch_conversations", "close_conversations"), _placed),
    conclusions.ConversationDescribed: Fold(("describe_conversations",), _subject("conversation_id")),
    **dict.fromkeys((kind for kind in get_args(Told) if issubclass(kind, FactTold)), _RECORD),
    conclusions.FactRetired: _RETIRE,
    conclusions.FactDismissed: _RETIRE,
    conclusions.FactsLinked: Fold(("link_facts",), _linked),
    conclusions.FactsUnlinked: Fold(("unlink_facts",), _subject("link_id")),
    conclusions.ConclusionsErased: _ERASE,
    directory.PersonSeen: Fold(("see_people", "name_identities"), _person),
    directory.PersonHeardOf: Fold(("hear_of_people", "name_identities"), _person),
    directory.PersonForgotten: Fold(("forget_people",), _person),
    directory.PersonReadAgain: Fold(("read_people_again",), _person),
    directory.PersonUntracked: _TRACK,
    directory.PersonTrackedAgain: _TRACK,
    directory.ReaderStarted: Fold(("start_reading",), _person),
    directory.ReaderStopped: Fold(("stop_reading",), _person),
    choosing.SettingsChanged: Fold(("change_hours", "change_tastes"), _person),
    choosing.FollowUpsStopped: _HUSH,
    choosing.FollowUpsResumed: _HUSH,
    choosing.SettingsErased: Fold(("erase_tastes",), _person),
    directory.ContainerSeen: Fold(("see_containers",), _container),
    directory.ContainerHeardOf: Fold(("hear_of_containers",), _container),
    directory.ContainerLeft: Fold(("leave_containers",), _container),
    directory.ContainerArchived: _ARCHIVE,
    directory.ContainerUnarchived: _ARCHIVE,
    directory.ContainerConverted: Fold(("convert_containers",), _container),
    directory.ContainerMadePersonal: Fold(("make_containers_personal",), _container),
    directory.ContainerForgotten: Fold(("forget_containers",), _container),
    directory.ContainerReadAgain: Fold(("read_containers_again",), _container),
    directory.RetentionSet: Fold(("retain_containers",), _container),
    directory.HoldPlaced: _HOLD,
    directory.HoldReleased: _HOLD,
    directory.MembersListed: Fold(("note_members_listed",), _container),
    directory.MemberJoined: _MEMBERS,
    directory.MemberLeft: _MEMBERS,
    telling.BriefingClaimed: Fold(("claim_briefings",), _subject("briefing_id")),
    telling.BriefingMoved: Fold(("move_briefings",), _subject("briefing_id")),
    telling.BriefingComposed: Fold(("compose_briefings", "remove_items", "keep_items"), _composed),
    telling.BriefingDelivered: Fold(("deliver_briefings",), _subject("subject_id")),
    telling.MessageSent: Fold(),
    telling.ItemDone: _SAY,
    telling.ItemSnoozed: _SAY,
    telling.ItemDeclined: _SAY,
    telling.FeedbackUndone: Fold(("undo_feedback",), _of_item),
    telling.LessonForgotten: Fold(("forget_lessons",), _of_item),
    telling.FeedbackErased: Fold(("erase_feedback",), _person),
    telling.DaybookAsked: Fold(("ask_daybook",), _subject("answer_id")),
    telling.DaybookAnswered: Fold(("answer_questions",), _subject("answer_id")),
}


async def fold(connection: Connection, events: Iterable[tuple[EventId, Event]]) -> set[UUID]:
    """Brings events into the tables, in their order as far as it matters; says which messages this changed."""
    changed: set[UUID] = set()
    for batch in batches(events):
        for statement in batch.fold.statements:
            cursor = await connection.execute(SQL[statement], {"rows": f"[{','.join(batch.rows)}]"})
            if cursor.description:
                changed |= {row["message_id"] for row in await cursor.fetchall()}
    return changed


def batches(events: Iterable[tuple[EventId, Event]]) -> Sequence[Batch]:
    """Groups events of one fold: each joins the last group of its fold, unless a later one touches what it touches."""
    found: list[Batch] = []
    open_at: dict[Fold, int] = {}
    touched: dict[Hashable, int] = {}
    for event_id, event in events:
        wanted = FOLDS[type(event.told)]
        if not wanted.statements:
            continue
        names = set(wanted.touches(event))
        latest = max((touched.get(name, -1) for name in names), default=-1)
        place = open_at.get(wanted, -1)
        if place < latest or (place == latest and not wanted.many) or place < 0 or len(found[place].rows) >= MOST:
            place = open_at[wanted] = len(found)
            found.append(Batch(wanted))
        found[place].rows.append(_row(event_id, event))
        touched.update(dict.fromkeys(names, place))
    return found


def _row(event_id: EventId, event: Event) -> str:
    around = {
        "event": event.kind,
        "event_id": event_id,
        "team_id": event.team_id,
        "container_id": event.container_id,
        "person_id": event.person_id,
        "occurred_at": event.occurred_at,
    }
    told = event.told.model_dump_json()
    envelope = json.dumps(around, default=str)
    return envelope if told == "{}" else f"{told[:-1]},{envelope[1:]}"
