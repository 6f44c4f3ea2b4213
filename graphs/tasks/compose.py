"""Compose: ranked entries -> the morning's text: a sentence or two with their sources for each entry.

In: entries and everything they rest on. Out: items, who worded each, the fingerprint of what each told, and what each
may say without evidence (its people, places and dates). Check: at most three need the reader, every item has a source
among the given messages and a sentence. Dates are in the reader's zone.

A model may reword what the rules wrote, entry by entry (`rewording`).
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from uuid import UUID

from pydantic import SkipValidation

from graphs import days, engines, fitting, sentences
from graphs.calling import called
from graphs.entries import MOST_SOURCES, Entry, alone
from graphs.pieces import Share
from graphs.ports import Context
from graphs.preferences import CHARACTERS
from graphs.reasons import OF_THE_KIND, SAYS_ITSELF
from graphs.sentences import Voice
from graphs.tasks import rewording
from graphs.tasks.rewording import Line
from graphs.wording import readable
from memory.messages import text_of
from memory.models.audience import Viewer
from memory.models.base import Model
from memory.models.briefings import WEEK_SECTIONS, Item, Section, Source
from memory.models.containers import Container
from memory.models.conversations import Conversation
from memory.models.facts import EngineName, Fact
from memory.models.ids import BriefingId, ContainerId, ConversationId, FactId, ItemId, MessageId, PersonId, item_id
from memory.models.meetings import Meeting
from memory.models.messages import Message
from memory.models.people import Person

VERSION = "rules-1"

_BRIEFLY = 90
"""Characters of what somebody said, in what is not among the three."""
PLAIN: frozenset[Section] = frozenset({"also", *WEEK_SECTIONS})
"""Single lines, which stand as the rules word them."""


class Given(Model):
    briefing_id: BriefingId
    person: Person
    now: datetime
    entries: tuple[Entry, ...]
    facts: tuple[Fact, ...] = ()
    conversations: tuple[Conversation, ...] = ()
    messages: tuple[Message, ...] = ()
    containers: tuple[Container, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    people: SkipValidation[tuple[Person, ...]] = ()
    """The same tuple for all readers, as long as nobody has changed."""
    most: int = CHARACTERS
    """Characters that the whole may have."""

    @cached_property
    def desk(self) -> "_Desk":
        return _laid_out(self)


class Found(Model):
    """`fingerprints` tell tomorrow what was told; `known` is what an item may say beyond its evidence's words.

    `engines` says who worded each item that a model may word, `behind` what each is made of, cited or not.
    """

    items: tuple[Item, ...]
    left_out: int = 0
    fingerprints: Mapping[ItemId, str]
    known: Mapping[ItemId, tuple[str, ...]]
    engines: Mapping[ItemId, EngineName]
    behind: Mapping[ItemId, tuple[MessageId, ...]]


class UnsourcedItem(ValueError):
    """An item has no sentence or no source that was given, or more than three need the reader."""


class _Desk(Model):
    """All that was given, by id."""

    voice: Voice
    facts: Mapping[FactId, Fact]
    conversations: Mapping[ConversationId, Conversation]
    messages: Mapping[MessageId, Message]
    containers: Mapping[ContainerId, Container]
    meetings: Mapping[UUID, Meeting]


def _laid_out(given: Given) -> _Desk:
    names, short = called(given.people)
    today = days.local_day(given.now, given.person.tz)
    return _Desk(
        voice=Voice(
            team=given.person.team_id,
            names=names,
            short=short,
            today=today,
            tz=given.person.tz,
            reader=given.person.person_id,
        ),
        facts={f.fact_id: f for f in given.facts},
        conversations={c.conversation_id: c for c in given.conversations},
        messages={m.message_id: m for m in given.messages},
        containers={c.container_id: c for c in given.containers},
        meetings={m.container_id: m for m in given.meetings},
    )


async def run(given: Given, context: Context) -> Found:
    found = rules(given)
    check(given, found)
    reworded = await _reworded(given, found, context)
    check(given, reworded)
    return reworded


def rules(given: Given) -> Found:
    desk = given.desk
    written = [(e, item) for e in given.entries if (item := _item(e, given.briefing_id, desk))]
    written, left_out = fitting.fit(written, given.most, lambda e: _item(alone(e, desk.facts), given.briefing_id, desk))
    return Found(
        left_out=left_out + sum(e.untold for e in given.entries),
        items=tuple(item for _, item in written),
        fingerprints={item.item_id: e.fingerprint for e, item in written},
        known={item.item_id: _known(e, desk) for e, item in written},
        engines={},
        behind={item.item_id: _behind(item, e, desk) for e, item in written},
    )


async def _reworded(given: Given, found: Found, context: Context) -> Found:
    """The items as a model words them, each for itself, where it does so within bounds."""
    if context.model is None:
        return found.model_copy(update={"engines": {i.item_id: "rules" for i in _wordable(given, found)}})
    asked = shares(given, found)
    made = await engines.ask(rewording.ENGINE, asked, context, Viewer.person(given.person.person_id))
    by_model = {item.item_id: item for item in made.by_model.values()}
    worded: dict[ItemId, EngineName] = {
        share.piece.item.item_id: "model" if share.piece.item.item_id in by_model else "rules" for share in asked
    }
    items = tuple(by_model.get(item.item_id, item) for item in found.items)
    return found.model_copy(update={"items": items, "engines": worded})


def shares(given: Given, found: Found) -> list[Share[Line]]:
    """What a model is to word anew, in the order of the items: all but single lines."""
    desk, entries = given.desk, _by_item(given)
    return [_share(item, entries[item.item_id], found, desk) for item in _wordable(given, found)]


def _wordable(given: Given, found: Found) -> list[Item]:
    entries = _by_item(given)
    return [i for i in found.items if i.section not in PLAIN and entries[i.item_id].anchor != "meeting"]


def _by_item(given: Given) -> dict[ItemId, Entry]:
    return {item_id(given.briefing_id, entry.anchor_id): entry for entry in given.entries}


def _share(item: Item, entry: Entry, found: Found, desk: _Desk) -> Share[Line]:
    beside = _beside(item, entry, desk)
    theirs = {e.message_id for key in entry.also if beside for e in desk.facts[key].evidence}
    own = [s for n, s in enumerate(item.sources) if n == 0 or s.message_id not in theirs]
    said = [desk.messages[source.message_id] for source in own]
    first = item.text.removesuffix(f" {beside}") if beside else item.text
    names = tuple(desk.voice.names.values())
    fact = next((desk.facts[key] for key in entry.fact_ids if key in desk.facts), None)
    ended = fact if fact and sentences.ending(fact) else None
    plain = first.removesuffix(f" – {sentences.ending(ended)}.") if ended else first
    people = [fact.actor_id, fact.counterparty_id] if fact else [message.author_id for message in said]
    line = Line(
        item=item,
        beside=beside,
        plain=plain,
        ended=ended,
        people=tuple(name for each in people if (name := desk.voice.name(each, ""))),
        proposed=bool(fact and fact.status == "proposed"),
        evidence={
            f"m{number}": (
                message.message_id,
                desk.voice.name(message.author_id),
                readable(message.text, desk.voice.names, desk.voice.team),
            )
            for number, message in enumerate(said, start=1)
        },
        known=found.known[item.item_id],
        names=names,
    )
    return Share(line, tuple(text_of(desk.messages[key]) for key in found.behind[item.item_id]))


def _brief(desk: _Desk) -> _Desk:
    """The same, where less is quoted."""
    return desk.model_copy(update={"voice": desk.voice.model_copy(update={"longest": _BRIEFLY})})


def _beside(item: Item, entry: Entry, desk: _Desk) -> str:
    """The sentence that the item tells beside its own, where it still does."""
    told = " ".join(part for key in entry.also if (part := _of_fact(key, _brief(desk))))
    return told if told and item.text.endswith(f" {told}") else ""


def _behind(item: Item, entry: Entry, desk: _Desk) -> tuple[MessageId, ...]:
    """All that the rules' sentence is made of: a fact rests on more than is cited, a gist on the whole conversation."""
    names = dict.fromkeys(source.message_id for source in item.sources)
    for key in (*entry.fact_ids, *entry.also):
        names |= dict.fromkeys(each.message_id for each in desk.facts[key].evidence) if key in desk.facts else {}
    if _gist(entry, desk):
        names |= dict.fromkeys(desk.conversations[entry.conversation_id].message_ids)
    return tuple(key for key in names if key in desk.messages)


