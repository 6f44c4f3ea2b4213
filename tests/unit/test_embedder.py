"""The package's own vectors need nothing, and stay what they are."""

import hashlib
import math
from importlib.resources import files

from hypothesis import given as example
from hypothesis import settings
from hypothesis import strategies as st

from bot.embedder import HashedWords, embedder_of
from bot.settings import Settings


def cosine(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


@settings(max_examples=100, deadline=None)
@example(text=st.text() | st.sampled_from(("", "\x00", "\ud800", "a" * 40_000, "the")))
def test_any_text_has_a_vector_of_unit_length(text: str) -> None:
    """The empty one and the nonsensical too, the same each time."""
    own = HashedWords()
    vector = own.vector(text)
    assert len(vector) == own.dimension
    assert math.isclose(cosine(vector, vector), 1, abs_tol=1e-9)
    assert vector == HashedWords().vector(text)


async def test_alike_are_forms_of_a_word_and_things_of_a_kind() -> None:
    """A misspelt word, another form and a thing of the same kind are nearer than another matter."""
    texts = ["Which pets do you have?", "my kitten sleeps", "the deployment failed", "deploying it", "the deploiment"]
    pets, kitten, deployment, deploying, misspelt = await HashedWords().embed(texts)
    assert cosine(pets, kitten) > 0.2 > abs(cosine(pets, deployment))
    assert cosine(deployment, deploying) > 0.2 > abs(cosine(deployment, kitten))
    assert cosine(deployment, misspelt) > abs(cosine(kitten, misspelt))


def test_other_weights_are_another_embedder() -> None:
    """Vectors that stand in a database can be compared only with their like: who changes the weights renames it."""
    weights = files("graphs.tasks").joinpath("weights")
    written = b"".join(weights.joinpath(f"{name}.json").read_bytes() for name in ("kinds", "rarity"))
    told = (HashedWords().name, hashlib.sha256(written).hexdigest()[:12])
    assert told == ("hashed-words-2", "6cd5ea8dc0a2")


def test_a_key_alone_asks_nobody() -> None:
    """Messages go to an endpoint only where its model is named."""
    assert isinstance(embedder_of(Settings(OPENAI_API_KEY="sk-x")), HashedWords)
