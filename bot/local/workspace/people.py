"""What happens to people: they join the team and change."""

from dataclasses import replace
from typing import Any

from bot.local.workspace.payloads import user_payload
from bot.local.workspace.state import User
from bot.local.workspace.world import World


def join_team(world: World, user: User) -> User:
    world.state.users[user.id] = user
    _tell(world, "team_join", user)
    return user


def change(world: World, user: User, **fields: Any) -> User:
    """Gives a person another name, title, time zone …; raises TypeError for what no person has."""
    changed = replace(user, **fields, updated=int(world.clock.now().timestamp()))
    world.state.users[user.id] = changed
    _tell(world, "user_change", changed)
    return changed


def _tell(world: World, kind: str, user: User) -> None:
    with_email = "users:read.email" in world.manifest.scopes
    payload = user_payload(user, world.state.team.id, world.clock.now(), with_email=with_email)
    world.events.tell({"type": kind, "user": payload, "cache_ts": int(world.clock.now().timestamp())})
    world.changes.note("channel")
