"""The command line. What goes wrong is one sentence on stderr and exit code 2."""

import asyncio
import signal
import sys
from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer
from psycopg_pool import PoolTimeout

from bot import app as composition
from bot import databases, offline, printing, running, schedule, telemetry
from bot.clock import FixedClock, SystemClock
from bot.databases import Databases
from bot.doctor import examine
from bot.errors import BadInput, BotFailure
from bot.leaders import find_person
from bot.local import demo as sample_demo
from bot.local.postgres import EmbeddedPostgresError
from bot.local.workspace import PortTaken
from bot.progress import Meter
from bot.segment_file import BadLine, segment_file
from bot.settings import Settings, read_settings
from graphs.days import zone
from handlers.errors import HandlerFailure
from handlers.sources.export import Export
from memory import people
from memory.errors import MemoryFailure
from memory.migrations import migrate as bring_up_to_date

cli = typer.Typer(
    name="daybook",
    help="A chief of staff for engineering leaders, in Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
DEMO_PORT = 8035
UNKNOWN_WORKSPACE = "https://slack.com/"
EXPECTED = (BotFailure, MemoryFailure, HandlerFailure, EmbeddedPostgresError, PortTaken, BadLine)
"""What is told in its own sentence."""

ExportFile = Annotated[Path, typer.Argument(help="A Slack export (.zip).", metavar="EXPORT.zip")]


def main() -> None:
    """Runs a command; anything expected that goes wrong ends it with one line and exit code 2."""
    try:
        cli()
    except EXPECTED as error:
        _fail(str(error))
    except (psycopg.OperationalError, PoolTimeout) as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        _fail(f"The database cannot be reached ({first}): check DATABASE_URL, or unset it to use the embedded one.")


def _fail(sentence: str) -> None:
    print(f"daybook: {sentence}", file=sys.stderr)
    raise SystemExit(2)


@cli.command()
def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="Print the briefings, and end.")] = False,
    port: Annotated[int | None, typer.Option(help="Port of the page.", min=1, max=65535)] = None,
) -> None:
    """Run Daybook in a local workspace with a sample team, and post each leader's briefing."""
    settings = _begin(quiet=True)
    chosen = port if port is not None else 0 if once else DEMO_PORT

    async def play(here: Databases) -> None:
        await bring_up_to_date(here.admin_dsn)
        async with sample_demo.playing(settings, here.app_dsn, chosen, _tell) as (workspace, daybook):
            async for told in sample_demo.mornings(workspace, daybook):
                print(printing.as_text(told.briefing, told.person, f"{workspace.url}/"), end="\n\n", flush=True)
                if not once:
                    _tell(f"  {workspace.url}/?as={told.person.external_id}")
            if not once:
                _tell(f"Open {workspace.url}/ – read the briefings, press the buttons, ask @daybook. Ctrl-C ends it.")
                await asyncio.Event().wait()

    with databases.throwaway(settings) as here:
        _run(here, play(here))


@cli.command()
def run() -> None:
    """Listen to Slack and work, until ended."""
    settings = _begin()
    settings.require_tokens()
    _serve(settings, listen=True)


@cli.command()
def worker() -> None:
    """Work only: more hands beside a `daybook run`."""
    settings = _begin()
    settings.require_tokens()
    _serve(settings, listen=False)


@cli.command()
def migrate() -> None:
    """Bring the database up to date."""
    settings = _begin()
    with databases.usual(settings) as here:
        applied = asyncio.run(bring_up_to_date(here.admin_dsn))
    print(f"Applied {', '.join(applied)}." if applied else "The database is up to date.")


@cli.command()
def doctor() -> None:
    """Look at settings, database and Slack, and say what to mend."""
    settings = _begin(quiet=True)
    findings = asyncio.run(examine(settings))
    for finding in findings:
        print(f"{'ok  ' if finding.well else 'MEND'}  {finding.what}")
    if not all(finding.well for finding in findings):
        raise SystemExit(2)


@cli.command("import")
def import_export(
    export: ExportFile,
    url: Annotated[str, typer.Option(help="Where the workspace's permalinks begin.")] = UNKNOWN_WORKSPACE,
) -> None:
    """Read a Slack export into memory and work it out. Repeating it changes nothing."""
    settings = _begin(quiet=True)

    async def read(here: Databases) -> None:
        await bring_up_to_date(here.admin_dsn)
        with Export(export) as opened, Meter() as meter:
            async with offline.offline(here.app_dsn, opened.team, SystemClock()) as room:
                report = await offline.take_in(room, opened, _with_slash(url), meter.show)
                places = [container.container_id for container in opened.containers()]
                await offline.work_out(room, places, report, meter.show)
        _tell_report(report)

    _check_export(export)
    with databases.usual(settings) as here:
        _run(here, read(here))


