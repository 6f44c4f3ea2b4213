"""All sets of a folder, measured one after the other."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from bot.embedder import embedder_of
from bot.errors import BadInput
from bot.evaluation import intents, markers, retrieval, segment, sets, week, world
from bot.evaluation.figures import retrieval as found_first
from bot.evaluation.figures import week as of_week
from bot.evaluation.figures.sheet import Sheet
from bot.evaluation.intents import Classifier
from bot.evaluation.throwaway import made_on_one
from bot.settings import Settings

SCORED_TALK = ("slack_", "irc_ubuntu_dev")
"""Of the sets of chat, those that `segment` did not learn from."""
TOGETHER = "weeks together"
Sheets = Mapping[str, Sheet]


def measure(
    folder: Path, settings: Settings, classifiers: Mapping[str, Classifier], *, held_apart: bool
) -> Iterator[tuple[str, Sheets]]:
    """The sheets of each set that is there, by its name.

    Raises:
        BadInput: there is none of the sets, or one cannot be read.
    """
    found = list(_sets(folder, settings, classifiers, held_apart=held_apart))
    if not found:
        raise BadInput(f"There is none of the sets in {folder}: docs/evaluation.md says what they are.")
    weeks: list[Sheets] = []
    for name, work in found:
        sheets = work()
        yield name, sheets
        weeks += [sheets] if "facts" in sheets else []
    if len(weeks) > 1:
        yield TOGETHER, of_week.together(weeks)


def _sets(
    folder: Path, settings: Settings, classifiers: Mapping[str, Classifier], *, held_apart: bool
) -> Iterator[tuple[str, Callable[[], Sheets]]]:
    talk = folder / "disentangle" / "dev"
    if talk.is_dir():
        yield "disentangle", lambda: segment.measure(_scored(talk))
    for path in sorted((folder / "teamweek").glob("*/workspace.json")):
        if held_apart or path.parent.name not in world.HELD_APART:
            yield path.parent.name, partial(_week, path.parent, settings)
    for name in ("locomo", "realtalk"):
        if (folder / name / "dev").is_dir():
            yield name, partial(_search, folder / name / "dev", settings)
    for name in ("email_intent", "mrda"):
        if intents.is_set(folder / name / "dev"):
            yield name, partial(intents.measure, folder / name / "dev", classifiers)
    if markers.is_set(folder / "ccg_markers" / "dev"):
        yield "ccg_markers", partial(markers.measure, folder / "ccg_markers" / "dev")


def _scored(folder: Path) -> list[Path]:
    return [path for path in segment.files_of(folder) if path.name.startswith(SCORED_TALK)]


def _week(folder: Path, settings: Settings) -> Sheets:
    given, gold = world.read(folder)
    wanted = week.Wanted.by(gold)
    lived = made_on_one(settings, partial(week.live, given, wanted, embedder_of(settings)))
    return of_week.sheets(given, gold, lived)


def _search(folder: Path, settings: Settings) -> Sheets:
    given = sets.read(folder)
    ranked = made_on_one(settings, lambda dsn, show: retrieval.rank(dsn, given, embedder_of(settings), show))
    return found_first.sheets(given.questions, ranked)
