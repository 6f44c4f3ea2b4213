"""The day's meetings and reviews: what needs their reader, what is open there, how they read."""

from datetime import timedelta

import pytest

from graphs import entries, fitting, meetings, preferences, sentences
from graphs.relevance import View
from graphs.tasks import contextualise, reviews
from memory.models.containers import Container
from memory.models.ids import container_id
from memory.models.meetings import Meeting
from memory.models.messages import Message, MessageKind
from memory.models.people import Person
from tests.unit import morning
from tests.unit.morning import (
    ANA,
    BEN,
    CONTAINERS,
    IDA,
    MIRA,
    NOW,
    PEOPLE,
    TEAM,
    TODAY,
    TOM,
    Evening,
    fact,
    light,
    message,
    talk,
)

ROOM = Container(
    container_id=container_id(TEAM, "calendar", "E1"), team_id=TEAM, source="calendar", external_id="E1", kind="private"
)
PULL = Container(
    container_id=container_id(TEAM, "github", "acme/ops#7"), team_id=TEAM, source="github", external_id="acme/ops#7",
    kind="private", name="acme/ops#7",
)  # fmt: skip


def invitation(text: str, *there: Person, by: Person = IDA) -> tuple[Message, Meeting]:
    said = message(90, by, text, where=ROOM, hours_ago=90, kind="meeting")
    begins = NOW + timedelta(hours=2)
    return said, Meeting(
        container_id=ROOM.container_id,
        message_id=said.message_id,
        starts_at=begins,
        ends_at=begins + timedelta(minutes=45),
        attendees=tuple(each.person_id for each in there),
    )


def entry_of(text: str, *there: Person, by: Person = IDA, evening: Evening | None = None) -> entries.Entry:
    said, meeting = invitation(text, *there, by=by)
    evening = evening or Evening()
    context = contextualise.rules(contextualise.Given(person=MIRA, people=PEOPLE, facts=evening.facts))
    view = View(
        reader=context,
        conversations={c.conversation_id: c for c in evening.conversations},
        messages={m.message_id: m for m in light((*evening.messages, said))},
        containers={c.container_id: c for c in (*CONTAINERS, ROOM)},
        today=TODAY,
        now=NOW,
    )
    (found,) = meetings.entries([meeting], evening.facts, view)
    return found


def codes(entry: entries.Entry) -> set[str]:
    return {reason.code for reason in entry.reasons}


def test_a_meeting_of_a_few_may_need_its_reader() -> None:
    """More so where its invitation asks for something, or the reader called it."""
    plain = entry_of("Ledger review", IDA, MIRA, TOM)
    asks = entry_of("Ledger review\nRead the draft before you come.", IDA, MIRA, TOM, by=MIRA)
    assert codes(plain) == {"meeting"}
    assert codes(asks) == {"meeting", "meeting_asks", "your_meeting"}
    assert asks.score > plain.score


@pytest.mark.parametrize("title", ["Lunch for Bea", "Coffee with the new ones", "Birthday cake"])
def test_what_is_no_work_needs_nobody(title: str) -> None:
    """It stands among the day's meetings, and never among the three."""
    assert codes(entry_of(title, IDA, MIRA)) == {"meeting_for_all"}


def test_a_meeting_for_everybody_needs_nobody_in_particular() -> None:
    """From a dozen invited on."""
    crowd = [morning.person(f"P{n}", f"Person {n}") for n in range(12)]
    assert codes(entry_of("Demos", *crowd)) == {"meeting_for_all"}


def test_what_is_open_between_those_who_meet_is_told_with_it() -> None:
    """Of a one-to-one whatever one owes the other; of others what the invitation's words are about."""
    owed = message(1, IDA, "I'll send you the budget sheet by Monday")
    other = message(2, BEN, "I'll write the INC-412 postmortem tomorrow")
    evening = Evening(
        messages=(owed, other),
        conversations=(talk(owed), talk(other)),
        facts=(fact("commitment", "open", owed, to=MIRA), fact("commitment", "open", other, to=ANA)),
    )
    one_to_one = entry_of("Mira / Ida", IDA, MIRA, evening=evening)
    assert one_to_one.also == (evening.facts[0].fact_id,)
    assert one_to_one.message_ids[1:] == (owed.message_id,)
    about = entry_of("INC-412 review\nRead the postmortem first.", ANA, BEN, MIRA, TOM, evening=evening)
    assert about.also == (evening.facts[1].fact_id,)
    assert entry_of("Planning", ANA, BEN, MIRA, TOM, evening=evening).also == ()


