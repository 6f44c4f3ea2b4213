"""Any model becomes Block Kit that Slack takes and that harms nobody."""

import json
import re
from collections.abc import Iterator
from datetime import date, time
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as example
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from handlers.blocks import (
    answer,
    briefing,
    buttons,
    correction,
    home,
    learnt,
    limits,
    mrkdwn,
    offer,
    rating,
    snooze,
    tracking,
    welcome,
    why,
    why_answer,
)
from handlers.blocks.known import Show
from handlers.blocks.today import Today
from memory.models.briefings import SECTIONS, Answer, Briefing, Item, Section, Source
from memory.models.facts import FactKind
from memory.models.ids import AnswerId, EventId, FactId, ItemId, MessageId, OfferId, derive
from tests.unit import morning
from tests.unit.morning import URL

CHANNELS = {"C1": "ops", "C2": "ledger"}
NASTY = (
    "x" * 40_000,
    "👩‍👩‍👧‍👦" * 3_000,
    "&" * 5_000,
    "<" * 9_000,
    "שלום עולם " * 500,
    "\u202egnp.exe",
    "\x00",
    "",
    " \n\t ",
    "<!channel> <!here|here> <@U1> <#C1> @here @channel @everyone",
    "[click](https://evil.example) <https://evil.example|ours> https://evil.example",
    "~a~ *b* _c_ `d` ```e```",
    "\ud800 lone",
)
texts = st.sampled_from(NASTY) | st.text(st.characters(), max_size=300)


def source(number: int = 1, thread: str | None = None) -> Source:
    return Source(
        message_id=MessageId(derive("m", number)), channel="C1", ts=f"179999{number:04d}.000100", thread_ts=thread
    )


def item(text: str, section: Section = "needs_you", *, why: str = "", number: int = 0, **answered: Any) -> Item:
    return Item(
        item_id=ItemId(derive("item", number)),
        section=section,
        text=text,
        why=why,
        sources=(source(1), source(2, "1799990001.000100")),
        anchor_id=derive("fact", number),
        **answered,
    )


ANSWERS: tuple[dict[str, Any], ...] = ({}, {"done": True}, {"declined": True}, {"snoozed_until": date(2026, 12, 4)})
"""What a reader may have said of an item."""


def lesson(number: int = 0, **given: Any) -> learnt.Line:
    usual = {"kind": "update", "channel": "ops", "direction": "less", "presses": 2}
    return learnt.Line.model_validate({"key": f"less:update:{number}", **usual, **given})


def known(text: str, **given: Any) -> why.Known:
    usual = {"kind": "commitment", "status": "open", "due": morning.TODAY, "log_odds": 1.0, "engine": "rules"}
    return why.Known.model_validate({"text": text, **usual, **given})


def at_home(**given: Any) -> home.Home:
    on = given.get("briefings_on", True)
    usual = {
        "briefings_on": on,
        "tz": "UTC",
        "today": morning.TODAY,
        "morning": Today(state="coming" if on else "off", day=morning.TODAY, on=on, at=time(8, 30)),
        "show": Show(team_url=URL, today=morning.TODAY),
    }
    return home.Home.model_validate(usual | given)


def pressable(blocks: Any) -> set[str]:
    """The names of all that can be pressed, and what menus offer."""
    found = set()
    if isinstance(blocks, dict):
        found |= {blocks["action_id"]} if "action_id" in blocks else set()
        found |= {option["value"].split(":")[0] for option in blocks.get("options", ())}
        blocks = [*blocks.values()]
    return found.union(*(pressable(each) for each in blocks)) if isinstance(blocks, list) else found


def of(*items: Item, headline: str = "Hello.") -> Briefing:
    return morning.briefed(morning.quiet()).model_copy(update={"items": items, "headline": headline})


def texts_in(block: Any) -> Iterator[dict[str, Any]]:
    """Every text object, wherever it stands."""
    if isinstance(block, dict):
        if block.get("type") in {"mrkdwn", "plain_text"}:
            yield block
        for value in block.values():
            yield from texts_in(value)
    elif isinstance(block, list):
        for value in block:
            yield from texts_in(value)


