"""Consolidate: what one viewer may read -> topics, each the same matter wherever it was talked about.

In: conversations with their words, and facts, all of which the viewer may read. Out: topics; every conversation in
exactly one, each topic with the containers and messages it cites. The rules compare the stems that two conversations
use, by how rare each is among all that the viewer reads here and in chat at large; tickets and versions count twice.
They lean to caution: two matters shown as one mislead, one matter shown twice only costs a line. Of a few pairs in
different places that are nearly alike enough, and hold something weighty, a model may say that they are one.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import combinations
from uuid import UUID

from graphs import engines
from graphs.pieces import Share
from graphs.ports import Context
from graphs.tasks import judging
from graphs.tasks.judging import Pair
from graphs.tasks.rarity import rarity_of
from graphs.tasks.stems import stems_of
from memory.models.audience import Viewer
from memory.models.base import Model
from memory.models.conversations import Conversation
from memory.models.facts import Fact
from memory.models.ids import ContainerId, ContentId, ConversationId, FactId, MessageId, derive

VERSION = "rules-2"

ALIKE = 0.18
"""Likeness from which two conversations are one matter: docs/models/consolidate.md says how it was chosen."""
DOUBTFUL = 0.15
"""Likeness from which they may be, where both hold something weighty."""
MOST_DOUBTS = 2
"""Pairs that a model is asked about, at most, for one reader."""
_WEIGHTY = frozenset({"decision", "commitment", "blocker"})
_LINKED = 0.8
"""Of that, what all pairs of two groups must have on average before the groups become one: no chains."""
_SAME_PLACE = 0.8
"""A channel's own words recur in it."""
_AMONG = 10
"""Conversations that a word is thought to be missing from, beyond those at hand: two of two hold it by chance."""
_SHARED_BY_MOST = 25
"""Conversations that hold a word, at most, for it to tell anything."""
_ENOUGH = 2
"""Words that two conversations share, at least, to be one matter; a ticket or a version number is enough."""
_NAMED = re.compile(r"\b(?:[a-z]+-\d+|#\d{2,}|v?\d+(?:\.\d+)+(?:-[a-z0-9]+)?)\b")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DATED = re.compile(
    rf"\bthe (\d{{1,2}})(?:st|nd|rd|th)\b|\b(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH}\b"
    rf"|\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?\b"
)
"""A day of a month: what two places say of one date is often one matter."""
_APART = timedelta(days=7)
_LARGEST = 12


class Given(Model):
    conversations: tuple[Conversation, ...]
    facts: tuple[Fact, ...] = ()
    said: Mapping[ConversationId, tuple[str, ...]] = {}
    """What was said in each, in plain words, as far as it is at hand; else titles and facts have to do."""
    viewer: Viewer | None = None
    """For whom it is; without one no model is asked."""
    contents: Mapping[ConversationId, tuple[ContentId, ...]] = {}
    """The texts that each rests on."""
    judged: frozenset[frozenset[ConversationId]] = frozenset()
    """Pairs that are one matter, though the rules alone would not say so."""


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
    words: Mapping[str, int]
    """In how many of its messages each stem occurs."""
    fact_ids: tuple[FactId, ...]
    message_ids: tuple[MessageId, ...]


class ScatteredTopic(ValueError):
    """A conversation is in no topic or in two, or a topic hides where it was talked about: cite every container."""


async def run(given: Given, context: Context) -> Found:
    if context.model is not None and given.viewer is not None:
        given = given.model_copy(update={"judged": await _judged(given, context, given.viewer)})
    found = rules(given)
    check(given, found)
    return found


def rules(given: Given) -> Found:
    talks = _talks(given)
    groups = _grouped(talks, {**_alike(talks), **dict.fromkeys(given.judged, ALIKE)})
    topics = [_topic(sorted(group, key=lambda t: (t.at, t.conversation_id))) for group in groups]
    return Found(topics=tuple(sorted(topics, key=lambda t: t.topic_id)))


def doubts(given: Given) -> dict[frozenset[ConversationId], Share[Pair]]:
    """The pairs that the rules leave undecided, the likest first, as a model is asked about them."""
    talks = {talk.conversation_id: talk for talk in _talks(given)}
    alike = _alike(list(talks.values()))
    weighty = {fact.conversation_id for fact in given.facts if fact.kind in _WEIGHTY}
    found: dict[frozenset[ConversationId], Share[Pair]] = {}
    for pair in sorted(alike, key=lambda p: (-alike[p], sorted(p))):
        one, other = sorted((talks[key] for key in pair), key=lambda talk: (talk.at, talk.conversation_id))
        told = [given.contents.get(talk.conversation_id, ()) for talk in (one, other)]
        if alike[pair] < DOUBTFUL or len(found) == MOST_DOUBTS:
            break
        if alike[pair] < ALIKE and one.container_id != other.container_id and all(told) and pair <= weighty:
            texts = {talk.conversation_id: " · ".join(_titles(given, talk)) for talk in (one, other)}
            piece = Pair("matter", texts[one.conversation_id], texts[other.conversation_id])
            found[pair] = Share(piece, (*told[0], *told[1]))
    return found


