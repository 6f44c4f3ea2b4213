"""A follow-up is read with what was talked of before it; what is not clearly one is a question of its own."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as example
from hypothesis import settings
from hypothesis import strategies as st

from graphs.tasks import follow, understand
from graphs.tasks.follow import Earlier, Reading
from graphs.tasks.followups import Kind
from graphs.tasks.understand import QueryPlan
from memory.models.ids import AnswerId, derive
from tests.unit.morning import ANA, BEN, MIRA, NOW, PEOPLE, TODAY, TOM

NAMES = {person.person_id: person.name for person in PEOPLE}


def plan(text: str) -> QueryPlan:
    return understand.rules(understand.Given(text=text, asker=MIRA, people=PEOPLE, asked_at=NOW, bot_id="UD"))


def key(number: int) -> AnswerId:
    return AnswerId(derive("answer", number))


def read(text: str, *before: str, told: tuple[str, ...] = ("Ben Osei",), kinds: tuple[Kind, ...] = ()) -> Reading:
    """How the text is read after these questions, the last of which was answered with `told`."""
    people = tuple(each.person_id for name in told for each in PEOPLE if each.name == name)
    earlier = tuple(
        Earlier(
            answer_id=key(number),
            kind=kinds[number] if kinds else "new",
            question=each,
            plan=plan(each),
            told=bool(told) or number + 1 < len(before),
            people=people,
        )
        for number, each in enumerate(before)
    )
    own = plan(text)
    given = follow.Given(text=text, plan=own, today=TODAY, asker=MIRA.person_id, earlier=earlier, names=NAMES)
    found = follow.rules(given)
    follow.check(given, found)
    return found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("who said that?", "who"),
        ("And who wrote this?", "who"),
        ("who?", "who"),
        ("says who", "who"),
        ("according to whom?", "who"),
        ("ok, who decided that?", "who"),
        ("since when?", "when"),
        ("when was that?", "when"),
        ("When did she say that?", "when"),
        ("how long has it been like that?", "when"),
        ("by when?", "due"),
        ("when is it due?", "due"),
        ("what’s the deadline?", "due"),
        ("why?", "why"),
        ("how do you know?", "why"),
        ("where did you read that?", "why"),
        ("show me the source", "why"),
        ("the exact words please", "why"),
        ("is it done?", "state"),
        ("is that still open?", "state"),
        ("has it been fixed yet?", "state"),
        ("did anybody answer that?", "state"),
        ("what became of it?", "state"),
        ("any news on that?", "state"),
        ("and the other one?", "more"),
        ("what else?", "more"),
        ("anything else?", "more"),
        ("Thanks. And the others?", "more"),
        ("another one?", "more"),
        ("go on", "more"),
        ("is that all?", "more"),
        ("which was the second one?", "more"),
        ("Why did you tell me this?", "reasons"),
        ("why am I seeing that?", "reasons"),
        ("ok, how did you come to that answer?", "reasons"),
        ("explain your answer please", "reasons"),
        ("what did you understand?", "understood"),
        ("How did you read my question?", "understood"),
        ("show me the query plan", "understood"),
        ("what did you look for", "understood"),
    ],
)
def test_what_is_asked_of_something_told_is_heard(text: str, kind: Kind) -> None:
    """Each of these follows the turn before it, with that turn's plan."""
    found = read(text, "what did Ben promise about the runbook?")
    assert (found.kind, found.of, found.plan) == (kind, key(0), plan("what did Ben promise about the runbook?"))


@pytest.mark.parametrize(
    "text",
    [
        "who said that we ship on Monday?",
        "what is the plan?",
        "why did you tell me that we ship on Monday?",
        "when was the cut-over decided?",
        "why did we drop the importer?",
        "what did Ana promise?",
        "what was decided last week?",
        "is the runbook done?",
        "what else do we know of the gateway?",
        "and what did Ana promise about the gateway?",
        "who is he going to ask about the gateway and the proxy on the other side?",
        "hello",
        "",
        "summarise #ledger",
        "recap of #ledger",
    ],
)
def test_a_question_of_its_own_is_read_as_if_nothing_had_been_asked(text: str) -> None:
    """What stands for itself carries nothing over from before, but for a person that it calls he or she."""
    found = read(text, "what was decided about the ledger?", told=())
    assert found == Reading(question=text, plan=plan(text))


