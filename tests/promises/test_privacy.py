"""What people want of what is held about them holds: forgotten facts and opting out, whatever happens afterwards."""

import itertools
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.local.postgres import EmbeddedPostgres
from tests.conftest import TestDatabase, copied
from tests.promises.endings import AFTERWARDS, enveloped
from tests.promises.test_deletion import ask_and_brief, talk
from tests.promises.whole import COLLEAGUE, NOW, READER, Whole, daybook

MANY = 24
RESTING = """
select count(*) from facts f join evidence e using (fact_id) join messages m using (message_id)
  join identities i on i.person_id = m.author_id where i.external_id = '{}' and f.retired_at is null"""
DERIVED = """
select count(*) from message_revisions r
  join messages m using (message_id) join identities i on i.person_id = m.author_id
  join content_origins o on o.rests_on = r.content_id join contents c on c.content_id = o.content_id
 where i.external_id = '{}' and c.kind in ('fact', 'correction')"""
TOLD = """
select count(*) from items i join contents c on c.content_id = i.text_id
 where i.fact_ids && array(select f.fact_id from facts f join identities p on p.person_id = f.actor_id
                            where p.external_id = '{}' and f.retired_at is not null)"""


AGAIN = """
select f.fact_id from facts f join evidence e using (fact_id)
  join evidence o on o.message_id = e.message_id and o.role = 'states'
  join facts g on g.fact_id = o.fact_id and g.kind = f.kind and g.retired_at is not null and g.engine = 'person'
 where f.retired_at is null and f.actor_id = g.actor_id and e.role = 'states'"""
"""What is concluded of the same kind by the same person from words of which it was to be forgotten."""


async def pressed(whole: Whole, user: str, action_id: str, value: str = "", *, number: int = 0) -> None:
    """A press in the Home tab, and all work that follows."""
    action: dict[str, Any] = {
        "action_id": action_id,
        "value": value,
        "action_ts": f"{NOW.timestamp() + 100 + number:.6f}",
    }
    basis = {"type": "block_actions", "team": {"id": "T1"}, "user": {"id": user}}
    await whole.take({**basis, "trigger_id": f"{action_id}.{number}", "actions": [action]})
    await whole.work()


@pytest.fixture(scope="module")
async def talked(shared_database: TestDatabase) -> TestDatabase:
    """What was said, worked out, told and asked, once for all tests here: each goes on in a copy."""
    async with daybook(shared_database) as whole:
        for number, (event, _) in enumerate(talk(MANY)):
            await whole.take(enveloped(event, f"Talk{number}"))
        await whole.work()
        await ask_and_brief(whole)
    return shared_database


@pytest.fixture
async def whole(postgres: EmbeddedPostgres, talked: TestDatabase) -> AsyncIterator[Whole]:
    with copied(postgres, talked.name) as copy:
        async with daybook(copy, again=True) as going_on:
            yield going_on


async def said_anew(whole: Whole) -> None:
    """Who is not tracked goes on talking, and so do others to them."""
    for number, (user, text) in enumerate(
        [(COLLEAGUE, "I'll send the Cairo invoices by Friday."), (READER, f"<@{COLLEAGUE}> who signs the contract?")]
    ):
        event = {"type": "message", "user": user, "channel": "C1", "channel_type": "channel", "text": text}
        await whole.take(enveloped({**event, "ts": f"{NOW.timestamp():.0f}.6{number:05d}"}, f"New{number}"))
    await whole.work()


@pytest.mark.parametrize("after", AFTERWARDS)
async def test_nothing_rests_on_who_is_not_tracked(whole: Whole, after: str) -> None:
    """No fact, text of one or line told of one is left or comes back; others' stand; at a word all comes back."""
    before = {each: whole.value(RESTING.format(each)) for each in (READER, COLLEAGUE)}
    assert min(before.values()) > 0
    messages = whole.value("select count(*) from messages where deleted_at is null")
    await pressed(whole, COLLEAGUE, "untrack")
    await said_anew(whole)
    await AFTERWARDS[after](whole)
    await whole.work()
    assert whole.value(RESTING.format(COLLEAGUE)) == 0
    assert whole.value(DERIVED.format(COLLEAGUE)) == 0
    assert whole.value(TOLD.format(COLLEAGUE)) == 0
    assert whole.value(RESTING.format(READER)) > 0
    assert whole.value("select count(*) from messages where deleted_at is null") == messages + 2
    named = "select count(*) from facts f join identities i on i.person_id = f.counterparty_id"
    assert whole.value(f"{named} where i.external_id = '{COLLEAGUE}' and f.retired_at is null") > 0
    await pressed(whole, COLLEAGUE, "track", number=1)
    assert whole.value(RESTING.format(COLLEAGUE)) > before[COLLEAGUE]


@pytest.mark.parametrize("after", AFTERWARDS)
async def test_a_forgotten_fact_stays_forgotten(whole: Whole, after: str) -> None:
    """Every fact that names the reader is forgotten by them: none comes back, and none of their messages goes."""
    about = """select f.fact_id from facts f join identities i on i.person_id in (f.actor_id, f.counterparty_id)
                where i.external_id = 'U1' and f.retired_at is null
                  and exists (select from contents c where c.content_id = f.statement_id)"""
    known = [fact for (fact,) in whole.rows(about)]
    assert len(known) > 5
    messages = whole.value("select count(*) from messages where deleted_at is null")
    for number, (fact, user) in enumerate(itertools.product(known, (COLLEAGUE, READER))):
        if user == READER or number % 5 == 0:  # who is not named in it changes nothing by trying
            await pressed(whole, user, "forget_fact", str(fact), number=number)
    await AFTERWARDS[after](whole)
    await whole.work()
    assert whole.rows(AGAIN) == []
    by = "select distinct i.external_id from fact_versions v join identities i on i.person_id = v.by_id"
    assert {name for (name,) in whole.rows(f"{by} where v.retired")} <= {READER, COLLEAGUE}
    assert whole.value("select count(*) from messages where deleted_at is null") == messages
