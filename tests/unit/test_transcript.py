"""What a model is shown of a message, and where in the message the words stand that it quotes."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.tasks import transcript
from graphs.tasks.transcript import Line
from tests.integration.chat import said, who

NAMES = {who("BEN"): "Ben Osei"}


def line(text: str, most: int = 900) -> Line:
    return transcript.line(said("C1", 0, text), 0, NAMES, most)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<@BEN> can you?", "@Ben Osei can you?"),
        ("see <https://wiki.example/a?b|the page> now", "see the page now"),
        ("see https://wiki.example/a?b=c now", "see wiki.example now"),
        ("it is\n\n  `x` &gt; 3", "it is `x` > 3"),
        ("> I will never\nagreed", " agreed"),
        ("look ```rm -rf /``` there", "look (code) there"),
    ],
)
def test_a_model_sees_what_people_see(text: str, shown: str) -> None:
    """Names, no links, no code, nobody else's words."""
    assert line(text).text == shown


@pytest.mark.parametrize(
    ("text", "quote", "written"),
    [
        ("<@BEN> can you?", "@Ben Osei can you", "<@BEN> can you"),
        ("ok, I’ll do it", "I'll do it", "I’ll do it"),
        ("ok, I'll DO it\n\nnow", "“i'll do it now…”", "I'll DO it\n\nnow"),
        ("see <https://wiki.example/a|the page> now", "the page now", "<https://wiki.example/a|the page> now"),
        ("isn't. is it", "is it", "is it"),
        ("👍", "👍", "👍"),
    ],
)
def test_a_quote_is_found_as_it_was_written(text: str, quote: str, written: str) -> None:
    """Up to case, spaces and the form of quotes."""
    place = line(text).find(quote)
    assert place is not None
    assert text[slice(*place)] == written


@pytest.mark.parametrize("quote", ["", "  ", "…", "sen it", "tomorrow it", "I will never", "rm -rf", "evil"])
def test_what_does_not_stand_there_is_not_found(quote: str) -> None:
    """Nor half words, nor what is somebody else's or code."""
    assert line("> I will never\nI have sent it ```rm -rf /```\ntomorrow").find(quote) is None


WRITTEN = st.text(st.sampled_from(string.ascii_letters + " \n.,<>@|`&;:/’İß👍" + string.digits), max_size=200)


@given(WRITTEN, st.integers(1, 120), st.integers(0, 200), st.integers(1, 40))
def test_whatever_is_quoted_of_what_is_shown_is_part_of_the_message(text: str, most: int, at: int, length: int) -> None:
    """Any part of any text is found within it, or not at all; and what is shown is never longer than it may be."""
    found = line(text, most)
    assert len(found.text) <= most
    place = found.find(found.text[at : at + length])
    assert place is None or 0 <= place[0] < place[1] <= len(text)


@given(st.lists(st.sampled_from(["we", "ship", "on", "friday", "then", "ok"]), min_size=1, max_size=30), st.data())
def test_plain_words_are_found_in_their_place(words: list[str], data: st.DataObject) -> None:
    """Letter by letter."""
    text = " ".join(words)
    first = data.draw(st.integers(0, len(words) - 1))
    quote = " ".join(words[first : data.draw(st.integers(first + 1, len(words)))])
    place = line(text).find(quote)
    assert place is not None
    assert text[slice(*place)] == quote
