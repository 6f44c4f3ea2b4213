"""Questions: each is answered once, where it was asked, from what may be read there."""

import json
from datetime import timedelta

import pytest

from bot import telemetry
from tests.scenarios.house import House, Payload, links, until, words
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
    LEADS,
    PAYMENTS,
    PLATFORM,
    SECRET,
    said,
)

MENTION = f"<@{BOT}>"


async def test_a_mention_is_answered_in_its_thread_with_links(evening: House) -> None:
    """A mention gets one answer, in its thread, with links that open messages everybody there may read."""
    ts = await evening.post(FAY, GENERAL, f"{MENTION} what was decided about the ledger?")
    answer = await evening.answer(FAY, GENERAL, ts)
    assert "Quince" in words(answer)
    assert (PAYMENTS, said("ledger Quince").ts) in links(answer)
    for channel, found in links(answer):
        async with evening.http.get(f"{evening.workspace.url}/archives/{channel}/p{found.replace('.', '')}") as page:
            assert page.status == 200
        assert found in [message["ts"] for message in await evening.messages(CHI, channel)]
    await evening.quiet()
    assert len(await evening.messages(FAY, GENERAL, ts)) == 2


async def test_nothing_found_is_said_so(evening: House) -> None:
    """A question that nothing answers is told so, without a link."""
    ts = await evening.post(FAY, GENERAL, f"{MENTION} what happened to the submarine contract?")
    answer = await evening.answer(FAY, GENERAL, ts)
    assert "I found nothing" in words(answer)
    assert links(answer) == []


async def test_a_channel_learns_nothing_from_a_private_one(evening: House) -> None:
    """In a channel the answer holds nothing that somebody there may not read, though the asker may."""
    told = {}
    for channel in (GENERAL, PLATFORM, INCIDENTS):
        ts = await evening.post(DEE, channel, f"{MENTION} what do we know about {SECRET} and its announcement?")
        told[channel] = await evening.answer(DEE, channel, ts)
    for answer in told.values():
        assert "acquisition" not in words(answer)
        assert LEADS not in json.dumps(answer["blocks"])
    ts = await evening.post(DEE, LEADS, f"{MENTION} what do we know about {SECRET} and its announcement?")
    inside = await evening.answer(DEE, LEADS, ts)
    assert {said("acquisition closes").ts, said("Marigold announcement").ts} & {ts for _, ts in links(inside)}


async def test_a_guest_in_a_channel_narrows_its_answers(evening: House) -> None:
    """Where a guest reads along, an answer holds only what the guest may read too."""
    ts = await evening.post(BEN, INCIDENTS, f"{MENTION} which ledger version do we ship?")
    assert PAYMENTS not in json.dumps((await evening.answer(BEN, INCIDENTS, ts))["blocks"])
    ts = await evening.post(GUS, INCIDENTS, f"{MENTION} was the rollback approved?")
    assert {channel for channel, _ in links(await evening.answer(GUS, INCIDENTS, ts))} == {INCIDENTS}


async def test_a_channel_of_unknown_members_learns_nothing_from_others(evening: House) -> None:
    """Where Daybook could not yet read who is there, an answer holds that channel's own words only."""
    await evening.fault("conversations.members", "error", 100, error="internal_error")
    made = await evening.act("channel", name="newcomers", kind="private", members=[GUS, BEN, BOT])
    ts = await evening.post(GUS, made["channel"], f"{MENTION} what do we know about {SECRET}, or ledger Quince?")
    answer = await evening.answer(GUS, made["channel"], ts)
    assert {channel for channel, _ in links(answer)} <= {made["channel"]}
    assert "acquisition" not in words(answer)
    assert "importer" not in words(answer)
    await evening.clear_faults()


