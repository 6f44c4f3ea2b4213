"""A container's conversations as a model reads them: each once, and those that are over for long not at all."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from graphs.ports import Context
from graphs.tasks import minutes
from memory import leases
from memory.database import Database
from memory.models.ids import ConversationId, conversation_id
from memory.models.messages import Message
from tests.integration.chat import TEAM, container, introduce, members, open_containers, person, said, say, where, who
from tests.integration.test_engines import Nowhere
from tests.openai_server import readers, stub
from tests.openai_server.asking import MORNING, MovedTime, language
from tests.openai_server.server import OpenAIServer, serving

ROSTER = {who(name): person(name) for name in ("ANA", "BOB")}
Talks = dict[ConversationId, list[Message]]


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with serving() as running:
        running.script("extract", stub.each_piece(readers.minutes_of))
        yield running
        assert running.refused == []


@pytest.fixture
async def context(house: Database, server: OpenAIServer) -> AsyncIterator[Context]:
    await introduce(house, *ROSTER.values())
    await open_containers(house, container("C1"))
    await members(house, "C1", "ANA", "BOB")
    models = language(server, house, MovedTime(), TEAM)
    async with leases.holding(house, TEAM, "run:1", "tests") as lease:
        yield Context(TEAM, "DAYBOOK", house, MovedTime(), lease, Nowhere(), models.errand("run:1"))


def talks(*talked: tuple[str, ...]) -> Talks:
    """Conversations of two who take turns, an hour apart."""
    found = {}
    for at, texts in enumerate(talked):
        told = [said("C1", 60 * at + n, text, ("ANA", "BOB")[n % 2]) for n, text in enumerate(texts)]
        found[conversation_id(told[0].message_id)] = told
    return found


PLAN = ("who sends the plan to finance?", "I'll send the plan tomorrow")
QUEUE = ("we decided to keep the old queue", "fine by me then")


async def test_conversations_share_a_call_and_are_read_once(context: Context, server: OpenAIServer) -> None:
    """Of an edited one alone is asked again; how often something else is said changes nothing."""
    found = talks(PLAN, QUEUE)
    await say(context.database, *(each for talk in found.values() for each in talk))
    first = await minutes.take(found, ROSTER, where("C1"), context)
    assert [[draft.kind for draft in taken[0].drafts] for taken in first.values()] == [["commitment"], ["decision"]]
    assert await minutes.take(found, ROSTER, where("C1"), context) == first
    assert server.calls == 1
    edited = talks(PLAN, ("we decided to drop the old queue", "fine by me then"))
    await minutes.take(edited, ROSTER, where("C1"), context)
    assert server.calls == 2
    (piece,) = stub.pieces_of(server.asked[1].body)
    assert "drop the old queue" in str(piece)


async def test_what_is_over_for_long_is_not_asked_about(context: Context, server: OpenAIServer) -> None:
    """Unless it was read then: what a model noted stays noted."""
    found = talks(PLAN, QUEUE)
    await say(context.database, *(each for talk in found.values() for each in talk))
    (key, talk), *_ = found.items()
    then = await minutes.take({key: talk}, ROSTER, where("C1"), context)
    later = replace(context, clock=MovedTime(MORNING + minutes.RECENT + timedelta(days=8)))
    assert await minutes.take(found, ROSTER, where("C1"), later) == then
    assert server.calls == 1


async def test_without_a_model_there_is_nothing_to_read(context: Context, server: OpenAIServer) -> None:
    """And with one that is down, the rules stand in for every conversation."""
    found = talks(PLAN, QUEUE)
    await say(context.database, *(each for talk in found.values() for each in talk))
    assert await minutes.take(found, ROSTER, where("C1"), replace(context, model=None)) == {}
    server.misbehave("error_body")
    assert await minutes.take(found, ROSTER, where("C1"), context) == {}
    assert server.calls <= 4


async def test_a_stretch_that_is_missing_leaves_its_conversation_to_the_rules(
    context: Context, server: OpenAIServer
) -> None:
    """Whole: nobody takes half of it from here and half from there."""
    long = tuple(f"point {number} " + "of a long debate about queues " * 15 for number in range(40))
    found = talks(long, PLAN)
    await say(context.database, *(each for talk in found.values() for each in talk))

    def partly(piece: object) -> object:
        return {"topic": "", "gist": "", "facts": []} if "point 39" in str(piece) else readers.minutes_of(piece)

    server.script("extract", stub.each_piece(partly))
    made = await minutes.take(found, ROSTER, where("C1"), context)
    assert list(made) == [list(found)[1]]
