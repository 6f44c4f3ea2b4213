"""What feedback means for the next mornings: silence, return, and lessons that fade and can be taken back."""

import random
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given as example
from hypothesis import settings
from hypothesis import strategies as st

from graphs import lessons
from graphs.entries import Entry
from graphs.lessons import FADED, FRESH, WAITING
from graphs.tasks.rank import Found
from memory.briefings import Told
from memory.feedback import Kind, Said
from memory.models.containers import Container
from memory.models.facts import FactKind
from memory.models.ids import ItemId, derive
from memory.models.people import Person
from tests.unit import morning
from tests.unit.morning import ANA, BEN, IDA, LEDGER, MIRA, NOW, OPS, TODAY, TOM, Evening, fact, message, ranked, talk
from tests.unit.test_rank import evenings

KINDS: tuple[FactKind, ...] = ("decision", "commitment", "question", "blocker", "update")
YESTERDAY = TODAY - timedelta(days=1)


def said(kind: Kind, entry: Entry, *, days_ago: float = 1, until: date | None = None, number: int = 0) -> Said:
    """What the reader said of an item that told of this entry, as memory keeps it."""
    return Said(
        item_id=ItemId(derive("item", entry.anchor_id, number)),
        anchor_id=entry.anchor_id,
        fact_ids=entry.fact_ids,
        fingerprint=entry.fingerprint,
        kind=kind,
        until=until,
        at=NOW - timedelta(days=days_ago),
        grounds=lessons.explained(entry, FACTS, {entry.conversation_id: OPS.container_id}, {}).grounds,
    )


def news(
    number: int,
    *,
    declined: float = 1,
    about: FactKind = "update",
    code: str = "update",
    who: Person | None = TOM,
    place: Container = OPS,
    **given: object,
) -> Said:
    """*Not for me* on a piece of news that is not around any more."""
    usual = {
        "item_id": derive("item", number),
        "anchor_id": derive("gone", number),
        "kind": "declined",
        "at": NOW - timedelta(days=declined),
        "grounds": {
            "kind": about,
            "container_id": place.container_id,
            "actor_id": who.person_id if who else None,
            "reasons": [{"code": code, "weight": 10}],
        },
    }
    return Said.model_validate({**usual, **given})


EVENING = morning.usual()
FACTS = {each.fact_id: each for each in EVENING.facts}
TOLD = tuple(
    Told(anchor_id=entry.anchor_id, fingerprint=entry.fingerprint, local_date=YESTERDAY)
    for entry in ranked(EVENING).entries
)


def entry_of(found: Found, anchor: object) -> Entry | None:
    return next((entry for entry in found.entries if entry.anchor_id == anchor), None)


def first(code: str) -> Entry:
    return next(entry for entry in ranked(EVENING).entries if any(reason.code == code for reason in entry.reasons))


# What was said of the thing itself --------------------------------------------------------------------------------


def test_what_is_not_for_me_is_not_told_again() -> None:
    """Neither as it was nor when it changes; all else stays."""
    entry = first("asked_of_you")
    declined = said("declined", entry)
    moved = tuple(
        each.model_copy(update={"due": TODAY}) if each.fact_id == entry.anchor_id else each for each in EVENING.facts
    )
    for evening in (EVENING, EVENING.model_copy(update={"facts": moved})):
        assert entry_of(ranked(evening, told=TOLD), entry.anchor_id)
        assert entry_of(ranked(evening, told=TOLD, said=(declined,)), entry.anchor_id) is None
    others = {each.anchor_id for each in ranked(EVENING, told=TOLD).entries} - {entry.anchor_id}
    assert {each.anchor_id for each in ranked(EVENING, told=TOLD, said=(declined,)).entries} == others


