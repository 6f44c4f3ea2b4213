"""What its asker may read beyond a channel is offered to them alone, and told in their direct message with Daybook."""

import json
import logging
from typing import Any

import pytest

from bot import telemetry
from graphs.tasks import answer
from tests.integration.remains import columns_with, pg_dump
from tests.scenarios.house import House, Payload, links, until, words
from tests.scenarios.team import ADA, BEN, BOT, CHI, DEE, FAY, GENERAL, GUS, INCIDENTS, LEADS, PAYMENTS, SECRET, said
from tests.scenarios.test_said_so import FAILED

MENTION = f"<@{BOT}>"
QUESTION = f"{MENTION} when does {SECRET} close, and who drafts its announcement?"
MORE = "for you in private"


async def asked(house: House, person: str, channel: str, text: str = QUESTION) -> tuple[str, Payload]:
    """Somebody asks in a channel; the question's `ts` and the answer, once all that follows on it is done."""
    ts = await house.post(person, channel, text)
    told = await house.answer(person, channel, ts)
    await house.quiet()
    return ts, told


async def whispered(house: House, person: str, channel: str, thread: str) -> list[Payload]:
    """What a person alone sees in a thread."""
    return [each for each in await house.messages(person, channel, thread) if each["ephemeral"]]


async def take(house: House, person: str, channel: str, offer: Payload) -> None:
    before = len(await house.calls("response_url"))
    await house.press(person, channel, offer, "offer_taken")
    await until(lambda: _more_than(house, before), "the offer's withdrawal")
    await house.quiet()


async def _more_than(house: House, before: int) -> bool:
    return len(await house.calls("response_url")) > before


async def talks(house: House, person: str) -> list[tuple[str, list[Payload]]]:
    """The threads in somebody's direct message that go on from a channel: where, and all messages."""
    found = []
    for channel in (await house.channels(person)).values():
        if channel["kind"] == "im":
            for top in await house.messages(person, channel["id"]):
                thread = await house.messages(person, channel["id"], top["ts"])
                found += [(channel["id"], thread)] if "for you alone" in top["text"] else []
    return found


async def test_the_asker_alone_is_offered_what_the_channel_may_not_read(evening: House) -> None:
    """One line for whoever asked, with a number and nothing of what it is; for nobody else, and for who has no more."""
    ts, told = await asked(evening, DEE, GENERAL)
    assert SECRET not in json.dumps([told["blocks"], told["text"]]).replace(f"“{SECRET.lower()}", "")
    (offer,) = await whispered(evening, DEE, GENERAL, ts)
    assert MORE in offer["text"]
    for word in (SECRET, "acquisition", "announcement", "leads", LEADS):
        assert word not in words(offer)
    for other in (ADA, BEN, CHI):
        assert await whispered(evening, other, GENERAL, ts) == []
    for person, channel in ((CHI, GENERAL), (GUS, INCIDENTS), (DEE, LEADS)):
        ts, _ = await asked(evening, person, channel)
        assert await whispered(evening, person, channel, ts) == []


async def test_taken_up_it_goes_on_as_a_talk_in_private(evening: House) -> None:
    """Pressed, and pressed again where it stayed: one thread in the direct message, with one answer, to follow up."""
    ts, _ = await asked(evening, ADA, GENERAL)
    (offer,) = await whispered(evening, ADA, GENERAL, ts)
    many = int(offer["text"].split()[2])
    await evening.fault("response_url", "error", error="internal_error")
    for left in (1, 0):
        await take(evening, ADA, GENERAL, offer)
        assert len(await whispered(evening, ADA, GENERAL, ts)) == left
    ((dm, thread),) = await talks(evening, ADA)
    assert len(thread) == 2
    assert "#general" in words(thread[0])
    assert SECRET not in words(thread[0])
    private = {found for channel, found in links(thread[1]) if channel == LEADS}
    assert said("acquisition closes").ts in private
    assert len(private) == many
    await evening.post(ADA, dm, "who said that?", thread_ts=thread[0]["ts"])
    await evening.quiet()
    ((_, thread),) = await talks(evening, ADA)
    assert "Dee Alvarez wrote" in words(thread[-1])
    assert len(thread) == 4


