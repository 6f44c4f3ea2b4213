"""What the suite asks of one fence while the other one is down; each check says what is wrong, or nothing."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Literal
from uuid import UUID

import psycopg
from psycopg import sql

from graphs import days
from memory import answers, briefings, containers, conversations, facts, feedback, messages, people, placements
from memory.database import Connection
from memory.models.audience import Viewer
from memory.models.ids import ContainerId, briefing_id
from memory.models.settings import Settings
from tests.integration.chat import TEAM, at, where, who
from tests.integration.test_audience import CASES, Somebody, Somewhere, World, readable
from tests.promises.changes import CHANGES, Hidden
from tests.promises.stage import Stage, asked_of, invited_to
from tests.promises.surfaces import BY_POLICY, BY_PREDICATE, fenced, read_all
from tests.promises.worlds import MORNING_AFTER, SECOND_DAY, Line, Onlooker, Wordy, world

Check = Callable[[Stage], Awaitable[list[str]]]


@dataclass
class Fence:
    """What holds while the other fence is down: readings in which the hidden does not show, and other checks.

    `furnished` checks are asked on a stage with rows in every table (`furnish`), `bare` ones on an empty one.
    """

    readings: set[str]
    furnished: dict[str, Check] = field(default_factory=dict)
    bare: dict[str, Check] = field(default_factory=dict)


PREDICATES, POLICIES = Fence(BY_PREDICATE), Fence(BY_POLICY)
ANA, BOB = Onlooker("person", "ANA"), Onlooker("person", "BOB")
ROOM, OTHER_ROOM = Onlooker("channel", "PA"), Onlooker("channel", "PB")
PUBLIC = Onlooker("channel", "PUB")
LOOKING = (ANA, ROOM)
LATER = MORNING_AFTER + 2
BRIEFED = MORNING_AFTER - 90.0
OFFERED = MORNING_AFTER - 70.0
ASKED = {each: MORNING_AFTER - 80.0 + ordinal for ordinal, each in enumerate((ANA, BOB, ROOM, OTHER_ROOM))}
AT_ONCE = (
    *("reaction", "a question and its answer", "somebody else was briefed and answered", "message edited"),
    *("facts resolved and reversed", "message added", "everything deleted", "a new hidden place"),
    "a meeting and a review of others",
)
"""Changes that touch every table."""


def check(name: str, among: dict[str, Check]) -> Callable[[Check], Check]:
    def enter(made: Check) -> Check:
        among[name] = made
        return made

    return enter


@cache
def two_rooms() -> Wordy:
    """Ana and Bob, each with a private channel of their own, and a public one for both."""
    people_there = (Somebody("ANA"), Somebody("BOB"), Somebody("GUS", "guest"))
    places = (
        Somewhere("PA", "private", members=frozenset({"ANA"})),
        Somewhere("PB", "private", members=frozenset({"BOB"})),
        Somewhere("PUB", members=frozenset({"ANA", "BOB"})),
    )
    said = (
        "We decided to go with Kafka for the ledger.",
        "I'll send the ledger numbers by Friday.",
        "<@ANA> can you review the gateway today?",
        "We are blocked on the rollout: Kafka is down.",
    )
    lines = [
        # What Ana says in both of her rooms is linked.
        Line(place.name, day + 60 + minute * 2, author if day == 0 or place.name != "PUB" else "ANA", text)
        for place, author in zip(places, ("ANA", "BOB", "BOB"), strict=True)
        for day in (0, SECOND_DAY)
        for minute, text in enumerate(said)
    ]
    return Wordy(0, World(people_there, places), tuple(lines))


WITH_ONE_GONE = World(
    (Somebody("ANA"), Somebody("BOB"), Somebody("OLD", deactivated=True)),
    (Somewhere("PUB"), Somewhere("TWO", "private", members=frozenset({"ANA", "BOB"}))),
)

# The first fence ----------------------------------------------------------------------------------------------------


@check("the oracle", PREDICATES.bare)
async def oracle(stage: Stage) -> list[str]:
    """What each viewer may read is what an oracle says that knows nothing of SQL."""
    worlds = {f"seed {seed}": world(seed).world for seed in range(25)}
    for name, made in {**CASES, "who was deactivated narrows no channel": WITH_ONE_GONE, **worlds}.items():
        async with stage.database.scene():
            await stage.build(Wordy(0, made, ()))
            viewers = [Onlooker("person", each.name) for each in made.people]
            viewers += [Onlooker("channel", each.name) for each in made.places]
            for each in viewers:
                async with stage.database.viewing(each.viewer) as connection:
                    found = await containers.readable(connection, each.viewer)
                if found != {where(place) for place in readable(made, each.kind, each.name)}:
                    return [f"{name}: {each}"]
    return []


@check("a viewer of the wrong kind", PREDICATES.furnished)
async def misnamed(stage: Stage) -> list[str]:
    """Nothing is readable for a channel with a person's id, nor for a person with a channel's."""
    kinds: dict[Literal["person", "channel"], UUID] = {"channel": who("ANA"), "person": where("PUB")}
    found: list[str] = []
    for kind, key in kinds.items():
        viewer = Viewer(kind=kind, viewer_id=key)
        async with stage.database.viewing(viewer) as connection:
            found += [kind] if await containers.readable(connection, viewer) else []
    return found


@check("told before leaving", PREDICATES.furnished)
async def told_before(stage: Stage) -> list[str]:
    """Briefing, answers and feedback cite nothing that has become closed to their viewer since."""
    if await _cited(stage) != ["a briefing", "feedback", str(ANA), str(ROOM)]:
        return ["what may be read is not told"]
    await stage.moved("PUB", ["ANA"], MORNING_AFTER, joined=False)
    await stage.close("PUB")
    for place in ("PA", "PB"):
        await stage.leave(place)
    return await _cited(stage)


@check("follow-ups after leaving", POLICIES.furnished)
async def followed_up(stage: Stage) -> list[str]:
    """What follows on an answer cites nothing that has become closed to its viewer since that was told."""
    turns = {}
    for each in (ANA, ROOM):
        await stage.talk(each, ["Who sends the ledger numbers?"], MORNING_AFTER)
        turns[each] = stage.turns
    if not all(each[-1]["message_ids"] for each in turns.values()):
        return ["what may be read is not told"]
    await stage.moved("PUB", ["ANA"], MORNING_AFTER + 1, joined=False)
    await stage.close("PUB")
    for place in ("PA", "PB"):
        await stage.leave(place)
    found = []
    for each, told in turns.items():
        for key in await stage.talk(each, ["who said that?", "is it done?", "and the other one?"], LATER, told):
            async with stage.database.viewing(each.viewer) as connection:
                answer = await answers.read(connection, key)
            found += [f"{each}: {answer}"] if answer is None or answer.sources else []
    return found


async def _cited(stage: Stage) -> list[str]:
    """Which of what was told to Ana and in her room still cites something."""
    found = []
    async with stage.database.viewing(ANA.viewer) as connection:
        made = await briefings.read(connection, briefing_id(who("ANA"), days.local_day(at(BRIEFED), "UTC")))
        found += ["a briefing"] if made and made.items else []
        found += ["feedback"] if await feedback.said(connection, who("ANA"), at(MORNING_AFTER)) else []
    for each in (ANA, ROOM):
        async with stage.database.viewing(each.viewer) as connection:
            answer = await answers.read(connection, asked_of(each, ASKED[each]))
            found += [str(each)] if answer and answer.sources else []
    return found


@check("offered before leaving", PREDICATES.furnished)
async def offered_before(stage: Stage) -> list[str]:
    """Nothing is offered of a place that its asker left, and nothing at all where they asked and may read no more."""
    key = asked_of(PUBLIC, OFFERED)
    if not await stage.offered("ANA", key):
        return ["what she may read, and the channel may not, is not offered"]
    found = []
    for name, place in (("a place that she left", "PA"), ("the place where she asked", "PUB")):
        async with stage.database.scene():
            await stage.moved(place, ["ANA"], MORNING_AFTER, joined=False)
            await stage.close("PUB")
            found += [name] if await stage.offered("ANA", key) else []
    return found


@check("known before leaving", PREDICATES.furnished)
async def known_before(stage: Stage) -> list[str]:
    """Of a place that has become closed to somebody, nothing that names them is listed or counted for them."""
    before, many = await _of_herself(stage)
    if where("PA") not in before or many == 0:
        return ["what she may read is not known"]
    await stage.moved("PA", ["ANA"], MORNING_AFTER, joined=False)
    after, fewer = await _of_herself(stage)
    return (["a fact"] if where("PA") in after else []) + (["a message"] if fewer == many else [])


async def _of_herself(stage: Stage) -> tuple[set[ContainerId], int]:
    """Where the facts stand that name Ana, as she gets them, and how many messages of hers there are for her."""
    async with stage.database.viewing(ANA.viewer) as connection:
        found = await facts.naming(connection, who("ANA"), 100)
        return {fact.container_id for fact in found}, await messages.count_by(connection, who("ANA"))


@check("work for readers alone", PREDICATES.furnished)
async def work(stage: Stage) -> list[str]:
    """Work is done for the containers that a reader may read, and for no other."""
    async with stage.database.house() as connection:
        found = await people.containers_with_readers(connection, TEAM)
    theirs = {*map(where, ("PA", "PB", "PUB")), *map(invited_to, ("ANA", "BOB"))}
    return [] if found == theirs else ["another container"]


# The second fence ---------------------------------------------------------------------------------------------------


@check("nobody writes what is not theirs", POLICIES.furnished)
async def written(stage: Stage) -> list[str]:
    """Whoever may read a row, or may not, neither adds its like nor changes nor removes it."""
    async with stage.database.as_owner() as connection:
        tables = {table: await _samples(connection, table) for table in await fenced(connection)}
    return [
        f"{table}: {each}"
        for table, places in tables.items()
        for place in places
        for each in await _meddled(stage, table, place)
    ]


async def _samples(connection: Connection, table: str) -> list[str]:
    """Where a table's rows stand, one of each kind: of a channel that Ana reads, and of Bob's own."""
    query = sql.SQL("select ctid::text as place, to_jsonb(t) as row from {} t order by 1").format(sql.Identifier(table))
    found: dict[bool, str] = {}
    for each in await (await connection.execute(query)).fetchall():
        row = each["row"]
        places = {row[name] for name in ("container_id", "from_container", "to_container") if row.get(name)}
        owner = row.get("viewer_id") or (None if places else row.get("person_id"))
        if {owner} & {str(who("BOB"))} or (owner is None and places & {str(where("PA")), str(invited_to("ANA"))}):
            found.setdefault(owner is None, each["place"])
    # A table that a new fence is put around joins by being fenced: `furnish` has to put rows into it.
    return list(found.values()) or [f"{table} is empty"]


async def _meddled(stage: Stage, table: str, place: str) -> list[str]:
    """What Ana can do to a row: one of a channel that she reads, or one of Bob's own. It should be nothing."""
    if place.endswith("is empty"):
        return [place]
    named = sql.Identifier(table)
    changed = sql.SQL("update {} set team_id = team_id where ctid = %s::tid").format(named)
    removed = sql.SQL("delete from {} where ctid = %s::tid").format(named)
    found = []
    for way, statement in (("changed", changed), ("removed", removed)):
        async with stage.database.scene(), stage.database.viewing(ANA.viewer) as connection:
            done = await connection.execute(statement, [place])
            found += [way] if done.rowcount else []
    added = sql.SQL("insert into {} ({}) select {} from jsonb_populate_record(null::{}, %s)")
    async with stage.database.scene():
        async with stage.database.as_owner() as connection:
            columns = await _columns(connection, table)
            query = sql.SQL("select to_jsonb(t)::text as row from {} t where ctid = %s::tid").format(named)
            (row,) = await (await connection.execute(query, [place])).fetchall()
        listed = sql.SQL(", ").join(map(sql.Identifier, columns))
        try:
            async with stage.database.viewing(ANA.viewer) as connection:
                await connection.execute(added.format(named, listed, listed, named), [row["row"]])
            found.append("added")
        except psycopg.errors.InsufficientPrivilege:
            pass
        except psycopg.errors.UniqueViolation:
            found.append("added")
    return found


