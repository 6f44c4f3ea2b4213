"""A question of what is owed or due names the days by which it is due; those are not the days on which it was said."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given as example
from hypothesis import settings
from hypothesis import strategies as st

from graphs.tasks import answer, dues, fits, understand
from memory.models.facts import Fact, FactStatus
from tests.unit import morning
from tests.unit.morning import BEN, MIRA, NOW, PEOPLE, TEAM, TODAY

NAMES = {person.person_id: person.name for person in PEOPLE}
FRIDAY = date(2026, 11, 27)


def plan(text: str, *, at: datetime = NOW) -> understand.QueryPlan:
    given = understand.Given(text=text, asker=MIRA, people=PEOPLE, asked_at=at, bot_id="UD")
    found = understand.rules(given)
    understand.check(given, found)
    return found


@pytest.mark.parametrize(
    ("text", "since", "before", "shown"),
    [
        ("what do I owe by 10 December?", None, date(2026, 12, 11), "due by 10 December"),
        ("what do I owe by December 10th, 2027?", None, date(2027, 12, 11), "due by December 10th, 2027"),
        ("what do I owe by Friday?", None, date(2026, 11, 28), "due by Friday"),
        ("what do I owe by the end of the month?", None, date(2026, 12, 1), "due by the end of the month"),
        ("what does Ben owe me by Friday?", None, date(2026, 11, 28), "due by Friday"),
        ("who owes me something by tomorrow?", None, date(2026, 11, 22), "due by tomorrow"),
        ("what do I owe before Friday?", None, FRIDAY, "due before Friday"),
        ("what do I owe next week?", date(2026, 11, 23), date(2026, 11, 30), "due next week"),
        ("what did I promise by 10 November?", None, date(2026, 11, 11), "due by 10 November"),
        ("what is due this week?", date(2026, 11, 16), date(2026, 11, 23), "due this week"),
        ("what's due tomorrow?", date(2026, 11, 21), date(2026, 11, 22), "due tomorrow"),
        ("what is due today?", TODAY, date(2026, 11, 21), "due today"),
        ("what is due Friday?", FRIDAY, date(2026, 11, 28), "due Friday"),
        ("what is due on the weekend?", date(2026, 11, 21), date(2026, 11, 23), "due on the weekend"),
        ("what is due in December?", date(2026, 12, 1), date(2027, 1, 1), "due in December"),
        ("what is due in the next two weeks?", TODAY, date(2026, 12, 5), "due in the next two weeks"),
        ("what is due next month?", date(2026, 12, 1), date(2027, 1, 1), "due next month"),
        ("what is due after Friday?", date(2026, 11, 28), None, "due after Friday"),
        (
            "what is due between Monday and Wednesday?",
            date(2026, 11, 23),
            date(2026, 11, 26),
            "due between Monday and Wednesday",
        ),
        ("which promises are due before the 12th?", None, date(2026, 12, 12), "due before the 12th"),
        ("what does Ben have due this week?", date(2026, 11, 16), date(2026, 11, 23), "due this week"),
        ("what was due last week?", date(2026, 11, 9), date(2026, 11, 16), "due last week"),
        ("what was due on Monday?", date(2026, 11, 16), date(2026, 11, 17), "due on Monday"),
        ("what is still open and due by Friday?", None, date(2026, 11, 28), "due by Friday"),
        ("what is overdue?", None, TODAY, "overdue"),
        ("which of my promises are overdue?", None, TODAY, "overdue"),
        ("what is past due?", None, TODAY, "past due"),
        ("what deadlines do I have this week?", date(2026, 11, 16), date(2026, 11, 23), "due this week"),
        ("deadlines by Friday", None, date(2026, 11, 28), "due by Friday"),
        ("due tomorrow", date(2026, 11, 21), date(2026, 11, 22), "due tomorrow"),
        ("and due on Friday?", FRIDAY, date(2026, 11, 28), "due on Friday"),
    ],
)
def test_the_days_by_which_it_is_due_are_heard(text: str, since: date | None, before: date, shown: str) -> None:
    """They are a bound of their own: no words to search for, and no days in which something was said."""
    found = plan(text)
    assert found.due is not None
    assert (found.due.since, found.due.before, found.due.shown) == (since, before, shown)
    assert (found.kinds, found.terms, found.span, found.since, found.until) == (("commitment",), (), "", None, None)


@pytest.mark.parametrize(
    "text",
    [
        "is the report due on Friday?",
        "when is the rollout due?",
        "why is the audit overdue?",
        "what did I promise before Friday?",
        "what did I promise yesterday?",
        "what did I owe Ben last week?",
        "what do I owe since Monday?",
        "what do I owe today?",
        "what was decided by Friday?",
        "who promised to rotate the tokens by Friday?",
        "who is on call after Friday?",
        "what may I owe?",
    ],
)
def test_what_asks_for_something_else_names_no_day_by_which_it_is_due(text: str) -> None:
    """When something was said, or one matter among others, is not looked for by its day."""
    assert plan(text).due is None


def test_both_bounds_may_be_named() -> None:
    """When it was promised, and by when it is due."""
    found = plan("what did I promise last week that is due by Friday?")
    assert (found.span, found.due and found.due.before) == ("last week", date(2026, 11, 28))
    found = plan("what do I owe Ben about the runbook by 27 November?")
    assert (found.terms, found.due and found.due.before) == (("runbook",), date(2026, 11, 28))


def test_what_is_due_is_open_still() -> None:
    """What was kept is not due; what was due once may be."""
    assert plan("what is due this week?").still_open
    assert plan("what is overdue?").still_open
    assert not plan("what was due last week?").still_open
    assert not plan("what did I promise by Friday?").still_open


def test_the_days_are_the_askers() -> None:
    """Just after midnight where the asker lives, tomorrow is another day than in UTC."""
    found = plan("what is due tomorrow?", at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
    assert found.due is not None
    assert found.due.since == date(2026, 11, 22)


_DAYS = st.none() | st.dates(TODAY - timedelta(days=20), TODAY + timedelta(days=20))
_STATUSES = st.sampled_from(["open", "done", "dropped"])


def promise(number: int, due: date | None, status: FactStatus = "open") -> Fact:
    said = morning.message(number, MIRA, f"I'll send report {number}", hours_ago=number + 1)
    return morning.fact("commitment", status, said, to=BEN, due=due)


@settings(max_examples=200, deadline=None)
@example(due=_DAYS, by=st.dates(TODAY, TODAY + timedelta(days=60)))
def test_by_a_day_takes_what_is_due_until_then(due: date | None, by: date) -> None:
    """What is overdue too, and nothing for which no day is set; before a day, not on it."""
    month = by.strftime("%B")
    fact = promise(1, due)
    assert (fits.well(fact, plan(f"what do I owe by {by.day} {month} {by.year}?")) > 0) is (
        due is not None and due <= by
    )
    before = plan(f"what is due before {month} {by.day}, {by.year}?")
    assert (fits.well(fact, before) > 0) is (due is not None and due < by)


@settings(max_examples=100, deadline=None)
@example(st.lists(st.tuples(_DAYS, _STATUSES), max_size=8))
def test_what_is_due_first_is_told_first(promised: list[tuple[date | None, FactStatus]]) -> None:
    """In whatever order it was promised."""
    facts = [promise(number, due, status) for number, (due, status) in enumerate(promised)]
    told = answer.rules(given("what is overdue?", *facts))
    late = [fact for fact in facts if fact.due and fact.due < TODAY and fact.status == "open"]
    late.sort(key=lambda fact: fact.due or date.max)
    assert len(told.sentences) == min(len(late), answer.MOST)
    by_message = {fact.evidence[0].message_id: fact.due for fact in facts}
    assert [by_message[one.message_ids[0]] for one in told.sentences] == [f.due for f in late[: answer.MOST]]


def given(question: str, *facts: Fact) -> answer.Given:
    return answer.Given(plan=plan(question), found=(), facts=facts, names=NAMES, team=TEAM, today=TODAY)


def test_of_one_matter_only_what_is_due_then_is_told() -> None:
    """What was found by its words and is due on another day, or is no promise, does not answer."""
    soon, later = promise(1, FRIDAY), promise(2, date(2026, 12, 24))
    hits = [
        answer.Hit(message_id=each.evidence[0].message_id, text=each.statement, posted_at=each.valid_from, rank=rank)
        for each, rank in ((soon, 1.0), (later, 2.0))
    ]
    asked = given("what do I owe Ben about the report by Friday?", soon, later)
    told = answer.rules(asked.model_copy(update={"found": tuple(hits), "sure": 1.0}))
    assert told.message_ids == (hits[0].message_id,)


def test_that_nothing_is_due_says_what_was_left_out() -> None:
    """Who gets no answer knows that promises without a day were not looked at."""
    assert answer.rules(given("what does Ben owe me by Friday?", promise(1, None))).text == (
        "I found nothing about open promises that are due by Friday. I searched open promises and messages of Ben"
        " Osei, Mira Falk that may be read here. Promises without a day were left out."
    )


@settings(max_examples=300, deadline=None)
@example(
    st.lists(
        st.sampled_from(
            "what is was due overdue owe I by before until after from between and in the next this last week month "
            "Friday Monday tomorrow 10 December 12th two days weeks may March 31 June end of since on".split()
        ),
        max_size=12,
    ).map(" ".join),
    st.dates(date(2000, 1, 1), date(2200, 1, 1)),
)
def test_whatever_is_asked_the_days_are_in_order(text: str, today: date) -> None:
    """And their words stand in the question."""
    found = dues.read(text, today)
    assert found is None or found.words in text
    assert found is None or not (found.since and found.before) or found.since < found.before


def test_between_a_later_weekday_and_an_earlier_one_is_both() -> None:
    """On a Thursday, “between Monday and Friday” ends with the Friday after that Monday."""
    due = dues.read("what is due between Monday and Friday?", date(2026, 11, 19))
    assert due is not None
    assert (due.since, due.before) == (date(2026, 11, 23), date(2026, 11, 28))


@pytest.mark.parametrize("text", ["overdue", "overdue?", "and overdue?"])
def test_overdue_stands_alone_and_after_another_day(text: str) -> None:
    """It is a bound of its own, and none within the one before."""
    today = date(2026, 11, 19)
    before = dues.read("what is due next week?", today)
    for due in (dues.read(text, today), dues.also(text, before, today, still_open=True)):
        assert due is not None
        assert (due.since, due.before) == (None, today)
