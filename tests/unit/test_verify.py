"""What the evidence does not carry is not said."""

import pytest
from hypothesis import given as example
from hypothesis import strategies as st

from graphs.tasks import verify
from memory.models.ids import MessageId
from tests.unit import morning
from tests.unit.morning import composed, words

EVIDENCE = ("we ship gateway 4.2 on Friday, says Ana",)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Ana ships gateway 4.2 on Friday.", True),
        ("Ana ships gateway 4.3 on Friday.", False),
        ("Ana ships gateway 4.2 on Monday.", False),
        ("Ben ships gateway 4.2.", False),
        ("The gateway went out, says Zara.", False),
    ],
)
def test_names_and_numbers_must_stand_in_the_evidence(text: str, kept: bool) -> None:
    """A sentence with a name, day or number that nothing carries is dropped, and reported."""
    found = verify.rules(verify.Given(text=text, evidence=EVIDENCE, names=("Ana Ruiz", "Ben Osei")))
    assert (found.text, found.dropped) == ((text, ()) if kept else ("", (text,)))


def test_only_the_wrong_sentence_goes() -> None:
    """The other sentences of the text stay as they are."""
    given = verify.Given(text="Ana ships gateway 4.2. It costs 900 euros. All is well.", evidence=EVIDENCE)
    assert verify.rules(given).text == "Ana ships gateway 4.2. All is well."


def test_our_own_sentences_pass() -> None:
    """What the rules compose of a usual morning is carried by its evidence."""
    evening = morning.usual()
    found = composed(evening)
    given = verify.ItemsGiven(
        items=found.items,
        evidence=words(evening),
        known=found.known,
        names=tuple(p.name for p in morning.PEOPLE),
    )
    assert verify.items(given) == verify.ItemsFound(items=found.items)


def test_an_item_without_readable_sources_is_dropped() -> None:
    """An item whose messages are not among the evidence goes, and is reported."""
    found = composed(morning.usual())
    nothing: dict[MessageId, str] = {}
    verified = verify.items(verify.ItemsGiven(items=found.items, evidence=nothing, known=found.known))
    assert verified.items == ()
    assert len(verified.dropped) == len(found.items)


@example(text=st.text(max_size=300), evidence=st.lists(st.text(max_size=100), max_size=3))
def test_what_is_left_passes_the_check(text: str, evidence: list[str]) -> None:
    """Verifying what was verified drops nothing more."""
    given = verify.Given(text=text, evidence=tuple(evidence))
    verify.check(given, verify.rules(given))


def test_a_quote_keeps_its_end() -> None:
    """Where a quoted sentence ends, so does the quote, whatever follows it."""
    text = "Ida asked you: “do we keep it in euros?” You promised “a list.” Tom left."
    assert verify.split(text) == ["Ida asked you: “do we keep it in euros?”", "You promised “a list.”", "Tom left."]
    assert verify.rules(verify.Given(text=text, evidence=(text,))).text == text
