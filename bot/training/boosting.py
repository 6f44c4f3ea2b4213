"""Boosted trees that choose among the rows of a message, grown with LightGBM and written as `forest` reads them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np

from bot.training.lessons import Pick, Table, message_of_row, shares, starts
from graphs.tasks import forest, ties

WEIGHTS = Path(forest.__file__).parent / "weights"
COLUMNS = [*ties.ABOUT_MESSAGE, *ties.ABOUT_TIE]
SETTINGS: Mapping[str, Any] = {
    "num_leaves": forest.LEAVES,
    "learning_rate": 0.2,
    "min_sum_hessian_in_leaf": 1.0,
    "lambda_l2": 5,
    "feature_fraction": 0.25,
    "max_bin": 63,
    "use_missing": False,
    "deterministic": True,
    "force_col_wise": True,
    "verbose": -1,
}


def grown(table: Table, trees: int, *, least: int, seed: int, threads: int) -> Any:
    """Trees that share out each message's probability among its rows (softmax over the rows); `least` rows a leaf."""
    begin, of = starts(table.sizes), message_of_row(table.sizes)
    weights = table.weights[of]

    def gradient(scores: np.ndarray, _: object) -> tuple[np.ndarray, np.ndarray]:
        share = shares(scores, table.sizes, table.stands_for)
        right = share * table.right
        right /= np.maximum(np.add.reduceat(right, begin)[of], 1e-12)
        return weights * (share - right), 2 * weights * np.maximum(share * (1 - share), 1e-6)

    settings = {**SETTINGS, "objective": gradient, "min_data_in_leaf": least, "seed": seed, "num_threads": threads}
    return lightgbm.train(settings, lightgbm.Dataset(table.rows, params={"max_bin": 63, "verbose": -1}), trees)


def planted(model: Any) -> forest.Forest:
    return forest.planted(trees_of(model), len(ties.ABOUT_MESSAGE))


def picking(model: Any) -> Pick:
    """Follows the row that the model scores highest."""
    trees = planted(model)

    def pick(about: list[float], rows: list[list[float]]) -> int:
        scores = trees.scores(about, rows)
        return scores.index(max(scores))

    return pick


def trees_of(model: Any) -> list[Any]:
    """The trees as `forest` reads them."""
    return [_node(tree["tree_structure"]) for tree in model.dump_model()["tree_info"]]


def write_trees(name: str, trees: Sequence[Any]) -> None:
    lines = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in trees)
    body = f'{{"columns": {json.dumps(COLUMNS)},\n"trees": [\n{lines}\n]}}\n'
    (WEIGHTS / f"{name}.json").write_text(body, "utf-8")


def _node(node: Mapping[str, Any]) -> Any:
    if "split_feature" not in node:
        return round(node["leaf_value"], 4)
    threshold = float(f"{node['threshold']:.6g}")
    return [node["split_feature"], threshold, _node(node["left_child"]), _node(node["right_child"])]
