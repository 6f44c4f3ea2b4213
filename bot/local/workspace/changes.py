"""Tells whoever watches that something changed."""

import asyncio
from typing import Literal

ChangeKind = Literal["message", "channel", "home", "modal", "clock"]


class Changes:
    """A change goes to every watcher; one that reads too slowly loses its oldest."""

    def __init__(self) -> None:
        self._watchers: set[asyncio.Queue[dict[str, str]]] = set()

    def note(self, kind: ChangeKind, *, channel: str | None = None, user: str | None = None) -> None:
        change: dict[str, str] = {"kind": kind}
        if channel:
            change["channel"] = channel
        if user:
            change["user"] = user
        for watcher in self._watchers:
            if watcher.full():
                watcher.get_nowait()
            watcher.put_nowait(change)

    def watch(self) -> asyncio.Queue[dict[str, str]]:
        watcher: asyncio.Queue[dict[str, str]] = asyncio.Queue(maxsize=1000)
        self._watchers.add(watcher)
        return watcher

    def leave(self, watcher: asyncio.Queue[dict[str, str]]) -> None:
        self._watchers.discard(watcher)
