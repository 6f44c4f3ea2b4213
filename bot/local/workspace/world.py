"""Everything one workspace consists of, in one hand: what web methods and people's acts work on."""

from collections import deque
from dataclasses import dataclass, field

from bot.local.workspace.changes import Changes
from bot.local.workspace.clock import Clock
from bot.local.workspace.events import Events
from bot.local.workspace.faults import Faults
from bot.local.workspace.manifest import Manifest
from bot.local.workspace.rate_limits import RateLimits
from bot.local.workspace.response_urls import ResponseUrls
from bot.local.workspace.socket_mode import SocketMode
from bot.local.workspace.state import Payload, State
from bot.local.workspace.views import Triggers, Views


@dataclass
class World:
    state: State
    manifest: Manifest
    clock: Clock
    socket: SocketMode
    events: Events
    changes: Changes
    limits: RateLimits | None
    """None when limits are off."""
    app_token: str
    bot_token: str
    views: Views
    response_urls: ResponseUrls
    url: str = ""
    triggers: Triggers = field(default_factory=Triggers)
    faults: Faults = field(default_factory=Faults)
    entered: dict[tuple[str, str], Payload] = field(default_factory=dict)
    """What each person has chosen in the selects of a message, by person and `ts`."""
    calls: deque[Payload] = field(default_factory=lambda: deque(maxlen=10_000))