def held(blocks: list[limits.Block], most: int = limits.MESSAGE_BLOCKS) -> None:
    """Slack's limits, and that nothing in it mentions, broadcasts or links elsewhere."""
    json.dumps(blocks, ensure_ascii=False).encode()
    assert 1 <= len(blocks) <= most
    keys = [b["block_id"] for b in blocks if "block_id" in b]
    assert len(keys) == len(set(keys))
    for block in blocks:
        assert len(block.get("elements", ())) <= (25 if block["type"] == "actions" else limits.CONTEXT_ELEMENTS)
        for button in [*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else [])]:
            if button["type"] == "button":
                assert limits.size(button["text"]["text"]) <= limits.BUTTON_LABEL
                assert len(button.get("value", "")) <= limits.BUTTON_VALUE
            if button["type"] == "overflow":
                assert 1 <= len(button["options"]) <= limits.MENU_OPTIONS
                assert all(len(option["value"]) <= limits.OPTION_VALUE for option in button["options"])
                assert all(limits.size(option["text"]["text"]) <= limits.OPTION for option in button["options"])
    for text in texts_in(blocks):
        assert 1 <= limits.size(text["text"]) <= limits.SECTION
        assert "\x00" not in text["text"]
        if text["type"] == "mrkdwn":
            assert text["verbatim"]
            assert not re.search(r"<[!@#]|[@＠](here|channel|everyone)\b|\]\(", text["text"])
            assert all(target.startswith(URL) for target in re.findall(r"<([^<>]*)>", text["text"]))
    assert all(limits.size(b["text"]["text"]) <= limits.HEADER for b in blocks if b["type"] == "header")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(
    text=texts, clause=texts, section=st.sampled_from(SECTIONS), count=st.integers(0, 90), said=st.sampled_from(ANSWERS)
)
def test_any_briefing_keeps_within_the_limits(
    text: str, clause: str, section: Section, count: int, said: dict[str, Any]
) -> None:
    """Whatever the items say, however many there are and whatever was said of them, Slack takes the message."""
    items = (item(text, section, why=clause, number=n, **said) for n in range(count))
    made = of(*items, headline=text)
    held(briefing.blocks(made, URL, channels={"C1": text}, tz="Europe/Berlin"))
    spoken = briefing.fallback(made)
    assert 1 <= limits.size(spoken) <= limits.FALLBACK
    assert not re.search(r"<[!@#]|[@＠](here|channel|everyone)\b", spoken)


@settings(max_examples=100, deadline=None)
@example(text=texts, count=st.integers(0, 20))
def test_any_answer_and_view_keep_within_the_limits(text: str, count: int) -> None:
    """Answers, the *Why?* view, the welcome and the Home tab take any text."""
    said = Answer(answer_id=AnswerId(UUID(int=1)), text=text, sources=tuple(source(n) for n in range(count)))
    lines = [answer.Line(text=text, sources=said.sources)] * count
    held(answer.blocks(said, URL, channels={"C1": text}))
    held(answer.blocks(said, URL, lines=lines, channels=CHANNELS))
    assert 1 <= limits.size(answer.fallback(said)) <= limits.FALLBACK
    quotes = [why.Quote(author=text, text=text, day=morning.TODAY, source=source())] * count
    reasons = [why.Reason(text=f"{text}{n}", against=n % 2 > 0) for n in range(count)]
    for said_of in ANSWERS:
        told = item(text, why=text, **said_of)
        facts = [known(text)] * count
        view = why.view(told, quotes, URL, reasons=reasons, known=facts, channels={"C1": text}, today=morning.TODAY)
        held(view["blocks"], limits.VIEW_BLOCKS)
        assert len(view["title"]["text"]) <= limits.VIEW_TITLE
    held(snooze.view(item(text), morning.TODAY)["blocks"], limits.VIEW_BLOCKS)
    lessons = tuple(lesson(n, channel=text, person=text) for n in range(count))
    held(welcome.blocks(text, time(8, 30)))
    shown = at_home(tz=text, learnt=lessons)
    held(home.blocks(shown), limits.VIEW_BLOCKS)


