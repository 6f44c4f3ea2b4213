"""The Home tab's sections, the list of what is held about somebody, and what `/daybook` answers: within the limits."""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given as example
from hypothesis import settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from handlers.blocks import command, coverage, holdings, home, known, limits
from handlers.blocks import today as today_blocks
from handlers.blocks.coverage import Coverage
from handlers.blocks.holdings import Holdings
from handlers.blocks.known import Line, Promises, Show
from handlers.blocks.today import Today
from memory.models.ids import FactId, derive
from tests.unit.morning import TODAY, URL
from tests.unit.test_blocks import CHANNELS, held, lesson, source, texts

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SHOW = Show(team_url=URL, today=TODAY, channels=CHANNELS)


def line(number: int = 0, text: str = "You promised Ida to send the numbers by Friday.", **given: Any) -> Line:
    usual = {"kind": "commitment", "since": TODAY - timedelta(days=number % 40), "sources": (source(number),)}
    return Line.model_validate({"fact_id": FactId(derive("fact", number)), "text": text, **usual, **given})


def today(state: str, **given: Any) -> Today:
    return Today.model_validate({"state": state, "day": TODAY, "on": True, "at": time(8, 30), **given})


def at_home(**given: Any) -> home.Home:
    usual = {"briefings_on": True, "tz": "Europe/Berlin", "today": TODAY, "now": NOW, "morning": today("coming")}
    return home.Home.model_validate({**usual, "show": SHOW, **given})


@settings(max_examples=60, deadline=None)
@example(text=texts, count=st.integers(0, 120))
def test_any_home_tab_list_and_answer_keep_within_the_limits(text: str, count: int) -> None:
    """Whatever is known, read and promised, and however much of it, Slack takes the view and the message."""
    lines = tuple(line(n, text, kind=("commitment", "decision", "update")[n % 3]) for n in range(count))
    sides = Promises(owed=lines, due_to_me=lines)
    about = Holdings(facts=lines, messages=count, title=text, manager=text, projects=(text,) * min(count, 9))
    read = Coverage(
        channels=(text,) * count, others=count, unread=(text,) * count, behind=(text,) * count, left=(text,) * count
    )
    lessons = tuple(lesson(n, channel=text, person=text) for n in range(count))
    shown = at_home(tz=text, promises=sides, holdings=about, coverage=read, learnt=lessons)
    held(home.blocks(shown), limits.VIEW_BLOCKS)
    view = holdings.view(about, SHOW)
    held(view["blocks"], limits.VIEW_BLOCKS)
    assert len(view["title"]["text"]) <= limits.VIEW_TITLE
    told = today("told", headline=text, where=("C1", "1799990001.000100"))
    for blocks in (
        command.helping(),
        command.briefing(told, URL),
        command.owing(sides, SHOW),
        command.promised(sides, SHOW),
        command.privacy(about),
    ):
        held(blocks)


def test_what_is_drawn_anew_is_pressed_by_the_same_names() -> None:
    """Whatever came or went above it: a press while the Home tab or the list is drawn anew still finds its button."""
    lessons = tuple(lesson(n, person="Tom Winter") for n in range(2))
    full = at_home(promises=Promises(owed=(line(),)), learnt=lessons, holdings=Holdings(facts=(line(), line(1))))
    less = full.model_copy(update={"promises": Promises(), "last_briefing": TODAY})

    def names(view: dict[str, Any]) -> dict[str, str]:
        return {each["block_id"]: each["accessory"]["action_id"] for each in view["blocks"] if "accessory" in each}

    assert names(home.view(full)) == names(home.view(less))
    assert home.view(full) == home.view(full)
    ids = [each["block_id"] for each in home.view(full)["blocks"]]
    assert len(ids) == len(set(ids))
    shown = names(holdings.view(full.holdings, SHOW))
    assert names(holdings.view(Holdings(facts=(line(1),)), SHOW)).items() <= shown.items()


