"""Below a briefing its reader asks in words why something is in it, and nobody else learns of it."""

import json

from graphs import briefed
from tests.scenarios.house import House, Payload, links, until, words
from tests.scenarios.team import ADA, BEN, BOT, DEE, LEADS, MORNINGS, said
from tests.scenarios.test_corrections import ANNOUNCEMENT, FRIDAY
from tests.scenarios.test_feedback import item_of, morning

WHY = "It is here because"


async def asked(house: House, person: str, channel: str, briefing: Payload, text: str) -> Payload:
    """What is answered in a briefing's thread."""
    ts = await house.post(person, channel, text, thread_ts=briefing["ts"])

    async def replied() -> Payload | None:
        thread = await house.messages(person, channel, briefing["ts"])
        return next((each for each in thread if each["user"] == BOT and each["ts"] > ts), None)

    found: Payload = await until(replied, f"an answer to {text}")
    await house.quiet()
    return found


async def reasons_of(house: House, person: str, place: Payload, briefing: Payload, item: str) -> list[str]:
    """All reasons that *Why?* shows."""
    await house.press(person, place["id"], briefing, "item_why", item)
    (view,) = await until(lambda: house.modals(person), "why")
    shown = next(block for block in view["blocks"] if "*Why it is here for you*" in json.dumps(block))
    await house.act("close", person, view_id=view["id"])
    return [line.removeprefix("• ").lower() for line in shown["text"]["text"].splitlines()[1:]]


async def test_in_ones_own_channel(house: House) -> None:
    """Of all of it the most telling; of one entry, called by words or its number, the reasons that *Why?* shows."""
    async with house.after_the_day(leaders=(ADA,)):
        place, briefing = await morning(house, FRIDAY, 1)
        whole = await asked(house, ADA, place["id"], briefing, "why did you tell me this?")
        assert whole["text"].count(WHY) > 4
        assert "press *Why?* at it" in whole["text"]
        reasons = await reasons_of(house, ADA, place, briefing, item_of(briefing, ANNOUNCEMENT))
        alone = await asked(house, ADA, place["id"], briefing, "why is the Marigold announcement here?")
        assert alone["text"].count(WHY) == 1
        assert ANNOUNCEMENT in alone["text"]
        for each in reasons:
            assert each.split(" – so it counts for less")[0] in alone["text"].lower()
        assert (LEADS, said("Marigold announcement").ts) in links(alone)
        first = await asked(house, ADA, place["id"], briefing, "and why is the first one here?")
        assert first["text"].count(WHY) == 1
        later = await asked(house, ADA, place["id"], briefing, "who said that?")
        assert "wrote" in later["text"]
        assert WHY not in later["text"]


async def test_in_the_direct_message(house: House) -> None:
    """Where the briefing stands there; what was deleted since is told no more, and what tells of it neither."""
    await house.fault("conversations.create", "error", 100, error="missing_scope")
    async with house.after_the_day(leaders=(DEE,)):
        house.at(MORNINGS[DEE], seconds=1)
        place, briefing = await house.briefing(DEE)
        assert place["kind"] == "im"
        await house.quiet()
        told = await asked(house, DEE, place["id"], briefing, "why is the Marigold announcement here?")
        assert ANNOUNCEMENT in told["text"]
        await house.act("delete", DEE, channel=LEADS, ts=said("Marigold announcement").ts)
        await house.quiet()
        assert ANNOUNCEMENT not in json.dumps(await house.messages(DEE, place["id"], briefing["ts"]))
        for text in ("why is the Marigold announcement here?", "why did you tell me this?"):
            again = await asked(house, DEE, place["id"], briefing, text)
            assert ANNOUNCEMENT not in words(again)


async def test_where_somebody_reads_along_nothing_is_told(house: House) -> None:
    """Once another is there: who asks of all is told to ask elsewhere, and what names an entry is any question."""
    async with house.after_the_day(leaders=(ADA,)):
        place, briefing = await morning(house, FRIDAY, 1)
        reasons = await reasons_of(house, ADA, place, briefing, item_of(briefing, ANNOUNCEMENT))
        await house.act("member", channel=place["id"], user=BEN, change="join")
        await house.quiet()
        told = await asked(house, ADA, place["id"], briefing, "why did you tell me this?")
        assert told["text"] == briefed.ELSEWHERE
        named = await asked(house, ADA, place["id"], briefing, "why is the Marigold announcement here?")
        assert WHY not in named["text"]
        assert not [reason for reason in reasons if reason in words(named).lower()]