def test_a_meeting_reads_as_one_line() -> None:
    """When, what, with whom, and what the invitation says first; in the reader's time."""
    said, meeting = invitation("Ledger review\nRead the draft before you come.", IDA, MIRA, TOM)
    names = {p.person_id: p.name for p in PEOPLE}
    voice = sentences.Voice(team=TEAM, names=names, today=TODAY, tz="Europe/Berlin", reader=MIRA.person_id)
    told = sentences.of_meeting(meeting, said.text, voice)
    assert told == "10:30–11:15 Ledger review with Ida Sand and Tom Winter. Read the draft before you come."


def step(
    number: int, kind: MessageKind, by: Person, text: str, hours_ago: float, to: tuple[Person, ...] = ()
) -> Message:
    return message(number, by, text, where=PULL, hours_ago=hours_ago, kind=kind, to=to)


ASKED = step(1, "review_request", ANA, "acme/ops#7: rotate the keys\nPlease look at the second file.", 20, (MIRA,))


def test_a_review_is_asked_for_until_it_is_given() -> None:
    """An open question to the reviewer; their review answers it, and so does the end of the pull request."""
    (asked,) = reviews.drafts([ASKED])
    assert (asked.kind, asked.status, asked.counterparty) == ("question", "open", MIRA.person_id)
    assert asked.statement == "acme/ops#7: rotate the keys"
    for ended in (
        step(2, "review", MIRA, "acme/ops#7: rotate the keys – approved", 10),
        step(2, "merge", ANA, "acme/ops#7: rotate the keys – merged", 10),
    ):
        (answered,) = reviews.drafts([ended, ASKED])
        assert (answered.status, answered.settled_at) == ("answered", ended.posted_at)
        assert [each.role for each in answered.evidence] == ["states", "settles"]
    (open_still,) = reviews.drafts([ASKED, step(2, "review", BEN, "acme/ops#7: rotate the keys – approved", 10)])
    assert open_still.status == "open"


def test_wanted_changes_wait_for_the_author() -> None:
    """Until the author does something, or it is over."""
    wants = step(2, "review", MIRA, "acme/ops#7: rotate the keys – changes requested\nTwo keys are missing.", 10)
    first, second = reviews.drafts([ASKED, wants])
    assert (first.status, second.status) == ("answered", "open")
    assert (second.actor, second.counterparty) == (MIRA.person_id, ANA.person_id)
    again = step(3, "review_request", ANA, "acme/ops#7: rotate the keys", 5, (MIRA,))
    assert [each.status for each in reviews.drafts([ASKED, wants, again])] == ["answered", "answered", "open"]


def test_a_request_for_a_review_reads_as_one() -> None:
    """Not as a quoted question."""
    names = {p.person_id: p.name for p in PEOPLE}
    voice = sentences.Voice(team=TEAM, names=names, today=TODAY, tz="Europe/Berlin", reader=MIRA.person_id)
    asked = fact("question", "open", ASKED, statement="acme/ops#7: rotate the keys", to=MIRA)
    told = sentences.of_fact(asked, voice, "review_request")
    assert told == "Ana Ruiz asks for your review, since yesterday: acme/ops#7: rotate the keys."


def test_the_words_of_a_step_are_the_sources_own() -> None:
    """A title cannot make a review out of a request: what happened is told by its kind."""
    faked = step(1, "review_request", ANA, "acme/ops#7: x – changes requested", 20, (MIRA,))
    assert [each.counterparty for each in reviews.drafts([faked])] == [MIRA.person_id]


