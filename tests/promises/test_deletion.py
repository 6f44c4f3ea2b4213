"""Texts can die: of what was deleted no word is left, in no table and no log line, whatever had been made from it."""

import io
import itertools
import logging
import subprocess
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from bot import telemetry
from bot.local.postgres import EmbeddedPostgres
from bot.local.postgres_binaries import Account, bundled, find_binaries
from memory import outbox
from memory.models.ids import TeamId, person_id
from tests.conftest import TestDatabase, copied
from tests.integration.tables import every_text
from tests.promises.endings import AFTERWARDS, CHANNEL_TYPES, ENDINGS, Said, enveloped
from tests.promises.whole import COLLEAGUE, DAYBOOK, NOW, READER, Whole, daybook

WITHIN = 60
WORDS_STAND = {"contents.body", "passages.search", "passage_terms.stem"}
"""The only columns with words, before and after."""
SPOKEN = (
    "We decided to go with {} for the ledger.",
    "I'll send the {} numbers by Friday.",
    "<@U1> can you review {} today?",
    "We are blocked on {}: staging is down.",
    "Deployed {} to production.",
    "Who knows why {} fails?",
    f"<@{DAYBOOK}> what do we know about {{}}?",
)
ASKED = (
    "What did we decide about the ledger?",
    "Who sends numbers on Friday?",
    "What is blocked?",
    "What was deployed to production?",
    "What do I have to review?",
    "that's done already",
    "that was never promised",
)


def talk(many: int) -> Iterator[tuple[dict[str, Any], list[Said]]]:
    """Events in all channels, one in five edited, and what is to be deleted of each; of two neighbours one stays."""
    for number in range(many):
        channel = ("C1", "C2", "C3", "D1")[number % 4]
        ts = f"{NOW.timestamp() - 20_000 + number * 60:.0f}.{number:06d}"
        user = READER if channel == "D1" or number % 3 else COLLEAGUE
        canary = f"qz{number:04d}vx"
        event = {
            "type": "message",
            "user": user,
            "channel": channel,
            "channel_type": CHANNEL_TYPES[channel],
            "ts": ts,
            "text": SPOKEN[number % len(SPOKEN)].format(canary),
        }
        said = [Said(channel, ts, user, canary)]
        yield event, said
        if number % 5 == 0:
            later = {**event, "text": f"{event['text']} Or {canary}b?", "edited": {"user": user, "ts": f"{ts[:-7]}.9"}}
            changed = {**event, "subtype": "message_changed", "message": later, "previous_message": event}
            yield {**changed, "ts": f"{ts[:-7]}.99"}, []
        keeps = {**event, "ts": f"{ts[:-7]}.7{number:05d}", "text": SPOKEN[number % 5].format(f"keeper{number:04d}")}
        yield keeps, []


def dump(database: TestDatabase) -> str:
    """All that a backup of the database would hold."""
    program = find_binaries(bundled(), Account.choose()) / "pg_dump"
    given = [str(program), "--no-password", f"--dbname={database.admin_dsn}"]
    made = subprocess.run(given, check=True, capture_output=True, env={"LC_ALL": "C"})
    return made.stdout.decode(errors="replace")


def hits(canaries: Iterable[str], text: str) -> list[str]:
    """Canaries that can be read in a text, plain or as bytes in hexadecimal digits."""
    return [each for each in canaries if each in text or each.encode().hex() in text]


@contextmanager
def log_lines() -> Iterator[io.StringIO]:
    """All that operators are told meanwhile, down to debug lines."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(telemetry.JsonLines())
    handler.addFilter(telemetry.is_told)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield written
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


@dataclass(frozen=True)
class Lived:
    """All that was said and made of it, to go on from in copies; and what operators were told meanwhile."""

    database: TestDatabase
    said: list[Said]
    logged: str


@pytest.fixture(scope="module", params=[12, pytest.param(200, marks=[pytest.mark.promises, pytest.mark.timeout(1200)])])
async def lived(request: pytest.FixtureRequest, postgres: EmbeddedPostgres, template: str) -> AsyncIterator[Lived]:
    with copied(postgres, template) as database:
        with log_lines() as log:
            async with daybook(database) as whole:
                said = await _lived_through(whole, request.param)
        yield Lived(database, said, log.getvalue())


@pytest.mark.parametrize(("ending", "after"), [*itertools.product(ENDINGS, AFTERWARDS)])
async def test_no_word_is_left(
    lived: Lived, postgres: EmbeddedPostgres, ending: str, after: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Within a minute of the end nothing of the words is in a dump or a log, though all was made from them before."""
    said, many = lived.said, len(lived.said)
    with log_lines() as log, copied(postgres, lived.database.name) as database:
        log.write(lived.logged)
        async with daybook(database, again=True) as whole:
            canaries = [each.canary for each in said]
            before = dump(database)
            assert len(hits(canaries, before)) == many
            assert "It is here because" in before, "why it stands in the briefing was told too"
            stand = {place for place, text in every_text(database.admin_dsn) if hits(canaries, text)}
            assert stand == WORDS_STAND
            kinds = _kinds_with(whole, "qz")
            assert {"message", "fact", "gist", "result", "item", "answer", "question"} <= kinds.keys()

            began = time.monotonic()
            await ENDINGS[ending](whole, said)
            await AFTERWARDS[after](whole)
            left = hits(canaries, dump(database))
            taken = time.monotonic() - began
            kept = _kinds_with(whole, "keeper")
        logged = hits([*canaries, "keeper"], log.getvalue())
        with capsys.disabled():
            print(  # noqa: T201
                f"\n{many} messages, {ending}, {after}: {sum(kinds.values())} texts with canaries ({kinds}) before;"
                f" after {taken:.1f} s {len(left)} of {many} canaries in the dump, {len(logged)} in"
                f" {log.getvalue().count(chr(10))} log lines; texts of what stays: {kept}"
            )
        assert left == []
        assert logged == []
        assert taken < WITHIN
        assert kept["message"] == many * 3 // 4, "what is said in a DM is a question, and no message"


