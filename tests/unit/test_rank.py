"""The order of a morning: the same input, the same order, and each position explains itself."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given as example
from hypothesis import settings
from hypothesis import strategies as st

from graphs import preferences
from graphs.entries import fingerprint
from graphs.tasks import rank
from memory.briefings import Told
from memory.models.briefings import SECTIONS
from memory.models.facts import LIFE, FactKind
from tests.unit import morning
from tests.unit.morning import ANA, BEN, BOT, IDA, MIRA, TODAY, TOM, Evening, fact, message, ranked, talk

PEOPLE = (ANA, BEN, IDA, MIRA, TOM, BOT)
YESTERDAY = TODAY - timedelta(days=1)


@st.composite
def evenings(draw: st.DrawFn) -> Evening:
    """Any mix of facts, people, times, mentions and words."""
    messages, facts = [], []
    for number in range(draw(st.integers(0, 30))):
        kind: FactKind = draw(st.sampled_from(sorted(LIFE)))
        author = draw(st.sampled_from(PEOPLE))
        said = message(
            number,
            author,
            draw(st.sampled_from(("ship it", "thanks!", "can you look?", "INC-9 is back")))
            + draw(st.text(max_size=20)),
            hours_ago=draw(st.floats(0, 400)),
            to=tuple(draw(st.lists(st.sampled_from(PEOPLE), max_size=2))),
            where=draw(st.sampled_from(morning.CONTAINERS)),
            kind="bot" if author is BOT else "human",
        )
        messages.append(said)
        due = draw(st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 10)))
        to = draw(st.none() | st.sampled_from(PEOPLE))
        facts.append(fact(kind, draw(st.sampled_from(LIFE[kind])), said, to=to, due=due))
    return Evening(messages=tuple(messages), conversations=tuple(talk(m) for m in messages), facts=tuple(facts))


@settings(max_examples=60, deadline=None)
@example(evening=evenings(), seed=st.integers(0, 99))
def test_the_same_input_in_any_order_gives_the_same_order(evening: Evening, seed: int) -> None:
    """Shuffled rows rank the same, within limits, with reasons and sources: `ranked` runs the check."""
    shuffled = {}
    for field in ("messages", "conversations", "facts"):
        rows = list(getattr(evening, field))
        random.Random(seed).shuffle(rows)
        shuffled[field] = tuple(rows)
    assert ranked(evening) == ranked(Evening.model_validate(shuffled))


def test_what_waits_for_the_reader_comes_first() -> None:
    """An open question, a request by name and a promise past its day are the three that need the reader."""
    entries = ranked(morning.usual()).entries
    first = [e.reasons[0].code for e in entries if e.section == "needs_you"]
    assert first == ["asked_of_you", "mentioned", "my_promise_overdue"]


def test_small_talk_thanks_and_bots_stay_out() -> None:
    """Nothing rests on thanks, lunch or a bot's line."""
    evening = morning.usual()
    cited = {m for e in ranked(evening).entries for m in e.message_ids}
    idle = [m for m in evening.messages if m.text.startswith(("thanks", "pizza", "build"))]
    assert len(idle) == 3
    assert not cited & {m.message_id for m in idle}


def test_a_question_that_the_reader_answered_waits_no_more() -> None:
    """A later message of the reader in the same conversation takes the question off the list."""
    asked = message(1, IDA, "<@U1> do we keep the old ledger?", to=(MIRA,))
    reply = message(2, MIRA, "we keep it until March", hours_ago=5)
    conversation = talk(asked, reply)
    question = fact("question", "open", asked, to=MIRA, conversation=conversation)
    evening = Evening(messages=(asked, reply), conversations=(conversation,), facts=(question,))
    assert not [e for e in ranked(evening).entries if e.section == "needs_you"]


def _told(evening: Evening, **changes: object) -> tuple[Told, ...]:
    entries = ranked(evening).entries
    row = {"local_date": YESTERDAY, **changes}
    return tuple(Told.model_validate({"anchor_id": e.anchor_id, "fingerprint": e.fingerprint, **row}) for e in entries)


