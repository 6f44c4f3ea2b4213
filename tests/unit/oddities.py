"""Payloads as nobody sends them on purpose: every type in every place, and texts that break what reads them."""

import random
from collections.abc import Callable
from typing import Any

TEXTS = (
    *("", "hello", "\x00", "a\x00b", "\ud800", "\udfff\ud800", "ab\u202ecd", "שלום עולם", "مرحبا", "\u200b\ufeff" * 50),
    *("<@U1> and <@UBOT|me> <!channel>", "*" * 2000, "<" * 2000, "`_~*" * 500, "&#xd800;&#0;&#1114112;&amp;", "%00%ff"),
    *("👩‍👩‍👧‍👦" * 20, "Z͑ͫ̓ͪ̂ͫ̽͏̴̙" * 20, "\r\n\u2028\u2029\x85", "'; drop table messages; --", "\\u0000", "{}[]()%s%(a)s$1"),
    *("x" * 40_000, "é\x00" * 20_000, "password: " * 4_000, "1" * 5_000, "ﷺ" * 40_000, "w " * 25_000),
)
TIMES = (
    *("1795161600.000100", 1795161600, 1795161600.5, "0", "-1", "1e400", "nan", "inf", "9" * 400, "1795161600.1.2"),
    *("٢٠٢٦", "1_795_161_600", " 1795161600 ", "1795161600.000100\x00", True, "0x10", "99999999999999", -5, 10**30),
)
ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    10**40,
    float("nan"),
    float("inf"),
    "",
    "\x00",
    "\ud800",
    [],
    {},
    [[]],
    [None],
    {"": None},
)
IDS = ("C1", "D1", "U1", "UBOT", "T1", "", "C\x001", "C\ud800", "C" * 5000, "C 1", "<@U1>", "ציר")
KINDS = (
    *("message", "app_mention", "reaction_added", "reaction_removed", "member_joined_channel", "member_left_channel"),
    *(
        "channel_left",
        "user_change",
        "team_join",
        "app_home_opened",
        "channel_rename",
        "channel_archive",
        "no_such_kind",
    ),
)
SUBTYPES = (
    None,
    None,
    None,
    "message_changed",
    "message_deleted",
    "bot_message",
    "channel_convert_to_private",
    "odd",
    "\x00",
)
_PLACES = (
    *("type subtype ts thread_ts event_ts deleted_ts user bot_id channel channel_type text blocks".split()),
    *("attachments files message previous_message edited item reaction tab".split()),
    *("client_msg_id reactions profile tz id name".split()),
)


def payload(chance: random.Random) -> Any:
    """One delivery: as Slack would send it, with some of its parts replaced by what has no business there."""
    made: dict[str, Any] = {"type": "event_callback", "team_id": "T1", "event_id": f"Ev{chance.random()}"}
    made["event"] = event(chance)
    if chance.random() < 0.1:
        made = _press(chance)
    elif chance.random() < 0.1:
        made = _form(chance)
    elif chance.random() < 0.1:
        made = _call(chance)
    if chance.random() < 0.1:
        made[chance.choice(["type", "team_id", "team", "event", "event_id", "user", "actions", "channel"])] = odd(
            chance
        )
    return made


def event(chance: random.Random, deeper: int = 2) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": chance.choice(KINDS) if chance.random() < 0.5 else "message",
        "user": chance.choice(IDS[:5]),
        "channel": chance.choice(IDS[:3]),
        "channel_type": chance.choice(["channel", "group", "im", "mpim"]),
        "ts": f"{chance.randrange(1_700_000_000, 1_795_000_000)}.{chance.randrange(10**6):06d}",
        "text": chance.choice(TEXTS),
    }
    made["event_ts"] = made["ts"]
    subtype = chance.choice(SUBTYPES)
    if subtype:
        made["subtype"] = subtype
    if deeper and subtype in {"message_changed", "message_deleted"}:
        made |= {"message": event(chance, deeper - 1), "previous_message": event(chance, 0), "deleted_ts": made["ts"]}
    made["item"] = {"type": "message", "channel": "C1", "ts": made["ts"]}
    made["reaction"] = chance.choice([*TEXTS[:20], "-1", "+1::skin-tone-2"])
    made["item_user"] = chance.choice(IDS[:5])
    if chance.random() < 0.3:
        made["blocks"] = [nested(chance, chance.choice([1, 5, 50]))]
    if chance.random() < 0.2:
        made["text"] = ""
        made["attachments"] = [{"fallback": chance.choice(TEXTS), "fields": [{"title": "a", "value": odd(chance)}]}]
    for _ in range(chance.choice([0, 0, 1, 1, 2, 4])):
        made[chance.choice(_PLACES)] = odd(chance)
    return made


