"""What somebody's sentence would change, shown where they wrote it; and what they press there.

Whoever wrote it is asked. That they want it so goes the way of the form: who may read a fact may correct it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from graphs import contesting
from graphs.ports import Clock
from graphs.proposing import Said
from graphs.tasks.amend import Amendment
from handlers import correcting, decode
from handlers.arrivals import Pressed
from handlers.blocks import proposal as blocks
from handlers.blocks.correction import Change
from handlers.correcting import Correcting
from handlers.dispatch import Dispatch
from handlers.errors import Undecodable
from memory import answers, containers, corrections, events, facts, people
from memory.answers import Question
from memory.database import Connection, Database
from memory.models.audience import Viewer
from memory.models.ids import AnswerId, EventId, FactId, TeamId, container_id, derive

Rendered = tuple[str, list[dict[str, Any]]]


async def shown(connection: Connection, team: TeamId, answer: AnswerId, now: datetime) -> Rendered | None:
    """In words and blocks, as it stands at this moment; None for an answer that asks for no change.

    Call it as the question's viewer.
    """
    found = await contesting.find(connection, team, answer)
    asked = await answers.question(connection, answer) if found else None
    if found is None or asked is None:
        return None
    everybody = await people.roster(connection, team)
    voice = contesting.voice_of(team, asked, everybody)
    if len(found.options) == 1:
        (said,) = found.options
        done = await correcting.outcome(connection, asked.viewer, event_of(team, asked, said), voice)
        if done:
            return blocks.settled_fallback(done.change, undone=done.undone), blocks.settled(
                done.change, undone=done.undone
            )
        if await contesting.is_left(connection, team, answer):
            return blocks.LEFT, blocks.left()
    known = {fact.fact_id: fact for fact in await facts.read(connection, [*found.fact_ids, *_named(found)])}
    text = contesting.worded(found, known, voice, now)
    changes = []
    for place, said in enumerate(found.options, start=1):
        pair = contesting.changed(said, known, voice, now)
        if pair:
            named = await correcting.change_of(connection, known[said.fact_id], None, voice)
            changes.append((place, Change(before=pair[0], after=pair[1], place=named.place)))
    if changes and len(found.options) == 1:
        return blocks.fallback(text), blocks.asking(changes[0][1], answer, more=found.more)
    if changes:
        return blocks.fallback(text), blocks.choosing(changes, answer)
    return blocks.fallback(text), blocks.plainly(text, answer, form=bool(known))


async def view(database: Database, team: TeamId, pressed: Pressed, now: datetime) -> dict[str, Any] | None:
    """What opens at a press: the form, what a choice would change, or whose it is to press. None: nothing does."""
    answer, place = target(pressed)
    found = await _asked(database, team, pressed, answer)
    if found is None:
        return None
    asked, amendment = found
    async with database.viewing(Viewer.person(pressed.person_id)) as connection:
        if asked.asker_id != pressed.person_id:
            everybody = await people.roster(connection, team)
            return blocks.not_yours(everybody[asked.asker_id].name if asked.asker_id in everybody else "")
        if pressed.action_id == blocks.FORM:
            names = [*amendment.fact_ids, *_named(amendment)]
            return await correcting.form_of(connection, team, pressed.person_id, list(dict.fromkeys(names)), now)
        if place and place <= len(amendment.options):
            return await correcting.confirmation_of(connection, team, amendment.options[place - 1], now)
    return None


@dataclass(frozen=True)
class Proposals:
    """Takes what people press under what they were asked. Every step may be repeated: a repeat changes nothing."""

    team: TeamId
    database: Database
    dispatch: Dispatch
    clock: Clock

    async def pressed(self, pressed: Pressed) -> None:
        """Changes the fact, or leaves it, and shows so where it was asked; of nobody but the asker."""
        answer, _ = target(pressed)
        found = await _asked(self.database, self.team, pressed, answer)
        if found is None or found[0].asker_id != pressed.person_id or len(found[1].options) != 1:
            return
        asked, amendment = found
        if pressed.action_id == blocks.CHANGE:
            taking = Correcting(self.team, self.database, self.dispatch, self.clock)
            await taking.say(amendment.options[0], key_of(asked))
        elif pressed.action_id == blocks.LEAVE:
            async with self.database.viewing(asked.viewer) as connection:
                await contesting.leave(connection, self.team, asked)
        await self._show(asked, pressed)

    async def _show(self, asked: Question, pressed: Pressed) -> None:
        async with self.database.viewing(asked.viewer) as connection:
            answer, now = asked.answer_id, self.clock.now()
            key = f"answer:{answer}:{pressed.action_id}:{pressed.at.isoformat()}"
            intended = await answers.intend(
                connection, self.team, asked, key, "answer", answer, at=now, operation="update"
            )
            if intended:
                await self.dispatch.send(connection, intended)


def target(pressed: Pressed) -> tuple[AnswerId, int]:
    """Under which answer it was pressed, and the number of what was chosen there; 0 where nothing was.

    Raises:
        Undecodable: it names no answer.
    """
    key, _, place = pressed.value.partition(":")
    try:
        return AnswerId(UUID(key)), int(place or 0)
    except ValueError:
        raise Undecodable("A button names no answer.") from None


def key_of(asked: Question) -> str:
    """Names what is said by *Change it*, however often it is pressed."""
    return str(derive("proposal", asked.answer_id))


def event_of(team: TeamId, asked: Question, said: Said) -> EventId:
    return events.id_of(team, corrections.said_as(said.fact_id, key_of(asked)))


async def _asked(
    database: Database, team: TeamId, pressed: Pressed, answer: AnswerId
) -> tuple[Question, Amendment] | None:
    """What was asked there, if the presser may read it: in private their own, in a channel whoever's."""
    viewer = Viewer.person(pressed.person_id)
    async with database.viewing(viewer) as connection:
        found = await _read(connection, team, answer)
        where = container_id(team, decode.SLACK, pressed.channel or "")
        reads_there = where in await containers.readable(connection, viewer)
        owner = await containers.personal_to(connection, where)
    if found is None and (reads_there or owner == pressed.person_id):
        async with database.viewing(Viewer.channel(where)) as connection:
            found = await _read(connection, team, answer)
    return found


async def _read(connection: Connection, team: TeamId, answer: AnswerId) -> tuple[Question, Amendment] | None:
    asked = await answers.question(connection, answer)
    found = await contesting.find(connection, team, answer) if asked else None
    return (asked, found) if asked and found else None


def _named(found: Amendment) -> list[FactId]:
    return [each.fact_id for each in found.options]