async def _lived_through(whole: Whole, many: int) -> list[Said]:
    """Everything is said and worked out; then the reader is briefed, and questions are answered in DM and channels."""
    said: list[Said] = []
    for number, (event, found) in enumerate(talk(many)):
        await whole.take(enveloped(event, f"Talk{number}"))
        said += found
    await whole.work()
    await ask_and_brief(whole)
    return said


async def ask_why_below_the_briefing(whole: Whole) -> None:
    """As if the briefing had been posted in the direct message just now."""
    stands = f"{NOW.timestamp():.0f}.700000"
    for (name,) in whole.rows("select outbox_id from outbox where surface = 'briefing' and operation = 'post'"):
        async with whole.daybook.database.house() as connection:
            await outbox.sent(connection, name, "D1", stands, NOW)
    why = {"type": "message", "user": READER, "channel": "D1", "channel_type": "im", "thread_ts": stands}
    why |= {"ts": f"{NOW.timestamp() + 5:.0f}.900000", "text": "why did you tell me this?"}
    await whole.take(enveloped(why, "Why"))
    await whole.work()


async def ask_and_brief(whole: Whole) -> None:
    """The reader asks for a briefing, and asks questions in private and in channels; then answers each item."""
    actions = [
        {"action_id": name, "value": "", "action_ts": f"{NOW.timestamp():.6f}"} for name in ("start", "brief_me")
    ]
    press = {"type": "block_actions", "team": {"id": "T1"}, "user": {"id": READER}, "trigger_id": "1.1"}
    await whole.take({**press, "actions": actions})
    for number, (text, channel) in enumerate(itertools.product(ASKED, ("D1", "C1", "C2"))):
        event = {
            "type": "message",
            "user": READER,
            "channel": channel,
            "channel_type": CHANNEL_TYPES[channel],
            "ts": f"{NOW.timestamp():.0f}.8{number:05d}",
            "text": f"<@{DAYBOOK}> {text}",
        }
        await whole.take(enveloped(event, f"Ask{number}"))
    await whole.work()
    await ask_why_below_the_briefing(whole)
    names = itertools.cycle(("item_declined", "item_done", "item_menu"))
    for number, (item,) in enumerate(whole.rows("select item_id from items order by ordinal")):
        action: dict[str, Any] = {
            "action_id": next(names),
            "value": str(item),
            "action_ts": f"{NOW.timestamp() + 60:.6f}",
        }
        if action["action_id"] == "item_menu":
            action |= {"value": None, "selected_option": {"value": f"tomorrow:{item}"}}
        await whole.take({**press, "trigger_id": f"2.{number}", "actions": [action]})
    for number, (answer,) in enumerate(whole.rows("select answer_id from answers order by 1")):
        rated = {"action_id": "answer_rated", "value": f"{('up', 'down')[number % 2]}:{answer}"}
        rated["action_ts"] = f"{NOW.timestamp() + 60:.6f}"
        await whole.take({**press, "trigger_id": f"4.{number}", "actions": [rated]})
    corrected = "select input_hash, 'proposal_change' from task_results where task = 'amend'"
    me = person_id(TeamId("T1"), "slack", READER)
    mine = f"select fact_id::text, 'promise_confirmed' from facts where kind = 'commitment' and actor_id = '{me}'"
    for number, (value, name) in enumerate(whole.rows(f"{corrected} union all {mine} order by 1")):
        place = {"id": ("C1", "C2")[number % 2]}
        tap = {"action_id": name, "value": value, "action_ts": f"{NOW.timestamp() + 70 + number:.6f}"}
        await whole.take({**press, "channel": place, "trigger_id": f"5.{number}", "actions": [tap]})
    await whole.work()
    for number, (fact,) in enumerate(
        whole.rows("select distinct fact_ids[1] from items where fact_ids <> '{}' order by 1")
    ):
        how = ("untrue", "day", "owner")[number % 3]
        view = {
            "id": f"V{number}",
            "callback_id": "fact_change",
            "private_metadata": f"{fact}:{how}:{READER}:2026-12-01",
        }
        await whole.take({**press, "type": "view_submission", "trigger_id": f"3.{number}", "view": view})
    await whole.work()
    assert whole.value("select count(*) from events where kind in ('FactCorrected', 'FactDismissed')")
    assert whole.value("select count(*) from outbox where surface = 'correction'")
    assert whole.value("select count(*) from ratings") == whole.value("select count(*) from answers")
    assert whole.value("select count(*) from feedback") == whole.value("select count(*) from items")


def _kinds_with(whole: Whole, canary: str) -> dict[str, int]:
    """How many texts of which kind hold a word."""
    return dict(whole.rows(f"select kind, count(*) from contents where body like '%{canary}%' group by 1 order by 1"))
