"""What goes wrong at the door is told by what it means."""

import logging

import pytest
from aiohttp import ClientConnectionResetError
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.request import SocketModeRequest

from handlers.listeners import Door, Intake
from memory.models.ids import TeamId


async def test_an_ack_that_finds_no_connection_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What was taken in is stored by then: when the program leaves, or a connection breaks, Slack sends it again."""

    async def acks(*_: object) -> None:
        raise ClientConnectionResetError("Cannot write to closing transport")

    async def nothing() -> None: ...

    monkeypatch.setattr(AsyncSocketModeHandler, "handle", acks)
    intake = Intake(team=TeamId("T1"), own_id="UBOT", database=None, dispatch=None)  # type: ignore[arg-type]
    door = Door(AsyncApp(token="xoxb-1", signing_secret="x"), "xapp-1", intake, ping_interval=5.0, on_gap=nothing)
    with caplog.at_level(logging.INFO):
        await door.handle(door.client, SocketModeRequest(type="events_api", envelope_id="e1", payload={}))
    await door.client.close()
    assert [(each.levelno, each.message) for each in caplog.records if each.name.startswith("handlers")] == [
        (logging.INFO, "ack_not_sent")
    ]
