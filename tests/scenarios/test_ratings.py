"""Whether an answer helped: pressed, undone, put at it as a reaction; and why it was so, for its readers alone."""

import json
from typing import Any

from bot import telemetry
from tests.scenarios.house import House, Payload, place_of, until
from tests.scenarios.team import ADA, BEN, BOT, CHI, DEE, FAY, GENERAL, GUS, INCIDENTS, LEADS, PAYMENTS, SECRET

MENTION = f"<@{BOT}>"
LEDGER = f"{MENTION} what was decided about the ledger?"


async def answered(house: House, person: str, channel: str, text: str = LEDGER) -> Payload:
    ts = await house.post(person, channel, text)
    answer = await house.answer(person, channel, ts)
    await house.quiet()
    return answer


def thumb(answer: Payload, verdict: str) -> str:
    (element,) = [
        part for block in answer["blocks"] if block["type"] == "context_actions" for part in block["elements"]
    ]
    return str(element[{"up": "positive_button", "down": "negative_button"}[verdict]]["value"])


async def rate(house: House, person: str, channel: str, answer: Payload, verdict: str) -> None:
    block_id = place_of(answer["blocks"], "answer_rated")
    given = {"block_id": block_id, "action_id": "answer_rated", "value": thumb(answer, verdict)}
    await house.act("press", person, channel=channel, ts=answer["ts"], **given)
    await house.quiet()


async def said(house: House, answer: Payload) -> set[tuple[Any, ...]]:
    """Who says what of an answer."""
    query = """select i.external_id, r.verdict from ratings r join identities i using (person_id)
                where r.undone_at is null and r.answer_id = %s::uuid"""
    return {*await house.rows(query, thumb(answer, "up").partition(":")[2])}


async def view_of(house: House, person: str) -> str:
    """The view that the person has open, closed again."""
    (view,) = await until(lambda: house.modals(person), f"a view for {person}")
    assert view["callback_id"] == "answer_why"
    await house.act("close", person, view_id=view["id"])
    return json.dumps(view, ensure_ascii=False)


async def whispered(house: House, person: str, channel: str, thread: str) -> list[Payload]:
    return [
        each for each in await house.messages(person, channel, thread) if "answer_why" in json.dumps(each["blocks"])
    ]


async def test_each_reader_rates_an_answer_and_takes_it_back(evening: House) -> None:
    """By Slack's own buttons, each for themselves; the other button changes it, the same one takes it back."""
    answer = await answered(evening, FAY, GENERAL)
    before = telemetry.counters["answer_rated:up"]
    await rate(evening, FAY, GENERAL, answer, "up")
    await rate(evening, CHI, GENERAL, answer, "down")
    assert await said(evening, answer) == {(FAY, "up"), (CHI, "down")}
    assert telemetry.counters["answer_rated:up"] == before + 1
    assert await evening.modals(FAY) == []
    assert "What I understood" in await view_of(evening, CHI)
    await rate(evening, FAY, GENERAL, answer, "up")
    await rate(evening, CHI, GENERAL, answer, "up")
    assert await said(evening, answer) == {(CHI, "up")}
    await rate(evening, CHI, GENERAL, answer, "down")
    await view_of(evening, CHI)
    await rate(evening, CHI, GENERAL, answer, "down")
    assert await said(evening, answer) == set()
    assert await evening.modals(CHI) == [], "what is taken back opens nothing"


