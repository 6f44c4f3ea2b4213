"""The bodies of the control API's calls."""

from datetime import timedelta
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Request(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class As(Request):
    actor: str = Field(alias="as")


class Post(As):
    channel: str
    text: str
    thread_ts: str | None = None
    broadcast: bool = False


class Delete(As):
    channel: str
    ts: str


class Edit(Delete):
    text: str


class React(Delete):
    name: str
    remove: bool = False


class Press(As):
    """Which element, and what was chosen in it, under the names that Slack's payloads have."""

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)

    block_id: str
    action_id: str
    channel: str | None = None
    ts: str | None = None
    view_id: str | None = None
    value: str | None = None
    selected_option: str | dict[str, Any] | None = None
    selected_options: list[str | dict[str, Any]] | None = None
    selected_date: str | None = None
    selected_time: str | None = None


class ShortcutAt(As):
    channel: str
    ts: str
    callback_id: str


class Command(As):
    channel: str
    command: str
    text: str = ""


class Shortcut(As):
    callback_id: str


class OpenDm(As):
    user: str


class Close(As):
    view_id: str


class Submit(Close):
    state: dict[str, Any] = Field(default_factory=dict)


class Member(Request):
    channel: str
    user: str
    change: Literal["join", "leave"]


class NewChannel(Request):
    name: str
    kind: Literal["public", "private"] = "public"
    members: list[str] = Field(min_length=1)
    purpose: str = ""


class Convert(Request):
    channel: str
    kind: Literal["public", "private"]
    actor: str | None = Field(default=None, alias="as")


class Person(Request):
    """A new member of the team, or what changes about one."""

    id: str
    name: str = ""
    real_name: str = ""
    title: str = ""
    tz: str = "UTC"
    email: str = ""
    is_bot: bool = False
    is_guest: bool = False
    deleted: bool = False

    def given(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True)


class MoveClock(Request):
    now: AwareDatetime | None = None
    advance: timedelta | None = None


class Redeliver(Request):
    channel: str
    ts: str
    times: int = Field(default=1, ge=1)
    fresh_event_id: bool = False


class Socket(Request):
    do: Literal["refresh", "warn", "cut", "mute", "unmute"]


class Envelope(Request):
    type: str
    payload: Any
