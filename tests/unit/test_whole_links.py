"""Nothing is cut inside `<…>`: neither where a message is taken apart, nor where a text is made to fit."""

import re
from collections.abc import Sequence

from hypothesis import example, given
from hypothesis import strategies as st

from graphs.tasks import phrasing
from graphs.tasks.speech import READ, hear
from graphs.wording import readable
from handlers.blocks import limits, mrkdwn
from tests.unit.chat import message
from tests.unit.test_spans import sample

_ANGLE = re.compile(r"<[^<>\n]+>|`[^`\n]+`")
LINKS = (
    "<https://example.com/deploys/238|diff>",
    "<https://example.com/alerts/9011|the runbook of the gateway>",
    "<https://example.com/a?b=1&amp;c=2>",
    "<!here>",
    "<#C1|ops>",
    "<@U123>",
    "`tideline-api`",
)
WORDS = ("deployed", "v238", "→", "production", "·", "4 commits", ".", "!", "\n", " – ", "&amp;", "I'll fix it")
PARTS = st.lists(st.sampled_from((*LINKS, *WORDS)), min_size=1, max_size=12)


def cut_inside(text: str, place: int) -> bool:
    return any(found.start() < place < found.end() for found in _ANGLE.finditer(text))


@given(PARTS)
@example((":package: `tideline-api` v238 → production · 4 commits ·", "<https://example.com/deploys/238|diff>"))
def test_a_clause_holds_whole_links(parts: Sequence[str]) -> None:
    """Where it begins and ends, no link, mention or piece of code does; so no fact tells a half of one."""
    said = message("m", " ".join(parts))
    heard = hear(said, 0)
    for clause in heard.clauses:
        assert not cut_inside(said.text, clause.start)
        assert not cut_inside(said.text, clause.end)
        told = phrasing.statement("update", heard, clause, {})
        assert not re.search(r"[<`]", told)


def test_no_clause_of_the_sample_team_holds_half_a_link() -> None:
    """Nor what would be told of it."""
    for said in sample():
        heard = hear(said, 0)
        for clause in heard.clauses:
            assert not cut_inside(said.text, clause.start)
            assert not cut_inside(said.text, clause.end)
            assert "<" not in phrasing.statement("update", heard, clause, {})


@given(st.integers(1, 60), st.sampled_from(LINKS[:5]))
def test_a_message_that_is_too_long_is_read_up_to_a_link(beyond: int, link: str) -> None:
    """What is looked at of it ends before a link, not within."""
    said = message("m", "x" * (READ - min(beyond, len(link)) - 1) + " " + link + " and more")
    (clause,) = hear(said, 0).clauses
    assert not cut_inside(said.text, clause.end)
    assert "<" not in readable(said.text[clause.start : clause.end], {}, said.team_id)


@st.composite
def shown(draw: st.DrawFn) -> str:
    """Escaped words with links of ours between them."""
    label = st.text("ab #·|&<>", min_size=1, max_size=30)
    link = st.builds(lambda name: mrkdwn.link("https://acme.example/archives/C1/p1?thread_ts=1.2&cid=C1", name), label)
    words = st.text("ab <>&|.\n", max_size=30).map(mrkdwn.escape)
    return " ".join(draw(st.lists(st.one_of(link, words), min_size=1, max_size=8)))


@given(shown(), st.integers(1, 200))
def test_what_is_clipped_holds_whole_links(text: str, limit: int) -> None:
    """What is too long is cut before a link that would not fit."""
    cut = limits.clip(text, limit)
    assert limits.size(cut) <= limit
    assert _is_whole(cut)


@given(shown(), st.integers(250, 400), st.integers(1, 5))
def test_what_is_split_holds_whole_links(text: str, limit: int, most: int) -> None:
    """No piece ends in a link of which the next piece holds the rest."""
    pieces = limits.split(text, limit, most)
    assert all(limits.size(piece) <= limit for piece in pieces)
    assert all(map(_is_whole, pieces))


def _is_whole(text: str) -> bool:
    """Whether every link in it is closed, and every entity."""
    left = re.sub(r"<https://[^<>|]+\|[^<>|]+>", "", text)
    return "<" not in left and ">" not in left and "&" not in re.sub(r"&(?:amp|lt|gt);", "", left)
