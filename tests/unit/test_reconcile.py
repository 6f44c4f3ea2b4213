"""What reconciliation promises."""

import dataclasses
import zlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from graphs.tasks import extract, minutes, reconcile
from graphs.tasks.changes import Add, Change, Confirm, Retire, Settle, applied, before_moves
from graphs.tasks.matching import Doubt
from graphs.tasks.reconcile import Extracted, Found, Given, UnfoundedChange, check, rules
from memory.messages import text_of
from memory.models.facts import ENDED, GIVEN_WORD, LIFE, SETTLED, EngineName, Evidence, Fact, FactKind
from memory.models.ids import conversation_id
from memory.models.messages import Message
from tests.unit.chat import MONDAY, NAMES, ROOM, message, person

TALKS = [message("Ana", "x", 60 * k) for k in range(8)]
STATEMENTS = [
    "Ana will rotate the payment keys",
    "Ana will rotate all payment keys",
    "Ana will write the incident runbook",
    "the payment gateway moves to Postgres",
    "Ana: sleeping on it, you have my answer tomorrow",
]


def reading(messages: Sequence[Message], current: tuple[Fact, ...] = ()) -> Given:
    """What extraction makes of one conversation, against the facts known."""
    name = conversation_id(messages[0].message_id)
    found = extract.rules(extract.Given(name, tuple(messages), NAMES))
    until = max(each.posted_at for each in messages)
    whole = Extracted(name, frozenset(each.message_id for each in messages), until)
    return Given(ROOM, found.candidates, current, (whole,), found.closings)


def known(*messages: Message) -> tuple[Fact, ...]:
    return applied((), rules(reading(messages)).changes)


