"""Invented weeks of teams, as people write them, and the labelled worlds that are made of them.

    python -m bot.training.week_file WEEK [--out FOLDER]

checks a week file, counts what is in it, and writes `workspace.json`, `messages.jsonl` and `gold.json`, the form that
`daybook eval week` reads. docs/models/weeks.md describes the form.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

STATUSES = {
    "decision": ("proposed", "decided", "reversed"),
    "commitment": ("open", "done", "dropped"),
    "question": ("open", "answered"),
    "blocker": ("raised", "cleared"),
    "update": (None,),
}
QUESTIONS = ("answerable", "not_there", "not_yours")
_MESSAGE = re.compile(
    r"(?P<id>[a-z]+\d+)\s+(?P<time>\d\d:\d\d(?::\d\d)?)\s+(?P<user>\w+)\s+(?P<conversation>\w+|-)"
    r"(?:\s+>(?P<thread>[a-z]+\d+))?\s+\|\s?(?P<text>.*?)(?:\s+\{(?P<reactions>[a-z0-9_+-]+ [\w ,;+-]+)\})?$"
)
_LATER = re.compile(r"(?P<what>edited|deleted)\s+(?P<time>\d\d:\d\d(?::\d\d)?)(?:\s+\|\s?(?P<text>.*))?$")
_NAMED = re.compile(r"(?<![\w/.<])@(\w+)")


class BadWeek(ValueError):
    """A line that does not fit; says which, and what would."""


@dataclass
class World:
    """A week with its labels, as the three files of a world have them."""

    workspace: dict[str, Any] = field(
        default_factory=lambda: {"users": [], "containers": [], "calendar": [], "reviews": []}
    )
    messages: list[dict[str, Any]] = field(default_factory=list)
    conversations: dict[str, list[str]] = field(default_factory=dict)
    facts: list[dict[str, Any]] = field(default_factory=list)
    topics: list[dict[str, Any]] = field(default_factory=list)
    no_facts: dict[str, str] = field(default_factory=dict)
    """Messages that look as if they held a fact, and why they do not."""
    questions: list[dict[str, Any]] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        places = {message["id"]: message["container"] for message in self.messages}
        conversations = [
            {"id": name, "container": places[messages[0]], "messages": messages, "topic": ""}
            for name, messages in self.conversations.items()
        ]
        gold = {
            "conversations": conversations,
            "facts": self.facts,
            "topics": self.topics,
            "briefings": [],
            "questions": self.questions,
        }
        (folder / "workspace.json").write_text(json.dumps(self.workspace, indent=1, ensure_ascii=False), "utf-8")
        (folder / "gold.json").write_text(json.dumps(gold, indent=1, ensure_ascii=False), "utf-8")
        lines = (json.dumps(message, ensure_ascii=False) + "\n" for message in self.messages)
        (folder / "messages.jsonl").write_text("".join(lines), "utf-8")


def read(path: Path) -> World:
    """The world that a week file describes.

    Raises:
        BadWeek: at the first line that does not fit.
    """
    reader = _Reader()
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("# "):
            continue
        try:
            reader.take(line.rstrip())
        except (BadWeek, KeyError, ValueError) as error:
            raise BadWeek(f"{path.name}:{number}: {error!s}: {line[:120]}") from None
    return reader.finished()


class _Reader:
    def __init__(self) -> None:
        self.world, self.people, self.places = World(), dict[str, str](), dict[str, str]()
        self.day, self.place, self.part = date.min, "", "messages"
        self.by_id: dict[str, dict[str, Any]] = {}
        self.humans: set[str] = set()

    def take(self, line: str) -> None:
        head, _, rest = line.partition(" ")
        if head == "==":
            if re.fullmatch(r"\d{4}-\d\d-\d\d", rest):
                self.day, self.part = date.fromisoformat(rest), "messages"
            else:
                self.part = rest
        elif self.part != "messages":
            self._label(line)
        elif head in {"team:", "now:"}:
            self.world.workspace[{"team:": "name", "now:": "now"}[head]] = rest
        elif head == "user":
            self._user(rest)
        elif head == "channel":
            self._channel(rest)
        elif line.startswith("#"):
            self.place = self.places[line[1:].strip()]
        else:
            self._line(line.strip())

    def finished(self) -> World:
        """The world, in the order of time."""
        self.world.messages.sort(key=lambda message: message["ts"])
        order = {message["id"]: place for place, message in enumerate(self.world.messages)}
        for messages in self.world.conversations.values():
            messages.sort(key=order.__getitem__)
        for topic in self.world.topics:
            if missing := set(topic["conversations"]) - set(self.world.conversations):
                raise BadWeek(f"topic {topic['title']!r} names conversations that are not there: {sorted(missing)}")
        return self.world

    def _label(self, line: str) -> None:
        head, _, rest = line.partition(" ")
        if self.part == "facts":
            self.world.facts.append(self._fact(line))
        elif self.part == "topics":
            title, conversations = _cut(line, 2)
            topic = {"id": f"t{len(self.world.topics) + 1:03}", "title": title, "conversations": conversations.split()}
            self.world.topics.append(topic)
        elif self.part == "questions":
            self.world.questions.append(self._question(line))
        elif self.part == "no facts":
            self._known([head])
            self.world.no_facts[head] = rest
        else:
            raise BadWeek(f"there is no part called {self.part!r}")

    def _user(self, rest: str) -> None:
        name, real_name, title, *more = _cut(rest, 3)
        given = dict(part.split("=", 1) for part in more if "=" in part)
        self.people[name] = f"U{len(self.people) + 1:02}"
        if "bot" not in more:
            self.humans.add(self.people[name])
        self.world.workspace["users"].append(
            {
                "id": self.people[name],
                "name": name,
                "real_name": real_name,
                "title": title,
                "manager": self.people.get(given.get("manager", "")),
                "tz": given.get("tz", "UTC"),
                "is_bot": "bot" in more,
                "is_guest": "guest" in more,
                "projects": [each.strip() for each in given.get("projects", "").split(",") if each.strip()],
            }
        )

    def _channel(self, rest: str) -> None:
        named, purpose, members = _cut(rest, 3)
        name, kind = named.split()
        if kind not in {"public", "private", "dm"}:
            raise BadWeek("a channel is public, private or dm")
        letter = {"public": "C", "private": "G", "dm": "D"}[kind]
        self.places[name] = f"{letter}{len(self.places) + 1:02}"
        self.world.workspace["containers"].append(
            {
                "id": self.places[name],
                "name": name,
                "kind": kind,
                "members": [self.people[each] for each in members.split()],
                "purpose": purpose,
                "joins": [],
                "leaves": [],
            }
        )

    def _line(self, line: str) -> None:
        if later := _LATER.fullmatch(line):
            message = self.world.messages[-1]
            at = self._moment(later["time"])
            message[later["what"]] = at if later["what"] == "deleted" else {"ts": at, "text": self._text(later["text"])}
            return
        match = _MESSAGE.fullmatch(line)
        if match is None:
            raise BadWeek("no message: ID HH:MM[:SS] USER CONVERSATION [>THREAD] | TEXT [{REACTION USER USER; …}]")
        if match["id"] in self.by_id:
            raise BadWeek(f"{match['id']} is there already")
        thread, text = match["thread"], self._text(match["text"])
        if thread:
            self._known([thread])
            if self.by_id[thread]["container"] != self.place:
                raise BadWeek("a thread stays in its channel")
        message = {
            "id": match["id"],
            "container": self.place,
            "ts": self._moment(match["time"]),
            "thread": thread,
            "user": self.people[match["user"]],
            "text": text,
            "edited": None,
            "deleted": None,
            "reactions": list(self._reactions(match["reactions"] or "")),
        }
        if thread and message["ts"] < self.by_id[thread]["ts"]:
            raise BadWeek("a reply comes after what it replies to")
        self.by_id[match["id"]] = message
        self.world.messages.append(message)
        if match["conversation"] != "-":
            self.world.conversations.setdefault(match["conversation"], []).append(match["id"])
            first = self.by_id[self.world.conversations[match["conversation"]][0]]
            if first["container"] != self.place:
                raise BadWeek(f"conversation {match['conversation']} is in another channel")
        elif message["user"] in self.humans:
            raise BadWeek("what a person says is in a conversation")

    def _fact(self, line: str) -> dict[str, Any]:
        kind_and_status, who, due, evidence, resolved_by, statement, *more = _cut(line, 6)
        name, kind, *status = kind_and_status.split()
        if kind not in STATUSES or (status[0] if status else None) not in STATUSES[kind]:
            raise BadWeek(f"kind and status are one of {STATUSES}")
        actor, _, counterparty = (part.strip() for part in who.partition(">"))
        names, resolving = evidence.split(), [] if resolved_by in {"", "-"} else resolved_by.split()
        self._known([*names, *resolving])
        places = {self.by_id[each]["container"] for each in names}
        if len(places) != 1:
            raise BadWeek("the evidence of a fact stands in one channel")
        supersedes = next((each.split()[1] for each in more if each.startswith("supersedes ")), None)
        return {
            "id": name,
            "kind": kind,
            "actor": self.people[actor],
            "counterparty": self.people[counterparty] if counterparty and counterparty != "-" else None,
            "statement": statement,
            "due": None if due in {"", "-"} else date.fromisoformat(due).isoformat(),
            "status": status[0] if status else None,
            "evidence": names,
            "resolved_by": resolving,
            "supersedes": supersedes,
            "container": places.pop(),
            "hedged": "hedged" in more,
        }

    def _question(self, line: str) -> dict[str, Any]:
        name_and_kind, asker, where, evidence, text, answer = _cut(line, 6)
        name, kind = name_and_kind.split()
        if kind not in QUESTIONS:
            raise BadWeek(f"a question is one of {QUESTIONS}")
        names = [] if evidence == "-" else evidence.split()
        self._known(names)
        if bool(names) == (kind == "not_there"):
            raise BadWeek("evidence stands beside a question unless nobody ever said it")
        return {
            "id": name,
            "asker": self.people[asker],
            "where": where if where == "dm" else self.places[where],
            "text": text,
            "answer": answer,
            "evidence": names,
            "kind": kind,
        }

    def _reactions(self, given: str) -> Iterator[Mapping[str, Any]]:
        for each in filter(None, map(str.strip, given.split(";"))):
            name, *users = each.split()
            yield {"name": name, "users": [self.people[user.strip(",")] for user in users]}

    def _text(self, text: str) -> str:
        named = _NAMED.sub(lambda m: f"<@{self.people[m[1]]}>" if m[1] in self.people else m[0], text)
        return named.replace("\\n", "\n")

    def _moment(self, at: str) -> float:
        return datetime.combine(self.day, time.fromisoformat(at), UTC).timestamp()

    def _known(self, names: Sequence[str]) -> None:
        if missing := [each for each in names if each not in self.by_id]:
            raise BadWeek(f"no such message: {' '.join(missing)}")


def _cut(line: str, least: int) -> list[str]:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) < least:
        raise BadWeek(f"{least} parts, separated by |, are needed")
    return parts


def main() -> int:
    """Checks a week file, and writes its world where that is asked for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("week", type=Path)
    options.add_argument("--out", type=Path, help="the folder for the world's three files")
    given = options.parse_args()
    try:
        world = read(given.week)
    except (BadWeek, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    kinds = Counter(f"{fact['kind']} {fact['status'] or ''}".strip() for fact in world.facts)
    changes = _changes(world)
    counted = f"{len(world.messages)} messages, {len(world.conversations)} conversations, {len(world.topics)} topics"
    counted += f", {len(world.questions)} questions"
    print(f"{counted}; next message in another conversation: {changes:.0%}; {dict(kinds)}")
    if given.out:
        world.write(given.out)
    return 0


def _changes(world: World) -> float:
    """How often a top-level message belongs to another conversation than the one before it in its channel."""
    of = {message: name for name, messages in world.conversations.items() for message in messages}
    last: dict[str, str] = {}
    pairs, changed = 0, 0
    for message in world.messages:
        if message["thread"] or message["id"] not in of:
            continue
        before = last.get(message["container"])
        pairs, changed = pairs + (before is not None), changed + (before not in {None, of[message["id"]]})
        last[message["container"]] = of[message["id"]]
    return changed / pairs if pairs else 0.0


if __name__ == "__main__":
    sys.exit(main())
