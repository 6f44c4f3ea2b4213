"""Questions put to Daybook and what it answered, each written for one viewer."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

from memory import contents, events, forgotten, outbox, statements
from memory.contents import Text
from memory.database import Connection
from memory.models.audience import Viewer
from memory.models.base import Model
from memory.models.briefings import Answer
from memory.models.events import Event
from memory.models.happenings.telling import DaybookAnswered, DaybookAsked
from memory.models.ids import (
    AnswerId,
    ContainerId,
    ContentId,
    MessageId,
    OutboxId,
    PersonId,
    TeamId,
    answer_id,
    content_id,
    derive,
    message_id,
)
from memory.outbox import Operation, Surface

SQL = statements.load("answers")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FAILURE, _REFUSED, _UNREAD = "failure:", "refused:", "unread:"


class Question(Model):
    """`viewer_id` is the channel it was asked in, or in private the asker: the answer is written for that audience."""

    answer_id: AnswerId
    asker_id: PersonId
    container_id: ContainerId
    question_message_id: MessageId
    channel: str = ""
    thread_ts: str | None = None
    viewer_kind: Literal["person", "channel"]
    viewer_id: UUID
    question: str
    asked_at: datetime

    @property
    def talk(self) -> str:
        """The run key of the thread it belongs to; in a DM, what is asked outside of threads is one talk."""
        return talk_in(self.container_id, self.thread_ts)

    @property
    def ts(self) -> str:
        """What Slack calls the message that asked: the moment in which it was posted."""
        seconds, micros = divmod((self.asked_at - _EPOCH) // timedelta(microseconds=1), 1_000_000)
        return f"{seconds}.{micros:06d}"

    @property
    def root(self) -> str:
        """The message under which its thread hangs, or would."""
        return self.thread_ts or self.ts

    @property
    def is_private(self) -> bool:
        """Asked in a direct message, and answered for the asker alone."""
        return self.viewer_kind == "person"

    @property
    def viewer(self) -> Viewer:
        return Viewer(kind=self.viewer_kind, viewer_id=self.viewer_id)


class Titled(Model):
    """What a thread in somebody's direct message is called by: its first question; no words where those are gone."""

    channel: str
    root: str
    question: str | None


async def ask(connection: Connection, team: TeamId, question: Question, rests_on: Sequence[ContentId] = ()) -> bool:
    """Notes a question; says whether it is new and to be answered. Call it as the question's viewer.

    Of a question of somebody, or from somewhere, that is forgotten no words are kept. What another viewer asked under
    the same id, unseen by this one, stays theirs. One that repeats words kept elsewhere `rests_on` those, and goes
    with them.

    Raises:
        WordsGone: those are no longer there; the transaction is lost.
    """
    if await is_known(connection, question.answer_id):
        return False
    words = words_of(question.answer_id)
    given = {**question.model_dump(include={"question", "viewer_id"}), "team_id": team, "question_id": words}
    await connection.execute(SQL["keep_question"], given)
    if rests_on:
        again = Text(
            content_id=words,
            kind="question",
            body=question.question,
            viewer_id=question.viewer_id,
            rests_on=tuple(rests_on),
        )
        await contents.keep(connection, team, [again])
    asked = DaybookAsked(
        **question.model_dump(include={"answer_id", "question_message_id", "thread_ts", "viewer_kind", "viewer_id"}),
        question_id=words,
    )
    happened = Event(
        team_id=team,
        key=f"asked:{question.answer_id}",
        occurred_at=question.asked_at,
        container_id=question.container_id,
        person_id=question.asker_id,
        told=asked,
    )
    fresh = (await events.append(connection, team, [happened])).fresh
    # Only now, under the lock of the team's log: who is being forgotten at this moment is seen here, or sees us.
    if await forgotten.among(connection, (question.asker_id, question.container_id)):
        await contents.erase(connection, [words])
        return False
    return bool(fresh)


def talk_in(container: ContainerId, thread_ts: str | None) -> str:
    """The run key of the talk in a thread."""
    return f"answering:{container}:{thread_ts or ''}"


class LastAsked(Model):
    """The last question of a thread; `taken_back`: since then people spoke to each other there."""

    asker_id: PersonId
    asked_at: datetime
    taken_back: bool


async def last_in(
    connection: Connection, container: ContainerId, thread_ts: str, before: datetime, *, late: bool = False
) -> LastAsked | None:
    """What was asked last in a thread before a moment, if anything was. Call it as the channel.

    `late`: that moment is over, and what was deleted since may have taken the thread back.
    """
    given = {"container_id": container, "thread_ts": thread_ts, "before": before, "late": late}
    row = await (await connection.execute(SQL["find_last_in_thread"], given)).fetchone()
    return LastAsked.model_validate(row) if row else None


async def was_asked_before(connection: Connection, asked: Question) -> bool:
    """Whether something was asked in its thread before it. Call it as the question's viewer."""
    given = asked.model_dump(include={"container_id", "thread_ts", "asked_at"})
    return await (await connection.execute(SQL["find_earlier_in_thread"], given)).fetchone() is not None


async def waiting(connection: Connection, asked: Question) -> list[AnswerId]:
    """The questions of its thread until this one that no reply is intended for, oldest first."""
    given = asked.model_dump(include={"container_id", "thread_ts", "asked_at", "answer_id"})
    rows = await (await connection.execute(SQL["find_waiting_in_thread"], given)).fetchall()
    return [row["answer_id"] for row in rows]


