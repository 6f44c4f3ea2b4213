"""What each arrival sets going: messages are stored, questions asked, choices noted, and work is dispatched."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, assert_never
from uuid import UUID

import psycopg

from graphs.ports import Clock
from handlers import decode, manners, questions, raw, unread
from handlers.arrivals import (
    Arrival,
    Commanded,
    ContainerChanged,
    CorrectionConfirmed,
    DayChosen,
    FactTracked,
    HomeOpened,
    MembershipChanged,
    MessageArrived,
    MessageGone,
    PersonChanged,
    Pressed,
    Reacted,
    SettingsSubmitted,
)
from handlers.blocks import offer, promises, proposal, rating
from handlers.choosing import Choosing
from handlers.correcting import Correcting
from handlers.dispatch import Dispatch
from handlers.errors import Undecodable
from handlers.feedback import Feedback
from handlers.manners import Behaviour
from handlers.offering import Offering
from handlers.privacy import Privacy
from handlers.promising import Promising
from handlers.proposals import Proposals
from handlers.rating import Rating
from handlers.tracking import Tracking
from handlers.unread import Telling
from memory import containers, inbox, messages, outbox, people, redraws
from memory.database import Connection, Database
from memory.models.ids import PersonId, TeamId
from memory.models.messages import Message

BATCH = 100
ACTIVE_FOR = timedelta(minutes=15)
UNREADABLE = (
    Undecodable,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    psycopg.DataError,
    psycopg.IntegrityError,
)
"""What trying again does not mend: the delivery is at fault, or we are."""


@dataclass(frozen=True)
class SetAside:
    """A delivery that a person has to look at, and what was wrong with it."""

    inbox_id: UUID
    kind: str
    error: Exception


@dataclass(frozen=True)
class Router:
    """Takes what arrived and sets going what follows. Every step may be repeated: a repeat changes nothing."""

    team: TeamId
    own_id: str
    database: Database
    dispatch: Dispatch
    clock: Clock
    greets: bool = False
    tally: Callable[[str], None] = lambda _: None
    """Counts for operators."""

    async def take(self, place: str) -> list[SetAside]:
        """Handles what was delivered for a place, in order; what cannot be handled is set aside, its asker told.

        What may go well another time, such as a database that is away, is raised: then the rest waits, in order.
        """
        aside: list[SetAside] = []
        while True:
            async with self.database.at_once() as connection:
                waiting = await inbox.waiting_in(connection, self.team, place, BATCH)
            if not waiting:
                return aside
            for delivery in waiting:
                payload = json.loads(delivery.payload)
                try:
                    await self._handle(delivery.inbox_id, payload)
                except UNREADABLE as error:
                    remains = json.dumps(raw.bones(payload))
                    async with self.database.house() as connection:
                        await inbox.failed(connection, delivery.inbox_id, type(error).__name__, remains)
                        await self.tell_unread(connection, payload)
                    aside.append(SetAside(delivery.inbox_id, delivery.kind, error))

    async def _handle(self, inbox_id: UUID, payload: Mapping[str, Any]) -> None:
        for arrival in decode.body(payload, self.own_id):
            await self.route(arrival)
        async with self.database.at_once() as connection:
            await inbox.handled(connection, inbox_id)

    async def tell_unread(self, connection: Connection, payload: Mapping[str, Any]) -> None:
        """Has whoever asked something in this delivery told that it cannot be read."""
        asked = unread.message_of(payload, self.own_id)
        await Telling(self.team, self.dispatch).tell(connection, asked, self.clock.now())

    async def route(self, arrival: Arrival) -> None:
        match arrival:
            case MessageArrived():
                await self._message(arrival)
            case MessageGone():
                await self._gone(arrival)
            case Reacted():
                async with self.database.scribing(arrival.reaction.container_id) as connection:
                    await messages.react(connection, self.team, [arrival.reaction])
                await self._rating.reacted(arrival)
                await self._promising.reacted(arrival.reaction)
            case MembershipChanged():
                await self._membership(arrival)
            case ContainerChanged():
                await self._container(arrival)
            case PersonChanged():
                async with self.database.house() as connection:
                    await people.see(connection, self.team, [arrival.person], self.clock.now())
            case HomeOpened():
                await self._home(arrival)
            case Pressed():
                await self._pressed(arrival)
            case Commanded() | DayChosen() | SettingsSubmitted() | CorrectionConfirmed() | FactTracked():
                await self._submitted(arrival)
            case _:
                assert_never(arrival)

    async def _message(self, arrived: MessageArrived) -> None:
        if arrived.own:
            return
        where, found = arrived.container, arrived.message
        async with self.database.scribing(where.container_id) as connection:
            if await containers.note(connection, self.team, where, found.posted_at) and where.kind != "dm":
                await self.dispatch.read_container(connection, self.team, where.external_id)
            owner = await containers.personal_to(connection, where.container_id)
            private = where.kind == "dm" or owner is not None
            to_us = arrived.asks_daybook or (owner is not None and owner == found.author_id and found.kind == "human")
            maybe = to_us or found.thread_ts is not None
            # What is to be known comes first: once the message is told, the team's log waits for this transaction.
            stands = maybe and not await messages.is_buried(connection, found.message_id)
            reads = found.author_id and self._is_active(found) and await people.reads(connection, found.author_id)
            if not private and await messages.store(connection, self.team, [found]):
                await self.dispatch.extract(connection, self.team, where.container_id)
                await self.dispatch.index(connection, self.team, where.container_id)
            if reads and found.author_id:
                await self.dispatch.notice_activity(connection, self.team, found.author_id)
        if stands and found.author_id and (to_us or (not private and await questions.goes_on(self.database, arrived))):
            await questions.ask(self.database, self.dispatch, self.team, arrived, found.author_id)

    def _is_active(self, found: Message) -> bool:
        """Whether its author is there now: not with what was written last night and only arrives this morning."""
        return found.kind == "human" and self.clock.now() - found.posted_at < ACTIVE_FOR

    async def _gone(self, gone: MessageGone) -> None:
        where = gone.deletion.container_id
        async with self.database.scribing(where) as connection:
            await messages.bury(connection, gone.deletion)
            await self.dispatch.extract(connection, self.team, where)
            for each in await redraws.intend(connection, self.team, self.clock.now()):
                await self.dispatch.send(connection, each)
            await self.dispatch.index(connection, self.team, where)

    async def _membership(self, changed: MembershipChanged) -> None:
        change = changed.membership
        async with self.database.house() as connection:
            new = await containers.note(connection, self.team, changed.container, change.at)
            gone = changed.own and not change.joined
            if gone:
                await containers.left(connection, self.team, change.container_id, change.at)
            await containers.change_members(connection, self.team, [change])
            await self._behaviour.added(connection, changed)
            if not gone and (new or changed.own):
                await self.dispatch.read_container(connection, self.team, changed.container.external_id)

    async def _container(self, changed: ContainerChanged) -> None:
        now = self.clock.now()
        async with self.database.house() as connection:
            if changed.name:
                await containers.rename(connection, changed.container_id, changed.name)
            if changed.archived is not None:
                await containers.archive(connection, self.team, changed.container_id, changed.archived, now)
            if changed.kind:
                await containers.convert(connection, self.team, changed.container_id, changed.kind, now)
                await self.dispatch.read_container(connection, self.team, changed.external_id)

    async def _home(self, opened: HomeOpened) -> None:
        async with self.database.house() as connection:
            await people.note(connection, self.team, decode.SLACK, opened.external_id, opened.at)
            if await people.reads(connection, opened.person_id):
                await self.dispatch.notice_activity(connection, self.team, opened.person_id)
            if opened.tab == "home":
                await self.dispatch.show_home(connection, self.team, opened.external_id)
            else:
                await self.welcome(connection, opened.person_id, opened.at)
                if opened.channel:
                    await self.dispatch.suggest(connection, opened.person_id, opened.channel)

    async def welcome(self, connection: Connection, person: PersonId, at: datetime) -> None:
        """Says hello in a DM, once in a lifetime, to somebody who came to us."""
        intent = await outbox.intend(
            connection, self.team, f"welcome:{person}", "welcome", person, at=at, person=person
        )
        if intent:
            await self.dispatch.send(connection, intent)

    async def _pressed(self, pressed: Pressed) -> None:
        match pressed.action_id:
            case "start":
                async with self.database.house() as connection:
                    await people.note(connection, self.team, decode.SLACK, pressed.external_id, pressed.at)
                    await people.start_reading(connection, self.team, pressed.person_id, pressed.at)
                    await self.dispatch.show_home(connection, self.team, pressed.external_id)
            case "stop":
                async with self.database.house() as connection:
                    await people.stop_reading(connection, self.team, pressed.person_id, pressed.at)
                    await self.dispatch.show_home(connection, self.team, pressed.external_id)
            case "brief_me":
                await self._brief_now(pressed)
            case "untrack" | "track" | "forget_fact":
                await Privacy(self.team, self.database, self.dispatch, self.clock).pressed(pressed)
            case "item_done" | "item_declined" | "item_undo" | "item_menu":
                await self._promising.item_pressed(pressed)
                await self._feedback.pressed(pressed)
            case "lesson_undo":
                await self._feedback.lesson_undone(pressed)
            case "correction_undo":
                await self._correcting.undone(pressed)
            case "talk_again":
                await self._behaviour.pressed(pressed)
            case _:
                await self._said_of_what_was_told(pressed)

    async def _said_of_what_was_told(self, pressed: Pressed) -> None:
        """Under an answer, a promise, or what a sentence would change."""
        match pressed.action_id:
            case rating.RATE:
                await self._rating.pressed(pressed)
            case offer.TAKE:
                await Offering(self.team, self.database, self.dispatch, self.clock).taken(pressed)
            case promises.DONE | promises.CONFIRM | promises.UNTRUE:
                await self._promising.pressed(pressed)
            case proposal.CHANGE | proposal.LEAVE:
                await Proposals(self.team, self.database, self.dispatch, self.clock).pressed(pressed)

    async def _commanded(self, entered: Commanded) -> None:
        """What is to be told was told at once, with the ack; what is to be done is done here."""
        if entered.word == "brief":
            await self._brief_now(entered)
        elif entered.word in manners.WORDS:
            await self._behaviour.commanded(entered)

    async def _brief_now(self, asked: Pressed | Commanded) -> None:
        async with self.database.house() as connection:
            await people.note(connection, self.team, decode.SLACK, asked.external_id, self.clock.now())
            await self.dispatch.brief_now(connection, self.team, asked.person_id)

    async def _submitted(
        self, filled: Commanded | DayChosen | SettingsSubmitted | CorrectionConfirmed | FactTracked
    ) -> None:
        match filled:
            case Commanded():
                await self._commanded(filled)
            case DayChosen():
                await self._feedback.day_chosen(filled)
            case SettingsSubmitted():
                await self._settings(filled)
            case CorrectionConfirmed():
                await self._correcting.confirmed(filled)
            case FactTracked():
                await Tracking(self.team, self.database, self.dispatch, self.clock).tracked(filled)

    async def _settings(self, asked: SettingsSubmitted) -> None:
        async with self.database.house() as connection:
            await people.note(connection, self.team, decode.SLACK, asked.external_id, self.clock.now())
        await Choosing(self.team, self.database).keep(asked, self.clock.now())
        async with self.database.house() as connection:
            await self.dispatch.show_home(connection, self.team, asked.external_id)

    @property
    def _behaviour(self) -> Behaviour:
        return Behaviour(self.team, self.database, self.dispatch, self.clock, self.greets)

    @property
    def _correcting(self) -> Correcting:
        return Correcting(self.team, self.database, self.dispatch, self.clock)

    @property
    def _rating(self) -> Rating:
        return Rating(self.team, self.database, self.dispatch, self.tally)

    @property
    def _promising(self) -> Promising:
        return Promising(self.team, self.database, self.dispatch, self.clock)

    @property
    def _feedback(self) -> Feedback:
        return Feedback(self.team, self.database, self.dispatch, self.clock)
