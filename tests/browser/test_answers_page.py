"""An answer in a channel as people meet it: its thumbs, why it was so, and what is offered to its asker alone.

And what somebody writes below it who knows better.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from bot.local.workspace import LocalWorkspace
from tests.browser.conftest import INSTALLED
from tests.browser.pictures import THREAD, keep, look
from tests.browser.team import DESKTOP, PHONE, Open
from tests.conftest import TestDatabase
from tests.scenarios.house import House, opened
from tests.scenarios.team import ADA, BOT, DEE, GENERAL, LEADS

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
        await keep(page, "answer-desktop", whole=THREAD)

        down = answer.get_by_role("button", name="This answer did not help: show why")
        await down.click()
        why = page.get_by_role("dialog", name="Why this?")
        await expect(why).to_contain_text("What I understood")
        await expect(why).to_contain_text("What it rests on")
        await expect(down).to_have_attribute("aria-pressed", "true")
        await look(page, "why-answer-desktop")
        await why.get_by_role("button", name="That is wrong…").click()
        await expect(page.get_by_role("dialog").last).to_contain_text("What is wrong with it?")
        await page.keyboard.press("Escape")
        await expect(why).to_be_visible()
        await why.get_by_role("button", name="Close").last.click()
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await down.click()
        await expect(down).to_have_attribute("aria-pressed", "false")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await expect(thread.locator(".rule")).to_have_text("1 reply")

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
        await look(phone, "private-phone")


async def test_who_knows_better_is_asked_and_nobody_else_can_say_so(open_page: Open, house: House) -> None:
    """On a phone: the sentence as it is and would be; others are told whose it is; pressed, the answer changes too."""
    async with house.after_the_day(leaders=(ADA,)):
        ts = await house.post(DEE, LEADS, f"<@{BOT}> what was promised about the Marigold announcement?")
        await house.answer(DEE, LEADS, ts)
        await house.quiet()
        page = await open_page(f"/?as={DEE}&channel={LEADS}&thread={ts}", PHONE)
        thread = page.get_by_role("complementary", name="Thread")
        box = thread.get_by_label("Reply…")
        await box.fill("no, it’s Wednesday")
        await box.press("Enter")
        proposal = thread.locator(".message", has_text="Shall I change this?")
        await expect(proposal).to_contain_text("Tue 24 Nov")
        await expect(proposal).to_contain_text("Wed 25 Nov")
        await expect(proposal).to_contain_text("Everybody who may read #leads is told so")
        await _is_one_row(proposal)
        await keep(page, "proposal-phone", whole=THREAD)

        other = await open_page(f"/?as={ADA}&channel={LEADS}&thread={ts}", DESKTOP)
        await other.get_by_role("button", name="Change it").click()
        await expect(other.get_by_role("dialog")).to_contain_text("I asked Dee Alvarez this")
        await other.get_by_role("dialog").get_by_role("button", name="Close").last.click()

        await proposal.get_by_role("button", name="Change it").click()
        changed = thread.locator(".message", has_text="Changed.")
        await expect(changed.locator("s")).to_contain_text("Tue 24 Nov")
        await expect(changed.get_by_role("button", name="Change it")).to_have_count(0)
        answer = thread.locator(".message", has=page.get_by_role("button", name="This answer helped")).first
        await expect(answer).to_contain_text("Wed 25 Nov")
        await look(page, "changed-phone")


async def _is_one_row(message: Locator) -> None:
    """Its buttons stand beside each other, and nothing of it lies beside the page."""
    tops = [await button.evaluate("node => node.offsetTop") for button in await message.locator(".button").all()]
    assert len(tops) > 1
    assert len(set(tops)) == 1
    assert await message.evaluate("node => node.scrollWidth <= node.clientWidth")
