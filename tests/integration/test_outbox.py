import asyncio
from typing import Literal

import pytest

from memory import answers, outbox
from memory.answers import Question
from memory.database import Database
from memory.models.ids import AnswerId, MessageId, OutboxId, derive, outbox_id
from memory.outbox import Operation
from tests.integration.chat import TEAM, at, where, who

SUBJECT = derive("subject")
KEY = outbox_id(TEAM, "answer:1")


async def intend(house: Database, key: str = "answer:1") -> OutboxId | None:
    async with house.house() as connection:
        return await outbox.intend(connection, TEAM, key, "answer", SUBJECT, at=at(0), person=who("ANA"))


async def state(house: Database) -> tuple[str, str | None]:
    async with house.house() as connection:
        found = await outbox.read(connection, KEY)
    assert found is not None
    return found.state, found.sent_ts


async def test_a_key_is_intended_once(house: Database) -> None:
    """Of any number that intend the same key, one does."""
    done = await asyncio.gather(*(intend(house) for _ in range(8)))
    assert [each for each in done if each] == [KEY]


async def test_an_intent_goes_with_its_transaction(house: Database) -> None:
    """What is rolled back was never intended, and its key is free."""
    async with house.house() as connection, connection.transaction(force_rollback=True):
        await outbox.intend(connection, TEAM, "answer:1", "answer", SUBJECT, at=at(0))
    assert await intend(house) == KEY


async def test_the_usual_way(house: Database) -> None:
    """Intended, sending, sent: in this order, and found by its subject afterwards."""
    await intend(house)
    assert await state(house) == ("intended", None)
    async with house.house() as connection:
        assert await outbox.sending(connection, KEY, "D1", at(1))
        assert await outbox.waiting(connection, TEAM, at(5)) == [KEY]
    assert await state(house) == ("sending", None)
    async with house.house() as connection:
        await outbox.sent(connection, KEY, "D1", "1.1", at(2))
        assert [each.sent_ts for each in await outbox.postings_of(connection, SUBJECT)] == ["1.1"]
        assert await outbox.waiting(connection, TEAM, at(5)) == []


async def test_what_was_sent_stays_sent(house: Database) -> None:
    """A late refusal, a drop, another try or a second report cannot make a sent post unsent, or move it."""
    await intend(house)
    async with house.house() as connection:
        await outbox.sending(connection, KEY, "D1", at(1))
        await outbox.sent(connection, KEY, "D1", "1.1", at(2))
        assert not await outbox.sending(connection, KEY, "D2", at(3))
        await outbox.refused(connection, KEY, "ratelimited")
        await outbox.drop(connection, KEY, "nothing_to_show")
        await outbox.sent(connection, KEY, "D1", "2.2", at(4))
    assert await state(house) == ("sent", "1.1")


async def test_a_refused_post_may_be_tried_again(house: Database) -> None:
    """After a certain refusal nothing needs to be read back."""
    await intend(house)
    async with house.house() as connection:
        await outbox.sending(connection, KEY, "D1", at(1))
        await outbox.refused(connection, KEY, "ratelimited")
        found = await outbox.read(connection, KEY)
        assert found is not None
        assert (found.state, found.sending_since) == ("intended", None)
        assert await outbox.sending(connection, KEY, "D1", at(2))


async def test_the_first_try_is_where_reading_back_begins(house: Database) -> None:
    """A second try after an uncertain outcome does not forget when the first one was."""
    await intend(house)
    async with house.house() as connection:
        await outbox.sending(connection, KEY, "D1", at(1))
        await outbox.sending(connection, KEY, "D1", at(9))
        found = await outbox.read(connection, KEY)
    assert found is not None
    assert found.sending_since == at(1)


async def test_what_was_dropped_is_not_sent(house: Database) -> None:
    """A dropped intent is never taken up again."""
    await intend(house)
    async with house.house() as connection:
        await outbox.drop(connection, KEY, "nothing_to_show")
        assert not await outbox.sending(connection, KEY, "D1", at(1))
        await outbox.refused(connection, KEY, "ratelimited")
    assert await state(house) == ("dropped", None)


@pytest.mark.parametrize(
    ("kind", "operation", "asker_alone"),
    [
        *(("person", "post", True), ("channel", "post", False)),
        *(("channel", "update", False), ("channel", "ephemeral", True)),
    ],
)
async def test_what_is_said_where_a_question_was_asked(
    house: Database, kind: Literal["person", "channel"], operation: Operation, asker_alone: bool
) -> None:
    """In its thread: in private to its asker, in a channel to all, or to its asker alone where it is whispered."""
    asked = Question(
        answer_id=AnswerId(SUBJECT),
        asker_id=who("ANA"),
        container_id=where("C1"),
        question_message_id=MessageId(SUBJECT),
        channel="C1",
        thread_ts="1.1",
        viewer_kind=kind,
        viewer_id=who("ANA") if kind == "person" else where("C1"),
        question="",
        asked_at=at(0),
    )
    async with house.house() as connection:
        name = await answers.intend(
            connection, TEAM, asked, "answer:1", "answer", SUBJECT, at=at(1), operation=operation
        )
        found = await outbox.read(connection, name or KEY)
    assert found is not None
    assert (found.channel, found.thread_ts, found.operation) == ("C1", "1.1", operation)
    assert found.person_id == (who("ANA") if asker_alone else None)
