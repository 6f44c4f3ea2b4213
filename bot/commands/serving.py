"""`demo`, `run`, `worker`, `migrate`, `doctor`: Daybook at work."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.conduct import begin, tell
from bot.commands.conduct import run as run_work
from bot.errors import BadInput
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.databases import Databases

DEMO_PORT = 8035


def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="Print the briefings, and end.")] = False,
    port: Annotated[int | None, typer.Option(help="Port of the page; 0 for any free one.", min=0, max=65535)] = None,
) -> None:
    """Run Daybook in a local workspace with a sample team, and post each leader's briefing."""
    settings = begin(quiet=True)
    from bot import databases, printing
    from bot.local import demo as sample_demo
    from bot.local.workspace import PortTaken
    from memory.migrations import migrate as bring_up_to_date

    chosen = port if port is not None else 0 if once else DEMO_PORT

    async def play(here: "Databases") -> None:
        await bring_up_to_date(here.admin_dsn)
        async with sample_demo.playing(settings, here.app_dsn, chosen, tell) as (workspace, daybook):
            async for told in sample_demo.mornings(workspace, daybook):
                print(printing.as_text(told.briefing, told.person, f"{workspace.url}/"), end="\n\n", flush=True)
                if not once:
                    tell(f"  {workspace.url}/?as={told.person.external_id}")
            if not once:
                tell(f"Open {workspace.url}/ – read the briefings, press the buttons, ask @daybook. Ctrl-C ends it.")
                await asyncio.Event().wait()

    with databases.throwaway(settings) as here:
        try:
            run_work(here, play(here), endless=not once)
        except PortTaken as error:
            raise BadInput(str(error)) from None


def run() -> None:
    """Listen to Slack and work, until ended."""
    settings = begin()
    settings.require_tokens()
    _serve(settings, listen=True)


def worker() -> None:
    """Work only: more hands beside a `daybook run`."""
    settings = begin()
    settings.require_tokens()
    _serve(settings, listen=False)


def migrate() -> None:
    """Bring the database up to date."""
    settings = begin()
    from bot import databases
    from memory.migrations import migrate as bring_up_to_date

    async def update(here: "Databases") -> None:
        applied = await bring_up_to_date(here.admin_dsn)
        print(f"Applied {', '.join(applied)}." if applied else "The database is up to date.")

    with databases.usual(settings) as here:
        run_work(here, update(here))


def doctor() -> None:
    """Look at settings, database and Slack, and say what to mend."""
    settings = begin(quiet=True)
    from bot.doctor import examine

    findings = asyncio.run(examine(settings))
    for finding in findings:
        print(f"{'ok  ' if finding.well else 'MEND'}  {finding.what}")
    if not all(finding.well for finding in findings):
        raise SystemExit(2)


def _serve(settings: Settings, *, listen: bool) -> None:
    from bot import app as composition
    from bot import databases, running
    from memory.migrations import migrate as bring_up_to_date

    async def serve(here: "Databases") -> None:
        if here.embedded:
            await bring_up_to_date(here.admin_dsn)
        await databases.check(here)
        async with composition.bootstrap(settings, here.app_dsn) as daybook, running.working(daybook):
            if not listen:
                await asyncio.Event().wait()
            async with running.listening(daybook):
                await running.arrive(daybook)
                await asyncio.Event().wait()

    with databases.usual(settings) as here:
        run_work(here, serve(here), endless=True)
