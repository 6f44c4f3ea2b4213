"""The bot is killed in the middle of things: nothing is lost, nothing is done twice."""

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import psycopg

from tests.openai_server import readers, stub
from tests.openai_server.server import KEY, serving
from tests.scenarios.house import House, until
from tests.scenarios.team import ADA, BEN, BOT, CHI, DEE, ELI, FAY, GENERAL, MORNINGS, PLATFORM

NODES = ["gather", "rank", "compose", "deliver"]
RECOVERY = 20.0
"""Seconds within which another program, once it listens, takes up what a killed one left."""


async def test_killed_in_the_middle_of_a_briefing(house: House) -> None:
    """Killed while a node is at work, the next program finishes the briefing: one post, finished nodes not repeated."""
    await _live_through_the_day(house)
    first = await _begun(house, "ada")
    async with _locked(house, "items"):
        house.at(MORNINGS[ADA], seconds=1)
        await until(lambda: house.lines("node_begun", graph="briefing", node="compose"), "compose begun")
        first.send_signal(signal.SIGKILL)
        first.wait()
        assert await house.posts() == []
    await _another(house, DAYBOOK_LEADERS="ada")
    await house.briefing(ADA, RECOVERY)
    await house.quiet()
    assert len(await house.posts()) == 1
    begun = [line["node"] for line in house.lines("node_begun", graph="briefing")]
    assert begun == [*NODES[:3], "compose", *NODES[3:]]
    assert [line["node"] for line in house.lines("node_begun", graph="briefing", resumed=True)] == NODES[2:]


async def test_killed_while_the_third_of_five_calls_is_under_way(house: House) -> None:
    """What the others answered is kept: the next program makes that one call again, and no other."""
    async with serving() as server:
        server.script("extract", stub.each_piece(readers.minutes_of))
        model = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url, "DAYBOOK_MODEL_SMALL": "small"}
        async with house.daybook(leaders=(DEE,), model_small="small", model_reading_delay=3600.0):
            await house.talk_at_length(PLATFORM, BEN, DEE, CHI, ELI)
            await house.taken_in()
        server.misbehave("hanging", 1, task="extract", after=2)
        first = await _begun(house, "dee", **model)
        house.at(MORNINGS[DEE], seconds=1)
        kept = "select count(*) from task_results where task = 'extract' and version like '%%small'"
        await until(lambda: _is(house, kept, 4), "four answers kept")
        first.send_signal(signal.SIGKILL)
        first.wait()
        assert server.calls_for("extract") == 5
        assert await house.posts() == []
        await _another(house, DAYBOOK_LEADERS="dee", **model)
        await house.briefing(DEE, RECOVERY)
        assert server.calls_for("extract") == 6
        lost, again = [each for each in server.asked if each.task == "extract"][2::3]
        assert stub.pieces_of(lost.body) == stub.pieces_of(again.body)
        assert dict(await house.rows("select engine, count(*) from facts group by engine")) == {"model": 5}
        assert server.refused == []


async def test_killed_while_it_does_not_know_what_was_posted(house: House) -> None:
    """Killed with two posts under way, one of which took effect unheard, the next program makes both exactly one."""
    await _live_through_the_day(house)
    first = await _begun(house, "ada", "ben")
    await house.fault("chat.postMessage", "lost_reply")
    await house.fault("chat.postMessage", "hang", seconds=60)
    await house.fault("conversations.history", "hang", 100, seconds=60)
    house.at(MORNINGS[ADA], seconds=1)
    await until(lambda: _called(house, "chat.postMessage", 2), "two posts under way")
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert len(await house.posts()) == 1
    assert await house.rows("select distinct state from outbox") == [("sending",)]
    await house.clear_faults()
    await _another(house, DAYBOOK_LEADERS="ada,ben")
    await house.quiet(RECOVERY)
    assert [len(await house.briefings(leader)) for leader in (ADA, BEN)] == [1, 1]
    assert len(await house.posts()) == 2
    assert await house.rows("select delivered_at is not null from briefings") == [(True,), (True,)]