def test_one_matter_is_one_entry_whatever_it_runs_through() -> None:
    """What rests on one message is told together, the strongest first; no fact is told in two entries."""
    said = message(1, IDA, "I'll send the plan by Monday. Decided: we move to the 21st")
    apart = message(2, BEN, "the cache is slow again", where=morning.LEDGER)
    evening = Evening(
        messages=(said, apart),
        conversations=(talk(said), talk(apart)),
        facts=(
            fact("commitment", "open", said, to=MIRA),
            fact("decision", "decided", said, statement="we move to the 21st"),
            fact("update", "reported", apart),
        ),
    )
    promise, decision, news = (each.fact_id for each in evening.facts)
    assert [(e.fact_ids, e.also) for e in morning.ranked(evening).entries] == [
        ((promise, decision), (decision,)),
        ((news,), ()),
    ]
    crowded = [key for entry in morning.ranked(morning.crowded(200)).entries for key in entry.fact_ids]
    assert len(crowded) == len({*crowded})


def test_a_conversation_is_one_entry_with_what_belongs_together_first() -> None:
    """Beside the first stands what shares a telling word with it; the rest is counted, and told nowhere else."""
    first = message(1, IDA, "Postgres stays the ledger's database")
    other = message(2, TOM, "interviews are on Thursdays")
    third = message(3, TOM, "the ledger's Postgres gets a replica")
    idle = message(4, TOM, "ok", hours_ago=9)
    facts = tuple(fact("decision", "decided", each, conversation=talk(first)) for each in (first, other, third))
    long = Evening(messages=(first, other, third, idle), conversations=(talk(first, other, third, idle),), facts=facts)
    (told,) = morning.ranked(long).entries
    assert {*told.fact_ids} == {facts[0].fact_id, facts[2].fact_id}
    assert told.untold == morning.composed(long).left_out == 1
    short = Evening(messages=(first, other), conversations=(talk(first, other),), facts=facts[:2])
    assert [{*entry.fact_ids} for entry in morning.ranked(short).entries] == [{each.fact_id for each in facts[:2]}]


def test_what_needs_the_reader_stands_apart_from_the_rest_of_its_conversation() -> None:
    asked = message(1, BEN, "Mira, can you sign the contract?", to=(MIRA,))
    other = message(2, IDA, "interviews are on Thursdays")
    third = message(3, TOM, "the ledger's Postgres gets a replica")
    facts = (
        fact("question", "open", asked, to=MIRA),
        *(fact("decision", "decided", each, conversation=talk(asked)) for each in (other, third)),
    )
    entries = morning.ranked(
        Evening(messages=(asked, other, third), conversations=(talk(asked, other, third),), facts=facts)
    ).entries
    assert [(e.section, len(e.fact_ids)) for e in entries] == [("needs_you", 1), ("decisions", 2)]


def test_what_is_said_in_two_channels_is_told_once_and_cites_both() -> None:
    here = message(1, IDA, "Decided: the ledger cut-over LED-41 moves to 21 March")
    there = message(2, IDA, "the ledger cut-over LED-41 moves to 21 March", where=morning.LEDGER)
    facts = tuple(fact("decision", "decided", each) for each in (here, there))
    evening = Evening(messages=(here, there), conversations=(talk(here), talk(there)), facts=facts)
    (told,) = morning.ranked(evening).entries
    assert {*told.message_ids} == {here.message_id, there.message_id}
    assert (told.also, told.untold) == ((), 0)
    (item,) = morning.composed(evening).items
    assert {source.channel for source in item.sources} == {morning.OPS.external_id, morning.LEDGER.external_id}


def test_what_counts_least_gives_way() -> None:
    """Within the characters of a phone's page, with some of each section, and never without one of the three."""
    whole = morning.composed(morning.crowded(200), most=100_000)
    short = morning.composed(morning.crowded(200))
    assert whole.left_out == 0
    assert short.left_out >= len(whole.items) - len(short.items) > 0
    assert sum(map(fitting.length, short.items)) <= preferences.CHARACTERS
    assert [i.item_id for i in short.items[:3]] == [i.item_id for i in whole.items[:3]]
    assert {i.section for i in short.items} == {i.section for i in whole.items}
    nothing = morning.composed(morning.crowded(200), most=1)
    assert {i.section for i in nothing.items} == {"needs_you"}
