"""An embedder for tests: texts that share words have vectors that are alike."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Hashing:
    """Adds up what each word is hashed to. `asked` counts the texts that it was given."""

    name: str = "hashing-1"
    dimension: int = 64
    asked: int = field(default=0, compare=False)

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.asked += len(texts)
        return [self._vector(text) for text in texts]

    def _vector(self, text: str) -> list[float]:
        values = [0.0] * self.dimension
        for word in text.lower().split() or [""]:
            digest = hashlib.blake2b(f"{self.name} {word}".encode("utf-8", "replace"), digest_size=16).digest()
            for each in range(0, 12, 4):
                place = int.from_bytes(digest[each : each + 3])
                values[place % self.dimension] += 1 if digest[each + 3] & 1 else -1
        length = math.sqrt(sum(value * value for value in values)) or 1.0
        return [value / length for value in values]
