"""Jobs that wait, as far as Procrastinate does not look after them itself."""

from collections.abc import Mapping
from datetime import datetime

from psycopg.types.json import Jsonb

from memory import statements
from memory.database import Connection

SQL = statements.load("queue")


async def defer(
    connection: Connection,
    queue: str,
    task: str,
    only: str,
    arguments: Mapping[str, str],
    priority: int,
    at: datetime | None,
) -> bool:
    """Has work done when this transaction has ended; False when it joins a job of the same work that waits.

    `only` names the work. A job that joins is kept from being begun before the transaction ends.
    """
    given = {"queue": queue, "task": task, "only": only, "priority": priority, "at": at}
    given |= {"arguments": Jsonb(dict(arguments))}
    row = await (await connection.execute(SQL["defer_job"], given)).fetchone()
    return bool(row and row["is_new"])
