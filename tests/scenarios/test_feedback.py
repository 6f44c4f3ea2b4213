"""What a leader says of a line, and what the next mornings make of it."""

import json
from datetime import datetime, timedelta

from tests.scenarios.house import House, Payload, parts_of, until, words
from tests.scenarios.team import ADA, DEE, INCIDENTS, MORNINGS

FRIDAY = MORNINGS[ADA]
MONDAY, TUESDAY = FRIDAY + timedelta(days=3), FRIDAY + timedelta(days=4)
INVOICE = "approve the invoice tool licence"
FINANCE = "tells the finance team"
"""A mention and an open question that wait for Ada."""
NEWS = (
    "Gateway 4.2 is live in both regions.",
    "Ledger 3.1 is live in both regions.",
    "Checkout 5.0 is deployed to production.",
)
LESS = "you will see less like this"


async def morning(house: House, at: datetime, number: int) -> tuple[Payload, Payload]:
    """Ada's briefing of that moment, which is her `number`th."""
    house.at(at, seconds=1)

    async def told() -> tuple[Payload, Payload] | None:
        found = await house.briefings(ADA)
        return found[-1] if len(found) == number else None

    found: tuple[Payload, Payload] = await until(told, f"briefing {number}", 30)
    await house.quiet()
    return found


def item_of(briefing: Payload, text: str) -> str:
    """The id of the line that says this."""
    return next(
        str(block["block_id"]).removeprefix("item-")
        for block in briefing["blocks"]
        if str(block.get("block_id", "")).startswith("item-") and text in json.dumps(block)
    )


def pressable(shown: Payload, item: str) -> set[str]:
    """What can be pressed of an item, in a message or a view."""
    parts = [part for block in shown["blocks"] for part in parts_of(block) if item in json.dumps(part)]
    return {part["action_id"] for part in parts}


def says(briefing: Payload, item: str) -> str:
    return next(json.dumps(b, ensure_ascii=False) for b in briefing["blocks"] if b.get("block_id") == f"item-{item}")


async def shows(house: House, number: int, item: str, text: str) -> Payload:
    """The briefing, once the line of this item shows that."""

    async def shown() -> Payload | None:
        found = (await house.briefings(ADA))[number - 1][1]
        return found if text in says(found, item) else None

    found: Payload = await until(shown, f"a line with {text}")
    return found


async def lines_of(house: House) -> list[str]:
    """What the Home tab says was learnt."""
    await house.act("open_home", ADA)
    await house.quiet()
    view = (await house.get("home", **{"as": ADA}))["view"]
    return [b["text"]["text"] for b in view["blocks"] if b.get("accessory", {}).get("action_id") == "lesson_undo"]


async def happened(house: House, *kinds: str) -> int:
    return int(await house.value("select count(*) from events where kind = any (%s)", list(kinds)))


async def test_a_snoozed_line_comes_back_on_its_day(house: House) -> None:
    """It says until when; the mornings before are without it, that day's has it, and it says that it was asked for."""
    async with house.after_the_day(leaders=(ADA,)):
        place, first = await morning(house, FRIDAY, 1)
        for number, text in enumerate((FINANCE, INVOICE)):
            item = item_of(first, text)
            await house.choose(ADA, {"channel": place["id"], "ts": first["ts"]}, first["blocks"], f"date:{item}")
            (form,) = await until(lambda: house.modals(ADA), "the form")
            early = await house.act("submit", ADA, view_id=form["id"], state={"until": {"day": "2026-11-20"}})
            assert early == {"ok": False, "errors": {"until": "Choose a day after today."}}
            assert await happened(house, "ItemSnoozed") == number
            await house.act("submit", ADA, view_id=form["id"], state={"until": {"day": "2026-11-24"}})
            shown = await shows(house, 1, item, "snoozed until Tue 24 Nov")
            assert pressable(shown, item) == {"item_undo", "item_why"}
            assert await house.modals(ADA) == []
        _, second = await morning(house, MONDAY, 2)
        assert not [text for text in (FINANCE, INVOICE) if text in words(second)]
        place, third = await morning(house, TUESDAY, 3)
        for text in (FINANCE, INVOICE):
            again = item_of(third, text)
            assert "still open" in says(third, again)
            await house.press(ADA, place["id"], third, "item_why", again)
            (view,) = await until(lambda: house.modals(ADA), "why")
            assert "You asked to see it again today" in json.dumps(view)
            await house.act("close", ADA, view_id=view["id"])


