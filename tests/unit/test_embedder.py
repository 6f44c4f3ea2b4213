"""Vectors: the package's own need nothing and stay what they are; an endpoint is asked only when one is set."""

import hashlib
import math
from collections.abc import AsyncIterator
from importlib.resources import files
from typing import Any

import openai
import pytest
from aiohttp import web
from hypothesis import given as example
from hypothesis import settings
from hypothesis import strategies as st

from bot.embedder import HashedWords, WrongDimension, embedder_of
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
    assert told == ("hashed-words-1", "f0092563785d")


@pytest.fixture
async def endpoint() -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
    """A server that speaks the embeddings part of OpenAI's protocol, and what it was asked."""
    asked: list[dict[str, Any]] = []

    async def embeddings(request: web.Request) -> web.Response:
        body = await request.json()
        asked.append({**body, "authorization": request.headers["Authorization"]})
        if body["model"] == "down":
            return web.json_response({"error": {"message": "no such model"}}, status=404)
        size = 3 if body["model"] == "stubborn" else body["dimensions"]
        rows = [
            {"object": "embedding", "index": n, "embedding": [float(len(text))] * size}
            for n, text in enumerate(body["input"])
        ]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        return web.json_response({"object": "list", "data": rows, "model": body["model"], "usage": usage})

    app = web.Application()
    app.router.add_post("/v1/embeddings", embeddings)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    yield f"http://127.0.0.1:{port}/v1", asked
    await runner.cleanup()


def set_to(url: str, model: str) -> Settings:
    return Settings(
        OPENAI_API_KEY="sk-x", OPENAI_BASE_URL=url, DAYBOOK_EMBEDDINGS_MODEL=model, DAYBOOK_EMBEDDINGS_DIMENSION=8
    )


async def test_an_endpoint_is_asked_for_the_dimension(endpoint: tuple[str, list[dict[str, Any]]]) -> None:
    """With model, key and dimension as set, texts as texts, in their order; the empty text has a vector too."""
    url, asked = endpoint
    embedder = embedder_of(set_to(url, "small"))
    vectors = await embedder.embed(["a", "bbb", "", "\ud800\x00cc", "d" * 40_000])
    assert [vector[0] for vector in vectors] == [1, 3, 1, 4, 8000]
    assert {len(vector) for vector in vectors} == {embedder.dimension} == {8}
    assert embedder.name == "small"
    (request,) = asked
    assert (request["model"], request["dimensions"], request["authorization"]) == ("small", 8, "Bearer sk-x")
    assert request["input"][:2] == ["a", "bbb"]
    assert await embedder.embed([]) == []


async def test_an_endpoint_s_faults_are_told(endpoint: tuple[str, list[dict[str, Any]]]) -> None:
    """An error stays an error, and vectors of another length are not taken."""
    with pytest.raises(openai.NotFoundError):
        await embedder_of(set_to(endpoint[0], "down")).embed(["a"])
    with pytest.raises(WrongDimension):
        await embedder_of(set_to(endpoint[0], "stubborn")).embed(["a"])


def test_a_key_alone_asks_nobody() -> None:
    """Messages go to an endpoint only where its model is named."""
    assert isinstance(embedder_of(Settings(OPENAI_API_KEY="sk-x")), HashedWords)
