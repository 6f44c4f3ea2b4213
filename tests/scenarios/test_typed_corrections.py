"""Somebody writes that what they were told is wrong: asked, pressed, and changed everywhere, in channels and DMs."""

import json
from typing import Any

from tests.scenarios.house import House, Payload, until, words
from tests.scenarios.team import ADA, BEN, BOT, DEE, FAY, INCIDENTS, LEADS, said
from tests.scenarios.test_corrections import ANNOUNCEMENT, FRIDAY, answer_says, reply_to, shown, the_promise
from tests.scenarios.test_feedback import happened, item_of, morning, says

MENTION = f"<@{BOT}>"


async def in_thread(house: House, person: str, channel: str, thread: str, holding: str) -> Payload:
    """Daybook's last post in a thread, once it says that."""

    async def found() -> Payload | None:
        told = [m for m in await house.messages(person, channel, thread) if m["user"] == BOT]
        return told[-1] if told and holding in json.dumps(told[-1]["blocks"], ensure_ascii=False) else None

    post: Payload = await until(found, f"a post in {thread} with {holding}")
    return post


async def in_private(house: House, person: str, dm: str, after: str, holding: str) -> Payload:
    """Daybook's first post in a direct message after that one, once it says this."""

    async def found() -> Payload | None:
        later = [m for m in await house.messages(person, dm) if m["ts"] > after and m["user"] == BOT]
        return next((m for m in later if holding in json.dumps(m["blocks"], ensure_ascii=False)), None)

    post: Payload = await until(found, f"a direct message with {holding}")
    return post


async def updated(house: House, person: str, channel: str, post: Payload, holding: str) -> Payload:
    """A post, once it says that."""

    async def found() -> Payload | None:
        thread = post.get("thread_ts") or ""
        every = await house.messages(person, channel, thread) if thread else await house.messages(person, channel)
        now = next(m for m in every if m["ts"] == post["ts"])
        return now if holding in json.dumps(now["blocks"], ensure_ascii=False) else None

    changed: Payload = await until(found, f"a post that says {holding}")
    return changed


def pressable(post: Payload) -> set[str]:
    return {part["action_id"] for block in post["blocks"] for part in block.get("elements", ()) if "action_id" in part}


async def press_again(house: House, person: str, channel: str, proposal: Payload) -> None:
    """*Change it*, in a client that still shows it, or delivered once more."""
    (row,) = [block for block in proposal["blocks"] if block["type"] == "actions"]
    action = {key: row["elements"][0][key] for key in ("action_id", "value")}
    payload = {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": person},
        "trigger_id": f"again.{person}",
        "channel": {"id": channel},
        "message": {"ts": proposal["ts"]},
        "actions": [{**action, "action_ts": "1795190000.000001"}],
    }
    await house.act("envelope", type="interactive", payload=payload)
    await house.quiet()


async def test_in_a_channels_thread_without_a_mention(house: House) -> None:
    """Dee asks, is told, and says that Fay owns it; nothing is changed until she says so. Then all that was told is.

    Another one's press is answered kindly; undone, it is as before; what is said later of it changes nothing.
    """
    leaders = (ADA,)
    async with house.after_the_day(leaders=leaders):
        place, briefing = await morning(house, FRIDAY, 1)
        item = item_of(briefing, ANNOUNCEMENT)
        before = says(briefing, item)
        asked = await house.post(DEE, LEADS, f"{MENTION} what was promised about the Marigold announcement?")
        assert "Dee Alvarez promised" in await answer_says(house, asked, ANNOUNCEMENT)
        await house.post(DEE, LEADS, "That’s wrong, Fay owns it.", thread_ts=asked)
        proposal = await in_thread(house, DEE, LEADS, asked, "Shall I change this?")
        assert "Dee Alvarez promised" in words(proposal)
        assert "Fay Lindqvist promised" in words(proposal)
        assert "#leads" in json.dumps(proposal["blocks"])
        assert pressable(proposal) == {"proposal_change", "proposal_leave"}
        await house.quiet()
        assert await happened(house, "FactCorrected") == 0
        await house.press(ADA, LEADS, proposal, "proposal_change")
        (kind,) = await until(lambda: house.modals(ADA), "a word to who may not press")
        assert "I asked Dee Alvarez this" in json.dumps(kind)
        await house.act("close", ADA, view_id=kind["id"])
        await house.quiet()
        assert await happened(house, "FactCorrected") == 0
    async with house.daybook(leaders=leaders):
        await house.press(DEE, LEADS, proposal, "proposal_change")
        changed = await updated(house, DEE, LEADS, proposal, "Changed.")
        assert pressable(changed) == set()
        assert "Fay" in await shown(house, item, "corrected by Dee")
        earlier = await house.answer(DEE, LEADS, asked)
        await updated(house, DEE, LEADS, {**earlier, "thread_ts": asked}, "Fay Lindqvist promised")
        assert await the_promise(house) == (FAY, "2026-11-24", "open", "person", False)
        promised = said("Marigold announcement")
        await house.act("edit", DEE, channel=LEADS, ts=promised.ts, text=f"{promised.text} Sure.")
        await house.quiet()
        assert (await the_promise(house))[0] == FAY
        await press_again(house, DEE, LEADS, proposal)
        assert await happened(house, "FactCorrected") == 1
        dm, noted = await reply_to(house, DEE, "Noted: Fay Lindqvist promised")
        await house.press(DEE, dm["id"], noted, "correction_undo")
        await updated(house, DEE, LEADS, proposal, "It stands as before")
        await house.quiet()
        assert (await the_promise(house))[0] == DEE
        assert says((await house.briefings(ADA))[0][1], item) == before
    assert place["id"] != LEADS


