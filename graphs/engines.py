"""How a task asks a model: for the pieces of its work that nobody answered yet, checked, kept, and each with a way out.

A piece is what a task does one of at a time: a conversation, an entry of a briefing, a question. Several go into one
call; each is checked, cached, and given up alone. What the model does not do, for whatever reason, is left to the
rules, and the result says who made what.
"""

import asyncio
import hashlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Generic

from pydantic import ValidationError

from graphs.errors import InvalidReply, ModelFailure
from graphs.pieces import Answer, ModelEngine, Out, Piece, Reply, Share, Sheet, Unfit, named
from graphs.ports import Context, Model
from memory import results
from memory.database import Connection
from memory.models.audience import Viewer
from memory.models.briefings import Maker
from memory.models.facts import EngineName
from memory.models.ids import ContainerId
from memory.results import Result

log = logging.getLogger(__name__)

Audience = Viewer | ContainerId
"""Who may read what was asked: the one viewer for whom it is done, or whoever may read the container."""

REPAIRS = 2
"""How often a model is told what was wrong with its reply, and asked again."""
_GIVEN_UP = "null"
"""Kept in the place of an answer that the model did not manage: it is not asked the same again."""


@dataclass
class Made(Generic[Out]):
    """What the model made, and why it did not make the rest."""

    by_model: dict[int, Out] = field(default_factory=dict)
    left: dict[int, str] = field(default_factory=dict)


def made_by(engines: Sequence[EngineName | None]) -> Maker:
    """Who made a thing of many parts, as readers are told."""
    if "model" not in engines:
        return "rules"
    return "model and rules" if "rules" in engines else "model"


async def ask(
    engine: ModelEngine[Piece, Answer, Out],
    shares: Sequence[Share[Piece]],
    context: Context,
    audience: Audience,
    *,
    unasked: Collection[int] = (),
) -> Made[Out]:
    """What a model makes of the pieces, by their place in `shares`; of those that it does not make, the reason why not.

    Never raises because of the model. What it answered before to the same data is not asked again; about those that are
    `unasked`, by their place, only that is taken.
    """
    made: Made[Out] = Made()
    if context.model is None:
        made.left = dict.fromkeys(range(len(shares)), "off")
        return made
    desk = _Desk(engine, shares, context, context.model, audience, made, frozenset(unasked))
    await desk.work()
    if made.left:
        extra = {"task": engine.task, "pieces": len(shares), "left": dict(Counter(made.left.values()))}
        log.info("left_to_rules", extra=extra)
    return made


