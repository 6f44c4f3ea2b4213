"""How connections come, go and fall silent."""

import asyncio

from slack_sdk.web.async_client import AsyncWebClient

from bot.local.workspace import LocalWorkspace
from tests.scenarios.workspace.stage import Bot, Control, eventually


async def test_a_refresh_moves_the_client_to_a_new_connection(
    workspace: LocalWorkspace, bot: Bot, control: Control
) -> None:
    """Asked to reconnect, the client does, and hears what is said afterwards."""
    await control.post("socket", do="refresh")
    calls = workspace.world.calls
    await eventually(lambda: sum(call["method"] == "apps.connections.open" for call in calls) == 2)
    # What comes between two connections is lost, as on Slack.
    await eventually(lambda: workspace.world.socket.staying == 1)
    await workspace.actor("U1").post("general", "still there?")
    await eventually(lambda: bot.events("message"))


async def test_a_cut_connection_is_rebuilt(workspace: LocalWorkspace, bot: Bot, control: Control) -> None:
    """Cut off without a word, the client comes back."""
    await control.post("socket", do="cut")
    await eventually(lambda: workspace.world.socket.connected == 0)
    await eventually(lambda: workspace.world.socket.connected == 1, within=10)
    await workspace.actor("U1").post("general", "back?")
    await eventually(lambda: bot.events("message"))


async def test_a_mute_connection_answers_no_ping(workspace: LocalWorkspace, bot: Bot, control: Control) -> None:
    """Muted, a connection stays open and says nothing, so the client finds out by its own pings and comes anew."""
    await control.post("socket", do="mute")
    await workspace.actor("U1").post("general", "unheard")
    calls = workspace.world.calls
    await eventually(lambda: sum(call["method"] == "apps.connections.open" for call in calls) == 2, within=10)


async def test_a_redelivery_on_command_repeats_the_event(workspace: LocalWorkspace, bot: Bot, control: Control) -> None:
    """An event can be sent again under its old id or a fresh one."""
    ts = await workspace.actor("U1").post("general", "once")
    await control.post("redeliver", channel="C1", ts=ts, times=2)
    await control.post("redeliver", channel="general", ts=ts, times=1, fresh_event_id=True)
    await workspace.settle()
    assert len(bot.bodies) == 4
    assert len({body["event_id"] for body in bot.bodies}) == 2
    assert "error" in await control.post("redeliver", channel="C1", ts="1.000000", times=1)


async def test_any_envelope_can_be_sent(bot: Bot, control: Control) -> None:
    """An envelope of a kind that nobody knows reaches the client as it is."""
    body = {"type": "event_callback", "event_id": "EvX", "event": {"type": "novelty"}}
    await control.post("envelope", type="events_api", payload=body)
    await eventually(lambda: bot.events("novelty"))


async def test_only_the_app_token_opens_connections(client: AsyncWebClient, workspace: LocalWorkspace) -> None:
    """A bot token cannot open a socket, and an app token can do nothing else."""
    refused = await client.api_call("api.test")
    assert refused["ok"]
    for token, method in ((workspace.bot_token, "apps.connections.open"), (workspace.app_token, "auth.test")):
        other = AsyncWebClient(base_url=workspace.api_url)
        answer = await other._request(  # noqa: SLF001 - an answer that is no success, unraised
            http_verb="POST",
            api_url=f"{workspace.api_url}{method}",
            req_args={"headers": {"Authorization": f"Bearer {token}"}},
        )
        assert answer["data"]["error"] == "not_allowed_token_type"


async def test_an_eleventh_connection_is_sent_away(workspace: LocalWorkspace, control: Control) -> None:
    """Ten connections are served; the next is told that there are too many, and an address opens only once."""
    sockets = []
    for number in range(1, 12):
        ticket = workspace.world.socket.ticket()
        sockets.append(await control.http.ws_connect(f"{workspace.url}/socket?ticket={ticket}"))
        frame = await sockets[-1].receive_json()
        assert frame["type"] == ("hello" if number <= 10 else "disconnect")
    assert frame["reason"] == "too_many_websockets"
    async with control.http.get(f"{workspace.url}/socket?ticket={ticket}") as answer:
        assert answer.status == 401
    await asyncio.gather(*(socket.close() for socket in sockets))