def test_what_was_told_and_has_not_changed_is_not_told_again() -> None:
    """What still waits for the reader comes back as still open, and what has passed its day on the workday after it."""
    evening = morning.usual()
    again = ranked(evening, told=_told(evening)).entries
    assert {e.tag for e in again} == {"still_open"}
    assert {e.reasons[0].code for e in again} == {"asked_of_you", "owed_to_you_overdue", "mentioned"}


@pytest.mark.parametrize(("workdays", "told"), [(2, False), (3, True), (4, False), (8, True)])
def test_a_proposal_that_nobody_settles_comes_back(workdays: int, told: bool) -> None:
    """On the third workday after it, and weekly then, to whoever made it or spoke there; never to others."""
    days_ago = workdays + 2 * (workdays >= 5)  # it is a Friday
    proposal = message(1, MIRA, "I propose we drop the nightly report", hours_ago=24 * days_ago)
    fact_of = fact("decision", "proposed", proposal)
    evening = Evening(messages=(proposal,), conversations=(talk(proposal),), facts=(fact_of,))
    earlier = Told(
        anchor_id=fact_of.fact_id,
        fact_ids=(fact_of.fact_id,),
        at=proposal.posted_at + timedelta(hours=12),
        fingerprint=fingerprint("decision", "proposed", None, fact_of.statement),
        local_date=(proposal.posted_at + timedelta(hours=12)).date(),
    )
    found = [e.section for e in ranked(evening, told=(earlier,)).entries if "unsettled" in e.codes]
    assert found == (["decisions"] if told else [])
    assert not ranked(evening, reader=TOM).entries


def test_what_was_marked_done_does_not_come_back() -> None:
    """*Done* keeps an unchanged item away for good."""
    evening = morning.usual()
    assert ranked(evening, told=_told(evening, done=True)).entries == ()


def test_what_has_changed_since_it_was_told_says_so() -> None:
    """A told promise that was kept since is tagged resolved; a told decision that moved on is tagged changed."""
    evening = morning.usual()
    told = _told(evening)
    status = {"commitment": "done", "decision": "reversed"}
    moved = tuple(f.model_copy(update={"status": status.get(f.kind, f.status)}) for f in evening.facts)
    tags = {e.section: e.tag for e in ranked(evening.model_copy(update={"facts": moved}), told=told).entries}
    assert tags["promises"] == "resolved"
    assert tags["decisions"] == "changed"


def test_a_full_section_keeps_its_limit() -> None:
    """However much happened, each section keeps its limit, the best first."""
    entries = ranked(morning.crowded(200)).entries
    for section in SECTIONS:
        scores = [e.score for e in entries if e.section == section]
        assert len(scores) <= preferences.USUAL[section]
        assert scores == sorted(scores, reverse=True)


def test_every_reason_reads_as_words() -> None:
    """Each position explains itself in plain words, with and without names."""
    for entry in ranked(morning.usual()).entries:
        for reason in entry.reasons:
            assert reason.wording
            assert "{" not in reason.named({BEN.person_id: "Ben"})


def test_an_order_without_reasons_fails_its_check() -> None:
    """The check refuses a position that does not explain itself."""
    evening = morning.usual()
    found = ranked(evening)
    bare = rank.Found(entries=tuple(e.model_copy(update={"reasons": ()}) for e in found.entries))
    with pytest.raises(rank.UnexplainedOrder):
        rank.check(morning.to_rank(evening), bare)


def test_a_mention_that_asks_for_nothing_is_not_among_the_three() -> None:
    """Being named is not being needed: only a request can stand in the first three."""
    named = message(1, TOM, "then follow <@U1>'s advice on the index", to=(MIRA,))
    asked = message(2, TOM, "<@U1> can you check the index?", to=(MIRA,))
    entries = ranked(Evening(messages=(named, asked), conversations=(talk(named), talk(asked)))).entries
    assert {e.section: e.message_ids for e in entries} == {
        "needs_you": (asked.message_id,),
        "also": (named.message_id,),
    }
