"""Questions put to Daybook, as they arrive or are read back: each is answered once, for those who may read it there."""

from handlers.arrivals import MessageArrived
from handlers.dispatch import Dispatch
from memory import answers
from memory.answers import Question
from memory.database import Database
from memory.models.audience import Viewer
from memory.models.ids import PersonId, TeamId, answer_id


async def ask(database: Database, dispatch: Dispatch, team: TeamId, arrived: MessageArrived, asker: PersonId) -> None:
    """Notes a question and has it answered. Its edits, its other events, and reading it again find it answered.

    In a DM the answer is for the asker; anywhere else for everybody who could read it there.
    """
    found, where = arrived.message, arrived.container
    private = where.kind == "dm"
    viewer = Viewer.person(asker) if private else Viewer.channel(where.container_id)
    question = Question(
        answer_id=answer_id(found.message_id),
        asker_id=asker,
        container_id=where.container_id,
        question_message_id=found.message_id,
        thread_ts=found.thread_ts if private else found.thread_ts or found.external_ts,
        viewer_kind=viewer.kind,
        viewer_id=viewer.viewer_id,
        question=found.text,
        asked_at=found.posted_at,
    )
    async with database.viewing(viewer) as connection:
        if await answers.ask(connection, team, question):
            await dispatch.answer(connection, team, question.answer_id, f"{viewer.kind}:{viewer.viewer_id}")
            await dispatch.mark(connection, question.answer_id, f"{viewer.kind}:{viewer.viewer_id}")
