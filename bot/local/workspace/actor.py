"""Acts as one person of the team: what the control API does, callable in the same program."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from bot.local.workspace import commands, interactions, membership, message_shortcuts, messages, typed
from bot.local.workspace.refusals import Denied
from bot.local.workspace.state import Channel, Kind, Message, Payload
from bot.local.workspace.views import View, view_payload
from bot.local.workspace.world import World


class Actor:
    """One person's hands; channels are named by id or name. Raises Denied for what that person may not do."""

    def __init__(self, world: World, user_id: str) -> None:
        if user_id not in world.state.users:
            raise Denied(f"There is no person {user_id} in this team.", missing=True)
        self._world = world
        self.id = user_id

    async def post(self, channel: str, text: str, thread_ts: str | None = None, *, broadcast: bool = False) -> str:
        """Writes into a channel or thread and answers the new message's `ts`."""
        room = self._own(channel)
        if room.archived:
            raise Denied(f"#{room.name} is archived.")
        if not text.strip():
            raise Denied("A message needs some text.")
        message = Message(
            self._world.clock.stamp(),
            self.id,
            typed.markup(text, self._world.state),
            thread_ts=self._root(room, thread_ts),
            subtype="thread_broadcast" if broadcast and thread_ts else None,
            broadcast=broadcast,
            client_msg_id=str(uuid4()),
        )
        messages.post(self._world, room, message)
        if message.is_top_level:
            room.read_to[self.id] = message.ts
        return message.ts

    async def edit(self, channel: str, ts: str, text: str) -> None:
        room, message = self._own_message(channel, ts)
        changed = messages.revised(message, typed.markup(text, self._world.state))
        messages.edit(self._world, room, message, changed)

    async def delete(self, channel: str, ts: str) -> None:
        room, message = self._own_message(channel, ts)
        messages.delete(self._world, room, message)

    async def react(self, channel: str, ts: str, name: str, *, remove: bool = False) -> None:
        room, message = self.message(channel, ts)
        act = messages.unreact if remove else messages.react
        act(self._world, room, message, self.id, name.strip(":"))

    async def press(self, chosen: Mapping[str, Any]) -> None:
        """Presses or chooses: `{channel, ts}` or `{view_id}`, `block_id`, `action_id` and what was chosen.

        Comes back when the app has acknowledged.
        """
        if chosen.get("view_id"):
            await interactions.press_in_view(self._world, self.id, self._view(chosen["view_id"]), chosen)
        elif chosen.get("channel") and chosen.get("ts"):
            room, message = self.message(chosen["channel"], chosen["ts"])
            await interactions.press_in_message(self._world, self.id, room, message, chosen)
        else:
            raise Denied("Say where to press: a channel and ts, or a view_id.")

    async def shortcut_at(self, channel: str, ts: str, callback_id: str) -> None:
        """Chooses one of the app's shortcuts at a message."""
        room, message = self.message(channel, ts)
        await message_shortcuts.choose(self._world, self.id, room, message, callback_id)

    async def submit(self, view_id: str, state: Mapping[str, Any] | None = None) -> dict[str, str]:
        """Submits a modal; answers the errors shown, by block_id, none when it was taken."""
        return await interactions.submit(self._world, self.id, self._modal(view_id), state or {})

    async def close(self, view_id: str) -> None:
        await interactions.close(self._world, self.id, self._modal(view_id))

    async def command(self, channel: str, command: str, text: str = "") -> None:
        """Enters a slash command; what the app answers stands in the channel when this comes back."""
        await commands.command(self._world, self.id, self._own(channel), command, text.strip())

    async def shortcut(self, callback_id: str) -> None:
        """Chooses a global shortcut of the app's."""
        await commands.shortcut(self._world, self.id, callback_id)

    async def open_dm(self, user: str) -> str:
        """Opens or finds the DM with somebody, the bot too, and answers its id; the app hears `app_home_opened`."""
        other = Actor(self._world, user).id
        channel, _ = membership.open_direct(self._world, [self.id, other])
        if other == self._world.state.bot.id:
            self._app_home_opened("messages", channel)
        return channel.id

    async def open_home(self) -> None:
        """Opens the app's Home tab."""
        if not self._world.manifest.home_tab:
            raise Denied("This app has no Home tab: see features.app_home in its manifest.")
        channel, _ = membership.open_direct(self._world, [self.id, self._world.state.bot.id])
        self._app_home_opened("home", channel)

    def home(self) -> Payload | None:
        view = self._world.views.home(self.id)
        return view_payload(view, self._world.state) if view else None

    def modals(self) -> list[Payload]:
        """The modals this person has open, topmost last."""
        return [view_payload(view, self._world.state) for view in self._world.views.stack(self.id)]

    async def join(self, channel: str) -> None:
        """Comes into a channel; into a private one as if somebody had invited them."""
        room = self._named(channel)
        if self.id in room.members:
            raise Denied(f"{self.id} is already in #{room.name}.")
        membership.join(self._world, room, self.id)

    async def leave(self, channel: str) -> None:
        membership.leave(self._world, self._own(channel), self.id)

    async def create_channel(self, name: str, kind: Kind, members: list[str], purpose: str = "") -> str:
        """Creates a channel with these people in it, and oneself; answers its id."""
        if self._world.state.named(name) is not None:
            raise Denied(f"There is a channel #{name} already.")
        others = [Actor(self._world, member).id for member in members if member != self.id]
        channel = membership.create(self._world, name, kind, self.id, purpose)
        for member in others:
            membership.join(self._world, channel, member, inviter=self.id)
        return channel.id

    async def convert(self, channel: str, kind: Kind) -> None:
        room = self._named(channel)
        if room.is_direct or room.kind == kind:
            raise Denied(f"#{room.name} cannot be made {kind}.")
        membership.convert(self._world, room, kind, self.id)

    def room(self, channel: str) -> Channel:
        """A channel that this person may open."""
        room = self._named(channel)
        if room not in self._world.state.visible_to(self.id):
            raise Denied(f"{self.id} may not open {channel}.", missing=True)
        return room

    def message(self, channel: str, ts: str) -> tuple[Channel, Message]:
        """A message that this person may read."""
        room = self.room(channel)
        found = room.find(ts)
        if found is None or found.seen_by not in (None, self.id):
            raise Denied(f"There is no message {ts} in {channel}.", missing=True)
        return room, found

    def _named(self, channel: str) -> Channel:
        room = self._world.state.named(channel)
        if room is None:
            raise Denied(f"There is no channel {channel}.", missing=True)
        return room

    def _own(self, channel: str) -> Channel:
        room = self.room(channel)
        if self.id not in room.members:
            raise Denied(f"{self.id} is not in #{room.name}; join it first.")
        return room

    def _own_message(self, channel: str, ts: str) -> tuple[Channel, Message]:
        room, message = self.message(channel, ts)
        if message.user != self.id:
            raise Denied(f"{self.id} did not write {ts}.")
        return room, message

    def _root(self, room: Channel, thread_ts: str | None) -> str | None:
        if not thread_ts:
            return None
        root = messages.thread_root(room, thread_ts)
        if root is None:
            raise Denied(f"There is no thread {thread_ts} in {room.id}.", missing=True)
        return root.ts

    def _view(self, view_id: str) -> View:
        view = self._world.views.find(view_id)
        if view is None or view.user != self.id:
            raise Denied(f"{self.id} has no view {view_id} open.", missing=True)
        return view

    def _modal(self, view_id: str) -> View:
        view = self._view(view_id)
        if view.type != "modal":
            raise Denied("A Home tab can be neither submitted nor closed.")
        return view

    def _app_home_opened(self, tab: str, channel: Channel) -> None:
        event: Payload = {"type": "app_home_opened", "user": self.id, "channel": channel.id, "tab": tab}
        home = self.home()
        self._world.events.tell(event | ({"view": home} if tab == "home" and home else {}))
