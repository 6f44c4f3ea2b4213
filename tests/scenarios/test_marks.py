"""A question in a channel shows that it is worked on, and that it is answered."""

import pytest

from graphs.tasks import answer
from tests.scenarios.house import House, until, words
from tests.scenarios.team import ADA, BOT, FAY, GENERAL
from tests.scenarios.test_said_so import FAILED

QUESTION = f"<@{BOT}> what was decided about the ledger?"


async def marks(house: House, ts: str) -> set[str]:
    """What Daybook put at a message of #general."""
    (message,) = [each for each in await house.messages(ADA, GENERAL) if each["ts"] == ts]
    return {each["name"] for each in message["reactions"] if BOT in each["users"]}


async def test_eyes_become_a_tick_over_a_restart(house: House) -> None:
    """While the answer cannot be posted, eyes; another Daybook posts it, and puts the tick in their place."""
    async with house.daybook():
        await house.fault("chat.postMessage", "ratelimited", times=50, retry_after=1)
        ts = await house.post(ADA, GENERAL, QUESTION)
        await until(lambda: _has(house, ts, {"eyes"}), "the eyes")
    await house.clear_faults()
    async with house.daybook():
        await house.answer(ADA, GENERAL, ts)
        await until(lambda: _has(house, ts, {"white_check_mark"}), "the tick")
        await house.quiet()
        assert await marks(house, ts) == {"white_check_mark"}


async def test_without_the_scope_questions_are_answered_all_the_same(house: House) -> None:
    """A mark that Slack refuses is done without, and nothing is tried again and again."""
    async with house.daybook():
        for method in ("reactions.add", "reactions.remove"):
            await house.fault(method, "error", times=50, error="missing_scope")
        ts = await house.post(ADA, GENERAL, QUESTION)
        await house.answer(ADA, GENERAL, ts)
        await house.quiet()
        assert await marks(house, ts) == set()
        assert await house.calls("reactions.add") != []


async def _has(house: House, ts: str, wanted: set[str]) -> bool:
    return await marks(house, ts) == wanted


async def test_a_question_that_failed_wears_no_eyes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it is said that it failed, nothing says that it is worked on; answered after all, it is ticked."""
    whole = answer.rules

    def broken(given: answer.Given) -> answer.Found:
        raise ZeroDivisionError

    async with house.after_the_day(leaders=()):
        await house.fault("assistant.threads.setStatus", "error", 50, error="missing_scope")
        dm = (await house.act("open_dm", FAY, user=BOT))["channel"]
        monkeypatch.setattr(answer, "rules", broken)
        ts = await house.post(ADA, GENERAL, QUESTION)
        private = await house.post(FAY, dm, "what was decided about the ledger?")
        await until(lambda: _has(house, ts, {"eyes"}), "the eyes")
        assert FAILED in words(await house.answer(ADA, GENERAL, ts))
        await until(lambda: _has(house, ts, set()), "the eyes taken off")
        await until(lambda: _bare(house, dm, private), "the eyes taken off in private")
        monkeypatch.setattr(answer, "rules", whole)
        await until(lambda: _has(house, ts, {"white_check_mark"}), "the tick", 120)
        await house.quiet(120)
        assert await marks(house, ts) == {"white_check_mark"}


async def _bare(house: House, dm: str, ts: str) -> bool:
    """Whether a question in a direct message had eyes, has none, and stands above the word that it failed."""
    shown = await house.messages(FAY, dm)
    eyed = [call["arguments"]["timestamp"] for call in await house.calls("reactions.add") if call["ok"]]
    bare = [each for each in shown if each["ts"] == ts and not each["reactions"]]
    return ts in eyed and bool(bare) and any(FAILED in words(each) for each in shown)
