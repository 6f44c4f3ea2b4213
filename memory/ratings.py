"""Ratings: whether an answer helped who read it. Each reader has one for each answer, and can take it back."""

from datetime import datetime
from typing import Literal

from memory import events, statements
from memory.database import Connection
from memory.models.base import Model
from memory.models.events import Event
from memory.models.happenings.telling import AnswerRated, RatingUndone
from memory.models.ids import AnswerId, PersonId, TeamId

SQL = statements.load("ratings")
Verdict = Literal["up", "down"]


class Rating(Model):
    """What a reader said of an answer, when, and since when it is taken back."""

    verdict: Verdict
    at: datetime
    undone_at: datetime | None = None

    def is_undone_by(self, verdict: Verdict, at: datetime) -> bool:
        """Whether a press at that moment takes this back: it is the same button, pressed again."""
        return self.verdict == verdict and self.at < at and self.undone_at in {None, at}


async def of(connection: Connection, answer: AnswerId, person: PersonId) -> Rating | None:
    """What a person said of an answer. Call it as that person."""
    given = {"answer_id": answer, "person_id": person}
    row = await (await connection.execute(SQL["find_rating"], given)).fetchone()
    return Rating.model_validate(row) if row else None


async def rate(
    connection: Connection, team: TeamId, answer: AnswerId, person: PersonId, verdict: Verdict | None, at: datetime
) -> bool:
    """Notes what a person says of an answer, or that they take it back (None); says whether that changes anything.

    What arrives late changes nothing that was said since. Call it as that person.
    """
    before = await of(connection, answer, person)
    if before and at <= max(before.at, before.undone_at or before.at):
        return False
    standing = before.verdict if before and before.undone_at is None else None
    if standing == verdict:
        return False
    told = AnswerRated(answer_id=answer, verdict=verdict) if verdict else RatingUndone(answer_id=answer)
    happened = Event(
        team_id=team,
        key=f"{type(told).__name__}:{answer}:{person}:{at.isoformat()}",
        occurred_at=at,
        person_id=person,
        told=told,
    )
    return bool((await events.append(connection, team, [happened])).fresh)