def test_without_anything_before_nothing_is_followed() -> None:
    """The first question of a thread is its own, whatever its words."""
    assert read("who said that?").kind == "new"


def test_another_person_takes_the_place_of_the_first() -> None:
    """And Ana? asks the same of Ana: kind and matter stay, Ben goes, also from the words that are searched for."""
    found = read("and Ana?", "what did Ben promise about the runbook?")
    assert found.plan.person_ids == (ANA.person_id,)
    assert (found.plan.terms, found.plan.kinds) == (("runbook",), ("commitment",))
    assert "Ben" not in found.question
    assert "runbook" in found.question


def test_the_asker_stays_beside_whoever_is_asked_about_instead() -> None:
    """What I promised Ben, and Tom: it is still what I promised."""
    found = read("and Tom?", "what did I promise Ben?")
    assert found.plan.person_ids == (TOM.person_id, MIRA.person_id)
    assert found.plan.direction == "by"
    assert read("and Tom?", "what do I owe?").plan.person_ids == (TOM.person_id,)


@pytest.mark.parametrize("text", ["what about yesterday?", "and yesterday?", "yesterday?", "how about yesterday"])
def test_other_days_take_the_place_of_the_first(text: str) -> None:
    """The question stays, its days change."""
    found = read(text, "what was decided about the ledger last week?")
    assert found.plan.span == "yesterday"
    assert found.plan.since == plan("what was decided yesterday?").since
    assert found.plan.terms == ("ledger",)
    assert "last week" not in found.question


def test_today_is_a_past_day_in_a_follow_up() -> None:
    """And today? asks what was said today, not what is to come."""
    found = read("and today?", "what was decided yesterday?")
    assert (found.plan.span, found.plan.since) == ("today", plan("what was decided today?").since)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("and in October?", "in october"),
        ("since October?", "since october"),
        ("what about on 3 November?", "3 november"),
    ],
)
def test_days_of_the_calendar_are_no_other_matter(text: str, span: str) -> None:
    """And in October? asks of the same matter in October."""
    found = read(text, "what was decided about the ledger last week?")
    assert (found.kind, found.plan.terms, found.plan.span) == ("changed", ("ledger",), span)


def test_another_matter_takes_the_place_of_the_first() -> None:
    """And the importer? asks for the same kind of thing about something else."""
    found = read("and the importer?", "what was decided about the ledger yesterday?")
    assert (found.plan.terms, found.plan.kinds, found.plan.span) == (("importer",), ("decision",), "yesterday")
    assert "ledger" not in found.question


def test_another_kind_takes_the_place_of_the_first() -> None:
    """What about the blockers? asks for them in the same days."""
    found = read("what about the blockers?", "what was decided last week?")
    assert (found.plan.kinds, found.plan.span) == (("blocker",), "last week")


@pytest.mark.parametrize(("text", "person"), [("what did he promise?", BEN), ("what is on her desk?", BEN)])
def test_he_and_she_are_who_was_told_of(text: str, person: object) -> None:
    """A pronoun means the person that was told of last, by name in what a model reads."""
    found = read(text, "who knows about the gateway?")
    assert found.plan.person_ids == (BEN.person_id,)
    assert "Ben Osei" in found.question


def test_he_is_who_was_asked_about_before_who_was_told_of() -> None:
    """Where one person was asked about, a pronoun means them, whoever else was told of."""
    found = read("when did he join?", "what did Tom promise?", told=("Ana Ruiz", "Tom Winter"))
    assert found.plan.person_ids == (TOM.person_id,)


def test_it_is_what_was_talked_of() -> None:
    """A question without a matter of its own is about the one before."""
    found = read("who owns it?", "what was decided about the staging database?")
    assert found.plan.terms == ("owns", "staging", "database")
    assert "staging database" in found.question


def test_what_else_of_the_same_is_more() -> None:
    """What else did he promise? leaves out what was told, and means the same person."""
    found = read("what else did he promise?", "what did Ben promise?")
    assert (found.kind, found.of, found.plan.person_ids) == ("more", key(0), (BEN.person_id,))
    assert read("what else was decided about the gateway?", "what did Ben promise about the runbook?").kind == "new"