async def _columns(connection: Connection, table: str) -> list[str]:
    query = """
        select attname from pg_attribute
         where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = ''"""
    return [row["attname"] for row in await (await connection.execute(query, [table])).fetchall()]


# Both ---------------------------------------------------------------------------------------------------------------


async def furnish(stage: Stage) -> None:
    """Two rooms with rows in every table: reactions, briefings, questions and answers too."""
    made = two_rooms()
    await stage.build(made)
    for line in made.lines:
        await stage.react(line, "tada", line.minutes + 1)
    for each in (ANA, BOB):
        await stage.brief(each.name, BRIEFED)
        await stage.choose(each.name, Settings(projects=("Quince",)), BRIEFED)
        await stage.answer_items(each.name, BRIEFED)
    for each, minutes in ASKED.items():
        await stage.ask(each, "Who sends the ledger numbers?", minutes)
    for ordinal, each in enumerate((ANA, BOB)):
        asked, text = OFFERED + ordinal, "Who sends the ledger numbers?"
        key = await stage.offer(each.name, PUBLIC.name, text, asked, really=False)
        own = [line for line in made.lines if line.place == {"ANA": "PA", "BOB": "PB"}[each.name]]
        await stage.note_offer(each.name, PUBLIC.name, key, own, asked)
        await stage.rate(each.name, key, asked)
    await stage.call_a_model("ANA", "BOB")
    for each in (ANA, BOB):
        await stage.invite(each.name)
    async with stage.database.scribing(where("PA")) as connection:
        await placements.disturb(connection, [made.lines[0].message().message_id])
    for place in ("PA", "PB"):
        async with stage.database.scribing(where(place)) as connection:
            waiting = """insert into passages_to_embed select message_id, team_id, container_id from passages
                          where container_id = %s limit 1"""
            await connection.execute(waiting, [where(place)])