async def test_a_thumb_down_tells_what_was_understood_and_what_it_rests_on(evening: House) -> None:
    """The plan in words, each fact and how it was read, the words with their link, and the form for what is wrong."""
    answer = await answered(evening, FAY, GENERAL)
    block_id = place_of(answer["blocks"], "answer_rated")
    down = {"block_id": block_id, "action_id": "answer_rated", "value": thumb(answer, "down")}
    await evening.act("press", FAY, channel=GENERAL, ts=answer["ts"], **down)
    (view,) = await until(lambda: evening.modals(FAY), "the view")
    shown = json.dumps(view, ensure_ascii=False)
    for told in ("what was decided", "“ledger”", "_Decision · decided", "by rules", "drop the old importer", PAYMENTS):
        assert told in shown, told
    wrong = {"block_id": place_of(view["blocks"], "answer_wrong"), "action_id": "answer_wrong"}
    value = thumb(answer, "up").partition(":")[2]
    await evening.act("press", FAY, view_id=view["id"], value=value, **wrong)
    form = await until(lambda: _second(evening, FAY), "the form")
    assert form["callback_id"] == "fact_wrong"
    assert "Quince" in json.dumps(form)
    for each in reversed(await evening.modals(FAY)):
        await evening.act("close", FAY, view_id=each["id"])


async def test_a_view_shows_each_reader_what_they_may_read(evening: House) -> None:
    """Behind an answer in a channel, to whoever reads there; behind one in private, to nobody but its asker."""
    dm = (await evening.act("open_dm", DEE, user=BOT))["channel"]
    await evening.welcome(DEE)
    ts = await evening.post(DEE, dm, f"when does {SECRET} close?")
    answer = await until(lambda: _later(evening, DEE, dm, ts), "an answer")
    await evening.quiet()
    await rate(evening, DEE, dm, answer, "down")
    assert LEADS in await view_of(evening, DEE)
    answer = await answered(evening, BEN, INCIDENTS, f"{MENTION} was the rollback approved?")
    await rate(evening, GUS, INCIDENTS, answer, "down")
    seen = await view_of(evening, GUS)
    assert "rollback" in seen
    assert PAYMENTS not in seen


async def test_a_thumb_put_at_an_answer_offers_its_reader_the_view(evening: House) -> None:
    """👎 as a reaction is a rating, offers *Why?* to that reader alone, and goes with the reaction; 👍 only counts."""
    answer = await answered(evening, FAY, GENERAL)
    thread, at = answer["thread_ts"], {"channel": GENERAL, "ts": answer["ts"]}
    await evening.act("react", BEN, name="-1", **at)
    await evening.act("react", ADA, name="+1::skin-tone-3", **at)
    await evening.quiet()
    assert await said(evening, answer) == {(BEN, "down"), (ADA, "up")}
    (line,) = await whispered(evening, BEN, GENERAL, thread)
    assert await whispered(evening, FAY, GENERAL, thread) == []
    assert await whispered(evening, ADA, GENERAL, thread) == []
    await evening.press(BEN, GENERAL, line, "answer_why")
    assert "What it rests on" in await view_of(evening, BEN)
    await evening.act("react", BEN, name="-1", remove=True, **at)
    await evening.quiet()
    assert await said(evening, answer) == {(ADA, "up")}
    question = {"channel": GENERAL, "ts": thread}
    await evening.act("react", BEN, name="thumbsdown", **question)
    await evening.quiet()
    assert len(await whispered(evening, BEN, GENERAL, thread)) == 1, "the question is none of ours"


async def test_what_was_rated_goes_with_who_is_forgotten(house: House) -> None:
    """Forgotten, somebody's ratings are gone, and what they press later is not kept."""
    async with house.after_the_day(leaders=()) as daybook:
        answer = await answered(house, FAY, GENERAL)
        for person in (FAY, BEN):
            await rate(house, person, GENERAL, answer, "up")
        (key,) = (await house.rows("select person_id from identities where external_id = %s", FAY))[0]
        await daybook.erasing.person(key)
        await house.quiet()
        assert await said(house, answer) == {(BEN, "up")}
        assert await house.value("select count(*) from ratings") == 1


async def _second(house: House, person: str) -> Payload | None:
    found = await house.modals(person)
    return found[-1] if len(found) == 2 else None


async def _later(house: House, person: str, channel: str, ts: str) -> Payload | None:
    found = [each for each in await house.messages(person, channel) if each["ts"] > ts and each["user"] == BOT]
    return found[0] if found else None
