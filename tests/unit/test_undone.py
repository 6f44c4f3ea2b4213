"""A promise is kept by what says so in its thread, and not by what says that it is not kept yet."""

import pytest

from graphs.tasks import extract
from memory.models.facts import FactStatus
from memory.models.ids import ConversationId, derive
from tests.integration.chat import said, ts, who

NAMES = {who("ANA"): "Ana Lima", who("BOB"): "Bob Roth"}
PROMISES = (
    "I'll send the rollout plan by Friday.",
    "I will fix the login bug tomorrow",
    "I'll merge the PR today",
    "I'll update the docs for the gateway this afternoon.",
)


def status(promise: str, author: str, reply: str) -> FactStatus:
    """How a promise of Ana's stands once that was said in its thread."""
    told = (said("C1", 0, promise, "ANA"), said("C1", 70, reply, author, thread_ts=ts(0)))
    given = extract.Given(ConversationId(derive("talk")), told, NAMES, dict.fromkeys(NAMES, "UTC"))
    found = [
        each
        for each in extract.made(given, ()).candidates
        if each.kind == "commitment" and each.evidence[0].message_id == told[0].message_id
    ]
    assert len(found) == 1
    return found[0].status


@pytest.mark.parametrize("promise", PROMISES)
@pytest.mark.parametrize(
    "reply",
    [
        "done",
        "Done.",
        "shipped",
        "just merged it",
        "it's out",
        "done ✅",
        ":white_check_mark:",
        "all done!",
        "fixed :tada:",
    ],
)
def test_what_says_done_keeps_it(promise: str, reply: str) -> None:
    assert status(promise, "ANA", reply) == "done"


@pytest.mark.parametrize("promise", PROMISES)
@pytest.mark.parametrize(
    ("author", "reply"),
    [
        *(("ANA", text) for text in ("not done yet", "it isn't merged yet", "haven't shipped it yet", "not yet")),
        *(("ANA", text) for text in ("almost done", "still working on it", "will be done tomorrow", "done by noon")),
        *(("ANA", text) for text in ("done?", "lunch?", "ok", "thanks!")),
        *(("BOB", text) for text in ("is it done?", "done?", "thanks", "not done yet", "when will it be done?")),
    ],
)
def test_what_says_otherwise_leaves_it_open(promise: str, author: str, reply: str) -> None:
    assert status(promise, author, reply) == "open"


@pytest.mark.parametrize("promise", PROMISES)
@pytest.mark.parametrize(
    "reply",
    [
        "done with lunch",
        "Done with lunch, back at my desk now",
        "I'm done with meetings for today",
        "back, all done with the dentist",
        "finished my coffee",
        "just finished the quarterly review",
        "Finally completed the security training!",
        "wrapped up the interview loop",
        "done for today, see you tomorrow",
        "done with lunch and now on to the next thing",
    ],
)
def test_what_is_done_with_something_else_leaves_it_open(promise: str, reply: str) -> None:
    """In its thread too, and by whoever promised it."""
    assert status(promise, "ANA", reply) == "open"


@pytest.mark.parametrize(
    ("promise", "reply"),
    [
        (PROMISES[0], "done with the rollout plan"),
        (PROMISES[0], "finished the plan"),
        (PROMISES[0], "done with it"),
        (PROMISES[0], "I'm done with that one"),
        (PROMISES[0], "finished, sent it to everybody"),
        (PROMISES[0], "done with lunch. And the plan is sent"),
        (PROMISES[1], "just finished fixing it"),
        (PROMISES[1], "done with everything"),
        (PROMISES[1], "finished in staging and in production"),
        (PROMISES[2], "done with the merge"),
        (PROMISES[2], "wrapped up, it's merged"),
        (PROMISES[3], "finished the gateway docs"),
        (PROMISES[3], "completed successfully, it's live"),
    ],
)
def test_what_is_done_with_the_promise_keeps_it(promise: str, reply: str) -> None:
    """By a word of it, by what stands for it, or by what else the message says is done."""
    assert status(promise, "ANA", reply) == "done"


@pytest.mark.parametrize("apart", [3, 2000])
def test_what_is_done_with_something_else_settles_nothing_in_another_talk(apart: int) -> None:
    """Nor where no thread holds the two together."""
    told = (said("C1", 0, PROMISES[0], "ANA"), said("C1", apart, "done with lunch", "ANA"))
    given = extract.Given(ConversationId(derive("talk")), told, NAMES, dict.fromkeys(NAMES, "UTC"))
    found = [each.status for each in extract.made(given, ()).candidates if each.kind == "commitment"]
    assert "done" not in found
