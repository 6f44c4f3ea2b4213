"""Each leader's morning: one briefing, at their time, in their place, of what they may read."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from bot import running
from bot.app import Daybook
from tests.scenarios.house import House, Payload, links, words
from tests.scenarios.team import (
    ADA,
    BEN,
    BOT,
    CHI,
    DEE,
    ELI,
    FAY,
    GENERAL,
    GUS,
    INCIDENTS,
    LEADERS,
    LEADS,
    MORNINGS,
    SECRET,
    said,
)

SIX = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
"""In Berlin, on Friday."""


async def test_a_day_of_messages_becomes_one_briefing_a_leader(house: House) -> None:
    """Each leader gets exactly one briefing, alone with the bot, from what they may read; nobody else is messaged."""
    async with house.after_the_day():
        for leader, morning in MORNINGS.items():
            assert await house.briefings(leader) == []
            house.at(morning, seconds=-2)
            await house.several_rounds()
            assert await house.briefings(leader) == []
            house.at(morning, seconds=1)
            await house.briefing(leader)
        house.at(MORNINGS[DEE], hours=1)
        await house.several_rounds()
        for leader in LEADERS:
            [(place, briefing)] = await house.briefings(leader)
            person = house.workspace.world.state.users[leader]
            assert (place["name"], place["kind"]) == (f"daybook-{person.name}", "private")
            assert sorted(place["members"]) == sorted([leader, BOT])
            await _every_item_has_sources_for(house, leader, briefing)
        assert {call["arguments"]["channel"] for call in await house.posts()} == {
            (await house.briefings(leader))[0][0]["id"] for leader in LEADERS
        }
        for other in (BEN, ELI, FAY, GUS):
            assert await house.from_daybook(other) == []
        assert SECRET in words((await house.briefings(ADA))[0][1])
        assert SECRET not in words((await house.briefings(CHI))[0][1])


async def _every_item_has_sources_for(house: House, reader: str, briefing: Payload) -> None:
    items = [block for block in briefing["blocks"] if str(block.get("block_id", "")).startswith("item-")]
    assert items, json.dumps(briefing)
    for item in items:
        cited = links({"blocks": [item]})
        assert cited, item
        for channel, ts in cited:
            async with house.http.get(f"{house.workspace.url}/archives/{channel}/p{ts.replace('.', '')}") as page:
                assert page.status == 200
            assert ts in [message["ts"] for message in await house.messages(reader, channel)]
            assert reader != CHI or channel != LEADS


async def test_the_first_activity_after_six_brings_the_briefing(house: House) -> None:
    """Who is active after 06:00 gets the briefing at once, and none at 08:30; before six nothing comes."""
    async with house.after_the_day():
        house.at(SIX, minutes=-20)
        await house.post(ADA, GENERAL, "cannot sleep")
        await house.several_rounds()
        assert await house.briefings(ADA) == []
        house.at(SIX, minutes=5)
        await house.post(ADA, GENERAL, "good morning")
        await house.briefing(ADA)
        house.at(MORNINGS[ADA], seconds=1)
        await house.post(ADA, GENERAL, "what a day")
        await house.several_rounds()
        assert len(await house.briefings(ADA)) == 1


async def test_old_news_of_somebody_is_no_activity(house: House) -> None:
    """A message of last night that arrives only this morning does not mean that its author is up."""
    async with house.after_the_day():
        ts = said("Approved, go ahead").ts
        house.at(SIX, minutes=5)
        await house.act("redeliver", channel=INCIDENTS, ts=ts, times=1, fresh_event_id=True)
        await house.several_rounds()
        assert await house.briefings(ADA) == []


async def test_weekends_and_afternoons_bring_none(house: House) -> None:
    """No briefing on a Saturday or Sunday, none after noon to whoever was not told by then, and on Monday again one."""
    async with house.after_the_day(leaders=()) as daybook:
        house.at(NOON, minutes=1)
        await running.enrol_leaders(_with_leaders(daybook, ADA))
        await house.post(ADA, GENERAL, "back from the dentist")
        await house.several_rounds()
        for day in (1, 2):
            house.at(MORNINGS[ADA], days=day, minutes=5)
            await house.post(ADA, GENERAL, "working on the weekend")
            await house.several_rounds()
        assert await house.briefings(ADA) == []
        house.at(MORNINGS[ADA], days=3, seconds=1)
        await house.briefing(ADA)


async def test_two_bots_make_one_briefing(house: House) -> None:
    """However many Daybooks work on one database, each leader gets one briefing a day."""
    async with house.after_the_day(bots=2):
        for leader in LEADERS:
            house.at(MORNINGS[leader], seconds=1)
            await house.briefing(leader)
            await house.post(leader, GENERAL, "good morning")
            await house.several_rounds()
        assert [len(await house.briefings(leader)) for leader in LEADERS] == [1, 1, 1]


def _with_leaders(daybook: Daybook, *leaders: str) -> Daybook:
    return replace(daybook, settings=daybook.settings.model_copy(update={"leaders": ",".join(leaders)}))
