"""Facts: typed statements with the time they held and the words they rest on, each within one container."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from memory import contents, events, statements
from memory.contents import Text
from memory.database import Connection, as_json
from memory.models.audience import Viewer
from memory.models.events import Event
from memory.models.facts import Fact
from memory.models.ids import ContainerId, ContentId, ConversationId, FactId, MessageId, TeamId, content_id, derive

SQL = statements.load("facts")


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
    texts, rows, spans = [], [], []
    for fact in facts:
        statement = content_id("fact", fact.fact_id, derive(fact.statement))
        origins = tuple(sorted({wordings[each.message_id] for each in fact.evidence if each.message_id in wordings}))
        texts.append(
            Text(
                content_id=statement,
                kind="fact",
                body=fact.statement,
                container_id=fact.container_id,
                rests_on=origins,
            )
        )
        rows.append({**fact.model_dump(exclude={"evidence", "statement"}), "statement_id": statement})
        spans += [
            {
                "fact_id": fact.fact_id,
                "message_id": each.message_id,
                "container_id": fact.container_id,
                "role": each.role,
                "span_start": each.start,
                "span_end": each.end,
            }
            for each in fact.evidence
        ]
    await contents.keep(connection, team, texts)
    await connection.execute(SQL["record_facts"], {"team_id": team, "rows": as_json(rows), "now": now})
    await connection.execute(SQL["remove_evidence"], {"fact_ids": [fact.fact_id for fact in facts]})
    await connection.execute(SQL["record_evidence"], {"team_id": team, "rows": as_json(spans)})
    await connection.execute(SQL["retire_facts"], {"fact_ids": [fact.fact_id for fact in retired], "now": now})
    happened = [_recorded(team, row, spans) for row in rows] + [_retired(team, fact, now) for fact in retired]
    await events.append(connection, team, happened)


async def current_in(
    connection: Connection, container: ContainerId, since: datetime, conversations: Iterable[ConversationId]
) -> list[Fact]:
    """A container's facts that later messages may still touch: recent ones, open ones, these conversations' own."""
    given = {"container_id": container, "since": since, "conversation_ids": list(conversations)}
    rows = await (await connection.execute(SQL["find_current_in_container"], given)).fetchall()
    return await read(connection, [row["fact_id"] for row in rows])


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


def _recorded(team: TeamId, row: Mapping[str, Any], spans: Sequence[Mapping[str, Any]]) -> Event:
    own = [span for span in spans if span["fact_id"] == row["fact_id"]]
    state = as_json([dict(row), *map(dict, own)])
    return Event(
        team_id=team,
        kind="FactRecorded",
        key=f"fact:{row['fact_id']}:{derive(state)}",
        occurred_at=row["valid_to"] or row["valid_from"],
        container_id=row["container_id"],
        person_id=row["actor_id"],
        payload={
            **{name: value if value is None else str(value) for name, value in row.items()},
            "evidence": [{name: str(value) for name, value in span.items()} for span in own],
        },
    )


def _retired(team: TeamId, fact: Fact, now: datetime) -> Event:
    return Event(
        team_id=team,
        kind="FactRetired",
        key=f"retired:{fact.fact_id}:{now.isoformat()}",
        occurred_at=now,
        container_id=fact.container_id,
        payload={"fact_id": str(fact.fact_id)},
    )


def _fact(row: dict[str, Any]) -> Fact:
    return Fact.model_validate({name: row[name] for name in Fact.model_fields})
