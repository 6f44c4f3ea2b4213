"""What the app's manifest grants and asks for, as far as the workspace enforces it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Offer:
    """A slash command, or the callback id of a global shortcut, and what is said of it."""

    name: str
    hint: str


@dataclass(frozen=True)
class Manifest:
    app_name: str
    bot_name: str
    scopes: tuple[str, ...]
    events: frozenset[str]
    interactive: bool
    home_tab: bool
    commands: tuple[Offer, ...] = ()
    shortcuts: tuple[Offer, ...] = ()
    """The global ones."""
    message_shortcuts: tuple[tuple[str, str], ...] = ()
    """Of those at messages the callback id, and what they are called."""

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> "Manifest":
        """Reads a parsed manifest.yaml; what it leaves out is not granted."""
        features = document.get("features") or {}
        settings = document.get("settings") or {}
        app_name = (document.get("display_information") or {}).get("name", "App")
        return cls(
            app_name=app_name,
            bot_name=(features.get("bot_user") or {}).get("display_name", app_name.lower()),
            scopes=tuple(((document.get("oauth_config") or {}).get("scopes") or {}).get("bot") or ()),
            events=frozenset((settings.get("event_subscriptions") or {}).get("bot_events") or ()),
            interactive=bool((settings.get("interactivity") or {}).get("is_enabled")),
            home_tab=bool((features.get("app_home") or {}).get("home_tab_enabled")),
            message_shortcuts=tuple(
                (str(each["callback_id"]), str(each["name"]))
                for each in features.get("shortcuts") or ()
                if each.get("type") == "message"
            ),
            commands=tuple(
                Offer(str(each["command"]), str(each.get("description", "")))
                for each in features.get("slash_commands") or ()
            ),
            shortcuts=tuple(
                Offer(str(each["callback_id"]), str(each["name"]))
                for each in features.get("shortcuts") or ()
                if each.get("type") == "global"
            ),
        )
