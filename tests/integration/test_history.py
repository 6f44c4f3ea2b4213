"""Facts in two times, a person's word on them, and links, in the database."""

from collections.abc import Sequence
from datetime import date, datetime

import psycopg
import pytest
from psycopg import sql

from memory import contents, corrections, facts, history, links, messages
from memory.corrections import Correction, NoSuchFact, UnfitCorrection
from memory.database import Database
from memory.models.audience import Viewer
from memory.models.facts import GIVEN_WORD, Evidence, Fact, FactStatus
from memory.models.ids import FactId, conversation_id, fact_id, link_id
from memory.models.links import Link
from memory.models.messages import Message
from tests.conftest import TestDatabase
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
    rows,
    said,
    say,
    where,
    who,
)

ANA, BOB = Viewer.person(who("ANA")), Viewer.person(who("BOB"))
MONDAY, TUESDAY, WEDNESDAY = 0, 24 * 60, 48 * 60
PROMISE = said("OPEN", MONDAY, "I will rotate the pelican keys by Thursday")
MOVED = said("OPEN", WEDNESDAY, "the pelican keys only by Friday, sorry")
DONE = said("SHUT", WEDNESDAY + 60, "pelican keys rotated, all done")
NAME = fact_id(where("OPEN"), "commitment", PROMISE.message_id, 0)


@pytest.fixture
async def place(house: Database) -> Database:
    """An open channel and a shut one, in which Ana is and Bob is not; what was said in both."""
    await introduce(house, person("ANA"), person("BOB"))
    await open_containers(house, container("OPEN"), container("SHUT", "private"))
    await members(house, "OPEN", "ANA", "BOB")
    await members(house, "SHUT", "ANA")
    await say(house, PROMISE, MOVED, DONE)
    return house


def promise(status: FactStatus = "open", due: date = date(2026, 11, 19), *more: Evidence, **given: object) -> Fact:
    made = Fact(
        fact_id=NAME,
        container_id=where("OPEN"),
        conversation_id=conversation_id(PROMISE.message_id),
        kind="commitment",
        actor_id=who("ANA"),
        statement=PROMISE.text,
        due=due,
        status=status,
        log_odds=1.0,
        valid_from=PROMISE.posted_at,
        evidence=(stated(PROMISE), *more),
    )
    return made.model_copy(update=given)


def stated(message: Message, role: str = "states") -> Evidence:
    return Evidence.model_validate({"message_id": message.message_id, "start": 0, "end": 6, "role": role})


async def record(house: Database, minutes: float, *found: Fact, retired: Sequence[Fact] = ()) -> None:
    wordings = {message.message_id: messages.text_of(message) for message in (PROMISE, MOVED)}
    async with house.scribing(where("OPEN")) as connection:
        await facts.record(connection, TEAM, found, wordings, at(minutes), retired=retired)


async def read(house: Database, viewer: Viewer = ANA) -> list[Fact]:
    async with house.viewing(viewer) as connection:
        return await facts.read(connection, [NAME])


async def known(house: Database, minutes: float, viewer: Viewer = ANA) -> list[Fact]:
    async with house.viewing(viewer) as connection:
        return await history.known_at(connection, viewer, at(minutes))


async def held(house: Database, minutes: float, viewer: Viewer = ANA) -> list[Fact]:
    async with house.viewing(viewer) as connection:
        return await history.as_of(connection, viewer, at(minutes))


async def correct(house: Database, minutes: float = 3000, by: str = "ANA", **given: object) -> Fact:
    said_so = Correction.model_validate({"by_id": who(by), "words": f"by {by}", **given})
    async with house.scribing(where("OPEN")) as connection:
        return await corrections.correct(connection, TEAM, NAME, said_so, at(minutes))


async def link(house: Database, minutes: float = WEDNESDAY + 70, gone: bool = False) -> Link:
    found = Link(
        link_id=link_id(DONE.message_id, NAME, "resolves"),
        relation="resolves",
        from_container=where("SHUT"),
        from_fact=None,
        to_container=where("OPEN"),
        to_fact=NAME,
        from_evidence=(stated(DONE, "settles"),),
        to_evidence=(stated(PROMISE),),
        status="done",
        at=DONE.posted_at,
        log_odds=2.0,
    )
    async with house.scribing(where("OPEN"), where("SHUT")) as connection:
        await links.record(connection, TEAM, [] if gone else [found], [found.link_id] if gone else [], at(minutes))
    return found


