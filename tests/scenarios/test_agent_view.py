"""Beside a talk: that Daybook is at work on it, and what might be asked."""

import json

from tests.scenarios.house import House, until
from tests.scenarios.team import ADA, BOT, FAY, GENERAL, GUS

MENTION = f"<@{BOT}>"


async def test_a_question_shows_that_it_is_worked_on(evening: House) -> None:
    """While an answer is under way, its thread says so."""
    ts = await evening.post(FAY, GENERAL, f"{MENTION} what was decided about the ledger?")
    await evening.answer(FAY, GENERAL, ts)
    await evening.quiet()
    shown = [each["arguments"] for each in await evening.calls("assistant.threads.setStatus") if each["ok"]]
    assert {"channel_id": GENERAL, "thread_ts": ts}.items() <= shown[-1].items()


async def test_an_answer_comes_where_nothing_can_be_shown(evening: House) -> None:
    """A workspace that refuses the status, for want of a scope or otherwise, gets its answers."""
    await evening.fault("assistant.threads.setStatus", "error", 5, error="missing_scope")
    await evening.fault("assistant.threads.setSuggestedPrompts", "error", 5, error="missing_scope")
    ts = await evening.post(FAY, GENERAL, f"{MENTION} what was decided about the freeze?")
    await evening.answer(FAY, GENERAL, ts)
    await evening.act("open_dm", GUS, user=BOT)
    await evening.quiet()
    await evening.clear_faults()


async def test_questions_are_offered_in_a_direct_message(evening: House) -> None:
    """Whoever opens the conversation with Daybook is offered what to ask, without a thread, as agents do."""
    dm = (await evening.act("open_dm", ADA, user=BOT))["channel"]

    async def offered() -> list[object]:
        calls = await evening.calls("assistant.threads.setSuggestedPrompts")
        return [each["arguments"] for each in calls if each["ok"] and each["arguments"]["channel_id"] == dm]

    found = (await until(offered, "questions to ask"))[-1]
    assert "thread_ts" not in found
    assert "What do I owe?" in json.dumps(found)
