"""What somebody filled into the settings form: judged, with a sentence at each field that cannot stay, and kept."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from graphs import days
from handlers import decode, quiet
from handlers.arrivals import SettingsSubmitted
from handlers.quiet import UnreadableDays
from memory import containers, people, settings
from memory.database import Connection, Database
from memory.models.audience import Viewer
from memory.models.base import Model
from memory.models.ids import ContainerId, PersonId, TeamId, container_id, person_id
from memory.models.people import Person
from memory.models.settings import Settings

LONGEST_ABSENCE = timedelta(days=366)
REMEMBERED = timedelta(days=31)
"""For so long it is known which days were quiet: a briefing after them says so."""
MOST_PROJECTS, LONGEST_PROJECT = 20, 60
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_PROJECTS = re.compile(r"[,\n]+")

ANY_DAY = "Choose at least one day, or press Stop if you want no briefings."
ANY_TIME = "Choose a time, such as 08:30."
HAS_COME = "That day has come already: choose the first day on which you want a briefing again."
TOO_LONG = "That is more than a year away: press Stop instead, and Start when you are back."
NOT_READ = "I read one of these channels not, or not for you: invite me there first, with /invite @Daybook."
BOTH = "A channel cannot be both followed and muted: take it out of one of the two."
UNKNOWN = "I do not know one of these people yet: take them out, or try again in a minute."
OWN_MANAGER = "You cannot be your own manager: choose somebody else, or nobody."
MANAGER_REPORTS = "Your manager cannot report to you: take them out here, or choose another manager."
MANY_PROJECTS = f"Name at most {MOST_PROJECTS} projects, each in at most {LONGEST_PROJECT} characters."
NO_CHOICE = "Choose one of those on offer."


class Known(Model):
    """What a form is judged by: who and what the person may choose among, and what they chose before."""

    me: PersonId
    today: date
    before: Settings
    people: frozenset[PersonId] = frozenset()
    channels: frozenset[ContainerId] = frozenset()


@dataclass
class Verdict:
    """The settings, as far as they can stay, and what is wrong, by field."""

    settings: Settings
    wrong: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Choosing:
    team: TeamId
    database: Database

    async def problems(self, asked: SettingsSubmitted, now: datetime) -> dict[str, str]:
        """What is wrong with a form, by field: a sentence each that says what to do."""
        async with self.database.viewing(Viewer.person(asked.person_id)) as connection:
            return judge(asked, await self._known(connection, asked.person_id, now)).wrong

    async def keep(self, asked: SettingsSubmitted, now: datetime) -> bool:
        """Keeps what a form says, once; what has become impossible since it was taken stays as it was."""
        async with self.database.viewing(Viewer.person(asked.person_id)) as connection:
            found = judge(asked, await self._known(connection, asked.person_id, now))
            return await settings.change(connection, self.team, asked.person_id, found.settings, asked.key, now)

    async def _known(self, connection: Connection, me: PersonId, now: datetime) -> Known:
        roster = await people.roster(connection, self.team)
        zone = roster[me].tz if me in roster else "UTC"
        return Known(
            me=me,
            today=days.local_day(now, zone),
            before=await settings.read(connection, me),
            people=frozenset(key for key, each in roster.items() if is_somebody(each)),
            channels=frozenset(await containers.readable(connection, Viewer.person(me))),
        )


def judge(asked: SettingsSubmitted, known: Known) -> Verdict:
    """Each field for itself, then what must not be chosen together."""
    found = Verdict(known.before)
    _judge_hours(asked, known, found)
    _judge_absence(asked, known, found)
    _judge_channels(asked, known, found)
    _judge_company(asked, known, found)
    named = tuple(dict.fromkeys(each for part in _PROJECTS.split(asked.projects) if (each := " ".join(part.split()))))
    fits = len(named) <= MOST_PROJECTS and all(len(each) <= LONGEST_PROJECT for each in named)
    _take(found, "projects", None if fits else MANY_PROJECTS, projects=named)
    return found


def _judge_hours(asked: SettingsSubmitted, known: Known, found: Verdict) -> None:
    at = _TIME.fullmatch(asked.brief_at)
    moment = time(int(at[1]), int(at[2])) if at else known.before.brief_at
    _take(found, "brief_at", None if at else ANY_TIME, brief_at=moment)
    worked = tuple(sorted({int(each) for each in asked.workdays if each in "0123456" and len(each) == 1}))
    _take(found, "workdays", None if worked else ANY_DAY, workdays=worked)
    for name in ("length", "place"):
        value = getattr(asked, name)
        fits = value in {"length": ("short", "usual", "full"), "place": ("channel", "dm")}[name]
        _take(found, name, None if fits else NO_CHOICE, **{name: value})
    _take(found, "on_activity", None, on_activity=asked.on_activity, weekly_review=asked.weekly_review)


def _judge_absence(asked: SettingsSubmitted, known: Known, found: Verdict) -> None:
    """Days that were quiet until now stay so: they are over, and the next briefing tells of them."""
    before, wrong = known.before, None
    try:
        named = quiet.read(asked.quiet_days)
    except UnreadableDays as error:
        named, wrong = tuple(day for day in before.quiet_days if day >= known.today), str(error)
    lately = [known.today - timedelta(days=back) for back in range(1, REMEMBERED.days + 1)]
    over = [day for day in lately if before.is_quiet(day)]
    quiet_days = tuple(sorted({*over, *(day for day in named if day >= known.today)}))
    _take(found, "quiet_days", wrong, quiet_days=quiet_days)
    if not asked.away_until:
        _take(found, "away_until", None, away_from=None, away_until=None)
        return
    back, wrong = _day(asked.away_until), None
    if back is None or back <= known.today:
        wrong = HAS_COME
    elif back - known.today > LONGEST_ABSENCE:
        wrong = TOO_LONG
    begins = before.away_from if before.away_until and before.away_until > known.today else known.today
    _take(found, "away_until", wrong, away_from=begins, away_until=back)


def _judge_channels(asked: SettingsSubmitted, known: Known, found: Verdict) -> None:
    chosen = {
        name: [container_id(asked.team_id, decode.SLACK, each) for each in given]
        for name, given in (("followed", asked.followed), ("muted", asked.muted))
    }
    for name, given in chosen.items():
        read = all(each in known.channels for each in given)
        _take(found, name, None if read else NOT_READ, **{name: tuple(given)})
    if {*chosen["followed"]} & {*chosen["muted"]}:
        found.settings = found.settings.model_copy(update={"muted": known.before.muted})
        found.wrong.setdefault("muted", BOTH)


def _judge_company(asked: SettingsSubmitted, known: Known, found: Verdict) -> None:
    def ids(given: Iterable[str]) -> tuple[PersonId, ...]:
        return tuple(person_id(asked.team_id, decode.SLACK, each) for each in given)

    for name, given in (("people", asked.people), ("report_ids", asked.reports)):
        chosen = tuple(each for each in ids(given) if each != known.me)
        strange = any(each not in known.people for each in chosen)
        _take(found, FIELDS.get(name, name), UNKNOWN if strange else None, **{name: chosen})
    manager = next(iter(ids([asked.manager] if asked.manager else [])), None)
    wrong = None
    if manager == known.me:
        wrong = OWN_MANAGER
    elif manager is not None and manager not in known.people:
        wrong = UNKNOWN
    _take(found, "manager", wrong, manager_id=manager)
    if manager is not None and manager in found.settings.report_ids:
        found.settings = found.settings.model_copy(update={"report_ids": known.before.report_ids})
        found.wrong.setdefault("reports", MANAGER_REPORTS)


FIELDS: Mapping[str, str] = {"report_ids": "reports"}
"""What a form calls otherwise."""


def _take(found: Verdict, name: str, wrong: str | None, **chosen: object) -> None:
    if wrong:
        found.wrong[name] = wrong
    else:
        found.settings = found.settings.model_copy(update=chosen)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def is_somebody(person: Person) -> bool:
    """Whether a person can be chosen: no bot, and not gone."""
    return person.role != "bot" and not person.deactivated
