"""The figures of retrieval, and the sets that they are worked out on."""

import json
from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.evaluation import sets
from bot.evaluation.figures import retrieval
from bot.evaluation.sets import Question

MESSAGE = {"conv": "c", "dia_id": "D1", "ts": 1.5, "speaker": "Ana", "text": "hello", "session": 1}
QUESTION = {"conv": "c", "qid": "q", "category_name": "x", "question": "who?", "answer": 7, "evidence": ["D1"]}


def write(folder: Path, messages: list[object], questions: list[object]) -> Path:
    for name, rows in (("messages", messages), ("questions", questions)):
        text = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


def asked(qid: str, *evidence: str, category: str = "x") -> Question:
    return Question(conv="c", qid=qid, category_name=category, question="?", evidence=evidence)


def test_figures_are_shares_of_the_evidence() -> None:
    """Recall, hits and reciprocal ranks, averaged over the questions that have evidence."""
    ranked = {"one": ["a", "b", *"123456789", "c"], "two": ["x"], "three": [], "four": ["z"]}
    questions = (asked("one", "b", "c"), asked("two", "x", category="adversarial"), asked("three", "q"), asked("four"))
    found = retrieval.sheets(questions, ranked)
    assert {group: found[group].figures()["n"] for group in found} == {"x": 2, "all": 3, "main": 2, "adversarial": 1}
    assert found["main"].figures() == {
        "n": 2,
        "MRR": 25.0,
        "R@5": 25.0,
        "hit@5": 50.0,
        "all@5": 0.0,
        "R@10": 25.0,
        "hit@10": 50.0,
        "all@10": 0.0,
        "R@20": 50.0,
        "hit@20": 50.0,
        "all@20": 50.0,
    }
    assert found["adversarial"].figures()["R@5"] == 100.0
    assert retrieval.in_order(found)[2:] == ["adversarial", "x"]


def test_a_set_is_read_in_the_order_of_its_file(tmp_path: Path) -> None:
    """Messages by conversation, in the order in which they stand; what is not needed is passed over."""
    other = {**MESSAGE, "dia_id": "D0", "image_caption": "a cat"}
    given = sets.read(write(tmp_path, [MESSAGE, {**MESSAGE, "conv": "d"}, other], [QUESTION]))
    assert [line.dia_id for line in given.conversations["c"]] == ["D1", "D0"]
    assert given.questions[0].evidence == ("D1",)


def test_any_text_in_a_set_can_be_stored(tmp_path: Path) -> None:
    """Half characters, NUL and secrets are treated as they are in what Slack sends."""
    odd = {**MESSAGE, "text": "a\ud800\x00 AKIAABCDEFGHIJKLMNOP"}
    (line,) = sets.read(write(tmp_path, [odd], [QUESTION])).conversations["c"]
    assert line.text.startswith("a? ")
    assert "AKIAABCD" not in line.text


@pytest.mark.parametrize(
    ("messages", "questions", "expected"),
    [
        (["{"], [QUESTION], "Line 1 of messages.jsonl: this is not JSON in UTF-8."),
        ([MESSAGE, "", {**MESSAGE, "ts": "noon"}], [QUESTION], "Line 3 of messages.jsonl: ts cannot be used"),
        (["[]"], [QUESTION], "Line 1 of messages.jsonl: an object is expected."),
        ([MESSAGE, MESSAGE], [QUESTION], "messages.jsonl has 2 messages 'D1' in 'c'"),
        ([MESSAGE], [QUESTION, QUESTION], "questions.jsonl has 2 questions 'q'"),
        ([MESSAGE], [{**QUESTION, "conv": "e"}], "The question 'q' is about 'e', of which there are no messages."),
        ([MESSAGE], [{**QUESTION, "evidence": None}], "Line 1 of questions.jsonl: evidence cannot be used"),
    ],
)
def test_a_set_that_cannot_be_used_is_told(
    tmp_path: Path, messages: list[object], questions: list[object], expected: str
) -> None:
    """The first fault is named with its place."""
    with pytest.raises(BadInput, match="^" + expected.replace(".", r"\.")):
        sets.read(write(tmp_path, messages, questions))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """With its path."""
    with pytest.raises(BadInput, match=r"There is no file .*messages\.jsonl"):
        sets.read(tmp_path)
