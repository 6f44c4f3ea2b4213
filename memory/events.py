"""The event log: appended once, never changed, read in the order in which it was committed.

What is appended is brought into the projections in the same transaction, and only there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from memory import projections, statements, upcasting
from memory.database import Connection, as_json
from memory.models.events import Event, Recorded
from memory.models.ids import EventId, TeamId, derive

SQL = statements.load("events")
MONTHS_AHEAD = 2


@dataclass(frozen=True)
class Appended:
    """What of the events was new, and which messages they changed."""

    fresh: tuple[Event, ...] = ()
    messages: frozenset[UUID] = frozenset()


async def append(connection: Connection, team: TeamId, events: Sequence[Event]) -> Appended:
    """Appends what is not there yet and brings it into the projections.

    Write other rows before and enqueue jobs after: it locks the team's log until the transaction ends.
    """
    if not events:
        return Appended()
    by_id: dict[EventId, Event] = {}
    for event in events:
        by_id.setdefault(id_of(team, event.key), event)
    given = {"team_id": team, "rows": as_json([_row(name, event) for name, event in by_id.items()])}
    rows = await (await connection.execute(SQL["append_events"], given)).fetchall()
    fresh = [(row["event_id"], by_id[row["event_id"]]) for row in rows]
    changed = await projections.fold(connection, fresh)
    return Appended(tuple(event for _, event in fresh), frozenset(changed))


def id_of(team: TeamId, key: str) -> EventId:
    """The id of the event of this key, whether or not it happened yet."""
    return EventId(derive(team, "event", key))


async def read(connection: Connection, team: TeamId, after: int, most: int = 1000) -> list[Recorded]:
    """The events behind a position, in order, in today's form. What is committed later always stands behind them.

    Raises:
        UnknownEvent: one is of a kind or version that this Daybook does not know.
    """
    given = {"team_id": team, "after": after, "most": most}
    rows = await (await connection.execute(SQL["read_events"], given)).fetchall()
    return [upcasting.recorded(row) for row in rows]


async def open_partitions(connection: Connection) -> None:
    """Opens the log's partitions of this month and the next ones, so that no event falls into the default one.

    Call it in a transaction of its own: the log waits for that.
    """
    await connection.execute(SQL["open_event_partitions"], {"ahead": MONTHS_AHEAD})


def _row(event_id: EventId, event: Event) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "key": event.key,
        "kind": event.kind,
        "schema_version": event.told.VERSION,
        "container_id": event.container_id,
        "person_id": event.person_id,
        "occurred_at": event.occurred_at,
        "cause": event.cause,
        "payload": event.told.model_dump(mode="json"),
    }
