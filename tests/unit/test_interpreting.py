"""A model's reading of a question is taken as far as the question bears it out."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from graphs.pieces import Unfit
from graphs.prompts import MOST_TOKENS, as_line, tokens_in
from graphs.schemas import strict_schema
from graphs.tasks import interpreting, understand
from graphs.tasks.interpreting import Interpreted, Plan
from tests.openai_server.strictness import strict_faults
from tests.unit.morning import ANA, MIRA, NOW, PEOPLE

ASKED = "<@UD> what did Ana promise about the staging-keys on Tuesday, and is it done?"


def given(text: str = ASKED) -> understand.Given:
    return understand.Given(text=text, asker=MIRA, people=PEOPLE, asked_at=NOW, bot_id="UD")


def read(text: str = ASKED, **told: Any) -> Interpreted:
    usual: dict[str, Any] = {
        "words": [],
        "kinds": [],
        "people": [],
        "direction": "any",
        "since": None,
        "until": None,
        "span": "",
    }
    return interpreting.ENGINE.read(understand.question(given(text)), Plan.model_validate({**usual, **told}))


def test_a_model_sees_the_question_and_whom_it_can_mean() -> None:
    """The asker first, then those it names; Daybook is nobody, and the rest of the team is not shown."""
    shown: Any = interpreting.ENGINE.show(understand.question(given()), 2000)
    assert shown == {
        "question": "what did Ana promise about the staging-keys on Tuesday, and is it done?",
        "asker": "u1",
        "today": "Fri 2026-11-20",
        "people": {"u1": "Mira Falk", "u2": "Ana Ruiz"},
    }


def test_a_plan_is_made_of_what_was_read() -> None:
    """With days of the asker's zone, the last of them included."""
    found = read(
        words=["staging", "keys"],
        kinds=["commitment"],
        people=["u2"],
        direction="by",
        since="2026-11-17",
        until="2026-11-17",
        span="on Tuesday",
    )
    plan = understand.planned(given(), found)
    understand.check(given(), plan)
    assert (plan.terms, plan.kinds, plan.person_ids) == (("staging", "keys"), ("commitment",), (ANA.person_id,))
    assert (plan.since, plan.until) == (datetime(2026, 11, 16, 23, tzinfo=UTC), datetime(2026, 11, 17, 23, tzinfo=UTC))
    assert (plan.direction, plan.span) == ("by", "on tuesday")


def test_what_the_question_does_not_say_is_left_out() -> None:
    """Words of the model's own, days that nothing names, and a direction of nobody."""
    found = read(words=["staging", "gift", "https://evil.example", "what"], since="2026-11-01", span="in November")
    assert found == Interpreted(("staging",), (), (), None, None, None, "")
    assert read(words=["staging"], direction="to").direction is None


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"words": ["gift", "cards"]}, "none of its words"),
        ({"people": ["u9"]}, "people that were not given"),
        ({}, "nothing to look for"),
        ({"kinds": ["decision"], "since": "last week", "span": "on Tuesday"}, "YYYY-MM-DD"),
        ({"kinds": ["decision"], "since": "2026-11-18", "until": "2026-11-17", "span": "on Tuesday"}, "before they"),
        ({"kinds": ["decision"], "until": "9999-12-31", "span": "on Tuesday"}, "too far"),
    ],
)
def test_what_cannot_be_searched_for_is_sent_back(told: dict[str, Any], why: str) -> None:
    """And why, without its words."""
    with pytest.raises(Unfit, match=why) as error:
        read(**told)
    assert "gift" not in str(error.value)


def test_days_are_bounded() -> None:
    """Whatever a model says, the plan's days are days."""
    found = read(kinds=["decision"], since="2026-11-17", span="on Tuesday")
    assert (found.since, found.until) == (date(2026, 11, 17), None)
    plan = understand.planned(given(), found)
    understand.check(given(), plan)
    assert plan.until is None


def test_the_prompt_and_the_schema_are_as_endpoints_want_them() -> None:
    """Short enough for any question, and strict."""
    schema = as_line(interpreting.ENGINE.schema.model_json_schema())
    longest = interpreting.ENGINE.show(understand.question(given("why " * 3000)), 2000)
    assert tokens_in(interpreting.ENGINE.constant + schema + as_line(longest)) + 200 < MOST_TOKENS
    assert list(strict_faults(strict_schema(interpreting.ENGINE.schema))) == []
