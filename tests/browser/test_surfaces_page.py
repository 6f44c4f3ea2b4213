"""The slash command, the shortcut and the Home tab as people meet them on the page, with Daybook behind them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.local.workspace import LocalWorkspace
from tests.browser.conftest import INSTALLED
from tests.browser.pictures import HOME, keep, look
from tests.browser.team import DESKTOP, PHONE, Open
from tests.conftest import TestDatabase
from tests.scenarios.house import House, opened
from tests.scenarios.team import BOT, DEE, GENERAL, MORNINGS

SECTIONS = (
    *("Today", "You promised", "Promised to you", "Your briefings are on:", "Settings:", "What I read for you"),
    "What I know about you",
)
"""What stands in the Home tab, in this order."""


@pytest.fixture
async def house(database: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    if not INSTALLED:
        pytest.skip("Chromium is missing: nobody to look at the surfaces.")
    async with opened(database, tmp_path) as made:
        yield made


@pytest.fixture
async def workspace(house: House) -> LocalWorkspace:
    return house.workspace


async def test_a_day_by_command_shortcut_and_home_tab(open_page: Open, house: House) -> None:
    """A command is suggested and answered in private, the shortcut says what comes, and a fact is forgotten."""
    async with house.after_the_day(leaders=(DEE,)):
        page = await open_page(f"/?as={DEE}&channel={GENERAL}", DESKTOP)
        box = page.get_by_label("Message #general")
        await box.press_sequentially("/day")
        await expect(page.get_by_role("option")).to_contain_text("/daybook")
        await box.press("Enter")
        await box.press_sequentially("owe")
        await box.press("Enter")
        answer = page.locator("#main .message").last
        await expect(answer).to_contain_text("You promised")
        await expect(answer).to_contain_text("ask security about the firewall change")
        await expect(box).to_have_value("")
        await look(page, "command-desktop")

        await page.get_by_role("button", name="Shortcuts").click()
        await page.get_by_role("button", name="Brief me").click()
        dialog = page.get_by_role("dialog", name="Brief me")
        await expect(dialog).to_contain_text("I am making your briefing")
        await page.keyboard.press("Escape")
        await house.briefing(DEE)

        await page.goto(f"{house.workspace.url}/?as={DEE}&app={BOT}")
        home = page.get_by_role("region", name="Home")
        await expect(home).to_contain_text("Today")
        await expect(home.get_by_role("link", name="Open it")).to_be_visible()
        await expect(home).to_contain_text("What I read for you")
        await look(page, "home-desktop")
        await home.get_by_role("button", name="What do you hold about me?").click()
        held = page.get_by_role("dialog", name="What I hold about you")
        await expect(held).to_contain_text("ask security about the firewall change")
        await look(page, "holdings-desktop")
        entry = held.locator(".block", has_text="ask security about the firewall change")
        await entry.get_by_role("button", name="Forget this").click()
        await page.get_by_role("dialog", name="Forget this?").get_by_role("button", name="Forget this").click()
        await expect(held).not_to_contain_text("ask security about the firewall change")

        await held.get_by_role("button", name="Close").last.click()
        await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_the_home_tab_is_read_and_pressed_on_a_phone(open_page: Open, house: House) -> None:
    """Its sections in their order; a promise is confirmed and done, and the briefings are stopped and started."""
    async with house.after_the_day(leaders=(DEE,)):
        house.at(MORNINGS[DEE], seconds=1)
        await house.briefing(DEE)
        await house.quiet()
        phone = await open_page(f"/?as={DEE}&app={BOT}", PHONE)
        tab = phone.get_by_role("region", name="Home")
        await expect(tab).to_contain_text("need you")
        assert await tab.evaluate("node => node.scrollWidth <= node.clientWidth")
        read = await tab.inner_text()
        assert sorted(SECTIONS, key=read.index) == list(SECTIONS)
        await keep(phone, "home-phone", whole=HOME)
        promise = tab.locator(".block.section", has_text="draft the Marigold announcement")
        await expect(promise).not_to_contain_text("confirmed")
        row = promise.locator("xpath=following-sibling::*[1]")
        await row.get_by_role("button", name="Yes, I promised").click()
        await expect(promise).to_contain_text("confirmed")
        await expect(row.get_by_role("button")).to_have_text(["Done", "Not a promise"])
        await row.get_by_role("button", name="Done").click()
        await expect(promise).to_have_count(0)
        await tab.get_by_role("button", name="Stop").click()
        await expect(tab).to_contain_text("Your briefings are off")
        await tab.get_by_role("button", name="Start").click()
        await expect(tab).to_contain_text("Your briefings are on")
