"""People press on their own promises where they meet them: done, promised, or none; each can be taken back."""

import json
from typing import Any

from tests.scenarios.house import House, Payload, place_of, until
from tests.scenarios.team import ADA, BEN, DEE, INCIDENTS, LEADS, MORNINGS, PLATFORM, said
from tests.scenarios.test_corrections import ANNOUNCEMENT, reply_to
from tests.scenarios.test_feedback import happened, item_of, pressable, says
from tests.scenarios.test_typed_corrections import direct, in_private, updated

POSTMORTEM, RUNBOOK = "postmortem", "runbook for the proxy"
STANDS = """select f.status, f.engine, f.log_odds >= 6, f.retired_at is not null
              from facts f join contents c on c.content_id = f.statement_id where c.body like %s
               and f.kind = 'commitment'"""


async def stands(house: House, words: str) -> tuple[Any, ...]:
    (row,) = await house.rows(STANDS, f"%{words}%")
    return row


async def until_it_stands(house: House, words: str, *expected: object) -> None:
    async def so() -> bool:
        return await stands(house, words) == expected

    await until(so, f"{words}: {expected}")


async def press_on(house: House, person: str, view: Payload, action_id: str, value: str) -> None:
    block_id = place_of(view["blocks"], action_id, value)
    await house.act("press", person, view_id=view["id"], block_id=block_id, action_id=action_id, value=value)


async def promise_of(house: House, words: str) -> str:
    query = """select f.fact_id::text from facts f join contents c on c.content_id = f.statement_id
                where c.body like %s and f.kind = 'commitment'"""
    return str(await house.value(query, f"%{words}%"))


def forged(person: str, action_id: str, value: str) -> Payload:
    """A press that nobody was shown a button for."""
    return {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": person},
        "trigger_id": "forged",
        "actions": [{"action_id": action_id, "value": value, "action_ts": "1795190000.000001"}],
    }


async def test_on_the_home_tab(house: House) -> None:
    """Confirmed it is sure and can still be done by what is said; none, it goes; done, it is; each undone again."""
    async with house.after_the_day(leaders=(ADA,)):
        await house.act("open_home", BEN)
        view = await house.home(BEN, POSTMORTEM)
        key = await promise_of(house, "write the postmortem")
        await press_on(house, BEN, view, "promise_confirmed", key)
        dm, told = await reply_to(house, BEN, "Confirmed, it is as I have it")
        await until_it_stands(house, "write the postmortem", "open", "rules", True, False)
        view = await house.home(BEN, "confirmed")
        assert f'"promise_confirmed", "value": "{key}"' not in json.dumps(view)
        written = said("I'll write the postmortem")
        await house.act("edit", BEN, channel=INCIDENTS, ts=written.ts, text=f"{written.text} Really.")
        await house.quiet()
        assert await stands(house, "write the postmortem") == ("open", "rules", True, False)
        await house.press(BEN, dm["id"], told, "correction_undo")
        await until_it_stands(house, "write the postmortem", "open", "rules", False, False)
        await house.quiet()
        view = await house.home(BEN, f"{key}")
        await press_on(house, BEN, view, "promise_untrue", key)
        dm, told = await reply_to(house, BEN, "Noted, it is not so")
        assert (await stands(house, "write the postmortem"))[3]
        await house.press(BEN, dm["id"], told, "correction_undo")
        await reply_to(house, BEN, "Taken back, it stands as before")
        await until_it_stands(house, "write the postmortem", "open", "rules", False, False)
        view = await house.home(BEN, f"{key}")
        await press_on(house, BEN, view, "promise_done", key)
        await until_it_stands(house, "write the postmortem", "done", "person", True, False)
        assert await happened(house, "FactCorrected", "FactDismissed", "CorrectionUndone") == 5


