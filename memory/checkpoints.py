"""Where LangGraph keeps a run's state: ids and plain values, in Postgres."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    WRITES_IDX_MAP,
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    get_serializable_checkpoint_metadata,
)
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.serde.types import ERROR
from psycopg.types.json import Jsonb

from memory import statements
from memory.database import Connection, Pool

SQL = statements.load("checkpoints")
_START, _TO = "__start__", "branch:to:"
"""What LangGraph calls the channels by which a run and its nodes are begun: there until that has been done."""


@dataclass(frozen=True)
class Begun:
    """A run as it stopped: its state, and the nodes that it is to go on with; none where it is over."""

    values: Mapping[str, Any]
    ahead: frozenset[str]


class WordlessSaver(AsyncPostgresSaver):
    """Keeps of an error its type alone, since what it says may quote somebody's words; and nothing twice.

    For graphs in which one node is at work at a time, and whose values are small.
    """

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Errors and interrupts. What a node returned is in the checkpoint that follows before anything else begins."""
        kept = [
            (name, type(value).__name__ if name == ERROR else value) for name, value in writes if name in WRITES_IDX_MAP
        ]
        if kept:
            await super().aput_writes(config, kept, task_id, task_path)

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """As the original keeps it and reads it, in one statement, and without a thread for so little to write."""
        place = config["configurable"]
        if metadata["step"] <= 0:
            return _place(place, checkpoint)  # no node is done yet: a run that ends here is given its start again
        values = checkpoint["channel_values"]
        apart = {name: value for name, value in values.items() if not _is_plain(value)}
        changed = {name: version for name, version in new_versions.items() if name in apart}
        blobs = self._dump_blobs(place["thread_id"], place["checkpoint_ns"], apart, changed)
        inline = {name: value for name, value in values.items() if name not in apart}
        given = {
            "thread_id": place["thread_id"],
            "namespace": place["checkpoint_ns"],
            "checkpoint_id": checkpoint["id"],
            "parent_id": place.get("checkpoint_id"),
            "checkpoint": Jsonb({**checkpoint, "channel_values": inline}),
            "metadata": Jsonb(get_serializable_checkpoint_metadata(config, metadata)),
            "channels": [channel for _, _, channel, _, _, _ in blobs],
            "versions": [version for _, _, _, version, _, _ in blobs],
            "types": [kind for _, _, _, _, kind, _ in blobs],
            "blobs": [blob for _, _, _, _, _, blob in blobs],
        }
        async with self._cursor() as cursor:
            await cursor.execute(SQL["put_checkpoint"], given)
        return _place(place, checkpoint)


def _place(given: Mapping[str, Any], checkpoint: Checkpoint) -> RunnableConfig:
    where = {"thread_id": given["thread_id"], "checkpoint_ns": given["checkpoint_ns"]}
    return {"configurable": {**where, "checkpoint_id": checkpoint["id"]}}


def _is_plain(value: object) -> bool:
    """Whether LangGraph looks for a value in the checkpoint's own row."""
    return value is None or isinstance(value, str | int | float | bool)


def saver(pool: Pool) -> WordlessSaver:
    """A checkpointer that restores no types but plain ones, and does not queue behind one lock."""
    kept = WordlessSaver(pool, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
    # Its single lock guards a single connection; with a pool it would only serialise everybody's checkpoints.
    kept.lock = asyncio.Semaphore(max(1, pool.max_size // 2))  # type: ignore[assignment]
    return kept


async def begun(saver: BaseCheckpointSaver[Any], run_key: str) -> Begun | None:
    """How far a run came; None where it was never begun."""
    found = await saver.aget_tuple({"configurable": {"thread_id": run_key}})
    if found is None:
        return None
    channels = found.checkpoint["channel_values"]
    ahead = {name: name.removeprefix(_TO) for name in channels if name == _START or name.startswith(_TO)}
    values = {name: value for name, value in channels.items() if name not in ahead}
    return Begun(values, frozenset(ahead.values()))


async def keep_latest(saver: BaseCheckpointSaver[Any], run_key: str) -> None:
    """Drops all that led to where a run ended: in one statement, where LangGraph takes one for each value."""
    if not isinstance(saver, WordlessSaver):
        await saver.aprune([run_key], strategy="keep_latest")
        return
    async with saver._cursor() as cursor:  # noqa: SLF001 - its way to a connection of the pool
        await cursor.execute(SQL["prune_checkpoints"], {"thread_id": run_key})


async def idle(connection: Connection, days: int, most: int, *, but: str, but_days: int) -> list[str]:
    """Runs that nothing was added to for so many days: they are over, or were given up.

    Those whose key is like `but` may go on after a longer while.
    """
    given = {"days": days, "most": most, "but": but, "but_days": but_days}
    rows = await (await connection.execute(SQL["find_idle_threads"], given)).fetchall()
    return [row["thread_id"] for row in rows]
