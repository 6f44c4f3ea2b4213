"""A question in a channel shows that it is worked on, and that it is answered."""

from tests.scenarios.house import House, until
from tests.scenarios.team import ADA, BOT, GENERAL

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
