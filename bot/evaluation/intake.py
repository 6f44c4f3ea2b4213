"""A week as Daybook would have met it: everything goes through the decoder of Slack's payloads, in the order of time.

Nothing is known before it happens: a message's later wording, its deletion, who joins and who leaves. What a world
does not tell is taken so: a reaction comes with its message, and a direct message is read as a private channel.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.evaluation.world import Line, Meeting, Place, Review, User, Week, microseconds, moment
from bot.offline import Offline
from handlers import decode
from handlers.sources import calendar, reviews
from memory import containers, messages, people, teams
from memory.models.containers import Container, Membership
from memory.models.ids import ContainerId, MessageId, PersonId, TeamId, container_id, message_id, person_id
from memory.models.messages import Deletion, Message
from memory.models.people import Person
from memory.teams import Team

BATCH = 500


@dataclass(frozen=True)
class Names:
    """The ids of a world, and what they are called in memory."""

    team: TeamId
    people: Mapping[PersonId, str] = field(repr=False)
    places: Mapping[ContainerId, str] = field(repr=False)
    messages: Mapping[MessageId, str] = field(repr=False)

    @classmethod
    def of(cls, week: Week) -> "Names":
        team = TeamId(week.team_id)
        return cls(
            team,
            {person_id(team, decode.SLACK, user.id): user.id for user in week.users},
            {container_id(team, decode.SLACK, place.id): place.id for place in week.containers},
            {
                **{message_id(_place(team, line.container), microseconds(line.ts)): line.id for line in week.messages},
                **{calendar.invitation_of(team, each.id): each.id for each in week.calendar},
                **{message_id(reviews.place_of(team, each.pull_request), each.id): each.id for each in week.reviews},
            },
        )

    def person(self, name: str) -> PersonId:
        return person_id(self.team, decode.SLACK, name)

    def place(self, name: str) -> ContainerId:
        return _place(self.team, name)


class Intake:
    """Takes a week in, from one moment to the next."""

    def __init__(self, here: Offline, week: Week) -> None:
        self._here, self._week, self._team = here, week, TeamId(week.team_id)
        self._lines: dict[str, list[Line]] = {place.id: [] for place in week.containers}
        for line in week.messages:
            self._lines[line.container].append(line)
        self._by_id = {line.id: line for line in week.messages}
        self._bots = {user.id for user in week.users if user.is_bot}
        self._known_until = before_all(week).timestamp()

    async def open(self) -> None:
        """Who is there at the beginning, and where."""
        week, team, at = self._week, self._team, before_all(self._week)
        async with self._here.database.house() as connection:
            await teams.see(connection, Team(team_id=team, name=week.name, url="https://example.slack.com/"))
            await people.see(connection, team, [_person(user, team) for user in week.users], at)
            await containers.see(connection, team, [_container(place, team) for place in week.containers], at)
            for place in week.containers:
                present = [person_id(team, decode.SLACK, name) for name in present_at_first(place)]
                await containers.set_members(connection, team, _place(team, place.id), present, at)
        for meeting in week.calendar:  # when somebody was invited is not told: it was known from the beginning
            await calendar.take(self._here.database, team, self._invitation(meeting, at))

    async def until(self, end: datetime) -> list[ContainerId]:
        """Takes in all that happened before a moment, and says in which containers something did."""
        since, self._known_until = self._known_until, end.timestamp()
        moved = [each for place in self._week.containers for each in self._moved(place, since)]
        async with self._here.database.house() as connection:
            await containers.change_members(connection, self._team, moved)
        changed = [place.id for place in self._week.containers if await self._said(place.id, since)]
        return [_place(self._team, name) for name in changed] + await self._reviewed(since)

    async def _reviewed(self, since: float) -> list[ContainerId]:
        """The pull requests that something happened to."""
        new: dict[str, list[Review]] = {}
        for step in self._week.reviews:
            if self._is_new(step.ts, since):
                new.setdefault(step.pull_request, []).append(step)
        for name, steps in new.items():
            readers = frozenset(self._who(reader) for step in steps for reader in step.readers)
            pull = reviews.PullRequest(name, steps[0].title, readers)
            await reviews.take(self._here.database, self._team, pull, [self._step(step) for step in steps])
        return [reviews.place_of(self._team, name) for name in new]

    def _step(self, step: Review) -> reviews.Happened:
        reviewer = self._who(step.reviewer) if step.reviewer else None
        verdict = step.state or "" if step.kind == "reviewed" else ""
        return reviews.Happened(
            step.id, step.kind, moment(step.ts), self._who(step.author), reviewer, verdict, step.text
        )

    def _invitation(self, meeting: Meeting, at: datetime) -> calendar.Invitation:
        return calendar.Invitation(
            external_id=meeting.id,
            title=meeting.title,
            description=meeting.description,
            starts_at=meeting.start,
            ends_at=meeting.end,
            organizer=self._who(meeting.organizer) if meeting.organizer else None,
            attendees=frozenset(self._who(name) for name in meeting.attendees),
            first_told_at=at,
            told_at=at,
        )

    def _who(self, name: str) -> PersonId:
        return person_id(self._team, decode.SLACK, name)

    def _is_new(self, ts: float, since: float) -> bool:
        return since <= ts < self._known_until

    def _moved(self, place: Place, since: float) -> Iterator[Membership]:
        for moves, joined in ((place.joins, True), (place.leaves, False)):
            for move in moves:
                if self._is_new(move.ts, since):
                    yield Membership(
                        container_id=_place(self._team, place.id),
                        person_id=person_id(self._team, decode.SLACK, move.user),
                        joined=joined,
                        at=moment(move.ts),
                    )

    async def _said(self, place: str, since: float) -> bool:
        where, team = _place(self._team, place), self._team
        new = [line for line in self._lines[place] if self._is_new(line.ts, since)]
        edited = [line for line in self._lines[place] if line.edited and self._is_new(line.edited.ts, since)]
        gone = [line for line in self._lines[place] if line.deleted is not None and self._is_new(line.deleted, since)]
        wordings = [*map(self._as_posted, new), *map(self._as_edited, edited)]
        for batch in _batches([decode.message(raw, team, where) for raw in wordings]):
            async with self._here.database.scribing(where) as connection:
                await messages.store(connection, team, batch)
        posted = [self._as_posted(line) for line in new if line.reactions]
        async with self._here.database.scribing(where) as connection:
            for raw in posted:
                await messages.react(connection, team, decode.reactions(raw, decode.message(raw, team, where)))
            for line in gone:
                await messages.bury(connection, self._deletion(line, where))
        return bool(new or edited or gone)

    def _as_posted(self, line: Line) -> dict[str, Any]:
        """The message as Slack would have described it when it was posted."""
        raw: dict[str, Any] = {
            "type": "message",
            "ts": microseconds(line.ts),
            "user": line.user,
            "text": line.text,
            "reactions": [{"name": each.name, "users": list(each.users)} for each in line.reactions],
        }
        if line.user in self._bots:
            raw["bot_id"] = f"B{line.user}"
        if line.thread:
            raw["thread_ts"] = microseconds(self._by_id[line.thread].ts)
        return raw

    def _as_edited(self, line: Line) -> dict[str, Any]:
        raw = self._as_posted(line)
        if line.edited:
            raw |= {"text": line.edited.text, "edited": {"user": line.user, "ts": microseconds(line.edited.ts)}}
        return raw

    def _deletion(self, line: Line, where: ContainerId) -> Deletion:
        ts = microseconds(line.ts)
        return Deletion(
            team_id=self._team,
            container_id=where,
            message_id=message_id(where, ts),
            external_ts=ts,
            posted_at=moment(line.ts),
            at=moment(line.deleted or line.ts),
        )


def before_all(week: Week) -> datetime:
    """A moment before anything happened."""
    return min((moment(line.ts) for line in week.messages), default=week.now.astimezone(UTC)) - timedelta(days=7)


def after_all(week: Week) -> datetime:
    """The moment at which the week is looked back on; nothing happens later."""
    times = [line.ts for line in week.messages]
    times += [line.edited.ts for line in week.messages if line.edited]
    times += [line.deleted for line in week.messages if line.deleted is not None]
    return max([week.now.astimezone(UTC), *(moment(ts) + timedelta(seconds=1) for ts in times)])


def present_at_first(place: Place) -> list[str]:
    """Who was in it before anybody joined or left: whose first move is to leave was there."""
    moves = sorted(
        [(move.ts, move.user, False) for move in place.joins] + [(move.ts, move.user, True) for move in place.leaves]
    )
    was_there: dict[str, bool] = {}
    for _, user, leaves in moves:
        was_there.setdefault(user, leaves)
    return [name for name in {**dict.fromkeys(place.members), **was_there} if was_there.get(name, True)]


def _person(user: User, team: TeamId) -> Person:
    """With manager and projects, as a directory would give them: Slack does not."""
    raw = {
        "id": user.id,
        "name": user.name,
        "tz": user.tz,
        "is_bot": user.is_bot,
        "is_restricted": user.is_guest,
        "profile": {"display_name": user.name, "real_name": user.real_name, "title": user.title},
    }
    directory = {"manager_external_id": user.manager, "projects": user.projects}
    return decode.person(raw, team).model_copy(update=directory)


def _container(place: Place, team: TeamId) -> Container:
    raw = {"id": place.id, "name": place.name, "is_private": place.kind != "public", "is_member": True}
    return decode.container(raw, team)


def _place(team: TeamId, name: str) -> ContainerId:
    return container_id(team, decode.SLACK, name)


def _batches(rows: Sequence[Message]) -> Iterable[Sequence[Message]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
