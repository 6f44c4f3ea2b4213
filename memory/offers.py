"""What an answer in a channel had to leave out, offered to its asker in private: by ids, counted anew when shown."""

from collections.abc import Sequence
from datetime import datetime

from memory import events, statements
from memory.database import Connection
from memory.models.base import Model
from memory.models.events import Event
from memory.models.happenings.telling import PrivatelyOffered
from memory.models.ids import AnswerId, ContainerId, MessageId, OfferId, PersonId, TeamId, offer_id

SQL = statements.load("offers")


class Offer(Model):
    """`asked_in` is the channel by whose rights the answer was written."""

    offer_id: OfferId
    answer_id: AnswerId
    person_id: PersonId
    asked_in: ContainerId
    message_ids: tuple[MessageId, ...]
    at: datetime


async def make(
    connection: Connection,
    team: TeamId,
    answer: AnswerId,
    person: PersonId,
    asked_in: ContainerId,
    messages: Sequence[MessageId],
    at: datetime,
) -> OfferId:
    """Notes what is offered to a person beside an answer; of one answer that is said once. Call it as that person."""
    name = offer_id(answer)
    told = PrivatelyOffered(offer_id=name, answer_id=answer, message_ids=tuple(messages))
    happened = Event(
        team_id=team, key=f"offered:{name}", occurred_at=at, container_id=asked_in, person_id=person, told=told
    )
    await events.append(connection, team, [happened])
    return name


async def read(connection: Connection, offer: OfferId) -> Offer | None:
    """An offer of the viewer's."""
    row = await (await connection.execute(SQL["read_offer"], {"offer_id": offer})).fetchone()
    return Offer.model_validate(row) if row else None


async def count(connection: Connection, offer: OfferId, person: PersonId) -> int:
    """How much of it this person may read at this moment and the channel may not. Call it as that person."""
    given = {"offer_id": offer, "person_id": person}
    row = await (await connection.execute(SQL["count_offered"], given)).fetchone()
    return int(row["many"]) if row else 0
