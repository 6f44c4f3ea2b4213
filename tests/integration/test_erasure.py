import asyncio
from datetime import date
from typing import TypedDict

import pytest
from langgraph.graph import END, START, StateGraph

from memory import answers, briefings, contents, conversations, facts, feedback, inbox, messages, outbox, results
from memory.answers import Question
from memory.briefings import Explained
from memory.checkpoints import WordlessSaver, saver
from memory.contents import Text, WordsGone
from memory.database import Database
from memory.inbox import Delivery, delivery_id
from memory.models.audience import Viewer
from memory.models.briefings import Answer, Briefing, Coverage, Ground, Grounds, Item, Source
from memory.models.conversations import Conversation
from memory.models.facts import Evidence, Fact
from memory.models.happenings.telling import ItemSnoozed
from memory.models.ids import (
    ContentId,
    answer_id,
    briefing_id,
    content_id,
    conversation_id,
    derive,
    fact_id,
    item_id,
)
from memory.models.messages import Message
from memory.results import Result
from tests.conftest import TestDatabase
from tests.integration.chat import (
    TEAM,
    at,
    bury,
    canaries,
    container,
    deleted,
    introduce,
    members,
    open_containers,
    person,
    rows,
    said,
    say,
    where,
    who,
)

CANARY = "xylophonic"
ANA, C1 = Viewer.person(who("ANA")), where("C1")


class Nothing(TypedDict):
    """The state of a graph without any."""


def derived(name: str, *rests_on: ContentId, viewer: Viewer | None = None) -> Text:
    return Text(
        content_id=content_id("gist", derive(name)),
        kind="gist",
        body=f"{name} {CANARY}",
        container_id=None if viewer else C1,
        viewer_id=viewer.viewer_id if viewer else None,
        rests_on=rests_on,
    )


async def tell(house: Database, message: Message) -> None:
    """Everything that Daybook may come to say of one message: gist, fact, cached result, briefing and answer."""
    words, talk = messages.text_of(message), conversation_id(message.message_id)
    fact = Fact(
        fact_id=fact_id(C1, "decision", message.message_id, 0),
        container_id=C1,
        conversation_id=talk,
        kind="decision",
        actor_id=who("ANA"),
        statement=f"decided {CANARY}",
        status="decided",
        valid_from=message.posted_at,
        evidence=(Evidence(message_id=message.message_id, start=0, end=5),),
    )
    async with house.scribing(C1) as connection:
        await conversations.place(connection, TEAM, C1, [(message.message_id, talk)], at=at(1), version="1")
        described = Conversation(
            conversation_id=talk,
            container_id=C1,
            message_ids=(message.message_id,),
            started_at=message.posted_at,
            ended_at=message.posted_at,
            topic=CANARY,
            gist=f"gist {CANARY}",
        )
        await conversations.describe(connection, TEAM, [described], {talk: [words]}, {talk: 1}, at(1))
        found = Result(input_hash="h", body=f'"{CANARY}"', container_id=C1, rests_on=(words,))
        await results.keep(connection, TEAM, "extract", "1", [found])
        await facts.record(connection, TEAM, [fact], {message.message_id: words}, at(1))
    morning = briefing_id(who("ANA"), date(2026, 11, 17))
    source = Source(message_id=message.message_id, channel="C1", ts=message.external_ts)
    told = Briefing(
        briefing_id=morning,
        person_id=who("ANA"),
        local_date=date(2026, 11, 17),
        composed_at=at(5),
        headline=f"headline {CANARY}",
        coverage=Coverage(),
        items=(
            Item(
                item_id=item_id(morning, fact.fact_id),
                section="decisions",
                text=f"item {CANARY}",
                why=f"because {CANARY}",
                sources=(source,),
                anchor_id=fact.fact_id,
            ),
        ),
    )
    async with house.viewing(ANA) as connection:
        await briefings.claim(connection, TEAM, who("ANA"), date(2026, 11, 17), at(5))
        item = told.items[0].item_id
        grounds = Grounds(kind="decision", container_id=C1, reasons=(Ground(code="decision", weight=3),))
        explained = Explained(grounds=grounds, wordings=(f"reason {CANARY}",))
        await briefings.keep(connection, TEAM, told, {item: "f"}, {item: [words]}, {item: explained})
        snoozed = ItemSnoozed(item_id=item, until=date(2026, 11, 19))
        await feedback.say(connection, TEAM, who("ANA"), snoozed, at(6))
        asked = question(said("D1", 2, "what about it?"))
        await answers.ask(connection, TEAM, asked)
        answer = Answer(answer_id=asked.answer_id, text=f"answer {CANARY}", sources=(source,))
        await answers.keep(connection, TEAM, asked, answer, [words], at(3))


