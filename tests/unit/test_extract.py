"""What extraction promises."""

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.tasks.extract import Candidate, Found, Given, UnfoundedCandidate, check, rules
from tests.unit.chat import NAMES, conversation, message, person, talk

NEW_YORK = dict.fromkeys(NAMES, "America/New_York")


def given_(*lines: str) -> Given:
    told = talk(*lines)
    return Given(conversation(told), told, NAMES, NEW_YORK)


def found(*lines: str) -> list[Candidate]:
    what = given_(*lines)
    result = rules(what)
    check(what, result)
    return list(result.candidates)


def of(kind: str, *lines: str) -> list[Candidate]:
    return [each for each in found(*lines) if each.kind == kind]


@pytest.mark.parametrize(
    "line",
    [
        "Ana: I'll rotate the keys by Thursday",
        "Ana: I\u2019ll rotate the keys by Thursday",
        "Ana: will rotate the keys by Thursday",
        "Ana: rotating the keys by thursday, leave it with me",
        "Ana: ACTION: rotate the keys by Thursday",
        "Ana: TODO: rotate the keys by 3/5",
    ],
)
def test_a_promise_has_an_owner_and_a_day(line: str) -> None:
    """A promise belongs to whoever makes it, with the day they named."""
    (promise,) = of("commitment", line)
    assert (promise.actor_id, promise.due, promise.status) == (person("Ana"), date(2026, 3, 5), "open")


@pytest.mark.parametrize("name", ["Ana", "Bo", "Cy"])
@pytest.mark.parametrize("asked", ["<@UBO> why?", "<@UBO> why does the ledger fail?"])
def test_a_message_without_words_settles_nothing(asked: str, name: str) -> None:
    """A file, or a message shared from elsewhere, is no answer that could be quoted, whoever posts it."""
    (question,) = of("question", f"Ana: {asked}", f"{name}: ")
    assert question.status == "open"


def test_a_promise_reads_in_the_third_person() -> None:
    """A simple promise is told of its owner by name."""
    (promise,) = of("commitment", "Ana: ok, I'll rotate my keys :key: by Thursday")
    assert promise.statement == "Ana will rotate their keys by Thursday"


@pytest.mark.parametrize(
    "yes", ["on it", "mine", "will do", "👍 will do", ":thumbsup:", "sure, tomorrow", "tomorrow morning"]
)
def test_a_yes_promises_what_was_asked(yes: str) -> None:
    """Whoever says yes to a request has promised it to whoever asked; both messages are the evidence."""
    (promise,) = of("commitment", "Bo: <@UANA> can you review the grants PR?", f"Ana: {yes}")
    assert (promise.actor_id, promise.counterparty_id) == (person("Ana"), person("Bo"))
    assert promise.statement.startswith("Ana")
    assert len({span.message_id for span in promise.evidence}) == 2


def test_a_promise_that_says_what_stands_for_itself() -> None:
    """The question before it is evidence, and no part of the sentence; what only points back quotes it."""
    asked = "Bo: <@UANA> when will the access review be ready?"
    (promise,) = of("commitment", asked, "Ana: I'll send you the access review by Thursday")
    assert promise.statement == "Ana will send you the access review by Thursday"
    (promise,) = of("commitment", asked, "Ana: I'll do it by Thursday")
    assert promise.statement == "Ana on “Ana when will the access review be ready?”: I'll do it by Thursday"


def test_a_promise_made_anew_keeps_none() -> None:
    """Neither in its own conversation nor in another: it moves what was promised, and the last words finish it."""
    again = "Ana: I'll rotate the payment keys by Friday"
    facts = of("commitment", "Ana: I'll rotate the payment keys by Thursday", again)
    assert {each.status for each in facts} == {"open"}
    assert [each for each in rules(given_(again)).closings if each.status == "done"] == []
    assert [each.status for each in rules(given_("Ana: payment keys rotated, all done")).closings][:1] == ["done"]


def test_who_asks_has_promised_nothing() -> None:
    """A request is none of the asker's promises, even where it is followed by a yes."""
    facts = of("commitment", "Ana: <@UBO> can you send me the traffic numbers before standup tomorrow?", "Bo: on it")
    assert [(each.actor_id, each.due) for each in facts] == [(person("Bo"), date(2026, 3, 3))]


@pytest.mark.parametrize(
    "lines",
    [
        ["Ana: maybe I'll look at it at some point"],
        ["Ana: someone should rotate the keys"],
        ["Ana: we should probably rotate the keys tomorrow"],
        ["Ana: sure, I'll rewrite it all in Rust tonight :joy:"],
        ["Ana: I'll definitely fix it by friday /s"],
        ["Ana: &gt; I'll rotate the keys by Thursday"],
        ["Ana: > ACTION: rotate the keys"],
        ["Ana: ```I'll rotate the keys by Thursday```"],
        ["Bo: <@UANA> can you review it?", "Ana: no, sorry"],
        ["Bo: <@UANA> can you review it?"],
    ],
)
def test_what_is_hedged_quoted_or_meant_as_a_joke_is_no_promise(lines: list[str]) -> None:
    """Hedges, "someone should", jokes, quotes, code and refusals promise nothing."""
    assert of("commitment", *lines) == []


