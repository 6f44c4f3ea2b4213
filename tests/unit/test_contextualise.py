"""Who the reader is to the others."""

from graphs.tasks import contextualise
from tests.unit.morning import ANA, BEN, IDA, MIRA, PEOPLE, TOM, usual


def test_reports_are_those_whose_profile_names_the_reader() -> None:
    """Direct reports, those below them, and the person above come from the profiles."""
    mira = contextualise.rules(contextualise.Given(person=MIRA, people=PEOPLE))
    ida = contextualise.rules(contextualise.Given(person=IDA, people=PEOPLE))
    assert {*mira.reports} == {ANA.person_id, BEN.person_id}
    assert mira.manager == IDA.person_id
    assert ida.reports == (MIRA.person_id,)
    assert {*ida.further_reports} == {ANA.person_id, BEN.person_id}


def test_profiles_in_a_ring_come_to_an_end() -> None:
    """Two profiles that name each other as lead neither loop nor make anybody their own report."""
    one = ANA.model_copy(update={"manager_external_id": TOM.external_id})
    two = TOM.model_copy(update={"manager_external_id": ANA.external_id})
    given = contextualise.Given(person=one, people=(one, two))
    found = contextualise.rules(given)
    contextualise.check(given, found)
    assert found.reports == (two.person_id,)
    assert found.further_reports == ()


def test_open_promises_are_told_apart_by_who_owes() -> None:
    """What the reader owes and what they are owed are two lists of open promises."""
    found = contextualise.rules(contextualise.Given(person=MIRA, people=PEOPLE, facts=usual().facts))
    assert len(found.owed_by_me) == 1
    assert len(found.owed_to_me) == 1