async def upset(stage: Stage) -> None:
    """Much happens in Bob's room at once."""
    hidden = Hidden(two_rooms(), "PB", LOOKING, random.Random(1))
    for change in AT_ONCE:
        await CHANGES[change](stage, hidden)


async def look(stage: Stage, fence: Fence) -> dict[str, bytes]:
    """What Ana and her room get, by those readings that the fence keeps within bounds."""
    found = {}
    for each in LOOKING:
        seen = await read_all(stage, each, sorted(fence.readings))
        found.update({f"{each}: {name}": told for name, told in seen.items()})
        if fence is PREDICATES:
            found[f"{each}: stamp"] = (await _stamp(stage, each)).encode()
    return found


async def _stamp(stage: Stage, onlooker: Onlooker) -> str:
    """Of all that an onlooker may read. It is no reading: the same rows made anew have another one."""
    async with stage.database.viewing(onlooker.viewer) as connection:
        places = ", ".join(f"'{place}'" for place in await containers.readable(connection, onlooker.viewer))
    names = [
        await stage.everything(column, f"{table} where container_id in ({places})")
        for column, table in (("conversation_id", "conversations"), ("fact_id", "facts"), ("message_id", "messages"))
    ]
    async with stage.database.viewing(onlooker.viewer) as connection:
        return await conversations.stamp(connection, onlooker.viewer, *names)
