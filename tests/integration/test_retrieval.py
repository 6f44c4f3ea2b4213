"""The index of messages: what is found, for whom, and what is left of what was deleted."""

import asyncio
from typing import Any

import psycopg
import pytest

from graphs import indexing
from memory import answers, messages, retrieval
from memory.database import Connection, Database, open_pool
from memory.models.audience import Viewer
from memory.models.ids import MessageId
from memory.models.messages import Message
from memory.models.retrieval import Effort, Hit, Query, Space
from tests.conftest import TestDatabase
from tests.embedding import Hashing
from tests.integration.chat import (
    TEAM,
    at,
    bury,
    canaries,
    container,
    introduce,
    members,
    open_containers,
    person,
    rows,
    said,
    say,
    ts,
    where,
    who,
)
from tests.integration.test_erasure import question

ANA, BOB = Viewer.person(who("ANA")), Viewer.person(who("BOB"))
EMBEDDER = Hashing()
CANARY = "xylophonic"


@pytest.fixture
async def place(house: Database) -> Database:
    """A channel of Ana's and one of Bob's."""
    await introduce(house, person("ANA"), person("BOB"))
    await open_containers(house, container("C1", "private"), container("C2", "private"))
    await members(house, "C1", "ANA")
    await members(house, "C2", "BOB")
    async with house.house() as connection:
        await retrieval.open_space(connection, indexing.space_of(EMBEDDER))
    return house


async def tell(house: Database, *found: Message, embedder: Hashing = EMBEDDER) -> None:
    await say(house, *found)
    for where_ in sorted({message.container_id for message in found}):
        await indexing.index(house, where_, embedder)


async def search(
    house: Database,
    *words: str,
    viewer: Viewer = ANA,
    embedder: Hashing | None = EMBEDDER,
    few: int = retrieval.USUAL.few,
    budget: int = retrieval.USUAL.budget,
    **more: object,
) -> list[Hit]:
    query = Query.model_validate({"words": words, **more})
    if embedder and words:
        (vector,) = await embedder.embed([" ".join(words)])
        query = query.model_copy(update={"space": indexing.space_of(embedder), "vector": tuple(vector)})
    async with house.viewing(viewer) as connection:
        return await retrieval.search(connection, viewer, query, 20, Effort(few=few, budget=budget))


def ids(hits: list[Hit]) -> list[MessageId]:
    return [hit.message_id for hit in hits]


async def test_the_best_match_comes_first(place: Database) -> None:
    """What shares rare words with the question is found first, with its rank and its likeness."""
    talk = [said("C1", n, f"we talked about lunch number {n}") for n in range(20)]
    wanted = said("C1", 7.5, "the pelican is released on friday")
    await tell(place, *talk, wanted)
    found = await search(place, "pelican", "released")
    assert found[0].message_id == wanted.message_id
    assert found[0].lexical > 0
    assert found[0].similarity is not None
    assert found[0].similarity > 0.1


async def test_words_alone_are_found_without_vectors(place: Database) -> None:
    """Without an embedder, and before anything is embedded, words are found."""
    await say(place, said("C1", 1, "the pelican is out"))
    await indexing.index_words(place, where("C1"))
    for embedder in (None, EMBEDDER):
        (hit,) = await search(place, "pelican", embedder=embedder)
        assert hit.similarity is None


async def test_vectors_alone_are_found_without_words(place: Database) -> None:
    """What shares no stem with the question is found when its vector is alike."""
    wanted = said("C1", 1, "the of and")  # stop words have no stem
    await tell(place, wanted, said("C1", 600, "quite another matter"))
    found = await search(place, "the", "of", "and")
    assert (found[0].message_id, found[0].lexical) == (wanted.message_id, 0)


async def test_a_message_is_found_by_its_neighbours_words(place: Database) -> None:
    """The answer to a question is found by the question's words, behind the question itself."""
    asked, answered = said("C1", 1, "where does the pelican sleep?"), said("C1", 2, "in the yard", author="BOB")
    await tell(place, asked, answered, said("C1", 3, "unrelated"))
    assert ids(await search(place, "pelican", embedder=None)) == [asked.message_id, answered.message_id]