async def test_two_times(place: Database) -> None:
    """What was believed then goes by when it was recorded, what was the case then by when it was said."""
    await record(place, TUESDAY, promise())
    moved = promise("open", date(2026, 11, 20), stated(MOVED, "changes"))
    await record(place, WEDNESDAY + 600, moved)
    assert await known(place, MONDAY + 60) == []
    assert [fact.due for fact in await known(place, WEDNESDAY + 60)] == [date(2026, 11, 19)]
    assert await known(place, WEDNESDAY + 601) == [moved]
    assert [fact.due for fact in await held(place, MONDAY + 60)] == [date(2026, 11, 19)]
    assert await held(place, WEDNESDAY + 60) == [moved]
    await record(place, WEDNESDAY + 900, retired=[moved])
    assert await known(place, WEDNESDAY + 899) == [moved]
    assert await known(place, WEDNESDAY + 901) == []
    assert await held(place, WEDNESDAY + 60) == []


async def test_an_end_known_from_the_start_is_rewound(place: Database) -> None:
    """Recorded on Wednesday as done on Wednesday: on Tuesday it was open."""
    over = {"valid_to": MOVED.posted_at}
    await record(place, WEDNESDAY + 600, promise("done", date(2026, 11, 19), stated(MOVED, "settles"), **over))
    assert [(fact.status, fact.valid_to) for fact in await held(place, TUESDAY)] == [("open", None)]
    assert [fact.status for fact in await held(place, WEDNESDAY)] == ["done"]


async def test_both_times_are_fenced(place: Database, database: TestDatabase) -> None:
    """Nobody reads the history of what they may not read, with either fence down; and nothing without a viewer."""
    shut = promise(
        fact_id=fact_id(where("SHUT"), "commitment", DONE.message_id, 0),
        container_id=where("SHUT"),
        evidence=(stated(DONE),),
    )
    async with place.scribing(where("SHUT")) as connection:
        wordings = {DONE.message_id: messages.text_of(DONE)}
        await facts.record(connection, TEAM, [shut], wordings, at(WEDNESDAY + 90))
    await record(place, TUESDAY, promise())
    await link(place)

    async def seen(viewer: Viewer) -> tuple[int, int, int, int]:
        late = at(WEDNESDAY + 9000)
        async with place.viewing(viewer) as connection:
            begun = await history.begun_with(connection, {where("OPEN")}, str(NAME)[:6])
            of = await history.of(connection, {where("OPEN")}, [NAME, shut.fact_id])
            return (
                len(await history.known_at(connection, viewer, late)),
                len(await history.as_of(connection, viewer, late)),
                len(begun) + len(of),
                len((await links.standing(connection, [NAME])).get(NAME, [])),
            )

    assert (await seen(ANA), await seen(BOB)) == ((2, 2, 2, 1), (1, 1, 2, 0))
    async with place.viewing(BOB) as connection:
        assert len(await rows(connection, "select from fact_versions")) == 1
        assert await rows(connection, "select from fact_links") == []
    async with place.house() as connection:
        assert (
            await rows(connection, "select from fact_versions")
            == await rows(connection, "select from fact_links")
            == []
        )
    with psycopg.connect(database.admin_dsn, autocommit=True) as owner:
        for table in ("facts", "evidence", "messages", "contents", "fact_versions", "fact_links"):
            owner.execute(sql.SQL("alter table {} disable row level security").format(sql.Identifier(table)))
    assert (await seen(ANA), await seen(BOB)) == ((2, 2, 2, 1), (1, 1, 2, 0))
    assert [fact.status for fact in await read(place, BOB)] == ["open"]


async def test_a_link_shows_to_who_may_read_both(place: Database) -> None:
    """Done, with the words that say so, for who reads both channels; for who reads one, as if there were no other."""
    await record(place, TUESDAY, promise())
    before = await read(place, BOB)
    await link(place)
    (mine,) = await read(place, ANA)
    assert (mine.status, mine.valid_to, mine.evidence[-1]) == ("done", DONE.posted_at, stated(DONE, "settles"))
    assert await read(place, BOB) == before
    assert [fact.status for fact in await held(place, WEDNESDAY + 30)] == ["open"]
    assert [fact.status for fact in await held(place, WEDNESDAY + 90)] == ["done"]
    assert [fact.status for fact in await held(place, WEDNESDAY + 90, BOB)] == ["open"]
    assert [fact.status for fact in await known(place, WEDNESDAY + 65)] == ["open"]
    assert [fact.status for fact in await known(place, WEDNESDAY + 75)] == ["done"]
    async with place.viewing(ANA) as connection:
        assert await facts.current_for(connection, ANA, at(9000), at(9999), 9) == []
    async with place.viewing(BOB) as connection:
        assert await facts.current_for(connection, BOB, at(9000), at(9999), 9) == [NAME]
    async with place.scribing(where("OPEN"), where("SHUT")) as connection:
        (alone,) = await facts.current_in(connection, where("OPEN"), at(0), [])
        assert alone == promise()
    await link(place, gone=True)
    assert [fact.status for fact in await read(place, ANA)] == ["open"]
    assert [fact.status for fact in await known(place, WEDNESDAY + 75, ANA)] == ["open"]


