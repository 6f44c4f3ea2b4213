"""The workspace's clock."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.local.workspace.clock import Clock, moment_of, ts_of

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_a_ts_and_its_moment_are_the_same() -> None:
    """A ts keeps every microsecond, there and back."""
    assert ts_of(moment_of("1795000000.398387")) == "1795000000.398387"
    assert moment_of("1795000000") == moment_of("1795000000.000000")
    for nonsense in ("", "soon", "1.2.3", "9" * 30):
        with pytest.raises(ValueError):  # noqa: PT011 - int and timedelta say it in words of their own
            moment_of(nonsense)


def test_no_stamp_comes_twice() -> None:
    """Stamps differ and rise, and a clock set back repeats none that was handed out."""
    clock = Clock(NOON)
    stamps = [clock.stamp() for _ in range(100)]
    assert stamps == sorted(set(stamps))
    given = clock.take(ts_of(NOON - timedelta(hours=1)))
    clock.set(NOON - timedelta(hours=1))
    assert clock.stamp() not in {given, *stamps}


def test_the_clock_moves_and_tells() -> None:
    """Moving the clock moves now, runs on, and tells who listens."""
    clock, told = Clock(NOON), []
    clock.on_move.append(lambda: told.append(clock.now()))
    clock.advance(timedelta(hours=3))
    assert timedelta(0) <= clock.now() - NOON - timedelta(hours=3) < timedelta(seconds=1)
    assert len(told) == 1
    with pytest.raises(ValueError, match="time zone"):
        clock.set(datetime(2026, 11, 20, 12))  # noqa: DTZ001 - that is the point
