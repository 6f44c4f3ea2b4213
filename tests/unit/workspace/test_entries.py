"""What may be entered into a form, and what an app may put into one from the beginning."""

from typing import Any

import pytest

from bot.local.workspace import entries
from bot.local.workspace.block_limits import MODAL, check_blocks
from bot.local.workspace.refusals import Denied

Payload = dict[str, Any]


def plain(text: str) -> Payload:
    return {"type": "plain_text", "text": text}


OPTIONS = [{"text": plain("Monday"), "value": "0"}, {"text": plain("Friday"), "value": "4"}]


def asking(kind: str, **more: Any) -> Payload:
    element = {"type": kind, "action_id": "what", **more}
    return {"type": "input", "block_id": "what", "label": plain("What?"), "element": element}


SOUND = [
    asking("timepicker", initial_time="08:30"),
    asking("datepicker", initial_date="2026-11-20"),
    asking("checkboxes", options=OPTIONS, initial_options=OPTIONS[:1]),
    asking("radio_buttons", options=OPTIONS, initial_option=OPTIONS[1]),
    asking("static_select", options=OPTIONS, initial_option=OPTIONS[1]),
    asking("multi_conversations_select", filter={"include": ["public", "private"]}, initial_conversations=["C1"]),
    asking("multi_users_select", initial_users=["U1", "U2"], max_selected_items=2),
    asking("plain_text_input", initial_value="x", max_length=3000, min_length=0),
]
WRONG = [
    asking("timepicker", initial_time="8:30"),
    asking("timepicker", initial_time="24:00"),
    asking("datepicker", initial_date="20.11.2026"),
    asking("checkboxes", options=OPTIONS, initial_options=[{"text": plain("Sunday"), "value": "6"}]),
    asking("radio_buttons", options=OPTIONS, initial_option={"text": plain("MONDAY"), "value": "0"}),
    asking("static_select", options=OPTIONS, initial_option={"value": "0"}),
    asking("multi_conversations_select", filter={}),
    asking("multi_conversations_select", filter={"include": []}),
    asking("multi_conversations_select", filter={"include": ["secret"]}),
    asking("multi_users_select", initial_users=["U1", "U2"], max_selected_items=1),
    asking("multi_users_select", max_selected_items=0),
    asking("plain_text_input", max_length=3001),
]


@pytest.mark.parametrize("block", SOUND, ids=lambda block: str(block["element"]["type"]))
def test_what_slack_takes_is_taken(block: Payload) -> None:
    """Elements with what stands in them from the beginning."""
    assert check_blocks([block], MODAL) == []


@pytest.mark.parametrize("block", WRONG, ids=str)
def test_what_slack_refuses_is_refused(block: Payload) -> None:
    """Times and days in another form, options that are not on offer, more than may be chosen."""
    assert len(check_blocks([block], MODAL)) == 1


def test_what_stands_there_from_the_beginning_is_sent_unless_it_is_changed() -> None:
    """`state.values` has every input: what was entered, else the initial value, else nothing; emptied is empty."""
    days = SOUND[2]
    assert entries.values([days], {})["what"]["what"] == {"type": "checkboxes", "selected_options": OPTIONS[:1]}
    emptied = entries.merged([days], {}, {"what": {"what": []}})
    assert entries.values([days], emptied)["what"]["what"] == {"type": "checkboxes", "selected_options": []}
    assert entries.missing([days], entries.values([days], emptied)) == {"what": entries.REQUIRED}
    nothing = asking("users_select")
    assert entries.values([nothing], {})["what"]["what"] == {"type": "users_select", "selected_user": None}


@pytest.mark.parametrize(
    ("block", "given"),
    [
        (asking("timepicker"), "25:00"),
        (asking("datepicker"), "tomorrow"),
        (asking("plain_text_input", max_length=3), "four"),
        (asking("multi_users_select", max_selected_items=1), ["U1", "U2"]),
        (asking("static_select", options=OPTIONS), "5"),
    ],
    ids=str,
)
def test_nobody_can_enter_what_the_element_does_not_take(block: Payload, given: object) -> None:
    """As Slack's client holds it back, the app never sees it."""
    with pytest.raises(Denied):
        entries.merged([block], {}, {"what": {"what": given}})
