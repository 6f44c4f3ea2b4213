"""What a description promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.tasks.describe import GIST, TOPIC, Found, Given, UnfoundedGist, check, noun_phrases, rules
from tests.unit.chat import NAMES, message, person, talk


def test_the_topic_is_what_they_talk_about() -> None:
    """The topic is made of words that several people use; the gist quotes a telling message with its speaker."""
    told = talk(
        "Ana: the payment gateway times out since 14:00, 3% of requests",
        "Bo: is it the payment gateway itself or the bank?",
        "Ana: payment gateway. rolled back to 2.3",
    )
    found = rules(Given(told, NAMES))
    assert "payment gateway" in found.topic
    assert found.gist.startswith("Ana: ")
    check(Given(told, NAMES), found)


def test_roles_follow_what_people_did() -> None:
    """Who asks has asked, who replies has answered, who promises has promised, who is only named is informed."""
    told = talk("Ana: can you look at the build <@UCY>?", "Bo: I'll fix it today")
    roles = {each.person_id: set(each.roles) for each in rules(Given(told, NAMES)).participants}
    assert roles[person("Ana")] == {"asked"}
    assert roles[person("Bo")] >= {"answered", "promised"}
    assert roles[person("Cy")] == {"informed"}


@given(st.lists(st.tuples(st.sampled_from(sorted(NAMES.values())), st.text(max_size=80)), min_size=1, max_size=12))
def test_a_description_always_passes_its_own_check(lines: list[tuple[str, str]]) -> None:
    """Whatever was said, topic and gist are short, and founded."""
    told = tuple(message(name, text, minute) for minute, (name, text) in enumerate(lines))
    found = rules(Given(told, NAMES))
    check(Given(told, NAMES), found)
    assert found.topic
    assert len(found.topic) <= TOPIC
    assert len(found.gist) <= GIST


@pytest.mark.parametrize("gist", ["Cy: it is red", "Ana: 47 builds are red", "x" * (GIST + 1)])
def test_an_invented_gist_is_refused(gist: str) -> None:
    """A gist with a name or a number that nobody said, or too long, is an error."""
    told = talk("Ana: the build is red", "Bo: again?")
    with pytest.raises(UnfoundedGist):
        check(Given(told, NAMES), Found("build", gist, ()))


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("can we move the ledger cut-over to Thursday?", ["ledger cut-over"]),
        ("the merchant heads-up is scheduled", ["merchant heads-up"]),
        ("did you close RFC-38", ["RFC-38"]),
        ("I'll really try to merge quickly", []),
        ("the new one, and a new certificate isn't there", ["new certificate"]),
    ],
)
def test_a_noun_phrase_ends_in_a_noun(text: str, phrases: list[str]) -> None:
    """No verb, no contraction, no weekday and no lone modifier makes a topic."""
    assert [" ".join(each.words) for each in noun_phrases(text)] == phrases
