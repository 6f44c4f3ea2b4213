"""An answer in a channel as people meet it: its thumbs, why it was so, and what is offered to its asker alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.local.workspace import LocalWorkspace
from tests.browser.conftest import INSTALLED
from tests.browser.pictures import keep
from tests.browser.team import DESKTOP, PHONE, Open
from tests.conftest import TestDatabase
from tests.scenarios.house import House, opened
from tests.scenarios.team import BOT, DEE, GENERAL

QUESTION = f"<@{BOT}> what was decided today?"


@pytest.fixture
async def house(database: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    if not INSTALLED:
        pytest.skip("Chromium is missing: nobody to look at the answers.")
    async with opened(database, tmp_path) as made:
        yield made


@pytest.fixture
async def workspace(house: House) -> LocalWorkspace:
    return house.workspace


async def test_an_answer_is_rated_explained_and_gone_on_with_in_private(open_page: Open, house: House) -> None:
    """👎 marks itself and opens *Why?*, whose form comes on top; the asker's own offer leads to their DM and goes."""
    async with house.after_the_day(leaders=(DEE,)):
        ts = await house.post(DEE, GENERAL, QUESTION)
        await house.answer(DEE, GENERAL, ts)
        await house.quiet()
        page = await open_page(f"/?as={DEE}&channel={GENERAL}&thread={ts}", DESKTOP)
        thread = page.get_by_role("complementary", name="Thread")
        answer = thread.locator(".message", has_text="ledger Quince").last
        await expect(answer.get_by_role("button", name="This answer helped")).to_be_visible()
        offer = thread.locator(".message.ephemeral")
        await expect(offer).to_contain_text("for you in private")
        await keep(page, "answer-desktop")

        down = answer.get_by_role("button", name="This answer did not help: show why")
        await down.click()
        why = page.get_by_role("dialog", name="Why this?")
        await expect(why).to_contain_text("What I understood")
        await expect(why).to_contain_text("What it rests on")
        await expect(down).to_have_attribute("aria-pressed", "true")
        await keep(page, "why-answer-desktop")
        await why.get_by_role("button", name="That is wrong…").click()
        await expect(page.get_by_role("dialog").last).to_contain_text("What is wrong with it?")
        await page.keyboard.press("Escape")
        await expect(why).to_be_visible()
        await why.get_by_role("button", name="Close").last.click()
        await expect(page.get_by_role("dialog")).to_have_count(0)

        await offer.get_by_role("button", name="Show me in private").click()
        await expect(offer).to_have_count(0)
        await house.quiet()
        dm = next(each["id"] for each in (await house.channels(DEE)).values() if each["kind"] == "im")
        (heading,) = [each for each in await house.messages(DEE, dm) if "for you alone" in each["text"]]
        phone = await open_page(f"/?as={DEE}&channel={dm}&thread={heading['ts']}", PHONE)
        private = phone.get_by_role("complementary", name="Thread")
        await expect(private).to_contain_text("About your question in #general, for you alone:")
        await expect(private).to_contain_text("Marigold")
        assert await private.evaluate("node => node.scrollWidth <= node.clientWidth")
        await keep(phone, "private-phone")
