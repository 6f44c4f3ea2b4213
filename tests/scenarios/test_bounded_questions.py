"""Questions that count from an occasion or name a channel: by what may be read where they are asked, and by that."""

from datetime import timedelta

from tests.scenarios.house import House, links, words
from tests.scenarios.team import (
    ADA,
    BEN,
    BOT,
    DEE,
    FAY,
    GENERAL,
    GUS,
    INCIDENTS,
    LEADS,
    PAYMENTS,
    said,
)

MENTION = f"<@{BOT}>"


async def ask(evening: House, person: str, channel: str, text: str) -> str:
    """The text of what is answered to a mention."""
    ts = await evening.post(person, channel, f"{MENTION} {text}")
    return str((await evening.answer(person, channel, ts))["text"])


async def ask_alone(evening: House, person: str, text: str) -> str:
    dm = (await evening.act("open_dm", person, user=BOT))["channel"]
    top = await evening.post(person, dm, "hello")
    ts = await evening.post(person, dm, text, thread_ts=top)
    await evening.quiet()
    return next(str(each["text"]) for each in await evening.messages(person, dm, top) if each["ts"] > ts)


async def test_since_an_outage_counts_from_when_it_was_told(evening: House) -> None:
    """The answer says which outage was taken, with its time and a link, and holds nothing from before."""
    ts = await evening.post(FAY, GENERAL, f"{MENTION} what was decided since the checkout outage?")
    answer = await evening.answer(FAY, GENERAL, ts)
    assert "Since the checkout outage (today 18:" in words(answer)
    assert "#incidents" in words(answer)
    assert (INCIDENTS, said("Checkout returns 502").ts) in links(answer)
    assert "Quince" in words(answer)
    before = await ask(evening, FAY, GENERAL, "what was decided before the checkout outage?")
    assert "Before the checkout outage (today 18:" in before
    assert "Quince" not in before
    assert "I found nothing" in before


async def test_a_follow_up_counts_from_another_occasion(evening: House) -> None:
    """What is asked next keeps the matter and changes what it counts from."""
    ts = await evening.post(FAY, PAYMENTS, f"{MENTION} what was decided about the ledger?")
    assert "Quince" in words(await evening.answer(FAY, PAYMENTS, ts))
    await evening.post(FAY, PAYMENTS, "and since the outage?", thread_ts=ts)
    await evening.quiet()
    told = words((await evening.messages(FAY, PAYMENTS, ts))[-1])
    assert "Since the outage (" in told
    assert "Quince" in told


async def test_a_day_that_was_set_for_a_freeze_is_when_it_is(evening: House) -> None:
    """A freeze that is decided for December is in December."""
    assert "Before the platform freeze (Mon 21 Dec" in await ask(
        evening, BEN, GENERAL, "what was decided before the platform freeze?"
    )


async def test_an_occasion_of_a_private_channel_dates_nothing_elsewhere(evening: House) -> None:
    """What only the leads know of is no incident for a channel, though a lead asks; among the leads it is."""
    await evening.post(DEE, LEADS, "Outage: the vault is down, keep it among us please.")
    await evening.quiet()
    elsewhere = await ask(evening, DEE, GENERAL, "what was decided since the vault outage?")
    assert "I know of no “vault outage” from what may be read here, so I looked at all days." in elsewhere
    assert "leads" not in elsewhere
    assert elsewhere == (await ask(evening, FAY, GENERAL, "what was decided since the vault outage?"))
    inside = await ask(evening, DEE, LEADS, "what was decided since the vault outage?")
    assert "Since the vault outage (" in inside
    alone = await ask_alone(evening, FAY, "what was decided since the vault outage?")
    assert "I know of no “vault outage”" in alone


async def test_a_deleted_telling_dates_no_longer(evening: House) -> None:
    """With the message goes what it dated, and the answer that counted from it."""
    ts = await evening.post(GUS, INCIDENTS, "Outage: the lighthouse is down.")
    await evening.quiet()
    asked = await evening.post(GUS, INCIDENTS, f"{MENTION} what was decided since the lighthouse outage?")
    assert "Since the lighthouse outage (" in words(await evening.answer(GUS, INCIDENTS, asked))
    await evening.act("delete", GUS, channel=INCIDENTS, ts=ts)
    await evening.quiet()
    assert "Since the lighthouse outage" not in words((await evening.messages(GUS, INCIDENTS, asked))[1])
    again = await ask(evening, GUS, INCIDENTS, "what was decided since the lighthouse outage?")
    assert "I know of no “lighthouse outage”" in again


