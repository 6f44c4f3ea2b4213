"""The prompts that the code builds for such a day, and their tokens; nobody is asked.

What a model would reply is what the rules find, in the form it would reply in.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.costing.day import DAY, MORNING, Day, Reader
from graphs import wording
from graphs.pieces import ModelEngine, Sheet, named
from graphs.ports import Usage
from graphs.prompts import as_line, tokens_in
from graphs.relevance import Light
from graphs.schemas import strict_schema
from graphs.tasks import (
    changes,
    compose,
    consolidate,
    contextualise,
    describe,
    extract,
    judging,
    minutes,
    rank,
    reconcile,
    rewording,
)
from memory.messages import text_of
from memory.models.conversations import Conversation
from memory.models.facts import Fact
from memory.models.ids import ConversationId, briefing_id
from memory.models.messages import Message

SUMMARY = 500
"""Tokens of the summary that one asks for who sends a day's messages."""
ASKS = "You are the chief of staff of {name}. Here is what was said yesterday. Summarise what {name} needs to know:\n"
_REMEMBERED, _STEP = 1024, 128
"""Of a beginning that was sent before, endpoints know so many tokens or more, in such steps."""

Known = tuple[tuple[Fact, ...], tuple[Conversation, ...]]


@dataclass(frozen=True)
class Taken:
    """Calls, and the tokens that they take."""

    calls: float = 0
    usage: Usage = field(default_factory=Usage)

    def __add__(self, other: "Taken") -> "Taken":
        mine, theirs = self.usage, other.usage
        return Taken(
            self.calls + other.calls,
            Usage(
                mine.tokens_in + theirs.tokens_in,
                mine.tokens_cached + theirs.tokens_cached,
                mine.tokens_out + theirs.tokens_out,
            ),
        )

    def times(self, factor: float) -> "Taken":
        usage = self.usage
        return Taken(
            self.calls * factor,
            Usage(
                round(usage.tokens_in * factor), round(usage.tokens_cached * factor), round(usage.tokens_out * factor)
            ),
        )

    @property
    def tokens(self) -> int:
        """Sent and received; those that the endpoint knew already count in full."""
        return self.usage.tokens_in + self.usage.tokens_out

    def dollars(self, price: tuple[float, float, float]) -> float:
        """By dollars for a million tokens: sent, sent and known already, received."""
        usage = self.usage
        fresh = usage.tokens_in - usage.tokens_cached
        return (fresh * price[0] + usage.tokens_cached * price[1] + usage.tokens_out * price[2]) / 1_000_000


def reading(day: Day, delay: timedelta) -> Taken:
    """Taking the minutes of all conversations, and judging what the rules leave undecided: of each channel so much time
    after something new, and in the morning.
    """
    whole = Taken()
    for place, messages in day.said.items():
        contents = {each.message_id: text_of(each) for each in messages}
        words = {each.message_id: each.text for each in messages}
        current: tuple[Fact, ...] = ()
        known: dict[str, set[str]] = defaultdict(set)
        for at, fresh in _rounds(messages, delay):
            talks = day.talks(place, at)
            touched = {key: talks[key] for key in {day.conversation[each.message_id] for each in fresh}}
            read = {key: extract.rules(extract.Given(key, talk, day.names, day.zones)) for key, talk in touched.items()}
            pieces = [
                (stretch, key)
                for key, talk in touched.items()
                for stretch in minutes.stretches(talk, day.names, day.zones)
            ]
            replies = [_minuted(touched[key], read[key], day) for _, key in pieces]
            whole += _asked(Sheet(minutes.ENGINE, [stretch for stretch, _ in pieces]), replies, known["extract"])
            given = reconcile.Given(
                place,
                tuple(candidate for found in read.values() for candidate in found.candidates),
                current,
                tuple(_extent(key, talk) for key, talk in touched.items()),
                tuple(closing for found in read.values() for closing in found.closings),
                words,
                contents,
            )
            pairs = [share.piece for share in reconcile.doubts(given).values()]
            whole += _asked(Sheet(judging.FACTS, pairs), [{"verdict": "no"}] * len(pairs), known["reconcile"])
            current = changes.applied(current, reconcile.rules(given).changes)
    return whole


def briefing(day: Day, readers: Sequence[Reader], known: Known) -> tuple[Taken, Taken]:
    """Judging which matters are one, and wording a briefing: each on average over these readers'."""
    judged, worded = Taken(), Taken()
    for reader in readers:
        topics, given = _to_compose(day, reader, *known)
        pairs = [share.piece for share in consolidate.doubts(topics).values()]
        judged += _asked(Sheet(judging.TOPICS, pairs), [{"verdict": "no"}] * len(pairs), set())
        shares = [share.piece for share in compose.shares(given, compose.rules(given))]
        replies = [{"sentence": piece.plain, "messages": list(piece.evidence)} for piece in shares]
        worded += _asked(Sheet(rewording.ENGINE, shares), replies, set())
    return judged.times(1 / len(readers)), worded.times(1 / len(readers))


def summary(day: Day, messages: float) -> Taken:
    """Sending so many messages, each with author and time, and asking for a summary, as one would by hand."""
    names = {each.container_id: each.name for each in day.containers}
    lines = [
        f"#{names[place]} {each.posted_at:%H:%M} {day.names.get(each.author_id, '') if each.author_id else ''}: "
        f"{wording.readable(each.text, day.names, each.team_id)}\n"
        for place, said in day.said.items()
        for each in said
    ]
    sent = tokens_in("".join(lines)) / len(lines) * messages + tokens_in(ASKS)
    return Taken(1, Usage(tokens_in=round(sent), tokens_out=SUMMARY))


