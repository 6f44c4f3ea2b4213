"""Meetings and reviews: containers of their own, told in any order, read by those whom they are for."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import MovedClock
from bot.offline import Offline, offline
from handlers.sources import calendar, reviews
from handlers.sources.calendar import Invitation
from handlers.sources.reviews import Happened, PullRequest
from memory import briefings, containers, facts, meetings, messages, people
from memory.database import Database
from memory.models.audience import Viewer
from memory.models.facts import Fact
from memory.models.ids import briefing_id, container_id
from memory.models.meetings import Meeting
from tests.conftest import TestDatabase
from tests.embedding import Hashing
from tests.integration.chat import TEAM, at, introduce, person, who

MORNING = at(24 * 60 - 30)
"""Tuesday 17 November 2026, 08:30 UTC."""
PULL = PullRequest("acme/ops#7", "rotate the keys", frozenset({who("ANA"), who("BOB")}))


def invitation(
    minutes: float = 0,
    *there: str,
    hours: float = 2,
    off: bool = False,
    title: str = "Review",
    name: str = "E1",
) -> Invitation:
    return Invitation(
        external_id=name,
        title=title,
        description="Read the draft before you come.",
        starts_at=MORNING + timedelta(hours=hours),
        ends_at=MORNING + timedelta(hours=hours + 1),
        organizer=who("ANA"),
        attendees=frozenset(map(who, there or ("ANA", "BOB"))),
        first_told_at=at(0),
        told_at=at(minutes),
        cancelled=off,
    )


async def planned(house: Database, name: str) -> list[Meeting]:
    """What somebody knows of the next two days' meetings."""
    viewer = Viewer.person(who(name))
    async with house.viewing(viewer) as connection:
        found = await meetings.between(connection, viewer, MORNING, MORNING + timedelta(days=2))
        return await meetings.read(connection, found)


async def test_those_invited_know_of_a_meeting_and_nobody_else(house: Database) -> None:
    """Neither that it is, nor what its invitation says; who is no longer invited knows no more."""
    await introduce(house, person("ANA"), person("BOB"), person("CYN"))
    await calendar.take(house, TEAM, invitation())
    (found,) = await planned(house, "BOB")
    assert {*found.attendees} == {who("ANA"), who("BOB")}
    assert await planned(house, "CYN") == []
    async with house.viewing(Viewer.person(who("CYN"))) as connection:
        assert await meetings.read(connection, [found.container_id]) == []
        assert await messages.read(connection, [found.message_id]) == []
    await calendar.take(house, TEAM, invitation(5, "ANA", "CYN"))
    assert [len(await planned(house, name)) for name in ("ANA", "BOB", "CYN")] == [1, 0, 1]


async def test_a_meeting_that_is_off_is_on_no_day(house: Database) -> None:
    """Until it is planned again."""
    await introduce(house, person("ANA"), person("BOB"))
    await calendar.take(house, TEAM, invitation())
    await calendar.take(house, TEAM, invitation(5, off=True))
    assert await planned(house, "ANA") == []
    await calendar.take(house, TEAM, invitation(9, hours=3))
    (found,) = await planned(house, "ANA")
    assert found.starts_at == MORNING + timedelta(hours=3)


_examples = itertools.count(1)
TELLINGS = st.tuples(st.integers(0, 3), st.sampled_from([2.0, 3.0]), st.booleans())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(tellings=st.lists(TELLINGS, min_size=1, max_size=5, unique_by=lambda each: each[0]), data=st.data())
async def test_the_newest_telling_counts_in_whatever_order_they_come(
    house: Database, tellings: list[tuple[int, float, bool]], data: st.DataObject
) -> None:
    """And repeats change nothing. Each example has a meeting of its own."""
    name = f"E{next(_examples)}"  # an id that is drawn may come twice, and find what an earlier example told
    for minutes, hours, off in data.draw(st.permutations(tellings * 2)):
        told = invitation(minutes, hours=hours, off=off, title=f"Version {minutes}", name=name)
        await calendar.take(house, TEAM, told)
    newest = max(tellings)
    key = container_id(TEAM, "calendar", name)
    async with house.scribing(key) as connection:
        found = await meetings.read(connection, [key])
        (words,) = await messages.read(connection, [calendar.invitation_of(TEAM, name)])
    assert [each.starts_at for each in found] == ([] if newest[2] else [MORNING + timedelta(hours=newest[1])])
    assert words.text.startswith(f"Version {newest[0]}\n")


@asynccontextmanager
async def room(database: TestDatabase) -> AsyncIterator[Offline]:
    async with offline(database.app_dsn, TEAM, MovedClock(MORNING), Hashing()) as here:
        yield here


