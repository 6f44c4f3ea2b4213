"""Questions: each is answered once, where it was asked, from what may be read there."""

import json

from tests.scenarios.house import House, links, until, words
from tests.scenarios.team import (
    ADA,
    BEN,
    BOT,
    CHI,
    DEE,
    FAY,
    GENERAL,
    GUS,
    INCIDENTS,
    LEADERS,
    LEADS,
    PAYMENTS,
    PLATFORM,
    SECRET,
    said,
)

MENTION = f"<@{BOT}>"


async def test_a_mention_is_answered_in_its_thread_with_links(house: House) -> None:
    """A mention gets one answer, in its thread, with links that open messages everybody there may read."""
    async with house.after_the_day():
        ts = await house.post(FAY, GENERAL, f"{MENTION} what was decided about the ledger?")
        answer = await house.answer(FAY, GENERAL, ts)
        assert "4.2" in words(answer)
        assert (PAYMENTS, said("ledger 4.2").ts) in links(answer)
        for channel, found in links(answer):
            async with house.http.get(f"{house.workspace.url}/archives/{channel}/p{found.replace('.', '')}") as page:
                assert page.status == 200
            assert found in [message["ts"] for message in await house.messages(CHI, channel)]
        await house.quiet()
        assert len(await house.messages(FAY, GENERAL, ts)) == 2


async def test_nothing_found_is_said_so(house: House) -> None:
    """A question that nothing answers is told so, without a link."""
    async with house.after_the_day():
        ts = await house.post(FAY, GENERAL, f"{MENTION} what happened to the submarine contract?")
        answer = await house.answer(FAY, GENERAL, ts)
        assert "I found nothing" in words(answer)
        assert links(answer) == []


async def test_a_channel_learns_nothing_from_a_private_one(house: House) -> None:
    """In a channel the answer holds nothing that somebody there may not read, though the asker may."""
    async with house.after_the_day():
        told = {}
        for channel in (GENERAL, PLATFORM, INCIDENTS):
            ts = await house.post(DEE, channel, f"{MENTION} what do we know about {SECRET} and its announcement?")
            told[channel] = await house.answer(DEE, channel, ts)
        for answer in told.values():
            assert "acquisition" not in words(answer)
            assert LEADS not in json.dumps(answer["blocks"])
        ts = await house.post(DEE, LEADS, f"{MENTION} what do we know about {SECRET} and its announcement?")
        inside = await house.answer(DEE, LEADS, ts)
        assert {said("acquisition closes").ts, said("Marigold announcement").ts} & {ts for _, ts in links(inside)}


async def test_a_guest_in_a_channel_narrows_its_answers(house: House) -> None:
    """Where a guest reads along, an answer holds only what the guest may read too."""
    async with house.after_the_day():
        ts = await house.post(BEN, INCIDENTS, f"{MENTION} which ledger version do we ship?")
        assert PAYMENTS not in json.dumps((await house.answer(BEN, INCIDENTS, ts))["blocks"])
        ts = await house.post(GUS, INCIDENTS, f"{MENTION} was the rollback approved?")
        assert {channel for channel, _ in links(await house.answer(GUS, INCIDENTS, ts))} == {INCIDENTS}


async def test_a_channel_of_unknown_members_learns_nothing_from_others(house: House) -> None:
    """Where Daybook could not yet read who is there, an answer holds that channel's own words only."""
    async with house.after_the_day():
        await house.fault("conversations.members", "error", 100, error="internal_error")
        made = await house.act("channel", name="newcomers", kind="private", members=[GUS, BEN, BOT])
        ts = await house.post(GUS, made["channel"], f"{MENTION} what do we know about {SECRET}, or ledger 4.2?")
        answer = await house.answer(GUS, made["channel"], ts)
        assert {channel for channel, _ in links(answer)} <= {made["channel"]}
        assert "acquisition" not in words(answer)
        assert "importer" not in words(answer)
        await house.clear_faults()


async def test_a_dm_is_answered_there_from_what_the_asker_may_read(house: House) -> None:
    """In a DM each asker is answered from what they may read themselves, and nobody else sees it."""
    async with house.after_the_day():
        answers = {}
        for asker in (ADA, CHI):
            dm = (await house.act("open_dm", asker, user=BOT))["channel"]
            await house.welcome(asker)
            ts = await house.post(asker, dm, f"when does {SECRET} close?")

            async def replied(asker: str = asker, dm: str = dm, ts: str = ts) -> object:
                later = [m for m in await house.messages(asker, dm) if m["ts"] > ts and m["user"] == BOT]
                return later[0] if later else None

            answers[asker] = await until(replied, f"an answer to {asker}")
        assert (LEADS, said("acquisition closes").ts) in links(answers[ADA])
        assert "I found nothing" in words(answers[CHI])
        assert links(answers[CHI]) == []


async def test_an_edit_of_an_answered_mention_is_not_answered_again(house: House) -> None:
    """Editing a mention that was answered brings no second answer, though Slack tells of the mention once more."""
    async with house.after_the_day():
        ts = await house.post(FAY, GENERAL, f"{MENTION} what was decided about the ledger?")
        await house.answer(FAY, GENERAL, ts)
        await house.act("edit", FAY, channel=GENERAL, ts=ts, text=f"{MENTION} what was decided about the new ledger?")
        await house.quiet()
        assert len(await house.messages(FAY, GENERAL, ts)) == 2


async def test_an_event_delivered_three_times_is_answered_once(house: House) -> None:
    """The same mention, delivered again and again under its own and under fresh event ids, gets one answer."""
    async with house.after_the_day(bots=2):
        ts = await house.post(FAY, GENERAL, f"{MENTION} who approved the rollback?")
        await house.act("redeliver", channel=GENERAL, ts=ts, times=3)
        await house.act("redeliver", channel=GENERAL, ts=ts, times=3, fresh_event_id=True)
        await house.answer(FAY, GENERAL, ts)
        await house.act("redeliver", channel=GENERAL, ts=ts, times=3, fresh_event_id=True)
        await house.quiet()
        assert len(await house.messages(FAY, GENERAL, ts)) == 2
        assert len(await house.posts()) == 1


async def test_an_unanswered_leader_hears_of_every_question_once(house: House) -> None:
    """Twelve questions at once, in three channels, get twelve answers, each in its own thread."""
    async with house.after_the_day(leaders=LEADERS[:1]):
        asked = []
        for number in range(12):
            channel = (GENERAL, PAYMENTS, PLATFORM)[number % 3]
            asked.append((channel, await house.post(BEN, channel, f"{MENTION} what about the proxy? ({number})")))
        for channel, ts in asked:
            await house.answer(BEN, channel, ts)
        await house.quiet()
        assert [len(await house.messages(BEN, channel, ts)) for channel, ts in asked] == [2] * 12