async def test_killed_with_deliveries_in_its_hands(house: House) -> None:
    """What was acked before the kill is answered after it, once each."""
    await _live_through_the_day(house)
    first = await _begun(house, "ada")
    async with _locked(house, "messages"):
        asked = [await house.post(FAY, GENERAL, f"<@{BOT}> what about the ledger? ({n})") for n in range(5)]
        await until(lambda: _stored(house, 10), "five mentions stored")
        await house.workspace.settle()
        first.send_signal(signal.SIGKILL)
        first.wait()
    house.begin()
    for ts in asked:
        await house.answer(FAY, GENERAL, ts)
    await house.quiet()
    assert [len(await house.messages(FAY, GENERAL, ts)) for ts in asked] == [2] * 5


async def test_killed_while_questions_wear_eyes(house: House) -> None:
    """The next program answers them and takes the eyes off, in private too, where Slack shows no status."""
    await _live_through_the_day(house)
    dm = (await house.act("open_dm", FAY, user=BOT))["channel"]
    top = await house.post(FAY, dm, "hello")
    first = await _begun(house, "ada")
    await house.quiet()
    await house.fault("assistant.threads.setStatus", "error", 99, error="missing_scope")
    await house.fault("chat.postMessage", "ratelimited", 99, retry_after=1)
    asked = await house.post(FAY, GENERAL, f"<@{BOT}> what was decided about the ledger?")
    alone = await house.post(FAY, dm, "what was decided about the ledger?")
    under = await house.post(FAY, dm, "what was decided about the freeze?", thread_ts=top)
    for channel, ts, thread in ((GENERAL, asked, ""), (dm, alone, ""), (dm, under, top)):
        await until(partial(_wears, house, channel, ts, "eyes", thread=thread), f"eyes in {channel}")
    first.send_signal(signal.SIGKILL)
    first.wait()
    await house.clear_faults()
    await house.fault("assistant.threads.setStatus", "error", 99, error="missing_scope")
    await _another(house)
    await house.answer(FAY, GENERAL, asked)
    await until(partial(_wears, house, GENERAL, asked, "white_check_mark"), "a tick")
    await until(partial(_wears, house, dm, alone), "no eyes in private")
    await until(partial(_wears, house, dm, under, thread=top), "no eyes in a thread in private")
    await house.quiet()
    assert await _wears(house, GENERAL, asked, "white_check_mark")
    assert [each["user"] for each in await house.messages(FAY, dm) if each["ts"] > alone] == [BOT]


async def _wears(house: House, channel: str, ts: str, *marks: str, thread: str = "") -> bool:
    """Whether Daybook's marks at a message are these."""
    (found,) = [each for each in await house.messages(FAY, channel, thread) if each["ts"] == ts]
    return [each["name"] for each in found["reactions"] if BOT in each["users"]] == [*marks]


async def test_the_database_goes_and_comes_back(house: House) -> None:
    """When every connection to the database is cut, the bot goes on by itself."""
    async with house.daybook():
        await house.live_through_the_day()
        for _ in range(3):
            await house.rows(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
            await asyncio.sleep(0)
        ts = await house.post(FAY, GENERAL, f"<@{BOT}> what was decided about the ledger?")
        await house.answer(FAY, GENERAL, ts)


async def _live_through_the_day(house: House) -> None:
    """The day is taken in by another program, which left."""
    async with house.after_the_day(leaders=()):
        pass


async def _another(house: House, **environment: str) -> None:
    """A program after one that was killed; it listens, and may have begun to work."""
    house.begin(**environment)
    await until(lambda: house.workspace.world.socket.connected == 1, "it listens", 60)


async def _begun(house: House, *leaders: str, **environment: str) -> subprocess.Popen[bytes]:
    """A program that listens, has looked round, and has its readers."""
    program = house.begin(DAYBOOK_LEADERS=",".join(leaders), **environment)
    await until(lambda: house.value("select count(*) from people where reader_since is not null"), "a reader", 30)
    await house.taken_in()
    return program


async def _called(house: House, method: str, times: int) -> bool:
    return len(await house.calls(method)) >= times


async def _is(house: House, count: str, many: int) -> bool:
    return bool(await house.value(count) == many)


async def _stored(house: House, many: int) -> bool:
    return (
        int(await house.value("select count(*) from inbox where kind in ('message', 'app_mention') and payload <> ''"))
        >= many
    )


@asynccontextmanager
async def _locked(house: House, table: str) -> AsyncIterator[None]:
    """Whoever writes to this table waits until the block ends."""
    async with await psycopg.AsyncConnection.connect(house.database.admin_dsn) as connection:
        await connection.execute(f"lock table {table} in share mode".encode())
        yield
