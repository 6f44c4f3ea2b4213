"""The answer to what an asker or a channel may not know is the same in a world where it was never said."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from bot.embedder import HashedWords
from bot.evaluation import week as weeks
from bot.evaluation.figures.reach import Reach
from bot.evaluation.predictions import Answer
from bot.evaluation.world import Question, Week, read
from bot.offline import no_progress
from tests.conftest import TestDatabase

WEEKS = Path(__file__).parents[2] / "bot" / "training" / "weeks"
PIER = Path(__file__).parents[1] / "weeks" / "pier.week"
FULL = [pytest.mark.promises, pytest.mark.timeout(1800)]
ASKED = [
    PIER,
    *(pytest.param(WEEKS / f"{name}.week", marks=FULL) for name in ("brightwater", "cairn", "lanternfish", "tinfoil")),
]


def without_what_is_hidden(week: Week, asked: Question) -> Week:
    """The same world, but that nothing was ever said where somebody who sees the answer may not read."""
    reach = Reach(week)
    audience = tuple(reach.audience(asked))
    hidden = {place.id for place in week.containers if not all(reach.opens(user, place.id) for user in audience)}
    return week.model_copy(update={"messages": tuple(line for line in week.messages if line.container not in hidden)})


async def answers(week: Week, asked: tuple[Question, ...], database: TestDatabase) -> dict[str, Answer]:
    wanted = weeks.Wanted(frozenset(), asked)
    told = await weeks.asked_at_the_end(week, wanted, HashedWords(), database.app_dsn, no_progress)
    assert told.answers is not None
    return {each.id: each for each in told.answers}


@pytest.mark.parametrize("path", ASKED, ids=lambda path: path.stem)
async def test_what_is_not_yours_changes_no_answer(
    path: Path, database: TestDatabase, copies: Callable[[], AbstractContextManager[TestDatabase]]
) -> None:
    """Byte for byte, words and sources, of every such question of the week."""
    week, gold = read(path)
    asked = tuple(each for each in gold.questions if each.kind == "not_yours")
    assert asked
    whole = await answers(week, asked, database)
    for one in asked:
        less = without_what_is_hidden(week, one)
        assert len(less.messages) < len(week.messages)
        with copies() as other:
            alone = await answers(less, (one,), other)
        assert whole[one.id].model_dump_json() == alone[one.id].model_dump_json(), one.id
