"""The demo as a newcomer meets it: the sample team's page, opened by a leader on Friday morning.

With DAYBOOK_PICTURES naming a folder the first test also keeps what it sees there; see `make pictures`.
"""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from bot.local import demo
from bot.local.workspace import LocalWorkspace
from bot.settings import Settings
from tests.browser.conftest import INSTALLED
from tests.browser.pictures import keep
from tests.browser.team import Open
from tests.conftest import TestDatabase

LEADER = "U01MAREN"
"""The last to have a morning, so that the page stands at it."""
CHANNEL = "C02TIDELINE"
PICTURE_SIZE = ViewportSize(width=1280, height=900)
PERMALINK = re.compile(r"/archives/C\w+/p\d+")


@pytest.fixture(scope="module")
async def workspace(shared_database: TestDatabase) -> AsyncIterator[LocalWorkspace]:
    """The sample team's workspace with the bot in it, after every leader's morning."""
    if not INSTALLED:
        pytest.skip("Chromium is missing: nobody to look at the demo.")
    async with demo.playing(Settings(), shared_database.app_dsn, 0, lambda _: None) as (played, daybook):
        told = [each.person.external_id async for each in demo.mornings(played, daybook)]
        assert LEADER in told
        yield played


@pytest.fixture
async def page(open_page: Open) -> Page:
    """The leader's page, on the channel that is theirs alone."""
    opened = await open_page(f"/?as={LEADER}", PICTURE_SIZE)
    await opened.locator("[data-channel]", has_text="daybook-maren").click()
    await expect(opened.locator("#main .block-header")).to_contain_text("Your briefing")
    return opened


def _items(page: Page) -> Locator:
    return page.locator('#main [data-block-id^="item-"]')


async def test_the_briefing_is_read_explained_and_worked_off(page: Page) -> None:
    """Every item has its sources; Why? shows the words it rests on; Done strikes it out."""
    await expect(_items(page).first).to_be_in_viewport()
    await keep(page, "briefing")
    for item in await _items(page).all():
        await expect(item.get_by_role("link").first).to_have_attribute("href", PERMALINK)
    block = await _items(page).first.get_attribute("data-block-id") or ""
    row = page.locator(f'#main [data-block-id="{block.replace("item-", "act-")}"]')
    await row.get_by_role("button", name="Why?").click()
    modal = page.get_by_role("dialog")
    await expect(modal).to_contain_text("Why it is here for you")
    await expect(modal.locator("blockquote").first).not_to_be_empty()
    await expect(modal.get_by_role("link").first).to_have_attribute("href", PERMALINK)
    await modal.get_by_role("button", name="Close").first.click()
    await row.get_by_role("button", name="Done").click()
    await expect(page.locator(f'#main [data-block-id="{block}"] s')).to_be_visible()
    await expect(row.get_by_role("button", name="Done")).to_have_count(0)
    await row.get_by_role("button", name="Undo").click()
    await expect(page.locator(f'#main [data-block-id="{block}"] s')).to_have_count(0)


async def test_a_line_is_put_off_declined_and_taken_back(page: Page, open_page: Open) -> None:
    """The menu's form asks for a day; *Not for me* shows on the Home tab as learnt; Undo, there too, takes it back."""
    block = await _items(page).first.get_attribute("data-block-id") or ""
    line = page.locator(f'#main [data-block-id="{block}"]')
    row = page.locator(f'#main [data-block-id="{block.replace("item-", "act-")}"]')
    await row.get_by_role("button", name="More").click()
    await page.get_by_role("button", name="Snooze until…").click()
    form = page.get_by_role("dialog")
    await form.locator("input[type=date]").fill("2020-01-01")
    await form.locator("[data-submit]").click()
    await expect(form).to_contain_text("Choose a day after today.")
    await form.locator("input[type=date]").fill("2030-01-04")
    await form.locator("[data-submit]").click()
    await expect(line).to_contain_text("snoozed until Fri 4 Jan")
    await row.get_by_role("button", name="Undo").click()
    await row.get_by_role("button", name="Not for me").click()
    await expect(line).to_contain_text("you will see less like this")
    home = await open_page(f"/?as={LEADER}", PICTURE_SIZE)
    await home.locator("[data-app]").first.click()
    await home.locator('[data-tab="home"]').click()
    learnt = home.locator("#main .block", has_text="shown less, you said")
    await expect(learnt).to_have_count(1)
    await home.locator("#main").get_by_role("button", name="Undo").click()
    await expect(learnt).to_have_count(0)
    await expect(row.get_by_role("button", name="Not for me")).to_be_visible()


async def test_a_mention_is_answered_in_its_thread(open_page: Open) -> None:
    """With links to what was said, for everybody in the channel; what only the asker may read is offered to them."""
    page = await open_page(f"/?as={LEADER}&channel={CHANNEL}", PICTURE_SIZE)
    box = page.get_by_label("Message #tideline")
    await box.fill("@Daybook what was decided about the canary?")
    await box.press("Enter")
    asked = page.locator("#main .message", has_text="what was decided about the canary?")
    await asked.locator("[data-thread]").click()
    answer = page.locator("#thread .message:not(.ephemeral)").last
    await expect(answer.locator(".author")).to_have_text("Daybook")
    await expect(answer).to_contain_text("anary")
    await expect(answer.get_by_role("link").first).to_have_attribute("href", PERMALINK)
    offer = page.locator("#thread .message.ephemeral")
    await expect(offer).to_contain_text("Only visible to you")
    await offer.get_by_role("button", name="Show me in private").click()
    await page.locator("[data-app]").first.click()
    await page.locator('[data-tab="messages"]').click()
    heading = page.locator("#main .message", has_text="About your question in #tideline, for you alone")
    await heading.locator("[data-thread]").click()
    await expect(page.locator("#thread .message").last).to_contain_text("anary")


async def test_a_direct_message_is_answered_there(open_page: Open) -> None:
    """With links to what was said, for the one who asks."""
    page = await open_page(f"/?as={LEADER}", PICTURE_SIZE)
    await page.locator("[data-app]").first.click()
    await page.locator('[data-tab="messages"]').click()
    box = page.get_by_label("Message Daybook")
    await box.fill("what do I owe?")
    await box.press("Enter")
    answer = page.locator("#main .message").last
    await expect(answer.locator(".author")).to_have_text("Daybook")
    await expect(answer.get_by_role("link").first).to_have_attribute("href", PERMALINK)
