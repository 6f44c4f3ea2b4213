"""Where LangGraph keeps a run's state: ids and plain values, in Postgres."""

import asyncio
from collections.abc import Sequence
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.serde.types import ERROR

from memory import statements
from memory.database import Connection, Pool

SQL = statements.load("checkpoints")


class WordlessSaver(AsyncPostgresSaver):
    """Keeps of an error its type alone: what it says may quote somebody's words."""

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        wordless = [(name, type(value).__name__ if name == ERROR else value) for name, value in writes]
        await super().aput_writes(config, wordless, task_id, task_path)


def saver(pool: Pool) -> AsyncPostgresSaver:
    """A checkpointer that restores no types but plain ones, and does not queue behind one lock."""
    kept = WordlessSaver(pool, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
    # Its single lock guards a single connection; with a pool it would only serialise everybody's checkpoints.
    kept.lock = asyncio.Semaphore(max(1, pool.max_size // 2))  # type: ignore[assignment]
    return kept


async def idle(connection: Connection, days: int, most: int, *, but: str, but_days: int) -> list[str]:
    """Runs that nothing was added to for so many days: they are over, or were given up.

    Those whose key is like `but` may go on after a longer while.
    """
    given = {"days": days, "most": most, "but": but, "but_days": but_days}
    rows = await (await connection.execute(SQL["find_idle_threads"], given)).fetchall()
    return [row["thread_id"] for row in rows]
