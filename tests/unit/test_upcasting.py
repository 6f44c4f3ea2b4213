"""Events of older versions are read in today's form."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from memory import upcasting
from memory.models.briefings import Grounds
from memory.models.events import KINDS
from memory.models.happenings.conclusions import FactTold, MessagesPlaced
from memory.models.happenings.talk import MessageDeleted, MessagePosted
from memory.models.happenings.telling import BriefingComposed
from memory.models.ids import TeamId, derive
from memory.projections import FOLDS
from memory.upcasting import UnknownEvent

NOW = datetime(2026, 11, 16, 9, 1, tzinfo=UTC)
MESSAGE, TALK, FACT, WORDS = (str(derive(name)) for name in ("message", "talk", "fact", "words"))
POSTED: dict[str, Any] = {
    "message_id": MESSAGE,
    "container_id": str(derive("place")),
    "external_ts": "1763283600.000200",
    "thread_ts": None,
    "author_id": None,
    "kind": "human",
    "posted_at": "2026-11-16T09:00:00Z",
    "mentions": [],
    "edited_at": None,
    "client_msg_id": None,
    "content_id": WORDS,
}
RECORDED = {
    "fact_id": FACT,
    "container_id": str(derive("place")),
    "conversation_id": TALK,
    "kind": "decision",
    "actor_id": None,
    "counterparty_id": None,
    "statement_id": WORDS,
    "due": None,
    "status": "decided",
    "log_odds": "1.5",
    "valid_from": "2026-11-16 09:00:00+00:00",
    "valid_to": None,
    "engine": "rules",
    "engine_version": "rules-1",
    "evidence": [
        {"fact_id": FACT, "message_id": MESSAGE, "role": "states", "span_start": "0", "span_end": "5"},
    ],
}
FIRST: dict[str, dict[str, Any]] = {
    "MessagePosted": POSTED,
    "MessageEdited": POSTED | {"edited_at": "2026-11-16T09:05:00Z"},
    "MessageDeleted": {"message_id": MESSAGE, "external_ts": "1763283600.000200"},
    "FactRecorded": RECORDED,
    "FactRetired": {"fact_id": FACT},
    "MessagesPlaced": {"engine": "rules", "version": "1", "placements": [[MESSAGE, TALK]]},
    "MemberJoined": {},
    "MemberLeft": {},
    "ReaderStarted": {},
    "ReaderStopped": {},
    "BriefingDelivered": {"subject_id": FACT, "surface": "briefing", "channel": "C1", "ts": "1.0"},
    "MessageSent": {"subject_id": FACT, "surface": "answer", "channel": "C1", "ts": "1.0"},
    "ItemDone": {"item_id": FACT},
}
"""What version 1 wrote, kind by kind."""
SECOND: dict[str, dict[str, Any]] = {
    "BriefingComposed": {
        "briefing_id": FACT,
        "composed_at": "2026-11-16T09:00:00Z",
        "headline_id": WORDS,
        "coverage": {},
        "engine": "rules",
        "items": [
            {
                "item_id": FACT,
                "ordinal": 0,
                "section": "also",
                "anchor_id": FACT,
                "fact_ids": [FACT],
                "message_ids": [MESSAGE],
                "text_id": WORDS,
                "why_id": WORDS,
                "tag": "new",
                "fingerprint": "f",
            }
        ],
    },
}
"""What version 2 wrote, where that has changed."""


def row(kind: str, version: int, payload: dict[str, Any]) -> dict[str, Any]:
    return {
        "event_id": derive("event"),
        "team_id": TeamId("T1"),
        "position": 7,
        "kind": kind,
        "schema_version": version,
        "container_id": derive("place"),
        "person_id": None,
        "occurred_at": NOW,
        "recorded_at": NOW,
        "cause": None,
        "payload": json.dumps(payload),
    }


@pytest.mark.parametrize("kind", FIRST)
def test_the_first_version_is_read(kind: str) -> None:
    """Every kind that version 1 wrote is read as one of today's, in the same place of the log."""
    found = upcasting.recorded(row(kind, 1, FIRST[kind]))
    assert found.position == 7
    assert found.event.kind in KINDS
    assert found.event.told.VERSION == 2


def test_every_upcast_is_tried() -> None:
    """No upcaster without an example of what it reads."""
    assert {*upcasting.UPCASTS} == {*((kind, 1) for kind in FIRST), *((kind, 2) for kind in SECOND)}


def test_the_second_version_is_read() -> None:
    """Of items that were told without their grounds, none are known."""
    found = upcasting.recorded(row("BriefingComposed", 2, SECOND["BriefingComposed"])).event.told
    assert isinstance(found, BriefingComposed)
    assert (found.VERSION, found.items[0].grounds, found.items[0].reasons_id) == (3, Grounds(), None)


def test_what_the_first_version_told_is_kept() -> None:
    """Times, spans and numbers come through: of a deletion the time of the message, of a fact what happened to it."""
    posted = upcasting.recorded(row("MessagePosted", 1, POSTED)).event.told
    assert isinstance(posted, MessagePosted)
    assert (posted.content_id, posted.length) == (UUID(WORDS), 0)
    deleted = upcasting.recorded(row("MessageDeleted", 1, FIRST["MessageDeleted"])).event.told
    assert isinstance(deleted, MessageDeleted)
    assert deleted.posted_at.isoformat() == "2025-11-16T09:00:00.000200+00:00"
    made = upcasting.recorded(row("FactRecorded", 1, RECORDED)).event
    assert made.kind == "DecisionMade"
    assert isinstance(made.told, FactTold)
    assert (made.told.log_odds, made.told.evidence[0].end, made.told.recorded_at) == (1.5, 5, NOW)
    placed = upcasting.recorded(row("MessagesPlaced", 1, FIRST["MessagesPlaced"])).event.told
    assert isinstance(placed, MessagesPlaced)
    assert placed.placements == ((UUID(MESSAGE), UUID(TALK)),)


@pytest.mark.parametrize(
    ("kind", "version", "payload"),
    [("MessageSung", 2, {}), ("MessageDeleted", 3, FIRST["MessageDeleted"]), ("MessageDeleted", 2, {"text": "quoted"})],
)
def test_what_cannot_be_read_is_said(kind: str, version: int, payload: dict[str, Any]) -> None:
    """A kind or version of a newer Daybook, or a damaged payload, is refused by its place, without its content."""
    with pytest.raises(UnknownEvent, match=r"event 7") as refused:
        upcasting.recorded(row(kind, version, payload))
    assert "quoted" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_every_kind_is_folded() -> None:
    """A kind of event that changes nothing says so: none is forgotten."""
    assert set(FOLDS) == set(KINDS.values())


def test_no_kind_can_carry_words() -> None:
    """Payloads are ids, times, numbers and short names: a field of free text would be words that cannot die."""
    named = {
        *("external_ts", "thread_ts", "client_msg_id", "name", "version", "engine_version", "source"),
        *("external_id", "tz", "section", "tag", "fingerprint", "surface", "channel", "ts", "viewer_kind"),
    }
    texts = {
        name
        for kind in KINDS.values()
        for name, field in kind.model_fields.items()
        if field.annotation in (str, str | None)
    }
    assert texts <= named
