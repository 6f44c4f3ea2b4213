"""Engines run anew: what they conclude now takes the place of what they concluded, by events of its own."""

import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import reextraction
from bot.clock import FixedClock
from bot.databases import Databases
from bot.offline import no_progress
from bot.reextraction import Changed
from bot.settings import Settings
from memory import conversations, events, facts, messages, replay
from memory.database import Connection, Database, open_pool
from memory.models.facts import Fact
from memory.models.ids import ContainerId, TeamId, container_id, conversation_id
from tests.conftest import TestDatabase
from tests.embedding import Hashing
from tests.integration.chat import at, rows, take_in_once, ts
from tests.openai_server import asking, readers, stub
from tests.openai_server.server import serving

T9 = TeamId("T9")
ROOM = container_id(T9, "slack", "C0")


@pytest.fixture
async def house(database: TestDatabase, export: Path) -> AsyncIterator[Database]:
    await take_in_once(database.app_dsn, export)
    pool = open_pool(database.app_dsn)
    await pool.open()
    yield Database(pool)
    await pool.close()


async def conclude(database: TestDatabase, *, rehearse: bool = False, models: Settings | None = None) -> list[Changed]:
    here = Databases(database.admin_dsn, database.app_dsn)
    told = reextraction.conclude_anew(here, "room0", Hashing(), rehearse=rehearse, progress=no_progress, models=models)
    return [changed async for changed in told]


async def known(house: Database, container: ContainerId = ROOM) -> list[Fact]:
    async with house.scribing(container) as connection:
        return await facts.all_in(connection, container)


async def misread(house: Database) -> Fact:
    """As if an older engine had understood a fact otherwise."""
    fact = next(each for each in await known(house) if each.kind == "commitment")
    wrong = fact.model_copy(update={"statement": "write something", "due": None})
    async with house.scribing(ROOM) as connection:
        read = await messages.read(connection, [span.message_id for span in fact.evidence])
        wordings = {message.message_id: messages.text_of(message) for message in read}
        await facts.record(connection, T9, [wrong], wordings, at(700))
    return fact


async def placements(connection: Connection) -> list[dict[str, object]]:
    return await rows(connection, "select message_id, conversation_id from messages order by 1")


async def test_nothing_changes_where_the_same_is_read(house: Database, database: TestDatabase) -> None:
    """The same engines over the same words conclude the same, and append no fact."""
    before = await known(house)
    assert await conclude(database) == []
    assert await known(house) == before


async def test_what_a_model_read_is_not_asked_again(
    house: Database, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model reads what rules had read; anew, its answers stand, and are not paid twice."""
    monkeypatch.setattr(reextraction, "SystemClock", lambda: FixedClock(at(700)))
    async with serving() as server:
        server.script("extract", stub.each_piece(readers.minutes_of))
        models = asking.settings(server, DAYBOOK_MODEL_DEADLINE=20)
        (gone,) = await conclude(database, models=models)
        assert (gone.sign, gone.kind) == ("-", "question")
        read = await known(house)
        before = server.calls
        assert await conclude(database, models=models) == []
        assert (server.calls, await known(house)) == (before, read)
        assert server.refused == []


async def test_a_rehearsal_leaves_nothing(house: Database, database: TestDatabase) -> None:
    """What would change is shown, and neither log nor tables have moved."""
    right = await misread(house)
    async with house.house() as connection:
        before = len(await events.read(connection, T9, after=0, most=10_000))
    shown = await conclude(database, rehearse=True)
    assert [(each.sign, each.fact_id, each.statement) for each in shown] == [("~", right.fact_id, right.statement)]
    async with house.house() as connection:
        assert len(await events.read(connection, T9, after=0, most=10_000)) == before
    assert right not in await known(house)
    assert await conclude(database, rehearse=True) == shown


async def test_what_is_concluded_now_is_appended(house: Database, database: TestDatabase) -> None:
    """A misread fact is read anew, by an event; and the log leads there again."""
    right = await misread(house)
    assert [each.sign for each in await conclude(database)] == ["~"]
    assert right in await known(house)
    assert (await replay.replay(database.admin_dsn, mend=False)).same


async def test_conversations_are_told_apart_anew(house: Database, database: TestDatabase) -> None:
    """Messages that an older engine put elsewhere come back; the conversation that all left is no more."""
    async with house.scribing(ROOM) as connection:
        before = await placements(connection)
        first = (await messages.placed_in(connection, ROOM))[0]
        stray = conversation_id(first.message.message_id)
        moved = [(each.message.message_id, stray) for each in await messages.placed_in(connection, ROOM)]
        left = {each.conversation_id for each in await messages.placed_in(connection, ROOM) if each.conversation_id}
        await conversations.place(connection, T9, ROOM, moved, at=at(700), version="0", left=left)
    facts_before = await known(house)
    await conclude(database)
    async with house.scribing(ROOM) as connection:
        assert await placements(connection) == before
    assert {fact.fact_id for fact in await known(house)} == {fact.fact_id for fact in facts_before}
    assert (await replay.replay(database.admin_dsn, mend=False)).same


async def test_who_is_called_by_a_first_name_is_known(database: TestDatabase, tmp_path: Path) -> None:
    """Conversations are told apart, now and anew, knowing what the people of the team are called."""
    users = [("U0", "Ana Lima"), ("U1", "Bo Chen"), ("U2", "Cy Ode")]
    said = [
        ("U2", 0, "is the export job still failing for you?"),
        ("U1", 30, "reminder: the office is closed on Friday"),
    ]
    said += [("U0", 34, "hey cy, it does not")]
    files = {
        "users.json": [{"id": key, "team_id": "T9", "profile": {"real_name": name}} for key, name in users],
        "channels.json": [{"id": "C0", "name": "room0", "created": 1, "members": [key for key, _ in users]}],
        "room0/2026-11-16.json": [
            {"type": "message", "user": key, "ts": ts(minute), "text": text} for key, minute, text in said
        ],
    }
    with zipfile.ZipFile(tmp_path / "called.zip", "w") as packed:
        for name, content in files.items():
            packed.writestr(name, json.dumps(content))
    await take_in_once(database.app_dsn, tmp_path / "called.zip")
    async with open_pool(database.app_dsn) as pool:
        house = Database(pool)
        for _ in range(2):
            async with house.scribing(ROOM) as connection:
                question, other, answer = [each.conversation_id for each in await messages.placed_in(connection, ROOM)]
            assert answer == question != other
            assert await conclude(database) == []
