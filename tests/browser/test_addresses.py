"""Permalinks, and text that tries to be more than text."""

import re

import pytest
from playwright.async_api import expect

from bot.local.workspace import LocalWorkspace
from tests.browser.team import FIRST, PARENT, REPLY, SECRET, Open


def _path(channel: str, ts: str, query: str) -> str:
    return f"/archives/{channel}/p{ts.replace('.', '')}?{query}"


async def test_a_permalink_opens_the_channel_and_marks_the_message(open_page: Open) -> None:
    """A reload of the address shows the same."""
    page = await open_page(_path("C1", FIRST, "as=U1"))
    await expect(page.locator(f'.message.pointed[data-ts="{FIRST}"]')).to_be_in_viewport()
    await page.reload()
    await expect(page.locator(f'.message.pointed[data-ts="{FIRST}"]')).to_be_in_viewport()


@pytest.mark.parametrize("query", [f"as=U1&thread_ts={PARENT}&cid=C1", "as=U1"])
async def test_a_permalink_of_a_reply_opens_its_thread(open_page: Open, query: str) -> None:
    """Also when the link does not name the thread."""
    page = await open_page(_path("C1", REPLY, query))
    await expect(page.locator(f'#thread .message.pointed[data-ts="{REPLY}"]')).to_be_in_viewport()


async def test_a_permalink_to_what_one_may_not_read_says_so_in_one_sentence(open_page: Open) -> None:
    """Neither the text nor the channel's name shows."""
    page = await open_page(_path("G1", SECRET, "as=U3"))
    await expect(page.locator("[data-unreadable]")).to_have_text(
        re.compile("^Jun Sato can.t read this conversation[.]$")
    )
    assert "Headcount" not in await page.locator("body").inner_text()
    assert "leads" not in await page.locator("body").inner_text()


async def test_a_permalink_in_a_message_stays_on_the_page(open_page: Open, workspace: LocalWorkspace) -> None:
    """It keeps who is acting, and Back returns."""
    link = f"{workspace.url}{_path('C1', FIRST, '')}"
    await workspace.actor("U2").post("G1", f"See <{link}|there>")
    page = await open_page("/?as=U1&channel=G1")
    await page.get_by_role("link", name="there").click()
    await expect(page.locator(f'.message.pointed[data-ts="{FIRST}"]')).to_be_in_viewport()
    await expect(page.locator("[data-acting-as]")).to_have_attribute("data-acting-as", "U1")
    await page.go_back()
    await expect(page.locator('[data-open-channel="G1"]')).to_be_visible()


HOSTILE = [
    "<script>window.struck = 1</script>",
    "<img src=x onerror='window.struck = 1'>",
    "<javascript:window.struck=1|a link>",
    '<https://example.com/" onmouseover="window.struck=1|a link>',
    "```<svg onload=window.struck=1>```",
    "*_~<b onclick=window.struck=1>~_*",
    "<!date^1^{date}^javascript:window.struck=1|a date>",
    '<@U1"><i>|<script>>',
]


async def test_hostile_text_stays_text(open_page: Open, workspace: LocalWorkspace) -> None:
    """Whatever a message holds, no element, handler or script comes of it."""
    channel = workspace.world.state.channels["C1"]
    for text in HOSTILE:
        ts = await workspace.actor("U2").post("C1", "placeholder")
        channel.find(ts).text = text  # type: ignore[union-attr]  # as a bot might have sent it: nothing escaped
    ts = await workspace.actor("U2").post("C1", "placeholder")
    raw = {"type": "mrkdwn", "text": "".join(HOSTILE)}
    channel.find(ts).blocks = [  # type: ignore[union-attr]
        {"type": "section", "block_id": "s", "text": raw, "fields": [raw]},
        {"type": "header", "block_id": "h", "text": {"type": "plain_text", "text": HOSTILE[0]}},
        {"type": "markdown", "block_id": "m", "text": "".join(HOSTILE) + "[x](javascript:window.struck=1)"},
        {"type": "image", "block_id": "i", "image_url": "javascript:window.struck=1", "alt_text": HOSTILE[1]},
        {"type": HOSTILE[0], "block_id": "u"},
    ]
    page = await open_page()
    feed = page.get_by_role("log")
    await expect(feed).to_contain_text("<script>window.struck = 1</script>")
    await expect(feed).to_contain_text("A block of the type “<script>window.struck = 1</script>” is not shown here.")
    assert await feed.locator("script, i, b, img[src=x], [onerror], [onclick], [onmouseover], [onload]").count() == 0
    assert await feed.locator('a[href^="javascript"], img[src^="javascript"]').count() == 0
    assert await page.evaluate("window.struck") is None


ENDLESS = [
    "*a ",
    "*<",
    "<@U1",
    "_*~",
    "`",
    "[a](",
    "|a|\n",
    "&gt;",
    "http://a.",
    "http://" + "." * 40_000 + "x",
    "\u202e\x00\ud800",
]


async def test_endless_text_is_drawn_at_once(open_page: Open, workspace: LocalWorkspace) -> None:
    """Forty thousand signs of the worst kind do not hold the page up."""
    channel = workspace.world.state.channels["C1"]
    for text in ENDLESS:
        ts = await workspace.actor("U2").post("C1", "placeholder")
        channel.find(ts).text = (text * 40_000)[:40_000]  # type: ignore[union-attr]
    page = await open_page()
    await workspace.actor("U3").post("C1", "Still here?")
    await expect(page.locator("#main .message").last).to_contain_text("Still here?")


async def test_markup_is_drawn_as_slack_draws_it(open_page: Open, workspace: LocalWorkspace) -> None:
    """Bold, code, quotes, mentions, channels, links, emoji and dates."""
    ts = await workspace.actor("U2").post("C1", "placeholder")
    workspace.world.state.channels["C1"].find(ts).text = (  # type: ignore[union-attr]
        "*bold* _it_ ~gone~ `a < b` <@U3> <#C2|platform> <https://example.com/a_b_c|a page> :tada: :no_such:\n"
        "&gt; quoted &amp; kept\n<!date^1795160000^{date_short} at {time}|then> snake_case_name 2*3*4\n```x *y*```"
    )
    page = await open_page()
    body = page.locator(f'.message[data-ts="{ts}"] .text')
    await expect(body.locator("strong")).to_have_text("bold")
    await expect(body.locator("em")).to_have_text("it")
    await expect(body.locator("s")).to_have_text("gone")
    await expect(body.locator("blockquote")).to_have_text("quoted & kept")
    await expect(body.locator("pre")).to_have_text("x *y*")
    await expect(body.get_by_role("link", name="a page")).to_have_attribute("href", "https://example.com/a_b_c")
    for shown in (
        "a < b",
        "@Jun Sato",
        "#platform",
        "🎉",
        ":no_such:",
        "20 Nov 2026 at 08:33",
        "snake_case_name 2*3*4",
    ):
        await expect(body).to_contain_text(shown)
