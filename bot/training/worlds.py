"""Invented worlds as the engines see them: the messages of each channel, and what a reader of everything would note."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.training import week_file
from graphs.tasks import standing
from memory.models.ids import MessageId, PersonId, TeamId, container_id, message_id, person_id
from memory.models.messages import Message

TEAM = TeamId("world")
_MENTION = re.compile(r"<@(\w+)")


@dataclass(frozen=True)
class World:
    """Channels with their messages as they stood at the end of the week, deleted ones left out."""

    name: str
    channels: tuple[tuple[Message, ...], ...]
    names: Mapping[PersonId, str]
    timezones: Mapping[PersonId, str]
    leads: frozenset[PersonId]
    keys: Mapping[MessageId, str]
    """What the labels call a message."""
    people: Mapping[PersonId, str]
    """What the labels call a person."""
    conversations: Sequence[Mapping[str, Any]]
    facts: Sequence[Mapping[str, Any]]
    no_facts: Mapping[str, str]


def read(path: Path) -> World:
    """A week file, or a folder with the three files of a world."""
    if path.is_file():
        week = week_file.read(path)
        gold = {
            "conversations": [{"id": key, "messages": each} for key, each in week.conversations.items()],
            "facts": week.facts,
        }
        return _world(path.stem, week.workspace, week.messages, gold, week.no_facts)
    workspace = json.loads((path / "workspace.json").read_text("utf-8"))
    gold = json.loads((path / "gold.json").read_text("utf-8"))
    lines = (path / "messages.jsonl").read_text("utf-8").splitlines()
    return _world(path.name, workspace, [json.loads(line) for line in lines], gold, {})


def _world(
    name: str,
    workspace: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    gold: Mapping[str, Any],
    no_facts: Mapping[str, str],
) -> World:
    users = {user["id"]: person_id(TEAM, "slack", user["id"]) for user in workspace["users"]}
    bots = {user["id"] for user in workspace["users"] if user.get("is_bot")}
    channels: dict[str, list[Message]] = {}
    keys = {}
    stamps = {row["id"]: _stamp(row) for row in rows}
    for row in rows:
        if row["deleted"]:
            continue
        message = _message(row, users, stamps, bot=row["user"] in bots)
        channels.setdefault(row["container"], []).append(message)
        keys[message.message_id] = row["id"]
    return World(
        name,
        tuple(tuple(sorted(each, key=lambda message: message.posted_at)) for each in channels.values()),
        {users[user["id"]]: user["real_name"] for user in workspace["users"]},
        {users[user["id"]]: user["tz"] for user in workspace["users"]},
        standing.leads({users[user["id"]]: (user["title"], users.get(user["manager"])) for user in workspace["users"]}),
        keys,
        {own: key for key, own in users.items()},
        gold["conversations"],
        gold["facts"],
        no_facts,
    )


def _message(row: Mapping[str, Any], users: Mapping[str, PersonId], stamps: Mapping[str, str], *, bot: bool) -> Message:
    container = container_id(TEAM, "slack", row["container"])
    text = (row["edited"] or row)["text"]
    edited = row["edited"]["ts"] if row["edited"] else None
    return Message(
        message_id=message_id(container, stamps[row["id"]]),
        team_id=TEAM,
        container_id=container,
        external_ts=stamps[row["id"]],
        thread_ts=stamps[row["thread"]] if row["thread"] and row["thread"] != row["id"] else None,
        author_id=users[row["user"]],
        kind="bot" if bot else "human",
        posted_at=datetime.fromtimestamp(row["ts"], UTC),
        text=text,
        mentions=tuple(dict.fromkeys(users[key] for key in _MENTION.findall(text) if key in users)),
        edited_at=datetime.fromtimestamp(edited, UTC) if edited and edited > row["ts"] else None,
    )


def _stamp(row: Mapping[str, Any]) -> str:
    return f"{row['ts']:.3f}-{row['id']}"
