"""Lets recorded messages happen again as live events, each at its own time."""

from collections.abc import Iterable

from bot.local.workspace import messages
from bot.local.workspace.clock import moment_of
from bot.local.workspace.seed import SeedEdit, SeedMessage, first_version
from bot.local.workspace.world import World

UNDER_WAY = 8
"""Events still unacknowledged while the next message is posted: nobody types faster than an app can listen."""


async def replay(world: World, later: Iterable[SeedMessage]) -> None:
    """Posts and edits in the order of their times; the clock goes along. Reactions come with their message."""
    listed = list(later)
    acts: list[tuple[str, SeedMessage, SeedEdit | None]] = [(message.ts, message, None) for message in listed]
    acts += [(message.edited.ts, message, message.edited) for message in listed if message.edited]
    for ts, message, edit in sorted(acts, key=lambda act: act[0]):
        world.clock.set(moment_of(ts))
        if edit is None:
            _post(world, message)
        elif edit.text is not None:
            _edit(world, message, edit.text)
        await world.socket.settle(most=UNDER_WAY)


def _post(world: World, given: SeedMessage) -> None:
    channel = world.state.channels[given.channel]
    message = messages.post(world, channel, first_version(given, world.clock))
    for reaction in given.reactions:
        for user in reaction.users:
            messages.react(world, channel, message, user, reaction.name)


def _edit(world: World, given: SeedMessage, text: str) -> None:
    channel = world.state.channels[given.channel]
    message = channel.find(given.ts)
    if message is not None:
        messages.edit(world, channel, message, messages.revised(message, text))
