"""Whether the database is as Daybook needs it."""

from memory import statements
from memory.database import Connection

SQL = statements.load("health")


async def app_is_bound(connection: Connection) -> bool:
    """Whether row-level security holds the role we are connected as."""
    row = await (await connection.execute(SQL["describe_app"])).fetchone()
    return row is not None and not row["free"]


async def newest_migration(connection: Connection) -> str | None:
    """The last migration that was applied."""
    row = await (await connection.execute(SQL["newest_migration"])).fetchone()
    return row["name"] if row else None
