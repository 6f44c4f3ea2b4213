"""A leader's mornings on the page: worked through, and quiet, usual and crowded ones on a phone and on a desktop.

With DAYBOOK_PICTURES naming a folder it also keeps there what those three look like; see `make pictures`.
"""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from bot.local.workspace import LocalWorkspace, SeedMessage
from bot.local.workspace.clock import ts_of
from tests.browser.conftest import INSTALLED
from tests.browser.crowded import CROWDED, plan
from tests.browser.pictures import CHANNEL, keep
from tests.browser.team import PHONE, Open
from tests.conftest import TestDatabase
from tests.scenarios.house import House, opened
from tests.scenarios.team import ADA, BEGIN, BEN, DAY, EVENING, FAY, GENERAL, MORNINGS, PAYMENTS

DESK = ViewportSize(width=1200, height=800)
FINANCE, INVOICE, EUROS = "tells the finance team", "approve the invoice tool licence", "in kroner or in euros"
"""Two questions and a request that wait for Ada."""
RUNBOOK = "write the runbook for the proxy"
"""What Ben promised."""
SMALL_TALK = tuple(
    SeedMessage(channel=GENERAL, ts=ts_of(BEGIN + timedelta(minutes=minute)), user=user, text=text)
    for minute, user, text in ((0, BEN, "good morning everybody"), (1, FAY, "good morning!"), (9, BEN, "lunch?"))
)
DAYS = {
    "quiet": SMALL_TALK,
    "usual": DAY,
    "crowded": tuple(sorted((*DAY, *CROWDED), key=lambda message: float(message.ts))),
}


