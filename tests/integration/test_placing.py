"""Late, edited and deleted messages repair a container's conversations, and no more of them than they have to."""

import os
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from langgraph.runtime import Runtime

from bot.clock import FixedClock
from graphs import extraction, placing
from graphs.ports import Context
from graphs.tasks import segment, turns
from memory import conversations, events, facts, leases, messages, replay
from memory.database import Connection, Database
from memory.models.happenings.conclusions import ConversationDescribed, FactTold
from memory.models.ids import ConversationId, MessageId, OutboxId
from memory.models.messages import Deletion, Message
from tests import talks
from tests.conftest import TestDatabase
from tests.embedding import Hashing
from tests.integration.chat import TEAM, at, deleted, said, where, who

HISTORIES = int(os.environ.get("DAYBOOK_HISTORIES", "150")) // 15
"""Each takes about ten times what one of the others takes that the name counts; the unit test tries more."""
_places = count()


class Nowhere:
    """Nothing is sent."""

    async def send(self, connection: Connection, outbox: OutboxId) -> None: ...


@dataclass
class Room:
    """A channel of its own, worked out as the product does, as far as its conversations go."""

    context: Context
    name: str = field(default_factory=lambda: f"R{next(_places)}")
    placed: int = 0

    def line(self, minute: float, text: str, author: str = "ANA", **more: object) -> Message:
        mentions = (who("BOB"),) if "<@BOB>" in text else ()
        return said(self.name, minute, text, author, mentions=mentions, **more)

    async def hear(self, *steps: Message | Deletion) -> None:
        async with self.context.scribing(where(self.name)) as connection:
            await messages.store(connection, TEAM, [each for each in steps if isinstance(each, Message)])
            for each in steps:
                if isinstance(each, Deletion):
                    await messages.bury(connection, each)

    async def place(self, *, most: int = 1000) -> int:
        """Runs until nothing is left to place; says in how many runs."""
        for runs in range(most):
            async with self.context.scribing(where(self.name)) as connection:
                rows = await connection.execute(
                    b"select exists (select from messages m join contents using (content_id)"
                    b" where m.container_id = %(c)s and m.conversation_id is null)"
                    b" or exists (select from placement_work where container_id = %(c)s) as work",
                    {"c": where(self.name)},
                )
                row = await rows.fetchone()
            if not row or not row["work"]:
                return runs
            state: extraction.State = {"container_id": str(where(self.name))}
            state |= await extraction.collect(state, Runtime(context=self.context))
            await extraction.segment_messages(state, Runtime(context=self.context))
        raise AssertionError(f"not settled after {most} runs")

    async def found(self) -> dict[MessageId, ConversationId | None]:
        async with self.context.scribing(where(self.name)) as connection:
            return {
                m.message.message_id: m.conversation_id for m in await messages.placed_in(connection, where(self.name))
            }


@pytest.fixture
async def context(house: Database) -> AsyncIterator[Context]:
    async with leases.holding(house, TEAM, "placing", "test") as lease:
        yield Context(TEAM, "DAYBOOK", house, FixedClock(at(10_000)), lease, Nowhere(), embedder=Hashing())


@pytest.fixture
def small_window(monkeypatch: pytest.MonkeyPatch) -> int:
    """So that a history of a few dozen messages is longer than the window."""
    for module in (turns, segment):
        monkeypatch.setattr(module, "WINDOW", 4)
    monkeypatch.setattr(extraction, "BATCH", 9)
    return 4


def in_order(final: Sequence[Message]) -> dict[MessageId, ConversationId]:
    """What placing them all in one go, oldest first, finds."""
    ordered = sorted(final, key=lambda each: (each.posted_at, each.message_id))
    return dict(segment.rules(segment.Given(before=(), new=tuple(ordered))).placements)


