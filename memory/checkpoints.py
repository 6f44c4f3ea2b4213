"""Where LangGraph keeps a run's state: ids and plain values, in Postgres."""

import asyncio

from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from memory.database import Pool


def saver(pool: Pool) -> AsyncPostgresSaver:
    """A checkpointer that restores no types but plain ones, and does not queue behind one lock."""
    kept = AsyncPostgresSaver(pool, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
    # Its single lock guards a single connection; with a pool it would only serialise everybody's checkpoints.
    kept.lock = asyncio.Semaphore(max(1, pool.max_size // 2))  # type: ignore[assignment]
    return kept
