"""An endpoint that makes vectors, asked over HTTP as the settings say."""

from collections.abc import AsyncIterator
from typing import Any

import openai
import pytest
from aiohttp import web

from bot.embedder import WrongDimension, embedder_of
from bot.settings import Settings


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
