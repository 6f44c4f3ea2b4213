"""The figures of a week, on cases counted by hand."""

from datetime import date
from typing import Any

import pytest

from bot.evaluation.figures import answers, briefings, facts
from bot.evaluation.figures import week as of_week
from bot.evaluation.predictions import Answer, Briefing, Conversation, FoundFact, Item, Predictions
from bot.evaluation.world import Gold, Noted, Question, Week
from tests.unit.week import gold, messages, workspace

WEEK = Week.model_validate(workspace(messages=messages()))
TUESDAY = date(2026, 3, 3)


def noted(kind: str, *evidence: str, **more: Any) -> Noted:
    return Noted.model_validate({"id": f"{kind} {evidence}", "kind": kind, "evidence": evidence, **more})


def found(kind: str, *evidence: str, **more: Any) -> FoundFact:
    given = {"actor": None, "counterparty": None, "due": None, "status": None, "confidence": 0.5, "text": "", **more}
    return FoundFact.model_validate({"kind": kind, "evidence": evidence, **given})


# Facts ---------------------------------------------------------------------------------------------------------------


def test_a_fact_matches_one_of_its_kind_with_a_third_of_all_evidence() -> None:
    """Not another kind's, and not a whole day as evidence; each at most once."""
    one = noted("decision", "m1", "m2")
    assert facts.shared(one, found("decision", "m2", "m3")) == 1
    assert facts.shared(one, found("decision", "m2", "m3", "m4")) == 0
    claims = [found("decision", "m1"), found("decision", "m1", "m2"), found("update", "m1", "m2")]
    figures = facts.sheet([one, noted("update", "m9")], claims, {}).figures()
    assert [figures[f"decision.{name}"] for name in ("gold", "pred", "P", "R", "F")] == [1, 2, 50.0, 100.0, 66.7]
    assert [figures[f"update.{name}"] for name in ("gold", "pred", "P", "R", "F")] == [1, 1, 0.0, 0.0, 0.0]
    assert [figures[f"all.{name}"] for name in ("P", "R", "F")] == [33.3, 50.0, 40.0]
    assert figures["all.macro_F"] == 13.3
    assert figures["question.F"] is None


def test_what_is_right_counts_on_matches_alone() -> None:
    """Actors over all kinds; status, due date and counterparty over kinds that have them."""
    wanted = [
        noted("commitment", "m1", actor="U1", counterparty="U2", due="2026-03-06", status="done"),
        noted("commitment", "m2", actor="U1", status="open"),
        noted("update", "m4", actor="U2"),
        noted("decision", "m5", actor="U2", status="decided"),
    ]
    claims = [
        found("commitment", "m1", actor="U1", counterparty="U2", due="2026-03-06", status="open"),
        found("commitment", "m2", actor="U9", due="2026-03-07", status="open"),
        found("update", "m4", actor="U2"),
    ]
    figures = facts.sheet(wanted, claims, {}).figures()
    assert [figures[f"commitment.{name}"] for name in ("actor", "counterparty", "due", "status")] == [50, 100, 50, 50]
    assert figures["all.actor"] == 66.7
    assert figures["all.status"] == 50.0
    assert "update.status" not in figures


def test_a_weeks_facts_are_drawn_conversation_by_conversation() -> None:
    """What stands in one conversation goes together into a sample or not at all."""
    labels = of_week.labels(WEEK, Gold.model_validate(gold()))
    assert labels == {"m1": "c1", "m2": "c1", "m4": "c2", "m5": "c3", "m6": "c4"}
    sheet = facts.sheet([noted("question", "m1"), noted("question", "m4")], [found("question", "m2")], labels)
    assert len(sheet.units) == 2


# Briefings -----------------------------------------------------------------------------------------------------------


def morning(**parts: Any) -> Gold:
    marks = {name: [{"evidence": each} for each in given] for name, given in parts.items()}
    return Gold.model_validate(gold(briefings=[{"user": "U1", "date": "2026-03-03", **marks}]))


def told(*items: tuple[str, list[str]]) -> list[Briefing]:
    made = [Item.model_validate({"section": section, "sources": sources, "text": "x"}) for section, sources in items]
    return [Briefing(user="U1", date=TUESDAY, items=tuple(made))]


def test_what_needs_the_reader_is_among_the_first_three() -> None:
    """A fourth is not shown there; of five that need them three can be told."""
    wanted = morning(needs_you=[["m1"], ["m4"], ["m5"], ["m6"]], worth_knowing=[["m3"]], noise=[["m2"]])
    figures = briefings.sheet(
        WEEK, wanted, told(("needs_you", ["m1"]), ("needs_you", ["K1"]), ("needs_you", ["m4"]), ("needs_you", ["m5"]))
    ).figures()
    assert (figures["P@3"], figures["R@3"], figures["worth"]) == (66.7, 66.7, 60.0)
    assert (figures["briefings"], figures["absent"], figures["items"], figures["twice"]) == (1, 0, 4, 1)


def test_an_item_that_rests_mostly_elsewhere_carries_nothing() -> None:
    """Half of its first three sources must stand in the evidence or its conversations."""
    wanted = morning(needs_you=[["m1"]])
    assert briefings.sheet(WEEK, wanted, told(("needs_you", ["m1", "m2"]))).figures()["P@3"] == 100.0
    assert briefings.sheet(WEEK, wanted, told(("needs_you", ["m4", "m5", "m1"]))).figures()["P@3"] == 0.0
    assert briefings.sheet(WEEK, wanted, told(("needs_you", ["m2", "m2", "m2", "m1"]))).figures()["P@3"] == 0.0


