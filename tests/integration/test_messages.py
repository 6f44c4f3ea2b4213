from typing import Any

import pytest
from hypothesis import strategies as st

from memory import containers, contents, messages, placements
from memory.contents import Text
from memory.database import Connection, Database
from memory.models.audience import Viewer
from memory.models.ids import content_id
from memory.models.messages import Deletion, Message, Reaction
from tests.integration.chat import (
    TEAM,
    at,
    bury,
    container,
    deleted,
    introduce,
    members,
    move,
    open_containers,
    person,
    rows,
    said,
    say,
    where,
    who,
)

Step = Message | Deletion | Reaction


@st.composite
def wordings(draw: st.DrawFn, posted: int) -> Message:
    """One delivery of the message posted at that minute; some tell less of it than others do."""
    edited = draw(st.none() | st.integers(0, 4))
    fields: dict[str, Any] = {
        "edited_at": None if edited is None else at(posted + edited),
        "thread_ts": draw(st.none() | st.just("1763283600.000000")),
        "client_msg_id": draw(st.none() | st.just("c-1")),
        "kind": draw(st.sampled_from(["human", "bot"])),
    }
    text = draw(st.text("abc <@\U0001f600", max_size=3))
    fields["mentions"] = (who("BOB"),) if "@" in text else ()
    return said("C1", posted, text, draw(st.sampled_from(["ANA", None])), **fields)


@st.composite
def steps(draw: st.DrawFn) -> Step:
    posted = draw(st.integers(0, 2))
    message = draw(wordings(posted))
    match draw(st.sampled_from(["say", "say", "say", "delete", "react", "react"])):
        case "delete":
            return deleted(message, draw(st.integers(5, 7)))
        case "react":
            return Reaction(
                message_id=message.message_id,
                container_id=message.container_id,
                person_id=who("BOB"),
                name=draw(st.sampled_from(["tada", "eyes"])),
                added=draw(st.booleans()),
                at=at(draw(st.integers(0, 2))),
            )
    return message


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Step], list[list[Step]]]:
    """What happened, and the same with repeats, in another order and in batches."""
    happened = draw(st.lists(steps(), min_size=1, max_size=9))
    repeated = happened + draw(st.lists(st.sampled_from(happened), max_size=4))
    mixed = draw(st.permutations(repeated))
    cuts = sorted(draw(st.sets(st.integers(1, len(mixed)), max_size=len(mixed))))
    return happened, [mixed[a:b] for a, b in zip([0, *cuts], [*cuts, len(mixed)], strict=True)]


async def take(connection: Connection, batch: list[Step]) -> None:
    """One batch: its deletions where they stand in it, its messages and reactions together."""
    await messages.store(connection, TEAM, [step for step in batch if isinstance(step, Message)])
    await messages.react(connection, TEAM, [step for step in batch if isinstance(step, Reaction)])
    for step in batch:
        if isinstance(step, Deletion):
            await messages.bury(connection, step)


async def test_a_tombstone_says_nothing(house: Database) -> None:
    """Of a deleted message remain its place and times: no author, no mention, no thread, no reaction, no revision."""
    message = said("C1", 0, "call <@BOB>", thread_ts="1.0", mentions=(who("BOB"),), client_msg_id="c-1")
    await say(house, message)
    await bury(house, message, 5)
    await say(house, message, said("C1", 0, "edited", edited_at=at(3)))
    async with house.scribing(where("C1")) as connection:
        found = await rows(connection, "select * from messages")
        for table in ("contents", "message_revisions", "reactions"):
            assert await rows(connection, f"select * from {table}") == []
    assert {name for name, value in found[0].items() if value} == {
        *("message_id", "team_id", "container_id", "external_ts", "kind", "posted_at", "deleted_at")
    }


async def test_a_late_older_wording_is_a_revision(house: Database) -> None:
    """An edit that comes before the original stays the wording; the original is kept beside it."""
    assert len(await say(house, said("C1", 0, "new words", edited_at=at(2)))) == 1
    assert await say(house, said("C1", 0, "old words")) == []
    async with house.scribing(where("C1")) as connection:
        assert [m.message.text for m in (await placements.stretch(connection, where("C1"), 10)).said] == ["new words"]
        kept = "select c.body from message_revisions join contents c using (content_id) order by at"
        assert [row["body"] for row in await rows(connection, kept)] == ["old words", "new words"]


async def test_repeats_change_nothing(house: Database) -> None:
    """What was stored before is not told as changed."""
    message = said("C1", 0, "once")
    assert await say(house, message) == [message.message_id]
    assert await say(house, message, message) == []


