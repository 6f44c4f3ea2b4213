"""Secrets are redacted before anything is stored: none is in a table, a dump or a log, nor in what is made later."""

import time
from typing import Any

import pytest

from tests.conftest import TestDatabase
from tests.integration.tables import every_text
from tests.promises.endings import CHANNEL_TYPES, enveloped
from tests.promises.test_deletion import ask_and_brief, dump, log_lines
from tests.promises.whole import COLLEAGUE, DAYBOOK, NOW, READER, Whole, daybook
from tests.unit import secrets
from tests.unit.disguised import DISGUISES, bare, survives_in
from tests.unit.secrets import Secret

SPOKEN = ("We decided to use {}", "I'll rotate {} by Friday.", "Who knows {}?", f"<@{DAYBOOK}> is it {{}}?", "{}")
DRESSED: list[tuple[Secret, str, list[str]]] = [
    # Of each format another secret in each disguise: what survives tells how it got through.
    (secret, disguise, dress(secret))
    for seed, (disguise, dress) in enumerate(DISGUISES.items())
    for secret in secrets.every(100 + seed)
]


@pytest.mark.parametrize(
    "every", [17, pytest.param(1, marks=[pytest.mark.promises, pytest.mark.timeout(3600)])], ids=["sample", "all"]
)
async def test_no_store_holds_a_secret(database: TestDatabase, every: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Of all formats in all disguises at least 98 in a hundred are in no store, from intake to what is answered."""
    began, given = time.monotonic(), DRESSED[::every]
    with log_lines() as log:
        async with daybook(database) as whole:
            waiting = await _live_through(whole, given)
            messages = whole.value("select count(*) from messages")
            posts = "\n".join(map(str, whole.shown))
    tables = "\n".join(text for _, text in every_text(database.admin_dsn))
    stores = {"inbox": waiting, "tables": tables, "posts": posts, "dump": dump(database), "logs": log.getvalue()}
    read = {name: bare(text) for name, text in stores.items()}
    missed = {
        f"{secret.name} in {disguise}": [name for name, text in read.items() if survives_in(secret, text)]
        for secret, disguise, _ in given
    }
    missed = {name: places for name, places in missed.items() if places}
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{len({secret.name for secret, _, _ in given})} formats, {len(DISGUISES)} disguises,"
            f" {messages} messages, {time.monotonic() - began:.0f} s:"
            f" {len(given) - len(missed)} of {len(given)} in none of {[*stores]}"
        )
        print(*(f"{name}: {places}" for name, places in missed.items()), sep="\n")  # noqa: T201
    assert messages >= len(given)
    assert len(missed) <= 0.02 * len(given)


async def _live_through(whole: Whole, given: list[tuple[Secret, str, list[str]]]) -> str:
    """Everything is said, edited and asked, worked out and told; returns what waited in the inbox meanwhile."""
    for number, (_, _, texts) in enumerate(given):
        for event in _events(number, texts):
            await whole.take(enveloped(event, f"Ev{event['ts']}{event['channel']}{event.get('subtype')}"))
    waiting = whole.rows("select payload from inbox where payload is not null")
    await whole.work(within=900)
    await ask_and_brief(whole)
    return "\n".join(payload for (payload,) in waiting)


def _events(number: int, texts: list[str]) -> list[dict[str, Any]]:
    """The first wordings of a secret: in a channel, as a question in a DM, and one in five as an edit."""
    channel = ("C1", "C2", "C3")[number % 3]
    first: dict[str, Any] = {
        "type": "message",
        "user": COLLEAGUE if number % 2 else READER,
        "channel": channel,
        "channel_type": CHANNEL_TYPES[channel],
        "ts": f"{NOW.timestamp() - 80_000 + number * 60:.0f}.000100",
        "text": SPOKEN[number % len(SPOKEN)].format(texts[0]),
    }
    second = {**first, "ts": first["ts"][:-1] + "1", "text": texts[-1]}
    asked = {**second, "channel": "D1", "channel_type": "im", "user": READER, "text": f"what is {texts[-1]}?"}
    edited = {**first, "text": f"{texts[-1]}!", "edited": {"user": first["user"], "ts": first["ts"][:-3] + "900"}}
    change = {**first, "subtype": "message_changed", "message": edited, "previous_message": first}
    return [first, second, *([asked, change] if number % 5 == 0 else [])]