async def test_a_dm_is_answered_there_from_what_the_asker_may_read(evening: House) -> None:
    """In a DM each asker is answered from what they may read themselves, and nobody else sees it."""
    answers = {}
    for asker in (ADA, CHI):
        dm = (await evening.act("open_dm", asker, user=BOT))["channel"]
        await evening.welcome(asker)
        ts = await evening.post(asker, dm, f"when does {SECRET} close?")

        async def replied(asker: str = asker, dm: str = dm, ts: str = ts) -> object:
            later = [m for m in await evening.messages(asker, dm) if m["ts"] > ts and m["user"] == BOT]
            return later[0] if later else None

        answers[asker] = await until(replied, f"an answer to {asker}")
    assert (LEADS, said("acquisition closes").ts) in links(answers[ADA])
    assert "I found nothing" in words(answers[CHI])
    assert links(answers[CHI]) == []


async def test_an_edit_of_an_answered_mention_is_not_answered_again(evening: House) -> None:
    """Editing a mention that was answered brings no second answer, though Slack tells of the mention once more."""
    ts = await evening.post(FAY, GENERAL, f"{MENTION} what was decided about the ledger?")
    await evening.answer(FAY, GENERAL, ts)
    await evening.act("edit", FAY, channel=GENERAL, ts=ts, text=f"{MENTION} what was decided about the new ledger?")
    await evening.quiet()
    assert len(await evening.messages(FAY, GENERAL, ts)) == 2


async def test_an_event_delivered_three_times_is_answered_once(evening: House) -> None:
    """The same mention, delivered again and again under its own and under fresh event ids, gets one answer."""
    ts = await evening.post(FAY, GENERAL, f"{MENTION} who approved the rollback?")
    await evening.act("redeliver", channel=GENERAL, ts=ts, times=3)
    await evening.act("redeliver", channel=GENERAL, ts=ts, times=3, fresh_event_id=True)
    await evening.answer(FAY, GENERAL, ts)
    await evening.act("redeliver", channel=GENERAL, ts=ts, times=3, fresh_event_id=True)
    await evening.quiet()
    assert len(await evening.messages(FAY, GENERAL, ts)) == 2


async def test_many_questions_at_once_are_each_answered(evening: House) -> None:
    """Six questions at once, in three channels, get six answers, each in its own thread."""
    asked = []
    for number in range(6):
        channel = (GENERAL, PAYMENTS, PLATFORM)[number % 3]
        asked.append((channel, await evening.post(BEN, channel, f"{MENTION} what about the proxy? ({number})")))
    for channel, ts in asked:
        await evening.answer(BEN, channel, ts)
    await evening.quiet()
    assert [len(await evening.messages(BEN, channel, ts)) for channel, ts in asked] == [2] * 6


async def test_a_question_put_to_daybook_is_no_source(evening: House) -> None:
    """What somebody asked Daybook before is not quoted as an answer to the next who asks."""
    asked = []
    for asker in (BEN, FAY):
        asked.append(await evening.post(asker, PAYMENTS, f"{MENTION} is there a flamingo in the warehouse?"))
        assert "I found nothing" in words(await evening.answer(asker, PAYMENTS, asked[-1]))


async def test_a_follow_up_needs_no_mention_and_is_answered_once(evening: House) -> None:
    """What its asker writes next in the thread is answered, once, also when it is edited or delivered again."""
    ts = await evening.post(FAY, GENERAL, f"{MENTION} what was decided about the ledger?")
    await evening.answer(FAY, GENERAL, ts)
    later = await evening.post(FAY, GENERAL, "who said that?", thread_ts=ts)
    await evening.quiet()
    thread = await evening.messages(FAY, GENERAL, ts)
    assert len(thread) == 4
    assert "Ada Brandt" in words(thread[-1])
    await evening.act("edit", FAY, channel=GENERAL, ts=later, text="and who said that?")
    await evening.act("redeliver", channel=GENERAL, ts=later, times=2, fresh_event_id=True)
    await evening.act("redeliver", channel=GENERAL, ts=ts, times=2, fresh_event_id=True)
    await evening.quiet()
    assert len(await evening.messages(FAY, GENERAL, ts)) == 4


