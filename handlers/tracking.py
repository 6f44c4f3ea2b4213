"""*Track this*: a person makes a fact of a message. It is their word, and stands above what is inferred."""

from dataclasses import dataclass
from typing import Any

from graphs.ports import Clock
from graphs.suggesting import suggested
from handlers import decode
from handlers.arrivals import FactTracked
from handlers.blocks import tracking as blocks
from handlers.choosing import is_somebody
from handlers.correcting import STRANGER, Correcting
from handlers.dispatch import Dispatch
from memory import containers, corrections, events, messages, people
from memory.database import Connection, Database
from memory.models.audience import Viewer
from memory.models.facts import LIFE, Evidence, Fact, FactStatus
from memory.models.ids import MessageId, PersonId, TeamId, container_id, conversation_id, fact_id, message_id, person_id
from memory.models.messages import Message

GONE = "I do not read that message any more: close this."
EMPTY = "Say in a few words what it is."


async def form_at(connection: Connection, team: TeamId, channel: str, ts: str) -> dict[str, Any]:
    """The form about a message, with what it suggests. Call it as whoever asks."""
    found = await _message(connection, message_id(container_id(team, decode.SLACK, channel), ts))
    if found is None:
        return blocks.form(None)
    roster = await people.roster(connection, team)
    guess = suggested(found, roster)
    owner = roster.get(guess.actor_id) if guess.actor_id else None
    return blocks.form(
        blocks.Guess(
            message_id=found.message_id,
            kind=guess.kind,
            statement=guess.statement,
            owner=owner.external_id if owner and is_somebody(owner) else "",
            due=guess.due,
        )
    )


async def problems(database: Database, said: FactTracked) -> dict[str, str]:
    """What is wrong with a form, by its fields."""
    async with database.viewing(Viewer.person(said.person_id)) as connection:
        if await _message(connection, said.message_id) is None:
            return {blocks.STATEMENT: GONE}
        roster = await people.roster(connection, said.team_id)
    owner = roster.get(person_id(said.team_id, decode.SLACK, said.owner))
    wrong = {} if owner and is_somebody(owner) else {blocks.OWNER: STRANGER}
    return wrong if said.statement.strip() else {**wrong, blocks.STATEMENT: EMPTY}


@dataclass(frozen=True)
class Tracking:
    """Takes what people want tracked. Every step may be repeated: a repeat changes nothing."""

    team: TeamId
    database: Database
    dispatch: Dispatch
    clock: Clock

    async def tracked(self, said: FactTracked) -> None:
        """Notes the fact, and tells whoever wants it tracked; or that it has become impossible meanwhile."""
        correcting = Correcting(self.team, self.database, self.dispatch, self.clock)
        async with self.database.viewing(Viewer.person(said.person_id)) as connection:
            found = await _message(connection, said.message_id)
            roster = await people.roster(connection, self.team)
        if found is None or await problems(self.database, said):
            await correcting.tell_unchanged(events.id_of(self.team, f"untracked:{said.key}"), said.person_id)
            return
        names = {key: person.name for key, person in roster.items()}
        fact = fact_of(found, said, names)
        event = events.id_of(self.team, corrections.said_as(fact.fact_id, said.key))
        async with self.database.scribing(found.container_id) as connection:
            if await corrections.known_by(connection, event) is None:
                await corrections.track(connection, self.team, fact, said.person_id, said.key, self.clock.now())
            await correcting.tell(connection, event, said.person_id, f"correction:{event}")


def fact_of(message: Message, said: FactTracked, names: dict[PersonId, str]) -> Fact:
    """The fact that somebody makes of a message: of one kind there is one that rests first on it."""
    owner = person_id(said.team_id, decode.SLACK, said.owner)
    status: FactStatus = "decided" if said.kind == "decision" else LIFE[said.kind][0]
    words = " ".join(said.statement.split())
    # A promise is worded with whom it is of: by another owner it is theirs.
    opening = next((f"{name} will " for name in names.values() if name and words.startswith(f"{name} will ")), "")
    if opening and owner in names:
        words = f"{names[owner]} will {words.removeprefix(opening)}"
    return Fact(
        fact_id=fact_id(message.container_id, said.kind, message.message_id, 0),
        container_id=message.container_id,
        conversation_id=conversation_id(message.message_id),
        kind=said.kind,
        actor_id=owner,
        statement=words,
        due=said.day if said.kind == "commitment" else None,
        status=status,
        valid_from=message.posted_at,
        engine="person",
        evidence=(Evidence(message_id=message.message_id, start=0, end=len(message.text)),),
    )


async def _message(connection: Connection, name: MessageId) -> Message | None:
    """A message of somebody's, in a place that Daybook reads."""
    found = await messages.read(connection, [name])
    if not found or found[0].kind != "human" or not found[0].text:
        return None
    place = (await containers.read(connection, [found[0].container_id])).get(found[0].container_id)
    return found[0] if place and place.read_by_daybook and place.kind != "dm" else None
