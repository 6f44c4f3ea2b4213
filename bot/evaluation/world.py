"""A labelled week of a team: who is there, where, what was said, and what a reader of everything would note.

What is predicted from (`Week`) and what is scored against (`Gold`) are read apart; of the latter, predicting is told
only which mornings and questions are asked for.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import AwareDatetime, Field, ValidationError, model_validator

from bot.errors import BadInput
from bot.evaluation import jsonlines
from bot.training import week_file
from memory.models.base import Model
from memory.models.facts import FactKind

LATEST = 2**35
"""Seconds since 1970 that are still a time."""
WEEK = ".week"
HELD_APART = frozenset({"dev-foxglove"})
"""Worlds that nothing is tuned to: measured only where one is named, or all are asked for, so that they stay so."""
DM = "dm"
"""Where a question is asked that is asked in private."""


class Told(Model, extra="ignore"):
    """A part of a world's files: what is null there is as good as left out."""

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, given: object) -> object:
        return {name: each for name, each in given.items() if each is not None} if isinstance(given, dict) else given


class User(Told):
    id: str
    name: str = ""
    real_name: str = ""
    title: str = ""
    manager: str | None = None
    tz: str = "UTC"
    is_bot: bool = False
    is_guest: bool = False
    projects: tuple[str, ...] = ()


class Move(Told):
    user: str
    ts: float = Field(ge=0, lt=LATEST)


class Place(Told):
    """A container; `members` are those who are in it at the end of the week."""

    id: str
    name: str = ""
    kind: Literal["public", "private", "dm"]
    members: tuple[str, ...] = ()
    joins: tuple[Move, ...] = ()
    leaves: tuple[Move, ...] = ()


class Edit(Told):
    ts: float = Field(ge=0, lt=LATEST)
    text: str


class Reacted(Told):
    name: str
    users: tuple[str, ...] = ()


class Line(Told):
    """A message; `text` is the wording first posted, `thread` the id of the thread's first message."""

    id: str
    container: str
    ts: float = Field(ge=0, lt=LATEST)
    thread: str | None = None
    user: str
    text: str
    edited: Edit | None = None
    deleted: float | None = Field(None, ge=0, lt=LATEST)
    reactions: tuple[Reacted, ...] = ()


class Elsewhere(Told):
    """What stands outside of talk, and who may read it."""

    id: str

    @property
    def audience(self) -> tuple[str, ...]:
        raise NotImplementedError


class Meeting(Elsewhere):
    """An entry of the calendar; those invited may read it."""

    title: str = ""
    start: AwareDatetime
    end: AwareDatetime
    organizer: str | None = None
    attendees: tuple[str, ...] = ()
    description: str = ""

    @property
    def audience(self) -> tuple[str, ...]:
        return self.attendees


class Review(Elsewhere):
    """A step in the life of a pull request; `author` is whose it is."""

    repo: str
    number: int
    title: str = ""
    author: str
    ts: float = Field(ge=0, lt=LATEST)
    kind: Literal["opened", "review_requested", "reviewed", "merged"]
    reviewer: str | None = None
    state: str | None = None
    text: str = ""
    readers: tuple[str, ...] = ()

    @property
    def audience(self) -> tuple[str, ...]:
        return self.readers

    @property
    def pull_request(self) -> str:
        return f"{self.repo}#{self.number}"


class Week(Told):
    name: str
    team_id: str = "EVALUATION"
    now: datetime
    users: tuple[User, ...]
    containers: tuple[Place, ...]
    calendar: tuple[Meeting, ...] = ()
    reviews: tuple[Review, ...] = ()
    messages: tuple[Line, ...] = ()

    @property
    def elsewhere(self) -> tuple[Elsewhere, ...]:
        return (*self.calendar, *self.reviews)


class Conversation(Told):
    id: str
    container: str
    messages: tuple[str, ...]


class Noted(Told):
    """A fact as the label has it."""

    id: str
    kind: FactKind
    actor: str | None = None
    counterparty: str | None = None
    due: date | None = None
    status: str | None = None
    evidence: tuple[str, ...]


class Topic(Told):
    id: str
    conversations: tuple[str, ...]


class Mark(Told):
    evidence: tuple[str, ...] = ()


class Morning(Told):
    """What a person needs to be told on a morning, and what not."""

    user: str
    date: date
    needs_you: tuple[Mark, ...] = ()
    worth_knowing: tuple[Mark, ...] = ()
    noise: tuple[Mark, ...] = ()
    told_before: tuple[Mark, ...] = ()


class Question(Told):
    """`where` is a container's id, or `dm`."""

    id: str
    asker: str
    where: str
    text: str
    kind: Literal["answerable", "not_there", "not_yours"] | None = None
    evidence: tuple[str, ...] = ()


class Gold(Told):
    """The labels; parts may be empty, and mornings and questions without their labels."""

    conversations: tuple[Conversation, ...] = ()
    facts: tuple[Noted, ...] = ()
    topics: tuple[Topic, ...] = ()
    briefings: tuple[Morning, ...] = ()
    questions: tuple[Question, ...] = ()


