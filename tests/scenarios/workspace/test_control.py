"""The control API keeps the words of docs/local-workspace.md."""

import asyncio
import time

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.local.workspace import LocalWorkspace
from tests.scenarios.workspace.stage import Bot, Control, eventually


async def test_the_side_bar_shows_what_one_person_may_open(workspace: LocalWorkspace, control: Control) -> None:
    """Private channels show to their members only, and public ones not to guests."""
    full = await control.get("state")
    assert [channel["id"] for channel in full["channels"]] == ["C1", "C2", "C3", "C4"]
    assert full["team"] == {"id": "T1", "name": "Harbour", "url": workspace.url, "bot_user_id": "UBOT"}
    ana = await control.get("state", **{"as": "U1"})
    assert [channel["name"] for channel in ana["channels"]] == ["general", "elsewhere", "leads"]
    assert (await control.get("state", **{"as": "U3"}))["channels"] == []
    assert "error" in await control.get("state", **{"as": "nobody"})
    assert set(full["users"][1]) >= {"id", "name", "real_name", "title", "tz", "is_bot", "is_guest", "avatar_color"}


async def test_messages_can_be_written_read_and_changed(workspace: LocalWorkspace, control: Control) -> None:
    """Posting, editing, reacting, replying and deleting as a person show in what others read."""
    ts = (await control.post("post", as_="U1", channel="C1", text="helo"))["ts"]
    await control.post("edit", as_="U1", channel="C1", ts=ts, text="hello")
    await control.post("react", as_="U2", channel="C1", ts=ts, name="wave")
    reply = (await control.post("post", as_="U2", channel="C1", text="hi", thread_ts=ts))["ts"]
    unread = {one["id"]: one["unread"] for one in (await control.get("state", **{"as": "U2"}))["channels"]}
    assert unread["C1"] == 1
    line = (await control.get("messages", **{"as": "U2", "channel": "C1"}))["messages"][-1]
    assert (line["text"], line["edited"], line["reply_count"]) == ("hello", True, 1)
    assert line["reactions"] == [{"name": "wave", "users": ["U2"]}]
    assert line["permalink"] == f"{workspace.url}/archives/C1/p{ts.replace('.', '')}"
    unread = {one["id"]: one["unread"] for one in (await control.get("state", **{"as": "U2"}))["channels"]}
    assert unread["C1"] == 0
    thread = (await control.get("messages", **{"as": "U1", "channel": "C1", "thread_ts": ts}))["messages"]
    assert [one["ts"] for one in thread] == [ts, reply]
    assert "did not write" in (await control.post("delete", as_="U1", channel="C1", ts=reply))["error"]
    assert await control.post("delete", as_="U2", channel="C1", ts=reply) == {"ok": True}


async def test_ephemerals_are_seen_by_one_person(client: AsyncWebClient, control: Control) -> None:
    """An ephemeral message shows to its reader and to nobody else."""
    await client.chat_postEphemeral(channel="C1", user="U1", text="psst")
    ana = (await control.get("messages", **{"as": "U1", "channel": "C1"}))["messages"][-1]
    assert (ana["text"], ana["ephemeral"], ana["bot_name"]) == ("psst", True, "Daybook")
    bo = (await control.get("messages", **{"as": "U2", "channel": "C1"}))["messages"][-1]
    assert bo["text"] == "old 4"


async def test_an_ephemeral_shows_in_a_thread_that_has_begun_only(client: AsyncWebClient, control: Control) -> None:
    """Slack takes one under a message without replies, and shows it to nobody."""
    root = (await client.chat_postMessage(channel="C1", text="a root"))["ts"]
    thread = {"as": "U1", "channel": "C1", "thread_ts": root}
    await client.chat_postEphemeral(channel="C1", user="U1", thread_ts=root, text="too early")
    assert [each["text"] for each in (await control.get("messages", **thread))["messages"]] == ["a root"]
    await client.chat_postMessage(channel="C1", thread_ts=root, text="a reply")
    await client.chat_postEphemeral(channel="C1", user="U1", thread_ts=root, text="in time")
    assert [each["text"] for each in (await control.get("messages", **thread))["messages"]][1:] == [
        "a reply",
        "in time",
    ]


