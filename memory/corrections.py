"""A person's word on a fact: it stands above every inference, until it is undone."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from memory import contents, conversations, erasure, events, history, messages, statements
from memory.contents import Text
from memory.database import Connection
from memory.errors import MemoryFailure
from memory.facts import UNTOLD, fact_of
from memory.models.base import Model
from memory.models.events import Event
from memory.models.facts import ENDED, GIVEN_WORD, LIFE, Fact, FactStatus
from memory.models.happenings.conclusions import CorrectionUndone, FactCorrected, FactDismissed
from memory.models.ids import ContentId, EventId, FactId, MessageId, PersonId, TeamId, content_id, derive
from memory.rewinding import before_correction

SQL = statements.load("corrections")
FORGET = "Forget this."
"""What somebody says who wants a fact forgotten."""


class NoSuchFact(MemoryFailure):
    """There is no such fact that this person may read: look for its id with `daybook facts`."""


class UnfitCorrection(MemoryFailure):
    """A fact of this kind cannot be so: the message says how it can be."""


class Correction(Model):
    """What a person says of a fact: what is set counts, and the rest stays. A due date set to None is none.

    `words` are theirs; `said_in` names the text that they stand in, which they go with. `key` names this saying, where
    it may arrive again: said again, it changes nothing.
    """

    by_id: PersonId
    words: str
    said_in: ContentId | None = None
    key: str = ""
    status: FactStatus | None = None
    due: date | None = None
    statement: str | None = None
    actor_id: PersonId | None = None


class Amended(Model):
    """A fact that is otherwise than it was, because a person said so."""

    fact_id: FactId
    by_id: PersonId | None
    """Who said so last; None when that was undone again."""
    dismissed: bool


async def correct(connection: Connection, team: TeamId, name: FactId, correction: Correction, now: datetime) -> Fact:
    """Notes how a person says it is; for the scribe of the fact's container.

    Raises:
        NoSuchFact: there is none that the person may read.
        UnfitCorrection: it is of a kind that has no such status.
    """
    before = await _standing(connection, name, correction.by_id)
    fact = corrected(fact_of(before), correction, now)
    words = await _keep_words(connection, team, fact, correction)
    statement = before["statement_id"]
    if correction.statement is not None:
        said = content_id("corrected", name, derive(fact.statement, words))
        text = Text(
            content_id=said, kind="fact", body=fact.statement, container_id=fact.container_id, rests_on=(words,)
        )
        await contents.keep(connection, team, [text])
        statement = said
    told = FactCorrected(
        **fact.model_dump(exclude=UNTOLD),
        statement_id=statement,
        recorded_at=now,
        by_id=correction.by_id,
        words_id=words,
    )
    key = said_as(name, correction.key) if correction.key else ""
    await events.append(connection, team, [_event(team, "corrected", fact, before, told, correction.by_id, now, key)])
    return fact


async def dismiss(connection: Connection, team: TeamId, name: FactId, correction: Correction, now: datetime) -> None:
    """Notes that a person says it is no fact: it goes, and is not inferred again.

    Raises:
        NoSuchFact: there is none that the person may read.
    """
    before = await _standing(connection, name, correction.by_id)
    fact = fact_of(before)
    words = await _keep_words(connection, team, fact, correction)
    told = FactDismissed(fact_id=name, by_id=correction.by_id, words_id=words, retired_at=now)
    key = said_as(name, correction.key) if correction.key else ""
    await events.append(connection, team, [_event(team, "dismissed", fact, before, told, correction.by_id, now, key)])


async def confirm(connection: Connection, team: TeamId, name: FactId, correction: Correction, now: datetime) -> None:
    """Notes that whoever promised it says so: from then on it is sure, and what is said later may still end it.

    Raises:
        NoSuchFact: there is no such promise of theirs.
    """
    before = await _standing(connection, name, correction.by_id)
    fact = fact_of(before)
    if fact.kind != "commitment" or fact.actor_id != correction.by_id:
        raise NoSuchFact("That is not your promise: only whoever made it can confirm it.")
    words = await _keep_words(connection, team, fact, correction)
    told = FactCorrected(
        **fact.model_copy(update={"log_odds": GIVEN_WORD}).model_dump(exclude=UNTOLD),
        statement_id=before["statement_id"],
        recorded_at=now,
        by_id=correction.by_id,
        words_id=words,
    )
    key = said_as(name, correction.key) if correction.key else ""
    await events.append(connection, team, [_event(team, "confirmed", fact, before, told, correction.by_id, now, key)])


async def promised_by(connection: Connection, person: PersonId, among: Iterable[FactId]) -> dict[FactId, bool]:
    """Those among these facts that are open promises of a person's, each with whether it is confirmed."""
    given = {"fact_ids": list(among), "person_id": person, "sure": GIVEN_WORD}
    rows = await (await connection.execute(SQL["find_promised_by"], given)).fetchall()
    return {row["fact_id"]: row["confirmed"] for row in rows}


