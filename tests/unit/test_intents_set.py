"""Sets of single sentences, judged by a classifier that is given."""

import gzip
import io
import json
from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.evaluation import intents

LABELS = [("please call me", 1), ("the sky is blue", 0), ("send it over", 1), ("please, no", 0)]


def test_requests_in_mail_are_judged_sentence_by_sentence(tmp_path: Path) -> None:
    """Each stands for itself, and what was found is written down."""
    rows = [json.dumps({"idx": n, "text": text, "label": label}) for n, (text, label) in enumerate(LABELS)]
    (tmp_path / "sentences.jsonl").write_text("\n".join(rows), encoding="utf-8")
    out = io.StringIO()
    sheets = intents.measure(tmp_path, {"request": lambda text: text.startswith("please")}, out)
    assert sheets["request"].figures() == {"n": 4, "gold": 2, "pred": 2, "P": 50.0, "R": 50.0, "F": 50.0}
    assert len(sheets["request"].units) == 4
    assert [json.loads(line)["found"] for line in out.getvalue().splitlines()] == [True, False, False, True]


def test_promises_in_meetings_are_drawn_meeting_by_meeting(tmp_path: Path) -> None:
    """Gzipped as the set comes; only the label of commitments counts."""
    rows = [
        {"conv": f"m{n % 2}", "text": text, "labels": {"commit": label, "question": 1}}
        for n, (text, label) in enumerate(LABELS)
    ]
    (tmp_path / "acts.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    assert intents.is_set(tmp_path)
    sheet = intents.measure(tmp_path, {"commitment": lambda text: "it" in text})["commitment"]
    assert (sheet.figures()["gold"], sheet.figures()["pred"], len(sheet.units)) == (2, 1, 2)


def test_a_set_that_cannot_be_judged_is_told(tmp_path: Path) -> None:
    """Without an engine for its kind, or with a line that is no sentence."""
    (tmp_path / "sentences.jsonl").write_text('{"text": "a", "label": 0}\n{"text": "b"}\n', encoding="utf-8")
    with pytest.raises(BadInput, match="There is no engine yet that tells a request"):
        intents.measure(tmp_path, {})
    with pytest.raises(BadInput, match=r"Line 2 of sentences\.jsonl: text, and label"):
        intents.measure(tmp_path, {"request": bool})
    assert not intents.is_set(tmp_path / "nowhere")
