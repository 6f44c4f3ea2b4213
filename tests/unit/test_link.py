"""What linking promises."""

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.tasks import extract, likeness, link, reconcile, settling
from graphs.tasks.changes import applied
from graphs.tasks.link import Found, Given, Known, Remark, UnfoundedLink
from memory.models.facts import Fact
from memory.models.ids import ContainerId, MessageId, container_id, conversation_id, message_id
from memory.models.links import Link
from memory.models.messages import Message
from tests.unit.chat import NAMES, TEAM, message

HERE, THERE, ELSEWHERE = (container_id(TEAM, "slack", name) for name in ("C1", "C2", "C3"))


def said(place: ContainerId, name: str, text: str, minute: float = 0) -> Message:
    told = message(name, text, minute)
    return told.model_copy(update={"container_id": place, "message_id": message_id(place, told.external_ts)})


def known(*messages: Message) -> list[Known]:
    """The facts that each message alone makes, as its container has them."""
    found = []
    for told in messages:
        name = conversation_id(told.message_id)
        heard = extract.rules(extract.Given(name, (told,), NAMES))
        given = reconcile.Given(told.container_id, heard.candidates, (), ())
        for fact in applied((), reconcile.rules(given).changes):
            spans = [each for each in fact.evidence if each.role == "states"]
            found.append(Known(fact, " ".join(told.text[each.start : each.end] for each in spans)))
    return found


def remarks(*messages: Message) -> list[Remark]:
    found = []
    for told in messages:
        heard = settling.endings([extract.heard(told, 0)])
        found += [
            Remark(told.container_id, each, told.text)
            for each in extract.closings_of(conversation_id(told.message_id), heard)
        ]
    return found


def linked(facts: list[Known], spoken: list[Remark], here: ContainerId = HERE) -> tuple[Link, ...]:
    touched = {span.message_id for each in facts for span in each.fact.evidence}
    touched |= {each.closing.evidence.message_id for each in spoken}
    given = Given(here, frozenset(touched), tuple(facts), tuple(spoken))
    found = link.rules(given)
    link.check(given, found)
    return found.links


PROMISE = said(HERE, "Ana", "I'll rotate the payment keys by Thursday")
DONE = said(THERE, "Ana", "payment keys rotated, all done", 600)


def test_a_report_elsewhere_settles_a_promise() -> None:
    """Found from either side, with evidence at both ends and since the words that say so."""
    (found,) = linked(known(PROMISE), remarks(DONE))
    assert (found.relation, found.status, found.at) == ("resolves", "done", DONE.posted_at)
    assert (found.from_container, found.to_container) == (THERE, HERE)
    assert found.message_ids == (DONE.message_id, PROMISE.message_id)
    assert linked(known(PROMISE), remarks(DONE), here=THERE) == (found,)
    assert linked(known(PROMISE), remarks(DONE), here=ELSEWHERE) == ()


@pytest.mark.parametrize(
    ("promise", "remark"),
    [
        (PROMISE, said(THERE, "Bo", "payment keys rotated, all done", 600)),
        (PROMISE, said(THERE, "Ana", "payment keys rotated, all done", -600)),
        (PROMISE, said(THERE, "Ana", "payment keys rotated, all done", 60 * 24 * 30)),
        (PROMISE, said(HERE, "Ana", "payment keys rotated, all done", 600)),
        (PROMISE, said(THERE, "Ana", "the invoice export is deployed", 600)),
        (PROMISE, said(THERE, "Ana", "done!", 600)),
        (PROMISE, said(THERE, "Ana", "maybe the payment keys are rotated by now", 600)),
    ],
    ids=["another person", "older", "a month later", "the same place", "another matter", "no matter", "a hedge"],
)
def test_other_remarks_settle_nothing(promise: Message, remark: Message) -> None:
    """Precision before recall."""
    assert linked(known(promise), remarks(remark)) == ()


def test_where_two_could_be_meant_none_is() -> None:
    """Unless they are the same: then both are."""
    other = said(HERE, "Ana", "I'll rotate the payment tokens by Friday", 5)
    remark = said(THERE, "Ana", "payment rotation: rotated and done", 600)
    assert linked(known(PROMISE, other), remarks(remark)) == ()
    twin = said(ELSEWHERE, "Ana", "I'll rotate the payment keys by Thursday", 3)
    found = linked([*known(PROMISE), *known(twin)], remarks(DONE), here=THERE)
    assert {(each.relation, each.to_container) for each in found} == {("resolves", HERE), ("resolves", ELSEWHERE)}


def test_a_name_says_which() -> None:
    """ER-07 is ER-07 wherever it is named, and not ER-08."""
    promise = said(HERE, "Ana", "I'll have ER-07 fixed by Thursday")
    assert [each.status for each in linked(known(promise), remarks(said(THERE, "Ana", "ER-07 is deployed", 60)))] == [
        "done"
    ]
    assert linked(known(promise), remarks(said(THERE, "Ana", "ER-08 is deployed", 60))) == ()


def test_names_have_one_form() -> None:
    """Pull requests and links, however they are written."""
    found = likeness.names(
        ["PR 512 and pr #512, see <https://git.example/pull/7|this>.", "er-07, ER-07!", "#1 in 2026"]
    )
    assert found == {"#512", "https://git.example/pull/7", "er-07"}


def test_a_decision_taken_back_elsewhere() -> None:
    """By whom it was: it is reversed for who may read that."""
    decided = said(HERE, "Ana", "We decided to go with the date header for the API")
    back = said(THERE, "Ana", "I'm changing my mind on the date header: it goes into the URL", 600)
    (found,) = linked(known(decided), remarks(back))
    assert (found.relation, found.status) == ("reverses", "reversed")


