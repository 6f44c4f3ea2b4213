"""What people fill into the forms about facts: read, or refused, whatever arrives."""

import contextlib
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import decode, sayings
from handlers.arrivals import CorrectionConfirmed, FactTracked
from handlers.errors import Undecodable
from memory.models.ids import TeamId, person_id
from tests.unit.test_decode import JSON

TEAM = TeamId("T1")
FACT = "6f0f2c9a-3f62-5d0e-9a53-0f6d61796b62"


def submission(callback: str, metadata: object = "", values: object = None, **more: object) -> dict[str, Any]:
    view = {"id": "V1", "callback_id": callback, "private_metadata": metadata, "state": {"values": values or {}}}
    return {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"}, "view": view | more}


def test_a_form_is_read_and_comes_back_as_it_was_shown() -> None:
    """What was filled in goes through the second view as ids, and is what is wanted then."""
    values = {
        "how": {"how": {"selected_option": {"value": "day"}}},
        "owner": {"owner": {"selected_user": None}},
        "day": {"day": {"selected_date": "2026-11-27"}},
    }
    found = sayings.filled(submission("fact_wrong", FACT, values), TEAM, "slack")
    assert found is not None
    assert (found.fact_id, found.how, found.day) == (UUID(FACT), "day", date(2026, 11, 27))
    (wanted,) = decode.body(submission("fact_change", found.written()), "UBOT")
    assert isinstance(wanted, CorrectionConfirmed)
    assert (wanted.person_id, wanted.fact_id) == (person_id(TEAM, "slack", "U1"), found.fact_id)
    assert (wanted.how, wanted.owner, wanted.day) == ("day", "", date(2026, 11, 27))


def test_of_several_facts_the_chosen_one_is_meant() -> None:
    """Not the one that the form began with."""
    values = {
        "fact": {"fact": {"selected_option": {"value": FACT}}},
        "how": {"how": {"selected_option": {"value": "untrue"}}},
    }
    found = sayings.filled(submission("fact_wrong", "", values), TEAM, "slack")
    assert found is not None
    assert found.fact_id == UUID(FACT)


def test_the_same_submission_has_one_key() -> None:
    """However often it is delivered; another view's has another."""
    keys = {
        each.key
        for view in ({}, {}, {"id": "V2"})
        for each in decode.body(submission("fact_change", f"{FACT}:done::", **view), "UBOT")
        if isinstance(each, CorrectionConfirmed)
    }
    assert len(keys) == 2


def test_what_is_to_be_tracked_is_read_without_secrets() -> None:
    """Words go through redaction as a message's do."""
    token = "xoxb-" + "1234567890-1234567890123-" + "AbCdEfGhIjKlMnOpQrStUvWx"
    values = {
        "kind": {"kind": {"selected_option": {"value": "decision"}}},
        "statement": {"statement": {"value": f"use {token}"}},
        "owner": {"owner": {"selected_user": "U2"}},
    }
    (found,) = decode.body(submission("fact_tracked", FACT, values), "UBOT")
    assert isinstance(found, FactTracked)
    assert (found.kind, found.owner, found.day) == ("decision", "U2", None)
    assert token not in found.statement


@given(
    callback=st.sampled_from(["fact_wrong", "fact_change", "fact_tracked"]),
    metadata=JSON | st.just(FACT),
    values=st.dictionaries(
        st.sampled_from(["fact", "how", "owner", "day", "kind", "statement"]),
        JSON | st.dictionaries(st.sampled_from(["how", "day", "kind", "owner"]), JSON, max_size=2),
        max_size=4,
    ),
)
def test_any_submission_is_read_or_refused(callback: str, metadata: object, values: dict[str, Any]) -> None:
    """A form of any shape gives what can be stored, or Undecodable; never another error."""
    raw = submission(callback, metadata, values)
    for read in (
        lambda: decode.body(raw, "UBOT"),
        lambda: sayings.filled(raw, TEAM, "slack"),
        lambda: sayings.pointed({**raw, **values}, TEAM, "slack"),
    ):
        with contextlib.suppress(Undecodable):
            read()


@pytest.mark.parametrize("metadata", ["", "x", f"{FACT}:done", f"{FACT}:done::tomorrow", f"{FACT}:day::2026-11-27:x"])
def test_a_malformed_confirmation_is_refused(metadata: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(Undecodable):
        decode.body(submission("fact_change", metadata), "UBOT")
