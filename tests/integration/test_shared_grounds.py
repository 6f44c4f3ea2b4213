"""A fact that rests on messages of two conversations: what becomes of it when one of them goes."""

from datetime import timedelta

import pytest

from bot.clock import FixedClock
from bot.offline import offline
from memory import facts
from memory.database import Database
from memory.models.events import Event
from memory.models.facts import Evidence, Fact
from memory.models.happenings.conclusions import ConclusionsErased, FactsLinked
from memory.models.ids import EventId, FactId, LinkId, derive
from memory.models.links import Link
from memory.models.messages import Message
from memory.projections import batches
from tests.conftest import TestDatabase
from tests.embedding import Hashing
from tests.integration.chat import (
    TEAM,
    at,
    bury,
    canaries,
    container,
    introduce,
    members,
    open_containers,
    person,
    said,
    say,
    where,
)

PROMISE = said("C1", 0, "I'll send the zebracanary contract to Acme by Friday.")
OTHER = said("C1", 2990, "Lunch is at noon.", "BOB")
AGAIN = said("C1", 3000, "I'll send the contract to Acme by Thursday.", thread_ts=OTHER.external_ts)
DONE = said("C1", 3000, "Done: the zebracanary contract to Acme is sent.", thread_ts=OTHER.external_ts)
"""In a thread of its own: another conversation."""


async def work_out(database: TestDatabase) -> None:
    async with offline(database.app_dsn, TEAM, FixedClock(at(4000)), Hashing()) as here:
        await here.rooms.extract(where("C1"))


async def known(house: Database) -> list[Fact]:
    async with house.scribing(where("C1")) as connection:
        return [each for each in await facts.all_in(connection, where("C1")) if each.kind == "commitment"]


@pytest.fixture
async def place(house: Database) -> Database:
    await introduce(house, person("ANA"))
    await open_containers(house, container("C1"))
    await members(house, "C1", "ANA")
    return house


@pytest.mark.parametrize("after", [AGAIN, DONE], ids=["said again", "settled"])
async def test_it_stands_as_if_the_other_had_never_been(
    place: Database, database: TestDatabase, after: Message
) -> None:
    """When the later message is deleted, what the first one says is what it says alone."""
    await say(place, PROMISE)
    await work_out(database)
    alone = await known(place)
    assert len(alone) == 1
    await say(place, OTHER, after)
    await work_out(database)
    assert len({span.message_id for each in await known(place) for span in each.evidence}) == 2
    await bury(place, after, 3600)
    await work_out(database)
    found = await known(place)
    assert [(each.fact_id, each.status, each.due) for each in found] == [
        (each.fact_id, each.status, each.due) for each in alone
    ]


async def test_no_cache_keeps_the_words_of_the_first(place: Database, database: TestDatabase) -> None:
    """What was worked out of the later message goes with the first one, as far as it repeats it."""
    await say(place, PROMISE)
    await work_out(database)
    await say(place, OTHER, AGAIN)
    await work_out(database)
    await bury(place, PROMISE, 3600)
    assert canaries(database.admin_dsn, "zebracanary") == []


def test_an_erased_fact_and_its_link_keep_their_order() -> None:
    """A link between two facts is folded between what erases the one and what erases the other."""
    one, two, three = (FactId(derive(name)) for name in ("one", "two", "three"))
    span = (Evidence(message_id=PROMISE.message_id, start=0, end=1),)
    link = Link(
        link_id=LinkId(derive("link")),
        relation="same",
        from_container=where("C1"),
        from_fact=two,
        to_container=where("C2"),
        to_fact=three,
        from_evidence=span,
        to_evidence=span,
        at=at(0),
        log_odds=1.0,
    )
    told = (
        ConclusionsErased(conversation_ids=(), fact_ids=(one,)),
        FactsLinked(link=link, recorded_at=at(1)),
        ConclusionsErased(conversation_ids=(), fact_ids=(two,)),
    )
    events = [
        (
            EventId(derive(number)),
            Event(team_id=TEAM, key=str(number), occurred_at=at(0) + timedelta(number), told=each),
        )
        for number, each in enumerate(told)
    ]
    assert [len(batch.rows) for batch in batches(events)] == [1, 1, 1]
