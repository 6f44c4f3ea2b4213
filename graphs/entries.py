"""What a morning may tell, one entry each; and one matter once, however many entries and channels it runs through."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from hashlib import blake2b
from typing import Literal
from uuid import UUID

from rapidfuzz import fuzz

from graphs.reasons import URGENT, Reason
from graphs.tasks.consolidate import Topic
from graphs.tasks.rarity import rarity_of
from graphs.tasks.stems import stems_of
from memory.models.base import Model
from memory.models.briefings import SECTIONS, Section, Tag
from memory.models.facts import Fact
from memory.models.ids import ContainerId, ConversationId, FactId, MessageId

SOURCES = 3
"""Messages that are cited for one sentence."""
MOST_SOURCES = 4
"""Messages that are cited for one entry."""
_SHARED = 0.5
"""Rarity that the words of two facts share, from which they are about one thing."""
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
    untold: int = 0
    """Entries of the same matter that there was no room for."""
    conversation_id: ConversationId
    message_ids: tuple[MessageId, ...]
    tag: Tag = "new"
    fingerprint: str
    at: datetime | None = None
    """When it takes place, of a meeting."""

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(reason.code for reason in self.reasons)


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


def once(
    entries: Iterable[Entry],
    topics: Iterable[Topic],
    facts: Mapping[FactId, Fact],
    long: AbstractSet[ConversationId] = frozenset(),
) -> list[Entry]:
    """One entry a matter: the strongest takes in the others, those that say the same and those that say more.

    Of one matter is what stands in one topic, and what rests on one message. A `long` conversation may be about many,
    which their words tell apart; it is one entry all the same, and one more if some of it needs the reader and some
    does not.
    """
    return _one_a_place(_of_conversations(_matters(entries, topics, facts, long), facts), facts)


def _matters(
    entries: Iterable[Entry],
    topics: Iterable[Topic],
    facts: Mapping[FactId, Fact],
    long: AbstractSet[ConversationId],
) -> list[list[Entry]]:
    """All that is about the same, best first."""
    topic = {c: t.topic_id for t in topics for c in t.conversation_ids}
    ordered = best_first(entries)
    joined = _Joined()
    leads: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in ordered:
        before = leads[topic.get(entry.conversation_id, entry.conversation_id)]
        lead = next((each for each in before if _of_one_matter(each, entry, facts, long)), None)
        if lead is None:
            before.append(entry)
        joined.join((lead or entry).anchor_id, entry.anchor_id)
        for message in sorted({e.message_id for key in entry.fact_ids if key in facts for e in facts[key].evidence}):
            joined.join(entry.anchor_id, message)
    kept: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in ordered:
        kept[joined.name(entry.anchor_id)].append(entry)
    return list(kept.values())


def _of_conversations(matters: Iterable[list[Entry]], facts: Mapping[FactId, Fact]) -> list[Entry]:
    """The entries of all matters; those that begin in one conversation together, what needs the reader apart."""
    found: list[Entry] = []
    talks: dict[tuple[ConversationId, bool], list[Entry]] = defaultdict(list)
    for matter in matters:
        if any(entry.anchor == "meeting" for entry in matter):
            found += _met(matter, facts)
        else:
            talks[matter[0].conversation_id, any(map(_needs, matter))] += matter
    found += [_one(of_talk, facts) for of_talk in talks.values()]
    told = {key for entry in found if entry.anchor != "meeting" for key in (*entry.fact_ids[:1], *entry.also)}
    return [_without_said(entry, told) if entry.anchor == "meeting" else entry for entry in found]


def _without_said(meeting: Entry, told: AbstractSet[FactId]) -> Entry:
    """The meeting without what is open between those who meet, where that has an entry of its own."""
    if not told & {*meeting.also}:
        return meeting
    reasons = tuple(each for each in meeting.reasons if each.code != "meeting_open")
    less = sum(each.weight for each in meeting.reasons) - sum(each.weight for each in reasons)
    changed = {"also": (), "message_ids": meeting.message_ids[:1], "reasons": reasons}
    return meeting.model_copy(update={**changed, "score": round(meeting.score - less, 3)})


class _Joined:
    """What was found to be one; the first name of it is the name of all."""

    def __init__(self) -> None:
        self._names: dict[UUID, UUID] = {}

    def name(self, key: UUID) -> UUID:
        while self._names.setdefault(key, key) != key:
            key = self._names[key]
        return key

    def join(self, first: UUID, other: UUID) -> None:
        self._names[self.name(other)] = self.name(first)


def _of_one_matter(lead: Entry, other: Entry, facts: Mapping[FactId, Fact], long: AbstractSet[ConversationId]) -> bool:
    """Whether two entries of one topic are about the same."""
    if lead.conversation_id != other.conversation_id or lead.conversation_id not in long:
        return True
    one, two = (facts.get(e.fact_ids[0]) if e.fact_ids else None for e in (lead, other))
    if one is None or two is None:
        return False
    shared = {*stems_of(one.statement)} & {*stems_of(two.statement)}
    return same(one, two) or sum(rarity_of(word) for word in sorted(shared)) >= _SHARED


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


def _met(entries: list[Entry], facts: Mapping[FactId, Fact]) -> list[Entry]:
    """All of a matter that a meeting is about: the meeting stands for what is to be talked about there, and leaves what
    needs its reader by itself.
    """
    meeting = next(e for e in entries if e.anchor == "meeting")
    taken = [e for e in entries if e.anchor_id in meeting.also]
    others = [e for e in entries if e is not meeting and e not in taken and _needs(e)]
    best = max([meeting, *taken], key=lambda e: e.score)
    told = tuple(dict.fromkeys(key for e in taken for key in e.fact_ids))
    untold = len(entries) - 1 - len(taken) - len(others)
    changed = {"score": best.score, "reasons": best.reasons, "fact_ids": told, "untold": untold}
    first = meeting.model_copy(update=changed)
    return [first, _one(others, facts)] if others else [first]


def _needs(entry: Entry) -> bool:
    return bool(entry.codes & URGENT)


ALSO = 1
"""Sentences that are told of a matter beside the first."""


def _one(entries: list[Entry], facts: Mapping[FactId, Fact]) -> Entry:
    """The first, with what the others say: more, if there is room for it, or the same.

    It cites what the strongest rests on, the first words of what is told beside it, and one other place that says so.
    """
    lead, *others = entries
    told, also, again, untold = [*lead.fact_ids], [*lead.also], [], sum(each.untold for each in entries)
    for other in others:
        more = facts.get(other.fact_ids[0]) if other.fact_ids else None
        if more is not None and any(same(facts[key], more) for key in (*told[:1], *also) if key in facts):
            again.append(more)
        elif more is None or len(also) >= ALSO:
            untold += 1
            continue
        else:
            also.append(more.fact_id)
        told += other.fact_ids
    own = lead.message_ids[: SOURCES - 1]
    beside = [facts[key].evidence[0].message_id for key in also if key in facts and facts[key].evidence]
    places = {facts[key].container_id for key in (*told[:1], *also) if key in facts}
    elsewhere = [each.evidence[0].message_id for each in again if each.evidence and each.container_id not in places]
    cited = tuple(dict.fromkeys([*own, *beside, *elsewhere[:1]]))[:MOST_SOURCES]
    changed = {"fact_ids": tuple(dict.fromkeys(told)), "also": tuple(also), "message_ids": cited, "untold": untold}
    return lead.model_copy(update=changed)


def same(a: Fact, b: Fact) -> bool:
    """Whether two facts of one topic say the same: the same kind of fact, elsewhere, or in like words."""
    if a.kind != b.kind or (a.kind == "commitment" and a.actor_id != b.actor_id):
        return False
    alike = fuzz.token_set_ratio(a.statement.lower(), b.statement.lower())
    return alike >= (50 if a.container_id != b.container_id else 85)