async def test_later_messages_see_what_came_late(context: Context) -> None:
    """A question that comes after its answer is where the answer is."""
    room = Room(context)
    question = room.line(0, "Is the ledger down?", "ANA")
    answer = room.line(
        1,
        "yes ANA, the ledger is down",
        "BOB",
    )
    more = room.line(2, "thanks, the ledger it is", "ANA")
    await room.hear(answer)
    await room.place()
    await room.hear(question, more)
    await room.place()
    assert await room.found() == in_order([question, answer, more])


@pytest.mark.parametrize(
    ("many", "change"), [(200, "late"), (200, "edited"), (200, "deleted"), (600, "late"), (600, "deleted")]
)
async def test_a_change_costs_the_same_in_a_channel_of_any_length(
    context: Context, monkeypatch: pytest.MonkeyPatch, many: int, change: str
) -> None:
    """What is placed again after one message is bounded, however many messages come after it."""
    room, chance = Room(context), random.Random(7)
    lines = [room.line(n * 3.0, chance.choice(talks.TEXTS), chance.choice(["ANA", "BOB", "CY"])) for n in range(many)]
    late = lines[40]
    await room.hear(*(line for line in lines if change != "late" or line is not late))
    await room.place()
    asked = count_placed(monkeypatch)
    edited = late.model_copy(update={"text": "something else altogether", "edited_at": at(9000)})
    happened: dict[str, Message | Deletion] = {"late": late, "edited": edited, "deleted": deleted(late, 9000)}
    await room.hear(happened[change])
    await room.place()
    final = {"late": lines, "edited": [*lines[:40], edited, *lines[41:]], "deleted": [*lines[:40], *lines[41:]]}
    assert await room.found() == in_order(final[change])
    assert segment.WINDOW < sum(asked) <= 3 * segment.WINDOW


