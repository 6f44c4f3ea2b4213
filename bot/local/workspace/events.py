"""Builds the Events API's payloads and sends those that the app subscribed to and may see."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.local.workspace.clock import Clock
from bot.local.workspace.manifest import Manifest
from bot.local.workspace.payloads import CHANNEL_TYPE
from bot.local.workspace.state import Channel, Payload, State

MESSAGE_EVENT = {"public": "message.channels", "private": "message.groups", "im": "message.im", "mpim": "message.mpim"}
Send = Callable[[Payload, int], None]
"""Takes an event's whole payload and which attempt at its delivery this is."""


class Events:
    """What has been told to the app, so that it can be told again."""

    def __init__(self, state: State, manifest: Manifest, clock: Clock, send: Send) -> None:
        self._state, self._manifest, self._clock, self.send = state, manifest, clock, send
        self._numbered = 0
        self._told: dict[tuple[str, str], list[Payload]] = defaultdict(list)

    @contextmanager
    def held(self, kept: list[tuple[Payload, int]]) -> Iterator[None]:
        """Meanwhile nothing is sent: it is kept, for whoever sends it later, in whatever order."""
        send, self.send = self.send, lambda payload, attempt: kept.append((payload, attempt))
        try:
            yield
        finally:
            self.send = send

    def message(self, channel: Channel, event: Payload) -> None:
        """A `message` event of any subtype, if the bot is in the channel."""
        full = event | {"channel": channel.id, "channel_type": CHANNEL_TYPE[channel.kind]}
        full.setdefault("event_ts", event["ts"])
        self._in_channel(channel, MESSAGE_EVENT[channel.kind], full)

    def mention(self, channel: Channel, event: Payload) -> None:
        """An `app_mention`; Slack sends none in direct messages."""
        if not channel.is_direct:
            full = event | {"type": "app_mention", "channel": channel.id}
            full.setdefault("event_ts", event["ts"])
            self._in_channel(channel, "app_mention", full)

    def about(self, channel: Channel, event: Payload) -> None:
        """Any other event that only members of a channel see, such as a reaction."""
        self._in_channel(channel, event["type"], event)

    def tell(self, event: Payload) -> None:
        """An event of the whole workspace, or of one person and the app."""
        if event["type"] in self._manifest.events:
            self.send(self._wrap(event), 0)

    def again(self, channel: str, ts: str, *, times: int, fresh_event_id: bool) -> int:
        """Sends everything told about a message's posting again; answers how many payloads that were."""
        told = self._told[channel, ts]
        for attempt in range(1, times + 1):
            for payload in told:
                self.send(payload | {"event_id": self._event_id()} if fresh_event_id else payload, attempt)
        return len(told) * times

    def _in_channel(self, channel: Channel, subscription: str, event: Payload) -> None:
        if subscription not in self._manifest.events or not self._state.bot_in(channel):
            return
        payload = self._wrap(event)
        if event["type"] in ("message", "app_mention"):
            self._told[channel.id, event["ts"]].append(payload)
        self.send(payload, 0)

    def _event_id(self) -> str:
        self._numbered += 1
        return f"Ev0LOCAL{self._numbered:06d}"

    def _wrap(self, event: Payload) -> Payload:
        team = self._state.team.id
        event.setdefault("event_ts", self._clock.stamp())
        authorization = {
            "enterprise_id": None,
            "team_id": team,
            "user_id": self._state.bot.id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": "local-verification-token",
            "team_id": team,
            "context_team_id": team,
            "context_enterprise_id": None,
            "api_app_id": self._state.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": self._event_id(),
            "event_time": int(self._clock.now().timestamp()),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
            "event_context": f"4-{event['type']}-{event.get('channel', team)}",
        }
