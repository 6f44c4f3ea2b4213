"""Slack's methods and Slack's refusals, asked by Slack's own client."""

import asyncio
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.local.workspace import LocalWorkspace, PortTaken, Seed
from tests.scenarios.workspace.stage import SCOPES, TEAM, manifest

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}


async def refusal(client: AsyncWebClient, method: str, **arguments: Any) -> str:
    """Slack's error for a call that must fail."""
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, json=arguments)
    return str(caught.value.response["error"])


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("chat.postMessage", {"channel": "C9", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C4", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C2", "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "C1", "text": " "}, "no_text"),
        ("chat.postMessage", {"channel": "C1", "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": "C1", "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
        ("chat.postMessage", {"channel": "C1", "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ("chat.postMessage", {"channel": "C1", "text": "x", "username": "Eve"}, "missing_scope"),
        ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
        ("chat.postEphemeral", {"channel": "C1", "user": "U3", "text": "x"}, "user_not_in_channel"),
        ("chat.update", {"channel": "C1", "ts": "1795000000.000001", "text": "x"}, "cant_update_message"),
        ("chat.delete", {"channel": "C1", "ts": "1795000000.000001"}, "cant_delete_message"),
        ("chat.delete", {"channel": "C1", "ts": "1795000000.999999"}, "message_not_found"),
        ("conversations.history", {"channel": "C2"}, "not_in_channel"),
        ("conversations.history", {"channel": "C1", "cursor": "???"}, "invalid_cursor"),
        ("conversations.history", {"channel": "C1", "oldest": "soon"}, "invalid_ts_oldest"),
        ("conversations.list", {"types": "mpim"}, "missing_scope"),
        ("conversations.create", {"name": "general"}, "name_taken"),
        ("conversations.create", {"name": "Big Room"}, "invalid_name_specials"),
        ("conversations.create", {"name": "x" * 81}, "invalid_name_maxlength"),
        ("conversations.invite", {"channel": "C1", "users": "U1"}, "already_in_channel"),
        ("conversations.invite", {"channel": "C1", "users": "UBOT"}, "cant_invite_self"),
        ("conversations.open", {"users": "U9"}, "user_not_found"),
        ("reactions.add", {"channel": "C1", "timestamp": "1795000000.999999", "name": "eyes"}, "message_not_found"),
        ("users.info", {"user": "U9"}, "user_not_found"),
        ("users.profile.get", {"user": "U1"}, "missing_scope"),
        ("views.open", {"trigger_id": "1.2", "view": {"type": "modal"}}, "invalid_arguments"),
        ("nonsense.method", {}, "unknown_method"),
    ],
)
async def test_refuses_as_slack_does(client: AsyncWebClient, method: str, arguments: Any, error: str) -> None:
    """Each wrong call gets the error that Slack documents for it."""
    assert await refusal(client, method, **arguments) == error


async def test_a_missing_scope_is_named(client: AsyncWebClient) -> None:
    """The refusal says which scope is needed and which there are."""
    with pytest.raises(SlackApiError) as caught:
        await client.users_profile_get(user="U1")
    assert caught.value.response["needed"] == "users.profile:read"
    assert caught.value.response["provided"] == ",".join(SCOPES)
    assert caught.value.response.headers["x-oauth-scopes"] == ",".join(SCOPES)


async def test_scopes_of_a_channel_follow_its_kind() -> None:
    """History of a private channel needs groups:history, whatever else there is."""
    scopes = tuple(scope for scope in SCOPES if not scope.startswith("groups:"))
    workspace = LocalWorkspace(Seed.model_validate(TEAM), manifest(scopes))
    await workspace.start()
    client = AsyncWebClient(token=workspace.bot_token, base_url=workspace.api_url)
    with pytest.raises(SlackApiError) as caught:
        await client.conversations_history(channel="C3")
    await workspace.stop()
    assert caught.value.response["needed"] == "groups:history"


async def test_tokens_are_checked(workspace: LocalWorkspace) -> None:
    """No token and a wrong one are told apart."""
    assert await refusal(AsyncWebClient(base_url=workspace.api_url), "auth.test") == "not_authed"
    assert await refusal(AsyncWebClient(token="xoxb-no", base_url=workspace.api_url), "auth.test") == "invalid_auth"


async def test_arguments_come_in_any_form(workspace: LocalWorkspace) -> None:
    """Query, form and JSON do the same, with the token in the header or among the arguments."""
    url, token = f"{workspace.api_url}chat.postMessage", workspace.bot_token
    fields = {"channel": "C1", "text": "x", "token": token, "blocks": '[{"type": "divider"}]'}
    async with aiohttp.ClientSession() as http:
        header = {"Authorization": f"Bearer {token}"}
        answers = [
            await http.get(url, params=fields),
            await http.post(url, data=fields),
            await http.post(url, json={"channel": "C1", "text": "x", "blocks": [{"type": "divider"}]}, headers=header),
        ]
        assert [(await answer.json())["ok"] for answer in answers] == [True, True, True]
        broken = await http.post(url, data="{", headers=header | {"Content-Type": "application/json"})
        assert (await broken.json())["error"] == "invalid_json"


async def test_history_pages_from_the_newest(client: AsyncWebClient) -> None:
    """Cursors walk through history without gap or repetition, even while something new is posted."""
    first = await client.conversations_history(channel="C1", limit=2)
    await client.chat_postMessage(channel="C1", text="new")
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_history(channel="C1", limit=2, cursor=cursor)
    texts = [message["text"] for page in (first, second) for message in page["messages"]]
    assert texts == ["old 4", "old 3", "old 2", "old 1"]
    oldest, latest = "1795000000.000001", "1795000000.000003"
    between = await client.conversations_history(channel="C1", oldest=oldest, latest=latest)
    assert [message["text"] for message in between["messages"]] == ["old 2"]
    including = await client.conversations_history(channel="C1", inclusive=True, oldest=oldest, latest=latest)
    assert len(including["messages"]) == 3


async def test_a_post_can_be_read_back_with_its_metadata(client: AsyncWebClient) -> None:
    """Metadata is stored with a message and shown only to who asks for it."""
    metadata = {"event_type": "briefing", "event_payload": {"key": "k1"}}
    posted = await client.chat_postMessage(channel="C1", text="x", blocks=[SECTION], metadata=metadata)
    shown = await client.conversations_history(channel="C1", limit=1, include_all_metadata=True)
    assert shown["messages"][0]["metadata"] == metadata
    assert shown["messages"][0]["blocks"][0]["block_id"]
    bare = await client.conversations_history(channel="C1", limit=1)
    assert "metadata" not in bare["messages"][0]
    assert posted["message"]["bot_id"] == "BBOT"


async def test_threads_count_their_replies(workspace: LocalWorkspace, client: AsyncWebClient) -> None:
    """A parent knows its replies; history shows replies only when they are broadcast."""
    ts = await workspace.actor("U1").post("general", "question")
    await client.chat_postMessage(channel="C1", text="quiet", thread_ts=ts)
    await client.chat_postMessage(channel="C1", text="loud", thread_ts=ts, reply_broadcast=True)
    history = (await client.conversations_history(channel="C1", limit=2))["messages"]
    assert [message["text"] for message in history] == ["loud", "question"]
    assert (history[1]["reply_count"], history[1]["reply_users"]) == (2, ["UBOT"])
    replies = (await client.conversations_replies(channel="C1", ts=ts))["messages"]
    assert [message["text"] for message in replies] == ["question", "quiet", "loud"]


async def test_text_alone_takes_blocks_away(client: AsyncWebClient) -> None:
    """An update with text only removes the blocks, as on Slack; one with blocks is not marked as edited."""
    ts = (await client.chat_postMessage(channel="C1", text="x", blocks=[SECTION]))["ts"]
    kept = (await client.chat_update(channel="C1", ts=ts, text="y", blocks=[SECTION]))["message"]
    assert "edited" not in kept
    plain = (await client.chat_update(channel="C1", ts=ts, text="z"))["message"]
    assert "blocks" not in plain
    assert plain["edited"]


async def test_a_personal_channel_can_be_made(client: AsyncWebClient) -> None:
    """The bot creates a private channel, invites one person, and is in it with them alone."""
    created = await client.conversations_create(name="daybook-ana", is_private=True)
    channel = created["channel"]["id"]
    await client.conversations_invite(channel=channel, users=["U1"])
    await client.conversations_setPurpose(channel=channel, purpose="Ana's mornings")
    assert sorted((await client.conversations_members(channel=channel))["members"]) == ["U1", "UBOT"]
    mine = await client.users_conversations(types="private_channel")
    assert [one["name"] for one in mine["channels"]] == ["leads", "daybook-ana"]
    await client.conversations_archive(channel=channel)
    assert await refusal(client, "chat.postMessage", channel=channel, text="x") == "is_archived"


async def test_a_direct_message_opens_once(client: AsyncWebClient) -> None:
    """Opening a DM twice finds the same one; posting to a person's id goes there too."""
    first = await client.conversations_open(users=["U1"], return_im=True)
    again = await client.conversations_open(users="U1")
    assert first["channel"]["id"] == again["channel"]["id"]
    assert (first["channel"]["is_im"], first["channel"]["user"], again["already_open"]) == (True, "U1", True)
    assert (await client.chat_postMessage(channel="U1", text="x"))["channel"] == first["channel"]["id"]


async def test_people_page_and_carry_their_time_zone(client: AsyncWebClient) -> None:
    """Users come in pages, with time zones, and without addresses that no scope grants."""
    pages = [page["members"] async for page in await client.users_list(limit=3)]
    assert [len(page) for page in pages] == [3, 1]
    bo = (await client.users_info(user="U2"))["user"]
    assert (bo["tz"], bo["tz_offset"]) == ("Europe/Berlin", 3600)
    assert "email" not in bo["profile"]


async def test_permalinks_open_the_page(workspace: LocalWorkspace, client: AsyncWebClient) -> None:
    """A permalink leads to the page when the message exists, and nowhere when it does not."""
    ts = await workspace.actor("U1").post("general", "question")
    reply = (await client.chat_postMessage(channel="C1", text="x", thread_ts=ts))["ts"]
    link = (await client.chat_getPermalink(channel="C1", message_ts=reply))["permalink"]
    assert link == f"{workspace.url}/archives/C1/p{reply.replace('.', '')}?thread_ts={ts}&cid=C1"
    async with aiohttp.ClientSession() as http:
        assert (await http.get(link)).status == 200
        assert (await http.get(f"{workspace.url}/archives/C1/p1000000000000001")).status == 404


async def test_posting_too_fast_is_refused(workspace: LocalWorkspace, client: AsyncWebClient) -> None:
    """A short burst into one channel passes, more of it is told when to come again, on the workspace's clock."""
    for _ in range(3):
        await client.chat_postMessage(channel="C1", text="x")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C1", text="x")
    response = caught.value.response
    assert (response.status_code, response["error"], response.headers["Retry-After"]) == (429, "ratelimited", "1")
    await client.chat_postMessage(channel="C3", text="another channel")
    workspace.clock.advance(timedelta(seconds=1))
    await client.chat_postMessage(channel="C1", text="x")


async def test_other_pages_are_kept_out(workspace: LocalWorkspace) -> None:
    """Neither a foreign host name nor a foreign origin gets in, and a link to a message may."""
    state, page = f"{workspace.url}/control/state", f"{workspace.url}/"
    async with aiohttp.ClientSession() as http:
        assert (await http.get(state, headers={"Host": "evil.example"})).status == 403
        assert (await http.get(state, headers={"Origin": "https://evil.example"})).status == 403
        assert (await http.get(state, headers={"Sec-Fetch-Site": "cross-site"})).status == 403
        assert (await http.get(state, headers={"Origin": workspace.url})).status == 200
        assert (await http.get(page, headers={"Sec-Fetch-Site": "cross-site"})).status == 200


async def test_a_taken_port_is_said_clearly(workspace: LocalWorkspace) -> None:
    """A second workspace on the same port names the port and stops."""
    port = int(workspace.url.rpartition(":")[2])
    second = LocalWorkspace(Seed(), manifest(), port=port)
    with pytest.raises(PortTaken, match=str(port)):
        await second.start()


async def test_any_text_is_only_text(client: AsyncWebClient) -> None:
    """NUL, a lone surrogate and right-to-left text are posted and read back unharmed."""
    for text in ("a\0b", "\ud800 lone", "\u202etfel ot thgir"):
        posted = await client.api_call("chat.postMessage", json={"channel": "C3", "text": text})
        history = await client.conversations_history(channel="C3", limit=1)
        assert (posted["message"]["text"], history["messages"][0]["text"]) == (text, text)
        await asyncio.sleep(0)


async def test_a_status_stands_under_any_message(client: AsyncWebClient) -> None:
    """Of the channel it names; an empty one takes it away, and none at all is refused."""
    posted = await client.chat_postMessage(channel="C1", text="hello")
    for status in ("is at work", ""):
        await client.assistant_threads_setStatus(channel_id="C1", thread_ts=str(posted["ts"]), status=status)
    here = {"channel_id": "C1", "thread_ts": posted["ts"]}
    assert await refusal(client, "assistant.threads.setStatus", **here) == "invalid_arguments"
    many = {"status": "is at work", "loading_messages": ["…"] * 11}
    assert await refusal(client, "assistant.threads.setStatus", **here, **many) == "invalid_arguments"
    elsewhere = here | {"thread_ts": "1.000001", "status": "is at work"}
    assert await refusal(client, "assistant.threads.setStatus", **elsewhere) == "invalid_thread_ts"
