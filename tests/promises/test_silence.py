"""No word of a message, a channel's name, a question or a reply is in a log line, in Sentry or in a trace, ever."""

import asyncio
import functools
import inspect
import json
import re
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import psycopg
import pytest
from langgraph.graph import StateGraph

from bot.language.asking import Language
from bot.language.chosen import language_of
from memory import containers
from memory.database import Database
from tests.conftest import TestDatabase
from tests.openai_server import readers, stub
from tests.openai_server.asking import MORNING, MovedTime, settings
from tests.openai_server.server import KEY, Fault, OpenAIServer, serving
from tests.openai_server.stub import Payload
from tests.promises.ears import Ears, listening, telling
from tests.promises.endings import CHANNEL_TYPES, enveloped
from tests.promises.whole import COLLEAGUE, DAYBOOK, READER, TEAM, Whole, _where, daybook
from tests.scenarios.house import opened, until
from tests.scenarios.team import BEN, BOT, CHI, DEE, ELI, GENERAL, LEADS, MORNINGS, PLATFORM

CANARY = re.compile(r"qz\w+vx")
FAULTS: tuple[Fault | None, ...] = (
    *(None, "limited", "failing", "hanging", "disconnecting", "truncated_body", "denied", "no_quota", "error_body"),
    *("malformed_body", "streaming", "cut_off", "empty", "prose", "wrong_schema", "refusing", "filtered"),
    *("no_choices", "wrong_ids", "truncated_json", "obedient", "foreign_links"),
)

TASKS = ("extract", "understand", "answer", "compose")


def word(of: str) -> str:
    """A canary. It is put together when it is needed, since Sentry shows lines of code."""
    return "qz" + of + "vx"


def with_replies(server: OpenAIServer) -> None:
    """A model whose replies have words of their own, besides those that it was shown."""
    plain = {
        "extract": readers.minutes_of,
        "compose": readers.reworded,
        "understand": readers.interpreted,
        "answer": readers.answered,
        "reconcile": readers.judged,
        "consolidate": readers.judged,
    }

    def spoken(reader: Callable[[Any], object]) -> stub.Script:
        script = stub.each_piece(reader)

        def reply(body: Payload) -> object:
            added = f" {word('reply')}"
            return stub.changed(script(body), stub.schema_of(body), lambda said: said + added if said else said)

        return lambda body: reply(body) if len(server.asked) % 2 else script(body)

    for task, reader in plain.items():
        server.script(task, spoken(reader))


async def name_the_places(whole: Whole) -> None:
    async with whole.daybook.database.house() as connection:
        for place in CHANNEL_TYPES:
            if place != "D1":
                await containers.rename(connection, _where(place), word(f"place{place.lower()}"))


async def live_through(whole: Whole, at: Any, number: int) -> None:
    """Things are said in all channels and edited, a briefing is asked for, and questions are asked."""
    said = (
        "We decided to go with {} for the ledger.",
        "I'll send the {} numbers by Friday.",
        f"<@{READER}> can you review {{}} today?",
        "We are blocked on {}: staging is down.",
    )
    for place, (channel, kind) in enumerate(CHANNEL_TYPES.items()):
        for turn, text in enumerate(said):
            ts = f"{at.timestamp() - 4000 + place * 900 + turn * 60:.0f}.{number:06d}"
            event = {"type": "message", "user": COLLEAGUE if turn % 2 else READER, "channel": channel, "ts": ts}
            event |= {"channel_type": kind, "text": text.format(word(f"message{number}"))}
            if channel != "D1":
                await whole.take(enveloped(event, f"Said{number}{channel}{turn}"))
    await impatient(whole)  # there is something to be told of
    for place, channel in enumerate(("D1", "C1", "C2")):
        asked = f"<@{DAYBOOK}> what about {word(f'question{number}')} and the ledger {word(f'message{number}')}?"
        ts = f"{at.timestamp() - 10 + place:.0f}.{number:06d}"
        event = {"type": "message", "user": READER, "channel": channel, "ts": ts, "text": asked}
        await whole.take(enveloped(event | {"channel_type": CHANNEL_TYPES[channel]}, f"Asked{number}{channel}"))
    actions = [{"action_id": each, "value": "", "action_ts": f"{at.timestamp():.6f}"} for each in ("start", "brief_me")]
    press = {"type": "block_actions", "team": {"id": TEAM}, "user": {"id": READER}, "trigger_id": f"{number}.1"}
    await whole.take({**press, "actions": actions})


