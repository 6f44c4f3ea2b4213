"""What follows on a post once it stands: a question's mark, what is offered beside an answer, a talk in private."""

from dataclasses import dataclass

from handlers import decode
from handlers.dispatch import Dispatch
from handlers.errors import is_forbidden
from handlers.messenger import NOBODY_TO_TELL, NOTHING_TO_SHOW
from handlers.offering import Offering
from memory import answers, outbox
from memory.answers import Question
from memory.database import Database
from memory.models.audience import Viewer
from memory.models.ids import AnswerId, OutboxId, TeamId, container_id
from memory.outbox import Intent


@dataclass(frozen=True)
class Afterwards:
    """Every step may be repeated: a repeat changes nothing."""

    team: TeamId
    database: Database
    dispatch: Dispatch
    offering: Offering

    async def sent(self, outbox_id: OutboxId) -> None:
        """Sets going what follows on an intent that the messenger has seen to."""
        async with self.database.house() as connection:
            intent = await outbox.read(connection, outbox_id)
            if intent is None:
                return
            if intent.surface in {"answer", "failure"} and intent.channel and not answers.is_unread(intent.key):
                asked_in = container_id(self.team, decode.SLACK, intent.channel)
                viewer = f"person:{intent.person_id}" if intent.person_id else f"channel:{asked_in}"
                told = intent.surface == "answer"
                answer = AnswerId(intent.subject_id) if told else answers.failed(intent.key)
                await self.dispatch.mark(connection, answer, viewer, done=True)
                if told and not intent.person_id and intent.operation == "post" and intent.state == "sent":
                    await self.dispatch.offer(connection, answer, asked_in)
        if intent.surface == "answer" and intent.operation == "post" and intent.state == "dropped":
            await self._tell_refusal(intent)
        if intent.surface == "continued" and intent.state == "sent":
            await self.offering.begun(intent)

    async def _tell_refusal(self, intent: Intent) -> None:
        """Tells whoever asked that Slack does not take the answer: where it may be said, alone if not where they asked.

        In private there is no other place to say so.
        """
        reason = intent.failure
        if reason in {None, NOTHING_TO_SHOW, NOBODY_TO_TELL} or not intent.channel:
            return
        forbidden = is_forbidden(str(reason))
        if forbidden and intent.person_id:
            return
        asked_in = container_id(self.team, decode.SLACK, intent.channel)
        viewer = Viewer.person(intent.person_id) if intent.person_id else Viewer.channel(asked_in)
        async with self.database.viewing(viewer) as connection:
            asked = await answers.question(connection, AnswerId(intent.subject_id))
        if asked is not None:
            await (self._told_alone(asked) if forbidden else self._told_there(asked))

    async def _told_alone(self, asked: Question) -> None:
        key, now = answers.refusal_of(asked.answer_id), self.offering.clock.now()
        async with self.database.house() as connection:
            told = await outbox.intend(
                connection, self.team, key, "failure", asked.question_message_id, at=now, person=asked.asker_id
            )
            if told:
                await self.dispatch.send(connection, told)

    async def _told_there(self, asked: Question) -> None:
        key, now = answers.failure_of(asked.answer_id), self.offering.clock.now()
        async with self.database.viewing(asked.viewer) as connection:
            subject = asked.question_message_id
            told = await answers.intend(connection, self.team, asked, key, "failure", subject, at=now)
            if told:
                await self.dispatch.send(connection, told)
