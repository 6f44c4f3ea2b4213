"""Personal channels that hold nobody else: looked at ahead of time, and relied on while somebody listens to Slack.

Times are the database's own: they say what happened before what, whatever the workspace's clock shows.
"""

from collections.abc import Iterable
from datetime import datetime

from memory import statements
from memory.database import Connection
from memory.models.ids import ContainerId, PersonId, TeamId

SQL = statements.load("assurances")


async def look(connection: Connection) -> datetime:
    """The time to give to `note`; to be taken before Slack is asked who is there."""
    (row,) = await (await connection.execute(SQL["look"])).fetchall()
    found: datetime = row["now"]
    return found


async def note(connection: Connection, team: TeamId, container: ContainerId, at: datetime, *, alone: bool) -> None:
    """Who was there when it was looked at. What Slack tells of somebody who came or went since then outdates it."""
    given = {"container_id": container, "team_id": team, "at": at, "alone": alone}
    await connection.execute(SQL["note_look"], given)


async def doubt(connection: Connection, containers: Iterable[ContainerId]) -> None:
    """Somebody came or went, or Slack refused: the personal ones among them are to be looked at again."""
    await connection.execute(SQL["doubt"], {"container_ids": list(containers)})


async def holds(connection: Connection, container: ContainerId) -> bool:
    """Whether a channel is known to hold its person and Daybook alone at this moment, without asking Slack again."""
    row = await (await connection.execute(SQL["is_assured"], {"container_id": container})).fetchone()
    return bool(row and row["assured"])


async def missing(connection: Connection, team: TeamId, now: datetime, until: datetime, most: int) -> list[PersonId]:
    """Who is to be briefed until then and whose channel is not known well enough; whose time comes first, first."""
    given = {"team_id": team, "now": now, "until": until, "most": most}
    rows = await (await connection.execute(SQL["find_unassured"], given)).fetchall()
    return [row["person_id"] for row in rows]


async def hear(connection: Connection, team: TeamId, owner: str, ago: float, *, anew: bool) -> None:
    """Notes that a listener's connection stood so many seconds ago; `anew`: it is another than at the last note."""
    given = {"team_id": team, "owner": owner, "ago": ago, "anew": anew}
    await connection.execute(SQL["hear"], given)


async def stop_listening(connection: Connection, team: TeamId, owner: str) -> None:
    """In order: from here on others are told what it would have been told."""
    await connection.execute(SQL["stop_listening"], {"team_id": team, "owner": owner})


async def prune(connection: Connection) -> None:
    """Forgets listeners that died long ago."""
    await connection.execute(SQL["prune_listeners"])
