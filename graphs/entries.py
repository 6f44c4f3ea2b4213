"""What a morning may tell, one entry each; and one matter once, however many entries and channels it runs through."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Literal
from uuid import UUID

from rapidfuzz import fuzz

from graphs.reasons import URGENT, Reason
from graphs.tasks.consolidate import Topic
from memory.models.base import Model
from memory.models.briefings import SECTIONS, Section, Tag
from memory.models.facts import Fact
from memory.models.ids import ContainerId, ConversationId, FactId, MessageId

SOURCES = 3
Anchor = Literal["fact", "conversation", "meeting"]


class Entry(Model):
    """One position: what it tells of, why it stands here, and the messages it rests on."""

    anchor_id: UUID
    anchor: Anchor
    section: Section
    score: float
    reasons: tuple[Reason, ...]
    fact_ids: tuple[FactId, ...] = ()
    also: tuple[FactId, ...] = ()
    """Facts of the same matter that are told with it, each in a sentence of its own."""
    conversation_id: ConversationId
    message_ids: tuple[MessageId, ...]
    tag: Tag = "new"
    fingerprint: str
    at: datetime | None = None
    """When it takes place, of a meeting."""


def alone(entry: Entry, facts: Mapping[FactId, Fact]) -> Entry:
    """The entry without what is told with it."""
    cited = {e.message_id for key in entry.also if key in facts for e in facts[key].evidence}
    own = {e.message_id for key in entry.fact_ids[:1] if key in facts for e in facts[key].evidence}
    kept = tuple(each for each in entry.message_ids if each in own or each not in cited)
    told = tuple(each for each in entry.fact_ids if each not in entry.also)
    return entry.model_copy(update={"also": (), "fact_ids": told, "message_ids": kept or entry.message_ids[:1]})


def fingerprint(*parts: object) -> str:
    return blake2b("\x1f".join(str(p) for p in parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def order(entry: Entry) -> tuple[int, float, str]:
    """Section by section, best first; the day's meetings by the clock."""
    by_clock = entry.section == "today" and entry.at is not None
    place = entry.at.timestamp() if by_clock and entry.at else -entry.score
    return SECTIONS.index(entry.section), place, str(entry.anchor_id)


def best_first(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda e: (-e.score, str(e.anchor_id)))


def once(entries: Iterable[Entry], topics: Iterable[Topic], facts: Mapping[FactId, Fact]) -> list[Entry]:
    """One entry a matter: the strongest takes in the others, those that say the same and those that say more."""
    topic = {c: t.topic_id for t in topics for c in t.conversation_ids}
    ordered = best_first(entries)
    matter: dict[UUID, UUID] = {}
    """What each topic and message was found to be about; the first name of a matter is the name of all of it."""

    def named(key: UUID) -> UUID:
        while matter.setdefault(key, key) != key:
            key = matter[key]
        return key

    for entry in ordered:
        spans = {e.message_id for key in entry.fact_ids if key in facts for e in facts[key].evidence}
        first = named(topic.get(entry.conversation_id, entry.conversation_id))
        for other in sorted(spans):
            matter[named(other)] = first
    kept: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in ordered:
        kept[named(topic.get(entry.conversation_id, entry.conversation_id))].append(entry)
    found = [entry for of_topic in kept.values() for entry in _one_each(of_topic, facts)]
    return _one_a_place(found, facts)


def _one_a_place(entries: Iterable[Entry], facts: Mapping[FactId, Fact]) -> list[Entry]:
    """The single lines of one container two by two: they are the place's news."""
    kept: list[Entry] = []
    lines: dict[ContainerId, list[Entry]] = defaultdict(list)
    for entry in best_first(entries):
        place = facts[entry.fact_ids[0]].container_id if entry.fact_ids and entry.fact_ids[0] in facts else None
        if entry.section != "also" or place is None or _needs(entry):
            kept.append(entry)
        else:
            lines[place].append(entry)
    pairs = [of_place[at : at + 1 + ALSO] for of_place in lines.values() for at in range(0, len(of_place), 1 + ALSO)]
    return kept + [_one(pair, facts) for pair in pairs]


def _one_each(entries: list[Entry], facts: Mapping[FactId, Fact]) -> list[Entry]:
    """All of one matter, best first, as one entry; a meeting stands for what is to be talked about there, and leaves
    what needs its reader by itself.
    """
    meeting = next((e for e in entries if e.anchor == "meeting"), None)
    if meeting is None:
        return [_one(entries, facts)]
    taken = [e for e in entries if e.anchor_id in meeting.also]
    others = [e for e in entries if e is not meeting and e not in taken and _needs(e)]
    best = max([meeting, *taken], key=lambda e: e.score)
    told = tuple(dict.fromkeys(key for e in taken for key in e.fact_ids))
    first = meeting.model_copy(update={"score": best.score, "reasons": best.reasons, "fact_ids": told})
    return [first, _one(others, facts)] if others else [first]


def _needs(entry: Entry) -> bool:
    return bool({reason.code for reason in entry.reasons} & URGENT)


def _one(entries: list[Entry], facts: Mapping[FactId, Fact]) -> Entry:
    """Cites what the strongest rests on, and one more of what it took in."""
    lead, *others = entries
    own = lead.message_ids[: SOURCES - 1]
    for other in others:
        lead = _merged(lead, other, facts)
    more = [facts[key] for key in lead.also if key in facts]
    elsewhere = [e.message_id for fact in more for e in fact.evidence[:1] if e.message_id not in own]
    return lead.model_copy(update={"message_ids": (*own, *elsewhere)})


ALSO = 1
"""Sentences that are told of a matter beside the first."""


def _merged(into: Entry, other: Entry, facts: Mapping[FactId, Fact]) -> Entry:
    """Cites each container before it cites one twice; what says more, and not only the same, is told too."""
    told = [facts[key] for key in (*into.fact_ids[:1], *into.also) if key in facts]
    more = facts.get(other.fact_ids[0]) if other.fact_ids else None
    says_more = more is not None and len(into.also) < ALSO and not any(same(each, more) for each in told)
    told_here = says_more or (more is not None and any(same(each, more) for each in told))
    cited = tuple(dict.fromkeys([*into.message_ids, *other.message_ids]))
    return into.model_copy(
        update={
            "fact_ids": tuple(dict.fromkeys([*into.fact_ids, *(other.fact_ids if told_here else ())])),
            "also": (*into.also, more.fact_id) if says_more and more else into.also,
            "message_ids": cited,
        }
    )


def same(a: Fact, b: Fact) -> bool:
    """Whether two facts of one topic say the same: the same kind of fact, elsewhere, or in like words."""
    if a.kind != b.kind or (a.kind == "commitment" and a.actor_id != b.actor_id):
        return False
    alike = fuzz.token_set_ratio(a.statement.lower(), b.statement.lower())
    return alike >= (50 if a.container_id != b.container_id else 85)
