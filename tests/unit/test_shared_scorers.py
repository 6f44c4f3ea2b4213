"""Our figures beside those of the scripts that the sets come with; runs where DAYBOOK_BENCHMARKS names the data."""

import importlib.util
import json
import os
import random
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bot.evaluation import world
from bot.evaluation.figures import clusters, retrieval
from bot.evaluation.figures import week as of_week
from bot.evaluation.predictions import Predictions
from bot.evaluation.sets import Question
from bot.segment_file import placed

DATA = Path(os.environ.get("DAYBOOK_BENCHMARKS", "/nonexistent"))
WORLD = DATA / "teamweek" / "dev-lumenpay"
ROUNDED = 0.11
"""The scripts take F of figures that are rounded already."""

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="DAYBOOK_BENCHMARKS names no folder")


def script(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def guessed(week: world.Week, gold: world.Gold, chance: random.Random) -> dict[str, Any]:
    """Predictions that are partly right: the labels, with much of them lost and much else put in."""
    names = [line.id for line in week.messages]

    def blurred(evidence: tuple[str, ...], most: int = 9) -> list[str]:
        kept = [each for each in evidence if chance.random() < 0.8]
        return [*kept, *chance.sample(names, chance.randint(0, 2))][:most]

    talks = [[*talk.messages] for talk in gold.conversations]
    for _ in range(60):
        one, two = chance.sample(range(len(talks)), 2)
        if talks[one]:
            talks[two].append(talks[one].pop())
    facts = [
        fact.model_dump(mode="json", exclude={"id"})
        | {"evidence": blurred(fact.evidence), "confidence": 1.0, "text": ""}
        | ({"status": "open", "actor": "U01"} if chance.random() < 0.3 else {})
        for fact in gold.facts
        if chance.random() < 0.7
    ]
    briefings = [
        {
            "user": morning.user,
            "date": morning.date.isoformat(),
            "items": [
                {"section": chance.choice(("needs_you", "also")), "sources": blurred(mark.evidence, 4), "text": "x"}
                for mark in (*morning.needs_you, *morning.noise, *morning.told_before, *morning.worth_knowing)
            ],
        }
        for morning in gold.briefings[1:]
    ]
    texts = {line.id: line.text for line in week.messages}
    answers = [
        {"id": asked.id, "text": texts[chance.choice(names)], "sources": blurred(asked.evidence), "refused": refused}
        for asked in gold.questions[1:]
        for refused in [chance.random() < 0.4]
    ]
    talked = [{"container": "", "messages": talk} for talk in talks if talk]
    return {"conversations": talked, "facts": facts, "briefings": briefings, "answers": answers}


def agree(ours: Mapping[str, float | None], theirs: Mapping[str, Any], renamed: Mapping[str, str]) -> int:
    """How many figures were compared."""
    compared = 0
    for name, value in theirs.items():
        own = renamed.get(name, name)
        if own in ours and value is not None:
            assert ours[own] == pytest.approx(value, abs=ROUNDED), name
            compared += 1
    return compared


@pytest.mark.parametrize("seed", range(5))
def test_a_weeks_figures_are_those_of_its_scorer(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every figure that both have, for predictions of all qualities."""
    monkeypatch.syspath_prepend(str(DATA / "teamweek"))
    week, gold = world.read(WORLD)
    made = guessed(week, gold, random.Random(seed))
    theirs = script(DATA / "teamweek" / "score_week.py").score(WORLD, made)
    ours = of_week.sheets(week, gold, Predictions.model_validate(made))
    assert agree(ours["conversations"].figures(), theirs["conversations"], {"n": "messages"}) >= 3
    assert agree(ours["briefings"].figures(), theirs["briefings"], {}) == 13
    assert agree(ours["answers"].figures(), theirs["answers"], {}) == 11
    for kind, row in theirs["facts"].items():
        named = {f"{kind}.{name}": value for name, value in row.items()}
        assert agree(ours["facts"].figures(), named, {}) >= 5, kind


def test_segmentations_figures_are_those_of_its_scorer() -> None:
    """On channels of developers, as they are found; needs numpy and scipy, as that script does."""
    pytest.importorskip("numpy", reason="the scorer needs numpy")
    pytest.importorskip("scipy", reason="the scorer needs scipy")
    path = DATA / "disentangle" / "dev" / "slack_elmlang-general.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    found = {line["id"]: name for line, name in placed(path)}
    theirs = script(DATA / "score_disentangle.py").score(
        rows, [{"id": name, "conversation_id": talk} for name, talk in found.items()]
    )
    wanted = {row["id"]: row["conversation_id"] for row in rows if row["conversation_id"] is not None}
    assert agree(clusters.sheet(wanted, found).figures(), theirs, {"n": "messages"}) == 4


def test_retrievals_figures_are_those_of_its_scorer() -> None:
    """By category, and over all."""
    questions = [json.loads(line) for line in (DATA / "realtalk" / "dev" / "questions.jsonl").open(encoding="utf-8")]
    chance = random.Random(7)
    everything = sorted({name for asked in questions for name in asked["evidence"]})
    ranked = {asked["qid"]: chance.sample([*everything[:30], *asked["evidence"]], 20) for asked in questions}
    theirs = script(DATA / "score_retrieval.py").score(
        questions, [{"qid": name, "ranked": order} for name, order in ranked.items()]
    )
    ours = retrieval.sheets([Question.model_validate(asked) for asked in questions], ranked)
    assert {*ours} == {*theirs}
    for group, row in theirs.items():
        assert agree(ours[group].figures(), row, {}) == 11
