"""A generated world put on stage: rows written, conversations and facts worked out, people told, questions answered.

What the stores are called stands here and in `surfaces.py`, and nowhere else in this folder.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.clock import FixedClock
from bot.runs import Graph
from graphs import answering, briefing, days, extraction, indexing, offering
from graphs.errors import ModelUnavailable
from graphs.ports import Context, Replied, Reply
from graphs.prompts import Prompt, Size
from handlers.sources import calendar
from handlers.sources.calendar import Invitation
from memory import (
    answers,
    briefings,
    containers,
    events,
    facts,
    feedback,
    leases,
    manners,
    messages,
    model_calls,
    offers,
    outbox,
    people,
    ratings,
    retrieval,
    settings,
    teams,
)
from memory.answers import Question
from memory.database import Connection
from memory.leases import Lease
from memory.model_calls import Account, Call, Limits
from memory.models.audience import Viewer
from memory.models.briefings import Kind
from memory.models.containers import Membership
from memory.models.events import Event
from memory.models.facts import Fact, FactStatus
from memory.models.happenings.telling import BriefingDelivered, ItemDeclined, ItemDone, ItemSnoozed
from memory.models.ids import (
    AnswerId,
    BriefingId,
    ContainerId,
    OutboxId,
    PersonId,
    TeamId,
    answer_id,
    briefing_id,
    container_id,
    offer_id,
    week_id,
)
from memory.models.messages import Message, Reaction
from memory.models.settings import Settings
from memory.outbox import Intent, Operation, Surface
from memory.teams import Team
from tests.embedding import Hashing
from tests.integration.chat import (
    TEAM,
    at,
    bury,
    container,
    introduce,
    members,
    open_containers,
    person,
    said,
    say,
    where,
    who,
)
from tests.integration.test_audience import World
from tests.promises.rehearsal import AppRehearsal
from tests.promises.worlds import MORNING_AFTER, SECOND_DAY, Line, Onlooker, Wordy

DAYBOOK = "DAYBOOK"
GRAPHS: Mapping[str, Graph] = {
    "extraction": extraction.build().compile(),
    "briefing": briefing.build().compile(),
    "answering": answering.build().compile(),
    "offering": offering.build().compile(),
}


class Nowhere:
    """What is to be sent stays in the outbox."""

    async def send(self, connection: Connection, outbox: OutboxId) -> None:
        """Nothing is sent."""


@dataclass
class Overheard:
    """A language model that never answers, and keeps what it was asked."""

    prompts: list[tuple[str, str]] = field(default_factory=list)

    def names(self, size: Size) -> tuple[str, ...]:
        return (f"overheard-{size}",)

    async def reply(self, task: str, prompt: Prompt, schema: type[Reply]) -> Replied[Reply]:
        self.prompts.append((task, f"{prompt.instructions}\n{prompt.data}"))
        raise ModelUnavailable("overheard")


@dataclass
class Stage:
    database: AppRehearsal
    lease: Lease
    model: Overheard = field(default_factory=Overheard)
    turns: list[Any] = field(default_factory=list)
    """Of the latest talk."""
    ordinal: int | None = None
    """Of this world among many: then a few of the questions of each kind are asked in it, and all in all of them."""

    def some(self, questions: Sequence[str], many: int) -> list[str]:
        if self.ordinal is None:
            return [*questions]
        return [questions[(self.ordinal * many + each) % len(questions)] for each in range(many)]

    def context(self, minutes: float) -> Context:
        return Context(
            TEAM, DAYBOOK, self.database, FixedClock(at(minutes)), self.lease, Nowhere(), self.model, Hashing()
        )

    async def run(self, graph: str, start: Mapping[str, Any], minutes: float) -> dict[str, Any]:
        """Runs a graph to its end; returns its state."""
        return await GRAPHS[graph].ainvoke(dict(start), context=self.context(minutes))

    # What happens --------------------------------------------------------------------------------------------------

    async def build(self, world: Wordy, *, until: float = MORNING_AFTER, told: Sequence[Onlooker] = ()) -> None:
        """Writes the world and works it out, day by day; `told` had a briefing on the morning between."""
        await self.people_places(world.world)
        evening = SECOND_DAY - 60.0
        for since, end in ((-1.0, evening), (evening, until)) if told else ((-1.0, until),):
            fresh = [line for line in world.lines if since < line.minutes <= end]
            await self.say(*(line.message() for line in fresh))
            for name in sorted({line.place for line in fresh}):
                await self.work_out(name, end)
            if end < until:
                for each in told:
                    await self.brief(each.name, end)
                    await self.answer_items(each.name, end)

    async def people_places(self, made: World) -> None:
        """Who is there, and who is where; whoever is not in a place was there once, and left."""
        known = [person(p.name, p.role, deactivated=p.deactivated) for p in made.people if p.known]
        await introduce(self.database, *known)
        await open_containers(self.database, *(container(p.name, p.kind, read=p.read) for p in made.places))
        for place in made.places:
            if place.members_known:
                await members(self.database, place.name, *sorted(place.members))
            gone = {each.name for each in made.people} - place.members
            await self.moved(place.name, {*gone, *place.members}, 0.1, joined=True)
            await self.moved(place.name, gone, 0.2, joined=False)
            if place.personal:
                await self.make_personal(place.name, next(iter(sorted(place.members)), "ANA"))

    async def moved(self, place: str, names: Iterable[str], minutes: float, *, joined: bool) -> None:
        changes = [
            Membership(container_id=where(place), person_id=who(name), joined=joined, at=at(minutes))
            for name in sorted(names)
        ]
        async with self.database.house() as connection:
            await containers.change_members(connection, TEAM, changes)

    async def make_personal(self, place: str, owner: str) -> None:
        async with self.database.house() as connection:
            await containers.make_personal(connection, TEAM, where(place), who(owner), at(0))

    async def say(self, *found: Message) -> None:
        await say(self.database, *found)

    async def edit(self, line: Line, text: str, minutes: float) -> None:
        await self.say(line.message(edited_at=at(minutes)).model_copy(update={"text": text}))

    async def delete(self, line: Line, minutes: float) -> None:
        await bury(self.database, line.message(), minutes)

    async def react(self, line: Line, name: str, minutes: float) -> None:
        reaction = Reaction(
            message_id=line.message().message_id,
            container_id=where(line.place),
            person_id=who(line.author),
            name=name,
            added=True,
            at=at(minutes),
        )
        async with self.database.scribing(where(line.place)) as connection:
            await messages.react(connection, TEAM, [reaction])

    async def open_private(self, place: str, *names: str) -> None:
        await open_containers(self.database, container(place, "private"))
        await members(self.database, place, *names)

    async def rename(self, place: str, name: str) -> None:
        async with self.database.house() as connection:
            await containers.rename(connection, where(place), name)
            await containers.archive(connection, TEAM, where(place), archived=True, at=at(0))

    async def close(self, place: str) -> None:
        """Made private."""
        async with self.database.house() as connection:
            await containers.convert(connection, TEAM, where(place), "private", at(0))

    async def hush(self, place: str, minutes: float) -> None:
        """Daybook is to be quiet there, and cannot read it back."""
        async with self.database.house() as connection:
            await manners.choose(connection, TEAM, where(place), who("ANA"), follow_ups=False, at=at(minutes))
            await containers.reading_failed(connection, where(place), at(minutes))

    async def leave(self, place: str) -> None:
        """Daybook is no longer there."""
        async with self.database.house() as connection:
            await containers.left(connection, TEAM, where(place), at(0))

    async def settle_facts(self, place: str, minutes: float) -> int:
        """Every fact of a place is resolved or reversed; says how many there were."""
        async with self.database.scribing(where(place)) as connection:
            known = await facts.current_in(connection, where(place), at(-1), [])
            said = await messages.read(connection, {each.message_id for fact in known for each in fact.evidence})
            wordings = {message.message_id: messages.text_of(message) for message in said}
            ended = [_ended(fact, at(minutes)) for fact in known]
            await facts.record(connection, TEAM, ended, wordings, at(minutes))
        return len(known)

    async def work_out(self, place: str, minutes: float) -> None:
        await indexing.index(self.database, where(place), Hashing())
        while await self._has_work(where(place)):
            await self.run("extraction", {"container_id": str(where(place))}, minutes)

    async def invite(self, *names: str, title: str = "Ledger review", minutes: float = MORNING_AFTER + 60) -> None:
        """Plans a meeting of these people."""
        there = frozenset(map(who, names))
        first = who(names[0])
        told = Invitation(f"E-{names[0]}", title, "", at(minutes), at(minutes + 30), first, there, at(0), at(0))
        await calendar.take(self.database, TEAM, told)

    async def brief(self, name: str, minutes: float, kind: Kind = "day") -> BriefingId:
        """Makes and delivers somebody's briefing of that moment, or the review of the week until then."""
        today = days.local_day(at(minutes), "UTC")
        key = briefing_id(who(name), today) if kind == "day" else week_id(who(name), today)
        async with self.database.house() as connection:
            await people.start_reading(connection, TEAM, who(name), at(0))
            await briefings.claim(connection, TEAM, who(name), today, at(minutes), kind)
        await self.run("briefing", {"briefing_id": str(key)}, minutes)
        async with self.database.house() as connection:
            sent = BriefingDelivered(subject_id=key, surface="briefing", channel="G1", ts="1.0")
            told = Event(team_id=TEAM, key=f"sent:{key}", occurred_at=at(minutes), person_id=who(name), told=sent)
            await events.append(connection, TEAM, [told])
        return key

    async def choose(self, name: str, chosen: Settings, minutes: float) -> None:
        """Somebody says how they want to be briefed."""
        async with self.database.viewing(Viewer.person(who(name))) as connection:
            await settings.change(connection, TEAM, who(name), chosen, str(minutes), at(minutes))

    async def answer_items(self, name: str, minutes: float) -> None:
        """Somebody says something of each item of that day's briefing: that it is done, later, or not for them."""
        key = briefing_id(who(name), days.local_day(at(minutes), "UTC"))
        async with self.database.viewing(Viewer.person(who(name))) as connection:
            made = await briefings.read(connection, key)
            for number, item in enumerate(made.items if made else ()):
                told = (
                    ItemDeclined(item_id=item.item_id),
                    ItemDone(item_id=item.item_id),
                    ItemSnoozed(item_id=item.item_id, until=days.local_day(at(minutes), "UTC")),
                )[number % 3]
                await feedback.say(connection, TEAM, who(name), told, at(minutes))

    async def call_a_model(self, *names: str) -> None:
        """A call on record, and tokens spent, on behalf of each."""
        for name in names:
            account = Account(team_id=TEAM, day=at(0).date(), person_id=who(name))
            call = Call(
                team_id=TEAM,
                task="compose",
                model="large",
                endpoint="first",
                person_id=who(name),
                cause="briefing:1",
                asked_at=at(0),
                latency_ms=1,
                outcome="ok",
            )
            async with self.database.house() as connection:
                await model_calls.reserve(connection, account, 10, Limits(everybody=1000, person=1000))
                await model_calls.record(connection, call)

    async def ask(self, onlooker: Onlooker, text: str, minutes: float) -> AnswerId:
        """Has a question answered: in a DM for a person, in the channel for a channel."""
        return (await self.talk(onlooker, [text], minutes))[0]

    async def talk(
        self,
        onlooker: Onlooker,
        texts: Sequence[str],
        minutes: float,
        turns: Sequence[Any] = (),
        under: str | None = None,
    ) -> list[AnswerId]:
        """Has questions answered one after the other, each knowing of those before and of these `turns`.

        `under`: what of ours the thread hangs under, in which they are asked.
        """
        told = []
        self.turns = list(turns)
        for ordinal, text in enumerate(texts):
            question = await self._asked(onlooker, text, minutes + ordinal / 10, under=under)
            start = {
                "answer_id": str(question.answer_id),
                "viewer_kind": question.viewer_kind,
                "viewer_id": str(question.viewer_id),
                "turns": self.turns,
            }
            self.turns = (await self.run("answering", start, minutes + ordinal / 10))["turns"]
            told.append(question.answer_id)
        return told

    async def offer(self, name: str, place: str, text: str, minutes: float, *, really: bool = True) -> AnswerId:
        """Somebody asks in a channel, is answered there, and offered what they may read beyond it, if `really`."""
        onlooker = Onlooker("channel", place)
        question = await self._asked(onlooker, text, minutes, who(name))
        viewer = {"viewer_kind": question.viewer_kind, "viewer_id": str(question.viewer_id)}
        await self.run("answering", {"answer_id": str(question.answer_id), "turns": [], **viewer}, minutes)
        start = {"answer_id": str(question.answer_id), "channel_id": str(question.container_id)}
        if really:
            await self.run("offering", start, minutes)
        return question.answer_id

    async def note_offer(self, name: str, place: str, answer: AnswerId, lines: Iterable[Line], minutes: float) -> None:
        """What would be noted if these lines were offered beside an answer."""
        said = [line.message().message_id for line in lines]
        async with self.database.viewing(Viewer.person(who(name))) as connection:
            await offers.make(connection, TEAM, answer, who(name), where(place), said, at(minutes))

    async def offered(self, name: str, answer: AnswerId) -> int:
        """How much somebody is offered beside an answer, at this moment."""
        async with self.database.viewing(Viewer.person(who(name))) as connection:
            return await offers.count(connection, offer_id(answer), who(name))

    async def rate(self, name: str, answer: AnswerId, minutes: float) -> None:
        async with self.database.viewing(Viewer.person(who(name))) as connection:
            await ratings.rate(connection, TEAM, answer, who(name), "down", at(minutes))

    async def post_briefing(self, key: BriefingId, onlooker: Onlooker, minutes: float) -> str:
        """Puts a briefing where this onlooker asks things, whoever's it is; the `ts` under which it stands there."""
        stands = f"{minutes:.6f}"
        async with self.database.house() as connection:
            (intended,) = await outbox.postings_of(connection, key)
            await outbox.sent(connection, intended.outbox_id, _asking_place(onlooker), stands, at(minutes))
        return stands

    async def _asked(
        self,
        onlooker: Onlooker,
        text: str,
        minutes: float,
        asker: PersonId | None = None,
        under: str | None = None,
    ) -> Question:
        asked = said(_asking_place(onlooker), minutes, text)
        if onlooker.kind == "person":
            await open_containers(self.database, container(_asking_place(onlooker), "dm"))
        question = Question(
            answer_id=asked_of(onlooker, minutes),
            asker_id=asker or (onlooker.viewer.viewer_id if onlooker.kind == "person" else who("ANA")),
            container_id=asked.container_id,
            question_message_id=asked.message_id,
            thread_ts=under,
            viewer_kind=onlooker.viewer.kind,
            viewer_id=onlooker.viewer.viewer_id,
            question=text,
            asked_at=asked.posted_at,
        )
        async with self.database.viewing(onlooker.viewer) as connection:
            await answers.ask(connection, TEAM, question)
        return question

    async def _has_work(self, place: ContainerId) -> bool:
        async with self.database.scribing(place) as connection:
            return await messages.has_work(connection, place)

    # What there is, whoever may read it -------------------------------------------------------------------------------

    async def everything(self, column: str, table: str) -> list[Any]:
        async with self.database.as_owner() as connection:
            found = await connection.execute(f"select {column} as id from {table} order by 1".encode())
            return [row["id"] for row in await found.fetchall()]


