"""Work on a database of its own, migrated and empty, which is gone afterwards."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from bot import databases
from bot.commands.conduct import run
from bot.databases import Databases
from bot.offline import Progress
from bot.progress import Meter
from bot.settings import Settings
from memory.migrations import migrate

Made = TypeVar("Made")


def made_on_one(settings: Settings, work: Callable[[str, Progress], Coroutine[Any, Any, Made]]) -> Made:
    """What work makes, given the database's address for the application's role. Ends as a command does."""
    made: list[Made] = []

    async def do(here: Databases) -> None:
        await migrate(here.admin_dsn)
        with Meter() as meter:
            made.append(await work(here.app_dsn, meter.show))

    with databases.throwaway(settings) as here:
        run(here, do(here))
    return made[0]
