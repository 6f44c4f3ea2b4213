"""The three kinds of thinking, as work: extract a container, brief a person, answer a question."""

import logging
import math
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast
from uuid import UUID

from langgraph.checkpoint.base import BaseCheckpointSaver

from bot import schedule, telemetry
from bot.runs import Graph, Runs
from bot.schedule import Due
from graphs import answering, briefing, days, extraction, indexing
from graphs.ports import Clock, Embedder
from handlers.dispatch import Dispatch
from memory import answers, briefings, containers, forgotten, messages, people, retrieval
from memory.briefings import Slot
from memory.database import Connection, Database
from memory.leases import LeaseHeld
from memory.models.audience import Viewer
from memory.models.ids import AnswerId, BriefingId, ContainerId, PersonId, TeamId

log = logging.getLogger(__name__)

PATIENCE = 360.0
"""Seconds after a briefing was claimed in which a model is asked for it: what is late then is made by rules at once."""


def compiled_graphs(saver: BaseCheckpointSaver[Any]) -> Mapping[str, Graph]:
    """The graphs, ready to run with their checkpoints."""
    return {
        "extraction": extraction.build().compile(checkpointer=saver),
        "briefing": briefing.build().compile(checkpointer=saver),
        "answering": answering.build().compile(checkpointer=saver),
    }


@dataclass(frozen=True)
class EngineRoom:
    """Runs the graphs for what is due. All of it may be repeated, by any number of workers."""

    team: TeamId
    database: Database
    runs: Runs
    dispatch: Dispatch
    clock: Clock
    embedder: Embedder

    async def extract(self, container: ContainerId, *, background: bool = True, patience: float = math.inf) -> None:
        """Works out everything in a container that is not worked out yet; in the `background` nobody waits for it."""
        async for _ in self.extracting(container, background=background, patience=patience):
            pass

    async def extracting(
        self, container: ContainerId, *, background: bool = True, patience: float = math.inf
    ) -> AsyncIterator[int]:
        """The same, batch by batch: how many messages each had that were new."""
        # Facts elsewhere are found by the names of things in what was said: that is to be in the index by then.
        await indexing.index_words(self.database, container)
        while await self._has_work(container):
            run_key = f"extraction:{container}"
            start = {"container_id": str(container)}
            ended = await self.runs.run(
                "extraction", run_key, start, forget=True, background=background, patience=patience
            )
            telemetry.count("extraction_batches")
            if not ended["message_ids"] and not ended["revisions"]:
                log.error("extraction_stuck", extra={"container_id": str(container)})
                return
            yield len(ended["message_ids"])

    async def index(self, container: ContainerId) -> None:
        """Brings the index of a container's messages up to date."""
        await indexing.index(self.database, container, self.embedder)
        telemetry.count("containers_indexed")

    async def index_unfinished(self) -> int:
        """Has every container indexed that has messages without a place in it, or vectors of another embedder."""
        async with self.database.house() as connection:
            found = await retrieval.to_index(connection, self.team, indexing.space_of(self.embedder))
            for container in found:
                await self.dispatch.index(connection, self.team, container)
        return len(found)

    async def brief(self, key: BriefingId) -> None:
        """Makes the briefing whose slot was claimed, from what has been said until now."""
        async with self.database.house() as connection:
            slot = await briefings.slot(connection, key)
            if slot is None or await forgotten.among(connection, (slot.person_id,)):
                return
        await self._read_up(slot)
        patience = await self._patience(slot)
        start = {"briefing_id": str(key)}
        await self.runs.run("briefing", f"briefing:{key}", start, person=slot.person_id, patience=patience)
        telemetry.count("briefings")

    async def _read_up(self, slot: Slot) -> None:
        """Works out all that the person may read; what others are at comes last, so that all help each other."""
        held = []
        for container in sorted(await self._readable(slot.person_id)):
            try:
                await self.extract(container, background=False, patience=await self._patience(slot))
            except LeaseHeld:
                held.append(container)
        for container in held:
            await self.extract(container, background=False, patience=await self._patience(slot))

    async def _patience(self, slot: Slot) -> float:
        """For how long a model may yet be asked."""
        async with self.database.house() as connection:
            return PATIENCE - await briefings.waited(connection, slot)

    async def answer(self, key: AnswerId, viewer: str) -> None:
        """Answers a question; `viewer` is `person:<id>` or `channel:<id>`, for whom it is answered."""
        kind, _, viewer_id = viewer.partition(":")
        start = {"answer_id": str(key), "viewer_kind": kind, "viewer_id": viewer_id}
        audience = Viewer(kind=cast(Literal["person", "channel"], kind), viewer_id=UUID(viewer_id))
        async with self.database.viewing(audience) as connection:
            question = await answers.question(connection, key)
            if question is None:
                return
            behind = await retrieval.stale_for(connection, audience)
        for container in behind:  # what was said a moment ago is to be found too
            await indexing.index_words(self.database, container)
        await self.runs.run("answering", f"answering:{key}", start, person=question.asker_id)
        telemetry.count("answers")

    async def brief_due(self) -> int:
        """Claims the mornings that have come, and the ends of weeks, each for one worker only; says how many."""
        now = self.clock.now()
        async with self.database.house() as connection:
            readers = await people.readers(connection, self.team)
            found = [*schedule.due(readers, now), *schedule.reviews_due(readers, now)]
            return sum([await self._claim(connection, each) for each in found])

    async def notice_activity(self, person: PersonId) -> None:
        """The person is up: their briefing need not wait for its time."""
        async with self.database.house() as connection:
            reader = next((r for r in await people.readers(connection, self.team) if r.person_id == person), None)
            found = schedule.due_on_activity(reader, self.clock.now()) if reader else None
            if found:
                await self._claim(connection, found)

    async def brief_now(self, person: PersonId) -> None:
        """Makes today's briefing at once, if there was none today."""
        now = self.clock.now()
        async with self.database.house() as connection:
            known = (await people.roster(connection, self.team)).get(person)
            if known is None:
                return
            await self._claim(connection, Due(person_id=person, local_date=days.local_day(now, known.tz), due_at=now))

    async def _claim(self, connection: Connection, found: Due) -> bool:
        claimed = await briefings.claim(
            connection, self.team, found.person_id, found.local_date, found.due_at, found.kind
        )
        if claimed:
            await self.dispatch.brief(connection, self.team, claimed)
        return claimed is not None

    async def _readable(self, person: PersonId) -> set[ContainerId]:
        viewer = Viewer.person(person)
        async with self.database.viewing(viewer) as connection:
            return await containers.readable(connection, viewer)

    async def _has_work(self, container: ContainerId) -> bool:
        async with self.database.scribing(container) as connection:
            return await messages.has_work(connection, container)
