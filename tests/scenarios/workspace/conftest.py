"""A local workspace with a small team, and a real Bolt app connected to it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.local.workspace import LocalWorkspace, Seed
from tests.scenarios.workspace.stage import NOW, TEAM, Bot, Control, connected, make_bot, manifest


@pytest.fixture
async def workspace() -> AsyncIterator[LocalWorkspace]:
    started = LocalWorkspace(Seed.model_validate(TEAM), manifest(), NOW, ack_timeout=1.0)
    await started.start()
    yield started
    await started.stop()


@pytest.fixture
async def client(workspace: LocalWorkspace) -> AsyncWebClient:
    return AsyncWebClient(token=workspace.bot_token, base_url=workspace.api_url)


@pytest.fixture
async def bot(workspace: LocalWorkspace) -> AsyncIterator[Bot]:
    async with connected(workspace, make_bot(workspace)) as listening:
        yield listening


@pytest.fixture
async def control(workspace: LocalWorkspace) -> AsyncIterator[Control]:
    async with aiohttp.ClientSession() as http:
        yield Control(http, workspace.url)
