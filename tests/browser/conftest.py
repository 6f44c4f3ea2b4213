"""A real local workspace, a small bot on real Socket Mode, and Chromium in front of both."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright, expect
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.local.workspace import LocalWorkspace
from tests.browser.team import DESKTOP, MANIFEST, NOW, SEED, Open

CHROMIUM = Path("/usr/bin/chromium")
INSTALLED = CHROMIUM.exists()
PATIENCE = 30_000.0
"""Milliseconds for anything on the page, however busy the machine; what hangs, hangs longer."""
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser for the session."""
    if not INSTALLED:
        pytest.skip("Chromium is missing: install Debian's package `chromium` to run the browser tests.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        await browser.close()


@pytest.fixture
async def workspace() -> AsyncIterator[LocalWorkspace]:
    """A small team, as it stands at half past nine in Berlin."""
    server = LocalWorkspace(SEED, MANIFEST, now=NOW)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def bot(workspace: LocalWorkspace) -> AsyncIterator[AsyncApp]:
    """An app without listeners, connected; a test gives it its own."""
    app = AsyncApp(client=AsyncWebClient(workspace.bot_token, base_url=workspace.api_url))
    handler = AsyncSocketModeHandler(
        app, workspace.app_token, web_client=AsyncWebClient(workspace.bot_token, base_url=workspace.api_url)
    )
    await handler.connect_async()
    yield app
    await handler.close_async()


@pytest.fixture
async def open_page(chromium: Browser, workspace: LocalWorkspace) -> AsyncIterator[Open]:
    """Opens the page at an address; at the end nothing may have failed in any of them."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    async def opened(path: str = "/?as=U1&channel=C1", size: ViewportSize = DESKTOP, **options: Any) -> Page:
        context = await chromium.new_context(viewport=size, **options)
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.goto(f"{workspace.url}{path}")
        await page.wait_for_selector("[data-acting-as]")
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert problems == []
