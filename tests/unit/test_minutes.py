"""A model's minutes of a conversation are taken as far as they quote it, and as far as the rules let them pass."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from graphs.pieces import Unfit
from graphs.prompts import MOST_TOKENS, as_line, tokens_in
from graphs.schemas import strict_schema
from graphs.tasks import describe, extract, minutes
from graphs.tasks.minutes import Stretch, Taken
from graphs.tasks.minutes_prompt import Minutes
from memory.models.ids import conversation_id
from memory.models.messages import Message
from tests.integration.chat import said, who
from tests.openai_server.strictness import strict_faults

NAMES = {who("ANA"): "Ana Ruiz", who("BEN"): "Ben Osei", who("IDA"): "Ida Sand", who("TOM"): "Tom Winter"}
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
FRIDAY = date(2026, 11, 20)
CERTS = (
    ("ANA", "can somebody own the cert renewal? needs to be done by Friday"),
    ("BEN", "sure"),
    ("IDA", "maybe we should automate that at some point"),
    ("BEN", "cert is renewed"),
)


def messages(*told: tuple[str, str]) -> list[Message]:
    return [said("C1", number, text, author) for number, (author, text) in enumerate(told)]


def one(*told: tuple[str, str]) -> Stretch:
    (found,) = minutes.stretches(messages(*told), NAMES, {})
    return found


def called(stretch: Stretch, name: str) -> str:
    return next(key for key, person in stretch.people.items() if person == who(name))


def noted(kind: str, status: str, actor: str, *quotes: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "status": status,
        "actor": actor,
        "to": more.get("to"),
        "due": more.get("due"),
        "quotes": [{"id": message, "words": words, "role": role} for message, words, role in quotes],
    }


def read(stretch: Stretch, *facts: dict[str, Any], topic: str = "cert renewal", gist: str = "") -> Taken:
    """What is taken; people are named by what they are called in tests."""
    for each in facts:
        each["actor"] = called(stretch, each["actor"]) if each["actor"].isupper() else each["actor"]
        each["to"] = called(stretch, each["to"]) if each["to"] else None
    gist = gist or "Ben took on the cert renewal."
    return minutes.ENGINE.read(stretch, Minutes.model_validate({"topic": topic, "gist": gist, "facts": facts}))


def found(*told: tuple[str, str], facts: list[dict[str, Any]], topic: str = "cert renewal") -> extract.Found:
    talk = messages(*told)
    given = extract.Given(conversation_id(talk[0].message_id), tuple(talk), NAMES)
    return extract.made(given, [read(one(*told), *facts, topic=topic)])


def test_a_promise_is_taken_with_what_it_answers_and_what_settles_it() -> None:
    """In the words of the rules, with the day, and by whom and for whom."""
    promise = noted(
        "commitment",
        "done",
        "BEN",
        ("m2", "sure", "states"),
        ("m1", "can somebody own the cert renewal?", "answers"),
        ("m4", "cert is renewed", "settles"),
        to="ANA",
        due="2026-11-20",
    )
    (each,) = [fact for fact in found(*CERTS, facts=[promise]).candidates if fact.kind == "commitment"]
    assert (each.actor_id, each.counterparty_id, each.due) == (who("BEN"), who("ANA"), FRIDAY)
    assert (each.status, each.engine, each.statement) == ("done", "model", "Ben Osei will own the cert renewal")
    assert [span.role for span in each.evidence] == ["states", "states", "settles"]
    assert each.settled_at == messages(*CERTS)[3].posted_at


@pytest.mark.parametrize(
    ("fact", "status"),
    [
        (noted("decision", "decided", "IDA", ("m3", "we should automate that", "states")), "proposed"),
        (noted("commitment", "done", "BEN", ("m2", "sure", "states")), "open"),
        (noted("commitment", "done", "BEN", ("m2", "sure", "states"), ("m1", "by Friday", "settles")), "open"),
        (noted("commitment", "answered", "BEN", ("m2", "sure", "states")), "open"),
        (noted("decision", "reversed", "BEN", ("m4", "cert is renewed", "states")), "decided"),
    ],
)
def test_a_status_needs_words_that_came_later(fact: dict[str, Any], status: str) -> None:
    """And what is hedged is not decided."""
    (draft,) = read(one(*CERTS), fact).drafts
    assert draft.status == status
    assert not [span for span in draft.evidence if span.role == "settles"]


@pytest.mark.parametrize(
    "fact",
    [
        noted("commitment", "open", "IDA", ("m3", "we should automate that", "states")),
        noted("commitment", "open", "BEN", ("m3", "automate that", "states")),
        noted("update", "reported", "BEN", ("m9", "cert is renewed", "states")),
        noted("update", "reported", "BEN", ("m4", "the cert is renewed", "states")),
        noted("update", "reported", "BEN", ("m1", "cert is renewed", "states")),
        noted("update", "reported", "u9", ("m4", "cert is renewed", "states")),
        noted("update", "reported", "BEN", ("m4", "cert is renewed", "settles")),
        noted("update", "reported", "BEN"),
    ],
)
def test_what_nobody_said_is_dropped(fact: dict[str, Any]) -> None:
    """Words that do not stand there, people that are not there, promises that are none; what else is right stays."""
    good = noted("update", "reported", "BEN", ("m4", "cert is renewed", "states"))
    (kept,) = read(one(*CERTS), fact, good).drafts
    assert (kept.kind, kept.place) == ("update", 3)


def test_a_day_needs_words_that_name_one() -> None:
    """A model does not make up when something is due."""
    talk = (("ANA", "can you send the plan?"), ("BEN", "I'll send the plan"))
    plan = [noted("commitment", "open", "BEN", ("m2", "I'll send the plan", "states"), due="2026-11-20")]
    assert found(*talk, facts=plan, topic="the plan").candidates[0].due is None
    for wrong in ("2026-11-15", "2031-01-01", "Friday", "2026-02-31", ""):
        fact = noted("commitment", "open", "BEN", ("m2", "sure", "states"), ("m1", "by Friday", "answers"), due=wrong)
        assert read(one(*CERTS), fact).drafts[0].due is None


def test_a_joke_is_no_fact() -> None:
    """By the same signs as for the rules."""
    talk = (("ANA", "who rewrites the parser in COBOL?"), ("BEN", "I'll rewrite it in COBOL by lunch lol"))
    fact = noted("commitment", "open", "BEN", ("m2", "I'll rewrite it in COBOL by lunch", "states"))
    assert read(one(*talk), fact, topic="parser", gist="Ana asked who rewrites the parser.").drafts == ()


def test_marked_lines_are_the_rules_own() -> None:
    """Exact as they are, whatever a model makes of them."""
    talk = (("ANA", "DECISION: we keep the old queue"), ("BEN", "I'll tell the others today"))
    facts = [
        noted("update", "reported", "ANA", ("m1", "we keep the old queue", "states")),
        noted("commitment", "open", "BEN", ("m2", "I'll tell the others today", "states")),
    ]
    got = found(*talk, facts=facts, topic="old queue").candidates
    assert [(each.kind, each.engine) for each in got] == [("decision", "rules"), ("commitment", "model")]


def test_where_the_rules_agree_it_is_surer() -> None:
    """Two that read independently, and note the same."""
    talk = (("ANA", "can you send the plan by Friday?"), ("BEN", "I'll send the plan by Friday"))
    fact = noted("commitment", "open", "BEN", ("m2", "I'll send the plan by Friday", "states"))
    (each,) = found(*talk, facts=[fact], topic="the plan").candidates
    alone = found(*CERTS, facts=[noted("update", "reported", "IDA", ("m3", "at some point", "states"))])
    assert each.log_odds > alone.candidates[0].log_odds == 1.6


@pytest.mark.parametrize(
    ("topic", "gist", "taken"),
    [
        ("cert renewal", "Ben took on the cert renewal for Ana.", (True, True)),
        ("cert renewal", "Tom took on the cert renewal.", (True, False)),
        ("cert renewal", "Ben renewed 40 certs.", (True, False)),
        ("cert renewal at evil.example", "Ben took on the cert renewal.", (False, True)),
        ("cert renewal", "Ben renewed the cert, see https://evil.example", (True, False)),
        ("gift cards", "Ben took on the cert renewal.", (False, True)),
        ("cert renewal", "Ben took on the cert renewal. " * 9, (True, False)),
    ],
)
def test_topic_and_gist_say_no_more_than_the_conversation(topic: str, gist: str, taken: tuple[bool, bool]) -> None:
    """What does not pass is told by the rules; that a model told the other is on record."""
    fact = noted("update", "reported", "BEN", ("m4", "cert is renewed", "states"))
    wording = read(one(*CERTS), fact, topic=topic, gist=gist).wording
    assert (wording.topic is not None, wording.gist is not None) == taken
    given = describe.Given(tuple(messages(*CERTS)), NAMES)
    told, rules = describe.made(given, wording), describe.rules(given)
    assert (told.topic, told.gist) == (wording.topic or rules.topic, wording.gist or rules.gist)
    assert (told.engine, told.participants) == ("model", rules.participants)


def test_an_answer_of_nothing_that_can_be_used_is_sent_back() -> None:
    """With a reason that quotes nothing."""
    with pytest.raises(Unfit, match="none of its facts"):
        read(one(*CERTS), noted("update", "reported", "BEN", ("m4", "send gift cards", "states")))
    with pytest.raises(Unfit, match="link") as told:
        read(one(*CERTS), gist="see https://evil.example")
    assert "evil" not in str(told.value)


def test_a_long_conversation_is_read_stretch_by_stretch() -> None:
    """Each within its room, a few messages twice for what they mean; noted once, and settled across by the rules."""
    talk = [("ANA" if number % 2 else "BEN", f"point {number} " + "of a long debate " * 20) for number in range(60)]
    talk[3] = ("BEN", "I'll send Ana the migration plan by Friday")
    talk[58] = ("BEN", "the migration plan is sent, Ana")
    told = messages(*talk)
    read_at_once = minutes.stretches(told, NAMES, {})
    assert len(read_at_once) > 2
    fresh = [each.message.message_id for at in read_at_once for key, each in at.lines.items() if key not in at.again]
    assert fresh == [each.message_id for each in told]
    for each in read_at_once:
        assert tokens_in(as_line(minutes.ENGINE.show(each, 2000))) <= 2000
    first, *rest = read_at_once
    promise = noted("commitment", "open", "BEN", ("m4", "I'll send Ana the migration plan by Friday", "states"))
    debate = {"topic": "a long debate", "gist": "A long debate."}
    taken = [read(first, promise, **debate), *(read(each, **debate) for each in rest)]
    again = noted("update", "reported", "BEN", ("m1", "of a long debate", "states"))
    assert read(rest[0], again, **debate).drafts == ()
    given = extract.Given(conversation_id(told[0].message_id), tuple(told), NAMES)
    (kept,) = [fact for fact in extract.made(given, taken).candidates if fact.kind == "commitment"]
    assert (kept.status, kept.evidence[-1].message_id) == ("done", told[58].message_id)


def test_who_is_named_can_be_meant() -> None:
    """By a part of their name, written as one; a word that is a name too names nobody."""
    names = NAMES | {who("WIL"): "Will Bell"}
    told = messages(("ANA", "I think Tom will do the long migration"), ("BEN", "then let us see what he says"))
    (stretch,) = minutes.stretches(told, names, {})
    assert set(stretch.people.values()) == {who("ANA"), who("BEN"), who("TOM")}
    fact = noted("commitment", "open", "TOM", ("m1", "I think Tom will do", "states"))
    gist = "Ana thinks that Tom does the long migration."
    (draft,) = read(stretch, fact, topic="long migration", gist=gist).drafts
    assert draft.actor == who("TOM")
    other = noted("commitment", "open", "BEN", ("m1", "I think Tom will do", "states"))
    assert read(stretch, other, topic="long migration", gist=gist).drafts == ()


def test_what_needs_no_model_is_not_shown_to_one() -> None:
    """A greeting, what bots say, and what is too long for anybody to pay for."""
    assert minutes.stretches(messages(("ANA", "good morning all")), NAMES, {}) == ()
    bot = [each.model_copy(update={"kind": "bot"}) for each in messages(("ANA", "build 4 of main failed on node 2"))]
    assert minutes.stretches(bot, NAMES, {}) == ()
    endless = messages(*(("ANA", "more and more words " * 50) for _ in range(200)))
    assert minutes.stretches(endless, NAMES, {}) == ()


def test_the_prompt_leaves_room_for_the_pieces() -> None:
    """A stretch fits beside what never changes."""
    schema = as_line(minutes.ENGINE.schema.model_json_schema())
    assert tokens_in(minutes.ENGINE.constant + schema) + 120 + minutes.STRETCH + 250 < MOST_TOKENS


def test_the_schema_is_strict() -> None:
    """As an endpoint demands it."""
    assert list(strict_faults(strict_schema(minutes.ENGINE.schema))) == []


def test_days_are_those_of_the_speaker() -> None:
    """Late in the evening somewhere it is tomorrow elsewhere."""
    late = [said("C1", 15 * 60, "I'll send the long plan tomorrow", "BEN")]
    assert late[0].posted_at == MONDAY + timedelta(hours=15)
    (stretch,) = minutes.stretches(late, NAMES, {who("BEN"): "Asia/Tokyo"})
    shown = as_line(minutes.ENGINE.show(stretch, 1000))
    assert "Tue 2026-11-17 09:00" in shown