def question(message: Message) -> Question:
    return Question(
        answer_id=answer_id(message.message_id),
        asker_id=who("ANA"),
        container_id=message.container_id,
        question_message_id=message.message_id,
        viewer_kind="person",
        viewer_id=who("ANA"),
        question=message.text,
        asked_at=message.posted_at,
    )


@pytest.fixture
async def place(house: Database) -> Database:
    """A private channel with Ana in it."""
    await introduce(house, person("ANA"))
    await open_containers(house, container("C1", "private"))
    await members(house, "C1", "ANA")
    return house


async def test_what_rests_on_a_deleted_message_is_gone(place: Database, database: TestDatabase) -> None:
    """A deleted message's words stand nowhere any more: not in gists, facts, caches, briefings or answers."""
    message = said("C1", 0, f"we go with {CANARY}")
    await say(place, message)
    await say(place, said("C1", 0, f"we go with {CANARY}!", edited_at=at(0.5)))
    edited = said("C1", 0, f"we go with {CANARY}!", edited_at=at(0.5))
    await tell(place, edited)
    assert {"contents"} <= set(canaries(database.admin_dsn, CANARY)) <= {"contents"}
    await bury(place, message)
    assert canaries(database.admin_dsn, CANARY) == []
    async with place.viewing(ANA) as connection:
        assert await facts.read(connection, [fact_id(C1, "decision", message.message_id, 0)]) == []
        shown = await briefings.read(connection, briefing_id(who("ANA"), date(2026, 11, 17)))
        assert shown is not None
        assert (shown.items, shown.headline) == ((), "")
        assert await answers.read(connection, question(said("D1", 2, "")).answer_id) is None
        found = await conversations.read(connection, [conversation_id(message.message_id)])
        assert [(talk.topic, talk.gist, talk.message_ids) for talk in found] == [("", "", ())]


async def test_derived_texts_go_at_any_depth(place: Database, database: TestDatabase) -> None:
    """A text that rests on a text that rests on a deleted message goes too, whoever it was written for."""
    message = said("C1", 0, f"root {CANARY}")
    await say(place, message)
    async with place.scribing(C1) as connection:
        below = messages.text_of(message)
        for depth in range(5):
            text = derived(f"level {depth}", below)
            await contents.keep(connection, TEAM, [text])
            below = text.content_id
    async with place.viewing(Viewer.person(who("BOB"))) as connection:
        for_bob = derived("for bob", below, viewer=Viewer.person(who("BOB")))
        await contents.keep(connection, TEAM, [for_bob])
    await bury(place, message)
    assert canaries(database.admin_dsn, CANARY) == []


async def test_texts_in_a_circle_go_once(place: Database, database: TestDatabase) -> None:
    """Texts that rest on each other are no endless loop."""
    async with place.scribing(C1) as connection:
        first, second = derived("first"), derived("second")
        await contents.keep(connection, TEAM, [first, second])
        await contents.keep(
            connection, TEAM, [derived("first", second.content_id), derived("second", first.content_id)]
        )
        await contents.erase(connection, [first.content_id])
    assert canaries(database.admin_dsn, CANARY) == []


async def test_nothing_can_come_to_rest_on_gone_words(place: Database) -> None:
    """A text whose origin was deleted while it was written is refused."""
    message = said("C1", 0, "gone")
    await say(place, message)
    await bury(place, message)
    with pytest.raises(WordsGone):
        async with place.scribing(C1) as connection:
            await contents.keep(connection, TEAM, [derived("late", messages.text_of(message))])


async def test_deleting_and_deriving_at_once_leaves_nothing(place: Database, database: TestDatabase) -> None:
    """Whichever of two comes first, a deletion or a text that rests on the message, no word of it is left."""
    message = said("C1", 0, f"race {CANARY}")
    await say(place, message)
    reading = asyncio.Event()

    async def derive_slowly() -> None:
        async with place.viewing(ANA) as connection:
            await contents.keep(connection, TEAM, [derived("briefing", messages.text_of(message), viewer=ANA)])
            reading.set()
            await asyncio.sleep(0.2)

    async def delete() -> None:
        await reading.wait()
        await bury(place, message)

    await asyncio.gather(derive_slowly(), delete())
    assert canaries(database.admin_dsn, CANARY) == []


