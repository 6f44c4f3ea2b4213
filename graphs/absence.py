"""An absence: the workdays on which a reader was told nothing, and how the next briefing begins after them."""

from datetime import date, timedelta

from graphs import days
from memory.models.base import Model
from memory.models.briefings import Coverage
from memory.models.settings import Hours

LONGEST = 31
"""Days that a briefing looks back on: who was away for longer starts anew."""


class Absence(Model):
    """`missed` workdays lie between the last briefing and this one; `away`: on all of them the reader wanted none."""

    missed: int = 0
    away: bool = False


def since(told: date | None, today: date, hours: Hours) -> Absence:
    """What lies between the day of the last briefing that reached somebody, and today. A first one follows nothing."""
    if told is None or (today - told).days > LONGEST:
        return Absence()
    between = [told + timedelta(days=ahead) for ahead in range(1, (today - told).days)]
    worked = [day for day in between if day.weekday() in hours.workdays]
    return Absence(missed=len(worked), away=bool(worked) and all(map(hours.is_quiet, worked)))


def headline(said: str, coverage: Coverage, tz: str) -> str:
    """The morning in one sentence, which after an absence says so first."""
    if not coverage.missed or coverage.since is None:
        return said
    plain = said.removeprefix("A quiet day: ")  # it was more than one
    rest = f"{plain[:1].lower()}{plain[1:]}"
    if coverage.away:
        return f"You were away {days.plural(coverage.missed, 'day')}: {rest}"
    told = days.local_day(coverage.since, tz)
    return f"Your last briefing was on {days.calendar_day(told, told)}: {rest}"
