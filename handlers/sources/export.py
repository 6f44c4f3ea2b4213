"""A Slack export: a zip of JSON files, read container by container. DMs between people are not read.

A record that is broken is counted by its fault and left out, and nothing else is: a file, a message, a person.
"""

import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from handlers import decode
from handlers.errors import HandlerFailure, Undecodable
from handlers.raw import moment
from memory.models.containers import Container, Membership
from memory.models.ids import MessageId, TeamId, person_id
from memory.models.messages import Message, Reaction
from memory.models.people import Person

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes that one file in it may unpack to: more is no day of a channel, and no workspace's list of people."""
_TIMESTAMP = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")
_DAY_FILE = re.compile(r"(\d{4}-\d{2}-\d{2})\.json")
_FARTHEST = timedelta(days=366)
"""How far a message's time may lie from the date of its file; what is farther is a broken time."""
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, IndexError, OverflowError),
    *(NotImplementedError, RuntimeError, RecursionError, MemoryError),
)
"""What reading a damaged, encrypted or hostile zip raises, or JSON that is none."""


class BadExport(HandlerFailure):
    """This is no Slack export that can be read; the message says why."""


@dataclass
class Skipped:
    """What was left out of an export, counted by reason; nothing is left out silently."""

    reasons: Counter[str] = field(default_factory=Counter)

    def note(self, reason: str, many: int = 1) -> None:
        if many:
            self.reasons[reason] += many

    @property
    def total(self) -> int:
        return self.reasons.total()


@dataclass(frozen=True)
class Day:
    """The messages of one container on one day, in the order of the file."""

    container: Container
    messages: tuple[Message, ...]
    reactions: tuple[Reaction, ...]


@dataclass(frozen=True)
class _Place:
    container: Container
    members: tuple[str, ...]
    created: datetime
    files: tuple[str, ...]
    """Its days, oldest first."""


