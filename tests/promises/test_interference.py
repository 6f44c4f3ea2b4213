"""What a viewer gets is a function of what that viewer may read, and of nothing else."""

import random
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.conftest import TestDatabase
from tests.promises.changes import CHANGES, MESSAGE_CHANGES, OTHER_CHANGES, Change, Hidden
from tests.promises.checks import two_rooms
from tests.promises.rehearsal import rehearsing
from tests.promises.stage import Stage, open_stage
from tests.promises.surfaces import READINGS, read_all
from tests.promises.worlds import MORNING_AFTER, Line, Onlooker, Wordy, saying, world

SEED = 20261116


def pairs(made: Wordy, chance: random.Random) -> Iterator[Hidden]:
    """A person and a channel to look, and a place that is hidden from both; two places where there is no such."""
    looking = _one_of_each(made, chance)
    common = [name for name in _spoken(made) if all(name in made.hidden_from(each) for each in looking)]
    if common:
        yield Hidden(made, chance.choice(common), tuple(looking), chance)
        return
    for each in looking:
        places = [name for name in made.hidden_from(each) if name in _spoken(made)]
        yield Hidden(made, chance.choice(places), (each,), chance)


def _spoken(made: Wordy) -> list[str]:
    return sorted({line.place for line in made.lines})


def _one_of_each(made: Wordy, chance: random.Random) -> list[Onlooker]:
    """Those who read something are looked for first: from who reads nothing everything is hidden."""
    found = []
    for kind in ("person", "channel"):
        several = [each for each in made.onlookers() if each.kind == kind]
        reading = [each for each in several if len(made.hidden_from(each)) < len(made.world.places)]
        if several:
            found.append(chance.choice(reading or several))
    return found


async def unmoved(stage: Stage, hidden: Hidden, change: Change) -> list[str]:
    """The readings that a change in a hidden place alters, and for whom: none."""
    before = {each: await read_all(stage, each) for each in hidden.onlookers}
    async with stage.database.scene():
        await change(stage, hidden)
        after = {each: await read_all(stage, each) for each in hidden.onlookers}
    return _differences(before, after)


def _differences(before: dict[Onlooker, dict[str, bytes]], after: dict[Onlooker, dict[str, bytes]]) -> list[str]:
    return [f"{each}: {name}" for each in before for name in before[each] if before[each][name] != after[each][name]]


