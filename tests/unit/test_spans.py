"""Evidence is verbatim: in whole invented weeks, every span is what somebody wrote, where it says."""

import json
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.local.sample import SAMPLE
from graphs.tasks import extract, reconcile
from graphs.tasks.changes import applied
from graphs.tasks.speech import hear
from memory.models.facts import Evidence
from memory.models.ids import TeamId, container_id, conversation_id, message_id, person_id
from memory.models.messages import Message

TEAM = TeamId("T1")
BENCHMARKS = os.environ.get("DAYBOOK_BENCHMARKS", "")
WORLDS = ("dev-foxglove", "dev-lumenpay")


def message(channel: str, at: float, user: str, text: str) -> Message:
    here, ts = container_id(TEAM, "slack", channel), f"{at:.6f}"
    return Message(
        message_id=message_id(here, ts),
        team_id=TEAM,
        container_id=here,
        external_ts=ts,
        author_id=person_id(TEAM, "slack", user),
        posted_at=datetime.fromtimestamp(at, UTC),
        text=text,
    )


def sample() -> list[Message]:
    raw = json.loads(SAMPLE.read_text(encoding="utf-8"))
    return [message(m["channel"], float(m["ts"]), m["user"], m["text"]) for m in raw["messages"]]


def world(name: str) -> list[Message]:
    if not BENCHMARKS:
        pytest.skip("DAYBOOK_BENCHMARKS names no folder with the benchmark data")
    lines = (Path(BENCHMARKS) / "teamweek" / name / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    return [message(m["container"], m["ts"], m["user"], m["text"]) for m in map(json.loads, lines)]


def spans(said: Sequence[Message]) -> Iterator[Evidence]:
    """All that extraction and reconciliation rest on, of one stretch of one container."""
    name = conversation_id(said[0].message_id)
    found = extract.rules(extract.Given(name, tuple(said)))
    yield from (span for each in found.candidates for span in each.evidence)
    yield from (each.evidence for each in found.closings)
    given_ = reconcile.Given(said[0].container_id, found.candidates, (), (), found.closings)
    yield from (span for fact in applied((), reconcile.rules(given_).changes) for span in fact.evidence)


@pytest.mark.parametrize("week", ["sample", *WORLDS])
def test_every_span_is_verbatim(week: str) -> None:
    """However the week is cut into conversations, a span is one clause or more of a message, as it was written."""
    said = sample() if week == "sample" else world(week)
    by_place: dict[object, list[Message]] = {}
    for each in said:
        by_place.setdefault(each.container_id, []).append(each)
    places = list(by_place.values())

    @settings(max_examples=60)
    @given(st.data())
    def cut(data: st.DataObject) -> None:
        here = data.draw(st.sampled_from(places))
        start = data.draw(st.integers(0, len(here) - 1))
        stretch = here[start : start + data.draw(st.integers(1, 25))]
        texts = {each.message_id: each for each in stretch}
        for span in spans(stretch):
            told = texts[span.message_id]
            assert 0 <= span.start < span.end <= len(told.text)
            quote = told.text[span.start : span.end]
            assert quote.strip() == quote
            clauses = hear(told, 0).clauses
            starts, ends = {each.start for each in clauses}, {each.end for each in clauses}
            marked = told.text[: span.start].rstrip(" *_").endswith((":", "]"))
            assert marked or (span.start in starts and span.end in ends)

    cut()
    assert sum(1 for here in places for _ in spans(here)) > 50
