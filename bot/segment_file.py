"""`daybook segment`: conversations for a file of chat lines, without a database."""

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from graphs.tasks import segment
from memory.models.ids import (
    ConversationId,
    MessageId,
    PersonId,
    TeamId,
    container_id,
    message_id,
    person_id,
)
from memory.models.messages import Message

_TEAM = TeamId("file")
_MENTION = re.compile(r"<@([\w.\-]{1,80})")
_RENAMED = re.compile(r"\W{0,5}(\S{1,60}) is now known as (\S{1,60})\s{0,3}$")
_ADDRESS = re.compile(r"\s{0,3}@?([^\s:,<>]{2,40})\s{0,2}[:,]")


class BadLine(BadInput):
    """A line of the input is no chat message: mend or remove it."""


def segment_file(source: Path, target: Path) -> int:
    """Writes `{id, conversation_id}` for every line of `source`, in its order; returns the number of lines.

    Lines are `{id, channel, ts, user, text}`; `user` null or `system` true marks a line of the platform; `thread` may
    name the id of the thread's first line. The order of the file counts, whatever `ts` says.
    """
    found = placed(source)
    with target.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps({"id": line["id"], "conversation_id": name}) + "\n" for line, name in found)
    return len(found)


def placed(source: Path) -> list[tuple[Mapping[str, Any], str]]:
    """Every line of a file, which may be gzipped, with the conversation it belongs to."""
    lines = list(_lines(source))
    channels: dict[str, list[Message]] = {}
    known: dict[str, dict[str, PersonId]] = {}
    anchors = {(line["channel"], str(line["id"])) for _, line in lines}
    told: list[MessageId] = []
    for number, line in lines:
        people = known.setdefault(line["channel"], {})
        message = message_of(number, line, people, anchors)
        channels.setdefault(line["channel"], []).append(message)
        told.append(message.message_id)
    found: dict[MessageId, ConversationId] = {}
    for messages in channels.values():
        found.update(segment.rules(segment.Given((), tuple(messages))).placements)
    return [(line, str(found[own])) for (_, line), own in zip(lines, told, strict=True)]


def _lines(source: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    seen: set[tuple[str, str]] = set()
    with gzip.open(source, "rb") if source.suffix == ".gz" else source.open("rb") as raw:
        for number, row in enumerate(raw, start=1):
            if not row.strip():
                continue
            line = _decoded(number, row)
            key = (line["channel"], str(line["id"]))
            if key in seen:
                raise BadLine(f"Line {number}: the id {key[1]!r} stands in channel {key[0]!r} already.")
            seen.add(key)
            yield number, line


def _decoded(number: int, row: bytes) -> dict[str, Any]:
    try:
        line = json.loads(row.decode("utf-8-sig" if number == 1 else "utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadLine(f"Line {number}: this is not JSON in UTF-8.") from error
    if not isinstance(line, dict):
        raise BadLine(f"Line {number}: expected an object with id, channel, ts, user and text.")
    missing = [key for key in ("id", "channel", "ts", "user", "text") if key not in line]
    if missing:
        raise BadLine(f"Line {number}: {', '.join(missing)} is missing.")
    if isinstance(line["id"], bool) or not isinstance(line["id"], str | int):
        raise BadLine(f"Line {number}: id must be a string or a whole number.")
    for key, kinds in (("channel", str), ("text", str), ("user", str | None)):
        if not isinstance(line[key], kinds):
            raise BadLine(f"Line {number}: {key} must be a string{' or null' if key == 'user' else ''}.")
    return line


def message_of(
    number: int, line: Mapping[str, Any], people: dict[str, PersonId], anchors: set[tuple[str, str]]
) -> Message:
    container = container_id(_TEAM, "file", line["channel"])
    own, thread = str(line["id"]), line.get("thread")
    known_thread = thread is not None and (line["channel"], str(thread)) in anchors
    user = line["user"]
    mentions = _addressed(line["text"], people)
    if user is None and (renamed := _RENAMED.match(line["text"].lower())):
        people[renamed[2]] = people.setdefault(renamed[1], person_of(renamed[1]))
    author = None if user is None else people.setdefault(user.lower(), person_of(user))
    return Message(
        message_id=message_id(container, own),
        team_id=_TEAM,
        container_id=container,
        external_ts=own,
        thread_ts=str(thread) if known_thread else None,
        author_id=author,
        kind="notice" if user is None or line.get("system") is True else "human",
        posted_at=_time(number, line["ts"]),
        text=line["text"],
        mentions=tuple(person for person in mentions if person != author),
    )


def _addressed(text: str, people: Mapping[str, PersonId]) -> tuple[PersonId, ...]:
    """Whom the text names: by mention, by `name:` at its start, or by a name of four letters and more in it."""
    low = text[:2000].lower()
    names = _MENTION.findall(low)
    if match := _ADDRESS.match(low):
        names.append(match[1])
    names += [word for word in re.findall(r"[^\s:,;!?.()<>@]{4,40}", low) if word not in segment.COMMON]
    return tuple(dict.fromkeys(people[name] for name in names if name in people))


def person_of(user: str) -> PersonId:
    """Who goes by that name in a file."""
    return person_id(_TEAM, "file", user.lower())


def _time(number: int, ts: object) -> datetime:
    expected = f"Line {number}: ts must be seconds since 1970, as a number or a string."
    if isinstance(ts, bool) or not isinstance(ts, str | int | float):
        raise BadLine(expected)
    try:
        return datetime.fromtimestamp(float(ts), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadLine(expected) from error
