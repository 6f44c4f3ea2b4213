"""What is forgotten, and what is over, goes: batch by batch, so that nobody waits and a kill in between loses nothing.

Everything here may be repeated: it looks for what is left, and erases that.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver

from bot import telemetry
from graphs.ports import Clock
from handlers.dispatch import Dispatch
from memory import (
    answers,
    assurances,
    checkpoints,
    containers,
    contents,
    erasure,
    facts,
    feedback,
    forgotten,
    inbox,
    leases,
    model_calls,
    redraws,
    settings,
    tracking,
)
from memory.containers import Keeping
from memory.database import Connection, Database
from memory.erasure import Asked, Reason, Standing
from memory.errors import MemoryFailure
from memory.leases import LeaseHeld
from memory.models.audience import Viewer
from memory.models.ids import ContainerId, PersonId, TeamId

log = logging.getLogger(__name__)

BATCH = 200
"""Messages a transaction erases."""
IDLE_DAYS = 7
"""After so many days without a step a run is over, and a lease nobody's."""
TALK_DAYS = 30
"""After so many days without a question a thread's talk is over: what follows is a question of its own."""
RECORD_DAYS = 400
"""For so long it is on record what models were asked."""
PATIENCE = 120.0
"""Seconds for which a run that works a container out is waited for."""
PAUSE = 0.3
Erased = Counter[str]
"""How much of what was erased."""
Finding = Callable[[Connection], Awaitable[Sequence[Standing]]]


class Held(MemoryFailure):
    """It is under a legal hold: release that first."""


