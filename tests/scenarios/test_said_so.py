"""Nothing is silent: what cannot be answered, read or done is said in one sentence, with what to do about it."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot import telemetry
from bot.errors import BadSettings, BotFailure
from graphs.tasks import answer, retrieve
from handlers import decode, questions
from handlers.errors import Undecodable
from handlers.surfaces import REFUSED, UNREAD
from tests.scenarios.house import House, Payload, until, words
from tests.scenarios.team import ADA, BEN, BOT, CHI, DEE, FAY, GENERAL, LEADS, PAYMENTS

MENTION = f"<@{BOT}>"
FAILED = "Something failed on my side, so I could not answer this: ask me again in a few minutes"


async def test_what_cannot_be_answered_is_said_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the rules fail and no model helps, it is said once, however often it is tried; later it goes well."""

    def broken(given: answer.Given) -> answer.Found:
        raise ZeroDivisionError("a fault of ours")

    whole = answer.rules
    async with house.after_the_day():
        monkeypatch.setattr(answer, "rules", broken)
        ts = await house.post(FAY, GENERAL, f"{MENTION} what was decided about the ledger?")
        assert FAILED in words(await house.answer(FAY, GENERAL, ts))
        assert FAILED in await alone(house, CHI, "what was decided about the freeze?")
        tries = "select max(attempts) from procrastinate_jobs where task_name = 'answer'"
        await until(lambda: _reached(house, tries, 2), "a second try")
        assert len(await house.messages(FAY, GENERAL, ts)) == 2
        assert "a fault of ours" not in json.dumps(await house.messages(FAY, GENERAL, ts))
        monkeypatch.setattr(answer, "rules", whole)
        await house.quiet(120)
        thread = await house.messages(FAY, GENERAL, ts)
        assert len(thread) == 3
        assert "Quince" in words(thread[-1])


async def _reached(house: House, query: str, least: int) -> bool:
    return int(await house.value(query) or 0) >= least


