"""Any text is only text: whatever comes in at the door, nothing crashes and nothing gets stuck, down to the blocks."""

import logging
import random
import time
from typing import Any

import pytest

from memory import people
from memory.inbox import REDACTION_FAILED
from tests.conftest import TestDatabase
from tests.promises.whole import COLLEAGUE, DAYBOOK, NOW, PLACES, READER, TEAM, Whole, daybook
from tests.unit import oddities

SEED = 20261117
RIGHTLY_ASIDE = {"Undecodable", REDACTION_FAILED}
"""What cannot be read, and what is kept without its words to be read back."""
SPOKEN = (
    *("We decided to go with {} for the ledger.", "I'll send {} by Friday.", "<@U1> can you review {} today?"),
    *("We are blocked on {}.", "Changing my mind: no more {}, we drop it.", "{}", "Done: {}", "{} is deployed"),
)
ASKED = ("What did we decide about {}?", "Who owes {} to <@U2>?", "{}", "What happened yesterday with {}?")
ABSURD = ("0000000001.000001", "9999999999.999999", "4102444800.000000", "1763600000.000000", "-5.000000", "1e9")


def spoken(chance: random.Random, number: int) -> dict[str, Any]:
    """A message that decodes, most of the time, and says something that extraction listens to."""
    channel = chance.choice([*PLACES, *PLACES, *PLACES, "D1"])
    template = chance.choice(ASKED if channel == "D1" else SPOKEN)
    text = template.format(chance.choice(oddities.TEXTS))
    moment = NOW.timestamp() - chance.randrange(7 * 86_400)
    event: dict[str, Any] = {
        "type": "message",
        "user": chance.choice([READER, COLLEAGUE]),
        "channel": channel,
        "channel_type": {"C1": "channel", "C2": "group", "C3": "mpim", "D1": "im"}[channel],
        "ts": f"{moment:.0f}.{number % 10**6:06d}" if chance.random() < 0.9 else chance.choice(ABSURD),
        "text": text if chance.random() < 0.97 else f"<@{DAYBOOK}> {text}",
    }
    if chance.random() < 0.2:
        event["blocks"] = [oddities.nested(chance, chance.choice([1, 5, 50]))]
    if chance.random() < 0.1:
        event["thread_ts"] = chance.choice([event["ts"], *ABSURD])
    if chance.random() < 0.1:
        edited = {**event, "text": template.format(chance.choice(oddities.TEXTS))}
        edited["edited"] = {"user": event["user"], "ts": chance.choice([f"{moment + 60:.0f}.000000", *ABSURD])}
        event = {**event, "subtype": "message_changed", "message": edited, "previous_message": dict(event)}
    return {"type": "event_callback", "team_id": "T1", "event_id": f"Sp{number}", "event": event}


def payload(chance: random.Random, number: int) -> dict[str, Any]:
    """Every other one is odd in any part of it, every other one in what it says."""
    if number % 2:
        return spoken(chance, number)
    body: dict[str, Any] = oddities.payload(chance)
    return body


@pytest.mark.parametrize("many", [150, pytest.param(10_000, marks=[pytest.mark.promises, pytest.mark.timeout(7200)])])
async def test_whatever_comes_in_ends(
    database: TestDatabase, many: int, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Every delivery is handled or rightly set aside, every job ends, and people are told as usual."""
    caplog.set_level(logging.ERROR)
    chance, began = random.Random(SEED), time.monotonic()
    async with daybook(database) as whole:
        for start in range(0, many, 250):
            await whole.take(*(payload(chance, number) for number in range(start, min(start + 250, many))))
            await whole.work(within=600)
            if start % 1000 == 750:
                with capsys.disabled():
                    print(f"{start + 250} payloads, {time.monotonic() - began:.0f} s")  # noqa: T201
        await _tracked(whole)
        await _told(whole)
        taken = time.monotonic() - began
        found = _figures(whole)
        with capsys.disabled():
            print(f"\n{many} payloads from seed {SEED}, {taken:.0f} s: {found}")  # noqa: T201
        stuck = "select kind, failure from inbox where handled_at is null and failure is null"
        assert whole.rows(stuck) == []
        assert {name for (name,) in whole.rows("select distinct failure from inbox where failure is not null")} <= (
            RIGHTLY_ASIDE
        )
        assert whole.rows("select task_name, status, attempts from procrastinate_jobs") == []
        async with whole.daybook.database.house() as connection:
            read = await people.containers_with_readers(connection, TEAM)
        unplaced = "select distinct container_id from messages where conversation_id is null and content_id is not null"
        assert read, "somebody reads what was said"
        assert {place for (place,) in whole.rows(unplaced)}.isdisjoint(read)
        assert [record.getMessage() for record in caplog.records if record.getMessage() != "redaction_failed"] == []
        assert found["messages"] > many * 0.4
        assert found["facts"] > many * 0.05
        assert found["answers"] > many * 0.02
        assert found["items"] > 0


async def _tracked(whole: Whole) -> None:
    """Both who speak are tracked, whatever was pressed before: who is not bears out no fact."""
    for user in (READER, COLLEAGUE):
        press = {"type": "block_actions", "team": {"id": "T1"}, "user": {"id": user}, "trigger_id": f"9.{user}"}
        again = {"action_id": "track", "value": "", "action_ts": f"{NOW.timestamp():.6f}"}
        await whole.take({**press, "actions": [again]})
    await whole.work(within=600)


async def _told(whole: Whole) -> None:
    """The reader asks for a briefing and for the Home tab, and the briefing is made from all that."""
    press = {"type": "block_actions", "team": {"id": "T1"}, "user": {"id": READER}, "trigger_id": "1.1"}
    actions = [
        {"action_id": name, "value": "", "action_ts": f"{NOW.timestamp():.6f}"} for name in ("start", "brief_me")
    ]
    await whole.take({**press, "actions": actions})
    await whole.work(within=600)


def _figures(whole: Whole) -> dict[str, Any]:
    tables = ("messages", "conversations", "facts", "answers", "items")
    counted = {table: whole.value(f"select count(*) from {table}") for table in tables}
    aside = dict(whole.rows("select failure, count(*) from inbox where failure is not null group by 1"))
    return {**counted, "shown": len(whole.shown), "set aside": aside}
