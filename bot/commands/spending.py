"""`usage`: what language models were asked, and what that took."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.conduct import begin, run

if TYPE_CHECKING:
    from bot.databases import Databases
    from memory.model_calls import Sum


class Grouping(StrEnum):
    """What calls are summed up by."""

    task = "task"
    person = "person"
    day = "day"
    model = "model"


def usage(
    *,
    by: Annotated[Grouping, typer.Option(help="What to sum up by.")] = Grouping.task,
    days: Annotated[int, typer.Option(help="How far back.", min=1, max=36_500, metavar="N")] = 30,
) -> None:
    """Print what language models were asked: calls, tokens, and money as far as prices are set.

    Days are UTC's, as the daily budget counts them. On whose behalf says whose budget it came off; what is worked out
    for all who may read it is everybody's.
    """
    settings = begin(quiet=True)
    from bot import databases
    from memory import model_calls
    from memory.database import Database, open_pool

    async def show(here: "Databases") -> None:
        await databases.check(here)
        now = datetime.now(UTC)
        pool = open_pool(here.app_dsn, most=1)
        await pool.open()
        try:
            async with Database(pool).house() as connection:
                found = await model_calls.sums(connection, by.value, now - timedelta(days=days))
                today = await model_calls.spent(connection, now.date())
        finally:
            await pool.close()
        print("\n".join(table(found, by.value)))
        print(f"Today: {today:,} of {settings.model_daily_tokens:,} tokens.")

    with databases.usual(settings) as here:
        run(here, show(here))


def table(found: "list[Sum]", by: str) -> list[str]:
    """Lines with columns, and the whole below."""
    if not found:
        return ["No model was asked anything."]
    width = max(len(by), 9, *(len(each.name) for each in found))
    head = f"{by:{width}} {'calls':>8} {'failed':>7} {'tokens in':>12} {'cached':>7} {'tokens out':>11} {'dollars':>11}"
    return [head, *(_line(each, width) for each in found), _line(_whole(found), width)]


def _line(each: "Sum", width: int) -> str:
    cached = f"{each.tokens_cached / each.tokens_in:.0%}" if each.tokens_in else "–"
    money = "–" if each.cost_micros is None else f"{each.cost_micros / 1_000_000:.4f}"
    known = f"{money}+" if each.unpriced and each.cost_micros is not None else money
    return (
        f"{each.name:{width}} {each.calls:8,} {each.failed:7,} {each.tokens_in:12,} {cached:>7} {each.tokens_out:11,}"
        f" {known:>11}"
    )


def _whole(found: "list[Sum]") -> "Sum":
    priced = [each.cost_micros for each in found if each.cost_micros is not None]
    return found[0].model_copy(
        update={
            "name": "together",
            **{
                name: sum(getattr(each, name) for each in found)
                for name in ("calls", "failed", "tokens_in", "tokens_cached", "tokens_out", "unpriced")
            },
            "cost_micros": sum(priced) if priced else None,
        }
    )