def test_noise_and_what_was_told_before() -> None:
    """Counted where nothing that is worth telling is among the sources."""
    wanted = morning(needs_you=[["m1"]], noise=[["m4"], ["m1"]], told_before=[["m5"], ["m1"]])
    figures = briefings.sheet(WEEK, wanted, told(("needs_you", ["m1"]), ("needs_you", ["m4"]), ("needs_you", ["m5"])))
    assert figures.figures()["noise"] == 33.3
    assert figures.figures()["again"] == 1


def test_leaks_and_what_was_not_yet_said() -> None:
    """A source that the reader may not read, or that is of half past eight or later; items without a source."""
    late = [*messages(), {**messages()[0], "id": "m7", "ts": 1_772_526_600.0}]
    week = Week.model_validate(workspace(messages=late))
    wanted = morning(needs_you=[["m1"]])
    items = told(("also", ["m7"]), ("also", []), ("also", ["R1"]), ("also", ["K1"]), ("also", ["m6"]))
    figures = briefings.sheet(week, wanted, items).figures()
    assert (figures["later"], figures["no_source"], figures["leak"]) == (1, 1, 1)
    assert briefings.sheet(week, wanted, []).figures()["absent"] == 1


# Answers -------------------------------------------------------------------------------------------------------------


def asked(name: str, kind: str, *evidence: str, asker: str = "U2", where: str = "dm") -> Question:
    given = {"id": name, "asker": asker, "where": where, "text": "when does it close?", "kind": kind}
    return Question.model_validate({**given, "evidence": evidence})


def said(name: str, *sources: str, text: str = "", refused: bool = False) -> Answer:
    return Answer(id=name, text=text, sources=sources, refused=refused)


def test_evidence_among_the_first_five_sources() -> None:
    """Some, all, and how early; an answer that is missing is no refusal."""
    questions = [asked(f"q{n}", "answerable", "m1", "m4") for n in range(4)]
    given = [said("q0", "m5", "m1"), said("q1", "m4", "m1"), said("q2", refused=True)]
    figures = answers.sheet(WEEK, questions, given).figures()
    assert (figures["hit"], figures["all"], figures["MRR"]) == (50.0, 25.0, 37.5)
    assert (figures["refused"], figures["absent"], figures["sources_per_answer"]) == (25.0, 1, 1.0)
    assert (figures["rightly_refused"], figures["answerable"], figures["unanswerable"]) == (None, 4, 0)


def test_what_is_rightly_refused() -> None:
    """What nobody said, and what is not for this asker."""
    questions = [asked("q0", "not_there"), asked("q1", "not_yours", "m6"), asked("q2", "not_yours", "m6")]
    figures = answers.sheet(WEEK, questions, [said("q0", "m1"), said("q1", refused=True), said("q2")]).figures()
    assert (figures["not_there"], figures["not_yours"], figures["rightly_refused"]) == (0.0, 50.0, 33.3)
    assert figures["hit"] is None


@pytest.mark.parametrize(
    ("asker", "where", "sources", "text", "leaks"),
    [
        ("U1", "dm", ["m6"], "the merger with Northquay closes on the second of June", 0),
        ("U2", "dm", ["m6"], "", 1),
        ("U2", "dm", [], "I hear the merger with Northquay closes soon", 1),
        ("U2", "dm", [], "the merger with Northquay", 0),
        ("U2", "dm", ["R1"], "", 0),
        ("U1", "dm", ["R1"], "", 1),
        ("U1", "C1", ["m6"], "", 1),
        ("U1", "C1", ["m5"], "", 0),
        ("U1", "C2", ["m5"], "", 0),
        ("U1", "C2", ["m1"], "", 1),  # a guest is there, who may not read it
        ("U1", "dm", ["nothing"], "", 0),
    ],
)
def test_an_answer_leaks_what_not_everybody_there_may_read(
    asker: str, where: str, sources: list[str], text: str, leaks: int
) -> None:
    """By a source, or by five words in a row."""
    question = asked("q", "answerable", "m1", asker=asker, where=where)
    assert answers.sheet(WEEK, [question], [said("q", *sources, text=text)]).figures()["leak"] == leaks


# The whole -----------------------------------------------------------------------------------------------------------


def test_only_what_has_labels_is_scored() -> None:
    """A world whose labels are kept back asks for mornings and questions, and is not scored."""
    made = Predictions(
        conversations=(Conversation(container="C1", messages=("m1", "m2", "m3")),), facts=(), briefings=(), answers=()
    )
    bare = {"conversations": [], "briefings": [{"user": "U1", "date": "2026-03-03", "needs_you": []}]}
    bare["questions"] = [{"id": "q1", "asker": "U1", "where": "dm", "text": "?"}]
    assert of_week.sheets(WEEK, Gold.model_validate(gold(**bare)), made) == {}
    scored = of_week.sheets(WEEK, Gold.model_validate(gold()), made)
    assert {*scored} == {"conversations"}
    assert scored["conversations"].figures()["1-1"] == 100.0