def test_what_is_snoozed_comes_back_on_its_day() -> None:
    """Silent before its day, whatever it is; then told as still open, since the reader asked for it; once."""
    for code in ("asked_of_you", "decision", "update", "report_blocked"):
        entry = first(code)
        until = said("snoozed", entry, until=TODAY + timedelta(days=1))
        assert entry_of(ranked(EVENING, told=TOLD, said=(until,)), entry.anchor_id) is None
        back = said("snoozed", entry, until=TODAY)
        found = entry_of(ranked(EVENING, told=TOLD, said=(back,)), entry.anchor_id)
        assert found is not None
        assert found.tag == "still_open"
        assert "asked_again" in {reason.code for reason in found.reasons}
        again = Told(anchor_id=entry.anchor_id, fingerprint=entry.fingerprint, local_date=TODAY)
        assert lessons.due([back], [*TOLD, again], TODAY + timedelta(days=1)) == frozenset()


def test_what_was_snoozed_for_long_is_not_forgotten() -> None:
    """Weeks later it is there, though nothing else that old would be."""
    asked = message(1, IDA, "<@U1> do we keep the old ledger?", hours_ago=24 * 30, to=(MIRA,))
    told_of = message(2, TOM, "Gateway 4.2 is live in both regions", hours_ago=24 * 30)
    mentioned = message(3, TOM, "<@U1> could you look at the capacity sheet?", hours_ago=24 * 30, to=(MIRA,))
    known = (fact("question", "open", asked, to=MIRA), fact("update", "reported", told_of))
    evening = Evening(
        messages=(asked, told_of, mentioned), conversations=(talk(asked), talk(told_of), talk(mentioned)), facts=known
    )
    anchors = [*(each.fact_id for each in known), talk(mentioned).conversation_id]
    rows = tuple(Told(anchor_id=each, fingerprint="f", local_date=TODAY - timedelta(days=29)) for each in anchors)
    assert ranked(evening, told=rows).entries == ()
    put_off = tuple(
        Said(item_id=ItemId(derive(each)), anchor_id=each, kind="snoozed", until=TODAY, at=NOW - timedelta(days=29))
        for each in anchors
    )
    assert {each.anchor_id for each in ranked(evening, told=rows, said=put_off).entries} == {*anchors}


def test_what_ended_while_it_was_snoozed_is_told_so_or_not_at_all() -> None:
    """A promise that was kept meanwhile comes as resolved, an answered question too; neither as asked for."""
    ends = {"commitment": "done", "question": "answered", "blocker": "cleared"}
    ended = tuple(each.model_copy(update={"status": ends.get(each.kind, each.status)}) for each in EVENING.facts)
    back = tuple(said("snoozed", entry, until=TODAY) for entry in ranked(EVENING).entries if entry.fact_ids)
    found = ranked(EVENING.model_copy(update={"facts": ended}), told=TOLD, said=back).entries
    settled = [e for e in found if e.fact_ids and FACTS[e.fact_ids[0]].kind in ends]
    assert settled
    assert {e.tag for e in settled} == {"resolved"}
    assert not [e for e in settled if "asked_again" in {reason.code for reason in e.reasons}]


def test_what_is_done_comes_back_only_when_it_changes() -> None:
    """However long ago it was told."""
    entry = first("asked_of_you")
    done = said("done", entry, days_ago=50)
    assert entry_of(ranked(EVENING, said=(done,)), entry.anchor_id) is None
    changed = tuple(
        each.model_copy(update={"due": TODAY}) if each.fact_id == entry.anchor_id else each for each in EVENING.facts
    )
    found = entry_of(ranked(EVENING.model_copy(update={"facts": changed}), told=TOLD, said=(done,)), entry.anchor_id)
    assert found is not None
    assert found.tag == "changed"


def test_the_last_word_counts() -> None:
    """Snoozed, and then done on an older page: done."""
    entry = first("asked_of_you")
    both = (said("snoozed", entry, days_ago=3, until=TODAY), said("done", entry, days_ago=1, number=1))
    assert entry_of(ranked(EVENING, told=TOLD, said=both), entry.anchor_id) is None
    assert lessons.due(both, TOLD, TODAY) == frozenset()


