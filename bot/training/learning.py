"""Fitting the small models of `extract`: sparse and dense logistic regressions, boosted trees, where to draw the line.

Needs numpy, scipy, scikit-learn and lightgbm, in an environment of their own; Daybook itself needs none of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from graphs.tasks.noticing import FAR

Array = Any


@dataclass(frozen=True)
class Line:
    """A linear model: log-odds are `bias` and what each column weighs."""

    bias: float
    weights: Array

    def scores(self, rows: Array) -> Array:
        return np.asarray(rows @ self.weights).ravel() + self.bias


def sparse(bags: Sequence[Sequence[int]], width: int) -> Array:
    """A row of ones and zeros for each bag of column numbers."""
    at = [row for row, bag in enumerate(bags) for _ in bag]
    columns = [column for bag in bags for column in bag]
    return csr_matrix((np.ones(len(at)), (at, columns)), shape=(len(bags), width))


def line(rows: Array, said: Array, strength: float) -> Line:
    """Logistic regression; `said` is 1 or 0, other rows are left out. The larger `strength`, the closer the fit."""
    known = said >= 0
    if said[known].sum() < _FEWEST:
        return Line(-5.0, np.zeros(rows.shape[1]))
    model = LogisticRegression(C=strength, solver="liblinear", max_iter=500)
    model.fit(rows[known], said[known])
    return Line(float(model.intercept_[0]), model.coef_[0])


_FEWEST = 3


@dataclass(frozen=True)
class Scale:
    """How columns are brought to one scale: by mean and spread, what is far out cut off."""

    means: Array
    spreads: Array

    def of(self, rows: Array) -> Array:
        return np.clip((rows - self.means) / self.spreads, -FAR, FAR)


def scale(rows: Array) -> Scale:
    spreads = rows.std(axis=0)
    return Scale(rows.mean(axis=0), np.where(spreads > 1e-9, spreads, 1.0))


@dataclass(frozen=True)
class Trees:
    """Boosted trees, as `graphs.tasks.forest` reads them: log-odds are `base` and a leaf of each."""

    base: float
    trees: list[Any]
    booster: Any

    def scores(self, rows: Array) -> Array:
        return self.base + self.booster.predict(rows, raw_score=True)


def trees(rows: Array, said: Array, seed: int = 0) -> Trees:
    known = said >= 0
    options = {
        "objective": "binary",
        "num_leaves": 6,
        "learning_rate": 0.05,
        "min_data_in_leaf": 15,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "feature_fraction": 0.4,
        "lambda_l2": 5.0,
        "seed": seed,
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "boost_from_average": False,
        "use_missing": False,
        "verbose": -1,
    }
    share = said[known].mean()
    base = float(np.log(share / (1 - share)))
    lessons = lightgbm.Dataset(rows[known], said[known], init_score=np.full(int(known.sum()), base))
    booster = lightgbm.train(options, lessons, num_boost_round=120)
    return Trees(base, [_node(each["tree_structure"]) for each in booster.dump_model()["tree_info"]], booster)


def _node(node: Mapping[str, Any]) -> Any:
    if "split_feature" not in node:
        return round(node["leaf_value"], 4)
    split = float(f"{node['threshold']:.6g}")
    return [node["split_feature"], split, _node(node["left_child"]), _node(node["right_child"])]


def threshold(said: Array, scores: Array) -> tuple[float, float]:
    """From which score on F is best, and that F."""
    known = said >= 0
    said, scores = said[known], scores[known]
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(said[order])
    measure = 2 * hits / (np.arange(1, len(said) + 1) + said.sum())
    best = int(measure.argmax())
    return float(scores[order][best]), float(measure[best])


def rounded(values: Sequence[float], digits: int = 4) -> list[float]:
    return [round(float(each), digits) for each in values]
