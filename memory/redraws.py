"""What was posted and is so no more is to be written anew, once for what changed together.

Words that are gone, and facts that a person corrected: the database notes it in the moment in which a text goes or a
fact changes, whyever that is: nobody who erases or corrects can leave it out.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from memory import outbox, statements
from memory.database import Connection
from memory.models.base import Model
from memory.models.ids import AnswerId, OutboxId, TeamId, derive

SQL = statements.load("redraws")


class Outdated(Model):
    """An answer that told of a fact which a person corrected; `cause_id` is the event of that."""

    answer_id: AnswerId
    cause_id: UUID
    viewer_kind: Literal["person", "channel"]
    viewer_id: UUID

    @property
    def viewer(self) -> str:
        """For whom it was written, as jobs name that."""
        return f"{self.viewer_kind}:{self.viewer_id}"


async def intend(connection: Connection, team: TeamId, at: datetime) -> list[OutboxId]:
    """Intends an update of each post that shows what is gone or corrected; returns those intents, to be sent.

    What is being made at this moment and not posted yet stays noted, to be looked at again.
    """
    rows = await (await connection.execute(SQL["find_redraws"], {"team_id": team})).fetchall()
    intended = [
        await outbox.intend(
            connection,
            team,
            f"{row['surface']}:{row['subject_id']}:erased:{derive(*row['causes'])}",
            row["surface"],
            row["subject_id"],
            at=at,
            operation="update",
            person=row["person_id"],
            channel=row["channel"],
            thread_ts=row["thread_ts"],
        )
        for row in rows
    ]
    await connection.execute(SQL["end_redraws"], {"causes": [each for row in rows for each in row["causes"]]})
    await connection.execute(SQL["end_stale_redraws"], {"team_id": team})
    return [each for each in intended if each is not None]


async def take_outdated(connection: Connection, team: TeamId) -> list[Outdated]:
    """Takes the answers that have to be made anew: they are noted no more, so have it done in this transaction."""
    rows = await (await connection.execute(SQL["take_outdated"], {"team_id": team})).fetchall()
    return [Outdated.model_validate(row) for row in rows]
