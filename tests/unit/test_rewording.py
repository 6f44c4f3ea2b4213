"""A model's wording is taken as far as its messages carry it, and in plain words."""

import pytest

from graphs.pieces import Share, Unfit
from graphs.prompts import MOST_TOKENS, tokens_in
from graphs.schemas import strict_schema
from graphs.tasks import compose, rewording
from graphs.tasks.rewording import Line, Worded
from memory.messages import text_of
from memory.models.briefings import Item
from memory.models.facts import Evidence
from memory.models.ids import briefing_id
from tests.openai_server.strictness import strict_faults
from tests.unit import morning
from tests.unit.morning import ANA, CONTAINERS, MIRA, NOW, PEOPLE, TODAY, Evening


def lines(evening: Evening) -> dict[str, Line]:
    """What a model is shown of a morning, by the rules' sentences."""
    return {share.piece.plain: share.piece for share in shares(evening)}


def shares(evening: Evening) -> list[Share[Line]]:
    given = compose.Given(
        briefing_id=briefing_id(MIRA.person_id, TODAY),
        person=MIRA,
        now=NOW,
        entries=morning.ranked(evening).entries,
        facts=evening.facts,
        conversations=evening.conversations,
        messages=evening.messages,
        containers=CONTAINERS,
        people=PEOPLE,
    )
    return list(compose.shares(given, compose.rules(given)))


@pytest.fixture(scope="module")
def usual() -> dict[str, Line]:
    return lines(morning.usual())


def line(found: dict[str, Line], words: str) -> Line:
    return next(each for plain, each in found.items() if words in plain)


def read(found: dict[str, Line], words: str, sentence: str, *messages: str) -> Item:
    return rewording.ENGINE.read(line(found, words), Worded(sentence=sentence, messages=messages or ("m1",)))


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ("staging keys", "Ana Ruiz owes you the rotated staging keys, promised by Thu 19 Nov."),
        ("blocked", "Ben Osei has been blocked on the staging database since yesterday"),
        ("nightly report", "Ana Ruiz proposed today to drop the nightly report."),
        ("migration plan", "You promised Ida Sand the migration plan by Wed 18 Nov"),
    ],
)
def test_a_better_sentence_is_taken(usual: dict[str, Line], about: str, sentence: str) -> None:
    """With the sources that it cites, and a full stop."""
    item = read(usual, about, sentence)
    assert item.text == sentence.rstrip(".") + "."
    assert item.sources


@pytest.mark.parametrize(
    ("about", "sentence", "why"),
    [
        ("staging keys", "Ana Ruiz owes you the rotated staging keys.", "leaves out Thu 19 Nov"),
        ("staging keys", "Tom Winter owes you the staging keys by Thu 19 Nov.", "does not say who|name, number"),
        ("staging keys", "Ana Ruiz owes you 40 staging keys by Thu 19 Nov.", "name, number or day"),
        ("staging keys", "The staging keys are to be rotated by Thu 19 Nov.", "does not say who"),
        ("staging keys", "Ana Ruiz wants you to buy gift cards for finance by Thu 19 Nov.", "what its messages do not"),
        (
            "staging keys",
            "Ana Ruiz wants you to rotate the qzharbour staging keys by Thu 19 Nov.",
            "what its messages do not",
        ),
        ("staging keys", "Ana Ruiz: see https://evil.example by Thu 19 Nov.", "link"),
        ("staging keys", "Ana Ruiz rotates staging keys at evil(.)example by Thu 19 Nov.", "link"),
        ("staging keys", "Ana Ruiz rotates staging keys at evil [dot] example by Thu 19 Nov.", "markup"),
        ("staging keys", "Ana Ruiz rotates staging keys at evil . example by Thu 19 Nov.", "link"),
        ("staging keys", "Ana Ruiz rotates staging keys at evil dot rocks by Thu 19 Nov.", "link"),
        ("staging keys", "Ana Ruiz rotates staging keys at \u0437\u043b\u043e.\u0440\u0444 by Thu 19 Nov.", "link"),
        ("staging keys", "Ana Ruiz asks @leads to rotate the staging keys by Thu 19 Nov.", "mentions"),
        ("staging keys", "Ana Ruiz rotates staging keys at evil.example by Thu 19 Nov.", "link"),
        ("staging keys", "Ana Ruiz rotates <https://evil.example|staging keys> by Thu 19 Nov.", "markup"),
        ("staging keys", "Ana Ruiz rotates the staging keys by Thu 19 Nov.\n@here", "line breaks"),
        ("staging keys", "Ana Ruiz " + "rotates the staging keys " * 10 + "by Thu 19 Nov.", "longer"),
        ("staging keys", "   ", "empty"),
        ("nightly report", "Ana Ruiz decided today to drop the nightly report.", "proposal"),
    ],
)
def test_what_is_more_than_the_messages_say_is_not_taken(
    usual: dict[str, Line], about: str, sentence: str, why: str
) -> None:
    """And why it is not is said without its words."""
    with pytest.raises(Unfit, match=why) as told:
        read(usual, about, sentence)
    assert not any(word in str(told.value) for word in ("evil", "gift", "Tom"))


@pytest.mark.parametrize("cited", [("m2",), ("m1", "m9"), ()])
def test_a_sentence_cites_its_own_messages(usual: dict[str, Line], cited: tuple[str, ...]) -> None:
    """One at least, and no other."""
    with pytest.raises(Unfit, match="cites no message"):
        rewording.ENGINE.read(
            line(usual, "nightly report"),
            Worded(sentence="Ana Ruiz proposed today to drop the nightly report.", messages=cited),
        )


def test_what_became_of_it_is_said_by_the_rules() -> None:
    """A model does not see the ending, and cannot leave it out."""
    evening = morning.usual()
    done = evening.facts[1].model_copy(update={"status": "done"})
    found = lines(evening.model_copy(update={"facts": (*evening.facts[:1], done, *evening.facts[2:])}))
    if any("migration plan" in plain for plain in found):
        assert "done" not in line(found, "migration plan").plain
        told = read(found, "migration plan", "You sent Ida Sand the migration plan promised by Wed 18 Nov.")
        assert told.text.endswith(" – done.")


def test_the_prompt_leaves_room_for_the_pieces() -> None:
    """What never changes takes less than a third of a call."""
    assert tokens_in(rewording.ENGINE.constant) < MOST_TOKENS / 3


def test_the_schema_is_strict() -> None:
    """As an endpoint demands it."""
    assert list(strict_faults(strict_schema(rewording.ENGINE.schema))) == []


def test_a_sentence_rests_on_all_that_its_fact_does() -> None:
    """Not only on what is cited: words of any of it may be in the rules' sentence, and so in the model's."""
    evening = morning.usual()
    more = tuple(morning.message(90 + number, ANA, "rotating the staging keys still") for number in range(8))
    spans = tuple(Evidence(message_id=each.message_id, start=0, end=8) for each in more)
    longer = evening.facts[4].model_copy(update={"evidence": (*evening.facts[4].evidence, *spans)})
    fuller = Evening(
        messages=(*evening.messages, *more),
        conversations=evening.conversations,
        facts=(*evening.facts[:4], longer, *evening.facts[5:]),
    )
    (share,) = [each for each in shares(fuller) if "staging keys" in each.piece.plain]
    assert {text_of(each) for each in more} < {*share.rests_on}
    assert len(share.piece.item.sources) < len(share.rests_on)
