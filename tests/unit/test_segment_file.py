"""What `daybook segment` promises about files."""

import json
from pathlib import Path

import pytest

from bot.segment_file import BadLine, segment_file

GOOD = {"id": "a", "channel": "dev", "ts": 1.0, "user": "ana", "text": "hello"}


def segmented(folder: Path, rows: list[object]) -> list[dict[str, str]]:
    source, target = folder / "in.jsonl", folder / "out.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert segment_file(source, target) == len(rows)
    return [json.loads(line) for line in target.read_text("utf-8").splitlines()]


def test_each_line_is_answered_in_order(tmp_path: Path) -> None:
    """One line out for each line in, in the order of the file, whatever the times say; channels never mix."""
    rows: list[object] = [
        {**GOOD, "id": 1, "ts": "300.5", "text": "is the build red?"},
        {**GOOD, "id": "b", "channel": "ops", "ts": 300},
        {**GOOD, "id": "c", "user": "bo", "ts": 100, "text": "yes, fixing it", "extra": True},
        {**GOOD, "id": "d", "user": None, "ts": 100, "text": "cy joined"},
        {**GOOD, "id": "e", "user": "bo", "ts": 100, "text": "\x00\ud800"},
    ]
    found = segmented(tmp_path, rows)
    assert [line["id"] for line in found] == [1, "b", "c", "d", "e"]
    names = [line["conversation_id"] for line in found]
    assert names[0] == names[2]
    assert len({names[0], names[1], names[3]}) == 3


def test_a_thread_is_followed(tmp_path: Path) -> None:
    """A line that names its thread's first line is in that line's conversation, days later too."""
    rows: list[object] = [
        {**GOOD, "id": "a"},
        {**GOOD, "id": "b", "ts": 9e5, "text": "something else entirely"},
        {**GOOD, "id": "c", "ts": 9e5, "thread": "a"},
    ]
    one, two, three = (line["conversation_id"] for line in segmented(tmp_path, rows))
    assert one == three != two


def test_a_new_name_is_the_same_person(tmp_path: Path) -> None:
    """Whoever takes another name goes on with what they said under the old one."""
    rows: list[object] = [
        {**GOOD, "id": "a", "text": "does the cache survive a restart?"},
        {**GOOD, "id": "b", "ts": 60, "user": None, "text": "=== Ana is now known as Ana_away"},
        {**GOOD, "id": "c", "ts": 70, "user": "bo", "text": "ana_away: it does not"},
    ]
    one, _, three = (line["conversation_id"] for line in segmented(tmp_path, rows))
    assert one == three


@pytest.mark.parametrize(
    "row",
    [
        "{",
        "[1]",
        "\xff",
        json.dumps({**GOOD, "ts": "soon"}),
        json.dumps({**GOOD, "ts": 1e300}),
        json.dumps({**GOOD, "ts": float("nan")}),
        json.dumps({**GOOD, "ts": True}),
        json.dumps({**GOOD, "text": None}),
        json.dumps({**GOOD, "id": None}),
        json.dumps({**GOOD, "channel": 7}),
        json.dumps({**GOOD, "id": "first"}),
        json.dumps({"id": "b"}),
        "[" * 100_000,
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, row: str) -> None:
    """A line that cannot be read is refused in one sentence with its number, and nothing is written."""
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes((json.dumps({**GOOD, "id": "first"}) + "\n" + row + "\n").encode("latin-1"))
    with pytest.raises(BadLine, match=r"^Line 2: [^\n]{5,120}\.$"):
        segment_file(source, target)
    assert not target.exists()


def test_what_editors_and_people_do_to_files(tmp_path: Path) -> None:
    """CRLF, a BOM, blank lines, no last line end, times running backwards, any script, 40,000 characters: all fine."""
    rows = [
        {**GOOD, "id": "a", "ts": "9.5", "text": "שלום 😀 e\u0301 \u202e"},
        {**GOOD, "id": "b", "ts": 4, "user": None, "text": ""},
        {**GOOD, "id": "c", "ts": -1e10, "user": "", "text": "word " * 8000},
        {**GOOD, "id": "d", "ts": 0, "text": "<@" * 20_000},
    ]
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = "\r\n\r\n  \r\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    source.write_bytes(b"\xef\xbb\xbf" + lines.encode())
    assert segment_file(source, target) == 4
    first = target.read_bytes()
    assert [json.loads(line)["id"] for line in first.splitlines()] == ["a", "b", "c", "d"]
    segment_file(source, target)
    assert target.read_bytes() == first


def test_an_empty_file_has_no_conversations(tmp_path: Path) -> None:
    """Nothing in, nothing out, and no failure."""
    assert segmented(tmp_path, []) == []