Read = TypeVar("Read", Week, Gold)


def worlds_of(source: Path) -> list[Path]:
    """The world that is named, or those that stand in a folder, without what is held apart.

    Raises:
        BadInput: there is none.
    """
    if source.is_file() or source.suffix == WEEK or (source / "workspace.json").is_file():
        return [source]
    folders = [path.parent for path in source.glob("*/workspace.json") if path.parent.name not in HELD_APART]
    if found := sorted([*folders, *source.glob(f"*{WEEK}")]):
        return found
    raise BadInput(f"There is no world in {source}: give a folder with a workspace.json, or a {WEEK} file.")


def read(source: Path) -> tuple[Week, Gold]:
    """A world's folder (`workspace.json`, `messages.jsonl`, and `gold.json` if there is one), or an invented week.

    Raises:
        BadInput: something is missing or does not fit; the message says what, in one sentence.
    """
    week, gold = _of_week_file(source) if source.suffix == WEEK else _of_folder(source)
    _check(_faults(week, gold))
    return week, gold


def _of_folder(folder: Path) -> tuple[Week, Gold]:
    said = [line for _, line in jsonlines.objects(folder / "messages.jsonl")]
    week = _fitting(Week, _object(folder / "workspace.json") | {"messages": said}, "workspace.json")
    labels = folder / "gold.json"
    return week, _fitting(Gold, _object(labels), labels.name) if labels.exists() else Gold()


def _of_week_file(path: Path) -> tuple[Week, Gold]:
    if not path.is_file():
        raise BadInput(f"There is no file {path}.")
    try:
        found = week_file.read(path)
    except (week_file.BadWeek, UnicodeDecodeError) as error:
        raise BadInput(f"This week cannot be read: {error}.") from None
    places = {message["id"]: message["container"] for message in found.messages}
    talks = [
        {"id": name, "container": places[messages[0]], "messages": messages}
        for name, messages in found.conversations.items()
    ]
    week = _fitting(Week, {"name": path.stem, **found.workspace, "messages": found.messages}, path.name)
    labels = {"conversations": talks, "facts": found.facts, "topics": found.topics, "questions": found.questions}
    return week, _fitting(Gold, labels, path.name)


def _object(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise BadInput(f"There is no file {path}: give the folder of a world, or a .week file.")
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise BadInput(f"{path.name}: this is not JSON in UTF-8.") from None
    if not isinstance(found, dict):
        raise BadInput(f"{path.name}: an object is expected.")
    return found


def _fitting(kind: type[Read], given: object, name: str) -> Read:
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        named = "messages.jsonl" if where.startswith("messages.") and name == "workspace.json" else name
        raise BadInput(f"{named}: {where or 'it'} cannot be used ({first['msg']}).") from None


def _faults(week: Week, gold: Gold) -> Iterator[str]:
    """What names something that is not there, or names two things alike."""
    if week.now.tzinfo is None:
        yield "now has no offset from UTC"
    yield from _repeats("user", [user.id for user in week.users])
    yield from _repeats("container", [place.id for place in week.containers])
    yield from _repeats("message", [line.id for line in week.messages])
    yield from _repeats("time in one container", [(line.container, microseconds(line.ts)) for line in week.messages])
    yield from _repeats("meeting or review", [each.id for each in week.elsewhere])
    yield from _repeats("question", [asked.id for asked in gold.questions])
    yield from _strays(week, gold)


def _strays(week: Week, gold: Gold) -> Iterator[str]:
    users, places = {user.id for user in week.users}, {place.id for place in week.containers}
    where = {line.id: line.container for line in week.messages}
    for line in week.messages:
        if line.container not in places or line.user not in users:
            yield f"message {line.id} has a container or a user that is not there"
        if line.thread and where.get(line.thread) != line.container:
            yield f"message {line.id} replies to {line.thread}, which is not in its container"
    for morning in gold.briefings:
        if morning.user not in users:
            yield f"a briefing is asked for {morning.user}, who is not there"
    for asked in gold.questions:
        if asked.asker not in users or asked.where not in {DM, *places}:
            yield f"question {asked.id} is asked by somebody, or somewhere, that is not there"
    for talk in gold.conversations:
        if missing := {*talk.messages} - where.keys():
            yield f"conversation {talk.id} holds {min(missing)}, which is not there"


def _repeats(what: str, names: Iterable[object]) -> Iterator[str]:
    seen: set[object] = set()
    for name in names:
        if name in seen:
            yield f"{what} {name} is there twice"
        seen.add(name)


def _check(faults: Iterator[str]) -> None:
    if fault := next(faults, None):
        raise BadInput(f"This world cannot be used: {fault}.")


def microseconds(ts: float) -> str:
    """A time as Slack writes it: what names a message within its container."""
    return f"{ts:.6f}"


def moment(ts: float) -> datetime:
    return datetime.fromtimestamp(ts, UTC)