@dataclass(frozen=True)
class Erasing:
    """Erases in one workspace. `owner` names this worker in leases."""

    team: TeamId
    database: Database
    saver: BaseCheckpointSaver[Any]
    dispatch: Dispatch
    clock: Clock
    owner: str

    async def message(self, container: ContainerId, message: Standing) -> Erased:
        """Erases one message, as if it had been deleted in its source. Raises Held."""
        async with self.database.scribing(container) as connection:
            if await containers.is_held(connection, container):
                raise Held("A legal hold is on its channel.")
            found, gone = await erasure.find(connection, message.message_id)
            if gone:
                return Counter()
            await self._erase(connection, container, [found or message], "forgotten")
        return Counter(messages=1)

    async def container(self, container: ContainerId) -> Erased:
        """Forgets a container with all that was said there, and reads it no more. Raises Held."""
        async with self.database.scribing(container) as connection:
            if await containers.is_held(connection, container):
                raise Held("A legal hold is on it.")
            await forgotten.forget_container(connection, self.team, container, self.clock.now())
        return await self._sweep(container)

    async def person(self, person: PersonId) -> tuple[Erased, list[Keeping]]:
        """Forgets somebody: what they wrote, what was written for them, what they are called. Their id stays.

        Returns what was erased, and the containers under a legal hold, in which nothing was.
        """
        async with self.database.house() as connection:
            calls = await forgotten.calls(connection, person)
            await forgotten.forget_person(connection, self.team, person, self.clock.now())
            places = await containers.keeping(connection, self.team)
        erased: Erased = Counter()
        for place in places:
            if not place.held:
                erased += await self._person_in(place.container_id, person, calls)
        erased += await self._written_for(Viewer.person(person), reader=person)
        async with self.database.viewing(Viewer.person(person)) as connection:
            erased["settings"] += await settings.erase(connection, self.team, person, self.clock.now())
        async with self.database.house() as connection:
            if calls:
                erased["texts for others"] += await erasure.erase_calling(connection, self.team, calls)
            await self._redraw(connection)
            briefings = await erasure.briefings_of(connection, person)
        for briefing in briefings:
            await self.saver.adelete_thread(f"briefing:{briefing}")
        held = [place for place in places if place.held]
        if not held:
            # What they are called goes last: until then a run that was cut off, or a place that is released, is found
            # unfinished, and finished.
            async with self.database.house() as connection:
                await forgotten.erase_directory(connection, person)
        return +erased, held

    async def untracked(self, person: PersonId) -> Erased:
        """What somebody's messages bore out goes, if they are not to be tracked; either way it is worked out anew.

        Of a container under a legal hold nothing is erased; what rests on them there shows no more.
        """
        async with self.database.house() as connection:
            gone = await tracking.is_untracked(connection, person)
            places = await containers.keeping(connection, self.team)
        erased: Erased = Counter()
        for place in places:
            if gone and not place.held:
                erased += await self._concluded_from(place.container_id, person)
            async with self.database.scribing(place.container_id) as connection:
                if await erasure.touch_written_by(connection, place.container_id, person):
                    await self.dispatch.extract(connection, self.team, place.container_id)
        return +erased

    async def _concluded_from(self, container: ContainerId, person: PersonId) -> Erased:
        erased: Erased = Counter()
        async with self._alone(container):
            while True:
                async with self.database.scribing(container) as connection:
                    known = await facts.borne_out_by(connection, container, person, BATCH)
                    told = await erasure.erase_told(connection, [*known])
                    texts = await erasure.erase_concluded_from(connection, container, person, BATCH)
                    await facts.take_back(connection, self.team, container, known, self.clock.now())
                    await self._redraw(connection)
                erased += Counter({"derived texts": texts + told, "facts": len(known)})
                if not texts and not known:
                    return erased

    async def tidy(self) -> Erased:
        """The daily round: what is over expires, forgetting that was cut off is finished, and old runs are dropped."""
        async with self.database.house() as connection:
            people = await forgotten.people(connection, self.team)
            places = await containers.keeping(connection, self.team)
        erased: Erased = Counter()
        for person in [each for each, unfinished in people.items() if unfinished]:
            erased += (await self.person(person))[0]
        for place in places:
            if not place.held:
                erased += await self._tidied(place, list(people))
        async with self.database.house() as connection:
            await leases.prune(connection, IDLE_DAYS)
            await inbox.prune(connection, IDLE_DAYS)
            await assurances.prune(connection)
            await model_calls.prune(connection, self.clock.now() - timedelta(days=RECORD_DAYS))
            await self._redraw(connection)
        erased["runs"] += await self._prune_runs()
        log.info("tidied", extra={"erased": dict(+erased)})
        telemetry.count("tidied")
        return +erased

    async def _tidied(self, place: Keeping, people: list[PersonId]) -> Erased:
        """What is left in a container although it, its author or its time is over."""
        here = place.container_id
        if place.forgotten:
            return await self._sweep(here)
        erased: Erased = Counter()
        if people:
            erased["messages"] += await self._messages(
                here, lambda connection: erasure.written_by(connection, here, people, BATCH), "forgotten"
            )
            async with self.database.scribing(here) as connection:
                await erasure.erase_reactions(connection, self.team, here, people, self.clock.now())
                await erasure.erase_corrections(connection, here, people)
        if place.retain_days is not None:
            before = self.clock.now() - timedelta(days=place.retain_days)
            erased["messages"] += await self._messages(
                here, lambda connection: erasure.written_before(connection, here, before, BATCH), "expired"
            )
        await self._emptied(here)
        return erased

    async def _sweep(self, container: ContainerId) -> Erased:
        """Erases all that is left of a forgotten container."""
        erased = await self._written_for(Viewer.channel(container))
        async with self._alone(container):
            everything = self.clock.now() + timedelta(days=36500)
            erased["messages"] += await self._messages(
                container,
                lambda connection: erasure.written_before(connection, container, everything, BATCH),
                "forgotten",
            )
            await self._emptied(container)
            while True:
                async with self.database.scribing(container) as connection:
                    held = await containers.is_held(connection, container)
                    many = 0 if held else await erasure.erase_texts_of_container(connection, container, BATCH)
                    await self._redraw(connection)
                erased["derived texts"] += many
                if not many:
                    break
            async with self.database.house() as connection:
                await forgotten.erase_name(connection, container)
        await self.saver.adelete_thread(f"extraction:{container}")
        return erased

    async def _person_in(self, container: ContainerId, person: PersonId, calls: str) -> Erased:
        """Erases what one person wrote in a container, and what calls them by name in what was worked out of it."""
        # Questions first: they are messages too, and go unseen with those.
        async with self.database.viewing(Viewer.channel(container)) as connection:
            asked = await erasure.asked_by(connection, person, container)
            await self._unask(connection, asked)
        await self._drop_answering(asked)
        erased: Erased = Counter(questions=sum(each.standing for each in asked))
        async with self._alone(container):
            erased["messages"] += await self._messages(
                container, lambda connection: erasure.written_by(connection, container, [person], BATCH), "forgotten"
            )
            async with self.database.scribing(container) as connection:
                erased["reactions"] += await erasure.count_reactions(connection, container, person)
                await erasure.erase_reactions(connection, self.team, container, [person], self.clock.now())
                erased["derived texts"] += await erasure.erase_corrections(connection, container, [person])
            while calls:
                async with self.database.scribing(container) as connection:
                    many = await erasure.erase_texts_calling(connection, container, calls, BATCH)
                    if not many:
                        break
                    await self._follow(connection, container)
                erased["derived texts"] += many
            await self._emptied(container)
        return erased

    async def _written_for(self, viewer: Viewer, *, reader: PersonId | None = None) -> Erased:
        """Erases all words that were written for one viewer: questions, answers, briefings."""
        async with self.database.viewing(viewer) as connection:
            asked = await erasure.asked_for(connection, viewer.viewer_id)
            briefings = await erasure.count_briefings(connection, reader) if reader else 0
            if reader:
                await feedback.erase(connection, self.team, reader, self.clock.now())
        while True:
            async with self.database.viewing(viewer) as connection:
                many = await erasure.erase_texts_for(connection, viewer.viewer_id, BATCH)
                await self._redraw(connection)
            if not many:
                break
        await self._drop_answering(asked)
        return Counter(questions=sum(each.standing for each in asked), briefings=briefings)

    async def _messages(self, container: ContainerId, find: Finding, reason: Reason) -> int:
        """Erases what is found until nothing is, unless a legal hold comes between."""
        erased = 0
        while True:
            async with self.database.scribing(container) as connection:
                found = [] if await containers.is_held(connection, container) else await find(connection)
                if not found:
                    return erased
                await self._erase(connection, container, found, reason)
            erased += len(found)

    async def _erase(
        self, connection: Connection, container: ContainerId, found: Sequence[Standing], reason: Reason
    ) -> None:
        await erasure.erase(connection, self.team, container, found, reason, self.clock.now())
        await self._follow(connection, container)

    async def _emptied(self, container: ContainerId) -> None:
        while True:
            async with self.database.scribing(container) as connection:
                now = self.clock.now()
                if not await erasure.erase_emptied(connection, self.team, container, now, BATCH):
                    return

    async def _follow(self, connection: Connection, container: ContainerId) -> None:
        """What rested on the erased words is worked out anew, and what was posted of them is written anew."""
        await self.dispatch.extract(connection, self.team, container)
        await self._redraw(connection)

    async def _redraw(self, connection: Connection) -> None:
        for each in await redraws.intend(connection, self.team, self.clock.now()):
            await self.dispatch.send(connection, each)

    async def _unask(self, connection: Connection, asked: Sequence[Asked]) -> None:
        await contents.erase(connection, [each.question_id for each in asked])
        await self._redraw(connection)

    async def _drop_answering(self, asked: Sequence[Asked]) -> None:
        for each in asked:
            await self.saver.adelete_thread(answers.talk_in(each.container_id, each.thread_ts))

    async def _prune_runs(self) -> int:
        dropped = 0
        while True:
            async with self.database.house() as connection:
                idle = await checkpoints.idle(connection, IDLE_DAYS, BATCH, but="answering:%", but_days=TALK_DAYS)
            for run_key in idle:
                await self.saver.adelete_thread(run_key)
            dropped += len(idle)
            if len(idle) < BATCH:
                return dropped

    @asynccontextmanager
    async def _alone(self, container: ContainerId) -> AsyncIterator[None]:
        """No run works this container out meanwhile; one that began before, and may know names, is waited for."""
        async with AsyncExitStack() as stack:
            patience = PATIENCE
            while True:
                holding = leases.holding(self.database, self.team, f"extraction:{container}", self.owner)
                try:
                    await stack.enter_async_context(holding)
                    break
                except LeaseHeld:
                    if patience <= 0:
                        raise
                    patience -= PAUSE
                    await asyncio.sleep(PAUSE)
            yield
