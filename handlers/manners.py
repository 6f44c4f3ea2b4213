"""How Daybook behaves in a channel: quiet or not, as its members want it, and the one greeting where that is wanted."""

from dataclasses import dataclass

from graphs.ports import Clock
from handlers import decode, presses
from handlers.arrivals import Commanded, MembershipChanged, Pressed
from handlers.blocks import manners as blocks
from handlers.dispatch import Dispatch
from memory import manners, outbox, people
from memory.database import Connection, Database
from memory.models.ids import PersonId, TeamId, container_id
from memory.outbox import Intent

TALK = "talk"
WORDS = presses.PLACED
"""What somebody enters behind `/daybook` in a channel."""


async def verdict(connection: Connection, team: TeamId, person: PersonId, channel: str, word: str) -> tuple[bool, str]:
    """Whether something is to change there at somebody's word, and what they are told."""
    found = await manners.read(connection, container_id(team, decode.SLACK, channel), person)
    if channel.startswith("D") or (found is not None and (found.kind == "dm" or found.personal)):
        return False, blocks.ALONE
    if found is None or not found.is_channel:
        return False, blocks.NOT_HERE
    if not found.is_member:
        return False, blocks.NO_MEMBER
    if found.follow_ups == (word == TALK):
        return False, blocks.TALKS_ALREADY if word == TALK else blocks.QUIET_ALREADY
    return True, blocks.WILL_TALK if word == TALK else blocks.WILL_BE_QUIET


@dataclass(frozen=True)
class Behaviour:
    """Changes how Daybook behaves in a channel, and says so to everybody there, in the same transaction."""

    team: TeamId
    database: Database
    dispatch: Dispatch
    clock: Clock
    greets: bool = False
    """Whether Daybook greets a channel that it was added to."""

    async def commanded(self, entered: Commanded) -> None:
        await self._choose(entered.person_id, entered.external_id, entered.channel, entered.word)

    async def pressed(self, pressed: Pressed) -> None:
        await self._choose(pressed.person_id, pressed.external_id, pressed.value, TALK)

    async def added(self, connection: Connection, changed: MembershipChanged) -> None:
        """Greets a channel, once in its lifetime, if that is wanted; in the transaction that noted the joining."""
        where = changed.container
        if not (self.greets and changed.own and changed.membership.joined) or where.kind in {"dm", "group_dm"}:
            return
        key, at = f"greeting:{where.container_id}", changed.membership.at
        intent = await outbox.intend(
            connection, self.team, key, "greeting", where.container_id, at=at, channel=where.external_id
        )
        if intent:
            await self.dispatch.send(connection, intent)

    async def _choose(self, person: PersonId, external_id: str, channel: str, word: str) -> None:
        now, where = self.clock.now(), container_id(self.team, decode.SLACK, channel)
        async with self.database.house() as connection:
            changes, _ = await verdict(connection, self.team, person, channel, word)
            event = None
            if changes:
                event = await manners.choose(connection, self.team, where, person, follow_ups=word == TALK, at=now)
            if event is not None:
                key = f"manners:{event}"
                intent = await outbox.intend(connection, self.team, key, "manners", person, at=now, channel=channel)
                if intent:
                    await self.dispatch.send(connection, intent)
            await self.dispatch.show_home(connection, self.team, external_id)


async def told(connection: Connection, team: TeamId, intent: Intent) -> str | None:
    """What is said to a channel of how Daybook behaves there, as it does at this moment; None if it is no channel."""
    where = container_id(team, decode.SLACK, intent.channel or "")
    found = await manners.read(connection, where)
    if found is None or not found.is_channel:
        return None
    if intent.surface == "greeting":
        return blocks.GREETING
    who = await people.known(connection, team, PersonId(intent.subject_id))
    return blocks.changed(who.name if who else "", follows_up=found.follow_ups)
