"""Nobody gets to see what they may not read, nor does it move what they see: in channels, talks, and the Home tab."""

import time
from collections import Counter

import pytest

from tests.conftest import TestDatabase
from tests.integration.test_audience import Somebody, Somewhere, World, readable
from tests.promises.audiences import (
    DAYBOOK,
    OVERNIGHT,
    Act,
    Look,
    Pause,
    Say,
    Story,
    hidden_place,
    named_in,
    openable,
    story,
    told_in,
)
from tests.promises.enacting import Enacted, seen_by
from tests.promises.inline import Inline, Machinery, Shown
from tests.promises.rehearsal import rehearsing
from tests.promises.stage import open_stage
from tests.promises.worlds import MORNING_AFTER

SEED = 20261117


def leaks(shown: list[Shown]) -> list[str]:
    """What tells of a place, by its words or links, that its audience could not read in that moment; or names it."""
    found = []
    for each in shown:
        closed = told_in(each.text) - readable(each.world, each.audience.kind, each.audience.name)
        if closed := closed | (named_in(each.text) - openable(each.world, each.audience)):
            found.append(f"{each.what} for {each.audience} tells of {sorted(closed)}: {each.text}")
    return found


async def enact(machinery: Machinery, made: Story, other: Story | None) -> tuple[list[Shown], list[Shown]]:
    """What is shown in a story, and in another one that is the same up to some night, or differs from the start."""
    nights = [act.at < OVERNIGHT for act in made.acts].count(True)
    same = other is not None and made.acts[:nights] == other.acts[:nights]
    again: list[Shown] = []
    async with machinery.database.scene():
        one = await _until_night(machinery, made)
        async with machinery.database.scene():
            shown = await _in_the_morning(one, made)
        if other and same:
            again = await _in_the_morning(one, other)
    if other and not same:
        async with machinery.database.scene():
            again = await _in_the_morning(await _until_night(machinery, other), other)
    return shown, again


async def _until_night(machinery: Machinery, made: Story) -> Enacted:
    going = await Enacted.begin(made, Inline(machinery, made.world))
    await going.go_on([act for act in made.acts if act.at < OVERNIGHT])
    await going.daybook.work()
    return going


async def _in_the_morning(night: Enacted, made: Story) -> list[Shown]:
    """From the night on, in a Daybook of its own: what ran before is in the database alone."""
    assert not night.daybook.shown
    daybook = Inline(night.daybook.machinery, night.daybook.world)
    daybook.clock.move(night.daybook.clock.now())
    going = Enacted(made, daybook, dict(night.said))
    await going.go_on([act for act in made.acts if act.at >= OVERNIGHT])
    return daybook.shown


async def look(machinery: Machinery, seed: int, tried: Counter[str]) -> list[str]:
    """What leaks in the story of a seed; in every third, what is otherwise for whom where something hidden is so."""
    made, twice = story(seed), seed % 3 == 0
    place = hidden_place(made)
    shown, again = await enact(machinery, made, made.otherwise(place) if twice else None)
    found = [f"seed {seed}: {each}" for each in leaks(shown)]
    blind = made.blind_to(place) if twice else []
    moved = [each for each in blind if seen_by(shown, each) != seen_by(again, each)]
    found += [f"seed {seed}: {place} moves what {each} sees" for each in moved]
    others = {each.audience for each in shown} - {*blind} if twice else set()
    tried["noticed"] += any(seen_by(shown, each) != seen_by(again, each) for each in others)
    tried["twice"] += twice
    tried.update(Counter(each.what for each in shown))
    tried["onlookers"] += len(blind)
    tried["answers with sources"] += sum("/archives/" in each.text for each in shown if each.what == "answer")
    tried["in channels"] += sum(each.audience.kind == "channel" for each in shown)
    return found


async def run(database: TestDatabase, many: int, capsys: pytest.CaptureFixture[str]) -> list[str]:
    began, found, tried = time.monotonic(), list[str](), Counter[str]()
    for start in range(0, many, 50):
        # What is taken back leaves dead rows behind: a new transaction now and then lets them be cleared away.
        async with rehearsing(database.admin_dsn) as rehearsal:
            await open_stage(rehearsal)
            machinery = Machinery.of(rehearsal)
            for number in range(start, min(start + 50, many)):
                found += await look(machinery, SEED + number, tried)
        if many > 100 and start % 100 == 50:
            with capsys.disabled():
                print(f"{start + 50} worlds, {time.monotonic() - began:.0f} s, leaks: {len(found)}")  # noqa: T201
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{many} worlds with mixed audiences from seed {SEED}, {time.monotonic() - began:.0f} s:"
            f" {dict(tried)}; leaks: {len(found)}"
        )
    # What happens elsewhere is seen by those who may see it, and answers tell something.
    assert tried["noticed"] > tried["twice"] / 4
    assert tried["answers with sources"] > tried["answer"] / 4
    return found


async def test_nothing_hidden_is_told_or_felt(database: TestDatabase, capsys: pytest.CaptureFixture[str]) -> None:
    """In answers, follow-ups, after edits and shares, and in the Home tab."""
    assert await run(database, 3, capsys) == []


@pytest.mark.promises
@pytest.mark.timeout(7200)
async def test_nothing_hidden_is_told_or_felt_in_a_thousand_worlds(
    database: TestDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same in 1,000 worlds."""
    assert await run(database, 1000, capsys) == []


TWO = World(
    (Somebody("ANA"), Somebody("BOB"), Somebody("GUS", "guest")),
    (
        Somewhere("CA", "public", members=frozenset({"ANA", "BOB", "GUS"})),
        Somewhere("CB", "private", members=frozenset({"ANA", "BOB"})),
    ),
)
CLOSED = Say(10.0, "CB", "ANA", "We decided to go with Kafka for the ledger cbx001z.")
ASKING = f"<@{DAYBOOK}> what did we decide about the ledger?"


@pytest.mark.parametrize("words", ["", "fyi"])
async def test_what_is_shared_is_told_where_it_was_said_alone(database: TestDatabase, words: str) -> None:
    """A message of a private channel, and an answer given in private, are shared into a channel with a guest."""
    acts: tuple[Act, ...] = (
        CLOSED,
        Say(20.0, "CA", "BOB", words, shares=("CB", CLOSED.at)),
        Pause(OVERNIGHT - 1),
        Say(MORNING_AFTER + 1, "DANA", "ANA", "what did we decide about the ledger?"),
        Say(MORNING_AFTER + 2, "CA", "ANA", words, shares="ANA"),
        Pause(MORNING_AFTER + 3),
        Say(MORNING_AFTER + 4, "CA", "GUS", ASKING),
        Say(MORNING_AFTER + 5, "CA", "GUS", "who said that?", thread=MORNING_AFTER + 4),
        Say(MORNING_AFTER + 6, "CB", "BOB", ASKING),
        Look(MORNING_AFTER + 7),
    )
    async with rehearsing(database.admin_dsn) as rehearsal:
        await open_stage(rehearsal)
        shown, _ = await enact(Machinery.of(rehearsal), Story(1, TWO, acts), None)
    assert leaks(shown) == []
    told = {each.audience.name: each.text for each in shown if each.what == "answer"}
    assert "cbx001z" in told["ANA"]
    assert "cbx001z" in told["CB"]
