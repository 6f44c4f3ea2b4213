"""What the app is told, as real Slack tells it."""

import asyncio

from slack_sdk.web.async_client import AsyncWebClient

from bot.local.workspace import LocalWorkspace, SeedMessage
from tests.scenarios.workspace.stage import Bot, connected, eventually, make_bot


async def test_a_mention_arrives_twice(workspace: LocalWorkspace, bot: Bot) -> None:
    """A mention comes as a message and as app_mention, with the same ts and ids of their own."""
    ts = await workspace.actor("U1").post("general", "@daybook what's a < b & c? https://example.com")
    await eventually(lambda: len(bot.bodies) == 2)
    message, mention = bot.events("message")[0], bot.events("app_mention")[0]
    assert message["text"] == "<@UBOT> what's a &lt; b &amp; c? <https://example.com>"
    assert message["channel_type"] == "channel"
    assert message["ts"] == mention["ts"] == ts
    assert "channel_type" not in mention
    assert bot.bodies[0]["event_id"] != bot.bodies[1]["event_id"]
    assert bot.bodies[0]["authorizations"][0]["user_id"] == "UBOT"


async def test_only_channels_with_the_bot_in_them_are_heard(workspace: LocalWorkspace, bot: Bot) -> None:
    """What is said in channels and DMs without the bot reaches it in no form."""
    await workspace.actor("U1").post("elsewhere", "<@UBOT> hello?")
    await workspace.actor("U2").post("secret", "psst")
    direct = await workspace.actor("U1").open_dm("U2")
    await workspace.actor("U1").post(direct, "between us")
    await workspace.actor("U1").post("leads", "for leads")
    await eventually(lambda: bot.bodies)
    assert [event["text"] for event in bot.events("message")] == ["for leads"]
    assert bot.events("message")[0]["channel_type"] == "group"


async def test_an_edit_and_a_deletion_carry_both_versions(workspace: LocalWorkspace, bot: Bot) -> None:
    """An edit that adds a mention mentions afresh; a deletion names what is gone."""
    ana = workspace.actor("U1")
    ts = await ana.post("general", "hello")
    await ana.edit("general", ts, "<@UBOT> hello")
    await ana.delete("general", ts)
    await eventually(lambda: len(bot.bodies) == 4)
    _, changed, deleted = bot.events("message")
    assert (changed["subtype"], changed["previous_message"]["text"]) == ("message_changed", "hello")
    assert changed["message"]["edited"]["user"] == "U1"
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", ts)
    assert bot.events("app_mention")[0]["edited"]


async def test_a_deleted_parent_leaves_a_tombstone(workspace: LocalWorkspace, bot: Bot, client: AsyncWebClient) -> None:
    """A parent with replies becomes a tombstone, and its thread stays readable."""
    ana = workspace.actor("U1")
    parent = await ana.post("general", "question")
    reply = await ana.post("general", "answer", thread_ts=parent)
    await ana.delete("general", parent)
    await eventually(lambda: len(bot.bodies) == 3)
    assert bot.events("message")[2]["message"]["subtype"] == "tombstone"
    thread = (await client.conversations_replies(channel="C1", ts=parent))["messages"]
    assert [message["ts"] for message in thread] == [parent, reply]


async def test_the_bots_own_posts_come_back(workspace: LocalWorkspace, bot: Bot) -> None:
    """The bot hears itself, marked with its bot_id, in threads too."""
    ts = await workspace.actor("U1").post("general", "hi")
    await bot.client.chat_postMessage(channel="C1", text="ho", thread_ts=ts)
    await eventually(lambda: len(bot.bodies) == 2)
    own = bot.events("message")[1]
    assert (own["bot_id"], own["user"], own["thread_ts"], own["parent_user_id"]) == ("BBOT", "UBOT", ts, "U1")


async def test_reactions_members_and_people_are_told(workspace: LocalWorkspace, bot: Bot) -> None:
    """Reactions and comings and goings in its channels reach the app; unsubscribed kinds do not."""
    bo = workspace.actor("U2")
    await bo.react("general", "1795000000.000001", "eyes")
    await bo.react("general", "1795000000.000001", "eyes", remove=True)
    await bo.leave("general")
    await bo.join("general")
    kinds = ("reaction_added", "reaction_removed", "member_left_channel", "member_joined_channel")
    await eventually(lambda: all(bot.events(kind) for kind in kinds))
    assert bot.events("reaction_added")[0]["item"] == {"type": "message", "channel": "C1", "ts": "1795000000.000001"}
    assert [event["subtype"] for event in bot.events("message")] == ["channel_leave", "channel_join"]


async def test_conversion_changes_the_kind_and_keeps_the_id(
    workspace: LocalWorkspace, bot: Bot, client: AsyncWebClient
) -> None:
    """A channel made private says so in a message of channel type group, under its old id."""
    await workspace.actor("U1").convert("general", "private")
    await eventually(lambda: bot.bodies)
    event = bot.events("message")[0]
    assert (event["subtype"], event["channel_type"], event["channel"]) == ("channel_convert_to_private", "group", "C1")
    assert (await client.conversations_info(channel="C1"))["channel"]["is_private"] is True


async def test_an_unacknowledged_event_comes_again(workspace: LocalWorkspace, bot: Bot) -> None:
    """What is not acknowledged in time is delivered up to three times more, under the same event_id."""
    bot.deaf_to = 2
    await workspace.actor("U1").post("general", "again")
    await workspace.settle()
    assert len(bot.bodies) == 3
    assert len({body["event_id"] for body in bot.bodies}) == 1
    bot.deaf_to = 10
    await workspace.actor("U1").post("general", "in vain")
    await workspace.settle()
    assert len(bot.bodies) == 3 + 4


async def test_each_event_goes_to_one_of_several_connections(workspace: LocalWorkspace, bot: Bot) -> None:
    """Two connected programs share the events between them, each event going to one."""
    async with connected(workspace, make_bot(workspace)) as second:
        for number in range(6):
            await workspace.actor("U1").post("general", f"{number}")
        await workspace.settle()
    assert len(bot.bodies) == len(second.bodies) == 3


async def test_nothing_is_kept_for_an_absent_app(workspace: LocalWorkspace) -> None:
    """What happens while nobody is connected is never delivered."""
    await workspace.actor("U1").post("general", "into the void")
    async with connected(workspace, make_bot(workspace)) as late:
        await asyncio.sleep(0.3)
    assert late.bodies == []


async def test_replay_keeps_times_and_edits(workspace: LocalWorkspace, bot: Bot) -> None:
    """Recorded messages happen live at their own ts, their edits later, and the clock goes along."""
    later = {
        "channel": "C1",
        "ts": "1795200000.000100",
        "user": "U2",
        "text": "ship &amp; go",
        "edited": {"ts": "1795200100.000000", "text": "do not ship"},
        "reactions": [{"name": "eyes", "users": ["U1"]}],
    }
    await workspace.replay([SeedMessage.model_validate(later)])
    await workspace.settle()
    posted, changed = bot.events("message")
    assert (posted["ts"], posted["text"]) == ("1795200000.000100", "ship &amp; go")
    assert changed["message"]["text"] == "do not ship"
    assert bot.events("reaction_added")
    assert abs(workspace.clock.now().timestamp() - 1795200100) < 1
