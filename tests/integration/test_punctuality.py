"""One briefing per person and local date on a real database: many workers, clocks that jump, readers who move."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from bot.clock import MovedClock
from bot.engine_room import EngineRoom
from memory import assurances, briefings, containers, events, inbox, outbox, people
from memory.briefings import Slot
from memory.database import Connection, Database
from memory.inbox import Delivery, delivery_id
from memory.models.audience import Viewer
from memory.models.briefings import Briefing, Coverage
from memory.models.events import Event
from memory.models.happenings.telling import BriefingDelivered
from memory.models.ids import BriefingId, OutboxId, PersonId, briefing_id
from memory.models.people import Person
from tests.integration.chat import TEAM, container, introduce, members, move, open_containers, person, rows, where, who

THURSDAY = datetime(2026, 11, 19, 8, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Noted:
    """What was dispatched: the briefings to be made."""

    def __init__(self) -> None:
        self.briefs: list[BriefingId] = []

    async def brief(self, _connection: object, _team: object, briefing: BriefingId) -> None:
        self.briefs.append(briefing)


def worker(house: Database, clock: MovedClock, noted: Noted) -> EngineRoom:
    nothing = cast(Any, None)
    return EngineRoom(TEAM, house, nothing, cast(Any, noted), clock, nothing)


async def readers(house: Database, many: int, tz: str = "UTC") -> list[PersonId]:
    found = [person(f"R{number:02d}").model_copy(update={"tz": tz}) for number in range(many)]
    await introduce(house, *found)
    async with house.house() as connection:
        for each in found:
            await people.start_reading(connection, TEAM, each.person_id, THURSDAY - DAY)
    return [each.person_id for each in found]


async def dates(house: Database, reader: PersonId) -> list[date]:
    query = "select local_date from briefings where person_id = %(reader)s order by local_date"
    async with house.house() as connection:
        return [row["local_date"] for row in await rows(connection, query, reader=reader)]


async def moved_to(house: Database, reader: Person, tz: str, at: datetime) -> None:
    async with house.house() as connection:
        await people.see(connection, TEAM, [reader.model_copy(update={"tz": tz})], at)


async def slot_of(house: Database, name: BriefingId) -> Slot:
    async with house.house() as connection:
        found = await briefings.slot(connection, name)
    assert found
    return found


@pytest.mark.parametrize("early", [timedelta(), timedelta(seconds=20)], ids=["when due", "ahead"])
async def test_workers_that_claim_at_once_share_the_mornings(house: Database, early: timedelta) -> None:
    """Four workers at the same second: each of 120 mornings is one's, and is begun once."""
    everybody, noted = await readers(house, 120), Noted()
    clock = MovedClock(THURSDAY - early)
    claimed = await asyncio.gather(*(worker(house, clock, noted).brief_due() for _ in range(4)))
    assert sum(claimed) == 120
    assert sorted(noted.briefs) == sorted(briefing_id(each, THURSDAY.date()) for each in everybody)


async def test_nothing_is_begun_earlier_than_it_takes(house: Database) -> None:
    """120 are begun some eighty seconds ahead, three when they are due; and each is claimed for its time."""
    await readers(house, 120)
    noted, clock = Noted(), MovedClock(THURSDAY - timedelta(seconds=90))
    room = worker(house, clock, noted)
    assert await room.brief_due() == 0
    clock.move(THURSDAY - timedelta(seconds=75))
    assert await room.brief_due() == 120
    assert (await slot_of(house, noted.briefs[0])).due_at == THURSDAY


async def test_a_few_are_not_begun_ahead(house: Database) -> None:
    await readers(house, 3)
    noted, clock = Noted(), MovedClock(THURSDAY - timedelta(seconds=1))
    room = worker(house, clock, noted)
    assert await room.brief_due() == 0
    clock.move(THURSDAY)
    assert await room.brief_due() == 3


async def test_a_clock_set_back_and_forward_by_an_hour(house: Database) -> None:
    """The half hour that comes twice brings nothing twice, and an hour that is left out no gap."""
    (reader,), noted = await readers(house, 1), Noted()
    clock = MovedClock(THURSDAY)
    one, other = worker(house, clock, noted), worker(house, clock, noted)
    for now in (THURSDAY - HOUR, THURSDAY, THURSDAY + HOUR / 2, THURSDAY - HOUR / 2, THURSDAY, THURSDAY + HOUR):
        clock.move(now)
        await one.brief_due()
        await other.brief_due()
    clock.move(THURSDAY + DAY - HOUR / 2)
    await one.brief_due()
    clock.move(THURSDAY + DAY + HOUR / 2)
    await one.brief_due()
    assert await dates(house, reader) == [date(2026, 11, 19), date(2026, 11, 20)]
    assert len(noted.briefs) == 2


