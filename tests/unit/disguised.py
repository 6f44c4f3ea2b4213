"""The ways in which a secret stands in a message, and the ways in which a message comes to be stored."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from handlers import decode, payloads
from handlers.arrivals import MessageArrived, Pressed
from memory.models.ids import TeamId, container_id
from tests.unit.secrets import Secret

TEAM = TeamId("T1")
TS = "1795161600.000100"


def in_code(secret: Secret) -> list[str]:
    inline = [f"run it with `{secret.text}` please"] if "\n" not in secret.text else []
    return [f"here:\n```\n{secret.text}\n```\nok", f"```{secret.text}```", *inline]


def in_link(secret: Secret) -> list[str]:
    return [
        f"<https://wiki.example.com/page|{secret.text}>",
        f"see <https://wiki.example.com/page?note={quote(secret.text, safe='')}|the notes>",
        f"see <https://wiki.example.com/page?note={quote(secret.text, safe='')}>",
    ]


def as_edited(secret: Secret) -> list[str]:
    return [f"{secret.text} (edited)", f"oops: {secret.text}"]


def quoted(secret: Secret) -> list[str]:
    lines = secret.text.split("\n")
    return ["\n".join(f"{mark} {line}" for line in lines) for mark in (">", "&gt;")] + [f"“{secret.text}”"]


def split_by_formatting(secret: Secret) -> list[str]:
    start = secret.text.index(secret.core)
    found: list[str] = []
    for cut in (start + 5, start + len(secret.core) // 2):
        before, after = secret.text[:cut], secret.text[cut:]
        found += [f"{mark}{before}{mark}{after}" for mark in "*_~`"]
    found += [f"{before}{mark}{after}" for mark in ("\u200b", "\u00ad", "**", "\x00\u202e\ufeff")]
    return [*found, secret.text.replace("&", "&amp;"), re.sub(r"([_*~-])", r"\\\1", secret.text)]


DISGUISES: dict[str, Callable[[Secret], list[str]]] = {
    "code block": in_code,
    "link": in_link,
    "edit": as_edited,
    "quoted": quoted,
    "split by formatting": split_by_formatting,
}


def envelope(event: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event": dict(event)}


def spoken(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": "U1", "channel": "C1", "channel_type": "channel", "ts": TS, "text": text} | more


def rich(*parts: str) -> dict[str, Any]:
    """A rich text whose one line is set in several pieces."""
    elements = [{"type": "text", "text": part, "style": {"bold": place % 2 == 0}} for place, part in enumerate(parts)]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def taken_in(payload: Mapping[str, Any]) -> str:
    """What intake and then the worker keep of a delivery."""
    stored = payloads.redacted(payload)
    kept = [json.dumps(stored, ensure_ascii=False)]
    for arrival in decode.body(json.loads(json.dumps(stored)), "U0"):
        match arrival:
            case MessageArrived():
                kept.append(arrival.message.text)
            case Pressed():
                kept.append(arrival.value)
    return "\n".join(kept)


def live(text: str) -> str:
    cut = len(text) // 2
    return taken_in(envelope(spoken(text, blocks=[rich(text[:cut], text[cut:])])))


def edit(text: str) -> str:
    event = spoken("", subtype="message_changed", message=spoken(text), previous_message=spoken(f"was: {text}"))
    return taken_in(envelope(event))


def read_back(text: str) -> str:
    return decode.message(spoken(text), TEAM, container_id(TEAM, "slack", "C1")).text


def export(text: str) -> str:
    return decode.message({"ts": TS, "user": "U1", "text": text}, TEAM, container_id(TEAM, "slack", "C1")).text


def question(text: str) -> str:
    return taken_in(envelope(spoken(text, channel="D1", channel_type="im")))


def attachment(text: str) -> str:
    attached = [{"fallback": text, "text": text, "fields": [{"title": "More", "value": text}]}]
    return taken_in(envelope(spoken("", subtype="bot_message", attachments=attached)))


def interaction(text: str) -> str:
    action = {"action_id": "x", "value": text, "action_ts": TS}
    body = {"type": "block_actions", "team": {"id": TEAM}, "user": {"id": "U1"}, "actions": [action]}
    return taken_in({**body, "message": spoken(text), "state": {"values": {"b": {"a": {"value": text}}}}})


SURFACES: dict[str, Callable[[str], str]] = {
    "live event": live,
    "edit": edit,
    "history": read_back,
    "export": export,
    "question in a DM": question,
    "attachment": attachment,
    "interaction": interaction,
}
"""Every way in which words come to be stored: text in, all that is kept of it out. New ways join here."""

_JOINED = re.compile(r"[^A-Za-z0-9]")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")


def survives(secret: Secret, stored: str) -> bool:
    """Whether enough of a secret to be of use can be read out of a text, however it is written there."""
    return survives_in(secret, bare(stored))


def survives_in(secret: Secret, text: str) -> bool:
    """The same for a text that was made bare, for many secrets in one large text."""
    core = bare(secret.core)
    reach = min(10, len(core))
    return any(core[at : at + reach] in text for at in range(len(core) - reach + 1))


def bare(written: str) -> str:
    """Letters and digits alone, as somebody would put them together."""
    return _JOINED.sub("", _PERCENT.sub("", written.replace("\\n", "\n")))