def _gist(entry: Entry, desk: _Desk) -> str:
    """What a conversation was about, where that is what is told of it."""
    conversation = desk.conversations.get(entry.conversation_id)
    if entry.anchor == "fact" or conversation is None or any(r.code == "mentioned" for r in entry.reasons):
        return ""
    return (conversation.gist or conversation.topic).strip()


def check(given: Given, found: Found) -> None:
    """Raises `UnsourcedItem` unless every item has a sentence and a source, and at most three need the reader."""
    known = {m.message_id for m in given.messages}
    bare = [i for i in found.items if not i.text.strip() or not {s.message_id for s in i.sources} & known]
    needing = sum(i.section == "needs_you" for i in found.items)
    if bare or needing > 3:
        raise UnsourcedItem(f"{len(bare)} items without sentence or source, {needing} that need the reader.")


def _item(entry: Entry, briefing: BriefingId, desk: _Desk) -> Item | None:
    """The entry in words; nothing when the words it rests on are gone."""
    if entry.section != "needs_you" or entry.also:
        desk = _brief(desk)
    text = _text(entry, desk)
    sources = tuple(s for m in entry.message_ids if (s := _source(m, desk)))[:MOST_SOURCES]
    if not text or not sources:
        return None
    return Item(
        item_id=item_id(briefing, entry.anchor_id),
        section=entry.section,
        text=text,
        why=_why(entry, desk.voice),
        sources=sources,
        anchor_id=entry.anchor_id,
        fact_ids=entry.fact_ids,
        tag=entry.tag,
    )