async def test_neighbours_stand_in_the_thread_or_in_the_channel(place: Database) -> None:
    """A reply's neighbours are those of its thread, whatever the channel said between; after a night there are none."""
    root = said("C1", 1, "pelican")
    other = said("C1", 2, "lunch")
    reply = said("C1", 3, "yard", thread_ts=ts(1))
    next_day = said("C1", 1500, "morning")
    await tell(place, root, other, reply, next_day)
    async with place.viewing(ANA) as connection:
        found = await rows(connection, "select message_id, content_id, before_id, after_id from passages")
    around = {row["message_id"]: (row["before_id"], row["after_id"]) for row in found}
    text = {message.message_id: messages.text_of(message) for message in (root, other, reply, next_day)}
    assert around == {
        root.message_id: (None, text[other.message_id]),
        other.message_id: (text[root.message_id], None),
        reply.message_id: (text[root.message_id], None),
        next_day.message_id: (None, None),
    }


async def test_any_order_ends_in_one_index(place: Database, database: TestDatabase) -> None:
    """Messages that come late, are edited, or are in a thread leave the index as if they had come in order."""
    told = [said("C1", n, f"word{n} pelican") for n in range(8)]
    late = said("C1", 3.5, "between", thread_ts=ts(3))
    edited = said("C1", 5, "edited", edited_at=at(30))
    for batch in ([told[0], *told[2:]], [told[1]], [late], [edited]):
        await tell(place, *batch)
    query = "select passages::text, search::text from passages order by message_id"
    async with place.viewing(ANA) as connection:
        stepwise = await rows(connection, query)
        terms = await rows(connection, "select stem, passages from passage_terms order by stem")
    async with place.scribing(where("C1")) as connection:
        await connection.execute("delete from passages")
        assert await rows(connection, "select from passage_terms") == []
    await indexing.index(place, where("C1"), EMBEDDER)
    async with place.viewing(ANA) as connection:
        assert await rows(connection, query) == stepwise
        assert await rows(connection, "select stem, passages from passage_terms order by stem") == terms


async def test_a_deleted_message_is_gone_from_the_index(place: Database, database: TestDatabase) -> None:
    """Its words stand in no passage of its own nor its neighbours', in no count of words, and its vectors are gone."""
    before, gone, after = said("C1", 1, "first"), said("C1", 2, f"we use {CANARY}"), said("C1", 3, "third")
    await tell(place, before, gone, after)
    assert {"passages", "passage_terms"} <= set(canaries(database.admin_dsn, CANARY[:8]))
    await bury(place, gone)
    assert canaries(database.admin_dsn, CANARY[:8]) == []
    async with place.viewing(ANA) as connection:
        assert await rows(connection, "select from passages") == []  # until they are made anew
        assert await rows(connection, "select from passage_vectors") == []
        assert await retrieval.behind_for(connection, ANA) == [where("C1")]
    await indexing.index(place, where("C1"), EMBEDDER)
    assert ids(await search(place, "first", embedder=None)) == [before.message_id, after.message_id]
    async with place.viewing(ANA) as connection:
        assert len(await rows(connection, "select from passage_vectors")) == 2
    assert canaries(database.admin_dsn, CANARY[:8]) == []


async def test_an_edit_takes_the_old_wording_out_of_the_index(place: Database) -> None:
    """After an edit the message and its neighbours are found by the new words, and no more by the old ones."""
    await tell(place, said("C1", 1, "first"), said("C1", 2, "pelican"), said("C1", 3, "third"))
    await tell(place, said("C1", 2, "heron", edited_at=at(9)))
    assert await search(place, "pelican", embedder=None) == []
    assert len(await search(place, "heron", embedder=None)) == 3


async def test_words_deleted_while_they_are_embedded_get_no_vector(place: Database) -> None:
    """A vector of words that were deleted or changed meanwhile is not kept."""
    first, second = said("C1", 1, "pelican"), said("C1", 2, "heron")
    await say(place, first, second)
    await indexing.index_words(place, where("C1"))
    space = indexing.space_of(EMBEDDER)
    async with place.scribing(where("C1")) as connection:
        waiting = await retrieval.unembedded(connection, where("C1"), space, 10)
    await bury(place, second)
    await indexing.index_words(place, where("C1"))
    async with place.scribing(where("C1")) as connection:
        vectors = await EMBEDDER.embed([each.text for each in waiting])
        await retrieval.keep_vectors(connection, where("C1"), space, list(zip(waiting, vectors, strict=True)))
        assert await rows(connection, "select from passage_vectors") == []


