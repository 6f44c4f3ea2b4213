"""What a fact was at an earlier time, by all that is known today."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from memory.models.facts import ENDED, LIFE, Evidence, Fact, FactStatus, Version
from memory.models.ids import ContentId, EventId, MessageId, conversation_id, derive, fact_id
from memory.rewinding import before_correction, rewound
from tests.unit.chat import ROOM, person

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAYS = [MONDAY + timedelta(days=day) for day in range(7)]
SAID = [MessageId(derive("message", day)) for day in range(7)]
TOLD_AT = dict(zip(SAID, DAYS, strict=True))
NOON = timedelta(hours=3)


def span(day: int, role: str = "states") -> Evidence:
    return Evidence.model_validate({"message_id": SAID[day], "start": 0, "end": 1, "role": role})


def fact(
    status: FactStatus, *evidence: Evidence, kind: str = "commitment", ended: int | None = None, **more: object
) -> Fact:
    given = {
        "fact_id": fact_id(ROOM, kind, SAID[0], 0),
        "container_id": ROOM,
        "conversation_id": conversation_id(SAID[0]),
        "kind": kind,
        "actor_id": person("Ana"),
        "statement": "Ana will rotate the keys",
        "status": status,
        "valid_from": DAYS[0],
        "valid_to": DAYS[ended] if ended is not None else None,
        "evidence": evidence,
    }
    return Fact.model_validate(given | more)


def versions(*facts: Fact, events: tuple[str, ...] = ()) -> list[Version]:
    names = events or ("CommitmentMade",) * len(facts)
    return [
        Version(
            fact=each,
            statement_id=ContentId(derive("statement", number)),
            event_id=EventId(derive("event", number)),
            event=name,
            ordinal=number,
            recorded_at=DAYS[6],
            retired=name in {"FactRetired", "FactDismissed"},
        )
        for number, (each, name) in enumerate(zip(facts, names, strict=True), 1)
    ]


def on(day: int, *facts: Fact, events: tuple[str, ...] = ()) -> Fact | None:
    return rewound(versions(*facts, events=events), TOLD_AT, DAYS[day] + NOON)


def test_a_commitment_was_open_until_it_was_done() -> None:
    """Recorded in one go with its end: open on the day before, done from the hour on which that was said."""
    done = fact("done", span(0), span(2, "settles"), ended=2)
    tuesday = on(1, done)
    assert tuesday is not None
    assert (tuesday.status, tuesday.valid_to, tuesday.evidence) == ("open", None, (span(0),))
    assert on(2, done) == done
    assert rewound(versions(done), TOLD_AT, DAYS[0] - NOON) is None


def test_a_decision_was_proposed_before() -> None:
    """Proposed, decided and reversed at the times of the words that did it."""
    reversed_ = fact("reversed", span(0), span(1, "settles"), span(3, "settles"), kind="decision", ended=3)
    assert [found.status for day in range(4) if (found := on(day, reversed_))] == [
        "proposed",
        "decided",
        "decided",
        "reversed",
    ]
    at_once = fact("reversed", span(0), span(3, "settles"), kind="decision", ended=3)
    assert [found.status for day in (1, 3) if (found := on(day, at_once))] == ["decided", "reversed"]
    proposed = fact("proposed", span(0), kind="decision")
    assert [found.status for day in (1, 3) if (found := on(day, proposed, at_once))] == ["proposed", "reversed"]


def test_a_date_reads_as_it_did_then() -> None:
    """Moved on Wednesday: the old date on Tuesday; where the old one was never recorded, none."""
    before = fact("open", span(0), due=date(2026, 3, 5))
    moved = fact("open", span(0), span(2, "changes"), due=date(2026, 3, 9))
    assert [found.due for day in (1, 2) if (found := on(day, before, moved))] == [date(2026, 3, 5), date(2026, 3, 9)]
    assert [found.due for day in (1, 2) if (found := on(day, moved))] == [None, date(2026, 3, 9)]


def test_what_is_no_fact_today_never_was() -> None:
    """Taken back, dismissed, or with no message left that was there then."""
    kept = fact("open", span(0))
    assert on(1, kept, kept, events=("CommitmentMade", "FactRetired")) is None
    assert on(1, kept, kept, events=("CommitmentMade", "FactDismissed")) is None
    assert rewound(versions(kept), {}, DAYS[3]) is None


def test_a_persons_word_ends_it_when_they_said_so() -> None:
    """Before that it was as inferred."""
    made = fact("open", span(0))
    said = fact("done", span(0), ended=4, engine="person")
    events = ("CommitmentMade", "FactCorrected")
    assert [found.status for day in (3, 4) if (found := on(day, made, said, events=events))] == ["open", "done"]


def test_corrections_are_undone_one_by_one() -> None:
    """Each undoing leads to what stood before the last correction that still stands."""
    a, b, c = (fact("open", span(0), statement=name) for name in "abc")
    told = versions(a, b, c, events=("CommitmentMade", "FactCorrected", "FactCorrected"))
    assert (first := before_correction(told)) is not None
    assert first.fact == b
    told = versions(a, b, c, b, events=("CommitmentMade", "FactCorrected", "FactCorrected", "CorrectionUndone"))
    assert (second := before_correction(told)) is not None
    assert second.fact == a
    told = versions(a, b, a, events=("CommitmentMade", "FactCorrected", "CorrectionUndone"))
    assert before_correction(told) is None


@st.composite
def histories(draw: st.DrawFn) -> list[Version]:
    kind = draw(st.sampled_from(sorted(LIFE)))
    found = []
    for _ in range(draw(st.integers(1, 4))):
        status = draw(st.sampled_from(LIFE[kind]))
        roles = st.sampled_from(["settles", "changes", "states"])
        later = {span(draw(st.integers(1, 5)), draw(roles)) for _ in range(draw(st.integers(0, 3)))}
        ends = [TOLD_AT[each.message_id] for each in later if each.role == "settles"]
        ended = DAYS.index(max(ends, default=DAYS[draw(st.integers(1, 5))])) if status in ENDED else None
        due = draw(st.sampled_from([None, date(2026, 3, 5), date(2026, 3, 9)]))
        engine = draw(st.sampled_from(["rules", "person"]))
        evidence = (span(0), *sorted(later, key=str))
        found.append(fact(status, *evidence, kind=kind, ended=ended, due=due, engine=engine))
    events = st.sampled_from(["FactChanged", "FactCorrected", "FactRetired"])
    return versions(*found, events=tuple(draw(events) for _ in found))


@given(histories(), st.integers(0, 6), st.integers(0, 6))
def test_rewinding_is_sound(told: list[Version], one: int, two: int) -> None:
    """It cites nothing that was not yet said, gives no date that nobody recorded, and its life only goes forward.

    In the end it is as it stands.
    """
    early, late = sorted((one, two))
    before, after = (rewound(told, TOLD_AT, DAYS[day] + NOON) for day in (early, late))
    latest = told[-1].fact
    if told[-1].retired:
        assert before is after is None
        return
    assert before is not None
    assert after is not None
    assert all(TOLD_AT[each.message_id] <= DAYS[early] + NOON for each in before.evidence)
    assert before.due in {None, *(version.fact.due for version in told)}
    life = LIFE[latest.kind]
    assert life.index(before.status) <= life.index(after.status) or {before.status, after.status} <= ENDED
    assert rewound(told, TOLD_AT, DAYS[6] + NOON) == latest