async def test_under_an_answer_to_what_one_owes(house: House) -> None:
    """In private, at each promise that it tells; nobody else's, and not in a channel."""
    async with house.after_the_day(leaders=(ADA,)):
        dm = await direct(house, BEN)
        asked = await house.post(BEN, dm, "what do I owe?")
        answer = await in_private(house, BEN, dm, asked, POSTMORTEM)
        key = await promise_of(house, "write the postmortem")
        await house.press(BEN, dm, answer, "promise_done", key)
        await updated(house, BEN, dm, answer, "– done")
        await until_it_stands(house, "write the postmortem", "done", "person", True, False)
        asked = await house.post(BEN, dm, "what do I owe?")
        assert POSTMORTEM not in (await in_private(house, BEN, dm, asked, RUNBOOK))["text"]
        asked = await house.post(BEN, dm, "what did I promise?")
        assert "– done" in (await in_private(house, BEN, dm, asked, POSTMORTEM))["text"]
        other = await direct(house, DEE)
        asked = await house.post(DEE, other, "who owes me something?")
        assert POSTMORTEM not in (await in_private(house, DEE, other, asked, RUNBOOK))["text"]
        asked = await house.post(DEE, other, "what did Ben promise?")
        answer = await in_private(house, DEE, other, asked, POSTMORTEM)
        assert "promise_done" not in json.dumps(answer)
        runbook = await promise_of(house, "runbook")
        await house.act("envelope", type="interactive", payload=forged(DEE, "promise_untrue", runbook))
        await house.quiet()
        assert (await stands(house, "runbook"))[0] == "open"
        assert await house.value("select count(*) from inbox where failure is not null") == 0


async def test_in_ones_briefing(house: House) -> None:
    """*Done* at an own promise is done for everybody, its *Undo* undoes that; it can be confirmed, and denied."""
    async with house.after_the_day(leaders=(BEN,)):
        house.at(MORNINGS[ADA], seconds=1)
        place, briefing = await house.briefing(BEN)
        await house.quiet()
        item = item_of(briefing, RUNBOOK)
        key = await promise_of(house, RUNBOOK)
        assert pressable(briefing, item) == {"item_done", "promise_confirmed", "item_why", "item_menu"}

        async def line(holding: str) -> Payload:
            async def found() -> Payload | None:
                now = (await house.briefing(BEN))[1]
                return now if holding in says(now, item) else None

            shown: Payload = await until(found, f"a line with {holding}")
            return shown

        await house.press(BEN, place["id"], briefing, "item_done", item)
        await until_it_stands(house, RUNBOOK, "done", "person", True, False)
        now = await line("~")
        assert [m for _, m in await house.from_daybook(BEN) if m["text"].startswith("Noted")] == []
        await house.press(BEN, place["id"], now, "item_undo", item)
        await until_it_stands(house, RUNBOOK, "open", "rules", False, False)
        await house.quiet()
        now = (await house.briefing(BEN))[1]
        assert says(now, item) == says(briefing, item)
        await house.press(BEN, place["id"], now, "promise_confirmed", f"{key}:{item}")
        now = await line("confirmed by you")
        assert "promise_confirmed" not in pressable(now, item)
        await house.act("envelope", type="interactive", payload=forged(DEE, "item_menu", f"untrue:{item}"))
        await house.quiet()
        assert not (await stands(house, RUNBOOK))[3]
        await house.choose(BEN, {"channel": place["id"], "ts": now["ts"]}, now["blocks"], f"untrue:{item}")
        now = await line("not so, said you")
        assert pressable(now, item) == {"item_why"}
        await reply_to(house, BEN, "Noted, it is not so")
        promised = said(RUNBOOK)
        await house.act("edit", BEN, channel=PLATFORM, ts=promised.ts, text=f"{promised.text} Sure.")
        await house.quiet()
        assert (await stands(house, RUNBOOK))[3]


