"""Late, edited and deleted messages repair a container's conversations, and no more of them than they have to."""

import os
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
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
from tests.conftest import TestDatabase
from tests.embedding import Hashing
from tests.integration.chat import TEAM, at, deleted, said, ts, where, who

TEXTS = (
    *("Is the ledger down?", "yes, the ledger is down", "thanks, that works", "hi all, quick question about lunch"),
    *("lunch at noon?", "<@BOB> can you look at the gateway", "BOB: the gateway is fine", "we roll back the gateway"),
)
HISTORIES = int(os.environ.get("DAYBOOK_HISTORIES", "150")) // 10
"""Each takes about ten times what one of the others takes that the name counts."""
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
    lines = [room.line(n * 3.0, chance.choice(TEXTS), chance.choice(["ANA", "BOB", "CY"])) for n in range(many)]
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
    lines = [room.line(n * 3.0, TEXTS[n % len(TEXTS)], "ANA") for n in range(60)]
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


@dataclass
class Said:
    minute: float
    wordings: list[str]
    author: str
    kind: str
    thread: int | None
    deleted: bool


@st.composite
def talks(draw: st.DrawFn) -> tuple[list[Said], list[list[tuple[int, int]]]]:
    """What was said, edited and deleted; and the same in another order and in batches, as (message, wording)."""
    many = draw(st.integers(2, 60))
    chance = draw(st.randoms(use_true_random=False))
    minute, talk = 0.0, list[Said]()
    for _ in range(many):
        minute += chance.choice([0.2, 1, 5, 90])
        wordings = [chance.choice(TEXTS) for _ in range(chance.choice([1, 1, 1, 2, 3]))]
        parents = [n for n, each in enumerate(talk) if each.thread is None]
        thread = chance.choice(parents) if parents and chance.random() < 0.2 else None
        kind = chance.choice([*["human"] * 8, "bot", "notice"])
        talk.append(Said(minute, wordings, chance.choice(["ANA", "BOB", "CY"]), kind, thread, chance.random() < 0.1))
    steps = [(n, w) for n, each in enumerate(talk) for w in range(len(each.wordings) + each.deleted)]
    late = set[tuple[int, int]]()
    match draw(st.sampled_from(["shuffled", "reversed", "nearly in order", "nearly in order"])):
        case "shuffled":
            chance.shuffle(steps)
        case "reversed":
            steps.reverse()
        case "nearly in order":
            late = set(chance.sample(steps, min(6, len(steps))))
    cuts = sorted({chance.randrange(1, len(steps) + 1) for _ in range(chance.randrange(4))})
    batches = [steps[a:b] for a, b in zip([0, *cuts], [*cuts, len(steps)], strict=True)]
    return talk, [*([step for step in batch if step not in late] for batch in batches), *([step] for step in late)]


@settings(max_examples=HISTORIES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=talks())
async def test_any_order_ends_in_the_same_conversations(
    context: Context, small_window: int, history: tuple[list[Said], list[list[tuple[int, int]]]]
) -> None:
    """Whatever came late, was edited or deleted, and in whatever batches: at any time as if all had come in order."""
    talk, batches = history
    room = Room(context)

    def told(number: int, wording: int) -> Message | Deletion:
        each = talk[number]
        text = each.wordings[min(wording, len(each.wordings) - 1)]
        more: dict[str, object] = {"kind": each.kind}
        if each.thread is not None:
            more["thread_ts"] = ts(talk[each.thread].minute)
        if wording:
            more["edited_at"] = at(each.minute + wording / 100)
        message = room.line(each.minute, text, each.author, **more)
        return deleted(message, 9000) if wording == len(each.wordings) else message

    heard = dict[int, Message]()
    gone = set[int]()
    for batch in batches:
        steps = [(number, told(number, wording)) for number, wording in batch]
        await room.hear(*(step for _, step in steps))
        await room.place()
        gone |= {number for number, step in steps if isinstance(step, Deletion)}
        for number, step in steps:
            if isinstance(step, Message):
                heard[number] = max(heard.get(number, step), step, key=lambda each: each.edited_at or each.posted_at)
        assert await room.found() == in_order([each for number, each in heard.items() if number not in gone])


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
