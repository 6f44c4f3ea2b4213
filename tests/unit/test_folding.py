"""What links make of a fact for somebody who may read both ends."""

import random
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from graphs.sentences import Voice, of_fact
from memory.folding import confidence, folded
from memory.models.facts import ENDED, GIVEN_WORD, Fact
from memory.models.ids import FactId, LinkId, container_id, derive
from memory.models.links import Link
from tests.unit.chat import NAMES, TEAM
from tests.unit.test_rewinding import DAYS, fact, span

ELSEWHERE = container_id(TEAM, "slack", "C2")
OPEN = fact("open", span(0))


def linked(number: int, relation: str = "resolves", day: int = 2, to: Fact = OPEN, **more: object) -> Link:
    ends = {"resolves": "done", "reverses": "reversed"}
    given = {
        "link_id": LinkId(derive("link", number)),
        "relation": relation,
        "from_container": ELSEWHERE,
        "from_fact": FactId(derive("fact", number)),
        "to_container": to.container_id,
        "to_fact": to.fact_id,
        "from_evidence": (span(day),),
        "to_evidence": (span(0),),
        "status": ends.get(relation),
        "at": DAYS[day],
        "independent": True,
        "log_odds": 2.0,
    }
    return Link.model_validate(given | more)


def links() -> st.SearchStrategy[list[Link]]:
    relations = st.sampled_from(["same", "resolves", "contradicts", "reverses"])
    one = st.builds(linked, st.integers(0, 9), relations, st.integers(0, 5))
    return st.lists(one, max_size=6, unique_by=lambda link: link.link_id)


def test_what_was_done_elsewhere_is_done() -> None:
    """With the words that say so as evidence, from when they were said."""
    found = folded(OPEN, [linked(1, day=3), linked(2, day=2)])
    assert (found.status, found.valid_to) == ("done", DAYS[2])
    assert found.evidence == (span(0), span(2, "settles"))
    assert folded(OPEN, []) == OPEN
    assert folded(OPEN, [linked(1, to_fact=FactId(derive("another")))]) == OPEN


def test_a_persons_word_outranks_links() -> None:
    """Open, a person said: open it is, and as sure."""
    said = OPEN.model_copy(update={"engine": "person", "log_odds": GIVEN_WORD})
    assert folded(said, [linked(1), linked(2, "contradicts")]) == said


def test_a_dispute_lowers_and_agreement_raises() -> None:
    """Both that contradict each other stand, each less sure; the same author's repetition adds nothing."""
    assert folded(OPEN, [linked(1, "contradicts")]).log_odds < OPEN.log_odds
    disputed = folded(OPEN, [linked(1, "contradicts", day=3)])
    assert (disputed.status, disputed.disputed, disputed.evidence) == ("open", True, (span(0), span(3, "disputes")))
    assert folded(OPEN, [linked(1, "same")]).log_odds > OPEN.log_odds
    assert folded(OPEN, [linked(1, "same", independent=False)]) == OPEN


@given(links(), st.randoms())
def test_the_order_of_links_does_not_matter(found: list[Link], order: random.Random) -> None:
    """Whatever order they are read in."""
    shuffled = list(found)
    order.shuffle(shuffled)
    assert folded(OPEN, found) == folded(OPEN, shuffled)


@given(links())
def test_nothing_ends_without_newer_words(found: list[Link]) -> None:
    """A fact ends by a link only after it began, and never ends twice."""
    after = folded(OPEN, found)
    if after.status in ENDED:
        assert after.valid_to is not None
        assert after.valid_to > OPEN.valid_from
    ended = fact("dropped", span(0), span(1, "settles"), ended=1)
    about = [each.model_copy(update={"to_fact": ended.fact_id}) for each in found]
    assert (folded(ended, about).status, folded(ended, about).valid_to) == ("dropped", DAYS[1])


@given(st.floats(-4, 4), st.integers(0, 8), st.integers(0, 3))
def test_confidence_grows_with_each_confirmation(own: float, many: int, doubts: int) -> None:
    """One more independent voice never makes it less sure, one more to the contrary always does."""
    agreeing = [linked(number, "same") for number in range(many)]
    disputing = [linked(100 + number, "contradicts") for number in range(doubts)]
    now = confidence(own, [*agreeing, *disputing])
    assert confidence(own, [*agreeing, *disputing, linked(50, "same")]) >= now
    assert confidence(own, [*agreeing, *disputing, linked(150, "contradicts")]) < now
    assert confidence(own, [*agreeing, *agreeing]) == confidence(own, agreeing)


def test_a_repeated_link_counts_once() -> None:
    """However often it is read."""
    once = linked(1, "same", at=DAYS[1] + timedelta(hours=1))
    assert folded(OPEN, [once, once]) == folded(OPEN, [once])


def test_a_dispute_is_told() -> None:
    """The sentence on a disputed decision says that others say otherwise; one that was reversed says that."""
    voice = Voice(team=TEAM, names=NAMES, today=date(2026, 3, 6), tz="UTC")
    decided = fact("decided", span(0), kind="decision", statement="the freeze is on Tuesday")
    assert "otherwise" not in of_fact(decided, voice)
    disputed = decided.model_copy(update={"disputed": True})
    assert of_fact(disputed, voice).endswith(" – others say otherwise.")
    assert "otherwise" not in of_fact(disputed.model_copy(update={"status": "reversed"}), voice)