async def test_a_follow_up_is_news_for_nobody(evening: House) -> None:
    """What was asked of Daybook without a mention is no open question of the team."""
    ts = await evening.post(CHI, GENERAL, f"{MENTION} which ledger version do we ship?")
    await evening.answer(CHI, GENERAL, ts)
    await evening.post(CHI, GENERAL, "since when do we know of the walrus?", thread_ts=ts)
    await evening.quiet()
    assert len(await evening.messages(CHI, GENERAL, ts)) == 4
    ts = await evening.post(CHI, GENERAL, f"{MENTION} what was asked today?")
    assert "walrus" not in words(await evening.answer(CHI, GENERAL, ts))


async def test_a_thread_rests_after_some_hours(evening: House) -> None:
    """Long after an answer, what is written in its thread is for people again; with a mention the talk goes on."""
    ts = await evening.post(FAY, PAYMENTS, f"{MENTION} what was decided about the ledger?")
    await evening.answer(FAY, PAYMENTS, ts)
    evening.workspace.clock.advance(timedelta(hours=7))
    await evening.post(FAY, PAYMENTS, "who said that?", thread_ts=ts)
    await evening.quiet()
    assert len(await evening.messages(FAY, PAYMENTS, ts)) == 3
    await evening.post(FAY, PAYMENTS, f"{MENTION} who said that?", thread_ts=ts)
    await evening.quiet()
    assert "Ada Brandt" in words((await evening.messages(FAY, PAYMENTS, ts))[-1])


async def test_why_it_was_told_and_how_it_was_understood_can_be_asked(evening: House) -> None:
    """In the thread of an answer: what was looked for, in words, and the messages; also of what found nothing."""
    ts = await evening.post(FAY, GENERAL, f"{MENTION} what was decided about the ledger?")
    await evening.answer(FAY, GENERAL, ts)
    for text in ("why did you tell me this?", "what did you understand?", "who said that?"):
        await evening.post(FAY, GENERAL, text, thread_ts=ts)
        await evening.quiet()
    why, understood, who = [m for m in (await evening.messages(FAY, GENERAL, ts)) if m["user"] == BOT][1:]
    assert "I looked for what was decided, about “ledger”." in words(why)
    assert "Ada Brandt wrote" in words(why)
    assert (PAYMENTS, said("ledger Quince").ts) in links(why)
    assert understood["text"] == "I looked for what was decided, about “ledger”."
    assert links(understood) == []
    assert "Ada Brandt" in words(who)
    ts = await evening.post(CHI, GENERAL, f"{MENTION} what happened to the submarine contract?")
    await evening.answer(CHI, GENERAL, ts)
    await evening.post(CHI, GENERAL, "what did you understand?", thread_ts=ts)
    await evening.quiet()
    assert "“submarine contract”" in words((await evening.messages(CHI, GENERAL, ts))[-1])


async def test_a_direct_message_that_nobody_heard_is_answered(house: House) -> None:
    """What somebody writes to Daybook while it is down, for the first time or not, and between two connections."""
    async with house.after_the_day():
        await house.quiet()

    async def ask(person: str) -> str:
        channel: str = (await house.act("open_dm", person, user=BOT))["channel"]
        await house.post(person, channel, "what was decided about the ledger?")
        return channel

    async def is_answered(person: str, channel: str, told: str = "Quince") -> bool:
        return any(told in words(each) for each in await house.messages(person, channel) if each["user"] == BOT)

    asked = await ask(CHI)
    async with house.daybook():
        await until(lambda: is_answered(CHI, asked), "an answer to what was asked while it was down")
        events, held = house.workspace.world.events, list[tuple[Payload, int]]()
        with events.held(held):  # Slack sends it to the connection that is gone, and not again
            missed = await ask(FAY)
        house.workspace.world.socket.cut()
        await until(lambda: is_answered(FAY, missed), "an answer to what was asked between two connections")
    await house.post(CHI, asked, "what was decided about the freeze?")
    async with house.daybook():
        await until(lambda: is_answered(CHI, asked, "21st"), "an answer where somebody asked before it went down")