async def test_tomorrow_and_next_week_are_the_readers_own(house: House) -> None:
    """Counted from the reader's day; chosen anew in the same menu after *Undo*."""
    async with house.after_the_day(leaders=(ADA,)):
        place, first = await morning(house, FRIDAY, 1)
        where, item = {"channel": place["id"], "ts": first["ts"]}, item_of(first, INVOICE)
        await house.choose(ADA, where, first["blocks"], f"tomorrow:{item}")
        shown = await shows(house, 1, item, "snoozed until Sat 21 Nov")
        await house.press(ADA, place["id"], shown, "item_undo", item)
        await until(lambda: happened(house, "FeedbackUndone"), "undone")
        await house.quiet()
        shown = (await house.briefings(ADA))[0][1]
        assert "snoozed" not in says(shown, item)
        await house.choose(ADA, where, shown["blocks"], f"next_week:{item}")
        await shows(house, 1, item, "snoozed until Mon 23 Nov")
        _, second = await morning(house, MONDAY, 2)
        assert INVOICE in words(second)


async def test_what_is_declined_stays_away_until_that_is_undone(house: House) -> None:
    """The next morning is without it, and with it again once *Undo* was pressed on the Home tab."""
    async with house.after_the_day(leaders=(ADA,)):
        place, first = await morning(house, FRIDAY, 1)
        item = item_of(first, FINANCE)
        await house.press(ADA, place["id"], first, "item_declined", item)
        shown = await shows(house, 1, item, LESS)
        assert pressable(shown, item) == {"item_undo", "item_why"}
        _, second = await morning(house, MONDAY, 2)
        assert FINANCE not in words(second)
        (line,) = await lines_of(house)
        assert "Questions by Eli Novak in #payments: shown less, you said _Not for me_ once" in line
        await house.press_at_home(ADA, "lesson_undo")
        await until(lambda: happened(house, "FeedbackUndone"), "undone")
        await house.quiet()
        assert await lines_of(house) == []
        assert LESS not in words((await house.briefings(ADA))[0][1])
        _, third = await morning(house, TUESDAY, 3)
        assert FINANCE in words(third)


async def test_pressing_twice_or_a_press_that_comes_again_does_nothing_more(house: House) -> None:
    """One event, one change of the post, also when the same delivery comes in another envelope."""
    async with house.after_the_day(leaders=(ADA,)) as daybook:
        place, first = await morning(house, FRIDAY, 1)
        item = item_of(first, INVOICE)
        for _ in range(2):
            await house.press(ADA, place["id"], first, "item_declined", item)
        await shows(house, 1, item, LESS)
        await house.quiet()
        updates = len(await house.calls("chat.update"))
        assert updates == 1
        at = await house.value("select occurred_at from events where kind = 'ItemDeclined'")
        body = {
            "type": "block_actions",
            "team": {"id": "T1"},
            "user": {"id": ADA},
            "channel": {"id": place["id"]},
            "trigger_id": "again",
            "actions": [
                {"type": "button", "action_id": "item_declined", "value": item, "action_ts": f"{at.timestamp():.6f}"}
            ],
        }
        await house.press(ADA, place["id"], (await house.briefings(ADA))[0][1], "item_undo", item)
        await until(lambda: happened(house, "FeedbackUndone"), "undone")
        await house.act("envelope", type="interactive", payload=body)
        await house.quiet()
        assert await happened(house, "ItemDeclined") == 1
        assert len(await house.calls("chat.update")) == 2
        assert daybook.workspace.team == "T1"


async def test_somebody_elses_press_does_nothing(house: House) -> None:
    """Whoever gets hold of a button of hers: nothing changes, opens or is told."""
    async with house.after_the_day(leaders=(ADA,)):
        place, first = await morning(house, FRIDAY, 1)
        item = item_of(first, INVOICE)
        house.workspace.world.state.channels[place["id"]].members.append(DEE)
        for action_id in ("item_done", "item_declined", "item_why"):
            await house.press(DEE, place["id"], first, action_id, item)
        for value in (f"tomorrow:{item}", f"date:{item}"):
            await house.choose(DEE, {"channel": place["id"], "ts": first["ts"]}, first["blocks"], value)
        await house.quiet()
        assert await happened(house, "ItemDone", "ItemDeclined", "ItemSnoozed") == 0
        assert await house.modals(DEE) == []
        assert await house.calls("chat.update") == []


