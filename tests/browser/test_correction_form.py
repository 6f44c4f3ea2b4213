"""The menu of a message as somebody meets it: what is wrong with what is known of it, and what is to be tracked."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.local.workspace import LocalWorkspace
from tests.browser.conftest import INSTALLED
from tests.browser.pictures import look
from tests.browser.team import PHONE, Open
from tests.conftest import TestDatabase
from tests.scenarios.house import House, opened, until
from tests.scenarios.team import BOT, DEE, ELI, GENERAL, LEADS, said
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


async def _choose(page: Page, text: str, shortcut: str) -> None:
    """What stands behind the dots of the message that says this."""
    message = page.locator(f'.message[data-ts="{said(text).ts}"]')
    await message.hover()
    await message.get_by_label("More actions").click()
    await page.locator(f'[data-shortcut="{shortcut}"]').click()


async def test_wrong_is_chosen_at_a_message_filled_in_and_confirmed(open_page: Open, house: House) -> None:
    """On a phone: the sentence as it is, a mistake at its field, the sentence as it will be, and only then a change."""
    async with house.after_the_day(leaders=(DEE,)):
        page = await open_page(f"/?as={DEE}&channel={LEADS}", PHONE)
        await _choose(page, "Marigold announcement", "wrong")
        form = page.get_by_role("dialog", name="What is wrong?")
        await expect(form).to_contain_text("draft the Marigold announcement")
        await form.get_by_label("It is due on another day").check()
        await form.get_by_role("button", name="Go on").click()
        await expect(form.locator('[data-error-for="day"]')).to_contain_text("Choose the day.")
        await look(page, "wrong-phone")
        await form.get_by_label("When is it due").fill("2026-11-27")
        await form.get_by_role("button", name="Go on").click()
        asking = page.get_by_role("dialog", name="Change it?")
        await expect(asking).to_contain_text("Everybody who may read #leads is told so")
        assert await happened(house, "FactCorrected") == 0
        await asking.get_by_role("button", name="Change it").click()
        await expect(asking).to_have_count(0)
        await until(lambda: happened(house, "FactCorrected"), "the correction")


async def test_a_message_is_tracked_and_taken_back(open_page: Open, house: House) -> None:
    """What it may be is filled in; what is missing is said at its field; then it is told of until it is undone."""
    async with house.after_the_day(leaders=(DEE,)):
        page = await open_page(f"/?as={ELI}&channel={GENERAL}", PHONE)
        await _choose(page, "office plants", "track")
        form = page.get_by_role("dialog", name="Track this")
        await expect(form.get_by_label("In a few words")).to_have_value("The office plants need water, volunteers?")
        await expect(form.get_by_label("Whose is it?")).to_have_value(ELI)
        await form.get_by_label("In a few words").fill("")
        await form.get_by_role("button", name="Track it").click()
        await expect(form.locator('[data-error-for="statement"]')).to_be_visible()
        assert await happened(house, "FactCorrected") == 0
        await look(page, "track-phone")
        await form.get_by_label("In a few words").fill("water the office plants")
        await form.get_by_label("Due").fill("2026-11-27")
        await form.get_by_role("button", name="Track it").click()
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await until(lambda: happened(house, "FactCorrected"), "what is tracked")
        await house.quiet()
        await page.goto(f"{house.workspace.url}/?as={ELI}&app={BOT}")
        home = page.get_by_role("region", name="Home")
        await expect(home).to_contain_text("You own this, due Fri 27 Nov: “water the office plants”")
        await page.locator('[data-tab="messages"]').click()
        told = page.locator("#main .message", has_text="I keep track of this")
        await told.get_by_role("button", name="Undo").click()
        await expect(page.locator("#main .message", has_text="I do not track this")).to_be_visible()
        await page.locator('[data-tab="home"]').click()
        await expect(page.get_by_role("region", name="Home")).not_to_contain_text("office plants")
