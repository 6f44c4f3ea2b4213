"""`bench cost`: what language models would take for a workspace, against asking for summaries."""

import json
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
    people: Annotated[int, typer.Option(help="People of the workspace.", min=1, metavar="N")] = 2_000,
    messages: Annotated[int, typer.Option(help="Messages a day.", min=1, metavar="N")] = 40_000,
    channels: Annotated[int, typer.Option(help="Channels that a reader is a member of.", min=1, metavar="N")] = 60,
) -> None:
    """Count what models would take for a day of a simulated workspace: tokens, and dollars. Nobody is asked.

    Against sending each reader all that they may read of yesterday, which hardly a context takes, or only that of the
    channels they are members of, and asking for a summary. Prices are those of `DAYBOOK_MODEL_PRICES` for the models
    that are set, or else 0.4/0.1/1.6 and 2/0.5/8. The last line is JSON: dollars a day by readership, in percent.
    """
    settings = begin(quiet=True)
    from datetime import timedelta

    from bot.costing import counting
    from bot.costing.day import sample_day

    small, large = (
        settings.prices.get(settings.model_small or settings.model_large, _SMALL),
        settings.prices.get(settings.model_large or settings.model_small, _LARGE),
    )
    day, delay = sample_day(), settings.model_reading_delay
    departments = messages / day.many
    read = counting.reading(day, timedelta(seconds=delay)).times(departments)
    told = counting.briefing(day)
    readable = counting.summary(day, counting.readable(day, departments))
    joined = counting.summary(day, channels * day.many / len(day.said))
    print(f"{people:,} people, {messages:,} messages a day: {departments:.0f} departments like the sample team,")
    print(f"each channel read {delay:.0f} s after something new. Of answers nothing is counted.")
    print(_HEAD)
    print(_line("reading, for everybody", read, small))
    print(_line("a briefing", told, large))
    print(_line("a summary of all one may read", readable, large))
    print(_line(f"a summary of {channels} channels", joined, large))
    print(_line("  by the small model", joined, small))
    found = {}
    for share in _READERSHIP:
        readers = people * float(share) / 100
        ours = read.dollars(small) + told.times(readers).dollars(large)
        naive, less = (each.times(readers).dollars(large) for each in (readable, joined))
        print(f"{share} % are readers: of {channels} channels each, summaries cost {less / ours:.2f} times as much.")
        found[share] = {"naive": round(naive, 2), "ours": round(ours, 2), "ratio": round(naive / ours, 2)}
    print(json.dumps(found))


_HEAD = f"{'a day':32} {'calls':>9} {'tokens in':>12} {'cached':>7} {'tokens out':>11} {'dollars':>9}"


def _line(name: str, taken: "Taken", price: tuple[float, float, float]) -> str:
    usage = taken.usage
    cached = usage.tokens_cached / usage.tokens_in if usage.tokens_in else 0.0
    return (
        f"{name:32} {taken.calls:9,.1f} {usage.tokens_in:12,} {cached:7.0%} {usage.tokens_out:11,}"
        f" {taken.dollars(price):9.4f}"
    )