@pytest.mark.parametrize(
    ("tz", "there", "days"),
    [
        ("Pacific/Auckland", "America/Los_Angeles", [18, 19, 20]),
        ("America/Los_Angeles", "Pacific/Auckland", [17, 18, 19, 20]),
        ("Pacific/Kiritimati", "Pacific/Niue", [18, 19, 20]),
        ("Europe/Berlin", "Asia/Tokyo", [17, 18, 19, 20]),
    ],
)
async def test_a_reader_who_flies_at_noon(house: Database, tz: str, there: str, days: list[int]) -> None:
    """Across the date line too: the same date again brings no second briefing, a morning that comes brings one."""
    (reader,), noted = await readers(house, 1, tz), Noted()
    begin = datetime(2026, 11, 17, 0, tzinfo=UTC)  # in the afternoon in Auckland and Kiritimati
    clock = MovedClock(begin)
    rooms = [worker(house, clock, noted) for _ in range(2)]
    noon = datetime(2026, 11, 19, 12, tzinfo=ZoneInfo(tz)).astimezone(UTC)
    until = datetime(2026, 11, 20, 20, 30, tzinfo=UTC)  # past noon on Friday in Los Angeles
    while clock.now() < until:
        if clock.now() == noon:
            await moved_to(house, person("R00"), there, noon)
        for room in rooms:
            await room.brief_due()
        clock.move(clock.now() + HOUR / 2)
    assert [day.day for day in await dates(house, reader)] == days
    assert len(noted.briefs) == len(days)


async def test_who_is_up_gets_what_was_begun_ahead(house: Database) -> None:
    """Activity before the time makes a briefing due that was claimed for it; later activity changes nothing."""
    everybody, noted = await readers(house, 20), Noted()
    clock = MovedClock(THURSDAY - timedelta(seconds=10))
    room = worker(house, clock, noted)
    assert await room.brief_due() == 20
    await room.notice_activity(everybody[0])
    first = await slot_of(house, briefing_id(everybody[0], THURSDAY.date()))
    assert first.due_at <= clock.now()
    assert (await slot_of(house, briefing_id(everybody[1], THURSDAY.date()))).due_at == THURSDAY
    await room.brief_now(everybody[1])
    assert (await slot_of(house, briefing_id(everybody[1], THURSDAY.date()))).due_at == clock.now()
    await room.notice_activity(everybody[0])
    assert await slot_of(house, first.briefing_id) == first
    assert len(noted.briefs) == 20


async def test_only_what_is_due_is_to_be_posted_and_in_order(house: Database) -> None:
    async with house.house() as connection:
        for number, minutes in enumerate((30, 10, 20, 0)):
            who_ = who(f"R{number}")
            at = THURSDAY + timedelta(minutes=minutes)
            name = await briefings.claim(connection, TEAM, who_, THURSDAY.date(), at)
            assert name
            await outbox.intend(connection, TEAM, f"briefing:{name}", "briefing", name, at=THURSDAY, person=who_)
        assert await outbox.due(connection, TEAM, THURSDAY - HOUR, 9) == []
        found = await outbox.due(connection, TEAM, THURSDAY + timedelta(minutes=20), 9)
        assert [reader for _, reader in found] == [who("R3"), who("R1"), who("R2")]
        assert await outbox.waiting(connection, TEAM, THURSDAY + DAY) == []
        set_aside = OutboxId(found[0][0])
        rest = await outbox.due(connection, TEAM, THURSDAY + timedelta(minutes=20), 1, [set_aside])
        assert [reader for _, reader in rest] == [who("R1")]


