"""What is kept and what is not, for the command line: places and people by what they are called, counts, and deeds."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.clock import SystemClock
from bot.erasing import Erased, Erasing
from bot.errors import BadInput
from bot.jobs import Jobs
from bot.leaders import find_person
from graphs.ports import Clock
from handlers import decode
from memory import checkpoints, containers, erasure, forgotten, people, teams
from memory.containers import Keeping
from memory.database import Database, open_pool
from memory.erasure import Standing
from memory.models.audience import Viewer
from memory.models.ids import PersonId, TeamId, message_id
from memory.models.people import Person

_PERMALINK = re.compile(r"https?://[^/\s]+/archives/(\w+)/p(\d{10})(\d{6})(?:\?\S*)?")
_PLACE_AND_TS = re.compile(r"(?:#)?([^\s/]+)/(\d{10}\.\d{6})")
MOST_DAYS = 36500


@dataclass(frozen=True)
class Room:
    """A database, reached as the application reaches it, and the time."""

    database: Database
    jobs: Jobs
    clock: Clock

    def erasing(self, team: TeamId) -> Erasing:
        saver = checkpoints.saver(self.database.pool)
        return Erasing(team, self.database, saver, self.jobs, self.clock, "operator")


@dataclass(frozen=True)
class Somebody:
    """A person that a command is about. Of one who is forgotten only the id is known."""

    team: TeamId
    person_id: PersonId
    name: str
    forgotten: bool


@asynccontextmanager
async def room(dsn: str) -> AsyncIterator[Room]:
    """Jobs are enqueued only: a running Daybook does them."""
    pool = open_pool(dsn, most=6)
    await pool.open()
    jobs = Jobs(dsn, extraction_delay=0)
    try:
        async with jobs.app.open_async():
            yield Room(Database(pool), jobs, SystemClock())
    finally:
        await pool.close()


async def find_somebody(here: Room, name: str) -> Somebody:
    """The one person of that name, handle, e-mail address or id. Raises BadInput."""
    everybody: list[Person] = []
    async with here.database.house() as connection:
        for team in await teams.all_of_them(connection):
            known = await forgotten.identify(connection, team.team_id, name.strip())
            if known and known.forgotten:
                return Somebody(team.team_id, known.person_id, name.strip(), forgotten=True)
            everybody += (await people.roster(connection, team.team_id)).values()
    found = find_person(name, everybody)
    return Somebody(found.team_id, found.person_id, found.name, forgotten=False)


async def places(here: Room) -> list[Keeping]:
    """Every container of every workspace, and how long what is said there is kept."""
    async with here.database.house() as connection:
        every = [await containers.keeping(connection, team.team_id) for team in await teams.all_of_them(connection)]
    return [place for found in every for place in found]


def called(place: Keeping) -> str:
    """What to call a container in a sentence."""
    return f"#{place.name}" if place.name else place.external_id


def find_place(name: str, among: Iterable[Keeping]) -> Keeping:
    """The one container of that name or id. Raises BadInput."""
    wanted = name.strip().removeprefix("#").casefold()
    if not wanted:
        raise BadInput("A name is empty: give a channel's name or id.")
    every = list(among)
    found = [place for place in every if place.external_id.casefold() == wanted]
    found = found or [place for place in every if place.name.casefold() == wanted]
    if len(found) > 1:
        raise BadInput(f"Several channels are called {name}: say which of {_ids(found)}.")
    if not found:
        raise BadInput(f"No channel is called {name}: `daybook retention` lists them.")
    return found[0]


def find_message(words: str, among: Iterable[Keeping]) -> tuple[Keeping, Standing]:
    """The message that a permalink, or a channel and a timestamp, name. Raises BadInput."""
    link = _PERMALINK.fullmatch(words.strip())
    pair = _PLACE_AND_TS.fullmatch(words.strip())
    if link:
        place, ts = find_place(link[1], among), f"{link[2]}.{link[3]}"
    elif pair:
        place, ts = find_place(pair[1], among), pair[2]
    else:
        raise BadInput(f"{words!r} names no message: give its permalink, or CHANNEL/TS as in C0123/1795110300.000100.")
    whole, _, fraction = ts.partition(".")
    posted_at = datetime.fromtimestamp(int(whole), UTC).replace(microsecond=int(fraction))
    return place, Standing(message_id=message_id(place.container_id, ts), external_ts=ts, posted_at=posted_at)


async def is_there(here: Room, place: Keeping, message: Standing) -> bool:
    """Whether the message has its words still. Raises BadInput where there never was such a message.

    What is said in a DM with Daybook is stored as a question alone, which goes by the message's name.
    """
    async with here.database.scribing(place.container_id) as connection:
        found, gone = await erasure.find(connection, message.message_id)
        private = place.kind == "dm" or await containers.personal_to(connection, place.container_id) is not None
    if found is None and not private:
        raise BadInput(f"There is no message {message.external_ts} in {called(place)}.")
    return not gone


async def count_of(here: Room, somebody: Somebody, among: Iterable[Keeping]) -> Erased:
    """How much there is of somebody that can be erased."""
    counted: Erased = Counter()
    person = somebody.person_id
    for place in [each for each in among if each.team_id == somebody.team and not each.held]:
        async with here.database.scribing(place.container_id) as connection:
            counted["messages"] += await erasure.count(connection, place.container_id, person)
            counted["reactions"] += await erasure.count_reactions(connection, place.container_id, person)
        async with here.database.viewing(Viewer.channel(place.container_id)) as connection:
            asked = await erasure.asked_by(connection, person, place.container_id)
            counted["questions"] += sum(each.standing for each in asked)
    async with here.database.viewing(Viewer.person(person)) as connection:
        asked = await erasure.asked_by(connection, person, person)
        counted["questions"] += sum(each.standing for each in asked)
        counted["briefings"] += await erasure.count_briefings(connection, person)
    return +counted


async def count_in(here: Room, place: Keeping) -> Erased:
    """How much there is of a container."""
    async with here.database.scribing(place.container_id) as connection:
        messages = await erasure.count(connection, place.container_id)
    async with here.database.viewing(Viewer.channel(place.container_id)) as connection:
        questions = await erasure.asked_for(connection, place.container_id)
    return +Counter({"messages": messages, "questions": sum(each.standing for each in questions)})


async def count_expired(here: Room, place: Keeping, days: int) -> int:
    """How many messages the next daily round would let expire."""
    async with here.database.scribing(place.container_id) as connection:
        before = here.clock.now() - timedelta(days=days)
        return await erasure.count_before(connection, place.container_id, before)


async def read_person_again(here: Room, somebody: Somebody) -> None:
    async with here.database.house() as connection:
        await forgotten.read_person_again(connection, somebody.team, somebody.person_id, here.clock.now())


async def read_place_again(here: Room, place: Keeping) -> None:
    """From now on: what was said while it was forgotten is not read back."""
    async with here.database.scribing(place.container_id) as connection:
        now = here.clock.now()
        await containers.history_read(connection, place.container_id, now)
        await forgotten.read_container_again(connection, place.team_id, place.container_id, now)
        if place.source == decode.SLACK:
            await here.jobs.read_container(connection, place.team_id, place.external_id)


async def retain(here: Room, place: Keeping, days: int | None) -> None:
    """Keeps what is said there for so many days; what is older goes with the next daily round, which is asked for."""
    async with here.database.scribing(place.container_id) as connection:
        await containers.retain(connection, place.team_id, place.container_id, days, here.clock.now())
        await here.jobs.tidy(connection, place.team_id)


async def hold(here: Room, place: Keeping, *, held: bool) -> None:
    async with here.database.scribing(place.container_id) as connection:
        await containers.hold(connection, place.team_id, place.container_id, held, here.clock.now())
        if not held:
            await here.jobs.tidy(connection, place.team_id)  # what waited for the release


def listed(counted: Erased) -> str:
    """Counts as words: 12 messages, 1 briefing."""
    parts = [
        f"{many} {what.removesuffix('s') if many == 1 and ' ' not in what else what}" for what, many in counted.items()
    ]
    return ", ".join(parts) or "nothing"


def _ids(found: Iterable[Keeping]) -> str:
    return ", ".join(sorted(place.external_id for place in found))
