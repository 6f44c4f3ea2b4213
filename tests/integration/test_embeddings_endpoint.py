"""An endpoint that makes vectors, asked over HTTP as the settings say."""

from collections.abc import AsyncIterator

import openai
import pytest

from bot.embedder import WrongDimension, embedder_of
from bot.settings import Settings
from tests.openai_server.server import KEY, OpenAIServer, serving


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    """A server that speaks the embeddings part of OpenAI's protocol, and knows what it was asked."""
    async with serving() as running:
        yield running
        assert running.refused == []


def set_to(server: OpenAIServer, model: str) -> Settings:
    return Settings(
        OPENAI_API_KEY=KEY,
        OPENAI_BASE_URL=server.url,
        DAYBOOK_EMBEDDINGS_MODEL=model,
        DAYBOOK_EMBEDDINGS_DIMENSION=8,
    )


async def test_an_endpoint_is_asked_for_the_dimension(server: OpenAIServer) -> None:
    """With model, key and dimension as set, texts as texts, in their order; the empty text has a vector too."""
    embedder = embedder_of(set_to(server, "embedder"))
    vectors = await embedder.embed(["a", "bbb", "", "\ud800\x00cc", "d" * 40_000])
    assert [vector[0] for vector in vectors] == [1, 3, 1, 4, 8000]
    assert {len(vector) for vector in vectors} == {embedder.dimension} == {8}
    assert embedder.name == "embedder"
    (request,) = server.embedded
    assert (request["model"], request["dimensions"], request["authorization"]) == ("embedder", 8, f"Bearer {KEY}")
    assert request["input"][:2] == ["a", "bbb"]
    assert await embedder.embed([]) == []


async def test_an_endpoint_s_faults_are_told(server: OpenAIServer) -> None:
    """An error stays an error, and vectors of another length are not taken."""
    with pytest.raises(openai.NotFoundError):
        await embedder_of(set_to(server, "unknown")).embed(["a"])
    with pytest.raises(WrongDimension):
        await embedder_of(set_to(server, "stubborn")).embed(["a"])
