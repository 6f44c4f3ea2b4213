"""What a person calls an app with from anywhere: a slash command, answered in private, and a global shortcut."""

from bot.local.workspace import interactions, messages
from bot.local.workspace.block_limits import MESSAGE, check_blocks, name_blocks
from bot.local.workspace.manifest import Manifest
from bot.local.workspace.refusals import Denied
from bot.local.workspace.state import Channel, Message, Payload
from bot.local.workspace.world import World


async def command(world: World, user: str, channel: Channel, name: str, text: str) -> None:
    """Enters a slash command; what the app acknowledges it with is shown there, to that person alone or to all."""
    if name not in [each.name for each in world.manifest.commands]:
        raise Denied(f"{name} is not a valid command: see features.slash_commands in the manifest.")
    person, team = world.state.users[user], world.state.team
    payload: Payload = {
        "token": "local-verification-token",
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.is_direct else channel.name,
        "user_id": user,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": world.state.app_id,
        "is_enterprise_install": "false",
        "response_url": interactions.response_url(world, user, channel, None),
        "trigger_id": world.triggers.issue(user),
    }
    answer = await interactions.answered(world, "slash_commands", payload)
    if answer:
        _say(world, user, channel, answer)


async def shortcut(world: World, user: str, callback_id: str) -> None:
    """Chooses a global shortcut of the app's."""
    if callback_id not in [each.name for each in world.manifest.shortcuts]:
        raise Denied(f"There is no global shortcut {callback_id}: see features.shortcuts in the manifest.")
    called = {"callback_id": callback_id, "action_ts": world.clock.stamp()}
    await interactions.ask(world, interactions.basis(world, user, "shortcut") | called)


def offered(manifest: Manifest) -> Payload:
    """What the app can be called with, as the page shows it."""
    return {
        "commands": [{"name": each.name, "hint": each.hint} for each in manifest.commands],
        "shortcuts": [{"callback_id": each.name, "name": each.hint} for each in manifest.shortcuts],
    }


def _say(world: World, user: str, channel: Channel, answer: Payload) -> None:
    blocks, text = answer.get("blocks") or [], answer.get("text") or ""
    if problems := check_blocks(blocks, MESSAGE):
        raise Denied(f"The app answered with blocks that Slack refuses: {'; '.join(problems)}")
    if not blocks and not text.strip():
        raise Denied("The app answered with a message that has no text.")
    shown = Message(
        world.clock.stamp(),
        world.state.bot.id,
        text,
        bot_id=world.state.bot_id,
        blocks=name_blocks(blocks),
        seen_by=None if answer.get("response_type") == "in_channel" else user,
    )
    messages.post(world, channel, shown)
