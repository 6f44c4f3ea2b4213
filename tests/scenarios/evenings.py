"""The Thursday evening as it is once the day was lived through: kept, and put into each house that begins there.

What is kept of it is what outlives a Daybook: the database, and what the workspace remembers. The Daybook that a test
then starts finds both, as after a restart.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.local.postgres import EmbeddedPostgres
from bot.local.workspace.world import World
from tests.conftest import copied
from tests.scenarios.house import House, opened
from tests.scenarios.team import EVENING

REMEMBERED: Mapping[str, tuple[str, ...]] = {
    "state": ("users", "channels", "numbered"),
    "events": ("_told", "_numbered"),
    "views": ("_stacks", "_homes"),
    "clock": ("_taken",),
    "limits": ("_methods", "_posts", "_channels"),
}
"""Of each part of a workspace, what changes as time goes by. Addresses and triggers are over by the evening."""


@dataclass(frozen=True)
class Kept:
    database: str
    memory: dict[str, Any]


class Evenings:
    """Lives through the day once for each choice of leaders, and keeps what came of it."""

    def __init__(self, postgres: EmbeddedPostgres, template: str, folder: Path) -> None:
        self._postgres, self._template, self._folder = postgres, template, folder
        self._kept: dict[tuple[str, ...], Kept] = {}

    async def begin(self, house: House, leaders: tuple[str, ...]) -> bool:
        """Makes it the evening in a house, unless something happened there already; says whether it did."""
        if not is_untouched(house.workspace.world):
            return False
        if leaders not in self._kept:
            self._kept[leaders] = await self._live_through(leaders)
        kept = self._kept[leaders]
        self._postgres.drop_database(house.database.name)
        self._postgres.create_database(house.database.name, template=kept.database)
        remind(house.workspace.world, kept.memory)
        house.workspace.clock.set(EVENING)
        return True

    async def _live_through(self, leaders: tuple[str, ...]) -> Kept:
        with copied(self._postgres, self._template) as database:
            async with opened(database, self._folder) as house:
                async with house.daybook(leaders=leaders):
                    await house.live_through_the_day()
                await house.stop_asking()
                name = f"evening_{len(self._kept)}"
                self._postgres.create_database(name, template=database.name)
                return Kept(name, memory_of(house.workspace.world))


def is_untouched(world: World) -> bool:
    """Whether nobody has done or said anything in a workspace that began without messages."""
    said = any(channel.messages for channel in world.state.channels.values())
    return not (said or world.calls or world.faults.pending or world.state.numbered)


def memory_of(world: World) -> dict[str, Any]:
    """A copy of all that a workspace remembers, apart from what it is connected to."""
    parts = {part: {name: getattr(getattr(world, part), name) for name in REMEMBERED[part]} for part in REMEMBERED}
    return copy.deepcopy({**parts, "calls": world.calls, "entered": world.entered})


def remind(world: World, memory: dict[str, Any]) -> None:
    """Puts a copy of what another workspace remembered into one of the same people."""
    given = copy.deepcopy(memory)  # as one: a part may hold what another holds
    world.calls, world.entered = given["calls"], given["entered"]
    for part in REMEMBERED:
        vars(getattr(world, part)).update(given[part])
    world.state.bot = world.state.users[world.state.bot.id]
