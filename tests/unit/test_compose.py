"""A morning in words: readable sentences, each with its source, in the reader's time zone."""

from hypothesis import given as example
from hypothesis import settings
from hypothesis import strategies as st

from graphs.morning import QUIET
from graphs.tasks import compose
from tests.unit import morning
from tests.unit.morning import ANA, BEN, MIRA, TODAY, TOM, Evening, briefed, composed, fact, message, sections, talk


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
