"""How much of the evidence comes first: recall, hits and reciprocal ranks, by category of question."""

from collections.abc import Iterable, Mapping, Sequence

from bot.evaluation.figures.sheet import Counts, Sheet, share
from bot.evaluation.sets import Question

DEPTHS = (5, 10, 20)
NAMES = ("MRR", *(f"{what}@{depth}" for depth in DEPTHS for what in ("R", "hit", "all")))
_APART = "adversarial"
"""Questions that cannot be answered: left out of `main`, as tables of these sets do."""
_READINGS = {name: share(name, "n") for name in NAMES}


def sheets(questions: Sequence[Question], ranked: Mapping[str, Sequence[str]]) -> Mapping[str, Sheet]:
    """By category, and over `main` and `all`; `n` counts questions. Those without evidence are left out.

    R@k: the mean share of a question's evidence among the first k; hit@k and all@k: the share of questions with any,
    and with all of it there; MRR: the mean reciprocal rank of the first. The units are the questions.
    """
    groups: dict[str, list[Counts]] = {}
    for question in questions:
        if question.evidence:
            found = _of_one({*question.evidence}, ranked[question.qid])
            main = () if question.category_name == _APART else ("main",)
            for group in (question.category_name, "all", *main):
                groups.setdefault(group, []).append(found)
    return {group: Sheet(each, ("n",), _READINGS) for group, each in groups.items()}


def in_order(groups: Iterable[str]) -> list[str]:
    """The whole first."""
    return sorted(groups, key=lambda group: (group not in {"main", "all"}, group))


def _of_one(evidence: set[str], order: Sequence[str]) -> Counts:
    places = [place for place, name in enumerate(order) if name in evidence]
    found: dict[str, float] = {"n": 1, "MRR": 1 / (places[0] + 1) if places else 0.0}
    for depth in DEPTHS:
        many = sum(place < depth for place in places)
        found |= {
            f"R@{depth}": many / len(evidence),
            f"hit@{depth}": float(many > 0),
            f"all@{depth}": float(many == len(evidence)),
        }
    return found