def test_sixty_items_are_cut_with_a_line_that_says_how_many_more() -> None:
    """What does not fit is counted, never silently left off."""
    made = of(*(item(f"Item {n}.", number=n) for n in range(60)))
    blocks = briefing.blocks(made, URL)
    shown = sum(b.get("block_id", "").startswith("item-") for b in blocks)
    assert blocks[-2]["elements"][0]["text"].startswith(f"…and {60 - shown} more")


def test_the_fullest_briefing_that_ranking_allows_is_shown_whole() -> None:
    """Three, six, six, five and six items fit into one message."""
    made = morning.briefed(morning.crowded(200), most=100_000)
    blocks = briefing.blocks(made, URL)
    assert len(made.items) == 26
    assert sum(b.get("block_id", "").startswith("item-") for b in blocks) == 26
    assert len(blocks) <= limits.MESSAGE_BLOCKS


def test_a_done_item_is_struck_through_and_cannot_be_done_again() -> None:
    """Done shows as such, with *Why?* still there."""
    blocks = json.dumps(briefing.blocks(of(item("Ana asked you.", done=True)), URL), ensure_ascii=False)
    assert "~Ana asked you.~" in blocks
    assert "item_done" not in blocks
    assert "item_why" in blocks


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("said", ANSWERS)
def test_an_item_can_be_answered_or_that_be_undone(section: Section, said: dict[str, Any]) -> None:
    """In its line or behind its *Why?*: all that can be said of it, and once something was said, *Undo* in both."""
    one = item("Ana asked you.", section, **said)
    line, behind = pressable(briefing.blocks(of(one), URL)), pressable(why.view(one, [], URL)["blocks"])
    assert {"item_why", "why"} & line
    if said:
        assert {"item_undo", "undo"} & line
        assert behind == {"item_undo"}
    else:
        assert behind == {"item_done", "item_declined", "item_menu", "tomorrow", "next_week", "date"}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"declined": True}, "you will see less like this"),
        ({"snoozed_until": date(2026, 12, 4)}, "snoozed until Fri 4 Dec"),
    ],
)
def test_a_line_says_what_was_said_of_it(said: dict[str, Any], words: str) -> None:
    """In the line, in the view behind it, and aloud."""
    one = item("Ana asked you.", **said)
    assert words in json.dumps(briefing.blocks(of(one), URL))
    assert words in json.dumps(why.view(one, [], URL))
    assert words.lower() in briefing.fallback(of(one)).lower()


def test_the_view_behind_why_tells_how_sure_and_how_it_was_read() -> None:
    """Each fact with its kind, how it stands, when it is due, how sure that is, and who read or said it."""
    told = [
        known("You promised it.", log_odds=2.5),
        known("It was decided.", kind="decision", status="decided", due=None, log_odds=0.6, engine="model"),
        known("It may be blocked.", kind="blocker", status="raised", due=None, log_odds=-0.2),
        known("He owns it.", engine="person"),
    ]
    shown = [b["text"]["text"] for b in why.view(item("x"), [], URL, known=told, today=morning.TODAY)["blocks"][2:6]]
    assert shown[0].startswith("*What I know*\n")
    shown[0] = shown[0].removeprefix("*What I know*\n")
    firsts = [text.splitlines()[0] for text in shown]
    assert firsts == [
        "_Promise · open · due today · sure_",
        "_Decision · decided · fairly sure_",
        "_Blocker · raised · unsure_",
        "_Promise · open · due today · sure_",
    ]
    lasts = [text.splitlines()[-1] for text in shown]
    assert [("rules" in each, "language model" in each, "person" in each) for each in lasts] == [
        (True, False, False),
        (False, True, False),
        (True, False, False),
        (False, False, True),
    ]


def test_a_sentence_is_not_said_twice() -> None:
    """A fact in the words of the item is told by how it stands alone."""
    shown = json.dumps(why.view(item("You promised it."), [], URL, known=[known("You promised it.")]))
    assert shown.count("You promised it.") == 1


