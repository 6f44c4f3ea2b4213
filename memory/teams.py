from memory import statements
from memory.database import Connection
from memory.models.base import Model
from memory.models.ids import PersonId, TeamId

SQL = statements.load("teams")


class Team(Model):
    """A workspace. `url` is where its permalinks begin."""

    team_id: TeamId
    name: str = ""
    url: str = ""
    bot_person_id: PersonId | None = None


async def see(connection: Connection, team: Team) -> None:
    await connection.execute(SQL["see_team"], team.model_dump())


async def read(connection: Connection, team: TeamId) -> Team | None:
    row = await (await connection.execute(SQL["read_team"], {"team_id": team})).fetchone()
    return Team.model_validate(row) if row else None


async def every(connection: Connection) -> list[Team]:
    """All workspaces that this database holds."""
    rows = await (await connection.execute(SQL["read_teams"])).fetchall()
    return [Team.model_validate(row) for row in rows]