@pytest.mark.parametrize(
    ("state", "more", "words"),
    [
        ("told", {"headline": "Two things need you.", "where": ("C1", "17.1")}, "Two things need you. <https://"),
        ("told", {}, "It has come."),
        ("making", {}, "is being made: it comes in your own channel in a moment"),
        ("coming", {"place": "dm"}, "comes today at 08:30, in a direct message"),
        (
            "quiet",
            {"next_day": TODAY + timedelta(days=3)},
            "No briefing is due today; the next comes on Mon 23 Nov at 08:30",
        ),
        ("missed", {}, "No briefing reached you today. *Brief me now*"),
        ("off", {}, "press *Start*"),
        ("forgotten", {}, "ask whoever runs me to read you again"),
    ],
)
def test_today_says_in_a_sentence_where_the_briefing_is(state: str, more: dict[str, Any], words: str) -> None:
    """Told with its link, on its way, still to come, or none and what to do."""
    assert words in today_blocks.text(today(state, **more), URL)


def test_nobody_is_promised_a_briefing_that_does_not_come() -> None:
    """Who asks for one hears that it comes, that they had it, or why there is none."""
    assert "in a direct message in a moment" in today_blocks.asked(today("off", place="dm"), URL)
    assert today_blocks.asked(today("told", headline="x"), URL).startswith("You have had today’s briefing")
    assert "in a moment" not in today_blocks.asked(today("forgotten"), URL)


def test_more_than_ten_promises_are_counted() -> None:
    """Ten of each side, one's own with what one can say of each; and how many more, and where to ask for them."""
    blocks = known.mine(Promises(owed=tuple(line(n) for n in range(14))), SHOW)
    assert blocks[0]["text"]["text"] == "*You promised* · 14"
    assert len(blocks) == 1 + 10 * 2 + 1
    assert blocks[-1]["elements"][0]["text"].startswith("…and four more: ask me")
    assert "_today_" in blocks[1]["text"]["text"]
    assert "_three days ago_" in blocks[7]["text"]["text"]


def test_what_is_not_read_is_said_with_what_to_do() -> None:
    """Nothing is silent: left channels, history still to be read, deliveries that failed, and no channel at all."""
    found = Coverage(
        channels=("ops",), last_read=NOW, unread=("ops",), behind=("ops",), failed=2, left=("payments", "platform")
    )
    (block,) = coverage.blocks(found, NOW, "Europe/Berlin")
    lines = block["text"]["text"].splitlines()
    assert lines[1:] == [
        "One channel: #ops. The last message I read is of today, 10:30.",
        "I am still reading what was said in #ops.",
        "Newer messages in #ops are not worked out yet: look again in a minute.",
        "I am no longer in #payments, #platform: invite me there with `/invite @Daybook`.",
        "Two messages could not be read: ask whoever runs me to look at my log.",
    ]
    (none,) = coverage.blocks(Coverage(), NOW, "UTC")
    assert "invite me there with `/invite @Daybook`" in none["text"]["text"]


def test_the_home_tab_and_the_list_look_as_they_did(snapshot: SnapshotAssertion) -> None:
    """A usual day, whose diffs are read."""
    owed = (line(), line(1, "You told Tom Winter yesterday: “on it”"))
    theirs = (line(3, "Ida Sand promised you to review the cut-over plan by Mon 23 Nov."),)
    more = line(5, "You decided on Sun 15 Nov: keep the old importer.", kind="decision")
    about = Holdings(
        facts=(*owed, *theirs, more), messages=41, title="Tech Lead", manager="Ida Sand", projects=("Ledger",)
    )
    told = today("told", headline="Two things need you.", where=("C1", "1799990001.000100"))
    read = Coverage(channels=("ledger", "ops"), others=1, last_read=NOW, left=("payments",))
    shown = at_home(
        morning=told,
        promises=Promises(owed=owed, due_to_me=theirs),
        coverage=read,
        holdings=about,
        last_briefing=date(2026, 11, 20),
        learnt=(lesson(),),
    )
    assert {
        "home": home.view(shown),
        "holdings": holdings.view(about, SHOW),
        "holdings_untracked": holdings.summary(about.model_copy(update={"tracked": False, "facts": ()})),
        "help": command.helping(),
        "brief_me": today_blocks.view(today("coming"), URL),
    } == snapshot


def test_forgetting_and_not_being_tracked_are_asked_back() -> None:
    """Each is confirmed first, and being tracked again is not."""
    view = json.dumps(holdings.view(Holdings(facts=(line(),)), SHOW))
    assert view.count('"confirm": {"title"') == 1
    off, on = (holdings.summary(Holdings(tracked=each))[1]["elements"][1] for each in (False, True))
    assert (off["action_id"], "confirm" in off) == ("track", False)
    assert (on["action_id"], "confirm" in on) == ("untrack", True)