async def test_everything_can_be_said_behind_why(house: House) -> None:
    """The view tells reasons, facts and words, has the same buttons, and is drawn anew after each press."""
    async with house.after_the_day(leaders=(ADA,)):
        place, first = await morning(house, FRIDAY, 1)
        item = item_of(first, FINANCE)
        await house.press(ADA, place["id"], first, "item_why", item)
        (view,) = await until(lambda: house.modals(ADA), "why")
        told = json.dumps(view, ensure_ascii=False)
        assert "Eli Novak waits for your answer" in told
        assert "_Question · open · " in told
        assert "Read by rules from the words below." in told
        assert FINANCE in told

        async def redrawn(holding: str) -> Payload | None:
            views = await house.modals(ADA)
            return views[0] if len(views) == 1 and holding in json.dumps(views[0]) else None

        await house.act("press", ADA, view_id=view["id"], **_button(view, "item_done"))
        view = await until(lambda: redrawn("item_undo"), "Undo in the view")
        await shows(house, 1, item, "~")
        await house.act("press", ADA, view_id=view["id"], **_button(view, "item_undo"))
        view = await until(lambda: redrawn("item_declined"), "all buttons in the view")
        await house.choose(ADA, {"view_id": view["id"]}, view["blocks"], f"date:{item}")
        _, form = await until(lambda: _two(house), "the form on top")
        await house.act("submit", ADA, view_id=form["id"], state={"until": {"day": "2026-12-04"}})
        await until(lambda: redrawn("snoozed until Fri 4 Dec"), "the day in the view")
        await shows(house, 1, item, "snoozed until Fri 4 Dec")


async def test_noise_counts_for_less_until_that_is_undone(house: House) -> None:
    """*Not for me* on news counts against its like on the next morning; undone, that is as it would have been."""
    async with house.after_the_day(leaders=(ADA,)):
        await morning(house, FRIDAY, 1)
        await news_of(house, FRIDAY, 1)
        place, second = await morning(house, MONDAY, 2)
        item = item_of(second, "Gateway 4.2")
        await house.press(ADA, place["id"], second, "item_why", item)
        (view,) = await until(lambda: house.modals(ADA), "why")
        await house.act("press", ADA, view_id=view["id"], **_button(view, "item_declined"))
        await shows(house, 2, item, LESS)
        (line,) = await lines_of(house)
        assert "Updates by Dee Alvarez in #incidents: shown less, you said _Not for me_ once" in line
        await news_of(house, MONDAY, 2)
        _, third = await morning(house, TUESDAY, 3)
        assert {"less_here", "less_from"} <= await codes_of(house, item_of(third, "Ledger 3.1"))
        await house.press_at_home(ADA, "lesson_undo")
        await until(lambda: happened(house, "FeedbackUndone"), "undone")
        await news_of(house, TUESDAY, 3)
        _, fourth = await morning(house, TUESDAY + timedelta(days=1), 4)
        assert not {"less_here", "less_from"} & await codes_of(house, item_of(fourth, "Checkout 5.0"))


async def news_of(house: House, morning_of: datetime, number: int) -> None:
    house.at(morning_of, hours=2)
    await house.post(DEE, INCIDENTS, NEWS[number - 1])
    await house.quiet()


async def codes_of(house: House, item: str) -> set[str]:
    """Why ranking put an item where it stands."""
    reasons = await house.value("select grounds -> 'reasons' from items where item_id = %s", item)
    return {each["code"] for each in reasons}


async def _two(house: House) -> list[Payload] | None:
    views = await house.modals(ADA)
    return views if len(views) == 2 else None


def _button(view: Payload, action_id: str) -> Payload:
    block, part = next((b, p) for b in view["blocks"] for p in parts_of(b) if p.get("action_id") == action_id)
    return {"block_id": block["block_id"], "action_id": action_id, "value": part["value"]}