def test_what_was_learnt_is_told_in_lines() -> None:
    """Ten at most, each with *Undo*, and how many more there are."""
    texts = [b["text"]["text"] for b in learnt.blocks([lesson(), lesson(person="Tom Winter", presses=1)])]
    assert texts[1:] == [
        "Updates in #ops: shown less, you said _Not for me_ twice.",
        "Updates by Tom Winter in #ops: shown less, you said _Not for me_ once.",
    ]
    liked = learnt.blocks([lesson(direction="more", kind="commitment", presses=4)])[1]["text"]["text"]
    assert liked == "Promises in #ops: shown a little more, you marked four as _Done_."
    many = learnt.blocks([lesson(n) for n in range(14)])
    assert [b["accessory"]["value"] for b in many[1:-1]] == [f"less:update:{n}" for n in range(10)]
    assert many[-1]["elements"][0]["text"] == "…and four more."
    assert learnt.blocks([]) == []


def test_a_permalink_points_at_the_message_in_its_thread() -> None:
    """A reply's link carries its thread, as Slack's own links do."""
    assert mrkdwn.permalink(URL, source(1)) == "https://example.slack.com/archives/C1/p1799990001000100"
    assert mrkdwn.permalink(URL, source(2, "1799990001.000100")) == (
        "https://example.slack.com/archives/C1/p1799990002000100?thread_ts=1799990001.000100&cid=C1"
    )


@pytest.mark.parametrize("limit", [1, 5, 6, 75])
def test_no_entity_is_cut_in_half(limit: int) -> None:
    """A clipped text holds whole entities only."""
    cut = limits.clip(mrkdwn.escape("a<b>&" * 50), limit)
    assert limits.size(cut) <= limit
    assert "&" not in re.sub(r"&(amp|lt|gt);", "", cut)


def test_a_long_answer_is_split_between_words() -> None:
    """Every piece fits, and no word is lost while there is room."""
    text = "word " * 1500
    pieces = limits.split(text, limits.SECTION, 5)
    assert all(limits.size(p) <= limits.SECTION for p in pieces)
    assert " ".join(pieces).split() == text.split()


def test_a_line_without_a_reason_has_no_line_for_one() -> None:
    """Nothing stands between what is told and its source; nor a word for what the sentence itself says is done."""
    shown = briefing.blocks(of(item("Ana sent it – done.", "promises", tag="resolved")), URL)
    (line,) = (block for block in shown if str(block.get("block_id", "")).startswith("item-"))
    assert [part[:5] for part in line["text"]["text"].splitlines()] == ["Ana s", "<http"]
    assert line["text"]["text"].startswith("Ana sent it – done.\n")


def test_a_promise_has_one_button_that_says_it_is_done() -> None:
    """An item about the reader's promise is done as that; one that tells of it besides has another button for it."""
    plain = item("You promised it.")
    promise = FactId(plain.anchor_id)
    about, besides = (plain.model_copy(update={"promise_id": each}) for each in (promise, FactId(derive("fact", 7))))

    def labels(shown: Item) -> dict[str, str]:
        return {each["text"]["text"]: each["value"] for each in buttons.choices(shown) if each["type"] == "button"}

    assert [*labels(about)] == ["Done", "Yes, I promised"]
    assert [*labels(besides)] == ["Done", "Promise done"]
    assert labels(besides)["Promise done"] == f"{besides.promise_id}:{besides.item_id}"


@pytest.mark.parametrize("day", ["usual", "quiet", "crowded"])
def test_a_briefing_looks_as_it_did(day: str, snapshot: SnapshotAssertion) -> None:
    """A usual, a quiet and a crowded briefing, whose diffs are read."""
    made = morning.briefed({"usual": morning.usual, "quiet": morning.quiet, "crowded": morning.crowded}[day]())
    blocks = briefing.blocks(made, URL, channels=CHANNELS, tz="Europe/Berlin")
    assert {"blocks": blocks, "fallback": briefing.fallback(made)} == snapshot


