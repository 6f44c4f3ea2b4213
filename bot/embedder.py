"""What turns texts into vectors: the package's own, which needs nothing, or an endpoint of OpenAI's kind."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

from pydantic import SecretStr

from bot.settings import Settings
from graphs.ports import Embedder
from graphs.tasks.kinds import kinds_of
from graphs.tasks.rarity import rarity_of
from graphs.tasks.stems import stems_of

if TYPE_CHECKING:
    from langchain_openai import OpenAIEmbeddings

GRAM = 4
GRAMS = 0.3
"""How much a word's pieces weigh beside it: enough to find a misspelt one."""
OPENAI = "https://api.openai.com/v1"
DEADLINE = 20.0
MOST = 8_000
"""Characters sent of a text: about a quarter of what models take, and more tells them no more."""


@dataclass(frozen=True)
class HashedWords:
    """Stems, their pieces and the kinds they belong to, each hashed to one dimension and weighted by how rare it is.

    Alike are texts that share words, forms of words, or words of one kind (a cat and a dog). Its name changes whenever
    the same text would get another vector.
    """

    name: str = "hashed-words-2"
    dimension: int = 384

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [self.vector(text) for text in texts]

    def vector(self, text: str) -> list[float]:
        found = [0.0] * self.dimension
        for stem, many in sorted(Counter(stems_of(text)).items()):
            weight = rarity_of(stem) * (1 + math.log(many))
            for feature, share in _features(stem):
                hashed = crc32(feature.encode())
                found[hashed % self.dimension] += weight * share * (1 if hashed >> 16 & 1 else -1)
        length = math.sqrt(sum(value * value for value in found))
        if not length:
            return [1.0, *found[1:]]  # no words: alike to the wordless, and a vector that cosine can take
        return [value / length for value in found]


@dataclass(frozen=True)
class AskedEmbedder:
    """Vectors from an endpoint; its errors are those of the client."""

    endpoint: "OpenAIEmbeddings"
    name: str
    dimension: int

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        vectors = await self.endpoint.aembed_documents([_sendable(text) for text in texts]) if texts else []
        if any(len(vector) != self.dimension for vector in vectors):
            raise WrongDimension(f"{self.name} gave vectors of {len(vectors[0])} dimensions, not {self.dimension}.")
        return vectors


class WrongDimension(ValueError):
    """The endpoint gave vectors of another length: set DAYBOOK_EMBEDDINGS_DIMENSION to what its model gives."""


def embedder_of(settings: Settings) -> Embedder:
    """The endpoint's model if one is set, else the package's own."""
    if not settings.embeddings_model:
        return HashedWords()
    from langchain_openai import OpenAIEmbeddings  # noqa: PLC0415  # takes a second to load, and most have none

    endpoint = OpenAIEmbeddings(
        model=settings.embeddings_model,
        dimensions=settings.embeddings_dimension,
        openai_api_key=SecretStr(settings.openai_api_key or "none"),  # an endpoint of one's own may want no key
        openai_api_base=settings.openai_base_url or OPENAI,
        check_embedding_ctx_length=False,  # else texts are cut with a vocabulary that is fetched from outside
        max_retries=2,
        request_timeout=DEADLINE,
    )
    return AskedEmbedder(endpoint, settings.embeddings_model, settings.embeddings_dimension)


def _sendable(text: str) -> str:
    """An endpoint refuses an empty text, and half a character cannot be sent."""
    return text[:MOST].encode("utf-8", "replace").decode().replace("\x00", " ").strip() or "-"


def _features(stem: str) -> Iterator[tuple[str, float]]:
    yield f"w{stem}", 1.0
    if len(stem) >= GRAM:
        grams = sorted({f"<{stem}>"[start : start + GRAM] for start in range(len(stem) + 3 - GRAM)})
        yield from ((f"g{gram}", GRAMS / math.sqrt(len(grams))) for gram in grams)
    kinds = kinds_of(stem)
    yield from ((f"k{kind}", 1 / math.sqrt(len(kinds))) for kind in kinds)
