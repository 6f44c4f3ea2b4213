"""The slash command, the shortcut and the Home tab over real Socket Mode, and what people have forgotten there."""

import json

from bot.local.workspace import interactions
from tests.scenarios.house import House, Payload, until, words
from tests.scenarios.team import ADA, BEN, BOT, CHI, DEE, FAY, GENERAL, GUS, PAYMENTS, SECRET, said


async def told(house: House, person: str, channel: str = GENERAL) -> list[Payload]:
    """What Daybook said to this person alone in a channel."""
    return [each for each in await house.messages(person, channel) if each["ephemeral"]]


def seen(view: Payload) -> str:
    return json.dumps(view["blocks"], ensure_ascii=False)


async def briefed(house: House, person: str) -> None:
    """Has somebody briefed now."""
    await command(house, person, "brief")
    await house.briefing(person)
    await house.quiet()


async def command(house: House, person: str, text: str, channel: str = GENERAL) -> str:
    """Enters `/daybook`; the words of the answer, which stands there at once."""
    before = len(await told(house, person, channel))
    await house.act("command", person, channel=channel, command="/daybook", text=text)
    answers = await told(house, person, channel)
    assert len(answers) == before + 1
    return words(answers[-1])


async def test_the_command_helps_and_says_what_it_does_not_know(house: House) -> None:
    """In one answer at once, for whoever entered it alone, in any channel; nothing of what was entered is repeated."""
    async with house.daybook():
        assert "/daybook promises" in await command(house, ADA, "")
        assert "/daybook promises" in await command(house, ADA, "help")
        unknown = await command(house, ADA, "launch the <!channel> rockets")
        assert "do not know that one" in unknown
        assert "rockets" not in unknown
        assert await told(house, BEN) == []


async def test_the_command_tells_what_is_owed_to_whoever_may_read_it(house: House) -> None:
    """Each from what they may read themselves, links and all; also where Daybook is not."""
    async with house.after_the_day():
        owed = await command(house, BEN, "owe")
        assert "postmortem" in owed
        assert "proxy" in owed
        both = await command(house, DEE, "promises")
        assert "firewall" in both
        assert SECRET in both, "she promised it in #leads, and may read that"
        for person in (BEN, CHI, FAY):
            for word in ("owe", "promises", "privacy"):
                assert SECRET not in await command(house, person, word)


async def test_a_briefing_asked_for_comes_once_however_often_it_is_asked_for(house: House) -> None:
    """By the command, by its repeated delivery, by the shortcut and after a restart: one briefing."""
    async with house.after_the_day():
        asked = await command(house, BEN, "brief")
        assert "I am making your briefing" in asked
        await house.briefing(BEN)
        await house.quiet()
        assert "You have had today’s briefing" in await command(house, BEN, "brief")
    async with house.daybook():
        await house.act("shortcut", BEN, callback_id="brief_me")
        (view,) = await until(lambda: house.modals(BEN), "the answer to the shortcut")
        assert "You have had today’s briefing" in json.dumps(view, ensure_ascii=False)
        assert "/archives/" in json.dumps(view)
        await house.quiet()
        assert len(await house.briefings(BEN)) == 1


async def test_a_delivery_that_comes_twice_is_handled_once(house: House) -> None:
    """The same command in another envelope is acked, and neither stored again nor answered again."""
    async with house.daybook():
        world = house.workspace.world
        trigger = world.triggers.issue(ADA)
        payload = {
            "command": "/daybook",
            "text": "brief",
            "user_id": ADA,
            "team_id": "T1",
            "channel_id": GENERAL,
            "trigger_id": trigger,
        }
        first = await interactions.answered(world, "slash_commands", payload)
        again = await interactions.answered(world, "slash_commands", payload)
        assert "I am making" in json.dumps(first)
        assert again == {}
        await house.quiet()
        assert await house.value("select count(*) from inbox where kind = 'slash_command'") == 1
        assert len(await house.briefings(ADA)) == 1


async def test_the_home_tab_shows_today_promises_coverage_and_what_is_known(house: House) -> None:
    """Under the rights of whoever opens it; what Daybook is no longer in is named with what to do."""
    async with house.after_the_day(leaders=(ADA, DEE)):
        await house.act("open_home", DEE)
        shown = seen(await house.home(DEE, "What I read for you"))
        assert "You promised" in shown
        assert SECRET in shown
        await house.act("member", channel=PAYMENTS, user=BOT, change="leave")
        await house.quiet()
        await house.act("open_home", ADA)
        mine = seen(await house.home(ADA, "I am no longer in #payments"))
        assert "invite me there with `/invite @Daybook`" in mine
        await house.act("open_home", GUS)
        theirs = seen(await house.home(GUS, "What I read for you"))
        assert SECRET not in theirs
        assert "#payments" not in theirs, "a guest who is not in it does not learn of it"
        assert "One channel: #incidents" in theirs


