"""`daybook forget`, `retention` and `privacy-receipt` as somebody at a terminal has them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest

from bot.local.postgres import DEFAULT_DATABASE, EmbeddedPostgres
from tests.conftest import copied
from tests.integration.remains import found_in, pg_dump
from tests.scenarios.command import Commands, ended
from tests.scenarios.exports import team_export

FIRST = f"{datetime.fromisoformat('2026-11-19T09:00:00+01:00').timestamp():.6f}"
NOTES = f"{datetime.fromisoformat('2026-11-19T09:05:00+01:00').timestamp():.6f}"


@dataclass(frozen=True)
class Home(Commands):
    """Commands on a database of their own, with an export taken in."""

    dsn: str = ""
    export: Path = Path()

    def has(self, *words: str) -> list[str]:
        """Which of these words stand in a dump of its database."""
        return found_in(pg_dump(self.dsn), words)


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EmbeddedPostgres, Home]]:
    """A home whose database has an export taken in, to be copied for each test."""
    home = tmp_path_factory.mktemp("keeping")
    with EmbeddedPostgres(home, durable=False) as server:
        daybook = Home(home, export=team_export(home / "team.zip"))
        assert daybook.run("import", daybook.export).code == 0
        yield server, daybook


@pytest.fixture
def daybook(taken_in: tuple[EmbeddedPostgres, Home]) -> Iterator[Home]:
    server, made = taken_in
    with copied(server, DEFAULT_DATABASE) as database:
        yield replace(made, settings={"DATABASE_URL": database.admin_dsn}, dsn=database.admin_dsn)


def test_a_person_is_forgotten_by_name(daybook: Home) -> None:
    """It says what goes, asks for the name, says what went; the receipt shows ids then, and an import restores none."""
    assert "name was not typed" in daybook.typing("Bo", "forget", "--person", "Ana").err
    assert daybook.has("release notes", "Ana Lima") == ["release notes", "Ana Lima"]
    receipt = json.loads(daybook.run("privacy-receipt", "--person", "Ana", "--json").out)
    assert {line["what"]: line["count"] for line in receipt["lines"]}["messages"] == 2
    told = daybook.typing("Ana Lima", "forget", "--person", "ana")
    assert told.code == 0, told
    assert told.out.splitlines()[0].startswith("This erases of Ana Lima: 2 messages, and what they are called")
    assert "Erased: 2 messages" in told.out
    assert daybook.has("release notes", "Ana Lima") == []
    assert daybook.run("import", daybook.export).code == 0
    assert daybook.has("release notes", "Ana Lima") == []
    receipts = [daybook.start("privacy-receipt", "--person", *words) for words in (["U1", "--json"], ["U1"], ["Ana"])]
    as_json, as_text, by_name = [ended(each) for each in receipts]
    assert [line for line in json.loads(as_json.out)["lines"] if line["words"] and line["count"]] == []
    assert as_text.out.startswith("U1 is forgotten.")
    assert "Nobody is called Ana" in by_name.refusal()
    assert "is read" in daybook.run("forget", "--person", "U1", "--lift").out
    assert daybook.run("import", daybook.export).code == 0
    assert daybook.has("release notes", "Ana Lima") == ["Ana Lima"]  # what was erased stays erased


def test_a_message_is_forgotten_by_its_link(daybook: Home) -> None:
    """A permalink or channel and timestamp name it; a second time there is nothing left."""
    link = f"https://acme.slack.com/archives/C1/p{NOTES.replace('.', '')}"
    assert "Erased: 1 message." in daybook.run("forget", "--message", link, "--yes").out
    assert daybook.has("release notes") == []
    assert daybook.run("forget", "--message", f"dev/{NOTES}", "--yes").out == "Nothing of it is left.\n"
    typed = daybook.typing(f"C1/{FIRST}", "forget", "--message", f"#dev/{FIRST}")
    assert (typed.code, daybook.has("importer on Monday")) == (0, [])


def test_a_channel_is_forgotten_by_name(daybook: Home) -> None:
    """Its words and name go and stay away, until it is to be read again."""
    told = daybook.typing("#leads", "forget", "--container", "leads")
    assert (told.code, "Erased: 1 message" in told.out) == (0, True), told
    assert daybook.run("import", daybook.export).code == 0
    assert daybook.has("Hana", "leads") == []
    assert "G1: forgotten, not read" in daybook.run("retention").out
    assert "from now on" in daybook.run("forget", "--container", "G1", "--lift").out
    assert "is not forgotten" in daybook.run("forget", "--container", "G1", "--lift").refusal()


def test_time_and_holds_are_set_and_shown(daybook: Home) -> None:
    """How long each channel is kept is shown; a hold refuses to forget, and leaves a person's words there alone."""
    assert daybook.run("retention").out == "#dev: without end\n#leads: without end\n"
    assert daybook.run("retention", "--container", "dev", "--days", 90).out == "#dev: 90 days\n"
    assert "under a legal hold now" in daybook.run("retention", "--hold", "#leads").out
    assert daybook.run("retention").out == "#dev: 90 days\n#leads: without end, under a legal hold\n"
    refusal = "#leads is under a legal hold: release it first"
    assert refusal in daybook.run("forget", "--container", "leads", "--yes").refusal()
    held = f"G1/{datetime.fromisoformat('2026-11-20T11:00:00+01:00').timestamp():.6f}"
    assert refusal in daybook.run("forget", "--message", held, "--yes").err
    told = daybook.run("forget", "--person", "U3", "--yes")
    assert "Left alone, under a legal hold: #leads." in told.out
    assert daybook.has("Hana") == ["Hana"]
    assert "not under a legal hold" in daybook.run("retention", "--release", "leads").out
    assert daybook.run("retention", "--container", "dev", "--days", 0).out == "#dev: without end\n"


def test_what_cannot_be_meant_is_refused(daybook: Home) -> None:
    """Unknown people, channels and messages, and what does not go together, get one sentence and exit code 2."""
    cases = [
        (["forget"], "one of --person, --message and --container"),
        (["forget", "--person", "Ana", "--container", "dev"], "one of --person, --message and --container"),
        (["forget", "--message", "dev/1.2", "--lift"], "cannot be had back"),
        (["forget", "--person", "Zoë"], "Nobody is called Zoë"),
        (["forget", "--person", "Alex", "--yes"], "Several people are called Alex: say which of U4"),
        (["forget", "--person", "Ana", "--lift"], "Ana Lima is not forgotten"),
        (["forget", "--container", "nowhere"], "No channel is called nowhere"),
        (["forget", "--message", "hello"], "'hello' names no message"),
        (["forget", "--message", "dev/1795110300.000100"], "There is no message 1795110300.000100 in #dev"),
        (["retention", "--days", "3"], "Say both the channel and the days"),
        (["retention", "--container", "dev"], "Say both the channel and the days"),
        (["retention", "--container", "dev", "--days", "-1"], "-1 days cannot be kept"),
        (["retention", "--hold", "dev", "--release", "dev"], "One thing at a time"),
        (["retention", "--hold", "nowhere"], "No channel is called nowhere"),
        (["privacy-receipt", "--person", "Zoë"], "Nobody is called Zoë"),
    ]
    for few in (cases[:5], cases[5:10], cases[10:]):
        programs = [daybook.start(*words) for words, _ in few]
        for program, (words, expected) in zip(programs, few, strict=True):
            assert expected in ended(program).refusal(), words
