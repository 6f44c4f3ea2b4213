"""How a question was understood is told in one sentence, in its own words and our own."""

from datetime import UTC, datetime

import pytest

from graphs import understood
from graphs.tasks import understand
from tests.unit.morning import MIRA, NOW, PEOPLE

NAMES = {person.person_id: person.name for person in PEOPLE}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("what was decided about the ledger?", "I looked for what was decided, about “ledger”."),
        (
            "what did Ben promise about the runbook last week?",
            "I looked for what was promised, about “runbook”, with Ben Osei in it, from last week.",
        ),
        ("what was decided since Monday?", "I looked for what was decided, since monday."),
        ("what was decided in October?", "I looked for what was decided, in october."),
        ("what do I owe?", "I looked for what was promised and is still open, by you."),
        (
            "who waits for me?",
            "I looked for open promises, questions and blockers that wait for somebody, with you in it.",
        ),
        (
            "what is due by Friday?",
            "I looked for what was promised and is still open, due by Friday. Promises without a day were left out.",
        ),
        (
            "what is overdue?",
            "I looked for what was promised and is still open, overdue. Promises without a day were left out.",
        ),
        ("who knows about the gateway?", "I looked for who knows of it, about “gateway”."),
        ("catch me up on this channel", "I looked for what moved in that time, in this channel alone."),
        ("flamingos?", "I looked for an answer, about “flamingos”."),
    ],
)
def test_a_plan_is_told_in_words(question: str, told: str) -> None:
    """Kinds, matter, people, place and days, as far as the question has them."""
    given = understand.Given(text=question, asker=MIRA, people=PEOPLE, asked_at=NOW, bot_id="UD")
    assert understood.in_words("new", understand.rules(given), NAMES, MIRA.person_id) == told


def test_what_asks_of_something_told_says_so() -> None:
    """Nothing was looked for."""
    plan = understand.QueryPlan(since=datetime(2026, 11, 1, tzinfo=UTC))
    assert understood.in_words("who", plan, NAMES) == "I took it as a question about who said what I had told here."
    assert understood.in_words("more", plan, NAMES).endswith("that I had not told yet.")
