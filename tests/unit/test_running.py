"""Daybook at work ends when it is told to."""

import asyncio

from bot import running


async def test_a_duty_that_makes_another_error_of_its_end_ends() -> None:
    """A statement that is cancelled may fail as a broken connection does; that is not tried again then."""
    begun = asyncio.Event()
    times = 0

    async def duty() -> None:
        nonlocal times
        times += 1
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise OSError("the connection is lost") from None

    task = asyncio.create_task(running.over_and_over(duty, 0.01))
    await begun.wait()
    task.cancel()
    await asyncio.wait([task], timeout=5)
    assert (task.done(), times) == (True, 1)
