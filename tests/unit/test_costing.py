"""What models would take is counted from real prompts, and grows as it should."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.costing import counting
from bot.costing.counting import Taken
from bot.costing.day import DAY, Day, drawn_day, sample_day
from bot.errors import BadInput
from graphs.ports import Usage
from graphs.prompts import MOST_TOKENS
from graphs.tasks import minutes
from tests.scenarios import exports

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
    assert {each.person.handle for each in day.leaders} == {"maren", "tobias", "ines"}
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
    judged, told = counting.briefing(day, day.readers(1000), counting.known_of(day))
    assert told.calls >= 1
    assert judged.calls <= 1
    assert (judged + told).tokens < counting.summary(day, 1000).tokens
    assert counting.summary(day, 2000).usage.tokens_in == pytest.approx(
        2 * counting.summary(day, 1000).usage.tokens_in, rel=0.01
    )


def test_a_summary_has_author_and_time_of_each_message(day: Day) -> None:
    """As the minutes' prompts have: both are counted from the same."""
    bare = sum(len(message.text) for said in day.said.values() for message in said)
    assert counting.summary(day, day.many).usage.tokens_in > (bare + 20 * day.many) / 4


def test_a_day_is_drawn_from_an_export(tmp_path: Path) -> None:
    """Each day of a channel is a container; readers may read about as much as is asked, their own channels first."""
    texts = (
        "We decided to ship on Monday.",
        "I'll send the notes by Friday.",
        "Can you look, Bo?",
        "Thanks!",
        "On it.",
    )
    days = {
        f"{place}/2026-11-{day}": [
            exports.said(f"2026-11-{day}T1{n}:00:00+00:00", f"U{1 + n % 3}", f"{text} ({day})")
            for n, text in enumerate(texts)
        ]
        for place in ("dev", "ops")
        for day in range(10, 20)
    }
    channels = [exports.channel("C1", "dev", "U1", "U2"), exports.channel("C2", "ops", "U1", "U3")]
    path = exports.write_export(tmp_path / "export.zip", users=exports.USERS, channels=channels, days=days)
    day = drawn_day(path, 50)
    assert day.many == 50
    assert len(day.said) == 10
    assert {message.posted_at.date() for said in day.said.values() for message in said} == {DAY.date()}
    assert sum(len(each) for place in day.said for each in day.talks(place, DAY + HOUR * 24).values()) == day.many
    for reader in day.readers(20):
        many = sum(len(day.said[place]) for place in reader.containers)
        wrote = {p for p, said in day.said.items() if reader.person.person_id in {m.author_id for m in said}}
        assert 0 < many <= 20
        assert reader.containers & wrote
    assert counting.known_of(day)[0]


def test_an_export_in_which_nobody_speaks_is_refused(tmp_path: Path) -> None:
    """In one sentence: there is nothing to count."""
    channels = [exports.channel("C1", "dev", "U1")]
    path = exports.write_export(tmp_path / "still.zip", users=exports.USERS, channels=channels, days={})
    with pytest.raises(BadInput, match="nobody says anything"):
        drawn_day(path, 100)


def test_what_is_known_already_costs_its_own_price() -> None:
    """And only that."""
    taken = Taken(1, Usage(tokens_in=3_000_000, tokens_cached=1_000_000, tokens_out=500_000))
    assert taken.dollars((2.0, 0.5, 8.0)) == pytest.approx(4.0 + 0.5 + 4.0)
    assert taken.times(2).dollars((2.0, 0.5, 8.0)) == pytest.approx(17.0)
    assert minutes.ENGINE.size == "small"


def test_the_command_ends_with_tokens_by_readership() -> None:
    """As JSON: of summaries and of this; reading costs the same whoever reads."""
    told = CliRunner().invoke(cli, ["bench", "cost", "--people", "200", "--messages", "4000"])
    assert told.exit_code == 0, told.output
    found = json.loads(told.output.splitlines()[-1])
    assert found.keys() == {"10", "2.5"}
    for each in found.values():
        assert each["ratio"] == pytest.approx(each["naive"] / each["ours"], rel=0.05)
    assert found["10"]["naive"] > 3 * found["2.5"]["naive"]
