"""What people say of their own promises, wherever they meet them: done, promised, or none; each a word on the fact.

It goes the way of every correction: it is noted, told to them with *Undo*, and told anew where it was told otherwise.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from graphs import contesting, sentences
from graphs.ports import Clock
from graphs.proposing import CONFIRMED, UNTRUE, Said
from handlers import explaining, feedback
from handlers.arrivals import Pressed
from handlers.blocks import limits, mrkdwn
from handlers.blocks import promises as blocks
from handlers.correcting import Correcting
from handlers.dispatch import Dispatch
from handlers.errors import Undecodable
from memory import answers, briefings, corrections, facts, outbox, people
from memory.database import Connection, Database
from memory.models.audience import Viewer
from memory.models.briefings import Answer
from memory.models.facts import GIVEN_WORD, Fact
from memory.models.ids import FactId, ItemId, PersonId, TeamId, derive
from memory.models.messages import Reaction

MOST = 5
"""Promises under one answer that can be pressed."""
_LINE = 150
TICKS = frozenset({"white_check_mark", "heavy_check_mark", "ballot_box_with_check"})
"""Reactions that say that something is done."""
_HOWS = {blocks.DONE: "done", blocks.CONFIRM: CONFIRMED, blocks.UNTRUE: UNTRUE}


async def under(connection: Connection, team: TeamId, answer: Answer, person: PersonId) -> list[dict[str, Any]]:
    """What can be pressed under a private answer that tells its reader of open promises of theirs. Call it as them."""
    asked = await answers.question(connection, answer.answer_id)
    if asked is None or asked.viewer_kind != "person":
        return []
    resting = await corrections.resting_on(connection, [source.message_id for source in answer.sources])
    mine = await corrections.promised_by(connection, person, resting)
    voice = contesting.voice_of(team, asked, await people.roster(connection, team))
    told = [
        (answer.text.index(said), fact, said)
        for fact in await facts.read(connection, mine)
        if fact.status == "open" and ((said := sentences.of_fact(fact, voice)) in answer.text)
    ]
    told = sorted(told, key=lambda each: each[0])[:MOST]
    shown = []
    for _, fact, said in told:
        named = [limits.context(mrkdwn.line(limits.clip(said, _LINE)))] if len(told) > 1 else []
        shown += [*named, blocks.row(fact.fact_id, confirmed=fact.log_odds >= GIVEN_WORD)]
    return shown


@dataclass(frozen=True)
class Promising:
    """Takes what people say of their own promises. Every step may be repeated: a repeat changes nothing."""

    team: TeamId
    database: Database
    dispatch: Dispatch
    clock: Clock

    async def pressed(self, pressed: Pressed) -> None:
        """Takes a press on a promise; one that is not the presser's changes nothing.

        Raises:
            Undecodable: it names no promise.
        """
        name, item = _target(pressed)
        if await self._own(name, pressed.person_id) is None:
            return
        said = Said(by_id=pressed.person_id, fact_id=name, how=_HOWS[pressed.action_id])
        await self._correcting.say(said, str(derive(pressed.action_id, pressed.at)))
        await self._show(pressed, item)

    async def item_pressed(self, pressed: Pressed) -> None:
        """*Done* at an item about a promise of its reader's is done for everybody; *Undo* takes that back.

        So is *Not a promise* in its menu. Call it before the press is noted: what is undone is what the item was until
        then.
        """
        verb, name = feedback.target(pressed)
        if verb not in {"done", "undo", "untrue"}:
            return
        async with self.database.viewing(Viewer.person(pressed.person_id)) as connection:
            _, item = await explaining.find(connection, self.team, name)
        if verb == "untrue":
            if item and item.promise_id and await self._own(item.promise_id, pressed.person_id):
                said = Said(by_id=pressed.person_id, fact_id=item.promise_id, how=UNTRUE)
                await self._correcting.say(said, str(derive(blocks.UNTRUE, pressed.at)))
                await self._show(pressed, name)
            return
        about = FactId(item.anchor_id) if item and item.anchor_id in item.fact_ids else None
        fact = await self._own(about, pressed.person_id) if about else None
        if item is None or fact is None:
            return
        if verb == "undo" and item.done:
            await self._correcting.take_back_done(fact.fact_id, pressed.person_id)
        elif verb == "done" and fact.status == "open":
            said = Said(by_id=pressed.person_id, fact_id=fact.fact_id, how="done")
            await self._correcting.say(said, str(derive("item_done", pressed.at)), quietly=True)

    async def reacted(self, reaction: Reaction) -> None:
        """✅ by whoever promised it, at the words that promise it, says that it is done; without it, no more.

        Nobody is told so for it: they see it where they did it.
        """
        if reaction.name not in TICKS:
            return
        viewer = Viewer.person(reaction.person_id)
        async with self.database.viewing(viewer) as connection:
            resting = await facts.resting_on(connection, [reaction.message_id])
        for each in resting.get(reaction.message_id, ()):
            if each.role != "states" or each.kind != "commitment" or each.actor_id != reaction.person_id:
                continue
            if not reaction.added:
                await self._correcting.take_back_done(each.fact_id, reaction.person_id)
            elif each.status == "open":
                said = Said(by_id=reaction.person_id, fact_id=each.fact_id, how="done")
                await self._correcting.say(said, str(derive("reaction", reaction.at)), quietly=True)

    async def _own(self, name: FactId, person: PersonId) -> Fact | None:
        async with self.database.viewing(Viewer.person(person)) as connection:
            found = await facts.read(connection, [name])
        return found[0] if found and found[0].kind == "commitment" and found[0].actor_id == person else None

    async def _show(self, pressed: Pressed, item: ItemId | None) -> None:
        """Shows it where it was pressed: in a briefing or an answer, in the view behind an item, on the Home tab."""
        async with self.database.viewing(Viewer.person(pressed.person_id)) as connection:
            briefing = await briefings.briefing_of(connection, item) if item else None
            if briefing:
                await self._redraw(connection, pressed, "briefing", briefing)
            elif pressed.channel and pressed.message_ts:
                posted = await outbox.posted_at(connection, self.team, pressed.channel, pressed.message_ts)
                if posted and posted[0] == "answer":
                    await self._redraw(connection, pressed, *posted)
            if item and pressed.view_id:
                await self.dispatch.show_why(connection, pressed.person_id, item, pressed.view_id)
            await self.dispatch.show_home(connection, self.team, pressed.external_id)

    async def _redraw(self, connection: Connection, pressed: Pressed, surface: outbox.Surface, subject: UUID) -> None:
        key = f"{surface}:{subject}:{pressed.action_id}:{pressed.at.isoformat()}"
        intent = await outbox.intend(
            connection,
            self.team,
            key,
            surface,
            subject,
            at=self.clock.now(),
            operation="update",
            person=pressed.person_id,
        )
        if intent:
            await self.dispatch.send(connection, intent)

    @property
    def _correcting(self) -> Correcting:
        return Correcting(self.team, self.database, self.dispatch, self.clock)


def _target(pressed: Pressed) -> tuple[FactId, ItemId | None]:
    fact, _, item = pressed.value.partition(":")
    try:
        return FactId(UUID(fact)), ItemId(UUID(item)) if item else None
    except ValueError:
        raise Undecodable("A button names no promise.") from None
