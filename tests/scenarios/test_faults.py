"""Slack in trouble, and what it forbids: all is done later, or otherwise, and once."""

import asyncio
import json
from functools import partial
from typing import Any

import pytest

from bot import running
from bot.errors import BadSettings
from tests.scenarios.house import House, until, words
from tests.scenarios.team import ADA, BEN, BOT, CHI, FAY, GENERAL, MORNINGS, PAYMENTS, said

MENTION = f"<@{BOT}>"


async def test_a_post_comes_through_in_the_end(house: House) -> None:
    """Told to wait, answered with an error, cut off after the deed: the answer stands in Slack exactly once."""
    async with house.after_the_day():
        await house.fault("chat.postMessage", "error", error="rate_limited")
        for kind in ("ratelimited", "http_500", "lost_reply"):
            await house.fault("chat.postMessage", kind)
        ts = await house.post(FAY, GENERAL, f"{MENTION} what was decided about the ledger?")
        await house.answer(FAY, GENERAL, ts)
        await house.quiet()
        assert len(await house.messages(FAY, GENERAL, ts)) == 2
        assert [call["ok"] for call in await house.calls("chat.postMessage")] == [False, False, False, True]


@pytest.mark.parametrize("refusal", ["restricted_action", "missing_scope"])
async def test_where_no_channel_may_be_opened_the_dm_serves(house: House, refusal: str) -> None:
    """Where the bot may not open private channels, the briefing comes by DM."""
    async with house.after_the_day():
        await house.fault("conversations.create", "error", 100, error=refusal)
        house.at(MORNINGS[ADA], seconds=1)
        place, _ = await house.briefing(ADA)
        assert (place["kind"], sorted(place["members"])) == ("im", sorted([ADA, BOT]))
        await house.several_rounds()
        assert len(await house.briefings(ADA)) == 1


async def test_a_personal_channel_with_somebody_else_in_it_is_not_personal(house: House) -> None:
    """With a second person in the channel the next briefing comes by DM and says why; the channel gets nothing more."""
    async with house.after_the_day():
        house.at(MORNINGS[ADA], seconds=1)
        place, _ = await house.briefing(ADA)
        await house.act("member", channel=place["id"], user=BEN, change="join")
        house.at(MORNINGS[ADA], days=3, seconds=1)

        async def both() -> Any:
            found = await house.briefings(ADA)
            return found if len(found) == 2 else None

        found = await until(both, "Monday's briefing")
        [(dm, briefing)] = [(where, message) for where, message in found if where["id"] != place["id"]]
        assert dm["kind"] == "im"
        assert "somebody else" in words(briefing)
        await house.several_rounds()
        assert len(await house.briefings(BEN)) == 1  # the one that stood there before


async def test_the_socket_is_cut_refreshed_and_falls_silent(house: House) -> None:
    """After each kind of break the bot listens again by itself, and has read what was said meanwhile."""
    async with house.daybook(leaders=("ada",)):
        await house.live_through_the_day()
        for number, trouble in enumerate(("cut", "refresh", "mute")):
            await house.act("socket", do=trouble)
            missed = await house.post(BEN, PAYMENTS, f"The ledger freeze number {number} begins on Monday.")
            await until(partial(_knows, house, missed), f"what was said after a {trouble}")
        ts = await house.post(FAY, GENERAL, f"{MENTION} when does the ledger freeze begin?")
        assert "freeze" in words(await house.answer(FAY, GENERAL, ts))


