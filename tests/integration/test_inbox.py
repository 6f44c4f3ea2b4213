import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest

from bot.jobs import Jobs
from handlers.errors import Undecodable
from handlers.listeners import Intake
from handlers.routes import Router
from memory import inbox
from memory.database import Database
from tests.conftest import TestDatabase
from tests.integration.chat import TEAM, at, canaries, container, members, open_containers, rows, ts, where

CANARY = "xylophonic"
OWN = "UBOT"


class Noon:
    def now(self) -> datetime:
        return at(180)


@pytest.fixture
async def jobs(house: Database, database: TestDatabase) -> AsyncIterator[Jobs]:
    found = Jobs(database.app_dsn, extraction_delay=0)
    async with found.app.open_async():
        yield found


@pytest.fixture
def intake(house: Database, jobs: Jobs) -> Intake:
    return Intake(TEAM, OWN, house, jobs)


@pytest.fixture
def router(house: Database, jobs: Jobs) -> Router:
    return Router(TEAM, OWN, house, jobs, Noon())


def envelope(number: int = 1, **event: Any) -> dict[str, Any]:
    said = {"type": "message", "channel": "C1", "channel_type": "channel", "user": "UANA", "ts": ts(number), **event}
    return {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{number}", "event": said}


async def counts(house: Database) -> tuple[int, int]:
    """How many deliveries are stored, and how many jobs would handle them."""
    async with house.house() as connection:
        stored = await rows(connection, "select count(*) as n from inbox")
        waiting = await rows(connection, "select count(*) as n from procrastinate_jobs where task_name = 'handle'")
    return stored[0]["n"], waiting[0]["n"]


async def only_delivery(house: Database) -> dict[str, Any]:
    async with house.house() as connection:
        (found,) = await rows(connection, "select * from inbox")
    return found


async def test_a_delivery_and_its_job_come_together(house: Database, intake: Intake) -> None:
    """A new delivery is stored with one job; a repeat, at once or later, adds neither."""
    taken = await asyncio.gather(*(intake.take(envelope(text="hello")) for _ in range(5)))
    assert sorted(taken) == [False, False, False, False, True]
    assert await intake.take(envelope(text="hello")) is False
    assert await counts(house) == (1, 1)


async def test_neither_stays_when_one_fails(house: Database, intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    """A delivery whose job cannot be enqueued is not stored, and so not acked; the next try stores both."""
    enqueue = Jobs.handle

    async def enqueue_and_fail(self: Jobs, *given: Any) -> None:
        await enqueue(self, *given)
        raise ConnectionError

    monkeypatch.setattr(Jobs, "handle", enqueue_and_fail)
    with pytest.raises(ConnectionError):
        await intake.take(envelope(text="hello"))
    assert await counts(house) == (0, 0)
    monkeypatch.undo()
    assert await intake.take(envelope(text="hello"))
    assert await counts(house) == (1, 1)


async def test_a_delivery_taken_up_again_gets_one_job(house: Database, intake: Intake, jobs: Jobs) -> None:
    """However often a delivery is found lying about, one waiting job for it is enough."""
    await intake.take(envelope(text="hello"))
    for _ in range(3):
        async with house.house() as connection:
            await jobs.handle(connection, TEAM, "C1")
    assert await counts(house) == (1, 1)


async def test_job_arguments_hold_no_words(
    house: Database, intake: Intake, router: Router, database: TestDatabase
) -> None:
    """What people write stands in the inbox until it is handled and in contents after, and nowhere else."""
    await intake.take(envelope(text=CANARY))
    assert canaries(database.admin_dsn, CANARY) == ["inbox"]
    assert await router.take("C1") == []
    assert canaries(database.admin_dsn, CANARY) == ["contents"]
    handled = await only_delivery(house)
    assert handled["payload"] is None
    assert handled["handled_at"] is not None


@pytest.mark.parametrize(
    "text",
    [f"a\x00{CANARY}", f"\ud800{CANARY}\udfff", CANARY + "x" * 60_000, f"\u202e{CANARY}", f"{CANARY}\r\n\u2028\ufeff"],
)
async def test_any_text_gets_through(house: Database, intake: Intake, router: Router, text: str) -> None:
    """NUL, lone surrogates, long and right-to-left texts are stored as text; nothing gets stuck."""
    await intake.take(envelope(text=text))
    assert await router.take("C1") == []
    async with house.scribing(where("C1")) as connection:
        (stored,) = await rows(connection, "select body from contents")
    assert CANARY in stored["body"]
    assert "\x00" not in stored["body"]
    assert len(stored["body"]) <= 40_000


@pytest.mark.parametrize(
    "event",
    [
        {"ts": "99999999999999.1"},
        {"ts": "-5"},
        {"ts": "1e400"},
        {"ts": "NaN"},
        {"ts": "١٧٦٣٢٨٣٦٠٠"},
        {"ts": {"nested": 1}},
        {"ts": "1763283600.000\x00"},
        {"thread_ts": "\ud800"},
        {"channel": "C\x00"},
        {"channel": ["C1"]},
        {"user": "\ud800"},
        {"user": {"id": "U"}},
        {"edited": {"ts": "soon"}},
        {"subtype": "message_deleted"},
        {"subtype": "message_changed", "message": CANARY},
        {"attachments": 7, "text": ""},
        {"type": "reaction_added", "item": {"type": "message", "channel": "C1", "ts": "x"}},
        {"type": "member_joined_channel", "event_ts": "9" * 40},
        {"type": "user_change", "user": {"id": "U1", "profile": CANARY}},
    ],
    ids=repr,
)
async def test_what_cannot_be_read_is_set_aside_without_its_words(
    house: Database, intake: Intake, router: Router, database: TestDatabase, event: dict[str, Any]
) -> None:
    """A malformed delivery is stored, acked and set aside once; its shape is kept, the words are not."""
    body = envelope(**{"text": CANARY, **event})
    await intake.take(body)
    (aside,) = await router.take((await only_delivery(house))["place"])
    assert isinstance(aside.error, Undecodable)
    assert CANARY not in str(aside.error)
    kept = await only_delivery(house)
    assert (kept["failure"], kept["handled_at"]) == ("Undecodable", None)
    assert json.loads(kept["payload"])["event_id"] == "Ev1"
    assert canaries(database.admin_dsn, CANARY) == []
    async with house.house() as connection:
        assert await inbox.forgotten(connection, TEAM) == []
        assert await inbox.waiting(connection) == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": CANARY * 9, "team_id": "T1"},
        {"event": [CANARY], "event_id": "\ud800", "channel": CANARY},
        {"event": {"type": "\x00", "channel": "\x00", "user": 5}},
    ],
    ids=repr,
)
async def test_any_envelope_is_stored(
    house: Database, intake: Intake, database: TestDatabase, body: dict[str, Any]
) -> None:
    """An envelope that nobody knows is stored all the same, and its words stand in the payload alone."""
    assert await intake.take(body)
    assert await counts(house) == (1, 1)
    assert set(canaries(database.admin_dsn, CANARY)) <= {"inbox"}


