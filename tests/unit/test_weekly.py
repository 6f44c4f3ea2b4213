"""The review of a week: in at most ten lines what was decided, delivered, slipped and is still open."""

from datetime import date, timedelta

from hypothesis import given

from bot.local.workspace.block_limits import MESSAGE, check_blocks
from graphs.tasks import compose, rank, weekly
from handlers.blocks import week as week_blocks
from memory.models.briefings import WEEK_SECTIONS, Briefing, Coverage, Section
from memory.models.facts import Fact
from memory.models.ids import week_id
from tests.unit import morning
from tests.unit.morning import (
    ANA,
    BEN,
    CONTAINERS,
    IDA,
    LEDGER,
    MIRA,
    NOW,
    PEOPLE,
    TODAY,
    TOM,
    URL,
    Evening,
    crowded,
    fact,
    message,
    talk,
)
from tests.unit.test_rank import evenings


def reviewed(evening: Evening) -> Briefing:
    """The whole way from memory to a review."""
    given_to: rank.Given = morning.to_rank(evening).model_copy(update={"since": NOW - timedelta(days=4)})
    found = weekly.rules(given_to)
    weekly.check(given_to, found)
    made = compose.rules(
        compose.Given(
            briefing_id=week_id(MIRA.person_id, TODAY),
            person=MIRA,
            now=NOW,
            entries=found.entries,
            facts=evening.facts,
            conversations=evening.conversations,
            messages=evening.messages,
            containers=CONTAINERS,
            people=PEOPLE,
        )
    )
    return Briefing(
        briefing_id=week_id(MIRA.person_id, TODAY),
        person_id=MIRA.person_id,
        local_date=TODAY,
        kind="week",
        composed_at=NOW,
        headline=weekly.headline(made.items),
        items=made.items,
        coverage=Coverage(containers=2, messages=len(evening.messages), since=NOW - timedelta(days=4), until=NOW),
    )


def week() -> Evening:
    """One of each, and with it what is none of the reader's business."""
    decided = message(1, TOM, "Decided: we cut over on Saturday 28 November", hours_ago=50)
    done = message(2, BEN, "I'll fix the login page by Tuesday", hours_ago=60)
    late = message(3, MIRA, "I'll send the migration plan to <@U9> by Wednesday", hours_ago=80, to=(IDA,), where=LEDGER)
    ahead = message(4, ANA, "I'll rotate the staging keys by Monday", hours_ago=60)
    stuck = message(5, BEN, "I'm blocked on the staging database", hours_ago=20)
    old = message(6, TOM, "Decided: we keep the warehouse", hours_ago=24 * 9)
    apart = message(7, TOM, "I'll water the office plants by Tuesday", hours_ago=70)
    chat = message(8, TOM, "which colour shall the shelf have?", hours_ago=30)
    messages = (decided, done, late, ahead, stuck, old, apart, chat)
    facts: tuple[Fact, ...] = (
        fact("decision", "decided", decided),
        fact("commitment", "done", done, due=date(2026, 11, 17)),
        fact("commitment", "open", late, to=IDA, due=date(2026, 11, 18)),
        fact("commitment", "open", ahead, due=date(2026, 11, 23)),
        fact("blocker", "raised", stuck),
        fact("decision", "decided", old),
        fact("commitment", "done", apart, due=date(2026, 11, 17)),
        fact("question", "open", chat),
    )
    return Evening(messages=messages, conversations=tuple(talk(each) for each in messages), facts=facts)


def test_each_kind_stands_in_its_section_and_what_concerns_others_is_left_out() -> None:
    """What was decided this week, what my people delivered, what slipped, what is open; no plants, no old news."""
    found: dict[Section, list[str]] = {}
    for item in reviewed(week()).items:
        found.setdefault(item.section, []).append(item.text)
    assert {name: len(said) for name, said in found.items()} == {"decided": 1, "delivered": 1, "slipped": 1, "open": 2}
    assert "28 November" in found["decided"][0]
    assert "login page" in found["delivered"][0]
    assert "migration plan" in found["slipped"][0]
    assert reviewed(week()).headline == (
        "Your week: one thing decided, one promise kept, one promise past due and two matters still open."
    )


def test_a_quiet_week_says_so_in_one_line() -> None:
    """Nothing but its headline, and what it was made from."""
    made = reviewed(morning.quiet())
    assert made.items == ()
    assert made.headline == weekly.QUIET
    assert [block["type"] for block in week_blocks.blocks(made, URL)] == ["header", "section", "context"]


def test_a_crowded_week_keeps_to_ten_lines_and_hides_no_section() -> None:
    """Much that was decided does not hide what slipped."""
    evening = crowded(200)
    late = [message(900 + n, MIRA, f"I'll send plan {n} by Monday", hours_ago=80) for n in range(5)]
    more = Evening(
        messages=(*evening.messages, *late),
        conversations=(*evening.conversations, *(talk(each) for each in late)),
        facts=(*evening.facts, *(fact("commitment", "open", each, due=date(2026, 11, 17)) for each in late)),
    )
    items = reviewed(more).items
    assert len(items) == weekly.MOST
    assert {item.section for item in items} >= {"decided", "slipped", "open"}


@given(evenings())
def test_any_week_is_sourced_ordered_and_shown(evening: Evening) -> None:
    """Every line has a source, sections keep their order, the same comes out twice, and Slack takes it."""
    made = reviewed(evening)
    assert made == reviewed(evening)
    assert all(item.sources for item in made.items)
    places = [WEEK_SECTIONS.index(item.section) for item in made.items]
    assert places == sorted(places)
    blocks = week_blocks.blocks(made, URL, channels={"C1": "x" * 300}, tz="Europe/Berlin")
    assert check_blocks(blocks, MESSAGE) == []
    assert sum(str(block.get("block_id", "")).startswith("item-") for block in blocks) == len(made.items)
    assert made.headline in week_blocks.fallback(made)