async def test_a_fact_that_is_forgotten_goes_everywhere_and_is_not_concluded_again(house: House) -> None:
    """From the list and what was told; the message stays, and neither a restart nor re-reading undoes it."""
    async with house.after_the_day(leaders=(DEE, CHI)):
        await briefed(house, DEE)
        assert "firewall" in words((await house.briefings(DEE))[0][1])
        await house.act("open_home", DEE)
        await house.press_at_home(DEE, "holdings")
        (view,) = await until(lambda: house.modals(DEE), "the list")
        entry = next(b for b in view["blocks"] if "ask security about the firewall" in json.dumps(b))
        button = entry["accessory"]
        await house.act(
            "press",
            DEE,
            view_id=view["id"],
            block_id=entry["block_id"],
            action_id="forget_fact",
            value=button["value"],
        )

        async def gone() -> bool:
            (shown,) = await house.modals(DEE)
            return "ask security" not in json.dumps(shown)

        await until(gone, "the list without it")
        await house.quiet()
        assert "ask security" not in words((await house.briefings(DEE))[0][1])
    async with house.daybook():
        promise = said("ask security")
        await house.rows("update conversation_work set revision = revision + 1 returning 1")
        await house.post(CHI, promise.channel, "Thanks Dee!", thread_ts=promise.ts)
        await house.quiet()
        assert "ask security" not in await command(house, DEE, "owe")
        assert promise.text in [each["text"] for each in await house.messages(CHI, promise.channel)]


async def test_nobody_has_forgotten_what_is_about_others(house: House) -> None:
    """A press with the id of another's fact, readable or not, changes nothing."""
    async with house.after_the_day():
        worded = "select fact_id from facts f join contents c on c.content_id = f.statement_id where c.body like %s"
        other = await house.value(worded, "%write the postmortem%")
        hidden = await house.value(worded, f"%{SECRET}%")
        await house.act("open_home", FAY)
        view = await house.home(FAY, "What I read for you")
        for name in (other, hidden):
            action = {"type": "button", "action_id": "forget_fact", "block_id": "x", "value": str(name)}
            payload = interactions.basis(house.workspace.world, FAY, "block_actions")
            stamp = house.workspace.clock.stamp()
            await interactions.ask(
                house.workspace.world, payload | {"view": view, "actions": [action | {"action_ts": stamp}]}
            )
        await house.quiet()
        assert await house.value("select count(*) from facts where retired_at is not null and engine = 'person'") == 0
        assert "postmortem" in await command(house, BEN, "owe")


async def test_who_is_not_tracked_bears_out_nothing_until_they_are_again(house: House) -> None:
    """What they said goes, told and new, over a restart too; what others say of them stands; and all comes back."""
    async with house.after_the_day(leaders=(DEE, CHI)):
        await briefed(house, CHI)
        assert "postmortem" in await command(house, BEN, "owe")
        assert "rounding fix" in words((await house.briefings(CHI))[0][1])
        await house.act("open_home", BEN)
        await house.press_at_home(BEN, "untrack")
        await house.home(BEN, "You are not tracked")
        await house.quiet()
        assert await house.value(RESTING) == 0
        assert "promised nothing" in await command(house, BEN, "owe")
        assert "rounding fix" not in words((await house.briefings(CHI))[0][1])
    async with house.daybook():
        await house.post(BEN, GENERAL, "I'll send the Cairo invoices by Friday.")
        await house.post(DEE, GENERAL, "<@UBEN> do you know who signs the Lisbon contract?")
        await house.quiet()
        assert await house.value(RESTING) == 0
        held = await command(house, BEN, "privacy")
        assert "You are not tracked" in held
        await house.act("open_home", BEN)
        assert "Lisbon" in json.dumps(await held_of(house, BEN)), "others' evidence stands"
        await house.press_at_home(BEN, "track")
        await house.home(BEN, "Do not track me")
        await house.quiet()
        assert "Cairo" in await command(house, BEN, "owe")


async def held_of(house: House, person: str) -> Payload:
    """The list of what is held about somebody, opened from the Home tab."""
    await house.press_at_home(person, "holdings")
    (view,) = await until(lambda: house.modals(person), "the list")
    await house.act("close", person, view_id=view["id"])
    found: Payload = view
    return found


RESTING = (
    "select count(*) from facts f join evidence e using (fact_id) join messages m using (message_id)"
    " join identities i on i.person_id = m.author_id where i.external_id = 'UBEN' and f.retired_at is null"
)
"""Facts that Ben's own messages bear out."""
