"""`daybook eval`, as somebody at a terminal has it."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.local.postgres import EmbeddedPostgres
from bot.training import week_file
from tests.scenarios.command import Commands

PIER = Path(__file__).parents[1] / "weeks" / "pier.week"

TALK = (
    ("Ana", "Morning! How was the trip?"),
    ("Bob", "Good. I saw three pelicans at the harbour."),
    ("Ana", "Lovely. I am still at the quarterly report."),
    ("Bob", "When is it due?"),
    ("Ana", "On Friday, and the numbers are late."),
)


@pytest.fixture(scope="module")
def daybook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commands]:
    """Commands on a home whose server is up."""
    home = tmp_path_factory.mktemp("commands")
    with EmbeddedPostgres(home, durable=False):
        yield Commands(home)


def make_set(folder: Path) -> Path:
    messages = [
        {"conv": conv, "session": 1, "dia_id": f"D{n}", "ts": 1_700_000_000 + 60.0 * n, "speaker": who, "text": text}
        for conv in ("one", "two")
        for n, (who, text) in enumerate(TALK)
    ]
    questions = [
        {"conv": conv, "qid": f"{conv}-{n}", "category_name": "x", "question": text, "evidence": [evidence]}
        for conv in ("one", "two")
        for n, (text, evidence) in enumerate(
            [("How many pelicans did Bob see?", "D1"), ("When is Ana's quarterly report due?", "D4")]
        )
    ]
    for name, rows in (("messages", messages), ("questions", questions)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder


def test_each_question_gets_one_line_with_its_own_conversations_messages(daybook: Commands, tmp_path: Path) -> None:
    """In the order of the questions, the evidence first where words tell it, and the figures on stdout."""
    target = tmp_path / "ranked.jsonl"
    ended = daybook.run("eval", "retrieve", "--data", make_set(tmp_path), "--out", target)
    assert ended.code == 0, ended
    ranked = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [line["qid"] for line in ranked] == ["one-0", "one-1", "two-0", "two-1"]
    assert [line["ranked"][0] for line in ranked if line["qid"].endswith("0")] == ["D1", "D1"]
    for line in ranked:
        assert len(line["ranked"]) == len({*line["ranked"]})
        assert {*line["ranked"]} <= {f"D{n}" for n in range(len(TALK))}
    # The other conversation has the same words, and changes nothing.
    assert [line["ranked"] for line in ranked[:2]] == [line["ranked"] for line in ranked[2:]]
    assert ended.out.split()[:3] == ["all", "n", "4"]


def test_a_set_that_cannot_be_used_is_one_line(daybook: Commands, tmp_path: Path) -> None:
    """Bad input ends it with one sentence and exit code 2, before anything is started."""
    target = tmp_path / "ranked.jsonl"
    told = daybook.run("eval", "retrieve", "--data", tmp_path / "nowhere", "--out", target).refusal()
    assert told.startswith("There is no file ")
    make_set(tmp_path)
    (tmp_path / "questions.jsonl").write_text("{", encoding="utf-8")
    told = daybook.run("eval", "retrieve", "--data", tmp_path, "--out", target).refusal()
    assert told == "Line 1 of questions.jsonl: this is not JSON in UTF-8."
    assert not target.exists()
    told = daybook.run("eval", "retrieve", "--data", make_set(tmp_path), "--out", tmp_path / "no" / "file").refusal()
    assert "No such file or directory" in told


def make_world(folder: Path) -> Path:
    """The invented week as a world's folder, with mornings and questions asked for."""
    week_file.read(PIER).write(folder)
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    gold["briefings"] = [
        {
            "user": "U01",
            "date": f"2026-05-0{day}",
            "needs_you": [{"evidence": evidence}],
            "worth_knowing": [{"evidence": ["b8"]}],
        }
        for day, evidence in ((5, ["a1"]), (7, ["b9"]))
    ]
    gold["questions"] = [
        {"id": f"q{number}", "asker": asker, "where": where, "text": text, "kind": kind, "evidence": evidence}
        for number, (asker, where, text, kind, evidence) in enumerate(
            [
                ("U03", "dm", "When is the ledger schema frozen?", "answerable", ["b8"]),
                ("U01", "C01", "Which invoice exporter do we keep?", "answerable", ["b9", "b10"]),
                ("U01", "dm", "When does the merger with Northquay close?", "answerable", ["l1"]),
                ("U02", "dm", "When does the merger with Northquay close?", "not_yours", ["l1"]),
                ("U01", "C01", "When does the merger with Northquay close?", "not_yours", ["l1"]),
                ("U02", "dm", "Who repairs the elevator on Sundays?", "not_there", []),
            ]
        )
    ]
    (folder / "gold.json").write_text(json.dumps(gold), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def lived(daybook: Commands, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was made of the week, and its figures."""
    folder = make_world(tmp_path_factory.mktemp("pier"))
    ended = daybook.run("eval", "week", "--data", folder, "--out", folder / "made.json", "--json")
    assert ended.code == 0, ended
    return json.loads((folder / "made.json").read_text(encoding="utf-8")), json.loads(ended.out)


def test_a_week_is_written_in_its_own_names(lived: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """Conversations, facts, mornings and answers, by the ids of its messages and people; none of what was deleted."""
    made, _ = lived
    assert {"container": "C01", "messages": ["b9", "b10"]} in made["conversations"]
    promised = next(each for each in made["facts"] if "a2" in each["evidence"])
    assert 0 < promised.pop("confidence") < 1
    assert "access review" in promised.pop("text")
    assert promised == {
        "kind": "commitment",
        "actor": "U01",
        "counterparty": "U04",
        "due": "2026-05-07",
        "status": "open",
        "evidence": ["a1", "a2"],
    }
    assert [(each["user"], each["date"]) for each in made["briefings"]] == [
        ("U01", "2026-05-05"),
        ("U01", "2026-05-07"),
    ]
    assert all(item["sources"] and item["text"] for each in made["briefings"] for item in each["items"])
    assert any("a2" in item["sources"] for item in made["briefings"][0]["items"])
    assert "hunter2" not in json.dumps(made)


def test_mornings_know_nothing_later(lived: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """Tuesday's tells of Monday alone, Thursday's not of what happened at noon."""
    made, told = lived
    tuesday, thursday = ({source for item in each["items"] for source in item["sources"]} for each in made["briefings"])
    assert tuesday <= {"b1", "b2", "b4", "b5", "a1", "a2", "d1"}
    assert thursday
    assert "b11" not in thursday
    assert (told["figures"]["briefings"]["later"], told["figures"]["briefings"]["leak"]) == (0, 0)


def test_answers_are_for_those_who_may_know(lived: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """Found where the asker, and everybody in the channel, may read it; refused otherwise."""
    made, told = lived
    answers = {each["id"]: each for each in made["answers"]}
    assert "b8" in answers["q0"]["sources"]
    assert {*answers["q1"]["sources"]} & {"b9", "b10"}
    assert answers["q2"]["sources"] == ["l1"]
    assert [answers[name]["refused"] for name in ("q0", "q1", "q2", "q3", "q4")] == [False, False, False, True, True]
    assert told["figures"]["answers"]["leak"] == 0
    assert told["figures"]["answers"]["hit"] == 100.0


def test_figures_come_with_their_spread(lived: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """As JSON, by part, with the engine that made them."""
    _, told = lived
    assert told["engine"] == "rules"
    assert {*told["figures"]} == {*told["spread"]} == {"conversations", "facts", "briefings", "answers"}
    assert told["figures"]["facts"]["all.gold"] == 6
    assert told["spread"]["conversations"]["1-1"] > 0


def test_facts_alone_are_the_same(daybook: Commands, lived: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """From the week's own file, in one go, as a table; no mornings are asked for."""
    ended = daybook.run("eval", "facts", "--data", PIER)
    assert ended.code == 0, ended
    rows = [line.split()[:2] for line in ended.out.splitlines()]
    kinds = ["decision", "commitment", "question", "blocker", "update", "all"]
    assert rows == [["conversations", "messages"], *(["facts", kind] for kind in kinds)]
    figure = f"F {lived[1]['figures']['facts']['all.F']}"
    assert figure in ended.out.splitlines()[-1]


def test_answers_alone(daybook: Commands, tmp_path: Path) -> None:
    """The week is worked out in one go and its questions are asked; nothing else is written."""
    ended = daybook.run("eval", "answers", "--data", PIER, "--out", tmp_path / "made.json", "--json")
    assert ended.code == 0, ended
    figures = json.loads(ended.out)["figures"]
    assert figures.keys() == {"answers"}
    assert (figures["answers"]["questions"], figures["answers"]["hit"], figures["answers"]["leak"]) == (5, 100.0, 0)
    made = json.loads((tmp_path / "made.json").read_text(encoding="utf-8"))
    assert (made["facts"], made["briefings"], len(made["answers"])) == (None, None, 5)


def test_several_weeks_are_measured_together(daybook: Commands, tmp_path: Path) -> None:
    """A folder of them: each, and all as one; what is made of one is written with that one named."""
    for name in ("one", "two"):
        (tmp_path / f"{name}.week").write_bytes(PIER.read_bytes())
    ended = daybook.run("eval", "facts", "--data", tmp_path, "--json")
    assert ended.code == 0, ended
    counts = {
        part: figures["all.gold"] for part, figures in json.loads(ended.out)["figures"].items() if "facts" in part
    }
    assert counts == {"one facts": 6, "two facts": 6, "together facts": 12}
    assert "holds 2 worlds" in daybook.run("eval", "facts", "--data", tmp_path, "--out", tmp_path / "x").refusal()


def test_a_week_without_labels_is_lived_through_and_not_scored(daybook: Commands, tmp_path: Path) -> None:
    """As when it is scored elsewhere: mornings and questions are asked for, and answered."""
    folder = make_world(tmp_path)
    asked: dict[str, Any] = {"briefings": [{"user": "U01", "date": "2026-05-05", "needs_you": []}]}
    asked["questions"] = [{"id": "q0", "asker": "U03", "where": "dm", "text": "When is the ledger schema frozen?"}]
    empty = {"conversations": [], "facts": [], "topics": [], **asked}
    (folder / "gold.json").write_text(json.dumps(empty), encoding="utf-8")
    ended = daybook.run("eval", "week", "--data", folder, "--out", tmp_path / "made.json")
    assert (ended.code, ended.out) == (0, ""), ended
    assert "No labels: nothing was scored." in ended.err
    made = json.loads((tmp_path / "made.json").read_text(encoding="utf-8"))
    assert [len(made[part]) for part in ("briefings", "answers")] == [1, 1]
    assert made["facts"]


CHAT = (("1", "Ana", "how do I pin a version?"), ("1", "Bob", "Ana: put it into the lock file"), ("2", "Cy", "morning"))


def make_chat(path: Path) -> Path:
    rows = [
        {
            "id": f"{path.name}:{n}",
            "channel": "help",
            "ts": 1e9 + 20 * n,
            "user": user,
            "text": text,
            "conversation_id": talk,
        }
        for n, (talk, user, text) in enumerate(CHAT)
    ]
    text = "".join(json.dumps(row) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


def test_chat_is_measured_set_by_set(daybook: Commands, tmp_path: Path) -> None:
    """A file, or a folder's files and families of them, gzipped or not; what is there to learn from is left out."""
    for name in ("slack_a.jsonl", "slack_b.jsonl.gz", "irc_x.jsonl", "irc_x_train.jsonl"):
        make_chat(tmp_path / name)
    ended = daybook.run("eval", "segment", "--data", tmp_path, "--out", tmp_path / "placed")
    assert ended.code == 0, ended
    assert [line.partition("  ")[0] for line in ended.out.splitlines()] == [
        "irc_x",
        "slack_a",
        "slack_b",
        "slack, all 2",
    ]
    assert "messages 6" in ended.out.splitlines()[-1]
    assert len((tmp_path / "placed").read_text(encoding="utf-8").splitlines()) == 9
    one = daybook.run("eval", "segment", "--data", tmp_path / "irc_x_train.jsonl", "--json")
    assert json.loads(one.out)["figures"]["irc_x_train"]["messages"] == 3


def test_everything_there_is_measured_and_its_page_written(daybook: Commands, tmp_path: Path) -> None:
    """Figures, page and picture; the gate passes on the same figures, and names the line that was better before.

    The gate is asked of the chat alone: what was not measured again is no loss, and no week is lived through twice.
    """
    sets, chat, docs = tmp_path / "sets", tmp_path / "chat", tmp_path / "docs"
    make_world(sets / "teamweek" / "pier")
    make_world(sets / "teamweek" / "dev-foxglove")  # nothing is tuned to the world of this name
    for folder in (sets, chat):
        (folder / "disentangle" / "dev").mkdir(parents=True)
        make_chat(folder / "disentangle" / "dev" / "irc_ubuntu_dev.jsonl.gz")
    docs.mkdir()
    told = daybook.run("eval", "all", "--data", sets, "--out", docs, "--gate").refusal()
    assert told.startswith("There is nothing in ")
    ended = daybook.run("eval", "all", "--data", sets, "--out", docs)
    assert ended.code == 0, ended
    assert {line.split()[0] for line in ended.out.splitlines()} == {"disentangle", "pier"}
    page = (docs / "quality.md").read_text(encoding="utf-8")
    assert "| pier | all kinds, F |" in page
    assert (docs / "pictures" / "quality.svg").read_text(encoding="utf-8").startswith("<svg")
    figures = json.loads((docs / "quality.json").read_text(encoding="utf-8"))
    assert daybook.run("eval", "all", "--data", chat, "--out", docs, "--gate").code == 0
    better = next(line for line in figures["lines"] if line["key"].startswith("disentangle/"))
    better["value"] += 1 + 2 * (better["spread"] or 0)
    (docs / "quality.json").write_text(json.dumps(figures), encoding="utf-8")
    failed = daybook.run("eval", "all", "--data", chat, "--out", docs, "--gate")
    assert failed.code == 1
    (worse,) = [line for line in failed.err.splitlines() if line.startswith("Worse")]
    assert worse.startswith("Worse: Ubuntu IRC, ")
    assert better["words"] in worse
    assert (docs / "quality.md").read_text(encoding="utf-8") == page


@pytest.mark.parametrize("what", ["segment", "facts", "week", "retrieve", "all"])
def test_what_cannot_be_measured_is_one_line(daybook: Commands, tmp_path: Path, what: str) -> None:
    """Folders that are not there or hold nothing, and engines that there are not."""
    given: tuple[object, ...] = ("eval", what, "--out", tmp_path if what == "all" else tmp_path / "out", "--data")
    assert daybook.run(*given, tmp_path / "nowhere").refusal().startswith("There is no")
    told = daybook.run(*given, tmp_path, "--engine", "model").refusal()
    assert told == "There is no model engine yet: measure with --engine rules."


def test_a_folder_without_sets_is_one_line(daybook: Commands, tmp_path: Path) -> None:
    """And an engine that nobody knows."""
    (tmp_path / "docs").mkdir()
    told = daybook.run("eval", "all", "--data", tmp_path, "--out", tmp_path / "docs").refusal()
    assert told.startswith("There is none of the sets in ")
    told = daybook.run("eval", "segment", "--data", tmp_path, "--engine", "magic").refusal()
    assert told == "'magic' is no engine: it is rules or model."


def test_single_sentences_are_judged_by_what_ships(daybook: Commands, tmp_path: Path) -> None:
    """Each line says whether it was found, and the figures are on stdout; a line that is no sentence ends it."""
    rows = [{"text": "Please send me the report by Friday.", "label": 1}, {"text": "It was sunny.", "label": 0}]
    (tmp_path / "sentences.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    ended = daybook.run("eval", "facts", "--data", tmp_path, "--out", tmp_path / "found.jsonl")
    assert ended.out.startswith("request  n 2  gold 1  pred 1  P 100.0")
    assert (tmp_path / "found.jsonl").read_text(encoding="utf-8").count("true") == 1
    (tmp_path / "sentences.jsonl").write_text("{}", encoding="utf-8")
    told = daybook.run("eval", "facts", "--data", tmp_path).refusal()
    assert told.startswith("Line 1 of sentences.jsonl: text, and label")
