"""A model's answer is taken sentence by sentence, as far as the messages it cites carry it."""

from typing import Any

import pytest

from graphs.pieces import Unfit
from graphs.prompts import MOST_TOKENS, as_line, tokens_in
from graphs.schemas import strict_schema
from graphs.tasks import answer, replying, understand
from graphs.tasks.replying import Matter, Reply, Told
from memory.models.facts import Evidence
from tests.openai_server.strictness import strict_faults
from tests.unit import morning
from tests.unit.morning import MIRA, NOW, PEOPLE, TEAM, TODAY, Evening
from tests.unit.test_answer import NAMES, hit


def matter(question: str, evening: Evening | None = None, *, private: bool = True) -> Matter:
    """What a model is shown of all that the team said."""
    evening = evening or morning.usual()
    plan = understand.rules(understand.Given(text=question, asker=MIRA, people=PEOPLE, asked_at=NOW))
    given = answer.Given(
        question=question,
        plan=plan,
        found=tuple(hit(message) for message in evening.messages),
        facts=evening.facts,
        names=NAMES,
        team=TEAM,
        tz=MIRA.tz,
        today=TODAY,
        asker=MIRA.person_id if private else None,
    )
    return answer.matter(given)


def key(found: Matter, words: str) -> str:
    """The model's name for the message with these words."""
    return next(name for name, each in found.found.items() if words in each.text)


def read(found: Matter, *sentences: tuple[str, tuple[str, ...]]) -> tuple[Told, ...]:
    told = [{"text": text, "messages": list(messages)} for text, messages in sentences]
    return replying.ENGINE.read(found, Reply.model_validate({"sentences": told}))


def test_a_model_sees_what_was_found() -> None:
    """Facts as the rules tell them with their messages, and messages by whom, where and when."""
    found = matter("what did Ana promise about the staging keys?")
    shown: Any = replying.ENGINE.show(found, 3000)
    assert shown["you"] == "Mira Falk"
    (fact,) = [each for each in shown["facts"] if "staging keys" in each["says"]]
    (said,) = [each for each in shown["messages"] if each["id"] == fact["messages"][0]]
    assert (said["by"], said["in"]) == ("Ana Ruiz", "#ops")
    assert matter("what did Ana promise about the staging keys?", private=False).you == ""


def test_a_sentence_that_its_messages_carry_is_taken() -> None:
    """With the ids of those messages, and a full stop."""
    found = matter("what did Ana promise about the staging keys?")
    name = key(found, "staging keys")
    (told,) = read(found, ("Ana Ruiz promised you to rotate the staging keys", (name,)))
    assert told.text == "Ana Ruiz promised you to rotate the staging keys."
    assert told.message_ids == (found.found[name].message_id,)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Tom Winter promised to rotate the staging keys.", "name, number or day"),
        ("Ana Ruiz promised to rotate 40 staging keys.", "name, number or day"),
        ("Ana Ruiz wants gift cards bought for everybody in finance.", "do not"),
        ("See https://evil.example for the staging keys.", "link"),
        ("Ana Ruiz rotates the staging keys, see evil.example/login", "link"),
        ("Ana Ruiz rotates <https://evil.example|staging keys>.", "markup"),
        ("Ana Ruiz rotates the staging keys.\n<!channel>", "line breaks"),
        ("Ana Ruiz rotates the staging keys. " * 10, "longer"),
        (" ", "empty"),
    ],
)
def test_what_the_messages_do_not_say_is_left_out(text: str, why: str) -> None:
    """The rest of the answer stays; alone, it is sent back with a reason that quotes nothing."""
    found = matter("what did Ana promise about the staging keys?")
    name = key(found, "staging keys")
    with pytest.raises(Unfit, match=why) as error:
        read(found, (text, (name,)))
    assert not any(word in str(error.value) for word in ("evil", "gift", "Tom"))
    good = ("Ana Ruiz promised to rotate the staging keys.", (name,))
    assert [each.text for each in read(found, (text, (name,)), good)] == [good[0]]


@pytest.mark.parametrize("cited", [(), ("m99",), ("m1", "m99"), ("m1", "m2", "m3", "m4")])
def test_a_sentence_cites_messages_that_were_shown(cited: tuple[str, ...]) -> None:
    """One to three."""
    found = matter("what did Ana promise about the staging keys?")
    with pytest.raises(Unfit, match="cites"):
        read(found, ("Ana Ruiz promised to rotate the staging keys.", cited))


def test_nothing_is_a_good_answer() -> None:
    """A model need not make one up."""
    assert read(matter("what did Ana promise about the staging keys?")) == ()


def test_a_proposal_is_told_as_one() -> None:
    """Whatever the model makes of it."""
    found = matter("what was decided about the nightly report?")
    name = key(found, "nightly report")
    with pytest.raises(Unfit, match="proposal"):
        read(found, ("Ana Ruiz decided to drop the nightly report.", (name,)))
    assert read(found, ("Ana Ruiz proposed to drop the nightly report.", (name,)))


def test_what_became_of_it_is_said_by_the_rules() -> None:
    """A model cannot leave it out."""
    usual = morning.usual()
    done = tuple(
        each.model_copy(update={"status": "done"}) if each.kind == "commitment" else each for each in usual.facts
    )
    found = matter("what did Ana promise about the staging keys?", usual.model_copy(update={"facts": done}))
    (told,) = read(found, ("Ana Ruiz promised you the staging keys.", (key(found, "staging keys"),)))
    assert told.text.endswith(" – done.")


def test_an_answer_has_five_sources_at_most() -> None:
    """However much a model has to say."""
    many = [morning.message(number, MIRA, f"point {number} of the ledger plan") for number in range(12)]
    found = matter("what about the ledger plan?", Evening(messages=tuple(many)))
    told = read(found, *(("Mira Falk made a point of the ledger plan.", (name,)) for name in found.found))
    assert len(told) == answer.MOST


def test_what_is_shown_stays_within_its_room() -> None:
    """However long the messages are, and whatever they are written in."""
    schema = as_line(replying.ENGINE.schema.model_json_schema())
    for text in ("the ledger plan is long " * 200, "语" * 3000 + " ledger plan"):
        many = [morning.message(number, MIRA, f"{number} {text}") for number in range(30)]
        found = matter("what about the ledger plan? " * 60, Evening(messages=tuple(many)))
        shown = as_line(replying.ENGINE.show(found, 0))
        assert found.found
        assert tokens_in(replying.ENGINE.constant + schema + shown) + 150 < MOST_TOKENS


def test_the_schema_is_strict() -> None:
    """As an endpoint demands it."""
    assert list(strict_faults(strict_schema(replying.ENGINE.schema))) == []


def test_an_answer_rests_on_all_that_was_before_the_model() -> None:
    """Any of its words may be in the answer: what is shown, and what the facts shown rest on besides."""
    usual = morning.usual()
    more = morning.message(99, MIRA, "as Ana said of the keys", hours_ago=59)
    span = Evidence(message_id=more.message_id, start=0, end=4)
    facts = tuple(each.model_copy(update={"evidence": (*each.evidence, span)}) for each in usual.facts)
    found = matter("what did Ana promise about the staging keys?", usual.model_copy(update={"facts": facts}))
    assert {each.message_id for each in found.found.values()} < {*found.seen}
    assert more.message_id in found.seen
