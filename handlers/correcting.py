"""A person's word on a fact, from Slack: what they can say of it, what that changes, and what they are told of it.

Who may read a fact may correct it: everybody in its channel is told so from then on, and can take it back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from graphs import contesting, proposing, sentences
from graphs.ports import Clock
from graphs.proposing import CONFIRMED, UNTRUE, Said
from graphs.sentences import Voice
from handlers import decode, explaining
from handlers.arrivals import CorrectionConfirmed, Pressed
from handlers.blocks import correction as blocks
from handlers.blocks.correction import Change, Told
from handlers.choosing import is_somebody
from handlers.dispatch import Dispatch
from handlers.errors import Undecodable
from handlers.sayings import Filled
from memory import answers, briefings, containers, corrections, events, facts, history, outbox, people, redraws
from memory.corrections import Correction, NoSuchFact, UnfitCorrection
from memory.database import Connection, Database
from memory.models.audience import Viewer
from memory.models.facts import Fact, Version
from memory.models.ids import (
    AnswerId,
    BriefingId,
    EventId,
    FactId,
    ItemId,
    PersonId,
    TeamId,
    container_id,
    message_id,
    person_id,
)
from memory.models.people import Person
from memory.rewinding import standing_corrections

GONE = "I do not know this any more, or you may not read it: close this and ask me about it."
WHO = "Choose who it is."
STRANGER = "I do not know them: choose somebody of the team."
WHEN = "Choose the day."
SAME = "That is what I know already: choose what is wrong with it."
_UNCHANGED = "unchanged:"
UNCHANGED = "I changed nothing: it is no longer as you saw it, or you may not read it any more. Look at it once more."
NO_LONGER = "What was corrected here was deleted, or may no longer be shown."


def is_unchanged(key: str) -> bool:
    """Whether what is said under this key is that nothing was changed."""
    return key.startswith(_UNCHANGED)


async def form(
    connection: Connection, team: TeamId, person: PersonId, item: ItemId, now: datetime
) -> dict[str, Any] | None:
    """The form that asks what is wrong with an item of this reader's. None: it is not theirs."""
    _, found = await explaining.find(connection, team, item)
    return await form_of(connection, team, person, found.fact_ids, now) if found else None


async def form_of(
    connection: Connection, team: TeamId, person: PersonId, names: Sequence[FactId], now: datetime
) -> dict[str, Any]:
    """The form about those of these facts that the person may read, in their order."""
    voice = await _voice(connection, team, person, now)
    known = {fact.fact_id: fact for fact in await facts.read(connection, names)}
    shown = [known[name] for name in names if name in known]
    return blocks.form([_told(fact, voice) for fact in shown])


async def told_at(database: Database, team: TeamId, person: PersonId, channel: str, ts: str) -> list[FactId]:
    """The facts that rest on a message or, of one of ours, that it tells; as far as the person may read it."""
    where = container_id(team, decode.SLACK, channel)
    async with database.house() as connection:
        posted = await outbox.posted_at(connection, team, channel, ts)
    viewer = Viewer.person(person)
    async with database.viewing(viewer) as connection:
        if posted is None:
            return await corrections.resting_on(connection, [message_id(where, ts)])
        surface, subject = posted
        if surface == "briefing":
            made = await briefings.read(connection, BriefingId(subject))
            return list(dict.fromkeys(key for item in made.items for key in item.fact_ids)) if made else []
        told = await answers.read(connection, AnswerId(subject)) if surface == "answer" else None
        reads_there = where in await containers.readable(connection, viewer)
    if surface == "answer" and told is None and reads_there:
        async with database.viewing(Viewer.channel(where)) as connection:
            told = await answers.read(connection, AnswerId(subject))
    if told is None:
        return []
    async with database.viewing(viewer) as connection:
        return await corrections.resting_on(connection, [source.message_id for source in told.sources])


async def answer_to(
    database: Database, team: TeamId, said: Filled, now: datetime
) -> tuple[dict[str, str], dict[str, Any] | None]:
    """What is wrong with the form, by its fields; or else the view that asks whether to change the fact so."""
    async with database.viewing(Viewer.person(said.person_id)) as connection:
        found = await facts.read(connection, [said.fact_id])
        if not found:
            return {blocks.HOW: GONE}, None
        roster = await people.roster(connection, team)
        if wrong := _problems(said, team, roster):
            return wrong, None
        fact, voice = found[0], await _voice(connection, team, said.person_id, now)
        try:
            after = proposing.after(fact, said_in(said, team), voice.names, now)
        except UnfitCorrection as error:
            return {blocks.HOW: str(error)}, None
        if after is not None and proposing.reads(after) == proposing.reads(fact):
            return {blocks.HOW: SAME}, None
        return {}, blocks.confirmation(await change_of(connection, fact, after, voice), said.written())