async def test_replies_may_come_before_parents(house: Database) -> None:
    """A reply keeps its thread when the parent is still missing, and both are read in order once it is there."""
    parent, reply = said("C1", 0, "parent"), said("C1", 1, "reply", thread_ts=said("C1", 0, "").external_ts)
    await say(house, reply)
    await say(house, parent)
    async with house.scribing(where("C1")) as connection:
        found = await placements.stretch(connection, where("C1"), 10)
    assert [(m.message.text, m.message.thread_ts) for m in found.said] == [
        ("parent", None),
        ("reply", parent.external_ts),
    ]


async def test_membership_may_come_before_the_container(house: Database) -> None:
    """Who joined a channel that we had not heard of reads it as soon as we have; who left does not."""
    await introduce(house, person("ANA"), person("BOB"))
    await move(house, "P1", "ANA", joined=True, minutes=1)
    await move(house, "P1", "BOB", joined=False, minutes=2)
    await move(house, "P1", "BOB", joined=True, minutes=1)
    await open_containers(house, container("P1", "private"))
    async with house.house() as connection:
        assert await containers.readable(connection, Viewer.person(who("ANA"))) == {where("P1")}
        assert await containers.readable(connection, Viewer.person(who("BOB"))) == set()


async def test_a_new_wording_drops_what_rested_on_a_shorter_telling(house: Database) -> None:
    """When a delivery tells more words of the same wording, what was derived from the fewer goes with them."""
    short, full = said("C1", 0, "look:"), said("C1", 0, "look: a preview")
    await say(house, short)
    async with house.scribing(where("C1")) as connection:
        gist = Text(
            content_id=content_id("gist", where("C1")),
            kind="gist",
            body="looks",
            container_id=where("C1"),
            rests_on=(messages.text_of(short),),
        )
        await contents.keep(connection, TEAM, [gist])
    assert await say(house, full) == [full.message_id]
    assert await say(house, short) == []
    async with house.scribing(where("C1")) as connection:
        assert [row["body"] for row in await rows(connection, "select body from contents")] == ["look: a preview"]


async def test_a_message_without_words_is_no_work(house: Database) -> None:
    """Words erased by themselves leave nothing to work out: the extraction does not run in circles."""
    message = said("C1", 0, "gone soon")
    await say(house, message)
    async with house.scribing(where("C1")) as connection:
        assert await messages.has_work(connection, where("C1"))
        await contents.erase(connection, [messages.text_of(message)])
        assert not await messages.has_work(connection, where("C1"))


@pytest.mark.parametrize("text", ["x" * 40_000, "\u202eright to left", "word " * 8_000, "\U0001f600" * 40_000])
async def test_any_text_is_stored_as_it_is(house: Database, text: str) -> None:
    """Long, right-to-left and astral texts come back unchanged."""
    message = said("C1", 0, text)
    await say(house, message)
    async with house.scribing(where("C1")) as connection:
        assert [m.text for m in await messages.read(connection, [message.message_id])] == [text]


async def test_what_waits_for_somebody_is_what_was_put_to_them_by_name(house: Database) -> None:
    """As far as its viewer may read it: of those days, by somebody else, not deleted, the newest first."""
    await open_containers(house, container("C1"), container("P1", "private"))
    await introduce(house, person("ANA"), person("BOB"), person("CAT"))
    await members(house, "P1", "ANA", "BOB")
    named = {"mentions": (who("BOB"),)}
    open_, private = said("C1", 10, "<@BOB> please", "ANA", **named), said("P1", 11, "<@BOB> this too", "ANA", **named)
    gone, early = said("C1", 12, "<@BOB> gone", "ANA", **named), said("C1", 1, "<@BOB> early", "ANA", **named)
    nobodys = (said("C1", 13, "to all", "ANA"), said("C1", 14, "<@BOB> note to self", "BOB", **named))
    app = said("C1", 15, "<@BOB> build failed", "CAT", kind="bot", **named)
    await say(house, open_, private, gone, early, *nobodys, app)
    await bury(house, gone)

    async def waiting(viewer: Viewer, *authors: str, most: int = 9) -> list[str]:
        async with house.viewing(viewer) as connection:
            found = await messages.waiting(
                connection, viewer, [who("BOB")], at(5), at(20), most, authors=[who(name) for name in authors]
            )
        return [each.text for each in found]

    assert await waiting(Viewer.person(who("BOB"))) == [private.text, open_.text]
    assert await waiting(Viewer.person(who("BOB")), most=1) == [private.text]
    assert await waiting(Viewer.person(who("BOB")), "CAT") == []
    assert await waiting(Viewer.person(who("CAT")), "ANA") == [open_.text]
    assert await waiting(Viewer.channel(where("C1"))) == [open_.text]
