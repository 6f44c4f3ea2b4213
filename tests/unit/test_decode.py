import json
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import decode, feedback, raw
from handlers.arrivals import (
    Commanded,
    ContainerChanged,
    DayChosen,
    HomeOpened,
    MembershipChanged,
    MessageArrived,
    MessageGone,
    PersonChanged,
    Pressed,
    Reacted,
)
from handlers.errors import Undecodable
from memory.models.ids import TeamId, container_id, derive, message_id, person_id

TEAM, OWN = TeamId("T1"), "UBOT"
HERE = container_id(TEAM, "slack", "C1")
TS = "1763283600.000100"
ITEM = str(derive("item"))
FORM: dict[str, Any] = {
    "type": "view_submission",
    "team": {"id": "T1"},
    "user": {"id": "UANA"},
    "view": {
        "id": "V1",
        "type": "modal",
        "callback_id": "snooze_until",
        "private_metadata": ITEM,
        "previous_view_id": "V0",
        "state": {"values": {"until": {"day": {"type": "datepicker", "selected_date": "2026-12-04"}}}},
    },
}
SAID = {"type": "message", "channel": "C1", "channel_type": "channel", "user": "UANA", "ts": TS, "text": "hello"}


def told(**event: Any) -> list[Any]:
    payload = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": {**SAID, **event}}
    return list(decode.body(payload, OWN))


@given(st.text())
def test_any_text_is_text(text: str) -> None:
    """Whatever comes in is valid UTF-8 without NUL, and at most 40,000 characters."""
    clean = raw.text(text)
    clean.encode()
    assert "\x00" not in clean


@pytest.mark.parametrize("flag", ["is_share", "is_msg_unfurl"])
def test_what_is_shared_is_not_said_here(flag: str) -> None:
    """A shared message quotes another place: its words, and whom they name, are none of the one who shares it."""
    quoted = {flag: True, "channel_id": "C2", "text": "<@UBOT> it is Friday", "fallback": "ana: <@UBOT> it is Friday"}
    (bare,) = told(text="", attachments=[quoted])
    assert (bare.message.text, bare.message.mentions, bare.asks_daybook) == ("", (), False)
    (alert,) = told(text="", attachments=[quoted, {"fallback": "The build failed."}])
    assert alert.message.text == "The build failed."


@given(st.lists(st.characters(categories=["Cs", "Cc", "Ll"]), max_size=20))
def test_odd_characters_never_fail(characters: list[str]) -> None:
    """Lone surrogates and control characters become text that Postgres can store."""
    clean = raw.text("".join(characters))
    clean.encode()
    assert "\x00" not in clean


def test_long_text_is_cut() -> None:
    """Text ends at Slack's own limit."""
    assert len(raw.text("x" * 50_000)) == 40_000


@given(st.text())
def test_an_id_can_be_derived_of_anything(text: str) -> None:
    """No input makes deriving an id fail, and the same input gives the same id."""
    assert derive(text, "\ud800") == derive(text, "\ud800")


@pytest.mark.parametrize(
    "ts",
    [
        *("", "now", "NaN", "Infinity", "1e9", "-1763283600", "0", "946684799", "4102444801", "9" * 30),
        *("１７６３２８３６００", "1763283600.", " 1763283600", "1763283600.0\x00", None, True, {}, []),
    ],
)
def test_absurd_timestamps_are_refused(ts: object) -> None:
    """Only plain numbers of the years 2000 to 2100 are times."""
    with pytest.raises(Undecodable):
        raw.moment(ts)


def test_a_timestamp_is_exact() -> None:
    """Microseconds survive: they are what tells messages apart."""
    assert raw.moment(TS) == datetime(2025, 11, 16, 9, 0, 0, 100, tzinfo=UTC)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = sorted(
    {
        *("type", "subtype", "channel", "channel_type", "user", "bot_id", "ts", "thread_ts", "event_ts", "deleted_ts"),
        *("text", "edited", "message", "item", "attachments", "files", "client_msg_id", "reaction", "tab"),
    }
)
TYPES = sorted(
    {
        *("message", "app_mention", "reaction_added", "reaction_removed", "member_joined_channel", "team_join"),
        *("member_left_channel", "channel_left", "user_change", "app_home_opened", "channel_rename", "group_archive"),
    }
)


@given(kind=st.sampled_from(TYPES), odd=st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=4))
def test_any_event_is_read_or_refused(kind: str, odd: dict[str, Any]) -> None:
    """An event of any shape gives arrivals that can be stored, or Undecodable; never another error."""
    try:
        found = told(**{"type": kind, **odd})
    except Undecodable:
        return
    for arrival in found:
        assert "\\u0000" not in arrival.model_dump_json()


