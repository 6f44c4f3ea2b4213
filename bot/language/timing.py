"""Time as waiting needs it: how much has passed, and letting some pass. Tests move it instead."""

import asyncio
import time
from typing import Protocol


class Timer(Protocol):
    def time(self) -> float:
        """Seconds since some moment; never backwards."""

    async def sleep(self, seconds: float) -> None: ...


class RealTimer:
    def time(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
