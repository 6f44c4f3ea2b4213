"""Talks that go on over days and weeks, over real Socket Mode, with Daybook started anew each day."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from tests.scenarios.dialogues import DM, Dialogue
from tests.scenarios.house import House
from tests.scenarios.long_dialogues import LONG_DIALOGUES, MONTH, SAID_LATER, LongDialogue
from tests.scenarios.team import EVENING
from tests.scenarios.test_dialogues import Talk, answers, begin, write

AGED = """
update checkpoints set checkpoint = jsonb_set(checkpoint, '{ts}', to_jsonb(((checkpoint ->> 'ts')::timestamptz
       - interval '31 days')::text))"""
"""A checkpoint is as old as the machine's clock says, which does not move."""


async def weeks_pass(house: House) -> None:
    """What was talked of a month ago is pruned, as it is every night."""
    await house.rows(f"{AGED} returning 1")
    async with house.daybook() as daybook:
        await daybook.erasing.tidy()
        await house.quiet(300)
    assert await house.value("select count(*) from checkpoints where thread_id like 'answering:%%'") == 0


async def go_on(house: House, day: int, talks: list[tuple[LongDialogue, Talk]]) -> list[str]:
    """The turns of a day, one of each talk at a time; returns what was answered otherwise than it should be."""
    wrong: list[str] = []
    for number in range(max(len(each.turns) for each, _ in talks)):
        asked = []
        for long, talk in talks:
            todays = [turn for when, turn in long.turns if when == day]
            if number < len(todays):
                asked.append((talk, todays[number], await write(house, talk, todays[number])))
        await house.quiet(300)
        for talk, turn, ts in asked:
            told = await answers(house, talk, turn, ts)
            found = turn.wrong_in(told[0]) if len(told) == 1 else [f"{len(told)} answers"]
            wrong += [f"day {day}: {turn.person} in {talk.channel}: {turn.text} -> {found} in {told}"] if found else []
    return wrong


async def talk_for_weeks(house: House, dialogues: Sequence[LongDialogue]) -> list[str]:
    """Goes through all dialogues, day by day; returns what was answered otherwise than it should be."""
    wrong: list[str] = []
    async with house.after_the_day():
        begun = await begin(house, [Dialogue(each.place, (each.turns[0][1],)) for each in dialogues])
        await house.quiet(300)
    talks = list(zip(dialogues, begun, strict=True))
    days = {day for each in dialogues for day, _ in each.turns} | {day for day, *_ in SAID_LATER}
    for day in sorted(days):
        house.at(EVENING, days=day)
        if day == MONTH:
            await weeks_pass(house)
        async with house.daybook():
            await house.quiet(300)
            for when, channel, person, text in SAID_LATER:
                if when == day:
                    await house.post(person, channel, text)
            await house.quiet(300)
            wrong += await go_on(house, day, talks)
    return wrong


async def test_talks_go_on_over_weeks(house: House) -> None:
    """Next week it goes on; after a month it is said that the talk is too long ago, and it begins anew."""
    wrong = await talk_for_weeks(house, LONG_DIALOGUES[3:5])
    assert not wrong, "\n".join(wrong)


@pytest.mark.chaos
@pytest.mark.timeout(1800)
async def test_talks_go_on_over_days_and_weeks(house: House) -> None:
    """All of them: next morning, next week, as of an earlier day."""
    wrong = await talk_for_weeks(house, LONG_DIALOGUES)
    assert not wrong, "\n".join(wrong)


def test_some_dialogues_go_on_over_days() -> None:
    """At least four, in private and in channels, each on several days."""
    assert len(LONG_DIALOGUES) >= 4
    assert all(len({day for day, _ in each.turns}) > 1 for each in LONG_DIALOGUES)
    assert {DM} < {each.place for each in LONG_DIALOGUES}
    assert timedelta(days=MONTH) > timedelta(days=30)
