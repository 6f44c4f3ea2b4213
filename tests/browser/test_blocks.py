"""Block Kit on the page: what is pressed, chosen and filled in reaches the bot in Slack's shapes."""

import asyncio
from typing import Any

from playwright.async_api import expect
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.local.workspace import LocalWorkspace
from tests.browser.team import PHONE, Open

Blocks = list[dict[str, Any]]


def _plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def _button(text: str, action_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": _plain(text), "action_id": action_id, "value": action_id, **more}


OPTIONS = [{"text": _plain("One"), "value": "1"}, {"text": _plain("Two"), "value": "2"}]
CONTROLS: Blocks = [
    {"type": "header", "text": _plain("Good morning")},
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Needs you*"}, "accessory": _button("Done", "done")},
    {
        "type": "actions",
        "block_id": "choose",
        "elements": [
            {"type": "static_select", "action_id": "one", "options": OPTIONS},
            {"type": "users_select", "action_id": "person"},
            {"type": "conversations_select", "action_id": "place"},
            {"type": "multi_static_select", "action_id": "several", "options": OPTIONS},
            {"type": "multi_users_select", "action_id": "people"},
            {"type": "overflow", "action_id": "more", "options": OPTIONS},
            {"type": "datepicker", "action_id": "day"},
            {"type": "timepicker", "action_id": "hour"},
            {"type": "checkboxes", "action_id": "ticks", "options": OPTIONS},
            {"type": "radio_buttons", "action_id": "either", "options": OPTIONS},
            _button(
                "Forget",
                "forget",
                style="danger",
                confirm={
                    "title": _plain("Forget it?"),
                    "text": _plain("For good."),
                    "confirm": _plain("Forget"),
                    "deny": _plain("Keep"),
                },
            ),
        ],
    },
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "feedback",
                "positive_button": {"text": _plain("Good"), "value": "up"},
                "negative_button": {"text": _plain("Bad"), "value": "down"},
            }
        ],
    },
]
MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "correct",
    "title": _plain("Correct this"),
    "submit": _plain("Save"),
    "blocks": [
        {
            "type": "input",
            "block_id": "text",
            "label": _plain("Text"),
            "element": {"type": "plain_text_input", "action_id": "t"},
        },
        {
            "type": "input",
            "block_id": "due",
            "optional": True,
            "label": _plain("Due"),
            "element": {"type": "datepicker", "action_id": "d"},
        },
        {
            "type": "input",
            "block_id": "who",
            "optional": True,
            "label": _plain("Who"),
            "element": {"type": "multi_users_select", "action_id": "w"},
        },
    ],
}


async def _heard(bot: AsyncApp, *action_ids: str) -> "asyncio.Queue[dict[str, Any]]":
    """What the bot hears of these actions."""
    heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def listener(ack: AsyncAck, action: dict[str, Any]) -> None:
        await ack()
        await heard.put(action)

    for action_id in action_ids:
        bot.action(action_id)(listener)
    return heard


async def _next(heard: "asyncio.Queue[dict[str, Any]]") -> dict[str, Any]:
    return await asyncio.wait_for(heard.get(), 8)


async def test_a_pressed_button_reaches_the_bot_whose_update_shows(open_page: Open, bot: AsyncApp) -> None:
    """The message changes in place, without a reload."""

    async def done(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="All done.", blocks=[])

    bot.action("done")(done)
    posted = await bot.client.chat_postMessage(channel="C1", text="Good morning", blocks=CONTROLS)
    page = await open_page()
    message = page.locator(f'.message[data-ts="{posted["ts"]}"]')
    await expect(message.locator(".badge")).to_have_text("APP")
    await message.get_by_role("button", name="Done").click()
    await expect(message).to_contain_text("All done.")


