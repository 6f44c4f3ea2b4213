"""Of two people who are named in a question, one promised and the other was promised it."""

from datetime import timedelta

import pytest

from graphs import talking
from graphs.tasks import understand
from memory.models.facts import Evidence, Fact
from memory.models.ids import container_id, conversation_id, fact_id, message_id
from memory.models.people import Person
from tests.unit.morning import ANA, BEN, MIRA, NOW, PEOPLE

PLACE = container_id(MIRA.team_id, "slack", "C1")


def promise(number: int, by: Person, to: Person) -> Fact:
    message = message_id(PLACE, f"{number}.0")
    return Fact(
        fact_id=fact_id(PLACE, "commitment", message, 0),
        container_id=PLACE,
        conversation_id=conversation_id(message),
        kind="commitment",
        actor_id=by.person_id,
        counterparty_id=to.person_id,
        statement=f"promise {number}",
        status="open",
        valid_from=NOW - timedelta(hours=number),
        engine="rules",
        evidence=(Evidence(message_id=message, start=0, end=3),),
    )


PROMISES = {
    "Ben to me": promise(1, BEN, MIRA),
    "me to Ben": promise(2, MIRA, BEN),
    "Ben to Ana": promise(3, BEN, ANA),
    "Ana to Ben": promise(4, ANA, BEN),
}


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("what does Ben owe me?", {"Ben to me"}),
        ("what did Ben promise me?", {"Ben to me"}),
        ("what do I owe Ben?", {"me to Ben"}),
        ("what did Ben promise Ana?", {"Ben to Ana"}),
        ("what does Ana owe to Ben?", {"Ana to Ben"}),
        ("what did Ben promise?", {"Ben to me", "Ben to Ana"}),
        ("what was promised?", {*PROMISES}),
    ],
)
def test_promises_go_from_one_to_the_other(question: str, meant: set[str]) -> None:
    """And what goes the other way, or to somebody else, is not what was asked for."""
    plan = understand.rules(understand.Given(text=question, asker=MIRA, people=PEOPLE, asked_at=NOW))
    found = talking.meant([*PROMISES.values()], plan, MIRA.person_id)
    assert {name for name, fact in PROMISES.items() if fact.fact_id in found} == meant
