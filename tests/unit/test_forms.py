"""What a question wants besides an answer, by its wording."""

import pytest

from graphs.tasks import forms, understand
from tests.unit.morning import ANA, MIRA, NOW, PEOPLE


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
