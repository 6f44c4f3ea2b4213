"""Labelled weeks, as they are read: from a world's folder, or from an invented week."""

from pathlib import Path
from typing import Any

import pytest

from bot.errors import BadInput
from bot.evaluation import world
from bot.evaluation.intake import after_all, before_all, present_at_first
from bot.evaluation.week import Morning, Wanted, mornings
from bot.evaluation.world import Gold, Place, Week
from tests.unit.week import PLACES, gold, messages, workspace, write

PIER = Path(__file__).parents[1] / "weeks" / "pier.week"


def test_a_world_is_read_with_its_labels(tmp_path: Path) -> None:
    """What is not needed is passed over."""
    week, labels = world.read(write(tmp_path, workspace(unheard_of=1)))
    assert [line.id for line in week.messages] == ["m1", "m2", "m3", "m4", "m5", "m6"]
    assert week.calendar[0].audience == ("U1",)
    assert labels.conversations[0].messages == ("m1", "m2")


def test_what_is_null_or_not_there_is_nothing(tmp_path: Path) -> None:
    """Lists that are null, and a world without labels."""
    places = [{**place, "joins": None, "leaves": None} for place in PLACES]
    write(tmp_path, workspace(containers=places), changed(0, reactions=None))
    (tmp_path / "gold.json").unlink()
    week, labels = world.read(tmp_path)
    assert week.containers[2].joins == ()
    assert week.messages[0].reactions == ()
    assert labels == Gold()


def test_an_invented_week_is_a_world_too() -> None:
    """With its edits and deletions, and its labels; it asks for no mornings."""
    week, labels = world.read(PIER)
    said = {line.id: line for line in week.messages}
    edit = said["b2"].edited
    assert edit is not None
    assert edit.text == "on it, you'll have them tonight"
    assert said["b6"].deleted
    assert {fact.kind for fact in labels.facts} == {"commitment", "blocker", "decision", "question", "update"}
    assert {place.kind for place in week.containers} == {"public", "private", "dm"}
    assert labels.briefings == ()
    asked = {each.id: each for each in labels.questions}
    assert (asked["q1"].asker, asked["q1"].where, asked["q1"].evidence) == ("U01", "dm", ("b8",))
    assert {each.kind for each in labels.questions} == {"answerable", "not_there", "not_yours"}
    assert asked["q5"].where == "C01"


def test_the_worlds_of_a_folder(tmp_path: Path) -> None:
    """Folders and week files, without what is held apart; one that is named is taken at its word."""
    for name in ("one", "two", "dev-foxglove"):
        (tmp_path / name).mkdir()
        write(tmp_path / name)
    (tmp_path / "a.week").write_text("", encoding="utf-8")
    assert [path.name for path in world.worlds_of(tmp_path)] == ["a.week", "one", "two"]
    for one in (tmp_path / "dev-foxglove", tmp_path / "a.week", tmp_path / "missing.week"):
        assert world.worlds_of(one) == [one]
    with pytest.raises(BadInput, match="There is no world in "):
        world.worlds_of(tmp_path / "nowhere")


