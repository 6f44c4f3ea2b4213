"""What the manifest asks Slack for is what the code uses: every scope and event needed, and none other."""

import ast
import json
import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import jsonschema
import pytest

from bot.manifest import bot_scopes, read_manifest
from handlers import decode

ROOT = Path(__file__).parents[2]
OUR_OWN_SLACK = ROOT / "bot" / "local"
BENCHMARKS = os.environ.get("DAYBOOK_BENCHMARKS", "")
SCHEMA = Path(BENCHMARKS).parent / "specs" / "slack-manifest.schema.json"

SCOPES_OF_METHODS = {
    "assistant_threads_setStatus": {"assistant:write"},
    "assistant_threads_setSuggestedPrompts": {"assistant:write"},
    "assistant_threads_setTitle": {"assistant:write"},
    "apps_connections_open": set[str](),  # the app token's: connections:write
    "auth_test": set[str](),
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_create": {"groups:write"},  # private channels only
    "conversations_history": {"channels:history", "groups:history", "im:history", "mpim:history"},
    "conversations_info": {"channels:read", "groups:read", "mpim:read"},
    "conversations_invite": {"groups:write"},
    "conversations_members": {"channels:read", "groups:read", "mpim:read"},
    "conversations_open": {"im:write"},
    "conversations_replies": {"channels:history", "groups:history", "im:history", "mpim:history"},
    "reactions_add": {"reactions:write"},
    "reactions_remove": {"reactions:write"},
    "users_conversations": {"channels:read", "groups:read", "im:read", "mpim:read"},
    "users_info": {"users:read"},
    "users_list": {"users:read"},
    "views_open": set[str](),
    "views_publish": set[str](),
    "views_push": set[str](),
    "views_update": set[str](),
}
SCOPES_OF_EVENTS = {
    "app_home_opened": set[str](),
    "app_mention": {"app_mentions:read"},
    "channel_archive": {"channels:read"},
    "channel_deleted": {"channels:read"},
    "channel_left": {"channels:read"},
    "channel_rename": {"channels:read"},
    "channel_unarchive": {"channels:read"},
    "group_archive": {"groups:read"},
    "group_deleted": {"groups:read"},
    "group_left": {"groups:read"},
    "group_rename": {"groups:read"},
    "group_unarchive": {"groups:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "message.mpim": {"mpim:history"},
    "reaction_added": {"reactions:read"},
    "reaction_removed": {"reactions:read"},
    "team_join": {"users:read"},
    "user_change": {"users:read"},
}
SCOPES_OF_FEATURES = {
    "agent_view": {"assistant:write"},
    "shortcuts": {"commands"},
    "slash_commands": {"commands"},
}


def _called() -> Iterator[str]:
    """The names of what is asked of a Slack client anywhere but in our own imitation of Slack."""
    for path in chain((ROOT / "handlers").rglob("*.py"), (ROOT / "bot").rglob("*.py")):
        if path.is_relative_to(OUR_OWN_SLACK):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value).split(".")[-1] == "client":
                yield node.attr


# Of the socket's client, of Bolt's, and what a client is set up with: none of them a method of Slack's.
NO_METHODS = {
    *("web_client", "connect", "close", "is_connected", "last_ping_pong_time"),
    *("message_listeners", "send_socket_mode_response", "session", "timeout", "proxy", "base_url"),
}
METHODS = frozenset(_called()) - NO_METHODS


def _events() -> set[str]:
    return set(read_manifest()["settings"]["event_subscriptions"]["bot_events"])


def test_every_method_is_known() -> None:
    """A method that the code begins to use gets its scopes written down, one that it gives up loses them."""
    assert set(SCOPES_OF_METHODS) == METHODS


def test_every_subscribed_event_is_read_and_every_event_that_is_read_is_subscribed() -> None:
    """Slack sends what is decoded, and nothing that is thrown away."""
    assert {name.split(".")[0] for name in _events()} == set(decode.EVENTS)
    assert _events() == set(SCOPES_OF_EVENTS)


def test_every_scope_is_needed_and_no_needed_one_is_missing() -> None:
    """By a method that is called, an event that is subscribed, or a feature that is declared."""
    features = [SCOPES_OF_FEATURES[name] for name in read_manifest()["features"] if name in SCOPES_OF_FEATURES]
    needed = set().union(*SCOPES_OF_METHODS.values(), *SCOPES_OF_EVENTS.values(), *features)
    assert bot_scopes() == needed


def test_what_is_pressed_reaches_us_over_the_socket() -> None:
    """Buttons need interactivity; a socket needs no address of ours."""
    settings = read_manifest()["settings"]
    assert settings["interactivity"] == {"is_enabled": True}
    assert settings["socket_mode_enabled"] is True


@pytest.mark.skipif(not SCHEMA.is_file(), reason="Slack's manifest schema is no part of this repository.")
def test_slack_takes_the_manifest() -> None:
    """It follows Slack's own schema."""
    jsonschema.validate(read_manifest(), json.loads(SCHEMA.read_text(encoding="utf-8")))