def test_the_other_surfaces_look_as_they_did(snapshot: SnapshotAssertion) -> None:
    """Why, an answer, nothing found, the welcome and the Home tab."""
    told = morning.briefed(morning.usual()).items[0]
    said = morning.usual().messages[0]
    quote = why.Quote(
        author="Ida Sand", text=said.text.replace("<@U1> ", ""), day=date(2026, 11, 19), source=told.sources[0]
    )
    key = AnswerId(UUID(int=1))
    found = Answer(answer_id=key, text="Tom Winter decided yesterday: we cut over on Saturday.", sources=told.sources)
    nothing = Answer(answer_id=key, text="I found nothing about “lisbon office”.", sources=())
    lessons = (lesson(), lesson(1, person="Tom Winter"))
    settings_of = at_home(tz="Europe/Berlin", last_briefing=morning.TODAY, learnt=lessons)
    assert {
        "why": why.view(
            told,
            [quote],
            URL,
            reasons=[
                why.Reason(text="Ida Sand waits for your answer"),
                why.Reason(text="it touches ledger, one of your projects"),
                why.Reason(text="you said “Not for me” to such things by Ida Sand once", against=True),
            ],
            known=[known("Ida Sand asked you yesterday.", kind="question", due=None, log_odds=1.0)],
            channels=CHANNELS,
            today=morning.TODAY,
        ),
        "snoozing": snooze.view(told, date(2026, 11, 21)),
        "answer": answer.blocks(
            found, URL, lines=[answer.Line(text=found.text, sources=found.sources)], channels=CHANNELS
        ),
        "nothing": answer.blocks(nothing, URL),
        "no_longer": answer.blocks(nothing, URL, rated=False),
        "unhelpful": rating.unhelpful(found.answer_id),
        "offer": offer.blocks(2, OfferId(UUID(int=5))),
        "one_more": offer.line(1),
        "continued": offer.headed("ops", f"{URL}archives/C1/p1799990001000100"),
        "continued_nowhere": offer.headed("", ""),
        "why_answer": why_answer.view(
            found,
            "I looked for what was decided, about “ledger <!here>”.",
            [why.Quote(author="Ida *Sand*", text="a <b>\nc", day=date(2026, 11, 19), source=found.sources[0])],
            URL,
            known=[known("Ida Sand asked you yesterday.", kind="question", due=None, log_odds=1.0)],
            channels=CHANNELS,
            today=morning.TODAY,
        ),
        "why_nothing": why_answer.view(nothing, "", [], URL),
        "welcome": welcome.blocks("Mira", time(8, 30)),
        "home": home.view(settings_of),
        "home_off": home.view(at_home(briefings_on=False)),
        "wrong": correction.form([_wrong()]),
        "wrong_of_two": correction.form([_wrong(), _wrong("decision", 2)]),
        "nothing_wrong": correction.form([]),
        "change": correction.confirmation(CHANGE, "said"),
        "changed": correction.reply(CHANGE, EventId(UUID(int=3)), undone=False, latest=True),
        "track": tracking.form(tracking.Guess(message_id=MessageId(UUID(int=4)), statement="  x  " * 200, owner="U1")),
        "nothing_to_track": tracking.form(None),
        "tracked": correction.reply(
            CHANGE.model_copy(update={"before": ""}), EventId(UUID(int=3)), undone=True, latest=True
        ),
        "changed_back": correction.reply(CHANGE, EventId(UUID(int=3)), undone=True, latest=True),
        "not_so": correction.reply(
            CHANGE.model_copy(update={"after": ""}), EventId(UUID(int=3)), undone=False, latest=False
        ),
    } == snapshot


CHANGE = correction.Change(before="Tom promised to cut over by Friday.", after="Ida promised it.", place="ledger")


def _wrong(kind: FactKind = "commitment", number: int = 1) -> correction.Told:
    told = f"Tom promised number {number} to <everybody> & all, with a sentence that is longer than an option is."
    return correction.Told(fact_id=FactId(UUID(int=number)), kind=kind, status="open", sentence=told)
