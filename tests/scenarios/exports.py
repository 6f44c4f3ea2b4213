"""Small Slack exports, made to order."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

Raw = dict[str, Any]
TEAM = "T1"


def user(external_id: str, real_name: str = "", tz: str = "Europe/Berlin", **more: Any) -> Raw:
    profile = {"real_name": real_name, "display_name": more.pop("handle", "")}
    return {"id": external_id, "team_id": TEAM, "name": "", "tz": tz, "profile": profile, **more}


def channel(external_id: str, name: str, *members: str, **more: Any) -> Raw:
    return {"id": external_id, "name": name, "created": 1_700_000_000, "members": list(members), **more}


def said(at: str, who: str, text: str, **more: Any) -> Raw:
    """A message; `at` is ISO 8601 with an offset."""
    ts = f"{datetime.fromisoformat(at).timestamp():.6f}"
    return {"type": "message", "user": who, "text": text, "ts": ts, **more}


def write_export(
    path: Path,
    *,
    users: Sequence[object],
    channels: Sequence[object],
    days: Mapping[str, object],
    groups: Sequence[object] = (),
    top: str = "",
) -> Path:
    """`days` maps `channel/2026-11-20` to the messages of that day, or to the bytes that stand in their place."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, listed in (("users", users), ("channels", channels), ("groups", groups)):
            packed.writestr(f"{top}{name}.json", json.dumps(list(listed)))
        for name, day in days.items():
            packed.writestr(f"{top}{name}.json", day if isinstance(day, bytes) else json.dumps(day))
    return path


ANA = user("U1", "Ana Lima", "America/New_York", handle="ana")
BO = user("U2", "Bo Lind", "Europe/Berlin", handle="bo")
CY = user("U3", tz="Europe/Berlin")
USERS = [ANA, BO, CY, user("U4", "Alex Roe"), user("U5", "Alex Poe"), user("USLACKBOT", "Slackbot")]


def team_export(path: Path, **more: Any) -> Path:
    """Thursday 19 and Friday 20 November 2026 in #dev and the private #leads (Bo and the nameless U3)."""
    thursday = [
        said("2026-11-19T09:00:00+01:00", "U2", "We decided to ship the importer on Monday."),
        said("2026-11-19T09:05:00+01:00", "U1", "<@U2> I will send you the release notes by Friday."),
        said("2026-11-19T09:06:00+01:00", "U2", "Thanks!"),
    ]
    friday = [
        said("2026-11-20T10:00:00+01:00", "U1", "<@U2> can you review the importer today? I am blocked on it."),
        said("2026-11-20T16:00:00+01:00", "U2", "<@U1> when does the freeze begin?"),
    ]
    private = [
        said("2026-11-20T11:00:00+01:00", "U3", "<@U2> can you sign the offer for Hana today? We decided on 95k.")
    ]
    given = {
        "users": USERS,
        "channels": [channel("C1", "dev", "U1", "U2", "U3")],
        "groups": [channel("G1", "leads", "U2", "U3", is_private=True)],
        "days": {"dev/2026-11-19": thursday, "dev/2026-11-20": friday, "leads/2026-11-20": private},
    }
    return write_export(path, **{**given, **more})
