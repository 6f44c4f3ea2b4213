"""Bad input gets one line on stderr that says what to do, and exit code 2."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bot.local.demo import read_play
from bot.local.postgres import EmbeddedPostgres
from bot.local.workspace import LocalWorkspace
from bot.manifest import read_manifest
from tests.scenarios.command import ROOT, Commands, ended, interrupted, read_until
from tests.scenarios.exports import ANA, channel, team_export, write_export

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
NOWHERE = "postgresql://ana:secret@127.0.0.1:9/daybook"


@pytest.fixture(scope="module")
def daybook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commands]:
    """Commands on a home whose server is up: each attaches at once."""
    home = tmp_path_factory.mktemp("commands")
    with EmbeddedPostgres(home, durable=False):
        yield Commands(home)


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return team_export(tmp_path_factory.mktemp("export") / "team.zip")


@pytest.fixture(scope="module")
def workspace() -> Iterator[dict[str, str]]:
    """The settings of a bot in a local workspace, which runs in a thread of its own."""
    play = read_play()
    server = LocalWorkspace(play.seed, read_manifest(), now=play.replay_from)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(server.start(), loop).result(10)
    yield {"SLACK_BOT_TOKEN": server.bot_token, "SLACK_APP_TOKEN": server.app_token, "SLACK_API_URL": server.api_url}
    asyncio.run_coroutine_threadsafe(server.stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)


def test_a_bad_setting_is_named(daybook: Commands) -> None:
    """A setting that is missing, malformed or leads nowhere is named, and what to do about it; no secret is told."""
    cases: list[tuple[str, dict[str, str], str]] = [
        ("run", {}, r"SLACK_BOT_TOKEN is not set: .*https://api\.slack\.com/apps"),
        ("worker", {"SLACK_BOT_TOKEN": "xoxb-1"}, r"SLACK_APP_TOKEN is not set: .*https://api\.slack\.com/apps"),
        ("run", {**TOKENS, "SLACK_BOT_TOKEN": "xapp-1"}, r"SLACK_BOT_TOKEN .* must begin with xoxb-"),
        ("run", {**TOKENS, "SLACK_API_URL": "http://127.0.0.1:9/api/"}, r"127\.0\.0\.1:9/api/ cannot be reached"),
        ("migrate", {"DATABASE_URL": "nonsense"}, r"DATABASE_URL is malformed: write it as postgresql://"),
        ("migrate", {"DATABASE_URL": NOWHERE}, r"database cannot be reached .*refused.*: check DATABASE_URL"),
        ("migrate", {"DAYBOOK_HOME": "/dev/null/here"}, r"/dev/null/here .*: set DAYBOOK_HOME"),
        ("migrate", {"SENTRY_DSN": "nonsense"}, r"SENTRY_DSN cannot be used"),
    ]
    programs = [daybook.start(command, **settings) for command, settings, _ in cases]
    for program, (_, _, expected) in zip(programs, cases, strict=True):
        said = ended(program).refusal()
        assert re.search(expected, said), said
        assert "secret" not in said


@pytest.mark.parametrize(
    ("loaded", "unasked"),
    [
        ("bot.doctor, bot.offline, bot.running", {"openai", "langchain_openai", "sentry_sdk"}),
        ("bot.cli, bot.telemetry", {"psycopg", "procrastinate", "langgraph", "slack_sdk", "sentry_sdk", "aiohttp"}),
        ("bot.databases", {"langgraph", "procrastinate", "slack_sdk"}),
    ],
)
def test_what_nothing_asks_for_is_not_loaded(loaded: str, unasked: set[str]) -> None:
    """Where no model or Sentry is set, no program loads its client; a command loads what it needs: else starts drag."""
    program = f"import sys, {loaded}; print({unasked} & {{*sys.modules}})"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout == "set()\n"


def test_an_empty_setting_is_an_unset_one(daybook: Commands, tmp_path: Path) -> None:
    """An empty variable means its default: no database is made in the current directory."""
    before = sorted(Path.cwd().iterdir())
    program = daybook.start("migrate", DAYBOOK_HOME="", XDG_DATA_HOME=str(tmp_path), DATABASE_URL="", SLACK_API_URL="")
    assert ended(program).code == 0
    assert (tmp_path / "daybook" / "postgres").is_dir()
    assert sorted(Path.cwd().iterdir()) == before


def test_a_refused_token_is_named(daybook: Commands, workspace: dict[str, str]) -> None:
    """A token that Slack refuses ends the bot with its name and where to get another, and is not tried for ever."""
    wheres = {"SLACK_BOT_TOKEN": "OAuth", "SLACK_APP_TOKEN": "App-Level Tokens"}
    programs = [daybook.start("run", **{**workspace, token: workspace[token][:5] + "wrong"}) for token in wheres]
    for program, (token, where) in zip(programs, wheres.items(), strict=True):
        told = ended(program)
        said = told.err.splitlines()[-1]
        assert told.code == 2
        assert re.match(rf"daybook: Slack refuses {token} \(invalid_auth\): .*{where}", said), told


def test_a_leader_who_is_nobody_or_several_is_told(daybook: Commands, workspace: dict[str, str]) -> None:
    """A name in DAYBOOK_LEADERS that fits nobody, or several, ends the bot, naming the setting."""
    twins = Counter(person.real_name.split()[0] for person in read_play().seed.users)
    cases = {"Zorro": "Nobody is called Zorro", "": ""}
    if several := [name for name, many in twins.items() if many > 1]:
        cases[several[0]] = f"Several people are called {several[0]}"
    for name, expected in cases.items():
        if name:
            told = daybook.run("run", **workspace, DAYBOOK_LEADERS=f"{name},", DAYBOOK_LOG_LEVEL="ERROR")
            assert f"DAYBOOK_LEADERS: {expected}" in told.refusal()


def test_the_bot_ends_when_it_is_asked_to(daybook: Commands, workspace: dict[str, str]) -> None:
    """SIGTERM and Ctrl-C end a listening bot and a worker in order: exit code 0, nothing on stdout."""
    running = daybook.start("run", **workspace)
    working = daybook.start("worker", **workspace)
    read_until(running, "listening")
    read_until(working, "working")
    for program, sign in ((running, signal.SIGTERM), (working, signal.SIGINT)):
        told = interrupted(program, sign)
        assert (told.code, told.out) == (0, "")


def test_doctor_finds_what_is_wrong(daybook: Commands, workspace: dict[str, str]) -> None:
    """Well it says so and ends with 0; each thing to mend is a line that says how, and the exit code is 2."""
    well = daybook.run("doctor", **workspace)
    assert (well.code, well.err, "MEND" in well.out) == (0, "", False)
    unwell = daybook.run("doctor", **{**workspace, "SLACK_APP_TOKEN": "xapp-wrong"}, DATABASE_URL=NOWHERE)
    assert unwell.code == 2
    assert re.search(r"^MEND  The database cannot be used \(.*refused.*check DATABASE_URL", unwell.out, re.MULTILINE)
    assert re.search(r"^MEND  Slack refuses SLACK_APP_TOKEN \(invalid_auth\)", unwell.out, re.MULTILINE)


def test_another_server_is_set_up_before_it_is_used(
    daybook: Commands, workspace: dict[str, str], postgres: EmbeddedPostgres
) -> None:
    """On a server named by DATABASE_URL, a worker asks for `migrate`, which does it once, and then all is well."""
    with postgres.throwaway() as name:
        other = {**workspace, "DATABASE_URL": postgres.admin_dsn(name)}
        assert "run `daybook migrate`" in daybook.run("worker", **other).refusal()
        assert "run `daybook migrate`" in daybook.run("doctor", **other).out
        assert daybook.run("migrate", **other).out.startswith("Applied 0001_")
        assert daybook.run("migrate", **other).out == "The database is up to date.\n"
        well = daybook.run("doctor", **other)
        assert (well.code, "DATABASE_URL" in well.out) == (0, True)


def test_a_wrong_password_is_told(daybook: Commands) -> None:
    """When the server refuses the password, the line says so, and does not repeat it."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def refuse() -> None:
            client, _ = server.accept()
            with client:
                client.recv(1024)
                words = b'SFATAL\0C28P01\0Mpassword authentication failed for user "ana"\0\0'
                client.sendall(b"E" + (len(words) + 4).to_bytes(4, "big") + words)

        threading.Thread(target=refuse, daemon=True).start()
        url = f"postgresql://ana:secret@127.0.0.1:{server.getsockname()[1]}/daybook?sslmode=disable&gssencmode=disable"
        said = daybook.run("migrate", DATABASE_URL=url).refusal()
    assert "password authentication failed" in said
    assert "secret" not in said


