"""One topic once, however many channels it runs through; and two matters never as one."""

import random

import pytest

from graphs.tasks import consolidate
from memory.messages import text_of
from memory.models.containers import Container
from tests.unit.morning import BEN, LEDGER, OPS, TOM, fact, message, talk


def _given() -> consolidate.Given:
    one = message(1, BEN, "INC-412 is mitigated, the webhook lag is gone")
    two = message(2, TOM, "customer wording for INC-412 is with legal", where=LEDGER)
    three = message(3, BEN, "capacity sheet for January is ready")
    talks = (talk(one, topic="INC-412 webhook lag"), talk(two, topic="wording for INC-412"), talk(three))
    return consolidate.Given(conversations=talks, facts=(fact("update", "reported", three),))


def test_the_same_incident_in_two_channels_is_one_topic_that_cites_both() -> None:
    """Conversations that share an incident number across channels are one topic, with both channels cited."""
    found = consolidate.rules(_given())
    merged = [t for t in found.topics if len(t.conversation_ids) > 1]
    assert len(found.topics) == 2
    assert len(merged) == 1
    assert len(merged[0].container_ids) == 2
    assert len(merged[0].message_ids) == 2


def test_the_order_of_the_input_changes_nothing() -> None:
    """Topics do not depend on the order in which memory returns its rows."""
    given = _given()
    shuffled = list(given.conversations)
    random.Random(7).shuffle(shuffled)
    assert consolidate.rules(given) == consolidate.rules(given.model_copy(update={"conversations": tuple(shuffled)}))


def test_a_topic_that_hides_a_container_fails_its_check() -> None:
    """The check refuses a topic that does not cite a container it merged."""
    given = _given()
    found = consolidate.rules(given)
    hidden = tuple(t.model_copy(update={"container_ids": t.container_ids[:1]}) for t in found.topics)
    with pytest.raises(consolidate.ScatteredTopic):
        consolidate.check(given, consolidate.Found(topics=hidden))


def test_common_words_do_not_join_two_matters() -> None:
    """Two conversations that share only everyday words stay two topics."""
    one, two = message(1, BEN, "a"), message(2, TOM, "b", where=LEDGER)
    talks = (talk(one, topic="update for the team meeting today"), talk(two, topic="question for the team tomorrow"))
    assert len(consolidate.rules(consolidate.Given(conversations=talks)).topics) == 2


def test_what_was_said_tells_more_than_titles() -> None:
    """Two conversations whose titles share nothing are one matter when their words do."""
    one, two, three = message(1, BEN, "a"), message(2, TOM, "b", where=LEDGER), message(3, BEN, "c")
    talks = (talk(one, topic="numbers"), talk(two, topic="Friday"), talk(three, topic="lunch"))
    said = {
        talks[0].conversation_id: ("the idempotency keys expire too early in the sandbox", "24h, yes"),
        talks[1].conversation_id: ("customers ask why sandbox idempotency keys expire",),
        talks[2].conversation_id: ("noodles or soup?",),
    }
    found = consolidate.rules(consolidate.Given(conversations=talks, said=said))
    assert sorted(len(topic.conversation_ids) for topic in found.topics) == [1, 2]


def doubtful(where: Container = LEDGER) -> consolidate.Given:
    """Two conversations that are somewhat alike, and four that are not."""
    said = (
        "the sandbox drops webhooks since the deploy of the gateway, rolling back, then measuring latency",
        "partners complain in three tickets: invoices from the sandbox arrive late, webhooks never, refunds twice",
    )
    one, two = message(1, BEN, said[0]), message(2, TOM, said[1], where=where)
    more = [message(3 + n, BEN, text) for n, text in enumerate(("noodles", "parking spots", "office dog", "badges"))]
    talks = tuple(talk(each, topic=each.text) for each in (one, two, *more))
    contents = {each.conversation_id: (text_of(m),) for each, m in zip(talks, (one, two, *more), strict=True)}
    facts = (fact("blocker", "raised", one), fact("commitment", "open", two), fact("update", "reported", more[0]))
    return consolidate.Given(conversations=talks, facts=facts, contents=contents)


def test_a_model_is_asked_about_what_is_nearly_alike_in_two_places() -> None:
    """And only there; a yes makes it one topic, without one it stays two."""
    given = doubtful()
    ((pair, share),) = consolidate.doubts(given).items()
    assert pair == {each.conversation_id for each in given.conversations[:2]}
    assert len(share.rests_on) == 2
    assert len(consolidate.rules(given).topics) == 6
    judged = given.model_copy(update={"judged": frozenset({pair})})
    found = consolidate.rules(judged)
    consolidate.check(judged, found)
    assert max(len(topic.container_ids) for topic in found.topics) == 2
    assert len(found.topics) == 5
    assert consolidate.doubts(doubtful(OPS)) == {}
    assert consolidate.doubts(given.model_copy(update={"contents": {}})) == {}
    assert consolidate.doubts(given.model_copy(update={"facts": given.facts[1:]})) == {}
