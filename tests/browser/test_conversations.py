"""Reading and writing on the page."""

from playwright.async_api import expect

from bot.local.workspace import LocalWorkspace
from tests.browser.team import FIRST, PARENT, PHONE, REPLY, Open


async def test_what_a_person_writes_appears_and_is_stored(open_page: Open, workspace: LocalWorkspace) -> None:
    """Enter sends, Shift+Enter breaks the line, names become mentions."""
    page = await open_page()
    box = page.get_by_label("Message #checkout")
    await box.fill("Good morning @Marek Novotny,")
    await box.press("Shift+Enter")
    await box.press_sequentially("is it 3 < 4 & true?")
    await box.press("Enter")
    last = page.locator("#main .message").last
    await expect(last).to_contain_text("Good morning @Marek Novotny,\nis it 3 < 4 & true?")
    await expect(last.locator(".author")).to_have_text("Ines Falk")
    await expect(box).to_have_value("")
    stored = workspace.world.state.channels["C1"].messages[-1]
    assert (stored.user, stored.text) == ("U1", "Good morning <@U2>,\nis it 3 &lt; 4 &amp; true?")


async def test_what_others_write_edit_and_delete_arrives_live(open_page: Open, workspace: LocalWorkspace) -> None:
    """Nobody has to reload."""
    page = await open_page()
    marek = workspace.actor("U2")
    ts = await marek.post("C1", "Refunds are done.")
    message = page.locator(f'.message[data-ts="{ts}"]')
    await expect(message).to_contain_text("Refunds are done.")
    await marek.edit("C1", ts, "Refunds are nearly done.")
    await expect(message).to_contain_text("Refunds are nearly done. (edited)")
    await marek.react("C1", ts, "tada")
    await expect(message.locator('[data-reaction="tada"]')).to_contain_text("🎉")
    await marek.delete("C1", ts)
    await expect(message).to_have_count(0)


async def test_ones_own_message_is_edited_and_deleted_and_anybodys_gets_a_reaction(
    open_page: Open, workspace: LocalWorkspace
) -> None:
    """By the tools that a message shows under the pointer; nothing is deleted before it is confirmed."""
    ts = await workspace.actor("U1").post("C1", "Ask <@U2> if a < b")
    page = await open_page()
    message = page.locator(f'.message[data-ts="{ts}"]')
    await message.hover()
    await message.get_by_label("Add a reaction").click()
    await page.locator('[data-emoji="eyes"]').click()
    await expect(message.locator('[data-reaction="eyes"][aria-pressed="true"]')).to_be_visible()
    await message.locator('[data-reaction="eyes"]').click()
    await expect(message.locator('[data-reaction="eyes"]')).to_have_count(0)
    await message.hover()
    await message.get_by_label("Edit", exact=True).click()
    box = page.get_by_label("Edit your message")
    await expect(box).to_have_value("Ask @Marek Novotny if a < b")
    await box.fill("Ask @Marek Novotny whether a < b")
    await box.press("Enter")
    await expect(message).to_contain_text("Ask @Marek Novotny whether a < b (edited)")
    stored = workspace.world.state.channels["C1"].find(ts)
    assert stored is not None
    assert stored.text == "Ask <@U2> whether a &lt; b"
    await message.hover()
    await message.get_by_label("Delete").click()
    await page.locator("[data-confirm]").get_by_role("button", name="Keep").click()
    await expect(message).to_be_visible()
    await message.hover()
    await message.get_by_label("Delete").click()
    await page.locator("[data-confirm]").get_by_role("button", name="Delete").click()
    await expect(message).to_have_count(0)


async def test_a_half_written_message_survives_a_look_elsewhere(open_page: Open) -> None:
    """A draft waits in its channel; live changes do not disturb it."""
    page = await open_page()
    await page.get_by_label("Message #checkout").fill("Not yet sent")
    await page.locator('.side-row[data-channel="G1"]').click()
    await expect(page.get_by_label("Message leads")).to_have_value("")
    await page.locator('.side-row[data-channel="C1"]').click()
    await expect(page.get_by_label("Message #checkout")).to_have_value("Not yet sent")


async def test_a_long_channel_opens_at_its_end_and_shows_what_was_before_when_asked(
    open_page: Open, workspace: LocalWorkspace
) -> None:
    """A permalink far back is found too."""
    marek = workspace.actor("U2")
    stamps = [await marek.post("C1", f"Line {number}") for number in range(600)]
    page = await open_page()
    await expect(page.locator("#main .message").last).to_be_in_viewport()
    assert await page.locator("#main .message").count() <= 200
    await page.get_by_role("button", name="Show earlier messages").click()
    await expect(page.locator("#main .message")).to_have_count(400)
    far = await open_page(f"/archives/C1/p{stamps[0].replace('.', '')}?as=U1")
    await expect(far.locator(f'.message.pointed[data-ts="{stamps[0]}"]')).to_be_in_viewport()


async def test_another_channel_shows_that_it_has_news(open_page: Open, workspace: LocalWorkspace) -> None:
    """An unread channel is marked until it is opened."""
    page = await open_page()
    await workspace.actor("U2").post("G1", "Budget?")
    row = page.locator('.side-row[data-channel="G1"]')
    await expect(row).to_have_class("side-row unread")
    await row.click()
    await expect(page.locator("#main .message").last).to_contain_text("Budget?")
    await expect(row).to_have_class("side-row")


