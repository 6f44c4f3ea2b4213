"""Labelled chats to learn from, with what each message answers; and quieter or busier ones made of them."""

import gzip
import json
import math
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from bot.segment_file import message_of, person_of
from bot.training.week_file import read
from memory.models.ids import PersonId
from memory.models.messages import Message

Row = Mapping[str, Any]
Rows = Sequence[Row]
"""The lines of one channel: `{id, channel, ts, user, text, conversation_id, reply_to, system[, thread, bot]}`."""

WEEKS = Path(__file__).parent / "weeks"

_CALL = re.compile(r"\s{0,3}@?[^\s:,<>]{2,40}\s?[:,]\s*")


@dataclass(frozen=True, slots=True)
class Said:
    """A message, whether its conversation is known, and which earlier messages of the channel it goes on from."""

    message: Message
    labelled: bool
    goes_on_from: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chat:
    """The messages of a channel, and what the people of its team are called."""

    messages: tuple[Said, ...]
    names: Mapping[PersonId, str]


def corpora(data: Path) -> dict[str, list[Rows]]:
    """All public chats that are learnt from, by name."""
    chat = data / "disentangle" / "dev"
    return {
        "ubuntu": channels(chat / "irc_ubuntu_train.jsonl.gz"),
        "linux": channels(chat / "irc_linux_pilot-dev.jsonl"),
        "mediawiki": channels(chat / "irc_mediawiki.jsonl"),
        "meeting": channels(chat / "irc_ubuntu-meeting.jsonl"),
        "gitter": list(chain.from_iterable(channels(path) for path in sorted(chat.glob("gitter_*.jsonl")))),
    }


def weeks(data: Path) -> dict[str, list[Rows]]:
    """All invented weeks that are learnt from, by name."""
    paths = [data / "teamweek" / "dev-lumenpay", *sorted(WEEKS.glob("*.week"))]
    return {path.stem: week(path) for path in paths}


def channels(path: Path) -> list[Rows]:
    """The channels of a file of chat lines, gzipped or not."""
    found: dict[str, list[Row]] = {}
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            found.setdefault(row["channel"], []).append(row)
    return list(found.values())


def week(path: Path) -> list[Rows]:
    """The channels of an invented week, each message as it stood at the end: a `.week` file, or a world's folder."""
    workspace, lines, conversations = _world(path)
    bots = {user["id"] for user in workspace["users"] if user["is_bot"]}
    names = {user["id"]: user["real_name"] for user in workspace["users"]}
    of = {message: name for name, messages in conversations.items() for message in messages}
    found: dict[str, list[Row]] = {}
    for row in lines:
        known = {
            "channel": row["container"],
            "text": (row["edited"] or row)["text"],
            "conversation_id": of.get(row["id"]),
            "reply_to": None,
            "system": False,
            "bot": row["user"] in bots,
            "names": names,
        }
        found.setdefault(row["container"], []).append({**row, **known})
    return list(found.values())


def _world(path: Path) -> tuple[Mapping[str, Any], Sequence[Row], Mapping[str, Sequence[str]]]:
    if path.suffix == ".week":
        world = read(path)
        return world.workspace, world.messages, world.conversations
    gold = json.loads((path / "gold.json").read_text("utf-8"))
    workspace = json.loads((path / "workspace.json").read_text("utf-8"))
    lines = [json.loads(line) for line in (path / "messages.jsonl").read_text("utf-8").splitlines()]
    return workspace, lines, {each["id"]: each["messages"] for each in gold["conversations"]}


