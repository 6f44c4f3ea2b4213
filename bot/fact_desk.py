"""Facts at a terminal: what was known when, how one came about, and a person's word on it."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import get_args

from bot import databases, fact_pages
from bot.databases import Databases
from bot.errors import BadInput
from bot.fact_pages import Page
from bot.leaders import find_person
from graphs.days import zone
from memory import containers, corrections, history, links, messages, people, teams
from memory.corrections import Correction
from memory.database import Connection, Database, open_pool
from memory.migrations import migrate
from memory.models.audience import Viewer
from memory.models.containers import Container
from memory.models.facts import Fact, FactKind, FactStatus
from memory.models.ids import ContainerId, FactId, TeamId
from memory.models.people import Person

Tell = Callable[[str], None]
"""Where what is beside the matter goes."""


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to see, and as whom: without a name, everything, as the operator."""

    as_of: datetime | None = None
    known_at: datetime | None = None
    kind: str | None = None
    person: str | None = None
    viewer: str | None = None
    why: str | None = None
    as_json: bool = False


@dataclass(frozen=True)
class Said:
    """What somebody says of a fact."""

    fact: str
    by: str
    status: str | None = None
    due: str | None = None
    statement: str | None = None
    actor: str | None = None
    dismiss: bool = False
    undo: bool = False

    def values(self) -> list[str]:
        """What they say it is, as they gave it."""
        given = {"status": self.status, "due": self.due, "actor": self.actor, "statement": self.statement}
        return [f"{name} {value}" for name, value in given.items() if value is not None]

    def words(self) -> str:
        return "not a fact" if self.dismiss else ", ".join(self.values())


@dataclass(frozen=True)
class Room:
    """A connection, whose rights are those of whoever looks, and the places that these may read."""

    connection: Connection
    people: dict[TeamId, list[Person]]
    urls: dict[TeamId, str]
    places: dict[ContainerId, Container]
    tz: str

    def find(self, name: str) -> Person:
        return find_person(name, [person for each in self.people.values() for person in each])

    async def page(self, found: Sequence[Fact]) -> Page:
        """All that is shown of these facts beside themselves, read with the same rights."""
        linked = await links.among(self.connection, [fact.fact_id for fact in found], self.places)
        cited = {span.message_id for fact in found for span in fact.evidence}
        cited |= {key for each in linked.values() for link in each for key in link.message_ids}
        said = await messages.read(self.connection, cited)
        return Page(
            facts=tuple(found),
            names={person.person_id: person.name for each in self.people.values() for person in each},
            places=self.places,
            urls=self.urls,
            messages={message.message_id: message for message in said},
            links=linked,
            tz=zone(self.tz),
        )


async def show(here: Databases, wanted: Wanted, tell: Tell) -> str:
    """Facts, or the history of one, as a page; raises BadInput when something wanted is not there."""
    async with _room(here, wanted.viewer) as room:
        if wanted.viewer is None:
            tell("Shown is what the operator may see: every channel that Daybook reads.")
        if wanted.why is not None:
            return await _explain(room, wanted)
        found = await _known(room, wanted)
        if len(found) >= history.MOST:
            tell(f"Only the newest {history.MOST} facts were looked at.")
        if wanted.person is not None:
            asked = room.find(wanted.person).person_id
            found = [fact for fact in found if asked in (fact.actor_id, fact.counterparty_id)]
        page = await room.page([fact for fact in found if wanted.kind in (None, fact.kind)])
        return fact_pages.listed_as_json(page) if wanted.as_json else fact_pages.table(page)


async def correct(here: Databases, said: Said, now: datetime) -> str:
    """Notes a person's word on a fact, and says how it is now; raises BadInput when they may not read such a fact."""
    async with _room(here, said.by) as room:
        by = room.find(said.by)
        name = await _one(room, said.fact, by.name)
        told = (await history.of(room.connection, room.places, [name]))[name]
        place = told.versions[-1].fact.container_id
        correction = _correction(said, by, room)
    async with _database(here.app_dsn) as database, database.scribing(place) as connection:
        if said.undo:
            fact = await corrections.undo(connection, by.team_id, name, by.person_id, now)
        elif said.dismiss:
            await corrections.dismiss(connection, by.team_id, name, correction, now)
            return f"Noted: {str(name)[:8]} is no fact."
        else:
            fact = await corrections.correct(connection, by.team_id, name, correction, now)
    due = f", due {fact.due}" if fact.due else ""
    return f"Noted: {str(name)[:8]} is {fact.status}{due}: {fact_pages.plain(fact.statement)}"


