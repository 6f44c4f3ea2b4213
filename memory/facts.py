"""Facts: typed statements with the time they held and the words they rest on, each within one container."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, cast

from memory import contents, events, links, statements
from memory.contents import Text
from memory.database import Connection
from memory.folding import folded
from memory.models.audience import Viewer
from memory.models.events import CAME_TO_STAND, KINDS, Event
from memory.models.facts import GIVEN_WORD, Fact, FactKind, Resting
from memory.models.happenings.conclusions import FactChanged, FactConfirmed, FactRetired, FactTold
from memory.models.ids import (
    ContainerId,
    ContentId,
    ConversationId,
    EventId,
    FactId,
    MessageId,
    PersonId,
    TeamId,
    content_id,
    derive,
)

SQL = statements.load("facts")
UNTOLD = {"statement", "container_id", "dismissed", "disputed"}
"""What of a fact its event does not tell: its words, what stands beside it, and how it looks to somebody."""
_CAME_TO_STAND = {standing: cast(type[FactTold], KINDS[name]) for standing, name in CAME_TO_STAND.items()}


async def record(
    connection: Connection,
    team: TeamId,
    facts: Sequence[Fact],
    wordings: Mapping[MessageId, ContentId],
    now: datetime,
    retired: Sequence[Fact] = (),
) -> None:
    """Records facts as they are inferred now. `wordings` names the text of each message that they rest on.

    `retired` are those that their conversation no longer bears out: they are taken back. What a person corrected or
    dismissed stays as they said, whatever is inferred.
    """
    names = [fact.fact_id for fact in (*facts, *retired)]
    rows = await (await connection.execute(SQL["read_standing"], {"fact_ids": names})).fetchall()
    standing = {row["fact_id"]: row for row in rows}
    facts = [bound for fact in facts if (bound := _bound(fact, standing.get(fact.fact_id))) is not None]
    retired = [fact for fact in retired if (row := standing.get(fact.fact_id)) and not _given_word(row)]
    texts = [_statement(fact, wordings) for fact in facts]
    await contents.keep(connection, team, texts)
    happened = [
        _told(team, fact, text.content_id, standing.get(fact.fact_id), now)
        for fact, text in zip(facts, texts, strict=True)
    ]
    happened += [_retired(team, fact, standing[fact.fact_id], now) for fact in retired]
    await events.append(connection, team, happened)


async def current_in(
    connection: Connection, container: ContainerId, since: datetime, conversations: Iterable[ConversationId]
) -> list[Fact]:
    """A container's facts that later messages may still touch: recent ones, open ones, these conversations' own.

    As they are by that container alone; with those that a person dismissed, so that they are known when they are
    inferred again.
    """
    given = {"container_id": container, "since": since, "conversation_ids": list(conversations)}
    rows = await (await connection.execute(SQL["find_current_in_container"], given)).fetchall()
    return await unfolded(connection, [row["fact_id"] for row in rows])


async def all_in(connection: Connection, container: ContainerId) -> list[Fact]:
    """Every fact of a container that is not retired."""
    return await current_in(connection, container, datetime.min.replace(tzinfo=UTC), ())


async def current_for(
    connection: Connection,
    viewer: Viewer,
    since: datetime,
    until: datetime,
    most: int,
    *,
    kinds: Collection[FactKind] = (),
    people: Collection[PersonId] = (),
    place: ContainerId | None = None,
    due: tuple[date | None, date | None] | None = None,
) -> list[FactId]:
    """Facts that moved in this time or are still open, and that the viewer may read; latest first.

    Of these `kinds` alone, of one of these `people` or for one of them, in this `place`; where none is named, of any.
    `due`: only what is due from the first of these days on and before the second, the one due first first.
    """
    given = {
        "kinds": list(kinds) or None,
        "people": list(people) or None,
        "place": place,
        "is_due": due is not None,
        "due_since": due[0] if due else None,
        "due_before": due[1] if due else None,
        "viewer_kind": viewer.kind,
        "viewer_id": viewer.viewer_id,
        "since": since,
        "until": until,
        "most": most,
    }
    rows = await (await connection.execute(SQL["find_current_for_viewer"], given)).fetchall()
    return [row["fact_id"] for row in rows]


async def naming(connection: Connection, person: PersonId, most: int) -> list[Fact]:
    """What is known of a person in what they may read: what they did or owe, and are owed; open promises first.

    Call it as that person.
    """
    rows = await (await connection.execute(SQL["find_naming"], {"person_id": person, "most": most})).fetchall()
    order = {row["fact_id"]: place for place, row in enumerate(rows)}
    return sorted(await read(connection, order), key=lambda fact: order[fact.fact_id])


async def borne_out_by(
    connection: Connection, container: ContainerId, person: PersonId, most: int
) -> dict[FactId, EventId]:
    """Facts of a container that one person's messages bear out, each with the event by which it stands so."""
    given = {"container_id": container, "person_id": person, "most": most}
    rows = await (await connection.execute(SQL["find_borne_out_by"], given)).fetchall()
    return {row["fact_id"]: row["event_id"] for row in rows}


