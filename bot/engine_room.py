"""The three kinds of thinking, as work: extract a container, brief a person, answer a question."""

import logging
import math
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Literal, cast
from uuid import UUID

import aiohttp
import psycopg
from langgraph.checkpoint.base import BaseCheckpointSaver
from slack_sdk.errors import SlackApiError

from bot import schedule, telemetry
from bot.ahead import LONGEST, Forecast, Watch
from bot.runs import Graph, Runs
from bot.schedule import Due
from graphs import answering, briefing, days, extraction, indexing, offering
from graphs.ports import Clock, Embedder
from handlers.dispatch import Dispatch
from handlers.messenger import TOO_LATE
from memory import answers, briefings, checkpoints, containers, forgotten, messages, outbox, people, retrieval
from memory.answers import Question
from memory.briefings import Slot
from memory.database import Connection, Database
from memory.leases import LeaseHeld
from memory.models.audience import Viewer
from memory.models.ids import AnswerId, BriefingId, ContainerId, PersonId, TeamId, briefing_id

log = logging.getLogger(__name__)

PATIENCE = 360.0
"""Seconds after a briefing was claimed in which a model is asked for it: what is late then is made by rules at once.
What is claimed early has until it is due."""
PATIENT = timedelta(minutes=2)
"""For so long an answer is tried again before anything is said of what holds it up."""
PASSING = (psycopg.OperationalError, SlackApiError, aiohttp.ClientError, OSError, TimeoutError)
CLAIMS = 50
"""Mornings claimed in one transaction: while it lasts nobody else can append to the log."""


