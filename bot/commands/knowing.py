"""`facts`, `replay`, `reextract`: what is known, rebuilt from the log, and concluded anew."""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.conduct import begin, parse_time, run, tell

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
    from bot.progress import Meter
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
    from bot.progress import Meter
    from bot.reextraction import conclude_anew

    vectors = embedder_of(settings)

    async def work(here: "Databases") -> None:
        await databases.check(here)
        many = 0
        with Meter() as meter:
            found = conclude_anew(here, container, vectors, rehearse=diff, progress=meter.show, models=settings)
            async for changed in found:
                many += 1
                print(_as_line(changed))
        tell(f"{many} facts {'would change' if diff else 'changed'}.")

    with databases.usual(settings) as here:
        run(here, work(here))


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

    times = [parse_time(each) if each is not None else None for each in (as_of, known_at)]
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
        run(here, show(here))


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