async def test_where_it_does_not_settle_it_ends_at_the_reach(
    context: Context, small_window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change that would move everything after it moves a bounded part, in several runs, and then work is quiet."""
    monkeypatch.setattr(placing, "REACH", 20)
    monkeypatch.setattr(placing.Placed, "settled", False)
    room = Room(context)
    lines = [room.line(n * 3.0, talks.TEXTS[n % len(talks.TEXTS)], "ANA") for n in range(60)]
    await room.hear(*lines[1:])
    await room.place()
    asked = count_placed(monkeypatch)
    await room.hear(lines[0])
    assert await room.place() > 1
    assert 20 <= sum(asked) <= 20 + small_window * 4
    assert set(await room.found()) == {line.message_id for line in lines}


@pytest.mark.parametrize("change", ["late", "deleted"])
async def test_replies_follow_their_parent_however_far_behind(context: Context, small_window: int, change: str) -> None:
    """A reply long after its parent moves with it, and nothing between the two is placed again for that."""
    room = Room(context)
    question, parent = room.line(0, "Is the ledger down?", "ANA"), room.line(1, "yes ANA, the ledger is down", "BOB")
    between = [room.line(100 * n, f"topic {n}: anybody for lunch{n}?", "CY") for n in range(1, 30)]
    reply = room.line(5000, "fixed", "ANA", thread_ts=parent.external_ts)
    everything = [question, parent, *between, reply]
    with_it, without = in_order(everything), in_order([each for each in everything if each is not parent])
    assert with_it[reply.message_id] == with_it[question.message_id] != without[reply.message_id]
    await room.hear(*(each for each in everything if change != "late" or each is not parent))
    await room.place()
    await room.hear(parent if change == "late" else deleted(parent, 9000))
    await room.place()
    assert await room.found() == (with_it if change == "late" else without)


def count_placed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many messages the engine is given from now on, each time."""
    asked: list[int] = []
    run = segment.run

    async def counted(given: segment.Given, context: Context) -> segment.Found:
        asked.append(len(given.new))
        return await run(given, context)

    monkeypatch.setattr(segment, "run", counted)
    return asked


@settings(max_examples=HISTORIES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=talks.talks())
async def test_any_order_ends_in_the_same_conversations(
    context: Context, small_window: int, history: talks.History
) -> None:
    """Whatever came late, was edited or deleted, and in whatever batches: at any time as if all had come in order."""
    talk, batches = history
    room = Room(context)
    heard = talks.Heard()
    for batch in batches:
        steps = [(number, talk[number].told(room.name, wording)) for number, wording in batch]
        await room.hear(*(step for _, step in steps))
        await room.place()
        heard.note(steps)
        assert await room.found() == in_order(heard.standing)


def _talk(room: Room) -> list[Message]:
    """Two days: what was decided on the first, and promised and asked on the second."""
    return [
        room.line(0, "Shall we go with Kafka for the ledger?", "ANA"),
        room.line(1, "We decided to go with Kafka for the ledger.", "BOB"),
        room.line(2000, "Good morning, the gateway is slow again", "CY"),
        room.line(2001, "I'll send the gateway numbers by Friday.", "ANA"),
        room.line(2002, "Can you look at the gateway dashboards, <@BOB>?", "CY"),
    ]


async def _work_out(room: Room) -> None:
    graph = extraction.build().compile()
    while True:
        async with room.context.scribing(where(room.name)) as connection:
            if not await messages.has_work(connection, where(room.name)):
                return
        await graph.ainvoke({"container_id": str(where(room.name))}, context=room.context)


async def _known(room: Room) -> tuple[list[object], list[object]]:
    """Conversations and facts, without ids that differ from channel to channel."""
    async with room.context.scribing(where(room.name)) as connection:
        placed = await messages.placed_in(connection, where(room.name))
        called = {each.message.message_id: each.message.posted_at for each in placed}
        told = await conversations.read(connection, {each.conversation_id for each in placed if each.conversation_id})
        facts_there = await facts.all_in(connection, where(room.name))
    return (
        [(each.topic, each.gist, each.participants, [called[m] for m in each.message_ids]) for each in told],
        [(each.kind, each.statement, each.status, each.actor_id, each.due) for each in facts_there],
    )


@pytest.mark.parametrize("late", [0, 2, 4])
async def test_what_came_late_is_described_and_extracted_as_if_it_had_not(context: Context, late: int) -> None:
    """Topic, gist, participants and facts are those of a channel that heard all in order."""
    here, there = Room(context), Room(context)
    lines = _talk(here)
    await here.hear(*(line for n, line in enumerate(lines) if n != late))
    await _work_out(here)
    await here.hear(lines[late])
    await _work_out(here)
    await there.hear(*_talk(there))
    await _work_out(there)
    assert await _known(here) == await _known(there)


@pytest.mark.parametrize("gone", [0, 2, 3])
async def test_a_deleted_message_leaves_what_would_have_been_without_it(context: Context, gone: int) -> None:
    """A conversation whose first message is deleted is known by its next one, with what was concluded from it."""
    here, there = Room(context), Room(context)
    await here.hear(*_talk(here))
    await _work_out(here)
    await here.hear(deleted(_talk(here)[gone], 9000))
    await _work_out(here)
    await there.hear(*(line for n, line in enumerate(_talk(there)) if n != gone))
    await _work_out(there)
    assert await _known(here) == await _known(there)
    assert await here.found() == in_order([line for n, line in enumerate(_talk(here)) if n != gone])


async def test_what_is_not_moved_is_not_worked_out_again(context: Context, database: TestDatabase) -> None:
    """A late message has its conversation told anew; of the others no event tells anything."""
    room = Room(context)
    lines = _talk(room)
    await room.hear(*lines[:4])
    await _work_out(room)
    async with room.context.database.house() as connection:
        before = await events.read(connection, TEAM, after=0)
    await room.hear(lines[4])
    await _work_out(room)
    async with room.context.database.house() as connection:
        told = (await events.read(connection, TEAM, after=0))[len(before) :]
    home = (await room.found())[lines[4].message_id]
    described = {e.event.told.conversation_id for e in told if isinstance(e.event.told, ConversationDescribed)}
    assert described == {home}
    assert {e.event.told.conversation_id for e in told if isinstance(e.event.told, FactTold)} <= {home}
    assert (await room.found())[lines[0].message_id] != home
    assert (await replay.replay(database.admin_dsn, mend=False)).same
