"""The event log: appended once, never changed, read in the order in which it was committed."""

from collections.abc import Sequence
from typing import Any

from memory import statements
from memory.database import Connection, as_json
from memory.models.events import Event
from memory.models.ids import TeamId, derive

SQL = statements.load("events")
MONTHS_AHEAD = 2


async def append(connection: Connection, team: TeamId, events: Sequence[Event]) -> int:
    """Appends what is not there yet, and says how many. Call it last in a transaction: it locks the team's log."""
    if not events:
        return 0
    rows = [
        {**event.model_dump(mode="json", exclude={"team_id"}), "event_id": str(derive(team, "event", event.key))}
        for event in events
    ]
    given = {"team_id": team, "rows": as_json(rows)}
    row = await (await connection.execute(SQL["append_events"], given)).fetchone()
    return int(row["appended"]) if row else 0


async def read(connection: Connection, team: TeamId, after: int, most: int = 1000) -> list[dict[str, Any]]:
    """The events behind a position, in order. What is committed later always stands behind what was read."""
    given = {"team_id": team, "after": after, "most": most}
    return await (await connection.execute(SQL["read_events"], given)).fetchall()


async def open_partitions(connection: Connection) -> None:
    """Opens the log's partitions of this month and the next ones, so that no event falls into the default one.

    Call it in a transaction of its own: the log waits for that.
    """
    await connection.execute(SQL["open_event_partitions"], {"ahead": MONTHS_AHEAD})
