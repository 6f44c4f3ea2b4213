"""What a sentence corrects of what was told before it: exactly that, asked back where it is not clear, or nothing."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given as example
from hypothesis import settings
from hypothesis import strategies as st

from graphs import proposing
from graphs.proposing import Said
from graphs.tasks import amend
from graphs.tasks.amend import Amendment, Given, UnfoundedAmendment
from memory.models.facts import Fact, FactKind, FactStatus
from memory.models.ids import ContainerId, ConversationId, FactId
from memory.models.people import Person
from tests.unit.morning import ANA, BEN, BOT, MIRA, NOW, PEOPLE, TOM, person

BENS = person("U8", "Ben Adler")
NAMES = {each.person_id: each.name for each in (*PEOPLE, BENS)}


def fact(number: int, kind: FactKind, who: Person, statement: str, status: FactStatus, due: date | None = None) -> Fact:
    return Fact(
        fact_id=FactId(UUID(int=number)),
        container_id=ContainerId(UUID(int=5)),
        conversation_id=ConversationId(UUID(int=6)),
        kind=kind,
        actor_id=who.person_id,
        statement=statement,
        due=due,
        status=status,
        valid_from=NOW - timedelta(days=1),
        evidence=(),
    )


PLAN = fact(1, "commitment", TOM, "Tom Winter will send the rollout plan", "open", date(2026, 11, 26))
QUINCE = fact(2, "decision", ANA, "use Quince for the ledger", "decided")
NOTES = fact(3, "commitment", ANA, "Ana Ruiz will write the postmortem", "open", date(2026, 11, 24))
KEYS = fact(4, "question", TOM, "Who rotates the keys", "open")
STAGING = fact(5, "blocker", BEN, "staging is down", "raised")
MINE = fact(6, "commitment", MIRA, "Mira Falk will book the room", "open")
PROPOSAL = fact(7, "decision", ANA, "hire a second tester", "proposed")
ONE, BOTH, ALL = ((PLAN,),), ((PLAN, NOTES),), ((PLAN, QUINCE, NOTES),)
Told = tuple[tuple[Fact, ...], ...]


def read(text: str, told: Told = ONE, people: tuple[Person, ...] = PEOPLE, author: Person = MIRA) -> Amendment | None:
    given = Given(text=text, author=author, people=people, told=told, said_at=NOW)
    found = amend.rules(given)
    if found is not None:
        amend.check(given, found)
    return found


def said(found: Amendment | None) -> list[str]:
    """Each change that it may be, as `fact how value`; or why there is none."""
    if found is None:
        return ["nothing"]
    changes = [
        " ".join(
            filter(
                None,
                (
                    f"{each.fact_id.int}",
                    each.how,
                    NAMES.get(each.owner or MIRA.person_id) if each.owner else "",
                    str(each.day or ""),
                ),
            )
        )
        for each in found.options
    ]
    return changes or [found.trouble or "which? " + " ".join(str(key.int) for key in found.fact_ids)]


CORRECTIONS: list[tuple[str, Told, list[str]]] = [
    # Whose it is.
    ("that's wrong, Ana owns it", ONE, ["1 owner Ana Ruiz"]),
    ("That is wrong. It’s Ana's.", ONE, ["1 owner Ana Ruiz"]),
    ("no, Ana Ruiz has it", ONE, ["1 owner Ana Ruiz"]),
    ("that's wrong, <@U3> owns it", ONE, ["1 owner Ana Ruiz"]),
    ("<@U3> owns it", ONE, ["1 owner Ana Ruiz"]),
    ("it's Ana, not Tom", BOTH, ["1 owner Ana Ruiz"]),
    ("it's mine", ONE, ["1 owner Mira Falk"]),
    ("no, I own that", ONE, ["1 owner Mira Falk"]),
    ("it was Ana who promised that", ONE, ["1 owner Ana Ruiz"]),
    ("the owner is Ana", ONE, ["1 owner Ana Ruiz"]),
    ("it belongs to Ana", ONE, ["1 owner Ana Ruiz"]),
    ("the rollout plan is Ana's, not Tom's", ALL, ["1 owner Ana Ruiz"]),
    ("wrong, Tom decided that", ((QUINCE,),), ["2 owner Tom Winter"]),
    # When it is due. It is a Friday.
    ("no, it's Friday", ONE, ["1 day 2026-11-27"]),
    ("no, it is next Tuesday", ONE, ["1 day 2026-11-24"]),
    ("it's due on 3 December", ONE, ["1 day 2026-12-03"]),
    ("no, Monday", ONE, ["1 day 2026-11-23"]),
    ("it's Friday, not Thursday", BOTH, ["1 day 2026-11-27"]),
    ("the deadline is tomorrow", ONE, ["1 day 2026-11-21"]),
    ("push it to Wednesday", ONE, ["1 day 2026-11-25"]),
    ("move the postmortem to Monday", ALL, ["3 day 2026-11-23"]),
    ("that's wrong, it moved to Monday", ONE, ["1 day 2026-11-23"]),
    ("the postmortem is due Monday", ALL, ["3 day 2026-11-23"]),
    ("no, it's by end of next week", ONE, ["1 day 2026-11-27"]),
    # How it stands.
    ("that's done already", ONE, ["1 done"]),
    ("thanks, that's done", ONE, ["1 done"]),
    ("It was shipped on Monday.", ONE, ["1 done"]),
    ("I finished it yesterday", ((MINE, PLAN),), ["6 done"]),
    ("Ana finished the postmortem", ALL, ["3 done"]),
    ("that was answered", ((KEYS,),), ["4 answered"]),
    ("we're unblocked", ((STAGING,),), ["5 cleared"]),
    ("it isn't blocked any more", ((STAGING,),), ["5 cleared"]),
    ("we dropped it", ONE, ["1 dropped"]),
    ("that's no longer needed", ONE, ["1 dropped"]),
    ("that's not decided", ((QUINCE,),), ["2 proposed"]),
    ("it was only a proposal", ((QUINCE,),), ["2 proposed"]),
    ("we haven't decided that yet", ALL, ["2 proposed"]),
    ("that's decided", ((PROPOSAL,),), ["7 decided"]),
    ("that was reversed", ((QUINCE,),), ["2 reversed"]),
    ("we changed our minds", ((QUINCE,),), ["2 reversed"]),
    # It is none.
    ("that was never promised", ONE, ["1 untrue"]),
    ("I never promised that", ((MINE, PLAN),), ["6 untrue"]),
    ("nobody decided that", ((QUINCE,),), ["2 untrue"]),
    ("that's not a promise", ONE, ["1 untrue"]),
    ("not true", ONE, ["1 untrue"]),
    ("the first one was never promised", BOTH, ["1 untrue"]),
    ("the decision is not true", ALL, ["2 untrue"]),
    # No more than that it is wrong: of what, or what it is, is asked.
    ("that's wrong", ONE, ["which? 1"]),
    ("it was decided to use Quince is wrong", ALL, ["which? 2"]),
    ("you got the owner wrong", BOTH, ["which? 1 3"]),
    ("the second one is wrong", BOTH, ["which? 3"]),
    # What may be meant in more than one way.
    ("that's done already", BOTH, ["1 done", "3 done"]),
    ("no, it's Friday", BOTH, ["1 day 2026-11-27", "3 day 2026-11-27"]),
    # What was told before that, by its matter; what was told last, without one.
    ("the postmortem is done already", ((PLAN,), (NOTES, QUINCE)), ["3 done"]),
    ("that's done already", ((), (PLAN,), (NOTES,)), ["1 done"]),
    # What cannot be.
    ("no, it's Zoe's", ONE, ["strange"]),
    ("that's wrong, Zoe owns it", ONE, ["strange"]),
    ("that's wrong, buildbot owns it", ONE, ["strange"]),
    ("no, it was yesterday", ONE, ["past"]),
    ("that's wrong, Tom owns it", ONE, ["same"]),
    ("no, it's Thursday", ONE, ["same"]),
    ("that's not decided", ONE, ["unfit"]),
    ("that's wrong", (), ["untold"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told", "expected"), CORRECTIONS, ids=lambda each: each if isinstance(each, str) else ""
)
def test_a_correction_is_read(text: str, told: Told, expected: list[str]) -> None:
    assert said(read(text, told)) == expected


@pytest.mark.parametrize(
    "text",
    [
        # Questions, doubts, hypotheticals.
        "wrong, is it?",
        "is that wrong?",
        "it's Friday, isn't it",
        "that's wrong, right",
        "if that's wrong, tell me",
        "maybe it's Friday",
        "it could be Friday",
        "it would be wrong to say that",
        "when did the rollout plan start",
        "when did Tom finish",
        "how did the rollout plan end",
        "since when is it done",
        "why is it open",
        "by when",
        "move it to staging",
        "I wonder whether that's done",
        "suppose Ana owns it",
        "perhaps that was never promised",
        # Words of others.
        'Ben said "that\'s wrong"',
        "“that's wrong, Ana owns it”",
        "> that's wrong, Ana owns it",
        "&gt; no, it's Friday",
        "`that's wrong`",
        "Ben said that's wrong",
        "Ben told me, it's Friday",
        # To others.
        "<@U2> that's wrong",
        "that's wrong, Ben",
        "Ben, that's wrong",
        "that's wrong, <@U2>",
        "everybody: that's wrong",
        # Of something else, or of somebody.
        "the weather is wrong",
        "the cafeteria menu is Friday",
        "he is wrong",
        "Ben is wrong",
        "Ben is done",
        "something is wrong",
        "nothing is wrong",
        "what he said is wrong",
        # No correction at all.
        "that's great",
        "no, that's great",
        "no",
        "no thanks",
        "wrong number of servers in the plan",
        "no, I meant the other one",
        "and Ben",
        "Friday",
        "what about last week",
        "who said that",
        "remind me on Friday",
        "we ship on Friday",
        "I'll do it on Friday",
        "thanks, that helps",
        "show me what is done",
        "list what was never promised",
        "that has nothing to do with it",
        "it was wrong of me to say so",
        "",
        "?",
        "that's wrong " * 100,
    ],
)
def test_what_corrects_nothing_is_left_alone(text: str) -> None:
    for told in (ONE, ALL, ()):
        assert read(text, told) is None, told


def test_a_first_name_of_two_is_asked_back() -> None:
    found = read("that's wrong, Ben owns it", people=(*PEOPLE, BENS))
    assert said(found) == ["1 owner Ben Osei", "1 owner Ben Adler"]


def test_what_is_said_besides_is_owned_up_to() -> None:
    """One change at a time."""
    found = read("Ana owns it and it's due Monday")
    assert found is not None
    assert said(found) == ["1 owner Ana Ruiz"]
    assert found.more


def test_days_are_those_of_the_author() -> None:
    """Where it is Saturday already, Saturday is a week away and Friday in six days."""
    late = NOW.replace(hour=13)
    for zone, day in (("Europe/Berlin", "2026-11-21"), ("Pacific/Auckland", "2026-11-22")):
        author = MIRA.model_copy(update={"tz": zone})
        given = Given(text="no, it's tomorrow", author=author, people=PEOPLE, told=ONE, said_at=late)
        assert said(amend.rules(given)) == [f"1 day {day}"]


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("that's wrong", True),
        ("no, it's Friday", True),
        ("no, it's Ana's", True),
        ("that was never promised", True),
        ("that's done already", True),
        ("no, that's great", False),
        ("no, it's Python", False),
        ("it's Friday", False),
        ("that's done", False),
        ("Ana owns it", False),
        ("the rollout plan is wrong", False),
        ("wrong, is it?", False),
    ],
)
def test_without_a_mention_it_has_to_deny_what_was_told(text: str, one: bool) -> None:
    """In a channel's thread people also speak to each other."""
    assert amend.is_one(text, MIRA, PEOPLE, NOW) is one


