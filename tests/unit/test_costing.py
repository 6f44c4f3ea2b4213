"""What models would take is counted from real prompts, and grows as it should."""

import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.costing import counting
from bot.costing.counting import Taken
from bot.costing.day import DAY, Day, sample_day
from graphs.ports import Usage
from graphs.prompts import MOST_TOKENS
from graphs.tasks import minutes

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def day() -> Day:
    return sample_day()


@pytest.fixture(scope="module")
def hourly(day: Day) -> Taken:
    return counting.reading(day, HOUR)


def test_the_sample_week_is_one_day(day: Day) -> None:
    """Nothing that Daybook reads is lost, and nothing that it does not read is in it."""
    assert day.many > 300
    assert {message.posted_at.date() for said in day.said.values() for message in said} == {DAY.date()}
    assert {each.handle for each in day.leaders} == {"maren", "tobias", "ines"}
    assert "customer-comms" not in {each.name for each in day.containers}


def test_every_conversation_is_read(day: Day, hourly: Taken) -> None:
    """In calls of at most so many tokens, with as many as carry all the words."""
    assert 0 < hourly.usage.tokens_in / hourly.calls <= MOST_TOKENS
    assert hourly.usage.tokens_cached < hourly.usage.tokens_in
    words = sum(len(message.text) for said in day.said.values() for message in said)
    assert hourly.usage.tokens_in - hourly.usage.tokens_cached > words / 4


def test_longer_stretches_cost_less(day: Day, hourly: Taken) -> None:
    """Less is said twice: neither prompts nor replies."""
    at_once = counting.reading(day, timedelta(days=1))
    assert at_once.calls < hourly.calls
    assert at_once.usage.tokens_in < hourly.usage.tokens_in
    assert at_once.usage.tokens_out < hourly.usage.tokens_out


def test_a_briefing_costs_less_than_a_summary(day: Day) -> None:
    """Of what its reader's own channels say in a day."""
    price = (2.0, 0.5, 8.0)
    told = counting.briefing(day)
    assert told.calls >= 1
    assert told.dollars(price) < counting.summary(day, 1000).dollars(price)
    assert counting.summary(day, 2000).usage.tokens_in == pytest.approx(
        2 * counting.summary(day, 1000).usage.tokens_in, rel=0.01
    )
    assert day.many / 2 < counting.readable(day, 1) <= day.many


def test_what_is_known_already_costs_its_own_price() -> None:
    """And only that."""
    taken = Taken(1, Usage(tokens_in=3_000_000, tokens_cached=1_000_000, tokens_out=500_000))
    assert taken.dollars((2.0, 0.5, 8.0)) == pytest.approx(4.0 + 0.5 + 4.0)
    assert taken.times(2).dollars((2.0, 0.5, 8.0)) == pytest.approx(17.0)
    assert minutes.ENGINE.size == "small"


def test_the_command_ends_with_dollars_by_readership() -> None:
    """As JSON, and less where fewer read."""
    told = CliRunner().invoke(cli, ["bench", "cost", "--people", "200", "--messages", "4000"])
    assert told.exit_code == 0, told.output
    found = json.loads(told.output.splitlines()[-1])
    assert found.keys() == {"10", "2.5"}
    for each in found.values():
        assert each["ratio"] == pytest.approx(each["naive"] / each["ours"], rel=0.05)
    assert found["10"]["ours"] > found["2.5"]["ours"]
    assert found["10"]["naive"] == pytest.approx(4 * found["2.5"]["naive"], rel=0.05)
