"""The command line: what each command is told, and what it says.

What a command needs is loaded by the command, after what it was told was looked at: bad input, `--help` and `segment`
need not wait a second for libraries that they do not use.
"""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import memory_commands
from bot.commands import begin, guarded, tell
from bot.commands import run as run_work
from bot.errors import BadInput, BotFailure
from bot.evaluation.commands import cli as evaluation
from bot.keeping_commands import forget, privacy_receipt, retention
from bot.leaders import find_person
from bot.progress import Meter
from bot.settings import Settings, is_address
from handlers.sources.export import Export

if TYPE_CHECKING:
    from bot.databases import Databases
    from bot.offline import Report

cli = typer.Typer(
    name="daybook",
    help="A chief of staff for engineering leaders, in Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.add_typer(evaluation)
DEMO_PORT = 8035
UNKNOWN_WORKSPACE = "https://slack.com/"

cli.command()(forget)
cli.command()(retention)
cli.command("privacy-receipt")(privacy_receipt)

ExportFile = Annotated[Path, typer.Argument(help="A Slack export (.zip).", metavar="EXPORT.zip")]


def main() -> None:
    """Runs a command; anything expected that goes wrong ends it with one line and exit code 2."""
    guarded(lambda: cli(prog_name="daybook"))


@cli.command()
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


@cli.command()
def run() -> None:
    """Listen to Slack and work, until ended."""
    settings = begin()
    settings.require_tokens()
    _serve(settings, listen=True)


@cli.command()
def worker() -> None:
    """Work only: more hands beside a `daybook run`."""
    settings = begin()
    settings.require_tokens()
    _serve(settings, listen=False)


@cli.command()
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


@cli.command()
def doctor() -> None:
    """Look at settings, database and Slack, and say what to mend."""
    settings = begin(quiet=True)
    from bot.doctor import examine

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
    settings = begin(quiet=True)
    base = _with_slash(url)
    _check_export(export)
    from bot import databases, offline
    from bot.clock import SystemClock
    from bot.embedder import embedder_of
    from memory.migrations import migrate as bring_up_to_date

    async def read(here: "Databases") -> None:
        await bring_up_to_date(here.admin_dsn)
        with Export(export) as opened, Meter() as meter:
            async with offline.offline(here.app_dsn, opened.team, SystemClock(), embedder_of(settings)) as room:
                report = await offline.take_in(room, opened, base, meter.show)
                places = [container.container_id for container in opened.containers()]
                await offline.work_out(room, places, report, meter.show)
        _tell_report(report)

    with databases.usual(settings) as here:
        run_work(here, read(here))


@cli.command()
def brief(
    export: Annotated[Path, typer.Option(help="A Slack export (.zip).", metavar="EXPORT.zip")],
    for_name: Annotated[str, typer.Option("--for", help="Whose morning: name, handle, e-mail or id.", metavar="NAME")],
    at: Annotated[
        str | None,
        typer.Option(
            help="When, as 2026-11-20T08:30; without an offset in the person's own zone. Left out: the first workday"
            " morning at 08:30 after the export's last message.",
            metavar="TIME",
        ),
    ] = None,
    url: Annotated[str, typer.Option(help="Where the workspace's permalinks begin.")] = UNKNOWN_WORKSPACE,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print the briefing that somebody would have got from an export; keeps nothing."""
    settings = begin(quiet=True)
    wanted = _parse_time(at) if at is not None else None
    base = _with_slash(url)
    with Export(export) as opened:
        person = find_person(for_name, opened.people())
        moment = _moment(opened, wanted, person.tz)
        from bot import databases, offline, printing
        from bot.clock import FixedClock
        from bot.embedder import embedder_of
        from memory.migrations import migrate as bring_up_to_date

        async def brief_them(here: "Databases") -> None:
            await bring_up_to_date(here.admin_dsn)
            with Meter() as meter:
                async with offline.offline(
                    here.app_dsn, opened.team, FixedClock(moment), embedder_of(settings)
                ) as room:
                    report = await offline.take_in(room, opened, base, meter.show, until=moment)
                    told = await offline.brief_from(room, person, moment)
            if told is None:
                raise BotFailure(
                    "The briefing was not made: run it again with DAYBOOK_LOG_LEVEL=INFO and read the log."
                )
            if json:
                sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # as JSON is, wherever it goes
            print(printing.as_json(told, person, base) if json else printing.as_text(told, person, base))
            _tell_skipped(report)

        with databases.throwaway(settings) as here:
            run_work(here, brief_them(here))


@cli.command()
def facts(  # noqa: PLR0913  # one for each option
    *,
    as_of: Annotated[str | None, typer.Option(help="What was the case then, by all we know.", metavar="TIME")] = None,
    known_at: Annotated[str | None, typer.Option(help="What was believed then.", metavar="TIME")] = None,
    kind: Annotated[str | None, typer.Option(help="decision, commitment, question, blocker or update.")] = None,
    person: Annotated[str | None, typer.Option(help="Whose: by them or for them.", metavar="NAME")] = None,
    for_name: Annotated[str | None, typer.Option("--for", help="As this person may read it.", metavar="NAME")] = None,
    why: Annotated[str | None, typer.Option(help="How one came about: its id, or its start.", metavar="ID")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    correct: Annotated[str | None, typer.Option(help="Say how one is.", metavar="ID")] = None,
    by: Annotated[str | None, typer.Option(help="With --correct: who says so.", metavar="NAME")] = None,
    status: Annotated[str | None, typer.Option(help="With --correct.")] = None,
    due: Annotated[str | None, typer.Option(help="With --correct: a day, or none.", metavar="DAY")] = None,
    statement: Annotated[str | None, typer.Option(help="With --correct.")] = None,
    actor: Annotated[str | None, typer.Option(help="With --correct: whose it is.", metavar="NAME")] = None,
    dismiss: Annotated[bool, typer.Option("--dismiss", help="With --correct: it is no fact.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="With --correct: take back the last correction.")] = False,
) -> None:
    """Print what is known, or how a fact came about, or note a person's word on one."""
    settings = begin(quiet=True)
    from bot import databases, fact_desk

    times = [_parse_time(each) if each is not None else None for each in (as_of, known_at)]
    wanted = fact_desk.Wanted(times[0], times[1], kind, person, for_name, why, as_json=json)
    said = fact_desk.Said(correct or "", by or "", status, due, statement, actor, dismiss=dismiss, undo=undo)
    fact_desk.check(wanted, said)

    async def show(here: "Databases") -> None:
        if correct is not None:
            print(await fact_desk.correct(here, said, datetime.now(UTC)))
            return
        page = await fact_desk.show(here, wanted, tell)
        if json:
            sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # as JSON is, wherever it goes
        print(page)

    with databases.usual(settings) as here:
        run_work(here, show(here))


@cli.command()
def segment(
    source: Annotated[Path, typer.Option("--input", help="JSON lines {id, channel, ts, user, text}.")],
    target: Annotated[Path, typer.Option("--output", help="JSON lines {id, conversation_id}.")],
) -> None:
    """Tell apart the conversations in a file of chat lines."""
    from bot.segment_file import segment_file

    many = segment_file(source, target)
    tell(f"{many} lines in {target}.")


cli.command()(memory_commands.replay)
cli.command()(memory_commands.reextract)


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


def _check_export(export: Path) -> None:
    """Says what is wrong with the file before anything is started for it."""
    with Export(export):
        return


def _moment(opened: Export, wanted: datetime | None, tz: str) -> datetime:
    if wanted is not None:
        from graphs.days import zone

        moment = wanted if wanted.tzinfo else wanted.replace(tzinfo=zone(tz))
        return moment.astimezone(UTC)
    last = opened.last_posted_at()
    if last is None:
        raise BadInput("The export has no messages: nothing to brief anybody on.")
    from bot import schedule
    from memory import people

    return schedule.next_morning(last, tz, people.USUAL_TIME)


def _parse_time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(f"{text!r} is no time: write it as 2026-11-20T08:30 or 2026-11-20T08:30+01:00.") from None
    if not 2000 <= found.year < 2100:
        raise BadInput(f"{text!r} lies outside the years 2000 to 2099, in which there are messages.")
    return found


def _with_slash(url: str) -> str:
    if not is_address(url):
        raise BadInput(f"{url!r} is no address: write it as https://your-workspace.slack.com/.")
    return url if url.endswith("/") else url + "/"


def _tell_report(report: "Report") -> None:
    print(
        f"{report.messages} messages in {report.containers} channels by {report.people} people;"
        f" {report.new} of them new or changed."
    )
    first, last = report.cost(1), report.cost(-1)
    if first and last:
        print(f"Worked out in {first:.2f} ms a message at first, {last:.2f} at last (ratio {last / first:.2f}).")
    _tell_skipped(report)


def _tell_skipped(report: "Report") -> None:
    for reason, many in sorted(report.skipped.items()):
        tell(f"Skipped {many}: {reason}")