async def test_an_offer_that_was_taken_up_is_gone_and_its_address_is_kept_nowhere(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Once pressed the line is taken away; the address that lets us is in no table, no dump and no line of ours."""
    caplog.set_level(logging.DEBUG)
    async with house.after_the_day(leaders=()):
        ts, told = await asked(house, DEE, GENERAL)
        (offer,) = await whispered(house, DEE, GENERAL, ts)
        await take(house, DEE, GENERAL, offer)
        assert await whispered(house, DEE, GENERAL, ts) == []
        assert (await house.messages(DEE, GENERAL, ts))[-1]["ts"] == told["ts"]
        assert len(await talks(house, DEE)) == 1
    assert [each["arguments"] for each in await house.calls("response_url")] == [{"delete_original": True}]
    ours = "\n".join(each.getMessage() + str(vars(each)) for each in caplog.records if telemetry.is_told(each))
    assert "/actions/" not in ours + pg_dump(house.database.admin_dsn)
    assert columns_with(house.database.admin_dsn, ["/actions/"]) == []


async def test_a_guest_narrows_the_channel_and_the_others_are_offered_the_rest(evening: House) -> None:
    """Where a guest reads along, a member is offered what the guest may not read; the guest is not."""
    question = f"{MENTION} which ledger version do we ship?"
    ts, told = await asked(evening, BEN, INCIDENTS, question)
    assert PAYMENTS not in json.dumps(told["blocks"])
    (offer,) = await whispered(evening, BEN, INCIDENTS, ts)
    assert await whispered(evening, GUS, INCIDENTS, ts) == []
    await take(evening, BEN, INCIDENTS, offer)
    ((_, thread),) = await talks(evening, BEN)
    assert (PAYMENTS, said("ledger Quince").ts) in links(thread[1])
    ts, _ = await asked(evening, GUS, INCIDENTS, question)
    assert await whispered(evening, GUS, INCIDENTS, ts) == []


async def test_what_was_deleted_or_closed_before_the_press_is_not_told(house: House) -> None:
    """The direct message answers by the rights of its moment: without what was deleted, or a channel that was left."""
    async with house.after_the_day(leaders=()):
        offers = {}
        for person in (ADA, DEE):
            ts, _ = await asked(house, person, GENERAL)
            (offers[person],) = await whispered(house, person, GENERAL, ts)
        await house.act("delete", DEE, channel=LEADS, ts=said("acquisition closes").ts)
        await house.act("member", channel=LEADS, user=ADA, change="leave")
        await house.quiet()
        for person in (ADA, DEE):
            await take(house, person, GENERAL, offers[person])
        ((_, thread),) = await talks(house, ADA)
        assert LEADS not in words(thread[1])
        assert "acquisition" not in words(thread[1])
        ((_, thread),) = await talks(house, DEE)
        assert (LEADS, said("Marigold announcement").ts) in links(thread[1])
        assert "acquisition" not in words(thread[1])


async def test_a_question_that_was_taken_back_is_asked_nowhere(house: House) -> None:
    """Deleted before the press, the question is not asked again: its asker is told so."""
    async with house.after_the_day(leaders=()):
        ts, _ = await asked(house, DEE, GENERAL)
        (offer,) = await whispered(house, DEE, GENERAL, ts)
        await house.act("delete", DEE, channel=GENERAL, ts=ts)
        await house.quiet()
        await take(house, DEE, GENERAL, offer)
        told = [found["text"] for place, found in await house.from_daybook(DEE) if place["kind"] == "im"]
        assert [text for text in told if "ask me again" in text] != []
        assert await talks(house, DEE) == []


async def test_that_it_fails_in_private_is_said_in_private(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken up, what cannot be answered is said to have failed where it was to be answered."""

    def broken(given: answer.Given) -> answer.Found:
        raise ZeroDivisionError

    whole = answer.rules
    async with house.after_the_day(leaders=()):
        ts, _ = await asked(house, DEE, GENERAL)
        (offer,) = await whispered(house, DEE, GENERAL, ts)
        monkeypatch.setattr(answer, "rules", broken)
        await house.press(DEE, GENERAL, offer, "offer_taken")
        ((_, thread),) = await until(lambda: _answered(house, DEE), "that it failed")
        assert FAILED in thread[1]["text"]
        monkeypatch.setattr(answer, "rules", whole)
        await house.quiet(120)
        ((_, thread),) = await talks(house, DEE)
        assert LEADS in words(thread[-1])


async def test_what_was_asked_again_goes_with_the_question(house: House) -> None:
    """Deleted after the press, no word of the question is left, and what was told in private is told no more."""
    async with house.after_the_day(leaders=()):
        ts, _ = await asked(house, DEE, GENERAL, f"{QUESTION} Asked by a heron.")
        (offer,) = await whispered(house, DEE, GENERAL, ts)
        await take(house, DEE, GENERAL, offer)
        left = "select count(*) from contents where strpos(body, 'heron') > 0"
        assert await house.value(left) > 1
        await house.act("delete", DEE, channel=GENERAL, ts=ts)
        await house.quiet()
        assert await house.value(left) == 0
        ((_, thread),) = await talks(house, DEE)
        assert links(thread[1]) == []
        assert "may no longer be shown" in words(thread[1])


async def test_an_offer_that_cannot_be_shown_is_dropped_and_a_lost_reply_repeats_it(house: House) -> None:
    """Who left the channel meanwhile is told nothing there; after an uncertain outcome it is said again."""
    async with house.after_the_day(leaders=()):
        await house.fault("chat.postEphemeral", "error", error="user_not_in_channel")
        ts, _ = await asked(house, DEE, GENERAL)
        assert await whispered(house, DEE, GENERAL, ts) == []
        assert await _outbox(house) == [("dropped", "user_not_in_channel")]
        await house.fault("chat.postEphemeral", "lost_reply")
        ts, _ = await asked(house, DEE, GENERAL)
        assert len(await whispered(house, DEE, GENERAL, ts)) == 2
        await house.fault("chat.postEphemeral", "ratelimited", times=3, retry_after=1)
        ts, _ = await asked(house, DEE, GENERAL)
        assert len(await whispered(house, DEE, GENERAL, ts)) == 1


async def test_an_offer_survives_its_daybook(house: House) -> None:
    """Asked before a restart, offered after it; pressed before one, told after it."""
    async with house.after_the_day(leaders=()):
        await house.fault("chat.postEphemeral", "ratelimited", times=50, retry_after=1)
        ts = await house.post(DEE, GENERAL, QUESTION)
        await house.answer(DEE, GENERAL, ts)
        await until(lambda: house.calls("chat.postEphemeral"), "a try")
    await house.clear_faults()
    async with house.daybook():
        (offer,) = await until(lambda: whispered(house, DEE, GENERAL, ts), "the offer")
        await house.quiet()
        await house.fault("conversations.open", "error", times=50, error="internal_error")
        await house.press(DEE, GENERAL, offer, "offer_taken")
    await house.clear_faults()
    async with house.daybook():
        ((_, thread),) = await until(lambda: _answered(house, DEE), "the talk in private")
        assert LEADS in {channel for channel, _ in links(thread[1])}


async def test_what_is_asked_of_this_channel_or_of_what_was_told_is_not_offered(evening: House) -> None:
    """Nothing in private answers what is asked of the channel itself, or of its talk."""
    ts, _ = await asked(evening, DEE, GENERAL, f"{MENTION} catch me up on this channel")
    assert await whispered(evening, DEE, GENERAL, ts) == []
    ts, _ = await asked(evening, FAY, GENERAL, f"{MENTION} what was decided about the ledger?")
    await evening.post(FAY, GENERAL, "who said that?", thread_ts=ts)
    await evening.quiet()
    assert await whispered(evening, FAY, GENERAL, ts) == []


async def _outbox(house: House) -> list[tuple[Any, ...]]:
    return await house.rows("select state, failure from outbox where surface = 'offer'")


async def _answered(house: House, person: str) -> list[tuple[str, list[Payload]]]:
    found = await talks(house, person)
    return found if found and len(found[0][1]) > 1 else []
