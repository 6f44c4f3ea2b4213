"""A typed reply from a model, with all that stands between wanting and having one.

Deadlines of the call and of the run, tokens set aside before and counted after, turns, waiting and asking again, the
health of endpoints, and a second one. Everything that was asked is recorded; of what was said nothing is.
"""

import asyncio
import logging
import math
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from bot import telemetry
from bot.language.failed import Failed
from bot.language.timing import Timer
from graphs.errors import BudgetSpent, InvalidReply, ModelFailure, ModelUnavailable
from graphs.ports import Clock, Replied, Reply, Usage
from graphs.prompts import Prompt, Size, as_line, tokens_in
from graphs.schemas import strict_schema
from memory import model_calls
from memory.database import Database
from memory.model_calls import Account, Call, Limits, NothingLeft
from memory.models.ids import PersonId, TeamId

if TYPE_CHECKING:
    from bot.language.endpoint import Endpoint, Heard  # takes a second to load, which is spared where no model is set

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 4
"""Requests for one reply, to one endpoint."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0
BACKGROUND = 10
"""How many times longer a run may take for which nobody waits."""
MOST_FAULTS = 5


@dataclass(frozen=True)
class Language:
    """The models of one workspace, for all runs of this program. `turns` are the calls that may go on at once."""

    team: TeamId
    database: Database
    clock: Clock
    timer: Timer
    endpoints: "tuple[Endpoint, ...]"
    limits: Limits
    deadline: float
    run_deadline: float
    turns: asyncio.Semaphore
    spread: random.Random = field(default_factory=random.Random)

    def errand(
        self, cause: str, person: PersonId | None = None, *, background: bool = False, most: float = math.inf
    ) -> "Errand":
        """The models as one run has them: `cause` is its key, `person` on whose behalf it asks.

        It has time until the run's deadline, and no longer than `most` seconds.
        """
        patience = min(self.run_deadline * (BACKGROUND if background else 1), most)
        return Errand(self, cause, person, self.timer.time() + patience)


@dataclass(frozen=True)
class Errand:
    """Asks for one run until its time is over; a `graphs.ports.Model`."""

    language: Language
    cause: str
    person: PersonId | None
    until: float

    def names(self, size: Size) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.names[size] for each in self.language.endpoints))

    async def reply(self, task: str, prompt: Prompt, schema: type[Reply]) -> Replied[Reply]:
        """From the first endpoint that answers. Raises ModelUnavailable, BudgetSpent or InvalidReply."""
        failure: ModelFailure = ModelUnavailable("no endpoint")
        endpoints = self.language.endpoints
        for endpoint in endpoints:
            try:
                return await _Question(self, endpoint, task, prompt, schema, endpoint is endpoints[-1]).replied()
            except ModelUnavailable as error:
                failure = ModelUnavailable(error.reason)
        telemetry.count(f"model_failed:{task}:{failure.reason}")
        raise failure


@dataclass(frozen=True)
class _Question:
    errand: Errand
    endpoint: "Endpoint"
    task: str
    prompt: Prompt
    schema: type[BaseModel]
    last: bool
    """No other endpoint is left to be asked: for this one it is worth waiting."""

    @property
    def language(self) -> Language:
        return self.errand.language

    @property
    def model(self) -> str:
        return self.endpoint.names[self.prompt.size]

    @property
    def left(self) -> float:
        """Seconds that the run still has."""
        return self.errand.until - self.language.timer.time()

    async def replied(self, attempt: int = 1) -> Replied[Any]:
        """The reply, at the latest of so many attempts."""
        pause = self.endpoint.breaker.admit()
        try:
            if pause and not self.last:
                raise ModelUnavailable("held")
            await self._pause(pause)
            return await self._in_turn()
        except Failed as failed:
            if failed.refused:
                raise InvalidReply(self.model, ("it was refused",), final=True) from None
            if not failed.again or attempt == MOST_ATTEMPTS or self.endpoint.breaker.resting:
                raise ModelUnavailable(failed.outcome) from None
            if not self.last and (failed.outcome == "timeout" or failed.wait):
                raise ModelUnavailable(failed.outcome) from None
            pause = self._until_next(failed, attempt)
        finally:
            self.endpoint.breaker.released()
        await self._pause(pause)
        return await self.replied(attempt + 1)

    def _until_next(self, failed: Failed, attempt: int) -> float:
        """What the endpoint asks for, else longer each time; never the same for everybody."""
        longest = min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE)
        jitter = self.language.spread.uniform(longest / 2, longest)
        return jitter if failed.wait is None else failed.wait + jitter / 4

    async def _pause(self, seconds: float) -> None:
        if not seconds:
            return
        if seconds >= self.left:
            raise ModelUnavailable("no time")
        await self.language.timer.sleep(seconds)

    async def _in_turn(self) -> Replied[Any]:
        """Waits for its turn, as long as the run has time, and asks."""
        if self.left <= 0:
            raise ModelUnavailable("no time")
        try:
            async with asyncio.timeout(self.left):
                await self.language.turns.acquire()
        except TimeoutError:
            raise ModelUnavailable("no turn") from None
        try:
            if self.endpoint.breaker.resting:  # since it was let through
                raise ModelUnavailable("resting")
            return await self._paid()
        finally:
            self.language.turns.release()

    async def _paid(self) -> Replied[Any]:
        """Asks with tokens set aside; what it took, and what came of it, is recorded whatever that is."""
        schema = strict_schema(self.schema)
        account = Account(
            team_id=self.language.team, day=self.language.clock.now().date(), person_id=self.errand.person
        )
        sent = tokens_in(self.prompt.instructions + self.prompt.data + as_line(schema))
        reserved = sent + self.prompt.most
        await self._reserve(account, reserved)
        began = self.language.timer.time()
        seconds = min(self.language.deadline, self.left)
        outcome, usage, used, failed, heard = "ok", Usage(), 0, None, None
        try:
            heard = await self.endpoint.ask(self.task, self.prompt, schema, max(seconds, 0.01))
            usage, used = heard.usage, heard.usage.tokens_in + heard.usage.tokens_out
            self.endpoint.breaker.succeeded()
        except Failed as failure:
            # What a call took that was never answered nobody knows: all that was set aside, to be sure.
            failed, outcome, used = failure, failure.outcome, reserved if failure.sent else 0
            usage = Usage(tokens_in=sent if failure.sent else 0)
            self._note(failure)
        value, faults = self._value(heard) if heard else (None, ())
        if heard and faults:
            outcome = "refused" if heard.refusal else "cut off" if heard.cut else "invalid"
        await self._settle(account, reserved, used, self._call(outcome, usage, began))
        if failed:
            raise failed
        if value is None:
            raise InvalidReply(self.model, faults, final=heard is not None and heard.refusal)
        return Replied(value, self.model, usage)

    def _note(self, failed: Failed) -> None:
        breaker = self.endpoint.breaker
        if failed.refused:
            breaker.released()
        elif failed.wait is not None:
            breaker.hold(failed.wait)
        else:
            breaker.failed(at_once=failed.useless)

    async def _reserve(self, account: Account, tokens: int) -> None:
        try:
            async with self.language.database.house() as connection:
                await model_calls.reserve(connection, account, tokens, self.language.limits)
        except NothingLeft:
            telemetry.count("model_budget_spent")
            raise BudgetSpent("Today's tokens are spent.") from None

    async def _settle(self, account: Account, reserved: int, used: int, call: Call) -> None:
        async with self.language.database.house() as connection:
            await model_calls.settle(connection, account, reserved, used)
            await model_calls.record(connection, call)

    def _call(self, outcome: str, usage: Usage, began: float) -> Call:
        telemetry.count(f"model_call:{self.task}:{outcome}")
        return Call(
            team_id=self.language.team,
            task=self.task,
            model=self.model,
            endpoint=self.endpoint.name,
            person_id=self.errand.person,
            cause=self.errand.cause,
            asked_at=self.language.clock.now(),
            latency_ms=round((self.language.timer.time() - began) * 1000),
            outcome=outcome,
            tokens_in=usage.tokens_in,
            tokens_cached=usage.tokens_cached,
            tokens_out=usage.tokens_out,
            cost_micros=self.endpoint.cost(self.model, usage),
        )

    def _value(self, heard: "Heard") -> tuple[BaseModel | None, tuple[str, ...]]:
        """The reply as it was asked for, or what is wrong with it."""
        if heard.refusal:
            return None, ("it was refused",)
        if heard.cut:
            return None, ("it was cut off before its end: answer more briefly",)
        if not heard.content.strip():
            return None, ("it was empty",)
        try:
            return self.schema.model_validate_json(heard.content), ()
        except ValidationError as error:
            return None, tuple(_faults(error, _names_in(strict_schema(self.schema))))


def _faults(error: ValidationError, known: frozenset[str]) -> Iterable[str]:
    """Where a reply is not as asked for, in names of the schema: those that the model made up may quote anybody."""
    for each in error.errors(include_url=False, include_context=False, include_input=False)[:MOST_FAULTS]:
        place = [str(part) if isinstance(part, int) or part in known else "?" for part in each["loc"]]
        yield f"{'.'.join(place) or 'it'} is not as the schema has it ({each['type']})"


def _names_in(schema: Any) -> frozenset[str]:
    if isinstance(schema, list):
        return frozenset().union(*map(_names_in, schema))
    if not isinstance(schema, dict):
        return frozenset()
    own = frozenset(schema.get("properties", ()))
    return own.union(*map(_names_in, schema.values()))