async def test_every_choice_arrives_under_slacks_name_for_it(open_page: Open, bot: AsyncApp) -> None:
    """Selects, pickers, boxes, overflow and feedback."""
    heard = await _heard(bot, "one", "person", "place", "several", "people", "more", "day", "hour", "ticks", "either")
    bot.action("feedback")(_listener_into(heard))
    await bot.client.chat_postMessage(channel="C1", text="Good morning", blocks=CONTROLS)
    page = await open_page()

    async def action(name: str) -> Any:
        return page.locator(f'[data-action-id="{name}"]')

    await (await action("one")).select_option("2")
    assert (await _next(heard))["selected_option"]["value"] == "2"
    await (await action("person")).select_option(label="Jun Sato")
    assert (await _next(heard))["selected_user"] == "U3"
    await (await action("place")).select_option("G1")
    assert (await _next(heard))["selected_conversation"] == "G1"
    await (await action("several")).click()
    await page.get_by_label("One").last.check()
    await page.get_by_label("Two").last.check()
    await page.keyboard.press("Escape")
    assert [one["value"] for one in (await _next(heard))["selected_options"]] == ["1", "2"]
    await (await action("people")).click()
    await page.get_by_role("checkbox", name="Marek Novotny").check()
    await page.keyboard.press("Escape")
    assert (await _next(heard))["selected_users"] == ["U2"]
    await (await action("more")).click()
    await page.locator('.menu-entry[data-value="2"]').click()
    assert (await _next(heard))["selected_option"]["value"] == "2"
    await (await action("day")).fill("2026-11-27")
    assert (await _next(heard))["selected_date"] == "2026-11-27"
    await (await action("hour")).fill("08:30")
    assert (await _next(heard))["selected_time"] == "08:30"
    await (await action("ticks")).get_by_label("Two").check()
    assert [one["value"] for one in (await _next(heard))["selected_options"]] == ["2"]
    await (await action("either")).get_by_label("One").check()
    assert (await _next(heard))["selected_option"]["value"] == "1"
    await page.get_by_role("button", name="Good", exact=True).click()
    assert (await _next(heard))["value"] == "up"
    await expect(page.get_by_role("button", name="Good", exact=True)).to_have_attribute("aria-pressed", "true")


def _listener_into(heard: "asyncio.Queue[dict[str, Any]]") -> Any:
    async def listener(ack: AsyncAck, action: dict[str, Any]) -> None:
        await ack()
        await heard.put(action)

    return listener


async def test_a_confirmation_is_asked_before_anything_is_sent(open_page: Open, bot: AsyncApp) -> None:
    """Keep sends nothing; Forget sends the press."""
    heard = await _heard(bot, "forget")
    await bot.client.chat_postMessage(channel="C1", text="Good morning", blocks=CONTROLS)
    page = await open_page()
    await page.get_by_role("button", name="Forget").click()
    await page.locator("[data-confirm]").get_by_role("button", name="Keep").click()
    assert heard.empty()
    await page.get_by_role("button", name="Forget").click()
    await page.locator("[data-confirm]").get_by_role("button", name="Forget").click()
    assert (await _next(heard))["value"] == "forget"


async def test_a_press_that_nobody_takes_is_one_sentence(open_page: Open, workspace: LocalWorkspace) -> None:
    """Without a connected bot the page says so instead of doing nothing."""
    client = AsyncWebClient(workspace.bot_token, base_url=workspace.api_url)
    await client.chat_postMessage(channel="C1", text="Good morning", blocks=CONTROLS)
    page = await open_page()
    await page.get_by_role("button", name="Done").click()
    await expect(page.locator(".toast")).to_have_text("The app is not connected.")