async def test_done_with_a_mention_leaves_the_promise_below_it(house: House) -> None:
    """An item that tells of a mention first, and of a promise besides, is done as that mention, or as that promise."""
    async with house.after_the_day(leaders=(DEE,)):
        house.at(MORNINGS[DEE], seconds=1)
        place, briefing = await house.briefing(DEE)
        await house.quiet()
        item = item_of(briefing, ANNOUNCEMENT)
        assert pressable(briefing, item) == {"item_done", "promise_done", "item_why", "item_menu"}
        await house.press(DEE, place["id"], briefing, "item_done", item)
        await house.quiet()
        assert await stands(house, "Marigold announcement") == ("open", "rules", False, False)
        done = (await house.briefing(DEE))[1]
        assert "promise_done" not in pressable(done, item)
        await house.press(DEE, place["id"], done, "item_undo", item)
        await house.quiet()
        key = await promise_of(house, "Marigold announcement")
        await house.press(DEE, place["id"], (await house.briefing(DEE))[1], "promise_done", f"{key}:{item}")
        dm, told = await reply_to(house, DEE, "Noted")
        await until_it_stands(house, "Marigold announcement", "done", "person", True, False)
        await house.quiet()
        now = (await house.briefing(DEE))[1]
        assert pressable(now, item) == {"item_done", "item_declined", "item_why", "item_menu"}
        assert "~" not in says(now, item)
        await house.press(DEE, dm["id"], told, "correction_undo")
        await until_it_stands(house, "Marigold announcement", "open", "rules", False, False)


async def test_one_of_several_promises_below_a_mention_is_done(house: House) -> None:
    """An item that tells of several promises of its reader's, and of none first, asks which: each as it is told."""
    async with house.after_the_day(leaders=(DEE,)):
        await house.post(DEE, LEADS, "Sure, I will review the Marigold budget by Wednesday.")
        await house.post(ADA, LEADS, "<@UDEE> what do we tell the Marigold people on Monday?")
        await house.post(DEE, PLATFORM, "I will also review the Marigold budget for Ada by Wednesday.")
        await house.quiet()
        house.at(MORNINGS[DEE], seconds=1)
        place, briefing = await house.briefing(DEE)
        await house.quiet()
        item = item_of(briefing, "tell the Marigold people")
        assert pressable(briefing, item) == {"item_done", "promise_done", "item_why", "item_menu"}
        keys = [
            await promise_of(house, words)
            for words in ("will review the Marigold budget", "also review the Marigold budget")
        ]
        row = next(block for block in briefing["blocks"] if block.get("block_id") == f"act-{item}")
        choice = next(part for part in row["elements"] if part["type"] == "static_select")
        told = {each["value"]: each["text"]["text"] for each in choice["options"]}
        assert sorted(told) == sorted(f"{key}:{item}" for key in keys)
        assert "also review the Marigold budget" in told[f"{keys[1]}:{item}"]
        assert "also" not in told[f"{keys[0]}:{item}"]
        where = {"channel": place["id"], "ts": briefing["ts"]}
        await house.choose(DEE, where, briefing["blocks"], f"{keys[1]}:{item}")
        await reply_to(house, DEE, "Noted")
        await until_it_stands(house, "also review the Marigold budget", "done", "person", True, False)
        assert await stands(house, "will review the Marigold budget") == ("open", "rules", False, False)
        await house.quiet()
        now = (await house.briefing(DEE))[1]
        assert pressable(now, item) == {"item_done", "promise_done", "item_why", "item_menu"}
        await house.press(DEE, place["id"], now, "promise_done", f"{keys[0]}:{item}")
        await until_it_stands(house, "will review the Marigold budget", "done", "person", True, False)


async def test_what_is_said_and_ticked_in_the_promises_thread(house: House) -> None:
    """By whoever promised it: ✅ at its words is done, and taken off not; so is "done", and "not done yet" is not."""
    async with house.after_the_day(leaders=(ADA,)):
        promised = said(RUNBOOK)
        where = {"channel": PLATFORM, "ts": promised.ts, "name": "white_check_mark"}
        await house.act("react", DEE, **where)
        await house.quiet()
        assert await stands(house, RUNBOOK) == ("open", "rules", False, False)
        await house.act("react", BEN, **where)
        await until_it_stands(house, RUNBOOK, "done", "person", True, False)
        await house.act("react", BEN, **where, remove=True)
        await until_it_stands(house, RUNBOOK, "open", "rules", False, False)
        await house.quiet()
        for text, status in (("not done yet, sorry", "open"), ("done :tada:", "done")):
            await house.post(BEN, PLATFORM, text, thread_ts=promised.ts)
            await house.quiet()
            assert await stands(house, RUNBOOK) == (status, "rules", False, False), text
        assert [m for _, m in await house.from_daybook(BEN) if m["text"].startswith("Noted")] == []
