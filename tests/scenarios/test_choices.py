"""What a person presses: Start and Stop, Done, Why? and Brief me now."""

import json

from tests.scenarios.house import House, Payload, until, words
from tests.scenarios.team import ADA, BOT, CHI, DEE, ELI, FAY, GENERAL, LEADS, MORNINGS, SECRET


async def test_the_welcome_comes_once_and_its_start_makes_a_reader(house: House) -> None:
    """Who opens the DM is greeted once in a lifetime; pressing Start there brings briefings, and nothing else does."""
    async with house.after_the_day(leaders=()):
        for _ in range(3):
            await house.act("open_dm", ADA, user=BOT)
        place, welcome = await house.welcome(ADA)
        await house.act("open_dm", ADA, user=BOT)
        house.at(MORNINGS[CHI], seconds=1)
        await house.several_rounds()
        assert len(await house.from_daybook(ADA)) == 1
        await house.press(ADA, place["id"], welcome, "start")
        await house.home(ADA, "are on")
        house.at(MORNINGS[ADA], seconds=1)
        await house.briefing(ADA)
        await house.several_rounds()
        assert len(await house.posts()) == 2
        assert [await house.from_daybook(other) for other in (DEE, CHI, ELI)] == [[], [], []]


async def test_start_and_stop_in_the_home_tab(house: House) -> None:
    """The Home tab shows whether briefings are on; Start and Stop there change it, and Stop holds."""
    async with house.after_the_day(leaders=()):
        await house.act("open_home", ADA)
        await house.home(ADA, "are off")
        await house.press_at_home(ADA, "start")
        await house.home(ADA, "are on")
        await house.press_at_home(ADA, "stop")
        await house.home(ADA, "are off")
        house.at(MORNINGS[ADA], seconds=1)
        await house.post(ADA, GENERAL, "good morning")
        await house.several_rounds()
        assert await house.from_daybook(ADA) == []


async def test_somebody_new_can_start_before_daybook_has_heard_of_them(house: House) -> None:
    """Start is not lost on somebody whom Daybook has not looked up yet, and shows them no more than they may read."""
    async with house.daybook(arrive=False):
        await house.act("open_home", FAY)
        await house.press_at_home(FAY, "start")
        await house.home(FAY, "are on")


async def test_brief_me_now_makes_todays_briefing_at_once(house: House) -> None:
    """*Brief me now* brings today's briefing at once, on a workday or not, and only once a day."""
    async with house.after_the_day(leaders=(FAY,)):
        await house.act("open_home", FAY)
        await house.press_at_home(FAY, "brief_me")
        await house.briefing(FAY)
        await house.press_at_home(FAY, "brief_me")
        await house.several_rounds()
        assert len(await house.briefings(FAY)) == 1


async def test_done_strikes_the_item_out_and_stays(house: House) -> None:
    """Done strikes an item out in Slack, also when several are pressed at once, and in every later rendering."""
    async with house.after_the_day():
        house.at(MORNINGS[ADA], seconds=1)
        place, briefing = await house.briefing(ADA)
        values = _values(briefing, "item_done")
        assert len(values) >= 3
        for value in values[:3]:
            await house.press(ADA, place["id"], briefing, "item_done", value)

        async def struck() -> bool:
            [(_, shown)] = await house.briefings(ADA)
            return not set(_values(shown, "item_done")) & set(values[:3]) and words(shown).count("~") >= 6

        await until(struck, "three items struck out")
        await house.quiet()
        assert await struck()
        assert await house.value("select count(*) from feedback where kind = 'done'") == 3


async def test_done_pressed_while_the_post_is_uncertain_still_shows(house: House) -> None:
    """Done is shown even when it is pressed before Daybook knows that the briefing stands in Slack."""
    async with house.after_the_day():
        await house.fault("chat.postMessage", "lost_reply")
        await house.fault("conversations.history", "error", error="internal_error")
        house.at(MORNINGS[ADA], seconds=1)
        place, briefing = await house.briefing(ADA)
        value = _values(briefing, "item_done")[0]
        await house.press(ADA, place["id"], briefing, "item_done", value)

        async def struck() -> bool:
            [(_, shown)] = await house.briefings(ADA)
            return value not in _values(shown, "item_done")

        await until(struck, "the item struck out", 20)


async def test_why_opens_a_modal_with_what_was_said(house: House) -> None:
    """Why? opens at once a modal that quotes the messages behind the item, as its reader may read them now."""
    async with house.after_the_day():
        house.at(MORNINGS[DEE], seconds=1)
        place, briefing = await house.briefing(DEE)
        value = next(
            item["block_id"].removeprefix("item-") for item in briefing["blocks"] if SECRET in json.dumps(item)
        )
        await house.press(DEE, place["id"], briefing, "item_why", value)
        shown = await until(lambda: house.modals(DEE), "a modal")
        assert "Dee Alvarez" in json.dumps(shown[0]) or "Ada Brandt" in json.dumps(shown[0])
        assert SECRET in json.dumps(shown[0])
        await house.act("close", DEE, view_id=shown[0]["id"])
        await house.act("member", channel=LEADS, user=DEE, change="leave")
        await house.quiet()
        await house.press(DEE, place["id"], briefing, "item_why", value)
        await house.quiet()
        assert not any(SECRET in json.dumps(view) for view in await house.modals(DEE))


def _values(message: Payload, action_id: str) -> list[str]:
    buttons = [button for block in message["blocks"] for button in block.get("elements", ())]
    return [button["value"] for button in buttons if button.get("action_id") == action_id]