def compiled_graphs(saver: BaseCheckpointSaver[Any]) -> Mapping[str, Graph]:
    """The graphs, ready to run with their checkpoints."""
    return {
        "extraction": extraction.build().compile(checkpointer=saver),
        "briefing": briefing.build().compile(checkpointer=saver),
        "answering": answering.build().compile(checkpointer=saver),
        "offering": offering.build().compile(checkpointer=saver),
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
    forecast: Forecast = field(default_factory=Forecast)
    watch: Watch = field(default_factory=Watch)

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
        """Makes the briefing whose slot was claimed, from what has been said until now; none when it is too late."""
        async with self.database.house() as connection:
            slot = await briefings.slot(connection, key)
            if slot is None or await forgotten.among(connection, (slot.person_id,)):
                return
            if await self._is_over(connection, slot):
                return
        began = monotonic()
        await self._read_up(slot)
        patience = await self._patience(slot)
        start = {"briefing_id": str(key)}
        await self.runs.run("briefing", f"briefing:{key}", start, person=slot.person_id, patience=patience)
        self.forecast.made(monotonic() - began)
        telemetry.count("briefings")

    async def _is_over(self, connection: Connection, slot: Slot) -> bool:
        person = await people.known(connection, self.team, slot.person_id)
        zone = person.tz if person else "UTC"
        return self.clock.now() > days.lapses_at(slot.local_date, zone, slot.due_at, slot.kind)

    async def _read_up(self, slot: Slot) -> None:
        """Works out all that the person may read; what others are at comes last, so that all help each other."""
        held = []
        for container in await self._unread(slot.person_id):
            try:
                await self.extract(container, background=False, patience=await self._patience(slot))
            except LeaseHeld:
                held.append(container)
        for container in held:
            await self.extract(container, background=False, patience=await self._patience(slot))

    async def _unread(self, person: PersonId) -> list[ContainerId]:
        """What the person may read and is not worked out."""
        viewer = Viewer.person(person)
        async with self.database.viewing(viewer) as connection:
            return sorted(await containers.unfinished(connection, await containers.readable(connection, viewer)))

    async def _patience(self, slot: Slot) -> float:
        """For how long a model may yet be asked."""
        if self.runs.language is None:
            return math.inf  # there is none
        early = (slot.due_at - self.clock.now()).total_seconds()
        async with self.database.house() as connection:
            return max(PATIENCE - await briefings.waited(connection, slot), early)

    async def answer(self, key: AnswerId, viewer: str) -> None:
        """Answers a question, after those that wait before it in its thread: what it follows on is known by then.

        `viewer` is `person:<id>` or `channel:<id>`, for whom it is answered.
        """
        audience = audience_of(viewer)
        async with self.database.viewing(audience) as connection:
            question = await answers.question(connection, key)
            if question is None:
                return
            before = await answers.found_by(connection, self.team, question)
            waiting = await answers.waiting(connection, before) if before else []
            waiting += await answers.waiting(connection, question)
            behind = await retrieval.behind_for(connection, audience) if waiting else ()
        for container in behind:  # what was said a moment ago is to be found too
            await indexing.index_newest(self.database, container)
        for each in waiting:
            if each == key:
                await self._answer_one(question, before, is_asked=True)
            else:
                await self._answer_earlier(each, audience)

    async def _answer_earlier(self, key: AnswerId, viewer: Viewer) -> None:
        async with self.database.viewing(viewer) as connection:
            question = await answers.question(connection, key)
            before = await answers.found_by(connection, self.team, question) if question else None
        if question:
            await self._answer_one(question, before, is_asked=False)

    async def _answer_one(self, question: Question, before: Question | None, *, is_asked: bool) -> None:
        """Goes on with the talk; one before what `is_asked` that fails has a job of its own, and holds up no later."""
        key, viewer = question.answer_id, question.viewer
        start = {"answer_id": str(key), "viewer_kind": viewer.kind, "viewer_id": str(viewer.viewer_id)}
        try:
            begun = await self._turns_before(question, before) if before else {}
            asker, swift = question.asker_id, self._is_swift
            await self.runs.run("answering", question.talk, start | begun, onward=True, swift=swift, person=asker)
        except LeaseHeld:
            raise
        except Exception as error:
            if is_asked:
                await self._tell_failure(question, error)
                raise
            telemetry.failed("earlier_question_failed", error, passing=True, answer_id=str(key))
            return
        telemetry.count("answers")

    async def _tell_failure(self, question: Question, error: Exception) -> None:
        """Has it said where the question was asked, once, that it could not be answered; it is tried again even so.

        What passes by itself, such as a database that is away for a moment, is tried for a while before.
        """
        if isinstance(error, PASSING) and self.clock.now() - question.asked_at < PATIENT:
            return
        async with self.database.viewing(question.viewer) as connection:
            key, subject = answers.failure_of(question.answer_id), question.question_message_id
            now = self.clock.now()
            intended = await answers.intend(connection, self.team, question, key, "failure", subject, at=now)
            if intended:
                await self.dispatch.send(connection, intended)
        telemetry.count("answers_failed")

    async def _turns_before(self, asked: Question, before: Question) -> dict[str, Any]:
        """With what the talk of a thread begins that hangs under a question outside of threads: all until that one."""
        if await checkpoints.begun(self.runs.saver, asked.talk):
            return {}
        talk = await checkpoints.begun(self.runs.saver, before.talk)
        turns = talk.values.get("turns", []) if talk else []
        return {"turns": [turn for turn in turns if datetime.fromisoformat(turn["asked_at"]) <= before.asked_at]}

    async def answer_anew(self, key: AnswerId, viewer: str, cause: UUID) -> None:
        """Answers a question again, since an event made the answer wrong, and has what was posted changed."""
        audience = audience_of(viewer)
        async with self.database.viewing(audience) as connection:
            asked = await answers.question(connection, key)
        if asked is None:
            return
        talk = await checkpoints.begun(self.runs.saver, asked.talk)
        start = {
            "answer_id": str(key),
            "viewer_kind": audience.kind,
            "viewer_id": str(audience.viewer_id),
            "turns": talk.values.get("turns", []) if talk else [],
        }
        run_key = f"answering:{key}:{cause}"
        swift = self._is_swift
        await self.runs.run("answering", run_key, start, person=asked.asker_id, forget=True, swift=swift)
        async with self.database.viewing(asked.viewer) as connection:
            again, now = f"answer:{key}:anew:{cause}", self.clock.now()
            intended = await answers.intend(
                connection, self.team, asked, again, "answer", key, at=now, operation="update"
            )
            if intended:
                await self.dispatch.send(connection, intended)
        telemetry.count("answers_anew")

    @property
    def _is_swift(self) -> bool:
        """By rules an answer takes a tenth of a second; what a model was asked is not asked again."""
        return self.runs.language is None

    async def offer(self, key: AnswerId, channel: ContainerId) -> None:
        """Offers whoever asked in a channel what they may read themselves, and the channel may not."""
        start = {"answer_id": str(key), "channel_id": str(channel)}
        ended = await self.runs.run("offering", f"offering:{key}", start, forget=True, swift=self._is_swift)
        telemetry.count("offers_made" if ended.get("message_ids") else "offers_none")

    async def brief_due(self) -> int:
        """Claims the mornings that have come, or have to be begun, and the ends of weeks, each for one worker only."""
        now = self.clock.now()
        if self.watch.is_quiet(now):
            return 0
        async with self.database.house() as connection:
            readers = await people.readers(connection, self.team)
        awake = self.watch.awake(readers, now)
        coming = schedule.coming(awake, now, LONGEST)
        ripe = [*schedule.due(awake, now), *self.forecast.ripe(coming, now)]
        begun = {each.person_id: each.local_date for each in ripe}
        ripe = sorted([*ripe, *schedule.reviews_due(readers, now)], key=lambda each: each.due_at)
        claimed = 0
        for start in range(0, len(ripe), CLAIMS):
            claimed += await self._claim_all(ripe[start : start + CLAIMS])
        self.watch.settle(awake, begun, coming)
        return claimed

    async def notice_activity(self, person: PersonId) -> None:
        """The person is up: their briefing need not wait for its time."""
        async with self.database.house() as connection:
            reader = next((r for r in await people.readers(connection, self.team) if r.person_id == person), None)
            found = schedule.due_on_activity(reader, self.clock.now()) if reader else None
            if found and not await self._claim(connection, found):
                await self._hasten(connection, found)

    async def brief_now(self, person: PersonId) -> None:
        """Makes today's briefing at once, if there was none today."""
        now = self.clock.now()
        async with self.database.house() as connection:
            known = await people.known(connection, self.team, person)
            if known is None:
                return
            found = Due(person_id=person, local_date=days.local_day(now, known.tz), due_at=now)
            if await self._claim(connection, found):
                return
            slot = await briefings.slot(connection, briefing_id(person, found.local_date))
            if slot and slot.delivered_at is None and await self._is_over(connection, slot):
                await briefings.move(connection, slot, now)
                await outbox.revive(connection, slot.briefing_id, TOO_LATE)
                await self.dispatch.brief(connection, self.team, slot.briefing_id)
            else:
                await self._hasten(connection, found)

    async def _hasten(self, connection: Connection, found: Due) -> None:
        """What was begun ahead of its time is due now."""
        slot = await briefings.slot(connection, briefing_id(found.person_id, found.local_date))
        if slot and slot.delivered_at is None and slot.due_at > max(found.due_at, self.clock.now()):
            await briefings.move(connection, slot, found.due_at)

    async def _claim(self, connection: Connection, found: Due) -> bool:
        claimed = await briefings.claim(
            connection, self.team, found.person_id, found.local_date, found.due_at, found.kind
        )
        if claimed:
            await self.dispatch.brief(connection, self.team, claimed)
        return claimed is not None

    async def _claim_all(self, found: list[Due]) -> int:
        wanted = [(each.person_id, each.local_date, each.due_at, each.kind) for each in found]
        async with self.database.house() as connection:
            claimed = await briefings.claim_all(connection, self.team, wanted)
            for each in claimed:
                await self.dispatch.brief(connection, self.team, each)
        return len(claimed)

    async def _has_work(self, container: ContainerId) -> bool:
        async with self.database.scribing(container) as connection:
            return await messages.has_work(connection, container)


def audience_of(viewer: str) -> Viewer:
    """For whom a job is, as its arguments say it: `person:<id>` or `channel:<id>`."""
    kind, _, viewer_id = viewer.partition(":")
    return Viewer(kind=cast(Literal["person", "channel"], kind), viewer_id=UUID(viewer_id))