async def test_channels_are_made_joined_left_and_converted(
    workspace: LocalWorkspace, bot: Bot, control: Control
) -> None:
    """Channels can be created, entered, left and made private; the app hears of public ones."""
    made = await control.post("channel", name="new-room", kind="public", members=["U1", "UBOT"], purpose="new")
    await eventually(lambda: bot.events("channel_created"))
    channel = made["channel"]
    await control.post("member", channel=channel, user="U2", change="join")
    await control.post("member", channel=channel, user="U1", change="leave")
    await control.post("convert", channel=channel, kind="private")
    rooms = {room["id"]: room for room in (await control.get("state", **{"as": "U2"}))["channels"]}
    assert (rooms[channel]["members"], rooms[channel]["kind"]) == (["UBOT", "U2"], "private")
    assert "error" in await control.post("channel", name="new-room", kind="public", members=["U1"])
    await control.post("user", id="U2", title="Tech Lead")
    await eventually(lambda: bot.events("user_change"))
    assert bot.events("user_change")[0]["user"]["profile"]["title"] == "Tech Lead"


async def test_the_clock_moves_and_runs_on(control: Control) -> None:
    """The clock can be set and advanced, and refuses a time without a zone."""
    assert (await control.get("clock"))["now"].startswith("2026-11-20T09:00")
    assert (await control.post("clock", now="2026-11-21T08:29:59+01:00"))["now"].startswith("2026-11-21T07:29:59")
    assert (await control.post("clock", advance=3600))["now"].startswith("2026-11-21T08:")
    assert "error" in await control.post("clock", now="2026-11-21T08:29:59")


async def test_faults_strike_as_often_as_asked(client: AsyncWebClient, control: Control) -> None:
    """Each kind of fault fails the next calls of its method, then all is well again."""
    client.retry_handlers = []
    await control.post("faults", method="auth.test", kind="http_500", times=1)
    with pytest.raises((SlackApiError, aiohttp.ContentTypeError)):
        await client.auth_test()
    await control.post("faults", method="auth.test", kind="error", times=1, error="fatal_error")
    with pytest.raises(SlackApiError, match="fatal_error"):
        await client.auth_test()
    for kind in ("disconnect", "hang"):
        await control.post("faults", method="auth.test", kind=kind, times=1, seconds=0.05)
        with pytest.raises(aiohttp.ClientError):
            await client.auth_test()
    assert (await client.auth_test())["ok"]


async def test_a_lost_reply_has_done_its_work(client: AsyncWebClient, control: Control) -> None:
    """After a lost reply the message is there, though its sender cannot know."""
    client.retry_handlers = []
    await control.post("faults", method="chat.postMessage", kind="lost_reply", times=1)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="C1", text="posted all the same")
    history = await client.conversations_history(channel="C1", limit=1)
    assert history["messages"][0]["text"] == "posted all the same"
    calls = await control.get("calls", method="chat.postMessage")
    assert (calls[0]["ok"], calls[0]["arguments"]["text"]) == (True, "posted all the same")


async def test_a_limited_call_says_when_to_come_again(client: AsyncWebClient, control: Control) -> None:
    """An injected rate limit is honoured by Slack's own retry handler."""
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    await control.post("faults", method="auth.test", kind="ratelimited", times=1, retry_after=1)
    began = time.monotonic()
    assert (await client.auth_test())["ok"]
    assert time.monotonic() - began >= 1
    await control.post("faults", method="auth.test", kind="error", times=5)
    async with control.http.delete(f"{control.url}/control/faults") as answer:
        assert answer.status == 200
    assert (await client.auth_test())["ok"]


async def test_changes_are_streamed(workspace: LocalWorkspace, control: Control) -> None:
    """Whoever watches is told of a change at once, in one line."""
    async with control.http.get(f"{control.url}/control/changes") as stream:
        assert await stream.content.readline() == b": watching\n"
        await workspace.actor("U1").post("general", "x")
        await stream.content.readline()
        line = await asyncio.wait_for(stream.content.readline(), 1)
        assert line == b'data: {"kind": "message", "channel": "C1"}\n'


async def test_a_broken_request_gets_one_sentence(control: Control) -> None:
    """A control call that lacks or invents something is refused in words."""
    assert (await control.post("post", channel="C1", text="x"))["error"] == "as: Field required."
    assert "error" in await control.post("post", as_="U1", channel="C1", text="x", colour="red")
    assert "error" in await control.get("messages", channel="C1")
    assert (await control.post("post", as_="U3", channel="C4", text="x"))["error"] == "U3 may not open C4."
    assert "join it first" in (await control.post("post", as_="UBOT", channel="C2", text="x"))["error"]
