"""Exports from end to end: what an import keeps, what a briefing tells, and what of a damaged one is lost."""

import json
import os
import pty
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.local.postgres import EmbeddedPostgres
from tests.scenarios.command import ROOT, Commands, ended
from tests.scenarios.exports import USERS, Raw, channel, said, team_export, user, write_export

SECTIONS = {"needs_you", "decisions", "promises", "blocked", "today", "also"}
LATER = "Later words that nobody could know"


@pytest.fixture(scope="module")
def daybook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commands]:
    """Commands on a home whose server is up: each attaches at once."""
    home = tmp_path_factory.mktemp("offline")
    with EmbeddedPostgres(home, durable=False):
        yield Commands(home)


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return team_export(tmp_path_factory.mktemp("export") / "team.zip")


def briefing(told: str) -> dict[str, Any]:
    """What `--json` prints, and nothing else."""
    found: dict[str, Any] = json.loads(told)
    assert list(found) == ["user", "date", "at", "engine", "coverage", "items"]
    for item in found["items"]:
        assert list(item) == ["section", "text", "why", "sources"]
        assert item["section"] in SECTIONS
        assert item["text"]
        assert item["sources"]
        assert all(list(source) == ["channel", "ts", "permalink"] for source in item["sources"])
    return found


def messages_in(export: Path) -> set[tuple[str, str]]:
    """Channel id and timestamp of every message in an export."""
    with zipfile.ZipFile(export) as packed:
        ids = {
            raw["name"]: raw["id"] for name in ("channels.json", "groups.json") for raw in json.loads(packed.read(name))
        }
        return {
            (ids[name.partition("/")[0]], raw["ts"])
            for name in packed.namelist()
            if "/" in name
            for raw in json.loads(packed.read(name))
        }


def sources_of(found: dict[str, Any]) -> set[tuple[str, str]]:
    return {(source["channel"], source["ts"]) for item in found["items"] for source in item["sources"]}


def test_a_briefing_is_of_the_morning_after(daybook: Commands, export: Path) -> None:
    """Without a time it is that of the workday after the last message, 08:30 for that person; Friday's is Monday's.

    All of it rests on messages of the export that the person may read, and nothing is kept.
    """
    bo = daybook.run("brief", "--export", export, "--for", "bo", "--json", "--url", "https://harbour.slack.com")
    found = briefing(bo.out)
    assert (bo.code, bo.err, found["user"], found["engine"]) == (0, "", "U2", "rules")
    assert found["date"] == "2026-11-23"
    assert datetime.fromisoformat(found["at"]) == datetime.fromisoformat("2026-11-23T08:30+01:00")
    assert sources_of(found) <= messages_in(export)
    assert "G1" in {channel for channel, _ in sources_of(found)}
    for item in found["items"]:
        for source in item["sources"]:
            start = f"https://harbour.slack.com/archives/{source['channel']}/p{source['ts'].replace('.', '')}"
            assert source["permalink"].startswith(start)
    ana = briefing(daybook.run("brief", "--export", export, "--for", "Ana Lima", "--json").out)
    assert datetime.fromisoformat(ana["at"]) == datetime.fromisoformat("2026-11-23T08:30-05:00")
    assert {channel for channel, _ in sources_of(ana)} == {"C1"}
    assert databases(daybook) == {"daybook", "postgres", "template0", "template1"}


def databases(daybook: Commands) -> set[str]:
    with EmbeddedPostgres(daybook.home) as attached, psycopg.connect(attached.admin_dsn()) as connection:
        return {name for (name,) in connection.execute("select datname from pg_database")}


def test_a_briefing_knows_nothing_of_later(daybook: Commands, tmp_path: Path) -> None:
    """A time without an offset is the person's own; nothing written or edited after it is in the briefing."""
    edited = said(
        "2026-11-19T09:07:00+01:00",
        "U1",
        f"<@U2> please decide today: {LATER}",
        edited={"user": "U1", "ts": f"{datetime.fromisoformat('2026-11-20T07:00:00+01:00').timestamp():.6f}"},
    )
    exact = said("2026-11-19T12:00:00-05:00", "U2", "<@U1> can you sign the contract today?")
    after = said("2026-11-19T12:00:01-05:00", "U2", f"<@U1> can you sign {LATER} today?")
    early = said("2026-11-19T09:00:00+01:00", "U2", "We decided to ship the importer on Monday.")
    days = {"dev/2026-11-19": [early, edited, exact, after]}
    export = team_export(tmp_path / "e.zip", days=days)
    told = daybook.run("brief", "--export", export, "--for", "U1", "--json", "--at", "2026-11-19T12:00")
    found = briefing(told.out)
    assert datetime.fromisoformat(found["at"]) == datetime.fromisoformat("2026-11-19T12:00-05:00")
    assert exact["ts"] in {ts for _, ts in sources_of(found)}
    assert all(float(ts) <= datetime.fromisoformat(found["at"]).timestamp() for _, ts in sources_of(found))
    assert LATER not in told.out
    assert "Skipped 1: message: edited later" in told.err
    same = daybook.run("brief", "--export", export, "--for", "U1", "--json", "--at", "2026-11-19T18:00+01:00")
    assert same.out == told.out