async def test_what_was_made_and_never_delivered_told_nothing(house: Database) -> None:
    """The next briefing goes back to the last one that reached its reader."""
    (reader,) = await readers(house, 1)
    async with house.viewing(Viewer.person(reader)) as connection:
        for days_ago, delivered in ((3, True), (2, False), (1, False)):
            at = THURSDAY - days_ago * DAY
            name = await briefings.claim(connection, TEAM, reader, at.date(), at)
            assert name
            made = Briefing(
                briefing_id=name,
                person_id=reader,
                local_date=at.date(),
                composed_at=at,
                headline="A quiet day.",
                items=(),
                coverage=Coverage(messages=0, containers=0),
                engine="rules",
            )
            await briefings.keep(connection, TEAM, made, {}, {}, {})
            if delivered:
                await deliver(connection, name, reader, at)
        assert await briefings.composed_before(connection, reader, THURSDAY.date()) == THURSDAY - 3 * DAY


async def test_a_channel_is_relied_on_while_somebody_listens(house: Database) -> None:
    """Seen to be theirs alone, it holds until anybody comes or goes, or Slack tells what nobody has handled yet."""
    await own_channel(house)
    assert not await holds(house), "nobody looked"
    await look(house, alone=True)
    assert not await holds(house), "nobody listens"
    await listen(house)
    assert not await holds(house), "it was looked at before"
    await look(house, alone=True)
    assert await holds(house)
    await move(house, "OWN", "BOB", joined=True, minutes=5)
    assert not await holds(house)
    await look(house, alone=False)
    assert not await holds(house)
    await look(house, alone=True)
    assert await holds(house)
    delivery = Delivery(inbox_id=delivery_id(TEAM, "e1"), team_id=TEAM, place="OWN", kind="event", payload="{}")
    async with house.house() as connection:
        await inbox.receive(connection, delivery)
    assert not await holds(house)
    async with house.house() as connection:
        await inbox.handled(connection, delivery.inbox_id)
    assert await holds(house)


async def test_a_gap_in_listening_outdates_what_was_seen(house: Database) -> None:
    """A new connection, a second listener whose connection is silent, and the only one that leaves."""
    await own_channel(house)
    await listen(house)
    await look(house, alone=True)
    assert await holds(house)
    await listen(house, anew=True)
    assert not await holds(house), "there was a gap"
    await look(house, alone=True)
    assert await holds(house)
    await listen(house, owner="two")
    assert not await holds(house), "what the new one missed before, nobody knows"
    await look(house, alone=True)
    assert await holds(house)
    async with house.house() as connection:
        await connection.execute("update listeners set heard_at = now() - interval '11 seconds' where owner = 'two'")
    await look_ago(house, seconds=15)
    assert not await holds(house), "one may have died after it was looked at"
    async with house.house() as connection:
        await assurances.stop_listening(connection, TEAM, "two")
    assert await holds(house)
    async with house.house() as connection:
        await assurances.stop_listening(connection, TEAM, "one")
    assert not await holds(house)


async def deliver(connection: Connection, name: BriefingId, reader: PersonId, at: datetime) -> None:
    told = BriefingDelivered(subject_id=name, surface="briefing", channel="D1", ts="1.0")
    sent = Event(team_id=TEAM, key=f"sent:{name}", occurred_at=at, person_id=reader, told=told)
    await events.append(connection, TEAM, [sent])


async def own_channel(house: Database) -> None:
    await introduce(house, person("ANA"), person("BOB"))
    await open_containers(house, container("OWN", "private"))
    await members(house, "OWN", "ANA")
    async with house.house() as connection:
        await containers.make_personal(connection, TEAM, where("OWN"), who("ANA"), THURSDAY)


async def holds(house: Database) -> bool:
    async with house.house() as connection:
        return await assurances.holds(connection, where("OWN"))


async def look(house: Database, *, alone: bool) -> None:
    async with house.house() as connection:
        at = await assurances.look(connection)
        await assurances.note(connection, TEAM, where("OWN"), at, alone=alone)


async def look_ago(house: Database, seconds: float) -> None:
    """As if all of it had happened so long ago: it was looked at, and the first one listened since."""
    async with house.house() as connection:
        ago = f"interval '{seconds} seconds'"
        await connection.execute(f"update assurances set looked_at = now() - {ago}, doubted_at = null".encode())
        await connection.execute(f"update listeners set since = now() - {ago} * 2".encode())


async def listen(house: Database, owner: str = "one", *, anew: bool = False) -> None:
    async with house.house() as connection:
        await assurances.hear(connection, TEAM, owner, 0.0, anew=anew)