PIECES = st.sampled_from(
    [text for text, _, _ in CORRECTIONS]
    + [
        "the rollout plan",
        "Ana",
        "<@U3>",
        "not",
        "wrong",
        "is",
        "it",
        "Friday",
        ",",
        "no",
        "and",
        "never promised",
        "\x00",
    ]
)


@settings(max_examples=400, deadline=None)
@example(
    st.lists(PIECES, max_size=6), st.lists(st.sampled_from(ALL[0] + (KEYS, STAGING, MINE)), max_size=4, unique=True)
)
def test_nothing_is_proposed_of_what_was_not_given(pieces: list[str], told: list[Fact]) -> None:
    """Whatever is said: a reading speaks of facts that its reader was given, and of people and days that there are."""
    found = read(" ".join(pieces), (tuple(told),))
    if found is not None:
        named = {*found.fact_ids, *(each.fact_id for each in found.options)}
        assert named <= {each.fact_id for each in told}
        assert BOT.person_id not in {each.owner for each in found.options}


@settings(max_examples=200, deadline=None)
@example(st.text(max_size=400))
def test_any_text_is_read_or_left(text: str) -> None:
    read(text, ALL)


def test_what_was_not_given_does_not_pass() -> None:
    given = Given(text="", author=MIRA, people=PEOPLE, told=ONE, said_at=NOW)
    found = read("no, it's Friday", ((NOTES,),))
    assert found is not None
    with pytest.raises(UnfoundedAmendment):
        amend.check(given, found)