def test_a_person_without_a_name_is_briefed(daybook: Commands, export: Path) -> None:
    """Somebody whom the export gives neither name nor handle goes by their id, here and in others' briefings."""
    told = daybook.run("brief", "--export", export, "--for", "u3")
    assert told.out.startswith("U3, Monday 2026-11-23: ")
    assert re.search(r"^  https://slack\.com/archives/G1/p\d+$", told.out, re.MULTILINE)


BROKEN: dict[str, Raw | object] = {
    "no ts": {"type": "message", "user": "U1", "text": "a"},
    "ts a number": {"type": "message", "user": "U1", "text": "b", "ts": 1795000000.5},
    "ts absurd": {"type": "message", "user": "U1", "text": "c", "ts": "99999999999.000000"},
    "ts far": {"type": "message", "user": "U1", "text": "d", "ts": "4000000000.000000"},
    "ts odd": {"type": "message", "user": "U1", "text": "e", "ts": "1_795_000_000"},
    "text a list": {"type": "message", "user": "U1", "text": ["f"], "ts": "1795000001.000000"},
    "user an object": {"type": "message", "user": {"id": "U1"}, "text": "g", "ts": "1795000002.000000"},
    "a string": "hello",
    "nothing": None,
    "a list": [1],
    "reactions": {
        "type": "message",
        "user": "U1",
        "text": "kept",
        "ts": "1795168800.000000",
        "reactions": [{"name": "eyes", "users": 7}],
    },
}


def test_one_broken_record_costs_nothing_else(daybook: Commands, tmp_path: Path) -> None:
    """Whatever is broken is counted and told by its reason; every whole message around it is imported."""
    fine = [said(f"2026-11-20T10:{minute:02}:00+01:00", "U2", f"fine {minute}") for minute in range(20)]
    around = [fine[0], *BROKEN.values(), *fine[1:], fine[3]]
    export = write_export(
        tmp_path / "e.zip",
        users=[*USERS, "a string", None, {"name": "no id"}, user("U1", "Ana again"), {**user("U9"), "profile": "x"}],
        channels=[
            {**channel("C1", "dev"), "members": ["U1", None, 7, "U2"]},
            {**channel("C2", "ops"), "members": None, "created": "never"},
            {**channel("C3", "odd"), "members": 5},
            "general",
            channel("C1", "dev"),
        ],
        days={
            "dev/2026-11-20": around,
            "dev/2026-11-21": b'[{"ts": "17950',
            "dev/2026-11-22": {"not": "a list"},
            "dev/2026-11-23": b"\xff\xfe",
            "dev/canvas_in_the_conversation": [{"id": "F1"}],
            "ops/2026-11-20": [said("2026-11-20T10:00:00+01:00", "U2", "fine too")],
            "odd/2026-11-20": [said("2026-11-20T10:00:00+01:00", "U2", "lost with its channel")],
            "D0123/2026-11-20": [said("2026-11-20T10:00:00+01:00", "U2", "between the two of us")],
        },
    )
    told = daybook.run("import", export)
    assert told.code == 0
    assert told.out.startswith("22 messages in 2 channels by 6 people; 22 of them new")
    skipped = dict(re.findall(r"^Skipped (\d+): (.*)$", told.err, re.MULTILINE))
    assert {reason: int(many) for many, reason in re.findall(r"^Skipped (\d+): (.*)$", told.err, re.MULTILINE)} == {
        "channel: its members are no list": 1,
        "channel: a payload is malformed (AttributeError)": 1,
        "channel: repeats the id of another": 1,
        "file: belongs to no channel that could be read": 1,
        "file: direct messages are not read": 1,
        "file: cannot be read": 3,
        "member: no id": 2,
        "message: a timestamp lies outside the years 2000 to 2100": 1,
        "message: it has no timestamp": 1,
        "message: its text or its user is not text": 2,
        "message: its time is far from the date of its file": 1,
        "message: its timestamp is none": 2,
        "message: malformed": 3,
        "message: repeats the time of another": 1,
        "reactions: a payload is malformed (TypeError)": 1,
        "user: a payload has no id": 1,
        "user: a payload is malformed (AttributeError)": 3,
        "user: repeats the id of another": 1,
    }, skipped
    late = daybook.run("brief", "--export", export, "--for", "Bo Lind", "--json")
    assert briefing(late.out)["date"] == "2026-11-23"
    assert "Skipped" in late.err


