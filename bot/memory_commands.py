"""Commands that look after what is known: rebuild it from the log, and conclude anew what engines concluded."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands import begin, run, tell
from bot.progress import Meter

if TYPE_CHECKING:
    from bot.databases import Databases
    from bot.reextraction import Changed
    from memory.replay import Report, TableReport


def replay(
    *,
    check: Annotated[bool, typer.Option("--check", help="Compare only; exit code 1 when something differs.")] = False,
) -> None:
    """Rebuild everything that follows from the event log, and put right what differs.

    The tables are rebuilt beside the live ones from the log alone, without running an engine, and compared row by row.
    With --check nothing is changed; without it nobody can write until it is done.
    """
    settings = begin(quiet=True)
    from bot import databases
    from memory.replay import replay as rebuild

    same = True

    async def work(here: "Databases") -> None:
        nonlocal same
        await databases.check(here)
        with Meter() as meter:
            report = await rebuild(here.admin_dsn, mend=not check, progress=meter.show)
        _print_report(report)
        same = report.same

    with databases.usual(settings) as here:
        run(here, work(here))
    if check and not same:
        raise SystemExit(1)


def reextract(
    *,
    container: Annotated[str, typer.Option(help="Only this channel, by name or id.", metavar="NAME")] = "",
    diff: Annotated[bool, typer.Option("--diff", help="Only show what would change.")] = False,
) -> None:
    """Run the engines anew over what was said, and append what they conclude now.

    For after an update that reads better. What a person corrected stays as they said.
    """
    settings = begin(quiet=True)
    from bot import databases
    from bot.embedder import embedder_of
    from bot.reextraction import conclude_anew

    vectors = embedder_of(settings)

    async def work(here: "Databases") -> None:
        await databases.check(here)
        many = 0
        with Meter() as meter:
            async for changed in conclude_anew(here, container, vectors, rehearse=diff, progress=meter.show):
                many += 1
                print(_as_line(changed))
        tell(f"{many} facts {'would change' if diff else 'changed'}.")

    with databases.usual(settings) as here:
        run(here, work(here))


def _print_report(report: "Report") -> None:
    print(f"{'table':20} {'rows':>9} {'rebuilt':>9}  hash          differences")
    for table in report.tables:
        print(_table_line(table))
        for found in table.differences:
            where = " ".join(f"{name}={value}" for name, value in sorted(found.key.items()))
            what = f": {', '.join(found.columns)}" if found.columns else ""
            print(f"  {found.standing} {where}{what}")
    pace = report.events / report.seconds if report.seconds else 0
    tell(f"{report.events} events in {report.seconds:.1f} s ({pace:.0f} a second).")


def _table_line(table: "TableReport") -> str:
    known = len(table.differences)
    told = "none" if table.same else f"{known} or more" if known >= 20 else str(known)
    mended = f", {table.mended} rows put right" if table.mended else ""
    return f"{table.table:20} {table.live_rows:9} {table.rebuilt_rows:9}  {table.rebuilt_hash[:12]}  {told}{mended}"


def _as_line(changed: "Changed") -> str:
    return f"{changed.sign} {changed.container} {changed.kind} {changed.standing}: {changed.statement}"
