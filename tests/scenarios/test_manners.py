"""How Daybook behaves in a channel: quiet or not, as its members want it, and the greeting that nobody gets unasked."""

import json
from datetime import timedelta

from handlers import manners
from handlers.blocks.manners import NO_MEMBER
from memory.models.ids import person_id
from tests.scenarios.house import House, Payload
from tests.scenarios.team import ADA, BEN, BOT, CHI, FAY, GENERAL, LEADS, PAYMENTS, PLATFORM
from tests.scenarios.test_surfaces import command

MENTION = f"<@{BOT}>"


async def said_to_all(house: House, channel: str, person: str = ADA) -> list[str]:
    """What Daybook posted in a channel, outside of threads and for everybody."""
    shown = await house.messages(person, channel)
    own = [each for each in shown if each["user"] == BOT and not each["ephemeral"]]
    return [each["text"] for each in own if not each["text"].startswith(f"<@{BOT}> has ")]


async def follow_up(house: House, channel: str, text: str = "who said that?") -> list[Payload]:
    """A question with a mention, and what its asker writes next without one; Daybook's answers."""
    ts = await house.post(FAY, channel, f"{MENTION} what was decided about the ledger?")
    await house.answer(FAY, channel, ts)
    await house.post(FAY, channel, text, thread_ts=ts)
    await house.quiet()
    return [each for each in await house.messages(FAY, channel, ts) if each["user"] == BOT]


async def test_a_channel_is_quiet_when_a_member_wants_it(house: House) -> None:
    """All are told by whom and how to undo it; mentions and its name are still answered, after a restart too."""
    async with house.after_the_day():
        assert len(await follow_up(house, PAYMENTS)) == 2
        answered = await command(house, BEN, "quiet here", PAYMENTS)
        assert "From here on I answer in this channel only when I am mentioned" in answered
        await house.quiet()
        (all_told,) = await said_to_all(house, PAYMENTS)
        assert "Ben Okafor asked me to be quiet here" in all_told
        assert "`/daybook talk`" in all_told
    async with house.daybook():
        assert len(await follow_up(house, PAYMENTS)) == 1
        assert len(await follow_up(house, PAYMENTS, "daybook, who said that?")) == 2
        assert len(await follow_up(house, PAYMENTS, f"{MENTION} who said that?")) == 2
        assert len(await follow_up(house, GENERAL)) == 2
        assert "I am quiet here already" in await command(house, BEN, "quiet", PAYMENTS)
        await command(house, FAY, "talk", PAYMENTS)
        await house.quiet()
        assert len(await follow_up(house, PAYMENTS)) == 2
        assert "Fay Lindqvist asked me to follow up here again" in (await said_to_all(house, PAYMENTS))[-1]
        assert len(await said_to_all(house, PAYMENTS)) == 2


async def test_only_members_say_how_it_behaves(house: House) -> None:
    """Whoever reads along in a public channel, or asks where Daybook is not or nobody else is, changes nothing."""
    async with house.after_the_day() as daybook:
        team = daybook.workspace.team
        async with daybook.database.house() as connection:
            by = person_id(team, "slack", CHI)
            assert await manners.verdict(connection, team, by, PAYMENTS, "quiet") == (False, NO_MEMBER)
        made = await house.act("channel", name="design", kind="public", members=[CHI])
        assert "I am not in this channel: invite me first" in await command(house, CHI, "quiet", made["channel"])
        dm = (await house.act("open_dm", CHI, user=BOT))["channel"]
        assert "Here I always answer" in await command(house, CHI, "quiet", dm)
        await house.quiet()
        assert await house.value("select count(*) from containers where not follow_ups") == 0
        assert await said_to_all(house, PAYMENTS) == []


async def test_a_repeated_command_is_told_once(house: House) -> None:
    """The same delivery again, and two members at once, make one change and one message."""
    async with house.after_the_day():
        await command(house, BEN, "quiet", PLATFORM)
        await command(house, CHI, "quiet", PLATFORM)
        await house.quiet()
        assert len(await said_to_all(house, PLATFORM, BEN)) == 1
        kinds = await house.rows("select kind from events where kind like %s", "FollowUps%")
        assert kinds == [("FollowUpsStopped",)]


async def test_the_home_tab_shows_where_it_is_quiet_to_who_may_read_there(house: House) -> None:
    """With a button for its members; others see nothing of it."""
    async with house.after_the_day():
        await command(house, ADA, "quiet", LEADS)
        await house.quiet()
        assert "In #leads I answer only when" in json.dumps(await house.home(ADA, "Talk in #leads again"))
        await house.act("open_home", CHI)
        await house.quiet()
        assert "answer only when" not in json.dumps(await house.home(CHI, "What I read for you"))
        await house.press_at_home(ADA, "talk_again", LEADS)
        await house.quiet()
        await house.act("open_home", ADA)
        await house.quiet()
        assert await house.value("select count(*) from containers where not follow_ups") == 0
        assert "asked me to follow up here again" in (await said_to_all(house, LEADS))[-1]


async def test_a_channel_is_not_greeted_unasked(house: House) -> None:
    """Whoever adds Daybook hears nothing of it, unless whoever runs it wants it otherwise."""
    async with house.daybook():
        made = await house.act("channel", name="design", kind="public", members=[ADA])
        await house.act("member", channel=made["channel"], user=BOT, change="join")
        await house.quiet()
        assert await said_to_all(house, made["channel"]) == []


async def test_a_greeting_comes_once_in_a_lifetime(house: House) -> None:
    """Not again when it is added anew, delivered twice, or started anew; and never in somebody's own channel."""
    async with house.daybook(greeting=True):
        made = await house.act("channel", name="design", kind="private", members=[ADA])
        channel = made["channel"]
        await house.act("member", channel=channel, user=BOT, change="join")
        await house.quiet()
        (greeting,) = await said_to_all(house, channel)
        assert greeting.startswith("Hello, I am Daybook")
        await house.act("member", channel=channel, user=BOT, change="leave")
        await house.quiet()
        house.workspace.clock.advance(timedelta(hours=1))
        await house.act("member", channel=channel, user=BOT, change="join")
        await house.quiet()
        assert await said_to_all(house, channel) == [greeting]
    async with house.daybook(greeting=True):
        await command(house, BEN, "brief")
        await house.briefing(BEN)
        await house.quiet()
        assert await said_to_all(house, channel) == [greeting]
        assert await house.value("select count(*) from outbox where surface = 'greeting' and state = 'sent'") == 1
