"""`daybook eval`, as somebody at a terminal has it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.local.postgres import EmbeddedPostgres
from tests.scenarios.command import Commands

TALK = (
    ("Ana", "Morning! How was the trip?"),
    ("Bob", "Good. I saw three pelicans at the harbour."),
    ("Ana", "Lovely. I am still at the quarterly report."),
    ("Bob", "When is it due?"),
    ("Ana", "On Friday, and the numbers are late."),
)


@pytest.fixture(scope="module")
def daybook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commands]:
    """Commands on a home whose server is up."""
    home = tmp_path_factory.mktemp("commands")
    with EmbeddedPostgres(home, durable=False):
        yield Commands(home)


def make_set(folder: Path) -> Path:
    messages = [
        {"conv": conv, "session": 1, "dia_id": f"D{n}", "ts": 1_700_000_000 + 60.0 * n, "speaker": who, "text": text}
        for conv in ("one", "two")
        for n, (who, text) in enumerate(TALK)
    ]
    questions = [
        {"conv": conv, "qid": f"{conv}-{n}", "category_name": "x", "question": text, "evidence": [evidence]}
        for conv in ("one", "two")
        for n, (text, evidence) in enumerate(
            [("How many pelicans did Bob see?", "D1"), ("When is Ana's quarterly report due?", "D4")]
        )
    ]
    for name, rows in (("messages", messages), ("questions", questions)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder


def test_each_question_gets_one_line_with_its_own_conversations_messages(daybook: Commands, tmp_path: Path) -> None:
    """In the order of the questions, the evidence first where words tell it, and the figures on stdout."""
    target = tmp_path / "ranked.jsonl"
    ended = daybook.run("eval", "retrieve", "--data", make_set(tmp_path), "--out", target)
    assert ended.code == 0, ended
    ranked = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [line["qid"] for line in ranked] == ["one-0", "one-1", "two-0", "two-1"]
    assert [line["ranked"][0] for line in ranked if line["qid"].endswith("0")] == ["D1", "D1"]
    for line in ranked:
        assert len(line["ranked"]) == len({*line["ranked"]})
        assert {*line["ranked"]} <= {f"D{n}" for n in range(len(TALK))}
    # The other conversation has the same words, and changes nothing.
    assert [line["ranked"] for line in ranked[:2]] == [line["ranked"] for line in ranked[2:]]
    assert ended.out.splitlines()[0].startswith("all          n=4 ")


def test_a_set_that_cannot_be_used_is_one_line(daybook: Commands, tmp_path: Path) -> None:
    """Bad input ends it with one sentence and exit code 2, before anything is started."""
    target = tmp_path / "ranked.jsonl"
    told = daybook.run("eval", "retrieve", "--data", tmp_path / "nowhere", "--out", target).refusal()
    assert told.startswith("There is no file ")
    make_set(tmp_path)
    (tmp_path / "questions.jsonl").write_text("{", encoding="utf-8")
    told = daybook.run("eval", "retrieve", "--data", tmp_path, "--out", target).refusal()
    assert told == "Line 1 of questions.jsonl: this is not JSON in UTF-8."
    assert not target.exists()
    told = daybook.run("eval", "retrieve", "--data", make_set(tmp_path), "--out", tmp_path / "no" / "file").refusal()
    assert "No such file or directory" in told
