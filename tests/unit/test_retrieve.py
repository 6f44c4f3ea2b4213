"""The order of evidence: who speaks, what stands beside it and what the words mean count, and any text is only text."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid5

import pytest
from hypothesis import given as example
from hypothesis import settings
from hypothesis import strategies as st

from graphs.tasks import asked, retrieve
from graphs.tasks.asked import without_names
from graphs.tasks.retrieve import Candidate, Counted, Given, LostCandidate, Said
from graphs.tasks.understand import QueryPlan
from memory.models.ids import MessageId, PersonId

SPACE = UUID(int=7)
ANA, BEN, ASKER = (PersonId(uuid5(SPACE, name)) for name in ("ana", "ben", "asker"))
NAMES = {ANA: "Ana Lima", BEN: "Ben"}
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ANYTHING = st.text(max_size=60) | st.sampled_from(
    ("\x00", "\ud800", "?" * 40_000, "a" * 40_000, "\u202eabc", "ﷺ" * 300)
)


def key(name: object) -> MessageId:
    return MessageId(uuid5(SPACE, str(name)))


def wrote(
    name: object,
    text: str,
    by: PersonId = BEN,
    *,
    before: Sequence[str] = (),
    after: Sequence[str] = (),
    days_ago: float = 5,
    lexical: float = 0,
    similarity: float | None = None,
) -> Candidate:
    return Candidate(
        message_id=key(name),
        author_id=by,
        text=text,
        posted_at=NOW - timedelta(days=days_ago),
        before=tuple(Said(ANA, each) for each in before),
        after=tuple(Said(ANA, each) for each in after),
        lexical=lexical,
        similarity=similarity,
    )


def asking(
    question: str, *candidates: Candidate, plan: QueryPlan | None = None, counted: Counted | None = None
) -> Given:
    return Given(
        question=question,
        asker=ASKER,
        asked_at=NOW,
        plan=plan or QueryPlan(),
        names=NAMES,
        candidates=candidates,
        counted=counted or Counted(),
    )


def order(given: Given) -> list[MessageId]:
    found = retrieve.rules(given)
    retrieve.check(given, found)
    return [each.message_id for each in found.ranked]


@st.composite
def questions(draw: st.DrawFn) -> Given:
    """Any question about any candidates, with and without vectors, neighbours, counts and people."""
    words = st.sampled_from(
        ("the invoice job broke", "Who owns billing?", "I moved to Lisbon", "3 pets in May 2024", "")
    )
    texts = st.one_of(words, ANYTHING)
    candidates = [
        wrote(
            number,
            draw(texts),
            draw(st.sampled_from((ANA, BEN))),
            before=draw(st.lists(texts, max_size=5)),
            after=draw(st.lists(texts, max_size=5)),
            days_ago=draw(st.floats(0, 9000)),
            lexical=draw(st.floats(0, 1)),
            similarity=draw(st.none() | st.floats(-1, 1) | st.just(float("nan"))),
        )
        for number in range(draw(st.integers(0, 8)))
    ]
    plan = QueryPlan(person_ids=tuple(draw(st.sets(st.sampled_from((ANA, BEN))))))
    holding = draw(st.dictionaries(st.sampled_from(("invoice", "billing", "dog", "may")), st.integers(0, 10**6)))
    counted = Counted(messages=draw(st.integers(0, 10**5)), holding=holding)
    return asking(draw(texts), *candidates, plan=plan, counted=counted)


@settings(max_examples=150, deadline=None)
@example(given=questions(), seed=st.integers(0, 99))
def test_the_same_candidates_in_any_order_are_ranked_alike(given: Given, seed: int) -> None:
    """Every candidate has its place, whatever was written, and the order in which they were found does not matter."""
    shuffled = list(given.candidates)
    random.Random(seed).shuffle(shuffled)
    assert order(given) == order(given.model_copy(update={"candidates": tuple(shuffled)}))


def test_a_lost_candidate_is_noticed() -> None:
    """The check refuses an order that leaves one out, has one twice, or is not that of the scores."""
    given = asking("invoice", wrote(1, "the invoice"), wrote(2, "no"))
    ranked = retrieve.rules(given).ranked
    for wrong in (ranked[:1], (ranked[0], ranked[0]), tuple(reversed(ranked))):
        with pytest.raises(LostCandidate):
            retrieve.check(given, retrieve.Found(ranked=wrong))


def test_a_name_is_a_preference_and_no_word() -> None:
    """What a person said goes before what was said of another; their name in a text is not what was asked for."""
    plan = QueryPlan(person_ids=(ANA,))
    hers, his, naming = (
        wrote("hers", "The invoice job is broken", ANA),
        wrote("his", "The invoice job is broken", BEN),
        wrote("naming", "Ana Lima, Ana Lima, Ana!", BEN),
    )
    assert order(asking("What did Ana Lima say about the invoice job?", naming, his, hers, plan=plan)) == [
        key("hers"),
        key("his"),
        key("naming"),
    ]
    assert retrieve.words_to_seek("What did Ana Lima's team invoice?", plan, NAMES) == ("team", "invoice")
    assert without_names("Ana’s invoice, Ana Lima?", plan, NAMES) == "invoice, ?"
    assert without_names("Ana Lima?", plan, NAMES) == "Ana Lima?"


def test_a_neighbour_counts() -> None:
    """A message beside one that holds the words is likelier evidence than one beside nothing, the nearer the more."""
    near = wrote("near", "yes it is done", before=("hello", "how is the invoice migration"))
    far = wrote("far", "yes it is done", before=("how is the invoice migration", "hello"))
    alone = wrote("alone", "yes it is done", before=("hello", "hello"))
    assert order(asking("invoice migration", alone, far, near)) == [key("near"), key("far"), key("alone")]


def test_what_follows_a_question_is_the_answer() -> None:
    """Between two replies, that to a question goes first."""
    told = wrote("told", "by the ferry", before=("I like how you came to the office",))
    asked = wrote("asked", "by the ferry", before=("Did you like how you came to the office?",))
    assert order(asking("How did Ben come to the office?", told, asked)) == [key("asked"), key("told")]


def test_a_thing_is_found_by_its_kind() -> None:
    """Asking for pets finds a dog, for a database Postgres, for a purchase what was bought."""
    for question, text in (
        ("What pets does he have?", "we got a puppy"),
        ("Which database do we use?", "moving to Postgres"),
        ("Where were the deployments announced?", "the release is out"),
        ("Who was purchasing licences?", "bought three"),
    ):
        assert order(asking(question, wrote("other", "see you later"), wrote("it", text)))[0] == key("it")


def test_what_is_rare_among_the_readable_tells_most() -> None:
    """The counts of the store decide between two words, not the candidates at hand."""
    one, other = wrote("one", "invoice"), wrote("other", "ferry")
    rare, common = Counted(messages=1000, holding={"invoice": 2, "ferry": 700}), {"invoice": 700, "ferry": 2}
    assert order(asking("invoice ferry", one, other, counted=rare)) == [key("one"), key("other")]
    assert order(asking("invoice ferry", one, other, counted=Counted(messages=1000, holding=common)))[0] == key("other")


def test_without_vectors_it_is_ranked_by_words_alone() -> None:
    """No vector at all, or some missing, is fine; where words say nothing, likeness decides."""
    texts = [wrote(n, "the invoice" if n == 2 else "hello there") for n in range(4)]
    assert order(asking("invoice", *texts))[0] == key(2)
    alike = [wrote(n, "hello there", similarity=(None, 0.1, 0.4, 0.2)[n]) for n in range(4)]
    assert order(asking("ferry", *alike))[:2] == [key(2), key(3)]


@pytest.mark.parametrize("days", ["on 3 November", "on November 3rd, 2026", "in November 2026", "in Nov 2026"])
def test_a_day_in_the_question_prefers_its_time(days: str) -> None:
    """A named day or month counts, whether or not the plan knows it."""
    then, later = (
        wrote("then", "the invoice job broke", days_ago=16),
        wrote("later", "the invoice job broke", days_ago=60),
    )
    assert order(asking(f"What broke {days}?", later, then))[0] == key("then")


def test_a_month_in_the_question_is_one_where_the_asker_lives() -> None:
    """It begins at midnight there, and has begun for them while it has not in UTC."""
    night = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    berlin = asked.read("What broke in November?", QueryPlan(tz="Europe/Berlin"), {}, night)
    assert (berlin.since, berlin.until) == (
        datetime(2026, 10, 31, 23, tzinfo=UTC),
        datetime(2026, 11, 30, 23, tzinfo=UTC),
    )
    assert asked.read("What broke in November?", QueryPlan(), {}, night).since == datetime(2025, 11, 1, tzinfo=UTC)


def test_the_span_of_the_plan_is_preferred() -> None:
    """The days that the plan names count, and go before words that look like others."""
    plan = QueryPlan(since=NOW - timedelta(days=61), until=NOW - timedelta(days=59))
    then, later = (
        wrote("then", "the invoice job broke", days_ago=60),
        wrote("later", "the invoice job broke", days_ago=16),
    )
    assert order(asking("What broke in November?", later, then, plan=plan))[0] == key("then")


def test_when_and_how_many_prefer_times_and_numbers() -> None:
    """A message that names a time, or a number, is likelier to say when, or how many."""
    plain, timed = wrote("plain", "we moved the billing job over"), wrote("timed", "we moved the billing job yesterday")
    assert order(asking("When did the billing job move?", plain, timed))[0] == key("timed")
    many = wrote("many", "we moved seven billing jobs over")
    assert order(asking("How many billing jobs moved?", wrote("plain", "we moved the billing jobs over"), many))[
        0
    ] == key("many")


def test_ties_go_by_the_store_s_rank() -> None:
    """Where nothing else tells, the better full-text rank goes first, then the id."""
    same = [wrote(n, "invoice", lexical=n / 10) for n in range(5)]
    assert order(asking("invoice", *same)) == [key(n) for n in (4, 3, 2, 1, 0)]
    level = order(asking("invoice", *(wrote(n, "invoice") for n in range(5))))
    assert all(str(a) < str(b) for a, b in pairwise(level))


def test_words_to_count_begin_with_the_question_s_own() -> None:
    """What may stand for a word comes after the words themselves, each once."""
    words = retrieve.words_to_count("Which pets and cats?", QueryPlan(), {})
    assert words[:2] == ("pets", "cats")
    assert {"dogs", "puppy"} <= {*words}
    assert len(words) == len(set(words)) <= retrieve.MOST_COUNTED
