"""Invented talk whose words are as common and as rare as those of real talk."""

import bisect
import itertools
import random
from collections.abc import Iterator
from datetime import timedelta

from memory.models.ids import ContainerId, PersonId, TeamId, container_id, message_id, person_id
from memory.models.messages import Message
from tests.integration.chat import START

TEAM = TeamId("T1")
WORDS = 30_000
_SYLLABLES = [
    c + v + e
    for c in "b d f g k l m n p r s t v z br dr kl pl st tr".split()
    for v in "aeiou"
    for e in ("", "n", "r", "k")
]


class Vocabulary:
    """Words by Zipf's law: the n-th is used in proportion to 1/n."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.words = list(itertools.islice(self._distinct(), WORDS))
        self._cumulative = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(WORDS)))

    def _distinct(self) -> Iterator[str]:
        seen: set[str] = set()
        while True:
            word = "".join(self._random.choices(_SYLLABLES, k=2 if len(seen) < 2000 else 3))
            if word not in seen:
                seen.add(word)
                yield word

    def draw(self, many: int) -> list[str]:
        top = self._cumulative[-1]
        return [self.words[bisect.bisect(self._cumulative, self._random.random() * top)] for _ in range(many)]

    def sentence(self, topic: list[str]) -> str:
        """Mostly common words, and two of what is being talked about."""
        said = self.draw(max(3, int(self._random.lognormvariate(2.3, 0.6)))) + self._random.sample(topic, 2)
        self._random.shuffle(said)
        return " ".join(said)

    def topic(self) -> list[str]:
        return [self.words[self._random.randrange(200, WORDS)] for _ in range(8)]

    def talk(self, place: ContainerId, many: int, authors: list[PersonId]) -> Iterator[Message]:
        """A container's messages; every twelfth or so begins another topic."""
        topic, at = self.topic(), START - timedelta(days=200)
        for _ in range(many):
            if self._random.random() < 0.08:
                topic = self.topic()
            at += timedelta(seconds=self._random.expovariate(1 / 300))
            ts = f"{at.timestamp():.6f}"
            yield Message(
                message_id=message_id(place, ts),
                team_id=TEAM,
                container_id=place,
                external_ts=ts,
                author_id=self._random.choice(authors),
                posted_at=at,
                text=self.sentence(topic),
            )

    def question(self, said: str) -> list[str]:
        """A question about a message: some of its words, and common ones besides."""
        words = said.split()
        return self._random.sample(words, min(4, len(words))) + self.draw(3)


def place(number: int) -> ContainerId:
    return container_id(TEAM, "slack", f"C{number}")


def somebody(name: str) -> PersonId:
    return person_id(TEAM, "slack", name)
