"""`daybook facts` as somebody at a terminal has it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.local.postgres import EmbeddedPostgres
from graphs.tasks.extract import VERSION
from tests.scenarios.command import Commands, ended
from tests.scenarios.exports import ANA, BO, CY, channel, said, write_export

PROMISE = said("2026-11-18T09:00:00+01:00", "U1", "I'll rotate the payment keys by Thursday")
MOVED = said("2026-11-19T10:00:00+01:00", "U1", "I'll rotate the payment keys by Friday")
DONE = said("2026-11-20T11:00:00+01:00", "U1", "payment keys rotated, all done")
OFFER = said("2026-11-18T11:00:00+01:00", "U3", "We decided on 95k for Hana's offer.")


@pytest.fixture(scope="module")
def daybook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commands]:
    """Three days of #dev and the private #leads, in which Ana is not, taken in."""
    home = tmp_path_factory.mktemp("facts")
    export = write_export(
        home / "team.zip",
        users=[ANA, BO, CY],
        channels=[channel("C1", "dev", "U1", "U2", "U3")],
        groups=[channel("G1", "leads", "U2", "U3", is_private=True)],
        days={
            "dev/2026-11-18": [PROMISE],
            "dev/2026-11-19": [MOVED],
            "dev/2026-11-20": [DONE],
            "leads/2026-11-18": [OFFER],
        },
    )
    with EmbeddedPostgres(home, durable=False):
        commands = Commands(home)
        assert commands.run("import", export, "--url", "https://acme.slack.com").code == 0
        yield commands


def told(daybook: Commands, *words: str) -> Any:
    ended = daybook.run("facts", "--json", *words)
    assert ended.code == 0, ended
    return json.loads(ended.out)


def promise(daybook: Commands, *words: str) -> dict[str, Any]:
    (found,) = told(daybook, "--kind", "commitment", *words)
    return dict(found)


def test_the_state_of_a_day_is_told(daybook: Commands) -> None:
    """Opened on Wednesday for Thursday, moved on Thursday to Friday, done on Friday: each day as it was."""
    assert told(daybook, "--as-of", "2026-11-17T12:00") == []
    states = [promise(daybook, "--as-of", f"2026-11-{day}T18:00") for day in (18, 19, 20)]
    assert [(each["status"], each["due"]) for each in states] == [
        ("open", "2026-11-19"),
        ("open", "2026-11-20"),
        ("done", "2026-11-20"),
    ]
    assert told(daybook, "--known-at", "2026-11-20T18:00") == []
    assert len(told(daybook, "--known-at", "2099-01-01T00:00")) == len(told(daybook))


def test_a_viewer_gets_what_they_may_read(daybook: Commands) -> None:
    """The operator sees everything, and is told so; Ana does not see what was decided without her."""
    everything = daybook.run("facts")
    assert "95k" in everything.out
    assert everything.err == "Shown is what the operator may see: every channel that Daybook reads.\n"
    hers = daybook.run("facts", "--for", "ana")
    assert "95k" not in hers.out
    assert (hers.code, hers.err) == (0, "")
    assert "95k" in daybook.run("facts", "--for", "Bo Lind", "--kind", "decision").out
    assert [each["kind"] for each in told(daybook, "--person", "Ana")] == ["commitment"]


def test_it_is_told_how_a_fact_came_about(daybook: Commands) -> None:
    """Each version with engine and times, the words with author and link; by any unique beginning of its id."""
    name = promise(daybook)["id"]
    page = daybook.run("facts", "--why", name[:8], "--for", "Ana").out
    assert page.startswith(f"{name}  commitment, #dev, Ana Lima\n")
    assert "Now done since 2026-11-20 05:00" in page  # where Ana lives
    assert f"by rules {VERSION} – done, due 2026-11-19" in page
    assert "“payment keys rotated, all done” https://acme.slack.com/archives/C1/p1795168800000000" in page
    whole = told(daybook, "--why", name)
    assert next((each["event"], each["due"]) for each in whole["versions"]) == ("CommitmentDone", "2026-11-19")
    assert (whole["versions"][-1]["status"], whole["versions"][-1]["superseded_at"]) == ("done", None)


def test_a_persons_word_counts_until_it_is_undone(daybook: Commands) -> None:
    """Noted with who said it, above what was inferred; dismissed it is gone; undone twice it is as before."""
    name = promise(daybook)["id"]
    before = promise(daybook)
    noted = daybook.run("facts", "--correct", name[:8], "--status", "dropped", "--due", "none", "--by", "Bo")
    assert noted.out.startswith(f"Noted: {name[:8]} is dropped: ")
    after = promise(daybook)
    assert (after["status"], after["due"], after["engine"]) == ("dropped", None, "person")
    page = daybook.run("facts", "--why", name).out
    assert "corrected by Bo Lind" in page
    assert "“status dropped, due none”" in page
    assert daybook.run("facts", "--correct", name, "--dismiss", "--by", "Ana").out == f"Noted: {name[:8]} is no fact.\n"
    assert told(daybook, "--kind", "commitment") == []
    for _ in range(2):
        assert daybook.run("facts", "--correct", name, "--undo", "--by", "Ana").code == 0
    assert promise(daybook) == before


def test_bad_input_gets_one_line(daybook: Commands) -> None:
    """What is asked wrongly, or of what one may not read, is told in one sentence."""
    secret = told(daybook, "--kind", "decision")[0]["id"]
    cases = [
        (["--as-of", "yesterday"], "is no time: write it as 2026-11-20T08:30"),
        (["--kind", "rumour"], "'rumour' is no kind of fact"),
        (["--person", "Zorro"], "Nobody is called Zorro"),
        (["--why", "zz"], "There is no fact 'zz' that the operator may read"),
        (["--why", secret, "--for", "Ana"], "that Ana may read"),
        (["--correct", secret, "--dismiss", "--by", "Ana"], "that Ana Lima may read"),
        (["--correct", secret, "--status", "done", "--by", "Bo"], "A decision cannot be done: it can be proposed"),
        (["--correct", secret, "--undo", "--by", "Bo"], "Nobody corrected this fact"),
    ]
    programs = [daybook.start("facts", *words) for words, _ in cases]
    for program, (_, expected) in zip(programs, cases, strict=True):
        refused = ended(program)
        said_why = [line for line in refused.err.splitlines() if not line.startswith("Shown is")]
        assert (refused.code, refused.out, len(said_why)) == (2, "", 1), refused
        assert expected in said_why[0], said_why


def test_an_empty_memory_is_told(tmp_path: Path) -> None:
    """Nothing was taken in yet: that is no error."""
    assert Commands(tmp_path).run("facts").out == "Nothing is known of that.\n"
