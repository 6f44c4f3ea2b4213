"""What words tell, learnt from all corpora: how rare they are, and which of them open conversations."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from bot.training import openings
from bot.training.boosting import WEIGHTS
from bot.training.corpora import Rows
from graphs.tasks.reading import Reading
from graphs.tasks.wording import words_of

AT_LEAST = 12
"""Messages that must hold a word before it is listed."""


class Wording(NamedTuple):
    rarity: dict[str, float]
    rarest: float
    openings: dict[str, openings.Openings]
    """For each source what the other sources teach, and under "" what all teach."""

    def reading(self, source: str = "") -> Reading:
        return Reading(self.rarity, self.rarest, self.openings[source])


def learnt(raw: Mapping[str, Sequence[Rows]], weeks: Mapping[str, Sequence[Rows]]) -> Wording:
    """Rarity from public chats only, nicknames left out; openings from all."""
    lines = [row for each in raw.values() for rows in each for row in rows]
    names = {str(row["user"]).lower() for row in lines}
    standing = Counter(chain.from_iterable(words_of(row["text"]) for row in lines))
    many = len(lines)
    steps = {
        word: round(4 * math.log(many / n)) / 4 for word, n in standing.items() if n >= AT_LEAST and word not in names
    }
    irc = chain.from_iterable(raw[name] for name in ("mediawiki", "meeting", "ubuntu"))
    sources = {"irc": openings.told(irc), "gitter": openings.told(raw["gitter"])}
    sources |= {name: openings.told(each) for name, each in weeks.items()}
    return Wording(steps, round(math.log(many / 6), 2), openings.for_each(sources))


def write(wording: Wording) -> None:
    """Writes `segment-words.json`."""
    steps: dict[float, list[str]] = {}
    for word, weight in sorted(wording.rarity.items()):
        steps.setdefault(weight, []).append(word)
    words = {str(weight): " ".join(each) for weight, each in sorted(steps.items())}
    opened: dict[float, list[str]] = {}
    for gram, weight in sorted(wording.openings[""].items()):
        opened.setdefault(weight, []).append(gram)
    grams = {str(weight): each for weight, each in sorted(opened.items())}
    body = json.dumps({"rarest": wording.rarest, "words": words, "openings": grams}, indent=0, ensure_ascii=False)
    (WEIGHTS / "segment-words.json").write_text(body + "\n", "utf-8")
