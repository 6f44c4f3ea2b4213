"""A message is weighed as an answer with the conversation around it."""

from datetime import datetime, timedelta

import pytest

from graphs.tasks import understand, weigh
from graphs.tasks.retrieve import Counted
from graphs.tasks.weigh import Line, Stated
from memory.models.ids import FactId, MessageId, PersonId, derive
from tests.unit.morning import ANA, BEN, IDA, MIRA, NOW, PEOPLE, TOM

NAMES = {person.person_id: person.name for person in PEOPLE}
COUNTED = Counted(messages=500)


def said(by: PersonId | None, text: str, *, hours_ago: float = 5, stated: tuple[Stated, ...] = ()) -> Line:
    at: datetime = NOW - timedelta(hours=hours_ago)
    return Line(MessageId(derive("line", text)), by, text, at, stated=stated)


def ask(text: str, *talks: tuple[Line, ...]) -> weigh.Found:
    plan = understand.rules(understand.Given(text=text, asker=MIRA, people=PEOPLE, asked_at=NOW))
    given = weigh.Given(
        question=text,
        asker=MIRA.person_id,
        plan=plan,
        names=NAMES,
        talks=talks,
        found={line.message_id: 1.0 for talk in talks for line in talk},
        counted=COUNTED,
    )
    found = weigh.rules(given)
    weigh.check(given, found)
    return found


def first(found: weigh.Found, *talks: tuple[Line, ...]) -> str:
    texts = {line.message_id: line.text for talk in talks for line in talk}
    return texts[found.order[0].message_id]


def test_the_answer_goes_before_the_question() -> None:
    """Though the question holds every word that is asked for, and the answer none."""
    talk = (
        said(BEN.person_id, "which exporter do we keep for the invoices?"),
        said(TOM.person_id, "the new one, it does not drop credit notes", hours_ago=4.9),
    )
    found = ask("Which exporter is kept for invoices?", talk)
    assert first(found, talk) == talk[1].text
    assert found.order[0].about == talk[0].message_id
    assert found.sure > 0


def test_the_later_word_holds() -> None:
    """Of two that say about as much, that which was said last goes first."""
    old = (said(TOM.person_id, "the ledger cut-over is on Saturday the 14th", hours_ago=90),)
    new = (said(TOM.person_id, "the ledger cut-over is on Saturday the 21st", hours_ago=3),)
    assert first(ask("When is the ledger cut-over?", old, new), old, new) == new[0].text


def test_what_was_reversed_goes_behind() -> None:
    """A decision that no longer stands is history."""
    stands, gone = (Stated(FactId(derive("fact", status)), "decision", status) for status in ("decided", "reversed"))
    old = (said(TOM.person_id, "the ledger cut-over is on Saturday the 14th", stated=(gone,)),)
    new = (said(TOM.person_id, "the ledger cut-over is on Saturday the 21st", stated=(stands,)),)
    assert first(ask("When is the ledger cut-over?", old, new), old, new) == new[0].text


@pytest.mark.parametrize(
    ("question", "answers", "other"),
    [
        ("When does the importer move?", "the importer moves on Tuesday", "the importer moves with all its tables"),
        ("How many tables does the importer hold?", "the importer holds 31 tables", "the importer holds odd tables"),
        ("Who moves the importer?", "Ana Ruiz moves the importer", "the importer moves with the tables"),
        ("Why did the importer stop?", "the importer stopped because of a lock", "the importer stopped twice again"),
    ],
)
def test_an_answer_has_the_form_that_is_asked_for(question: str, answers: str, other: str) -> None:
    """A time to when, a number to how many, somebody to who, a ground to why."""
    talks = (said(BEN.person_id, answers, hours_ago=6),), (said(BEN.person_id, other, hours_ago=6),)
    assert first(ask(question, *talks), *talks) == answers


def test_who_is_meant_counts() -> None:
    """Asked what somebody said, their own words go first."""
    talks = (
        (said(BEN.person_id, "the importer needs a new index"),),
        (said(ANA.person_id, "the importer needs a second worker"),),
    )
    assert first(ask("What did Ana Ruiz say about the importer?", *talks), *talks) == talks[1][0].text


def test_what_nobody_spoke_of_is_not_answered() -> None:
    """A common word alone is no answer, nor is a question that nobody answered."""
    talk = (said(BEN.person_id, "the new build is green"), said(IDA.person_id, "do we get new laptops this quarter?"))
    assert ask("What does the catering contract cost?", talk).sure < 0
    assert ask("Which laptop model is bought?", talk[1:]).sure < 0
    assert ask("What does it cost?").sure < 0


def test_the_order_does_not_depend_on_that_of_what_is_given() -> None:
    """Conversations come in any order."""
    talks = tuple((said(BEN.person_id, f"importer note {number}", hours_ago=number),) for number in range(1, 9))
    assert ask("What about the importer?", *talks) == ask("What about the importer?", *reversed(talks))


def test_a_message_that_was_not_given_is_refused() -> None:
    """The check knows what was given."""
    talk = (said(BEN.person_id, "importer"),)
    given = weigh.Given(question="importer?", asker=MIRA.person_id, talks=(talk,), found={})
    stray = weigh.Weighed(message_id=MessageId(derive("stray", 1)), score=1.0)
    for order in ((stray,), (weigh.rules(given).order[0],) * 2):
        with pytest.raises(weigh.UnknownMessage):
            weigh.check(given, weigh.Found(order=order))


def test_what_has_nothing_of_the_question_in_it_or_near_it_is_no_answer() -> None:
    """Be it decided, and found by the search; beside a word of it, it may be one."""
    beside = (said(TOM.person_id, "the ledger cut-over?"), said(ANA.person_id, "Saturday at six", hours_ago=4.9))
    decided = Stated(FactId(derive("fact", "x")), "decision", "decided")
    apart = (said(BEN.person_id, "we take the train to Lisbon on Monday", stated=(decided,)),)
    found = ask("When is the ledger cut-over?", beside, apart)
    assert {each.message_id for each in found.order} == {line.message_id for line in beside}
