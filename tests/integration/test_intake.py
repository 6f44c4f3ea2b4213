import json
import logging
import random
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import FixedClock
from bot.jobs import Jobs
from bot.local.workspace import LocalWorkspace, Seed
from handlers import detectors
from handlers.listeners import Intake
from handlers.raw import moment
from handlers.routes import Router, SetAside
from handlers.sources.history import History
from handlers.sources.rereading import Rereading
from memory import containers, inbox, teams
from memory.database import Database, open_pool
from memory.models.containers import Container
from memory.models.ids import TeamId, container_id, person_id
from memory.teams import Team
from tests.conftest import TestDatabase
from tests.integration.tables import every_text
from tests.scenarios.workspace.stage import NOW, TEAM, manifest
from tests.unit import oddities, secrets
from tests.unit.disguised import envelope, rich, spoken, survives

T1 = TeamId("T1")
TOKEN = next(secret for secret in secrets.every() if secret.name == "github personal").text


@dataclass(frozen=True)
class House:
    """Daybook from its door to its messages, in front of a real local workspace."""

    workspace: LocalWorkspace
    database: Database
    intake: Intake
    router: Router
    rereading: Rereading
    dsn: str

    async def take(self, body: Mapping[str, Any]) -> list[SetAside]:
        """A delivery, taken in and handled; what was set aside of it."""
        await self.intake.take(body)
        waiting = "select distinct place from inbox where handled_at is null and failure is null"
        return [aside for (place,) in self.rows(waiting) for aside in await self.router.take(place)]

    def rows(self, query: str) -> list[Any]:
        with psycopg.connect(self.dsn) as connection:
            return connection.execute(query.encode()).fetchall()


@pytest.fixture
async def house(database: TestDatabase) -> AsyncIterator[House]:
    workspace = LocalWorkspace(Seed.model_validate(TEAM), manifest(), NOW)
    await workspace.start()
    pool = open_pool(database.app_dsn, most=4)
    await pool.open()
    jobs = Jobs(database.app_dsn, extraction_delay=0)
    client = AsyncWebClient(workspace.bot_token, base_url=workspace.api_url)
    async with jobs.app.open_async():
        store, clock = Database(pool), FixedClock(NOW)
        router = Router(T1, "UBOT", store, jobs, clock)
        rereading = Rereading(History(T1, "UBOT", client, store, jobs, clock), router)
        async with store.house() as connection:
            await teams.see(connection, Team(team_id=T1, name="Harbour", url="", bot_person_id=None))
            here = Container(container_id=container_id(T1, "slack", "C1"), team_id=T1, external_id="C1", kind="public")
            await containers.see(connection, T1, [here], NOW)
        yield House(workspace, store, Intake(T1, "UBOT", store, jobs), router, rereading, database.admin_dsn)
    await pool.close()
    await workspace.stop()


