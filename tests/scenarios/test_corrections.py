"""Somebody says that what they were told is wrong: over the socket, through both forms, to everything told before."""

import json
from typing import Any

from tests.scenarios.house import House, Payload, until, words
from tests.scenarios.team import ADA, BOT, DEE, ELI, FAY, LEADS, MORNINGS, PLATFORM, said
from tests.scenarios.test_feedback import happened, item_of, morning, says

ANNOUNCEMENT = "draft the Marigold announcement"
FRIDAY = MORNINGS[ADA]


async def shown(house: House, item: str, holding: str) -> str:
    """Ada's line, once it says that."""

    async def found() -> str | None:
        line = says((await house.briefings(ADA))[0][1], item)
        return line if holding in line else None

    line: str = await until(found, f"a line with {holding}")
    return line


async def answer_says(house: House, ts: str, holding: str) -> str:
    async def found() -> str | None:
        told = words(await house.answer(DEE, LEADS, ts))
        return told if holding in told else None

    told: str = await until(found, f"an answer with {holding}")
    return told


async def open_form(house: House, person: str, place: Payload, briefing: Payload, item: str) -> Payload:
    await house.choose(person, {"channel": place["id"], "ts": briefing["ts"]}, briefing["blocks"], f"wrong:{item}")
    found: list[Payload] = await until(lambda: house.modals(person), "the form")
    return found[-1]


async def reply_to(house: House, person: str, holding: str) -> tuple[Payload, Payload]:
    """What Daybook tells the person of their correction, once it says that: (channel, message)."""

    async def found() -> tuple[Payload, Payload] | None:
        seen = await house.from_daybook(person)
        return next(((place, m) for place, m in seen if m["text"].startswith(holding)), None)

    told: tuple[Payload, Payload] = await until(found, f"a reply with {holding}")
    return told


async def fill(house: House, person: str, view: Payload, **given: Any) -> Any:
    return await house.act("submit", person, view_id=view["id"], state={name: {name: v} for name, v in given.items()})


async def the_promise(house: House) -> tuple[Any, ...]:
    """Who owns the announcement, when it is due, how it stands, and who says so."""
    query = """select i.external_id, f.due::text, f.status, f.engine, f.retired_at is not null
                 from facts f join contents c on c.content_id = f.statement_id
                 left join identities i on i.person_id = f.actor_id
                where f.kind = 'commitment' and c.body like %s and f.retired_at is null or f.engine = 'person'"""
    (row,) = await house.rows(query, "%Marigold announcement%")
    return row


async def test_wrong_changes_the_fact_and_all_that_was_told_of_it(house: House) -> None:
    """Asked, shown what will be, and done after a restart: fact, briefing and an earlier answer change.

    Undone, they are as before.
    """
    leaders = (ADA,)
    async with house.after_the_day(leaders=leaders):
        asked = await house.post(DEE, LEADS, f"<@{BOT}> what was promised about the Marigold announcement?")
        assert "Dee Alvarez promised" in await answer_says(house, asked, ANNOUNCEMENT)
        place, briefing = await morning(house, FRIDAY, 1)
        item = item_of(briefing, ANNOUNCEMENT)
        before = says(briefing, item)
        view = await open_form(house, ADA, place, briefing, item)
        assert ANNOUNCEMENT in json.dumps(view)
        nobody = await fill(house, ADA, view, how="owner")
        assert nobody == {"ok": False, "errors": {"owner": "Choose who it is."}}
        same = await fill(house, ADA, view, how="owner", owner=DEE)
        assert "That is what I know already" in same["errors"]["how"]
        await fill(house, ADA, view, how="owner", owner=FAY)
        (asking,) = await house.modals(ADA)
        assert asking["callback_id"] == "fact_change"
        assert {"Dee Alvarez promised", "Fay Lindqvist promised", "#leads"} <= {
            each for each in ("Dee Alvarez promised", "Fay Lindqvist promised", "#leads") if each in json.dumps(asking)
        }
        assert await happened(house, "FactCorrected") == 0
        assert (await the_promise(house))[0] == DEE
    async with house.daybook(leaders=leaders):
        await house.act("submit", ADA, view_id=asking["id"], state={})
        assert "Fay" in await shown(house, item, "corrected by you")
        assert "Dee Alvarez promised" not in await answer_says(house, asked, "Fay Lindqvist promised")
        dm, told = await reply_to(house, ADA, "Noted: Fay Lindqvist promised")
        assert await the_promise(house) == (FAY, "2026-11-24", "open", "person", False)
        assert await happened(house, "FactCorrected") == 1
        await house.press(ADA, dm["id"], told, "correction_undo")
        assert "Dee Alvarez promised" in await answer_says(house, asked, "Dee Alvarez promised")
        await reply_to(house, ADA, "Taken back")
        await house.quiet()
        assert says((await house.briefings(ADA))[0][1], item) == before
        assert (await the_promise(house))[0] == DEE
        assert await happened(house, "CorrectionUndone") == 1