@given(JSON)
def test_any_envelope_is_read_or_refused(envelope: Any) -> None:
    """So is an envelope of any shape; its kind and what remains of it can always be stored."""
    for kind in ("event_callback", "block_actions", None):
        payload = {"type": kind, "team_id": "T1", "event": envelope, "user": envelope, "actions": envelope}
        assert raw.kind_of(payload).isascii()
        json.dumps(raw.bones(payload)).encode()
        with suppress(Undecodable):
            decode.body(payload, OWN)


@given(st.text(st.characters(codec="utf-8", categories=["Ll"]), min_size=1, max_size=30))
def test_no_words_remain_in_bones(words: str) -> None:
    """Of a payload that is set aside remain ids, kinds and times, wherever somebody's words stood."""
    payload = {"event": {**SAID, "text": words, "user": words, "message": {"text": words, "blocks": [words]}}}
    event: dict[str, Any] = dict(SAID, message={}, user=None)
    del event["text"]
    assert raw.bones(payload) == {"event": event}


def test_a_message_is_read() -> None:
    """A posted message becomes a Message with derived ids, in its container."""
    (found,) = told(text="ask <@UBOB|bob> and <@UBOB> or <@UCAT>", thread_ts="1763283000.000000", client_msg_id="c")
    assert isinstance(found, MessageArrived)
    message = found.message
    assert message.message_id == message_id(HERE, TS)
    assert message.mentions == (person_id(TEAM, "slack", "UBOB"), person_id(TEAM, "slack", "UCAT"))
    assert (message.thread_ts, message.client_msg_id) == ("1763283000.000000", "c")
    assert (found.container.kind, found.asks_daybook, found.own) == ("public", False, False)


def test_a_parent_is_no_reply_to_itself() -> None:
    """Slack gives the first message of a thread its own timestamp as thread: it is in none."""
    (found,) = told(thread_ts=TS)
    assert found.message.thread_ts is None


def test_an_unknown_kind_of_channel_is_private() -> None:
    """What does not say that everybody may open it is taken for private."""
    for kind in (None, "new_kind", 7):
        (found,) = told(channel_type=kind)
        assert found.container.kind == "private"


@pytest.mark.parametrize(
    ("event", "asks"),
    [
        ({"text": f"<@{OWN}> what?"}, True),
        ({"type": "app_mention", "text": f"<@{OWN}> what?"}, True),
        ({"channel": "D1", "channel_type": "im"}, True),
        ({"text": "daybook, what?"}, False),
        ({"text": f"<@{OWN}> what?", "bot_id": "B1"}, False),
        ({"text": f"<@{OWN}> what?", "user": OWN}, False),
        ({"text": f"<@{OWN}> joined", "subtype": "channel_join"}, False),
    ],
)
def test_who_asks_daybook(event: dict[str, Any], asks: bool) -> None:
    """People ask by mention or in a DM; bots, Daybook itself and the platform's lines do not."""
    (found,) = told(**event)
    assert found.asks_daybook is asks


def test_an_edit_is_a_newer_wording() -> None:
    """An edit names the same message, with the time of the edit; one from before it was posted is none."""
    changed = {**SAID, "text": "hello!", "edited": {"user": "UANA", "ts": "1763283660.000000"}}
    (found,) = told(subtype="message_changed", message=changed)
    assert found.message.message_id == message_id(HERE, TS)
    assert found.message.edited_at == datetime(2025, 11, 16, 9, 1, tzinfo=UTC)
    (early,) = told(subtype="message_changed", message={**changed, "edited": {"ts": "1763280000.000000"}})
    assert early.message.edited_at is None


@pytest.mark.parametrize(
    "event",
    [
        {"subtype": "message_deleted", "deleted_ts": TS, "event_ts": "1763283700.000000"},
        {
            "subtype": "message_changed",
            "message": {"subtype": "tombstone", "ts": TS},
            "event_ts": "1763283700.000000",
        },
    ],
    ids=["deleted", "tombstone"],
)
def test_both_ways_of_deleting(event: dict[str, Any]) -> None:
    """A deletion and a thread parent's tombstone bury the same message."""
    (found,) = told(**event)
    assert isinstance(found, MessageGone)
    assert found.deletion.message_id == message_id(HERE, TS)
    assert found.deletion.at == datetime(2025, 11, 16, 9, 1, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (
            {"type": "reaction_added", "reaction": "tada", "item": {"type": "message", "channel": "C1", "ts": TS}},
            Reacted,
        ),
        ({"type": "member_joined_channel", "event_ts": TS}, MembershipChanged),
        ({"type": "channel_left", "event_ts": TS}, MembershipChanged),
        ({"type": "channel_rename", "channel": {"id": "C1", "name": "new"}}, ContainerChanged),
        ({"type": "group_archive", "channel": "C1"}, ContainerChanged),
        ({"type": "message", "subtype": "channel_convert_to_private"}, ContainerChanged),
        ({"type": "user_change", "user": {"id": "UANA"}}, PersonChanged),
        ({"type": "app_home_opened", "event_ts": TS}, HomeOpened),
    ],
    ids=lambda given: given.get("subtype", given["type"]) if isinstance(given, dict) else "",
)
def test_each_kind_of_event(event: dict[str, Any], kind: type) -> None:
    """Every event that Daybook needs has its arrival."""
    (found,) = told(**event)
    assert isinstance(found, kind)