async def _judged(given: Given, context: Context, viewer: Viewer) -> frozenset[frozenset[ConversationId]]:
    asked = doubts(given)
    pairs = list(asked)
    made = await engines.ask(judging.TOPICS, list(asked.values()), context, viewer)
    return frozenset(pairs[place] for place, is_one in made.by_model.items() if is_one)


def _titles(given: Given, talk: _Talk) -> list[str]:
    """What it was about, and what came of it."""
    told = next((each for each in given.conversations if each.conversation_id == talk.conversation_id), None)
    statements = [fact.statement for fact in given.facts if fact.conversation_id == talk.conversation_id]
    return [text for text in ([told.topic, told.gist] if told else []) + statements[:3] if text.strip()]


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
    return [_talk(key, known.get(key), facts[key], given.said.get(key, ())) for key in sorted({*known, *facts})]


def _talk(key: ConversationId, conversation: Conversation | None, facts: list[Fact], said: tuple[str, ...]) -> _Talk:
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
        words=_words(said or titles),
        fact_ids=tuple(fact.fact_id for fact in facts),
        message_ids=cited or opening,
    )


def _words(texts: Iterable[str]) -> Mapping[str, int]:
    held: Counter[str] = Counter()
    for text in texts:
        low = text.lower()
        dates = ("=on " + next(filter(None, found)) for found in _DATED.findall(low))
        held.update({*stems_of(text), *("=" + name for name in _NAMED.findall(low)), *dates})
    return held


def _weighed(talks: list[_Talk]) -> list[Mapping[str, float]]:
    """Each conversation's stems by what they tell, scaled so that all of them together make a vector of length 1."""
    holders = Counter(word for talk in talks for word in talk.words)
    telling = {
        word: math.log((len(talks) + _AMONG) / many) * (2.0 if word.startswith("=") else rarity_of(word))
        for word, many in holders.items()
    }
    weighed: list[Mapping[str, float]] = []
    for talk in talks:
        own = {word: (1 + math.log(times)) * telling[word] for word, times in talk.words.items()}
        length = math.sqrt(sum(value * value for value in own.values())) or 1.0
        weighed.append({word: value / length for word, value in own.items()})
    return weighed


def _alike(talks: list[_Talk]) -> Mapping[frozenset[ConversationId], float]:
    """How alike two conversations are, from 0 to 1 (cosine); pairs that share no telling word are left out."""
    holding: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, words in enumerate(_weighed(talks)):
        for word, weight in words.items():
            holding[word].append((place, weight))
    found: dict[tuple[int, int], float] = defaultdict(float)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    common = [word for word, held in holding.items() if 1 < len(held) <= _SHARED_BY_MOST]
    for word in sorted(common):  # in one order: sums of fractions depend on it
        telling = 2 if word.startswith("=") else 1
        for (left, one), (right, other) in combinations(holding[word], 2):
            pair = (left, right)
            found[pair] += one * other
            shared[pair] += telling
    likeness = {}
    for pair, value in found.items():
        if shared[pair] < _ENOUGH:
            continue
        first, second = talks[pair[0]], talks[pair[1]]
        if abs(first.at - second.at) <= _APART:
            same = first.container_id == second.container_id
            likeness[frozenset((first.conversation_id, second.conversation_id))] = value * (
                _SAME_PLACE if same else 1.0
            )
    return likeness


def _grouped(talks: list[_Talk], alike: Mapping[frozenset[ConversationId], float]) -> list[list[_Talk]]:
    """Merges the surest pairs first, and two groups only when their pairs are alike on average."""
    by_id = {talk.conversation_id: talk for talk in talks}
    group = {talk.conversation_id: [talk] for talk in talks}
    for pair in sorted(alike, key=lambda p: (-alike[p], sorted(p))):
        if alike[pair] < ALIKE:
            break
        one, other = (group[c] for c in sorted(pair))
        if one is other or len(one) + len(other) > _LARGEST:
            continue
        crossing = [alike.get(frozenset((a.conversation_id, b.conversation_id)), 0.0) for a in one for b in other]
        if sum(crossing) >= ALIKE * _LINKED * len(crossing):
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
