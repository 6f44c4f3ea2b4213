"""A person's word on a fact: where it is to be told anew, and that what is inferred afterwards does not undo it."""

from datetime import timedelta
from uuid import UUID, uuid5

import psycopg
import pytest

from handlers import correcting
from memory import corrections, events, outbox, redraws
from memory.corrections import Correction
from memory.database import Database
from memory.models.audience import Viewer
from memory.models.facts import GIVEN_WORD
from memory.models.ids import FactId
from tests.conftest import TestDatabase
from tests.integration.chat import TEAM, at, bury, rows, where, who
from tests.integration.test_history import NAME, PROMISE, correct, place, promise, read, record

__all__ = ["place"]  # a fixture
SPACE = UUID(int=0)
LATER = 3000
"""Minutes, when it is corrected."""


@pytest.fixture
async def told(place: Database, database: TestDatabase) -> Database:
    """The fact was told in Ana's briefing of the day, in one of six weeks ago, and in answers of either age."""
    await record(place, 1, promise())
    with psycopg.connect(database.admin_dsn, autocommit=True) as owner:
        for name, days_ago in (("new", 0), ("old", 42)):
            when = at(LATER) - timedelta(days=days_ago, minutes=10)
            key, answer = uuid5(SPACE, name), uuid5(SPACE, f"answer {name}")
            owner.execute(
                "insert into briefings (briefing_id, team_id, person_id, local_date, due_at, composed_at)"
                " values (%s, %s, %s, %s, %s, %s)",
                (key, TEAM, who("ANA"), when.date(), when, when),
            )
            owner.execute(
                "insert into items (item_id, team_id, briefing_id, person_id, ordinal, section, anchor_id, fact_ids,"
                " message_ids, tag, fingerprint) values (%s, %s, %s, %s, 0, 'promises', %s, %s, %s, 'new', '')",
                (uuid5(key, "item"), TEAM, key, who("ANA"), NAME, [NAME], [PROMISE.message_id]),
            )
            text = owner.execute("select statement_id from facts where fact_id = %s", (NAME,)).fetchone()
            assert text is not None
            owner.execute(
                "insert into answers (answer_id, team_id, question_message_id, asker_id, container_id, viewer_kind,"
                " viewer_id, text_id, message_ids, asked_at) values (%s, %s, %s, %s, %s, 'person', %s, %s, %s, %s)",
                (answer, TEAM, answer, who("ANA"), where("OPEN"), who("ANA"), text[0], [PROMISE.message_id], when),
            )
            for surface, subject in (("briefing", key), ("answer", answer)):
                owner.execute(
                    "insert into outbox (outbox_id, team_id, key, surface, subject_id, operation, person_id, state,"
                    " intended_at) values (%s, %s, %s, %s, %s, 'post', %s, 'sent', %s)",
                    (uuid5(subject, "post"), TEAM, str(subject), surface, subject, who("ANA"), when),
                )
    return place


async def noted(house: Database) -> tuple[list[UUID], list[UUID]]:
    """The briefings that are to be written anew, and the answers that are to be made anew; both only once."""
    async with house.house() as connection:
        intended = await redraws.intend(connection, TEAM, at(LATER))
        outdated = await redraws.take_outdated(connection, TEAM)
        given = {"ids": intended}
        found = await rows(connection, "select subject_id from outbox where outbox_id = any (%(ids)s)", **given)
    assert all(each.viewer == f"person:{who('ANA')}" for each in outdated)
    return [row["subject_id"] for row in found], [each.answer_id for each in outdated]


NEW = [uuid5(SPACE, "new")], [uuid5(SPACE, "answer new")]
NOTHING: tuple[list[UUID], list[UUID]] = ([], [])


async def test_what_was_told_of_a_corrected_fact_is_told_anew_once(told: Database) -> None:
    """The briefing and the answer of this month, for a correction, for another one, and when that is undone."""
    assert await noted(told) == NOTHING
    await correct(told, LATER, actor_id=who("BOB"))
    assert await noted(told) == NEW
    assert await noted(told) == NOTHING
    async with told.scribing(where("OPEN")) as connection:
        await corrections.undo(connection, TEAM, NAME, who("ANA"), at(LATER + 1))
    assert await noted(told) == NEW


