"""An answer says what stands in its sources, or that nothing was found."""

from datetime import date, timedelta

import pytest
from hypothesis import given as example
from hypothesis import settings
from hypothesis import strategies as st

from graphs import sentences
from graphs.tasks import answer, understand, unfound, weigh
from graphs.tasks.answer import Hit
from graphs.wording import readable
from memory.models.facts import Evidence, FactKind
from memory.models.messages import Message
from tests.unit import morning
from tests.unit.morning import ANA, BEN, IDA, MIRA, NOW, PEOPLE, TEAM, TODAY, TOM

NAMES = {p.person_id: p.name for p in PEOPLE}


def hit(message: Message) -> Hit:
    return Hit(
        message_id=message.message_id,
        text=message.text,
        author_id=message.author_id,
        container="ops",
        posted_at=message.posted_at,
        rank=0.5,
    )


def line(message: Message) -> weigh.Line:
    return weigh.Line(
        message_id=message.message_id,
        author_id=message.author_id,
        text=readable(message.text, NAMES, TEAM),
        posted_at=message.posted_at,
        is_human=message.kind == "human",
        names_somebody=bool(message.mentions),
    )


def ask(text: str, *, with_facts: bool = True, talks: tuple[tuple[Message, ...], ...] = ()) -> answer.Found:
    """Of the usual evening, every message a conversation of its own; or of these conversations."""
    evening = morning.usual()
    plan = understand.rules(understand.Given(text=text, asker=MIRA, people=PEOPLE, asked_at=NOW))
    talks = talks or tuple((message,) for message in evening.messages)
    messages = [message for talk in talks for message in talk]
    weighed = weigh.rules(
        weigh.Given(
            question=text,
            asker=MIRA.person_id,
            plan=plan,
            names=NAMES,
            talks=tuple(tuple(map(line, talk)) for talk in talks),
            found={message.message_id: 1.0 for message in messages},
        )
    )
    ranks = {each.message_id: each.score for each in weighed.order}
    given = answer.Given(
        plan=plan,
        found=tuple(hit(m).model_copy(update={"rank": ranks[m.message_id]}) for m in messages if m.message_id in ranks),
        facts=evening.facts if with_facts else (),
        about={each.message_id: each.about for each in weighed.order if each.about},
        sure=weighed.sure if plan.terms else None,
        names=NAMES,
        team=TEAM,
        tz=MIRA.tz,
        today=TODAY,
        asker=MIRA.person_id,
    )
    found = answer.rules(given)
    answer.check(given, found)
    return found


def test_a_fact_that_fits_goes_before_the_message_it_rests_on() -> None:
    """The decision answers, with its source, and its message is not quoted once more."""
    found = ask("when do we cut over?")
    assert found.text == "Tom Winter decided yesterday: “we cut over on Saturday 28 November”."
    assert len(found.message_ids) == 1


def test_what_i_owe_is_what_i_promised() -> None:
    """What do I owe lists the reader's own open promises and no one else's."""
    assert ask("what do I owe?").text == (
        "You promised to send the migration plan to Ida Sand by Wed 18 Nov – two days ago."
    )


def test_what_was_done_before_is_owed_no_more() -> None:
    """Asked what is owed, or what is open, it is not told; what ended since the question is told as done."""
    evening = morning.usual()
    mine = next(fact for fact in evening.facts if fact.kind == "commitment" and fact.actor_id == MIRA.person_id)

    def told(question: str, ended: timedelta) -> str:
        done = mine.model_copy(update={"status": "done", "valid_to": NOW + ended})
        plan = understand.rules(understand.Given(text=question, asker=MIRA, people=PEOPLE, asked_at=NOW))
        given = answer.Given(
            question=question, plan=plan, found=(), facts=(done,), names=NAMES, team=TEAM, today=TODAY, asked_at=NOW
        )
        return answer.rules(given).text

    before, since = timedelta(hours=-1), timedelta(minutes=1)
    for question in ("what do I owe?", "what do I still owe Ida?", "any open promises?"):
        assert told(question, before).startswith("I found nothing about open promises. I searched open promises")
        assert told(question, since).endswith("to Ida Sand by Wed 18 Nov – done.")
    assert told("what did I promise?", before).endswith("to Ida Sand by Wed 18 Nov – done.")


