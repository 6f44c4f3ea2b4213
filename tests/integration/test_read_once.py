"""What is read once and taken again is as it is at this moment: whatever changes, whoever may no longer read it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import MovedClock
from graphs.desk import Desk, read_desk
from graphs.ports import Context
from memory import facts, forgotten, leases, messages, people
from memory.database import Database
from memory.models.audience import Viewer
from memory.models.ids import conversation_id
from memory.models.messages import Reaction
from tests.integration.chat import (
    TEAM,
    at,
    bury,
    container,
    introduce,
    members,
    move,
    open_containers,
    person,
    said,
    say,
    who,
)
from tests.integration.test_audience import tell
from tests.integration.test_placing import Nowhere

ANA = Viewer.person(who("ANA"))
FIRST = said("P1", 1, "We decided to ship the pelican on Monday.", "BOB")
OTHER = said("P2", 2, "We decided to drop the old heron.", "BOB")


@pytest.fixture
async def context(house: Database) -> AsyncIterator[Context]:
    """Ana and Bob in two private channels, with a decision in each."""
    await introduce(house, person("ANA"), person("BOB"))
    await open_containers(house, container("P1", "private"), container("P2", "private"))
    for place in ("P1", "P2"):
        await members(house, place, "ANA", "BOB")
    for message in (FIRST, OTHER):
        await tell(house, message)
    async with leases.holding(house, TEAM, "run:1", "tests") as lease:
        yield Context(TEAM, "DAYBOOK", house, MovedClock(datetime(2026, 11, 20, tzinfo=UTC)), lease, Nowhere())


async def desk(context: Context) -> Desk:
    talks = [conversation_id(FIRST.message_id), conversation_id(OTHER.message_id)]
    async with context.database.viewing(ANA) as connection:
        known = await facts.current_for(connection, ANA, at(0) - timedelta(days=1), at(600), 10)
    return await read_desk(context, ANA, talks, known)


async def edited(context: Context) -> None:
    await say(context.database, FIRST.model_copy(update={"text": "We decided to ship on Tuesday.", "edited_at": at(5)}))


async def deleted(context: Context) -> None:
    await bury(context.database, FIRST)


async def left(context: Context) -> None:
    await move(context.database, "P1", "ANA", joined=False, minutes=9)


async def reacted(context: Context) -> None:
    reaction = Reaction(
        message_id=FIRST.message_id,
        container_id=FIRST.container_id,
        person_id=who("BOB"),
        name="tada",
        added=True,
        at=at(7),
    )
    async with context.database.scribing(FIRST.container_id) as connection:
        await messages.react(connection, TEAM, [reaction])


async def renamed(context: Context) -> None:
    await introduce(context.database, person("BOB").model_copy(update={"real_name": "Bobby"}))


CHANGES: dict[str, Callable[[Context], Awaitable[None]]] = {
    "edited": edited,
    "deleted": deleted,
    "no member any more": left,
    "reacted to": reacted,
    "renamed": renamed,
}


async def test_what_nothing_changed_is_taken_again(context: Context) -> None:
    first, second = await desk(context), await desk(context)
    assert len(first.facts) == len(first.conversations) == len(first.messages) == 2
    assert second.messages is first.messages
    assert second.people is first.people


@pytest.mark.parametrize("change", CHANGES)
async def test_what_changed_is_read_anew(change: str, context: Context) -> None:
    """An edit, a deletion, a right that is gone, a reaction, a name: the next look shows what a first one would."""
    before = await desk(context)
    await CHANGES[change](context)
    after = await desk(context)
    anew = await desk(Context(**{**vars(context), "kept": {}}))
    assert after == anew
    assert after != before


async def test_the_roster_is_that_of_the_moment(house: Database) -> None:
    """Read once while nobody changes; a new name, somebody new and somebody forgotten show at once."""
    await introduce(house, person("ANA"), person("BOB"))
    async with house.house() as connection:
        first = await people.roster(connection, TEAM)
        assert await people.roster(connection, TEAM) is first
        assert await people.known(connection, TEAM, who("ANA")) == first[who("ANA")]
        assert await people.known(connection, TEAM, who("CEM")) is None
    await introduce(house, person("ANA").model_copy(update={"real_name": "Anna"}), person("CEM"))
    async with house.house() as connection:
        second = await people.roster(connection, TEAM)
        assert (second[who("ANA")].name, len(second)) == ("Anna", 3)
        await forgotten.forget_person(connection, TEAM, who("BOB"), at(9))
        assert who("BOB") not in await people.roster(connection, TEAM)
        assert await people.known(connection, TEAM, who("BOB")) is None


async def test_the_readers_are_those_of_the_moment(house: Database) -> None:
    """Read once while nobody changes; who starts and who stops shows at once."""
    await introduce(house, person("ANA"), person("BOB"))
    async with house.house() as connection:
        await people.start_reading(connection, TEAM, who("ANA"), at(1))
        first = await people.readers(connection, TEAM)
        assert await people.readers(connection, TEAM) is first
        await people.start_reading(connection, TEAM, who("BOB"), at(2))
        assert {each.person_id for each in await people.readers(connection, TEAM)} == {who("ANA"), who("BOB")}
        await people.stop_reading(connection, TEAM, who("ANA"), at(3))
        assert [each.person_id for each in await people.readers(connection, TEAM)] == [who("BOB")]


async def test_two_changes_in_one_transaction_both_show(house: Database) -> None:
    await introduce(house, person("ANA"))
    async with house.house() as connection:
        for name in ("Anna", "Anne"):
            await people.see(connection, TEAM, [person("ANA").model_copy(update={"real_name": name})], at(3))
            assert (await people.roster(connection, TEAM))[who("ANA")].name == name
