"""Counts how rare stems are: python -m bot.training.rarity --data BENCHMARKS.

Reads only corpora whose licence allows shipping what was learnt (docs/models/retrieve.md), and writes
graphs/tasks/weights/rarity.json: stems by how rare they are among messages, in quarter steps of the logarithm.
"""

import argparse
import gzip
import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from bot.training.corpora import channels, week
from graphs.tasks import stems

WEIGHTS = Path(stems.__file__).parent / "weights" / "rarity.json"
AT_LEAST = 40
"""Messages that must hold a stem before it is listed."""
NAME = 400
"""A stem that is also somebody's nickname is left out, unless so many messages hold it that it is a word."""

UNSAID = frozenset({"120f6e5b4ea32f65"})
"""Slurs, by the beginning of their SHA-256: what people called each other in old logs is no word that ships."""


def main() -> None:
    """Reads the corpora and writes the weights."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True, help="folder with disentangle/, qmsum/, …")
    given = options.parse_args()
    names, holding, many = set[str](), Counter[str](), 0
    for author, text in said(given.data):
        names.update({author.lower(), *stems.stems_of(author)})
        holding.update(set(stems.stems_of(text)))
        many += 1
    steps: dict[float, list[str]] = {}
    for stem, held in holding.items():
        if held >= (NAME if stem in names else AT_LEAST) and stem.isascii() and stem.isalpha() and _ships(stem):
            steps.setdefault(round(4 * math.log(many / held)) / 4, []).append(stem)
    body = {
        "rarest": round(math.log(many / AT_LEAST) + 1, 2),
        "stems": {str(step): " ".join(sorted(each)) for step, each in sorted(steps.items())},
    }
    WEIGHTS.write_text(json.dumps(body, indent=0, ensure_ascii=False) + "\n", "utf-8")


def _ships(stem: str) -> bool:
    return hashlib.sha256(stem.encode()).hexdigest()[:16] not in UNSAID


def said(data: Path) -> Iterator[tuple[str, str]]:
    """Author and text of every message."""
    chat = data / "disentangle" / "dev"
    paths = [chat / f"irc_{name}" for name in ("ubuntu_train.jsonl.gz", "linux_pilot-dev.jsonl", "mediawiki.jsonl")]
    paths += [chat / "irc_ubuntu-meeting.jsonl", *sorted(chat.glob("gitter_*.jsonl"))]
    for row in chain.from_iterable(chain.from_iterable(map(channels, paths))):
        if not row["system"]:
            yield str(row["user"]), row["text"]
    for row in chain.from_iterable(week(data / "teamweek" / "dev-lumenpay")):
        yield "", row["text"]
    with gzip.open(data / "qmsum" / "dev" / "messages.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield row["speaker"], row["text"]


if __name__ == "__main__":
    main()
