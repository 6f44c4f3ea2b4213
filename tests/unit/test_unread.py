"""What remains to be told of a message that cannot be read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import unread

OWN = "UBOT"
ASKED = {"type": "message", "channel": "C12345", "user": "UADA", "ts": "1795110300.000100", "text": f"<@{OWN}> when?"}
PARTS = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["UADA", "C12345", *ASKED])
ANYTHING = st.recursive(PARTS, lambda each: st.lists(each, max_size=2) | st.dictionaries(PARTS.filter(bool), each))


@given(changed=st.dictionaries(st.sampled_from([*ASKED, "thread_ts", "subtype", "bot_id"]), ANYTHING))
def test_nothing_in_a_delivery_breaks_it(changed: dict[str, Any]) -> None:
    """Whatever stands there, it is a message's remains or none."""
    unread.message_of({"event": {**ASKED, **changed}}, OWN)
    unread.message_of({"event": changed.get("text")}, OWN)


@pytest.mark.parametrize(
    "changed",
    [
        {"subtype": "message_changed"},
        {"subtype": "bot_message"},
        {"bot_id": "B1"},
        {"user": OWN},
        {"user": None},
        {"channel": ["C12345"]},
        {"ts": "never"},
        {"type": "reaction_added"},
    ],
)
def test_what_is_nobodys_new_message_is_none(changed: dict[str, Any]) -> None:
    """Nobody asked with it, or it cannot be told where."""
    assert unread.message_of({"event": {**ASKED, **changed}}, OWN) is None


def test_who_asked_where_and_by_a_mention_is_known() -> None:
    """A mention by its text, or by its kind where no text is there."""
    for event in (ASKED, {**ASKED, "type": "app_mention", "text": 5}):
        found = unread.message_of({"event": event}, OWN)
        assert found
        assert (found.channel, found.user, found.ts, found.thread_ts, found.mentions) == (
            *("C12345", "UADA", "1795110300.000100", None),
            True,
        )
    unmentioned = unread.message_of({"event": {**ASKED, "text": "when?", "thread_ts": "1795110200.000100"}}, OWN)
    assert unmentioned
    assert (unmentioned.thread_ts, unmentioned.mentions) == ("1795110200.000100", False)
