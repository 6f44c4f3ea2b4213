"""The process that owns the embedded Postgres: started by its first user, ends with its last.

It is separate from the users so that the first of them may leave while others stay, and it uses the standard library
only, to be small. Postgres is its child and is told by the kernel (Linux) when the keeper dies, even by kill -9.
"""

import contextlib
import ctypes
import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from bot.local.postgres_binaries import POSTGRES, Account, bundled, find_binaries, surroundings
from bot.local.postgres_home import EmbeddedPostgresError, Home, try_lock, wait_for_lock

PORT = 5432  # names the socket file; nothing listens on the network
WATCH_SECONDS = 0.2
STOP_SECONDS = 20
LONGEST_SOCKET_FOLDER = 88  # a socket's whole path may have 103 bytes on macOS, 107 on Linux
LARGEST_LOG_BYTES = 10_000_000

_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
    # No words of the team in the log: neither statements nor the rows that an error's detail quotes.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass
class Folders:
    """Folders under the names by which Postgres can reach them.

    Root's home is closed to `nobody`. Rather than opening anybody's parent directories or moving the database away
    from the home, root opens the folder and Postgres inherits the open file: `/proc/self/fd/N` leads into it.
    """

    account: Account
    files: list[int] = field(default_factory=list)

    def name(self, folder: Path) -> str:
        if self.account.is_ours:
            return str(folder)
        file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        self.files.append(file)
        return f"/proc/self/fd/{file}"

    def close(self) -> None:
        while self.files:
            os.close(self.files.pop())


@contextlib.contextmanager
def _named(account: Account) -> Iterator[Folders]:
    folders = Folders(account)
    try:
        yield folders
    finally:
        folders.close()


