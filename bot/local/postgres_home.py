"""What a Daybook home holds for its embedded Postgres, and the file locks by which users and keeper find each other.

A lock is a `flock` on an open file: the kernel lets go of it when the last process that holds the file is gone,
however it went. Four of them carry the rule that the server lives as long as any of its users:

- `start.lock`: held while somebody starts or attaches, so that this happens to one at a time.
- `users.lock`: shared by every user; the keeper stops the server once it gets this lock for itself.
- `keeper.lock`: held by the keeper.
- `server.lock`: held by every process of the server; free means that none of them lives.
"""

import fcntl
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path


class EmbeddedPostgresError(Exception):
    """The embedded Postgres cannot do what was asked; the message says what to do."""


@dataclass(frozen=True)
class Home:
    """The paths below one Daybook home."""

    path: Path

    @property
    def start_lock(self) -> Path:
        return self.path / "start.lock"

    @property
    def users_lock(self) -> Path:
        return self.path / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        return self.path / "keeper.lock"

    @property
    def server_lock(self) -> Path:
        return self.path / "server.lock"

    @property
    def cluster(self) -> Path:
        """Postgres's own directory."""
        return self.path / "postgres"

    @property
    def unfinished_cluster(self) -> Path:
        """Where a cluster is made, until it is complete and gets its name."""
        return self.path / "postgres.unfinished"

    @property
    def server_log(self) -> Path:
        return self.path / "postgres.log"

    @property
    def keeper_log(self) -> Path:
        """What the keeper said last: one sentence if it failed."""
        return self.path / "keeper.log"

    @property
    def socket_folder(self) -> Path:
        return self.path / "socket"

    @property
    def address(self) -> Path:
        """Where the running server listens: present only while a keeper has a server."""
        return self.path / "server.json"

    def write_address(self, socket_folder: Path) -> None:
        """Say where the server listens; readers never see half a file."""
        draft = self.address.with_suffix(".draft")
        draft.write_text(json.dumps({"socket_folder": str(socket_folder)}), encoding="utf-8")
        draft.replace(self.address)

    def read_address(self) -> Path | None:
        """The folder of the server's socket, or None while there is no server."""
        try:
            return Path(json.loads(self.address.read_text(encoding="utf-8"))["socket_folder"])
        except FileNotFoundError:
            return None


def try_lock(path: Path, *, shared: bool = False) -> int | None:
    """Take the lock now and return the open file that holds it, or return None when others hold it."""
    # Python opens files so that a program started later does not inherit them, hence not the lock either.
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    return file


def wait_for_lock(path: Path, seconds: float, *, shared: bool = False) -> int:
    """Take the lock and return the open file that holds it.

    Raises TimeoutError when others hold it for longer than `seconds`.
    """
    end = time.monotonic() + seconds
    while (file := try_lock(path, shared=shared)) is None:
        if time.monotonic() > end:
            raise TimeoutError(f"{path} is held by another process.")
        time.sleep(0.02)
    return file


def is_free(path: Path) -> bool:
    """Whether nobody holds the lock for himself."""
    file = try_lock(path, shared=True)
    if file is None:
        return False
    os.close(file)
    return True
