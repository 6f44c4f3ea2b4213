"""A meeting dates what was decided since, for those who were invited to it, and for nobody else."""

from dataclasses import replace

from memory import answers
from memory.database import Connection
from memory.models.ids import AnswerId
from tests.conftest import TestDatabase
from tests.integration.test_audience import Somebody
from tests.promises.checks import two_rooms
from tests.promises.rehearsal import rehearsing
from tests.promises.stage import Stage, open_stage
from tests.promises.worlds import MORNING_AFTER, SECOND_DAY, Onlooker

ANA, BOB = Onlooker("person", "ANA"), Onlooker("person", "BOB")
PUBLIC = Onlooker("channel", "PUB")
QUESTION = "What was decided since the meeting with <@BOB>?"


async def told(stage: Stage, onlooker: Onlooker, text: str, minutes: float) -> str:
    key = await stage.ask(onlooker, text, minutes)
    async with stage.database.viewing(onlooker.viewer) as connection:
        return await _text(connection, key)


async def _text(connection: Connection, key: AnswerId) -> str:
    found = await answers.read(connection, key)
    assert found is not None
    return found.text


async def test_a_meeting_dates_for_those_who_were_invited(database: TestDatabase) -> None:
    """The last one with somebody that had begun, with its time and the invitation as source."""
    async with rehearsing(database.admin_dsn) as rehearsal:
        stage = await open_stage(rehearsal)
        three = replace(two_rooms().world, people=(*two_rooms().world.people, Somebody("CYD")))
        await stage.build(replace(two_rooms(), world=three))
        await stage.invite("ANA", "BOB", title="Ana and Bob", minutes=SECOND_DAY - 600)
        mine = await told(stage, ANA, QUESTION, MORNING_AFTER + 1)
        assert mine.startswith("Since the meeting with ")
        assert "I know of no" not in mine
        before = await told(stage, ANA, QUESTION.replace("since", "before"), MORNING_AFTER + 2)
        assert before.startswith("Before the meeting with ")
        assert before.splitlines()[1:] != mine.splitlines()[1:]
        for_all = await told(stage, PUBLIC, QUESTION, MORNING_AFTER + 3)
        assert for_all.startswith("I know of no “meeting with ")
        other = await told(stage, ANA, "What was decided since the retro?", MORNING_AFTER + 4)
        assert other.startswith("I know of no “retro”")