async def test_a_named_channel_is_looked_in_alone(evening: House) -> None:
    """Named by its sign, by its link, or when catching up by its bare name."""
    for text in (
        "what was decided in #payments?",
        f"what was decided in <#{PAYMENTS}|payments>?",
        "catch me up on payments",
    ):
        ts = await evening.post(BEN, GENERAL, f"{MENTION} {text}")
        answer = await evening.answer(BEN, GENERAL, ts)
        assert "Quince" in words(answer)
        assert {channel for channel, _ in links(answer)} == {PAYMENTS}


async def test_a_channel_that_it_is_not_in_is_said_so(evening: House) -> None:
    """What to do is said; one private to others, one that it is not in, and one that there is not look the same."""
    await evening.act("channel", name="design", kind="public", members=[FAY, BEN])
    told = {
        name: (await ask(evening, FAY, GENERAL, f"what was decided in #{name}?")).replace(name, "it")
        for name in ("design", "leads", "nowhere")
    }
    assert "I am not in #it, or may not tell of it here: invite me there with `/invite @Daybook`" in told["design"]
    assert len({*told.values()}) == 1
    by_id = await ask(evening, FAY, GENERAL, f"what was decided in <#{LEADS}>?")
    assert "I am not in that channel" in by_id
    assert "leads" not in by_id
    alone = {
        name: (await ask_alone(evening, FAY, f"what was decided in #{name}?")).replace(name, "it") for name in told
    }
    assert "I am not in #it together with you: invite me there with `/invite @Daybook`" in alone["design"]
    assert len({*alone.values()}) == 1
    assert "Marigold" in await ask_alone(evening, ADA, "what was decided in #leads?")


async def test_as_of_a_day_and_last_week_are_days_of_who_asks(evening: House) -> None:
    """What was decided on Thursday was not so on Wednesday, and was not decided last week."""
    asked = "what was decided about the ledger"
    assert "I found nothing" in await ask_alone(evening, FAY, f"{asked} as of Wednesday?")
    assert "I found nothing" in await ask_alone(evening, FAY, f"{asked} last week?")
    assert "Quince" in await ask_alone(evening, FAY, f"{asked} this week?")
    evening.workspace.clock.advance(timedelta(days=7))
    assert "Quince" in await ask_alone(evening, FAY, f"{asked} last week?")
    assert "Quince" in await ask_alone(evening, FAY, f"{asked} as of Friday?")


async def test_a_calendar_day_bounds_as_a_weekday_does(evening: House) -> None:
    """The day is looked within, and is no word that must have been said."""
    assert "I found nothing" in await ask_alone(evening, FAY, "what was decided about the ledger before 19 November?")
    assert "I found nothing" in await ask_alone(evening, FAY, "what was decided about the ledger after Nov 19?")
    assert "Quince" in await ask_alone(evening, FAY, "what was decided about the ledger as of November 19th?")
    assert "Quince" in await ask_alone(evening, FAY, "catch me up since 10 November")
    assert "Quince" in await ask_alone(evening, FAY, "what was decided about the ledger in November?")
    nothing = await ask_alone(evening, FAY, "what was decided about the ledger before November?")
    assert "decisions and messages before november that may be read here." in nothing


async def test_what_is_owed_by_a_day_is_what_is_due_until_then(evening: House) -> None:
    """Soonest first; not what is due later, nor what has no day. A follow-up names another day."""
    for text in (
        "I will renew the certificates by 10 December",
        "I will send the rota by tomorrow",
        "I will ask legal",
    ):
        await evening.post(FAY, GENERAL, text)
        await evening.quiet()
    dm = (await evening.act("open_dm", FAY, user=BOT))["channel"]
    top = await evening.post(FAY, dm, "hello")
    for text in ("what do I owe by Monday?", "and by 10 December?", "what did you understand?"):
        await evening.post(FAY, dm, text, thread_ts=top)
        await evening.quiet()
    told = [str(each["text"]) for each in await evening.messages(FAY, dm, top) if each["user"] == BOT]
    assert "rota" in told[-3]
    assert not [word for word in ("certificates", "legal") if word in told[-3]]
    assert told[-2].index("rota") < told[-2].index("certificates")
    assert "legal" not in told[-2]
    assert told[-1].endswith("by you, due by 10 December. Promises without a day were left out.")
    evening.workspace.clock.advance(timedelta(days=7))
    late = await ask_alone(evening, FAY, "which of my promises are overdue?")
    assert "rota" in late
    assert "certificates" not in late
    nothing = await ask_alone(evening, DEE, "what does Fay owe me before Friday?")
    assert "I found nothing about open promises that are due before Friday." in nothing
