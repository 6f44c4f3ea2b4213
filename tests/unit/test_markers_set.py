"""Minutes whose lines say what they are."""

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.evaluation import intents, markers

ROWS: list[Mapping[str, object]] = [
    {"channel": "one", "text": "ACTION: Ana to rotate the keys", "marker": "action"},
    {"channel": "one", "text": "RESOLVED: we freeze on Tuesday", "marker": "decision"},
    {"channel": "two", "text": "PROPOSAL: we freeze on Tuesday", "marker": "proposal"},
    {"channel": "two", "text": "Topic: keys", "marker": "topic"},
    {"channel": "two", "text": "I'd say they are old", "marker": "proposal"},
    {"channel": "two", "text": "hello", "marker": None},
]


def written(folder: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    (folder / "messages.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder


def test_marked_lines_are_read_as_what_they_say(tmp_path: Path) -> None:
    """Topics make no fact, and lines without a marker are not asked about."""
    assert markers.is_set(written(tmp_path, ROWS))
    out = io.StringIO()
    figures = markers.measure(tmp_path, out)["marked"].figures()
    assert (figures["n"], figures["R"]) == (4, 75.0)
    assert [json.loads(line) for line in out.getvalue().splitlines()][-1] == {"line": 5, "found": False}


def test_other_messages_are_no_such_set(tmp_path: Path) -> None:
    """Neither those without the label, nor a folder without any; a line that lacks something is told."""
    assert not markers.is_set(tmp_path)
    assert not markers.is_set(written(tmp_path, [{"channel": "one", "text": "hello"}]))
    with pytest.raises(BadInput, match=r"Line 1 of messages\.jsonl: channel, text and marker"):
        markers.measure(tmp_path)


def test_what_ships_tells_a_promise_and_a_request_from_other_sentences() -> None:
    """By the words alone."""
    assert intents.promises("I'll send you the report by Friday.")
    assert not intents.promises("The report was sent by Friday.")
    assert intents.asks("Please send me the report by Friday.")
    assert not intents.asks("The weather was lovely.")