async def test_a_question_after_one_that_failed_is_answered(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one question is broken by holds up no other."""
    whole = retrieve.rules

    def broken(given: retrieve.Given) -> retrieve.Found:
        if "ledger" in given.question:
            raise ZeroDivisionError
        return whole(given)

    async with house.after_the_day():
        monkeypatch.setattr(retrieve, "rules", broken)
        first = await house.post(FAY, GENERAL, f"{MENTION} what was decided about the ledger?")
        second = await house.post(FAY, GENERAL, f"{MENTION} when is the all-hands?")
        assert FAILED in words(await house.answer(FAY, GENERAL, first))
        assert "15:00" in words(await house.answer(FAY, GENERAL, second))
        monkeypatch.setattr(retrieve, "rules", whole)
        await house.quiet(120)


async def test_an_answer_says_which_channel_could_not_be_read(house: House) -> None:
    """To who may read that channel, with when it was read last; a passing failure is not worth a word."""
    async with house.after_the_day() as daybook:

        async def read_back() -> None:
            async with daybook.database.house() as connection:
                await daybook.jobs.read_container(connection, daybook.workspace.team, LEADS)

        failing = "select count(*) from containers where reading_failed_at is not null"
        await house.fault("conversations.history", "error", 100, error="internal_error")
        await read_back()
        await until(lambda: _reached(house, failing, 1), "a failure that is noted")
        assert "was last read" not in await alone(house, ADA, "what was decided about the ledger?")
        house.workspace.clock.advance(timedelta(minutes=10))
        assert "#leads was last read today, " in await alone(house, ADA, "what was decided about the freeze?")
        assert "leads" not in await alone(house, BEN, "what was decided about the ledger?")
        ts = await house.post(ADA, GENERAL, f"{MENTION} what was decided about the ledger?")
        assert "leads" not in words(await house.answer(ADA, GENERAL, ts))
        await house.act("open_home", ADA)
        assert "#leads was last read today, " in json.dumps(await house.home(ADA, "was last read"))
        await house.clear_faults()
        await read_back()
        await until(lambda: _none(house, failing), "the channel read", 120)
        ts = await house.post(ADA, LEADS, f"{MENTION} what was decided about Marigold?")
        assert "was last read" not in words(await house.answer(ADA, LEADS, ts))


async def alone(house: House, person: str, text: str) -> str:
    """What is answered to a question in a direct message, all of it."""
    dm = (await house.act("open_dm", person, user=BOT))["channel"]
    top = await house.post(person, dm, "hello")
    ts = await house.post(person, dm, text, thread_ts=top)

    async def replied() -> str | None:
        thread = await house.messages(person, dm, top)
        return next((words(each) for each in thread if each["user"] == BOT and each["ts"] > ts), None)

    found: str = await until(replied, f"an answer to {person} alone")
    return found


async def _none(house: House, query: str) -> bool:
    return not await _reached(house, query, 1)


async def test_missing_scopes_are_named_to_whom_they_concern(house: House) -> None:
    """In one sentence, with what stands still and what to do; not what only briefings lack to who has none."""
    world = house.workspace.world
    less = tuple(each for each in world.manifest.scopes if each not in {"reactions:write", "groups:write"})
    world.manifest = replace(world.manifest, scopes=less)
    async with house.after_the_day(leaders=("ada",)):
        await house.act("open_home", ADA)
        reader = json.dumps(await house.home(ADA, "I lack"), ensure_ascii=False)
        assert "I lack the scopes `groups:write`, `reactions:write`, so briefings come by direct message" in reader
        assert "questions are not marked while I work on them: ask whoever runs me" in reader
        await house.act("open_home", DEE)
        other = json.dumps(await house.home(DEE, "I lack"), ensure_ascii=False)
        assert "I lack the scope `reactions:write`, so questions are not marked" in other
        ts = await house.post(FAY, PAYMENTS, f"{MENTION} what was decided about the ledger?")
        assert "Quince" in words(await house.answer(FAY, PAYMENTS, ts))


async def test_nothing_is_lacking_where_nothing_is(house: House) -> None:
    """With every scope of the manifest the Home tab says nothing of scopes."""
    async with house.daybook():
        await house.act("open_home", ADA)
        assert "I lack" not in json.dumps(await house.home(ADA, "What I read for you"))


async def test_where_slack_takes_no_answer_the_asker_is_told_alone(house: House) -> None:
    """Posting is restricted in the channel: nothing stands there, and a direct message says so, once."""
    async with house.after_the_day():
        await house.fault("chat.postMessage", "error", 1, error="restricted_action")
        ts = await house.post(FAY, GENERAL, f"<@{BOT}> what was decided about the ledger?")

        async def told() -> list[str]:
            seen = await house.from_daybook(FAY)
            return [place["kind"] for place, message in seen if message["text"] == REFUSED]

        assert await until(told, "a word in private") == ["im"]
        await house.quiet()
        assert await told() == ["im"]
        assert len(await house.messages(FAY, GENERAL, ts)) == 1


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_too_long", "something_new"])
async def test_an_answer_that_slack_takes_nowhere_is_said_to_have_failed(
    house: House, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Where it was asked, in private too, and once: the fault is ours, nobody else's to mend but who runs us."""
    before = telemetry.counters["posts_malformed"]
    async with house.after_the_day():
        await house.fault("chat.postMessage", "error", 1, error=error)
        ts = await house.post(FAY, GENERAL, f"{MENTION} what was decided about the ledger?")
        assert FAILED in words(await house.answer(FAY, GENERAL, ts))
        dm = (await house.act("open_dm", CHI, user=BOT))["channel"]
        await house.quiet()
        await house.fault("chat.postMessage", "error", 1, error=error)
        await house.post(CHI, dm, "what was decided about the freeze?")

        async def told_alone() -> int:
            return sum(FAILED in words(each) for each in await house.messages(CHI, dm))

        await until(told_alone, "a word in private")
        await house.quiet()
        assert await told_alone() == 1
        assert len(await house.messages(FAY, GENERAL, ts)) == 2
        assert REFUSED not in json.dumps([each for _, each in await house.from_daybook(FAY)])
    lines = [each for each in caplog.records if each.getMessage() == "post_malformed"]
    assert {(each.levelname, vars(each)["reason"]) for each in lines} == {("ERROR", error)}
    assert telemetry.counters["posts_malformed"] == before + len(lines)


@pytest.mark.parametrize(
    ("error", "told", "says"),
    [("internal_error", BotFailure, "try again in a minute"), ("missing_scope", BadSettings, "daybook doctor")],
)
async def test_it_does_not_begin_where_slack_does_not_tell_who_is_there(
    house: House, error: str, told: type[BotFailure], says: str
) -> None:
    """One sentence says whether to try again, or what to look at."""
    await house.fault("users.list", "error", 9, error=error)
    with pytest.raises(told, match=says):
        async with house.daybook():
            raise AssertionError("it began")


def malformed(payload: Payload) -> Payload:
    """The same delivery with a part that cannot be read."""
    return {**payload, "event": {**payload["event"], "edited": {"ts": "never"}}}


async def test_who_asks_what_cannot_be_read_is_told_once(house: House) -> None:
    """By a mention in its thread, by both its events, and in a direct message; people's own talk is left alone."""
    async with house.after_the_day():
        dm = (await house.act("open_dm", FAY, user=BOT))["channel"]
        await house.quiet()
        events, held = house.workspace.world.events, list[tuple[Payload, int]]()
        with events.held(held):
            asked = await house.post(FAY, GENERAL, f"{MENTION} what was decided about the ledger?")
            alone_asked = await house.post(FAY, dm, "what was decided about the freeze?")
            among = await house.post(FAY, GENERAL, "what was decided about lunch?")
        for payload, attempt in held:
            events.send(malformed(payload), attempt)
        assert UNREAD in words(await house.answer(FAY, GENERAL, asked))
        await until(lambda: _unread(house, dm), "a word in private")
        await house.quiet()
        assert len(await house.messages(FAY, GENERAL, asked)) == 2
        assert len(await house.messages(FAY, GENERAL, among)) <= 1
        assert await _unread(house, dm) == 1
        assert len(await house.rows("select 1 from inbox where failure = 'Undecodable'")) == len(held)
        ts = await house.post(FAY, dm, "what was decided about the freeze?", thread_ts=alone_asked)
        await house.quiet()
        assert ts < (await house.messages(FAY, dm, alone_asked))[-1]["ts"]


async def _unread(house: House, dm: str) -> int:
    return sum(UNREAD in each["text"] for each in await house.messages(FAY, dm))


async def test_what_was_read_by_its_other_event_is_answered_and_no_more(house: House) -> None:
    """One of the two events of a mention is malformed: nobody need ask again; a repeat of an answered one neither."""
    async with house.after_the_day():
        events, held = house.workspace.world.events, list[tuple[Payload, int]]()
        with events.held(held):
            ts = await house.post(FAY, GENERAL, f"{MENTION} what was decided about the ledger?")
        (first, *_), (second, *_) = held
        events.send(second, 0)
        await house.answer(FAY, GENERAL, ts)
        events.send(malformed(first), 0)
        await house.quiet()
        assert len(await house.messages(FAY, GENERAL, ts)) == 2


async def test_a_question_that_we_fail_to_take_in_is_told_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours that trying again does not mend; asked again it is answered."""
    whole = questions.ask

    async def broken(*_given: object) -> None:
        raise LookupError("quotes what was asked")

    async with house.after_the_day():
        monkeypatch.setattr(questions, "ask", broken)
        ts = await house.post(FAY, GENERAL, f"{MENTION} what was decided about the ledger?")
        assert UNREAD in words(await house.answer(FAY, GENERAL, ts))
        await house.quiet()  # its other event too
        monkeypatch.setattr(questions, "ask", whole)
        await house.post(FAY, GENERAL, f"{MENTION} what was decided about the ledger?", thread_ts=ts)
        await house.quiet()
        thread = await house.messages(FAY, GENERAL, ts)
        assert len(thread) == 4
        assert "Quince" in words(thread[-1])


async def test_what_cannot_be_read_back_is_told_for_an_hour(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody asked while Daybook was down, in a channel and alone; not what is older than that."""
    whole = decode.arrived

    def choosy(raw: Payload, *given: Any) -> Any:
        if "pelican" in raw["text"]:
            raise Undecodable("A payload is malformed.")
        return whole(raw, *given)

    async with house.after_the_day():
        pass
    monkeypatch.setattr(decode, "arrived", choosy)
    old = await house.post(FAY, GENERAL, f"{MENTION} what of the pelican?")
    house.workspace.clock.advance(timedelta(minutes=61))
    asked = await house.post(FAY, GENERAL, f"{MENTION} and what of the other pelican?")
    dm = (await house.act("open_dm", FAY, user=BOT))["channel"]
    await house.post(FAY, dm, "what of my pelican?")
    async with house.daybook():
        assert UNREAD in words(await house.answer(FAY, GENERAL, asked))
        await until(lambda: _unread(house, dm), "a word in private")
        await house.quiet()
        assert len(await house.messages(FAY, GENERAL, old)) == 1
