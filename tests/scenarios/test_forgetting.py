"""What is erased goes from where it was posted too, whyever it is erased, and does not come back."""

from bot.app import Daybook
from bot.keeping import Room, find_message, find_place, is_there, places, read_place_again
from handlers import decode
from handlers.agent_view import UNTITLED
from handlers.surfaces import NO_LONGER, NOTHING_LEFT
from memory import containers
from memory.models.ids import ContainerId, container_id, person_id
from tests.scenarios.house import House, Payload, until, words
from tests.scenarios.team import ADA, BEN, BOT, CHI, DAY, DEE, FAY, GENERAL, MORNINGS, PAYMENTS, said

MENTION = f"<@{BOT}>"
QUINCE = said("ledger Quince")


def here(daybook: Daybook, channel: str) -> ContainerId:
    return container_id(daybook.workspace.team, decode.SLACK, channel)


async def ask(house: House, text: str, person: str = FAY, channel: str = GENERAL) -> tuple[str, Payload]:
    ts = await house.post(person, channel, f"{MENTION} {text}")
    return ts, await house.answer(person, channel, ts)


async def answer_reads(house: House, ts: str, text: str, channel: str = GENERAL) -> None:
    async def reads() -> bool:
        thread = await house.messages(FAY, channel, ts)
        return [each["text"] for each in thread[1:]] == [text]

    await until(reads, f"an answer that reads {text}")


async def briefing_without(house: House, person: str, word: str) -> Payload:
    async def shown() -> Payload | None:
        [(_, found)] = await house.briefings(person)
        return found if word not in words(found) else None

    found: Payload = await until(shown, f"a briefing without {word}")
    return found


async def left_of(house: House, *found: str) -> list[tuple[str, str]]:
    """The tables in which one of these stands, in any case, apart from the jobs that are Procrastinate's."""
    left = []
    for (table,) in await house.rows(
        "select table_name::text from information_schema.tables"
        " where table_schema = 'public' and table_type = 'BASE TABLE'"
    ):
        for word in found:
            if await house.rows(f"select from {table} t where t::text ilike %s", f"%{word}%"):
                left.append((table, word))
            if await house.rows(f"select from {table} t where t::text like %s", f"%{word.encode().hex()}%"):
                left.append((table, word))
    return left


async def test_a_deletion_reaches_what_was_posted(house: House) -> None:
    """A deleted message's words go from the posted briefing, which is counted anew, and from the posted answer."""
    async with house.after_the_day():
        house.at(MORNINGS[ADA], seconds=1)
        _, before = await house.briefing(ADA)
        ts, answer = await ask(house, "which ledger do we ship?")
        assert ("Quince" in words(before), "Quince" in words(answer)) == (True, True)
        await house.act("delete", ADA, channel=PAYMENTS, ts=QUINCE.ts)
        after = await briefing_without(house, ADA, "Quince")
        await answer_reads(house, ts, NO_LONGER)
        headline = after["blocks"][1]["text"]["text"]
        assert headline not in ("–", before["blocks"][1]["text"]["text"], NOTHING_LEFT)
        assert "invoice tool licence" in words(after)  # what rests on other words stands
        await house.quiet()
        updates = [call for call in await house.calls("chat.update") if call["ok"]]
        assert len(updates) == 2


async def test_a_post_is_updated_once_for_a_cause(house: House) -> None:
    """Rounds that come round again find nothing to update; a later deletion is another cause."""
    async with house.after_the_day():
        house.at(MORNINGS[ADA], seconds=1)
        await house.briefing(ADA)
        await house.act("delete", ADA, channel=PAYMENTS, ts=QUINCE.ts)
        await briefing_without(house, ADA, "Quince")
        await house.several_rounds()
        assert len(await house.calls("chat.update")) == 1
        assert await house.value("select count(*) from redraws") == 0
        await house.act("delete", FAY, channel=PAYMENTS, ts=said("invoice tool").ts)
        await briefing_without(house, ADA, "invoice tool")
        assert len(await house.calls("chat.update")) == 2