def test_two_promises_of_one_message_are_two() -> None:
    """What rests on one message is told once for each thing that it says."""
    said = morning.message(1, MIRA, "I'll send the plan to Ida and rotate the keys by 27 November", to=(IDA,))
    one = morning.fact("commitment", "open", said, statement="I'll send the plan to Ida", to=IDA)
    other = morning.fact("commitment", "open", said, statement="I'll rotate the keys by 27 November", ordinal=1)
    facts = (one, other.model_copy(update={"due": date(2026, 11, 27)}))
    plan = understand.rules(understand.Given(text="what do I owe?", asker=MIRA, people=PEOPLE, asked_at=NOW))
    given = answer.Given(plan=plan, found=(), facts=facts, names=NAMES, team=TEAM, today=TODAY, asker=MIRA.person_id)
    assert {*answer.rules(given).text.splitlines()} == {
        "You promised Ida Sand to send the plan to Ida – said yesterday.",
        "You promised to rotate the keys by Fri 27 Nov.",
    }


def test_one_thing_that_is_of_two_kinds_is_told_once() -> None:
    """A decision that is a promise as well reads the same both times."""
    said = morning.message(1, MIRA, "Let's release the fix tomorrow")
    promised = morning.fact("commitment", "open", said, statement=f"{MIRA.name}: {said.text}")
    facts = (morning.fact("decision", "decided", said), promised)
    plan = understand.rules(understand.Given(text="what happened today?", asker=MIRA, people=PEOPLE, asked_at=NOW))
    given = answer.Given(plan=plan, found=(), facts=facts, names=NAMES, team=TEAM, today=TODAY, asker=MIRA.person_id)
    told = answer.rules(given.model_copy(update={"plan": plan.model_copy(update={"since": None, "until": None})}))
    assert told.text == "You decided yesterday: Let's release the fix tomorrow."


def test_what_two_promise_in_one_message_is_told_of_both() -> None:
    """It is one thing of one kind, and two people's word."""
    said = morning.message(1, MIRA, "Tom and I write the guide")
    mine = morning.fact("commitment", "open", said, statement="write the guide")
    toms = morning.fact("commitment", "open", said, statement="write the guide", ordinal=1)
    facts = (mine, toms.model_copy(update={"actor_id": TOM.person_id}))
    plan = understand.rules(understand.Given(text="what is promised?", asker=MIRA, people=PEOPLE, asked_at=NOW))
    given = answer.Given(plan=plan, found=(), facts=facts, names=NAMES, team=TEAM, today=TODAY, asker=MIRA.person_id)
    assert len(answer.rules(given).sentences) == 2


def test_requests_that_no_fact_tells_go_before_what_somebody_has_to_do() -> None:
    """Two of them, in the words of those who wait; one that a fact tells is told by that."""
    asked = [morning.message(n, ANA, f"please approve contract {n}", to=(MIRA,)) for n in (1, 2, 3, 4)]
    asks = morning.fact("question", "open", asked[0], to=MIRA)
    mine = morning.fact("commitment", "open", morning.message(9, MIRA, "I send the draft"))
    moved = Evidence(message_id=asked[2].message_id, start=0, end=6, role="changes")
    plan = understand.rules(understand.Given(text="who waits for me?", asker=MIRA, people=PEOPLE, asked_at=NOW))
    given = answer.Given(
        question="who waits for me?",
        plan=plan,
        found=(),
        cited=tuple(map(hit, asked)),
        waiting=tuple(each.message_id for each in asked),
        facts=(asks, mine.model_copy(update={"evidence": (*mine.evidence, moved)})),
        names=NAMES,
        team=TEAM,
        tz=MIRA.tz,
        today=TODAY,
        asker=MIRA.person_id,
    )
    found = answer.rules(given)
    answer.check(given, found)
    assert {each.message_ids[0] for each in found.sentences[:2]} == {asked[1].message_id, asked[2].message_id}
    assert asked[0].message_id in found.message_ids
    assert found.text.startswith("Ana Ruiz wrote in #ops yesterday: “please approve contract 2”.")


def test_who_asks_alone_is_spoken_to_where_nothing_is_found() -> None:
    """They know their name; in a channel others have to be told whose it was."""
    plan = understand.rules(understand.Given(text="what do I owe Ben?", asker=MIRA, people=PEOPLE, asked_at=NOW))
    texts = [unfound.nothing(plan, NAMES, reader) for reader in (MIRA.person_id, None)]
    assert ["messages of Ben Osei and yours that" in text for text in texts] == [True, False]
    assert "messages of Ben Osei, Mira Falk that" in texts[1]


def test_who_owes_me_is_what_others_promised_me() -> None:
    """Who owes me lists what was promised to the asker."""
    assert (
        ask("who owes me what?").text == "Ana Ruiz promised you to rotate the staging keys by Thu 19 Nov – yesterday."
    )