def broken_files(folder: Path, whole: Path) -> dict[str, Path]:
    """Files that are no export, by what is wrong with them."""
    content = whole.read_bytes()
    files = {name: folder / f"{name}.zip" for name in ("junk", "empty", "truncated", "foreign", "flipped", "deep")}
    files["junk"].write_bytes(b"\x00junk" * 99)
    files["empty"].touch()
    files["truncated"].write_bytes(content[: len(content) // 2])
    with zipfile.ZipFile(files["foreign"], "w") as foreign:
        foreign.writestr("notes.txt", "hello")
    files["flipped"].write_bytes(content[:60] + b"\xff\xff\xff\xff" + content[64:])
    with zipfile.ZipFile(files["deep"], "w", zipfile.ZIP_DEFLATED) as deep:
        deep.writestr("channels.json", "[]")
        deep.writestr("users.json", "[" * 200_000)
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("channels.json", "[]")
        bomb.writestr("users.json", "[" + " " * 70_000_000 + "]")
    return {**files, "bomb": folder / "bomb.zip", "missing": folder / "missing.zip", "directory": folder}


def test_a_file_that_is_no_export_is_refused(daybook: Commands, export: Path, tmp_path: Path) -> None:
    """Corrupt, truncated, foreign, hostile, missing: one line that names the file and what is wrong with it."""
    expected = {
        "junk": "cannot be read as a zip",
        "empty": "cannot be read as a zip",
        "truncated": "cannot be read as a zip",
        "foreign": "is no Slack export",
        "flipped": "is damaged",
        "deep": "is damaged",
        "bomb": "unpacks to more than",
        "missing": "There is no file",
        "directory": "is a directory",
    }
    files = broken_files(tmp_path, export)
    programs = {
        name: daybook.start(*words)
        for name, file in files.items()
        for words in [("import", file) if name < "f" else ("brief", "--export", file, "--for", "Ana")]
    }
    for name, program in programs.items():
        said = ended(program).refusal()
        assert expected[name] in said, said
        assert str(files[name]) in said


def test_a_briefing_that_cannot_be_made_says_why(daybook: Commands, export: Path) -> None:
    """Unknown and ambiguous people, unparsable times and addresses are refused, ambiguous ones with their ids."""
    cases = [
        (["--for", "Zoë"], "Nobody is called Zoë."),
        (["--for", "Ana Lime"], "did you mean Ana Lima?"),
        (["--for", "Alex"], "Several people are called Alex: say which of U4 (Alex Roe), U5 (Alex Poe)."),
        (["--for", " "], "A name is empty"),
        (["--for", "ana", "--at", "tomorrow"], "'tomorrow' is no time: write it as 2026-11-20T08:30"),
        (["--for", "ana", "--at", ""], "is no time"),
        (["--for", "ana", "--at", "0001-01-01T00:00"], "lies outside the years"),
        (["--for", "ana", "--url", "nonsense"], "'nonsense' is no address"),
    ]
    programs = [daybook.start("brief", "--export", export, *words) for words, _ in cases]
    for program, (_, expected) in zip(programs, cases, strict=True):
        assert expected in ended(program).refusal()


def test_an_export_without_messages_has_no_morning(daybook: Commands, tmp_path: Path) -> None:
    """An empty export can be imported; a briefing on it needs a time, and is a quiet one then."""
    empty = write_export(tmp_path / "e.zip", users=[ANA], channels=[channel("C1", "dev", "U1")], days={})
    assert "has no messages" in daybook.run("brief", "--export", empty, "--for", "Ana").refusal()
    quiet = daybook.run("brief", "--export", empty, "--for", "Ana", "--at", "2026-11-20", "--json")
    assert json.loads(quiet.out)["items"] == []
    assert daybook.run("import", empty).out.startswith("0 messages in 1 channels by 1 people")


def test_an_unknown_command_or_option_is_refused(daybook: Commands) -> None:
    """What the command line does not know gets exit code 2 and the way to the help, under the name of the program."""
    programs = [daybook.start(*words) for words in (["frobnicate"], ["demo", "--frob"], ["demo", "--port", "70000"])]
    for program in programs:
        told = ended(program)
        assert (told.code, told.out) == (2, "")
        assert "Usage: daybook" in told.err


def test_a_taken_port_is_told(daybook: Commands) -> None:
    """The demo does not move to another port behind one's back."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"Port {port} is taken" in daybook.run("demo", "--port", port).refusal()


def test_a_segment_file_that_cannot_be_used_is_told(daybook: Commands, tmp_path: Path) -> None:
    """A missing input, a broken line and an output that cannot be written are each told in one line."""
    good, broken = tmp_path / "good.jsonl", tmp_path / "broken.jsonl"
    good.write_text('{"id": 1, "channel": "c", "ts": 1, "user": null, "text": "x"}\n', "utf-8")
    broken.write_text("{\n", "utf-8")
    for source, target, expected in (
        (tmp_path / "none", tmp_path / "out", "none: No such file"),
        (tmp_path, tmp_path / "out", "Is a directory"),
        (broken, tmp_path / "out", "Line 1: this is not JSON"),
        (good, tmp_path / "no" / "out", "No such file"),
    ):
        assert expected in daybook.run("segment", "--input", source, "--output", target).refusal()
    assert not (tmp_path / "out").exists()


def test_a_reader_who_leaves_is_no_failure(daybook: Commands, export: Path) -> None:
    """Output into a pipe that closes (`| head -1`) ends quietly; onto a full disk with one line."""
    program = daybook.start("brief", "--export", export, "--for", "Ana")
    assert program.stdout is not None
    program.stdout.close()
    assert program.stderr is not None
    assert program.stderr.read() == ""
    assert program.wait(20) == 1
    words = [sys.executable, "-m", "bot", "brief", "--export", str(export), "--for", "Ana"]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        told = subprocess.run(
            words,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=ROOT,
            env={**os.environ, "DAYBOOK_HOME": str(daybook.home)},
        )
    assert (told.returncode, told.stderr) == (2, "daybook: No space left on device.\n")


def test_an_interrupt_that_something_else_catches_ends_it(tmp_path: Path) -> None:
    """As when a library that is just loaded catches all that is raised."""
    program = (
        "import os, signal, sys\n"
        "from bot import interrupts\n"
        "interrupts.listen()\n"
        "try:\n    os.kill(os.getpid(), signal.SIGINT)\n    [None for _ in range(1000)]\n"
        "except BaseException: pass\n"
        "from bot.cli import main\n"
        "sys.argv[1:] = ['demo', '--once']\n"
        "main()\n"
    )
    env = {**os.environ, "DAYBOOK_HOME": str(tmp_path)}
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT, env=env, timeout=60
    )
    assert told.returncode not in {0, 2}
    assert "Traceback" not in told.stderr
    assert told.stdout == ""


def test_ctrl_c_is_quiet_and_no_success(daybook: Commands, export: Path) -> None:
    """An unfinished command that is interrupted says nothing and does not claim to be done, however early it is hit."""
    for sign, pause in ((signal.SIGINT, 0.4), (signal.SIGINT, 1.6), (signal.SIGTERM, 2.0)):
        program = daybook.start("demo", "--once")
        time.sleep(pause)
        told = interrupted(program, sign)
        assert told.code != 0
        assert not re.search(r"Error|File ", told.err), told.err
    with EmbeddedPostgres(daybook.home) as attached, psycopg.connect(attached.admin_dsn()) as connection:
        left = connection.execute("select count(*) from pg_database where starts_with(datname, 'throwaway_')")
        assert left.fetchone() == (0,)
