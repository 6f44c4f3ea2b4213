"""Facts: typed statements with the time they held and the words they rest on, each within one container."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from memory import contents, events, statements
from memory.contents import Text
from memory.database import Connection
from memory.models.audience import Viewer
from memory.models.events import CAME_TO_STAND, KINDS, Event
from memory.models.facts import Fact
from memory.models.happenings import FactChanged, FactConfirmed, FactCorrected, FactRetired, FactTold
from memory.models.ids import ContainerId, ContentId, ConversationId, FactId, MessageId, TeamId, content_id, derive

SQL = statements.load("facts")
_CAME_TO_STAND = {standing: cast(type[FactTold], KINDS[name]) for standing, name in CAME_TO_STAND.items()}


async def record(
    connection: Connection,
    team: TeamId,
    facts: Sequence[Fact],
    wordings: Mapping[MessageId, ContentId],
    now: datetime,
    retired: Sequence[Fact] = (),
) -> None:
    """Records facts as they stand now. `wordings` names the text of each message that they rest on.

    `retired` are those that their conversation no longer bears out: they are taken back.
    """
    texts = [_statement(fact, wordings) for fact in facts]
    await contents.keep(connection, team, texts)
    names = [fact.fact_id for fact in (*facts, *retired)]
    rows = await (await connection.execute(SQL["read_standing"], {"fact_ids": names})).fetchall()
    standing = {row["fact_id"]: row for row in rows}
    happened = [
        _told(team, fact, text.content_id, standing.get(fact.fact_id), now)
        for fact, text in zip(facts, texts, strict=True)
    ]
    happened += [_retired(team, fact, standing[fact.fact_id], now) for fact in retired if fact.fact_id in standing]
    await events.append(connection, team, happened)


async def current_in(
    connection: Connection, container: ContainerId, since: datetime, conversations: Iterable[ConversationId]
) -> list[Fact]:
    """A container's facts that later messages may still touch: recent ones, open ones, these conversations' own."""
    given = {"container_id": container, "since": since, "conversation_ids": list(conversations)}
    rows = await (await connection.execute(SQL["find_current_in_container"], given)).fetchall()
    return await read(connection, [row["fact_id"] for row in rows])


async def all_in(connection: Connection, container: ContainerId) -> list[Fact]:
    """Every fact of a container that is not retired."""
    return await current_in(connection, container, datetime.min.replace(tzinfo=UTC), ())


async def current_for(
    connection: Connection, viewer: Viewer, since: datetime, until: datetime, most: int
) -> list[FactId]:
    """Facts that moved in this time or are still open, and that the viewer may read; latest first."""
    given = {
        "viewer_kind": viewer.kind,
        "viewer_id": viewer.viewer_id,
        "since": since,
        "until": until,
        "most": most,
    }
    rows = await (await connection.execute(SQL["find_current_for_viewer"], given)).fetchall()
    return [row["fact_id"] for row in rows]


async def read(connection: Connection, fact_ids: Iterable[FactId]) -> list[Fact]:
    """Those among them that the viewer may read and whose words and evidence still stand, oldest first."""
    rows = await (await connection.execute(SQL["read_facts"], {"fact_ids": list(fact_ids)})).fetchall()
    return [_fact(row) for row in rows if row["evidence"]]


def _statement(fact: Fact, wordings: Mapping[MessageId, ContentId]) -> Text:
    origins = {wordings[each.message_id] for each in fact.evidence if each.message_id in wordings}
    return Text(
        content_id=content_id("fact", fact.fact_id, derive(fact.statement)),
        kind="fact",
        body=fact.statement,
        container_id=fact.container_id,
        rests_on=tuple(sorted(origins)),
    )


def _told(team: TeamId, fact: Fact, statement: ContentId, before: Mapping[str, Any] | None, now: datetime) -> Event:
    told = _kind(fact, statement, before)(
        **fact.model_dump(exclude={"statement", "container_id"}), statement_id=statement, recorded_at=now
    )
    # The same state may come back: what it followed on makes it an event of its own.
    followed = before["event_id"] if before else None
    state = derive(told.model_dump_json(exclude={"recorded_at"}))
    return Event(
        team_id=team,
        key=f"fact:{fact.fact_id}:{followed}:{state}",
        occurred_at=fact.valid_to or fact.valid_from,
        container_id=fact.container_id,
        person_id=fact.actor_id,
        told=told,
    )


def _kind(fact: Fact, statement: ContentId, before: Mapping[str, Any] | None) -> type[FactTold]:
    """What happened: it came to stand so, a person corrected it, it reads differently, or it is better borne out."""
    if fact.engine == "person":
        return FactCorrected
    if before is None or before["retired_at"] or before["status"] != fact.status:
        return _CAME_TO_STAND[fact.kind, fact.status]
    read = (fact.due, fact.actor_id, fact.counterparty_id, fact.conversation_id, statement)
    names = ("due", "actor_id", "counterparty_id", "conversation_id", "statement_id")
    return FactConfirmed if read == tuple(before[name] for name in names) else FactChanged


def _retired(team: TeamId, fact: Fact, before: Mapping[str, Any], now: datetime) -> Event:
    return Event(
        team_id=team,
        key=f"retired:{fact.fact_id}:{before['event_id']}",
        occurred_at=now,
        container_id=fact.container_id,
        person_id=fact.actor_id,
        told=FactRetired(fact_id=fact.fact_id, retired_at=now),
    )


def _fact(row: dict[str, Any]) -> Fact:
    return Fact.model_validate({name: row[name] for name in Fact.model_fields})
