"""What a person calls the app with, and what it may answer."""

from dataclasses import replace

import pytest
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.local.workspace import Denied, LocalWorkspace
from bot.local.workspace.manifest import Manifest
from tests.scenarios.workspace.stage import Bot, Payload, manifest

OFFERED = Manifest.read(
    manifest()
    | {
        "features": {
            "slash_commands": [{"command": "/book", "description": "What there is", "usage_hint": "help"}],
            "shortcuts": [
                {"name": "Brief me", "type": "global", "callback_id": "brief", "description": "Now"},
                {"name": "Track", "type": "message", "callback_id": "track", "description": "This"},
            ],
        }
    }
)


@pytest.fixture
def offering(workspace: LocalWorkspace) -> LocalWorkspace:
    """The workspace with an app that can be called."""
    granted = workspace.world.manifest
    workspace.world.manifest = replace(granted, commands=OFFERED.commands, shortcuts=OFFERED.shortcuts)
    return workspace


async def test_a_command_is_answered_with_its_ack(offering: LocalWorkspace, bot: Bot) -> None:
    """The app hears who entered what and where; what it says stands there for that person alone, or for all."""
    heard: list[Payload] = []

    @bot.app.command("/book")
    async def answers(ack: AsyncAck, command: Payload) -> None:
        heard.append(command)
        await ack(text=f"*{command['text']}*", response_type=command["text"] or "ephemeral")

    await offering.actor("U1").command("general", "/book")
    await offering.actor("U1").command("general", "/book", " in_channel ")
    assert [(each["user_id"], each["channel_id"], each["text"]) for each in heard] == [
        ("U1", "C1", ""),
        ("U1", "C1", "in_channel"),
    ]
    assert len({each["trigger_id"] for each in heard}) == 2
    private, public = offering.world.state.channels["C1"].messages[-2:]
    assert (private.seen_by, public.seen_by) == ("U1", None)
    assert public.text == "*in_channel*"


async def test_what_is_not_offered_cannot_be_called(offering: LocalWorkspace, bot: Bot) -> None:
    """No other command, no shortcut of messages from anywhere, and no command where one is not."""
    one = offering.actor("U1")
    with pytest.raises(Denied, match="not a valid command"):
        await one.command("general", "/other")
    with pytest.raises(Denied, match="no global shortcut"):
        await one.shortcut("track")
    with pytest.raises(Denied):
        await one.command("secret", "/book")
    assert bot.bodies == []


async def test_a_shortcut_reaches_its_listener(offering: LocalWorkspace, bot: Bot) -> None:
    """With who chose it and a trigger, and without a channel."""
    heard: list[Payload] = []

    @bot.app.shortcut("brief")
    async def answers(ack: AsyncAck, shortcut: Payload) -> None:
        heard.append(shortcut)
        await ack()

    await offering.actor("U2").shortcut("brief")
    (called,) = heard
    assert (called["type"], called["callback_id"], called["user"]["id"]) == ("shortcut", "brief", "U2")
    assert called["trigger_id"]
    assert "channel" not in called