async def test_a_deleted_question_takes_the_posted_answer_along(house: House) -> None:
    """Whoever deletes their question, has the answer's words gone from the thread."""
    async with house.after_the_day():
        ts, answer = await ask(house, "which ledger do we ship?")
        assert "Quince" in words(answer)
        await house.act("delete", FAY, channel=GENERAL, ts=ts)

        async def gone() -> bool:
            thread = await house.messages(FAY, GENERAL, ts)
            return all("Quince" not in words(each) for each in thread if each["user"] == BOT)

        await until(gone, "an answer without its words")


async def test_what_is_over_expires_and_is_updated_in_slack(house: House) -> None:
    """What is older than its channel keeps goes by the daily round; a hold wins; reading back restores nothing."""
    async with house.after_the_day() as daybook:
        house.at(MORNINGS[ADA], seconds=1)
        _, before = await house.briefing(ADA)
        assert "Quince" in words(before)
        payments, team = here(daybook, PAYMENTS), daybook.workspace.team
        async with daybook.database.scribing(payments) as connection:
            await containers.retain(connection, team, payments, 3, daybook.clock.now())
            await containers.hold(connection, team, payments, True, daybook.clock.now())
        house.at(MORNINGS[ADA], days=2, hours=20)
        await daybook.erasing.tidy()
        house.at(MORNINGS[ADA], days=4)
        assert (await daybook.erasing.tidy())["messages"] == 0
        async with daybook.database.scribing(payments) as connection:
            await containers.hold(connection, team, payments, False, daybook.clock.now())
        many = sum(message.channel == PAYMENTS for message in DAY)
        assert (await daybook.erasing.tidy())["messages"] == many
        await briefing_without(house, ADA, "Quince")
        await house.quiet()
        assert await left_of(house, "Quince", "refund queue") == []
        await daybook.read_back()
        await daybook.history.read_workspace()
        await house.quiet()
        assert await left_of(house, "Quince", "refund queue") == []
        assert (
            await house.value("select count(*) from messages where deleted_at is null and container_id = %s", payments)
            == 0
        )
        assert (await daybook.erasing.tidy())["messages"] == 0


async def test_a_forgotten_person_is_nobody(house: House) -> None:
    """Words, names, briefings, questions and answers of a forgotten person go, and what they write later stays away."""
    async with house.after_the_day() as daybook:
        for reader, morning in MORNINGS.items():
            house.at(morning, seconds=1)
            await house.briefing(reader)
        ts, answer = await ask(house, "what did Ben promise?", ADA)
        assert "Ben" in words(answer)
        await ask(house, "who tells finance about the fandango?", BEN)
        theirs = [message for message in DAY if message.user == BEN]
        erased, held = await daybook.erasing.person(person_id(daybook.workspace.team, decode.SLACK, BEN))
        assert (erased["messages"], held) == (len(theirs) + 1, [])
        await house.quiet()
        canaries = [message.text[:18] for message in theirs if len(message.text) > 18]
        assert await left_of(house, "Ben Okafor", "Tech Lead", "fandango", *canaries) == []
        await answer_reads(house, ts, NO_LONGER)
        for reader in (ADA, CHI, DEE):
            assert "Ben Okafor" not in words(await briefing_without(house, reader, "Ben Okafor"))
        later = await house.post(BEN, GENERAL, f"{MENTION} the fandango is back")
        await daybook.history.read_workspace()
        await house.quiet()
        assert await left_of(house, "fandango", "Ben Okafor") == []
        assert len(await house.messages(BEN, GENERAL, later)) == 1  # and nobody answered
        assert (await daybook.erasing.person(person_id(daybook.workspace.team, decode.SLACK, BEN)))[0].total() == 0