@pytest.mark.parametrize("done", ["done", "keys are rotated, all of them", "rotated and deployed"])
def test_a_promise_is_kept(done: str) -> None:
    """What its owner reports as done is done, with the words that say so."""
    (promise,) = of("commitment", "Ana: I'll rotate the keys today", f"Ana: {done}")
    assert promise.status == "done"
    assert promise.evidence[-1].role == "settles"
    assert promise.settled_at is not None
    assert promise.settled_at > promise.at


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("let's go with Postgres for the queue", "decided"),
        ("DECISION: Postgres for the queue", "decided"),
        ("RESOLVED: Postgres for the queue", "decided"),
        ("Postgres it is", "decided"),
        ("PROPOSAL: Postgres for the queue", "proposed"),
        ("I propose Postgres for the queue", "proposed"),
    ],
)
def test_a_decision_is_told_from_a_proposal(line: str, status: str) -> None:
    """Who settles a course decides; who suggests one proposes."""
    (decision,) = of("decision", f"Ana: {line}")
    assert decision.status == status


@pytest.mark.parametrize(
    "line", ["maybe let's go with Postgres", "should we go with Postgres?", "we might move to Postgres"]
)
def test_a_hedge_decides_nothing(line: str) -> None:
    """A hedge or a question is no decision that stands."""
    assert [each for each in of("decision", f"Ana: {line}") if each.status == "decided"] == []


def test_a_proposal_agreed_to_is_decided() -> None:
    """When somebody else agrees, the proposal is decided, and the agreement is the evidence."""
    (decision,) = of("decision", "Ana: I propose we freeze the schema on Tuesday", "Bo: agreed")
    assert decision.status == "decided"
    assert decision.actor_id == person("Ana")


def test_a_question_is_answered_by_another() -> None:
    """A question stays open until another person answers; a promise to look is no answer."""
    asked = "Ana: where is the backfill at, which shard?"
    assert [each.status for each in of("question", asked)] == ["open"]
    assert [each.status for each in of("question", asked, "Ana: anyone")] == ["open"]
    assert [each.status for each in of("question", asked, "Bo: good question")] == ["open"]
    (answered,) = of("question", asked, "Bo: shard 12, done tonight")
    assert (answered.status, answered.counterparty_id) == ("answered", person("Bo"))


@pytest.mark.parametrize(
    "line", ["who knew?", "that's great, right?", "why would anyone do that to a database?", "really?"]
)
def test_a_rhetorical_question_asks_nothing(line: str) -> None:
    """What nobody expects an answer to is no question."""
    assert of("question", f"Ana: {line}") == []


def test_a_blocker_is_cleared() -> None:
    """Who is stuck is blocked until somebody says that they can go on."""
    stuck = "Ana: I'm blocked on the staging access, can't test the payout flow until it's there <@UBO>"
    (raised,) = of("blocker", stuck)
    assert (raised.status, raised.actor_id, raised.counterparty_id) == ("raised", person("Ana"), person("Bo"))
    (cleared,) = of("blocker", stuck, "Bo: granted, try now")
    assert cleared.status == "cleared"
    assert of("blocker", "Ana: we're not blocked on anything anymore") == []


def test_being_stuck_decides_nothing() -> None:
    """Not of whoever leads either, whose word decides much; with a decision in so many words beside it, it is both."""

    def decided(line: str) -> list[str]:
        heard = dataclasses.replace(given_("Ana: <@UBO> do you need anything?", line), leads=frozenset({person("Bo")}))
        return [each.statement for each in rules(heard).candidates if each.kind == "decision"]

    assert decided("Bo: Yes: we are blocked until somebody approves the rollback. <@UANA> can you approve it?") == []
    assert decided("Bo: we're blocked on this. Let's go with the old build.") == ["Let's go with the old build."]


def test_news_is_an_update() -> None:
    """News that a manager would repeat is an update; small talk is not."""
    assert of("update", "Ana: heads up: the release slipped, 3 of 7 regions failed in production")
    assert of("update", "Ana: the cake in the kitchen is lovely today") == []


def test_each_marked_line_counts() -> None:
    """Several explicit markers in one message are several facts, each owned by whom it names."""
    lines = (
        "Bo: ACTION: <@UANA> to rotate the keys by Thursday\n"
        "ACTION: <@UCY> to update the runbook\n"
        "DECISION: freeze on Tuesday"
    )
    facts = found(lines)
    assert [(each.kind, each.actor_id) for each in facts] == [
        ("commitment", person("Ana")),
        ("commitment", person("Cy")),
        ("decision", person("Bo")),
    ]
    text = talk(lines)[0].text
    quotes = [text[each.evidence[0].start : each.evidence[0].end] for each in facts]
    assert quotes[1] == "<@UCY> to update the runbook"


