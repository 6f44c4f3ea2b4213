"""Whom words mean, who leads, what a remark ends: the small judgements that extraction is made of."""

import json
from datetime import date, timedelta

import pytest

from graphs.tasks import acts, noticing, pairing, standing
from graphs.tasks.forest import UnfitWeights
from graphs.tasks.names import owner
from graphs.tasks.pairing import Matter, Remark, words_of
from graphs.tasks.speech import clauses_of
from memory.models.ids import PersonId, TeamId, person_id
from tests.unit.chat import MONDAY, NAMES, person

SEEN = {
    **NAMES,
    person_id(TeamId("T1"), "slack", "UAN2"): "Ana Maria",
    person_id(TeamId("T1"), "slack", "UDEE"): "Dee Roe",
}
DEE = person_id(TeamId("T1"), "slack", "UDEE")


def test_a_name_means_who_is_present_or_the_only_one_who_has_it() -> None:
    """Of two Anas the one who takes part; nobody where both do, or neither; parts of names count, scraps do not."""
    assert owner("ana", SEEN, [person("Ana"), person("Bo")]) == person("Ana")
    assert owner("ana", SEEN, [person("Bo")]) is None
    assert owner("ana", SEEN, SEEN) is None
    assert owner("roe", SEEN, []) == DEE
    assert owner("zed", SEEN, SEEN) is None


def test_who_others_report_to_or_whose_title_says_so_leads() -> None:
    """Nobody else does."""
    people: dict[PersonId, tuple[str, PersonId | None]] = {
        person("Ana"): ("Engineer", None),
        person("Bo"): ("Engineer", person("Ana")),
        person("Cy"): ("Head of Design", None),
        DEE: ("Leadership coach", None),
    }
    assert standing.leads(people) == {person("Ana"), person("Cy")}


def test_clauses_share_what_their_message_scores() -> None:
    """Each by its own phrases; a clause that stands alone scores the bias and what it adds."""
    said = clauses_of("I'll send the numbers tomorrow. where are they kept?")
    _, parts = acts.scores(said)
    bias = acts.trained().bias
    promise, ask = acts.ACTS.index("commitment"), acts.ACTS.index("question")
    assert len(parts) == len(said) == 2
    assert parts[0][promise] > parts[1][promise]
    assert parts[1][ask] > parts[0][ask]
    once, _ = acts.scores(said[:1])
    assert once[promise] == pytest.approx(bias[promise] + parts[0][promise])


def odds(said: str, by: str, minutes: int = 60, promise: str = "I'll rotate the payment keys") -> float:
    matter = Matter("commitment", person("Ana"), person("Bo"), words_of(promise), date(2026, 3, 3), MONDAY)
    remark = Remark(person(by), MONDAY + timedelta(minutes=minutes), words_of(said), ())
    return pairing.odds(matter, remark, 0.0)


def test_a_remark_ends_what_it_speaks_of() -> None:
    """By whoever promised, and with their words: more likely than by another, or of something else."""
    assert odds("payment keys rotated", "Ana") > odds("payment keys rotated", "Cy")
    assert odds("payment keys rotated", "Ana") > odds("the printer works", "Ana")
    assert words_of("I sent the report").stems & words_of("send that report").stems >= {"send", "report"}


def test_weights_of_other_columns_are_refused() -> None:
    """Rather than read as what they are not."""
    body = {"columns": ["own"], "kinds": {}, "means": [], "spreads": []}
    for read in (noticing.noticers, pairing.weighings):
        with pytest.raises(UnfitWeights, match=r"run `python -m bot\.training\.extract`"):
            read(json.loads(json.dumps(body)))
