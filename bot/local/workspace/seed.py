"""The team, people, channels and history a workspace starts with, as one JSON document."""

from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from bot.local.workspace.clock import Clock, moment_of
from bot.local.workspace.manifest import Manifest
from bot.local.workspace.state import Channel, Message, State, Team, User


class SeedModel(BaseModel):
    """A seed may say more than the workspace needs, such as who reports to whom."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class SeedTeam(SeedModel):
    id: str = "T0LOCAL"
    name: str = "Local"
    domain: str = "local"
    bot_user_id: str = "U0DAYBOOK"


class SeedUser(SeedModel):
    id: str
    name: str
    real_name: str
    title: str = ""
    tz: str = "UTC"
    email: str = ""
    is_bot: bool = False
    is_guest: bool = False
    profile: dict[str, Any] = Field(default_factory=dict)


class SeedChannel(SeedModel):
    id: str
    name: str
    kind: Literal["public", "private"] = "public"
    members: tuple[str, ...] = ()
    purpose: str = ""
    bot_is_member: bool = False


class SeedReaction(SeedModel):
    name: str
    users: tuple[str, ...]


class SeedEdit(SeedModel):
    """When a message was edited, and what it said from then on; without a text, only the mark of an edit."""

    ts: str
    text: str | None = None
    user: str | None = None


class SeedMessage(SeedModel):
    """A message with its first text in Slack's own markup (`<@U1>`, `&lt;`), as an export has it."""

    channel: str
    ts: str
    user: str
    text: str
    thread_ts: str | None = None
    edited: SeedEdit | None = None
    reactions: tuple[SeedReaction, ...] = ()


class Seed(SeedModel):
    team: SeedTeam = SeedTeam()
    users: tuple[SeedUser, ...] = ()
    channels: tuple[SeedChannel, ...] = ()
    messages: tuple[SeedMessage, ...] = ()

    @classmethod
    def from_json(cls, path: Path | str) -> Self:
        """Reads one document `{team, users, channels, messages}`; raises pydantic's ValidationError when it is none."""
        return cls.model_validate_json(Path(path).read_text(encoding="utf-8"))


def build_state(seed: Seed, manifest: Manifest, clock: Clock) -> State:
    """A fresh memory from a seed; its messages are history, nobody is told of them."""
    bot = User(seed.team.bot_user_id, manifest.bot_name.lower(), manifest.bot_name, is_bot=True)
    state = State(Team(seed.team.id, seed.team.name, seed.team.domain), bot)
    for user in seed.users:
        state.users[user.id] = User(**{**user.model_dump(), "profile": dict(user.profile)})
    state.bot = state.users[bot.id]
    for channel in seed.channels:
        state.channels[channel.id] = _build_channel(channel, state, clock)
    for message in seed.messages:
        state.channels[message.channel].add(build_message(message, clock))
    for room in state.channels.values():
        room.read_to = {member: room.messages[-1].ts for member in room.members if room.messages}
    return state


def build_message(message: SeedMessage, clock: Clock) -> Message:
    """The message as it stands in the end: edited, and with its reactions."""
    built = first_version(message, clock)
    if message.edited is not None:
        built.text = built.text if message.edited.text is None else message.edited.text
        built.edited = {"user": message.edited.user or message.user, "ts": message.edited.ts}
    built.reactions = {reaction.name: list(reaction.users) for reaction in message.reactions}
    return built


def first_version(message: SeedMessage, clock: Clock) -> Message:
    moment_of(message.ts)  # a malformed time shows here, not in the middle of a sort
    return Message(clock.take(message.ts), message.user, message.text, thread_ts=message.thread_ts)


def _build_channel(channel: SeedChannel, state: State, clock: Clock) -> Channel:
    members = [member for member in channel.members if member != state.bot.id]
    if channel.bot_is_member or state.bot.id in channel.members:
        members.append(state.bot.id)
    return Channel(
        id=channel.id,
        name=channel.name,
        kind=channel.kind,
        members=members,
        creator=members[0] if members else state.bot.id,
        created=int(clock.now().timestamp()),
        purpose=channel.purpose,
    )
