"""A question becomes a plan that the store can take."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given as example
from hypothesis import settings
from hypothesis import strategies as st

from graphs.tasks import understand, wishes
from graphs.tasks.understand import QueryPlan
from memory.models.facts import FactKind
from memory.models.ids import PersonId
from memory.models.people import Person
from tests.unit.morning import ANA, BEN, MIRA, NOW, PEOPLE


def plan(text: str, *, at: datetime = NOW) -> QueryPlan:
    given = understand.Given(text=text, asker=MIRA, people=PEOPLE, asked_at=at, bot_id="UD")
    found = understand.rules(given)
    understand.check(given, found)
    return found


def test_the_bots_own_mention_is_no_search_word() -> None:
    """What is left of a mention is the question's own words."""
    assert plan("<@UD> what did we decide about the staging database?").terms == ("staging", "database")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("what was decided about the cut-over?", "decision"),
        ("what do I owe?", "commitment"),
        ("who promised the runbook?", "commitment"),
        ("which questions are open?", "question"),
        ("is anybody blocked?", "blocker"),
        ("any news on the gateway?", "update"),
    ],
)
def test_the_kind_of_fact_is_heard(text: str, kind: FactKind) -> None:
    """Words like decided, owe or blocked say what kind of fact is wanted."""
    assert plan(text).kinds == (kind,)


def test_people_are_heard_by_mention_name_and_i() -> None:
    """A mention, a first name that one person has, and "I" all mean a person."""
    assert plan("what did <@U2> and Ana promise me?").person_ids == (BEN.person_id, ANA.person_id, MIRA.person_id)


def test_who_owes_whom_is_told_apart() -> None:
    """What I owe and what is owed to me are two questions."""
    assert plan("what do I owe?").direction == "by"
    assert plan("who owes me something?").direction == "to"
    assert plan("what does Ben owe me?").direction == "to"
    assert plan("what did Ben promise me?").direction == "to"
    assert plan("what did I promise Ben?").direction == "by"


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("what did Ben promise?", BEN.person_id),
        ("what did Ben promise Ana?", BEN.person_id),
        ("what does Ana owe to Ben?", ANA.person_id),
        ("what has <@U2> decided?", BEN.person_id),
        ("what did he promise?", None),
        ("what was promised to Ben?", None),
        ("who promised Ben the runbook?", None),
    ],
)
def test_whose_it_is_stands_before_what_they_did(text: str, owner: PersonId | None) -> None:
    """Of two people who are named one promised, and the other was promised it."""
    assert plan(text).owner == owner


def test_what_somebody_asked_somebody_is_a_question() -> None:
    """To ask is no word to search for."""
    assert (plan("what did Ana ask Ben?").kinds, plan("what did Ana ask Ben?").terms) == (("question",), ())


@pytest.mark.parametrize(
    ("text", "still_open"),
    [
        ("what do I owe?", True),
        ("What do I still owe Ben this week?", True),
        ("who owes me something?", True),
        ("what is owed to me?", True),
        ("any open promises?", True),
        ("which questions are open?", True),
        ("which of my questions are still unanswered?", True),
        ("what did I owe Ben last week?", False),
        ("what was owed to me?", False),
        ("what did I promise?", False),
        ("which questions were open on Monday?", False),
        ("what was decided this week?", False),
        ("did anybody open the questions?", False),
    ],
)
def test_what_is_owed_is_open_still(text: str, still_open: bool) -> None:
    """What is owed now, or asked for as open, is not what was promised once."""
    assert plan(text).still_open is still_open


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("what happened yesterday?", (18, 23), (19, 23)),
        ("what was decided today?", (19, 23), (20, 23)),
        ("what was decided last week?", (8, 23), (15, 23)),
        ("what was decided this week?", (15, 23), (20, 23)),
        ("what was decided on Tuesday?", (16, 23), (17, 23)),
        ("what was decided on 2026-11-03?", (2, 23), (3, 23)),
        ("what was decided on 3 November?", (2, 23), (3, 23)),
        ("what was decided between 3 and 4 November?", (2, 23), (4, 23)),
    ],
)
def test_days_are_the_askers_own(text: str, since: tuple[int, int], until: tuple[int, int]) -> None:
    """Days begin at midnight in the asker's zone; Friday 20 November in Berlin begins at 23:00 UTC."""
    found = plan(text)
    assert found.since == datetime(2026, 11, *since, tzinfo=UTC)
    assert found.until == datetime(2026, 11, *until, tzinfo=UTC)
    assert not {"yesterday", "today", "week", "tuesday", "2026", "3", "november"} & {*found.terms}


