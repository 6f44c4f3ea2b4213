"""Beside a talk: that Daybook is at work on it, what it is called, and what might be asked."""

import json
from typing import Any

from handlers.agent_view import LONGEST_TITLE, USUAL, WORKING
from tests.scenarios.house import House, until, words
from tests.scenarios.team import ADA, BOT, CHI, FAY, GENERAL, GUS, MORNINGS

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


async def test_what_is_offered_comes_from_todays_briefing_alone(house: House) -> None:
    """Before it and on the day after, as the reader's calendar has it, the usual is offered."""

    async def offered(dm: str) -> tuple[str, ...]:
        before = len(await house.calls("assistant.threads.setSuggestedPrompts"))
        await house.act("open_dm", CHI, user=BOT)
        await house.quiet()
        calls = (await house.calls("assistant.threads.setSuggestedPrompts"))[before:]
        (last,) = [each["arguments"] for each in calls if each["arguments"]["channel_id"] == dm]
        prompts = json.loads(last["prompts"]) if isinstance(last["prompts"], str) else last["prompts"]
        return tuple(each["message"] for each in prompts)

    async with house.after_the_day(leaders=(CHI,)):
        dm = (await house.act("open_dm", CHI, user=BOT))["channel"]
        await house.quiet()
        assert await offered(dm) == USUAL
        house.at(MORNINGS[CHI], seconds=1)
        await house.briefing(CHI)
        await house.quiet()
        told = await offered(dm)
        assert told != USUAL
        house.at(MORNINGS[CHI], hours=15)
        assert await offered(dm) == told
        house.at(MORNINGS[CHI], hours=16)
        assert await offered(dm) == USUAL


class Talk:
    """Somebody's direct message with Daybook."""

    def __init__(self, house: House, person: str, channel: str) -> None:
        self.house, self.person, self.channel = house, person, channel

    @classmethod
    async def of(cls, house: House, person: str) -> "Talk":
        channel = (await house.act("open_dm", person, user=BOT))["channel"]
        await house.welcome(person)
        return cls(house, person, channel)

    async def ask(self, text: str, under: str | None = None) -> tuple[str, dict[str, Any]]:
        """Asks, in the thread under a message or outside of threads; its `ts`, and the answer there."""
        ts = await self.house.post(self.person, self.channel, text, **({"thread_ts": under} if under else {}))
        given = {"thread_ts": under} if under else {}

        async def replied() -> object:
            said = await self.house.get("messages", channel=self.channel, **{"as": self.person}, **given)
            return next((each for each in said["messages"] if each["ts"] > ts and each["user"] == BOT), None)

        answer = await until(replied, f"an answer to {text}")
        await self.house.quiet()
        return ts, answer

    async def shown(self, method: str, ts: str) -> list[Any]:
        """What was shown under a message, in order."""
        calls = [each["arguments"] for each in await self.house.calls(f"assistant.threads.{method}") if each["ok"]]
        here = [each for each in calls if (each["channel_id"], each["thread_ts"]) == (self.channel, ts)]
        return [each.get("status", each.get("title")) for each in here]


async def test_a_question_outside_of_threads_has_a_status_and_a_title(evening: House) -> None:
    """In a direct message the question itself shows that it is worked on, no longer than that, and names its talk."""
    talk = await Talk.of(evening, FAY)
    asked = "what was decided about the ledger, and who of all those people in the payments channel said so?"
    ts, _ = await talk.ask(asked)
    assert await talk.shown("setStatus", ts) == [WORKING, ""]
    (title,) = await talk.shown("setTitle", ts)
    assert asked.startswith(title.removesuffix("…"))
    assert len(title) <= LONGEST_TITLE


async def test_where_slack_shows_no_status_a_question_wears_eyes(house: House) -> None:
    """In a direct message too something shows while the answer cannot be posted; it goes when the answer is there."""
    async with house.daybook():
        talk = await Talk.of(house, GUS)
        await house.fault("assistant.threads.setStatus", "error", 99, error="missing_scope")
        await house.fault("chat.postMessage", "ratelimited", times=2, retry_after=1)
        ts, _ = await talk.ask("what was decided about the freeze?")
        for method in ("reactions.add", "reactions.remove"):
            (made,) = [each["arguments"] for each in await house.calls(method) if each["ok"]]
            assert made == {"channel": talk.channel, "timestamp": ts, "name": "eyes"}


async def test_a_thread_under_a_question_goes_on_with_its_talk(evening: House) -> None:
    """So does one under the answer. It has the question's title, and nothing of what was asked elsewhere later."""
    talk = await Talk.of(evening, ADA)
    ts, answer = await talk.ask("what was decided about Marigold?")
    await talk.ask("what was decided about the ledger?")
    for under in (ts, answer["ts"]):
        _, followed = await talk.ask("who said that?", under)
        assert "You wrote in #leads" in words(followed)
    assert await talk.shown("setTitle", ts) == ["what was decided about Marigold?"]
    _, other = await talk.ask("who said that?")
    assert "#payments" in words(other)


async def test_a_thread_of_its_own_begins_a_talk(evening: House) -> None:
    """Under anything else of Daybook's there is nothing to go on from."""
    talk = await Talk.of(evening, CHI)
    await talk.ask("what was decided about the ledger?")
    hello = (await evening.messages(CHI, talk.channel))[0]
    _, answer = await talk.ask("who said that?", hello["ts"])
    assert "I do not know what to look for" in words(answer)
