"""What is known of somebody, and what is read for them: under their own rights of this moment."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from graphs import days, sentences
from graphs.sentences import Voice
from handlers import staleness
from handlers.blocks.coverage import Coverage
from handlers.blocks.holdings import Holdings
from handlers.blocks.known import Line, Promises, Show
from memory import containers, facts, inbox, manners, messages, people, settings, teams, tracking
from memory.database import Connection
from memory.models.audience import Viewer
from memory.models.briefings import Source
from memory.models.facts import GIVEN_WORD, Fact
from memory.models.ids import PersonId, TeamId

MOST = 500
"""Facts about one person that are looked at."""


@dataclass(frozen=True)
class Known:
    """The facts that name a person, as they stand for that person, and their lines."""

    person: PersonId
    facts: tuple[Fact, ...]
    lines: tuple[Line, ...]
    show: Show

    @classmethod
    async def read(cls, connection: Connection, team: TeamId, person: PersonId, now: datetime) -> Self:
        """Call it as that person."""
        roster = await people.roster(connection, team)
        voice = Voice.of(team, roster, person, now)
        found = await facts.naming(connection, person, MOST)
        said = {
            each.message_id: each
            for each in await messages.read(connection, {span.message_id for fact in found for span in fact.evidence})
        }
        places = await containers.read(connection, {each.container_id for each in said.values()})
        lines = []
        for fact in found:
            cited = [said[span.message_id] for span in fact.evidence if span.message_id in said]
            lines.append(
                Line(
                    fact_id=fact.fact_id,
                    kind=fact.kind,
                    text=sentences.of_fact(fact, voice, cited[0].kind if cited else "human"),
                    since=days.local_day(fact.valid_from, voice.tz),
                    confirmed=fact.kind == "commitment" and fact.log_odds >= GIVEN_WORD,
                    sources=tuple(dict.fromkeys(Source.of(each, places[each.container_id]) for each in cited)),
                )
            )
        known = await teams.read(connection, team)
        channels = {place.external_id: place.name for place in places.values()}
        show = Show(team_url=known.url if known else "", today=voice.today, channels=channels)
        return cls(person, tuple(found), tuple(lines), show)

    def promises(self) -> Promises:
        """What is open, what is due first before it; of what one promised oneself, one owes it."""
        pairs = [*zip(self.facts, self.lines, strict=True)]
        still = [(f, line) for f, line in pairs if f.kind == "commitment" and f.status == "open"]
        still.sort(key=lambda pair: (pair[0].due or date.max, pair[0].valid_from, pair[0].fact_id))
        return Promises(
            owed=tuple(line for f, line in still if f.actor_id == self.person),
            due_to_me=tuple(line for f, line in still if f.actor_id != self.person),
        )

    async def holdings(self, connection: Connection, team: TeamId) -> Holdings:
        """Everything that is held about them, the newest first. Call it as that person."""
        roster = await people.roster(connection, team)
        me = roster.get(self.person)
        chosen = await settings.read(connection, self.person)
        boss = me.reports_to if me and me.reports_to else chosen.manager_id
        pairs = sorted(zip(self.facts, self.lines, strict=True), key=lambda pair: pair[0].valid_from, reverse=True)
        return Holdings(
            facts=tuple(line for _, line in pairs),
            messages=await messages.count_by(connection, self.person),
            title=me.title if me else "",
            manager=roster[boss].name if boss and boss in roster else "",
            projects=tuple(dict.fromkeys((*(me.projects if me else ()), *chosen.projects))),
            tracked=not await tracking.is_untracked(connection, self.person),
        )


async def coverage(connection: Connection, team: TeamId, person: PersonId, now: datetime) -> Coverage:
    """What is read for a person, and what is not. Call it as that person."""
    readable = await containers.readable(connection, Viewer.person(person))
    places = (await containers.read(connection, readable)).values()
    named = sorted((each for each in places if each.kind in {"public", "private"} and each.name), key=lambda p: p.name)
    named = [each for each in named if each.source == "slack"]
    behind = await containers.unfinished(connection, readable)
    unread = await containers.without_history(connection, readable)
    quiet = await manners.quiet(connection, readable)
    return Coverage(
        channels=tuple(each.name for each in named),
        others=len(places) - len(named),
        last_read=await messages.last_read(connection, person),
        unread=tuple(each.name for each in named if each.container_id in unread),
        behind=tuple(each.name for each in named if each.container_id in behind),
        failed=await inbox.failures_at(connection, team, [each.external_id for each in places]),
        left=tuple(await containers.left_by_daybook(connection, person)),
        unreadable=await staleness.of(connection, Viewer.person(person), now),
        quiet=tuple((each.external_id, each.name) for each in named if each.container_id in quiet),
    )