def test_a_calendar_day_bounds_and_is_no_word_to_search() -> None:
    """It is where the asker lives that the day begins, also just after midnight there."""
    found = plan("catch me up since 10 November")
    assert (found.terms, found.since, found.until) == ((), datetime(2026, 11, 9, 23, tzinfo=UTC), None)
    found = plan("what was decided about the ledger before 3 November?")
    assert (found.terms, found.since, found.until) == (("ledger",), None, datetime(2026, 11, 2, 23, tzinfo=UTC))
    night = datetime(2026, 11, 9, 23, 30, tzinfo=UTC)
    assert plan("what was decided since 10 November?", at=night).since == datetime(2026, 11, 9, 23, tzinfo=UTC)


def test_a_month_is_the_askers_own_and_no_word_to_search() -> None:
    """October in Berlin begins at 22:00 UTC, and ends at 23:00 as the clocks were put back."""
    found = plan("what was decided about the ledger in October?")
    october = datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC)
    assert (found.terms, (found.since, found.until), found.span) == (("ledger",), october, "in october")
    found = plan("what was said between October and now?")
    assert (found.terms, found.since, found.until) == ((), october[0], None)
    night = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    assert plan("what was decided since November?", at=night).since == datetime(2026, 10, 31, 23, tzinfo=UTC)


@settings(max_examples=200, deadline=None)
@example(text=st.text(max_size=300) | st.sampled_from(["'; drop table x; --", "a & b | !c <-> d:*", "x" * 40_000]))
def test_any_question_gives_a_searchable_plan(text: str) -> None:
    """Whatever is asked, the words are plain and few: `plan` runs the check."""
    assert len(plan(text).terms) <= understand.MOST_TERMS


@pytest.mark.parametrize(
    ("text", "people", "direction"),
    [
        ("what do we owe Ben?", (BEN,), "to"),
        ("what did we promise Ben?", (BEN,), "to"),
        ("who owes Ben something?", (BEN,), "to"),
        ("what was promised to Ben?", (BEN,), "to"),
        ("what is Ben owed?", (BEN,), "to"),
        ("what was asked of Ben?", (BEN,), "to"),
        ("who asked Ben?", (BEN,), "to"),
        ("what was promised by Ben?", (BEN,), "by"),
        ("who asked about Ben?", (BEN,), None),
        ("what do we owe?", (), "by"),
        ("what did Ben promise?", (BEN,), None),
        ("what did I ask Ben?", (BEN, MIRA), "by"),
        ("were we promised anything?", (), "to"),
        ("tell me what Ben promised", (BEN,), None),
        ("show me everything Ben owes", (BEN,), None),
        ("show me my promises", (MIRA,), "by"),
        ("my open questions", (MIRA,), "by"),
        ("did Ben answer my question?", (MIRA,), "by"),
        ("promises Ben made me", (BEN, MIRA), "to"),
        ("what are my deadlines?", (MIRA,), "by"),
        ("what promises have I made?", (MIRA,), "by"),
        ("my promises to Ben", (BEN, MIRA), "by"),
        ("promises to me", (MIRA,), "to"),
        ("which questions are still open for me?", (MIRA,), "to"),
        ("our promises to Ben", (BEN,), "to"),
        ("decisions about Ben", (BEN,), None),
    ],
)
def test_to_whom_something_goes(text: str, people: tuple[Person, ...], direction: str | None) -> None:
    """What “we” owe somebody is owed by anybody, and what somebody is owed is not what they owe."""
    found = plan(text)
    assert found.person_ids == tuple(each.person_id for each in people)
    assert found.direction == direction


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("Ben's promises", BEN),
        ("show me Ben’s open promises to Ana", BEN),
        ("which promises of Ben are open?", BEN),
        ("decisions by <@U2> last week", BEN),
        ("promises Ben made me", BEN),
        ("promises that Ben gave to Ana", BEN),
        ("questions from Ben to Ana", BEN),
        ("Ana's and Ben's promises", None),
        ("promises of Ana and Ben", None),
        ("yesterday's decisions", None),
        ("decisions of the team", None),
    ],
)
def test_whose_they_are_is_heard(text: str, owner: Person | None) -> None:
    """“Ben's promises” are those that he made."""
    assert plan(text).owner == (owner.person_id if owner else None)


