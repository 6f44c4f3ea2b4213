"""Erasing, in batches: each is one short transaction that can be repeated, of one container's scribe or of one viewer.

Erasing words takes along all that rests on them. What was posted of it is noted by the database itself, see `redraws`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from memory import contents, conversations, events, statements
from memory.database import Connection
from memory.models.base import Model
from memory.models.events import Event
from memory.models.happenings.conclusions import ConclusionsErased
from memory.models.happenings.talk import MessageErased, ReactionsErased
from memory.models.ids import (
    AnswerId,
    BriefingId,
    ContainerId,
    ContentId,
    ConversationId,
    FactId,
    MessageId,
    PersonId,
    TeamId,
    answer_id,
    content_id,
    derive,
)

SQL = statements.load("erasure")
Reason = Literal["forgotten", "expired"]


class Standing(Model):
    """A message that has its words still."""

    message_id: MessageId
    external_ts: str
    posted_at: datetime


class Asked(Model):
    """A question put to Daybook; `standing`: its words are still there."""

    answer_id: AnswerId
    question_id: ContentId
    container_id: ContainerId
    thread_ts: str | None
    standing: bool


async def written_by(
    connection: Connection, container: ContainerId, people: Sequence[PersonId], most: int
) -> list[Standing]:
    """Messages of these people in a container."""
    rows = await _rows(connection, "find_messages_by", container_id=container, people=list(people), most=most)
    return [Standing.model_validate(row) for row in rows]


async def written_before(connection: Connection, container: ContainerId, before: datetime, most: int) -> list[Standing]:
    """A container's oldest messages, from before a time."""
    rows = await _rows(connection, "find_messages_before", container_id=container, before=before, most=most)
    return [Standing.model_validate(row) for row in rows]


async def find(connection: Connection, message: MessageId) -> tuple[Standing | None, bool]:
    """The message, and whether its words are gone already; None when no such message was ever stored."""
    rows = await _rows(connection, "find_message", message_id=message)
    if not rows:
        return None, False
    return Standing.model_validate({name: rows[0][name] for name in Standing.model_fields}), rows[0]["gone"]


async def erase(
    connection: Connection,
    team: TeamId,
    container: ContainerId,
    found: Sequence[Standing],
    reason: Reason,
    at: datetime,
) -> None:
    """Erases messages as if they had been deleted in their source; reading that again does not bring them back."""
    names = [each.message_id for each in found]
    wordings = await _rows(connection, "find_all_wordings", message_ids=names)
    asked = [content_id("question", answer_id(name)) for name in names]
    await contents.erase(connection, [*(row["content_id"] for row in wordings), *asked])
    erased = [
        Event(
            team_id=team,
            key=f"erased:{each.message_id}",
            occurred_at=at,
            container_id=container,
            told=MessageErased(**each.model_dump(), reason=reason),
        )
        for each in found
    ]
    appended = await events.append(connection, team, erased)
    await conversations.touch(connection, [MessageId(each) for each in sorted(appended.messages)])


async def erase_reactions(
    connection: Connection, team: TeamId, container: ContainerId, people: Sequence[PersonId], at: datetime
) -> None:
    rows = await _rows(connection, "find_reactors", container_id=container, people=list(people))
    gone = [
        Event(
            team_id=team,
            key=f"reactions_erased:{container}:{row['person_id']}:{at.isoformat()}",
            occurred_at=at,
            container_id=container,
            person_id=row["person_id"],
            told=ReactionsErased(),
        )
        for row in rows
    ]
    await events.append(connection, team, gone)


async def erase_corrections(connection: Connection, container: ContainerId, people: Sequence[PersonId]) -> int:
    """Erases what these people said of facts there, and the wordings that they gave them; says how many texts."""
    return await _erase_found(connection, "find_corrections_by", container_id=container, people=list(people))


async def erase_emptied(connection: Connection, team: TeamId, container: ContainerId, at: datetime, most: int) -> int:
    """Erases what was concluded from conversations of which nothing is left; says how many conversations."""
    rows = await _rows(connection, "find_emptied", container_id=container, most=most)
    if not rows:
        return 0
    gone = ConclusionsErased(
        conversation_ids=tuple(ConversationId(row["conversation_id"]) for row in rows),
        fact_ids=tuple(FactId(each) for row in rows for each in row["fact_ids"]),
    )
    told = Event(
        team_id=team,
        key=f"concluded_nothing:{derive(gone.model_dump_json(), at)}",
        occurred_at=at,
        container_id=container,
        told=gone,
    )
    await connection.execute(SQL["end_work"], {"conversation_ids": list(gone.conversation_ids)})
    await events.append(connection, team, [told])
    return len(rows)