def _end_with_us(on_death: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    libc, keeper = ctypes.CDLL(None), os.getpid()

    def in_child() -> None:
        libc.prctl(1, on_death)  # PR_SET_PDEATHSIG
        if os.getppid() != keeper:
            os._exit(1)

    return in_child


class Keeper:
    """Starts the server of one home and stops it when nobody uses it any more."""

    def __init__(self, home: Home, *, durable: bool) -> None:
        self._home = home
        self._durable = durable
        self._account = Account.choose()

    def run(self) -> None:
        """Keep the server for as long as it has users.

        Raises EmbeddedPostgresError when it cannot be started or ended by itself.
        """
        lock = self._outlive_predecessor()
        # Every process of the server inherits the lock: it is free when the last of them is gone, and not before.
        os.set_inheritable(lock, True)
        binaries = find_binaries(bundled(), self._account)
        self._check_cluster()
        if not self._home.cluster.exists():
            self._make_cluster(binaries, lock)
        socket_folder = self._make_socket_folder()
        server = self._spawn(binaries, socket_folder, lock)
        try:
            self._home.write_address(socket_folder)
            self._watch(server)
        finally:
            self._home.address.unlink(missing_ok=True)
            stop(server)
            shutil.rmtree(socket_folder, ignore_errors=True)

    def _outlive_predecessor(self) -> int:
        if (lock := try_lock(self._home.server_lock)) is not None:
            return lock
        if sys.platform != "linux":  # where the kernel does not tell Postgres that its keeper was killed
            with contextlib.suppress(FileNotFoundError, ProcessLookupError, ValueError):
                os.kill(int((self._home.cluster / "postmaster.pid").read_text().split()[0]), signal.SIGINT)
        try:
            return wait_for_lock(self._home.server_lock, STOP_SECONDS)
        except TimeoutError as error:
            raise EmbeddedPostgresError(
                f"An earlier Postgres in {self._home.path} does not end: end the processes that hold"
                f" {self._home.server_lock}, then try again."
            ) from error

    def _check_cluster(self) -> None:
        shutil.rmtree(self._home.unfinished_cluster, ignore_errors=True)
        cluster = self._home.cluster
        if not cluster.exists():
            return
        if cluster.stat().st_uid != self._account.uid:
            raise EmbeddedPostgresError(
                f"The database in {cluster} belongs to another account (uid {cluster.stat().st_uid}): run Daybook as"
                " the one who made it, or set DAYBOOK_HOME to another directory."
            )
        version = (cluster / "PG_VERSION").read_text(encoding="ascii").strip()
        if version != POSTGRES:
            raise EmbeddedPostgresError(
                f"The database in {cluster} was made by PostgreSQL {version} and Daybook brings {POSTGRES}: move it"
                " away, or set DAYBOOK_HOME to another directory."
            )
        # We hold the server's lock, so this file names a dead process, or by now somebody else's.
        (cluster / "postmaster.pid").unlink(missing_ok=True)

    def _make_cluster(self, binaries: Path, lock: int) -> None:
        unfinished = self._home.unfinished_cluster
        self._account.own(unfinished)
        with _named(self._account) as folders:
            arguments: Sequence[str] = [
                *(str(binaries / "initdb"), "-D", folders.name(unfinished), "-U", "postgres", "--auth=trust"),
                *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
                *([] if self._durable else ["--no-sync"]),
            ]
            made = subprocess.run(  # noqa: S603 - our own binary
                arguments,
                check=False,
                capture_output=True,
                text=True,
                pass_fds=[lock, *folders.files],
                preexec_fn=_end_with_us(signal.SIGKILL),
                **surroundings(self._account),
            )
        if made.returncode != 0:
            raise EmbeddedPostgresError(
                f"Postgres could not make its database in {self._home.path} ({_last_line(made.stderr)}): mend that,"
                " or set DAYBOOK_HOME to another directory."
            )
        unfinished.rename(self._home.cluster)

    def _make_socket_folder(self) -> Path:
        folder = self._home.socket_folder
        # libpq and Postgres both take a comma or a quote in it for something else.
        if len(os.fsencode(folder)) > LONGEST_SOCKET_FOLDER or not re.fullmatch(r"[\w./+-]+", str(folder), re.ASCII):
            name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
            folder = Path("/tmp") / f"daybook-{self._account.uid}-{name}"  # noqa: S108 - checked below
        self._account.own(folder)
        found = folder.lstat()
        if folder.is_symlink() or found.st_uid != self._account.uid or found.st_mode & 0o077:
            raise EmbeddedPostgresError(f"{folder} is not a private folder of ours: remove it, then try again.")
        # As with postmaster.pid. A killed server may be a zombie for long, which Postgres takes for a living one.
        for left in folder.glob(".s.PGSQL.*"):
            left.unlink()
        return folder

    def _spawn(self, binaries: Path, socket_folder: Path, lock: int) -> subprocess.Popen[bytes]:
        log = self._home.server_log
        if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
            log.replace(log.with_suffix(".log.old"))
        with log.open("ab") as output, _named(self._account) as folders:
            settings = {**_SETTINGS, **({} if self._durable else _FORGETFUL)}
            settings["unix_socket_directories"] = folders.name(socket_folder)
            options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
            return subprocess.Popen(  # noqa: S603 - our own binary
                [str(binaries / "postgres"), "-D", folders.name(self._home.cluster), *options],
                stdout=output,
                stderr=output,
                pass_fds=[lock, *folders.files],
                preexec_fn=_end_with_us(signal.SIGINT),  # noqa: PLW1509 - the keeper has one thread
                **surroundings(self._account),
            )

    def _watch(self, server: subprocess.Popen[bytes]) -> None:
        while server.poll() is None:
            # Once it is ours a newcomer has to wait for us to be gone: nobody attaches to a server that is ending.
            if try_lock(self._home.users_lock) is not None:
                return
            time.sleep(WATCH_SECONDS)
        log = self._home.server_log
        said = log.read_text(encoding="utf-8", errors="replace")[-4000:]
        fatal = re.findall(r"(?:FATAL|PANIC): +(.*)", said)
        reason = fatal[-1] if server.returncode > 0 and fatal else f"exit status {server.returncode}"
        raise EmbeddedPostgresError(f"Postgres ended by itself ({reason}): see {log}.")


def stop(server: subprocess.Popen[bytes]) -> None:
    """End the server in order; by force when it takes too long, from which it recovers at its next start."""
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(STOP_SECONDS)


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1].strip() if lines else "it did not say why"


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def main(arguments: Sequence[str]) -> None:
    """Run the keeper: HOME, the open file that holds the keeper's lock, and `durable` or `forgetful`."""
    path, lock, durability = arguments
    os.umask(0o077)
    fcntl.fcntl(int(lock), fcntl.F_SETFD, fcntl.FD_CLOEXEC)
    signal.signal(signal.SIGTERM, _leave)
    try:
        Keeper(Home(Path(path)), durable=durability == "durable").run()
    except (EmbeddedPostgresError, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