class Export:
    """An export, opened. Use it as a context manager.

    Raises:
        BadExport: the file is missing, damaged, or no Slack export.
    """

    def __init__(self, path: Path) -> None:
        self.skipped = Skipped()
        self._path = path
        self._zip = _open(path)
        try:
            self._names = frozenset(self._zip.namelist())
            self._top = self._find_top()
            self._users = self._records("users.json")
            self.team = self._team()
            self._people = self._read_people()
            self._places = self._read_places()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def people(self) -> list[Person]:
        return list(self._people)

    def containers(self) -> list[Container]:
        return [place.container for place in self._places]

    def memberships(self) -> list[Membership]:
        """Who was in what when the export was made."""
        return [
            Membership(
                container_id=place.container.container_id,
                person_id=person_id(self.team, decode.SLACK, member),
                joined=True,
                at=place.created,
            )
            for place in self._places
            for member in place.members
        ]

    def days(self) -> Iterator[Day]:
        """All messages, container by container, oldest day first."""
        for place in self._places:
            for name in place.files:
                yield self._day(name, place.container)

    def last_posted_at(self) -> datetime | None:
        """When the last message was written; looks only at the last day of each container that has any."""
        counted, self.skipped = self.skipped, Skipped()
        latest: list[datetime] = []
        for place in self._places:
            days = (self._day(name, place.container).messages for name in reversed(place.files))
            latest += [message.posted_at for message in next((said for said in days if said), ())]
        self.skipped = counted
        return max(latest, default=None)

    def count(self) -> int:
        """How many day files there are."""
        return sum(len(place.files) for place in self._places)

    def _find_top(self) -> str:
        """The folder in which the export lies: who unpacks one and packs it again gets one folder more."""
        found = [name.removesuffix("users.json") for name in self._names if name.endswith("users.json")]
        tops = [top for top in found if top.count("/") <= 1 and f"{top}channels.json" in self._names]
        if not tops:
            raise BadExport(f"{self._path} is no Slack export: it has no users.json and channels.json.")
        return min(tops, key=len)

    def _read_people(self) -> list[Person]:
        found: dict[str, Person] = {}
        for raw in self._users:
            person = self._decoded(decode.person, raw, self.team, what="user")
            if person and found.setdefault(person.external_id, person) is not person:
                self.skipped.note("user: repeats the id of another")
        return list(found.values())

    def _read_places(self) -> list[_Place]:
        found: dict[str, _Place] = {}
        for listed, private in (("channels.json", False), ("groups.json", True)):
            if self._top + listed not in self._names:
                continue
            for raw in self._records(listed):
                place = self._decoded(self._place, raw, private, what="channel")
                if place and found.setdefault(place.container.external_id, place) is not place:
                    self.skipped.note("channel: repeats the id of another")
        read = {name for place in found.values() for name in place.files}
        rest = [name[len(self._top) :] for name in self._names - read if name.startswith(self._top)]
        left = [name for name in rest if re.search(r".+/[^/]+$", name) and "canvas" not in name]
        direct = sum(bool(re.match(r"(D[A-Z0-9]+|mpdm-[^/]*)/", name)) for name in left)
        self.skipped.note("file: direct messages are not read", direct)
        self.skipped.note("file: belongs to no channel that could be read", len(left) - direct)
        return list(found.values())

    def _place(self, raw: Mapping[str, Any], private: bool) -> _Place:
        container = decode.container(raw, self.team)
        kind = "private" if private and container.kind == "public" else container.kind
        if kind in {"dm", "group_dm"}:
            raise Undecodable("Direct messages are not read.")
        members = raw.get("members") or ()
        if not isinstance(members, list | tuple):
            raise Undecodable("Its members are no list.")
        known = tuple(dict.fromkeys(member for member in members if isinstance(member, str) and member))
        self.skipped.note("member: no id", sum(not isinstance(member, str) or not member for member in members))
        try:
            created = moment(raw.get("created") or 0)
        except Undecodable:
            created = datetime.fromtimestamp(0, UTC)
        folder = str(raw.get("name") or raw["id"])
        return _Place(
            container.model_copy(update={"kind": kind, "read_by_daybook": True}), known, created, self._files(folder)
        )

    def _files(self, folder: str) -> tuple[str, ...]:
        start = f"{self._top}{folder}/"
        days = [name for name in self._names if name.startswith(start) and name.endswith(".json")]
        return tuple(sorted(name for name in days if "canvas" not in name[len(start) :]))

    def _day(self, name: str, container: Container) -> Day:
        try:
            records = self._records(name.removeprefix(self._top))
        except BadExport:
            self.skipped.note("file: cannot be read")
            return Day(container, (), ())
        found: dict[MessageId, Message] = {}
        reactions: list[Reaction] = []
        written_on = _date_of(name)
        for raw in records:
            message = self._decoded(self._message, raw, container, written_on, what="message")
            if message is None:
                continue
            if message.message_id in found:
                self.skipped.note("message: repeats the time of another")
                continue
            found[message.message_id] = message
            reactions += self._decoded(decode.reactions, raw, message, what="reactions") or []
        return Day(container, tuple(found.values()), tuple(reactions))

    def _message(self, raw: Mapping[str, Any], container: Container, written_on: date | None) -> Message:
        ts, words, user = raw.get("ts"), raw.get("text"), raw.get("user")
        if not isinstance(ts, str) or not _TIMESTAMP.fullmatch(ts):
            raise Undecodable("Its timestamp is none." if ts else "It has no timestamp.")
        if not isinstance(words, str | None) or not isinstance(user, str | None):
            raise Undecodable("Its text or its user is not text.")
        message = decode.message(raw, self.team, container.container_id)
        if written_on and abs(message.posted_at.date() - written_on) > _FARTHEST:
            raise Undecodable("Its time is far from the date of its file.")
        return message

    def _decoded(self, read: Any, raw: object, *given: Any, what: str) -> Any:
        """What the decoder makes of a record; a broken one is counted and skipped."""
        try:
            return read(raw, *given)
        except Undecodable as error:
            reason = str(error).rstrip(".")
            self.skipped.note(f"{what}: {reason[:1].lower()}{reason[1:]}")
        except (AttributeError, TypeError, KeyError, ValueError, ArithmeticError):
            self.skipped.note(f"{what}: malformed")
        return None

    def _records(self, name: str) -> list[Any]:
        try:
            entry = self._zip.getinfo(self._top + name)
            if entry.file_size > LARGEST_FILE:
                raise BadExport(f"{name} in {self._path} unpacks to more than an export of Slack holds.")
            read = json.loads(self._zip.read(entry))
        except _UNREADABLE as error:
            raise BadExport(f"{name} in {self._path} is damaged ({type(error).__name__}): export it again.") from None
        if not isinstance(read, list):
            raise BadExport(f"{name} in {self._path} is not a list: this is no Slack export.")
        return read

    def _team(self) -> TeamId:
        """The workspace that the users say they belong to."""
        teams = Counter(str(raw["team_id"]) for raw in self._users if isinstance(raw, Mapping) and raw.get("team_id"))
        return TeamId(teams.most_common(1)[0][0] if teams else f"export-{self._path.stem}")


def _open(path: Path) -> zipfile.ZipFile:
    if not path.exists():
        raise BadExport(f"There is no file {path}.")
    if path.is_dir():
        raise BadExport(f"{path} is a directory: give the zip that Slack made, or pack the directory into one.")
    try:
        return zipfile.ZipFile(path)
    except PermissionError:
        raise BadExport(f"{path} may not be read: allow it with `chmod +r`.") from None
    except _UNREADABLE as error:
        raise BadExport(f"{path} cannot be read as a zip ({error}): export the workspace again.") from None


def _date_of(name: str) -> date | None:
    match = _DAY_FILE.fullmatch(name.rpartition("/")[2])
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None
