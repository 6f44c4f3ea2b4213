"""What a reader chose shows in their morning, and in nobody else's."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import schedule
from bot.local.workspace.block_limits import MESSAGE, check_blocks
from graphs import absence, preferences
from graphs.absence import Absence
from graphs.morning import QUIET
from graphs.preferences import Preferences
from graphs.tasks import contextualise, rank
from handlers.blocks import briefing as briefing_blocks
from memory.models.briefings import SECTIONS, Coverage, Item, Section
from memory.models.ids import briefing_id, derive, item_id
from memory.models.settings import Hours, Settings
from tests.unit import morning
from tests.unit.morning import (
    ANA,
    BEN,
    IDA,
    LEDGER,
    MIRA,
    NOW,
    OPS,
    PEOPLE,
    SINCE,
    TODAY,
    TOM,
    Evening,
    crowded,
    fact,
    usual,
)
from tests.unit.test_schedule import reader

MONDAY = date(2026, 11, 16)


def ranked(evening: Evening, chosen: Settings, missed: int = 0) -> rank.Found:
    given_to = morning.to_rank(evening)
    context = contextualise.rules(
        contextualise.Given(person=MIRA, people=PEOPLE, facts=evening.facts, settings=chosen, missed=missed)
    )
    found = rank.rules(given_to.model_copy(update={"context": context}))
    rank.check(given_to.model_copy(update={"context": context}), found)
    return found


def codes(found: rank.Found) -> set[str]:
    return {code for entry in found.entries for code in entry.codes}


def test_of_a_muted_channel_comes_what_asks_or_was_promised() -> None:
    """A question put to the reader and a promise of theirs stay; decisions and news of that place go."""
    asks = morning.message(1, IDA, "<@U1> do we keep the old ledger in January?", where=LEDGER, to=(MIRA,))
    mine = morning.message(2, MIRA, "I'll send the migration plan today", where=LEDGER)
    theirs = morning.message(3, BEN, "<@U1> I'll send you the audit numbers by Monday", where=LEDGER, to=(MIRA,))
    decided = morning.message(4, TOM, "Decided: we cut over on Saturday 28 November", where=LEDGER)
    elsewhere = morning.message(5, TOM, "Decided: the gateway moves to the new rack")
    said = (asks, mine, theirs, decided, elsewhere)
    facts = (
        fact("question", "open", asks, to=MIRA),
        fact("commitment", "open", mine, due=TODAY),
        fact("commitment", "open", theirs, to=MIRA, due=date(2026, 11, 23)),
        fact("decision", "decided", decided),
        fact("decision", "decided", elsewhere),
    )
    evening = Evening(messages=said, conversations=tuple(morning.talk(each) for each in said), facts=facts)
    told = [
        {key for entry in ranked(evening, chosen).entries for key in entry.fact_ids}
        for chosen in (Settings(), Settings(muted=(LEDGER.container_id,)))
    ]
    assert told[0] - told[1] == {facts[3].fact_id}
    assert told[1] >= {facts[0].fact_id, facts[1].fact_id, facts[4].fact_id}


def test_a_mention_in_a_muted_channel_is_told_if_it_asks() -> None:
    """Being named in passing there is no reason."""
    asks = morning.message(1, TOM, "<@U1> could you look at the capacity sheet before Monday?", to=(MIRA,))
    names = morning.message(2, BEN, "as <@U1> knows, the gateway moved to the new rack this afternoon", to=(MIRA,))
    evening = Evening(messages=(asks, names), conversations=(morning.talk(asks), morning.talk(names)))
    assert len(ranked(evening, Settings()).entries) == 2
    (entry,) = ranked(evening, Settings(muted=(OPS.container_id,))).entries
    assert entry.message_ids == (asks.message_id,)


def test_what_matters_to_the_reader_weighs_more_and_says_why() -> None:
    """People, channels and projects that were chosen are reasons, each with a weight."""
    plain = ranked(usual(), Settings())
    chosen = ranked(usual(), Settings(people=(TOM.person_id,), followed=(OPS.container_id,)))
    assert codes(chosen) - codes(plain) == {"you_follow_person", "you_follow_channel"}
    scores = {entry.anchor_id: entry.score for entry in plain.entries}
    assert all(entry.score >= scores.get(entry.anchor_id, 0) for entry in chosen.entries)
    names = {each.person_id: each.name for each in PEOPLE}
    said = {reason.named(names) for entry in chosen.entries for reason in entry.reasons}
    assert "you follow Tom Winter’s work" in said


def test_who_reports_to_whom_may_be_said_where_no_profile_does() -> None:
    """A named manager counts unless the profile has one; named reports are added, and those below them."""
    free = TOM
    given_to = contextualise.Given(
        person=free,
        people=PEOPLE,
        settings=Settings(manager_id=IDA.person_id, report_ids=(MIRA.person_id,)),
    )
    found = contextualise.rules(given_to)
    contextualise.check(given_to, found)
    assert (found.manager, found.reports) == (IDA.person_id, (MIRA.person_id,))
    assert {*found.further_reports} == {ANA.person_id, BEN.person_id}
    by_profile = contextualise.Given(person=MIRA, people=PEOPLE, settings=Settings(manager_id=TOM.person_id))
    assert contextualise.rules(by_profile).manager == IDA.person_id
    nobody = contextualise.Given(person=free, people=(free,), settings=Settings(manager_id=IDA.person_id))
    assert contextualise.rules(nobody).manager is None


def test_a_short_briefing_has_four_lines_beside_what_needs_the_reader() -> None:
    """And a full one has more than the usual, within the limits of a message."""
    short, usually, full = (
        ranked(crowded(200), Settings.model_validate({"length": length})) for length in ("short", "usual", "full")
    )
    beside = [entry for entry in short.entries if entry.section != "needs_you"]
    assert len(beside) == preferences.MOST_BESIDE
    assert len(short.entries) < len(usually.entries) < len(full.entries)


@pytest.mark.parametrize("missed", [0, 5])
@pytest.mark.parametrize("length", ["usual", "full"])
def test_the_fullest_briefing_is_shown_whole(length: str, missed: int) -> None:
    """Whatever was chosen, with two meetings: a message holds it all, nothing is left off, and Slack takes it."""
    most = preferences.limits(Preferences.model_validate({"length": length, "missed": missed}))
    key = briefing_id(MIRA.person_id, TODAY)
    items = tuple(
        Item(
            item_id=item_id(key, derive(section, number)),
            section=section,
            text=f"Something number {number}.",
            why="You promised it.",
            sources=(),
            anchor_id=derive(section, number),
        )
        for section in SECTIONS
        for number in range(min(most[section], 2) if section == "today" else most[section])
    )
    made = morning.briefed(morning.quiet()).model_copy(update={"items": items})
    blocks = briefing_blocks.blocks(made, morning.URL)
    assert check_blocks(blocks, MESSAGE) == []
    assert sum(str(block.get("block_id", "")).startswith("item-") for block in blocks) == len(items)
    needing = [item for item in items if item.section == "needs_you"]
    assert sum(str(block.get("block_id", "")).startswith("act-") for block in blocks) >= len(needing)


def test_after_an_absence_more_decisions_are_told() -> None:
    """What was settled meanwhile."""
    evening = crowded(200)
    decided = [
        sum(entry.section == "decisions" for entry in ranked(evening, Settings(), missed=missed).entries)
        for missed in (0, 5)
    ]
    assert decided[0] == preferences.USUAL["decisions"]
    assert decided[0] < decided[1] <= preferences.CATCH_UP


def test_a_mention_of_a_week_ago_is_told_after_a_week_away() -> None:
    """It waited for the reader all that time."""
    asks = morning.message(1, TOM, "<@U1> could you look at the capacity sheet?", to=(MIRA,), hours_ago=24 * 6)
    evening = Evening(messages=(asks,), conversations=(morning.talk(asks),))
    given_to = morning.to_rank(evening)
    assert rank.rules(given_to).entries == ()
    assert len(rank.rules(given_to.model_copy(update={"since": NOW - timedelta(days=7)})).entries) == 1


sections = st.lists(st.sampled_from(SECTIONS), max_size=60)


@given(sections, st.sampled_from(("short", "usual", "full")), st.integers(0, 3))
def test_what_fits_is_never_overfull(given_sections: list[Section], length: str, missed: int) -> None:
    """Taking what fits leaves nothing to object to, and nothing that fits is left out of an empty briefing."""
    chosen = Preferences.model_validate({"length": length, "missed": missed})
    fits = preferences.fitting(given_sections, chosen)
    taken = [section for section, fit in zip(given_sections, fits, strict=True) if fit]
    assert preferences.overfull({each: taken.count(each) for each in taken}, chosen) == []
    first = next((each for each in given_sections if preferences.limits(chosen)[each]), None)
    assert first is None or first in taken


# Absence ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "today", "hours", "found"),
    [
        (None, 4, Hours(), Absence()),
        (3, 4, Hours(), Absence()),
        (4, 7, Hours(), Absence()),
        (
            1,
            4,
            Hours(quiet_days=(MONDAY + timedelta(days=2), MONDAY + timedelta(days=3))),
            Absence(missed=2, away=True),
        ),
        (1, 4, Hours(), Absence(missed=2)),
        (0, 4, Hours(quiet_days=(MONDAY + timedelta(days=2),)), Absence(missed=3)),
        (
            3,
            14,
            Hours(away_from=MONDAY + timedelta(days=4), away_until=MONDAY + timedelta(days=14)),
            Absence(missed=6, away=True),
        ),
        (0, 4, Hours(workdays=(0, 4)), Absence()),
    ],
    ids=str,
)
def test_an_absence_is_what_lies_between_two_briefings(
    told: int | None, today: int, hours: Hours, found: Absence
) -> None:
    """Workdays without a briefing; a first briefing follows none, and a weekend is none."""
    last = None if told is None else MONDAY + timedelta(days=told)
    assert absence.since(last, MONDAY + timedelta(days=today), hours) == found


def test_who_was_away_for_longer_than_a_month_starts_anew() -> None:
    """Nobody reads a briefing on a year."""
    begin = MONDAY - timedelta(days=absence.LONGEST)
    assert absence.since(begin, MONDAY, Hours()).missed == 20
    assert absence.since(begin - timedelta(days=1), MONDAY, Hours()) == Absence()


@pytest.mark.parametrize("said", [QUIET, "Two things need you, and nothing else is new."])
def test_the_headline_says_that_somebody_was_away(said: str) -> None:
    """In words for small numbers; of a failure of ours it does not say that the reader was away."""
    away = Coverage(since=SINCE, until=NOW, missed=3, away=True)
    found = absence.headline(said, away, "Europe/Berlin")
    assert found.startswith("You were away three days: ")
    assert "quiet day" not in found
    failed = absence.headline(said, away.model_copy(update={"away": False}), "Europe/Berlin")
    assert failed.startswith("Your last briefing was on Thu 19 Nov: ")
    assert absence.headline(said, away.model_copy(update={"missed": 0}), "Europe/Berlin") == said


# Hours --------------------------------------------------------------------------------------------------------------


@given(st.sets(st.integers(0, 6), min_size=1), st.sets(st.integers(0, 20), max_size=8), st.integers(0, 20))
def test_a_briefing_is_due_on_each_chosen_day_that_is_not_quiet(worked: set[int], quiet: set[int], back: int) -> None:
    """Whatever days somebody works on, is away, or wants nothing."""
    someone = reader("Europe/Berlin").model_copy(
        update={
            "workdays": tuple(sorted(worked)),
            "quiet_days": tuple(MONDAY + timedelta(days=each) for each in sorted(quiet)),
            "away_from": MONDAY,
            "away_until": MONDAY + timedelta(days=back),
        }
    )
    for ahead in range(21):
        day = MONDAY + timedelta(days=ahead)
        now = NOW.replace(day=MONDAY.day, hour=9) + timedelta(days=ahead)
        expected = day.weekday() in worked and ahead not in quiet and ahead >= back
        assert bool(list(schedule.due([someone], now))) == expected
        assert (schedule.due_on_activity(someone, now) is not None) == expected


def test_activity_brings_nothing_forward_for_who_does_not_want_that() -> None:
    """Then the briefing comes at its time, active or not."""
    someone = reader("Europe/Berlin").model_copy(update={"on_activity": False})
    assert schedule.due_on_activity(someone, NOW - timedelta(minutes=1)) is None
    assert schedule.due_on_activity(someone, NOW) is not None


@given(st.sets(st.integers(0, 6), min_size=1), st.sets(st.integers(0, 6), max_size=3))
def test_a_week_is_reviewed_once_on_its_last_day_of_work(worked: set[int], quiet: set[int]) -> None:
    """Between four and eight in the evening there; a week without a day of work has no review."""
    someone = reader("Europe/Berlin").model_copy(
        update={
            "weekly_review": True,
            "workdays": tuple(sorted(worked)),
            "quiet_days": tuple(MONDAY + timedelta(days=each) for each in sorted(quiet)),
        }
    )
    start = NOW.replace(day=MONDAY.day, hour=0, minute=0)
    found = {
        (due.local_date, (start + timedelta(hours=hour)).hour)
        for hour in range(7 * 24)
        for due in schedule.reviews_due([someone], start + timedelta(hours=hour))
    }
    told_on = [each for each in sorted(worked) if each not in quiet]
    expected = {(MONDAY + timedelta(days=told_on[-1]), hour) for hour in (15, 16, 17, 18, 19)} if told_on else set()
    assert found == expected
    assert not list(schedule.reviews_due([someone.model_copy(update={"weekly_review": False})], NOW.replace(hour=15)))