def test_of_something_told_asks_past_an_answer_that_found_nothing() -> None:
    """Who said that? after an answer that found nothing means what was told before it."""
    before = ("what did Ben promise?", "and Tom?")
    earlier = tuple(
        Earlier(answer_id=key(n), question=each, plan=plan(each), told=n == 0) for n, each in enumerate(before)
    )
    own = plan("who said that?")
    given = follow.Given(text="who said that?", plan=own, today=TODAY, asker=MIRA.person_id, earlier=earlier)
    assert follow.rules(given).of == key(0)


def test_more_goes_on_from_the_question_not_from_what_was_asked_of_its_answer() -> None:
    """Who said that? in between does not change what more is of."""
    found = read("anything else?", "what did Ben promise?", "who said that?", kinds=("new", "who"))
    assert found.of == key(0)


@pytest.mark.parametrize(
    "text",
    [
        "who said that?",
        "and the importer?",
        "what did we decide about the proxy?",
        "since when",
        "remind me when that was",
    ],
)
def test_a_question_in_the_thread_is_for_daybook(text: str) -> None:
    """What asks something and speaks to no one else may be meant for it."""
    assert follow.is_for_daybook(text)


@pytest.mark.parametrize(
    "text",
    [
        "thanks!",
        "ok, will do",
        "<@U2> who said that?",
        "can somebody check?",
        "hm",
        "anyone else on this?",
        "I'll ask",
        "",
    ],
)
def test_what_is_said_to_people_is_not_for_daybook(text: str) -> None:
    """Thanks, statements, and what is asked of other people bring no answer."""
    assert not follow.is_for_daybook(text)


def test_whoever_calls_it_by_name_speaks_to_it() -> None:
    """Daybook, …? is addressed to it by anybody; a talk about it is not."""
    assert follow.calls_daybook("Daybook, who said that?")
    assert follow.calls_daybook("hey daybook since when?")
    assert not follow.calls_daybook("I think daybook is wrong")


def test_a_reading_of_what_was_never_meant_is_refused() -> None:
    """The check raises where a person comes from nowhere, and where a follow-up follows nothing."""
    own = plan("who said that?")
    given = follow.Given(text="who said that?", plan=own, today=TODAY, asker=MIRA.person_id)
    for found in (
        Reading(question="x", plan=QueryPlan(person_ids=(TOM.person_id,))),
        Reading(question="x", plan=QueryPlan(terms=("gold",))),
        Reading(kind="who", question="x", plan=own),
        Reading(kind="new", question="x", plan=own, of=key(3)),
    ):
        with pytest.raises(follow.UnfoundedReading):
            follow.check(given, found)


_WORDS = st.sampled_from(
    "and or what about who said that it he she else other more when since why is done the a runbook gateway Ben Ana "
    "yesterday last week monday blockers promised decided ? , . <@U2> daybook ok thanks they them I me my".split()
)
_TEXTS = st.lists(_WORDS, max_size=9).map(" ".join) | st.text(max_size=60)


@settings(max_examples=400, deadline=timedelta(seconds=5))
@example(_TEXTS, st.lists(_TEXTS, max_size=4))
def test_any_text_after_any_others_is_read_and_searchable(text: str, before: list[str]) -> None:
    """Whatever was asked before, a reading means only what was meant, and its plan can be searched for."""
    found = read(text, *before)
    assert found == read(text, *before)
    given = understand.Given(
        text=text, asker=MIRA, people=PEOPLE, asked_at=datetime.max.replace(tzinfo=UTC), bot_id="UD"
    )
    understand.check(given, found.plan)
    assert (found.of is None) == (found.kind == "new")