async def test_an_odd_frame_is_kept_without_its_words(house: Database, intake: Intake, database: TestDatabase) -> None:
    """What is no delivery at all is set aside as its shape alone."""
    await intake.set_aside({"type": "events_api", "envelope_id": "1-2", "payload": {"text": CANARY}}, "KeyError")
    assert (await only_delivery(house))["failure"] == "KeyError"
    assert canaries(database.admin_dsn, CANARY) == []


async def test_a_question_deleted_before_it_arrives_is_not_asked(
    house: Database, intake: Intake, router: Router, database: TestDatabase
) -> None:
    """A mention whose deletion came first is neither stored nor answered."""
    gone = envelope(1, text=f"<@{OWN}> who knows {CANARY}?")
    deletion = envelope(2, subtype="message_deleted", deleted_ts=ts(1), event_ts=ts(3))
    for body in (deletion, gone):
        await intake.take(body)
    assert await router.take("C1") == []
    assert canaries(database.admin_dsn, CANARY) == []


async def test_many_channels_at_once_do_not_deadlock(house: Database, jobs: Jobs, router: Router) -> None:
    """Eight workers that take all kinds of events of many channels never wait in a circle."""
    await open_containers(house, *(container(f"C{n}") for n in range(6)))
    for n in range(6):
        await members(house, f"C{n}", "UANA")
    intake = Intake(TEAM, OWN, house, jobs)
    bodies: list[dict[str, Any]] = []
    for n in range(240):
        channel, posted = f"C{n % 6}", ts(n % 10)
        event: dict[str, Any] = {"channel": channel, "ts": posted, "text": "hello", "event_ts": ts(n)}
        match n % 5:
            case 1:
                changed = {"ts": posted, "user": "UANA", "text": f"edit {n}", "edited": {"ts": ts(n)}}
                event |= {"subtype": "message_changed", "message": changed}
            case 2:
                event |= {"type": "reaction_added", "reaction": "tada"}
                event["item"] = {"type": "message", "channel": channel, "ts": posted}
            case 3:
                event |= {"type": "member_joined_channel", "user": f"U{n % 3}X"}
            case 4 if n % 2:
                event |= {"subtype": "message_deleted", "deleted_ts": posted}
        bodies.append(envelope(n, **event))
    for body in bodies:
        await intake.take(body)
    async with house.house() as connection:
        places = [row["place"] for row in await rows(connection, "select distinct place from inbox")]
    async with asyncio.timeout(60):
        # Each place twice at a time, as when a worker is taken for dead: what both do, is done once.
        assert await asyncio.gather(*(router.take(place) for place in places * 2)) == [[]] * len(places) * 2
    async with house.house() as connection:
        assert await inbox.waiting(connection) == 0
        positions = await rows(connection, "select position from events order by 1")
    assert [row["position"] for row in positions] == list(range(1, len(positions) + 1))
