"""Ctrl-C, however early: remembered, since much that is loaded meanwhile catches whatever is raised."""

import signal
from types import FrameType

_asked: list[int] = []


def listen() -> None:
    """From now on an interrupt is remembered; it is raised as well, as usual."""
    signal.signal(signal.SIGINT, _ask)


def end_if_asked() -> None:
    """Raises KeyboardInterrupt if there was an interrupt that somebody else caught."""
    if _asked:
        raise KeyboardInterrupt


def _ask(sign: int, _frame: FrameType | None) -> None:
    _asked.append(sign)
    raise KeyboardInterrupt
