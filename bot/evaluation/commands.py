"""`daybook eval …`: what each command is told, and what it says."""

import json as jsonlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Annotated, Literal, TextIO

import typer

from bot.errors import BadInput
from bot.evaluation.figures.sheet import Sheet
from bot.settings import Settings, read_settings

DOCS = Path("docs")

cli = typer.Typer(name="eval", help="Measure a task on annotated data.", no_args_is_help=True)

Engine = Annotated[str, typer.Option(help="rules or model.", metavar="ENGINE")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")]
World = Annotated[Path, typer.Option("--data", help="A world's folder, or a .week file.", metavar="WORLD")]
Predicted = Annotated[Path | None, typer.Option("--out", help="What was made of it, as JSON.", metavar="FILE")]


@cli.command()
def retrieve(
    folder: Annotated[
        Path, typer.Option("--data", help="A folder with messages.jsonl and questions.jsonl.", metavar="DIR")
    ],
    target: Annotated[Path | None, typer.Option("--out", help="JSON lines {qid, ranked}.", metavar="FILE")] = None,
    engine: Engine = "rules",
    *,
    json: AsJson = False,
) -> None:
    """Rank the messages of each conversation for its questions, and print how much of the evidence comes first."""
    settings = _begin(engine)
    from bot.embedder import embedder_of
    from bot.evaluation import retrieval, sets
    from bot.evaluation.figures import retrieval as figures
    from bot.evaluation.throwaway import made_on_one

    given = sets.read(folder)
    with _opened(target) as out:
        ranked = made_on_one(settings, lambda dsn, show: retrieval.rank(dsn, given, embedder_of(settings), show))
        if out:
            out.writelines(jsonlib.dumps({"qid": qid, "ranked": order}) + "\n" for qid, order in ranked.items())
    sheets = figures.sheets(given.questions, ranked)
    _show(folder, engine, {name: sheets[name] for name in figures.in_order(sheets)}, json=json)
    print(f"{len(ranked)} questions{f' in {target}' if target else ''}.", file=sys.stderr)


@cli.command()
def week(data: World, target: Predicted = None, engine: Engine = "rules", *, json: AsJson = False) -> None:
    """Live through a labelled week: its conversations and facts, its mornings, and its questions at the end."""
    _live(data, target, engine, json=json, part="week")


@cli.command()
def answers(data: World, target: Predicted = None, engine: Engine = "rules", *, json: AsJson = False) -> None:
    """Work a labelled week out and ask its questions: the answers alone."""
    _live(data, target, engine, json=json, part="answers")


@cli.command()
def facts(data: World, target: Predicted = None, engine: Engine = "rules", *, json: AsJson = False) -> None:
    """Work a labelled week out: its conversations and facts alone. Or judge single sentences, of a set of those."""
    from bot.evaluation import intents, markers

    marked = markers.is_set(data)
    if not marked and not intents.is_set(data):
        _live(data, target, engine, json=json, part="facts")
        return
    _begin(engine)
    with _opened(target) as out:
        sheets = markers.measure(data, out) if marked else intents.measure(data, intents.CLASSIFIERS, out)
    _show(data, engine, sheets, json=json)


@cli.command()
def segment(
    data: Annotated[Path, typer.Option("--data", help="JSON lines with conversation_id, or a folder.", metavar="PATH")],
    target: Annotated[
        Path | None, typer.Option("--out", help="JSON lines {set, channel, id, conversation_id}.", metavar="FILE")
    ] = None,
    engine: Engine = "rules",
    *,
    json: AsJson = False,
) -> None:
    """Tell apart the conversations of labelled chat, and print how alike they are to the labels."""
    _begin(engine)
    from bot.evaluation import segment as segmenting

    paths = segmenting.files_of(data)
    with _opened(target) as out:
        sheets = segmenting.measure(paths, out)
    _show(data, engine, sheets, json=json)


@cli.command("all")
def measure_all(
    data: Annotated[Path, typer.Option("--data", help="The folder of all sets.", metavar="DIR")],
    docs: Annotated[Path, typer.Option("--out", help="Where quality.md and its kin stand.", metavar="DIR")] = DOCS,
    engine: Engine = "rules",
    *,
    gate: Annotated[bool, typer.Option("--gate", help="Write nothing; exit code 1 when a line is worse.")] = False,
    held_apart: Annotated[bool, typer.Option("--held-apart", help="The weeks too that nothing is tuned to.")] = False,
) -> None:
    """Measure everything, and write docs/quality.md; or, with --gate, compare with what stands there."""
    settings = _begin(engine)
    from bot.clock import SystemClock
    from bot.evaluation import everything, intents, quality, report
    from bot.evaluation.figures import tables

    before = quality.read(docs / report.FIGURES)
    if gate and not before.lines:
        raise BadInput(f"There is nothing in {docs / report.FIGURES} to compare with: measure without --gate first.")
    report.check(docs)
    lines: list[quality.Line] = []
    for name, sheets in everything.measure(data, settings, intents.CLASSIFIERS, held_apart=held_apart):
        for told in tables.lines({f"{name} {part}": sheet for part, sheet in sheets.items()}):
            print(told, flush=True)
        lines += quality.lines_of(name, sheets, "rules", SystemClock().now().date())
    if not gate:
        report.write(quality.merged(before, lines), docs)
        return
    lost = list(quality.losses(before, lines))
    for each in lost:
        print(f"Worse: {each}.", file=sys.stderr)
    if lost:
        raise SystemExit(1)


def _live(
    data: Path, target: Path | None, engine: str, *, json: bool, part: Literal["week", "answers", "facts"]
) -> None:
    settings = _begin(engine)
    from bot.embedder import embedder_of
    from bot.evaluation import week as weeks
    from bot.evaluation import world
    from bot.evaluation.figures import week as figures
    from bot.evaluation.throwaway import made_on_one

    sources = world.worlds_of(data)
    if target and len(sources) > 1:
        raise BadInput(f"{data} holds {len(sources)} worlds: what is made of one is written with --data on that one.")
    by_week: dict[str, Mapping[str, Sheet]] = {}
    for source in sources:
        given, gold = world.read(source)
        vectors, wanted = embedder_of(settings), weeks.Wanted.by(gold)
        work = {
            "week": partial(weeks.live, given, wanted, vectors),
            "answers": partial(weeks.asked_at_the_end, given, wanted, vectors),
            "facts": partial(weeks.work_out, given, vectors),
        }
        with _opened(target) as out:
            found = made_on_one(settings, work[part])
            if out:
                out.write(found.model_dump_json(indent=1) + "\n")
        by_week[source.stem] = figures.sheets(given, gold, found)
    if len(by_week) > 1:
        by_week["together"] = figures.together(list(by_week.values()))
    several = len(by_week) > 1
    shown = {
        (f"{name} {part}" if several else part): sheet for name, of in by_week.items() for part, sheet in of.items()
    }
    _show(data, engine, shown, json=json)
    if target:
        print(f"Written to {target}.", file=sys.stderr)


def _begin(engine: str) -> Settings:
    from bot import telemetry

    if engine == "model":
        raise BadInput("There is no model engine yet: measure with --engine rules.")
    if engine != "rules":
        raise BadInput(f"{engine!r} is no engine: it is rules or model.")
    settings = read_settings()
    telemetry.start(settings.model_copy(update={"log_level": "ERROR"}))
    return settings


@contextmanager
def _opened(target: Path | None) -> Iterator[TextIO | None]:
    """The file to write, opened before anything is worked out for it."""
    with target.open("w", encoding="utf-8") if target else nullcontext() as out:
        yield out


def _show(data: Path, engine: str, sheets: Mapping[str, Sheet], *, json: bool) -> None:
    from bot.evaluation.figures import tables

    if not json:
        for line in tables.lines(sheets):
            print(line)
        if not sheets:
            print("No labels: nothing was scored.", file=sys.stderr)
        return
    told = {
        "set": data.stem,
        "engine": engine,
        "figures": {part: sheet.figures() for part, sheet in sheets.items()},
        "spread": {part: sheet.spread() for part, sheet in sheets.items()},
    }
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # as JSON is, wherever it goes
    print(jsonlib.dumps(told, ensure_ascii=False, indent=1))