def test_a_follow_up_may_count_from_another_occasion_or_look_elsewhere() -> None:
    """The matter stays; of what bounded the question before, only what is named anew is replaced."""
    first = "what was decided about the ledger since the ledger outage?"
    since = read("and since the release?", first)
    assert (since.kind, since.plan.terms) == ("changed", ("ledger",))
    assert since.plan.occasion is not None
    assert since.plan.occasion.kind == "release"
    elsewhere = read("what about in #ops?", first)
    assert elsewhere.plan.place is not None
    assert elsewhere.plan.occasion is not None
    assert (elsewhere.plan.place.name, elsewhere.plan.occasion.kind) == ("ops", "incident")
    assert elsewhere.plan.terms == ("ledger",)
    monday = read("and since Monday?", first)
    assert (monday.plan.occasion, monday.plan.span) == (None, "since monday")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ben, can you take this?", {"ben"}),
        ("ok Ben Okafor: did you see my mail?", {"ben okafor"}),
        ("can you take this, Ben?", {"ben"}),
        ("and Ben?", set()),
        ("what about Ben", set()),
        ("what did Ben promise?", set()),
        ("Ben what do you think?", {"ben"}),
        ("what do you think Ben?", {"ben"}),
        ("@ben do you agree", {"ben"}),
        ("what do you know about Ben?", set()),
        ("Ben promised the runbook, did he?", set()),
        ("who promised the exports to Ben, and by when exactly?", set()),
    ],
)
def test_whom_a_text_speaks_to_stands_before_or_behind_a_comma(text: str, names: set[str]) -> None:
    """Whoever is asked about stands within the question."""
    assert follow.spoken_to(text) & {"ben", "ben okafor"} == names


@pytest.mark.parametrize(
    ("text", "first", "shown", "still_open"),
    [
        ("and by Friday?", "what do I owe?", "due by Friday", True),
        ("and by 10 December?", "what do I owe by Friday?", "due by 10 December", True),
        ("and next week?", "what do I owe by Friday?", "due next week", True),
        ("and next week?", "what is due this week?", "due next week", True),
        ("tomorrow?", "what is due today?", "due tomorrow", True),
        ("what about yesterday?", "what is due today?", "due yesterday", True),
        ("and on Monday?", "what was due last week?", "due on Monday", False),
        ("and by Friday?", "what is overdue?", "due by Friday", True),
        ("and by Friday?", "what did I promise Ben?", "due by Friday", False),
        ("and Ben?", "what is overdue?", "overdue", True),
    ],
)
def test_other_days_by_which_it_is_due_take_the_place_of_the_first(
    text: str, first: str, shown: str, *, still_open: bool
) -> None:
    """After what is owed, a day that is named asks for what is due by it; everything else stays."""
    found = read(text, first)
    assert (found.kind, found.plan.still_open) == ("changed", still_open)
    assert found.plan.due is not None
    assert found.plan.due.shown == shown
    assert (found.plan.span, found.plan.terms, found.plan.kinds) == ("", (), ("commitment",))


def test_what_was_said_on_other_days_bounds_no_day_by_which_it_is_due() -> None:
    """After what is owed, yesterday is when it was promised; after what was decided, by Friday is nothing."""
    found = read("and yesterday?", "what do I owe?")
    assert (found.plan.due, found.plan.span) == (None, "yesterday")
    found = read("and since Monday?", "what do I owe by Friday?")
    assert (found.plan.due and found.plan.due.shown, found.plan.span) == ("due by Friday", "since monday")
    assert read("and by Friday?", "what was decided about the ledger?").plan.due is None


def test_a_matter_named_after_what_is_due_is_not_bound_by_that_day() -> None:
    """“What is due tomorrow?”, “what about the importer?” asks of the importer, whenever that is due."""
    found = read("what about the importer?", "what is due tomorrow?")
    assert (found.kind, found.plan.terms, found.plan.kinds) == ("changed", ("importer",), ("commitment",))
    assert found.plan.due is None
    assert "tomorrow" not in found.question


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("and next week?", (23, 30)),
        ("and tomorrow", (21, 22)),
        ("and today?", None),
        ("and this week?", None),
        ("and last week?", None),
    ],
)
def test_after_what_somebody_does_days_to_come_are_those_of_what_is_due(
    text: str, days: tuple[int, int] | None
) -> None:
    """Nothing has been said yet on a day to come."""
    found = read(text, "what is Ben working on?")
    assert found.kind == "changed"
    due = found.plan.due
    assert (found.plan.person_ids, found.plan.kinds) == ((BEN.person_id,), ("commitment",) if days else ())
    assert (due and due.since and due.before and (due.since.day, due.before.day)) == days