async def take_back(
    connection: Connection, team: TeamId, container: ContainerId, known: Mapping[FactId, EventId], now: datetime
) -> None:
    """Retires facts of a container, which it names with the event by which each stands. Call it as its scribe.

    What others bear out too is found again when their words are worked out anew.
    """
    gone = [
        Event(
            team_id=team,
            key=f"retired:{name}:{stands}",
            occurred_at=now,
            container_id=container,
            told=FactRetired(fact_id=name, retired_at=now),
        )
        for name, stands in known.items()
    ]
    await events.append(connection, team, gone)


async def resting_on(connection: Connection, message_ids: Iterable[MessageId]) -> dict[MessageId, list[Resting]]:
    """The facts that rest on each of these messages, as far as the viewer may read them, as their place has it."""
    given = {"message_ids": list(message_ids)}
    found: dict[MessageId, list[Resting]] = {}
    for row in await (await connection.execute(SQL["find_resting_on"], given)).fetchall():
        found.setdefault(row["message_id"], []).append(Resting.model_validate(row))
    return found


async def read(connection: Connection, fact_ids: Iterable[FactId]) -> list[Fact]:
    """Those among them that the viewer may read and whose words and evidence still stand, oldest first.

    As they stand for that viewer: with what the links say that have both ends in what they may read.
    """
    found = [fact for fact in await unfolded(connection, fact_ids) if not fact.dismissed]
    linked = await links.standing(connection, [fact.fact_id for fact in found])
    return [folded(fact, linked.get(fact.fact_id, ())) for fact in found]


async def unfolded(connection: Connection, fact_ids: Iterable[FactId]) -> list[Fact]:
    """The same, as each container alone tells it; with those that a person dismissed."""
    rows = await (await connection.execute(SQL["read_facts"], {"fact_ids": list(fact_ids)})).fetchall()
    return [Fact.model_validate(row) for row in rows if row["evidence"]]


def fact_of(row: Mapping[str, Any]) -> Fact:
    """A fact as a row tells it."""
    return Fact.model_validate({name: row[name] for name in Fact.model_fields if name in row})


def _bound(fact: Fact, before: Mapping[str, Any] | None) -> Fact | None:
    """What an inference may change: of what a person corrected only the evidence and the words, when those are gone.

    What a person confirmed stays sure; all else of it may change.
    """
    if before is None or before["engine"] != "person":
        return fact.model_copy(update={"log_odds": before["log_odds"]}) if before and _given_word(before) else fact
    if before["retired_at"] or before["worded"]:
        return None
    said = ("status", "due", "actor_id", "valid_to", "log_odds", "engine", "engine_version")
    return fact.model_copy(update={name: before[name] for name in said})


def _given_word(row: Mapping[str, Any]) -> bool:
    """Whether a fact stands so, or is confirmed, by a person's word."""
    return bool(row["engine"] == "person" or (row["log_odds"] >= GIVEN_WORD and row["retired_at"] is None))


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
    told = _kind(fact, statement, before)(**fact.model_dump(exclude=UNTOLD), statement_id=statement, recorded_at=now)
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
    """What happened: it came to stand so, it reads differently, or it is better borne out."""
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
