"""Who may read what, against an oracle that knows nothing of SQL."""

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphs import indexing
from memory import containers, contents, conversations, facts, messages, people, retrieval
from memory.contents import Text
from memory.database import Connection, Database
from memory.models.audience import Viewer
from memory.models.containers import ContainerKind
from memory.models.facts import Evidence, Fact
from memory.models.ids import FactId, MessageId, content_id, conversation_id, fact_id
from memory.models.messages import Message
from memory.models.people import Role
from memory.models.retrieval import Effort, Query
from tests.conftest import TestDatabase
from tests.embedding import Hashing
from tests.integration.chat import (
    TEAM,
    at,
    begin_anew,
    container,
    introduce,
    members,
    move,
    open_containers,
    person,
    rows,
    said,
    say,
    where,
    who,
)

ROLES: tuple[Role, ...] = ("member", "guest", "bot")
WORLDS = int(os.environ.get("DAYBOOK_WORLDS", "15"))
PELICAN = Query(words=("pelican",))
EMBEDDER = Hashing()
APPROXIMATE = Effort(few=-1, budget=0)
KINDS: tuple[ContainerKind, ...] = ("public", "private", "dm", "group_dm")


@dataclass(frozen=True)
class Somebody:
    name: str
    role: Role = "member"
    deactivated: bool = False
    known: bool = True


@dataclass(frozen=True)
class Somewhere:
    name: str
    kind: ContainerKind = "public"
    read: bool = True
    personal: bool = False
    members: frozenset[str] = frozenset()
    members_known: bool = True