async def test_a_thread_opens_beside_the_channel_and_takes_a_reply(open_page: Open) -> None:
    """The reply stands in the thread, and the parent counts it."""
    page = await open_page()
    await page.locator(f'.replies[data-thread="{PARENT}"]').click()
    thread = page.get_by_label("Thread", exact=True)
    await expect(thread.locator(f'.message[data-ts="{REPLY}"]')).to_contain_text("Move the export to 03:00.")
    await page.get_by_label("Reply…").fill("Agreed.")
    await page.get_by_label("Reply…").press("Enter")
    await expect(thread.locator(".message").last).to_contain_text("Agreed.")
    await expect(page.locator(f'.replies[data-thread="{PARENT}"]')).to_contain_text("2 replies")
    await page.reload()
    await expect(thread.locator(".message").last).to_contain_text("Agreed.")
    await page.get_by_label("Close thread").click()
    await expect(page.locator("#thread")).to_be_hidden()


async def test_acting_as_another_person_shows_their_channels_and_their_time(open_page: Open) -> None:
    """The address keeps who is acting, and a private channel is gone for who is not in it."""
    page = await open_page()
    await expect(page.locator(f'.message[data-ts="{FIRST}"] time').first).to_have_text("10:00")
    await expect(page.locator('[data-channel="G1"]')).to_be_visible()
    await page.locator("[data-acting-as]").click()
    await expect(page.locator("[data-person]")).to_have_count(3)
    await page.locator('[data-person="U3"]').click()
    await expect(page.locator(f'.message[data-ts="{FIRST}"] time').first).to_have_text("18:00")
    await expect(page.locator('[data-channel="G1"]')).to_have_count(0)
    await page.reload()
    await expect(page.locator("[data-acting-as]")).to_have_attribute("data-acting-as", "U3")


async def test_the_clock_moves_on_by_an_hour_and_to_the_next_working_morning(
    open_page: Open, workspace: LocalWorkspace
) -> None:
    """Friday's next morning is Monday, half past eight where the person is."""
    page = await open_page()
    await page.locator('[data-advance="hour"]').click()
    await expect(page.locator("[data-clock]")).to_have_text("10:31")
    await page.get_by_role("button", name="Next morning, Mon 08:30").click()
    await expect(page.locator(".clock")).to_contain_text("Mon 23 Nov")
    assert workspace.clock.now().isoformat().startswith("2026-11-23T07:30")


async def test_a_channel_that_one_is_not_in_can_be_read_and_joined(open_page: Open, workspace: LocalWorkspace) -> None:
    """Before joining there is no message box."""
    page = await open_page("/?as=U1&channel=C2")
    await expect(page.get_by_label("Message #platform")).to_have_count(0)
    await page.locator('[data-join="C2"]').click()
    await expect(page.get_by_label("Message #platform")).to_be_visible()
    assert "U1" in workspace.world.state.channels["C2"].members


async def test_a_direct_message_is_opened_from_the_side_bar(open_page: Open, workspace: LocalWorkspace) -> None:
    """The other person finds it as unread."""
    page = await open_page()
    await page.get_by_label("Write to somebody").click()
    await page.locator('.menu-entry[data-user="U3"]').click()
    await page.get_by_label("Message Jun Sato").fill("Ten minutes?")
    await page.get_by_label("Message Jun Sato").press("Enter")
    await expect(page.locator("#main .message").last).to_contain_text("Ten minutes?")
    other = await open_page("/?as=U3&channel=C1")
    await expect(other.get_by_role("button", name="Ines Falk 1 unread")).to_be_visible()


async def test_the_page_says_when_the_workspace_is_gone_and_finds_it_again(
    open_page: Open, workspace: LocalWorkspace
) -> None:
    """A refused call is one sentence; once the server is back, so is the page."""
    page = await open_page()
    port = int(workspace.url.rsplit(":", 1)[1])
    await workspace.stop()
    await expect(page.locator("#notice")).to_be_visible()
    await page.get_by_label("Message #checkout").fill("Anybody?")
    await page.get_by_label("Message #checkout").press("Enter")
    await expect(page.locator(".toast")).to_contain_text("does not answer")
    await expect(page.get_by_label("Message #checkout")).to_have_value("Anybody?")
    workspace._port = port  # noqa: SLF001 - a restart of the same server
    await workspace.start()
    await expect(page.locator("#notice")).to_be_hidden()
    await workspace.actor("U2").post("C1", "Here again.")
    await expect(page.locator("#main .message").last).to_contain_text("Here again.")


async def test_on_a_phone_the_side_bar_is_a_drawer(open_page: Open) -> None:
    """Nothing is wider than the screen, and choosing a channel closes the drawer."""
    page = await open_page(size=PHONE)
    await expect(page.locator("#sidebar")).not_to_be_in_viewport()
    await page.get_by_label("Channels and people").click()
    await page.locator('.side-row[data-channel="G1"]').click()
    await expect(page.locator("#main .message").last).to_contain_text("Headcount.")
    await expect(page.locator("#sidebar")).not_to_be_in_viewport()
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
