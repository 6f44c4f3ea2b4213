"""What plain words promise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.wording import clause, readable
from tests.unit.chat import NAMES, TEAM

HOSTILE = [
    "<",
    "<@",
    "<@U",
    ":",
    "`",
    "```",
    "*",
    "_a",
    "&amp;",
    "> ",
    "<https://[",
    "|",
    "\x00",
    "\ud800",
    "\u202e",
    "מ",
    "a ",
]


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("<@UANA> see <https://www.example.com/x?a=1|the plan>", "Ana see the plan"),
        ("<https://www.example.com/x?a=1>", "example.com"),
        ("https://example.com/a and <mailto:a@b.c|a@b.c>", "example.com and a@b.c"),
        ("<#C1|dev> <!here> <!subteam^S1|@sre> <!date^1^{date}|2 March>", "#dev @here @sre 2 March"),
        ("*bold* _it_ ~no~ `code` snake_case_name 2*3*4", "bold it no code snake_case_name 2*3*4"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("shipped :tada: at 12:30:45", "shipped at 12:30:45"),
        (":thumbsup:", "thumbsup"),
        ("before ```\nx = 1\n``` after", "before after"),
        ("&gt; quoted\nown words", "own words"),
        ("<@UNOBODY> hm <@UZED|zed>", "someone hm zed"),
        ("\u202eevil\x00\ud800", "evil"),
        ("", ""),
    ],
)
def test_markup_becomes_words(raw: str, plain: str) -> None:
    """Mentions turn into names, links into labels or hosts, and what is only markup goes."""
    assert readable(raw, NAMES, TEAM) == plain


@given(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=8), max_size=40), st.integers(1, 2000))
def test_any_text_is_only_text(parts: list[str], times: int) -> None:
    """Nothing people type, up to 40,000 characters, crashes it or leaves what cannot be stored."""
    plain = readable(("".join(parts) * times)[:40_000], NAMES, TEAM)
    assert "\x00" not in plain
    plain.encode("utf-8")


@given(st.text(), st.integers(1, 300))
def test_a_clause_fits(text: str, limit: int) -> None:
    """A shortened text is never longer than its limit, and what is short enough stays as it is."""
    short = clause(text, limit)
    assert len(short) <= limit
    assert short == text or short.endswith("…")


def test_a_clause_ends_between_words() -> None:
    """The cut is made between words."""
    assert clause("the quick brown fox jumps", 18) == "the quick brown…"


@given(st.text(st.sampled_from("aZ9 ,.;!?'’\"()%/+=–—-:<>@#&`*_~\n\t|"), max_size=60))
def test_words_without_markup_are_read_as_all_others_are(text: str) -> None:
    """What is not printed makes no difference, though words with it are looked through for all that there is."""
    assert readable(f"{text}\u200b", NAMES, TEAM) == readable(text, NAMES, TEAM)