@cli.command()
def brief(
    export: Annotated[Path, typer.Option(help="A Slack export (.zip).", metavar="EXPORT.zip")],
    for_name: Annotated[str, typer.Option("--for", help="Whose morning: name, handle, e-mail or id.", metavar="NAME")],
    at: Annotated[
        str | None, typer.Option(help="When, as 2026-11-20T08:30; without an offset in the person's own zone.")
    ] = None,
    url: Annotated[str, typer.Option(help="Where the workspace's permalinks begin.")] = UNKNOWN_WORKSPACE,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print the briefing that somebody would have got from an export; keeps nothing."""
    settings = _begin(quiet=True)
    wanted = _parse_time(at) if at else None
    with Export(export) as opened:
        person = find_person(for_name, opened.people())
        moment = _moment(opened, wanted, person.tz)
        base = _with_slash(url)

        async def tell(here: Databases) -> None:
            await bring_up_to_date(here.admin_dsn)
            with Meter() as meter:
                async with offline.offline(here.app_dsn, opened.team, FixedClock(moment)) as room:
                    report = await offline.take_in(room, opened, base, meter.show, until=moment)
                    told = await offline.brief_from(room, person, moment)
            if told is None:
                raise BotFailure(
                    "The briefing was not made: run it again with DAYBOOK_LOG_LEVEL=INFO and read the log."
                )
            print(printing.as_json(told, person, base) if json else printing.as_text(told, person, base))
            _tell_skipped(report)

        with databases.throwaway(settings) as here:
            _run(here, tell(here))


@cli.command()
def segment(
    source: Annotated[Path, typer.Option("--input", help="JSON lines {id, channel, ts, user, text}.")],
    target: Annotated[Path, typer.Option("--output", help="JSON lines {id, conversation_id}.")],
) -> None:
    """Tell apart the conversations in a file of chat lines."""
    many = segment_file(source, target)
    _tell(f"{many} lines in {target}.")


def _begin(*, quiet: bool = False) -> Settings:
    settings = read_settings()
    if quiet and settings.log_level == "INFO":
        settings = settings.model_copy(update={"log_level": "ERROR"})
    telemetry.start(settings)
    return settings


def _serve(settings: Settings, *, listen: bool) -> None:
    async def serve(here: Databases) -> None:
        if here.embedded:
            await bring_up_to_date(here.admin_dsn)
        async with composition.bootstrap(settings, here.app_dsn) as daybook, running.working(daybook):
            if not listen:
                await asyncio.Event().wait()
            async with running.listening(daybook):
                await running.arrive(daybook)
                await asyncio.Event().wait()

    with databases.usual(settings) as here:
        _run(here, serve(here))


def _run(here: Databases, work: Coroutine[Any, Any, None]) -> None:
    """Runs until done, until asked to end, or until the embedded server ends under us."""

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        working = asyncio.create_task(work)
        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sign, working.cancel)
        watching = asyncio.create_task(here.embedded.until_ended()) if here.embedded else None
        try:
            await asyncio.wait([working, *([watching] if watching else [])], return_when=asyncio.FIRST_COMPLETED)
            if watching and watching.done() and not working.done():
                working.cancel()
                await asyncio.gather(working, return_exceptions=True)
                watching.result()
            await working
        except asyncio.CancelledError:
            await asyncio.gather(working, return_exceptions=True)
        finally:
            if watching and not watching.done():
                watching.cancel()

    asyncio.run(watched())


def _check_export(export: Path) -> None:
    """Says what is wrong with the file before anything is started for it."""
    with Export(export):
        return


def _moment(opened: Export, wanted: datetime | None, tz: str) -> datetime:
    if wanted is not None:
        return wanted if wanted.tzinfo else wanted.replace(tzinfo=zone(tz))
    last = opened.last_posted_at()
    if last is None:
        raise BadInput("The export has no messages: nothing to brief anybody on.")
    return schedule.next_morning(last, tz, people.USUAL_TIME)


def _parse_time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is no time: write it as 2026-11-20T08:30 or 2026-11-20T08:30+01:00.") from None


def _with_slash(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise BadInput(f"{url!r} is no address: write it as https://your-workspace.slack.com/.")
    return url if url.endswith("/") else url + "/"


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _tell_report(report: offline.Report) -> None:
    print(
        f"{report.messages} messages in {report.containers} channels by {report.people} people;"
        f" {report.new} of them new or changed."
    )
    first, last = report.cost(1), report.cost(-1)
    if first and last:
        print(f"Worked out in {first:.2f} ms a message at first, {last:.2f} at last (ratio {last / first:.2f}).")
    _tell_skipped(report)


def _tell_skipped(report: offline.Report) -> None:
    for reason, many in sorted(report.skipped.items()):
        _tell(f"Skipped {many}: {reason}")