async def test_unknown_and_malformed_deliveries_are_set_aside(house: House) -> None:
    """What cannot be understood is acked, set aside under a name, and holds up nothing that comes after it."""
    async with house.daybook():
        event = {"type": "event_callback", "team_id": "T1"}
        odd: list[tuple[str, Any]] = [
            ("telepathy", {"type": "telepathy", "team_id": "T1"}),
            ("telepathy", {}),
            ("telepathy", None),
            ("events_api", [1, 2]),
            ("events_api", "words"),
            ("events_api", {**event, "event": "words", "event_id": "Ev1"}),
            ("events_api", {**event, "event": {"type": "message", "channel": GENERAL}, "event_id": "Ev2"}),
            (
                "events_api",
                {**event, "event": {"type": "message", "channel": GENERAL, "ts": "never"}, "event_id": "Ev3"},
            ),
            ("events_api", {**event, "event": {"type": "user_change", "user": "words"}, "event_id": "Ev4"}),
            ("events_api", {**event, "event": {"type": "app_home_opened", "user": ["U"], "event_ts": "x"}}),
            ("interactive", {"type": "block_actions", "team": 5, "user": {"id": ADA}, "actions": "x"}),
            ("interactive", {"type": "block_actions", "team": {"id": "T1"}, "user": {"id": ADA}, "actions": [None]}),
            (
                "interactive",
                {
                    "type": "block_actions",
                    "team": {"id": "T1"},
                    "user": {"id": ADA},
                    "trigger_id": "1",
                    "actions": [{"action_id": "item_done", "value": "no id", "action_ts": "1795110300.1"}],
                },
            ),
            ("interactive", {"type": "bl\x00ock", "authorizations": [], "user": {"id": "U\x00"}}),
        ]
        for kind, payload in odd:
            await house.act("envelope", type=kind, payload=payload)
        ts = await house.post(FAY, GENERAL, f"{MENTION} anything new?")
        await house.answer(FAY, GENERAL, ts)
        await house.quiet()
        aside = await house.rows("select kind, failure from inbox where failure is not null")
        assert len(aside) == len(odd), aside
        undone = "select task_name, status::text, args from procrastinate_jobs where status <> 'succeeded'"
        assert await house.rows(undone) == []
        assert house.workspace.world.socket.unacknowledged == 0


async def test_a_deleted_message_is_gone_from_everything(house: House) -> None:
    """A deleted message leaves no word behind, in what was derived from it either, and no later rendering shows it."""
    async with house.after_the_day():
        gone = said("ledger Quince")
        house.at(MORNINGS[ADA], seconds=1)
        place, briefing = await house.briefing(ADA)
        assert "Quince" in words(briefing)
        ts = await house.post(FAY, GENERAL, f"{MENTION} when do we ship ledger Quince?")
        await house.answer(FAY, GENERAL, ts)
        await house.act("delete", ADA, channel=PAYMENTS, ts=gone.ts)
        await house.act("delete", FAY, channel=GENERAL, ts=ts)
        await house.quiet()
        for (table,) in await house.rows(
            "select table_name::text from information_schema.tables"
            " where table_schema = 'public' and table_type = 'BASE TABLE'"
        ):
            if not table.startswith("procrastinate"):
                left = await house.rows(f"select t::text from {table} t where t::text ilike %s", "%quince%")
                assert left == [], (table, left)
        value = next(
            button["value"]
            for block in briefing["blocks"]
            for button in block.get("elements", ())
            if button.get("action_id") == "item_done" and "Quince" not in json.dumps(block)
        )
        await house.press(ADA, place["id"], briefing, "item_done", value)
        await house.quiet()
        [(_, shown)] = await house.briefings(ADA)
        assert "Quince" not in words(shown)


async def test_a_refused_app_token_is_said_at_once(house: House) -> None:
    """A refused app token ends the start with a sentence, instead of trying for ever."""
    async with house.daybook(arrive=False) as daybook:
        await house.fault("apps.connections.open", "error", error="invalid_auth")
        with pytest.raises(BadSettings, match="SLACK_APP_TOKEN"):
            async with running.listening(daybook):
                pass


async def test_nothing_is_acked_unread_while_slack_does_not_answer(house: House) -> None:
    """What comes while Slack answers nothing is kept, and answered when it answers again."""
    async with house.daybook():
        await house.fault("auth.test", "error", 100, error="internal_error")
        ts = await house.post(CHI, GENERAL, f"{MENTION} what about the ledger?")
        await house.answer(CHI, GENERAL, ts)


async def _knows(house: House, ts: str) -> bool:
    return bool(await house.value("select count(*) from messages where external_ts = %s", ts))


async def test_questions_are_answered_while_slack_has_every_reading_wait(house: House) -> None:
    """More channels are read back than there are hands, and Slack has each wait: nobody who asks waits with them."""
    async with house.daybook(leaders=("ada",)) as daybook:
        await house.live_through_the_day()
        await house.fault("conversations.history", "ratelimited", 100, retry_after=30)
        await daybook.read_back()

        async def all_wait() -> bool:
            refused = [call for call in await house.calls("conversations.history") if not call["ok"]]
            return len(refused) >= 4

        await until(all_wait, "readings that wait")
        begun = asyncio.get_running_loop().time()
        ts = await house.post(FAY, GENERAL, f"{MENTION} what was decided about the ledger?")
        await house.answer(FAY, GENERAL, ts)
        assert asyncio.get_running_loop().time() - begun < 10
