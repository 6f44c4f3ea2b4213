"""Runs go on where they stopped: from checkpoints that LangGraph reads as its own, however little is written."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypedDict

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from bot.clock import MovedClock
from bot.runs import Runs
from graphs.ports import Context
from memory import checkpoints
from memory.database import Database
from tests.embedding import Hashing
from tests.integration.chat import TEAM
from tests.integration.test_placing import Nowhere

Step = Callable[[], None]


class State(TypedDict, total=False):
    asked: str
    found: list[dict[str, Any]]
    many: int
    told: list[str]


class Broken(RuntimeError):
    """The second node fails."""


def path(saver: BaseCheckpointSaver[Any], second: Step, name: str = "second") -> CompiledStateGraph[Any, Any, Any, Any]:
    """Three nodes in a row, of which the second may fail."""

    async def first(state: State) -> State:
        return {"found": [{"of": state["asked"], "more": None}], "many": 1}

    async def then(state: State) -> State:
        second()
        return {"told": [each["of"] for each in state["found"]]}

    async def last(state: State) -> State:
        return {"many": state["many"] + 1}

    graph = StateGraph(State, context_schema=Context)
    graph.add_node("first", first)
    graph.add_node(name, then)
    graph.add_node("last", last)
    graph.add_edge(START, "first")
    graph.add_edge("first", name)
    graph.add_edge(name, "last")
    graph.add_edge("last", END)
    return graph.compile(checkpointer=saver)


def fails() -> None:
    raise Broken


def works() -> None:
    """Nothing is wrong with it."""


def runs(house: Database, second: Step, name: str = "second") -> Runs:
    saver, clock = checkpoints.saver(house.pool), MovedClock(datetime(2026, 11, 20, tzinfo=UTC))
    graphs = {"path": path(saver, second, name)}
    return Runs(TEAM, "DAYBOOK", house, saver, graphs, clock, Nowhere(), "tests", Hashing())


async def test_langgraph_reads_ours_as_its_own(house: Database) -> None:
    """Failed in the second node, the state, what is next and what is pending are as the original saver keeps them."""
    seen = []
    for key, saver in (("ours", checkpoints.saver(house.pool)), ("theirs", AsyncPostgresSaver(house.pool))):
        config: RunnableConfig = {"configurable": {"thread_id": key}}
        graph = path(saver, fails)
        with pytest.raises(Broken):
            await graph.ainvoke({"asked": "a\u00e9'\"\\"}, config, durability="sync")
        state = await graph.aget_state(config)
        found = await saver.aget_tuple(config)
        assert found
        pending = sorted(name for _, name, _ in found.pending_writes or ())
        seen.append((state.values, state.next, found.metadata, found.checkpoint["channel_values"], pending))
    assert seen[0] == seen[1]
    assert seen[0][1] == ("second",)


async def test_a_failed_run_goes_on_with_the_node_that_failed(house: Database) -> None:
    """What was finished is not done again, whatever start is given; what is over is not repeated."""
    with pytest.raises(Broken):
        await runs(house, fails).run("path", "run:1", {"asked": "one"})
    begun = await checkpoints.begun(checkpoints.saver(house.pool), "run:1")
    assert begun == checkpoints.Begun(
        {"asked": "one", "found": [{"of": "one", "more": None}], "many": 1}, frozenset({"second"})
    )
    ended = await runs(house, works).run("path", "run:1", {"asked": "other"})
    assert (ended["told"], ended["many"]) == (["one"], 2)
    assert await runs(house, fails).run("path", "run:1", {"asked": "other"}) == ended


async def test_a_run_of_a_graph_that_had_other_nodes_begins_anew(house: Database) -> None:
    """A newer Daybook does not take what an older one left in the middle for finished."""
    with pytest.raises(Broken):
        await runs(house, fails, "middle").run("path", "run:2", {"asked": "one"})
    ended = await runs(house, works).run("path", "run:2", {"asked": "two"})
    assert (ended["told"], ended["many"]) == (["two"], 2)


@pytest.mark.parametrize("swift", [False, True])
async def test_what_a_run_is_to_forget_is_gone(house: Database, swift: bool) -> None:
    """At its end, and where its worker was ended before that: then it is begun anew."""
    forgetful = runs(house, works)
    for asked in ("one", "two"):
        assert (await forgetful.run("path", "run:3", {"asked": asked}, forget=True, swift=swift))["told"] == [asked]
        assert await checkpoints.begun(forgetful.saver, "run:3") is None
    await forgetful.run("path", "run:4", {"asked": "one"})
    assert (await forgetful.run("path", "run:4", {"asked": "two"}, forget=True, swift=swift))["told"] == ["two"]


@pytest.mark.parametrize("swift", [False, True])
async def test_a_talk_goes_on_from_the_state_that_was_left(house: Database, swift: bool) -> None:
    """Onward, each start is a run of its own, once; it finds what the last one left, and only the latest is kept."""
    talk = runs(house, works)
    first = await talk.run("path", "run:3", {"asked": "one"}, onward=True, swift=swift)
    assert await runs(house, fails).run("path", "run:3", {"asked": "one"}, onward=True, swift=swift) == first
    with pytest.raises(Broken):
        await runs(house, fails).run("path", "run:3", {"asked": "two"}, onward=True, swift=swift)
    begun = await checkpoints.begun(checkpoints.saver(house.pool), "run:3")
    assert begun
    assert (begun.values["asked"], begun.values["told"], begun.ahead) == ("two", ["one"], frozenset({"second"}))
    ended = await talk.run("path", "run:3", {"asked": "two"}, onward=True, swift=swift)
    assert ended["told"] == ["two"]
    assert (await talk.run("path", "run:3", {"asked": "three"}, onward=True, swift=swift))["told"] == ["three"]
    async with house.house() as connection:
        kept = await connection.execute("select count(*) as many from checkpoints where thread_id = 'run:3'")
        assert await kept.fetchone() == {"many": 1}


async def test_as_much_is_dropped_as_langgraph_drops(house: Database) -> None:
    """After several runs of one key the latest checkpoint and its values are kept, and not a row besides."""
    left: list[list[Any]] = []
    for prune in (checkpoints.keep_latest, lambda saver, key: saver.aprune([key], strategy="keep_latest")):
        saver, key = checkpoints.saver(house.pool), f"run:{len(left)}"
        for asked in ("one", "two", "three"):
            await path(saver, works).ainvoke({"asked": asked}, {"configurable": {"thread_id": key}}, durability="sync")
        before = await checkpoints.begun(saver, key)
        await prune(saver, key)
        assert await checkpoints.begun(saver, key) == before
        async with house.house() as connection:
            tables = ("checkpoints", "checkpoint_blobs", "checkpoint_writes")
            counts = [
                await (
                    await connection.execute(f"select count(*) as many from {t} where thread_id = %s", (key,))
                ).fetchone()
                for t in tables
            ]
        left.append(counts)
    assert left[0] == left[1]
    assert left[0][0] == {"many": 1}


async def test_a_swift_run_is_kept_when_it_ends(house: Database) -> None:
    """Before that nothing of it is written; of any other run, each node."""
    under_way = []
    saver = checkpoints.saver(house.pool)
    graph = StateGraph(State, context_schema=Context)
    graph.add_node("first", lambda _: {"many": 1})

    async def second(state: State) -> State:
        under_way.append(await checkpoints.begun(saver, "run:5"))
        return {"told": ["it"]}

    graph.add_node("second", second)
    graph.add_edge(START, "first")
    graph.add_edge("first", "second")
    graph.add_edge("second", END)
    talk = replace(runs(house, works), graphs={"path": graph.compile(checkpointer=saver)})
    for asked in ("one", "two"):
        ended = await talk.run("path", "run:5", {"asked": asked}, onward=True, swift=asked == "one")
        assert ended["told"] == ["it"]
    first, then = under_way
    assert first is None
    assert then
    assert then.values["asked"] == "two"


@pytest.mark.parametrize("swift", [False, True])
async def test_a_talk_whose_run_was_given_up_goes_on_with_the_next(house: Database, swift: bool) -> None:
    """A run that was begun and never ended, its question being gone, holds up no later one."""
    await runs(house, works).run("path", "run:4", {"asked": "one"}, onward=True, swift=swift)
    with pytest.raises(Broken):
        await runs(house, fails).run("path", "run:4", {"asked": "two"}, onward=True, swift=swift)
    assert (await runs(house, works).run("path", "run:4", {"asked": "three"}, onward=True, swift=swift))["told"] == [
        "three"
    ]
