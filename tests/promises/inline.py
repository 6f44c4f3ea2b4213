"""Daybook within one transaction: what Slack tells goes in by its decoder and router, and all work is done at once.

What would be posted, published or answered is rendered, and kept with whom it is for.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zlib import crc32

from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from psycopg import AsyncConnection
from psycopg.rows import DictRow

from bot.clock import MovedClock
from bot.engine_room import EngineRoom, compiled_graphs
from bot.runs import Graph, Runs
from handlers import decode
from handlers.afterwards import Afterwards
from handlers.arrivals import Pressed
from handlers.offering import Offering
from handlers.routes import Router
from handlers.surfaces import Rendered, Surfaces
from memory import containers, events, outbox
from memory.checkpoints import WordlessSaver
from memory.database import Connection
from memory.models.events import Event
from memory.models.happenings.telling import BriefingDelivered, MessageSent
from memory.models.ids import AnswerId, BriefingId, ContainerId, ItemId, OutboxId, PersonId, TeamId
from tests.embedding import Hashing
from tests.integration.chat import TEAM, at, where, who
from tests.integration.test_audience import World
from tests.promises.audiences import DAYBOOK
from tests.promises.rehearsal import AppRehearsal
from tests.promises.worlds import Onlooker

A_DAY = 86_400.0
"""Seconds for a lease: one that is renewed meanwhile would get into another transaction."""


@dataclass(frozen=True)
class Shown:
    """Something that somebody got to see, for whom, and who was where at that moment."""

    audience: Onlooker
    what: str
    text: str
    world: World


class Unpruned(WordlessSaver):
    """Pruning asks for a transaction of its own; here all is within one, and taken back."""

    async def aprune(self, thread_ids: Sequence[str], *, strategy: str = "keep_latest") -> None:
        """Nothing is pruned."""


@dataclass(frozen=True)
class Machinery:
    """What may be used for one world after another: it keeps nothing of them."""

    database: AppRehearsal
    saver: Unpruned
    graphs: Mapping[str, Graph]

    @classmethod
    def of(cls, database: AppRehearsal) -> "Machinery":
        connection: AsyncConnection[DictRow] = database.connection
        saver = Unpruned(connection, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
        return cls(database, saver, compiled_graphs(saver))


@dataclass
class Inline:
    """In the place of jobs and messenger: a list of work, and a record of what was shown."""

    machinery: Machinery
    world: World
    clock: MovedClock = field(default_factory=lambda: MovedClock(at(-10)))
    shown: list[Shown] = field(default_factory=list)
    waiting: dict[tuple[str, ...], None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        machinery, database, vectors = self.machinery, self.machinery.database, Hashing()
        runs = Runs(
            TEAM, DAYBOOK, database, machinery.saver, machinery.graphs, self.clock, self, "inline", vectors, A_DAY
        )
        self.rooms = EngineRoom(TEAM, database, runs, self, self.clock, vectors)
        self.router = Router(TEAM, DAYBOOK, database, self, self.clock)
        self.surfaces = Surfaces(TEAM, database)
        self.offering = Offering(TEAM, database, self, self.clock)
        self.afterwards = Afterwards(TEAM, database, self, self.offering)

    async def hear(self, event: Mapping[str, Any]) -> None:
        """Takes in an event of Slack's, through JSON as it comes."""
        body = {"type": "event_callback", "team_id": TEAM, "event": json.loads(json.dumps(event))}
        for arrival in decode.body(body, DAYBOOK):
            await self.router.route(arrival)

    async def work(self, *, later: frozenset[str] = frozenset()) -> None:
        """Does all the work there is, but the kinds that may come later."""
        while ready := [each for each in self.waiting if each[0] not in later]:
            kind, *given = ready[0]
            del self.waiting[ready[0]]
            await getattr(self, f"_{kind}")(*given)

    def told(self, audience: Onlooker) -> str:
        """The latest answer that somebody got."""
        found = [each.text for each in self.shown if each.audience == audience and each.what == "answer"]
        return found[-1] if found else ""

    def _show(self, audience: Onlooker, what: str, shown: Rendered | dict[str, Any] | None) -> None:
        content = [shown.text, shown.blocks] if isinstance(shown, Rendered) else shown
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        self.shown.append(Shown(audience, what, text, self.world))

    # The work ----------------------------------------------------------------------------------------------------

    async def _extract(self, container: str) -> None:
        await self.rooms.extract(ContainerId(UUID(container)))

    async def _index(self, container: str) -> None:
        await self.rooms.index(ContainerId(UUID(container)))

    async def _answer(self, key: str, viewer: str) -> None:
        await self.rooms.answer(AnswerId(UUID(key)), viewer)

    async def _answer_anew(self, key: str, viewer: str, cause: str) -> None:
        await self.rooms.answer_anew(AnswerId(UUID(key)), viewer, UUID(cause))

    async def _brief(self, key: str) -> None:
        await self.rooms.brief(BriefingId(UUID(key)))

    async def _read_container(self, external_id: str) -> None:
        """Who is in it, as Slack would say."""
        here = next(each for each in self.world.places if each.name == external_id)
        async with self.machinery.database.house() as connection:
            present = [who(name) for name in sorted(here.members)]
            await containers.set_members(connection, TEAM, where(external_id), present, self.clock.now())

    async def _home(self, name: str) -> None:
        onlooker, now = Onlooker("person", name), self.clock.now()
        self._show(onlooker, "home", await self.surfaces.home(who(name), now))
        self._show(onlooker, "holdings", await self.surfaces.holdings(who(name), now))
        for word in ("owe", "promises"):
            self._show(onlooker, word, await self.surfaces.command(who(name), word, now))

    async def _send(self, key: str) -> None:
        """As the messenger does it, but that nothing is posted."""
        database, now = self.machinery.database, self.clock.now()
        async with database.house() as connection:
            intent = await outbox.read(connection, OutboxId(UUID(key)))
        assert intent is not None
        if intent.state in {"sent", "dropped"}:
            return
        rendered = await self.surfaces.render(intent)
        if intent.person_id:
            name = next(each.name for each in self.world.people if who(each.name) == intent.person_id)
            audience = Onlooker("person", name)
        else:
            audience = Onlooker("channel", intent.channel or "")
        self._show(audience, intent.surface, rendered)
        # In Slack a moment, which what else is posted at that time does not move.
        channel, ts = intent.channel or f"D{audience.name}", f"1.{crc32(intent.key.encode()):010d}"
        async with database.house() as connection:
            await outbox.sent(connection, intent.outbox_id, channel, ts, now)
            kind = BriefingDelivered if intent.surface == "briefing" else MessageSent
            delivered = kind(subject_id=intent.subject_id, surface=intent.surface, channel=channel, ts=ts)
            key = f"sent:{intent.outbox_id}"
            told = Event(team_id=TEAM, key=key, occurred_at=now, person_id=intent.person_id, told=delivered)
            await events.append(connection, TEAM, [told])
        await self.afterwards.sent(intent.outbox_id)
        if intent.surface == "offer" and rendered:
            self._defer("take", intent.subject_id, audience.name)

    async def _offer(self, key: str, channel: str) -> None:
        await self.rooms.offer(AnswerId(UUID(key)), ContainerId(UUID(channel)))

    async def _take(self, offer: str, name: str) -> None:
        """Whoever is offered more in private takes it up."""
        now = self.clock.now()
        pressed = Pressed(
            team_id=TEAM, person_id=who(name), external_id=name, action_id="offer_taken", value=offer, at=now
        )
        await self.offering.taken(pressed)

    # What starts it ----------------------------------------------------------------------------------------------

    def _defer(self, *work: object) -> None:
        self.waiting.setdefault(tuple(map(str, work)))

    async def extract(self, connection: Connection, team: TeamId, container: ContainerId) -> None:
        self._defer("extract", container)

    async def index(self, connection: Connection, team: TeamId, container: ContainerId) -> None:
        self._defer("index", container)

    async def answer(self, connection: Connection, team: TeamId, answer: AnswerId, viewer: str) -> None:
        self._defer("answer", answer, viewer)

    async def answer_anew(
        self,
        connection: Connection,
        team: TeamId,
        answer: AnswerId,
        viewer: str,
        cause: UUID,
    ) -> None:
        self._defer("answer_anew", answer, viewer, cause)

    async def brief(self, connection: Connection, team: TeamId, briefing: BriefingId) -> None:
        self._defer("brief", briefing)

    async def brief_now(self, connection: Connection, team: TeamId, person: PersonId) -> None:
        raise AssertionError("Nobody asks to be briefed here.")

    async def send(self, connection: Connection, outbox: OutboxId) -> None:
        self._defer("send", outbox)

    async def read_container(self, connection: Connection, team: TeamId, external_id: str) -> None:
        self._defer("read_container", external_id)

    async def show_home(self, connection: Connection, team: TeamId, external_id: str) -> None:
        self._defer("home", external_id)

    async def handle(self, connection: Connection, team: TeamId, place: str) -> None:
        """Deliveries are handled as they are heard."""

    async def notice_activity(self, connection: Connection, team: TeamId, person: PersonId) -> None:
        """Nobody reads briefings here."""

    async def offer(self, connection: Connection, answer: AnswerId, channel: ContainerId) -> None:
        self._defer("offer", answer, channel)

    async def mark(self, connection: Connection, answer: AnswerId, viewer: str, *, done: bool = False) -> None:
        """A mark at a question has no words."""

    async def suggest(self, connection: Connection, person: PersonId, channel: str) -> None:
        """What may be asked is offered in a briefing's words alone, and nobody is briefed."""

    async def show_why(self, connection: Connection, person: PersonId, item: ItemId, view_id: str) -> None:
        raise AssertionError("There is no item here.")

    async def show_holdings(self, connection: Connection, person: PersonId, view_id: str) -> None:
        raise AssertionError("No list is open.")

    async def follow_tracking(self, connection: Connection, team: TeamId, person: PersonId) -> None:
        raise AssertionError("Nobody changes whether they are tracked.")
