"""Modals and Home tabs: who has which open, and the triggers that let the app open one."""

import time
from dataclasses import dataclass, field
from typing import Literal
from uuid import uuid4

from bot.local.workspace.refusals import Refusal
from bot.local.workspace.state import Payload, State

TRIGGER_LIFE = 3.0
MOST_VIEWS = 3


@dataclass
class View:
    id: str
    type: Literal["modal", "home"]
    user: str
    body: Payload
    """What the app sent: title, blocks, callback_id, private_metadata and so on."""
    previous: str | None = None
    root: str = ""
    hash: str = ""
    values: Payload = field(default_factory=dict)
    """What the person entered: block_id to action_id to Slack's state object."""

    def replace(self, body: Payload) -> None:
        """Takes a new content; entries survive only where the block and the element are still there."""
        self.body = body
        self.hash = f"{time.time():.6f}.{uuid4().hex[:8]}"
        kept = {block.get("block_id") for block in body["blocks"]}
        self.values = {block: values for block, values in self.values.items() if block in kept}


def view_payload(view: View, state: State) -> Payload:
    body = view.body
    return {
        "id": view.id,
        "team_id": state.team.id,
        "type": view.type,
        "blocks": body["blocks"],
        "private_metadata": body.get("private_metadata", ""),
        "callback_id": body.get("callback_id", ""),
        "state": {"values": view.values},
        "hash": view.hash,
        "title": body.get("title"),
        "clear_on_close": bool(body.get("clear_on_close")),
        "notify_on_close": bool(body.get("notify_on_close")),
        "close": body.get("close"),
        "submit": body.get("submit"),
        "previous_view_id": view.previous,
        "root_view_id": view.root,
        "app_id": state.app_id,
        "external_id": body.get("external_id", ""),
        "app_installed_team_id": state.team.id,
        "bot_id": state.bot_id,
    }


class Triggers:
    """A trigger opens one view within three seconds of real time, as on Slack."""

    def __init__(self) -> None:
        self._issued: dict[str, tuple[str, float]] = {}
        self._used: set[str] = set()

    def issue(self, user: str) -> str:
        trigger = f"{time.time_ns()}.{uuid4().hex}"
        self._issued[trigger] = (user, time.monotonic())
        return trigger

    def redeem(self, trigger: str) -> str:
        """The person whose act it stands for."""
        if trigger not in self._issued:
            raise Refusal("invalid_trigger_id")
        user, issued_at = self._issued[trigger]
        if time.monotonic() - issued_at > TRIGGER_LIFE:
            raise Refusal("expired_trigger_id")
        if trigger in self._used:
            raise Refusal("exchanged_trigger_id")
        self._used.add(trigger)
        return user


class Views:
    """A stack of modals and a Home tab for each person."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}

    def stack(self, user: str) -> list[View]:
        return self._stacks.setdefault(user, [])

    def home(self, user: str) -> View | None:
        return self._homes.get(user)

    def find(self, view_id: str) -> View | None:
        every = [*self._homes.values(), *(view for stack in self._stacks.values() for view in stack)]
        return next((view for view in every if view.id == view_id), None)

    def find_external(self, external_id: str) -> View | None:
        every = (view for stack in self._stacks.values() for view in stack)
        return next((view for view in every if view.body.get("external_id") == external_id), None)

    def open(self, user: str, body: Payload) -> View:
        self._stacks[user] = []
        return self.push(user, body)

    def push(self, user: str, body: Payload) -> View:
        """Puts a view on top; at most three lie upon each other."""
        stack = self.stack(user)
        if len(stack) >= MOST_VIEWS:
            raise Refusal("push_limit_reached")
        view = View(self._state.fresh_id("V"), "modal", user, body)
        view.previous = stack[-1].id if stack else None
        view.root = stack[0].id if stack else view.id
        view.replace(body)
        stack.append(view)
        return view

    def publish(self, user: str, body: Payload) -> View:
        view = self._homes.setdefault(user, View(self._state.fresh_id("V"), "home", user, body))
        view.root = view.id
        view.replace(body)
        return view

    def pop(self, view: View) -> None:
        """Takes a modal and everything above it away."""
        stack = self.stack(view.user)
        del stack[stack.index(view) :]

    def clear(self, user: str) -> None:
        self._stacks[user] = []
