"""The reply to what an asker or a channel may not know is the same in a world where it was never said.

Weeks that nothing is tuned to are asked too, where DAYBOOK_BENCHMARKS names them; of their words nothing is printed.
"""

import os
import re
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path

import psycopg
import pytest

from bot.embedder import HashedWords
from bot.evaluation import week as weeks
from bot.evaluation.figures.reach import Reach
from bot.evaluation.predictions import Answer
from bot.evaluation.world import Question, Week, read
from bot.offline import no_progress
from handlers.surfaces import Rendered, Surfaces
from memory import outbox
from memory.database import Database, open_pool
from memory.models.ids import OutboxId, TeamId
from tests.conftest import TestDatabase

WEEKS = Path(__file__).parents[2] / "bot" / "training" / "weeks"
PIER = Path(__file__).parents[1] / "weeks" / "pier.week"
LABELLED = Path(os.environ.get("DAYBOOK_BENCHMARKS", "/nowhere")) / "teamweek"
_OWN = re.compile(r"(?<=up:)[0-9a-f-]{36}|(?<=down:)[0-9a-f-]{36}")
"""The answer that thumbs are about."""
FULL = [pytest.mark.promises, pytest.mark.timeout(1800)]
MISSING = pytest.mark.skipif(not LABELLED.is_dir(), reason="DAYBOOK_BENCHMARKS names no folder with a `teamweek`")
ASKED = [
    PIER,
    *(pytest.param(WEEKS / f"{name}.week", marks=FULL) for name in ("brightwater", "cairn", "lanternfish", "tinfoil")),
    *(pytest.param(LABELLED / name, marks=[*FULL, MISSING]) for name in ("dev-lumenpay", "dev-foxglove")),
]


class Reply(Answer):
    """All of it: what was concluded, and what stands in Slack, with every link and block."""

    shown: Rendered


def without_what_is_hidden(week: Week, asked: Question) -> Week:
    """The same world, but that nothing was ever said or planned where somebody who sees the answer may not read."""
    reach = Reach(week)
    audience = frozenset(reach.audience(asked))
    hidden = {place.id for place in week.containers if not all(reach.opens(user, place.id) for user in audience)}
    left = {
        "messages": tuple(line for line in week.messages if line.container not in hidden),
        "calendar": tuple(each for each in week.calendar if audience <= {*each.audience}),
        "reviews": tuple(each for each in week.reviews if audience <= {*each.audience}),
    }
    return week.model_copy(update=left)


async def replies(week: Week, asked: tuple[Question, ...], database: TestDatabase) -> dict[str, Reply]:
    wanted = weeks.Wanted(frozenset(), asked)
    told = await weeks.asked_at_the_end(week, wanted, HashedWords(), database.app_dsn, no_progress)
    assert told.answers is not None
    shown = await shown_in(database, TeamId(week.team_id))
    assert len(shown) == len(told.answers)
    return {each.id: Reply(**each.model_dump(), shown=one) for each, one in zip(told.answers, shown, strict=True)}


async def shown_in(database: TestDatabase, team: TeamId) -> list[Rendered]:
    """What the outbox would post, in the order in which it was asked for."""
    query = "select outbox_id from outbox o join answers a on a.answer_id = o.subject_id order by a.asked_at"
    with psycopg.connect(database.admin_dsn) as owner:
        keys = [OutboxId(key) for (key,) in owner.execute(query).fetchall()]
    async with open_pool(database.app_dsn) as pool:
        house, shown = Database(pool), []
        for key in keys:
            async with house.house() as connection:
                intent = await outbox.read(connection, key)
            assert intent is not None
            rendered = await Surfaces(team, house).render(intent)
            assert rendered is not None
            shown.append(rendered)
    return shown


def by_what_is_left(week: Week, asked: Iterable[Question]) -> list[tuple[Week, list[Question]]]:
    """The worlds to compare with, and what is asked in each."""
    found: dict[tuple[str, ...], tuple[Week, list[Question]]] = {}
    for one in asked:
        less = without_what_is_hidden(week, one)
        left = (*(line.id for line in less.messages), *(each.id for each in less.elsewhere))
        found.setdefault(left, (less, []))[1].append(one)
    return list(found.values())


@pytest.mark.parametrize("path", ASKED, ids=lambda path: path.stem)
async def test_what_is_not_yours_changes_no_reply(
    path: Path,
    database: TestDatabase,
    copies: Callable[[], AbstractContextManager[TestDatabase]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Byte for byte, words, sources, blocks and links, of every such question of the week."""
    began = time.monotonic()
    week, gold = read(path)
    asked = tuple(each for each in gold.questions if each.kind == "not_yours")
    assert asked
    whole = await replies(week, asked, database)
    worlds, altered = by_what_is_left(week, asked), []
    for less, ones in worlds:
        assert len(less.messages) < len(week.messages)
        with copies() as other:
            alone = await replies(less, tuple(ones), other)
        altered += [one.id for one in ones if not same(whole[one.id], alone[one.id])]
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{path.stem}: {len(asked)} questions of what is not theirs, {len(worlds)} worlds without it,"
            f" {time.monotonic() - began:.0f} s; altered: {len(altered)}"
        )
    assert altered == []


def same(one: Reply, other: Reply) -> bool:
    """Whether two replies are the same to the last byte; a comparison that fails would print words."""
    return _told(one) == _told(other)


def _told(one: Reply) -> str:
    """A reply without its own id, which follows from when it was asked: in a smaller world that may be later."""
    return _OWN.sub("", one.model_dump_json())


@pytest.mark.promises
@pytest.mark.timeout(1800)
async def test_a_reply_to_what_is_yours_is_noticed(
    database: TestDatabase, copies: Callable[[], AbstractContextManager[TestDatabase]]
) -> None:
    """The comparison is not blind: without what may be read, the reply is another one."""
    week, gold = read(PIER)
    asked = next(each for each in gold.questions if each.kind == "answerable")
    less = week.model_copy(update={"messages": tuple(line for line in week.messages if line.id not in asked.evidence)})
    whole = await replies(week, (asked,), database)
    with copies() as other:
        alone = await replies(less, (asked,), other)
    assert not same(whole[asked.id], alone[asked.id])