async def test_a_forgotten_reader_loses_their_briefing(house: House) -> None:
    """The briefing in the channel of a forgotten leader is emptied, and none comes any more."""
    async with house.after_the_day() as daybook:
        house.at(MORNINGS[ADA], seconds=1)
        await house.briefing(ADA)
        await daybook.erasing.person(person_id(daybook.workspace.team, decode.SLACK, ADA))

        async def emptied() -> bool:
            [(_, shown)] = await house.briefings(ADA)
            return NOTHING_LEFT in words(shown) and "item_done" not in words(shown)

        await until(emptied, "an emptied briefing")
        await daybook.history.read_workspace()
        assert await left_of(house, "daybook-ada", "Brandt") == []
        assert await house.value("select count(*) from checkpoints where thread_id like 'briefing:%%'") == 0
        await house.act("open_home", ADA)
        await house.press_at_home(ADA, "start")
        house.at(MORNINGS[ADA], days=3, seconds=1)
        await house.several_rounds()
        assert len(await house.briefings(ADA)) == 1


async def test_a_forgotten_channel_is_read_no_more(house: House) -> None:
    """Its words and name go everywhere, and though Daybook is in it nothing new is kept, until an operator says so."""
    async with house.after_the_day() as daybook:
        house.at(MORNINGS[ADA], seconds=1)
        _, before = await house.briefing(ADA)
        assert "Quince" in words(before)
        ts, answer = await ask(house, "which ledger do we ship?", FAY, PAYMENTS)
        assert "Quince" in words(answer)
        await daybook.erasing.container(here(daybook, PAYMENTS))
        await briefing_without(house, ADA, "Quince")
        await answer_reads(house, ts, NO_LONGER, PAYMENTS)
        await house.post(BEN, PAYMENTS, "ledger Quince is shipped")
        await ask_in_vain(house, PAYMENTS)
        await daybook.history.read_workspace()
        await house.quiet()
        assert await left_of(house, "Quince", "refund queue") == []
        assert await house.value("select name from containers where external_id = %s", PAYMENTS) == ""
        events = await house.value("select count(*) from events")
        await daybook.history.read_workspace()
        assert await house.value("select count(*) from events") == events
        house.at(MORNINGS[ADA], hours=3)
        place = find_place(PAYMENTS, await places(Room(daybook.database, daybook.jobs, daybook.clock)))
        await read_place_again(Room(daybook.database, daybook.jobs, daybook.clock), place)
        await house.quiet()
        await house.post(BEN, PAYMENTS, "The new ledger is called Rowan.")
        await house.quiet()
        found = [table for table, _ in await left_of(house, "Rowan")]
        assert "contents" in found
        assert await left_of(house, "Quince", "refund queue") == []


async def test_a_question_in_a_dm_is_forgotten_by_its_message(house: House) -> None:
    """What was asked in a DM is stored as a question alone: forgetting its message takes it and the answer along."""
    async with house.after_the_day() as daybook:
        dm = str((await house.act("open_dm", FAY, user=BOT))["channel"])
        ts = await house.post(FAY, dm, "which ledger do we ship, says the fandango?")

        async def shown() -> str:
            return "".join(words(each) for each in await house.messages(FAY, dm) if each["user"] == BOT)

        async def answered() -> bool:
            return "Quince" in await shown()

        await until(answered, "an answer in the DM")
        room = Room(daybook.database, daybook.jobs, daybook.clock)
        place, message = find_message(f"{dm}/{ts}", await places(room))
        assert await is_there(room, place, message)
        await daybook.erasing.message(place.container_id, message)

        async def gone() -> bool:
            return NO_LONGER in await shown() and "Quince" not in await shown()

        await until(gone, "an answer without its words")
        assert await left_of(house, "fandango") == []
        assert not await is_there(room, place, message)

        async def untitled() -> bool:
            titles = [each["arguments"]["title"] for each in await house.calls("assistant.threads.setTitle")]
            return bool(titles[-1] == UNTITLED)

        await until(untitled, "another title for the talk")


async def ask_in_vain(house: House, channel: str) -> None:
    ts = await house.post(FAY, channel, f"{MENTION} which ledger Quince is it?")
    await house.quiet()
    assert len(await house.messages(FAY, channel, ts)) == 1
