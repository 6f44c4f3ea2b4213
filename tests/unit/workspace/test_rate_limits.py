"""Slack's rate limits on a clock of the test's own."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.local.workspace.rate_limits import RateLimits, Tier
from bot.local.workspace.refusals import RateLimited


class Time:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_seconds(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def limits(time: Time) -> RateLimits:
    return RateLimits(time)


@pytest.mark.parametrize(("tier", "most"), [(Tier.ONE, 2), (Tier.TWO, 30), (Tier.THREE, 75), (Tier.FOUR, 150)])
def test_a_tier_lets_so_many_pass_in_a_minute(limits: RateLimits, time: Time, tier: Tier, most: int) -> None:
    """A method's calls pass up to its tier and half as many again; a minute later there is room."""
    for _ in range(most):
        limits.charge("method", tier)
    time.pass_seconds(20)
    with pytest.raises(RateLimited) as caught:
        limits.charge("method", tier)
    assert caught.value.retry_after == 40
    limits.charge("another", tier)
    time.pass_seconds(40)
    limits.charge("method", tier)


def test_posts_into_a_channel_come_one_a_second(limits: RateLimits, time: Time) -> None:
    """Three posts at once pass, then one a second, each channel for itself."""
    for _ in range(3):
        limits.charge_post("C1")
    with pytest.raises(RateLimited):
        limits.charge_post("C1")
    limits.charge_post("C2")
    for _ in range(5):
        time.pass_seconds(1)
        limits.charge_post("C1")
    with pytest.raises(RateLimited):
        limits.charge_post("C1")


def test_a_workspace_takes_three_hundred_posts_a_minute(limits: RateLimits) -> None:
    """However many the channels, the workspace has a limit of its own."""
    for number in range(300):
        limits.charge_post(f"C{number}")
    with pytest.raises(RateLimited):
        limits.charge_post("C300")


def test_a_clock_set_back_locks_nobody_out(limits: RateLimits, time: Time) -> None:
    """After the clock goes back, calls of the former future count no more."""
    for _ in range(3):
        limits.charge_post("C1")
    limits.charge("method", Tier.ONE)
    limits.charge("method", Tier.ONE)
    time.pass_seconds(-3600)
    limits.charge_post("C1")
    limits.charge("method", Tier.ONE)