async def test_another_embedder_takes_over_in_the_background(place: Database) -> None:
    """With another embedder, by name or dimension, everything is embedded anew; until then words are found."""
    await tell(place, said("C1", 1, "pelican"), said("C2", 1, "heron"))
    for other in (Hashing("hashing-2"), Hashing("hashing-2", 96)):
        space = indexing.space_of(other)
        async with place.house() as connection:
            await retrieval.open_space(connection, space)
            await retrieval.open_space(connection, space)
            assert sorted(await retrieval.to_index(connection, TEAM, space)) == sorted([where("C1"), where("C2")])
        (hit,) = await search(place, "pelican", embedder=other)
        assert (hit.similarity, hit.lexical > 0) == (None, True)
        for name in ("C1", "C2"):
            await indexing.index(place, where(name), other)
        async with place.house() as connection:
            assert await retrieval.to_index(connection, TEAM, space) == []
        (hit,) = await search(place, "pelican", embedder=other)
        assert hit.similarity == pytest.approx(1, abs=0.01)
        async with place.scribing(where("C1"), where("C2")) as connection:
            kept = await rows(connection, "select distinct embedder, dimension from passage_vectors")
        assert kept == [{"embedder": other.name, "dimension": other.dimension}]


async def test_what_waits_for_its_vector_is_listed_until_it_has_one(place: Database) -> None:
    """A worker that ended between the words and the vectors leaves what the next one finds, without looking further."""
    space = indexing.space_of(EMBEDDER)
    await tell(place, *(said("C1", n, f"word{n}") for n in range(3)))
    await say(place, said("C1", 3, "pelican"))
    await indexing.index_words(place, where("C1"))
    async with place.house() as connection:
        assert await retrieval.to_index(connection, TEAM, space) == [where("C1")]
    async with place.scribing(where("C1")) as connection:
        listed = {row["message_id"] for row in await rows(connection, "select message_id from passages_to_embed")}
        waiting = await retrieval.unembedded(connection, where("C1"), space, 10)
        assert {said("C1", 3, "").message_id} <= {each.message_id for each in waiting} <= listed
    await indexing.index(place, where("C1"), EMBEDDER)
    async with place.scribing(where("C1")) as connection:
        assert await rows(connection, "select message_id from passages_to_embed") == []
        assert await retrieval.unembedded(connection, where("C1"), space, 10) == []
    async with place.house() as connection:
        assert await retrieval.to_index(connection, TEAM, space) == []


async def test_nothing_is_embedded_twice(place: Database) -> None:
    """An unchanged container costs no embedding, and one more message only its own and its neighbours'."""
    embedder = Hashing()
    await tell(place, *(said("C1", n, f"word{n}") for n in range(10)), embedder=embedder)
    assert embedder.asked == 10
    await indexing.index(place, where("C1"), embedder)
    assert embedder.asked == 10
    await tell(place, said("C1", 10, "one more"), embedder=embedder)
    assert embedder.asked == 12


