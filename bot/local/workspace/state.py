"""What the workspace remembers: the team, its people, its channels and what was said in them."""

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from typing import Any, Literal

Payload = dict[str, Any]
"""Raw JSON in Slack's own shapes."""

Kind = Literal["public", "private", "im", "mpim"]


@dataclass
class Team:
    id: str
    name: str
    domain: str


@dataclass
class User:
    id: str
    name: str
    real_name: str
    title: str = ""
    tz: str = "UTC"
    email: str = ""
    is_bot: bool = False
    is_guest: bool = False
    deleted: bool = False
    profile: Payload = field(default_factory=dict)
    updated: int = 0


@dataclass
class Message:
    ts: str
    user: str
    text: str
    thread_ts: str | None = None
    bot_id: str | None = None
    subtype: str | None = None
    username: str | None = None
    broadcast: bool = False
    blocks: list[Payload] = field(default_factory=list)
    metadata: Payload | None = None
    edited: Payload | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    client_msg_id: str | None = None
    seen_by: str | None = None
    """The only person who sees it, when it is ephemeral."""
    extra: Payload = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def is_top_level(self) -> bool:
        return not self.is_reply or self.broadcast


@dataclass
class Channel:
    id: str
    name: str
    kind: Kind
    members: list[str]
    creator: str
    created: int
    purpose: str = ""
    topic: str = ""
    archived: bool = False
    messages: list[Message] = field(default_factory=list)
    read_to: dict[str, str] = field(default_factory=dict)
    _threads: dict[str, list[Message]] = field(default_factory=dict)

    @property
    def is_direct(self) -> bool:
        return self.kind in ("im", "mpim")

    def place(self, ts: str) -> int:
        return bisect_left(self.messages, ts, key=lambda message: message.ts)

    def add(self, message: Message) -> None:
        self.messages.insert(self.place(message.ts), message)
        if message.is_reply:
            insort(self._threads.setdefault(message.thread_ts or "", []), message, key=lambda one: one.ts)

    def find(self, ts: str) -> Message | None:
        place = self.place(ts)
        if place < len(self.messages) and self.messages[place].ts == ts:
            return self.messages[place]
        return None

    def remove(self, message: Message) -> None:
        del self.messages[self.place(message.ts)]
        if message.is_reply:
            self._threads[message.thread_ts or ""].remove(message)

    def replies(self, ts: str) -> list[Message]:
        """The replies under a parent that everybody sees, oldest first."""
        return [one for one in self._threads.get(ts, ()) if one.seen_by is None]


class State:
    """The whole memory, with look-ups; nothing here sends or refuses anything."""

    def __init__(self, team: Team, bot: User) -> None:
        self.team = team
        self.bot = bot
        self.bot_id = f"B{bot.id[1:]}"
        self.app_id = f"A{bot.id[1:]}"
        self.users: dict[str, User] = {bot.id: bot}
        self.channels: dict[str, Channel] = {}
        self.numbered = 0

    def fresh_id(self, prefix: str) -> str:
        """An id in Slack's alphabet that nothing else has."""
        self.numbered += 1
        return f"{prefix}0NEW{self.numbered:06d}"

    def bot_in(self, channel: Channel) -> bool:
        return self.bot.id in channel.members

    def named(self, name: str) -> Channel | None:
        """The channel of that id or name, with or without the hash sign."""
        bare = name.removeprefix("#")
        if bare in self.channels:
            return self.channels[bare]
        return next((one for one in self.channels.values() if one.name == bare and not one.is_direct), None)

    def direct(self, members: set[str]) -> Channel | None:
        return next((one for one in self.channels.values() if one.is_direct and set(one.members) == members), None)

    def visible_to(self, user: str) -> list[Channel]:
        """What a person may open: their own channels, and all public ones unless they are a guest."""
        person = self.users[user]
        return [
            one
            for one in self.channels.values()
            if user in one.members or (one.kind == "public" and not person.is_guest)
        ]