def changed(number: int, **more: Any) -> list[dict[str, Any]]:
    said = messages()
    said[number] = {**said[number], **more}
    return said


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"space": "{"}, "workspace.json: this is not JSON in UTF-8."),
        ({"space": "[]"}, "workspace.json: an object is expected."),
        ({"space": workspace(now="soon")}, "workspace.json: now cannot be used"),
        ({"space": workspace(now="2026-03-06T18:00:00")}, "This world cannot be used: now has no offset from UTC."),
        ({"space": workspace(users=[])}, "message m1 has a container or a user that is not there."),
        ({"said": "{}\nno"}, "Line 2 of messages.jsonl: this is not JSON in UTF-8."),
        ({"said": "3"}, "Line 1 of messages.jsonl: an object is expected."),
        ({"said": changed(0, ts="noon")}, "messages.jsonl: messages.0.ts cannot be used"),
        ({"said": changed(1, id="m1")}, "message m1 is there twice."),
        ({"said": changed(1, ts=1_772_442_000.0)}, "time in one container .* is there twice."),
        ({"said": changed(1, thread="m5")}, "message m2 replies to m5, which is not in its container."),
        ({"labels": gold(facts=[{"id": "f1"}])}, "gold.json: facts.0.kind cannot be used"),
        ({"labels": gold(briefings=[{"user": "U7", "date": "2026-03-03"}])}, "a briefing is asked for U7"),
        ({"labels": gold(questions=[{"id": "q", "asker": "U1", "where": "C9", "text": ""}])}, "question q is asked by"),
        ({"labels": gold(conversations=[{"id": "c", "container": "C1", "messages": ["m9"]}])}, "conversation c holds"),
    ],
)
def test_a_world_that_cannot_be_used_is_told(tmp_path: Path, given: dict[str, Any], told: str) -> None:
    """The first fault, in one sentence."""
    with pytest.raises(BadInput, match=told):
        world.read(write(tmp_path, **given))


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    """By its path; and a line of an invented week that does not fit by its number."""
    with pytest.raises(BadInput, match=r"There is no file .*messages\.jsonl"):
        world.read(tmp_path / "nowhere")
    with pytest.raises(BadInput, match=r"There is no file .*none\.week"):
        world.read(tmp_path / "none.week")
    (tmp_path / "odd.week").write_text("team: X\nsomething else\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"This week cannot be read: odd\.week:2"):
        world.read(tmp_path / "odd.week")


# What is predicted from ----------------------------------------------------------------------------------------------


def test_what_is_asked_for_is_told_without_its_labels() -> None:
    """Nothing that is predicted can depend on a label."""
    labels = gold(
        briefings=[{"user": "U1", "date": "2026-03-03", "needs_you": [{"evidence": ["m1"]}]}],
        questions=[{"id": "q", "asker": "U1", "where": "dm", "text": "?", "kind": "not_there", "evidence": ["m1"]}],
    )
    wanted = Wanted.by(Gold.model_validate(labels))
    assert [(asked.kind, asked.evidence) for asked in wanted.questions] == [(None, ())]
    assert "m1" not in repr(wanted)


def test_who_was_there_at_first() -> None:
    """Members who never moved or whose first move was to leave; not those who joined."""
    moves = {
        "joins": [{"user": "B", "ts": 5}, {"user": "D", "ts": 9}, {"user": "E", "ts": 1}],
        "leaves": [{"user": "C", "ts": 6}, {"user": "D", "ts": 3}, {"user": "E", "ts": 2}],
    }
    place = Place.model_validate({"id": "C1", "kind": "public", "members": ["A", "B", "D"], **moves})
    assert present_at_first(place) == ["A", "D", "C"]


def test_mornings_are_at_half_past_eight_where_the_reader_is() -> None:
    """Each workday from the first message to the last one asked for; also across a clock change."""
    week = Week.model_validate(workspace(messages=messages()))
    labels = gold(briefings=[{"user": "U2", "date": day} for day in ("2026-03-03", "2026-03-09")])
    found = sorted(mornings(week, Wanted.by(Gold.model_validate(labels))))
    told = [each.at.strftime("%a %d %H:%M") for each in found]
    assert told == ["Mon 02 13:30", "Tue 03 13:30", "Wed 04 13:30", "Thu 05 13:30", "Fri 06 13:30", "Mon 09 12:30"]
    assert all(isinstance(each, Morning) and each.user == "U2" for each in found)


def test_the_end_comes_after_everything() -> None:
    """Even where something happens after the moment that the world names."""
    late = changed(5, deleted=1_900_000_000.0)
    week = Week.model_validate(workspace(messages=late))
    assert after_all(week).timestamp() > 1_900_000_000.0
    assert before_all(week).timestamp() < late[0]["ts"]
