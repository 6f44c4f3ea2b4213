"""`daybook doctor` on endpoints that can be used, and on each that cannot: one sentence that says what to change."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.findings import Finding
from bot.language import examination
from bot.settings import Settings
from tests.openai_server.asking import settings
from tests.openai_server.server import Fault, OpenAIServer, serving


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with serving() as running:
        yield running
        assert running.refused == []


async def findings(server: OpenAIServer, **given: Any) -> list[Finding]:
    found = await examination.examine(settings(server, **given))
    assert all(each.what.endswith(".") and "\n" not in each.what for each in found)
    return found


async def test_models_and_vectors_that_work_are_well(server: OpenAIServer) -> None:
    """Each model is tried for real, with a strict schema."""
    found = await findings(server, DAYBOOK_EMBEDDINGS_MODEL="embedder", DAYBOOK_EMBEDDINGS_DIMENSION=8)
    assert [each.well for each in found] == [True] * 3
    for each, words in zip(found, ("small answers", "large answers", "8 dimensions"), strict=True):
        assert words in each.what
    assert (server.calls, len(server.embedded)) == (2, 1)


async def test_without_a_model_nothing_is_asked(server: OpenAIServer) -> None:
    """And it is said that rules do everything."""
    (only,) = await examination.examine(Settings(OPENAI_BASE_URL=server.url))
    assert only.well
    assert "rules do everything" in only.what
    assert server.calls == 0


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"OPENAI_API_KEY": "sk-wrong"}, "set OPENAI_API_KEY"),
        ({"DAYBOOK_MODEL_LARGE": "larg"}, "set DAYBOOK_MODEL_LARGE to one of its (embedder, large, small, stubborn)"),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}, "set OPENAI_BASE_URL"),
        ({"DAYBOOK_EMBEDDINGS_MODEL": "stubborn"}, "Set DAYBOOK_EMBEDDINGS_DIMENSION"),
        ({"DAYBOOK_EMBEDDINGS_MODEL": "none"}, "set DAYBOOK_EMBEDDINGS_MODEL"),
        (
            {"DAYBOOK_SECOND_BASE_URL": "http://127.0.0.1:9/v1", "DAYBOOK_SECOND_MODEL_SMALL": "spare"},
            "set DAYBOOK_SECOND_BASE_URL",
        ),
    ],
)
async def test_what_is_set_wrongly_is_named(server: OpenAIServer, given: dict[str, str], told: str) -> None:
    """The variable, and what it is to be."""
    found = await findings(server, **given)
    assert told in next(each.what for each in found if not each.well)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("prose", "does not keep to strict JSON schemas"),
        ("filtered", "content filter"),
        ("no_quota", "no money left"),
        ("limited", "limits how much"),
        ("malformed_body", "no chat completion"),
        ("error_body", "no chat completion"),
        ("failing", "fails (http_500)"),
    ],
)
async def test_what_an_endpoint_does_wrong_is_named(server: OpenAIServer, fault: Fault, told: str) -> None:
    """Without a word of what it said."""
    server.misbehave(fault)
    found = await findings(server)
    assert all(told in each.what and not each.well for each in found)


async def test_a_wrong_path_is_guessed(server: OpenAIServer) -> None:
    """An address without its last part."""
    found = await findings(server, OPENAI_BASE_URL=server.url.removesuffix("/v1"))
    assert all("/v1" in each.what and not each.well for each in found)
