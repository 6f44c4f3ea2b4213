"""What was deleted, forgotten or is over stands nowhere any more: not in a dump, not in a log, and it stays away."""

import logging
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import timedelta

import psycopg
import pytest

from bot import erasing as erasing_module
from bot.clock import FixedClock
from bot.erasing import Erasing, Held
from bot.local.postgres import EmbeddedPostgres
from bot.offline import Offline, offline
from memory import (
    answers,
    briefings,
    containers,
    corrections,
    erasure,
    facts,
    feedback,
    forgotten,
    messages,
    outbox,
    people,
    receipts,
    redraws,
    replay,
    settings,
)
from memory.answers import Question
from memory.corrections import Correction
from memory.database import Connection, Database
from memory.errors import NotTheOwner
from memory.models.audience import Viewer
from memory.models.happenings.telling import ItemDeclined
from memory.models.ids import AnswerId, BriefingId, ContainerId, MessageId, answer_id, briefing_id
from memory.models.messages import Message, Reaction
from memory.models.people import Person
from memory.models.settings import Settings
from tests.conftest import TestDatabase, copied
from tests.embedding import Hashing
from tests.integration.chat import (
    TEAM,
    at,
    bury,
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
from tests.integration.conftest import opened
from tests.integration.remains import columns_with, found_in, pg_dump

EVENING = at(600)
AS_ON_THE_EVENING = (TEAM, FixedClock(EVENING), Hashing())
WITHIN = 60.0
"""Seconds in which a deletion is everywhere."""
NAMES = {"ANA": "Ana Lima", "BOB": "Bob Stone", "CYN": "Cynthia Vantongeren"}
OF_CYN = ("Cynthia Vantongeren", "vantongeren@", "Keeper of the zeppelins", "cynthesizer")
SENTENCES = (
    "We decided to ship {} on Monday.",
    "I'll write the runbook for {} by Friday.",
    "<@BOB> can you review {} before Tuesday?",
    "We're blocked on {} until security answers.",
    "{} is released, error rate is at zero.",
    "Let's go with {} for the next quarter.",
    "who owns {} these days?",
    "<@CYN> I will send you the plan for {} tomorrow.",
)


@dataclass
class Stage:
    """A team whose day was worked out, told of in briefings and answers, and is to be forgotten in part."""

    room: Offline
    erasing: Erasing
    dsn: str
    app_dsn: str
    said: dict[str, Message]
    """By the word that stands in no other message."""

    def words(self, *names: str) -> list[str]:
        """The canaries of these people."""
        return [word for word, message in self.said.items() if message.author_id in {who(name) for name in names}]

    def found(self, canaries: Iterable[str]) -> list[tuple[str, str]]:
        return columns_with(self.dsn, canaries)

    async def work_out(self) -> None:
        for place in ("C1", "C2"):
            await self.room.rooms.extract(where(place))

    async def read_again(self) -> None:
        """As when history is read back: everything is told once more, as it was."""
        await say(self.room.database, *self.said.values())
        edits = [m.model_copy(update={"edited_at": m.posted_at + timedelta(1)}) for m in self.said.values()]
        await say(self.room.database, *edits)


def known(name: str) -> Person:
    if name != "CYN":
        return person(name).model_copy(update={"real_name": NAMES[name]})
    words = {"real_name": NAMES[name], "email": "vantongeren@acme.example", "title": OF_CYN[2], "handle": OF_CYN[3]}
    return person(name).model_copy(update={**words, "projects": ("zeppelins",)})


def day(many: int) -> dict[str, Message]:
    """So many messages of three people in two channels, each with a word of its own."""
    written = {}
    for number in range(many):
        word = f"qux{number:03}zed"
        author, place = ("ANA", "BOB", "CYN")[number % 3], ("C1", "C2")[number // 8 % 2]
        written[word] = said(
            place,
            number,
            SENTENCES[number % len(SENTENCES)].format(word),
            author,
            mentions=(who("BOB"),) if number % 8 == 2 else (who("CYN"),) if number % 8 == 7 else (),
        )
    return written


def asked(name: str, place: str | None, minutes: float, text: str) -> Question:
    found = said(place or f"D-{name}", minutes, text, name)
    return Question(
        answer_id=answer_id(found.message_id),
        asker_id=who(name),
        container_id=found.container_id,
        question_message_id=found.message_id,
        viewer_kind="channel" if place else "person",
        viewer_id=where(place) if place else who(name),
        question=text,
        asked_at=found.posted_at,
    )


async def ask(room: Offline, question: Question) -> AnswerId:
    async with room.database.viewing(question.viewer) as connection:
        await answers.ask(connection, TEAM, question)
    await room.rooms.answer(question.answer_id, f"{question.viewer_kind}:{question.viewer_id}")
    return question.answer_id


async def brief(room: Offline, name: str) -> BriefingId:
    today = EVENING.date()
    async with room.database.house() as connection:
        await people.start_reading(connection, TEAM, who(name), at(0))
        await briefings.claim(connection, TEAM, who(name), today, EVENING)
    await room.rooms.brief(briefing_id(who(name), today))
    return briefing_id(who(name), today)


async def decline_all(house: Database, name: str) -> None:
    """Nothing of that day's briefing was for them."""
    async with house.viewing(Viewer.person(who(name))) as connection:
        made = await briefings.read(connection, briefing_id(who(name), EVENING.date()))
        assert made is not None
        for item in made.items:
            await feedback.say(connection, TEAM, who(name), ItemDeclined(item_id=item.item_id), EVENING)


async def set_up(house: Database, room: Offline, written: dict[str, Message]) -> None:
    """The day is written, worked out and told: two briefings, and answers in a channel and in private."""
    await introduce(house, *(known(name) for name in NAMES))
    await open_containers(house, container("C1"), container("C2", "private"))
    await open_containers(house, container("D-CYN", "dm"), container("D-BOB", "dm"))
    for place in ("C1", "C2"):
        await members(house, place, *NAMES)
    await say(house, *written.values())
    for place in ("C1", "C2"):
        await room.rooms.extract(where(place))
        await room.rooms.index(where(place))
        async with house.scribing(where(place)) as connection:
            await put_right(connection, where(place))
            found = [m for m in written.values() if m.container_id == where(place)][:9]
            liked = [
                Reaction(
                    message_id=m.message_id,
                    container_id=m.container_id,
                    person_id=who("CYN"),
                    name="eyes",
                    added=True,
                    at=at(500),
                )
                for m in found
            ]
            await messages.react(connection, TEAM, liked)
    for name in ("ANA", "CYN"):
        await brief(room, name)
        await decline_all(house, name)
    async with house.viewing(Viewer.person(who("CYN"))) as connection:
        chosen = Settings(projects=("qux-cyn-proj",), people=(who("ANA"),))
        await settings.change(connection, TEAM, who("CYN"), chosen, "form", at(509))
    # A question is the asker's own words: what it names would rightly outlive what it asks about.
    await ask(room, asked("ANA", "C1", 510, "what was decided to ship on Monday?"))
    await ask(room, asked("CYN", "C1", 511, "who writes the runbook? says the qux-cyn-quest"))
    await ask(room, asked("CYN", None, 512, "what was decided to ship on Monday? qux-cyn-quest"))
    await ask(room, asked("BOB", None, 513, "what did <@CYN> promise?"))


async def put_right(connection: Connection, place: ContainerId) -> None:
    """Cyn says how one of the facts there is, in words of her own."""
    fact = next(each for each in await facts.all_in(connection, place) if each.kind == "decision")
    said_so = Correction(by_id=who("CYN"), words="no, the qux-cyn-way", statement="Ship the qux-cyn-way.")
    await corrections.correct(connection, TEAM, fact.fact_id, said_so, at(505))


@pytest.fixture(scope="module")
async def told(shared_database: TestDatabase) -> TestDatabase:
    """The day written, worked out and told, to be copied; nobody is connected to it any more."""
    async with opened(shared_database) as house, offline(shared_database.app_dsn, *AS_ON_THE_EVENING) as room:
        await set_up(house, room, day(300))
    return shared_database


@pytest.fixture
async def stage(postgres: EmbeddedPostgres, told: TestDatabase) -> AsyncIterator[Stage]:
    with copied(postgres, told.name) as database:
        async with offline(database.app_dsn, *AS_ON_THE_EVENING) as room:
            erasing = Erasing(TEAM, room.database, room.rooms.runs.saver, room.rooms.dispatch, room.clock, "test")
            yield Stage(room, erasing, database.admin_dsn, database.app_dsn, day(300))


async def test_two_hundred_deleted_messages_leave_nothing(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """After extraction, briefing and answers: no word in a dump or a log, within a minute, and none comes back."""
    caplog.set_level(logging.DEBUG)
    gone = dict(list(stage.said.items())[:200])
    assert len(found_in(pg_dump(stage.dsn), gone)) == 200
    began = time.monotonic()
    for message in gone.values():
        await bury(stage.room.database, message, minutes=590)
    assert found_in(pg_dump(stage.dsn), gone) == []
    assert time.monotonic() - began < WITHIN
    await stage.read_again()
    await stage.work_out()
    assert (await replay.replay(stage.dsn, mend=True)).same
    assert found_in(pg_dump(stage.dsn), gone) == []
    assert found_in(caplog.text, stage.said) == []
    assert len(found_in(pg_dump(stage.dsn), stage.said)) == 100  # the others stand


async def test_an_erased_person_leaves_nothing(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """Neither what they wrote and asked nor what they are called stands in a dump or a log, or comes back."""
    caplog.set_level(logging.DEBUG)
    canaries = [*stage.words("CYN"), *OF_CYN, "qux-cyn-quest", "qux-cyn-way", "qux-cyn-proj"]
    assert len(found_in(pg_dump(stage.dsn), canaries)) == len(canaries)
    before = await receipts.of(stage.dsn, TEAM, who("CYN"))
    assert before.words > 0
    began = time.monotonic()
    erased, _ = await stage.erasing.person(who("CYN"))
    assert (erased["messages"], erased["settings"]) == (100, 1)
    assert found_in(pg_dump(stage.dsn), canaries) == []
    assert time.monotonic() - began < WITHIN
    await introduce(stage.room.database, known("CYN"))
    await stage.read_again()
    await stage.work_out()
    await ask(stage.room, asked("CYN", "C1", 515, "what of qux-cyn-quest?"))
    assert (await replay.replay(stage.dsn, mend=True)).same
    assert stage.found(canaries) == []
    assert found_in(caplog.text, [*stage.said, *OF_CYN]) == []
    after = await receipts.of(stage.dsn, TEAM, who("CYN"))
    assert {line.what: line.count for line in after.lines if line.words and line.count} == {}
    assert next(line.count for line in after.lines if line.what == "said of items") == 0
    assert {line.what for line in after.lines if line.count} >= {"identities", "events that name their id"}
    assert len(found_in(pg_dump(stage.dsn), stage.words("ANA", "BOB"))) == 200


async def test_a_forgotten_container_leaves_nothing(stage: Stage) -> None:
    """Its words, conversations, facts and name are in no column; what stands elsewhere stands."""
    there = [word for word, message in stage.said.items() if message.container_id == where("C2")]
    erased = await stage.erasing.container(where("C2"))
    assert erased["messages"] == len(there)
    await stage.read_again()
    await open_containers(stage.room.database, container("C2", "private"))
    await stage.work_out()
    assert stage.found(there) == []
    with psycopg.connect(stage.dsn) as owner:
        for table in ("conversations", "facts", "evidence", "conversation_work"):
            query = f"select count(*) from {table} where container_id = %s"
            assert owner.execute(query.encode(), (where("C2"),)).fetchone() == (0,), table
        kept = owner.execute("select name, read_by_daybook from containers where container_id = %s", (where("C2"),))
        assert kept.fetchone() == ("", False)
    assert (await stage.erasing.container(where("C2"))).total() == 0


async def test_what_is_over_leaves_nothing(stage: Stage) -> None:
    """After retention no column has a word of what was older, and reading back restores none."""
    cutoff = EVENING + timedelta(days=30) - timedelta(minutes=600 - 150)
    later = Erasing(**{**vars(stage.erasing), "clock": FixedClock(cutoff)})
    for place in ("C1", "C2"):
        async with stage.room.database.scribing(where(place)) as connection:
            await containers.retain(connection, TEAM, where(place), 30, EVENING)
    over = [word for word, message in stage.said.items() if message.posted_at < at(150)]
    assert (await later.tidy())["messages"] == len(over) == 150
    await stage.read_again()
    await stage.work_out()
    assert stage.found(over) == []
    assert len(found_in(pg_dump(stage.dsn), stage.said)) == 150
    assert (await later.tidy())["messages"] == 0


async def test_a_legal_hold_wins(stage: Stage) -> None:
    """Over retention, and over forgetting a message, a channel, and what a person wrote there; until it is released."""
    async with stage.room.database.scribing(where("C1")) as connection:
        await containers.retain(connection, TEAM, where("C1"), 1, EVENING)
        await containers.hold(connection, TEAM, where("C1"), True, EVENING)
    held = [word for word, message in stage.said.items() if message.container_id == where("C1")]
    first = stage.said[held[0]]
    with pytest.raises(Held):
        await stage.erasing.message(where("C1"), standing(first))
    with pytest.raises(Held):
        await stage.erasing.container(where("C1"))
    _, left_alone = await stage.erasing.person(who("CYN"))
    assert [place.external_id for place in left_alone] == ["C1"]
    later = Erasing(**{**vars(stage.erasing), "clock": FixedClock(EVENING + timedelta(days=9))})
    await later.tidy()
    assert len(found_in(pg_dump(stage.dsn), held)) == len(held)
    async with stage.room.database.scribing(where("C1")) as connection:
        await containers.retain(connection, TEAM, where("C1"), None, EVENING)
        await containers.hold(connection, TEAM, where("C1"), False, EVENING)
    await stage.erasing.tidy()
    assert stage.found(stage.words("CYN")) == []
    assert len(found_in(pg_dump(stage.dsn), held)) == len([w for w in held if w not in stage.words("CYN")])


def standing(message: Message) -> erasure.Standing:
    return erasure.Standing.model_validate(message.model_dump(include=set(erasure.Standing.model_fields)))


async def test_a_forgotten_message_is_as_a_deleted_one(stage: Stage) -> None:
    """Its words go, a later edit or reading back does not restore them, and a second time changes nothing."""
    word, message = next(iter(stage.said.items()))
    assert await stage.erasing.message(message.container_id, standing(message)) == {"messages": 1}
    await stage.read_again()
    assert stage.found([word]) == []
    assert (await stage.erasing.message(message.container_id, standing(message))).total() == 0
    await bury(stage.room.database, message)
    query = "select payload ->> 'reason' as reason from events where kind = 'MessageErased' and team_id = %(team)s"
    async with stage.room.database.house() as connection:
        assert [row["reason"] for row in await rows(connection, query, team=TEAM)] == ["forgotten"]


class Killed(Exception):
    """The program was ended here."""


async def test_forgetting_goes_on_after_a_kill(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off after some batches, it is finished by the daily round, though nobody says the name again."""
    monkeypatch.setattr(erasing_module, "BATCH", 7)
    batches = 0
    proper = erasure.erase

    async def erase(*given: object, **more: object) -> None:
        nonlocal batches
        batches += 1
        if batches > 3:
            raise Killed
        await proper(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(erasure, "erase", erase)
    with pytest.raises(Killed):
        await stage.erasing.person(who("CYN"))
    async with stage.room.database.house() as connection:
        assert await forgotten.people(connection, TEAM) == {who("CYN"): True}
    left = found_in(pg_dump(stage.dsn), stage.words("CYN"))
    assert len(left) == 100 - 21
    monkeypatch.setattr(erasure, "erase", proper)
    assert (await stage.erasing.tidy())["messages"] == 100 - 21
    assert stage.found([*stage.words("CYN"), *OF_CYN, "qux-cyn-quest"]) == []
    async with stage.room.database.house() as connection:
        assert await forgotten.people(connection, TEAM) == {who("CYN"): False}


async def test_checkpoints_hold_no_words(stage: Stage) -> None:
    """The state of runs is ids and plain values: no word that anybody wrote, and nobody's name, stands in it."""
    names = [*NAMES.values(), *OF_CYN, "qux-cyn-quest", *stage.said]
    with psycopg.connect(stage.dsn) as owner:
        runs = owner.execute("select distinct split_part(thread_id, ':', 1) from checkpoints order by 1").fetchall()
    assert runs == [("answering",), ("briefing",)]
    assert [found for found in stage.found(names) if found[0].startswith("checkpoint")] == []


async def test_runs_of_the_forgotten_go(stage: Stage) -> None:
    """Of somebody's briefings and answers no state of a run is left; the others' stay until they are old."""
    await stage.erasing.person(who("CYN"))
    with psycopg.connect(stage.dsn, autocommit=True) as owner:
        left = owner.execute("select distinct thread_id from checkpoints order by 1").fetchall()
        assert len(left) == 3
        assert f"briefing:{briefing_id(who('CYN'), EVENING.date())}" not in {name for (name,) in left}
        owner.execute(
            "update checkpoints set checkpoint = jsonb_set(checkpoint, '{ts}', to_jsonb('2026-01-01T00:00:00Z'::text))"
            " where thread_id like 'answering:%'"
        )
        owner.execute("update leases set expires_at = now() - interval '8 days' where run_key like 'answering:%'")
        assert (await stage.erasing.tidy())["runs"] == 2
        assert len(owner.execute("select distinct thread_id from checkpoints").fetchall()) == 1
        assert owner.execute("select count(*) from leases where run_key like 'answering:%'").fetchone() == (0,)


async def test_a_post_of_gone_words_is_to_be_updated_once(stage: Stage) -> None:
    """For what went at one time there is one update, though many texts went; for what goes later, another."""
    house, key = stage.room.database, briefing_id(who("ANA"), EVENING.date())

    query = "select key from outbox where operation = 'update' and subject_id = %(id)s"

    async def updates() -> list[str]:
        async with house.house() as connection:
            await redraws.intend(connection, TEAM, EVENING)
            found = await rows(connection, query, id=key)
        return [row["key"] for row in found]

    async with house.viewing(Viewer.person(who("ANA"))) as connection:
        shown = await briefings.read(connection, key)
    assert shown is not None
    cited: list[MessageId] = list(dict.fromkeys(s.message_id for item in shown.items for s in item.sources))
    by_id = {message.message_id: message for message in stage.said.values()}
    *others, last = cited
    assert len(others) > 1
    for message in others[:3]:
        await bury(house, by_id[message])
    first = await updates()
    assert (len(first), await updates()) == (1, first)
    await bury(house, by_id[last])
    assert len(await updates()) == 2


async def test_what_is_posted_after_its_words_went_is_looked_at_again(stage: Stage) -> None:
    """A briefing whose words went before its post was intended stays noted until there is a post to update."""
    house, key = stage.room.database, briefing_id(who("ANA"), EVENING.date())
    with psycopg.connect(stage.dsn, autocommit=True) as owner:
        owner.execute("delete from outbox where subject_id = %s", (key,))
    for message in stage.said.values():
        await bury(house, message)
    async with house.house() as connection:
        assert await redraws.intend(connection, TEAM, EVENING) != []  # the answers
        await outbox.intend(connection, TEAM, "late", "briefing", key, at=EVENING, person=who("ANA"))
    async with house.house() as connection:
        assert len(await redraws.intend(connection, TEAM, EVENING)) == 1
        assert await redraws.intend(connection, TEAM, EVENING) == []
        assert await rows(connection, "select from redraws where subject_id = %(id)s", id=key) == []


async def test_who_may_erase_across_viewers(stage: Stage) -> None:
    """The functions that reach past row-level security are the application's alone."""
    query = """
        select p.proname from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
         where p.proname = any (%(names)s) and a.grantee = 0"""
    names = ["erase_calling", "erase_contents", "note_redraws", "erase_derived"]
    async with stage.room.database.house() as connection:
        assert await rows(connection, query, names=names) == []


async def test_the_owner_reads_receipts(stage: Stage) -> None:
    """A receipt has counts and dates, no words; the application cannot read one."""
    receipt = await receipts.of(stage.dsn, TEAM, who("CYN"))
    counts = {line.what: line.count for line in receipt.lines}
    assert (counts["messages"], counts["entries of the index, with vectors"], counts["words on facts"]) == (100, 100, 2)
    assert (counts["briefings"], counts["questions"], counts["reactions"], counts["memberships"]) == (1, 2, 18, 2)
    assert (counts["settings"], counts["names of projects in their settings"]) == (1, 1)
    for what in (
        "mentions by others",
        "facts as actor",
        "evidence in their messages",
        "items of briefings",
        "said of items",
        "cached results",
        "texts derived from their messages",
        "runs",
        "names in the directory",
        "identities",
    ):
        assert counts[what] > 0, what
    assert {place.called for place in receipt.containers} >= {"C1", "C2"}
    assert found_in(receipt.model_dump_json(), [*stage.said, *OF_CYN, *NAMES.values()]) == []
    with pytest.raises(NotTheOwner):
        await receipts.of(stage.app_dsn, TEAM, who("CYN"))
