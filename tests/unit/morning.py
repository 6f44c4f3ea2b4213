"""An invented team's evening, from which unit tests make a reader's morning."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from graphs import lessons, preferences
from graphs.morning import headline
from graphs.relevance import Light
from graphs.tasks import compose, consolidate, contextualise, rank, verify
from graphs.wording import readable
from memory.briefings import Told
from memory.feedback import Said
from memory.models.base import Model
from memory.models.briefings import Briefing, Coverage, Section
from memory.models.containers import Container
from memory.models.conversations import Conversation
from memory.models.facts import Evidence, Fact, FactKind, FactStatus
from memory.models.ids import (
    MessageId,
    TeamId,
    briefing_id,
    container_id,
    conversation_id,
    fact_id,
    message_id,
    person_id,
)
from memory.models.messages import Message, MessageKind
from memory.models.people import Person

TEAM = TeamId("T1")
NOW = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
SINCE = NOW - timedelta(days=1)
TODAY = date(2026, 11, 20)
URL = "https://example.slack.com/"


def person(key: str, name: str, *, boss: str | None = None, projects: tuple[str, ...] = ()) -> Person:
    return Person(
        person_id=person_id(TEAM, "slack", key),
        team_id=TEAM,
        external_id=key,
        handle=name.split(maxsplit=1)[0].lower(),
        real_name=name,
        tz="Europe/Berlin",
        manager_external_id=boss,
        projects=projects,
    )


MIRA = person("U1", "Mira Falk", boss="U9", projects=("ledger",))
BEN = person("U2", "Ben Osei", boss="U1")
ANA = person("U3", "Ana Ruiz", boss="U1")
TOM = person("U4", "Tom Winter")
IDA = person("U9", "Ida Sand")
BOT = person("UB", "buildbot").model_copy(update={"role": "bot"})
PEOPLE = (MIRA, BEN, ANA, TOM, IDA, BOT)

OPS = Container(
    container_id=container_id(TEAM, "slack", "C1"), team_id=TEAM, external_id="C1", kind="public", name="ops"
)
LEDGER = Container(
    container_id=container_id(TEAM, "slack", "C2"), team_id=TEAM, external_id="C2", kind="private", name="ledger"
)
CONTAINERS = (OPS, LEDGER)


def message(
    number: int,
    author: Person,
    text: str,
    *,
    where: Container = OPS,
    hours_ago: float = 10,
    to: tuple[Person, ...] = (),
    kind: MessageKind = "human",
) -> Message:
    at = NOW - timedelta(hours=hours_ago)
    ts = f"{int(at.timestamp())}.{number:06d}"
    return Message(
        message_id=message_id(where.container_id, ts),
        team_id=TEAM,
        container_id=where.container_id,
        external_ts=ts,
        author_id=author.person_id,
        kind=kind,
        posted_at=at,
        text=text,
        mentions=tuple(p.person_id for p in to),
    )


def talk(*messages: Message, topic: str = "", gist: str = "") -> Conversation:
    return Conversation(
        conversation_id=conversation_id(messages[0].message_id),
        container_id=messages[0].container_id,
        message_ids=tuple(m.message_id for m in messages),
        started_at=messages[0].posted_at,
        ended_at=messages[-1].posted_at,
        topic=topic,
        gist=gist,
    )


def fact(
    kind: FactKind,
    status: FactStatus,
    said: Message,
    *,
    statement: str | None = None,
    to: Person | None = None,
    due: date | None = None,
    conversation: Conversation | None = None,
    ordinal: int = 0,
) -> Fact:
    return Fact(
        fact_id=fact_id(said.container_id, kind, said.message_id, ordinal),
        container_id=said.container_id,
        conversation_id=conversation.conversation_id if conversation else conversation_id(said.message_id),
        kind=kind,
        actor_id=said.author_id,
        counterparty_id=to.person_id if to else None,
        statement=said.text if statement is None else statement,
        due=due,
        status=status,
        log_odds=1.0,
        valid_from=said.posted_at,
        evidence=(Evidence(message_id=said.message_id, start=0, end=len(said.text)),),
    )


class Evening(Model):
    """What stood in memory when the morning came."""

    messages: tuple[Message, ...] = ()
    conversations: tuple[Conversation, ...] = ()
    facts: tuple[Fact, ...] = ()


def light(messages: Iterable[Message]) -> tuple[Light, ...]:
    return tuple(
        Light(
            message_id=m.message_id,
            container_id=m.container_id,
            author_id=m.author_id,
            mentions=m.mentions,
            posted_at=m.posted_at,
            kind=m.kind,
            text=m.text,
        )
        for m in messages
    )


def to_rank(
    evening: Evening, *, reader: Person = MIRA, told: tuple[Told, ...] = (), said: tuple[Said, ...] = ()
) -> rank.Given:
    """The stages before the order, each checked."""
    shared = consolidate.Given(conversations=evening.conversations, facts=evening.facts)
    topics = consolidate.rules(shared)
    consolidate.check(shared, topics)
    due = tuple(lessons.due(said, told, TODAY))
    known = contextualise.Given(person=reader, people=PEOPLE, facts=evening.facts, told=told, said=said, due=due)
    context = contextualise.rules(known)
    contextualise.check(known, context)
    return rank.Given(
        topics=topics.topics,
        context=context,
        facts=evening.facts,
        conversations=evening.conversations,
        messages=light(evening.messages),
        containers=CONTAINERS,
        now=NOW,
        since=SINCE,
    )


def ranked(
    evening: Evening, *, reader: Person = MIRA, told: tuple[Told, ...] = (), said: tuple[Said, ...] = ()
) -> rank.Found:
    given = to_rank(evening, reader=reader, told=told, said=said)
    found = rank.rules(given)
    rank.check(given, found)
    return found


def composed(
    evening: Evening,
    *,
    reader: Person = MIRA,
    told: tuple[Told, ...] = (),
    said: tuple[Said, ...] = (),
    most: int = preferences.CHARACTERS,
) -> compose.Found:
    given = compose.Given(
        briefing_id=briefing_id(reader.person_id, TODAY),
        person=reader,
        now=NOW,
        entries=ranked(evening, reader=reader, told=told, said=said).entries,
        facts=evening.facts,
        conversations=evening.conversations,
        messages=evening.messages,
        containers=CONTAINERS,
        people=PEOPLE,
        most=most,
    )
    found = compose.rules(given)
    compose.check(given, found)
    return found


def words(evening: Evening) -> dict[MessageId, str]:
    names = {p.person_id: p.name for p in PEOPLE}
    return {m.message_id: readable(m.text, names, TEAM) for m in evening.messages}


def briefed(
    evening: Evening, *, reader: Person = MIRA, told: tuple[Told, ...] = (), most: int = preferences.CHARACTERS
) -> Briefing:
    """The whole way from memory to a briefing, verified."""
    found = composed(evening, reader=reader, told=told, most=most)
    names = tuple(p.name for p in PEOPLE)
    verified = verify.items(
        verify.ItemsGiven(items=found.items, evidence=words(evening), known=found.known, names=names)
    )
    return Briefing(
        briefing_id=briefing_id(reader.person_id, TODAY),
        person_id=reader.person_id,
        local_date=TODAY,
        composed_at=NOW,
        headline=headline(found.items),
        items=verified.items,
        coverage=Coverage(containers=2, messages=len(evening.messages), since=SINCE, until=NOW, pending=0),
    )


def sections(briefing: Briefing) -> dict[Section, list[str]]:
    found: dict[Section, list[str]] = {}
    for item in briefing.items:
        found.setdefault(item.section, []).append(item.text)
    return found


def usual() -> Evening:
    """A day with one of each kind, some talk, and a bot."""
    ask = message(1, IDA, "<@U1> do we keep the old ledger running in January?", where=LEDGER, to=(MIRA,))
    owed = message(2, MIRA, "I'll send the migration plan to <@U9> by Wednesday", where=LEDGER, hours_ago=80, to=(IDA,))
    blocked = message(3, BEN, "I'm blocked on the staging database")
    decided = message(4, TOM, "Decided: we cut over on Saturday 28 November", where=LEDGER)
    promised = message(5, ANA, "I'll rotate the staging keys by Thursday", hours_ago=60)
    shipped = message(6, TOM, "Gateway 4.2 is live in both regions", hours_ago=5)
    proposal = message(7, ANA, "I propose we drop the nightly report", hours_ago=4)
    thanks = message(8, BEN, "thanks <@U1>!", hours_ago=3, to=(MIRA,))
    chat = message(9, BEN, "pizza for lunch?", hours_ago=3)
    build = message(10, BOT, "build 481 failed on main", hours_ago=2, kind="bot")
    look = message(11, TOM, "<@U1> could you look at the capacity sheet before Monday?", hours_ago=2, to=(MIRA,))
    messages = (ask, owed, blocked, decided, promised, shipped, proposal, thanks, chat, build, look)
    return Evening(
        messages=messages,
        conversations=tuple(talk(m) for m in messages),
        facts=(
            fact("question", "open", ask, to=MIRA),
            fact("commitment", "open", owed, to=IDA, due=date(2026, 11, 18)),
            fact("blocker", "raised", blocked),
            fact("decision", "decided", decided),
            fact("commitment", "open", promised, to=MIRA, due=date(2026, 11, 19)),
            fact("update", "reported", shipped),
            fact("decision", "proposed", proposal),
            fact("question", "open", chat),
            fact("update", "reported", build),
        ),
    )


def quiet() -> Evening:
    hello = message(1, BEN, "good morning everyone :wave:")
    lunch = message(2, ANA, "pizza for lunch?")
    return Evening(messages=(hello, lunch), conversations=(talk(hello), talk(lunch, topic="pizza for lunch")))


def crowded(count: int = 70) -> Evening:
    """More of everything than a morning can hold."""
    kinds: tuple[tuple[FactKind, FactStatus], ...] = (
        ("decision", "decided"),
        ("commitment", "open"),
        ("question", "open"),
        ("blocker", "raised"),
        ("update", "reported"),
    )
    subjects = ("cache", "gateway", "billing", "search", "login", "export", "alerts", "mobile", "backup", "quota")
    messages, facts = [], []
    for number in range(count):
        kind, status = kinds[number % len(kinds)]
        author = (BEN, ANA, TOM, IDA)[number % 4]
        subject = subjects[number // len(kinds) % len(subjects)]
        text = (
            f"The {subject} {('rollout', 'budget')[number % 2]} number {number} needs another round of {subject} work"
        )
        said = message(number, author, text, hours_ago=2 + number / 5)
        messages.append(said)
        facts.append(fact(kind, status, said, to=MIRA if kind in {"commitment", "question"} else None))
    return Evening(messages=tuple(messages), conversations=tuple(talk(m) for m in messages), facts=tuple(facts))