def nested(chance: random.Random, depth: int) -> Any:
    """Blocks within blocks."""
    inner: Any = {"type": "text", "text": chance.choice(TEXTS[:20])}
    for level in range(depth):
        inner = {
            "type": "rich_text_section" if level % 2 else "rich_text",
            "elements": [inner],
            "blocks": [chance.choice(ODD)],
        }
    return inner


def odd(chance: random.Random) -> Any:
    made: tuple[Callable[[], Any], ...] = (
        lambda: chance.choice(TEXTS),
        lambda: chance.choice(TIMES),
        lambda: chance.choice(IDS),
        lambda: chance.choice(ODD),
        lambda: nested(chance, 50),
        lambda: {chance.choice(_PLACES): chance.choice(ODD) for _ in range(3)},
        lambda: [chance.choice(ODD), {"ts": chance.choice(TIMES), "users": chance.choice(ODD)}],
    )
    return chance.choice(made)()


def _press(chance: random.Random) -> dict[str, Any]:
    if chance.random() < 0.3:
        return _submission(chance)
    names = ["start", "stop", "item_done", "item_menu", "item_undo", "lesson_undo", "brief_me", "odd\x00"]
    names += ["correction_undo", "proposal_change", "proposal_leave", "proposal_pick_1"]
    names += ["promise_done", "promise_confirmed", "promise_untrue"]
    names += ["forget_fact", "untrack", "track", "holdings"]
    names += ["answer_rated", "answer_why", "answer_wrong", "offer_taken"]
    action = {"action_id": chance.choice(names), "value": odd(chance)}
    if chance.random() < 0.5:
        action["selected_option"] = odd(chance)
    action["action_ts"] = chance.choice(TIMES)
    actions = [action] if chance.random() < 0.8 else odd(chance)
    return {"type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1"}, "actions": actions,
            "trigger_id": f"1.{chance.random()}"}  # fmt: skip


def _call(chance: random.Random) -> dict[str, Any]:
    """The slash command and the shortcut, with anything behind them."""
    trigger = {"trigger_id": f"1.{chance.random()}"}
    if chance.random() < 0.5:
        words = chance.choice(["help", "brief", "owe now", odd(chance)])
        user = chance.choice([*IDS, odd(chance)])
        return trigger | {"command": "/daybook", "text": words, "user_id": user, "team_id": "T1", "channel_id": "C1"}
    named = chance.choice(["brief_me", odd(chance)])
    user = chance.choice([{"id": chance.choice(IDS)}, odd(chance)])
    return trigger | {"type": "shortcut", "callback_id": named, "team": {"id": "T1"}, "user": user,
                      "action_ts": chance.choice(TIMES)}  # fmt: skip


def _form(chance: random.Random) -> dict[str, Any]:
    """Settings as nobody can fill them in: each field as it should be, or odd."""
    values: dict[str, Any] = {
        "brief_at": {"selected_time": "07:15"},
        "workdays": {"selected_options": [{"value": "0"}]},
        "quiet_days": {"value": chance.choice(TEXTS)},
        "away_until": {"selected_date": chance.choice(["2026-12-01", odd(chance)])},
        "length": {"selected_option": {"value": "full"}},
        "followed": {"selected_conversations": [chance.choice(IDS)]},
        "muted": {"selected_conversations": odd(chance)},
        "people": {"selected_users": [chance.choice(IDS)]},
        "projects": {"value": chance.choice(TEXTS)},
        "manager": {"selected_user": chance.choice(IDS)},
        "place": {"selected_option": {"value": "dm"}},
    }
    if chance.random() < 0.5:
        values[chance.choice(list(values))] = odd(chance)
    held = {name: {name: value} if chance.random() < 0.95 else odd(chance) for name, value in values.items()}
    state = {"values": held} if chance.random() < 0.95 else odd(chance)
    view = {"id": f"V{chance.randrange(10**6)}", "callback_id": "settings", "state": state}
    return {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"}, "view": view,
            "trigger_id": f"1.{chance.random()}"}  # fmt: skip


def _submission(chance: random.Random) -> dict[str, Any]:
    """Our form, filled in by anything."""
    field = {"type": "datepicker", "selected_date": chance.choice(["2026-12-04", "2026-02-31", odd(chance)])}
    view = {"id": "V1", "callback_id": "snooze_until", "private_metadata": odd(chance)}
    view["state"] = {"values": {"until": {"day": field}}} if chance.random() < 0.8 else odd(chance)
    view["previous_view_id"] = chance.choice([None, "V0", odd(chance)])
    return {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"}, "view": view,
            "trigger_id": f"1.{chance.random()}"}  # fmt: skip