def test_who_somebody_is_is_told_by_what_they_do() -> None:
    """Nobody is described otherwise; “who is on call?” asks of no person that is known."""
    assert (plan("who is Ben?").form, plan("who’s <@U2>").form) == ("catch_up", "catch_up")
    assert plan("who is on call?").form == "answer"
    assert plan("whos Ben").form == "catch_up"
    assert plan("who is Ben waiting for?").form == "answer"


def test_who_waits_for_somebody_is_asked_of_what_they_have_to_do() -> None:
    """Of somebody who is known; else it asks of a blocker."""
    assert (plan("who is waiting on Ben?").form, plan("who is waiting on Ben?").person_ids) == (
        "needed",
        (BEN.person_id,),
    )
    assert (plan("who is waiting for security?").form, plan("who is waiting for security?").kinds) == (
        "answer",
        ("blocker",),
    )
    assert plan("who is waiting for the firewall?").terms == ("firewall",)
    assert plan("who is waiting for security?").terms == ("security",)
    assert (plan("who is waiting on <@U2>").form, plan("who is waiting on <@U2>").person_ids) == (
        "needed",
        (BEN.person_id,),
    )
    found = plan("what does Ana need from Ben?")
    assert (found.form, found.person_ids, found.owner) == ("needed", (ANA.person_id, BEN.person_id), BEN.person_id)


@pytest.mark.parametrize(
    "text",
    ["is the ledger on track", "latest on the ledger?", "what's the deal with the ledger", "whats up with the ledger"],
)
def test_how_something_stands_is_asked_of_it_alone(text: str) -> None:
    """The words around it are none to look for, and any kind of fact will do."""
    assert (plan(text).terms, plan(text).kinds) == (("ledger",), ())


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("+1", ()),
        ("7?", ()),
        ("release 7", ("release", "7")),
        ("PR 1234", ("pr", "1234")),
        ("when is 8.4 released?", ("8", "4")),
        ("1234", ("1234",)),
    ],
)
def test_a_number_or_two_alone_is_nothing_to_look_for(text: str, terms: tuple[str, ...]) -> None:
    """It stands in everything."""
    assert plan(text).terms == terms


def test_that_something_was_answered_is_no_word_to_look_for() -> None:
    """“Did anybody answer my question?” asks how the asker's own questions stand."""
    found = plan("did anybody reply to my question?")
    assert (found.kinds, found.terms, found.direction) == (("question",), (), "by")


@pytest.mark.parametrize(
    "text",
    ["what was decided in this channel?", "what decisions were made this week?", "what is left?", "any news here?"],
)
def test_what_only_frames_is_no_word_to_search_for(text: str) -> None:
    """It is asked of everything there."""
    assert plan(text).terms == ()


@pytest.mark.parametrize("unit", ["december ", "in october ", "next week ", "between monday and friday ", "by friday "])
def test_a_question_of_forty_thousand_characters_is_read_at_once(unit: str) -> None:
    """Of a long text its beginning and its end are read, and nobody waits for it."""
    begun = time.process_time()
    plan(wishes.question_in("what is due " + unit * (40_000 // len(unit))))
    assert time.process_time() - begun < 1.0
