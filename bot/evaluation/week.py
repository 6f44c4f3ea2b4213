"""A week lived through: taken in as it happens, worked out, told of each morning, and asked about at its end.

Every morning knows what had happened by then and nothing later; briefings that nobody asked for are made too, since
what was told before is not told again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.clock import MovedClock
from bot.evaluation.intake import Intake, Names, after_all, before_all
from bot.evaluation.predictions import (
    Answer,
    Briefing,
    Predictions,
    answer_of,
    facts_in,
    in_order,
    items_of,
    talks_in,
)
from bot.evaluation.world import DM, Gold, Question, Week, microseconds, moment
from bot.offline import Offline, Progress, offline
from graphs import days
from graphs.ports import Embedder
from handlers import decode, questions
from handlers.arrivals import MessageArrived
from memory import briefings, containers, events, outbox, people
from memory.models.audience import Viewer
from memory.models.containers import Container
from memory.models.events import Event
from memory.models.happenings.telling import BriefingDelivered
from memory.models.ids import BriefingId, PersonId, TeamId, answer_id, briefing_id, container_id
from memory.models.settings import USUAL_TIME

FRIDAY = 4


@dataclass(frozen=True)
class Wanted:
    """What a world asks for beside conversations and facts."""

    mornings: frozenset[tuple[str, date]]
    questions: tuple[Question, ...]

    @classmethod
    def by(cls, gold: Gold) -> "Wanted":
        """Without the labels: nothing that is predicted may depend on them."""
        asked = [Question(id=each.id, asker=each.asker, where=each.where, text=each.text) for each in gold.questions]
        return cls(frozenset((each.user, each.date) for each in gold.briefings), tuple(asked))


@dataclass(frozen=True, order=True)
class Morning:
    """When somebody is told, in UTC."""

    at: datetime
    date: date
    user: str


async def live(week: Week, wanted: Wanted, embedder: Embedder, dsn: str, progress: Progress) -> Predictions:
    """Everything that is asked for."""
    async with offline(dsn, TeamId(week.team_id), MovedClock(before_all(week)), embedder) as here:
        lived = _Life(here, week, progress)
        told = await lived.through(sorted(mornings(week, wanted)))
        asked_for = [each for each in told if (each.user, each.date) in wanted.mornings]
        answers = await lived.answers(wanted.questions)
        concluded = await lived.conclusions()
        return concluded.model_copy(update={"briefings": tuple(asked_for), "answers": answers})


async def asked_at_the_end(week: Week, wanted: Wanted, embedder: Embedder, dsn: str, progress: Progress) -> Predictions:
    """The answers alone, of the whole week worked out in one go."""
    async with offline(dsn, TeamId(week.team_id), MovedClock(before_all(week)), embedder) as here:
        lived = _Life(here, week, progress)
        await lived.through([])
        return Predictions(answers=await lived.answers(wanted.questions))


async def work_out(week: Week, embedder: Embedder, dsn: str, progress: Progress) -> Predictions:
    """Conversations and facts alone, of the whole week in one go."""
    async with offline(dsn, TeamId(week.team_id), MovedClock(before_all(week)), embedder) as here:
        lived = _Life(here, week, progress)
        await lived.through([])
        return await lived.conclusions()


class _Life:
    def __init__(self, here: Offline, week: Week, progress: Progress) -> None:
        self._here, self._week, self._progress = here, week, progress
        self._names, self._intake = Names.of(week), Intake(here, week)
        self._team = TeamId(week.team_id)

    async def through(self, mornings: Sequence[Morning]) -> list[Briefing]:
        """Lives through the week, and returns the briefings of these mornings."""
        await self._intake.open()
        found: list[Briefing] = []
        over = after_all(self._week)
        ends = sorted({over, *(morning.at for morning in mornings)})
        for done, end in enumerate(ends, start=1):
            await self._arrive_at(end)
            found += [await self._brief(morning) for morning in mornings if morning.at == end]
            self._progress("living", done, len(ends))
        self._move(over)
        return found

    async def _arrive_at(self, end: datetime) -> None:
        changed = await self._intake.until(end)
        self._move(end)
        for place in changed:
            await self._here.rooms.extract(place)

    def _move(self, at: datetime) -> None:
        clock = self._here.clock
        if not isinstance(clock, MovedClock):
            raise TypeError("A week is lived through by a clock that can be moved.")
        clock.move(at)

    async def _brief(self, morning: Morning) -> Briefing:
        """Makes a person's briefing, and sees it delivered."""
        reader = self._names.person(morning.user)
        key = briefing_id(reader, morning.date)
        async with self._here.database.house() as connection:
            await people.enrol(connection, self._team, reader, before_all(self._week))
            await briefings.claim(connection, self._team, reader, morning.date, morning.at)
        await self._here.rooms.brief(key)
        await self._deliver(key, reader, morning.at)
        items = await items_of(self._here.database, key, reader, self._names)
        return Briefing(user=morning.user, date=morning.date, items=items)

    async def _deliver(self, key: BriefingId, reader: PersonId, at: datetime) -> None:
        async with self._here.database.house() as connection:
            for intent in await outbox.postings_of(connection, key):
                await outbox.sent(connection, intent.outbox_id, "", "", at)
                told = BriefingDelivered(subject_id=key, surface="briefing", channel="", ts="")
                sent = f"sent:{intent.outbox_id}"
                delivered = Event(team_id=self._team, key=sent, occurred_at=at, person_id=reader, told=told)
                await events.append(connection, self._team, [delivered])

    async def answers(self, questions: Sequence[Question]) -> tuple[Answer, ...]:
        """Asks everything, once all that was said can be found."""
        for place in self._names.places:
            await self._here.rooms.index(place)
        found: list[Answer] = []
        for number, asked in enumerate(questions, start=1):
            found.append(await self._ask(number, asked))
            self._progress("answering", number, len(questions))
        return tuple(found)

    async def _ask(self, number: int, asked: Question) -> Answer:
        """Asks at the end of the week, where the question is asked; its own words are no message of the week."""
        now = self._here.clock.now()
        where = self._where(asked)
        async with self._here.database.house() as connection:
            await containers.note(connection, self._team, where, now)
        at = now + timedelta(microseconds=number)  # messages of one container are told apart by their time
        raw = {"ts": microseconds(at.timestamp()), "user": asked.asker, "text": asked.text}
        message = decode.message(raw, self._team, where.container_id)
        arrived = MessageArrived(message=message, container=where, asks_daybook=True)
        asker = self._names.person(asked.asker)
        await questions.ask(self._here.database, self._here.rooms.dispatch, self._team, arrived, asker)
        viewer = Viewer.person(asker) if asked.where == DM else Viewer.channel(where.container_id)
        key = answer_id(message.message_id)
        await self._here.rooms.answer(key, f"{viewer.kind}:{viewer.viewer_id}")
        return await answer_of(self._here.database, key, viewer, asked.id, self._names)

    def _where(self, asked: Question) -> Container:
        """The place it is asked in: a container of the week, or a DM with Daybook in which nothing was asked before."""
        private = asked.where == DM
        external = f"D-{asked.id}" if private else asked.where
        return Container(
            container_id=container_id(self._team, decode.SLACK, external),
            team_id=self._team,
            external_id=external,
            kind="dm" if private else "private",  # known already: what its kind is stands in memory
        )

    async def conclusions(self) -> Predictions:
        talks, facts = [], []
        for place in self._names.places:
            talks += await talks_in(self._here.database, place, self._names)
            facts += await facts_in(self._here.database, place, self._names)
        return Predictions(conversations=tuple(talks), facts=in_order(facts, self._names))


def mornings(week: Week, wanted: Wanted) -> Iterator[Morning]:
    """Of everybody who is asked for: each workday of the week until the last one asked for."""
    zones = {user.id: user.tz for user in week.users}
    first = min((line.ts for line in week.messages), default=week.now.timestamp())
    for user in {user for user, _ in wanted.mornings}:
        asked = {day for name, day in wanted.mornings if name == user}
        begin = min(days.local_day(moment(first), zones[user]), *asked)
        between = (begin + timedelta(days=n) for n in range((max(asked) - begin).days + 1))
        for day in between:
            if day.weekday() <= FRIDAY or day in asked:
                at = datetime.combine(day, USUAL_TIME, days.zone(zones[user]))
                yield Morning(at.astimezone(UTC), day, user)
