"""A generated story acted out before Daybook, in Slack's own words, and what of it was shown to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handlers import decode
from memory import containers, people
from tests.integration.chat import TEAM, at, ts, where, who
from tests.integration.test_audience import Somebody, Somewhere
from tests.promises.audiences import (
    DAYBOOK,
    NAMES,
    OVERNIGHT,
    PARTNERS,
    Act,
    Delete,
    Edit,
    Look,
    Move,
    Pause,
    Say,
    Story,
    Turn,
    after,
)
from tests.promises.inline import Inline, Shown
from tests.promises.worlds import Onlooker

TYPES = {"public": "channel", "private": "group", "group_dm": "mpim", "dm": "im"}
DEBOUNCED = frozenset({"extract", "index"})
URL = "https://acme.example/"
Payload = dict[str, Any]


@dataclass
class Enacted:
    """A story under way. What was said stands by its place and time, as it was worded first."""

    story: Story
    daybook: Inline
    said: dict[tuple[str, float], Say]

    @classmethod
    async def begin(cls, story: Story, daybook: Inline) -> "Enacted":
        """Who is there, and who is where, before anything happens."""
        async with daybook.machinery.database.house() as connection:
            known = [decode.person(_user(each), TEAM) for each in story.world.people]
            await people.see(connection, TEAM, known, at(-10))
            places = [decode.container(_channel(each), TEAM) for each in story.world.places]
            await containers.see(connection, TEAM, places, at(-10))
            for each in story.world.places:
                present = [who(name) for name in sorted(each.members)]
                await containers.set_members(connection, TEAM, where(each.name), present, at(-10))
        return cls(story, daybook, {})

    async def go_on(self, acts: Sequence[Act]) -> None:
        """What is asked is answered at once; what is said is worked out in the evening, and where a moment says so."""
        for act in acts:
            self.daybook.clock.move(max(self.daybook.clock.now(), at(act.at)))
            await self._enact(act)
            if isinstance(act, Pause):
                await self.daybook.work()
            elif act.at >= OVERNIGHT:
                await self.daybook.work(later=DEBOUNCED)

    async def _enact(self, act: Act) -> None:
        self.daybook.world = after(self.daybook.world, act)
        if isinstance(act, Say):
            self.said[act.place, act.at] = act
        for event in self._events(act):
            await self.daybook.hear(event)

    def _events(self, act: Act) -> list[Payload]:
        if isinstance(act, Look):
            opened = {"type": "app_home_opened", "tab": "home", "event_ts": ts(act.at)}
            return [{**opened, "user": each.name, "channel": f"D{each.name}"} for each in self.daybook.world.people]
        return [] if isinstance(act, Pause) else [self._event(act)]

    def _event(self, act: Say | Edit | Delete | Move | Turn) -> Payload:
        match act:
            case Say():
                return self._message(act)
            case Edit():
                edited = {"user": act.of.author, "ts": ts(act.at)}
                worded = {**self._message(act.of), "text": act.text, "edited": edited}
                return self._in(act.of.place, act.at, "message") | {"subtype": "message_changed", "message": worded}
            case Delete():
                gone = {"subtype": "message_deleted", "deleted_ts": ts(act.of.at)}
                return self._in(act.of.place, act.at, "message") | gone
            case Move():
                kind = "member_joined_channel" if act.joined else "member_left_channel"
                return self._in(act.place, act.at, kind) | {"user": act.person}
            case Turn(to="private"):
                told = {"subtype": "channel_convert_to_private", "user": "ANA", "text": ""}
                return self._in(act.place, act.at, "message") | told
        return self._in(act.place, act.at, "channel_left") | {"actor_id": "ANA"}

    def _in(self, place: str, minutes: float, kind: str) -> Payload:
        here = next((each for each in self.daybook.world.places if each.name == place), None)
        named = TYPES[here.kind if here else "dm"]
        return {"type": kind, "channel": place, "channel_type": named, "ts": ts(minutes), "event_ts": ts(minutes)}

    def _message(self, said: Say) -> Payload:
        event = self._in(said.place, said.at, "message") | {"user": said.author, "text": said.text}
        if said.thread is not None:
            event["thread_ts"] = ts(said.thread)
        if said.shares is not None:
            event["attachments"] = [self._shared(said.shares)]
        return event

    def _shared(self, shared: tuple[str, float] | str) -> Payload:
        """As Slack attaches a message that is shared: with its words, author, place and address."""
        if isinstance(shared, str):
            place, minutes, author = f"D{shared}", 0.0, DAYBOOK
            words = self.daybook.told(Onlooker("person", shared))
        else:
            place, minutes = shared
            line = self.said.get(shared)
            author, words = (line.author, line.text) if line else ("ANA", "This message was deleted.")
        return {
            "is_msg_unfurl": True,
            "is_share": True,
            "from_url": f"{URL}archives/{place}/p{ts(minutes).replace('.', '')}",
            "channel_id": place,
            "channel_name": NAMES.get(place, "directmessage"),
            "author_id": author,
            "author_subname": author,
            "ts": ts(minutes),
            "text": words,
            "fallback": f"[November 17th, 2026 9:00 AM] {author.lower()}: {words}",
            "message_blocks": [{"team": TEAM, "channel": place, "ts": ts(minutes), "message": {"blocks": []}}],
            "mrkdwn_in": ["text"],
        }


def seen_by(shown: Sequence[Shown], onlooker: Onlooker) -> list[tuple[str, str]]:
    """Everything that was shown to somebody, in order."""
    return [(each.what, each.text) for each in shown if each.audience == onlooker]


def _user(each: Somebody) -> Payload:
    return {
        "id": each.name,
        "team_id": "T7" if each.name in PARTNERS else TEAM,
        "name": each.name.lower(),
        "is_restricted": each.role == "guest" and each.name not in PARTNERS,
        "profile": {"real_name": f"{each.name.title()} Lund"},
        "tz": "UTC",
    }


def _channel(each: Somewhere) -> Payload:
    return {
        "id": each.name,
        "name": NAMES[each.name],
        "is_private": each.kind == "private",
        "is_mpim": each.kind == "group_dm",
        "is_member": True,
    }
