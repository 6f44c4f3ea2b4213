"""What people say of what is held about them: forget this, do not track me, track me again."""

from dataclasses import dataclass
from uuid import UUID

from graphs.ports import Clock
from handlers import decode
from handlers.arrivals import Pressed
from handlers.dispatch import Dispatch
from handlers.errors import Undecodable
from memory import corrections, facts, people, redraws, tracking
from memory.corrections import NoSuchFact
from memory.database import Database
from memory.models.audience import Viewer
from memory.models.ids import FactId, TeamId


@dataclass(frozen=True)
class Privacy:
    """Takes what somebody wants of what is held about them. Every step may be repeated: a repeat changes nothing."""

    team: TeamId
    database: Database
    dispatch: Dispatch
    clock: Clock

    async def pressed(self, pressed: Pressed) -> None:
        """Raises Undecodable when it names no fact."""
        if pressed.action_id == "forget_fact":
            await self._forget(pressed)
        else:
            await self._track(pressed)
        async with self.database.house() as connection:
            await self.dispatch.show_home(connection, self.team, pressed.external_id)
            if pressed.view_id:
                await self.dispatch.show_holdings(connection, pressed.person_id, pressed.view_id)

    async def _forget(self, pressed: Pressed) -> None:
        """What is not about them, or not theirs to read, stays as it is."""
        name = _fact(pressed.value)
        async with self.database.viewing(Viewer.person(pressed.person_id)) as connection:
            found = await facts.read(connection, [name])
        if not found:
            return
        place, now = found[0].container_id, self.clock.now()
        async with self.database.scribing(place) as connection:
            try:
                await corrections.forget(connection, self.team, name, pressed.person_id, now)
            except NoSuchFact:
                return  # it was forgotten a moment ago, or is about somebody else
            for each in await redraws.intend(connection, self.team, now):
                await self.dispatch.send(connection, each)

    async def _track(self, pressed: Pressed) -> None:
        turn = tracking.stop if pressed.action_id == "untrack" else tracking.resume
        async with self.database.house() as connection:
            await people.note(connection, self.team, decode.SLACK, pressed.external_id, pressed.at)
            if await turn(connection, self.team, pressed.person_id, pressed.at):
                await self.dispatch.follow_tracking(connection, self.team, pressed.person_id)


def _fact(value: str) -> FactId:
    try:
        return FactId(UUID(value))
    except ValueError:
        raise Undecodable("A button names no fact.") from None
