"""A Slack export: a zip of JSON files, read container by container. DMs between people are not read."""

import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from handlers import decode
from handlers.errors import HandlerFailure, Undecodable
from memory.models.containers import Container, Membership
from memory.models.ids import PersonId, TeamId, person_id
from memory.models.messages import Message, Reaction
from memory.models.people import Person

LARGEST_FILE = 256 * 1024 * 1024
"""Bytes that one file in it may unpack to: more is no day of a channel."""


class BadExport(HandlerFailure):
    """This is no Slack export that can be read; the message says why."""


@dataclass
class Skipped:
    """What was left out of an export, counted by reason; nothing is left out silently."""

    reasons: Counter[str] = field(default_factory=Counter)

    def note(self, reason: str) -> None:
        self.reasons[reason] += 1

    @property
    def total(self) -> int:
        return self.reasons.total()


@dataclass(frozen=True)
class Day:
    """The messages of one container on one day, in the order of the file."""

    container: Container
    messages: tuple[Message, ...]
    reactions: tuple[Reaction, ...]


class Export:
    """An export, opened. Use it as a context manager.

    Raises:
        BadExport: the file is missing, damaged, or no Slack export.
    """

    def __init__(self, path: Path) -> None:
        self.skipped = Skipped()
        try:
            self._zip = zipfile.ZipFile(path)
        except FileNotFoundError:
            raise BadExport(f"There is no file {path}.") from None
        except (zipfile.BadZipFile, OSError) as error:
            raise BadExport(f"{path} cannot be read as a zip ({error}): export the workspace again.") from None
        self._path = path
        self._names = frozenset(self._zip.namelist())
        if not {"users.json", "channels.json"} <= self._names:
            raise BadExport(f"{path} is no Slack export: it has no users.json and channels.json.")
        self._users = self._records("users.json")
        self._channels = [(raw, False) for raw in self._records("channels.json")]
        if "groups.json" in self._names:
            self._channels += [(raw, True) for raw in self._records("groups.json")]
        self.team = self._team()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def people(self) -> list[Person]:
        return [found for raw in self._users if (found := self._decoded(decode.person, raw, self.team, what="user"))]

    def containers(self) -> list[Container]:
        return [container for container, _ in self._places()]

    def memberships(self) -> list[Membership]:
        """Who was in what when the export was made."""
        found: list[Membership] = []
        for container, raw in self._places():
            try:
                created = datetime.fromtimestamp(float(raw.get("created") or 0), UTC)
            except (TypeError, ValueError, OverflowError, OSError):
                created = datetime.fromtimestamp(0, UTC)
            members: list[PersonId] = [
                person_id(self.team, decode.SLACK, str(member)) for member in raw.get("members") or ()
            ]
            found += [
                Membership(container_id=container.container_id, person_id=member, joined=True, at=created)
                for member in members
            ]
        return found

    def days(self) -> Iterator[Day]:
        """All messages, container by container, oldest day first."""
        for container, raw in self._places():
            for name in self._files(raw):
                yield self._day(name, container)

    def last_posted_at(self) -> datetime | None:
        """When the last message was written; looks only at the last day of each container."""
        counted, self.skipped = self.skipped, Skipped()
        latest = [
            message.posted_at
            for container, raw in self._places()
            for name in self._files(raw)[-1:]
            for message in self._day(name, container).messages
        ]
        self.skipped = counted
        return max(latest, default=None)

    def count(self) -> int:
        """How many day files there are."""
        return sum(name.count("/") == 1 and name.endswith(".json") for name in self._names)

    def _files(self, raw: Mapping[str, Any]) -> list[str]:
        folder = str(raw.get("name") or raw["id"]) + "/"
        return sorted(name for name in self._names if name.startswith(folder) and name.endswith(".json"))

    def _day(self, name: str, container: Container) -> Day:
        found: list[Message] = []
        reactions: list[Reaction] = []
        try:
            records = self._records(name)
        except BadExport:
            self.skipped.note("unreadable day file")
            records = []
        for raw in records:
            message = self._decoded(decode.message, raw, self.team, container.container_id, what="message")
            if message:
                found.append(message)
                reactions += self._decoded(decode.reactions, raw, message, what="reactions") or []
        return Day(container, tuple(found), tuple(reactions))

    def _places(self) -> Iterator[tuple[Container, Mapping[str, Any]]]:
        for raw, private in self._channels:
            container = self._decoded(decode.container, raw, self.team, what="channel")
            if container:
                kind = "private" if private else container.kind
                yield container.model_copy(update={"kind": kind, "read_by_daybook": True}), raw

    def _decoded(self, read: Any, raw: object, *given: Any, what: str) -> Any:
        """What the decoder makes of a record; a broken one is counted and skipped."""
        try:
            return read(raw, *given)
        except (Undecodable, AttributeError, TypeError, KeyError, ValueError) as error:
            self.skipped.note(f"{what}: {error}" if isinstance(error, Undecodable) else f"{what}: malformed")
            return None

    def _records(self, name: str) -> list[Any]:
        try:
            if self._zip.getinfo(name).file_size > LARGEST_FILE:
                raise BadExport(f"{name} in {self._path} is too large to be a day of a channel.")
            read = json.loads(self._zip.read(name))
        except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise BadExport(f"{name} in {self._path} is damaged ({type(error).__name__}): export it again.") from None
        if not isinstance(read, list):
            raise BadExport(f"{name} in {self._path} is not a list: this is no Slack export.")
        return read

    def _team(self) -> TeamId:
        """The workspace that the users say they belong to."""
        teams = Counter(str(raw["team_id"]) for raw in self._users if isinstance(raw, Mapping) and raw.get("team_id"))
        return TeamId(teams.most_common(1)[0][0] if teams else f"export-{self._path.stem}")
