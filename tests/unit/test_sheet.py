"""Figures from counts, their spread, and the pairings that they rest on."""

import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.figures import clusters, intents
from bot.evaluation.figures.matching import best_overlap, largest_first
from bot.evaluation.figures.sheet import Sheet, harmonic, share
from bot.evaluation.figures.tables import lines

HITS = {"share": share("hit", "n")}


def test_a_figure_follows_from_the_sums() -> None:
    """Units of unequal size count by their size, and what cannot be said is left open."""
    sheet = Sheet(
        [{"n": 1, "hit": 1}, {"n": 3}], ("n",), {**HITS, "other": share("x", "y"), "f": harmonic("hit", "n", "n")}
    )
    assert sheet.figures() == {"n": 4, "share": 25.0, "other": None, "f": 25.0}
    assert Sheet([], ("n",), HITS).figures() == {"n": 0, "share": None}


def test_the_spread_is_that_of_samples_and_always_the_same() -> None:
    """Near the standard error of a mean where there is a formula for it; none where all units are alike."""
    mixed = Sheet([{"n": 1, "hit": place % 2} for place in range(100)], ("n",), HITS)
    assert mixed.spread() == mixed.spread()
    assert mixed.spread()["share"] == pytest.approx(5.0, abs=0.6)
    assert Sheet([{"n": 1, "hit": 1}] * 20, ("n",), HITS).spread() == {"share": 0.0}
    assert Sheet([], ("n",), HITS).spread() == {}


@given(st.dictionaries(st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")), st.integers(1, 9), min_size=1))
def test_the_best_pairing_is_the_best_of_all(weights: dict[tuple[str, str], int]) -> None:
    """As trying every pairing finds it."""
    ones = sorted({one for one, _ in weights})
    partners: list[str | None] = [*sorted({two for _, two in weights}), *([None] * len(ones))]
    best = max(
        sum(weights.get((one, two or ""), 0) for one, two in zip(ones, chosen, strict=False))
        for chosen in permutations(partners, len(ones))
    )
    found = best_overlap(weights)
    assert sum(found.values()) == best
    assert {*found} == {*ones}


def test_many_are_paired_quickly() -> None:
    """Hundreds of conversations on both sides, with ties between many."""
    chance = random.Random(4)
    weights = {(f"g{chance.randrange(400)}", f"p{chance.randrange(400)}"): chance.randint(1, 9) for _ in range(2000)}
    assert sum(best_overlap(weights).values()) > 1500


def test_the_largest_overlap_is_paired_first() -> None:
    """Even where another pairing would match more; nothing is paired twice."""
    overlaps = {("a", "x"): 3, ("a", "y"): 2, ("b", "x"): 2}
    assert largest_first("ab", "xy", lambda one, two: overlaps.get((one, two), 0)) == [("a", "x")]


def test_sheets_of_one_kind_are_one_sheet() -> None:
    """Each unit counts once, whichever sheet it is of: not the mean of their figures."""
    sheets = [Sheet([{"n": 1, "hit": 1}], ("n",), HITS), Sheet([{"n": 3, "hit": 0}], ("n",), HITS)]
    assert Sheet.together(sheets).figures() == {"n": 4, "share": 25.0}


def partition(*groups: str) -> dict[str, str]:
    return {message: str(number) for number, group in enumerate(groups) for message in group}


def test_partitions_that_are_alike_and_not() -> None:
    """All alike is 100; one cluster cut in two is found half, and its parts are no exact matches."""
    assert clusters.sheet(partition("abc", "de"), partition("abc", "de")).figures() == {
        "messages": 5,
        "1-1": 100.0,
        "EM_F": 100.0,
        "ARI": 100.0,
    }
    cut = clusters.sheet(partition("abcd", "ef"), partition("ab", "cd", "ef")).figures()
    # One-to-one: ab or cd, and ef: 4 of 6. Exact: ef of 2 wanted and 3 found. Pairs: 3 both, 7 wanted, 3 found of 15.
    assert cut == {
        "messages": 6,
        "1-1": 66.7,
        "EM_F": 40.0,
        "ARI": pytest.approx(100 * (3 - 1.4) / (5 - 1.4), abs=0.05),
    }


def test_what_is_not_labelled_does_not_count() -> None:
    """A found conversation is what of it is labelled; what was put nowhere stands alone."""
    found = clusters.sheet(partition("ab", "cd"), {**partition("abz", "c"), "y": "9"}).figures()
    assert found["EM_F"] == pytest.approx(66.7)
    assert found["1-1"] == 75.0


def test_single_messages_are_no_conversations_to_match() -> None:
    """As elsewhere: an exact match of one message is no merit, and a figure of nothing is none."""
    assert clusters.sheet(partition("a", "b"), partition("a", "b")).figures()["EM_F"] is None
    assert clusters.sheet({}, {}).figures()["ARI"] is None


def test_single_sentences() -> None:
    """Precision, recall and F of what was taken for a promise."""
    judged = [("1", True, True), ("1", False, True), ("2", True, False), ("2", True, True), ("3", False, False)]
    assert intents.sheet(judged).figures() == {"n": 5, "gold": 3, "pred": 3, "P": 66.7, "R": 66.7, "F": 66.7}


def test_a_table_says_each_figure_with_its_spread() -> None:
    """Counts as they are; what has no value a dash; dotted names a line for each."""
    sheet = Sheet([{"n": 1, "hit": 1}] * 3, ("n",), {"a.F": HITS["share"], "b.F": share("x", "y")})
    assert [line.split() for line in lines({"facts": sheet})] == [
        ["facts", "n", "3"],
        ["facts", "a", "F", "100.0", "±0.0"],
        ["facts", "b", "F", "–"],
    ]
