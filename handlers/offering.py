"""Somebody takes up what is offered in private: their question is asked again, as their own, in their DM."""

import logging
from dataclasses import dataclass
from uuid import UUID

from graphs import talking
from graphs.ports import Clock
from handlers import decode
from handlers.arrivals import Pressed
from handlers.dispatch import Dispatch
from handlers.errors import Undecodable
from memory import answers, containers, offers, outbox
from memory.answers import Question
from memory.contents import WordsGone
from memory.database import Database
from memory.models.audience import Viewer
from memory.models.containers import Container
from memory.models.ids import ContentId, OfferId, PersonId, TeamId, container_id, message_id, offered_answer_id
from memory.outbox import Intent

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Offering:
    """Every step may be repeated: one offer leads to one talk, however often it is taken up."""

    team: TeamId
    database: Database
    dispatch: Dispatch
    clock: Clock

    async def taken(self, pressed: Pressed) -> None:
        """Begins the talk in private; an offer to somebody else is none.

        Raises:
            Undecodable: it names no offer.
        """
        name = _offer(pressed.value)
        async with self.database.viewing(Viewer.person(pressed.person_id)) as connection:
            if await offers.read(connection, name) is None:
                return
            intended = await outbox.intend(
                connection,
                self.team,
                f"continued:{name}",
                "continued",
                name,
                at=self.clock.now(),
                person=pressed.person_id,
            )
            if intended:
                await self.dispatch.send(connection, intended)

    async def begun(self, heading: Intent) -> None:
        """Asks the question in the thread whose heading was posted, to be answered by the rights of that moment."""
        if heading.person_id is None or not heading.sent_channel or not heading.sent_ts:
            return
        asked = await self._asked_again(OfferId(heading.subject_id), heading.person_id, heading)
        if asked is None:
            return
        question, behind = asked
        direct = Container(
            container_id=question.container_id, team_id=self.team, external_id=heading.sent_channel, kind="dm"
        )
        async with self.database.house() as connection:
            await containers.note(connection, self.team, direct, self.clock.now())
        try:
            async with self.database.viewing(question.viewer) as connection:
                if await answers.ask(connection, self.team, question, behind):
                    viewer = f"person:{heading.person_id}"
                    await self.dispatch.answer(connection, self.team, question.answer_id, viewer)
        except WordsGone:
            log.info("offer_lapsed", extra={"offer_id": str(heading.subject_id)})  # the question was just deleted

    async def _asked_again(
        self, name: OfferId, person: PersonId, heading: Intent
    ) -> tuple[Question, tuple[ContentId, ...]] | None:
        """The question in full, as its asker's own, and the words that it repeats. None: those are gone."""
        async with self.database.viewing(Viewer.person(person)) as connection:
            made = await offers.read(connection, name)
        if made is None:
            return None
        async with self.database.viewing(Viewer.channel(made.asked_in)) as connection:
            first = await answers.question(connection, made.answer_id)
            kept = await talking.reading_of(connection, made.answer_id, self.team)
        if first is None:
            return None
        direct = container_id(self.team, decode.SLACK, heading.sent_channel or "")
        question = Question(
            answer_id=offered_answer_id(name),
            asker_id=person,
            container_id=direct,
            question_message_id=message_id(direct, heading.sent_ts or ""),
            thread_ts=heading.sent_ts,
            viewer_kind="person",
            viewer_id=person,
            question=kept.question if kept else first.question,
            asked_at=first.asked_at,
        )
        behind = talking.words_behind(kept) if kept else ()
        return question, (answers.words_of(made.answer_id), *behind)


def _offer(value: str) -> OfferId:
    try:
        return OfferId(UUID(value))
    except ValueError:
        raise Undecodable("A button names no offer.") from None