async def test_people_who_talk_to_each_other_are_left_alone(house: House) -> None:
    """In a thread in which Daybook answered: questions, doubts, quotes, others' words, and words to others."""
    async with house.after_the_day(leaders=(ADA,)):
        asked = await house.post(DEE, LEADS, f"{MENTION} what was promised about the Marigold announcement?")
        await answer_says(house, asked, ANNOUNCEMENT)
        for text in (
            "> that's wrong, Fay owns it",
            "maybe that's wrong",
            f"<@{ADA}> that's wrong, Fay owns it",
            "Fay said that's wrong",
            "that's great, thanks",
            "it's Friday",
        ):
            await house.post(DEE, LEADS, text, thread_ts=asked)
        await house.post(ADA, LEADS, "that's wrong, Fay owns it", thread_ts=asked)
        await house.quiet()
        told = [m for m in await house.messages(DEE, LEADS, asked) if m["user"] == BOT]
        assert len(told) == 1
        assert await happened(house, "FactCorrected", "FactDismissed") == 0


async def direct(house: House, person: str) -> str:
    dm = str((await house.act("open_dm", person, user=BOT))["channel"])
    await house.welcome(person)
    return dm


async def test_in_a_direct_message(house: House) -> None:
    """Ben asks what he owes: which of both is meant is asked back, and opens what it would change; then it is done.

    What he leaves stays.
    """
    async with house.after_the_day(leaders=(ADA,)):
        dm = await direct(house, BEN)
        first = await house.post(BEN, dm, "what do I owe?")
        await in_private(house, BEN, dm, first, "postmortem")
        second = await house.post(BEN, dm, "no, it’s Thursday")
        which = await in_private(house, BEN, dm, second, "Which one do you mean?")
        assert {"proposal_pick_1", "proposal_pick_2", "proposal_form"} <= pressable(which)
        await house.press(BEN, dm, which, "proposal_form")
        (form,) = await until(lambda: house.modals(BEN), "the form")
        assert form["callback_id"] == "fact_wrong"
        await house.act("close", BEN, view_id=form["id"])
        third = await house.post(BEN, dm, "the postmortem is due Thursday")
        proposal = await in_private(house, BEN, dm, third, "Shall I change this?")
        assert "postmortem" in words(proposal)
        await house.press(BEN, dm, proposal, "proposal_leave")
        left = await updated(house, BEN, dm, proposal, "Left as it is.")
        assert pressable(left) == set()
        query = """select f.due::text, f.engine from facts f join contents c on c.content_id = f.statement_id
                    where c.body like %s and f.retired_at is null"""
        assert await house.rows(query, "%write the postmortem%") == [("2026-11-23", "rules")]
        fourth = await house.post(BEN, dm, "the postmortem is due Thursday")
        proposal = await in_private(house, BEN, dm, fourth, "Shall I change this?")
        await house.press(BEN, dm, proposal, "proposal_change")
        await updated(house, BEN, dm, proposal, "Changed.")
        assert await house.rows(query, "%write the postmortem%") == [("2026-11-26", "person")]
        written = said("I'll write the postmortem")
        await house.act("edit", BEN, channel=INCIDENTS, ts=written.ts, text=f"{written.text} Really.")
        await house.quiet()
        assert await house.rows(query, "%write the postmortem%") == [("2026-11-26", "person")]


async def test_a_choice_is_confirmed_like_the_form(house: House) -> None:
    """A number opens what it would change, and its submission changes it."""
    async with house.after_the_day(leaders=(ADA,)):
        dm = await direct(house, BEN)
        first = await house.post(BEN, dm, "what do I owe?")
        await in_private(house, BEN, dm, first, "postmortem")
        second = await house.post(BEN, dm, "that's done already")
        which = await in_private(house, BEN, dm, second, "Which one do you mean?")
        await house.press(BEN, dm, which, "proposal_pick_1")
        (asking,) = await until(lambda: house.modals(BEN), "what it would change")
        assert asking["callback_id"] == "fact_change"
        await house.act("submit", BEN, view_id=asking["id"], state={})
        await reply_to(house, BEN, "Noted: You promised")
        done: Any = await house.rows("select status, engine from facts where engine = 'person' and retired_at is null")
        assert done == [("done", "person")]


async def test_after_a_briefing(house: House) -> None:
    """In its thread, and in the direct message: what the briefing told can be said to be otherwise."""
    async with house.after_the_day(leaders=(ADA,)):
        place, briefing = await morning(house, FRIDAY, 1)
        await house.post(ADA, place["id"], "the Marigold announcement is Fay’s, not Dee’s", thread_ts=briefing["ts"])
        proposal = await in_thread(house, ADA, place["id"], briefing["ts"], "Shall I change this?")
        assert "Fay" in words(proposal)
        await house.press(ADA, place["id"], proposal, "proposal_change")
        await shown(house, item_of(briefing, ANNOUNCEMENT), "corrected by you")
        dm = await direct(house, ADA)
        again = await house.post(ADA, dm, "the Marigold announcement is due next Monday")
        proposal = await in_private(house, ADA, dm, again, "Shall I change this?")
        await house.press(ADA, dm, proposal, "proposal_change")
        await updated(house, ADA, dm, proposal, "Changed.")
        assert (await the_promise(house))[:2] == (FAY, "2026-11-23")
