"""What was posted of words that are gone by now is to be written anew, once for what went together.

The database notes it in the moment in which a text goes, whyever that is: nobody who erases can leave it out.
"""

from datetime import datetime

from memory import outbox, statements
from memory.database import Connection
from memory.models.ids import OutboxId, TeamId, derive

SQL = statements.load("redraws")


async def intend(connection: Connection, team: TeamId, at: datetime) -> list[OutboxId]:
    """Intends an update of each post that shows what is gone; returns those intents, which are to be sent.

    What is being made at this moment and not posted yet stays noted, to be looked at again.
    """
    rows = await (await connection.execute(SQL["find_redraws"], {"team_id": team})).fetchall()
    intended = [
        await outbox.intend(
            connection,
            team,
            f"{row['surface']}:{row['subject_id']}:erased:{derive(*row['erased'])}",
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
    await connection.execute(SQL["end_redraws"], {"erased": [each for row in rows for each in row["erased"]]})
    await connection.execute(SQL["end_stale_redraws"], {"team_id": team})
    return [each for each in intended if each is not None]
