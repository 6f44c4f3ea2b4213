"""The demo, and who keeps the embedded server alive: it outlives no user, and no user outlives it."""

import os
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.scenarios.command import Commands, Ended, ended, eventually_gone, interrupted, read_until
from tests.scenarios.exports import said, team_export

BIG = int(os.environ.get("DAYBOOK_IMPORT", "600"))


@pytest.fixture
def daybook(tmp_path: Path) -> Iterator[Commands]:
    """Commands on a fresh home, in which no process of a server is left three seconds after the test."""
    daybook = Commands(tmp_path / "home")
    yield daybook
    assert eventually_gone(daybook.home)


@pytest.fixture
def big_export(tmp_path: Path) -> Path:
    """Takes some seconds to import."""
    many = [
        said(
            f"2026-11-{1 + n // 200:02}T{8 + n % 200 // 60:02}:{n % 60:02}:00+01:00",
            f"U{1 + n % 3}",
            f"We decided on plan {n} today, <@U2>.",
        )
        for n in range(BIG)
    ]
    days = {f"dev/2026-11-{1 + day:02}": many[day * 200 : day * 200 + 200] for day in range(BIG // 200)}
    return team_export(tmp_path / "big.zip", days=days)


def check_briefings(told: Ended) -> None:
    assert told.code == 0, told
    assert re.search(r"^  http://127\.0\.0\.1:\d+/archives/[A-Z0-9]+/p\d{16}", told.out, re.MULTILINE)
    assert len(re.findall(r"^\S.*, Friday 2026-11-13: ", told.out, re.MULTILINE)) >= 2


def test_demos_and_an_import_together(daybook: Commands, tmp_path: Path) -> None:
    """On a new home, two demos and an import that start together all succeed, each demo in a database of its own."""
    export = team_export(tmp_path / "team.zip")
    demos = [daybook.start("demo", "--once") for _ in range(2)]
    importing = daybook.start("import", export)
    assert ended(importing).out.startswith("6 messages")
    told = [ended(demo) for demo in demos]
    for each in told:
        check_briefings(each)
    assert ports(told[0]) != ports(told[1])
    assert "; 0 of them new" in daybook.run("import", export).out


def ports(told: Ended) -> set[str]:
    return set(re.findall(r"http://127\.0\.0\.1:(\d+)/", told.out))


def test_the_demo_shows_its_page_until_ctrl_c(daybook: Commands, tmp_path: Path) -> None:
    """Its page answers at the address it tells, an import beside it succeeds, and Ctrl-C ends it well."""
    program = daybook.start("demo", "--port", "0")
    address = re.findall(r"http://\S+/", read_until(program, "Ctrl-C ends it"))[0]
    with urllib.request.urlopen(address, timeout=5) as page:
        assert page.status == 200
    assert daybook.run("import", team_export(tmp_path / "team.zip")).code == 0
    told = interrupted(program, signal.SIGINT)
    assert (told.code, told.err) == (0, "")
    assert "Needs you" in told.out


@pytest.mark.parametrize("victim", ["demo", "import"])
def test_killing_one_user_spares_the_other(daybook: Commands, big_export: Path, victim: str) -> None:
    """`kill -9` of the one that started the server, or of the other one, and the survivor ends well."""
    programs = {"demo": daybook.start("demo", "--once")}
    time.sleep(0.5)
    programs["import"] = daybook.start("import", big_export)
    read_until(programs["demo"], "Replaying")
    assert programs[victim].poll() is None
    programs[victim].kill()
    programs[victim].communicate()
    survivor = ended(programs["import" if victim == "demo" else "demo"])
    assert survivor.code == 0, survivor
    assert eventually_gone(daybook.home)


def test_an_import_that_was_killed_goes_on(daybook: Commands, big_export: Path) -> None:
    """After `kill -9` the next import finishes the work, and nothing is there twice."""
    program = daybook.start("import", big_export)
    with suppress(subprocess.TimeoutExpired):
        program.communicate(timeout=4)
    program.kill()
    program.communicate()
    again = ended(daybook.start("import", big_export), 60)
    assert again.out.startswith(f"{BIG} messages"), again
    assert "; 0 of them new" in daybook.run("import", big_export).out