@dataclass(frozen=True)
class World:
    people: tuple[Somebody, ...]
    places: tuple[Somewhere, ...]
    by_name: dict[str, Somebody] = field(init=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.by_name.update({each.name: each for each in self.people})


def opens(person: Somebody, place: Somewhere) -> bool:
    """The oracle: whether this person could open this place."""
    if person.deactivated or person.role == "bot":
        return False
    return person.name in place.members or (place.kind == "public" and person.role == "member" and person.known)


def source(place: Somewhere) -> bool:
    return place.read and not place.personal and place.kind != "dm"


def readable(world: World, kind: Literal["person", "channel"], viewer: str) -> set[str]:
    """The oracle: the names of the places that a viewer may read."""
    if kind == "person":
        who_asks = world.by_name[viewer]
        return {p.name for p in world.places if who_asks.known and source(p) and opens(who_asks, p)}
    here = next(p for p in world.places if p.name == viewer)
    crowd = [each for each in world.people if opens(each, here)]
    shared = {p.name for p in world.places if all(opens(each, p) for each in crowd)} if crowd else set()
    allowed = shared if here.members_known else set()
    return {p.name for p in world.places if source(p) and (p.name in allowed or p.name == viewer)}


async def build(house: Database, world: World) -> None:
    await introduce(house, *(person(p.name, p.role, deactivated=p.deactivated) for p in world.people if p.known))
    await open_containers(house, *(container(p.name, p.kind, read=p.read) for p in world.places))
    for place in world.places:
        if place.members_known:
            await members(house, place.name, *place.members)
        else:
            for name in place.members:
                await move(house, place.name, name, joined=True, minutes=0)
        if place.personal:
            async with house.house() as connection:
                await containers.make_personal(
                    connection, TEAM, where(place.name), who(next(iter(place.members), "ANA")), at(0)
                )
        await tell(house, said(place.name, 1, f"pelican in {place.name}"))


async def tell(house: Database, message: Message) -> FactId:
    """One message with its place in the index, its conversation, gist and fact; as if its vector had to come again."""
    await say(house, message)
    async with house.house() as connection:
        await retrieval.open_space(connection, indexing.space_of(EMBEDDER))
    await indexing.index(house, message.container_id, EMBEDDER)
    here, talk = message.container_id, conversation_id(message.message_id)
    known = fact_id(here, "decision", message.message_id, 0)
    async with house.scribing(here) as connection:
        await conversations.place(connection, TEAM, here, [(message.message_id, talk)], at=at(2), version="1")
        fact = Fact(
            fact_id=known,
            container_id=here,
            conversation_id=talk,
            kind="decision",
            actor_id=None,
            statement=message.text,
            status="decided",
            valid_from=message.posted_at,
            evidence=(Evidence(message_id=message.message_id, start=0, end=7),),
        )
        await facts.record(connection, TEAM, [fact], {message.message_id: messages.text_of(message)}, at(2))
        await connection.execute("insert into passages_to_embed values (%s, %s, %s)", (message.message_id, TEAM, here))
    return known


Reading = Callable[[Connection, Viewer, World], Awaitable[set[str]]]


def named(world: World, found: set[object]) -> set[str]:
    return {place.name for place in world.places if where(place.name) in found}


async def by_readable(connection: Connection, viewer: Viewer, world: World) -> set[str]:
    return named(world, {*await containers.readable(connection, viewer)})


async def found_by(
    connection: Connection, viewer: Viewer, query: Query, effort: Effort = retrieval.USUAL
) -> set[MessageId]:
    return {hit.message_id for hit in await retrieval.search(connection, viewer, query, 100, effort)}


async def by_words(connection: Connection, viewer: Viewer, world: World) -> set[str]:
    found = await found_by(connection, viewer, PELICAN)
    return {p.name for p in world.places if said(p.name, 1, "").message_id in found}


async def by_vectors(connection: Connection, viewer: Viewer, world: World) -> set[str]:
    """By likeness alone, exactly and by the approximate index."""
    (vector,) = await EMBEDDER.embed(["pelican"])
    query = Query(space=indexing.space_of(EMBEDDER), vector=tuple(vector))
    found = await found_by(connection, viewer, query)
    assert await found_by(connection, viewer, query, APPROXIMATE) == found
    return {p.name for p in world.places if said(p.name, 1, "").message_id in found}


async def by_surroundings(connection: Connection, viewer: Viewer, world: World) -> set[str]:
    asked = [said(p.name, 1, "").message_id for p in world.places]
    found = {each.message_id for each in await retrieval.surrounded(connection, asked, 3)}
    return {p.name for p in world.places if said(p.name, 1, "").message_id in found}


async def by_frequencies(connection: Connection, viewer: Viewer, world: World) -> set[str]:
    """Counts, and so must agree in number alone."""
    counted = await retrieval.frequencies(connection, viewer, ["pelicans"])
    known = await by_readable(connection, viewer, world)
    assert (counted.messages, counted.holding) == (len(known), {"pelicans": len(known)})
    return known


async def by_passages(connection: Connection, viewer: Viewer, world: World) -> set[str]:
    tables = ("passages", "passage_terms", "passage_vectors", "passages_to_embed", "indexed_containers")
    found = [
        named(world, {row["container_id"] for row in await rows(connection, f"select container_id from {table}")})
        for table in tables
    ]
    assert all(each == found[0] for each in found)
    return found[0]


async def by_reading(connection: Connection, viewer: Viewer, world: World) -> set[str]:
    asked = [said(p.name, 1, "").message_id for p in world.places]
    return named(world, {message.container_id for message in await messages.read(connection, asked)})


async def by_conversations(connection: Connection, viewer: Viewer, world: World) -> set[str]:
    found = {*await conversations.between(connection, viewer, at(0), at(9), 100)}
    return {p.name for p in world.places if conversation_id(said(p.name, 1, "").message_id) in found}


async def by_reading_conversations(connection: Connection, viewer: Viewer, world: World) -> set[str]:
    asked = [conversation_id(said(p.name, 1, "").message_id) for p in world.places]
    return named(world, {talk.container_id for talk in await conversations.read(connection, asked)})


async def by_facts(connection: Connection, viewer: Viewer, world: World) -> set[str]:
    found = {*await facts.current_for(connection, viewer, at(0), at(9), 100)}
    return {
        p.name for p in world.places if fact_id(where(p.name), "decision", said(p.name, 1, "").message_id, 0) in found
    }


async def by_reading_facts(connection: Connection, viewer: Viewer, world: World) -> set[str]:
    asked = [fact_id(where(p.name), "decision", said(p.name, 1, "").message_id, 0) for p in world.places]
    return named(world, {fact.container_id for fact in await facts.read(connection, asked)})


async def by_contents(connection: Connection, viewer: Viewer, world: World) -> set[str]:
    return named(world, {row["container_id"] for row in await rows(connection, "select container_id from contents")})


async def by_counting(connection: Connection, viewer: Viewer, world: World) -> set[str]:
    """Counts, and so must agree in number alone."""
    many = (await messages.coverage(connection, viewer, at(0), at(9))).containers
    known = await by_readable(connection, viewer, world)
    assert many == len(known)
    return known


READINGS: dict[str, Reading] = {
    "readable_containers": by_readable,
    "search_words": by_words,
    "search_vectors": by_vectors,
    "frequencies": by_frequencies,
    "passages": by_passages,
    "surroundings": by_surroundings,
    "read_messages": by_reading,
    "conversations_between": by_conversations,
    "read_conversations": by_reading_conversations,
    "current_facts": by_facts,
    "read_facts": by_reading_facts,
    "contents": by_contents,
    "coverage": by_counting,
}


async def check(house: Database, world: World) -> None:
    """Every reading, for every viewer there is, gives what the oracle says."""
    viewers: list[tuple[Literal["person", "channel"], str, Viewer]] = [
        *(("person", p.name, Viewer.person(who(p.name))) for p in world.people),
        *(("channel", p.name, Viewer.channel(where(p.name))) for p in world.places),
    ]
    for kind, name, viewer in viewers:
        expected = readable(world, kind, name)
        async with house.viewing(viewer) as connection:
            for reading, read in READINGS.items():
                assert (reading, kind, name, await read(connection, viewer, world)) == (reading, kind, name, expected)


TEAMMATES = (Somebody("ANA"), Somebody("BOB"), Somebody("GUS", "guest"))
CASES: dict[str, World] = {
    "a member opens public channels, a guest does not": World(TEAMMATES, (Somewhere("PUB"),)),
    "a guest reads where they are": World(
        TEAMMATES, (Somewhere("PUB", members=frozenset({"GUS"})), Somewhere("OTHER"))
    ),
    "a private channel is its members'": World(TEAMMATES, (Somewhere("PRV", "private", members=frozenset({"ANA"})),)),
    "a DM is no source": World(TEAMMATES, (Somewhere("DM", "dm", members=frozenset({"ANA"})),)),
    "a group DM is its members'": World(TEAMMATES, (Somewhere("GRP", "group_dm", members=frozenset({"ANA", "BOB"})),)),
    "a personal channel is no source": World(
        TEAMMATES, (Somewhere("OWN", "private", personal=True, members=frozenset({"ANA"})), Somewhere("PUB"))
    ),
    "what Daybook left is not told": World(TEAMMATES, (Somewhere("PUB", read=False),)),
    "who was deactivated reads nothing": World(
        (Somebody("ANA", deactivated=True), Somebody("BOB")),
        (Somewhere("PUB"), Somewhere("PRV", "private", members=frozenset({"ANA", "BOB"}))),
    ),
    "a bot reads nothing, and counts for nothing": World(
        (Somebody("ANA"), Somebody("BOT", "bot")),
        (
            Somewhere("PRV", "private", members=frozenset({"ANA", "BOT"})),
            Somewhere("TWO", "private", members=frozenset({"ANA"})),
        ),
    ),
    "a channel gets what all who could open it may read": World(
        TEAMMATES,
        (
            Somewhere("BOTH", "private", members=frozenset({"ANA", "BOB"})),
            Somewhere("ONE", "private", members=frozenset({"ANA"})),
            Somewhere("PUB"),
        ),
    ),
    "one guest in a channel narrows it": World(
        TEAMMATES,
        (
            Somewhere("SHARED", members=frozenset({"GUS"})),
            Somewhere("PUB"),
            Somewhere("WITH", members=frozenset({"GUS", "ANA"})),
        ),
    ),
    "whom we have not heard of counts as a guest": World(
        (Somebody("ANA"), Somebody("XEN", known=False)),
        (Somewhere("EXT", members=frozenset({"XEN"})), Somewhere("PUB"), Somewhere("PRV", "private")),
    ),
    "a channel whose members are not known reads itself alone": World(
        TEAMMATES,
        (
            Somewhere("NEW", "private", members_known=False),
            Somewhere("HALF", "private", members=frozenset({"ANA"}), members_known=False),
            Somewhere("PUB", members_known=False),
            Somewhere("PRV", "private", members=frozenset({"ANA"})),
        ),
    ),
    "a channel that nobody could open reads itself alone": World(
        TEAMMATES, (Somewhere("EMPTY", "private"), Somewhere("PUB"))
    ),
}


@pytest.mark.parametrize("case", CASES)
async def test_who_may_read_what(house: Database, case: str) -> None:
    """Each way of reading shows each viewer what they may read, and nothing else."""
    await build(house, CASES[case])
    await check(house, CASES[case])


@st.composite
def worlds(draw: st.DrawFn) -> World:
    crowd = tuple(
        Somebody(
            f"U{n}",
            draw(st.sampled_from(("member", *ROLES))),
            draw(st.integers(0, 5)) == 0,
            draw(st.integers(0, 5)) > 0,
        )
        for n in range(draw(st.integers(1, 5)))
    )
    crowd = tuple(each if each.known else Somebody(each.name, "guest", known=False) for each in crowd)
    names = [each.name for each in crowd]
    places = tuple(
        Somewhere(
            f"C{n}",
            draw(st.sampled_from(("public", "private", *KINDS))),
            draw(st.integers(0, 6)) > 0,
            draw(st.integers(0, 6)) == 0,
            frozenset(draw(st.sets(st.sampled_from(names)))),
            draw(st.integers(0, 4)) > 0,
        )
        for n in range(draw(st.integers(1, 5)))
    )
    return World(crowd, places)


@settings(max_examples=WORLDS, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds())
async def test_any_world_agrees_with_the_oracle(house: Database, database: TestDatabase, world: World) -> None:
    """In any world of people and places, every reading agrees with the oracle for every viewer."""
    begin_anew(database.admin_dsn)
    await build(house, world)
    await check(house, world)


async def test_joins_and_leaves_count_at_once(house: Database) -> None:
    """Who joins reads the past at the next reading, and who leaves reads nothing of it any more."""
    await introduce(house, person("ANA"))
    await open_containers(house, container("PRV", "private"))
    await tell(house, said("PRV", 1, "pelican"))
    for turn, joined in enumerate([False, True, False, True]):
        await move(house, "PRV", "ANA", joined=joined, minutes=turn)
        async with house.viewing(Viewer.person(who("ANA"))) as connection:
            found = await found_by(connection, Viewer.person(who("ANA")), PELICAN)
            read = await messages.read(connection, [said("PRV", 1, "").message_id])
        assert (bool(found), bool(read)) == (joined, joined)


async def test_a_channel_made_private_hides_its_past(house: Database) -> None:
    """What was said while a channel was public is its members' alone once it is private."""
    await introduce(house, person("ANA"), person("BOB"))
    await open_containers(house, container("PUB"))
    await members(house, "PUB", "ANA")
    await tell(house, said("PUB", 1, "pelican"))
    found = {}
    async with house.house() as connection:
        await containers.convert(connection, TEAM, where("PUB"), "private", at(0))
    for name in ("ANA", "BOB"):
        viewer = Viewer.person(who(name))
        async with house.viewing(viewer) as connection:
            found[name] = await by_words(connection, viewer, World((), (Somewhere("PUB"),)))
    assert found == {"ANA": {"PUB"}, "BOB": set()}


async def test_a_list_of_members_tells_who_left(
    house: Database,
) -> None:
    """Who is missing from a full list has left; who left after the list was begun stays out."""
    await introduce(house, person("ANA"), person("BOB"))
    await open_containers(house, container("PRV", "private"))
    await members(house, "PRV", "ANA", "BOB", minutes=1)
    await move(house, "PRV", "ANA", joined=False, minutes=3)
    await members(house, "PRV", "ANA", minutes=2)
    async with house.house() as connection:
        for name in ("ANA", "BOB"):
            assert await containers.readable(connection, Viewer.person(who(name))) == set()


async def test_every_membership_is_an_event(house: Database) -> None:
    """Memberships can be told from the log alone, however they became known."""
    await members(house, "PRV", "ANA", "BOB", minutes=1)
    await members(house, "PRV", "ANA", "BOB", minutes=2)
    await members(house, "PRV", "ANA", minutes=3)
    async with house.house() as connection:
        found = await rows(connection, "select kind, person_id, occurred_at from events order by position")
    assert sorted((row["kind"], row["person_id"], row["occurred_at"]) for row in found) == sorted(
        [
            ("MemberJoined", who("ANA"), at(1)),
            ("MemberJoined", who("BOB"), at(1)),
            ("MemberLeft", who("BOB"), at(3)),
        ]
    )


async def test_no_work_for_places_that_no_reader_reads(house: Database) -> None:
    """Only containers that some reader of briefings may read are worked out."""
    await introduce(house, person("ANA"), person("BOB"))
    await open_containers(house, container("PUB"), container("HERS", "private"), container("HIS", "private"))
    await members(house, "HERS", "ANA")
    await members(house, "HIS", "BOB")
    async with house.house() as connection:
        await people.start_reading(connection, TEAM, who("ANA"), at(0))
        assert await people.containers_with_readers(connection, TEAM) == {where("PUB"), where("HERS")}


async def test_a_private_text_is_its_viewers(house: Database) -> None:
    """What was written for one viewer is shown to no other, though they may read all that it rests on."""
    await introduce(house, person("ANA"), person("BOB"))
    ana, bob, here = Viewer.person(who("ANA")), Viewer.person(who("BOB")), Viewer.channel(where("PUB"))
    await open_containers(house, container("PUB"))
    text = Text(content_id=content_id("item", who("ANA")), kind="item", body="for Ana", viewer_id=who("ANA"))
    async with house.viewing(ana) as connection:
        await contents.keep(connection, TEAM, [text])
    seen = {}
    for name, viewer in (("ana", ana), ("bob", bob), ("channel", here)):
        async with house.viewing(viewer) as connection:
            seen[name] = len(await rows(connection, "select from contents"))
    assert seen == {"ana": 1, "bob": 0, "channel": 0}