def test_a_message_is_quoted_where_no_fact_fits() -> None:
    """Without a fact, the best message is quoted with who wrote it, where and when."""
    found = ask("capacity sheet?", with_facts=False)
    assert found.text == "Tom Winter wrote in #ops today: “could you look at the capacity sheet before Monday?”"


def test_nothing_found_says_what_was_searched() -> None:
    """An answer never guesses: it names what it looked for instead."""
    found = ask("what was decided about the Lisbon office last week?")
    assert found.sentences == ()
    assert found.text == (
        "I found nothing about “lisbon office”. I searched decisions and messages from last week that may be read here."
    )


def test_what_names_nothing_is_asked_back() -> None:
    """Nothing was searched, so nothing is said to have been."""
    assert ask("so what").text == unfound.UNCLEAR


def test_a_message_that_holds_little_of_the_question_is_no_answer() -> None:
    """One word in common out of three is not enough."""
    assert ask("capacity planning workshop", with_facts=False).sentences == ()


def test_an_answer_without_source_fails_its_check() -> None:
    """The check refuses a sentence that rests on nothing."""
    given = answer.Given(plan=understand.QueryPlan(), found=(), names=NAMES, team=TEAM, today=TODAY)
    bare = answer.Found(text="x", sentences=(answer.Sentence(text="x", message_ids=()),))
    with pytest.raises(answer.UnsourcedAnswer):
        answer.check(given, bare)


@settings(max_examples=80, deadline=None)
@example(text=st.text(max_size=100))
def test_any_question_gets_at_most_five_sources(text: str) -> None:
    """Whatever is asked, each sentence has a source and there are at most five: `ask` runs the check."""
    assert ask(text).text


def test_whom_to_ask_is_who_spoke_of_it() -> None:
    """With what they said, and without who asks."""
    found = ask("who knows about the capacity sheet?", with_facts=False)
    assert found.text.endswith("Tom Winter wrote in #ops today: “could you look at the capacity sheet before Monday?”")


def test_what_changed_is_told_in_its_order() -> None:
    """Oldest first, and what no longer holds is told too."""
    first = morning.message(1, TOM, "the ledger cut-over is on Saturday 21 November", hours_ago=80)
    then = morning.message(2, TOM, "the ledger cut-over moves to Saturday 28 November", hours_ago=5)
    found = ask("what changed on the ledger cut-over?", with_facts=False, talks=((then,), (first,)))
    assert [sentence.message_ids for sentence in found.sentences] == [(first.message_id,), (then.message_id,)]


def test_before_a_meeting_what_is_open_with_them() -> None:
    """What each promised the other and asked; not what is settled, nor what is between others."""
    assert ask("prepare me for the meeting with Ida Sand").text == (
        "Ida Sand asked you yesterday: “do we keep the old ledger running in January?”\n"
        "You promised to send the migration plan to Ida Sand by Wed 18 Nov – two days ago."
    )


def test_catching_up_tells_what_counts_first() -> None:
    """Decisions, then promises, then news."""
    told = ask("what did I miss?").text.splitlines()
    assert "Tom Winter decided yesterday: “we cut over on Saturday 28 November”." in told[:2]
    assert len(told) == 5


def test_a_short_answer_stands_beside_its_question() -> None:
    """A yes says nothing alone."""
    asked = morning.message(1, ANA, "which day is the ledger cut-over?", hours_ago=5)
    reply = morning.message(2, TOM, "Saturday the 28th, at six", hours_ago=4.9)
    found = ask("When is the ledger cut-over?", with_facts=False, talks=((asked, reply),))
    assert found.sentences[0].message_ids == (reply.message_id, asked.message_id)
    assert "Ana Ruiz asked “which day is the ledger cut-over?”, and Tom Winter answered" in found.text


@pytest.mark.parametrize(
    ("above", "told"), [(0.1, "Closest to it: Tom"), (weigh.DOUBT, "Tom"), (-0.1, "I found nothing")]
)
def test_what_may_not_answer_is_called_so(above: float, told: str) -> None:
    """Confidence in words where it is low, and nothing where it is lower still."""
    said = hit(morning.message(1, TOM, "the capacity sheet is done"))
    plan = understand.QueryPlan(terms=("capacity", "sheet", "lisbon"))
    given = answer.Given(plan=plan, found=(said,), sure=above, names=NAMES, team=TEAM, today=TODAY)
    assert answer.rules(given).text.startswith(told)


