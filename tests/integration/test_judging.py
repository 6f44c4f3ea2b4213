"""What the rules leave undecided is judged once, for all readers of a container; for a reader, once for them."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from graphs.ports import Context
from graphs.tasks import consolidate, reconcile
from graphs.tasks.changes import applied
from memory import leases
from memory.database import Database
from memory.messages import text_of
from memory.models.audience import Viewer
from memory.models.facts import Fact
from memory.models.messages import Message
from tests.integration.chat import TEAM, container, introduce, members, open_containers, person, said, say, where, who
from tests.integration.test_engines import Nowhere
from tests.openai_server import stub
from tests.openai_server.asking import MovedTime, language
from tests.openai_server.server import OpenAIServer, serving
from tests.unit import test_consolidate, test_reconcile

KEYS = said("C1", 1, "I'll rotate the payment keys on staging by Thursday")
AGAIN = said("C1", 3000, "I'll rotate the payment keys on Thursday, and their backups")


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with serving() as running:
        yield running
        assert running.refused == []


@pytest.fixture
async def context(house: Database, server: OpenAIServer) -> AsyncIterator[Context]:
    await introduce(house, person("ANA"), person("BOB"))
    await open_containers(house, container("C1"))
    await members(house, "C1", "ANA", "BOB")
    await say(house, KEYS, AGAIN)
    models = language(server, house, MovedTime(), TEAM)
    async with leases.holding(house, TEAM, "run:1", "tests") as lease:
        yield Context(TEAM, "DAYBOOK", house, MovedTime(), lease, Nowhere(), models.errand("run:1"))


def answering(server: OpenAIServer, task: str, verdict: str) -> None:
    server.script(task, stub.each_piece(lambda _: {"verdict": verdict}))


async def reconciled(context: Context, *told: Message) -> tuple[Fact, ...]:
    """What is known when each of these was reconciled, one after the other."""
    facts: tuple[Fact, ...] = ()
    for message in told:
        given = test_reconcile.reading([message], facts)
        given = replace(given, container_id=where("C1"), contents={each.message_id: text_of(each) for each in told})
        found = await reconcile.run(given, context)
        facts = applied(facts, found.changes)
    return facts


@pytest.mark.parametrize(("verdict", "facts"), [("yes", 1), ("no", 2)])
async def test_a_doubtful_pair_is_judged_once(verdict: str, facts: int, context: Context, server: OpenAIServer) -> None:
    """By whatever the model says; the second time it is known."""
    answering(server, "reconcile", verdict)
    first = await reconciled(context, KEYS, AGAIN)
    assert len(first) == facts
    assert server.calls == 1
    assert await reconciled(context, KEYS, AGAIN) == first
    assert server.calls == 1


async def test_without_a_model_the_rules_decide(context: Context, server: OpenAIServer) -> None:
    """Or with one that is down."""
    answering(server, "reconcile", "yes")
    assert len(await reconciled(replace(context, model=None), KEYS, AGAIN)) == 2
    assert server.calls == 0
    server.misbehave("error_body")
    assert len(await reconciled(context, KEYS, AGAIN)) == 2


async def test_one_matter_in_two_places_is_one_topic_for_its_reader(context: Context, server: OpenAIServer) -> None:
    """Asked once for them, and for nobody else; without a reader nobody is asked."""
    answering(server, "consolidate", "yes")
    given = test_consolidate.doubtful().model_copy(update={"viewer": Viewer.person(who("ANA"))})
    given = given.model_copy(update={"contents": dict.fromkeys(given.contents, (text_of(KEYS),))})
    assert len((await consolidate.run(given, context)).topics) == 5
    assert len((await consolidate.run(given, context)).topics) == 5
    assert server.calls == 1
    assert len((await consolidate.run(given.model_copy(update={"viewer": None}), context)).topics) == 6
    await consolidate.run(given.model_copy(update={"viewer": Viewer.person(who("BOB"))}), context)
    assert server.calls == 2
