"""What happens when a person presses, chooses, submits or closes: the app is asked and its answer carried out."""

from collections.abc import Mapping
from typing import Any

from bot.local.workspace import entries
from bot.local.workspace.payloads import history_payload
from bot.local.workspace.refusals import Denied, Refusal
from bot.local.workspace.state import Channel, Message, Payload
from bot.local.workspace.views import View, view_payload
from bot.local.workspace.web_api.views import checked_view
from bot.local.workspace.world import World

UNANSWERED = "The app did not answer in time; in Slack the person would see a warning sign."


async def press_in_message(
    world: World, user: str, channel: Channel, message: Message, chosen: Mapping[str, Any]
) -> None:
    """Presses an element of a message; `chosen` has block_id, action_id and what was chosen."""
    element = entries.find(message.blocks, chosen["block_id"], chosen["action_id"])
    entered = message_entries(world, user, message)
    action = _action(world, element, chosen, entered)
    payload = basis(world, user, "block_actions") | {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.seen_by is not None,
        }
        | ({"thread_ts": message.thread_ts} if message.thread_ts else {}),
        "channel": {"id": channel.id, "name": channel.name or "directmessage"},
        "state": {"values": entries.values(message.blocks, entered)},
        "response_url": response_url(world, user, channel, message),
        "actions": [action],
    }
    if message.seen_by is None:
        payload["message"] = history_payload(message, channel, world.state)
    await ask(world, payload)


async def press_in_view(world: World, user: str, view: View, chosen: Mapping[str, Any]) -> None:
    """Presses an element of a modal or the Home tab."""
    element = entries.find(view.body["blocks"], chosen["block_id"], chosen["action_id"])
    action = _action(world, element, chosen, view.values)
    shown = view_payload(view, world.state)
    shown["state"] = {"values": entries.values(view.body["blocks"], view.values)}
    payload = basis(world, user, "block_actions") | {
        "container": {"type": "view", "view_id": view.id},
        "view": shown,
        "actions": [action],
    }
    await ask(world, payload)


async def submit(world: World, user: str, view: View, state: Mapping[str, Any]) -> dict[str, str]:
    """Submits a modal and carries out the app's answer; what comes back are errors by block, none when it was taken."""
    blocks = view.body["blocks"]
    view.values = entries.merged(blocks, view.values, state)
    filled = entries.values(blocks, view.values)
    if errors := entries.missing(blocks, filled):
        return errors
    shown = view_payload(view, world.state) | {"state": {"values": filled}}
    payload = basis(world, user, "view_submission") | {"view": shown, "response_urls": []}
    answer = await ask(world, payload)
    world.changes.note("modal", user=user)
    return _carry_out(world, view, answer)


async def close(world: World, user: str, view: View) -> None:
    """Closes a modal; the app hears of it when it asked for that."""
    world.views.pop(view)
    world.changes.note("modal", user=user)
    if view.body.get("notify_on_close"):
        payload = basis(world, user, "view_closed") | {"view": view_payload(view, world.state), "is_cleared": False}
        await ask(world, payload)


def message_entries(world: World, user: str, message: Message) -> Payload:
    """What this person has chosen in this message so far."""
    return world.entered.setdefault((user, message.ts), {})


def response_url(world: World, user: str, channel: Channel, message: Message | None) -> str:
    ts = message.ts if message else None
    word = world.response_urls.issue(world.clock.now(), channel=channel.id, user=user, ts=ts)
    return f"{world.url}/actions/{world.state.team.id}/{word}"


def _carry_out(world: World, view: View, answer: Payload) -> dict[str, str]:
    stack = world.views.stack(view.user)
    match answer.get("response_action"):
        case "errors":
            return _answered_errors(view, answer)
        case "update":
            view.replace(_answered_view(answer))
        case "push":
            world.views.push(view.user, _answered_view(answer))
        case "clear":
            world.views.clear(view.user)
        case None if view in stack:
            world.views.pop(view)
        case None:
            pass
        case unknown:
            raise Denied(f"The app answered a submit with an unknown response_action {unknown}.")
    return {}


def _answered_errors(view: View, answer: Payload) -> dict[str, str]:
    """By block; Slack shows them at inputs of the view alone, and else that the app failed."""
    errors = answer.get("errors")
    inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not {*errors} <= inputs:
        raise Denied("The app answered with errors for blocks that are no inputs of this view.")
    return {str(block): str(text) for block, text in errors.items()}


def _answered_view(answer: Payload) -> Payload:
    try:
        return checked_view(answer.get("view"), "modal")
    except Refusal as refusal:
        problems = refusal.extra.get("response_metadata", {}).get("messages", [])
        raise Denied(f"The app answered with a view that Slack refuses: {'; '.join(problems)}") from refusal


def _action(world: World, element: Payload, chosen: Mapping[str, Any], entered: Payload) -> Payload:
    sent = entries.entry(element, chosen)
    if element["type"] not in entries.STATELESS:
        entered.setdefault(chosen["block_id"], {})[chosen["action_id"]] = sent
    return sent | {
        "action_id": chosen["action_id"],
        "block_id": chosen["block_id"],
        "action_ts": world.clock.stamp(),
    }


def basis(world: World, user: str, kind: str) -> Payload:
    """What every interaction's payload holds."""
    person, team = world.state.users[user], world.state.team
    return {
        "type": kind,
        "user": {"id": user, "username": person.name, "name": person.name, "team_id": team.id},
        "api_app_id": world.state.app_id,
        "token": "local-verification-token",
        "team": {"id": team.id, "domain": team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": world.triggers.issue(user),
    }


async def ask(world: World, payload: Payload) -> Payload:
    """Tells the app what somebody did, and gives its answer back."""
    if not world.manifest.interactive:
        raise Denied("This app is not configured to handle interactive responses: see settings.interactivity.")
    return await answered(world, "interactive", payload)


async def answered(world: World, kind: str, payload: Payload) -> Payload:
    """What the app acknowledges an envelope with; raises Denied when it does not."""
    if not world.socket.connected:
        raise Denied("The app is not connected.")
    answer = await world.socket.ask(kind, payload)
    if answer is None:
        raise Denied(UNANSWERED)
    return answer