def said(rows: Rows) -> Chat:
    """The messages of a channel; without reply links, each goes on from the last of its conversation."""
    names = rows[0].get("names", {}) if rows else {}
    people = {user.lower(): person_of(user) for user in names}
    places = {row["id"]: place for place, row in enumerate(rows)}
    anchors = {(row["channel"], str(row["id"])) for row in rows}
    last: dict[str, int] = {}
    found = []
    for place, row in enumerate(rows):
        message = message_of(place, row, people, anchors)
        if row.get("bot"):
            message = message.model_copy(update={"kind": "bot"})
        conversation = row["conversation_id"]
        before: tuple[int, ...]
        if row["reply_to"] is None:
            before = (last[conversation],) if conversation in last else ()
        else:
            before = tuple(places[each] for each in row["reply_to"] if places.get(each, place) < place)
        found.append(Said(message, conversation is not None, before))
        if conversation is not None:
            last[conversation] = place
    return Chat(tuple(found), {person_of(user): name for user, name in names.items()})


def thinned(rows: Rows, chance: random.Random) -> Rows:
    """A few conversations of a busy channel, slower and with fewer names called: what is left is a quiet channel."""
    keep, strip = chance.choice([0.04, 0.08, 0.15, 0.25]), chance.choice([0.3, 0.6, 0.85, 1])
    slower = math.exp(chance.uniform(0, 2))
    labelled = [row for row in rows if row["conversation_id"] is not None]
    alive = sorted({row["conversation_id"] for row in labelled if not row["system"]})
    kept = {each for each in alive if chance.random() < keep}
    minutes, so_far = Counter(row["ts"] for row in labelled), Counter[float]()
    found = []
    for row in labelled:
        so_far[row["ts"]] += 1
        if row["conversation_id"] not in kept or row["system"]:
            continue
        moment = row["ts"] + 60 * so_far[row["ts"]] / (minutes[row["ts"]] + 1) - labelled[0]["ts"]
        text = _CALL.sub("", row["text"], count=1) if chance.random() < strip and _CALL.match(row["text"]) else ""
        found.append({**row, "ts": 1.2e9 + moment * slower, "text": text or row["text"], "reply_to": None})
    return found


def crowded(rows: Rows, chance: random.Random, pause: float) -> Rows:
    """The same conversations, each beginning sooner after the last: they run into one another."""
    conversations: dict[str, list[Row]] = {}
    for row in rows:
        conversations.setdefault(row["conversation_id"], []).append(row)
    found, moment = list[Row](), 1.5e9
    for each in conversations.values():
        moment += chance.expovariate(1 / pause)
        found += [{**row, "ts": moment + row["ts"] - each[0]["ts"]} for row in each]
        moment += chance.choice([0, 0.5, 1, 1, 1]) * min(each[-1]["ts"] - each[0]["ts"], 3600)
    return sorted(found, key=lambda row: float(row["ts"]))


def varied(rows: Rows, chance: random.Random, times: int) -> Iterator[Rows]:
    """The rows, and copies of them with other tempo and some conversations left out."""
    yield rows
    for _ in range(times):
        yield _varied(rows, chance, (0.75, 0.9, 1))


def _varied(rows: Rows, chance: random.Random, keeping: Sequence[float]) -> Rows:
    keep, tempo = chance.choice(keeping), math.exp(chance.uniform(-0.4, 0.4))
    gone = {each for each in sorted({str(row["conversation_id"]) for row in rows}) if chance.random() > keep}
    begin = min(row["ts"] for row in rows)
    left = (row for row in rows if str(row["conversation_id"]) not in gone)
    return [{**row, "ts": begin + (row["ts"] - begin) * tempo} for row in left]


def mixed(week: Sequence[Rows], chance: random.Random) -> list[Rows]:
    """Channels of one team two by two as if they were one, twice, each with other tempo and some conversations out."""
    lively = [rows for rows in week if len(rows) > 25]
    found = list[Rows]()
    for _ in range(2):
        chance.shuffle(lively)
        for one, other in zip(lively, lively[1:] + lively[:1], strict=True):
            later = chance.uniform(-3600, 3600)
            both = [*one, *({**row, "channel": one[0]["channel"], "ts": row["ts"] + later} for row in other)]
            found.append(sorted(_varied(both, chance, (0.6, 0.8, 1)), key=lambda row: float(row["ts"])))
    return found