def step(number: int, kind: str, minutes: float, reviewer: str | None = None, verdict: str = "") -> Happened:
    return Happened(f"R{number}", kind, at(minutes), who("ANA"), who(reviewer) if reviewer else None, verdict)  # type: ignore[arg-type]


async def asked(house: Database, name: str) -> list[Fact]:
    viewer = Viewer.person(who(name))
    async with house.viewing(viewer) as connection:
        return await facts.read(connection, await facts.current_for(connection, viewer, at(0), MORNING, 10))


async def test_a_review_waits_for_its_reviewer_until_it_is_given(house: Database, database: TestDatabase) -> None:
    """As a question that the repository's readers may read, and nobody else; told in any order."""
    await introduce(house, person("ANA"), person("BOB"), person("CYN"))
    async with room(database) as here:
        await reviews.take(house, TEAM, PULL, [step(2, "review_requested", 10, "BOB")])
        await reviews.take(house, TEAM, PULL, [step(1, "opened", 5)])
        await here.rooms.extract(reviews.place_of(TEAM, PULL.name))
        (open_one,) = await asked(house, "BOB")
        assert (open_one.status, open_one.actor_id, open_one.counterparty_id) == ("open", who("ANA"), who("BOB"))
        assert await asked(house, "CYN") == []
        assert await reviews.take(house, TEAM, PULL, [step(3, "reviewed", 20, "BOB", "approved")])
        assert not await reviews.take(house, TEAM, PULL, [step(3, "reviewed", 20, "BOB", "approved")])
        await here.rooms.extract(reviews.place_of(TEAM, PULL.name))
    (answered,) = await asked(house, "BOB")
    assert (answered.fact_id, answered.status) == (open_one.fact_id, "answered")


async def test_a_morning_tells_of_both(house: Database, database: TestDatabase) -> None:
    """The day's meeting with its time and company, and the review that waits; for others neither."""
    known = [
        person(name).model_copy(update={"real_name": real}) for name, real in (("ANA", "Ana Lima"), ("BOB", "Bob"))
    ]
    await introduce(house, *known, person("CYN"))
    async with room(database) as here:
        await calendar.take(house, TEAM, invitation())
        await reviews.take(house, TEAM, PULL, [step(2, "review_requested", 10, "BOB")])
        await here.rooms.extract(reviews.place_of(TEAM, PULL.name))
        told = {name: await _briefed(here, name) for name in ("BOB", "CYN")}
    assert told["CYN"] == []
    assert [text for _, text, _ in told["BOB"]] == [
        "Ana asks for your review, since yesterday: acme/ops#7: rotate the keys.",
        "10:30–11:30 Review with Ana. Read the draft before you come.",
    ]
    assert {section for section, _, _ in told["BOB"]} == {"needs_you"}
    assert [sources for _, _, sources in told["BOB"]] == [["github"], ["calendar"]]


async def _briefed(here: Offline, name: str) -> list[tuple[str, str, list[str]]]:
    today = MORNING.date()
    async with here.database.house() as connection:
        await people.start_reading(connection, TEAM, who(name), at(0))
        await briefings.claim(connection, TEAM, who(name), today, MORNING)
    await here.rooms.brief(briefing_id(who(name), today))
    async with here.database.viewing(Viewer.person(who(name))) as connection:
        made = await briefings.read(connection, briefing_id(who(name), today))
    assert made is not None
    return [(item.section, item.text, [each.source for each in item.sources]) for item in made.items]


async def test_a_place_of_a_source_is_no_channel_of_slack(house: Database) -> None:
    """Each has its kind of address, and is told apart by where it comes from."""
    await introduce(house, person("ANA"), person("BOB"))
    await calendar.take(house, TEAM, invitation())
    key = container_id(TEAM, "calendar", "E1")
    async with house.viewing(Viewer.person(who("ANA"))) as connection:
        found = await containers.read(connection, [key])
    assert (found[key].source, found[key].name) == ("calendar", "")


async def test_what_a_briefing_was_made_from_counts_channels_alone(house: Database) -> None:
    """A meeting and a pull request are neither a channel nor a message."""
    await introduce(house, person("ANA"), person("BOB"))
    await calendar.take(house, TEAM, invitation())
    await reviews.take(house, TEAM, PULL, [step(1, "opened", 5)])
    viewer = Viewer.person(who("ANA"))
    async with house.viewing(viewer) as connection:
        found = await messages.coverage(connection, viewer, at(-1), MORNING)
    assert (found.containers, found.messages, found.since) == (0, 0, None)