def test_unknown_events_tell_nothing() -> None:
    """A kind that nobody needs is no error."""
    assert told(type="emoji_changed") == []
    assert decode.body({"type": "view_closed", "team": {"id": "T1"}}, OWN) == []


def test_a_press_is_read() -> None:
    """A button press names who pressed what."""
    payload = {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "UANA"},
        "actions": [{"action_id": "start", "value": "v", "action_ts": TS}],
    }
    (found,) = decode.body(payload, OWN)
    assert isinstance(found, Pressed)
    assert (found.action_id, found.value, found.external_id) == ("start", "v", "UANA")


def test_a_choice_in_a_modal_is_read() -> None:
    """What was chosen in a menu is its value; where it was pressed is to be drawn anew, unless that is the Home tab."""
    payload = {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "UANA"},
        "view": {"id": "V1", "type": "modal"},
        "actions": [{"action_id": "item_menu", "selected_option": {"value": f"tomorrow:{ITEM}"}, "action_ts": TS}],
    }
    (found,) = decode.body(payload, OWN)
    assert isinstance(found, Pressed)
    assert (found.view_id, feedback.target(found)) == ("V1", ("tomorrow", UUID(ITEM)))
    (at_home,) = decode.body(payload | {"view": {"id": "V1", "type": "home"}}, OWN)
    assert isinstance(at_home, Pressed)
    assert at_home.view_id == ""
    with pytest.raises(Undecodable):
        feedback.target(found.model_copy(update={"value": "tomorrow:nothing"}))


def test_a_form_is_read() -> None:
    """Which item it is about, and the day; a form of another kind tells nothing, one without a day is refused."""
    (found,) = decode.body(FORM, OWN)
    assert isinstance(found, DayChosen)
    assert (found.value, found.day, found.view_id, found.external_id) == (ITEM, date(2026, 12, 4), "V0", "UANA")
    assert decode.body(FORM | {"view": FORM["view"] | {"callback_id": "other"}}, OWN) == []
    with pytest.raises(Undecodable):
        decode.body(FORM | {"view": FORM["view"] | {"state": {"values": {}}}}, OWN)


@pytest.mark.parametrize(
    ("flags", "role"),
    [
        ({}, "member"),
        ({"is_restricted": True}, "guest"),
        ({"is_ultra_restricted": True}, "guest"),
        ({"is_stranger": True}, "guest"),
        ({"team_id": "T1"}, "member"),
        ({"team_id": "T2"}, "guest"),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T1", "T2"]}}, "member"),
        ({"is_bot": True}, "bot"),
    ],
    ids=str,
)
def test_roles(flags: dict[str, bool], role: str) -> None:
    """Guests and people from elsewhere are no members; bots are nobody."""
    assert decode.person({"id": "U1", **flags}, TEAM).role == role


def test_a_zone_that_does_not_exist_is_utc() -> None:
    """A time zone is one that we can reckon with."""
    assert decode.person({"id": "U1", "tz": "Mars/Olympus"}, TEAM).tz == "UTC"


@pytest.mark.parametrize(
    ("entered", "word"),
    [
        *(("", "help"), ("  ", "help"), ("Owe", "owe"), (" privacy ", "privacy"), ("brief", "brief")),
        *(("briefs", ""), ("owe Ana", ""), ("brief <!channel>", ""), ("x" * 9000, ""), (None, "help")),
    ],
)
def test_of_a_slash_command_only_our_own_words_go_further(entered: str | None, word: str) -> None:
    """Whatever else was entered is not ours, and is told to nobody."""
    raw_command = {"command": "/daybook", "text": entered, "user_id": "UANA", "team_id": "T1", "trigger_id": "1.2"}
    (found,) = decode.body(raw_command, OWN)
    assert found == Commanded(team_id=TEAM, person_id=person_id(TEAM, "slack", "UANA"), external_id="UANA", word=word)
    assert raw.kind_of(raw_command) == "slash_command"


def test_a_global_shortcut_is_pressed_like_a_button() -> None:
    """It says who, when and what, and comes from no channel and no view."""
    (found,) = decode.body(
        {
            "type": "shortcut",
            "callback_id": "brief_me",
            "team": {"id": "T1"},
            "user": {"id": "UANA"},
            "action_ts": TS,
            "trigger_id": "1.2",
        },
        OWN,
    )
    assert isinstance(found, Pressed)
    assert (found.action_id, found.trigger_id, found.channel, found.view_id) == ("brief_me", "1.2", None, "")