def test_a_twin_is_silent_too() -> None:
    """What was told in one line with what was declined does not come in its place."""
    one = message(1, TOM, "Decided: we cut over on Saturday 28 November", where=LEDGER)
    other = message(2, TOM, "Decided: we cut over on Saturday 28 November", where=OPS)
    known = (fact("decision", "decided", one), fact("decision", "decided", other))
    evening = Evening(messages=(one, other), conversations=(talk(one), talk(other)), facts=known)
    entry = ranked(evening).entries[0]
    assert len(entry.fact_ids) == 2
    for kind in ("declined", "done"):
        assert ranked(evening, said=(said(kind, entry, days_ago=0),)).entries == ()


# What is learnt about others ---------------------------------------------------------------------------------------


def score_of(*declined: Said, code: str = "update") -> float:
    """What the update of the usual evening, or another entry, counts after that."""
    entry = next((e for e in ranked(EVENING, said=declined).entries if code in {r.code for r in e.reasons}), None)
    return entry.score if entry else 0.0


def test_one_press_counts_for_little_and_repetition_for_more_up_to_a_cap() -> None:
    """Each press takes as much again, until more change nothing."""
    presses = [news(n, about="decision", who=BEN, place=LEDGER) for n in range(7)]
    scores = [score_of(*presses[:many], code="decision") for many in range(7)]
    assert [scores[0] - each for each in scores] == pytest.approx([0, 3, 6, 9, 12, 15, 15][: len(scores)])


def test_noise_is_learnt_away() -> None:
    """Such news of that person in that channel, declined again and again, is not told any more; elsewhere it is."""
    presses = tuple(news(n) for n in range(4))
    assert score_of() > 0
    assert score_of(*presses) == 0
    elsewhere = tuple(news(n, place=LEDGER, who=None) for n in range(4))
    assert score_of(*elsewhere) == score_of()


def test_a_lesson_explains_itself() -> None:
    """The reasons that it adds say what was pressed and how often, and are never what the line shows."""
    found = [e for e in ranked(EVENING, said=(news(1), news(2))).entries if "update" in {r.code for r in e.reasons}]
    negative = [r for r in found[0].reasons if r.weight < 0]
    assert [r.named({TOM.person_id: "Tom"}) for r in negative] == [
        "you said “Not for me” to such things by Tom twice",
        "you said “Not for me” to such things from this channel twice",
    ]
    items = morning.composed(EVENING, said=(news(1), news(2))).items
    assert not [item for item in items if "Not for me" in item.why]


def test_lessons_fade() -> None:
    """In full for a month, by half for another, then not at all."""
    full, half, gone = (score_of(news(1, declined=age)) for age in (FRESH - 1, FRESH + 1, FADED + 1))
    assert score_of() - full == pytest.approx(2 * (score_of() - half))
    assert gone == score_of()
    assert lessons.learnt([news(1, declined=FADED + 1)], TODAY, "UTC") == []


def test_several_dones_count_the_other_way_and_little() -> None:
    """Two are no lesson; three and more are one, with an end."""
    done = [news(n).model_copy(update={"kind": "done"}) for n in range(9)]
    changes = [score_of(*done[:many]) - score_of() for many in (2, 3, 4, 9)]
    assert changes == pytest.approx([0, 1.5, 3, 4.5])


presses = st.builds(
    lambda number, age, **given: news(number, declined=age, **given),
    number=st.integers(0, 10_000),
    age=st.floats(0, 90),
    about=st.sampled_from(KINDS),
    who=st.sampled_from((ANA, BEN, IDA, MIRA, TOM)),
    place=st.sampled_from((OPS, LEDGER)),
    code=st.sampled_from(("update", "decision", "from_report", "project", "owed_to_you", "report_blocked", "question")),
    kind=st.sampled_from(("declined", "declined", "done")),
)
"""Feedback on mere news."""