@pytest.mark.parametrize("text", ["by friday", "and by Friday", "due Friday", "until next Tuesday"])
def test_a_day_after_a_question_of_dues_bounds_it(text: str) -> None:
    """After “what do I owe?” it asks for less; after another question, or with a no, it says when it is."""

    def found(words: str, question: str) -> list[str]:
        given = Given(text=words, author=MIRA, people=PEOPLE, told=ONE, asked_last=question, said_at=NOW)
        return said(amend.rules(given))

    assert found(text, "what do I owe?") == ["nothing"]
    assert found(f"no, {text.removeprefix('and ')}", "what do I owe?") != ["nothing"]
    assert found(text.removeprefix("and "), "when does Tom send the rollout plan?") != ["nothing"]


def test_what_somebody_was_promised_is_no_promise_to_them_once_it_is_theirs() -> None:
    """Nobody promises themselves."""
    owed = PLAN.model_copy(update={"counterparty_id": ANA.person_id})
    its = Said(by_id=MIRA.person_id, fact_id=owed.fact_id, how="owner", owner=ANA.person_id)
    theirs = Said(by_id=MIRA.person_id, fact_id=owed.fact_id, how="owner", owner=BEN.person_id)
    changed = [proposing.after(owed, each, NAMES, NOW) for each in (its, theirs)]
    assert [(each.actor_id, each.counterparty_id) for each in changed if each] == [
        (ANA.person_id, None),
        (BEN.person_id, ANA.person_id),
    ]
