"""What teaches `acts`: the phrases of messages, and what each message does; and sentences of letters for `intent`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bot.training import learning
from bot.training.learning import Array, Line
from bot.training.talks import Talk
from graphs.tasks import acts
from graphs.tasks.acts import ACTS
from graphs.tasks.speech import Clause, clauses_of
from graphs.tasks.tokens import phrases, tokens

COMMON = 300
"""Words that keep their form in a clause's build."""
WORLDS = 3
"""A phrase that fewer worlds know is one team's own."""
LETTERS = 4
"""Sentences of letters that must hold a phrase."""
STRENGTH = {"intent": 0.3, "quiet": 0.1}
_STRENGTH = 0.3
_LIGHT = 0.05
"""A phrase that weighs less is left out."""


class Lessons:
    """Messages and sentences with their phrases."""

    def __init__(self, talks: Sequence[Talk], letters: Sequence[tuple[str, int]]) -> None:
        self.talks = talks
        told = [said.clauses for talk in talks for said in talk.told]
        self.world = np.array([talk.world for talk in talks for _ in talk.told])
        heard = [clauses_of(text) for text, _ in letters]
        counted = Counter(token for said in told for token in _signs(said))
        self.common = frozenset(sorted(counted, key=lambda token: (-counted[token], token))[:COMMON])
        bags = [self._bag(said) for said in told]
        written = [self._bag(said) for said in heard]
        self.phrases = _known(bags, self.world, written)
        self.rows = self._rows(bags)
        self.letters = self._rows(written)
        labels = [own for talk in talks for own in talk.labels]
        self.said = {act: np.array([own.get(act, 0) for own in labels]) for act in ACTS}
        self.intent = np.array([label for _, label in letters])

    def lines(self, without: int | None = None) -> dict[str, Line]:
        """A model for each act."""
        kept = self.world != (-1 if without is None else without)
        found = {
            act: learning.line(self.rows[kept], self.said[act][kept], STRENGTH.get(act, _STRENGTH))
            for act in ACTS
            if act != "intent"
        }
        return {**found, "intent": learning.line(self.letters, self.intent, STRENGTH["intent"])}

    def apart(self) -> dict[int, acts.Weights]:
        """For each world the weights that the others teach, as they would ship."""
        return {world: acts.weights(self.body(without=int(world))) for world in sorted(set(self.world.tolist()))}

    def intent_apart(self) -> float:
        """F of what asks for or proposes something in letters, each tenth judged by what the other nine teach."""
        tenth = np.arange(len(self.intent)) % 10
        found = np.zeros(len(self.intent), dtype=bool)
        spoken = np.asarray(self.rows.sum(axis=0)).ravel() > 0
        for left in range(10):
            taught = tenth != left
            held = np.asarray(self.letters[taught].sum(axis=0)).ravel()
            columns = np.flatnonzero(spoken | (held >= LETTERS))
            line = learning.line(self.letters[taught][:, columns], self.intent[taught], STRENGTH["intent"])
            found[~taught] = line.scores(self.letters[~taught][:, columns]) > 0
        return float(2 * (found & (self.intent == 1)).sum() / (found.sum() + self.intent.sum()))

    def body(self, without: int | None = None) -> dict[str, Any]:
        """The weights in the form that ships."""
        lines = self.lines(without)
        weighed: dict[str, list[int]] = {}
        for phrase, column in self.phrases.items():
            pairs = []
            for number, act in enumerate(ACTS):
                weight = float(lines[act].weights[column])
                if abs(weight) >= _LIGHT:
                    pairs += [number, round(100 * weight)]
            if pairs:
                weighed[phrase] = pairs
        return {
            "acts": list(ACTS),
            "common": " ".join(sorted(self.common)),
            "bias": learning.rounded([lines[act].bias for act in ACTS]),
            "phrases": weighed,
        }

    def _bag(self, said: Sequence[Clause]) -> list[str]:
        return list(dict.fromkeys(p for each in said for p in phrases(tokens(each.words), self.common)))

    def _rows(self, bags: Sequence[Sequence[str]]) -> Array:
        numbers = [[self.phrases[phrase] for phrase in bag if phrase in self.phrases] for bag in bags]
        return learning.sparse(numbers, len(self.phrases))


def _signs(said: Sequence[Clause]) -> set[str]:
    return {token for clause in said for token in tokens(clause.words)}


def _known(bags: Sequence[Sequence[str]], world: Array, letters: Sequence[Sequence[str]]) -> Mapping[str, int]:
    spread: dict[str, set[int]] = {}
    for bag, number in zip(bags, world.tolist(), strict=True):
        for phrase in bag:
            spread.setdefault(phrase, set()).add(number)
    written = Counter(phrase for bag in letters for phrase in bag)
    kept = {phrase for phrase, where in spread.items() if len(where) >= WORLDS}
    kept |= {phrase for phrase, many in written.items() if many >= LETTERS}
    return {phrase: number for number, phrase in enumerate(sorted(kept))}
