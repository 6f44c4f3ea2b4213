"""What an intent shows: read under its viewer's rights of this moment, and rendered for Slack."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from graphs import amendments, days, opening
from handlers import (
    answer_reasons,
    asides,
    correcting,
    decode,
    explaining,
    home,
    manners,
    presses,
    promising,
    proposals,
    staleness,
    today,
    tracking,
)
from handlers.arrivals import Pressed
from handlers.blocks import answer as answer_blocks
from handlers.blocks import briefing as briefing_blocks
from handlers.blocks import command as command_blocks
from handlers.blocks import holdings as holdings_blocks
from handlers.blocks import home as home_blocks
from handlers.blocks import limits
from handlers.blocks import manners as manners_blocks
from handlers.blocks import settings as settings_blocks
from handlers.blocks import today as today_blocks
from handlers.blocks import week as week_blocks
from handlers.blocks import welcome as welcome_blocks
from handlers.choosing import is_somebody
from handlers.holding import Known
from memory import answers, briefings, containers, messages, people, ratings, settings, teams
from memory.database import Connection, Database
from memory.models.audience import Viewer
from memory.models.briefings import Answer, Item
from memory.models.ids import (
    AnswerId,
    BriefingId,
    ContainerId,
    EventId,
    ItemId,
    MessageId,
    PersonId,
    TeamId,
    answer_id,
    briefing_id,
    container_id,
)
from memory.models.settings import USUAL_TIME
from memory.outbox import Intent
from memory.ratings import Verdict

NO_LONGER = "What I had found for this may no longer be shown here."
FAILED = (
    "Something failed on my side, so I could not answer this: ask me again in a few minutes, and if that fails too,"
    " tell whoever runs me."
)
REFUSED = (
    "I could not answer you in a channel: Slack does not let me write there. Ask me here, or have somebody who manages"
    " it allow that."
)
UNREAD = "I could not read your message, so there is no answer to it: ask me again, best in plain words."
NOTHING_LEFT = "What stood here was deleted, or may no longer be shown."


@dataclass(frozen=True)
class Rendered:
    """A message as Slack takes it: blocks, and the same in plain text."""

    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)

    def with_note(self, note: str) -> "Rendered":
        """The same with a line above it that says why it comes here."""
        return replace(self, blocks=[limits.context(note), *self.blocks]) if note else self


@dataclass(frozen=True)
class Surfaces:
    """Renders what is to be shown. None means that there is nothing (any more) to show."""

    team: TeamId
    database: Database
    missing: tuple[str, ...] = ()
    """Scopes that Daybook lacks."""

    async def render(self, intent: Intent) -> Rendered | None:
        if intent.surface in {"offer", "continued", "unhelpful"}:
            told = await asides.told(self.database, self.team, intent)
            return Rendered(*told) if told else None
        if intent.person_id:
            viewer = Viewer.person(intent.person_id)
        else:
            viewer = Viewer.channel(container_id(self.team, decode.SLACK, intent.channel or ""))
        async with self.database.viewing(viewer) as connection:
            match intent.surface:
                case "briefing":
                    return await self._briefing(connection, BriefingId(intent.subject_id), PersonId(viewer.viewer_id))
                case "answer":
                    return await self._answer(connection, viewer, intent)
                case "welcome":
                    return await self._welcome(connection, PersonId(viewer.viewer_id))
                case "correction":
                    return await self._correction(connection, intent, PersonId(viewer.viewer_id))
                case "failure" | "greeting" | "manners":
                    return await self._remark(connection, intent)
                case _:
                    raise ValueError(f"{intent.surface} has no renderer here.")

    async def _remark(self, connection: Connection, intent: Intent) -> Rendered | None:
        """What is said of Daybook itself: that it failed, or how it behaves in a channel."""
        if answers.is_refusal(intent.key):
            return Rendered(REFUSED, [limits.section(REFUSED)])
        if answers.is_unread(intent.key):
            read = await answers.is_known(connection, answer_id(MessageId(intent.subject_id)))
            gone = await messages.is_buried(connection, MessageId(intent.subject_id))
            return None if read or gone else Rendered(UNREAD, [limits.section(UNREAD)])
        if intent.surface == "failure":
            asked = await answers.question(connection, answers.failed(intent.key))
            return Rendered(FAILED, [limits.section(FAILED)]) if asked else None
        said = await manners.told(connection, self.team, intent)
        return Rendered(said, manners_blocks.blocks(said)) if said else None

    async def of_today(self, person: PersonId, now: datetime) -> tuple[date, tuple[Item, ...]]:
        """The day where one person lives, and what stands in the briefing that they got on it, as far as they may still
        read it.
        """
        async with self.database.viewing(Viewer.person(person)) as connection:
            day = days.local_day(now, await people.zone_of(connection, self.team, person))
            slot = await briefings.slot(connection, briefing_id(person, day))
            made = await briefings.read(connection, slot.briefing_id) if slot and slot.delivered_at else None
        return day, made.items if made else ()

    async def home(self, person: PersonId, now: datetime) -> dict[str, Any]:
        """The Home tab of one person."""
        async with self.database.viewing(Viewer.person(person)) as connection:
            return home_blocks.view(await home.read(connection, self.team, person, now, self.missing))

    async def holdings(self, person: PersonId, now: datetime) -> dict[str, Any]:
        """The list of what is held about one person, as far as they may read it."""
        async with self.database.viewing(Viewer.person(person)) as connection:
            known = await Known.read(connection, self.team, person, now)
            return holdings_blocks.view(await known.holdings(connection, self.team), known.show)

    async def briefing_asked(self, person: PersonId, now: datetime) -> dict[str, Any]:
        """What somebody sees who has just asked to be briefed."""
        async with self.database.viewing(Viewer.person(person)) as connection:
            found = await today.read(connection, self.team, person, now)
            return today_blocks.view(found, await self._url(connection))

    async def command(self, person: PersonId, word: str, now: datetime, channel: str = "") -> Rendered:
        """What the slash command answers to one person; `word`: what they want, empty for what is none of ours."""
        if word == "help":
            return Rendered("What you can enter.", command_blocks.helping())
        if word not in presses.COMMANDS:
            return Rendered(command_blocks.UNKNOWN)
        async with self.database.viewing(Viewer.person(person)) as connection:
            if word in manners.WORDS:
                return Rendered((await manners.verdict(connection, self.team, person, channel, word))[1])
            if word == "brief":
                found = await today.read(connection, self.team, person, now)
                url = await self._url(connection)
                return Rendered("Your briefing.", command_blocks.briefing(found, url))
            known = await Known.read(connection, self.team, person, now)
            if word == "privacy":
                held = await known.holdings(connection, self.team)
                return Rendered("What I know about you.", command_blocks.privacy(held))
        blocks = command_blocks.owing if word == "owe" else command_blocks.promised
        return Rendered("What is promised.", blocks(known.promises(), known.show))

    async def settings(self, person: PersonId, now: datetime) -> dict[str, Any]:
        """The form in which one person says how they want to be briefed, with what they chose so far."""
        viewer = Viewer.person(person)
        async with self.database.viewing(viewer) as connection:
            roster = await people.roster(connection, self.team)
            me = roster.get(person)
            chosen = await settings.read(connection, person)
            readable = await containers.readable(connection, viewer)
            named = await containers.read(connection, {*chosen.followed, *chosen.muted} & readable)
        manager = roster.get(me.reports_to) if me and me.reports_to else None
        shown = settings_blocks.Shown(
            settings=chosen,
            today=days.local_day(now, me.tz if me else "UTC"),
            channels={key: place.external_id for key, place in named.items()},
            people={key: each.external_id for key, each in roster.items() if is_somebody(each)},
            manager=manager.name if manager else "",
        )
        return settings_blocks.view(shown)

    async def why(self, person: PersonId, item_id: ItemId) -> dict[str, Any] | None:
        """Why an item stands in this person's briefing, with the words it rests on that they may read now."""
        async with self.database.viewing(Viewer.person(person)) as connection:
            return await explaining.why(connection, self.team, person, item_id)

    async def why_answer(self, person: PersonId, answer_id: AnswerId, now: datetime) -> dict[str, Any] | None:
        """What an answer was understood from, and what it rests on that this person may read now."""
        return await answer_reasons.view(self.database, self.team, person, answer_id, now)

    async def takes_back(self, person: PersonId, answer_id: AnswerId, verdict: Verdict, at: datetime) -> bool:
        """Whether a press at that moment takes back what was said of an answer, also once that is noted."""
        async with self.database.viewing(Viewer.person(person)) as connection:
            said = await ratings.of(connection, answer_id, person)
        return said is not None and said.is_undone_by(verdict, at)

    async def wrong_in_answer(self, person: PersonId, answer_id: AnswerId, now: datetime) -> dict[str, Any]:
        """The form that asks what is wrong with an answer."""
        names = await answer_reasons.facts_behind(self.database, self.team, person, answer_id)
        async with self.database.viewing(Viewer.person(person)) as connection:
            return await correcting.form_of(connection, self.team, person, names, now)

    async def wrong(self, person: PersonId, item_id: ItemId, at: datetime) -> dict[str, Any] | None:
        """The form that asks what is wrong with an item of this person's."""
        async with self.database.viewing(Viewer.person(person)) as connection:
            return await correcting.form(connection, self.team, person, item_id, at)

    async def wrong_at(self, person: PersonId, channel: str, ts: str, at: datetime) -> dict[str, Any]:
        """The form that asks what is wrong with what is known of a message, or with what one of ours tells."""
        names = await correcting.told_at(self.database, self.team, person, channel, ts)
        async with self.database.viewing(Viewer.person(person)) as connection:
            return await correcting.form_of(connection, self.team, person, names, at)

    async def proposal(self, pressed: Pressed) -> dict[str, Any] | None:
        """What opens at a press under what somebody's sentence would change."""
        return await proposals.view(self.database, self.team, pressed, pressed.at)

    async def tracking(self, person: PersonId, channel: str, ts: str) -> dict[str, Any]:
        """The form that makes a fact of a message."""
        async with self.database.viewing(Viewer.person(person)) as connection:
            return await tracking.form_at(connection, self.team, channel, ts)

    async def snoozing(self, person: PersonId, item_id: ItemId, at: datetime) -> dict[str, Any] | None:
        """The form that asks until when an item of this person's is to be put off."""
        async with self.database.viewing(Viewer.person(person)) as connection:
            today = days.local_day(at, await people.zone_of(connection, self.team, person))
            return await explaining.snoozing(connection, self.team, item_id, today + timedelta(days=1))

    async def today(self, person: PersonId, at: datetime) -> date:
        """That moment's date where the person lives."""
        async with self.database.house() as connection:
            return days.local_day(at, await people.zone_of(connection, self.team, person))

    async def _briefing(self, connection: Connection, briefing_id: BriefingId, person: PersonId) -> Rendered | None:
        briefing = await briefings.read(connection, briefing_id)
        if briefing is None:
            return None
        briefing = await amendments.as_it_is(connection, self.team, briefing)
        zone = await people.zone_of(connection, self.team, person)
        # The headline rests on all that was told: with one word of that gone, it is worded anew from what is left.
        if not briefing.headline:
            worded = NOTHING_LEFT
            if briefing.items:
                worded = opening.headline(briefing.kind, briefing.items, briefing.coverage, zone)
            briefing = briefing.model_copy(update={"headline": worded})
        cited = await messages.read(connection, {s.message_id for item in briefing.items for s in item.sources})
        channels = await self._channel_names(connection, [each.container_id for each in cited])
        url = await self._url(connection)
        surface = week_blocks if briefing.kind == "week" else briefing_blocks
        return Rendered(surface.fallback(briefing), surface.blocks(briefing, url, channels=channels, tz=zone))

    async def _answer(self, connection: Connection, viewer: Viewer, intent: Intent) -> Rendered | None:
        answer_id = AnswerId(intent.subject_id)
        if intent.operation != "update" and await answers.question(connection, answer_id) is None:
            return None  # whoever asked has taken the question back
        if proposed := await proposals.shown(connection, self.team, answer_id, intent.intended_at):
            return Rendered(*proposed)
        stands = await answers.read(connection, answer_id)
        found = stands or Answer(answer_id=answer_id, text=NO_LONGER, sources=())
        cited = await messages.read(connection, [source.message_id for source in found.sources])
        channels = await self._channel_names(connection, [each.container_id for each in cited])
        old = await staleness.footer(connection, self.team, viewer, answer_id, intent.intended_at)
        url = await self._url(connection)
        mine = await promising.under(connection, self.team, found, intent.person_id) if intent.person_id else []
        lines = answer_blocks.lines(found)
        shown = answer_blocks.blocks(
            found, url, lines=lines, channels=channels, note=old, promises=mine, rated=stands is not None
        )
        return Rendered(answer_blocks.fallback(found), shown)

    async def _welcome(self, connection: Connection, person: PersonId) -> Rendered:
        known = await people.known(connection, self.team, person)
        on = await people.reads(connection, person)
        shown = welcome_blocks.blocks(known.name if known else "", USUAL_TIME, briefings_on=on)
        return Rendered(welcome_blocks.fallback(briefings_on=on), shown)

    async def _correction(self, connection: Connection, intent: Intent, person: PersonId) -> Rendered | None:
        if correcting.is_unchanged(intent.key):
            return Rendered(correcting.UNCHANGED, [limits.section(correcting.UNCHANGED)])
        event = EventId(intent.subject_id)
        told = await correcting.reply(connection, self.team, person, event, intent.intended_at)
        if told is None:
            gone = [limits.section(correcting.NO_LONGER)]
            return Rendered(correcting.NO_LONGER, gone) if intent.operation == "update" else None
        return Rendered(*told)

    async def _channel_names(self, connection: Connection, cited: Iterable[ContainerId]) -> dict[str, str]:
        return {place.external_id: place.name for place in (await containers.read(connection, cited)).values()}

    async def _url(self, connection: Connection) -> str:
        team = await teams.read(connection, self.team)
        return team.url if team else ""