def check(wanted: Wanted, said: Said) -> None:
    """Raises BadInput when what was asked for, or said, makes no sense whatever is known."""
    if said.fact:
        _check_said(said)
    elif said.by or said.dismiss or said.undo or said.words():
        raise BadInput("That says how a fact is: name the fact with --correct.")
    if wanted.as_of is not None and wanted.known_at is not None:
        raise BadInput("--as-of and --known-at ask different questions: give one of them.")
    if wanted.kind is not None and wanted.kind not in get_args(FactKind):
        raise BadInput(f"{wanted.kind!r} is no kind of fact: it is one of {', '.join(get_args(FactKind))}.")


def _check_said(said: Said) -> None:
    ways = sum((said.dismiss, said.undo, bool(said.values())))
    if not said.by:
        raise BadInput("A correction is somebody's word: say whose with --by.")
    if not ways:
        raise BadInput("Say how it is: --status, --due, --statement, --actor, --dismiss or --undo.")
    if ways > 1:
        raise BadInput("--dismiss and --undo stand alone: give one of them, or say how it is.")
    if said.status is not None and said.status not in get_args(FactStatus):
        raise BadInput(f"{said.status!r} is no status: it is one of {', '.join(get_args(FactStatus))}.")
    if said.statement is not None and not said.statement.strip():
        raise BadInput("A statement is empty: say what is the case, or --dismiss it.")
    if said.due is not None:
        _day(said.due)


def _correction(said: Said, by: Person, room: Room) -> Correction:
    given: dict[str, object] = {"by_id": by.person_id, "words": said.words(), "status": said.status}
    if said.due is not None:
        given["due"] = _day(said.due)
    if said.actor is not None:
        given["actor_id"] = room.find(said.actor).person_id
    if said.statement is not None:
        given["statement"] = said.statement.strip()
    return Correction.model_validate(given)


def _day(text: str) -> date | None:
    if text.strip().lower() == "none":
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(f"{text!r} is no day: write it as 2026-11-20, or none.") from None


async def _known(room: Room, wanted: Wanted) -> list[Fact]:
    if wanted.known_at is not None:
        return await history.known_in(room.connection, room.places, _aware(wanted.known_at, room.tz))
    at = _aware(wanted.as_of, room.tz) if wanted.as_of is not None else datetime.max.replace(tzinfo=UTC)
    return await history.held_in(room.connection, room.places, at)


async def _explain(room: Room, wanted: Wanted) -> str:
    name = await _one(room, wanted.why or "", wanted.viewer or "the operator")
    told = (await history.of(room.connection, room.places, [name]))[name]
    page = await room.page([version.fact for version in told.versions])
    return fact_pages.history_as_json(page, told) if wanted.as_json else fact_pages.history_page(page, told)


async def _one(room: Room, beginning: str, viewer: str) -> FactId:
    begun = await history.begun_with(room.connection, room.places, beginning)
    found = list(await history.of(room.connection, room.places, begun))
    if not found:
        raise BadInput(f"There is no fact {beginning!r} that {viewer} may read: `daybook facts` lists them.")
    if len(found) > 1:
        raise BadInput(f"Several facts begin with {beginning}: say which of {', '.join(map(str, found))}.")
    return found[0]


def _aware(time: datetime, tz: str) -> datetime:
    return (time if time.tzinfo else time.replace(tzinfo=zone(tz))).astimezone(UTC)


@asynccontextmanager
async def _room(here: Databases, viewer: str | None) -> AsyncIterator[Room]:
    """As the application for a viewer; for the operator as the owner of the tables, whom row-level security spares."""
    if here.embedded:
        await migrate(here.admin_dsn)
    await databases.check(here)
    async with _database(here.app_dsn) as database, database.house() as connection:
        known = await teams.all_of_them(connection)
        roster = {team.team_id: [*(await people.roster(connection, team.team_id)).values()] for team in known}
        person = None if viewer is None else find_person(viewer, [each for every in roster.values() for each in every])
    urls = {team.team_id: team.url for team in known}
    if person is None:
        async with _database(here.admin_dsn) as database, database.house() as connection:
            everywhere = [each for team in known for each in await containers.read_by_daybook(connection, team.team_id)]
            yield Room(connection, roster, urls, {each.container_id: each for each in everywhere}, "UTC")
        return
    audience = Viewer.person(person.person_id)
    async with _database(here.app_dsn) as database, database.viewing(audience) as connection:
        places = await containers.read(connection, await containers.readable(connection, audience))
        yield Room(connection, roster, urls, places, person.tz)


@asynccontextmanager
async def _database(dsn: str) -> AsyncIterator[Database]:
    pool = open_pool(dsn, most=2)
    await pool.open()
    try:
        yield Database(pool)
    finally:
        await pool.close()
