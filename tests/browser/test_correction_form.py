"""A correction as somebody meets it: the menu of a message, the form, what it would change, and what was changed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.local.workspace import LocalWorkspace
from tests.browser.conftest import INSTALLED
from tests.browser.team import PHONE, Open
from tests.conftest import TestDatabase
from tests.scenarios.house import House, opened, until
from tests.scenarios.team import DEE, LEADS, said
from tests.scenarios.test_feedback import happened


@pytest.fixture
async def house(database: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    if not INSTALLED:
        pytest.skip("Chromium is missing: nobody to look at the form.")
    async with opened(database, tmp_path) as made:
        yield made


@pytest.fixture
async def workspace(house: House) -> LocalWorkspace:
    return house.workspace


async def test_wrong_is_chosen_at_a_message_filled_in_and_confirmed(open_page: Open, house: House) -> None:
    """On a phone: the sentence as it is, a mistake at its field, the sentence as it will be, and only then a change."""
    async with house.after_the_day(leaders=(DEE,)):
        page = await open_page(f"/?as={DEE}&channel={LEADS}", PHONE)
        message = page.locator(f'.message[data-ts="{said("Marigold announcement").ts}"]')
        await message.hover()
        await message.get_by_label("More actions").click()
        await page.locator('[data-shortcut="wrong"]').click()
        form = page.get_by_role("dialog", name="What is wrong?")
        await expect(form).to_contain_text("draft the Marigold announcement")
        await form.get_by_label("It is due on another day").check()
        await form.get_by_role("button", name="Go on").click()
        await expect(form.locator('[data-error-for="day"]')).to_contain_text("Choose the day.")
        await form.get_by_label("When is it due").fill("2026-11-27")
        await form.get_by_role("button", name="Go on").click()
        asking = page.get_by_role("dialog", name="Change it?")
        await expect(asking).to_contain_text("Everybody who may read #leads is told so")
        assert await happened(house, "FactCorrected") == 0
        await asking.get_by_role("button", name="Change it").click()
        await expect(asking).to_have_count(0)
        await until(lambda: happened(house, "FactCorrected"), "the correction")