async def look(stage: Stage, seed: int) -> tuple[list[str], Counter[str]]:
    """A world and a change to one message, in every other world one around it too: what was altered, what was tried."""
    made, chance = world(seed), random.Random(seed)
    names = [sorted(MESSAGE_CHANGES)[seed % len(MESSAGE_CHANGES)]]
    names += [sorted(OTHER_CHANGES)[seed // 2 % len(OTHER_CHANGES)]] if seed % 2 else []
    altered, tried = [], Counter[str]()
    stage.ordinal = seed
    async with stage.database.scene():
        told = [each for each in made.onlookers() if each.kind == "person"] if seed % 3 == 0 else []
        await stage.build(made, told=told)
        for hidden in pairs(made, chance):
            for name in names:
                found = await unmoved(stage, hidden, CHANGES[name])
                altered += [f"seed {seed}, {name} in {hidden.place}: {each}" for each in found]
                tried.update({name: 1, "viewers": len(hidden.onlookers)})
    return altered, tried


async def look_from_the_start(stage: Stage, seed: int) -> list[str]:
    """The same world twice, but that from the first day one hidden message is another one, is missing, or is new."""
    stage.ordinal = seed
    made, chance = world(seed), random.Random(seed)
    hidden = next(pairs(made, chance))
    others = _otherwise(hidden)[seed // 8 % 3]
    seen = []
    for each in (made, others):
        async with stage.database.scene():
            await stage.build(each, told=[one for one in hidden.onlookers if one.kind == "person"])
            seen.append({one: await read_all(stage, one) for one in hidden.onlookers})
    return [f"seed {seed}, other from the start in {hidden.place}: {each}" for each in _differences(*seen)]


def _otherwise(hidden: Hidden) -> tuple[Wordy, Wordy, Wordy]:
    made, line = hidden.world, hidden.some_line()
    text = saying(hidden.chance, hidden.people)
    changed = Line(line.place, line.minutes, line.author, text, line.thread)
    lines = tuple(changed if each == line else each for each in made.lines)
    return (
        Wordy(made.seed, made.world, lines),
        made.without(line),
        Wordy(made.seed, made.world, (*made.lines, hidden.new_line())),
    )


async def run(database: TestDatabase, many: int, capsys: pytest.CaptureFixture[str]) -> list[str]:
    began, altered, tried = time.monotonic(), [], Counter[str]()
    for start in range(0, many, 50):
        # What is taken back leaves dead rows behind: a new transaction now and then lets them be cleared away.
        async with rehearsing(database.admin_dsn) as rehearsal:
            stage = await open_stage(rehearsal)
            for number in range(start, min(start + 50, many)):
                found, done = await look(stage, SEED + number)
                altered += found
                tried += done
                if number % 8 == 0:
                    altered += await look_from_the_start(stage, SEED + number)
                    tried["from the start"] += 1
        if many > 100 and start % 100 == 50:
            with capsys.disabled():
                print(f"{start + 50} worlds, {time.monotonic() - began:.0f} s, altered: {len(altered)}")  # noqa: T201
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{many} worlds from seed {SEED}, {len(READINGS)} readings, {time.monotonic() - began:.0f} s:"
            f" {dict(tried)}; altered: {len(altered)}"
        )
    return altered


@pytest.mark.timeout(300)
async def test_the_hidden_does_not_show(database: TestDatabase, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever happens where a viewer may not read, all that the viewer gets stays byte-identical."""
    assert await run(database, 3, capsys) == []


@pytest.mark.promises
@pytest.mark.timeout(7200)
async def test_the_hidden_does_not_show_in_a_thousand_worlds(
    database: TestDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same in 1,000 worlds."""
    assert await run(database, 1000, capsys) == []


@pytest.mark.parametrize("many", [2, pytest.param(60, marks=[pytest.mark.promises, pytest.mark.timeout(3600)])])
async def test_an_offer_does_not_show_in_its_channel(database: TestDatabase, many: int) -> None:
    """Whatever members are offered and say of answers in a channel, what the channel gets stays byte-identical."""
    offers = 0
    async with rehearsing(database.admin_dsn) as rehearsal:
        stage = await open_stage(rehearsal)
        for made in (two_rooms(), *(world(seed) for seed in range(SEED, SEED + many - 1))):
            rooms = [each for each in made.onlookers() if each.kind == "channel" and each.name in _spoken(made)]
            async with stage.database.scene():
                await stage.build(made)
                for room in rooms[-2:]:
                    seen = []
                    for really in (False, True):
                        async with stage.database.scene():
                            offers += await _ask_all(stage, made, room.name, really=really)
                            seen.append(await read_all(stage, room))
                    assert seen[0] == seen[1], f"seed {made.seed}, {room}"
    assert offers > 0, "somebody was offered something"


async def _ask_all(stage: Stage, made: Wordy, room: str, *, really: bool) -> int:
    """All ask there; `really`: they are offered what they may read, and rate the answer. How many were offered some."""
    offers = 0
    for ordinal, each in enumerate(one for one in made.onlookers() if one.kind == "person"):
        minutes = MORNING_AFTER + 60 + ordinal
        key = await stage.offer(each.name, room, "Who sends the ledger numbers?", minutes, really=really)
        if really:
            await stage.rate(each.name, key, minutes)
        offers += bool(await stage.offered(each.name, key))
    return offers


@pytest.fixture(scope="module")
async def noticing(shared_database: TestDatabase) -> frozenset[str]:
    """The readings that notice something: in some world a change in a place that their viewer may read alters them."""
    blind = {*READINGS}
    async with rehearsing(shared_database.admin_dsn) as rehearsal:
        stage = await open_stage(rehearsal)
        for seed in range(40):
            made = world(seed)
            for each in made.onlookers():
                open_places = [place for place in _spoken(made) if place not in made.hidden_from(each)]
                for place in open_places[:1]:
                    if blind:
                        blind -= await _noticing(stage, blind, Hidden(made, place, (each,), random.Random(seed)))
    return frozenset({*READINGS} - blind)


@pytest.mark.parametrize("name", READINGS)
def test_a_reading_notices_what_its_viewer_may_read(noticing: frozenset[str], name: str) -> None:
    """No reading is blind."""
    assert name in noticing, f"{name} is the same whatever happens."


async def _noticing(stage: Stage, names: set[str], visible: Hidden) -> set[str]:
    """Which of these readings a change alters for the viewer of a place, each in a world as it was before."""
    (onlooker,) = visible.onlookers
    found: set[str] = set()
    async with stage.database.scene():
        await stage.build(visible.world)
        before = await read_all(stage, onlooker, names)

        async def compare() -> None:
            if left := names - found:
                after = await read_all(stage, onlooker, left)
                found.update(name for name in left if after[name] != before[name])

        for change in ("everything deleted", "visible decisions reversed elsewhere", "somebody leaves"):
            async with stage.database.scene():
                await CHANGES[change](stage, visible)
                await compare()
        if onlooker.kind == "person":
            await stage.invite(onlooker.name)
            await compare()
    return found