@pytest.fixture
async def house(database: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    if not INSTALLED:
        pytest.skip("Chromium is missing: nobody to look at a morning.")
    async with opened(database, tmp_path) as made:
        yield made


@pytest.fixture
async def workspace(house: House) -> LocalWorkspace:
    return house.workspace


async def _next_morning(page: Page, number: int) -> Locator:
    """Moves the clock on with the page's own button; the briefing that then comes, which is the reader's `number`th."""
    await page.locator('[data-advance="morning"]').click()
    if number == 1:
        await page.locator("[data-channel]", has_text="daybook-ada").click()
    briefings = page.locator("#main .message", has=page.locator(".block-header", has_text="Your briefing"))
    await expect(briefings).to_have_count(number)
    return briefings.last


def _line(briefing: Locator, text: str) -> Locator:
    return briefing.locator('[data-block-id^="item-"]', has_text=text)


async def _row(briefing: Locator, text: str) -> Locator:
    """The buttons that belong to the line with this text."""
    block = await _line(briefing, text).get_attribute("data-block-id") or ""
    return briefing.locator(f'[data-block-id="{block.replace("item-", "act-")}"]')


async def test_a_morning_is_worked_through_and_the_next_ones_are_different_for_it(
    open_page: Open, house: House
) -> None:
    """Read, asked why, put off and declined; then neither is there, the rest is, and what was put off on its day."""
    async with house.after_the_day(leaders=(ADA,)):
        await house.post(BEN, PAYMENTS, f"<@{ADA}> do we charge the Norwegian shops {EUROS}?")
        await house.quiet()
        page = await open_page(f"/?as={ADA}", DESK)
        first = await _next_morning(page, 1)
        await expect(first.locator(".block-header")).to_have_text("Your briefing · Fri 20 Nov")
        for text in (FINANCE, INVOICE, EUROS):
            await expect(_line(first, text).get_by_role("link").first).to_have_attribute(
                "href", re.compile("/archives/")
            )
        row = await _row(first, INVOICE)
        await row.get_by_role("button", name="Why?").click()
        why = page.get_by_role("dialog")
        await expect(why).to_contain_text("Fay Lindqvist")
        await expect(why.locator("blockquote", has_text=INVOICE)).to_be_visible()
        await why.get_by_role("button", name="Close").first.click()
        await row.get_by_role("button", name="More").click()
        await page.get_by_role("button", name="Snooze until…").click()
        form = page.get_by_role("dialog")
        await form.locator("input[type=date]").fill("2026-11-24")
        await form.locator("[data-submit]").click()
        await expect(_line(first, INVOICE)).to_contain_text("snoozed until Tue 24 Nov")
        await (await _row(first, FINANCE)).get_by_role("button", name="Not for me").click()
        await expect(_line(first, FINANCE)).to_contain_text("you will see less like this")

        monday = await _next_morning(page, 2)
        await expect(monday.locator(".block-header")).to_have_text("Your briefing · Mon 23 Nov")
        await expect(_line(monday, EUROS)).to_contain_text("still open")
        for text in (FINANCE, INVOICE):
            await expect(_line(monday, text)).to_have_count(0)

        tuesday = await _next_morning(page, 3)
        await expect(_line(tuesday, INVOICE)).to_contain_text("still open")
        await expect(_line(tuesday, FINANCE)).to_have_count(0)


async def test_ones_own_promise_is_confirmed_and_denied_on_a_phone(open_page: Open, house: House) -> None:
    """In one row of buttons; what is rare stands in the menu behind them. What was denied is struck out."""
    async with house.after_the_day(leaders=(BEN,)):
        house.at(MORNINGS[ADA], seconds=1)
        place, _ = await house.briefing(BEN)
        page = await open_page(f"/?as={BEN}&channel={place['id']}", PHONE)
        briefing = page.locator("#main .message", has=page.locator(".block-header"))
        row = await _row(briefing, RUNBOOK)
        tops = [await button.evaluate("node => node.offsetTop") for button in await row.get_by_role("button").all()]
        assert len(tops) == 4
        assert len(set(tops)) == 1
        await row.get_by_role("button", name="Yes, I promised").click()
        await expect(_line(briefing, RUNBOOK)).to_contain_text("confirmed by you")
        await expect(row.get_by_role("button", name="Yes, I promised")).to_have_count(0)
        await row.get_by_role("button", name="More").click()
        await page.get_by_role("button", name="Not a promise").click()
        await expect(_line(briefing, RUNBOOK).locator("s")).to_be_visible()
        await expect(_line(briefing, RUNBOOK)).to_contain_text("not so, said you")
        await expect(row.get_by_role("button")).to_have_text(["Why?"])
        await row.get_by_role("button", name="Why?").click()
        await expect(page.get_by_role("dialog").locator(".dialog-body").get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize("day", DAYS)
async def test_a_briefing_fits_its_page(open_page: Open, house: House, day: str) -> None:
    """Nothing of it lies beside the page, no button is broken over two lines, and its end can be reached."""
    async with house.daybook(leaders=(ADA,)) as daybook:
        await house.workspace.replay(DAYS[day])
        if day == "crowded":
            await plan(daybook)
        house.workspace.clock.set(EVENING)
        await house.quiet()
        house.at(MORNINGS[ADA], seconds=1)
        place, _ = await house.briefing(ADA, 60)
        for name, size in (("desktop", DESK), ("phone", PHONE)):
            page = await open_page(f"/?as={ADA}&channel={place['id']}", size)
            briefing = page.locator("#main .message", has=page.locator(".block-header"))
            await expect(briefing.locator(".block-header")).to_have_text("Your briefing · Fri 20 Nov")
            await _fits(page, briefing, size["width"])
            await keep(page, f"{day}-{name}", whole=CHANNEL)


async def _fits(page: Page, briefing: Locator, width: int) -> None:
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    for part in await briefing.locator(".block, .block .text, .button").all():
        box = await part.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    for button in await briefing.locator(".button").all():
        box = await button.bounding_box()
        assert box is not None
        assert box["height"] < 36
    footer = briefing.locator(".context-line").last
    await footer.scroll_into_view_if_needed()
    await expect(footer).to_contain_text("made by rules")
    await expect(footer).to_be_in_viewport()
