"""Questions put to Daybook, as they arrive or are read back: each is answered once, for those who may read it there."""

from datetime import timedelta

from graphs.tasks import amend, follow, objecting
from handlers.arrivals import MessageArrived
from handlers.dispatch import Dispatch
from memory import answers, conversations, manners, people
from memory.answers import Question
from memory.database import Database
from memory.models.audience import Viewer
from memory.models.ids import PersonId, TeamId, answer_id

ANSWERED_WITHIN = timedelta(hours=1)
"""How old a question may be that is read back, or cannot be read: an answer to an older one is no longer waited for."""
ATTENTIVE = timedelta(hours=6)
"""For so long after a question what its asker writes in the thread may be the next one, without a mention."""


async def goes_on(database: Database, arrived: MessageArrived, *, late: bool = False) -> bool:
    """Whether a message in a thread is a further question to Daybook, although it does not mention it.

    It is when Daybook was asked there last, by the same person and not long ago, when nobody else has spoken since,
    when the words ask something, or deny what was told, and speak to no one else, and where the channel's members want
    it so; or when somebody calls it by name. Nothing but one look at its questions is read for threads in which it was
    never asked. What comes `late`, read back, may have been left to people when it was said: it stays theirs.
    """
    found, where = arrived.message, arrived.container
    if found.thread_ts is None or found.kind != "human" or found.author_id is None or arrived.own:
        return False
    called = follow.calls_daybook(found.text)
    asks = follow.is_for_daybook(found.text)
    if not (called or asks or objecting.read(found.text)):
        return False
    async with database.viewing(Viewer.channel(where.container_id)) as connection:
        said_at = found.posted_at if late else None
        if not called and not await manners.follows_up(connection, where.container_id, said_at):
            return False
        last = await answers.last_in(connection, where.container_id, found.thread_ts, found.posted_at, late=late)
    if last is None or found.posted_at - last.asked_at > ATTENTIVE:
        return False
    if called or last.asker_id != found.author_id or last.taken_back:
        return called
    speaks = asks and await _speaks_to_somebody(database, arrived)
    return not speaks and (asks or await _corrects(database, arrived, found.author_id))


async def _speaks_to_somebody(database: Database, arrived: MessageArrived) -> bool:
    """Whether it begins or ends with a name of somebody, as in “Ben, can you take this?”."""
    found, where = arrived.message, arrived.container
    named = follow.spoken_to(found.text)
    if not named:
        return False
    async with database.viewing(Viewer.channel(where.container_id)) as connection:
        everybody = await people.roster(connection, where.team_id)
    return any(
        name and (name.casefold() in named or name.casefold().split()[0] in named)
        for person in everybody.values()
        for name in (person.name, person.handle)
    )


async def _corrects(database: Database, arrived: MessageArrived, author: PersonId) -> bool:
    """Whether it says that what was told is otherwise, and in a way that can be."""
    found, where = arrived.message, arrived.container
    async with database.viewing(Viewer.channel(where.container_id)) as connection:
        everybody = await people.roster(connection, where.team_id)
    writer = everybody.get(author)
    return writer is not None and amend.is_one(found.text, writer, tuple(everybody.values()), found.posted_at)


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
        if not await answers.is_known(connection, question.answer_id):
            # Before the team's log waits for this transaction: nobody else enqueues what is done for this question.
            # Where it turns out not to be kept, they find nothing to do.
            await dispatch.answer(connection, team, question.answer_id, f"{viewer.kind}:{viewer.viewer_id}")
            await dispatch.mark(connection, question.answer_id, f"{viewer.kind}:{viewer.viewer_id}")
            await answers.ask(connection, team, question)
    if not private and not arrived.asks_daybook:
        # Where it was worked out already, it was taken for something that people told each other.
        async with database.scribing(where.container_id) as connection:
            await conversations.touch(connection, [found.message_id])
            await dispatch.extract(connection, team, where.container_id)
