"""What stands in a row on a phone, what apart, and what is not said twice."""

from datetime import timedelta
from uuid import UUID

from bot.local.workspace.block_limits import MESSAGE, check_blocks
from handlers.blocks import answer, briefing, buttons, known, promises, why
from memory.models.briefings import Answer, Coverage, Item, Promised
from memory.models.ids import AnswerId, FactId
from tests.unit import morning
from tests.unit.morning import URL
from tests.unit.test_blocks import item, of, source
from tests.unit.test_surfaces import SHOW, line

PROMISE = FactId(UUID(int=7))


def test_a_promise_of_ones_own_has_one_row_on_a_phone() -> None:
    """Three buttons and a menu; once confirmed two. Of several that it tells of besides, one is chosen in that row. Of
    what is not so at all nothing is left to say.
    """
    told = item("You promised it.", section="promises", promise_id=PROMISE, fact_ids=(PROMISE,))
    promise = told.model_copy(update={"anchor_id": PROMISE})

    def row(one: Item) -> list[str]:
        (found,) = [block for block in briefing.blocks(of(one), URL) if block["type"] == "actions"]
        return [part.get("text", part.get("placeholder", {})).get("text", "menu") for part in found["elements"]]

    assert row(promise) == ["Done", "Yes, I promised", "Why?", "menu"]
    assert row(promise.model_copy(update={"confirmed": True})) == ["Done", "Why?", "menu"]
    assert row(told) == ["Done", "Promise done", "Why?", "menu"]
    several = tuple(Promised(fact_id=FactId(UUID(int=n)), text=f"You promised <b> {n} & {'x' * 90}.") for n in (7, 8))
    among = told.model_copy(update={"promise_id": None, "promises": several})
    assert row(among) == ["Done", "Promise done…", "Why?", "menu"]
    assert row(among.model_copy(update={"done": True})) == ["Undo", "Why?"]
    (choice,) = (part for part in buttons.choices(among) if part["type"] == "static_select")
    assert [each["value"] for each in choice["options"]] == [f"{each.fact_id}:{told.item_id}" for each in several]
    assert [each["text"]["text"][:21] for each in choice["options"]] == [
        "You promised <b> 7 & ",
        "You promised <b> 8 & ",
    ]
    assert check_blocks(briefing.blocks(of(among), URL), MESSAGE) == []
    menu = next(part for part in buttons.choices(promise) if part["type"] == "overflow")
    assert [each["text"]["text"] for each in menu["options"]] == [
        *("Not a promise", "Not for me", "Snooze until next week", "Snooze until…", "That is wrong…")
    ]
    denied = promise.model_copy(update={"taken_back": True, "correction": "not so, said you"})
    assert row(denied) == ["Why?"]
    assert [block for block in why.view(denied, [], URL)["blocks"] if block["type"] == "actions"] == []


def test_an_answers_sentences_stand_apart() -> None:
    """A block each, and what can be pressed of them above the thumbs; a longer text stays as it is."""
    found = Answer(answer_id=AnswerId(UUID(int=8)), text="Ana left.\nTom came.", sources=(source(1),))
    shown = answer.blocks(found, URL, promises=[promises.row(PROMISE, confirmed=False)])
    assert [block["type"] for block in shown] == ["section", "section", "context", "actions", "context_actions"]
    assert [block["text"]["text"] for block in shown[:2]] == ["Ana left.", "Tom came."]
    many = answer.blocks(found.model_copy(update={"text": "Ana left.\n" * 30}), URL)
    assert [block["type"] for block in many] == ["section", "context", "context_actions"]


def test_a_footer_names_a_single_day_once() -> None:
    """From when until when, to the minute."""
    read = Coverage(containers=1, messages=2, since=morning.NOW, until=morning.NOW + timedelta(hours=3))
    assert "Fri 20 Nov 07:30 – 10:30" in briefing.coverage_text(read, "UTC")
    over_night = read.model_copy(update={"until": morning.NOW + timedelta(days=1)})
    assert "Fri 20 Nov 07:30 – Sat 21 Nov 07:30" in briefing.coverage_text(over_night, "UTC")


def test_a_line_is_told_its_age_once() -> None:
    """In the sentence or below it; what somebody said of another day is no age."""
    told = known.line(line(1, "You told Tom yesterday: “on it”"), SHOW)
    assert told.count("yesterday") == 1
    assert "\n_yesterday_  <" in known.line(line(1, "You told Tom: “it broke yesterday”"), SHOW)
    assert "\n_confirmed_  <" in known.line(line(1, "You told Tom yesterday: “on it”", confirmed=True), SHOW)
