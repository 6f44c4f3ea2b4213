"""What teaches `noticing`: what can be told of each message where it stands, and which facts it states."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bot.training import learning, noted
from bot.training.talks import Talk
from graphs.tasks import acts, saying, traits

STRENGTH = 0.01


class Lessons:
    """Rows of `traits.COLUMNS`, made with weights that have not seen the row's world."""

    def __init__(self, talks: Sequence[Talk], scored: Mapping[int, acts.Weights]) -> None:
        rows = [row for talk in talks for row in traits.rows(said_of(talk, scored[talk.world]), talk.leads)]
        self.rows = np.array(rows)
        self.world = np.array([talk.world for talk in talks for _ in talk.told])
        labels = [own for talk in talks for own in talk.labels]
        self.said = {kind: np.array([noted.of_kind(own, kind) for own in labels]) for kind in noted.KINDS}
        proposed = np.array([own.get("proposed", 0) for own in labels])
        self.said["proposed"] = np.where(self.said["decision"] == noted.YES, proposed, noted.UNSURE)
        self.enough = self._enough()

    def body(self, without: int | None = None) -> dict[str, Any]:
        """The weights in the form that ships."""
        kept = self.world != (-1 if without is None else without)
        scale = learning.scale(self.rows[kept])
        kinds = {}
        for kind, said in self.said.items():
            line = learning.line(scale.of(self.rows[kept]), said[kept], STRENGTH)
            grown = learning.trees(self.rows[kept], said[kept])
            kinds[kind] = {
                "bias": round(line.bias, 4),
                "weights": learning.rounded(line.weights),
                "base": round(grown.base, 4),
                "trees": grown.trees,
                "enough": round(self.enough[kind], 4),
            }
        return {
            "columns": list(traits.COLUMNS),
            "means": learning.rounded(scale.means),
            "spreads": learning.rounded(scale.spreads, 6),
            "kinds": kinds,
        }

    def _enough(self) -> dict[str, float]:
        """Where F is best for each kind, each world scored by what the others teach."""
        found = {}
        for kind, said in self.said.items():
            scores = np.zeros(len(said))
            for world in sorted(set(self.world.tolist())):
                kept, left = self.world != world, self.world == world
                scale = learning.scale(self.rows[kept])
                line = learning.line(scale.of(self.rows[kept]), said[kept], STRENGTH)
                grown = learning.trees(self.rows[kept], said[kept])
                scores[left] = (line.scores(scale.of(self.rows[left])) + grown.scores(self.rows[left])) / 2
            found[kind], best = learning.threshold(said, scores)
            print(
                f"{kind}: {int((said == noted.YES).sum())}, F of its messages {best:.1%} from {found[kind]:.2f} on",
                flush=True,
            )
        found["proposed"] = 0.0
        return found


def said_of(talk: Talk, weights: acts.Weights) -> list[saying.Said]:
    return [
        saying.said(utterance, *acts.scores(utterance.clauses, weights), plain)
        for utterance, plain in zip(talk.told, talk.plain, strict=True)
    ]