async def confirmation_of(connection: Connection, team: TeamId, said: Said, now: datetime) -> dict[str, Any] | None:
    """The view that asks whether to change a fact so; None where that is no change. Call it as whoever says it."""
    found = await facts.read(connection, [said.fact_id])
    roster = await people.roster(connection, team)
    voice = await _voice(connection, team, said.by_id, now)
    known = {fact.fact_id: fact for fact in found}
    if contesting.changed(said, known, voice, now) is None:
        return None
    change = await change_of(connection, found[0], proposing.after(found[0], said, voice.names, now), voice)
    owner = roster[said.owner].external_id if said.owner and said.owner in roster else ""
    filled = Filled(person_id=said.by_id, fact_id=said.fact_id, how=said.how, owner=owner, day=said.day)
    return blocks.confirmation(change, filled.written())


@dataclass(frozen=True)
class Outcome:
    """What an event changed. `latest`: nobody has said anything else of the fact since."""

    change: Change
    undone: bool
    latest: bool


async def outcome(connection: Connection, viewer: Viewer, event: EventId, voice: Voice) -> Outcome | None:
    """What was changed by an event, as far as the viewer may read it now; None when nothing of it may be shown."""
    told = await _versions(connection, viewer, event)
    place = next((at for at, each in enumerate(told) if each.event_id == event), None)
    if place is None:
        return None
    before, after = told[place - 1].fact if place else None, told[place]
    standing = [each.event_id for each in _said(told)]
    change = await change_of(connection, before, None if after.retired else after.fact, voice)
    return Outcome(change, undone=event not in standing, latest=standing[-1:] == [event])


async def reply(
    connection: Connection, team: TeamId, person: PersonId, event: EventId, now: datetime
) -> tuple[str, list[dict[str, Any]]] | None:
    """What was changed by an event, in words and blocks; None when nothing of it may be shown."""
    voice = await _voice(connection, team, person, now)
    found = await outcome(connection, Viewer.person(person), event, voice)
    if found is None:
        return None
    shown = blocks.reply(found.change, event, undone=found.undone, latest=found.latest)
    return blocks.fallback(found.change, undone=found.undone), shown


@dataclass(frozen=True)
class Correcting:
    """Takes what people say of facts. Every step may be repeated: a repeat changes nothing."""

    team: TeamId
    database: Database
    dispatch: Dispatch
    clock: Clock

    async def confirmed(self, said: CorrectionConfirmed) -> None:
        """Takes what somebody filled in and saw the outcome of."""
        filled = Filled.model_validate(said.model_dump(include=set(Filled.model_fields)))
        await self.say(said_in(filled, self.team), said.key)

    async def say(self, said: Said, key: str, *, quietly: bool = False) -> None:
        """Notes what a person says of a fact, tells them so, and has written anew what was told otherwise.

        `key` names this saying: said again, it changes nothing. `quietly`: they see it where they said it.
        """
        name = said.fact_id
        event = events.id_of(self.team, corrections.said_as(name, key))
        async with self.database.viewing(Viewer.person(said.by_id)) as connection:
            found = await facts.unfolded(connection, [name])
        if not (found and await self._is_noted(found[0], said, key, event, quietly=quietly)) and not quietly:
            await self.tell_unchanged(event, said.by_id)

    async def _is_noted(self, fact: Fact, said: Said, key: str, event: EventId, *, quietly: bool) -> bool:
        """Notes it and tells so; False where somebody was quicker since they saw what it would be."""
        try:
            async with self.database.scribing(fact.container_id) as connection:
                if await corrections.known_by(connection, event) is None:
                    await self._note(connection, fact, said, key)
                await self.tell(connection, event, said.by_id, "" if quietly else f"correction:{event}")
        except (NoSuchFact, UnfitCorrection):
            return False
        return True

    async def undone(self, pressed: Pressed) -> None:
        """Takes back what they changed, unless somebody said something else since."""
        event = EventId(_uuid(pressed.value))
        async with self.database.viewing(Viewer.person(pressed.person_id)) as connection:
            told = await _versions(connection, Viewer.person(pressed.person_id), event)
        if not told:
            return
        fact, standing = told[-1].fact, _said(told)
        async with self.database.scribing(fact.container_id) as connection:
            if standing and standing[-1].event_id == event:
                await self._take_back(connection, fact, pressed.person_id, begun=standing[-1] is told[0])
                await self.dispatch.extract(connection, self.team, fact.container_id)
            key = f"correction:{event}:undone:{pressed.at.isoformat()}"
            await self.tell(connection, event, pressed.person_id, key, update=True)
            await self.dispatch.show_home(connection, self.team, pressed.external_id)

    async def take_back_done(self, name: FactId, by: PersonId) -> None:
        """Takes back that a fact is done, where that is what they said of it last."""
        async with self.database.viewing(Viewer.person(by)) as connection:
            places = await containers.readable(connection, Viewer.person(by))
            told = (await history.of(connection, places, [name])).get(name)
        standing = _said(told.versions) if told else []
        if not standing or standing[-1].by_id != by or standing[-1].fact.status != "done" or standing[-1].retired:
            return
        fact = standing[-1].fact
        async with self.database.scribing(fact.container_id) as connection:
            await corrections.undo(connection, self.team, name, by, self.clock.now())
            await self.dispatch.extract(connection, self.team, fact.container_id)
            await self.tell(connection, standing[-1].event_id, by, "")

    async def _take_back(self, connection: Connection, fact: Fact, by: PersonId, *, begun: bool) -> None:
        """`begun`: the fact itself began with their word, so without that there is none."""
        now = self.clock.now()
        if begun:
            no = Correction(by_id=by, words="not a fact")
            await corrections.dismiss(connection, self.team, fact.fact_id, no, now)
        else:
            await corrections.undo(connection, self.team, fact.fact_id, by, now)

    async def _note(self, connection: Connection, fact: Fact, said: Said, key: str) -> None:
        names = {each: person.name for each, person in (await people.roster(connection, self.team)).items()}
        correction, now = proposing.correction(fact, said, names, key), self.clock.now()
        if said.how == UNTRUE:
            await corrections.dismiss(connection, self.team, said.fact_id, correction, now)
        elif said.how == CONFIRMED:
            await corrections.confirm(connection, self.team, said.fact_id, correction, now)
        else:
            await corrections.correct(connection, self.team, said.fact_id, correction, now)

    async def tell_unchanged(self, event: EventId, person: PersonId) -> None:
        """Tells a person that what they wanted can no longer be."""
        async with self.database.house() as connection:
            intended = await outbox.intend(
                connection, self.team, f"{_UNCHANGED}{event}", "correction", event, at=self.clock.now(), person=person
            )
            if intended:
                await self.dispatch.send(connection, intended)

    async def tell(
        self, connection: Connection, event: EventId, person: PersonId, key: str, *, update: bool = False
    ) -> None:
        """Tells a person what their word changed, and has told anew what was otherwise; without a key, not them."""
        now = self.clock.now()
        operation: outbox.Operation = "update" if update else "post"
        intended = []
        if key:
            intended.append(
                await outbox.intend(
                    connection, self.team, key, "correction", event, at=now, operation=operation, person=person
                )
            )
        intended += await redraws.intend(connection, self.team, now)
        for each in filter(None, intended):
            await self.dispatch.send(connection, each)
        for old in await redraws.take_outdated(connection, self.team):
            await self.dispatch.answer_anew(connection, self.team, old.answer_id, old.viewer, old.cause_id)


