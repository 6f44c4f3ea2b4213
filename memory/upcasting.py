"""Events of older schema versions in today's form. The log is never rewritten: it is read with new eyes."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from pydantic import ValidationError

from memory.errors import MemoryFailure
from memory.models.events import CAME_TO_STAND, KINDS, Event, Recorded, Told

Row = Mapping[str, Any]
Upcast = Callable[[Row], tuple[str, dict[str, Any]]]
"""The kind and the payload of the next version."""


class UnknownEvent(MemoryFailure):
    """The log holds an event that this Daybook cannot read: run the newest version, or restore the log."""


def recorded(row: Row) -> Recorded:
    """An event as it stands in the log, in today's form.

    Raises:
        UnknownEvent: its kind or version is from a newer Daybook, or its payload is damaged.
    """
    kind, version, payload = row["kind"], row["schema_version"], row["payload"]
    if (kind, version) in UPCASTS:
        kind, version, payload = _upcast(row)
    told = KINDS.get(kind)
    if told is None or version != told.VERSION:
        raise UnknownEvent(f"The log's event {row['position']} is a {kind} of version {version}: update Daybook.")
    try:
        happening = told.model_validate_json(payload)
    except ValidationError:
        # Not chained: what the error says quotes the payload.
        raise UnknownEvent(f"The log's event {row['position']}, a {kind}, is damaged: restore the log.") from None
    # Not validated again: the columns have the types, and a replay reads millions.
    event = Event.model_construct(
        team_id=row["team_id"],
        key=str(row["event_id"]),  # the key that it was appended under is what the id derives from
        occurred_at=row["occurred_at"],
        container_id=row["container_id"],
        person_id=row["person_id"],
        cause=row["cause"],
        told=cast(Told, happening),
    )
    return Recorded.model_construct(
        event_id=row["event_id"], position=row["position"], recorded_at=row["recorded_at"], event=event
    )


def _upcast(row: Row) -> tuple[str, int, str]:
    """The kind, the version and the payload as JSON, brought up version by version."""
    kind, version, payload = row["kind"], row["schema_version"], json.loads(row["payload"])
    while (kind, version) in UPCASTS:
        (kind, payload), version = UPCASTS[kind, version]({**row, "payload": payload}), version + 1
    return kind, version, json.dumps(payload, default=str)


def _message(row: Row) -> tuple[str, dict[str, Any]]:
    """Version 1 named the container twice and did not count the characters."""
    return row["kind"], {name: held for name, held in row["payload"].items() if name != "container_id"} | {"length": 0}


def _fact(row: Row) -> tuple[str, dict[str, Any]]:
    """Version 1 knew one kind for whatever happened to a fact, and wrote every value as text."""
    told = {name: held for name, held in row["payload"].items() if name != "container_id"}
    spans = [
        {
            "message_id": span["message_id"],
            "start": int(span["span_start"]),
            "end": int(span["span_end"]),
            "role": span["role"],
        }
        for span in told["evidence"]
    ]
    fresh = {"evidence": spans, "log_odds": float(told["log_odds"]), "recorded_at": row["recorded_at"]}
    return CAME_TO_STAND[told["kind"], told["status"]], told | fresh


def _retired(row: Row) -> tuple[str, dict[str, Any]]:
    return "FactRetired", {"fact_id": row["payload"]["fact_id"], "retired_at": row["occurred_at"]}


def _unchanged(row: Row) -> tuple[str, dict[str, Any]]:
    return row["kind"], dict(row["payload"])


def _only_itself(row: Row) -> tuple[str, dict[str, Any]]:
    return row["kind"], {}


def _told_without_grounds(row: Row) -> tuple[str, dict[str, Any]]:
    """Version 2 kept the first reason alone, and that in words."""
    items = [item | {"reasons_id": None, "grounds": {}} for item in row["payload"]["items"]]
    return row["kind"], dict(row["payload"]) | {"items": items}


UPCASTS: dict[tuple[str, int], Upcast] = {
    ("MessagePosted", 1): _message,
    ("MessageEdited", 1): _message,
    ("MessageDeleted", 1): lambda row: (row["kind"], dict(row["payload"]) | {"posted_at": _posted_at(row)}),
    ("FactRecorded", 1): _fact,
    ("FactRetired", 1): _retired,
    ("MessagesPlaced", 1): lambda row: (row["kind"], dict(row["payload"]) | {"left": []}),
    ("MemberJoined", 1): _only_itself,
    ("MemberLeft", 1): _only_itself,
    ("ReaderStarted", 1): _only_itself,
    ("ReaderStopped", 1): _only_itself,
    ("BriefingComposed", 2): _told_without_grounds,
    ("BriefingDelivered", 1): _unchanged,
    ("MessageSent", 1): _unchanged,
    ("ItemDone", 1): _unchanged,
}


def _posted_at(row: Row) -> datetime:
    """Slack's timestamp is the time, in seconds since 1970."""
    whole, _, fraction = row["payload"]["external_ts"].partition(".")
    return datetime.fromtimestamp(int(whole), UTC).replace(microsecond=int(fraction.ljust(6, "0")[:6]))