def words_of(question: AnswerId) -> ContentId:
    """The id of a question's words."""
    return content_id("question", question)


def failure_of(question: AnswerId) -> str:
    """The key under which it is said, once, that a question could not be answered."""
    return f"{_FAILURE}{question}"


def failed(key: str) -> AnswerId:
    """The question of which that is said under this key."""
    return AnswerId(UUID(key.removeprefix(_FAILURE)))


def refusal_of(question: AnswerId) -> str:
    """The key under which its asker is told, once, that an answer could not be posted where it was asked for."""
    return f"{_REFUSED}{question}"


def is_refusal(key: str) -> bool:
    """Whether that is said under this key."""
    return key.startswith(_REFUSED)


def unread_of(message: MessageId) -> str:
    """The key under which it is told, once, that what somebody asked could not be read."""
    return f"{_UNREAD}{message}"


def is_unread(key: str) -> bool:
    """Whether that is told under this key."""
    return key.startswith(_UNREAD)


async def is_known(connection: Connection, answer: AnswerId) -> bool:
    """Whether a question was noted. Call it as its viewer."""
    return await (await connection.execute(SQL["find_question"], {"answer_id": answer})).fetchone() is not None


async def question(connection: Connection, answer: AnswerId) -> Question | None:
    row = await (await connection.execute(SQL["read_question"], {"answer_id": answer})).fetchone()
    return Question.model_validate(row) if row else None


async def intend(
    connection: Connection,
    team: TeamId,
    asked: Question,
    key: str,
    surface: Surface,
    subject: UUID,
    *,
    at: datetime,
    operation: Operation = "post",
) -> OutboxId | None:
    """Notes the intent to say something where a question was asked; None when the key was used before.

    In private it is its asker's, in a channel everybody's, or its asker's alone where it is ephemeral. Call it as whose
    it is.
    """
    return await outbox.intend(
        connection,
        team,
        key,
        surface,
        subject,
        at=at,
        operation=operation,
        person=asked.asker_id if asked.is_private or operation == "ephemeral" else None,
        channel=asked.channel,
        thread_ts=asked.thread_ts,
    )


async def keep(
    connection: Connection, team: TeamId, asked: Question, answer: Answer, rests_on: Sequence[ContentId], at: datetime
) -> None:
    """Keeps the answer; it goes when its question, or anything else that it rests on, goes."""
    words = content_id("answer", asked.answer_id)
    origins = (words_of(asked.answer_id), *rests_on)
    text = Text(content_id=words, kind="answer", body=answer.text, viewer_id=asked.viewer_id, rests_on=origins)
    await contents.keep(connection, team, [text])
    told = DaybookAnswered(
        answer_id=asked.answer_id,
        text_id=words,
        message_ids=tuple(source.message_id for source in answer.sources),
        engine=answer.engine,
        lines=answer.lines,
    )
    happened = Event(
        team_id=team,
        key=f"answered:{asked.answer_id}:{derive(told.model_dump_json())}",
        occurred_at=at,
        container_id=asked.container_id,
        person_id=asked.asker_id,
        told=told,
    )
    await events.append(connection, team, [happened])


async def read(connection: Connection, answer: AnswerId) -> Answer | None:
    """The answer, if all it cites may still be read by its viewer; otherwise None."""
    row = await (await connection.execute(SQL["read_answer"], {"answer_id": answer})).fetchone()
    if row is None or row.pop("cited") != len(row["sources"]):
        return None
    return Answer.model_validate(row)


async def found_by(connection: Connection, team: TeamId, asked: Question) -> Question | None:
    """The question outside of threads that a direct message's thread hangs under, or under whose answer it does.

    Call it as the question's viewer.
    """
    if not asked.is_private or asked.thread_ts is None:
        return None
    key = answer_id(message_id(asked.container_id, asked.thread_ts))
    found = await question(connection, key)
    if found is None:
        given = {"team_id": team, "channel": asked.channel, "ts": asked.thread_ts}
        row = await (await connection.execute(SQL["find_answer_posted_at"], given)).fetchone()
        found = await question(connection, row["answer_id"]) if row else None
    return found if found and found.thread_ts is None and found.is_private else None


async def titled_by(connection: Connection, answer: AnswerId) -> Titled | None:
    """The thread that a question in a direct message began; None for one that it did not begin. As its viewer."""
    row = await (await connection.execute(SQL["find_title"], {"answer_id": answer})).fetchone()
    if row is None:
        return None
    asked = Question.model_validate({**row, "question": row["question"] or ""})
    if asked.thread_ts and await is_known(connection, answer_id(message_id(asked.container_id, asked.thread_ts))):
        return None
    return Titled(channel=asked.channel, root=asked.root, question=row["question"])


async def place_of(connection: Connection, answer: AnswerId) -> tuple[str, str] | None:
    """Channel and `ts` of the message that asked, where it is stored and stands. Call it as the question's viewer."""
    row = await (await connection.execute(SQL["find_place"], {"answer_id": answer})).fetchone()
    return (row["channel"], row["ts"]) if row else None


async def put_to_daybook(connection: Connection, said: Iterable[MessageId]) -> frozenset[MessageId]:
    """Those among these messages that were put to Daybook, with a mention or without."""
    rows = await (await connection.execute(SQL["find_put_to_daybook"], {"message_ids": list(said)})).fetchall()
    return frozenset(row["message_id"] for row in rows)