def decisions(one: str, other: str, who: str = "Bo", place: ContainerId = HERE) -> tuple[Link, ...]:
    return linked([*known(said(HERE, "Ana", one)), *known(said(place, who, other, 60))], [])


@pytest.mark.parametrize("place", [HERE, THERE])
def test_a_contradiction_is_kept_as_one(place: ContainerId) -> None:
    """Two people decided different values for one thing: both stand, linked; with one voice it is a change of mind."""
    one, other = (
        "DECISION: the billing service freeze is on Tuesday",
        "DECISION: the billing service freeze is on Friday",
    )
    (found,) = decisions(one, other, place=place)
    assert (found.relation, found.status, found.independent) == ("contradicts", None, True)
    assert decisions(one, other, who="Ana", place=THERE) == ()
    assert [each.relation for each in decisions(one, one, place=place)] == ["same"]
    denied = "DECISION: the billing service freeze is not on Tuesday"
    assert [each.relation for each in decisions(one, denied, place=place)] == ["contradicts"]


def test_different_things_do_not_contradict() -> None:
    """Other names, or a value that only one of them gives."""
    assert decisions("DECISION: ER-07 goes to the storage team", "DECISION: ER-08 goes to the storage team") == ()
    freeze = "DECISION: the billing service freeze is on Tuesday"
    assert not any(
        each.relation == "contradicts"
        for other in ("DECISION: the billing service freeze stands", "DECISION: the search rollout is on Friday")
        for each in decisions(freeze, other)
    )


def test_a_persons_word_is_not_ended() -> None:
    """Nor does a link end what is over, or began later; the check refuses it."""
    (promise,) = known(PROMISE)
    given_word = Known(promise.fact.model_copy(update={"engine": "person"}), promise.quoted)
    assert linked([given_word], remarks(DONE)) == ()
    (found,) = linked([promise], remarks(DONE))
    early = found.model_copy(update={"at": PROMISE.posted_at})
    bare = found.model_copy(update={"from_evidence": ()})
    for broken, facts in ((found, [given_word]), (early, [promise]), (bare, [promise])):
        with pytest.raises(UnfoundedLink):
            link.check(Given(HERE, frozenset(), tuple(facts)), Found((broken,)))


LINES = [
    "I'll rotate the payment keys by Thursday",
    "payment keys rotated, all done",
    "DECISION: the freeze is on Tuesday for billing",
    "DECISION: the freeze is on Friday for billing",
    "I'm changing my mind on the billing freeze",
    "I'm blocked on the staging access for ER-07",
    "ER-07 unblocked, try now",
    "no need for the payment keys",
]


@st.composite
def talk(draw: st.DrawFn) -> Message:
    place = draw(st.sampled_from([HERE, THERE, ELSEWHERE]))
    return said(place, draw(st.sampled_from(["Ana", "Bo"])), draw(st.sampled_from(LINES)), draw(st.integers(0, 99)))


@given(st.lists(talk(), max_size=9, unique_by=lambda told: told.message_id))
def test_a_third_container_changes_nothing(told: list[Message]) -> None:
    """What is linked between two containers is the same, whatever a third one holds."""
    both = [each for each in told if each.container_id != ELSEWHERE]
    whole = linked(known(*told), remarks(*told))
    between = tuple(each for each in whole if ELSEWHERE not in {each.from_container, each.to_container})
    assert between == linked(known(*both), remarks(*both))


def test_a_better_match_that_is_private_takes_nothing_away() -> None:
    """For who reads the two channels, the promise is done, whatever was promised in a third."""
    better = said(ELSEWHERE, "Ana", "I'll have the payment keys rotated, all of them, by Thursday", 3)
    found = linked([*known(PROMISE), *known(better)], remarks(DONE), here=THERE)
    assert HERE in {each.to_container for each in found}
    assert [each for each in found if each.to_container == HERE] == list(linked(known(PROMISE), remarks(DONE)))


@given(st.lists(talk(), max_size=8, unique_by=lambda told: told.message_id), st.randoms())
def test_linking_is_sound(told: list[Message], order: random.Random) -> None:
    """Every link passes the check, has to do with the container, and no order of what is read changes one.

    What is between two containers is the same from either side.
    """
    facts, spoken = known(*told), remarks(*told)
    shuffled, muttered = list(facts), list(spoken)
    order.shuffle(shuffled)
    order.shuffle(muttered)
    here, there = linked(facts, spoken, HERE), linked(facts, spoken, THERE)
    assert linked(shuffled, muttered, HERE) == here
    assert all(HERE in {each.from_container, each.to_container} for each in here)
    between = {HERE, THERE}
    assert [each for each in here if {each.from_container, each.to_container} == between] == [
        each for each in there if {each.from_container, each.to_container} == between
    ]


def test_untouched_messages_link_nothing() -> None:
    """What lies between others is their own work."""
    given = Given(HERE, frozenset[MessageId](), tuple(known(PROMISE)), tuple(remarks(DONE)))
    assert link.rules(given).links == ()


def test_facts_of_one_matter_end_together() -> None:
    """A promise made in two places and reported done in one of them is done in the other too, if that is newer."""
    (here,) = known(PROMISE)
    (there,) = known(said(THERE, "Ana", "I'll rotate the payment keys by Thursday", 5))

    def over(minutes: float) -> Known:
        at = PROMISE.posted_at + timedelta(minutes=minutes)
        ended: Fact = there.fact.model_copy(update={"status": "done", "valid_to": at})
        return Known(ended, there.quoted)

    assert [(each.relation, each.to_fact) for each in linked([here, over(60)], [])] == [("resolves", here.fact.fact_id)]
    assert linked([here, over(-60)], []) == ()
