"""The invented team that the browser tests look at."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from playwright.async_api import Page, ViewportSize

from bot.local.workspace import Seed

NOW = datetime(2026, 11, 20, 8, 31, tzinfo=UTC)
DESKTOP = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=390, height=844)
YESTERDAY = int(datetime(2026, 11, 19, 9, 0, tzinfo=UTC).timestamp())

MANIFEST = {
    "display_information": {"name": "Daybook"},
    "features": {"bot_user": {"display_name": "daybook"}, "app_home": {"home_tab_enabled": True}},
    "oauth_config": {
        "scopes": {
            "bot": ["chat:write", "channels:history", "groups:history", "im:history", "im:write", "channels:read"]
        }
    },
    "settings": {
        "event_subscriptions": {"bot_events": ["message.channels", "message.im", "app_home_opened"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}

SEED = Seed.model_validate(
    {
        "team": {"id": "T1", "name": "Larkspur", "bot_user_id": "U0BOT"},
        "users": [
            {"id": "U1", "name": "ines", "real_name": "Ines Falk", "title": "Director", "tz": "Europe/Berlin"},
            {"id": "U2", "name": "marek", "real_name": "Marek Novotny", "title": "Tech Lead", "tz": "Europe/Prague"},
            {"id": "U3", "name": "jun", "real_name": "Jun Sato", "title": "Reliability", "tz": "Asia/Tokyo"},
        ],
        "channels": [
            {"id": "C1", "name": "checkout", "members": ["U1", "U2", "U3"], "bot_is_member": True, "purpose": "Carts"},
            {"id": "C2", "name": "platform", "members": ["U2"]},
            {"id": "G1", "name": "leads", "kind": "private", "members": ["U1", "U2"]},
        ],
        "messages": [
            {"channel": "C1", "ts": f"{YESTERDAY}.000100", "user": "U2", "text": "The sandbox is *back*, <@U1>."},
            {"channel": "C1", "ts": f"{YESTERDAY + 900}.000100", "user": "U3", "text": "The pool is exhausted."},
            {
                "channel": "C1",
                "ts": f"{YESTERDAY + 960}.000100",
                "thread_ts": f"{YESTERDAY + 900}.000100",
                "user": "U2",
                "text": "Move the export to 03:00.",
            },
            {"channel": "G1", "ts": f"{YESTERDAY + 1000}.000100", "user": "U2", "text": "Headcount."},
        ],
    }
)

FIRST = f"{YESTERDAY}.000100"
PARENT = f"{YESTERDAY + 900}.000100"
REPLY = f"{YESTERDAY + 960}.000100"
SECRET = f"{YESTERDAY + 1000}.000100"

Open = Callable[..., Awaitable[Page]]