async def test_a_gap_is_read_back_although_slack_lists_no_direct_messages(evening: House) -> None:
    """One thing that fails then holds up no other, and is told."""
    before = telemetry.counters["talks_not_looked_for"]
    await evening.fault("users.conversations", "error", 9, error="internal_error")
    events, held = evening.workspace.world.events, list[tuple[Payload, int]]()
    with events.held(held):
        ts = await evening.post(FAY, GENERAL, f"{MENTION} what was decided about the ledger?")
    evening.workspace.world.socket.cut()
    assert "Quince" in words(await evening.answer(FAY, GENERAL, ts))
    assert telemetry.counters["talks_not_looked_for"] > before


async def test_who_speaks_to_somebody_by_name_gets_no_answer(evening: House) -> None:
    """In a thread in which Daybook was asked, and by whoever asked it; the next question is answered again."""
    ts = await evening.post(FAY, GENERAL, f"{MENTION} what was decided about the ledger?")
    await evening.answer(FAY, GENERAL, ts)
    for said_to in ("Ben, can you take this?", "did you see that, Eli?"):
        await evening.post(FAY, GENERAL, said_to, thread_ts=ts)
        await evening.quiet()
    assert len(await evening.messages(FAY, GENERAL, ts)) == 4
    await evening.post(FAY, GENERAL, f"{MENTION} who said that?", thread_ts=ts)
    await evening.quiet()
    assert "Ada Brandt" in words((await evening.messages(FAY, GENERAL, ts))[-1])


@pytest.mark.parametrize(
    ("wish", "where"),
    [
        ("what do you hold about me?", "What do you hold about me?"),
        ("do not track me", "Do not track me"),
        ("forget this", "Forget this"),
        ("help", "/daybook help"),
    ],
)
async def test_what_is_wished_of_daybook_is_told_where(evening: House, wish: str, where: str) -> None:
    """In a direct message, and by a mention where others read too: nothing of what is held is told there."""
    dm = (await evening.act("open_dm", FAY, user=BOT))["channel"]
    thread = await evening.post(FAY, dm, "hello")
    await evening.quiet()
    told = []
    for channel, text, more in ((dm, wish, {"thread_ts": thread}), (GENERAL, f"{MENTION} {wish}", {})):
        ts = await evening.post(FAY, channel, text, **more)
        await evening.quiet()
        told.append((await evening.messages(FAY, channel, more.get("thread_ts", ts)))[-1])
    for each in told:
        assert each["user"] == BOT
        assert where in words(each)
        assert "refund" not in words(each)


async def test_who_waits_are_those_who_asked_for_something_and_got_no_answer(evening: House) -> None:
    """Be it in words that make no fact; told to whoever may read them, until whom they asked has answered."""

    async def told(person: str, channel: str, question: str) -> str:
        asked = await evening.post(person, channel, f"{MENTION} {question}")
        await evening.quiet()
        found = [*await evening.messages(person, channel), *await evening.messages(person, channel, asked)]
        return "".join({words(each): None for each in found if each["user"] == BOT and each["ts"] > asked})

    async def open_dm(person: str) -> str:
        channel = str((await evening.act("open_dm", person, user=BOT))["channel"])
        await evening.welcome(person)
        return channel

    private, mine, guests = "can you review the Marigold budget", "approve the invoice tool licence", await open_dm(GUS)
    assert mine in await told(ADA, GENERAL, "who waits for me?")
    await told(ADA, PAYMENTS, "what was said of the licence?")  # that answers nobody
    assert mine in await told(BEN, GENERAL, "what does Fay need from Ada?")
    assert private in await told(DEE, await open_dm(DEE), "who is waiting for me?")
    assert private not in await told(DEE, GENERAL, "who is waiting for me?")
    for channel in (INCIDENTS, guests):
        assert mine not in (found := await told(GUS, channel, "who is waiting for Ada?"))
        assert found
    await evening.post(ADA, PAYMENTS, "Approved.", thread_ts=said("invoice tool licence").ts)
    await evening.quiet()
    assert mine not in await told(ADA, GENERAL, "who waits for me?")