async def test_what_is_not_so_is_struck_out_and_stays_away(house: House) -> None:
    """Whatever is said in its conversation afterwards, and when its message is edited: a person's word outranks it."""
    async with house.after_the_day(leaders=(ADA, DEE)):
        place, briefing = await morning(house, FRIDAY, 1)
        item = item_of(briefing, ANNOUNCEMENT)
        view = await open_form(house, ADA, place, briefing, item)
        await fill(house, ADA, view, how="untrue")
        (asking,) = await house.modals(ADA)
        assert "it is not true" in json.dumps(asking)
        await house.act("submit", ADA, view_id=asking["id"], state={})
        assert "~" in await shown(house, item, "not so, said you")
        await reply_to(house, ADA, "Noted, it is not so")
        promised = said("Marigold announcement")
        await house.act("edit", DEE, channel=LEADS, ts=promised.ts, text=f"{promised.text} Sure.")
        await house.post(DEE, LEADS, promised.text)
        await house.quiet()
        assert (await the_promise(house))[3:] == ("person", True)
        house.at(MORNINGS[DEE], seconds=1)
        _, hers = await house.briefing(DEE)
        assert promised.ts.replace(".", "") not in json.dumps(hers)


async def test_who_may_not_read_a_fact_changes_nothing(house: House) -> None:
    """With the ids of somebody else's fact and form in hand: no view opens, a forged submission changes nothing."""
    async with house.after_the_day(leaders=(ADA,)):
        place, briefing = await morning(house, FRIDAY, 1)
        item = item_of(briefing, ANNOUNCEMENT)
        house.workspace.world.state.channels[place["id"]].members.append(FAY)
        await house.choose(FAY, {"channel": place["id"], "ts": briefing["ts"]}, briefing["blocks"], f"wrong:{item}")
        fact = await house.value("select fact_ids[1] from items where item_id = %s", item)
        forged = {
            "type": "view_submission",
            "team": {"id": "T1"},
            "user": {"id": FAY},
            "view": {
                "id": "V1",
                "type": "modal",
                "callback_id": "fact_change",
                "private_metadata": f"{fact}:owner:{FAY}:",
            },
        }
        await house.act("envelope", type="interactive", payload=forged)
        _, told = await reply_to(house, FAY, "I changed nothing")
        assert ANNOUNCEMENT not in json.dumps(told)
        await house.quiet()
        assert await house.modals(FAY) == []
        assert await happened(house, "FactCorrected") == 0
        assert await house.value("select count(*) from inbox where failure is not null") == 0


async def test_the_same_submission_twice_is_one_correction(house: House) -> None:
    """A delivery that comes again in another envelope changes and tells nothing more."""
    async with house.after_the_day(leaders=(ADA,)):
        place, briefing = await morning(house, FRIDAY, 1)
        item = item_of(briefing, ANNOUNCEMENT)
        view = await open_form(house, ADA, place, briefing, item)
        await fill(house, ADA, view, how="day", day="2026-11-27")
        (asking,) = await house.modals(ADA)
        await house.act("submit", ADA, view_id=asking["id"], state={})
        await shown(house, item, "corrected by you")
        again = {
            "type": "view_submission",
            "team": {"id": "T1"},
            "user": {"id": ADA},
            "trigger_id": "again",
            "view": {key: asking[key] for key in ("id", "callback_id", "private_metadata")},
        }
        await house.act("envelope", type="interactive", payload=again)
        await house.quiet()
        assert (await the_promise(house))[1] == "2026-11-27"
        assert await happened(house, "FactCorrected") == 1
        posted = [m for _, m in await house.from_daybook(ADA) if m["text"].startswith("Noted")]
        assert len(posted) == 1
        assert PLATFORM not in json.dumps(posted)


