"""Who is meant by a name."""

from uuid import uuid4

import pytest

from bot.errors import BadInput
from bot.leaders import find_people, find_person
from memory.models.ids import PersonId, TeamId
from memory.models.people import Person, Role


def person(external_id: str, real_name: str = "", handle: str = "", email: str = "", role: Role = "member") -> Person:
    return Person(
        person_id=PersonId(uuid4()),
        team_id=TeamId("T1"),
        external_id=external_id,
        real_name=real_name,
        handle=handle,
        email=email,
        role=role,
    )


ANA = person("U1", "Ana Lima", "ana", "ana.lima@example.com")
BO = person("U2", "Bo Ström", "boo")
ANABEL = person("U3", "Ana Belić", "anabel")
MUTE = person("U4")
BOT = person("U5", "Ana Lima", role="bot")
TEAM = [ANA, BO, ANABEL, MUTE, BOT]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Ana Lima", ANA),
        ("  ana LIMA ", ANA),
        ("@ana", ANA),
        ("ana", ANA),
        ("ANA.LIMA@example.com", ANA),
        ("ana.lima", ANA),
        ("U1", ANA),
        ("ström", BO),
        ("STRÖM", BO),
        ("u4", MUTE),
    ],
)
def test_a_person_is_found_by_any_call(name: str, found: Person) -> None:
    """By name, handle, address or id, whatever the case; a whole call goes before a part of a name; bots are nobody."""
    assert find_person(name, TEAM) is found


def test_several_are_refused_with_their_ids() -> None:
    """Who shares a name is told apart by id, and by that each can be had."""
    twins = [person("U7", "Alex Roe"), person("U8", "Alex Poe")]
    with pytest.raises(
        BadInput, match=r"^Several people are called alex: say which of U7 \(Alex Roe\), U8 \(Alex Poe\)\.$"
    ):
        find_person("alex", twins)
    assert find_person("U8", twins) is twins[1]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Ana Lina", r"^Nobody is called Ana Lina: did you mean Ana Lima\?$"),
        ("Zorro", r"^Nobody is called Zorro\.$"),
        ("", "A name is empty"),
        (" @ ", "A name is empty"),
    ],
)
def test_nobody_is_told_with_a_guess(name: str, told: str) -> None:
    """Who is near is offered; where nobody is, nobody is made up; nobody at all is not looked for."""
    with pytest.raises(BadInput, match=told):
        find_person(name, TEAM)
    with pytest.raises(BadInput):
        find_person(name or "x", [])


def test_the_first_bad_name_is_told() -> None:
    """Of several names each must fit."""
    assert find_people(["boo", "U1"], TEAM) == [BO, ANA]
    with pytest.raises(BadInput, match="Zorro"):
        find_people(["boo", "Zorro", "Zorra"], TEAM)
