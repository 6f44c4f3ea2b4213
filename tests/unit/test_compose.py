"""A morning in words: readable sentences, each with its source, in the reader's time zone."""

from datetime import date, timedelta

import pytest
from hypothesis import given as example
from hypothesis import settings
from hypothesis import strategies as st

from graphs import sentences
from graphs.morning import QUIET
from graphs.tasks import compose
from memory.models.facts import FactKind
from memory.models.people import Person
from tests.unit import morning
from tests.unit.morning import (
    ANA,
    BEN,
    MIRA,
    TEAM,
    TODAY,
    TOM,
    Evening,
    briefed,
    composed,
    fact,
    message,
    sections,
    talk,
)


def test_a_usual_morning_reads_well() -> None:
    """Each sentence says who, what and when, in plain words."""
    told = sections(briefed(morning.usual()))
    assert told["needs_you"] == [
        "Ida asked you yesterday: “do we keep the old ledger running in January?”",
        "Tom mentioned you in #ops today: “could you look at the capacity sheet before Monday?”",
        "You promised to send the migration plan to Ida Sand by Wed 18 Nov – two days ago.",
    ]
    assert told["promises"] == ["Ana promised you to rotate the staging keys by Thu 19 Nov – yesterday."]


def test_a_quiet_morning_says_so() -> None:
    """With nothing to tell, the headline says that the day is quiet."""
    briefing = briefed(morning.quiet())
    assert briefing.items == ()
    assert briefing.headline == QUIET


@settings(max_examples=80, deadline=None)
@example(
    text=st.text(max_size=400) | st.sampled_from(["x" * 40_000, "\x00", "<!channel>", "👩‍👩‍👧" * 500, "\u202eabc"])
)
def test_any_words_make_an_item_with_a_source_or_none(text: str) -> None:
    """Whatever was said, an item has a sentence of bounded length and a source, or is left out."""
    said = message(1, ANA, text)
    evening = Evening(
        messages=(said,),
        conversations=(talk(said, gist=text),),
        facts=(fact("commitment", "open", said, to=MIRA, due=TODAY), fact("decision", "decided", said)),
    )
    for item in composed(evening).items:
        assert item.sources
        assert item.text.strip()
        assert len(item.text) < 300


def test_an_item_whose_message_is_gone_is_left_out() -> None:
    """A sentence never outlives the message that carries it."""
    evening = morning.usual()
    entries = morning.ranked(evening).entries
    given = compose.Given(
        briefing_id=briefed(evening).briefing_id, person=MIRA, now=morning.NOW, entries=entries, facts=evening.facts
    )
    assert compose.rules(given).items == ()


def test_each_item_has_a_fingerprint_for_tomorrow() -> None:
    """What is told is remembered, so that tomorrow knows what has changed."""
    found = composed(morning.usual())
    assert {i.item_id for i in found.items} == set(found.fingerprints)


def test_a_long_conversation_is_told_by_a_message_that_says_something() -> None:
    """A conversation without facts is quoted by its first telling message, not by its greeting."""
    texts = ("hey friends", "does the new index survive a restart of the node", *["it depends on the settings"] * 8)
    people = (ANA, BEN, TOM)
    messages = tuple(message(n, people[n % 3], text, hours_ago=10 - n / 10) for n, text in enumerate(texts))
    told = composed(Evening(messages=messages, conversations=(talk(*messages),))).items
    assert [i.text for i in told] == [
        "Ben wrote in #ops yesterday: “does the new index survive a restart of the node”."
    ]


def told(kind: FactKind, words: str, by: Person = BEN, to: Person = MIRA) -> str:
    """What Mira is told of a fact in these words."""
    return sentences.of_fact(fact(kind, "open", message(1, by, words), to=to), voice())


def voice() -> sentences.Voice:
    """Mira's, on that morning."""
    names = {each.person_id: each.name for each in morning.PEOPLE}
    short = {key: name.split()[0] for key, name in names.items()}
    return sentences.Voice(team=TEAM, names=names, short=short, today=TODAY, tz="Europe/Berlin", reader=MIRA.person_id)


def test_whom_words_are_said_to_is_said_once() -> None:
    """The sentence names them; a name that is no address stays."""
    assert told("question", "Mira Falk, who tells finance?").endswith(": who tells finance?")
    assert told("commitment", "Mira Falk I'll send you the plan").endswith(": “I'll send you the plan”.")
    assert "Mira Falk's laptop" in told("question", "Mira Falk's laptop is where?")
    assert told("question", "Mira Falk?").endswith(": Mira Falk?")


def test_what_answers_a_request_shows_both() -> None:
    """However long they are: each is cut for itself."""
    long = "could you " + "please look at the capacity sheet again " * 6
    said = told("commitment", f"Ben Osei on “Ben Osei {long}”: Mira Falk yes, right after lunch")
    assert said.startswith("You asked “could you please look")
    assert said.endswith("…”, and Ben answered yesterday: “yes, right after lunch”.")


@pytest.mark.parametrize("due", [None, TODAY, TODAY - timedelta(days=3), TODAY + timedelta(days=3)])
@pytest.mark.parametrize(
    "words", ["Mira Falk: on it", "Mira Falk will send the plan", "Mira Falk I'll send you the plan"]
)
@pytest.mark.parametrize("ended", [{"status": "done"}, {"status": "dropped"}, {"disputed": True}])
def test_what_became_of_a_promise_stands_behind_its_only_dash(
    due: date | None, words: str, ended: dict[str, object]
) -> None:
    """Whether it was for a day or not; while it is open, the day has the dash."""
    promise = fact("commitment", "open", message(1, MIRA, words), to=BEN, due=due)
    outcome = {"done": "done", "dropped": "dropped"}.get(str(ended.get("status")), "others say otherwise")
    told = sentences.of_fact(promise.model_copy(update=ended), voice())
    assert told.endswith(f" – {outcome}.")
    assert told.count(" – ") == 1
    assert ("yesterday" in told) == ("yesterday" in sentences.of_fact(promise, voice()))


def test_a_promise_that_is_done_reads_in_one_go() -> None:
    """As it would be told; and as it stands open."""
    quoted = fact("commitment", "open", message(1, MIRA, "Mira Falk: on it"), to=BEN, due=TODAY)
    plain = fact("commitment", "open", message(1, MIRA, "Mira Falk will send the plan"), to=BEN)
    open_, done = (
        [sentences.of_fact(each.model_copy(update={"status": status}), voice()) for each in (quoted, plain)]
        for status in ("open", "done")
    )
    assert open_ == [
        "You told Ben yesterday: “on it” – due today.",
        "You promised Ben to send the plan – said yesterday.",
    ]
    assert done == [
        "You told Ben yesterday: “on it”, due today – done.",
        "You promised Ben yesterday to send the plan – done.",
    ]


def test_what_somebody_left_unfinished_has_no_loose_end() -> None:
    """A sign that joined it to more goes with that."""
    assert told("update", "Refunds: all 41 done &amp;").endswith("Refunds: all 41 done.")