async def erase_texts_of_container(connection: Connection, container: ContainerId, most: int) -> int:
    """Erases whatever is left of a container's words; says how many texts. Call it as its scribe."""
    return await _erase_found(connection, "find_texts_of_container", container_id=container, most=most)


async def erase_texts_for(connection: Connection, viewer: UUID, most: int) -> int:
    """Erases what was written for one viewer; says how many texts. Call it as that viewer."""
    return await _erase_found(connection, "find_texts_for", viewer_id=viewer, most=most)


async def erase_texts_calling(connection: Connection, container: ContainerId, calls: str, most: int) -> int:
    """Erases what was worked out of a container and calls somebody by name; it is worked out anew without it."""
    rows = await _rows(connection, "find_texts_calling", container_id=container, calls=calls, most=most)
    names = [row["content_id"] for row in rows]
    await connection.execute(SQL["touch_worded"], {"container_id": container, "content_ids": names})
    await contents.erase(connection, names)
    return len(rows)


async def erase_concluded_from(connection: Connection, container: ContainerId, person: PersonId, most: int) -> int:
    """Erases what was concluded from one person's messages in a container; says how many texts."""
    return await _erase_found(connection, "find_concluded_from", container_id=container, person_id=person, most=most)


async def erase_told(connection: Connection, facts: Sequence[FactId]) -> int:
    """Erases what was told of facts that are taken back, to whomever; says how many texts."""
    (row,) = await _rows(connection, "erase_told", fact_ids=list(facts))
    return int(row["gone"])


async def touch_written_by(connection: Connection, container: ContainerId, person: PersonId) -> bool:
    """Has the conversations worked out anew to which one person's messages belong; says whether there are any."""
    cursor = await connection.execute(SQL["touch_written_by"], {"container_id": container, "person_id": person})
    return cursor.rowcount > 0


async def erase_calling(connection: Connection, team: TeamId, calls: str) -> int:
    """Erases from briefings and answers written for others what calls somebody by name; says how many texts."""
    rows = await _rows(connection, "erase_calling", team_id=team, calls=calls)
    return int(rows[0]["gone"])


async def asked_by(connection: Connection, person: PersonId, viewer: UUID) -> list[Asked]:
    """What somebody asked Daybook, as far as it was to be answered for this viewer. Call it as that viewer."""
    rows = await _rows(connection, "find_questions_of", person_id=person, viewer_id=viewer)
    return [Asked.model_validate(row) for row in rows]


async def asked_for(connection: Connection, viewer: UUID) -> list[Asked]:
    """All that was asked to be answered for this viewer. Call it as that viewer."""
    return [Asked.model_validate(row) for row in await _rows(connection, "find_questions_for", viewer_id=viewer)]


async def briefings_of(connection: Connection, person: PersonId) -> list[BriefingId]:
    return [row["briefing_id"] for row in await _rows(connection, "find_briefings_of", person_id=person)]


async def count_briefings(connection: Connection, person: PersonId) -> int:
    """How many of somebody's briefings have words left. Call it as that person."""
    (row,) = await _rows(connection, "count_briefings_with_words", person_id=person)
    return int(row["briefings"])


async def count(connection: Connection, container: ContainerId, person: PersonId | None = None) -> int:
    """How many messages of a container, or of one person in it, have their words. Call it as its scribe."""
    (row,) = await _rows(connection, "count_messages_of", container_id=container, person_id=person)
    return int(row["theirs"] if person else row["messages"])


async def count_before(connection: Connection, container: ContainerId, before: datetime) -> int:
    (row,) = await _rows(connection, "count_messages_before", container_id=container, before=before)
    return int(row["messages"])


async def count_reactions(connection: Connection, container: ContainerId, person: PersonId) -> int:
    (row,) = await _rows(connection, "count_reactions_of", container_id=container, person_id=person)
    return int(row["reactions"])


async def _erase_found(connection: Connection, statement: str, **given: object) -> int:
    names = [row["content_id"] for row in await _rows(connection, statement, **given)]
    await contents.erase(connection, names)
    return len(names)


async def _rows(connection: Connection, statement: str, **given: object) -> list[dict[str, Any]]:
    return await (await connection.execute(SQL[statement], given)).fetchall()