@st.composite
def candidates(draw: st.DrawFn) -> extract.Candidate:
    place = draw(st.integers(0, len(TALKS) - 1))
    kind: FactKind = draw(st.sampled_from(sorted(LIFE)))
    status = draw(st.sampled_from(LIFE[kind]))
    told = TALKS[place]
    settled = draw(st.integers(place, len(TALKS) - 1)) if status in SETTLED and draw(st.booleans()) else None
    spans = [Evidence(message_id=told.message_id, start=0, end=1)]
    if draw(st.booleans()) and place:
        spans.insert(0, Evidence(message_id=TALKS[place - 1].message_id, start=0, end=1))
    if settled is not None:
        spans.append(Evidence(message_id=TALKS[settled].message_id, start=0, end=1, role="settles"))
    return extract.Candidate(
        conversation_id(TALKS[place // 3 * 3].message_id),
        kind,
        person(draw(st.sampled_from(["Ana", "Bo"]))),
        None,
        draw(st.sampled_from(STATEMENTS)),
        draw(st.sampled_from([None, date(2026, 3, 5), date(2026, 3, 9)])),
        status,
        1.0,
        told.posted_at,
        TALKS[settled].posted_at if settled is not None else None,
        tuple(spans),
    )


@st.composite
def closings(draw: st.DrawFn) -> extract.Closing:
    told = draw(st.sampled_from(TALKS))
    return extract.Closing(
        conversation_id(told.message_id),
        person("Ana"),
        draw(st.sampled_from(["done", "dropped", "cleared", "reversed"])),
        draw(st.sampled_from(STATEMENTS)),
        told.posted_at,
        Evidence(message_id=told.message_id, start=0, end=1, role="settles"),
    )


WHOLE = tuple(
    Extracted(
        conversation_id(TALKS[k].message_id),
        frozenset(each.message_id for each in TALKS[k : k + 3]),
        TALKS[min(k + 2, len(TALKS) - 1)].posted_at,
    )
    for k in range(0, len(TALKS), 3)
)


@given(st.lists(candidates(), max_size=6), st.lists(candidates(), max_size=6), st.lists(closings(), max_size=3))
def test_a_second_run_changes_nothing(
    old: list[extract.Candidate], new: list[extract.Candidate], closed: list[extract.Closing]
) -> None:
    """Whatever was known and is said, reconciling its own result again yields no changes, and no end is unfounded."""
    before = applied((), rules(Given(ROOM, tuple(old), (), WHOLE)).changes)
    first = Given(ROOM, tuple(new), before, WHOLE, tuple(closed))
    found = rules(first)
    check(first, found)
    after = applied(before, found.changes)
    assert len({fact.fact_id for fact in after}) == len(after)
    assert rules(dataclasses.replace(first, current=after)).changes == ()


class Judge(dict[Doubt, bool]):
    """Says something of every doubt, always the same."""

    def __contains__(self, doubt: object) -> bool:
        return True

    def get(self, doubt: Doubt, default: Any = None) -> Any:
        return zlib.crc32(repr(doubt).encode()) % 2 == 0


@given(st.lists(candidates(), max_size=6), st.lists(candidates(), max_size=6), st.lists(closings(), max_size=3))
def test_whatever_a_model_says_of_doubts_a_second_run_changes_nothing(
    old: list[extract.Candidate], new: list[extract.Candidate], closed: list[extract.Closing]
) -> None:
    """Nor does it end what nothing newer ends, or make a fact of one kind another."""
    before = applied((), rules(Given(ROOM, tuple(old), (), WHOLE, verdicts=Judge())).changes)
    first = Given(ROOM, tuple(new), before, WHOLE, tuple(closed), verdicts=Judge())
    found = rules(first)
    check(first, found)
    after = applied(before, found.changes)
    assert rules(dataclasses.replace(first, current=after)).changes == ()
    kinds = {fact.fact_id: fact.kind for fact in before}
    assert all(kinds.get(fact.fact_id, fact.kind) == fact.kind for fact in after)


KEYS = message("Ana", "I'll rotate the payment keys on staging by Thursday")
AGAIN = message("Ana", "I'll rotate the payment keys on Thursday, and their backups", 3000)


def doubted(verdict: bool | None) -> tuple[Given, tuple[Fact, ...]]:
    """A promise that may have been made twice, and what is known when that was judged so."""
    given = reading([AGAIN], known(KEYS))
    given = dataclasses.replace(given, contents={m.message_id: text_of(m) for m in (KEYS, AGAIN)})
    ((doubt, share),) = reconcile.doubts(given).items()
    assert share.piece.asks == "same"
    assert {*share.rests_on} == {text_of(KEYS), text_of(AGAIN)}
    judged = dataclasses.replace(given, verdicts={} if verdict is None else {doubt: verdict})
    return judged, applied(judged.current, rules(judged).changes)


@pytest.mark.parametrize("verdict", [None, False])
def test_without_a_yes_doubtful_facts_stay_two(verdict: bool | None) -> None:
    assert len(doubted(verdict)[1]) == 2


def test_a_yes_makes_one_fact_with_more_evidence() -> None:
    """And another run, which knows the same, leaves it so."""
    judged, after = doubted(verdict=True)
    (fact,) = after
    assert {span.message_id for span in fact.evidence} == {KEYS.message_id, AGAIN.message_id}
    assert rules(dataclasses.replace(judged, current=after)).changes == ()


def test_nobody_is_asked_about_what_is_gone_or_clear() -> None:
    """Words that are no longer there are shown to nobody; what the rules can tell needs nobody."""
    unread = reading([AGAIN], known(KEYS))
    assert reconcile.doubts(unread) == {}
    clear = reading([message("Ana", "I'll write the incident runbook", 3000)], known(KEYS))
    assert reconcile.doubts(dataclasses.replace(clear, contents={KEYS.message_id: text_of(KEYS)})) == {}


def test_a_new_fact_is_added_once() -> None:
    """What was not known is added; read again, it is known."""
    told = message("Ana", "I'll rotate the payment keys by Thursday")
    (change,) = rules(reading([told])).changes
    assert isinstance(change, Add)
    assert rules(reading([told], known(told))).changes == ()


def test_the_same_said_again_confirms() -> None:
    """The same promise in another conversation is more evidence; another date is a change, told by the newer words."""
    first = message("Ana", "I'll rotate the payment keys by Thursday")
    again = message("Ana", "I'll rotate the payment keys by Friday", 600)
    before = known(first)
    found = rules(reading([again], before)).changes
    assert [type(each) for each in found] == [Confirm, Change]
    (after,) = applied(before, found)
    assert (after.due, after.fact_id) == (date(2026, 3, 6), before[0].fact_id)
    assert after.log_odds > before[0].log_odds


def test_a_later_report_settles() -> None:
    """A report of its owner in another conversation of the container settles a promise; somebody else's does not."""
    before = known(message("Ana", "I'll rotate the payment keys by Thursday"))
    other = rules(reading([message("Bo", "payment keys rotated, all done", 600)], before)).changes
    assert not any(isinstance(each, Settle) for each in other)
    settled = message("Ana", "payment keys rotated, all done", 900)
    (after, *_) = applied(before, rules(reading([settled], before)).changes)
    assert (after.status, after.valid_to) == ("done", settled.posted_at)


def test_an_edit_rewords_and_a_withdrawal_retires() -> None:
    """The fact follows an edit of its message, under the same id; when the words are gone, it is retired."""
    told = message("Ana", "I'll rotate the payment keys by Thursday")
    before = known(told)
    edited = told.model_copy(update={"text": "I'll rotate the payment keys by Friday"})
    (fact,) = applied(before, rules(reading([edited], before)).changes)
    assert (fact.fact_id, fact.due) == (before[0].fact_id, date(2026, 3, 6))
    gone = told.model_copy(update={"text": "hm", "posted_at": told.posted_at + timedelta(hours=1)})
    assert rules(reading([gone], before)).changes == (Retire(before[0].fact_id, gone.posted_at),)


def test_an_edit_that_names_somebody_else_moves_the_fact_to_them() -> None:
    """It stays one fact, and no longer names whoever the words spoke of before."""
    (mine,) = reading([message("Ana", "I'll rotate the payment keys by Thursday")]).candidates
    theirs = dataclasses.replace(mine, actor_id=person("Bo"), statement="Bo will rotate the payment keys")
    (fact,) = applied((), rules(Given(ROOM, (mine,), ())).changes)
    (moved,) = applied((fact,), rules(Given(ROOM, (theirs,), (fact,))).changes)
    assert (moved.fact_id, moved.actor_id, moved.statement) == (fact.fact_id, person("Bo"), theirs.statement)
    assert rules(Given(ROOM, (theirs,), (moved,))).changes == ()


def test_nothing_is_retired_without_newer_words() -> None:
    """A fact its conversation no longer yields stays while nothing newer happened there, or it rests elsewhere."""
    told = message("Ana", "I'll rotate the payment keys by Thursday")
    before = known(told)
    whole = Extracted(before[0].conversation_id, frozenset([told.message_id]), told.posted_at)
    assert rules(Given(ROOM, (), before, (whole,))).changes == ()
    elsewhere = applied(
        before, [Confirm(before[0].fact_id, (Evidence(message_id=TALKS[5].message_id, start=0, end=1),), 2)]
    )
    later = dataclasses.replace(whole, until=told.posted_at + timedelta(hours=9))
    assert rules(Given(ROOM, (), elsewhere, (later,))).changes == ()
    assert rules(Given(ROOM, (), before, ())).changes == ()


def test_a_correction_stays() -> None:
    """What a person corrected is neither reworded, settled nor retired by an engine."""
    told = message("Ana", "I'll rotate the payment keys by Thursday")
    (fact,) = known(told)
    corrected = (fact.model_copy(update={"engine": "person", "due": date(2026, 3, 20)}),)
    gone = told.model_copy(update={"text": "hm", "posted_at": told.posted_at + timedelta(hours=1)})
    for read in ([told], [gone], [message("Ana", "payment keys rotated, all done", 600)]):
        after = applied(corrected, rules(reading(read, corrected)).changes)
        assert after[0] == corrected[0]


def test_an_unfounded_end_is_refused() -> None:
    """To end a fact by what is no newer than it is an error."""
    before = known(message("Ana", "I'll rotate the payment keys by Thursday"))
    with pytest.raises(UnfoundedChange):
        check(Given(ROOM, (), before), Found((Retire(before[0].fact_id, MONDAY),)))


@given(
    st.lists(candidates(), min_size=1, max_size=5),
    st.lists(candidates(), max_size=6),
    st.lists(closings(), max_size=3),
    st.booleans(),
)
def test_a_persons_word_outranks_whatever_is_said(
    old: list[extract.Candidate], new: list[extract.Candidate], closed: list[extract.Closing], dismissed: bool
) -> None:
    """What people corrected or dismissed is the same after any conversation, read in whatever form."""
    known_before = applied((), rules(Given(ROOM, tuple(old), (), WHOLE)).changes)
    said = {"engine": "person", "log_odds": GIVEN_WORD, "statement": "as they say", "dismissed": dismissed}
    before = tuple(fact.model_copy(update=said) for fact in known_before)
    after = {
        fact.fact_id: fact
        for fact in applied(before, rules(Given(ROOM, tuple(new), before, WHOLE, tuple(closed))).changes)
    }
    assert [after.get(fact.fact_id) for fact in before] == list(before)


def test_what_was_dismissed_swallows_nothing_new() -> None:
    """The message that made it makes it no more; the same promised anew, elsewhere, is a fact of its own."""
    told = message("Ana", "I'll rotate the payment keys by Thursday")
    (fact,) = known(told)
    dismissed = (fact.model_copy(update={"engine": "person", "dismissed": True}),)
    assert rules(reading([told], dismissed)).changes == ()
    again = message("Ana", "I'll rotate the payment keys by Friday", 600)
    (added,) = rules(reading([again], dismissed)).changes
    assert isinstance(added, Add)
    assert added.fact.fact_id != fact.fact_id


def test_a_moved_date_is_told_in_its_steps() -> None:
    """Worked out in one go or not, the date before each move is recorded first."""
    first = message("Ana", "I'll rotate the payment keys by Thursday")
    friday = message("Ana", "I'll rotate the payment keys by Friday", 600)
    monday = message("Ana", "I'll rotate the payment keys by Monday", 1200)
    before = known(first)
    changes = rules(reading([friday], before)).changes
    rounds = before_moves(before, changes)
    assert [[fact.due for fact in each] for each in rounds] == [[date(2026, 3, 5)]]
    whole = dataclasses.replace(
        reading([first]),
        candidates=(*reading([first]).candidates, *reading([friday]).candidates, *reading([monday]).candidates),
    )
    rounds = before_moves((), rules(whole).changes)
    assert [[fact.due for fact in each] for each in rounds] == [[date(2026, 3, 5)], [date(2026, 3, 6)]]


@given(st.lists(candidates(), max_size=6), st.lists(candidates(), max_size=6), st.lists(closings(), max_size=3))
def test_nothing_ends_without_newer_evidence(
    old: list[extract.Candidate], new: list[extract.Candidate], closed: list[extract.Closing]
) -> None:
    """A fact that was open is over, or gone, only by words newer than it."""
    before = applied((), rules(Given(ROOM, tuple(old), (), WHOLE)).changes)
    found = rules(Given(ROOM, tuple(new), before, WHOLE, tuple(closed)))
    after = {fact.fact_id: fact for fact in applied(before, found.changes)}
    for fact in before:
        later = after.get(fact.fact_id)
        if later is not None and later.status in ENDED and fact.status not in ENDED:
            assert later.valid_to is not None
            assert later.valid_to > fact.valid_from
        elif later is None:
            assert max(each.until for each in WHOLE) > fact.valid_from


@given(st.lists(candidates(), max_size=5), st.lists(closings(), max_size=2))
def test_changes_survive_being_stored(said: list[extract.Candidate], closed: list[extract.Closing]) -> None:
    """What is written as JSON is read back as the same changes."""
    found = rules(Given(ROOM, tuple(said), (), WHOLE, tuple(closed)))
    stored = TypeAdapter(reconcile.Found)
    assert stored.validate_json(stored.dump_json(found)) == found


def test_a_fact_says_which_engine_concludes_it_now() -> None:
    """Read by another engine it is the same fact, told once as that engine's."""
    heard = reading([message("Ana", "I'll send the plan by Friday", 0)])
    (candidate,) = [each for each in heard.candidates if each.kind == "commitment"]
    engines: tuple[EngineName, ...] = ("rules", "model", "rules")
    facts: tuple[Fact, ...] = ()
    for engine in engines:
        given = Given(ROOM, (dataclasses.replace(candidate, engine=engine),), facts)
        facts = applied(facts, rules(given).changes)
        version = minutes.VERSION if engine == "model" else extract.VERSION
        assert [(each.engine, each.engine_version) for each in facts] == [(engine, version)]
        assert rules(dataclasses.replace(given, current=facts)).changes == ()


def test_who_promised_to_decide_has_done_so_with_their_next_decision_there() -> None:
    """And by nobody else's, nor by what they decided before."""
    promised = message("Ana", "sleeping on it, you have my answer tomorrow", 0)
    before = known(promised)
    (open_one,) = [fact for fact in before if fact.kind == "commitment"]
    for author, minute, ends in (("Ana", 900, "done"), ("Bo", 900, "open")):
        decided = message(author, "Decided: we move to the 21st", minute)
        after = applied(before, rules(reading([decided], before)).changes)
        (promise,) = [fact for fact in after if fact.fact_id == open_one.fact_id]
        assert promise.status == ends