async def track(connection: Connection, team: TeamId, fact: Fact, by: PersonId, key: str, now: datetime) -> None:
    """Notes a fact that a person made of a message; for the scribe of its container, which they may read.

    One of its kind that rests on the same message already is as they say from here on.
    """
    words = await _keep_words(connection, team, fact, Correction(by_id=by, words=fact.statement))
    statement = content_id("fact", fact.fact_id, derive(fact.statement))
    text = Text(
        content_id=statement, kind="fact", body=fact.statement, container_id=fact.container_id, rests_on=(words,)
    )
    await contents.keep(connection, team, [text])
    told = FactCorrected(
        **fact.model_dump(exclude=UNTOLD | {"log_odds", "engine", "engine_version"}),
        log_odds=GIVEN_WORD,
        engine="person",
        engine_version="",
        statement_id=statement,
        recorded_at=now,
        by_id=by,
        words_id=words,
    )
    happened = Event(
        team_id=team,
        key=said_as(fact.fact_id, key),
        occurred_at=now,
        container_id=fact.container_id,
        person_id=by,
        told=told,
    )
    await events.append(connection, team, [happened])


def said_as(name: FactId, key: str) -> str:
    """The key of the event by which a saying of this key corrects a fact."""
    return f"said:{name}:{key}"


async def known_by(connection: Connection, event: EventId) -> FactId | None:
    """The fact that an event corrected, if the viewer may read it."""
    row = await (await connection.execute(SQL["find_corrected"], {"event_id": event})).fetchone()
    return row["fact_id"] if row else None


async def resting_on(connection: Connection, messages: Iterable[MessageId]) -> list[FactId]:
    """The facts that rest on these messages, among others, as far as the viewer may read them; oldest first."""
    rows = await (await connection.execute(SQL["find_resting"], {"message_ids": list(messages)})).fetchall()
    return [row["fact_id"] for row in rows]


async def since(connection: Connection, facts: Iterable[FactId], time: datetime) -> list[Amended]:
    """Those of the facts that a person's word changed after this time, as far as the viewer may read them."""
    given = {"fact_ids": list(facts), "time": time}
    rows = await (await connection.execute(SQL["find_amended"], given)).fetchall()
    return [Amended.model_validate(row) for row in rows]


async def forget(connection: Connection, team: TeamId, name: FactId, by: PersonId, now: datetime) -> None:
    """Takes a fact back because a person wants it forgotten: as dismissed, and all goes that was told of it to anybody.

    What it said stays with its place, seen by the work there alone, so that it is not concluded again.

    Raises:
        NoSuchFact: there is none that the person may read, or it is not about them.
    """
    before = await _standing(connection, name, by)
    if by not in {before["actor_id"], before["counterparty_id"]}:
        raise NoSuchFact("That is not about you: only what names you is yours to have forgotten.")
    await erasure.erase_told(connection, [name])
    await dismiss(connection, team, name, Correction(by_id=by, words=FORGET), now)


