"""Settings as a reader meets them: in Daybook's Home tab, with Daybook behind it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from bot.local.workspace import LocalWorkspace
from tests.browser.conftest import INSTALLED
from tests.browser.pictures import look
from tests.browser.team import DESKTOP, PHONE, Open
from tests.conftest import TestDatabase
from tests.scenarios.house import House, opened
from tests.scenarios.team import ADA, BOT


@pytest.fixture
async def house(database: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    if not INSTALLED:
        pytest.skip("Chromium is missing: nobody to look at the settings.")
    async with opened(database, tmp_path) as made:
        yield made


@pytest.fixture
async def workspace(house: House) -> LocalWorkspace:
    return house.workspace


async def _form(page: Page) -> Locator:
    await page.get_by_role("region", name="Home").get_by_role("button", name="Settings").click()
    form = page.get_by_role("dialog", name="Settings")
    await expect(form).to_be_visible()
    return form


async def _tick(page: Page, form: Locator, field: str, name: str) -> None:
    await form.locator(f'[data-action-id="{field}"]').click()
    await page.get_by_role("checkbox", name=name, exact=True).check()
    await page.keyboard.press("Escape")


async def test_settings_are_filled_in_mended_and_saved(open_page: Open, house: House) -> None:
    """What is wrong shows at its field, the rest stays as it was filled in, and once saved the Home tab tells of it."""
    async with house.daybook(leaders=(ADA,)):
        page = await open_page(f"/?as={ADA}&app={BOT}", DESKTOP)
        form = await _form(page)
        await expect(form.get_by_label("Time")).to_have_value("08:30")
        await form.get_by_label("Time").fill("07:15")
        await form.get_by_label("Friday").uncheck()
        await form.get_by_label("Quiet days").fill("christmas")
        await _tick(page, form, "muted", "#payments")
        await _tick(page, form, "people", "Ben Okafor")
        await form.get_by_label("In a direct message").check()
        await form.get_by_role("button", name="Save").click()
        await expect(form.locator('[data-error-for="quiet_days"]')).to_contain_text("Write dates like 2026-12-24")
        await expect(form.get_by_label("Time")).to_have_value("07:15")
        await form.get_by_label("Quiet days").fill("2026-12-24 to 2026-12-26")
        await form.get_by_role("button", name="Save").click()
        await expect(page.get_by_role("dialog")).to_have_count(0)
        home = page.get_by_role("region", name="Home")
        await expect(home).to_contain_text("Mon, Tue, Wed, Thu at 07:15")
        await expect(home).to_contain_text("in a direct message")
        await expect(home).to_contain_text("Quiet: three days")
        again = await _form(page)
        await expect(again.get_by_label("Quiet days")).to_have_value("2026-12-24 to 2026-12-26")
        await expect(again.locator('[data-action-id="muted"]')).to_contain_text("#payments")
        await expect(again.locator('[data-action-id="people"]')).to_contain_text("Ben Okafor")
        await expect(again.get_by_label("In a direct message")).to_be_checked()


@pytest.mark.parametrize(("name", "size"), [("phone", PHONE), ("desktop", DESKTOP)])
async def test_the_form_fits_its_page(open_page: Open, house: House, name: str, size: ViewportSize) -> None:
    """Nothing of it lies beside the page, and its last field and its button can be reached."""
    async with house.daybook(leaders=(ADA,)):
        page = await open_page(f"/?as={ADA}&app={BOT}", size)
        form = await _form(page)
        box = await form.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size["width"]
        assert await form.evaluate("node => node.scrollWidth <= node.clientWidth")
        await look(page, f"settings-{name}")
        await form.get_by_label("On my last workday").scroll_into_view_if_needed()
        await expect(form.get_by_label("On my last workday")).to_be_in_viewport()
        await expect(form.get_by_role("button", name="Save")).to_be_in_viewport()