@settings(max_examples=60, deadline=None)
@example(evening=evenings(), said=st.lists(presses, max_size=30), seed=st.integers(0, 99))
def test_the_same_feedback_in_any_order_gives_the_same_order(evening: Evening, said: list[Said], seed: int) -> None:
    """`ranked` runs the check: each position explains itself, and the order is that of the scores."""
    shuffled = [*said]
    random.Random(seed).shuffle(shuffled)
    assert ranked(evening, said=tuple(said)) == ranked(evening, said=tuple(shuffled))
    one, other = (lessons.learnt(each, TODAY, "Europe/Berlin") for each in (said, shuffled))
    assert one == other


@settings(max_examples=60, deadline=None)
@example(evening=evenings(), said=st.lists(presses, max_size=40))
def test_mere_news_never_touches_what_waits(evening: Evening, said: list[Said]) -> None:
    """Whatever news was declined, what waits for the reader counts no less than before, and none of it goes."""

    def waiting(found: Found) -> dict[object, float]:
        return {e.anchor_id: e.score for e in found.entries if WAITING & {r.code for r in e.reasons}}

    before, after = waiting(ranked(evening)), waiting(ranked(evening, said=tuple(said)))
    needed = [e for e in ranked(evening).entries if e.section == "needs_you" and e.anchor_id in before]
    assert all(after.get(e.anchor_id, 0) >= e.score for e in needed)


@settings(max_examples=40, deadline=None)
@example(evening=evenings(), said=st.lists(presses, max_size=20))
def test_feedback_taken_back_leaves_no_trace(evening: Evening, said: list[Said]) -> None:
    """Without what is undone the order is as it was; what is forgotten as a lesson teaches nothing."""
    kept = [each for each in said if each.kind == "done"]
    forgotten = tuple(each.model_copy(update={"taught": False}) for each in said)
    assert ranked(evening, said=forgotten) == ranked(evening)
    learnt = lessons.learnt(said, TODAY, MIRA.tz)
    undone = {item for lesson in learnt if lesson.direction == "less" for item in lesson.items}
    left = [each for each in said if each.item_id not in undone]
    assert [each for each in lessons.learnt(left, TODAY, MIRA.tz) if each.direction == "less"] == []
    assert ranked(evening, said=tuple(left)) == ranked(evening, said=tuple(each for each in kept if each in left))


def test_what_waited_and_was_declined_teaches_about_what_waits() -> None:
    """Who declines the same person's requests again and again is told them further below."""
    waited = tuple(news(n, about="question", who=IDA, code="asked_of_you") for n in range(3))
    assert score_of(*waited, code="asked_of_you") < score_of(code="asked_of_you")


def test_a_lesson_names_what_it_is_about() -> None:
    """By kind and place, and the one person if it was always the same one; the latest first."""
    found = lessons.learnt(
        [
            news(1, declined=5),
            news(2, declined=4),
            news(3, declined=1, about="decision"),
            news(4, declined=2, about="decision", who=BEN),
            news(5).model_copy(update={"kind": "snoozed", "until": TODAY}),
        ],
        TODAY,
        "UTC",
    )
    assert [(each.kind, each.direction, each.presses, each.actor_id) for each in found] == [
        ("decision", "less", 2, None),
        ("update", "less", 2, TOM.person_id),
    ]
    assert len({each.key for each in found}) == 2


def test_times_are_the_readers() -> None:
    """A press late at night in Tokyo is of that day there."""
    late = datetime.fromisoformat("2026-09-21T16:00:00+00:00")
    assert lessons.learnt([news(1, at=late)], date(2026, 11, 20), "Asia/Tokyo")
    assert not lessons.learnt([news(1, at=late)], date(2026, 11, 20), "UTC")
