"""`import`, `brief`, `segment`: Daybook on files, without Slack."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.conduct import begin, parse_time, tell
from bot.commands.conduct import run as run_work
from bot.errors import BadInput, BotFailure
from bot.settings import is_address

if TYPE_CHECKING:
    from bot.databases import Databases
    from bot.offline import Report
    from handlers.sources.export import Export

UNKNOWN_WORKSPACE = "https://slack.com/"

ExportFile = Annotated[Path, typer.Argument(help="A Slack export (.zip).", metavar="EXPORT.zip")]


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
    from bot.progress import Meter
    from handlers.sources.export import Export
    from memory.migrations import migrate as bring_up_to_date

    async def read(here: "Databases") -> None:
        await bring_up_to_date(here.admin_dsn)
        with Export(export) as opened, Meter() as meter:
            vectors = embedder_of(settings)
            async with offline.offline(here.app_dsn, opened.team, SystemClock(), vectors, models=settings) as room:
                report = await offline.take_in(room, opened, base, meter.show)
                places = [container.container_id for container in opened.containers()]
                await offline.work_out(room, places, report, meter.show)
        _tell_report(report)

    with databases.usual(settings) as here:
        run_work(here, read(here))


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
    wanted = parse_time(at) if at is not None else None
    base = _with_slash(url)
    from bot.leaders import find_person
    from handlers.sources.export import Export

    with Export(export) as opened:
        person = find_person(for_name, opened.people())
        moment = _moment(opened, wanted, person.tz)
        from bot import databases, offline, printing
        from bot.clock import FixedClock
        from bot.embedder import embedder_of
        from bot.progress import Meter
        from memory.migrations import migrate as bring_up_to_date

        async def brief_them(here: "Databases") -> None:
            await bring_up_to_date(here.admin_dsn)
            with Meter() as meter:
                async with offline.offline(
                    here.app_dsn, opened.team, FixedClock(moment), embedder_of(settings), models=settings
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


def segment(
    source: Annotated[Path, typer.Option("--input", help="JSON lines {id, channel, ts, user, text}.")],
    target: Annotated[Path, typer.Option("--output", help="JSON lines {id, conversation_id}.")],
) -> None:
    """Tell apart the conversations in a file of chat lines."""
    from bot.segment_file import segment_file

    many = segment_file(source, target)
    tell(f"{many} lines in {target}.")


def _check_export(export: Path) -> None:
    """Says what is wrong with the file before anything is started for it."""
    from handlers.sources.export import Export

    with Export(export):
        return


def _moment(opened: "Export", wanted: datetime | None, tz: str) -> datetime:
    if wanted is not None:
        from graphs.days import zone

        moment = wanted if wanted.tzinfo else wanted.replace(tzinfo=zone(tz))
        return moment.astimezone(UTC)
    last = opened.last_posted_at()
    if last is None:
        raise BadInput("The export has no messages: nothing to brief anybody on.")
    from bot import schedule
    from memory.models.settings import USUAL_TIME

    return schedule.next_morning(last, tz, USUAL_TIME)


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