def _rounds(messages: Sequence[Message], delay: timedelta) -> Iterator[tuple[datetime, list[Message]]]:
    """When a container is read, and what is new then: so long after the first message that was not read yet, or when
    briefings are made.
    """
    waiting: list[Message] = []
    due = DAY
    for each in messages:
        if waiting and each.posted_at > due:
            yield due, waiting
            waiting = []
        if not waiting:
            due = each.posted_at + delay
            due = DAY + MORNING if each.posted_at <= DAY + MORNING < due else due
        waiting.append(each)
    if waiting:
        yield due, waiting


def _asked(sheet: Sheet[Any, Any, Any], replies: Sequence[object], known: set[str]) -> Taken:
    """The calls for these pieces but those that are known; schema and instructions are known to the endpoint from the
    call before.
    """
    engine: ModelEngine[Any, Any, Any] = sheet.engine
    new = [place for place, line in enumerate(sheet.data) if line not in known]
    known |= {sheet.data[place] for place in new}
    shape = tokens_in(as_line(strict_schema(engine.schema)))
    beginning = shape + tokens_in(engine.constant)
    cached = beginning // _STEP * _STEP if beginning >= _REMEMBERED else 0
    whole = Taken()
    for group in sheet.groups(new):
        names = named(group)
        prompt = sheet.prompt(names)
        reply = {"answers": [{"piece": name, "answer": replies[place]} for name, place in names.items()]}
        sent = tokens_in(prompt.instructions) + tokens_in(prompt.data) + shape
        whole += Taken(1, Usage(sent, cached, tokens_in(as_line(reply))))
    return whole


def _extent(key: ConversationId, talk: Sequence[Message]) -> reconcile.Extracted:
    return reconcile.Extracted(key, frozenset(each.message_id for each in talk), talk[-1].posted_at)


def _minuted(said: Sequence[Message], found: extract.Found, day: Day) -> object:
    """What a model would reply that finds what the rules find."""
    told = describe.rules(describe.Given(tuple(said), day.names))
    texts = {each.message_id: each.text for each in said}
    facts = [
        {
            "kind": each.kind,
            "status": each.status,
            "actor": "u1",
            "to": "u2" if each.counterparty_id else None,
            "due": each.due.isoformat() if each.due else None,
            "quotes": [
                {"id": "m10", "words": _first_words(texts[span.message_id][span.start : span.end]), "role": span.role}
                for span in each.evidence
            ],
        }
        for each in found.candidates
    ]
    return {"topic": told.topic, "gist": told.gist, "facts": facts}


def _first_words(quoted: str) -> str:
    return " ".join(quoted.split()[:6])


def known_of(day: Day) -> Known:
    """The facts and conversations of the day, as the rules find them."""
    facts: list[Fact] = []
    talks: list[Conversation] = []
    for place in day.said:
        candidates: list[extract.Candidate] = []
        for key, said in day.talks(place, DAY + timedelta(days=2)).items():
            told = describe.rules(describe.Given(said, day.names))
            talks.append(
                Conversation(
                    conversation_id=key,
                    container_id=place,
                    message_ids=tuple(each.message_id for each in said),
                    started_at=said[0].posted_at,
                    ended_at=said[-1].posted_at,
                    topic=told.topic,
                    gist=told.gist,
                    participants=told.participants,
                )
            )
            candidates += extract.rules(extract.Given(key, said, day.names, day.zones)).candidates
        found = reconcile.rules(reconcile.Given(place, tuple(candidates), ()))
        facts += changes.applied((), found.changes)
    return tuple(facts), tuple(talks)


def _to_compose(
    day: Day, reader: Reader, facts: Sequence[Fact], talks: Sequence[Conversation]
) -> tuple[consolidate.Given, compose.Given]:
    mine, person = reader.containers, reader.person
    known = tuple(each for each in facts if each.container_id in mine)
    talked = tuple(each for each in talks if each.container_id in mine)
    said = tuple(each for place in day.said if place in mine for each in day.said[place])
    places = tuple(each for each in day.containers if each.container_id in mine)
    morning = DAY + timedelta(days=1) + MORNING
    by_id = {each.message_id: each for each in said}
    told = {each.conversation_id: [by_id[key] for key in each.message_ids] for each in talked}
    to_join = consolidate.Given(
        conversations=talked,
        facts=known,
        said={key: tuple(wording.readable(m.text, {}, m.team_id) for m in each) for key, each in told.items()},
        contents={key: tuple(map(text_of, each)) for key, each in told.items()},
    )
    topics = consolidate.rules(to_join).topics
    context = contextualise.rules(contextualise.Given(person=person, people=day.people, facts=known))
    ranked = rank.rules(
        rank.Given(
            topics=topics,
            context=context,
            facts=known,
            conversations=talked,
            messages=tuple(Light.of(each) for each in said),
            containers=places,
            now=morning,
            since=DAY,
        )
    )
    return to_join, compose.Given(
        briefing_id=briefing_id(person.person_id, morning.date()),
        person=person,
        now=morning,
        entries=ranked.entries,
        facts=known,
        conversations=talked,
        messages=said,
        containers=places,
        people=day.people,
    )
