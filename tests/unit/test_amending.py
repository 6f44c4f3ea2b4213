"""What was told, worded anew where a person said otherwise since."""

from datetime import UTC, date, datetime
from uuid import UUID

from graphs.amending import amended, offering
from graphs.sentences import Voice
from memory.corrections import Amended
from memory.models.briefings import Item, Promised
from memory.models.facts import Fact, FactKind
from memory.models.ids import ContainerId, ConversationId, FactId, ItemId, PersonId, TeamId

ANA, BEA, CYN = (PersonId(UUID(int=number)) for number in (1, 2, 3))
NAMES = {ANA: "Ana Lima", BEA: "Bea Roth", CYN: "Cyn Vale"}
TODAY = date(2026, 11, 20)
VOICE = Voice(
    team=TeamId("T1"),
    names=NAMES,
    short={key: name.split()[0] for key, name in NAMES.items()},
    today=TODAY,
    tz="UTC",
    reader=ANA,
)
FIRST, SECOND = FactId(UUID(int=11)), FactId(UUID(int=12))


def fact(name: FactId = FIRST, kind: FactKind = "commitment", **given: object) -> Fact:
    made = Fact(
        fact_id=name,
        container_id=ContainerId(UUID(int=5)),
        conversation_id=ConversationId(UUID(int=6)),
        kind=kind,
        actor_id=BEA,
        statement="Bea Roth will rotate the keys",
        status="open" if kind == "commitment" else "decided",
        valid_from=datetime(2026, 11, 19, 9, tzinfo=UTC),
        engine="person",
        evidence=(),
    )
    return made.model_copy(update=given)


def item(anchor: UUID = FIRST, *facts: FactId) -> Item:
    return Item(
        item_id=ItemId(UUID(int=9)),
        section="promises",
        text="Ben promised to rotate the keys.",
        why="",
        sources=(),
        anchor_id=anchor,
        fact_ids=facts or (FIRST,),
    )


def by(person: PersonId | None, name: FactId = FIRST, *, dismissed: bool = False) -> dict[FactId, Amended]:
    return {name: Amended(fact_id=name, by_id=person, dismissed=dismissed)}


def test_what_nobody_corrected_stays_word_for_word() -> None:
    """Also where another fact was corrected."""
    assert amended(item(), by(CYN, SECOND), {FIRST: fact()}, VOICE) == item()


def test_a_corrected_fact_is_told_as_it_is() -> None:
    """In its place, with who said so."""
    told = amended(item(), by(CYN), {FIRST: fact(due=date(2026, 11, 24))}, VOICE)
    assert told.text == "Bea promised to rotate the keys by Tue 24 Nov."
    assert (told.correction, told.taken_back) == ("corrected by Cyn", False)
    assert amended(item(), by(ANA), {FIRST: fact()}, VOICE).correction == "corrected by you"


def test_what_is_told_beside_it_is_told_anew_too() -> None:
    """Two sentences, of which the second changed; one that is no fact falls away."""
    known = {FIRST: fact(), SECOND: fact(SECOND, "decision", statement="Keys rotate monthly")}
    both = item(FIRST, FIRST, SECOND)
    assert amended(both, by(CYN, SECOND), known, VOICE).text == (
        "Bea promised to rotate the keys – said yesterday. Bea decided yesterday: Keys rotate monthly."
    )
    left = amended(both, by(CYN, SECOND, dismissed=True), {FIRST: fact()}, VOICE)
    assert (left.text, left.taken_back) == ("Bea promised to rotate the keys – said yesterday.", False)


def test_what_is_no_fact_is_taken_back_in_its_own_words() -> None:
    """Its sentence stays to be struck out."""
    gone = amended(item(), by(CYN, dismissed=True), {}, VOICE)
    assert (gone.text, gone.correction, gone.taken_back) == (item().text, "not so, said Cyn", True)


def test_a_conversation_keeps_its_own_sentence() -> None:
    """What was corrected in it is told after it."""
    talk = item(UUID(int=6), FIRST)
    told = amended(talk, by(CYN), {FIRST: fact(due=date(2026, 11, 24))}, VOICE)
    assert told.text == f"{talk.text} Corrected since: Bea promised to rotate the keys by Tue 24 Nov."


def test_a_promise_in_somebodys_own_words_is_not_put_into_anothers_mouth() -> None:
    """Whoever owns it by correction, the words stay whose they were."""
    theirs = fact(actor_id=CYN, statement="Bea Roth: Let's go with the fix and release it tomorrow.")
    told = amended(item(), by(ANA), {FIRST: theirs}, VOICE)
    assert told.text == "Cyn owns this: “Bea Roth: Let's go with the fix and release it tomorrow”."


def test_of_several_promises_each_is_offered_once() -> None:
    """In the order in which they are told; said twice in the same words, as the first; whose words are gone, not."""
    mine = fact(actor_id=ANA, engine="rules", statement="Ana Lima will rotate the keys")
    other = fact(SECOND, actor_id=ANA, engine="rules", statement="Ana Lima will call the vendor")
    told, again = item(UUID(int=99), FIRST, SECOND), other.model_copy(update={"statement": mine.statement})
    asked = offering(told, (FIRST, SECOND), {FIRST: mine, SECOND: other}, VOICE)
    assert asked.promise_id is None
    assert asked.promises == (
        Promised(fact_id=FIRST, text="You promised to rotate the keys – said yesterday."),
        Promised(fact_id=SECOND, text="You promised to call the vendor – said yesterday."),
    )
    for known in ({FIRST: mine, SECOND: again}, {FIRST: mine}):
        alone = offering(told, (FIRST, SECOND), known, VOICE)
        assert (alone.promise_id, alone.promises) == (FIRST, ())
    assert offering(told, (), {}, VOICE) == told