def _problems(said: Filled, team: TeamId, roster: Mapping[PersonId, Person]) -> dict[str, str]:
    if said.how == "owner":
        owner = roster.get(person_id(team, decode.SLACK, said.owner)) if said.owner else None
        if owner is None or not is_somebody(owner):
            return {blocks.OWNER: STRANGER if said.owner else WHO}
    if said.how == "day" and said.day is None:
        return {blocks.DAY: WHEN}
    return {}


def said_in(said: Filled, team: TeamId) -> Said:
    """What was filled in, as what it says of a fact.

    Raises:
        Undecodable: it says nothing that a fact can be.
    """
    if said.how not in proposing.HOWS:
        raise Undecodable("A form says nothing of a fact.")
    owner = person_id(team, decode.SLACK, said.owner) if said.owner else None
    return Said(by_id=said.person_id, fact_id=said.fact_id, how=said.how, owner=owner, day=said.day)


def _told(fact: Fact, voice: Voice) -> Told:
    return Told(fact_id=fact.fact_id, kind=fact.kind, status=fact.status, sentence=sentences.of_fact(fact, voice))


def _said(told: Sequence[Version]) -> list[Version]:
    """What people said of a fact and did not take back, first to last; what began with somebody's word, with that."""
    began = told[:1] if told and told[0].by_id and not told[-1].retired else []
    return [*began, *(each for _, each in standing_corrections(told))]


async def change_of(connection: Connection, before: Fact | None, after: Fact | None, voice: Voice) -> Change:
    """What a word makes of a fact, as the viewer may read it."""
    where = {fact.container_id for fact in (before, after) if fact}
    place = next(iter((await containers.read(connection, where)).values()), None)
    named = place is not None and place.source == "slack" and place.kind in {"public", "private"}
    return Change(
        before=sentences.of_fact(before, voice) if before else "",
        after=sentences.of_fact(after, voice) if after else "",
        place=place.name if place and named else "",
    )


async def _versions(connection: Connection, viewer: Viewer, event: EventId) -> tuple[Version, ...]:
    """All that is told of the fact that an event corrected, as far as the viewer may read it now."""
    name = await corrections.known_by(connection, event)
    if name is None:
        return ()
    places = await containers.readable(connection, viewer)
    told = (await history.of(connection, places, [name])).get(name)
    return told.versions if told else ()


async def _voice(connection: Connection, team: TeamId, person: PersonId, now: datetime) -> Voice:
    return Voice.of(team, await people.roster(connection, team), person, now)


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise Undecodable("A button names no correction.") from None
