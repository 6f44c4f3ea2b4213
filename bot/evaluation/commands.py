"""`daybook eval …`: what each command is told, and what it says."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.databases import Databases

cli = typer.Typer(name="eval", help="Measure a task on annotated data.", no_args_is_help=True)


WorldPath = Annotated[Path, typer.Option("--data", help="A world's folder, or a .week file.", metavar="WORLD")]
Engine = Annotated[str, typer.Option(help="rules or model.")]


@cli.command()
def week(
    data: WorldPath, target: Annotated[Path, typer.Option("--out", help="Predictions as JSON.", metavar="FILE")]
) -> None:
    """Live through a labelled week: conversations, facts, mornings, answers."""
    settings = read_settings()
    from bot import databases, telemetry
    from bot.commands.conduct import run as run_work
    from bot.embedder import embedder_of
    from bot.evaluation import week as weeks
    from bot.evaluation import world
    from bot.progress import Meter
    from memory.migrations import migrate

    telemetry.start(settings.model_copy(update={"log_level": "ERROR"}))
    given, gold = world.read(data)

    async def measure(here: "Databases", out: TextIO) -> None:
        await migrate(here.admin_dsn)
        with Meter() as meter:
            found = await weeks.live(here.app_dsn, given, weeks.Wanted.by(gold), embedder_of(settings), meter.show)
        out.write(found.model_dump_json(indent=1) + "\n")

    with target.open("w", encoding="utf-8") as out, databases.throwaway(settings) as here:
        run_work(here, measure(here, out))


@cli.command()
def retrieve(
    folder: Annotated[
        Path, typer.Option("--data", help="A folder with messages.jsonl and questions.jsonl.", metavar="DIR")
    ],
    target: Annotated[Path, typer.Option("--out", help="JSON lines {qid, ranked}.", metavar="FILE")],
) -> None:
    """Rank the messages of each conversation for its questions, and print how much of the evidence comes first."""
    settings = read_settings()
    from bot import databases, telemetry
    from bot.commands.conduct import run as run_work
    from bot.embedder import embedder_of
    from bot.evaluation import figures, retrieval, sets
    from bot.progress import Meter
    from memory.migrations import migrate

    telemetry.start(settings.model_copy(update={"log_level": "ERROR"}))
    given = sets.read(folder)

    async def measure(here: "Databases", out: TextIO) -> None:
        await migrate(here.admin_dsn)
        with Meter() as meter:
            ranked = await retrieval.rank(here.app_dsn, given, embedder_of(settings), meter.show)
        out.writelines(json.dumps({"qid": qid, "ranked": order}) + "\n" for qid, order in ranked.items())
        for line in figures.table(figures.score(given.questions, ranked)):
            print(line)
        print(f"{len(ranked)} questions in {target}.", file=sys.stderr)

    with target.open("w", encoding="utf-8") as out, databases.throwaway(settings) as here:
        run_work(here, measure(here, out))