async def test_a_modal_shows_the_bots_error_then_takes_the_corrected_text(open_page: Open, bot: AsyncApp) -> None:
    """What was filled in stays, and arrives in `state.values`."""
    submitted: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def opens(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    async def takes(ack: AsyncAck, view: dict[str, Any]) -> None:
        values = view["state"]["values"]
        if len(values["text"]["t"]["value"]) < 5:
            await ack(response_action="errors", errors={"text": "Say a little more."})
            return
        await ack()
        await submitted.put(values)

    bot.action("done")(opens)
    bot.view("correct")(takes)
    await bot.client.chat_postMessage(channel="C1", text="Good morning", blocks=CONTROLS)
    page = await open_page()
    await page.get_by_role("button", name="Done").click()
    modal = page.get_by_role("dialog", name="Correct this")
    await modal.get_by_role("button", name="Save").click()
    await expect(modal.locator('[data-error-for="text"]')).to_have_text("Please fill this in.")
    await modal.get_by_label("Text").fill("Fri")
    await modal.get_by_label("Due").fill("2026-11-27")
    await modal.locator('[data-action-id="w"]').click()
    await page.get_by_role("checkbox", name="Jun Sato").check()
    await page.keyboard.press("Escape")
    await modal.get_by_role("button", name="Save").click()
    await expect(modal.locator('[data-error-for="text"]')).to_have_text("Say a little more.")
    await modal.get_by_label("Text").fill("Friday, not Thursday")
    await modal.get_by_role("button", name="Save").click()
    await expect(modal).to_have_count(0)
    values = await _next(submitted)
    assert values["text"]["t"] == {"type": "plain_text_input", "value": "Friday, not Thursday"}
    assert values["due"]["d"] == {"type": "datepicker", "selected_date": "2026-11-27"}
    assert values["who"]["w"] == {"type": "multi_users_select", "selected_users": ["U3"]}


async def test_escape_closes_a_modal_on_the_server_too(open_page: Open, bot: AsyncApp) -> None:
    """A reload does not bring it back."""

    async def opens(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    bot.action("done")(opens)
    await bot.client.chat_postMessage(channel="C1", text="Good morning", blocks=CONTROLS)
    page = await open_page(size=PHONE)
    await page.get_by_role("button", name="Done").click()
    await expect(page.get_by_role("dialog", name="Correct this")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="Correct this")).to_have_count(0)
    await page.reload()
    await expect(page.get_by_role("log")).to_be_visible()
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_the_home_tab_is_published_on_opening_and_answers_presses(open_page: Open, bot: AsyncApp) -> None:
    """Opening it tells the bot; a press there reaches the bot, and its new view shows."""

    def view(text: str) -> dict[str, Any]:
        section = {"type": "section", "text": {"type": "mrkdwn", "text": text}, "accessory": _button("Pause", "pause")}
        return {"type": "home", "blocks": [section]}

    async def publishes(event: dict[str, Any], client: AsyncWebClient) -> None:
        if event["tab"] == "home":
            await client.views_publish(user_id=event["user"], view=view("Weekdays at *08:30*"))

    async def pauses(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_publish(user_id=body["user"]["id"], view=view("Paused"))

    bot.event("app_home_opened")(publishes)
    bot.action("pause")(pauses)
    page = await open_page()
    await page.locator('.side-row[data-app="U0BOT"]').click()
    home = page.get_by_role("region", name="Home")
    await expect(home).to_contain_text("Weekdays at 08:30")
    await home.get_by_role("button", name="Pause").click()
    await expect(home).to_contain_text("Paused")
    await page.locator('[data-tab="messages"]').click()
    await expect(page.get_by_label("Message Daybook")).to_be_visible()


async def test_an_ephemeral_message_is_marked_and_only_its_reader_sees_it(open_page: Open, bot: AsyncApp) -> None:
    """Others see nothing of it."""
    await bot.client.chat_postEphemeral(channel="C1", user="U1", text="Between us.")
    page = await open_page()
    await expect(page.locator(".message.ephemeral")).to_contain_text("Only visible to you")
    await expect(page.locator(".message.ephemeral")).to_contain_text("Between us.")
    other = await open_page("/?as=U2&channel=C1")
    await expect(other.get_by_role("log")).to_contain_text("The pool is exhausted.")
    await expect(other.get_by_role("log")).not_to_contain_text("Between us.")
