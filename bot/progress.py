"""How far long work has come: a bar when a person watches, plain lines otherwise."""

import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

LINE_EVERY = 5.0
"""Seconds between plain lines."""


class Meter:
    """Shows progress on stderr; a context manager."""

    def __init__(self) -> None:
        self._bar: Progress | None = None
        if sys.stderr.isatty():
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._tasks: dict[str, TaskID] = {}
        self._told = time.monotonic()

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def show(self, doing: str, done: int, total: int) -> None:
        if self._bar:
            if doing not in self._tasks:
                self._tasks[doing] = self._bar.add_task(doing, total=total)
            self._bar.update(self._tasks[doing], completed=done, total=total)
        elif time.monotonic() - self._told >= LINE_EVERY:
            self._told = time.monotonic()
            print(f"{doing}: {done} of {total}", file=sys.stderr, flush=True)