async def impatient(whole: Whole, within: float = 40.0) -> None:
    """Does all work; what is to be tried again later is tried again at once."""
    deadline = time.monotonic() + within
    while whole.value("select count(*) from procrastinate_jobs where status in ('todo', 'doing')"):
        assert time.monotonic() < deadline, whole.rows("select task_name, status, attempts from procrastinate_jobs")
        with psycopg.connect(whole.dsn, autocommit=True) as connection:
            connection.execute("update procrastinate_jobs set scheduled_at = null where status = 'todo'")
        await whole.daybook.jobs.app.run_worker_async(
            wait=False, concurrency=2, install_signal_handlers=False, listen_notify=False, delete_jobs="successful"
        )


def leaks(lines: str, ears: Ears) -> list[str]:
    """Whatever holds a word that is nobody's business, cut down to what is around it."""
    told = [*lines.splitlines(), *ears.envelopes]
    return [
        f"…{each[max(found.start() - 120, 0) : found.end() + 20]}" for each in told if (found := CANARY.search(each))
    ]


def _models(server: OpenAIServer, moved: MovedTime) -> Callable[[Database], Language]:
    given = {"DAYBOOK_MODEL_DAILY_TOKENS": 10**9, "DAYBOOK_MODEL_PERSON_TOKENS": 10**9, "DAYBOOK_MODEL_DEADLINE": 0.3}

    def made(database: Database) -> Language:
        found = language_of(settings(server, **given), TEAM, database, moved, moved)
        assert found is not None
        return found

    return made


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param([*zip(FAULTS[1::6], TASKS, strict=True)], id="sample"),
        *(pytest.param([*product([each], TASKS)], marks=pytest.mark.promises, id=str(each)) for each in FAULTS),
    ],
)
async def test_no_word_is_told_whatever_an_endpoint_does(
    faults: list[tuple[Fault | None, str]],
    database: TestDatabase,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A day with each fault of each task, for all surfaces: logs at DEBUG, Sentry's transport, tracing asked for."""
    moved = MovedTime()
    with listening() as ears, telling(ears):
        async with serving() as server, daybook(database, moved, _models(server, moved)) as whole:
            with_replies(server)
            await name_the_places(whole)
            for number, (fault, task) in enumerate(faults):
                server.behave()
                if fault:
                    server.misbehave(fault, task=task)
                moved.at = MORNING + timedelta(days=number)  # a briefing a day, and endpoints have rested
                await live_through(whole, moved.at, number)
                await impatient(whole)
    lines = capsys.readouterr().err
    # While an endpoint rests it is not asked to compose: the program below is.
    assert {each.task for each in server.asked} >= {"extract", "understand", "answer"}
    assert all(CANARY.search(json.dumps(each.body)) for each in server.asked)
    assert leaks(lines, ears) == []
    assert ears.traces == []
    assert lines.count("\n") > 50, "it is loud enough to tell"
    assert whole.value("select count(*) from contents where body ~ 'qz.*vx'") > 20
    assert [each for each in whole.shown if CANARY.search(str(each))]


def _failing(action: Callable[..., Any], failed: dict[str, int], name: str) -> Callable[..., Any]:
    """The node, whose first run ends in an error that quotes what it had before it."""

    @functools.wraps(action)
    async def fails(state: Any, runtime: Any) -> Any:
        made = await action(state, runtime)
        failed[name] = failed.get(name, 0) + 1
        if failed[name] > 1:
            return made
        quoted = f"cannot use {word('message')} of {word('placec2')}: {word('reply')}"
        kinds: list[Callable[[str], Exception]] = [
            *(ValueError, KeyError, psycopg.DataError, TimeoutError, psycopg.OperationalError),
            lambda text: ExceptionGroup(text, [ValueError(text)]),
        ]
        error = kinds[len(failed) % len(kinds)](quoted)
        error.add_note(quoted)
        raise error from RuntimeError(quoted)

    return fails


async def test_no_word_is_told_of_a_node_that_fails(
    database: TestDatabase, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every node of every graph fails once, with errors that quote: each is told by its kind, and all work ends."""
    failed: dict[str, int] = {}
    add = StateGraph.add_node

    def add_failing(graph: Any, node: Any, action: Any = None, **given: Any) -> Any:
        name = node if isinstance(node, str) else node.__name__
        action = action if isinstance(node, str) else node
        if inspect.iscoroutinefunction(action):
            action = _failing(action, failed, f"{graph.state_schema.__module__}.{name}")
        return add(graph, name, action, **given)

    monkeypatch.setattr(StateGraph, "add_node", add_failing)
    moved = MovedTime()
    with listening() as ears, telling(ears):
        async with daybook(database, moved) as whole:
            await name_the_places(whole)
            await live_through(whole, moved.at, 0)
            await impatient(whole)
    lines = capsys.readouterr().err
    assert {name.split(".")[1] for name in failed} == {"extraction", "briefing", "answering", "offering"}
    assert len(failed) > 12
    assert all(times > 1 for times in failed.values())
    assert leaks(lines, ears) == []
    assert ears.traces == []
    assert {"ValueError", "KeyError", "RuntimeError"} <= {
        kind for each in ears.envelopes for kind in re.findall(r'"type": ?"(\w+)"', each)
    }
    assert all(f'"error": "{kind}"' in lines for kind in ("ValueError", "DataError", "ExceptionGroup"))
    assert [each for each in whole.shown if CANARY.search(str(each))]


async def test_no_word_is_told_by_the_program(
    database: TestDatabase, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """`daybook run` itself, in the environment of a developer who wants to see everything, on a day with a bad hour."""
    with listening() as ears:
        async with serving() as server, opened(database, tmp_path, enforce_rate_limits=False) as house:
            with_replies(server)
            house.begin(
                **ears.environment,
                SENTRY_DSN=ears.dsn,
                PYTHONASYNCIODEBUG="1",
                PYTHONDEVMODE="1",
                DAYBOOK_LOG_LEVEL="DEBUG",
                DAYBOOK_LEADERS=CHI,
                OPENAI_API_KEY=KEY,
                OPENAI_BASE_URL=server.url,
                DAYBOOK_MODEL_LARGE="large",
                DAYBOOK_MODEL_DEADLINE="5",
                DAYBOOK_MODEL_READING_DELAY="0.05",
            )
            await until(lambda: house.lines("listening"), "the program at work", 30)
            await house.quiet(30)
            server.misbehave("failing", 2)
            server.misbehave("error_body", 1)
            for person, channel in ((BEN, GENERAL), (DEE, LEADS), (ELI, PLATFORM)):
                await house.post(person, channel, f"We decided to go with {word('message')} for the ledger.")
                await house.post(person, channel, f"I'll send the {word('message')} numbers by Friday.")
            await house.quiet(60)
            house.at(MORNINGS[CHI], seconds=1)
            await house.briefing(CHI, 30)
            ts = await house.post(BEN, GENERAL, f"<@{BOT}> what about {word('message')} and {word('question')}?")
            await house.answer(BEN, GENERAL, ts)
            await house.act("open_home", CHI)
            await house.quiet(60)
            (program,) = house.processes
            program.terminate()
            await asyncio.to_thread(program.wait, 30)
        assert {"extract", "compose", "understand", "answer"} <= {each.task for each in server.asked}
    written = house.log.read_text(), *capfd.readouterr()
    assert leaks("\n".join(written), ears) == []
    assert ears.traces == []
    assert house.lines("model_call_failed")