async def open_stage(rehearsal: AppRehearsal) -> Stage:
    """An empty stage, with one team."""
    async with rehearsal.house() as connection:
        await retrieval.open_space(connection, indexing.space_of(Hashing()))
        await teams.see(connection, Team(team_id=TEAM, url="https://acme.example/", bot_person_id=who(DAYBOOK)))
        given = {"run_key": "rehearsal", "team_id": TEAM, "owner": "rehearsal", "seconds": 86_400}
        row = await (await connection.execute(leases.SQL["take_lease"], given)).fetchone()
        await _open_other_team(connection)
    assert row is not None
    return Stage(rehearsal, Lease("rehearsal", row["fence"]))


async def _open_other_team(connection: Connection) -> None:
    """Another workspace in the same database, public channel and all."""
    team, other = TeamId("T2"), person("ZOE").model_copy(update={"team_id": TeamId("T2")})
    place = container("COTHER").model_copy(update={"team_id": team})
    hers = container("CHERS", "private").model_copy(update={"team_id": team})
    await teams.see(connection, Team(team_id=team))
    await people.see(connection, team, [other], at(0))
    await containers.see(connection, team, [place, hers], at(0))
    await containers.set_members(connection, team, hers.container_id, [other.person_id], at(0))


def invited_to(name: str) -> ContainerId:
    """The meeting that `Stage.invite` plans with this person first."""
    return container_id(TEAM, calendar.CALENDAR, f"E-{name}")


def asked_of(onlooker: Onlooker, minutes: float) -> AnswerId:
    """The id of the answer to what was asked then for this viewer."""
    return answer_id(said(_asking_place(onlooker), minutes, "").message_id)


def _asking_place(onlooker: Onlooker) -> str:
    return f"DM{onlooker.name}" if onlooker.kind == "person" else onlooker.name


def intent(surface: Surface, subject: Any, onlooker: Onlooker, operation: Operation = "post") -> Intent:
    """What the outbox would hold for it."""
    return Intent(
        outbox_id=OutboxId(subject),
        team_id=TEAM,
        key=f"{surface}:{subject}",
        surface=surface,
        subject_id=subject,
        operation=operation,
        person_id=PersonId(onlooker.viewer.viewer_id) if onlooker.kind == "person" else None,
        channel=onlooker.name if onlooker.kind == "channel" else None,
        intended_at=at(MORNING_AFTER),
    )


def _ended(fact: Fact, moment: datetime) -> Fact:
    ends: dict[str, FactStatus] = {
        "decision": "reversed",
        "commitment": "done",
        "question": "answered",
        "blocker": "cleared",
        "update": "reported",
    }
    return fact.model_copy(update={"status": ends[fact.kind], "valid_to": moment})
