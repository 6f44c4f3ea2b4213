"""`bench cost`: what language models would take for a workspace, against asking for summaries."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.conduct import begin

if TYPE_CHECKING:
    from bot.costing.counting import Taken

cli = typer.Typer(name="bench", help="Measure what Daybook takes.", no_args_is_help=True)
_SMALL, _LARGE = (0.4, 0.1, 1.6), (2.0, 0.5, 8.0)
_READERSHIP = ("10", "2.5")


@cli.callback()
def bench() -> None:
    """Measure what Daybook takes."""


@cli.command()
def cost(
    *,
    people: Annotated[int, typer.Option(help="People of the workspace, each of whom is briefed.", min=1)] = 2_000,
    messages: Annotated[int, typer.Option(help="Messages a day.", min=1)] = 40_000,
    data: Annotated[
        Path | None, typer.Option(help="A Slack export to draw the day from; otherwise the sample team's week.")
    ] = None,
    drawn: Annotated[
        int, typer.Option(help="Messages to draw and count; the others are taken to cost as much.", min=100)
    ] = 12_000,
) -> None:
    """Count the tokens that models would take for a day of a simulated workspace. Nobody is asked.

    Against sending each person what they may read of yesterday's messages, 10 % or 2.5 % of them, and asking for a
    summary. Tokens sent count in full, known to the endpoint or not. Dollars are by the `DAYBOOK_MODEL_PRICES` of the
    models that are set, or else 0.4/0.1/1.6 and 2/0.5/8. The last line is JSON: by readership in percent, tokens a day.
    """
    settings = begin(quiet=True)
    from datetime import timedelta

    from bot.costing import counting
    from bot.costing.day import drawn_day, sample_day

    small, large = (
        settings.prices.get(settings.model_small or settings.model_large, _SMALL),
        settings.prices.get(settings.model_large or settings.model_small, _LARGE),
    )
    delay = settings.model_reading_delay
    day = drawn_day(data, min(drawn, messages)) if data else sample_day()
    known = counting.known_of(day)
    read = counting.reading(day, timedelta(seconds=delay)).times(messages / day.many)
    print(f"{people:,} people, {messages:,} messages a day, as {day.many:,} that were counted; each channel is read")
    print(f"{delay:.0f} s after something new, and when briefings are made. Of answers nothing is counted.")
    print(_HEAD)
    print(_line("reading, for everybody", read, read.dollars(small)))
    found = {}
    for share in _READERSHIP:
        readable = round(messages * float(share) / 100)
        judged, worded = counting.briefing(day, day.readers(readable), known)
        told, dollars = judged + worded, judged.dollars(small) + worded.dollars(large)
        naive = counting.summary(day, readable)
        print(_line(f"a briefing of {readable:,} messages", told, dollars))
        print(_line(f"a summary of {readable:,} messages", naive, naive.dollars(large)))
        ours, theirs = read.tokens + told.tokens * people, naive.tokens * people
        money = read.dollars(small) + dollars * people
        summed = f"{ours / people:,.0f} tokens and {money / people:.4f} dollars a person and day"
        print(f"{share} % readable: {summed}; summaries {naive.tokens:,} and {naive.dollars(large):.4f}.")
        found[share] = {"naive": theirs, "ours": ours, "ratio": round(theirs / ours, 2)}
    print(json.dumps(found))


_HEAD = f"{'a day':32} {'calls':>9} {'tokens in':>12} {'cached':>7} {'tokens out':>11} {'dollars':>9}"


def _line(name: str, taken: "Taken", dollars: float) -> str:
    usage = taken.usage
    cached = usage.tokens_cached / usage.tokens_in if usage.tokens_in else 0.0
    return f"{name:32} {taken.calls:9,.1f} {usage.tokens_in:12,} {cached:7.0%} {usage.tokens_out:11,} {dollars:9.4f}"
