"""What is wished of Daybook itself is told apart from what is asked of what was said."""

import time

import pytest

from graphs.tasks import wishes


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("what do you hold about me?", "held"),
        ("What do you know about me", "held"),
        ("hi daybook, what have you stored on me?", "held"),
        ("show me everything you know about me", "held"),
        ("which data do you have on me?", "held"),
        ("do not track me", "untracked"),
        ("Please stop tracking me.", "untracked"),
        ("don’t read my messages", "untracked"),
        ("I want to opt out", "untracked"),
        ("opt me out please", "untracked"),
        ("forget this", "forgotten"),
        ("please forget everything about me", "forgotten"),
        ("delete my data", "forgotten"),
        ("help", "help"),
        ("What can you do?", "help"),
        ("how does this work?", "help"),
        ("are you a bot?", "help"),
        ("do you read our DMs?", "read"),
        ("can anybody else read what I ask you here?", "read"),
        ("delete everything you know of me", "forgotten"),
        ("delete my messages", "forgotten"),
        ("forget about that one", "forgotten"),
        ("stop", "stopped"),
        ("stop it", "stopped"),
        ("turn the briefings off", "stopped"),
        ("I don't want briefings anymore", "stopped"),
        ("unsubscribe me from the briefings", "stopped"),
        ("please stop the daily briefings", "stopped"),
        ("unsubscribe", "stopped"),
        ("remind me tomorrow to call Ben", "reminded"),
        ("remind me to call Ben on Friday", "reminded"),
        ("Remind me in two hours", "reminded"),
        ("remind me on Monday about the audit", "reminded"),
    ],
)
def test_a_wish_is_recognised(text: str, wish: wishes.Wish) -> None:
    """In the words in which people put it; what it is answered with says where, and promises nothing is done."""
    assert wishes.read(text) == wish
    assert "*" in wishes.TOLD[wish] or "`" in wishes.TOLD[wish]


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("hello", "greeting"),
        ("Hi Daybook!", "greeting"),
        ("good morning, everybody", "greeting"),
        ("thanks", "thanks"),
        ("Thank you so much!", "thanks"),
        ("ok great, thanks", "thanks"),
        ("nice one", "thanks"),
        ("thanks :tada:", "thanks"),
        ("hi!!! 😀", "greeting"),
        ("hello?", "greeting"),
    ],
)
def test_a_courtesy_is_returned(text: str, wish: wishes.Wish) -> None:
    """Nothing is searched for it."""
    assert wishes.read(text) == wish


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Good morning! what did I miss?", "what did I miss?"),
        ("great, thanks. What about the runbook?", "What about the runbook?"),
        ("<@UBOT> hi, what is blocked?", "<@UBOT> what is blocked?"),
        ("what is ok, then?", "what is ok, then?"),
        ("hello", "hello"),
    ],
)
def test_what_leads_up_to_a_question_is_no_part_of_it(text: str, asked: str) -> None:
    """Nobody wants to read who else said good morning."""
    assert wishes.question_in(text) == asked


@pytest.mark.parametrize(
    "text",
    [
        "hello, what is blocked?",
        "thanks, and what is open?",
        "ok",
        "yes",
        "no",
        "who said hello?",
        "what do you know about the ledger?",
        "remind me what I promised Ana",
        "remind me about the ledger",
        "remind me again about the rollback",
        "remind me again to whom I owe the runbook",
        "remind me then of the decision on the ledger",
        "remind me who owns the runbook",
        "stop the rollout?",
        "why did we stop the briefings?",
        "what do we hold about me-too campaigns?",
        "who asked me to forget this?",
        "did we decide to track the errors?",
        "who can help me with the proxy?",
        "what can you tell me about staging?",
        "what did Ben promise me?",
        "stop tracking the old importer",
        "forget the importer, what about the ledger?",
        "",
    ],
)
def test_a_question_is_no_wish(text: str) -> None:
    """Words of a wish among others ask of what was said."""
    assert wishes.read(text) is None


@pytest.mark.parametrize(
    "piece", ["in a b ", "on monday ", "again ", "stop the ", "remind me ", "hi, ", "thanks ", "delete "]
)
def test_a_long_text_is_read_at_once(piece: str) -> None:
    """Whatever it repeats, and however it ends."""
    begun = time.perf_counter()
    for text in (f"remind me {piece * 250}x", f"{piece * 250}x", f"{piece * 250}"):
        wishes.read(text)
    assert time.perf_counter() - begun < 1
