"""What a question wants besides an answer, by its wording."""

import pytest

from graphs.tasks import fits, forms, understand
from handlers import agent_view
from memory.models.facts import FactKind
from tests.unit.morning import ANA, BEN, MIRA, NOW, PEOPLE, fact, message


@pytest.mark.parametrize(
    ("text", "form", "rest"),
    [
        ("who knows about the importer?", "people", "the importer?"),
        ("Who should I ask about the importer?", "people", "the importer?"),
        ("what changed on the importer since Monday?", "history", "the importer since Monday?"),
        ("what has changed about pricing", "history", "pricing"),
        ("catch me up on the importer", "catch_up", "the importer"),
        ("Catch me up on this channel since Tuesday", "catch_up", "since Tuesday"),
        ("what did I miss?", "catch_up", "?"),
        ("prepare me for the meeting with Ana", "prepare", "Ana"),
        ("summarise the importer", "catch_up", "the importer"),
        ("what happened today?", "catch_up", "today?"),
        ("what's new since Monday?", "catch_up", "since Monday?"),
        ("what was discussed this week?", "catch_up", "this week?"),
        ("what were the main topics today?", "catch_up", "today?"),
        ("recap of yesterday", "catch_up", "yesterday"),
        ("what is Ana working on?", "catch_up", "?"),
        ("what's Ana up to this week?", "catch_up", "this week?"),
        ("what are we doing about the importer?", "answer", "what are we doing about the importer?"),
        ("what does Ana need from me?", "needed", "?"),
        ("who waits for me?", "needed", "?"),
        ("is anybody waiting for me?", "needed", "?"),
        ("what should I do today?", "needed", "today?"),
        ("what does Ana still have to do?", "needed", "?"),
        ("what's on my plate?", "needed", "?"),
        ("what happened with the importer?", "answer", "what happened with the importer?"),
        ("what should I do about the importer?", "answer", "what should I do about the importer?"),
        ("what's the status of the importer?", "answer", "what's the the importer?"),
        ("how is the migration going?", "answer", "how is the migration ?"),
        ("what is open with Ana?", "answer", "with Ana?"),
        ("when is the importer switched?", "answer", "when is the importer switched?"),
        ("who changed the importer?", "answer", "who changed the importer?"),
    ],
)
def test_a_form_and_what_it_is_of(text: str, form: str, rest: str) -> None:
    """The words that only say what is wanted are no words to search for."""
    assert forms.form_of(text) == form
    assert forms.without_form(text).split() == rest.split()


@pytest.mark.parametrize(
    ("text", "place"),
    [("catch me up on this channel", "channel"), ("summarise the thread", "thread"), ("what did I miss?", None)],
)
def test_where_it_is_asked_can_be_what_it_is_of(text: str, place: str | None) -> None:
    """This channel, this thread, or everything."""
    assert forms.place_in(text) == place


def test_who_is_met_is_meant_and_not_who_asks() -> None:
    """“Prepare me” says for whom, “with Ana” of whom."""
    text = "prepare me for the meeting with Ana Ruiz"
    plan = understand.rules(understand.Given(text=text, asker=MIRA, people=PEOPLE, asked_at=NOW))
    assert (plan.form, plan.person_ids, plan.terms) == ("prepare", (ANA.person_id,), ())
    assert plan.called == ("ana", "ruiz")


@pytest.mark.parametrize(
    "text", [*agent_view.USUAL, *agent_view.BY_SECTION.values(), agent_view.DECIDED_BEFORE_THE_WEEKEND]
)
def test_what_is_suggested_is_understood(text: str) -> None:
    """A suggested question leaves no word to look for: it asks of the state of things, by kinds of fact."""
    plan = understand.rules(understand.Given(text=text, asker=MIRA, people=PEOPLE, asked_at=NOW))
    assert plan.kinds
    assert plan.terms == ()


def test_what_is_needed_of_somebody_is_what_they_promised_and_what_waits_for_them() -> None:
    """Not what others owe them, nor what they themselves ask."""
    said = message(1, ANA, "x")
    given = understand.Given(text="who waits for me?", asker=MIRA, people=PEOPLE, asked_at=NOW)
    plan = understand.rules(given)
    mine = fact("commitment", "open", said.model_copy(update={"author_id": MIRA.person_id}), to=ANA)
    assert fits.well(mine, plan) > 0
    assert fits.well(fact("question", "open", said, to=MIRA), plan) > 0
    assert fits.well(fact("blocker", "raised", said, to=MIRA), plan) > 0
    assert fits.well(fact("commitment", "open", said, to=MIRA), plan) == 0
    assert fits.well(fact("question", "open", said), plan) == 0


def test_what_one_needs_of_another_is_between_them() -> None:
    """What I promised Ana and what she asked me, and not what either has with others."""
    given = understand.Given(text="what does Ana need from me?", asker=MIRA, people=PEOPLE, asked_at=NOW)
    plan = understand.rules(given)
    hers, mine = message(1, ANA, "x"), message(2, MIRA, "y")
    assert fits.well(fact("commitment", "open", mine, to=ANA), plan) > 0
    assert fits.well(fact("question", "open", hers, to=MIRA), plan) > 0
    assert fits.well(fact("commitment", "open", hers, to=MIRA), plan) == 0
    assert fits.well(fact("commitment", "open", mine, to=BEN), plan) == 0
    assert fits.well(fact("question", "open", hers, to=BEN), plan) == 0


@pytest.mark.parametrize(
    ("text", "kinds", "still_open"),
    [
        ("what is open?", ("commitment", "question", "blocker"), True),
        ("what's still pending with Ben?", ("commitment", "question", "blocker"), True),
        ("what is blocked?", ("blocker",), True),
        ("who is stuck?", ("blocker",), True),
        ("any blockers?", ("blocker",), True),
        ("what are we waiting for?", ("blocker",), True),
        ("what was blocked?", ("blocker",), False),
        ("what happened this week?", (), False),
        ("catch me up on the decisions", ("decision",), False),
    ],
)
def test_what_is_so_now_is_open_still(text: str, kinds: tuple[FactKind, ...], *, still_open: bool) -> None:
    """In the present tense what has ended is not meant."""
    plan = understand.rules(understand.Given(text=text, asker=MIRA, people=PEOPLE, asked_at=NOW))
    assert (plan.kinds, plan.still_open, plan.terms) == (kinds, still_open, ())
