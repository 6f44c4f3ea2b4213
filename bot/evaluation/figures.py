"""How much of the evidence comes first: recall, hits and reciprocal ranks, by category of question."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

from bot.evaluation.sets import Question

DEPTHS = (5, 10, 20)
_APART = "adversarial"
"""Questions that cannot be answered: left out of `main`, as tables of these sets do."""
Figures = Mapping[str, Mapping[str, float]]


def score(questions: Sequence[Question], ranked: Mapping[str, Sequence[str]]) -> Figures:
    """Percentages by category, and over `main` and `all`; `n` counts questions. Those without evidence are left out.

    R@k: the mean share of a question's evidence among the first k; hit@k and all@k: the share of questions with any,
    and with all of it there; MRR: the mean reciprocal rank of the first.
    """
    groups: dict[str, list[dict[str, float]]] = {}
    for question in questions:
        if question.evidence:
            found = _of_one({*question.evidence}, ranked[question.qid])
            main = () if question.category_name == _APART else ("main",)
            for group in (question.category_name, "all", *main):
                groups.setdefault(group, []).append(found)
    return {
        group: {"n": len(each), **{name: round(100 * fmean(f[name] for f in each), 1) for name in each[0]}}
        for group, each in groups.items()
    }


def table(figures: Figures) -> Iterator[str]:
    """One line a group, the whole first."""
    for group in sorted(figures, key=lambda group: (group not in {"main", "all"}, group)):
        shown = " ".join(f"{name}={value}" for name, value in figures[group].items())
        yield f"{group:12s} {shown}"


def _of_one(evidence: set[str], order: Sequence[str]) -> dict[str, float]:
    places = [place for place, name in enumerate(order) if name in evidence]
    found = {"MRR": 1 / (places[0] + 1) if places else 0.0}
    for depth in DEPTHS:
        many = sum(place < depth for place in places)
        found |= {
            f"R@{depth}": many / len(evidence),
            f"hit@{depth}": float(many > 0),
            f"all@{depth}": float(many == len(evidence)),
        }
    return found