def test_any_zipping_of_an_export_will_do(daybook: Commands, tmp_path: Path) -> None:
    """An export that was unpacked and packed again lies in a folder of its own, and is read all the same."""
    told = daybook.run(
        "import", team_export(tmp_path / "e.zip", top="Harbour export/", users=[user("U1", team_id="T2")])
    )
    assert told.out.startswith("6 messages in 2 channels by 1 people; 6 of them new")


def contents(daybook: Commands) -> dict[str, int]:
    """How many rows each table has."""
    with EmbeddedPostgres(daybook.home) as attached, psycopg.connect(attached.admin_dsn()) as connection:
        tables = connection.execute("select format('%I.%I', schemaname, tablename) from pg_tables").fetchall()
        ours = [name for (name,) in tables if name.startswith("public.")]
        return {
            name: connection.execute(f"select count(*) from {name}").fetchall()[0][0]
            for name in ours
            if "lease" not in name
        }


def test_imports_change_nothing_twice(tmp_path: Path) -> None:
    """Two imports that start together on a new home wait for each other; a third finds nothing new, and says so."""
    daybook = Commands(tmp_path / "home")
    many = [
        said(f"2026-11-20T{10 + n // 60:02}:{n % 60:02}:00+01:00", f"U{1 + n % 3}", f"We decided on plan {n} today.")
        for n in range(200)
    ]
    export = team_export(tmp_path / "team.zip", days={"dev/2026-11-20": many})
    told = [ended(program) for program in [daybook.start("import", export), daybook.start("import", export)]]
    assert [each.code for each in told] == [0, 0], told
    new = [int(re.findall(r"; (\d+) of them new", each.out)[0]) for each in told]
    assert sum(new) == 200
    before = contents(daybook)
    assert before["public.messages"] == 200
    again = daybook.run("import", export)
    assert again.out == "200 messages in 2 channels by 6 people; 0 of them new or changed.\n"
    assert contents(daybook) == before


def test_progress_is_a_bar_for_a_person(daybook: Commands, tmp_path: Path) -> None:
    """On a terminal an import draws a bar; elsewhere no control character is written."""
    export = team_export(tmp_path / "e.zip", users=[user("U1", team_id="T3")])
    plain = daybook.run("import", export)
    assert "\x1b" not in plain.out + plain.err
    mine, theirs = pty.openpty()
    program = subprocess.Popen(
        [sys.executable, "-m", "bot", "import", str(export)],
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        cwd=ROOT,
        env={**os.environ, "DAYBOOK_HOME": str(daybook.home), "TERM": "xterm"},
    )
    os.close(theirs)
    drawn = b""
    try:
        while part := os.read(mine, 4096):
            drawn += part
    except OSError:  # the other end is closed
        pass
    assert program.wait(30) == 0
    assert b"reading" in drawn
    assert b"\x1b" in drawn


SAMPLES = Path(os.environ.get("DAYBOOK_BENCHMARKS", "/nonexistent")).parent / "samples"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="DAYBOOK_BENCHMARKS does not name a directory beside samples/")
def test_a_real_export_is_briefed_in_a_minute(daybook: Commands) -> None:
    """Two thousand messages of real chat become a briefing within 60 seconds, each source a message of theirs."""
    export = SAMPLES / "slack-export-small.zip"
    told = ended(daybook.start("brief", "--export", export, "--for", "Abbie", "--at", "2017-06-12T08:30", "--json"), 60)
    found = briefing(told.out)
    assert found["items"]
    with zipfile.ZipFile(export) as packed:
        ids = {raw["name"]: raw["id"] for raw in json.loads(packed.read("channels.json"))}
        known = {
            (ids[name.partition("/")[0]], raw["ts"])
            for name in packed.namelist()
            if "/" in name
            for raw in json.loads(packed.read(name))
        }
    assert sources_of(found) <= known