async def test_what_is_no_fact_is_taken_back_where_it_was_told(told: Database) -> None:
    """Dismissed, and dismissed no more."""
    async with told.scribing(where("OPEN")) as connection:
        said = Correction(by_id=who("BOB"), words="no")
        await corrections.dismiss(connection, TEAM, NAME, said, at(LATER))
    assert await noted(told) == NEW


async def test_what_is_only_inferred_rewrites_nothing_that_was_told(told: Database) -> None:
    """A morning's page stays that morning's; so does one whose correction is borne out by more words."""
    await record(told, 2, promise("done", valid_to=at(2)))
    assert await noted(told) == NOTHING
    await correct(told, LATER, status="dropped")
    assert await noted(told) == NEW
    await record(told, LATER + 1, promise("open"))
    assert await noted(told) == NOTHING


async def test_a_later_extraction_does_not_undo_a_correction(told: Database) -> None:
    """The same fact inferred again, otherwise inferred, or inferred no more: it stays as the person said."""
    await correct(told, LATER, actor_id=who("BOB"), due=None)
    for number, again in enumerate((promise(), promise("done", valid_to=at(9)), promise(log_odds=3.0))):
        await record(told, LATER + number, again)
    await record(told, LATER + 9, retired=[promise()])
    (fact,) = await read(told)
    assert (fact.actor_id, fact.due, fact.status) == (who("BOB"), None, "open")
    assert (fact.engine, fact.log_odds) == ("person", GIVEN_WORD)


async def changed_since(house: Database, minutes: float, by: str = "ANA") -> list[tuple[FactId, bool, bool]]:
    async with house.viewing(Viewer.person(who(by))) as connection:
        found = await corrections.since(connection, [NAME], at(minutes))
        return [(each.fact_id, each.dismissed, each.by_id is not None) for each in found]


async def test_what_is_otherwise_than_at_a_time(told: Database) -> None:
    """Only what a person changed after it, and not when that was undone again."""
    assert await changed_since(told, 60) == []
    await correct(told, LATER, status="done")
    assert await changed_since(told, 60) == [(NAME, False, True)]
    assert await changed_since(told, LATER + 1) == []
    async with told.scribing(where("OPEN")) as connection:
        await corrections.undo(connection, TEAM, NAME, who("ANA"), at(LATER + 5))
    assert await changed_since(told, 60) == []
    assert await changed_since(told, LATER + 1) == [(NAME, False, False)]


async def test_a_saying_that_arrives_again_changes_nothing(told: Database) -> None:
    """By its key: also when somebody said something else meanwhile."""
    await correct(told, LATER, status="done", key="one")
    await correct(told, LATER + 1, status="dropped", key="two")
    await correct(told, LATER + 2, status="done", key="one")
    (fact,) = await read(told)
    assert fact.status == "dropped"


async def test_what_one_was_told_of_a_correction_goes_with_its_words(told: Database) -> None:
    """Once the message is deleted, the reply that quoted the fact is written anew, and nothing of it can be read."""
    event = events.id_of(TEAM, corrections.said_as(NAME, "one"))
    await correct(told, LATER, status="done", key="one")
    async with told.house() as connection:
        await outbox.intend(
            connection, TEAM, "reply", "correction", event, at=at(LATER), person=who("ANA"), channel="D1"
        )
    async with told.viewing(Viewer.person(who("ANA"))) as connection:
        shown = await correcting.reply(connection, TEAM, who("ANA"), event, at(LATER))
    assert shown is not None
    assert "pelican" in shown[0]
    async with told.viewing(Viewer.person(who("CYN"))) as connection:  # whom nobody knows
        assert await correcting.reply(connection, TEAM, who("CYN"), event, at(LATER)) is None
    await bury(told, PROMISE, LATER)
    assert event in (await noted(told))[0]
    async with told.viewing(Viewer.person(who("ANA"))) as connection:
        assert await correcting.reply(connection, TEAM, who("ANA"), event, at(LATER)) is None