async def undo(connection: Connection, team: TeamId, name: FactId, by: PersonId, now: datetime) -> Fact:
    """Takes back the last correction of a fact: it stands as before, and its conversation is worked out anew.

    Raises:
        NoSuchFact: there is none that the person may read, or nobody corrected it.
    """
    before = await _standing(connection, name, by, dismissed=True)
    told = (await history.of(connection, [before["container_id"]], [name])).get(name)
    earlier = before_correction(told.versions) if told else None
    if earlier is None:
        raise NoSuchFact("Nobody corrected this fact: there is nothing to undo.")
    fact = earlier.fact
    undone = CorrectionUndone(
        **fact.model_dump(exclude=UNTOLD),
        statement_id=earlier.statement_id,
        recorded_at=now,
        by_id=by,
    )
    await events.append(connection, team, [_event(team, "undone", fact, before, undone, by, now)])
    await conversations.touch(connection, [span.message_id for span in fact.evidence])
    return fact


async def _standing(
    connection: Connection, name: FactId, by: PersonId, *, dismissed: bool = False
) -> Mapping[str, Any]:
    given = {"fact_id": name, "by_id": by}
    row = await (await connection.execute(SQL["read_standing"], given)).fetchone()
    gone = row and row["retired_at"] and not (dismissed and row["engine"] == "person")
    if row is None or gone or not row["evidence"]:
        raise NoSuchFact("There is no such fact that you may read: look for its id with `daybook facts`.")
    return row


def corrected(fact: Fact, said: Correction, now: datetime) -> Fact:
    """The fact as it is by that word; what becomes somebody's own is owed to nobody that is known.

    Raises:
        UnfitCorrection: it is of a kind that has no such status.
    """
    status = said.status or fact.status
    if status not in LIFE[fact.kind]:
        ways = ", ".join(LIFE[fact.kind])
        raise UnfitCorrection(f"A {fact.kind} cannot be {status}: it can be {ways}.")
    ended = fact.valid_to if status == fact.status else now
    actor = said.actor_id or fact.actor_id
    return fact.model_copy(
        update={
            "status": status,
            "valid_to": ended if status in ENDED else None,
            "due": said.due if "due" in said.model_fields_set else fact.due,
            "statement": fact.statement if said.statement is None else said.statement,
            "actor_id": actor,
            "counterparty_id": fact.counterparty_id if fact.counterparty_id != actor else None,
            "log_odds": GIVEN_WORD,
            "engine": "person",
            "engine_version": "",
        }
    )


async def _keep_words(connection: Connection, team: TeamId, fact: Fact, said: Correction) -> ContentId:
    """Their words speak of what the fact's messages say, and go with those too."""
    name = content_id("correction", fact.fact_id, derive(said.by_id, said.words, said.said_in))
    rested = await messages.read(connection, {span.message_id for span in fact.evidence})
    origins = {messages.text_of(message) for message in rested} | ({said.said_in} if said.said_in else set())
    kept = Text(
        content_id=name,
        kind="correction",
        body=said.words,
        container_id=fact.container_id,
        rests_on=tuple(sorted(origins)),
    )
    await contents.keep(connection, team, [kept])
    return name


def _event(
    team: TeamId,
    what: str,
    fact: Fact,
    before: Mapping[str, Any],
    told: FactCorrected | CorrectionUndone | FactDismissed,
    by: PersonId,
    now: datetime,
    key: str = "",
) -> Event:
    state = derive(told.model_dump_json(exclude={"recorded_at", "retired_at"}))
    return Event(
        team_id=team,
        key=key or f"{what}:{fact.fact_id}:{before['event_id']}:{state}",
        occurred_at=now,
        container_id=fact.container_id,
        person_id=by,
        told=told,
    )
