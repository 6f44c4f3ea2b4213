"""What the words of a message may be doing, by a trained linear model over its phrases: promising, asking, settling.

docs/models/extract.md says what it learnt from. The score of a message is the sum of what its phrases weigh, so that
each clause has its share of it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from graphs.tasks.speech import Clause
from graphs.tasks.tokens import phrases, tokens

ACTS = (
    "commitment",
    "decided",
    "proposed",
    "question",
    "blocker",
    "update",
    "request",
    "done",
    "dropped",
    "answer",
    "cleared",
    "reversed",
    "quiet",
    "intent",
)
"""The acts in the order of their weights; `quiet` is talk in which nothing is noted, `intent` asks for or proposes
something, as in a letter."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Per phrase what it adds to which act; `common` are the words that keep their form in a clause's build."""

    common: frozenset[str]
    bias: tuple[float, ...]
    phrases: Mapping[str, tuple[tuple[int, float], ...]]


Scores = tuple[float, ...]
"""Log-odds, one for each of `ACTS`."""


@cache
def trained() -> Weights:
    """The weights that ship with the package; read once."""
    return weights(json.loads(files("graphs.tasks").joinpath("weights", "acts.json").read_text("utf-8")))


def weights(body: Mapping[str, Any]) -> Weights:
    """Weights as training wrote them: hundredths, pairs of act and weight after each phrase."""
    found = {
        phrase: tuple((pairs[at], pairs[at + 1] / 100) for at in range(0, len(pairs), 2))
        for phrase, pairs in body["phrases"].items()
    }
    return Weights(frozenset(body["common"].split()), tuple(body["bias"]), found)


def scores(clauses: Sequence[Clause], known: Weights | None = None) -> tuple[Scores, tuple[Scores, ...]]:
    """Of the whole message, and of each of its clauses what that adds."""
    known = known or trained()
    seen: set[str] = set()
    whole = list(known.bias)
    by_clause = []
    for clause in clauses:
        here = [0.0] * len(ACTS)
        for phrase in dict.fromkeys(phrases(tokens(clause.words), known.common)):
            if (pairs := known.phrases.get(phrase)) is None:
                continue
            new = phrase not in seen
            seen.add(phrase)
            for act, weight in pairs:
                here[act] += weight
                if new:
                    whole[act] += weight
        by_clause.append(tuple(here))
    return tuple(whole), tuple(by_clause)