async def test_what_is_settled_is_asked_once(place: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether all passages have vectors is read once where nothing waits, and changed only where it was not so."""
    await tell(place, said("C1", 1, "pelican"))
    asked: list[object] = []
    execute = psycopg.AsyncConnection.execute

    async def counted(connection: Connection, query: Any, *given: Any, **named: Any) -> Any:
        asked.append(query)
        return await execute(connection, query, *given, **named)

    async def settled() -> object:
        async with place.scribing(where("C1")) as connection:
            return await rows(connection, "select xmin::text, embedder, dimension from indexed_containers")

    before = await settled()
    monkeypatch.setattr(psycopg.AsyncConnection, "execute", counted)
    await indexing.index(place, where("C1"), EMBEDDER)
    monkeypatch.undo()
    assert asked.count(retrieval.SQL["is_embedded"]) == 1
    assert await settled() == before


async def test_nobody_waits_for_a_question_to_be_indexed(place: Database) -> None:
    """What was put to Daybook answers nothing; what people said after it does."""
    asked, after = said("C1", 1, "who feeds the pelican?"), said("C1", 2, "Bob does")
    await say(place, asked)
    async with place.viewing(ANA) as connection:
        assert await retrieval.behind_for(connection, ANA) == [where("C1")]
        await answers.ask(connection, TEAM, question(asked))
    async with place.viewing(ANA) as connection:
        assert await retrieval.behind_for(connection, ANA) == []
    await say(place, after)
    async with place.viewing(ANA) as connection:
        assert await retrieval.behind_for(connection, ANA) == [where("C1")]


async def test_new_messages_make_their_container_stale(place: Database) -> None:
    """Who stores or deletes messages leaves a note for the index, seen only by those who may read there."""
    await say(place, said("C1", 1, "pelican"))
    seen = {}
    for viewer in (ANA, BOB):
        async with place.viewing(viewer) as connection:
            seen[viewer.viewer_id] = await retrieval.behind_for(connection, viewer)
    assert seen == {who("ANA"): [where("C1")], who("BOB"): []}
    await indexing.index_words(place, where("C1"))
    async with place.viewing(ANA) as connection:
        assert await retrieval.behind_for(connection, ANA) == []


async def test_few_and_many_candidates_find_the_same(place: Database) -> None:
    """The approximate search finds what the exact one finds, where both can be sure of it."""
    talk = [said("C1", n / 10, f"word{n % 50} topic{n // 10} lunch{n}") for n in range(400)]
    await tell(place, *talk)
    for n in (3, 77, 250):
        words = (f"topic{n // 10}", f"lunch{n}")
        exact, approximate = await search(place, *words), await search(place, *words, few=0)
        assert exact[0].message_id == approximate[0].message_id == talk[n].message_id
        assert {*ids(exact)} == {*ids(approximate)}


async def test_common_words_still_find_something(place: Database) -> None:
    """Where every word is everywhere, the newest messages that hold it are found, however many there are."""
    talk = [said("C1", n / 10, "lunch") for n in range(60)]
    await tell(place, *talk)
    found = ids(await search(place, "lunch", budget=100, embedder=None))
    assert {*found} == {message.message_id for message in talk[-20:]}


async def test_people_and_days_choose_what_is_found(place: Database) -> None:
    """Of two messages alike the preferred author's comes first, and what lies outside of the days is not found."""
    hers, his = said("C1", 1, "pelican plan"), said("C1", 600, "pelican plan", author="BOB")
    await tell(place, hers, his)
    for author, first in (("ANA", hers), ("BOB", his)):
        assert ids(await search(place, "pelican", people=(who(author),)))[0] == first.message_id
    assert ids(await search(place, "pelican", until=at(5))) == [hers.message_id]
    assert ids(await search(place, "pelican", since=at(5))) == [his.message_id]
    assert ids(await search(place, "pelican", since=at(5), few=0)) == [his.message_id]
    assert ids(await search(place, people=(who("BOB"),))) == [his.message_id]


async def test_a_question_to_daybook_is_no_answer(place: Database) -> None:
    """A message that asked Daybook something is not found."""
    asked = said("C1", 1, "where is the pelican?")
    await tell(place, asked)
    async with place.viewing(ANA) as connection:
        await answers.ask(connection, TEAM, question(asked))
    assert await search(place, "pelican") == []


async def test_frequencies_are_those_of_what_may_be_read(place: Database) -> None:
    """How common a word is, is counted over what the viewer may read, in whatever form it stands there."""
    await tell(place, said("C1", 1, "pelicans sleep"), said("C1", 2, "a pelican"), said("C2", 1, "pelican heron"))
    counted = {}
    for viewer in (ANA, BOB):
        async with place.viewing(viewer) as connection:
            counted[viewer.viewer_id] = await retrieval.frequencies(connection, viewer, ["pelican", "herons", "the"])
    assert {key: (each.messages, each.holding) for key, each in counted.items()} == {
        who("ANA"): (2, {"pelican": 2, "herons": 0}),
        who("BOB"): (1, {"pelican": 1, "herons": 1}),
    }


async def test_what_may_not_be_read_changes_nothing(place: Database) -> None:
    """Adding or deleting messages elsewhere leaves a viewer's hits, scores and order as they are, to the bit."""
    talk = [said("C1", n, f"pelican plan {n % 3} word{n % 7}") for n in range(30)]
    await tell(place, *talk)
    query = ("pelican", "plan", "word3", "heron")
    before = [await search(place, *query), await search(place, *query, embedder=None, few=0)]
    hidden = [said("C2", n, "pelican word3 word3 heron plan", author="ANA") for n in range(50)]
    await tell(place, *hidden)
    assert [await search(place, *query), await search(place, *query, embedder=None, few=0)] == before
    await bury(place, hidden[10])
    await indexing.index(place, where("C2"), EMBEDDER)
    assert [await search(place, *query), await search(place, *query, embedder=None, few=0)] == before


HOSTILE = (
    "' | 'a",
    "a & !b",
    "<->",
    ":*",
    "\\",
    "''",
    "'; drop table passages; --",
    "\x00",
    "%s %(x)s {}",
    "a\\'b:*",
    "(((((",
    "🦤" * 50,
    "x" * 5000,
    "\u202eright",
    " ",
    "http://a.b/c?d=e&f|g",
    "a'b''c",
    "'\\''",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("few", [0, 100])
async def test_any_text_is_only_text(place: Database, text: str, few: int) -> None:
    """No message and no question, whatever stands in it, breaks the search or means anything to it."""
    stored = text.replace("\x00", "")
    await tell(place, said("C1", 1, f"{stored} pelican"), said("C2", 1, f"{stored} heron"))
    assert ids(await search(place, text, "pelican", few=few))[0] == said("C1", 1, "").message_id
    assert {*ids(await search(place, text, few=few))} <= {said("C1", 1, "").message_id}


async def test_what_surrounds_a_message_is_read_under_the_fence(place: Database) -> None:
    """A message comes with those around it, the nearest at hand, and only to whom may read there."""
    talk = [said("C1", n, f"word{n}") for n in range(9)]
    await tell(place, *talk)
    async with place.viewing(ANA) as connection:
        (found,) = await retrieval.surrounded(connection, [talk[4].message_id], 3)
    assert [each.text for each in found.before] == ["word1", "word2", "word3"]
    assert [each.text for each in found.after] == ["word5", "word6", "word7"]
    async with place.viewing(BOB) as connection:
        assert await retrieval.surrounded(connection, [talk[4].message_id], 3) == []


async def test_what_was_said_last_is_found_at_once(place: Database) -> None:
    """Without a look at what was said before; the index that follows ends where it would have without that."""
    await tell(place, said("C1", 1, "first"), said("C1", 2, "second"))
    await say(place, said("C1", 3, "pelican"), said("C1", 2, "heron", edited_at=at(9)))
    await indexing.index_newest(place, where("C1"))
    assert ids(await search(place, "pelican", embedder=None)) == [said("C1", 3, "").message_id]
    assert await search(place, "heron", embedder=None) == []  # an edit waits
    async with place.viewing(ANA) as connection:
        assert await retrieval.behind_for(connection, ANA) == []
    await indexing.index(place, where("C1"), EMBEDDER)
    assert len(await search(place, "heron", embedder=None)) == 3
    columns = "select message_id, content_id, before_id, after_id, search::text from passages order by message_id"
    async with place.viewing(ANA) as connection:
        found = await rows(connection, columns)
    async with place.scribing(where("C1")) as connection:
        await rows(connection, "delete from passages returning 1")
    await indexing.index(place, where("C1"), EMBEDDER)
    async with place.viewing(ANA) as connection:
        assert await rows(connection, columns) == found


async def test_two_programs_that_begin_together_open_one_space(database: TestDatabase) -> None:
    """Who waits for the other, having seen no space before, finds that it is there."""
    space = Space(embedder="together", dimension=8)
    async with open_pool(database.app_dsn, most=2) as pool:
        house = Database(pool)
        waiting = asyncio.Event()

        async def second() -> None:
            async with house.house() as connection:
                await connection.execute("select to_regclass('passage_vectors_none_8')")
                waiting.set()
                await retrieval.open_space(connection, space)

        async with house.house() as connection:
            await retrieval.open_space(connection, space)
            other = asyncio.create_task(second())
            await waiting.wait()
            await asyncio.sleep(0.5)
            assert not other.done()
        await other