def conflict(question: str, **changed: object) -> answer.Found:
    """What is answered where Tom decided on one day, and Ben said another later."""
    said = morning.message(1, TOM, "Decided: we cut over on Saturday 28 November", hours_ago=80)
    against = morning.message(2, BEN, "no, the vendor says we cut over on Friday 4 December", hours_ago=5)
    disputes = Evidence(message_id=against.message_id, start=4, end=len(against.text), role="disputes")
    decided = morning.fact("decision", "decided", said)
    update = {"evidence": (*decided.evidence, disputes), "disputed": True, **changed}
    plan = understand.rules(understand.Given(text=question, asker=MIRA, people=PEOPLE, asked_at=NOW))
    given = answer.Given(
        question=question,
        plan=plan,
        found=(hit(said), hit(against)) if plan.terms else (),
        cited=() if plan.terms else (hit(said), hit(against)),
        facts=(decided.model_copy(update=update),),
        sure=1.0 if plan.terms else None,
        names=NAMES,
        team=TEAM,
        today=TODAY,
    )
    found = answer.rules(given)
    answer.check(given, found)
    return found


@pytest.mark.parametrize("question", ["when do we cut over?", "what was decided this week?"])
def test_who_says_otherwise_is_told_with_the_day_and_the_words(question: str) -> None:
    """A conflict is shown as one: both sides, each with its day and its own source, told once."""
    found = conflict(question)
    assert found.text.splitlines() == [
        "Tom Winter decided on Mon 16 Nov: “we cut over on Saturday 28 November” – others say otherwise.",
        "To the contrary, Ben Osei wrote in #ops today: “the vendor says we cut over on Friday 4 December”.",
    ]
    assert [len(each.message_ids) for each in found.sentences] == [1, 1]
    assert len(found.message_ids) == 2


@pytest.mark.parametrize("changed", [{"status": "reversed"}, {"disputed": False, "evidence": ()}])
def test_nobody_is_against_what_ended_or_is_not_disputed(changed: dict[str, object]) -> None:
    """Words to the contrary matter while it stands."""
    assert "To the contrary" not in conflict("when do we cut over?", **changed).text


@pytest.mark.parametrize(
    ("kind", "log_odds", "doubted"),
    [("decision", 0.2, True), ("decision", 1.5, False), ("commitment", 0.0, True), ("update", 0.0, False)],
)
def test_what_may_be_no_promise_is_told_with_a_doubt(kind: FactKind, log_odds: float, *, doubted: bool) -> None:
    """That words bind somebody may be doubtful; that they were said is not."""
    fact = morning.usual().facts[1].model_copy(update={"kind": kind, "log_odds": log_odds})
    voice = sentences.Voice(team=TEAM, names=NAMES, today=TODAY, tz="UTC")
    told = sentences.hedged(fact, voice)
    assert told.startswith("Perhaps: ") is doubted
    assert told.removeprefix("Perhaps: ") == sentences.of_fact(fact, voice)


def test_one_doubt_is_enough() -> None:
    """What may not answer, and may be no decision, is called so once."""
    said = morning.message(1, TOM, "Decided: we cut over on Saturday 28 November")
    fact = morning.fact("decision", "decided", said).model_copy(update={"log_odds": 0.0})
    plan = understand.QueryPlan(terms=("cut", "lisbon"))
    given = answer.Given(plan=plan, found=(hit(said),), facts=(fact,), sure=0.1, names=NAMES, team=TEAM, today=TODAY)
    assert answer.rules(given).text.startswith("Closest to it: Tom Winter decided")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("when is the postmortem due?", "Ben Osei promised to write the postmortem by Mon 23 Nov."),
        ("when is the postmortem of the audit due?", "Closest to it: Ben Osei promised to write the postmortem by Mon"),
    ],
)
def test_a_promise_with_its_day_says_when_it_is_due(question: str, told: str) -> None:
    """As much as its message does; and what holds every word of the question is no mere nearest to it."""
    said = morning.message(1, BEN, "I'll write the postmortem by Monday")
    fact = morning.fact("commitment", "open", said, statement="write the postmortem", due=date(2026, 11, 23))
    given = answer.Given(
        question=question,
        plan=understand.rules(understand.Given(text=question, asker=MIRA, people=PEOPLE, asked_at=NOW)),
        found=(hit(said),),
        facts=(fact,),
        sure=0.1,
        names=NAMES,
        team=TEAM,
        today=TODAY,
    )
    assert answer.rules(given).text.startswith(told)
