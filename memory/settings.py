"""Settings: how people want to be briefed, as they chose it themselves."""

from datetime import datetime

from memory import contents, events, forgotten, statements
from memory.contents import Text
from memory.database import Connection
from memory.models.events import Event
from memory.models.happenings.choosing import SettingsChanged, SettingsErased
from memory.models.ids import PersonId, TeamId, content_id
from memory.models.settings import Place, Settings

SQL = statements.load("settings")


async def read(connection: Connection, person: PersonId) -> Settings:
    """What somebody chose, and the usual for all that they did not. Call it as that person: else no taste shows."""
    row = await (await connection.execute(SQL["read_settings"], {"person_id": person})).fetchone()
    if row is None:
        return Settings()
    chosen = {name: value for name, value in row.items() if value is not None and name != "projects"}
    return Settings.model_validate({**chosen, "projects": tuple((row["projects"] or "").splitlines())})


async def place_of(connection: Connection, person: PersonId) -> Place:
    """Where somebody wants to be briefed."""
    row = await (await connection.execute(SQL["read_place"], {"person_id": person})).fetchone()
    place: Place = row["place"] if row else "channel"
    return place


async def change(
    connection: Connection, team: TeamId, person: PersonId, chosen: Settings, key: str, at: datetime
) -> bool:
    """Keeps what somebody chose; says whether it is new. `key` names the choice: repeated, it changes nothing.

    Call it as that person. Of one who is forgotten nothing is kept.
    """
    if await forgotten.among(connection, (person,)):
        return False
    words = content_id("projects", person)
    told = SettingsChanged(**chosen.model_dump(exclude={"projects"}), projects_id=words if chosen.projects else None)
    happened = Event(team_id=team, key=f"settings:{person}:{key}", occurred_at=at, person_id=person, told=told)
    fresh = (await events.append(connection, team, [happened])).fresh
    if not fresh or await forgotten.among(connection, (person,)):  # as it stands now that the log is ours
        return False
    if chosen.projects:
        body = "\n".join(chosen.projects)
        text = Text(content_id=words, kind="projects", body=body, viewer_id=person)
        await contents.keep(connection, team, [text])
    else:
        await contents.erase(connection, [words])
    return True


async def erase(connection: Connection, team: TeamId, person: PersonId, at: datetime) -> bool:
    """Forgets what somebody chose; says whether there was anything. Call it as that person."""
    row = await (await connection.execute(SQL["are_kept"], {"person_id": person})).fetchone()
    if row is None or not row["kept"]:
        return False
    key = f"settings_erased:{person}:{at.isoformat()}"
    happened = Event(team_id=team, key=key, occurred_at=at, person_id=person, told=SettingsErased())
    await events.append(connection, team, [happened])
    return True
