"""The app's shortcuts at messages: what is offered in a message's menu, and what the app hears when one is chosen."""

from bot.local.workspace import interactions
from bot.local.workspace.payloads import history_payload
from bot.local.workspace.refusals import Denied
from bot.local.workspace.state import Channel, Message
from bot.local.workspace.world import World


async def choose(world: World, user: str, channel: Channel, message: Message, callback_id: str) -> None:
    """Chooses a shortcut at a message; comes back when the app has acknowledged."""
    if callback_id not in {name for name, _ in world.manifest.message_shortcuts}:
        raise Denied(f"This app has no shortcut {callback_id} at messages: see features.shortcuts in its manifest.")
    if "commands" not in world.manifest.scopes:
        raise Denied("An app with shortcuts needs the scope commands.")
    payload = interactions.basis(world, user, "message_action") | {
        "callback_id": callback_id,
        "action_ts": world.clock.stamp(),
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": channel.name or "directmessage"},
        "message": history_payload(message, channel, world.state),
        "response_url": interactions.response_url(world, user, channel, message),
    }
    await interactions.ask(world, payload)
