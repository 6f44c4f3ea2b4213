"""Trains what `extract` notices with, from invented weeks and from sentences of letters.

    python -m bot.training.extract --data BENCHMARKS [--weeks FOLDER] [--measure]

writes graphs/tasks/weights/acts.json, noticing.json and settling.json. `--measure` also trains without each world in
turn and scores the facts found in it. Needs numpy, scipy, scikit-learn and lightgbm: docs/models/extract.md.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.training import acts_lessons, figures_of_facts, noticing_lessons, settling_lessons, talks, worlds
from bot.training.talks import Talk

WEIGHTS = Path(__file__).parents[2] / "graphs" / "tasks" / "weights"
WEEKS = Path(__file__).parent / "weeks"


def main() -> None:
    """Trains all three models, one upon the other."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True, help="the folder of benchmarks")
    options.add_argument("--weeks", type=Path, default=WEEKS, help="the folder of week files")
    options.add_argument("--out", type=Path, default=WEIGHTS)
    options.add_argument("--measure", action="store_true", help="score each world by what the others teach")
    given = options.parse_args()
    read = corpus(given.data, given.weeks)
    letters = sentences(given.data)
    taught = Taught(read, letters)
    for name, body in taught.bodies().items():
        write(given.out / f"{name}.json", body)
    if given.measure:
        print(f"intent in letters, ten-fold: F {taught.acts.intent_apart():.1%} of {len(letters)}", flush=True)
        figures_of_facts.show(read, taught.without)


def corpus(data: Path, weeks: Path) -> list[worlds.World]:
    paths = [data / "teamweek" / "dev-lumenpay", *sorted(weeks.glob("*.week"))]
    return [worlds.read(path) for path in paths]


def sentences(data: Path) -> list[tuple[str, int]]:
    lines = (data / "email_intent" / "dev" / "sentences.jsonl").read_text("utf-8").splitlines()
    return [(row["text"], row["label"]) for row in map(json.loads, lines)]


class Taught:
    """The three models, each trained on what the one before makes of worlds that it has not seen."""

    def __init__(self, read: Sequence[worlds.World], letters: Sequence[tuple[str, int]]) -> None:
        self.talks: list[Talk] = [each for world, each_world in enumerate(read) for each in talks.of(each_world, world)]
        self.acts = acts_lessons.Lessons(self.talks, letters)
        self.scored = self.acts.apart()
        self.noticing = noticing_lessons.Lessons(self.talks, self.scored)
        self.settling = settling_lessons.Lessons(read, self.talks, self.scored)

    def bodies(self) -> dict[str, Any]:
        return {
            "acts": self.acts.body(),
            "noticing": self.noticing.body(),
            "settling": self.settling.body(),
        }

    def without(self, world: int) -> dict[str, Any]:
        """The same, as if one world had never been seen."""
        return {
            "acts": self.acts.body(without=world),
            "noticing": self.noticing.body(without=world),
            "settling": self.settling.body(without=world),
        }


def write(path: Path, body: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    print(path.name, path.stat().st_size, "bytes", flush=True)


if __name__ == "__main__":
    main()
