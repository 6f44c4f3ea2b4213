"""Each leader's morning: one briefing, at their time, in their place, of what they may read."""

import json

from tests.scenarios.house import House, links, words
from tests.scenarios.team import ADA, BEN, BOT, CHI, DEE, ELI, FAY, GUS, LEADERS, LEADS, MORNINGS, SECRET


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


async def _every_item_has_sources_for(house: House, reader: str, briefing: dict[str, object]) -> None:
    items = [b for b in briefing["blocks"] if str(b.get("block_id", "")).startswith("item-")]  # type: ignore[attr-defined]
    assert items, json.dumps(briefing)
    for item in items:
        cited = links({"blocks": [item]})
        assert cited, item
        for channel, ts in cited:
            async with house.http.get(f"{house.workspace.url}/archives/{channel}/p{ts.replace('.', '')}") as page:
                assert page.status == 200
            assert ts in [message["ts"] for message in await house.messages(reader, channel)]
            assert reader != CHI or channel != LEADS
