"""What a program and its database spend, and figures of many."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psycopg

from bot.databases import Databases
from bot.local.workspace import LocalWorkspace

ROOT = Path(__file__).parents[2]
TICKS = os.sysconf("SC_CLK_TCK")


def tell(what: str) -> None:
    print(f"{what}; load {os.getloadavg()[0]:.1f}.", flush=True)


def begin(workspace: LocalWorkspace, here: Databases, log: Path, **more: str) -> subprocess.Popen[bytes]:
    """`daybook run` as a program of its own; `more` are further settings."""
    given = {
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_APP_TOKEN": workspace.app_token,
        "SLACK_API_URL": workspace.api_url,
        "DATABASE_URL": here.admin_dsn,
        "DAYBOOK_CLOCK_URL": f"{workspace.url}/control/clock",
        "DAYBOOK_LOG_LEVEL": "WARNING",
        "PYTHONPATH": str(ROOT),
        **more,
    }
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with log.open("ab") as told:
        return subprocess.Popen([sys.executable, "-m", "bot", "run"], cwd=ROOT, env=kept | given, stderr=told)


def computed(program: subprocess.Popen[bytes], here: Databases) -> tuple[float, float]:
    """Seconds of CPU so far: the program's, and those of the server with all its processes."""
    with psycopg.connect(here.admin_dsn) as connection:
        server = _parent(connection.info.backend_pid)
    family = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]
    family = [pid for pid in family if _parent(pid) == server]
    return _spent(program.pid), _spent(server, ended=True) + sum(map(_spent, family))


def share(values: Sequence[float], of: float) -> float:
    """The value that so large a share of them does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * of))]


def _spent(process: int, *, ended: bool = False) -> float:
    """Of a process, and of its children that have `ended`."""
    fields = _fields(process)
    return sum(int(each) for each in fields[11 : 15 if ended else 13]) / TICKS


def _parent(process: int) -> int:
    fields = _fields(process)
    return int(fields[1]) if fields else 0


def _fields(process: int) -> list[str]:
    """What stands behind the name in /proc/…/stat; nothing for a process that is gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return []
