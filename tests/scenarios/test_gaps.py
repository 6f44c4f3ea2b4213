"""What was said while no connection stood: what would have been taken up live is taken up once it is read back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from tests.scenarios.house import House, Payload, until, words
from tests.scenarios.team import BEN, BOT, FAY, GENERAL, PAYMENTS
from tests.scenarios.test_surfaces import command

MENTION = f"<@{BOT}>"


@contextmanager
def gap(house: House) -> Iterator[list[tuple[Payload, int]]]:
    """Slack sends to a connection that is gone, and not again: what it would have sent. Then there is a new one."""
    held: list[tuple[Payload, int]] = []
    with house.workspace.world.events.held(held):
        yield held
    house.workspace.world.socket.cut()


async def read_back(house: House, ts: str) -> None:
    """Waits until a message is known, and all that follows on it is done."""
    await until(lambda: _is_known(house, ts), f"{ts} read back")
    await house.quiet()


async def _is_known(house: House, ts: str) -> bool:
    return bool(await house.value("select count(*) from messages where external_ts = %s", ts))


async def asked(house: House, channel: str = GENERAL) -> str:
    """Somebody asked with a mention, and was answered."""
    ts = await house.post(FAY, channel, f"{MENTION} what was decided about the ledger?")
    await house.answer(FAY, channel, ts)
    await house.quiet()
    return ts


async def told(house: House, channel: str, ts: str) -> list[str]:
    """What Daybook wrote in a thread."""
    return [words(each) for each in await house.messages(FAY, channel, ts) if each["user"] == BOT]


async def test_a_follow_up_in_a_gap_is_answered_once(evening: House) -> None:
    """Without a mention, under a question from before the gap or in it; delivered late as well it changes nothing."""
    before = await asked(evening)
    with gap(evening) as held:
        first = await evening.post(FAY, GENERAL, "who said that?", thread_ts=before)
        begun = await evening.post(FAY, GENERAL, f"{MENTION} what was decided about the freeze?")
        second = await evening.post(FAY, GENERAL, "and since when?", thread_ts=begun)
    for ts in (first, second):
        await read_back(evening, ts)
    await until(lambda: _many(evening, before, 2), "an answer to what was asked in the gap")
    await until(lambda: _many(evening, begun, 2), "an answer to what follows on a question of the gap")
    assert "Ada Brandt" in (await told(evening, GENERAL, before))[-1]
    for payload, attempt in held:
        evening.workspace.world.events.send(payload, attempt)
    with gap(evening):
        last = await evening.post(BEN, PAYMENTS, "The importer stays until Friday.")
    await read_back(evening, last)
    assert [len(await told(evening, GENERAL, ts)) for ts in (before, begun)] == [2, 2]


async def _many(house: House, ts: str, wanted: int) -> bool:
    return len(await told(house, GENERAL, ts)) == wanted


async def test_a_follow_up_is_answered_after_a_restart(house: House) -> None:
    """What somebody goes on with while Daybook is down."""
    async with house.after_the_day():
        ts = await asked(house)
    await house.post(FAY, GENERAL, "who said that?", thread_ts=ts)
    async with house.daybook():
        await until(lambda: _many(house, ts, 2), "an answer to what was asked while it was down")
        assert "Ada Brandt" in (await told(house, GENERAL, ts))[-1]


@pytest.mark.parametrize(
    ("person", "text", "earlier"),
    [
        (FAY, "Ben, can you take this?", ()),
        (FAY, "thanks, that helps", ()),
        (BEN, "who said that?", ()),
        (FAY, "who said that?", ((BEN, "I did not know that."),)),
        (FAY, f"<@{BEN}> who said that?", ()),
    ],
)
async def test_what_people_say_to_each_other_in_a_gap_is_left_to_them(
    evening: House, person: str, text: str, earlier: tuple[tuple[str, str], ...]
) -> None:
    """As where it comes live: spoken to somebody, no question, by somebody else, or after somebody else."""
    before = await asked(evening)
    with gap(evening):
        for who, what in (*earlier, (person, text)):
            ts = await evening.post(who, GENERAL, what, thread_ts=before)
    await read_back(evening, ts)
    assert len(await told(evening, GENERAL, before)) == 1


async def test_a_follow_up_of_an_older_gap_is_no_longer_waited_for(house: House) -> None:
    """An hour later nobody waits for it; it is known all the same."""
    async with house.after_the_day():
        ts = await asked(house)
    late = await house.post(FAY, GENERAL, "who said that?", thread_ts=ts)
    house.workspace.clock.advance(timedelta(minutes=61))
    async with house.daybook():
        await read_back(house, late)
        assert len(await told(house, GENERAL, ts)) == 1


async def test_a_quiet_channel_stays_quiet_after_a_gap(house: House) -> None:
    """Its members wanted it quiet when it was said: that they want it otherwise later makes no question of it."""
    async with house.after_the_day():
        ts = await asked(house, PAYMENTS)
        await command(house, BEN, "quiet here", PAYMENTS)
        await house.quiet()
        await house.post(FAY, PAYMENTS, "who said that?", thread_ts=ts)
        with gap(house):
            late = await house.post(FAY, PAYMENTS, "since when?", thread_ts=ts)
        await read_back(house, late)
        assert len(await told(house, PAYMENTS, ts)) == 1
        house.workspace.clock.advance(timedelta(minutes=1))
        await command(house, FAY, "talk", PAYMENTS)
        await house.quiet()
        with gap(house):
            last = await house.post(BEN, PAYMENTS, "The importer stays until Friday.")
        await read_back(house, last)
        assert len(await told(house, PAYMENTS, ts)) == 1


async def test_what_was_left_to_people_stays_theirs_when_one_of_them_deletes(evening: House) -> None:
    """Silence that was right when it was kept is not broken by reading the thread again."""
    before = await asked(evening)
    between = await evening.post(BEN, GENERAL, "I did not know that.", thread_ts=before)
    await evening.quiet()  # what comes at the same moment may be heard in either order
    await evening.post(FAY, GENERAL, "who said that?", thread_ts=before)
    await evening.quiet()
    evening.workspace.clock.advance(timedelta(minutes=1))
    await evening.act("delete", BEN, channel=GENERAL, ts=between)
    await evening.quiet()
    with gap(evening):
        last = await evening.post(BEN, GENERAL, "The importer stays until Friday.")
    await read_back(evening, last)
    assert len(await told(evening, GENERAL, before)) == 1
