"""What language models were asked, and the tokens that may yet be spent today: counts and ids, no words."""

from datetime import date, datetime
from typing import Literal

from memory import statements
from memory.database import Connection
from memory.errors import MemoryFailure
from memory.models.base import Model
from memory.models.ids import PersonId, TeamId

SQL = statements.load("model_calls")
Grouping = Literal["task", "person", "day", "model"]


class NothingLeft(MemoryFailure):
    """Today's tokens would not last for this call."""


class Limits(Model):
    """Tokens a day: for everything together, and on behalf of one person."""

    everybody: int
    person: int


class Account(Model):
    """Whose tokens of which day a call is paid from."""

    team_id: TeamId
    day: date
    person_id: PersonId | None = None


class Call(Model):
    """One request to an endpoint, whatever came of it; `cost_micros` is in millionths of a dollar."""

    team_id: TeamId
    task: str
    model: str
    endpoint: str
    person_id: PersonId | None
    cause: str
    asked_at: datetime
    latency_ms: int
    outcome: str
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    cost_micros: int | None = None


class Sum(Model):
    """Many calls together; the cost leaves out the `unpriced` ones."""

    name: str
    calls: int
    failed: int
    tokens_in: int
    tokens_cached: int
    tokens_out: int
    cost_micros: int | None
    unpriced: int


async def reserve(connection: Connection, account: Account, tokens: int, limits: Limits) -> None:
    """Sets tokens aside before a call, so that any number of workers together stay within the limits.

    What is never settled, because its worker died, counts as spent.

    Raises:
        NothingLeft: they would not last; the caller's transaction is to be undone.
    """
    await _reserve(connection, account.model_copy(update={"person_id": None}), tokens, limits.everybody)
    if account.person_id is not None:
        await _reserve(connection, account, tokens, limits.person)


async def _reserve(connection: Connection, account: Account, tokens: int, most: int) -> None:
    given = {**account.model_dump(), "tokens": tokens, "most": most}
    if await (await connection.execute(SQL["reserve_tokens"], given)).fetchone() is None:
        raise NothingLeft(f"Of today's {most} tokens fewer than {tokens} are left.")


async def settle(connection: Connection, account: Account, reserved: int, used: int) -> None:
    """Puts right what was set aside. In the order of `reserve`, so that nobody waits in a circle."""
    for holder in dict.fromkeys((None, account.person_id)):
        given = {**account.model_dump(), "person_id": holder, "change": used - reserved}
        await connection.execute(SQL["settle_tokens"], given)


async def record(connection: Connection, call: Call) -> None:
    await connection.execute(SQL["record_call"], call.model_dump())


async def sums(connection: Connection, by: Grouping, since: datetime) -> list[Sum]:
    rows = await (await connection.execute(SQL["sum_calls"], {"by": by, "since": since})).fetchall()
    return [Sum.model_validate(row) for row in rows]


async def spent(connection: Connection, day: date) -> int:
    """Tokens of a day, with what is set aside for calls under way."""
    row = await (await connection.execute(SQL["read_budget"], {"day": day})).fetchone()
    return int(row["tokens"]) if row else 0


async def prune(connection: Connection, before: datetime) -> None:
    """Forgets the calls and budgets from before a moment."""
    await connection.execute(SQL["prune_calls"], {"before": before})
    await connection.execute(SQL["prune_budgets"], {"before": before.date()})
