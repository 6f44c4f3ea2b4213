"""Talks of several turns, over real Socket Mode, with Daybook started anew between the turns of all of them.

All talks go on at once, turn by turn: so each meets a restart between any two of its turns. The gate has a sample;
all of them, also with events delivered twice and out of order, are run by `make dialogues`.
"""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from tests.scenarios.dialogues import DIALOGUES, DM, Dialogue, Turn
from tests.scenarios.house import House, Payload, words
from tests.scenarios.team import BOT

SAMPLE = 6


@dataclass
class Talk:
    """A dialogue as it goes on: where, in which thread, and what was answered to each turn."""

    dialogue: Dialogue
    channel: str = ""
    thread: str = ""
    answers: list[str] = field(default_factory=list)


@asynccontextmanager
async def shuffled(house: House, chance: random.Random) -> AsyncIterator[None]:
    """What is told meanwhile is sent at the end: each event twice, some under a fresh id, all in another order."""
    events, held = house.workspace.world.events, list[tuple[Payload, int]]()
    with events.held(held):
        yield
    again = [
        (payload | {"event_id": f"EvAgain{n}"} if chance.random() < 0.5 else payload, 1)
        for n, (payload, _) in enumerate(held)
    ]
    every = [*held, *again]
    chance.shuffle(every)
    for payload, attempt in every:
        events.send(payload, attempt)


async def begin(house: House, dialogues: Sequence[Dialogue]) -> list[Talk]:
    talks = [Talk(each, each.place) for each in dialogues]
    for talk in talks:
        if talk.channel == DM:
            asker = talk.dialogue.turns[0].person
            talk.channel = (await house.act("open_dm", asker, user=BOT))["channel"]
            talk.thread = await house.post(asker, talk.channel, "hello")
    return talks


async def write(house: House, talk: Talk, turn: Turn) -> str:
    where = {"thread_ts": talk.thread} if talk.thread else {}
    ts = await house.post(turn.person, talk.channel, turn.text, **where)
    talk.thread = talk.thread or ts
    return ts


async def answers(house: House, talk: Talk, turn: Turn, ts: str) -> list[str]:
    """What everybody there sees; what is offered beside it is for the asker alone."""
    thread = await house.messages(turn.person, talk.channel, talk.thread)
    told = [each for each in thread if each["user"] == BOT and not each["ephemeral"]]
    return [words(message) for message in told if message["ts"] > ts]


async def talk_all(house: House, dialogues: Sequence[Dialogue], chance: random.Random | None = None) -> list[str]:
    """Goes through all dialogues, turn by turn; returns what was answered otherwise than it should be."""
    async with house.after_the_day():
        talks = await begin(house, dialogues)
        await house.quiet(300)
    wrong: list[str] = []
    for number in range(max(len(each.turns) for each in dialogues)):
        under_way = [each for each in talks if number < len(each.dialogue.turns)]
        async with house.daybook():
            if chance:
                async with shuffled(house, chance):
                    asked = [await write(house, each, each.dialogue.turns[number]) for each in under_way]
            else:
                asked = [await write(house, each, each.dialogue.turns[number]) for each in under_way]
            await house.quiet(300)
            for talk, ts in zip(under_way, asked, strict=True):
                turn = talk.dialogue.turns[number]
                wrong += judged(talk, turn, await answers(house, talk, turn, ts))
    return wrong


def judged(talk: Talk, turn: Turn, told: list[str]) -> list[str]:
    place = f"{DIALOGUES.index(talk.dialogue)}: {turn.person} in {talk.dialogue.place}: {turn.text}"
    if len(told) != (not turn.silent):
        return [f"{place} -> {len(told)} answers"]
    found = turn.wrong_in(told[0]) if told else []
    return [f"{place} -> {found} in {told[0][:300]}"] if found else []


def test_there_are_forty_dialogues_of_three_turns_or_more() -> None:
    """The table is as long as it says, and every talk has follow-ups."""
    assert len(DIALOGUES) == 40
    assert all(3 <= len(each.turns) <= 8 for each in DIALOGUES)


async def test_talks_go_on_across_restarts(house: House) -> None:
    """Each turn is answered from what was talked of before, though Daybook was started anew in between."""
    wrong = await talk_all(house, DIALOGUES[::SAMPLE])
    assert not wrong, "\n".join(wrong)


@pytest.mark.chaos
@pytest.mark.timeout(1800)
async def test_all_talks_go_on_across_restarts(house: House) -> None:
    """All forty."""
    wrong = await talk_all(house, DIALOGUES)
    assert not wrong, "\n".join(wrong)


@pytest.mark.chaos
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", [1, 2])
async def test_all_talks_go_on_when_events_come_twice_and_out_of_order(house: House, seed: int) -> None:
    """Each turn is answered once and as well, whatever the order and number of its events."""
    wrong = await talk_all(house, DIALOGUES, random.Random(seed))
    assert not wrong, "\n".join(wrong)