def test_bots_and_notices_state_nothing() -> None:
    """What a bot or the platform writes is nobody's promise."""
    text = "I'll deploy this tomorrow"
    told = (message("Ana", text, 0, kind="bot"), message("Ana", text, 1, kind="notice"))
    assert rules(Given(conversation(told), told)).candidates == ()


PIECES = st.sampled_from(
    [
        "I'll do it ",
        "by 3/14 ",
        "can you ",
        "?",
        "done. ",
        "> ",
        "```",
        "`",
        "<@UANA> ",
        "ACTION: ",
        "let's go with ",
        "\n",
        "İ",
        "blocked on ",
        "👍",
    ]
)


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(NAMES.values())), st.lists(PIECES | st.text(max_size=6), max_size=12)),
        min_size=1,
        max_size=8,
    )
)
def test_any_talk_passes_the_check(lines: list[tuple[str, list[str]]]) -> None:
    """Whatever was said, every candidate rests on the conversation, and the same input gives the same output."""
    told = tuple(
        message(name, "".join(parts), minute, mentions=["Ana"] if "<@UANA>" in "".join(parts) else [])
        for minute, (name, parts) in enumerate(lines)
    )
    what = Given(conversation(told), told, NAMES, NEW_YORK)
    result = rules(what)
    check(what, result)
    assert result == rules(what)


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "text",
    [
        "a" * 40_000,
        "I'll " * 8000,
        "<" * 40_000,
        "`" * 40_000,
        "> " * 20_000,
        "?" * 40_000,
        "ה" * 40_000,
        "\x00\ud800",
        ": " * 20_000,
        "1,000" * 8000,
        " " * 40_000,
        "\n" * 40_000,
        "by " * 13_000,
    ],
)
def test_a_wall_of_text_is_only_text(text: str) -> None:
    """40,000 characters of anything are worked through in no time."""
    told = talk(*(f"Ana: {text}" for _ in range(5)))
    what = Given(conversation(told), told, NAMES, NEW_YORK)
    check(what, rules(what))


def test_an_unfounded_candidate_is_refused() -> None:
    """A quote that nobody wrote, an actor who is not there, a status its kind does not have: each is an error."""
    what = given_("Ana: I'll rotate the keys by Thursday")
    (good,) = rules(what).candidates
    stranger = conversation(talk("Bo: hm"))
    span = good.evidence[0]
    for broken in (
        dataclasses.replace(good, evidence=()),
        dataclasses.replace(good, evidence=(span.model_copy(update={"end": 999}),)),
        dataclasses.replace(good, actor_id=stranger),  # type: ignore[arg-type]
        dataclasses.replace(good, status="answered"),
    ):
        with pytest.raises(UnfoundedCandidate):
            check(what, Found((broken,)))


def test_a_hedge_lowers_confidence() -> None:
    """The same news with a doubt in it is less sure, or no news; a hedged decision is none that stands."""
    (plain,) = of("update", "Ana: heads up: the release slipped, 3 of 7 regions failed in production")
    hedged = of("update", "Ana: heads up: the release maybe slipped, 3 of 7 regions failed in production")
    assert all(each.log_odds < plain.log_odds for each in hedged)
    assert of("decision", "Ana: we decided to move to Postgres 16")
    assert all(each.status == "proposed" for each in of("decision", "Ana: maybe we decided to move to Postgres 16"))


def test_of_a_list_each_person_takes_their_own_line() -> None:
    """With its day: not the first line's, and not that of somebody else."""
    listed = (
        "Cy: please, no chasing:",
        "• audit log samples – <@UBO> – Wed 4 Mar",
        "• data flow diagram – <@UANA> – Fri 6 Mar",
    )
    promises = of("commitment", "\n".join(listed), "Ana: 👍", "Bo: ok for the logs")
    told = {each.actor_id: (each.due, "diagram" in each.statement, "samples" in each.statement) for each in promises}
    assert told[person("Ana")] == (date(2026, 3, 6), True, False)
    assert told[person("Bo")] == (date(2026, 3, 4), False, True)


def test_what_somebody_else_will_do_is_no_promise_of_who_says_it() -> None:
    """Unless they say that they do it too."""
    assert of("commitment", "Bo: <@UANA> do you have the cause?", "Ana: not yet, bo will send it tomorrow") == []
    assert of("commitment", "Bo: <@UANA> can you send it?", "Ana: I'll send it tomorrow, bo will check")


def test_what_was_done_before_it_was_asked_for_is_no_promise() -> None:
    """It is in already."""
    assert of("commitment", "Cy: <@UANA> scorecards in before tomorrow 1pm please", "Ana: both in since friday") == []


def test_what_adds_to_a_request_is_no_promise_of_who_asks() -> None:
    lines = ["Ana: <@UBO> can you own the postmortem? draft by thursday evening, so people can read it", "Bo: sure"]
    assert [each.actor_id for each in of("commitment", *lines)] == [person("Bo")]
