"""Contextualise: a viewer -> who they are to the others, what they owe and are owed, what they were told before.

In: the reader, the people and facts they may know of, and what earlier mornings told. Out: a ReaderContext.
Check: it names only people and facts that were given, and nobody reports to themselves.
"""

from collections import defaultdict
from uuid import UUID

from pydantic import SkipValidation

from graphs.ports import Context
from graphs.preferences import Preferences
from memory.briefings import Told
from memory.feedback import Said
from memory.models.base import Model
from memory.models.facts import Fact
from memory.models.ids import FactId, PersonId
from memory.models.people import Person
from memory.models.settings import Settings

VERSION = "rules-1"


class Given(Model):
    person: Person
    people: SkipValidation[tuple[Person, ...]] = ()
    facts: tuple[Fact, ...] = ()
    told: tuple[Told, ...] = ()
    settings: Settings = Settings()
    missed: int = 0
    said: tuple[Said, ...] = ()
    due: tuple[UUID, ...] = ()


class ReaderContext(Model):
    """Who a briefing is for. `reports` are direct; `further_reports` report to those.

    `projects` are words. `said` is what they said of earlier items, `due` what they asked to see again by now.
    """

    person: Person
    reports: tuple[PersonId, ...] = ()
    further_reports: tuple[PersonId, ...] = ()
    manager: PersonId | None = None
    projects: tuple[str, ...] = ()
    owed_by_me: tuple[FactId, ...] = ()
    owed_to_me: tuple[FactId, ...] = ()
    told: tuple[Told, ...] = ()
    preferences: Preferences = Preferences()
    said: tuple[Said, ...] = ()
    due: tuple[UUID, ...] = ()


class UnknownCompany(ValueError):
    """The reader is tied to people or facts that were not given, or reports to themselves."""


async def run(given: Given, context: Context) -> ReaderContext:  # noqa: ARG001  # the model engine will need the context
    found = rules(given)
    check(given, found)
    return found


def rules(given: Given) -> ReaderContext:
    me = given.person
    reports, further = _reports(me, given.people, given.settings.report_ids)
    open_promises = sorted(
        (f for f in given.facts if f.kind == "commitment" and f.status == "open"), key=lambda f: f.fact_id
    )
    return ReaderContext(
        person=me,
        reports=reports,
        further_reports=further,
        manager=_superior(me, given.people) or _known(given.settings.manager_id, given),
        projects=me.projects,
        owed_by_me=tuple(f.fact_id for f in open_promises if f.actor_id == me.person_id),
        owed_to_me=tuple(
            f.fact_id for f in open_promises if f.counterparty_id == me.person_id and f.actor_id != me.person_id
        ),
        told=tuple(sorted(given.told, key=lambda t: (t.anchor_id, t.local_date, t.fingerprint))),
        preferences=Preferences.of(given.settings, missed=given.missed),
        said=tuple(sorted(given.said, key=lambda s: (s.at, s.item_id))),
        due=tuple(sorted(given.due)),
    )


def check(given: Given, found: ReaderContext) -> None:
    """Raises `UnknownCompany` unless the context names only what was given."""
    people = {p.person_id for p in given.people}
    facts = {f.fact_id for f in given.facts}
    named = {*found.reports, *found.further_reports, *((found.manager,) if found.manager else ())}
    wrong = [f"person {p} was not given" for p in sorted(named - people)]
    wrong += [f"fact {f} was not given" for f in sorted({*found.owed_by_me, *found.owed_to_me} - facts)]
    if found.person.person_id in {*found.reports, *found.further_reports}:
        wrong.append("the reader reports to themselves")
    if wrong:
        raise UnknownCompany("; ".join(wrong[:3]))


def _superior(me: Person, people: tuple[Person, ...]) -> PersonId | None:
    above = me.manager_external_id
    found = (p.person_id for p in people if above and p.external_id == above and p.source == me.source)
    return next((p for p in found if p != me.person_id), None)


def _known(named: PersonId | None, given: Given) -> PersonId | None:
    """Whom the reader named as their manager, where no profile does."""
    return next((p.person_id for p in given.people if p.person_id == named != given.person.person_id), None)


def _reports(
    me: Person, people: tuple[Person, ...], named: tuple[PersonId, ...]
) -> tuple[tuple[PersonId, ...], tuple[PersonId, ...]]:
    """Direct reports, by profile or as the reader named them, and everybody below; profiles in a ring end the walk."""
    below: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        if person.manager_external_id and not person.deactivated and person.source == me.source:
            below[person.manager_external_id].append(person)
    below[me.external_id] += [p for p in people if p.person_id in named and not p.deactivated]
    seen = {me.external_id}
    levels: list[list[Person]] = [[me]]
    while levels[-1]:
        found = [p for boss in levels[-1] for p in below[boss.external_id]]
        fresh = list({p.external_id: p for p in found if p.external_id not in seen}.values())
        seen |= {p.external_id for p in fresh}
        levels.append(fresh)
    direct, *further = levels[1:]
    return _ids(direct), _ids([p for level in further for p in level])


def _ids(people: list[Person]) -> tuple[PersonId, ...]:
    return tuple(sorted(p.person_id for p in people))
