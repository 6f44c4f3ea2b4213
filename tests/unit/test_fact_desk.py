"""What somebody at a terminal may ask of facts, and say of one."""

from datetime import UTC, datetime

import pytest

from bot.errors import BadInput
from bot.fact_desk import Said, Wanted, check

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NOBODY = Said("", "")


@pytest.mark.parametrize(
    ("wanted", "said", "expected"),
    [
        (Wanted(as_of=NOON, known_at=NOON), NOBODY, "give one of them"),
        (Wanted(kind="rumour"), NOBODY, "'rumour' is no kind of fact: it is one of decision, commitment"),
        (Wanted(), Said("1a", "Bo", status="fine"), "'fine' is no status: it is one of"),
        (Wanted(), Said("1a", "Bo", due="soon"), "'soon' is no day: write it as 2026-11-20, or none"),
        (Wanted(), Said("1a", "Bo", statement=" "), "A statement is empty"),
        (Wanted(), Said("1a", "Bo"), "Say how it is: --status"),
        (Wanted(), Said("1a", "Bo", undo=True, dismiss=True), "stand alone"),
        (Wanted(), Said("1a", "Bo", undo=True, status="done"), "stand alone"),
        (Wanted(), Said("1a", "", status="done"), "say whose with --by"),
        (Wanted(), Said("", "", status="done"), "name the fact with --correct"),
        (Wanted(), Said("", "Bo"), "name the fact with --correct"),
    ],
)
def test_what_makes_no_sense_is_refused(wanted: Wanted, said: Said, expected: str) -> None:
    """In one sentence that says what to do, before any database is asked."""
    with pytest.raises(BadInput, match=expected) as refused:
        check(wanted, said)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "said",
    [
        NOBODY,
        Said("1a", "Bo", due="none"),
        Said("1a", "Bo", dismiss=True),
        Said("1a", "Bo", undo=True),
        Said("1a", "Bo", "done"),
    ],
)
def test_what_makes_sense_passes(said: Said) -> None:
    """Whatever is known of it."""
    check(Wanted(kind="decision"), said)
    check(Wanted(as_of=NOON), said)


def test_a_persons_words_are_kept_as_given() -> None:
    """They are what stands beside the correction."""
    assert Said("1a", "Bo", "done", "none").words() == "status done, due none"
    assert Said("1a", "Bo", dismiss=True).words() == "not a fact"
