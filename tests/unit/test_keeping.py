"""How people, channels and messages are named on the command line, and how counts are told."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from bot.errors import BadInput
from bot.keeping import find_message, find_place, listed
from memory.containers import Keeping
from memory.models.ids import TeamId, container_id, message_id

TEAM = TeamId("T1")
TS = "1795110300.000100"


def place(external_id: str, name: str) -> Keeping:
    return Keeping(
        container_id=container_id(TEAM, "slack", external_id),
        team_id=TEAM,
        external_id=external_id,
        kind="public",
        name=name,
        retain_days=None,
        held=False,
        forgotten=False,
    )


PLACES = [place("C1", "dev"), place("C2", "ops"), place("C3", "dev"), place("C4", "c1")]


@pytest.mark.parametrize(
    "words",
    [
        "https://acme.slack.com/archives/C2/p1795110300000100",
        "https://acme.slack.com/archives/C2/p1795110300000100?thread_ts=1795110000.000100&cid=C2",
        f"C2/{TS}",
        f"ops/{TS}",
        f" #ops/{TS} ",
    ],
)
def test_a_message_has_several_names(words: str) -> None:
    """A permalink, in a thread or not, and a channel's id or name with the timestamp, name the same message."""
    found, message = find_message(words, PLACES)
    assert found.external_id == "C2"
    assert message.message_id == message_id(found.container_id, TS)
    assert message.posted_at == datetime(2026, 11, 19, 17, 45, 0, 100, UTC)


@pytest.mark.parametrize("words", ["", "C2", TS, f"C2/{TS[:-1]}", "https://acme.slack.com/archives/C2", f"C2/../{TS}"])
def test_what_names_no_message_is_refused(words: str) -> None:
    """With the ways that there are."""
    with pytest.raises(BadInput, match="names no message"):
        find_message(words, PLACES)


def test_an_id_goes_before_a_name() -> None:
    """A channel that is called like another one's id is not mistaken for it; two of one name are told apart by id."""
    assert find_place("c1", PLACES).external_id == "C1"
    with pytest.raises(BadInput, match="say which of C1, C3"):
        find_place("#dev", PLACES)
    with pytest.raises(BadInput, match="No channel is called nowhere"):
        find_place("nowhere", PLACES)


def test_counts_are_words() -> None:
    """One of something is singular; nothing is said so."""
    assert listed(Counter({"messages": 2, "briefings": 1})) == "2 messages, 1 briefing"
    assert listed(Counter()) == "nothing"