async def test_wrong_at_a_message(house: House) -> None:
    """At the words themselves, at an answer and at a briefing: for who may read what they tell, of that alone."""
    async with house.after_the_day(leaders=(ADA,)):
        asked = await house.post(DEE, LEADS, f"<@{BOT}> what was promised about the Marigold announcement?")
        answer = await house.answer(DEE, LEADS, asked)
        promised = said("Marigold announcement")
        place, briefing = await morning(house, FRIDAY, 1)
        for channel, ts in ((LEADS, promised.ts), (LEADS, answer["ts"]), (place["id"], briefing["ts"])):
            await house.act("shortcut_at", ADA, channel=channel, ts=ts, callback_id="wrong")
            (view,) = await until(lambda: house.modals(ADA), "the form")
            assert ANNOUNCEMENT in json.dumps(view)
            await house.act("close", ADA, view_id=view["id"])
        plain = said("good morning")
        await house.act("shortcut_at", FAY, channel=plain.channel, ts=plain.ts, callback_id="wrong")
        (view,) = await until(lambda: house.modals(FAY), "the form")
        assert "I know nothing of this" in json.dumps(view)
        await house.act("close", FAY, view_id=view["id"])
        forged = {
            "type": "message_action",
            "callback_id": "wrong",
            "team": {"id": "T1"},
            "user": {"id": FAY},
            "channel": {"id": LEADS, "name": "leads"},
            "trigger_id": house.workspace.world.triggers.issue(FAY),
            "message": {"type": "message", "text": "", "ts": promised.ts},
        }
        for number, ts in enumerate((promised.ts, answer["ts"])):
            trigger = house.workspace.world.triggers.issue(FAY)
            body = {**forged, "message_ts": ts, "trigger_id": trigger, "action_ts": f"1795190000.00000{number}"}
            await house.act("envelope", type="interactive", payload=body)
            (view,) = await until(lambda: house.modals(FAY), "the form")
            assert ANNOUNCEMENT not in json.dumps(view)
            await house.act("close", FAY, view_id=view["id"])
        await house.quiet()
        assert await house.value("select count(*) from inbox where failure is not null") == 0


async def test_track_this_makes_a_fact_that_stays(house: House) -> None:
    """Suggested by the message, filled in, noted as their word, told to them, taken back; nothing later undoes it."""
    query = """select i.external_id, f.kind, c.body, f.due::text, f.status, f.engine, f.retired_at is null
                 from facts f join contents c on c.content_id = f.statement_id
                 left join identities i on i.person_id = f.actor_id where c.body like %s"""
    async with house.after_the_day(leaders=(ADA,)):
        plants = said("office plants")
        await house.act("shortcut_at", FAY, channel=plants.channel, ts=plants.ts, callback_id="track")
        (view,) = await until(lambda: house.modals(FAY), "the form")
        assert "office plants need water" in json.dumps(view)
        given = {"kind": "commitment", "statement": "water the office plants", "owner": BOT, "day": "2026-11-27"}
        wrong = await fill(house, FAY, view, **given)
        assert wrong == {"ok": False, "errors": {"owner": "I do not know them: choose somebody of the team."}}
        await fill(house, FAY, view, **(given | {"owner": DEE}))
        dm, told = await reply_to(house, FAY, "I keep track of this: Dee Alvarez owns this")
        assert "water the office plants" in words(told)
        tracked = (DEE, "commitment", "water the office plants", "2026-11-27", "open", "person", True)
        assert await house.rows(query, "water the office plants") == [tracked]
        await house.act("edit", ELI, channel=plants.channel, ts=plants.ts, text=f"{plants.text} Anybody?")
        await house.quiet()
        assert await house.rows(query, "water the office plants") == [tracked]
        await house.press(FAY, dm["id"], told, "correction_undo")
        await reply_to(house, FAY, "Taken back, I do not track this")
        assert await house.rows(query, "water the office plants") == [(*tracked[:-1], False)]
        secret = said("acquisition closes")
        trigger = house.workspace.world.triggers.issue(FAY)
        forged = {
            "type": "message_action",
            "callback_id": "track",
            "team": {"id": "T1"},
            "user": {"id": FAY},
            "channel": {"id": LEADS, "name": "leads"},
            "message_ts": secret.ts,
            "action_ts": "1795190000.000001",
            "trigger_id": trigger,
        }
        await house.act("envelope", type="interactive", payload=forged)
        (view,) = await until(lambda: house.modals(FAY), "the form")
        assert "acquisition" not in json.dumps(view)
        assert view["submit"] is None
        assert await house.value("select count(*) from inbox where failure is not null") == 0