async def test_deleting_and_storing_at_once_leaves_nothing(place: Database, database: TestDatabase) -> None:
    """A wording that is stored while its message is being deleted does not survive it."""
    message = said("C1", 0, "first")
    await say(place, message)
    buried = asyncio.Event()

    async def delete_slowly() -> None:
        async with place.scribing(C1) as connection:
            await messages.bury(connection, deleted(message, 5))
            buried.set()
            await asyncio.sleep(0.3)

    async def read_back() -> None:
        await buried.wait()
        await say(place, said("C1", 0, f"edited {CANARY}", edited_at=at(2)))

    await asyncio.gather(delete_slowly(), read_back())
    assert canaries(database.admin_dsn, CANARY) == []


async def test_a_fact_whose_words_are_gone_takes_no_others_place(place: Database) -> None:
    """Of as many facts as are asked for, none is one that nobody can read any more."""
    older, newer = said("C1", 0, "we go with the old one"), said("C1", 3, "we go with the new one")
    await say(place, older, newer)
    await tell(place, older)
    await tell(place, newer)
    await bury(place, newer)
    async with place.viewing(ANA) as connection:
        found = await facts.current_for(connection, ANA, at(-1), at(9), 1)
    assert found == [fact_id(C1, "decision", older.message_id, 0)]


async def test_a_deleted_question_takes_its_answer_along(place: Database, database: TestDatabase) -> None:
    """Question and answer go with the message that asked, though a DM with Daybook is stored nowhere else."""
    asked = said("D1", 0, f"who knows {CANARY}?")
    async with place.viewing(ANA) as connection:
        await answers.ask(connection, TEAM, question(asked))
        words = answers.words_of(question(asked).answer_id)
        plan = Result(input_hash="q", body=CANARY, viewer_id=who("ANA"), rests_on=(words,))
        await results.keep(connection, TEAM, "understand", "1", [plan])
        answer = Answer(answer_id=question(asked).answer_id, text=f"nobody knows {CANARY}", sources=())
        await answers.keep(connection, TEAM, question(asked), answer, [], at(3))
    await bury(place, asked)
    assert canaries(database.admin_dsn, CANARY) == []


async def test_a_cited_message_is_named_by_ids_alone(place: Database, database: TestDatabase) -> None:
    """What was posted, delivered or set aside holds ids; a handled delivery holds nothing."""
    received = Delivery(
        inbox_id=delivery_id(TEAM, "e1"), team_id=TEAM, place="C1", kind="message", payload=f'"{CANARY}"'
    )
    async with place.house() as connection:
        await inbox.receive(connection, received)
        await outbox.intend(connection, TEAM, "k", "briefing", derive("subject"), at=at(0), person=who("ANA"))
        await inbox.handled(connection, received.inbox_id)
    assert canaries(database.admin_dsn, CANARY) == []


async def test_an_error_in_a_checkpoint_is_its_type(place: Database, database: TestDatabase) -> None:
    """A node's failure is kept without what it said, which may quote a message."""
    kept = saver(place.pool)
    assert isinstance(kept, WordlessSaver)

    async def fails(state: Nothing) -> Nothing:
        raise ValueError(f"cannot read {CANARY}")

    graph = StateGraph(Nothing)
    graph.add_node("fails", fails)
    graph.add_edge(START, "fails")
    graph.add_edge("fails", END)
    with pytest.raises(ValueError, match="cannot read"):
        await graph.compile(checkpointer=kept).ainvoke({}, {"configurable": {"thread_id": "t"}}, durability="sync")
    async with place.house() as connection:
        assert await rows(connection, "select from checkpoint_writes where channel = '__error__'") != []
    assert canaries(database.admin_dsn, CANARY) == []


async def test_every_row_belongs_to_a_team(place: Database) -> None:
    """Each of our own tables has a team_id."""
    without = """
        select c.relname from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
           and c.relname !~ '^(procrastinate_|checkpoint|schema_versions)'
           and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'team_id')"""
    async with place.house() as connection:
        assert await rows(connection, without) == []
