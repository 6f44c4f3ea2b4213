"""The page of figures: its lines, what survives a new measurement, and the gate."""

import re
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bot.errors import BadInput
from bot.evaluation import quality, report
from bot.evaluation.baselines import BASELINES
from bot.evaluation.figures import clusters, facts, retrieval
from bot.evaluation.picture import draw, standing
from bot.evaluation.quality import Line, Quality

TODAY, DOCS = date(2026, 11, 28), Path(__file__).parents[2] / "docs"


def line(key: str = "locomo/main/R@10", value: float = 80.0, **more: Any) -> Line:
    given = {"heading": "Search", "set": "locomo", "words": "first ten", "n": 760, "of": "questions"}
    given |= {"labelled": 760, "spread": 1.5, "drawn": "first ten"}
    return Line.model_validate({"key": key, "value": value, "engine": "rules", "on": TODAY, **given, **more})


def test_a_sheet_is_worth_the_lines_that_are_shown() -> None:
    """Each with its n and its spread; a group that is not shown is none."""
    sheet = clusters.sheet({"a": "1", "b": "1", "c": "2"}, {"a": "x", "b": "x", "c": "y"})
    made = list(quality.lines_of("disentangle", {"slack, all 4": sheet, "gitter_docker": sheet}, "rules", TODAY))
    assert [(each.set, each.words, each.n, each.value) for each in made] == [
        ("slack, all 4", "one-to-one", 3, 100.0),
        ("slack, all 4", "exact-match F", 3, 100.0),
        ("slack, all 4", "adjusted Rand index", 3, 100.0),
    ]
    assert made[0].baseline is not None
    assert made[0].spread == 0.0


def test_what_cannot_be_said_is_no_line() -> None:
    """A kind of fact that is neither noted nor found has no F."""
    made = list(quality.lines_of("dev-lumenpay", {"facts": facts.sheet([], [], {})}, "rules", TODAY))
    assert made == []


def test_every_baseline_stands_beside_a_line() -> None:
    """Its key names a set, and a part and a figure that are shown."""
    shown = {(part, each.figure) for part, lines in quality.SHOWN.items() for each in lines.shown}
    assert {tuple(key.split("/", 1)[1].split("/")) for key in BASELINES} <= shown


def test_every_figure_that_is_shown_is_one_of_a_sheet() -> None:
    """Nothing is shown that no sheet has."""
    assert {each.figure for each in quality.SHOWN["main"].shown} <= {*retrieval.NAMES}
    assert {each.figure for each in quality.SHOWN["conversations"].shown} <= {*clusters.READINGS}
    assert {each.figure for each in quality.SHOWN["facts"].shown} <= {*facts.sheet([], [], {}).readings}


def test_what_is_not_measured_again_stays() -> None:
    """With the date on which it was; the rest is replaced."""
    before = Quality(lines=(line(value=79.0, on=date(2026, 1, 1)), line("realtalk/main/R@10", set="realtalk")))
    after = quality.merged(before, [line(), line("a/conversations/1-1", heading="Conversations", set="a")])
    assert [(each.set, each.value) for each in after.lines] == [("a", 80.0), ("locomo", 80.0), ("realtalk", 80.0)]
    assert after.lines[1].on == TODAY


@pytest.mark.parametrize(
    ("now", "lost"),
    [
        (line(value=78.4), ["LoCoMo, first ten: 80 ±1.5 before, 78.4 now"]),
        (line(value=78.5), []),
        (line(value=90.0), []),
        (line(value=10.0, labelled=5), []),
        (line(value=78.0, n=5), ["LoCoMo, first ten: 80 ±1.5 before, 78 now"]),
        (line("new/main/R@10", value=0.0, set="new"), []),
        (line("locomo/main/R@5"), ["LoCoMo, first ten: 80 ±1.5 before, and cannot be said now"]),
        (line("leak", value=1, spread=None), ["LoCoMo, first ten: 0 before, 1 now"]),
        (line("leak", value=0, spread=None), []),
    ],
)
def test_the_gate_names_what_lost_more_than_its_spread(now: Line, lost: list[str]) -> None:
    """Of counts, what happens more than before; nothing of other data, and nothing that is new."""
    before = line("leak", value=0, spread=None) if now.key == "leak" else line()
    assert list(quality.losses(Quality(lines=(before,)), [now])) == lost


def test_what_people_wrote_stays_when_figures_are_written_again(tmp_path: Path) -> None:
    """Before and after the marks; and the figures can be read back."""
    report.write(Quality(lines=(line(),)), tmp_path)
    page = tmp_path / "quality.md"
    text = page.read_text(encoding="utf-8")
    assert "| LoCoMo | first ten | **80.0** | 1.5 | 71.9 | 760 questions | rules | 2026-11-28 | BM25 with both" in text
    page.write_text(text.replace("## Where it errs\n", "## Where it errs\n\nTwenty cases.\n"), encoding="utf-8")
    report.write(Quality(lines=(line(value=50.0),)), tmp_path)
    text = page.read_text(encoding="utf-8")
    assert "Twenty cases." in text
    assert "**80.0**" not in text
    assert quality.read(tmp_path / "quality.json").lines[0].value == 50.0


def test_a_page_that_cannot_be_written_is_told_before_anything_is_measured(tmp_path: Path) -> None:
    """No folder, lost marks, or figures that are none."""
    with pytest.raises(BadInput, match="There is no folder"):
        report.check(tmp_path / "nowhere")
    (tmp_path / "quality.md").write_text("# Mine\n", encoding="utf-8")
    with pytest.raises(BadInput, match="has lost the marks"):
        report.check(tmp_path)
    (tmp_path / "quality.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadInput, match="is no file of figures"):
        quality.read(tmp_path / "quality.json")


def test_the_picture_has_a_bar_for_each_figure() -> None:
    """Drawn as XML that can be parsed, as long as the figure, coloured by how it stands to the plain method."""
    rows = [line(value=80.0), line(value=71.0), line(value=60.0), line("x", value=50.0), line(value=0, spread=None)]
    assert [standing(each) for each in rows[:4]] == ["up", "par", "down", "none"]
    drawn = ET.fromstring(draw(rows, "Mine & yours"))
    bars = [each for each in drawn.iter("{http://www.w3.org/2000/svg}rect") if each.get("height") == "12"]
    widths = [float(each.get("width") or 0) for each in bars[:4]]
    assert widths == [round(196 * value / 100, 1) for value in (80, 71, 60, 50)]
    assert len(drawn.findall(".//*[@class='stroke']")) == 4  # three of the rows, and the legend's


def test_the_page_says_what_its_figures_say() -> None:
    """The page and the picture in the repository are those of quality.json."""
    found = quality.read(DOCS / "quality.json")
    page = (DOCS / "quality.md").read_text(encoding="utf-8")
    assert report.figures(found.lines) in page
    assert (DOCS / report.PICTURE).read_text(encoding="utf-8") == draw(found.lines, f"{report.TITLE}, in percent")
    assert re.search(r"^## Where it errs$", page, re.MULTILINE)
