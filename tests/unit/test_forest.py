"""What a forest of small trees promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.tasks import ties
from graphs.tasks.forest import LEAVES, Node, UnfitWeights, planted, read

NUMBERS = st.sampled_from([-1.0, 0.0, 0.5, 1.0, 2.0, 16.0])
TREES = st.recursive(NUMBERS, lambda node: st.tuples(st.integers(0, 4), NUMBERS, node, node), max_leaves=LEAVES)


def walked(node: Node, row: list[float]) -> float:
    while not isinstance(node, int | float):
        column, threshold, left, right = node
        assert isinstance(column, int)
        assert isinstance(threshold, float)
        node = left if row[column] <= threshold else right
    return node


@given(st.lists(TREES, min_size=1, max_size=6), st.lists(st.lists(NUMBERS, min_size=5, max_size=5), max_size=4))
def test_a_score_is_the_sum_of_the_leaves_reached(trees: list[Node], rows: list[list[float]]) -> None:
    """Scores equal walking down every tree, whatever part of the columns is shared."""
    forest = planted(trees, 2)
    for row in rows:
        (score,) = forest.scores(row[:2], [row[2:]])
        assert score == pytest.approx(sum(walked(tree, row) for tree in trees))


def test_a_tree_of_too_many_leaves_is_refused() -> None:
    """A tree that does not fit its byte is an error, not a wrong score."""
    tree: Node = 0.0
    for _ in range(LEAVES):
        tree = [0, 1.0, tree, 1.0]
    with pytest.raises(UnfitWeights, match="9 leaves"):
        planted([tree], 1)


@pytest.mark.parametrize("style", ["busy", "quiet"])
def test_the_weights_shipped_fit_the_columns(style: str) -> None:
    """The shipped weights load, and are refused when the columns are not those they were trained on."""
    columns = [*ties.ABOUT_MESSAGE, *ties.ABOUT_TIE]
    assert read(f"segment-{style}", columns, len(ties.ABOUT_MESSAGE)).leaves
    with pytest.raises(UnfitWeights, match=style):
        read(f"segment-{style}", columns[1:], len(ties.ABOUT_MESSAGE))
