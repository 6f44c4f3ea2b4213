"""What was delivered to us: stored before it is acked, handled once, emptied when handled."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from memory import statements
from memory.database import Connection
from memory.models.base import Model
from memory.models.ids import TeamId, derive

SQL = statements.load("inbox")
REDACTION_FAILED = "redaction_failed"
"""The failure of a delivery that was kept without its words, to be read back."""


class Delivery(Model):
    """`payload` is JSON as it came, without secrets; `inbox_id` derives from the delivery's own key.

    Deliveries of one `place` are handled in the order in which they came. `failure` says why one was set aside.
    """

    inbox_id: UUID
    team_id: TeamId
    place: str
    kind: str
    payload: str
    failure: str | None = None
    received_at: datetime | None = None


def delivery_id(team: TeamId, key: str) -> UUID:
    return derive(team, "inbox", key)


async def receive(connection: Connection, delivery: Delivery) -> bool:
    """Stores a delivery; says whether it is new."""
    row = await (await connection.execute(SQL["receive"], delivery.model_dump())).fetchone()
    return row is not None


async def waiting_in(connection: Connection, team: TeamId, place: str, most: int) -> list[Delivery]:
    """The deliveries of a place that are not handled yet, oldest first."""
    given = {"team_id": team, "place": place, "most": most}
    rows = await (await connection.execute(SQL["read_waiting"], given)).fetchall()
    return [Delivery.model_validate(row) for row in rows]


async def handled(connection: Connection, inbox_id: UUID) -> None:
    await connection.execute(SQL["mark_handled"], {"inbox_id": inbox_id})


async def failed(connection: Connection, inbox_id: UUID, failure: str, remains: str) -> None:
    """Sets a delivery aside, with what remains of its payload when the words are taken out.

    `failure` names the error's type, never its text: that may quote the payload.
    """
    given = {"inbox_id": inbox_id, "failure": failure, "remains": remains}
    await connection.execute(SQL["mark_failed"], given)


async def without_words(connection: Connection, team: TeamId) -> list[Delivery]:
    """The deliveries whose words were not kept and are to be read back, oldest first."""
    given = {"team_id": team, "failure": REDACTION_FAILED}
    rows = await (await connection.execute(SQL["read_without_words"], given)).fetchall()
    return [Delivery.model_validate(row) for row in rows]


async def forgotten(connection: Connection, team: TeamId) -> list[str]:
    """Places with deliveries that were acked and then left lying."""
    rows = await (await connection.execute(SQL["find_forgotten"], {"team_id": team})).fetchall()
    return [row["place"] for row in rows]


async def prune(connection: Connection, days: int) -> None:
    """Drops what was handled so many days ago: a repeat of it would be taken for new, and change nothing."""
    await connection.execute(SQL["prune_handled"], {"days": days})


async def waiting(connection: Connection) -> int:
    """How many deliveries are stored and not handled yet."""
    row = await (await connection.execute(SQL["count_waiting"])).fetchone()
    return int(row["waiting"]) if row else 0


async def failures_at(connection: Connection, team: TeamId, places: Iterable[str]) -> int:
    """How many deliveries of the last week at these places could not be handled."""
    given = {"team_id": team, "places": list(places)}
    row = await (await connection.execute(SQL["count_failures"], given)).fetchone()
    return int(row["failures"]) if row else 0