@dataclass
class _Desk(Generic[Piece, Answer, Out]):
    engine: ModelEngine[Piece, Answer, Out]
    shares: Sequence[Share[Piece]]
    context: Context
    model: Model
    audience: Audience
    made: Made[Out]
    unasked: frozenset[int]

    def __post_init__(self) -> None:
        self.sheet = Sheet(self.engine, [share.piece for share in self.shares])
        self.hashes = [_hash(self.audience, data) for data in self.sheet.data]

    async def work(self) -> None:
        known = await self._known()
        for place, body in known.items():
            self._take(place, body)
        rest = [place for place in range(len(self.shares)) if place not in known]
        self.made.left |= {place: "old" for place in rest if place in self.unasked}
        self.made.left |= {place: "too long" for place in rest if not self.sheet.fits(place)}
        asked = {self.hashes[place]: place for place in reversed(rest) if place not in self.unasked}
        groups = self.sheet.groups(sorted(asked.values()))  # those with the same data are asked once
        failures = await asyncio.gather(*(self._ask(group) for group in groups), return_exceptions=True)
        for failure in failures:
            if isinstance(failure, BaseException):
                raise failure

    async def _known(self) -> dict[int, str]:
        """What was answered before, by whichever of the models."""
        found: dict[str, str] = {}
        async with self._access() as connection:
            for name in reversed(self.model.names(self.engine.size)):
                given = (self.context.team_id, self.engine.task, self._version(name))
                found |= await results.find(connection, *given, set(self.hashes))
        return {place: found[key] for place, key in enumerate(self.hashes) if key in found}

    def _take(self, place: int, body: str) -> None:
        """Reads a kept answer, with the checks of today."""
        if body == _GIVEN_UP:
            self.made.left[place] = "invalid"
            return
        try:
            self.made.by_model[place] = self._read(place, self.engine.answer.model_validate_json(body))
        except (ValidationError, Unfit):
            self.made.left[place] = "outdated"

    def _read(self, place: int, answer: Answer) -> Out:
        return self.engine.read(self.shares[place].piece, answer)

    async def _ask(self, group: list[int]) -> None:
        """One call, and at most two more for what it did not answer well."""
        waiting = named(group)
        faults: tuple[str, ...] = ()
        model = self.model.names(self.engine.size)[0]
        for _ in range(1 + REPAIRS):
            try:
                prompt = self.sheet.prompt(waiting, faults)
                replied = await self.model.reply(self.engine.task, prompt, self.engine.schema)
            except InvalidReply as error:
                model, faults = error.model, error.faults
                if error.final:
                    break
                continue
            except ModelFailure as error:
                self._leave(waiting, error.reason)
                return
            model = replied.model
            good, faults = self._sort(replied.value, waiting)
            await self._keep({waiting.pop(name): answer for name, answer in good.items()}, model)
            if not waiting:
                return
        self._leave(waiting, "invalid")
        await self._keep(dict.fromkeys(waiting.values()), model)

    def _leave(self, waiting: Mapping[str, int], reason: str) -> None:
        for place in waiting.values():
            for twin in self._twins(place):
                self.made.left[twin] = reason

    def _twins(self, place: int) -> list[int]:
        """All pieces with this piece's data."""
        return [other for other, key in enumerate(self.hashes) if key == self.hashes[place]]

    def _sort(self, reply: Reply[Answer], waiting: Mapping[str, int]) -> tuple[dict[str, Answer], tuple[str, ...]]:
        """The answers that pass their check, and what is wrong with the rest."""
        good: dict[str, Answer] = {}
        faults: list[str] = []
        times = Counter(each.piece for each in reply.answers)
        faults += ["there are answers to pieces that were not given"] if times.keys() - waiting.keys() else []
        for each in reply.answers:
            if each.piece not in waiting:
                continue
            if times[each.piece] > 1:
                faults.append(f"{each.piece} is answered {times[each.piece]} times")
                continue
            try:
                read = {twin: self._read(twin, each.answer) for twin in self._twins(waiting[each.piece])}
            except Unfit as error:
                faults.append(f"{each.piece}: {error}")
                continue
            good[each.piece] = each.answer
            self.made.by_model |= read
        faults += [f"{name} is not answered" for name in waiting if name not in times]
        return good, tuple(dict.fromkeys(faults))

    async def _keep(self, answers: Mapping[int, Answer | None], model: str) -> None:
        """Keeps what a call brought at once: a run that is cut off asks only for what is missing."""
        if not answers:
            return
        viewer = self.audience.viewer_id if isinstance(self.audience, Viewer) else None
        container = None if isinstance(self.audience, Viewer) else self.audience
        kept = [
            Result(
                input_hash=self.hashes[place],
                body=answer.model_dump_json() if answer is not None else _GIVEN_UP,
                container_id=container,
                viewer_id=viewer,
                rests_on=self.shares[place].rests_on,
            )
            for place, answer in answers.items()
        ]
        async with self._access() as connection:
            await results.keep(connection, self.context.team_id, self.engine.task, self._version(model), kept)

    def _version(self, model: str) -> str:
        return f"{self.engine.version} {model}"

    @asynccontextmanager
    async def _access(self) -> AsyncIterator[Connection]:
        if isinstance(self.audience, Viewer):
            async with self.context.viewing(self.audience) as connection:
                yield connection
        else:
            async with self.context.scribing(self.audience) as connection:
                yield connection


def _hash(audience: Audience, data: str) -> str:
    """Of what is asked and of who may know it: what is one viewer's never answers another's."""
    whose = f"{audience.kind}:{audience.viewer_id}" if isinstance(audience, Viewer) else f"container:{audience}"
    return hashlib.sha256(f"{whose}\n{data}".encode()).hexdigest()