def _text(entry: Entry, desk: _Desk) -> str:
    """The entry's own sentence, and one for each fact that is told with it; nothing where its own words are gone."""
    first = _first(entry, desk)
    more = [_of_fact(key, desk) for key in entry.also] if first else []
    return " ".join(part for part in (first, *more) if part)


def _of_fact(key: FactId, desk: _Desk) -> str:
    fact = desk.facts.get(key)
    if fact is None or not fact.statement.strip():
        return ""
    stating = (
        desk.messages[e.message_id] for e in fact.evidence if e.role == "states" and e.message_id in desk.messages
    )
    step = next(stating, None)
    return sentences.of_fact(fact, desk.voice, step.kind if step else "human")


def _first(entry: Entry, desk: _Desk) -> str:
    if entry.anchor == "meeting":
        return _of_meeting(entry, desk)
    if entry.anchor == "fact":
        return _of_fact(FactId(entry.anchor_id), desk)
    message = next((desk.messages[m] for m in entry.message_ids if m in desk.messages), None)
    if message is None:
        return ""
    where, day = _place(message, desk), days.local_day(message.posted_at, desk.voice.tz)
    if told := _gist(entry, desk):
        said = desk.voice.plain(told)
        return f"#{where} talked {days.on(day, desk.voice.today)}: {said}." if where else f"{said}."
    if not desk.voice.plain(message.text):
        return ""
    verb = "mentioned you" if any(r.code == "mentioned" for r in entry.reasons) else "wrote"
    opening = f"{desk.voice.name(message.author_id)} {verb}" + (f" in #{where}" if where else "")
    return sentences.quoted(opening, day, message.text, desk.voice)


def _of_meeting(entry: Entry, desk: _Desk) -> str:
    meeting = desk.meetings.get(entry.anchor_id)
    said = desk.messages.get(meeting.message_id) if meeting else None
    return sentences.of_meeting(meeting, said.text, desk.voice) if meeting and said else ""


def _why(entry: Entry, voice: Voice) -> str:
    """The heaviest reason that is this reader's own, as a sentence; nothing where the entry says it itself."""
    own = [r for r in entry.reasons if r.code not in SAYS_ITSELF]
    if entry.section == "needs_you":
        own = [r for r in entry.reasons if r.code not in OF_THE_KIND] or list(entry.reasons)
    clause = own[0].named(voice.names) if own else ""
    return f"{clause[:1].upper()}{clause[1:]}." if clause else ""


def _place(message: Message, desk: _Desk) -> str:
    container = desk.containers.get(message.container_id)
    named = container and container.source == "slack" and container.kind in {"public", "private"}
    return container.name if container and named else ""


def _source(key: MessageId, desk: _Desk) -> Source | None:
    message = desk.messages.get(key)
    container = desk.containers.get(message.container_id) if message else None
    if message is None or container is None:
        return None
    return Source.of(message, container)


def _known(entry: Entry, desk: _Desk) -> tuple[str, ...]:
    """What the item may say though no evidence says it: who its people are, where and when it was."""
    facts = [desk.facts[f] for f in (*entry.fact_ids, *entry.also) if f in desk.facts]
    messages = [desk.messages[m] for m in entry.message_ids if m in desk.messages]
    people: list[PersonId | None] = [p for f in facts for p in (f.actor_id, f.counterparty_id)]
    people += [p for m in messages for p in (m.author_id, *m.mentions)]
    said = [desk.voice.names[p] for p in people if p is not None and p in desk.voice.names]
    said += [_place(m, desk) for m in messages]
    said += [date for f in facts for date in sentences.dates_in(f, desk.voice)]
    if meeting := desk.meetings.get(entry.anchor_id):
        said += sentences.around(meeting, desk.voice)
    said += [days.on(days.local_day(m.posted_at, desk.voice.tz), desk.voice.today) for m in messages]
    return tuple(dict.fromkeys(s for s in said if s))
