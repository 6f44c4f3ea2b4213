"""What a person presses, submits and closes, and what the app may answer."""

import asyncio
from typing import Any

import pytest
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.errors import SlackApiError

from bot.local.workspace import Denied, LocalWorkspace
from bot.local.workspace import views as workspace_views
from tests.scenarios.workspace.stage import Bot, Control, Payload, eventually


def plain(text: str) -> Payload:
    return {"type": "plain_text", "text": text}


BUTTON = {"type": "button", "action_id": "more", "text": plain("More"), "value": "item-1"}
MENU = {
    "type": "static_select",
    "action_id": "when",
    "options": [{"text": plain("Monday"), "value": "mon"}, {"text": plain("Friday"), "value": "fri"}],
}
FEEDBACK = {
    "type": "feedback_buttons",
    "action_id": "opinion",
    "positive_button": {"text": plain("Good"), "value": "good"},
    "negative_button": {"text": plain("Bad"), "value": "bad"},
}
BLOCKS: list[Payload] = [
    {"type": "actions", "block_id": "choices", "elements": [BUTTON, MENU]},
    {"type": "context_actions", "block_id": "verdict", "elements": [FEEDBACK]},
]
FIELD = {"type": "plain_text_input", "action_id": "text"}
MODAL = {
    "type": "modal",
    "callback_id": "correct",
    "title": plain("Correct this"),
    "submit": plain("Save"),
    "notify_on_close": True,
    "private_metadata": "fact-7",
    "blocks": [{"type": "input", "block_id": "what", "label": plain("What?"), "element": FIELD}],
}


@pytest.fixture
async def posted(bot: Bot) -> str:
    """A message of the bot's in #general with a button, a menu and feedback buttons."""
    return str((await bot.client.chat_postMessage(channel="C1", text="x", blocks=BLOCKS))["ts"])


def in_message(ts: str, action_id: str, **chosen: Any) -> Payload:
    block = "verdict" if action_id == "opinion" else "choices"
    return {"channel": "C1", "ts": ts, "block_id": block, "action_id": action_id, **chosen}