async def test_a_secret_is_nowhere(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """A live message, its edit and a question with any secret leave nothing of it in any column or log line."""
    caplog.set_level(logging.DEBUG)
    all_secrets = secrets.every()[::4]  # each format comes in several disguises; tests/unit/test_redaction.py has all
    for number, secret in enumerate(all_secrets):
        said = spoken(f"look: {secret.text} <@UBOT>", ts=f"{1_795_000_000 + number}.000100")
        cut = len(secret.text) // 2
        said["blocks"] = [rich("look: ", secret.text[:cut], secret.text[cut:])]
        event = envelope(said) | {"event_id": f"Ev{number}"}
        await house.intake.take(event)
        kept = house.rows("select payload from inbox where handled_at is null")
        assert not any(survives(secret, payload) for (payload,) in kept), secret.name
        await house.take(event)
        edited = said | {"edited": {"user": "U1", "ts": f"{1_795_100_000 + number}.000000"}}
        change = spoken("", subtype="message_changed", message=edited, previous_message=said)
        await house.intake.take(envelope(change) | {"event_id": f"Ed{number}"})
        await house.take(envelope(said | {"channel": "D1", "channel_type": "im"}) | {"event_id": f"Dm{number}"})
    assert house.rows("select count(*) from messages") == [(len(all_secrets),)]
    assert house.rows("select count(*) from answers")[0][0] >= len(all_secrets)
    everything = [*every_text(house.dsn), *(("log", caplog_line(record)) for record in caplog.records)]
    found = [(secret.name, place) for secret in all_secrets for place, text in everything if survives(secret, text)]
    assert found == []


def caplog_line(record: logging.LogRecord) -> str:
    return f"{record.getMessage()} {vars(record)}"


def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a detector at work that fails on every text."""

    def fail(_: str) -> bool:
        raise ZeroDivisionError(TOKEN)

    first = replace(detectors.DETECTORS[0], hints=("",), pattern=re.compile("."), unless=fail)
    monkeypatch.setattr(detectors, "DETECTORS", (first,))


async def test_what_redaction_fails_on_is_kept_without_its_words_and_read_back(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """A failing detector costs no message: it is acked, flagged, and read back when redaction works again."""
    ana = house.workspace.actor("U1")
    ts = await ana.post("C1", f"the token is {TOKEN}, ship it")
    event = envelope(spoken(f"the token is {TOKEN}, ship it", ts=ts))
    with pytest.MonkeyPatch.context() as broken_code:
        broken(broken_code)
        assert await house.intake.take(event)
        ((payload, failure, jobs),) = house.rows(
            "select payload, failure, (select count(*) from procrastinate_jobs) from inbox"
        )
        assert failure == inbox.REDACTION_FAILED
        assert jobs == 0
        kept = json.loads(payload)
        assert kept["event"] == {"type": "message", "user": "U1", "channel": "C1", "channel_type": "channel", "ts": ts}
        assert await house.rereading.take_up() == 0, "it still fails, and the delivery stays"
        assert house.rows("select count(*) from messages") == [(0,)]
    assert await house.rereading.take_up() == 1
    assert await house.rereading.take_up() == 0
    assert house.rows("select body from contents") == [("the token is [redacted: github token], ship it",)]
    assert house.rows("select payload from inbox where handled_at is not null") == [(None,)]
    assert TOKEN not in " ".join(text for _, text in every_text(house.dsn)) + caplog.text


async def test_who_asked_what_redaction_fails_on_is_told_once(house: House) -> None:
    """Where it fails again on what is read back, and nobody else is; what can be read later is answered."""
    ana = house.workspace.actor("U1")
    with pytest.MonkeyPatch.context() as broken_code:
        broken(broken_code)
        for number, kind in enumerate(("app_mention", "message")):
            ts = await ana.post("C1", f"<@UBOT> is {TOKEN} the token?")
            event = envelope(spoken("", ts=ts, type=kind)) | {"event_id": f"Ev{number}"}
            await house.intake.take(event)
        for _ in range(2):
            assert await house.rereading.take_up() == 0
            assert house.rows("select surface, channel from outbox") == [("failure", "C1")]
    assert await house.rereading.take_up() == 2
    assert house.rows("select count(*) from answers") == [(2,)]


async def test_an_edit_and_a_thread_reply_are_read_back(house: House) -> None:
    """What is read back is the message that the delivery named, wherever it stands."""
    ana = house.workspace.actor("U1")
    parent = await ana.post("C1", "how do we sign in?")
    reply = await ana.post("C1", "by key", parent)
    await ana.edit("C1", reply, f"by {TOKEN} for now")
    event = envelope(spoken("", subtype="message_changed", message=spoken(TOKEN, ts=reply, thread_ts=parent)))
    with pytest.MonkeyPatch.context() as broken_code:
        broken(broken_code)
        await house.intake.take(event)
    assert await house.rereading.take_up() == 1
    assert house.rows("select body from contents") == [("by [redacted: github token] for now",)]
    assert house.rows("select edited_at is not null, thread_ts from messages") == [(True, parent)]


async def test_a_message_that_is_gone_is_not_missed(house: House) -> None:
    """What was deleted before it could be read back needs no words any more."""
    with pytest.MonkeyPatch.context() as broken_code:
        broken(broken_code)
        await house.intake.take(envelope(spoken("gone by now", ts="1795000099.000000")))
    assert await house.rereading.take_up() == 1
    assert house.rows("select count(*) from messages") == [(0,)]


async def test_what_has_no_words_is_handled_at_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A deletion does not wait for redaction: its ids are all it tells."""
    event = spoken("", subtype="message_deleted", deleted_ts="1795000001.000000", previous_message=spoken(TOKEN))
    with pytest.MonkeyPatch.context() as broken_code:
        broken(broken_code)
        await house.take(envelope(event))
    assert house.rows("select count(*) from messages where deleted_at is not null") == [(1,)]
    assert house.rows("select count(*) from inbox where handled_at is null") == [(0,)]


async def test_what_two_claim_to_have_asked_is_asked_once(house: House) -> None:
    """A second author of one private question is not answered, and does not hold up what comes after it."""
    for number, author in enumerate(("U1", "U2", "U1")):
        question = spoken(f"what is due for {author}?", user=author, channel="D1", channel_type="im")
        assert await house.take(envelope(question) | {"event_id": f"Ev{number}"}) == []
    later = spoken("and now?", user="U2", channel="D1", channel_type="im", ts="1795161700.000100")
    await house.take(envelope(later) | {"event_id": "Ev9"})
    assert house.rows("select count(*), count(distinct asker_id) from answers") == [(2, 2)]
    assert house.rows("select count(*) from inbox where handled_at is null") == [(0,)]


@pytest.mark.parametrize("kind", ["message", "reaction_added", "reaction_removed"])
async def test_what_daybook_does_itself_is_not_taken_in(house: House, kind: str) -> None:
    """Its messages and its marks come back as events; nothing is stored of them. Those of others are."""
    item = {"type": "message", "channel": "C1", "ts": "1747000000.000100"}
    event = {**item, "type": kind, "text": "Hello.", "reaction": "eyes", "item": item}
    for user, stored in (("UBOT", 0), ("UANA", 1)):
        await house.intake.take({"type": "event_callback", "event_id": user, "event": {**event, "user": user}})
        assert len(house.rows("select inbox_id from inbox")) == stored


async def test_any_payload_gets_through_or_is_set_aside(house: House) -> None:
    """With a real database behind it, too, whatever arrives is taken in, and then handled or undecodable."""
    chance = random.Random(17)
    undecodable = 0
    for number in range(400):
        body = oddities.payload(chance) | {"event_id": f"Ev{number}"}
        undecodable += len(await house.take(body))
    assert 50 < undecodable < 300
    await house.rereading.take_up()
    again = oddities.payload(chance) | {"event_id": "Ev\ud800\x00"}
    assert await house.intake.take(again)
    assert not await house.intake.take(again)


async def test_a_question_that_is_only_read_back_is_answered_while_it_is_waited_for(house: House) -> None:
    """What mentions Daybook while no socket is open is found by reading back; what is an hour old, or gone, is left."""
    ana = house.workspace.actor("U1")
    await ana.post("C1", "<@UBOT> what was decided about the old harbour?")
    house.workspace.clock.set(NOW + timedelta(hours=2))
    asked = await ana.post("C1", "<@UBOT> what was decided about the ledger?")
    gone = await ana.post("C1", "<@UBOT> never mind")
    await ana.delete("C1", gone)
    history = replace(house.rereading.history, clock=FixedClock(NOW + timedelta(hours=2)))
    for _ in range(2):
        await history.read_container("C1")
        assert house.rows("select external_ts from answers join messages on message_id = question_message_id") == [
            (asked,)
        ]
    assert house.rows("select count(*) from procrastinate_jobs where task_name = 'answer'") == [(1,)]


async def test_a_question_in_a_dm_is_read_back_too(house: House) -> None:
    """Where somebody lately talked to Daybook alone is looked into after a gap; nothing is kept but questions."""
    ana = house.workspace.actor("U1")
    dm = await ana.open_dm("UBOT")
    heard = await ana.post(dm, "what was decided about the ledger?")
    await house.take(
        envelope(spoken("what was decided about the ledger?", ts=heard) | {"channel": dm, "channel_type": "im"})
    )
    missed = await ana.post(dm, "and about the harbour?")
    async with house.database.house() as connection:
        assert await containers.private_talk(connection, T1) == [dm]
    history = replace(house.rereading.history, clock=FixedClock(NOW + timedelta(minutes=5)))
    for _ in range(2):
        await history.read_container(dm)
        assert house.rows("select count(*) from answers") == [(2,)], missed
    assert house.rows("select count(*) from messages") == [(0,)]


async def test_a_first_question_in_a_dm_is_read_back_too(house: House) -> None:
    """What somebody writes to Daybook for the first time while no socket is open; older direct messages are left."""
    ben = house.workspace.actor("U2")
    await ben.post(await ben.open_dm("UBOT"), "what was decided about the harbour?")
    house.workspace.clock.set(NOW + timedelta(hours=2))
    ana = house.workspace.actor("U1")
    dm = await ana.open_dm("UBOT")
    await ana.post(dm, "what was decided about the ledger?")
    history = replace(house.rereading.history, clock=FixedClock(NOW + timedelta(hours=2)))
    for _ in range(2):
        await history.look_round()
        assert house.rows("select args->>'external_id' from procrastinate_jobs where args->>'external_id' ~ '^D'") == [
            (dm,)
        ]
        await history.read_container(dm)
        assert house.rows("select count(*) from answers") == [(1,)]
    assert house.rows("select count(*) from messages") == [(0,)]


async def test_without_the_scope_for_dms_the_rest_is_read(house: House) -> None:
    """An app that was installed before Daybook asked for it goes on as it did."""
    world = house.workspace.world
    less = tuple(each for each in world.manifest.scopes if each != "im:read")
    world.manifest = replace(world.manifest, scopes=less)
    await house.rereading.history.look_round()
    assert house.rows("select count(*) from procrastinate_jobs where task_name = 'read_container'") == [(2,)]


def later(house: House, after: timedelta) -> History:
    """What reads back so long after the beginning; the workspace's clock is set to then."""
    house.workspace.clock.set(NOW + after)
    return replace(house.rereading.history, clock=FixedClock(NOW + after))


def threads_read(house: House) -> list[Any]:
    """The threads that were asked for."""
    calls = house.workspace.world.calls
    return [call["arguments"]["ts"] for call in calls if call["method"] == "conversations.replies"]


async def test_what_is_said_in_an_older_thread_is_read_back(house: House) -> None:
    """A reply stands under its parent, which was said before the gap; a thread in which nothing is new is not read."""
    ana = house.workspace.actor("U1")
    parent = await ana.post("C1", "how do we ship the ledger?")
    quiet = await ana.post("C1", "who has the keys?")
    await ana.post("C1", "Ben has", quiet)
    await later(house, timedelta(minutes=1)).read_container("C1")
    assert threads_read(house) == [quiet]
    await later(house, timedelta(hours=30)).read_container("C1")
    ((before,),) = house.rows("select count(*) from messages")
    house.workspace.world.calls.clear()
    for times, hours in ((1, 32), (2, 34)):
        house.workspace.clock.set(NOW + timedelta(hours=hours))
        await ana.post("C1", "I will ship it on Friday", parent)
        await ana.post("C1", "<@UBOT> what was decided about the ledger?", parent)
        await later(house, timedelta(hours=hours, minutes=5)).read_container("C1")
        assert threads_read(house) == [parent] * times
    assert house.rows("select count(*) from messages") == [(before + 4,)]
    assert house.rows("select count(distinct question_message_id) from answers") == [(2,)]


async def test_no_thread_is_read_back_from_before_what_a_channel_keeps(house: House) -> None:
    """Where what is said is gone after a day, a thread that began two days ago is gone too."""
    ana = house.workspace.actor("U1")
    parent = await ana.post("C1", "how do we ship the ledger?")
    await later(house, timedelta(hours=40)).read_container("C1")
    async with house.database.house() as connection:
        await containers.retain(connection, T1, container_id(T1, "slack", "C1"), 1, NOW)
    house.workspace.clock.set(NOW + timedelta(hours=48))
    await ana.post("C1", "on Friday", parent)
    await later(house, timedelta(hours=48, minutes=5)).read_container("C1")
    assert threads_read(house) == []


async def test_a_question_in_a_thread_of_a_dm_is_read_back_too(house: House) -> None:
    """Also where the thread is older than what is still waited for; its parent is no new question."""
    ana = house.workspace.actor("U1")
    dm = await ana.open_dm("UBOT")
    parent = await ana.post(dm, "what was decided about the ledger?")
    await house.take(envelope(spoken("what was decided about?", ts=parent) | {"channel": dm, "channel_type": "im"}))
    unheard = await ana.post(dm, "and about the harbour?")
    house.workspace.clock.set(NOW + timedelta(hours=1))
    await ana.post(dm, "who said that?", parent)
    house.workspace.clock.set(NOW + timedelta(hours=3))
    asked = [parent, await ana.post(dm, "since when?", parent), await ana.post(dm, "and who else?", unheard)]
    history = later(house, timedelta(hours=3, minutes=5))
    for _ in range(2):
        await history.read_container(dm)
        assert house.rows("select asked_at from answers order by asked_at") == [(moment(ts),) for ts in asked]
    assert house.rows("select count(*) from messages") == [(0,)]


async def test_a_question_in_a_thread_of_ones_own_channel_is_read_back_too(house: House) -> None:
    """It is asked by whoever has the channel alone; what others say in the thread is neither asked nor kept."""
    ana, ben = house.workspace.actor("U1"), house.workspace.actor("U2")
    parent = await ana.post("C1", "good morning")
    async with house.database.house() as connection:
        place, owner = container_id(T1, "slack", "C1"), person_id(T1, "slack", "U1")
        await containers.make_personal(connection, T1, place, owner, NOW)
    house.workspace.clock.set(NOW + timedelta(hours=3))
    asked = await ana.post("C1", "what was decided about the ledger?", parent)
    await ben.post("C1", "what was decided about the harbour?", parent)
    await later(house, timedelta(hours=3, minutes=5)).read_container("C1")
    assert house.rows("select asked_at from answers") == [(moment(asked),)]
    assert house.rows("select count(*) from messages") == [(0,)]


async def test_a_dm_that_is_gone_is_left(house: House) -> None:
    """It is not there to be read however often it is tried."""
    gone = Container(container_id=container_id(T1, "slack", "D9"), team_id=T1, external_id="D9", kind="dm")
    async with house.database.house() as connection:
        await containers.see(connection, T1, [gone], NOW)
    await house.rereading.history.read_container("D9")
    assert house.rows("select count(*) from answers") == [(0,)]
