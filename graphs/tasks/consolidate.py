"""Consolidate: what one viewer may read -> topics, each the same matter wherever it was talked about.

In: conversations and facts that the viewer may read, already filtered. Out: topics; every conversation in exactly one,
each topic with the containers and messages it cites. The rules merge only what shares rare words, or a ticket or
version number: two matters shown as one mislead, one matter shown twice only costs a line.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import combinations
from uuid import UUID

from rapidfuzz import fuzz

from graphs.ports import Context
from memory.models.base import Model
from memory.models.conversations import Conversation
from memory.models.facts import Fact
from memory.models.ids import ContainerId, ConversationId, FactId, MessageId, derive

VERSION = "rules-1"

_NAMED = re.compile(r"\b(?:[a-z]+-\d+|#\d{2,}|v?\d+(?:\.\d+)+(?:-[a-z0-9]+)?)\b")
_WORD = re.compile(r"[a-z][a-z0-9_\-]{2,}")
_COMMON = frozenset(
    "about after again all also and any are because been before but can could day did does doing done don't down each "
    "few for from get going good got had has have her here him his how into its just know let like make many may maybe "
    "more most much need new next not now off old one only other our out over own please really right same see she "
    "should since some still such take than thanks that the their them then there these they thing think this those "
    "through time today tomorrow too two under until use very via want was way week well were what when where which "
    "while who why will with work would yes yesterday yet you your it's i'll we'll i'm that's monday tuesday wednesday "
    "thursday friday saturday sunday morning team channel question update decision".split()
)
_APART = timedelta(days=7)
_RARE = 3
_LARGEST = 12


class Given(Model):
    conversations: tuple[Conversation, ...]
    facts: tuple[Fact, ...] = ()


class Topic(Model):
    """One matter: its conversations, oldest first, with what they cite."""

    topic_id: UUID
    title: str
    conversation_ids: tuple[ConversationId, ...]
    fact_ids: tuple[FactId, ...]
    container_ids: tuple[ContainerId, ...]
    message_ids: tuple[MessageId, ...]


class Found(Model):
    topics: tuple[Topic, ...]


class _Talk(Model):
    """One conversation with its facts, as words."""

    conversation_id: ConversationId
    container_id: ContainerId
    title: str
    at: datetime
    words: frozenset[str]
    fact_ids: tuple[FactId, ...]
    message_ids: tuple[MessageId, ...]


class ScatteredTopic(ValueError):
    """A conversation is in no topic or in two, or a topic hides where it was talked about: cite every container."""


async def run(given: Given, context: Context) -> Found:  # noqa: ARG001  # the model engine will need the context
    found = rules(given)
    check(given, found)
    return found


def rules(given: Given) -> Found:
    talks = _talks(given)
    groups = _grouped(talks, _alike(talks))
    topics = [_topic(sorted(group, key=lambda t: (t.at, t.conversation_id))) for group in groups]
    return Found(topics=tuple(sorted(topics, key=lambda t: t.topic_id)))


def check(given: Given, found: Found) -> None:
    """Raises `ScatteredTopic` unless every conversation is in exactly one topic, and every merged container cited."""
    home = {c.conversation_id: c.container_id for c in given.conversations}
    home |= {f.conversation_id: f.container_id for f in given.facts}
    times = Counter(c for topic in found.topics for c in topic.conversation_ids)
    wrong = [f"conversation {c} is in {times[c]} topics" for c in sorted({*home, *times}) if times[c] != 1]
    for topic in found.topics:
        missing = {home[c] for c in topic.conversation_ids if c in home} - {*topic.container_ids}
        wrong += [f"topic {topic.topic_id} does not cite container {c}" for c in sorted(missing)]
    if wrong:
        raise ScatteredTopic("; ".join(wrong[:3]))


def _talks(given: Given) -> list[_Talk]:
    facts: dict[ConversationId, list[Fact]] = defaultdict(list)
    for fact in sorted(given.facts, key=lambda f: (f.valid_from, f.fact_id)):
        facts[fact.conversation_id].append(fact)
    known = {c.conversation_id: c for c in given.conversations}
    return [_talk(key, known.get(key), facts[key]) for key in sorted({*known, *facts})]


def _talk(key: ConversationId, conversation: Conversation | None, facts: list[Fact]) -> _Talk:
    cited = tuple(dict.fromkeys(e.message_id for fact in facts for e in fact.evidence))
    statements = [fact.statement for fact in facts]
    opening: tuple[MessageId, ...] = ()
    if conversation is None:
        container, at, titles = facts[0].container_id, facts[0].valid_from, statements
    else:
        container, at, opening = conversation.container_id, conversation.started_at, conversation.message_ids[:1]
        titles = [conversation.topic, conversation.gist, *statements]
    return _Talk(
        conversation_id=key,
        container_id=container,
        title=next((t for t in titles if t.strip()), ""),
        at=at,
        words=_words(titles),
        fact_ids=tuple(fact.fact_id for fact in facts),
        message_ids=cited or opening,
    )


def _words(texts: Iterable[str]) -> frozenset[str]:
    text = " ".join(texts).lower()
    named = set(_NAMED.findall(text))
    return frozenset(named | {w for w in _WORD.findall(text) if w not in _COMMON})


def _alike(talks: list[_Talk]) -> Mapping[frozenset[ConversationId], float]:
    """The pairs that speak of the same matter, with how surely. Only pairs that share a rare word are looked at."""
    holders: dict[str, list[_Talk]] = defaultdict(list)
    for talk in talks:
        for word in talk.words:
            holders[word].append(talk)
    most = min(max(_RARE, len(talks) // 50), _LARGEST)
    shared: dict[frozenset[ConversationId], set[str]] = defaultdict(set)
    pairs: dict[frozenset[ConversationId], tuple[_Talk, _Talk]] = {}
    for word, holding in holders.items():
        if len(holding) <= most or (len(holding) <= _LARGEST and _NAMED.fullmatch(word)):
            for one, other in combinations(holding, 2):
                key = frozenset((one.conversation_id, other.conversation_id))
                shared[key].add(word)
                pairs[key] = (one, other)
    scored = {key: _likeness(*pairs[key], words) for key, words in shared.items()}
    return {key: score for key, score in scored.items() if score > 0}


def _likeness(one: _Talk, other: _Talk, rare: set[str]) -> float:
    """0 for two matters; one shared number, three rare words, or two and titles that read alike, make it one."""
    if abs(one.at - other.at) > _APART:
        return 0
    numbers = sum(1 for word in rare if _NAMED.fullmatch(word))
    titles = fuzz.token_set_ratio(one.title.lower(), other.title.lower()) if one.title and other.title else 0
    strict = 1 if one.container_id == other.container_id else 0  # a channel's own words recur in it
    enough = numbers > strict or len(rare) >= 3 + strict or (len(rare) >= 2 and titles >= 60 + 20 * strict)
    return len(rare) + 2 * numbers + titles / 100 if enough else 0


def _grouped(talks: list[_Talk], alike: Mapping[frozenset[ConversationId], float]) -> list[list[_Talk]]:
    """Merges the surest pairs first, and two groups only when most of their pairs are alike: no chains."""
    by_id = {talk.conversation_id: talk for talk in talks}
    group = {talk.conversation_id: [talk] for talk in talks}
    for pair in sorted(alike, key=lambda p: (-alike[p], sorted(p))):
        one, other = (group[c] for c in sorted(pair))
        if one is other or len(one) + len(other) > _LARGEST:
            continue
        crossing = [frozenset((a.conversation_id, b.conversation_id)) for a in one for b in other]
        if 2 * sum(p in alike for p in crossing) > len(crossing):
            one.extend(other)
            for talk in other:
                group[talk.conversation_id] = one
    return [members for key, members in group.items() if members[0] is by_id[key]]


def _topic(talks: list[_Talk]) -> Topic:
    return Topic(
        topic_id=derive(talks[0].conversation_id, "topic"),
        title=next((t.title for t in talks if t.title), ""),
        conversation_ids=tuple(t.conversation_id for t in talks),
        fact_ids=tuple(f for t in talks for f in t.fact_ids),
        container_ids=tuple(dict.fromkeys(t.container_id for t in talks)),
        message_ids=tuple(dict.fromkeys(m for t in talks for m in t.message_ids)),
    )