async def test_a_button_reaches_its_listener(workspace: LocalWorkspace, bot: Bot, posted: str) -> None:
    """A press carries the message, the person and the value, and the listener may answer in private."""

    @bot.app.action("more")
    async def more(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond("for you alone")

    await workspace.actor("U1").press(in_message(posted, "more"))
    body = bot.interactions("block_actions")[0]
    assert (body["user"]["id"], body["channel"]["id"], body["message"]["ts"]) == ("U1", "C1", posted)
    assert (body["actions"][0]["value"], body["actions"][0]["block_id"]) == ("item-1", "choices")
    room = workspace.world.state.channels["C1"]
    await eventually(lambda: room.messages[-1].text == "for you alone")
    assert room.messages[-1].seen_by == "U1"
    history = await bot.client.conversations_history(channel="C1", limit=1)
    assert history["messages"][0]["ts"] == posted


async def test_choices_are_kept_in_the_state(
    workspace: LocalWorkspace, bot: Bot, control: Control, posted: str
) -> None:
    """What a person chose in a menu comes with their later presses, and only options on offer can be chosen."""
    for action in ("when", "more", "opinion"):

        @bot.app.action(action)
        async def noted(ack: AsyncAck) -> None:
            await ack()

    assert await control.post("press", as_="U1", **in_message(posted, "when", selected_option="fri")) == {"ok": True}
    await control.post("press", as_="U1", **in_message(posted, "more"))
    state = bot.interactions("block_actions")[1]["state"]["values"]
    assert state["choices"]["when"]["selected_option"] == MENU["options"][1]
    await control.post("press", as_="U1", **in_message(posted, "opinion", value="bad"))
    assert bot.interactions("block_actions")[2]["actions"][0]["value"] == "bad"
    refused = await control.post("press", as_="U1", **in_message(posted, "when", selected_option="never"))
    assert "not among the options" in refused["error"]


async def test_an_unhandled_press_is_said(workspace: LocalWorkspace, bot: Bot, posted: str) -> None:
    """When no listener acknowledges, the person learns that the app did not answer."""
    with pytest.raises(Denied, match="did not answer"):
        await workspace.actor("U1").press(in_message(posted, "more"))


async def test_a_modal_lives_through_errors_update_push_and_clear(
    workspace: LocalWorkspace, bot: Bot, posted: str
) -> None:
    """Every answer that an app may give to a submit is carried out."""
    answers: list[Payload] = [
        {"response_action": "errors", "errors": {"what": "too vague"}},
        {"response_action": "update", "view": MODAL | {"title": plain("Sure?")}},
        {"response_action": "push", "view": MODAL | {"title": plain("Really?")}},
        {},
        {"response_action": "clear"},
    ]

    @bot.app.action("more")
    async def open_modal(ack: AsyncAck, body: Payload) -> None:
        await ack()
        await bot.client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @bot.app.view("correct")
    async def submitted(ack: AsyncAck) -> None:
        await ack(**answers.pop(0))

    ana = workspace.actor("U1")
    await ana.press(in_message(posted, "more"))
    await eventually(ana.modals)
    top = ana.modals()[-1]["id"]
    assert await ana.submit(top) == {"what": "Please complete this required field."}
    entered = {"what": {"text": "it is Friday"}}
    assert await ana.submit(top, entered) == {"what": "too vague"}
    await ana.submit(top, entered)
    assert [view["title"]["text"] for view in ana.modals()] == ["Sure?"]
    await ana.submit(top, entered)
    assert [view["title"]["text"] for view in ana.modals()] == ["Sure?", "Really?"]
    await ana.submit(ana.modals()[-1]["id"], entered)
    assert [view["title"]["text"] for view in ana.modals()] == ["Sure?"]
    await ana.submit(top, entered)
    assert ana.modals() == []
    view = bot.interactions("view_submission")[0]["view"]
    assert view["state"]["values"]["what"]["text"] == {"type": "plain_text_input", "value": "it is Friday"}
    assert view["private_metadata"] == "fact-7"


async def test_a_closed_modal_is_told_when_asked_for(
    workspace: LocalWorkspace, bot: Bot, control: Control, posted: str
) -> None:
    """Closing sends view_closed to an app that set notify_on_close."""

    @bot.app.action("more")
    async def open_modal(ack: AsyncAck, body: Payload) -> None:
        await ack()
        await bot.client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @bot.app.view_closed("correct")
    async def closed(ack: AsyncAck) -> None:
        await ack()

    await workspace.actor("U1").press(in_message(posted, "more"))
    await eventually(workspace.actor("U1").modals)
    views = (await control.get("modals", **{"as": "U1"}))["views"]
    assert await control.post("close", as_="U1", view_id=views[0]["id"]) == {"ok": True}
    assert bot.interactions("view_closed")[0]["view"]["callback_id"] == "correct"
    assert (await control.get("modals", **{"as": "U1"}))["views"] == []


async def test_a_trigger_works_once_and_for_three_seconds(
    workspace: LocalWorkspace, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trigger opens one view; a second time, too late or made up, it is refused."""

    async def refused(trigger: str) -> str:
        with pytest.raises(SlackApiError) as caught:
            await bot.client.views_open(trigger_id=trigger, view=MODAL)
        return str(caught.value.response["error"])

    trigger = workspace.world.triggers.issue("U1")
    await bot.client.views_open(trigger_id=trigger, view=MODAL)
    assert await refused(trigger) == "exchanged_trigger_id"
    assert await refused("1.2.3") == "invalid_trigger_id"
    monkeypatch.setattr(workspace_views, "TRIGGER_LIFE", 0.05)
    late = workspace.world.triggers.issue("U1")
    await asyncio.sleep(0.1)
    assert await refused(late) == "expired_trigger_id"


async def test_the_home_tab_shows_what_was_published(workspace: LocalWorkspace, bot: Bot, control: Control) -> None:
    """Opening Home tells the app, which publishes; a stale hash is refused; its buttons work."""

    @bot.app.action("more")
    async def more(ack: AsyncAck) -> None:
        await ack()

    assert (await control.get("home", **{"as": "U1"}))["view"] is None
    await control.post("open_home", as_="U1")
    await eventually(lambda: bot.events("app_home_opened"))
    assert bot.events("app_home_opened")[0]["tab"] == "home"
    blocks = [{"type": "actions", "block_id": "home", "elements": [BUTTON]}]
    await bot.client.views_publish(user_id="U1", view={"type": "home", "blocks": blocks})
    with pytest.raises(SlackApiError) as caught:
        await bot.client.views_publish(user_id="U1", hash="stale", view={"type": "home", "blocks": blocks})
    assert caught.value.response["error"] == "hash_conflict"
    view = (await control.get("home", **{"as": "U1"}))["view"]
    await control.post("press", as_="U1", view_id=view["id"], block_id="home", action_id="more")
    body = bot.interactions("block_actions")[0]
    assert (body["container"], body["view"]["type"]) == ({"type": "view", "view_id": view["id"]}, "home")
    assert "message" not in body


async def test_a_response_url_replaces_its_message_five_times(
    workspace: LocalWorkspace, bot: Bot, control: Control, posted: str
) -> None:
    """Without a token, the app may rewrite the message pressed in, until the address is used up."""

    @bot.app.action("more")
    async def more(ack: AsyncAck) -> None:
        await ack()

    await workspace.actor("U1").press(in_message(posted, "more"))
    url = bot.interactions("block_actions")[0]["response_url"]
    answers = []
    for number in range(6):
        async with control.http.post(url, json={"text": f"done {number}", "replace_original": True}) as answer:
            answers.append(answer.status)
    assert answers == [200] * 5 + [404]
    history = await bot.client.conversations_history(channel="C1", limit=1)
    assert (history["messages"][0]["ts"], history["messages"][0]["text"]) == (posted, "done 4")


async def test_only_what_the_manifest_offers_can_be_chosen_at_a_message(
    workspace: LocalWorkspace, bot: Bot, posted: str
) -> None:
    """A shortcut that the app does not have is refused, and the app hears nothing."""
    heard: list[Payload] = []

    @bot.app.shortcut("wrong")
    async def wrong(ack: AsyncAck, body: Payload) -> None:
        heard.append(body)
        await ack()

    with pytest.raises(Denied, match="no shortcut wrong at messages"):
        await workspace.actor("U1").shortcut_at("C1", posted, "wrong")
    assert heard == []
