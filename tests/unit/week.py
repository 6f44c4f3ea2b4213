"""A small week with labels, made by hand, for what is scored against it."""

import json
from pathlib import Path
from typing import Any

MOVES: dict[str, Any] = {
    "joins": [{"user": "U1", "ts": 1_772_500_000.0}],
    "leaves": [{"user": "U2", "ts": 1_772_600_000.0}],
}
PLACES: list[dict[str, Any]] = [
    {"id": "C1", "name": "billing", "kind": "public", "members": ["U1", "U2", "U9"]},
    {"id": "C2", "name": "audit", "kind": "public", "members": ["U1", "U3"]},
    {"id": "G1", "name": "leads", "kind": "private", "members": ["U1"], **MOVES},
]
USERS = [
    {"id": "U1", "name": "ana", "real_name": "Ana Lima", "tz": "Europe/Lisbon"},
    {"id": "U2", "name": "bo", "tz": "America/New_York", "manager": "U1", "projects": ["billing"]},
    {"id": "U3", "name": "ida", "is_guest": True},
    {"id": "U9", "name": "ci", "is_bot": True},
]
SAID = [
    ("m1", "C1", "U1", "can you send the traffic numbers by Friday?"),
    ("m2", "C1", "U2", "on it"),
    ("m3", "C1", "U9", "build passed"),
    ("m4", "C1", "U2", "which exporter do we keep in the end?"),
    ("m5", "C2", "U3", "the access review is missing"),
    ("m6", "G1", "U1", "the merger with Northquay closes on the second of June"),
]
START = 1_772_442_000.0
"""Monday 2 March 2026, 09:00 UTC."""


def workspace(**more: Any) -> dict[str, Any]:
    return {
        "name": "Pier",
        "team_id": "T1",
        "now": "2026-03-06T18:00:00+00:00",
        "users": USERS,
        "containers": PLACES,
        "calendar": [
            {"id": "K1", "start": "2026-03-03T10:00:00+00:00", "end": "2026-03-03T11:00:00+00:00", "attendees": ["U1"]}
        ],
        "reviews": [
            {
                "id": "R1",
                "repo": "acme/ops",
                "number": 7,
                "author": "U2",
                "ts": 1772528400.0,
                "kind": "opened",
                "readers": ["U2"],
            }
        ],
        **more,
    }


def messages() -> list[dict[str, Any]]:
    return [
        {"id": name, "container": place, "ts": START + 60 * number, "thread": None, "user": user, "text": text,
         "edited": None, "deleted": None, "reactions": []}
        for number, (name, place, user, text) in enumerate(SAID)
    ]  # fmt: skip


def gold(**more: Any) -> dict[str, Any]:
    talks = (("c1", "C1", ["m1", "m2"]), ("c2", "C1", ["m4"]), ("c3", "C2", ["m5"]), ("c4", "G1", ["m6"]))
    return {
        "conversations": [{"id": name, "container": place, "messages": said} for name, place, said in talks],
        "facts": [],
        "topics": [{"id": "t1", "conversations": ["c1", "c2"]}],
        "briefings": [],
        "questions": [],
        **more,
    }


def write(folder: Path, space: Any = None, said: Any = None, labels: Any = None) -> Path:
    """The three files of a world; text is written as it is."""
    lines = messages() if said is None else said
    for name, content in (("workspace.json", workspace() if space is None else space), ("gold.json", labels or gold())):
        (folder / name).write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    text = lines if isinstance(lines, str) else "".join(json.dumps(line) + "\n" for line in lines)
    (folder / "messages.jsonl").write_text(text, encoding="utf-8")
    return folder
