"""Jobs that wait, as far as Procrastinate does not look after them itself."""

from memory import statements
from memory.database import Connection

SQL = statements.load("queue")


async def hold(connection: Connection, queueing_lock: str) -> bool:
    """Keeps the job that waits under this lock from being begun before this transaction ends; False when none waits."""
    given = {"queueing_lock": queueing_lock}
    return await (await connection.execute(SQL["hold_waiting_job"], given)).fetchone() is not None