async def test_a_scribe_of_one_end_links_nothing(place: Database) -> None:
    """Only the scribe of both containers writes a link."""
    await record(place, TUESDAY, promise())
    found = await link(place)
    other = found.model_copy(update={"link_id": link_id(DONE.message_id, NAME, "reverses"), "relation": "reverses"})
    for alone in ("OPEN", "SHUT"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            async with place.scribing(where(alone)) as connection:
                await links.record(connection, TEAM, [other], [], at(0))


async def test_a_link_goes_with_its_words(place: Database) -> None:
    """When a message that it rests on is deleted, it is unreadable at once."""
    await record(place, TUESDAY, promise())
    await link(place)
    await bury(place, DONE)
    assert [fact.status for fact in await read(place, ANA)] == ["open"]
    assert [fact.status for fact in await held(place, WEDNESDAY + 90)] == ["open"]


async def test_what_was_erased_is_in_no_time(place: Database, database: TestDatabase) -> None:
    """A version whose words are gone is shown neither as believed nor as the case."""
    await record(place, TUESDAY, promise())
    await record(place, WEDNESDAY, promise(statement="Ana rotates the keys"))
    await bury(place, PROMISE)
    assert await known(place, TUESDAY + 1) == await known(place, 9000) == await held(place, 9000) == []
    assert canaries(database.admin_dsn, "rotate the pelican") == []


async def test_a_persons_word_stays(place: Database) -> None:
    """Whatever is inferred after it, in the same words or others, and when nothing bears the fact out any more."""
    await record(place, TUESDAY, promise())
    fact = await correct(place, due=date(2026, 12, 1), statement="Ana rotates all keys")
    assert (fact.log_odds, fact.engine) == (GIVEN_WORD, "person")
    before = await read(place)
    assert [(each.due, each.statement, each.status) for each in before] == [
        (date(2026, 12, 1), "Ana rotates all keys", "open")
    ]
    await record(place, 4000, promise("done", date(2026, 11, 20), stated(MOVED, "settles"), valid_to=MOVED.posted_at))
    await record(place, 4001, retired=[promise()])
    await link(place)
    assert await read(place) == before


async def test_a_word_ends_and_reopens(place: Database) -> None:
    """Ended when they said so; opened again it has no end. What its kind cannot be is refused."""
    await record(place, TUESDAY, promise())
    assert (await correct(place, status="dropped")).valid_to == at(3000)
    assert (await correct(place, 3001, status="open")).valid_to is None
    with pytest.raises(UnfitCorrection, match="A commitment cannot be answered"):
        await correct(place, status="answered")


async def test_what_was_dismissed_stays_away(place: Database) -> None:
    """It is inferred anew in vain, and known as dismissed by the work on its container alone; undone, it is back."""
    await record(place, TUESDAY, promise())
    word = Correction(by_id=who("BOB"), words="not a fact")
    async with place.scribing(where("OPEN")) as connection:
        await corrections.dismiss(connection, TEAM, NAME, word, at(3000))
    await record(place, 4000, promise("open", date(2026, 11, 20)))
    assert await read(place) == await held(place, 9000) == await known(place, 9000) == []
    async with place.scribing(where("OPEN")) as connection:
        assert [each.dismissed for each in await facts.current_in(connection, where("OPEN"), at(0), [])] == [True]
        await corrections.undo(connection, TEAM, NAME, who("BOB"), at(4100))
    assert await read(place) == [promise()]
    assert len(await known(place, 3500)) == 0


async def test_a_correction_can_be_undone(place: Database) -> None:
    """One after the other, to what was inferred; from then on inference counts again."""
    await record(place, TUESDAY, promise())
    await correct(place, status="done")
    await correct(place, 3001, due=date(2026, 12, 1))
    for minute, expected in ((3002, ("done", date(2026, 11, 19))), (3003, ("open", date(2026, 11, 19)))):
        async with place.scribing(where("OPEN")) as connection:
            await corrections.undo(connection, TEAM, NAME, who("ANA"), at(minute))
        assert [(each.status, each.due) for each in await read(place)] == [expected]
    async with place.scribing(where("OPEN")) as connection:
        with pytest.raises(NoSuchFact, match="Nobody corrected"):
            await corrections.undo(connection, TEAM, NAME, who("ANA"), at(3004))
    await record(place, 4000, promise("open", date(2026, 11, 20)))
    assert [each.due for each in await read(place)] == [date(2026, 11, 20)]


async def test_only_who_may_read_it_corrects_it(place: Database) -> None:
    """To anybody else there is no such fact."""
    await record(place, TUESDAY, promise())
    await members(place, "OPEN", "ANA", minutes=10)
    async with place.house() as connection:
        await connection.execute("update containers set kind = 'private' where container_id = %s", (where("OPEN"),))
    with pytest.raises(NoSuchFact):
        await correct(place, by="BOB", status="done")
    with pytest.raises(NoSuchFact):
        async with place.scribing(where("OPEN")) as connection:
            missing = Correction(by_id=who("ANA"), words="x")
            await corrections.correct(connection, TEAM, FactId(link_id(NAME, NAME, "none")), missing, at(1))
    assert [each.status for each in await read(place)] == ["open"]


async def test_a_corrected_fact_outlives_one_of_its_messages(place: Database) -> None:
    """When words it was read from are deleted, it is read anew from the others, and the person's word on it stays."""
    await record(place, TUESDAY, promise("open", date(2026, 11, 19), stated(MOVED)))
    await correct(place, status="done")
    await bury(place, MOVED)
    assert await read(place) == []
    await record(place, 4000, promise())
    assert [(each.status, each.engine, each.evidence) for each in await read(place)] == [
        ("done", "person", (stated(PROMISE),))
    ]


async def test_a_persons_words_go_with_their_message(place: Database, database: TestDatabase) -> None:
    """A statement that was given in a message goes when that message is deleted; a reason too."""
    await record(place, TUESDAY, promise())
    message = said("SHUT", 2990, "no: Ana rotates the flamingo keys")
    await say(place, message)
    async with place.scribing(where("OPEN"), where("SHUT")) as connection:
        word = Correction(
            by_id=who("ANA"),
            words=message.text,
            said_in=messages.text_of(message),
            statement="Ana rotates the flamingo keys",
        )
        await corrections.correct(connection, TEAM, NAME, word, at(3000))
    assert canaries(database.admin_dsn, "flamingo") == ["contents"]
    async with place.scribing(where("SHUT")) as connection:
        await contents.erase(connection, [messages.text_of(message)])
    assert canaries(database.admin_dsn, "flamingo") == []
    assert await read(place) == []


async def test_the_history_of_a_fact(place: Database) -> None:
    """Each version with its event, in the order of the log; a retired one is the last."""
    await record(place, TUESDAY, promise())
    await correct(place, status="done")
    async with place.viewing(ANA) as connection:
        told = (await history.of(connection, {where("OPEN")}, [NAME]))[NAME]
    assert [(each.ordinal, each.event, each.by_id, each.words) for each in told.versions] == [
        (1, "CommitmentMade", None, None),
        (2, "FactCorrected", who("ANA"), "by ANA"),
    ]
    assert [each.superseded_at for each in told.versions] == [at(3000), None]
    assert told.told_at == {PROMISE.message_id: PROMISE.posted_at}


@pytest.mark.parametrize("beginning", ["", "xyz", "' or 1=1", "-" * 9, "f" * 33])
async def test_a_beginning_that_is_none_finds_nothing(place: Database, beginning: str) -> None:
    """Ids are hexadecimal."""
    await record(place, TUESDAY, promise())
    async with place.viewing(ANA) as connection:
        assert await history.begun_with(connection, {where("OPEN")}, beginning) == []
        assert await history.begun_with(connection, {where("OPEN")}, str(NAME)[:10]) == [NAME]


async def test_a_long_time_ago_there_was_nothing(place: Database) -> None:
    """Nor is anything known of what is to come, but as it stands."""
    await record(place, TUESDAY, promise())
    async with place.viewing(ANA) as connection:
        first, last = (datetime(year, 1, 1, tzinfo=PROMISE.posted_at.tzinfo) for year in (1, 9999))
        assert await history.known_at(connection, ANA, first) == await history.as_of(connection, ANA, first) == []
        assert await history.as_of(connection, ANA, last) == [promise()]
